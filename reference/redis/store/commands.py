"""The commands of Redis 7.0 and what it declares of each, from commands.tsv (what `COMMAND` answers)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Command:
    """One command or subcommand.

    Attributes:
        name: in lower case; a subcommand as `config|get`.
        arity: the number of words it takes, its own name included; negative: at least so many.
        flags: Redis's flags, such as `write`, `denyoom`, `noscript`, `allow_busy`.
        keys: position of the first key, of the last one (negative: from the end), and the step between keys.
        categories: the ACL categories.
        is_container: it has subcommands.
        may_replicate: it is no write, but other servers hear of it (CMD_MAY_REPLICATE, which `COMMAND` does not tell).
        by_server: scripts get its answer from the server, not from the store.
    """

    name: str
    arity: int
    flags: frozenset[str]
    flag_list: tuple[str, ...]
    keys: tuple[int, int, int]
    categories: tuple[str, ...]
    is_container: bool = False
    writes: bool = False
    denies_out_of_memory: bool = False
    no_script: bool = False
    by_server: bool = False
    may_replicate: bool = False

    def accepts(self, count: int) -> bool:
        """Whether a command of `count` words has the right number of them."""
        return count == self.arity or (self.arity < 0 and count >= -self.arity)


_BY_SERVER = frozenset((
    "info", "command", "command|count", "command|info", "command|docs", "command|list", "command|getkeys", "role",
    "wait",
))  # fmt: skip


_MAY_REPLICATE = frozenset(("publish", "spublish", "pfcount"))


class CommandTable:
    """All commands by name."""

    def __init__(self) -> None:
        rows = (Path(__file__).parent / "commands.tsv").read_text("ascii").splitlines()[1:]
        fields = [row.split("\t") for row in rows]
        containers = {name.partition("|")[0] for name, *_ in fields if "|" in name}
        self.by_name: dict[str, Command] = {}
        for name, arity, flags, first, last, step, categories in fields:
            names = tuple(flag for flag in flags.split(",") if flag)
            self.by_name[name] = Command(
                name,
                int(arity),
                frozenset(names),
                names,
                (int(first), int(last), int(step)),
                tuple(categories.split(",")),
                name in containers,
                "write" in names,
                "denyoom" in names,
                "noscript" in names,
                name in _BY_SERVER,
                name in _MAY_REPLICATE,
            )
        self._found: dict[tuple[bytes, bytes], Command | None] = {}

    def find(self, arguments: list[bytes]) -> Command | None:
        """The command that `arguments` call: the subcommand if it has subcommands and one is named.

        None: there is none. A container without a subcommand is found itself.
        """
        name = arguments[0]
        try:
            return self._found[name, b""]
        except KeyError:
            command = self.by_name.get(name.decode("latin-1").lower())
        if command is None or not command.is_container:
            if len(self._found) < 10_000:
                self._found[name, b""] = command
            return command
        if len(arguments) < 2:
            return command
        below = arguments[1].decode("latin-1").lower()
        return self.by_name.get(f"{command.name}|{below}")


def keys_of(command: Command, arguments: list[bytes]) -> list[bytes]:
    """The keys among the words of a command, as far as fixed positions tell."""
    first, last, step = command.keys
    if first == 0:
        return _counted_keys(command, arguments)
    end = last if last >= 0 else len(arguments) + last
    return [arguments[at] for at in range(first, min(end, len(arguments) - 1) + 1, step)]


# Commands with a number of keys in front of them: the position of that number.
_KEY_COUNTS = {
    "eval": 2, "evalsha": 2, "eval_ro": 2, "evalsha_ro": 2, "fcall": 2, "fcall_ro": 2, "zunion": 1, "zinter": 1,
    "zdiff": 1, "sintercard": 1, "zintercard": 1, "lmpop": 1, "zmpop": 1, "blmpop": 2, "bzmpop": 2,
}  # fmt: skip


def _counted_keys(command: Command, arguments: list[bytes]) -> list[bytes]:
    at = _KEY_COUNTS.get(command.name)
    if at is None or len(arguments) <= at or not arguments[at].isdigit():
        return []
    return arguments[at + 1 : at + 1 + int(arguments[at])]
