"""What table constructors and vararg functions store into a new table."""

from __future__ import annotations

from collections.abc import Sequence

from lockstep.reference.lua.runtime.values import Table, Value, set_integer


def store_list(table: Table, items: list[Value]) -> None:
    """Store `items[1:]` under 1, 2, ... (manual 3.4.9), after the other fields as the reference implementation does.

    Args:
        table: the new table.
        items: a list of its own, with a place for index 0, which may become the array part.
    """
    count = len(items)
    while len(items) > 1 and items[-1] is None:
        items.pop()
    if len(table.array_part) == 1 and not table.hash_part:
        table.array_part = items
        return
    for position in range(1, count):
        set_integer(table, position, items[position] if position < len(items) else None)


def argument_table(values: Sequence[Value]) -> Table:
    """The table `arg` of a 5.1 vararg function: the extra arguments and their number `n`."""
    table = Table()
    store_list(table, [None, *values])
    table.__dict__["n"] = len(values)
    return table
