"""Kinds and intervals that are solved hold for every value that a program can have."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockstep.reference.host.types import intervals
from lockstep.reference.host.types.intervals import Interval, Known
from lockstep.reference.host.types.solution import Solution

# A number, the name of a variable, or an operator with two operands.
Expression: TypeAlias = "int | str | tuple[str, Expression, Expression]"
FULL: Interval = (-(1 << 63), (1 << 63) - 1)
INTEGER, UNKNOWN = 1, 2
NAMES = "abc"
_EDGES = (0, 1, 2, 7, 1 << 31, (1 << 62) - 1, FULL[1])


def expression(random: Random, depth: int) -> Expression:
    if depth == 0 or random.random() < 0.3:
        edge = random.choice(_EDGES)
        return random.choice(NAMES) if random.random() < 0.6 else edge * random.choice((1, -1))
    operator = random.choice(("+", "-", "*", "&", "|", "%"))
    return operator, expression(random, depth - 1), expression(random, depth - 1)


def wrapped(value: int) -> int:
    """`value` modulo 2^64, as most languages have it."""
    return (value - FULL[0]) % (1 << 64) + FULL[0]


def value_of(node: Expression, values: dict[str, int]) -> int | None:
    """What an expression gives; None where a variable has no value yet, or there is none."""
    if isinstance(node, int):
        return node
    if isinstance(node, str):
        return values.get(node)
    operator, left, right = node[0], value_of(node[1], values), value_of(node[2], values)
    if left is None or right is None or (operator == "%" and right == 0):
        return None
    results = {"+": left + right, "-": left - right, "*": left * right, "&": left & right, "|": left | right}
    return wrapped(left % right if operator == "%" else results[operator])


class Analysis:
    """A language with integers that wrap around."""

    def __init__(self, sources: dict[str, Sequence[Expression | None]]) -> None:
        self.rounds = 0
        self.solution: Solution[str, Expression] = Solution(
            self._kind, self._interval, integer=INTEGER, unknown=UNKNOWN, full=FULL, begin_round=self._begin
        )
        self.solution.solve(sources, -1)

    def _begin(self) -> None:
        self.rounds += 1

    def _kind(self, node: Expression) -> int:
        if isinstance(node, int):
            return INTEGER
        if isinstance(node, str):
            return self.solution.kinds.get(node, 0)
        left, right = self._kind(node[1]), self._kind(node[2])
        return 0 if not left or not right else left | right

    def _interval(self, node: Expression) -> Known:
        if isinstance(node, int):
            return node, node
        if isinstance(node, str):
            return self.solution.intervals.get(node)
        left, right = self._interval(node[1]), self._interval(node[2])
        if left is None or right is None:
            return None
        found = intervals.result(node[0], left, right)
        return found if found is not None and FULL[0] <= found[0] and found[1] <= FULL[1] else FULL


@given(st.randoms(use_true_random=False))
def test_every_value_lies_in_its_interval(random: Random) -> None:
    sources = {name: [expression(random, 3) for _ in range(random.randint(1, 3))] for name in NAMES}
    analysis = Analysis({**sources})
    assert analysis.rounds < 40
    values: dict[str, int] = {}
    for _ in range(60):
        name = random.choice(NAMES)
        found = value_of(random.choice(sources[name]), values)
        if found is None:
            continue
        values[name] = found
        assert analysis.solution.kinds[name] == INTEGER
        known = analysis.solution.intervals[name]
        assert known is not None
        assert known[0] <= found <= known[1]


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([0, ("%", ("+", "a", 1), 10)], (0, 9)),
        ([5, ("&", ("*", "a", 3), 255)], (0, 255)),
        ([1, ("+", "a", 1)], (FULL[0], FULL[1])),
        ([3, 8], (3, 8)),
    ],
)
def test_intervals(sources: list[Expression], expected: Interval) -> None:
    assert Analysis({"a": sources}).solution.intervals["a"] == expected


def test_what_is_not_known_stays_unknown() -> None:
    analysis = Analysis({"a": [1, None], "b": [("+", "a", 1)], "c": [2]})
    assert analysis.solution.kinds == {"a": INTEGER | UNKNOWN, "b": INTEGER | UNKNOWN, "c": INTEGER}
