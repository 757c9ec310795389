"""The suite `redis`: scripts and commands with the raw replies that a real server gave (fixtures/redis)."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

from lockstep.harness.expectation import Expectation
from lockstep.harness.model import Case, MissingError, Task
from lockstep.harness.status.yaml_file import YamlError, load_yaml
from lockstep.launch import PACKAGE
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits

ROOT = PACKAGE / "fixtures" / "redis"
_MODES = ("resp2", "resp3")
_LIMITS = Limits(seconds=60.0)


def quoted(word: str) -> str:
    """A word of a command as redis-cli and the engines read it."""
    if word and all(letter.isalnum() or letter in "-_.:*+/|,=" for letter in word):
        return word
    letters = []
    for letter in word:
        code = ord(letter)
        if letter in '"\\':
            letters.append("\\" + letter)
        elif 32 <= code < 127:
            letters.append(letter)
        else:
            letters.append(f"\\x{code:02x}")
    return '"' + "".join(letters) + '"'


def command_line(words: list[Any]) -> str:
    """A command as one line."""
    return " ".join(quoted(str(word)) for word in words)


class RedisSuite:
    """What Redis 7.0.15 answers."""

    name = "redis"
    languages = ("redis",)
    revision = "7.0.15"
    oracles = ("redis-server",)

    def __init__(self, root: Path = ROOT) -> None:
        self._root = root

    @cached_property
    def _rows(self) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
        """Case id -> (the case, its file's content)."""
        rows: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
        for path in sorted(self._root.glob("*.yaml")):
            content = load_yaml(path)
            if "cases" not in content:
                continue
            for row in content["cases"]:
                name = f"{path.stem}/{row['name']}"
                if name in rows:
                    raise YamlError(f"{path}: two cases are called {row['name']}")
                rows[name] = (row, content)
        if not rows:
            raise MissingError(f"suite redis: {self._root} holds no cases")
        return rows

    def cases(self) -> list[Case]:
        """Every case of every file, in the protocols that it says."""
        return [
            Case(self.name, name, "redis", tuple(row.get("modes", _MODES)), (name.partition("/")[0],))
            for name, (row, _) in self._rows.items()
        ]

    def source_path(self, case: Case) -> Path:
        """The file that holds the case."""
        return self._root / f"{case.folder}.yaml"

    def task(self, case: Case, mode: str) -> Task:
        """The commands, and the replies to them."""
        row, content = self._rows[case.id]
        lines = [f"@{command_line(words)}" for words in content.get("setups", {}).get(row.get("setup"), ())]
        replies: list[object] = []
        for step in row.get("steps", [row]):
            words = step["command"] if "command" in step else _script_words(step)
            connection = f"{step['connection']}> " if "connection" in step else ""
            if "reply" not in step and f"reply_{mode}" not in step:
                lines.append(f"@{connection}{command_line(words)}")
                continue
            lines.append(connection + command_line(words))
            replies.append(step[f"reply_{mode}"] if f"reply_{mode}" in step else step["reply"])
        expected = tuple(json.dumps(reply) for reply in replies)
        program = Program("\n".join(lines) + "\n", case.id, mode)
        return Task(program, Expectation(lines=expected), _LIMITS)


def _script_words(step: dict[str, Any]) -> list[Any]:
    keys, arguments = step.get("keys", []), step.get("args", [])
    return ["EVAL", step["script"], len(keys), *keys, *arguments]
