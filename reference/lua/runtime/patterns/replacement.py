"""`gsub` by the host's own splitting: all matches at once, then what takes their places."""

# functions end in one that never returns, which the rule cannot see across files
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, Union

from lockstep.reference.lua.runtime.operations.calls import entry, nested, single
from lockstep.reference.lua.runtime.operations.conversion import number_text, type_name
from lockstep.reference.lua.runtime.operations.indexing import index
from lockstep.reference.lua.runtime.patterns.translation import Regular
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import FALSE, Function, Table, Value

_SPECIAL = re.compile(r"%(.?)", re.DOTALL)
_LARGE = 1 << 16
_PIECE_BYTES = 64
_STRINGS = {str}
# A text, or the number of a capture; 0 is the whole match.
_Template = tuple[Union[str, int], ...]


def replace_matches(
    state: State, regular: Regular, text: str, value: Value, limit: int
) -> list[Value] | None:
    """What `gsub` gives for at most `limit` matches; None where it must go through them one by one."""
    if type(value) is str:
        template = _template(value, regular.expression.groups)
        return None if template is None else _filled(state, regular, text, template, limit)
    if not isinstance(value, (Function, Table)):
        return None
    _account(state, regular, text, limit)
    if isinstance(value, Function):
        pieces = regular.whole.split(text, limit)
        with nested(state):
            return _joined(state, regular, pieces, text, _called(state, regular, pieces, value))
    pieces = regular.whole.split(text, limit)
    return _joined(state, regular, pieces, text, _looked_up(state, regular, pieces, value))


def _account(state: State, regular: Regular, text: str, limit: int) -> None:
    """Tell a budget with a limit of memory of the pieces of a long text, before they are there."""
    if state.budget.memory is not None and len(text) > _LARGE:
        matches = sum(1 for _ in islice(regular.expression.finditer(text), limit))
        state.budget.allocate(len(text) + _PIECE_BYTES * matches)


@lru_cache(maxsize=512)
def _template(text: str, groups: int) -> _Template | None:
    """The parts of a replacement string; None where it refers to a capture that there is not."""
    parts: list[str | int] = []
    position = 0
    for match in _SPECIAL.finditer(text):
        parts.append(text[position : match.start()])
        position = match.end()
        letter = match.group(1)
        if letter == "%":
            parts.append("%")
        elif letter == "0" or (letter == "1" and not groups):
            parts.append(0)
        elif letter and letter in "123456789" and int(letter) <= groups:
            parts.append(int(letter))
        else:
            return None
    parts.append(text[position:])
    return tuple(part for part in parts if part != "")


def _filled(state: State, regular: Regular, text: str, template: _Template, limit: int) -> list[Value]:
    limited = state.budget.memory is not None
    _account(state, regular, text, limit)
    if not limited and len(template) < 2 and all(type(part) is str for part in template):
        literal = str(template[0]) if template else ""
        return list(regular.expression.subn(literal.replace("\\", "\\\\"), text, limit))
    whole = 0 in template
    expression = regular.whole if whole else regular.expression
    pieces = expression.split(text, limit)
    width = expression.groups + 1
    count = (len(pieces) - 1) // width
    columns: list[list[str]] = [
        [part] * count if isinstance(part, str) else pieces[part + whole :: width] for part in template
    ]
    return [_woven(state, pieces[::width], columns), count]


def _woven(state: State, between: list[str], columns: Sequence[list[str]]) -> str:
    """The pieces between the matches, with one of each column after each but the last."""
    step = len(columns) + 1
    parts = [""] * (step * len(between) - len(columns))
    parts[::step] = between
    for number, column in enumerate(columns, 1):
        parts[number::step] = column
    if state.budget.memory is not None:
        state.budget.allocate(sum(map(len, parts)))
    return "".join(parts)


def _joined(
    state: State, regular: Regular, pieces: list[str], text: str, values: Iterator[Value]
) -> list[Value]:
    """The text with each match replaced by its value; nil and false keep it."""
    width = regular.expression.groups + 2
    replaced: list[Any] = []
    kept = size = known = 0
    limited = state.budget.memory is not None
    for value, whole in zip(values, pieces[1::width]):
        if type(value) is str:
            replaced.append(value)
        elif value is None or value is FALSE:
            kept += 1
            replaced.append(whole)
        elif isinstance(value, (int, float)):
            replaced.append(number_text(value, state.integers))
        else:
            runtime_error(f"invalid replacement value (a {type_name(value)})", 1)
        if limited:
            size += len(replaced[-1])
            if size > known + _LARGE:
                state.budget.allocate(size)
                known = size
    count = len(replaced)
    if kept == count:
        # A string that stays what it was is the same object.
        return [text, count]
    return [_woven(state, pieces[::width], [replaced]), count]


def _called(state: State, regular: Regular, pieces: list[str], function: Function) -> Iterator[Value]:
    groups = regular.expression.groups
    target = entry(state, function, groups or 1)
    width = groups + 2
    if groups < 2:
        for key in pieces[1 + groups :: width]:
            value = target(key)
            yield single(value) if type(value) is list else value
        return
    for captures in zip(*(pieces[number::width] for number in range(2, width))):
        value = target(*captures)
        yield single(value) if type(value) is list else value


def _looked_up(state: State, regular: Regular, pieces: list[str], table: Table) -> Iterator[Value]:
    groups = regular.expression.groups
    keys = pieces[2 if groups else 1 :: groups + 2]
    if type(table) is Table and table.meta_table is None:
        return map(table.__dict__.get, keys)
    return (index(state, table, key) for key in keys)
