"""What is certain of Numbers: transfer functions over the kinds and intervals of `reference/host/types/`.

An integer here is a Number that a host int of any size stands for where it indexes an array: integral and finite, minus zero
included. Adding a small literal again and again keeps that: the sum stops growing long before it is infinite.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Callable

from lockstep.reference.host.types import intervals
from lockstep.reference.host.types.intervals import Interval, Known
from lockstep.reference.host.types.solution import Solution
from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.tables import row

INTEGER, FRACTION, OTHER = 1, 2, 4
# Where sums of small literals end at the latest; and where every integer is a Number of its own.
_FULL: Interval = (-(1 << 84), 1 << 84)
_EXACT: Interval = (-(1 << 53), 1 << 53)
_INT32: Interval = (-(1 << 31), (1 << 31) - 1)
_UINT32: Interval = (0, (1 << 32) - 1)
_SMALL = 1 << 30
_BITWISE = frozenset({"&", "|", "^", "<<", ">>"})
_ARITHMETIC = frozenset({"-", "*", "/", "%", "**"})
_GIVES_NUMBERS = _ARITHMETIC | _BITWISE | {"+", ">>>"}
_SIGNS = frozenset({"+", "-", "~"})

# Kind and interval of a value: (0, None) while nothing is known to come there.
_Known = tuple[int, Known]
_NOTHING: _Known = (0, None)
_NUMBER: _Known = (FRACTION, _FULL)
_ANYTHING: _Known = (OTHER, _FULL)
RETURNED = ""
Subject = tuple[int, str]
"""A function by its number, with a name of its, or with `RETURNED`."""


class Kinds:
    """The kinds of one function's names, and of what it returns: subjects of a solution that functions may share.

    Args:
        number: tells the function from others of the solution.
        functions: the number of each function whose calls the solution knows, by the name that it has here.
    """

    def __init__(self, number: int = 0, functions: Mapping[str, int] | None = None) -> None:
        self.number = number
        self.functions = functions or {}
        self.found: dict[int, _Known] = {}
        self._solution: Solution[Subject, Value] | None = None

    def solved(self, solution: Solution[Subject, Value]) -> None:
        """Find in `solution` what is known of names."""
        self._solution = solution

    def is_number(self, name: str) -> bool:
        """Whether a name always has a Number; with the name `RETURNED` what the function returns."""
        kind = self._kind((self.number, name))
        return kind != 0 and not kind & OTHER

    def is_index(self, name: str) -> bool:
        """Whether a name always has an integer that is not negative."""
        assert self._solution is not None
        known = self._solution.intervals.get((self.number, name))
        return self._kind((self.number, name)) == INTEGER and known is not None and known[0] >= 0

    def _kind(self, subject: Subject) -> int:
        assert self._solution is not None
        return self._solution.kinds.get(subject, OTHER)

    def known(self, node: js.Expression) -> _Known:
        """Kind and interval of an expression's value."""
        found = self.found.get(id(node))
        if found is None:
            transfer = _TRANSFERS.get(node.__class__)
            found = self.found[id(node)] = _ANYTHING if transfer is None else transfer(self, node)
        return found

    def of_name(self, name: str) -> _Known:
        """The same of a name."""
        return self._of_subject((self.number, name))

    def of_call(self, name: str) -> _Known:
        """The same of a call of the function with this name."""
        number = self.functions.get(name)
        return _ANYTHING if number is None else self._of_subject((number, RETURNED))

    def _of_subject(self, subject: Subject) -> _Known:
        assert self._solution is not None
        kind = self._kind(subject)
        return (kind, self._solution.intervals.get(subject)) if kind in (0, INTEGER) else (kind, _FULL)


def solve(functions: Sequence[Kinds], sources: Mapping[Subject, Sequence[Value | None]]) -> None:
    """Find out the kinds of all subjects: names of functions and what these return.

    Args:
        functions: those of one solution, the first being the one around.
        sources: the expressions whose values each subject may have, with the function that each stands in, or None for any;
            other names may have any.
    """

    def forget() -> None:
        for one in functions:
            one.found.clear()

    solution: Solution[Subject, Value] = Solution(
        lambda value: value[0].known(value[1])[0],
        lambda value: value[0].known(value[1])[1],
        integer=INTEGER,
        unknown=OTHER,
        full=_FULL,
        begin_round=forget,
    )
    solution.kinds.update(dict.fromkeys(sources, 0))
    for one in functions:
        one.solved(solution)
    solution.solve(sources, INTEGER | FRACTION | OTHER)


def _literal(_: Kinds, node: js.NumericLiteral) -> _Known:
    value = node.value
    if value.is_integer() and -_SMALL < value < _SMALL:
        return INTEGER, (int(value), int(value))
    return _NUMBER


def _target(kinds: Kinds, node: js.Assignment | js.CompoundAssignment) -> _Known:
    target = node.target
    return kinds.of_name(target.name) if isinstance(target, js.IdentifierReference) else _ANYTHING


def _update(kinds: Kinds, node: js.Update) -> _Known:
    """13.4: the name has the old value before and the new one after; so may the expression."""
    argument = node.argument
    if not isinstance(argument, js.IdentifierReference):
        return _ANYTHING
    kind, known = kinds.of_name(argument.name)
    if kind != INTEGER or known is None:
        return kind, known
    step = 1 if node.operator == "++" else -1
    return INTEGER, intervals.joined(known, _clipped(known[0] + step, known[1] + step))


def _clipped(low: int, high: int) -> Interval:
    return max(low, _FULL[0]), min(high, _FULL[1])


def _unary(kinds: Kinds, node: js.Unary) -> _Known:
    kind, known = kinds.known(node.argument)
    if node.operator == "+":
        # 13.5.4: ToNumber refuses a BigInt.
        return (kind, known) if kind in (0, INTEGER) else _NUMBER
    if node.operator not in ("-", "~") or kind & OTHER:
        return _ANYTHING
    if kind == 0:
        return _NOTHING
    if node.operator == "~":
        return INTEGER, _INT32
    return (INTEGER, (-known[1], -known[0])) if kind == INTEGER and known is not None else _NUMBER


def _binary(kinds: Kinds, node: js.Binary) -> _Known:
    operator = node.operator
    if operator == ">>>":
        # 13.15.3: refused for BigInts.
        shift = node.right.value if isinstance(node.right, js.NumericLiteral) else 0.0
        return INTEGER, (0, _UINT32[1] >> (int(shift) if 0 <= shift < 32 else 0))
    left, right = kinds.known(node.left), kinds.known(node.right)
    if operator == "+":
        return _sum(node, left, right)
    if operator not in _BITWISE and operator not in _ARITHMETIC:
        return _ANYTHING
    # Numbers do not mix with BigInts: one Number is enough.
    certain = [one for one in (left, right) if one[0] and not one[0] & OTHER]
    if not certain:
        return _ANYTHING if left[0] and right[0] else _NOTHING
    if operator in _BITWISE:
        return INTEGER, _bits(operator, left, right)
    if not left[0] or not right[0]:
        return _NOTHING
    if left[0] != INTEGER or right[0] != INTEGER:
        return _NUMBER
    return _exact(node, left[1], right[1])


def _sum(node: js.Binary, left: _Known, right: _Known) -> _Known:
    if not left[0] or not right[0]:
        return _NOTHING
    if (left[0] | right[0]) & OTHER:
        return _ANYTHING
    return _exact(node, left[1], right[1]) if left[0] == right[0] == INTEGER else _NUMBER


def _exact(node: js.Binary, left: Known, right: Known) -> _Known:
    """An operation on two integers, where it gives one."""
    if left is None or right is None:
        return _NOTHING
    operator = node.operator
    if operator in "+-" and isinstance(node.right, js.NumericLiteral):
        low, high = right if operator == "+" else (-right[1], -right[0])
        return INTEGER, _clipped(left[0] + low, left[1] + high)
    if operator == "%":
        # The remainder has the sign of the dividend.
        if right[0] <= 0 <= right[1]:
            return _NUMBER
        most = max(abs(right[0]), abs(right[1])) - 1
        return INTEGER, (max(min(left[0], 0), -most), min(max(left[1], 0), most))
    result = intervals.result(operator, left, right) if operator in ("+", "-", "*") else None
    if result is None or result[0] < _EXACT[0] or result[1] > _EXACT[1]:
        return _NUMBER
    return INTEGER, result


def _bits(operator: str, left: _Known, right: _Known) -> Interval:
    """13.15.3 with 6.1.6.1.17 NumberBitwiseOp and the shifts: where the result lies, whatever is not known being anything."""
    ranges = [known if kind == INTEGER and _within(known) else _INT32 for kind, known in (left, right)]
    first, second = ranges
    assert first is not None
    assert second is not None
    found: Known = None
    if operator == "&":
        found = intervals.result("&", first, second)
    elif operator in "|^":
        found = first if second == (0, 0) else intervals.result("|", first, second)
    elif operator == ">>" and second[0] == second[1] and 0 <= second[0] < 32:
        found = first[0] >> second[0], first[1] >> second[0]
    return _INT32 if found is None else found


def _within(known: Known) -> bool:
    return known is not None and _INT32[0] <= known[0] and known[1] <= _INT32[1]


def _conditional(kinds: Kinds, node: js.Conditional) -> _Known:
    one, other = kinds.known(node.consequent), kinds.known(node.alternate)
    kind = one[0] | other[0]
    return kind, intervals.joined(one[1], other[1]) if kind == INTEGER else _FULL


def _call(kinds: Kinds, node: js.Call) -> _Known:
    callee = node.callee
    return kinds.of_call(callee.name) if isinstance(callee, js.IdentifierReference) else _ANYTHING


def _name(kinds: Kinds, node: js.IdentifierReference) -> _Known:
    return kinds.of_name(node.name)


Value = tuple[Kinds, js.Expression]
"""An expression, and the function that it stands in."""

_TRANSFERS: Mapping[type[js.Node], Callable[[Kinds, js.Node], _Known]] = dict(
    [
        row(js.NumericLiteral, _literal),
        row(js.IdentifierReference, _name),
        row(js.Call, _call),
        row(js.Update, _update),
        row(js.Unary, _unary),
        row(js.Binary, _binary),
        row(js.Conditional, _conditional),
        row(js.Assignment, _target),
        row(js.CompoundAssignment, _target),
    ]
)


def may_compute(node: js.Expression, own: str) -> bool:
    """Whether an expression may give a Number by itself or by calling the function `own`, at a glance: most do not."""
    if isinstance(node, js.Binary):
        return node.operator in _GIVES_NUMBERS
    if isinstance(node, js.Conditional):
        return may_compute(node.consequent, own) or may_compute(node.alternate, own)
    if isinstance(node, js.Unary):
        return node.operator in _SIGNS
    if isinstance(node, js.Call):
        return isinstance(node.callee, js.IdentifierReference) and node.callee.name == own
    return isinstance(node, (js.NumericLiteral, js.Update))
