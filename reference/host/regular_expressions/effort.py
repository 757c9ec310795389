"""How long the host's `re`, which nobody can interrupt, may take for a pattern and a text.

A language says of its own nodes what shape they have. What matches one way only (a character, an assertion) is None.
Characters are classes as the host writes them; "" stands for any.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Callable, Optional, Union

# Steps of the host's: well below a second.
_MOST = 20_000_000
# What takes so few at each place of a text is not looked at again.
_FEW = 64
# A run so short is looked for without counting.
_SHORT_RUN = 16
# Longer than any text.
_ENDLESS = 1 << 40


@dataclass(frozen=True)
class Row:
    """One after the other."""

    parts: tuple[Shape, ...]


@dataclass(frozen=True)
class Either:
    """One of several; `apart`: the first character tells which."""

    branches: tuple[Shape, ...]
    apart: bool


@dataclass(frozen=True)
class Inside:
    """A group; `open_ended`: when it has matched it is not tried again but for what follows."""

    body: Shape
    open_ended: bool


@dataclass(frozen=True)
class Rounds:
    """A repetition.

    Attributes:
        high: None has no limit.
        written: the class of all characters in it.
        ways: in how many ways it can match at most, whatever the text is; None where that is not a small number.
        choices: how many choices there are in one round that the first character does not decide.
    """

    body: Shape
    low: int
    high: int | None
    written: str
    ways: int | None = field(init=False)
    choices: int = field(init=False)

    def __post_init__(self) -> None:
        """Counted once: repetitions may be nested deeply."""
        object.__setattr__(self, "ways", _ways_of_rounds(self))
        object.__setattr__(self, "choices", _choices(self.body))


@dataclass(frozen=True)
class Echo:
    """The text of a group again, which is long where characters of the class `written` are."""

    written: str


Shape = Optional[Union[Row, Either, Inside, Rounds, Echo]]
Longest = Callable[[str], int]


class Effort:
    """What may be tried again and again when the rest of a pattern fails.

    Args:
        shape: the pattern.
        begins: the class that a match begins with; None where it begins at the beginning of the text only.
        whole: whether the match must end with the text.

    Attributes:
        soon: with a text that is no longer the host ends soon, whatever stands in it.
    """

    __slots__ = ("_begins", "_last", "_shape", "soon")

    def __init__(self, shape: Shape, begins: str | None, *, whole: bool) -> None:
        self._shape = shape
        self._begins = begins
        self._last = not whole
        size = 1
        while size < _MOST and size * _steps(shape, _fixed(size), self._last) <= _MOST:
            size *= 2
        self.soon = size // 2 - 1

    def is_always_small(self) -> bool:
        """Whether the host passes each text once."""
        return _steps(self._shape, _fixed(_ENDLESS), self._last) <= _FEW

    def fits(self, text: str) -> bool:
        """Whether the host surely ends soon."""
        size = len(text) + 1
        if size <= self.soon or size * _steps(self._shape, _fixed(size), self._last) <= _MOST:
            return True
        # What really stands in a row is short as a rule.
        short: dict[str, int] = {"": size}

        def bound(written: str) -> int:
            found = short.get(written)
            if found is None:
                is_long = re.search(f"(?:{written}){{{_SHORT_RUN},}}", text)
                found = short[written] = size if is_long else _SHORT_RUN
            return found

        if size * _steps(self._shape, bound, self._last) <= _MOST:
            return True
        runs: dict[str, int] = {"": size}

        def longest(written: str) -> int:
            found = runs.get(written)
            if found is None:
                found = runs[written] = 1 + max(map(len, _runs(written, text)), default=0)
            return found

        places = size
        if self._begins is None:
            places = 1
        elif self._begins:
            places = 1 + sum(map(len, _runs(self._begins, text)))
        return places * _steps(self._shape, longest, self._last) <= _MOST


def _fixed(size: int) -> Longest:
    return lambda _: size


def _runs(written: str, text: str) -> list[str]:
    return re.findall(f"(?:{written})+", text)


def _steps(shape: Shape, longest: Longest, last: bool) -> int:
    """How many ways there are at one place; `last`: nothing behind it fails, so it is not tried again."""
    steps = 1
    if isinstance(shape, Row):
        for position, part in enumerate(shape.parts):
            steps *= _steps(part, longest, last and position == len(shape.parts) - 1)
            if steps > _MOST:
                break
    elif isinstance(shape, Either):
        steps = sum(_steps(branch, longest, last) for branch in shape.branches)
    elif isinstance(shape, Inside):
        steps = _steps(shape.body, longest, last and shape.open_ended)
    elif isinstance(shape, Rounds):
        steps = _steps_of_rounds(shape, longest, last)
    elif isinstance(shape, Echo):
        steps = longest(shape.written)
    return min(steps, _MOST + 1)


def _steps_of_rounds(shape: Rounds, longest: Longest, last: bool) -> int:
    if last and shape.body is None:
        return 1
    if shape.ways is not None:
        return shape.ways
    many = shape.high is None or shape.high > 1
    if many and shape.choices:
        # Each character may be in this round or in the next one.
        base, run = 1 + shape.choices, longest(shape.written)
        return _MOST + 1 if run > _FEW else int(base**run)
    steps = _steps(shape.body, longest, False)
    if not many:
        return 1 + steps
    return steps if last else steps * longest(shape.written)


def _ways(shape: Shape) -> int | None:
    if isinstance(shape, Inside):
        return _ways(shape.body)
    if isinstance(shape, Rounds):
        return shape.ways
    if isinstance(shape, Echo):
        return None
    ways = 1
    if isinstance(shape, Row):
        for part in shape.parts:
            found = _ways(part)
            if found is None or ways > _MOST:
                return None
            ways *= found
    elif isinstance(shape, Either):
        ways = 0
        for branch in shape.branches:
            found = _ways(branch)
            if found is None:
                return None
            ways += found
    return None if ways > _MOST else ways


def _ways_of_rounds(shape: Rounds) -> int | None:
    body = _ways(shape.body)
    if body is None or shape.high is None or shape.high > _FEW:
        return None
    ways = sum(int(body**rounds) for rounds in range(shape.low, shape.high + 1))
    return None if ways > _MOST else ways


def _choices(shape: Shape) -> int:
    if isinstance(shape, Row):
        return sum(map(_choices, shape.parts))
    if isinstance(shape, Either):
        own = 0 if shape.apart else len(shape.branches)
        return own + sum(map(_choices, shape.branches))
    if isinstance(shape, Inside):
        return _choices(shape.body)
    if isinstance(shape, Rounds):
        return (shape.high is None or shape.high > shape.low) + shape.choices
    return 0
