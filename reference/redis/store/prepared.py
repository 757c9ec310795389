"""A command of fakeredis prepared for many calls: what its signature asks of each argument, worked out once a count."""

# mypy: disable-error-code="misc, no-untyped-call, no-any-unimported"
from __future__ import annotations

from typing import Any, Callable

from fakeredis._commands import Key, Signature
from fakeredis._core import CommandItem
from fakeredis._helpers import SimpleError
from fakeredis._msgs import FLAG_DO_NOT_CREATE, FLAG_LEAVE_EMPTY_VAL, WRONGTYPE_MSG
from fakeredis.model import Hash


class _Plan:
    """What to do with a given number of arguments.

    Attributes:
        checks: in order: (position, decode, reply): convert the argument, or give `reply` if the key is missing.
        keys: (position, type of the value or None, type to make for a missing key or None).
    """

    __slots__ = ("checks", "keys")

    def __init__(self, signature: Signature, count: int, version: Any) -> None:
        signature.check_arity([b""] * count, version)
        types: list[Any] = list(signature.fixed)
        types.extend(signature.repeat[at % len(signature.repeat)] for at in range(count - len(types)))
        self.checks: list[tuple[int, Callable[[bytes], Any] | None, Any]] = []
        self.keys: list[tuple[int, Any, Any]] = []
        creates = FLAG_DO_NOT_CREATE not in signature.flags
        for position, wanted in enumerate(types):
            if isinstance(wanted, Key):
                if wanted.missing_return is not Key.UNSPECIFIED:
                    self.checks.append((position, None, wanted.missing_return))
                made = wanted.type_ if creates and wanted.type_ is not bytes else None
                self.keys.append((position, wanted.type_, made))
            elif wanted is not bytes:
                self.checks.append((position, wanted.decode, None))


class PreparedCommand:
    """A command of one connection.

    Args:
        connection: the connection of fakeredis.
        function: its method for the command.
        signature: what fakeredis declares of it.
        name: as fakeredis registers it.
        words: how many words the name has.
    """

    __slots__ = (
        "_connection",
        "_function",
        "_name",
        "_plans",
        "_removes_empty",
        "_server",
        "_signature",
        "name",
        "words",
    )

    def __init__(
        self, connection: Any, function: Callable[..., object], signature: Signature, name: str, words: int
    ) -> None:
        self._connection = connection
        self._server = connection._server
        self._function = function
        self._signature = signature
        self._plans: dict[int, _Plan] = {}
        self._removes_empty = FLAG_LEAVE_EMPTY_VAL not in signature.flags
        self._name = signature.name.encode()
        self.name = name
        self.words = words

    def run(self, arguments: list[Any]) -> Any:
        """Run the command with the words after its name, which are a list of its own.

        Raises:
            SimpleError: what the command answers with an error before it touched a key.
        """
        count = len(arguments)
        plan = self._plans.get(count)
        if plan is None:
            plan = self._plans[count] = _Plan(self._signature, count, self._server.version)
        connection = self._connection
        database = connection._db
        for position, decode, reply in plan.checks:
            if decode is not None:
                arguments[position] = decode(arguments[position])
            elif arguments[position] not in database:
                return reply
        if not plan.keys:
            return self._function(*arguments)
        items = []
        stored = database._dict
        for position, wanted, made in plan.keys:
            key = arguments[position]
            item = stored.get(key)
            if item is not None:
                if item.expireat is not None and item.expireat < database.time:
                    del stored[key]
                    item = None
                elif wanted is not None and type(item.value) is not wanted:
                    raise SimpleError(WRONGTYPE_MSG)
            default = made() if item is None and made is not None else None
            arguments[position] = item = CommandItem(key, database, item, default=default)
            items.append(item)
        connection._subkey_events = []
        result: Any
        try:
            result = self._function(*arguments)
        except SimpleError as error:
            result = error
        for item in items:
            item.writeback(remove_empty_val=self._removes_empty)
        server = self._server
        if server.subscribers or server.psubscribers:
            connection._keyspace_notifications(items, self._name)
        if connection._subkey_events or any(type(item.value) is Hash for item in items):
            connection._subkey_notifications(items)
        return result
