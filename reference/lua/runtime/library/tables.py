"""Table manipulation (manual 6.6)."""

from __future__ import annotations

import math
import sys
from functools import cmp_to_key
from typing import TYPE_CHECKING, Any, Callable, cast

from lockstep.reference.lua.runtime.arguments import (
    MAX_STACK_5_1,
    argument,
    argument_error,
    argument_type_error,
    check_function,
    check_int,
    check_integer,
    check_table,
    optional_int,
    optional_string,
)
from lockstep.reference.lua.runtime.library.registration import library, versions
from lockstep.reference.lua.runtime.operations.calls import call_value, entry, nested, single
from lockstep.reference.lua.runtime.operations.comparison import less_than
from lockstep.reference.lua.runtime.operations.conversion import number_text, to_integer, type_name
from lockstep.reference.lua.runtime.operations.indexing import index, length, set_index
from lockstep.reference.lua.runtime.operations.traversal import next_entry
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import (
    FALSE,
    NO_VALUES,
    TRUE,
    Results,
    Table,
    Value,
    border,
    raw_get,
    set_integer,
)
from lockstep.reference.lua.syntax.numerals import wrap

_CHECKED = 3
_TRACES = sys.implementation.name == "pypy"
# From so many elements on their list is told to the budget.
_MANY = 4096
_ELEMENT_BYTES = 16
_STRINGS = {str}
_STRINGS_AND_INTEGERS = {str, int}
_MAX_RESULTS = 1_000_000 - 20
_HIGHEST = (1 << 63) - 1


if TYPE_CHECKING:
    from typing_extensions import TypeGuard


def is_plain(value: Value) -> TypeGuard[Table]:
    """Whether a value is a table without metatable, so that its parts can be used at once."""
    return type(value) is Table and value.meta_table is None


def _list_argument(
    state: State, arguments: tuple[Value, ...], position: int, events: tuple[str, ...]
) -> Value:
    """A table, or (5.4) a value with the metamethods that make it look like one."""
    subject = argument(arguments, position)
    if isinstance(subject, Table):
        return subject
    if state.integers and position <= len(arguments):
        meta_table = state.metatable(subject)
        if meta_table is not None and all(raw_get(meta_table, event) is not None for event in events):
            return subject
    return argument_type_error(state, arguments, position, "table")


def _size(state: State, subject: Value) -> int:
    """`#subject`, which must be an integer."""
    if is_plain(subject):
        return len(subject.array_part) - 1
    if not state.integers and isinstance(subject, Table):
        return border(subject)
    size = to_integer(length(state, subject), state.integers)
    if size is None:
        runtime_error("object length is not an integer", 1)
    return size


def _get(state: State, subject: Value, position: int) -> Value:
    if not state.integers and isinstance(subject, Table):
        return raw_get(subject, position)
    return index(state, subject, position)


def _set(state: State, subject: Value, position: int, value: Value) -> None:
    if not state.integers and isinstance(subject, Table):
        set_integer(subject, position, value)
    else:
        set_index(state, subject, position, value)


def lua_concat(state: State, *arguments: Value) -> Results:
    """`table.concat(list, sep, i, j)`."""
    if 0 < len(arguments) < 3 and state.budget.memory is None and is_plain(arguments[0]):
        between = arguments[1] if len(arguments) == 2 else ""
        if type(between) is str:
            parts = arguments[0].array_part[1:]
            kinds = set(map(type, parts))
            if kinds <= _STRINGS_AND_INTEGERS and (state.integers or kinds <= _STRINGS):
                return between.join(map(str, parts))
    subject = _list_argument(state, arguments, 1, ("__index", "__len"))
    separator = optional_string(state, arguments, 2, "")
    first = optional_int(state, arguments, 3, 1)
    given = argument(arguments, 4)
    last = _size(state, subject) if given is None else check_int(state, arguments, 4)
    if is_plain(subject) and 0 < first <= last < len(subject.array_part) and state.budget.memory is None:
        parts = subject.array_part[first : last + 1]
        kinds = set(map(type, parts))
        if kinds <= _STRINGS_AND_INTEGERS and (state.integers or kinds <= _STRINGS):
            return separator.join(map(str, parts))
    texts: list[str] = []
    size = 0
    position = first
    budget = state.budget
    while position <= last:
        budget.step()
        value = _get(state, subject, position)
        if type(value) is not str:
            if not isinstance(value, (int, float)):
                message = f"invalid value ({type_name(value)}) at index {position} in table for 'concat'"
                runtime_error(message, 1)
            value = number_text(value, state.integers)
        texts.append(value)
        size += len(value) + len(separator)
        position += 1
    state.budget.allocate(size)
    return separator.join(texts)


def lua_insert(state: State, *arguments: Value) -> Results:
    """`table.insert(list, pos, value)`."""
    if len(arguments) == 2 and is_plain(arguments[0]):
        table, value = arguments[0], arguments[1]
        if value is not None and not table.hash_part:
            table.array_part.append(value)
            return NO_VALUES
    subject = _list_argument(state, arguments, 1, ("__index", "__newindex", "__len"))
    end = wrap(_size(state, subject) + 1) if state.integers else _size(state, subject) + 1
    if len(arguments) == 2:
        if is_plain(subject):
            set_integer(subject, end, arguments[1])
        else:
            _set(state, subject, end, arguments[1])
        return NO_VALUES
    if len(arguments) != 3:
        runtime_error("wrong number of arguments to 'insert'", 1)
    position = check_int(state, arguments, 2)
    value = arguments[2]
    if state.integers:
        if not 0 <= (position - 1) % (1 << 64) < end % (1 << 64):
            argument_error(state, 2, "position out of bounds")
    elif position > end:
        end = position
    if is_plain(subject) and 1 <= position < end and value is not None:
        subject.array_part.insert(position, value)
        _absorb(subject)
        return NO_VALUES
    budget = state.budget
    for place in range(end, position, -1):
        budget.step()
        _set(state, subject, place, _get(state, subject, place - 1))
    _set(state, subject, position, value)
    return NO_VALUES


def _absorb(table: Table) -> None:
    """Move the keys that follow the array part into it."""
    rest = table.hash_part
    array = table.array_part
    while rest and len(array) in rest:
        array.append(rest.pop(len(array)))


def lua_remove(state: State, *arguments: Value) -> Results:
    """`table.remove(list, pos)`."""
    if len(arguments) == 1 and is_plain(arguments[0]):
        array = arguments[0].array_part
        if len(array) > 1:
            value = array.pop()
            while array[-1] is None and len(array) > 1:
                array.pop()
            return value
    subject = _list_argument(state, arguments, 1, ("__index", "__newindex", "__len"))
    size = _size(state, subject)
    position = optional_int(state, arguments, 2, size)
    if state.integers:
        if (
            len(arguments) > 1
            and not (0 <= (size + 1 - position) % (1 << 64) <= size % (1 << 64))
            and not (size == 0 and position in (0, size))
        ):
            argument_error(state, 2, "position out of bounds")
    elif not 1 <= position <= size:
        return NO_VALUES
    if is_plain(subject) and 1 <= position <= size:
        array = subject.array_part
        value = array[position]
        if position == size:
            set_integer(subject, position, None)
        else:
            del array[position]
        return value
    value = _get(state, subject, position)
    budget = state.budget
    while position < size:
        budget.step()
        _set(state, subject, position, _get(state, subject, position + 1))
        position += 1
    _set(state, subject, position, None)
    return value


def lua_move(state: State, *arguments: Value) -> Results:
    """`table.move(a1, f, e, t, a2)`."""
    first = check_integer(state, arguments, 2)
    last = check_integer(state, arguments, 3)
    to = check_integer(state, arguments, 4)
    source = _list_argument(state, arguments, 1, ("__index",))
    target = _list_argument(state, arguments, 1 if argument(arguments, 5) is None else 5, ("__newindex",))
    if last < first:
        return target
    if not (first > 0 or last < _HIGHEST + first):
        argument_error(state, 3, "too many elements to move")
    count = last - first + 1
    budget = state.budget
    if to > _HIGHEST - count + 1:
        argument_error(state, 4, "destination wrap around")
    if to > last or to <= first or (target is not source and target != source):
        for offset in range(count):
            set_index(state, target, to + offset, index(state, source, first + offset))
            budget.step()
    else:
        for offset in range(count - 1, -1, -1):
            set_index(state, target, to + offset, index(state, source, first + offset))
            budget.step()
    return target


def lua_pack(state: State, *arguments: Value) -> Results:
    """`table.pack(...)`."""
    del state
    table = Table()
    items = [None, *arguments]
    while len(items) > 1 and items[-1] is None:
        items.pop()
    table.array_part = items
    table.__dict__["n"] = len(arguments)
    return table


def unpack(state: State, arguments: tuple[Value, ...]) -> list[Value]:
    """`table.unpack(list, i, j)`."""
    if len(arguments) in (1, 3) and is_plain(arguments[0]):
        array = arguments[0].array_part
        start, end = arguments[1:] if len(arguments) == 3 else (1, len(array) - 1)
        if type(start) is int and type(end) is int and 0 < start <= end < len(array) and end - start < _MANY:
            return array[start : end + 1]
    subject = argument(arguments, 1) if state.integers else check_table(state, arguments, 1)
    first = optional_int(state, arguments, 2, 1)
    last = _size(state, subject) if argument(arguments, 3) is None else check_int(state, arguments, 3)
    if first > last:
        return []
    if last - first >= (_MAX_RESULTS if state.integers else MAX_STACK_5_1 - len(arguments)):
        runtime_error("too many results to unpack", 1)
    if last - first > _MANY:
        state.budget.allocate(_ELEMENT_BYTES * (last - first))
    if is_plain(subject) and first >= 1 and last < len(subject.array_part):
        return subject.array_part[first : last + 1]
    if is_plain(subject) and first >= 1 and not subject.hash_part:
        held = subject.array_part[first:]
        return held + [None] * (last - first + 1 - len(held))
    state.budget.take(last - first)
    return [_get(state, subject, position) for position in range(first, last + 1)]


def lua_unpack(state: State, *arguments: Value) -> Results:
    """`table.unpack(list, i, j)`."""
    return unpack(state, arguments)


def lua_sort(state: State, *arguments: Value) -> Results:
    """`table.sort(list, comp)`."""
    subject = _list_argument(state, arguments, 1, ("__index", "__newindex", "__len"))
    size = _size(state, subject)
    order = argument(arguments, 2)
    if size < 2:
        if order is not None and not state.integers:
            check_function(state, arguments, 2)
        return NO_VALUES
    if size >= 0x7FFFFFFF:
        argument_error(state, 1, "array too big")
    if order is not None:
        check_function(state, arguments, 2)
    if is_plain(subject):
        items = subject.array_part[1 : size + 1]
    else:
        items = []
        for position in range(1, size + 1):
            state.budget.step()
            items.append(_get(state, subject, position))
    with nested(state):
        ordered = _sorted(state, items, order)
    if is_plain(subject) and len(subject.array_part) - 1 == size and None not in ordered:
        subject.array_part[1 : size + 1] = ordered
    else:
        for position, value in enumerate(ordered, 1):
            _set(state, subject, position, value)
    return NO_VALUES


def _sorted(state: State, items: list[Value], order: Value) -> list[Value]:
    kinds = set(map(type, items))
    plain = order is None and (kinds <= {int, float} or kinds == {str})
    if plain:
        numbers = cast("list[Any]", items)  # or texts, which compare too
        if float not in kinds or not any(map(math.isnan, numbers)):
            return sorted(numbers)
    if order is None:

        def target(left: Value, right: Value) -> Results:
            return TRUE if less_than(state, left, right) else FALSE
    else:
        target = entry(state, order, 2)
    return _ordered(items, target)


def _ordered(items: list[Value], target: Callable[[Value, Value], Results]) -> list[Value]:
    """Sort with an order function that may be wrong: "invalid order function" where it is seen to be."""

    def compare(left: Value, right: Value) -> int:
        # The host asks only whether left is less.
        result = target(left, right)
        if result is TRUE:
            return -1
        if result is FALSE:
            return 1
        return -1 if _is_true(result) else 1

    result = _merged(items, target) if _TRACES else sorted(items, key=cmp_to_key(compare))
    if len(result) > _CHECKED and compare(result[0], result[0]) < 0 and compare(result[-1], result[0]) < 0:
        # The reference implementation runs off the list where everything is less than everything.
        runtime_error("invalid order function for sorting", 1)
    return result


def _is_true(result: Results) -> bool:
    """Whether what an order function gave counts as true."""
    if type(result) is list:
        result = single(result)
    return result is not None and result is not FALSE


def _merged(items: list[Value], target: Callable[[Value, Value], Results]) -> list[Value]:
    """What `sorted` gives, as a loop that a tracing host compiles together with the order function."""
    size = len(items)
    source, width = items, 1
    while width < size:
        merged: list[Value] = []
        for start in range(0, size, 2 * width):
            left, middle = start, min(start + width, size)
            right, end = middle, min(start + 2 * width, size)
            while left < middle and right < end:
                result = target(source[right], source[left])
                if result is TRUE or (result is not FALSE and _is_true(result)):
                    merged.append(source[right])
                    right += 1
                else:
                    merged.append(source[left])
                    left += 1
            merged.extend(source[left:middle])
            merged.extend(source[right:end])
        source = merged
        width *= 2
    return source


def lua_maxn(state: State, *arguments: Value) -> Results:
    """`table.maxn(table)` (5.1)."""
    table = check_table(state, arguments, 1)
    numbers = [key for key in table.hash_part if type(key) in (int, float)]
    return max([len(table.array_part) - 1, *numbers])


def lua_getn(state: State, *arguments: Value) -> Results:
    """`table.getn(table)` (5.1, deprecated)."""
    return len(check_table(state, arguments, 1).array_part) - 1


def lua_setn(state: State, *arguments: Value) -> Results:
    """`table.setn(table, n)` (5.1, gone)."""
    check_table(state, arguments, 1)
    runtime_error("'setn' is obsolete", 1)


def lua_foreach(state: State, *arguments: Value) -> Results:
    """`table.foreach(table, f)` (5.1, deprecated)."""
    table = check_table(state, arguments, 1)
    function = check_function(state, arguments, 2)
    pair = next_entry(table, None)
    while pair is not None:
        result = single(call_value(state, function, *pair))
        if result is not None:
            return result
        pair = next_entry(table, pair[0])
    return NO_VALUES


def lua_foreachi(state: State, *arguments: Value) -> Results:
    """`table.foreachi(table, f)` (5.1, deprecated)."""
    table = check_table(state, arguments, 1)
    function = check_function(state, arguments, 2)
    for position in range(1, len(table.array_part)):
        result = single(call_value(state, function, position, raw_get(table, position)))
        if result is not None:
            return result
    return NO_VALUES


FUNCTIONS = versions(
    ("concat", lua_concat, 4, "6.6", "5.0"),
    ("foreach", lua_foreach, 2, "7.2", "5.0", "5.1"),
    ("foreachi", lua_foreachi, 2, "7.2", "5.0", "5.1"),
    ("getn", lua_getn, 1, "7.2", "5.0", "5.1"),
    ("insert", lua_insert, 3, "6.6", "5.0"),
    ("maxn", lua_maxn, 1, "5.5", "5.1", "5.1"),
    ("move", lua_move, 5, "6.6", "5.3"),
    ("pack", lua_pack, 0, "6.6", "5.2"),
    ("remove", lua_remove, 2, "6.6", "5.0"),
    ("setn", lua_setn, 2, "7.2", "5.0", "5.1"),
    ("sort", lua_sort, 2, "6.6", "5.0"),
    ("unpack", lua_unpack, 3, "6.6", "5.2"),
)


def open_table(state: State) -> None:
    """The library `table`."""
    library(state, "table", FUNCTIONS.of(state))
