"""What is known of values where code is made: whether they are longs or doubles, and where longs lie.

A local never changes, so what a test around it says holds in the whole branch. What a loop's locals hold is the least solution of
what `recur` brings there (`reference.host.types`); it is looked for at the outermost loop, with all that stands inside.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import MutableMapping
from typing import Any, Callable, Union

from lockstep.reference.clojure.analysis import nodes
from lockstep.reference.clojure.runtime.values.numbers import LONG_MAX, LONG_MIN
from lockstep.reference.host.types.intervals import Interval, Known, joined, met, restricted, result
from lockstep.reference.host.types.solution import Solution

# Kinds of values, as bits; a value of no kind never comes.
LONG, DOUBLE, OTHER_NUMBER, UNKNOWN = 1, 2, 4, 8
NUMBER = LONG | DOUBLE | OTHER_NUMBER
LONGS: Interval = (LONG_MIN, LONG_MAX)
_SIZES: Interval = (0, (1 << 31) - 1)
# How many tests around a node are looked at.
_TESTS = 12

Node = nodes.Node
# What tests around a node say: (test, whether it held).
Conditions = tuple[tuple[Node, bool], ...]
# What has a kind: a local, and a function, whose kind is that of what it returns.
Subject = Union[nodes.Binding, nodes.Fn]


class Held(nodes.Node):
    """A value that stands in a host local already; `origin` is what it was made from."""

    __slots__ = ("name", "origin")

    def __init__(self, name: str, origin: nodes.Node) -> None:
        self.name = name
        self.origin = origin
        self.line = origin.line
        self.column = origin.column


# Functions whose value, if there is one, is of a kind whatever their operands are.
_KINDS = {
    **dict.fromkeys(
        ("count", "alength", "quotient-longs", "remainder-longs", "bit-and", "bit-or", "bit-xor"), LONG
    ),
    "divide-doubles": DOUBLE,
    "/": NUMBER,
    "long": LONG,
    "double": DOUBLE,
}
# Functions that give a long for longs, a double where an operand is one, and a number for numbers.
_ARITHMETIC = frozenset(
    ["+", "-", "*", "inc", "dec", "quot", "rem", "mod", "subtract-primitives", "unchecked-inc", "unchecked-dec", "unchecked-add"]
)  # fmt: skip
# Functions that give one of their operands.
_CHOICES = frozenset(["max", "min"])
_INTERVAL_OPERATORS = {
    "+": "+",
    "-": "-",
    "*": "*",
    "subtract-primitives": "-",
    "mod": "%",
    "bit-and": "&",
    "bit-or": "|",
}
_TRUNCATING = {"quot": "//", "quotient-longs": "//", "rem": "%", "remainder-longs": "%"}
_COMPARISONS = {"<": "<", ">": ">", "<=": "<=", ">=": ">=", "=": "==", "==": "=="}
_SIGNS = {"zero?": "==", "pos?": ">", "neg?": "<"}
_OPPOSITES = {"<": ">=", ">": "<=", "<=": ">", ">=": "<"}
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "=="}


class Types:
    """What is known in one top-level form."""

    def __init__(self) -> None:
        self._kinds: MutableMapping[Subject, int] = {}
        self._intervals: MutableMapping[Subject, Known] = {}
        self._functions: dict[nodes.Binding, nodes.Fn] = {}
        self._conditions: dict[Node, Conditions] = {}
        self._known_kinds: dict[Node, int] = {}
        self._known_intervals: dict[Node, Known] = {}

    def is_numeric(self, node: Node) -> bool:
        """Whether the value of `node` is a number whenever there is one."""
        return 0 < self.kind(node) < UNKNOWN

    def is_long(self, node: Node) -> bool:
        """Whether it is a long."""
        return self.kind(node) == LONG

    def is_double(self, node: Node) -> bool:
        """Whether it is a double."""
        return self.kind(node) == DOUBLE

    def is_natural(self, node: Node) -> bool:
        """Whether it is a long that is not negative."""
        interval = self.interval(node) if self.is_long(node) else None
        return interval is not None and interval[0] >= 0

    def needs_no_check(self, function: str, arguments: list[Node]) -> bool:
        """Whether what the host gives for an arithmetic function is what the guest gets: no long overflows."""
        kinds = [self.kind(argument) for argument in arguments]
        if DOUBLE in kinds and all(kind in (LONG, DOUBLE) for kind in kinds):
            return True
        if any(kind != LONG for kind in kinds):
            return False
        exact = self._exact(function, arguments)
        return exact is not None and exact[0] >= LONG_MIN and exact[1] <= LONG_MAX

    # What is learnt on the way.

    def learn_let(self, binding: nodes.Binding, init: Node) -> None:
        """A local of a `let*`."""
        if binding not in self._kinds:
            self._kinds[binding] = self.kind(init)
            self._intervals[binding] = self.interval(init)

    def learn_loop(self, node: nodes.Loop) -> None:
        """The locals of a loop, and all that stands in it."""
        if any(binding in self._kinds for binding, _ in node.bindings):
            return
        found = _Sources(self._conditions)
        found.visit(node)
        self._functions.update(found.functions)
        solution: Solution[Subject, Node] = Solution(
            self.kind,
            self.interval,
            integer=LONG,
            unknown=UNKNOWN,
            full=LONGS,
            begin_round=self._forget,
        )
        outside = self._kinds, self._intervals
        self._kinds, self._intervals = (
            ChainMap(solution.kinds, self._kinds),
            ChainMap(solution.intervals, self._intervals),
        )
        solution.kinds.update(dict.fromkeys(found.sources, 0))
        solution.solve(found.sources, NUMBER)
        self._kinds, self._intervals = outside
        self._kinds.update(solution.kinds)
        self._intervals.update(solution.intervals)
        self._forget()

    def _forget(self) -> None:
        self._known_kinds.clear()
        self._known_intervals.clear()

    # Kinds.

    def kind(self, node: Node) -> int:
        """What the value of `node` can be; 0 where none ever comes."""
        known = self._known_kinds.get(node)
        if known is None:
            make = _KIND_OF.get(node.__class__)
            known = UNKNOWN if make is None else make(self, node)
            self._known_kinds[node] = known
        return known

    def _kind_of_constant(self, node: nodes.Const) -> int:
        kind = {int: LONG, float: DOUBLE}.get(node.value.__class__)
        return kind or (OTHER_NUMBER if node.is_number else UNKNOWN)

    def _kind_of_local(self, node: nodes.LocalRef) -> int:
        return self._kinds.get(node.binding, UNKNOWN)

    def _kind_of_choice(self, node: nodes.If) -> int:
        return self.kind(node.consequent) | self.kind(node.alternative)

    def _kind_of_call(self, node: nodes.Invoke) -> int:
        function = node.function
        if isinstance(function, nodes.LocalRef):
            called = self._functions.get(function.binding)
            return UNKNOWN if called is None else self._kinds.get(called, UNKNOWN)
        if not isinstance(function, nodes.Linked):
            return UNKNOWN
        if function.name in _KINDS:
            return _KINDS[function.name]
        kinds = [self.kind(argument) for argument in node.arguments]
        both = 0
        for kind in kinds:
            both |= kind
        if function.name in _CHOICES:
            return both if both < UNKNOWN else NUMBER
        if function.name not in _ARITHMETIC:
            return UNKNOWN
        if 0 in kinds:
            return 0
        if both == LONG:
            return LONG
        # A double makes the result one, but for what is no number and throws.
        return DOUBLE if DOUBLE in kinds else NUMBER

    def _kind_of_field(self, node: nodes.StaticField) -> int:
        return LONG if (node.class_name, node.field) in _LIMITS else UNKNOWN

    # Intervals of longs.

    def interval(self, node: Node) -> Known:
        """Where the value of `node` lies if it is a long; None where none ever comes."""
        if node in self._known_intervals:
            return self._known_intervals[node]
        make = _INTERVAL_OF.get(node.__class__)
        known = LONGS if make is None else make(self, node)
        self._known_intervals[node] = known
        return known

    def _interval_of_constant(self, node: nodes.Const) -> Known:
        return (node.value, node.value) if node.value.__class__ is int else LONGS

    def _interval_of_local(self, node: nodes.LocalRef) -> Known:
        if self._kinds.get(node.binding, UNKNOWN) & ~LONG:
            return LONGS
        interval = self._intervals.get(node.binding)
        for test, held in self._conditions.get(node, ()):
            if interval is None:
                break
            interval = self._under(interval, node.binding, test, held)
        return interval

    def _interval_of_choice(self, node: nodes.If) -> Known:
        return joined(self._part(node.consequent), self._part(node.alternative))

    def _part(self, node: Node) -> Known:
        return self.interval(node) if self.kind(node) else None

    def _interval_of_call(self, node: nodes.Invoke) -> Known:
        function = node.function
        if isinstance(function, nodes.LocalRef):
            called = self._functions.get(function.binding)
            return LONGS if called is None else self._intervals.get(called)
        if not isinstance(function, nodes.Linked):
            return LONGS
        if function.name == "alength":
            return _SIZES
        exact = self._exact(function.name, node.arguments)
        # What is beyond throws.
        return None if exact is None else met(exact, LONGS)

    def _exact(self, function: str, arguments: list[Node]) -> Known:
        """What exact arithmetic gives."""
        bounds = [self.interval(argument) for argument in arguments]
        known = [bound for bound in bounds if bound is not None]
        if len(known) < len(bounds):
            return None
        if function in ("inc", "dec") and len(known) == 1:
            return result("+" if function == "inc" else "-", known[0], (1, 1))
        if function == "-" and len(known) == 1:
            return result("-", (0, 0), known[0])
        if len(known) != 2:
            return LONGS
        one, other = known
        if function == "max":
            return max(one[0], other[0]), max(one[1], other[1])
        if function == "min":
            return min(one[0], other[0]), min(one[1], other[1])
        if function in _TRUNCATING:
            # Of numbers that are not negative the host's operators, which round down, give the same.
            exact = result(_TRUNCATING[function], one, other) if one[0] >= 0 and other[0] > 0 else None
        else:
            operator = _INTERVAL_OPERATORS.get(function)
            exact = None if operator is None else result(operator, one, other)
        return LONGS if exact is None else exact

    def _under(self, interval: Interval, binding: nodes.Binding, test: Node, held: bool) -> Known:
        """The part of an interval in which a test of the local comes out so."""
        if not isinstance(test, nodes.Invoke) or not isinstance(test.function, nodes.Linked):
            return interval
        name, operands = test.function.name, test.arguments
        sides = [isinstance(one, nodes.LocalRef) and one.binding is binding for one in operands]
        if not any(sides):
            return interval
        if name in _SIGNS and len(operands) == 1:
            operator, bound = _SIGNS[name], (0, 0)
        elif name in _COMPARISONS and len(operands) == 2 and not all(sides):
            other = operands[0 if sides[1] else 1]
            if self.kind(other) != LONG:
                return interval
            limit = self._plain(other)
            if limit is None:
                return interval
            operator = _COMPARISONS[name] if sides[0] else _MIRRORED[_COMPARISONS[name]]
            bound = limit
        else:
            return interval
        if held:
            return restricted(interval, operator, bound)
        opposite = _OPPOSITES.get(operator)
        return interval if opposite is None else restricted(interval, opposite, bound)

    def _plain(self, node: Node) -> Known:
        """Where a long lies, whatever tests say: they may speak of the local that is asked for."""
        if isinstance(node, nodes.LocalRef):
            return self._intervals.get(node.binding)
        return self.interval(node) if isinstance(node, nodes.Const) else LONGS


_LIMITS = frozenset({("java.lang.Long", "MAX_VALUE"), ("java.lang.Long", "MIN_VALUE")})
_KIND_OF: dict[type[Node], Callable[[Types, Any], int]] = {
    nodes.Const: Types._kind_of_constant,
    nodes.FreshNaN: lambda _, __: DOUBLE,
    nodes.LocalRef: Types._kind_of_local,
    nodes.StaticField: Types._kind_of_field,
    nodes.Invoke: Types._kind_of_call,
    nodes.If: Types._kind_of_choice,
    nodes.Do: lambda types, node: types.kind(node.result),
    nodes.Let: lambda types, node: types.kind(node.body),
    nodes.Letfn: lambda types, node: types.kind(node.body),
    nodes.Loop: lambda types, node: types.kind(node.body),
    nodes.Recur: lambda _, __: 0,
    nodes.Throw: lambda _, __: 0,
    Held: lambda types, node: types.kind(node.origin),
}
_INTERVAL_OF: dict[type[Node], Callable[[Types, Any], Known]] = {
    nodes.Const: Types._interval_of_constant,
    nodes.LocalRef: Types._interval_of_local,
    nodes.Invoke: Types._interval_of_call,
    nodes.If: Types._interval_of_choice,
    nodes.Do: lambda types, node: types.interval(node.result),
    nodes.Let: lambda types, node: types.interval(node.body),
    nodes.Letfn: lambda types, node: types.interval(node.body),
    nodes.Loop: lambda types, node: types.interval(node.body),
    Held: lambda types, node: types.interval(node.origin),
}


class _Sources:
    """What comes to the locals and functions of a loop, and which tests stand around what reads a local."""

    def __init__(self, conditions: dict[Node, Conditions]) -> None:
        self.sources: dict[Subject, list[Node | None]] = {}
        self.functions: dict[nodes.Binding, nodes.Fn] = {}
        self._conditions = conditions

    def visit(self, loop: nodes.Loop) -> None:
        """Take a loop in, with all that stands in it."""
        pending: list[tuple[Node, Conditions]] = [(loop, ())]
        while pending:
            node, conditions = pending.pop()
            if isinstance(node, nodes.LocalRef):
                self._conditions[node] = conditions
            elif isinstance(node, nodes.If):
                # The nearest tests say most; a long `cond` has many.
                near = conditions[-_TESTS:]
                pending.append((node.test, conditions))
                pending.append((node.consequent, (*near, (node.test, True))))
                pending.append((node.alternative, (*near, (node.test, False))))
            else:
                self._note(node)
                pending.extend((child, conditions) for child in nodes.children(node))

    def _note(self, node: Node) -> None:
        if isinstance(node, (nodes.Let, nodes.Loop)):
            for binding, init in node.bindings:
                self._bind(binding, init)
        elif isinstance(node, nodes.Letfn):
            self.functions.update(node.bindings)
        elif isinstance(node, nodes.Recur):
            for binding, argument in zip(node.target.bindings, node.arguments):
                # What comes to a parameter from outside is not known.
                self.sources.setdefault(binding, [None]).append(argument)
        elif isinstance(node, nodes.Fn):
            self._function(node)

    def _bind(self, binding: nodes.Binding, init: Node) -> None:
        self.sources[binding] = [init]
        if isinstance(init, nodes.Fn):
            self.functions[binding] = init

    def _function(self, function: nodes.Fn) -> None:
        self.sources[function] = [arity.body for arity in function.arities]
        if function.own is not None:
            self.functions[function.own] = function
