"""`console.table`: rows and columns in boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lockstep.reference.javascript.host.inspect.collections import remaining_entries
from lockstep.reference.javascript.host.inspect.strings import text_width
from lockstep.reference.javascript.host.inspect.values import inspect
from lockstep.reference.javascript.runtime.intrinsics.keyed.iterators import JSMapIterator
from lockstep.reference.javascript.runtime.intrinsics.keyed.map import JSMap
from lockstep.reference.javascript.runtime.intrinsics.keyed.set import JSSet
from lockstep.reference.javascript.runtime.objects.keys import ordered
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.conversion import to_property_key
from lockstep.reference.javascript.runtime.operations.objects import (
    create_list_from_array_like,
    enumerable_own_keys,
    get,
)
from lockstep.reference.javascript.runtime.values import PropertyKey, Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_INDEX, _ITERATION, _KEY, _VALUES = "(index)", "(iteration index)", "Key", "Values"


def drawn(head: Sequence[str], columns: Sequence[Sequence[str]]) -> str:
    """A table of columns under their heads."""
    height = max((len(column) for column in columns), default=0)
    rows = [[column[row] if row < len(column) else "" for column in columns] for row in range(height)]
    widths = [max(text_width(cell) for cell in (name, *column)) for name, column in zip(head, columns)]

    def line(cells: Sequence[str]) -> str:
        padded = (cell + " " * (width - text_width(cell)) for cell, width in zip(cells, widths))
        return f"│ {' │ '.join(padded)} │"

    def rule(left: str, middle: str, right: str) -> str:
        return left + middle.join("─" * (width + 2) for width in widths) + right

    body = [line(row) for row in rows]
    return "\n".join([rule("┌", "┬", "┐"), line(head), rule("├", "┼", "┤"), *body, rule("└", "┴", "┘")])


def _cell(realm: Realm, value: Value, options: dict[str, Value]) -> str:
    wide = (
        isinstance(value, JSObject)
        and not value.is_callable_
        and value.class_name_ not in ("Array", "TypedArray")
        and len(enumerable_own_keys(realm, value)) > 2
    )
    given: dict[str, Value] = {
        "depth": -1.0 if wide else 0.0,
        "maxArrayLength": 3.0,
        "breakLength": float("inf"),
        **options,
    }
    return inspect(realm, value, **given)


def table_text(realm: Realm, data: JSObject, properties: Value, options: dict[str, Value]) -> str:
    """The table that shows an object that is no primitive."""
    kind = data.class_name_

    def cells(values: Sequence[Value]) -> list[str]:
        return [_cell(realm, value, options) for value in realm.each(values)]

    entries = None
    if isinstance(data, (JSMap, JSSet)):
        entries = list(data.data_.pairs())
    elif isinstance(data, JSMapIterator):
        entries = remaining_entries(data)
    if entries is not None:
        numbers = cells([float(index) for index in range(len(entries))])
        pairs = kind == "Map" or getattr(data, "kind_", "") not in ("", "key", "value")
        values = cells([entry[0 if getattr(data, "kind_", "") == "key" else 1] for entry in entries])
        if pairs:
            return drawn(
                (_ITERATION, _KEY, _VALUES), (numbers, cells([entry[0] for entry in entries]), values)
            )
        return drawn((_ITERATION, _VALUES), (numbers, values))
    return _of_rows(realm, data, properties, options)


def _of_rows(realm: Realm, data: JSObject, properties: Value, options: dict[str, Value]) -> str:
    wanted: list[PropertyKey] | None = None
    if properties is not undefined:
        wanted = [to_property_key(one) for one in create_list_from_array_like(realm, properties)]
    indices = enumerable_own_keys(realm, data)
    columns: dict[PropertyKey, dict[int, str]] = {}
    plain: dict[int, str] = {}
    for row, index in enumerate(realm.each(indices)):
        item = get(data, index)
        if wanted is None and not isinstance(item, JSObject):
            plain[row] = _cell(realm, item, options)
            continue
        keys = (
            wanted
            if wanted is not None or not isinstance(item, JSObject)
            else enumerable_own_keys(realm, item)
        )
        for key in keys or ():
            column = columns.setdefault(key, {})
            if isinstance(item, JSObject) and item.get_own_property(key) is not None:
                column[row] = _cell(realm, get(item, key), options)
    columns = {key: columns[key] for key in ordered(list(columns))}
    head = [_INDEX, *(str(key) for key in columns)]
    cells = [
        list(indices),
        *([column.get(row, "") for row in range(len(indices))] for column in columns.values()),
    ]
    if plain:
        head.append(_VALUES)
        cells.append([plain.get(row, "") for row in range(len(indices))])
    return drawn(head, cells)
