"""What `gsub` puts in a match's place, in the form that the host's own replacing takes."""

# ruff: noqa: RET503  # functions end in one that never returns, which the rule cannot see across files
from __future__ import annotations

import re
from itertools import islice
from typing import Callable, Union

from reference.lua.runtime.operations.calls import entry, single
from reference.lua.runtime.operations.conversion import number_text, type_name
from reference.lua.runtime.operations.indexing import index
from reference.lua.runtime.stack.errors import runtime_error
from reference.lua.runtime.state import State
from reference.lua.runtime.values import FALSE, Function, Table, Value

HostReplacement = Union[str, Callable[["re.Match[str]"], str]]
_SPECIAL = re.compile(r"%(.?)", re.DOTALL)
_LARGE = 1 << 16


def host_replacement(state: State, value: Value, groups: int, kept: list[None]) -> HostReplacement | None:
    """The replacement for an expression with so many groups; None where there is no such form, or an error to raise.

    `kept` grows by one for each match that stays as it is.
    """
    if type(value) is str:
        return _template(value, groups)
    if isinstance(value, Function):
        return _from_function(state, value, groups, kept)
    if isinstance(value, Table):
        return _from_table(state, value, groups, kept)
    return None


def accounted_replacement(
    state: State, put: HostReplacement, expression: re.Pattern[str], text: str, limit: int
) -> HostReplacement:
    """`put` for a run whose memory is limited: what it makes of `text` is told to the budget before it is there."""
    if isinstance(put, str):
        if len(text) * len(put) > _LARGE:
            matches = sum(1 for _ in islice(expression.finditer(text), limit))
            state.budget.allocate(len(text) * (1 + put.count("\\g")) + matches * len(put))
        return put
    made = put
    total = known = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal total, known
        piece = made(match)
        total += len(piece)
        if total > known + _LARGE:
            state.budget.allocate(total)
            known = total
        return piece

    return replace


def counted_replacement(state: State, put: HostReplacement) -> HostReplacement:
    """`put` for a run that is metered: each replacement takes a step."""
    budget = state.budget

    def replace(match: re.Match[str]) -> str:
        budget.step()
        return match.expand(put) if isinstance(put, str) else put(match)

    return replace


def _template(text: str, groups: int) -> str | None:
    """`%0` to `%9` and `%%` in the host's words."""
    if "%" not in text:
        return text.replace("\\", "\\\\")
    parts: list[str] = []
    position = 0
    for match in _SPECIAL.finditer(text):
        parts.append(text[position : match.start()].replace("\\", "\\\\"))
        position = match.end()
        letter = match.group(1)
        if letter == "%":
            parts.append("%")
        elif letter == "0" or (letter == "1" and not groups):
            parts.append("\\g<0>")
        elif letter in "123456789" and letter and int(letter) <= groups:
            parts.append(f"\\g<{letter}>")
        else:
            return None
    parts.append(text[position:].replace("\\", "\\\\"))
    return "".join(parts)


def _from_function(state: State, function: Function, groups: int, kept: list[None]) -> HostReplacement:
    target = entry(state, function, groups or 1)

    def replace(match: re.Match[str]) -> str:
        value = target(*match.groups()) if groups else target(match.group())
        if type(value) is list:
            value = single(value)
        return value if type(value) is str else _text(state, value, match, kept)

    return replace


def _from_table(state: State, table: Table, groups: int, kept: list[None]) -> HostReplacement:
    number = 1 if groups else 0

    def replace(match: re.Match[str]) -> str:
        value = index(state, table, match.group(number))
        return value if type(value) is str else _text(state, value, match, kept)

    return replace


def _text(state: State, value: Value, match: re.Match[str], kept: list[None]) -> str:
    """A replacement that is no string: nil and false keep the match."""
    if value is None or value is FALSE:
        kept.append(None)
        return match.group()
    if type(value) in (int, float):
        return number_text(value, state.integers)
    runtime_error(f"invalid replacement value (a {type_name(value)})", 1)
