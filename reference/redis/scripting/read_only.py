"""Tables that scripts can read and not write.

The parts of a table are host containers, and every way of writing one goes through them; here they refuse.
"""

from __future__ import annotations

from typing import Any, NoReturn

from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.values import Table, Value

MESSAGE = "Attempt to modify a readonly table"


def _refuse(*_: object, **__: object) -> NoReturn:
    runtime_error(MESSAGE, 0)


class _FrozenDict(dict[Any, Any]):
    """A dict that raises the Lua error wherever it is written to."""

    __slots__ = ()
    __setitem__ = _refuse
    __delitem__ = _refuse
    pop = _refuse
    popitem = _refuse
    setdefault = _refuse
    update = _refuse
    clear = _refuse


class _FrozenHash(_FrozenDict):
    """The part of a table that the runtime takes for a weak table's where it is no plain dict."""

    __slots__ = ()
    strings = None
    holds_all = False

    def border(self) -> int:
        """The length, where the array part is empty."""
        return 0


class _FrozenList(list[Value]):
    """A list that raises the Lua error wherever it is written to."""

    __slots__ = ()
    __setitem__ = _refuse
    __delitem__ = _refuse
    append = _refuse
    extend = _refuse
    insert = _refuse
    pop = _refuse
    remove = _refuse
    sort = _refuse
    reverse = _refuse
    clear = _refuse


class ReadOnlyTable(Table):
    """A table that scripts cannot change; the host uses `assign`."""

    __slots__ = ()

    def __setattr__(self, name: str, value: object) -> None:
        if name == "traversal":  # where a traversal with `next` is, no part of the table
            object.__setattr__(self, name, value)
            return
        _refuse()

    def __delattr__(self, name: str) -> None:
        _refuse()


def protect(table: Table) -> None:
    """Make `table` read-only, with all tables in it and their metatables, at any depth."""
    waiting = [table]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ReadOnlyTable):
            continue
        found = [*one.__dict__.values(), *one.array_part, *one.hash_part.values(), one.meta_table]
        waiting.extend(value for value in found if isinstance(value, Table))
        one.array_part = _FrozenList(one.array_part)
        one.hash_part = _FrozenHash(one.hash_part)
        one.__dict__ = _FrozenDict(one.__dict__)
        one.__class__ = ReadOnlyTable


def assign(table: Table, name: str, value: Value) -> None:
    """Set a field of a read-only table, for the host."""
    dict.__setitem__(table.__dict__, name, value)


def replace_fields(table: Table, fields: dict[str, Value]) -> None:
    """Give a read-only table other string keys, for the host."""
    object.__setattr__(table, "__dict__", _FrozenDict(fields))
