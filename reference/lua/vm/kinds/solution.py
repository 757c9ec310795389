"""What is certain of the values in a chunk before it runs.

A kind is a set of bits. It follows from the literals, operators and loops that give a variable its values, from the conditions
passed on the way to where it is used, and, for a local function that is only ever called, from its calls. Beside the kind
of an integer stands the interval in which it lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Union

from lockstep.reference.host.types import intervals
from lockstep.reference.host.types.intervals import Interval, Known
from lockstep.reference.host.types.solution import Solution
from lockstep.reference.lua.profile import Profile
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.vm.kinds.bits import (
    BITWISE,
    BOOLEAN,
    CALLS,
    EXACT_MODULO,
    FALSY,
    FLOAT,
    FUNCTION,
    INTEGER,
    NIL,
    NUMBER,
    OTHER,
    PRIMITIVE,
    RELATIONAL,
    STRING,
    TABLE,
)
from lockstep.reference.lua.vm.kinds.collection import Collection
from lockstep.reference.lua.vm.kinds.conditions import IS, Conditions
from lockstep.reference.lua.vm.kinds.likelihood import Likelihood

_ANY_KIND = -1
_SMALL = 1 << 30
_COMPOSED = (nodes.Binary, nodes.Logical)
_CONSTANTS: dict[type[nodes.Node], int] = {
    nodes.Constructor: TABLE,
    nodes.Boolean: BOOLEAN,
    nodes.Nil: NIL,
    nodes.Function: FUNCTION,
}


# What something is known of: a variable, or what a function gives.
_Subject = Union[nodes.Variable, nodes.Function]


class Kinds:
    """The kinds of a chunk's variables and expressions.

    Args:
        chunk: the main function.
        profile: the version.
        trusting: nothing but the chunk's own code reaches its local variables, as `debug` would.

    Attributes:
        loops: functions whose calls of themselves in tail position become rounds of a loop.
    """

    def __init__(self, chunk: nodes.Function, profile: Profile, *, trusting: bool) -> None:
        self.integers = profile.integers
        self.trusting = trusting
        self.loops: set[nodes.Function] = set()
        self._full: Interval = (profile.lowest, profile.highest)
        self._found = found = Collection(chunk)
        self._facts = Conditions(chunk).facts if trusting else {}
        self._solution: Solution[_Subject, nodes.Node] = Solution(
            self.kind, self._range, integer=INTEGER, unknown=OTHER, full=self._full, begin_round=self._forget
        )
        self._kinds = self._solution.kinds
        self._ranges = self._solution.intervals
        self._positive: set[nodes.Variable] = set()
        # Functions that certainly run where a variable is called, and those of them that are only called.
        self._functions = found.functions if trusting else {}
        self._closed: set[nodes.Function] = set()
        # Functions that always give one value.
        self._single: set[nodes.Function] = set()
        # What was found of operators since the variables' kinds last changed.
        self._known: dict[nodes.Node, int] = {}
        self._known_ranges: dict[nodes.Node, Known] = {}
        self._close()
        self._solve()
        self._likelihood = Likelihood(found, self.kind)

    # What the code generator asks

    def kind(self, node: nodes.Node) -> int:
        """What an expression's value certainly is; 0 while that is not known yet."""
        if not isinstance(node, _COMPOSED):
            return self._kind(node)
        known = self._known.get(node)
        if known is None:
            known = self._known[node] = self._kind(node)
        return known

    def is_number(self, node: nodes.Node) -> bool:
        """Whether an expression is certainly a number."""
        kind = self.kind(node)
        return kind != 0 and not kind & ~NUMBER

    def is_integer(self, node: nodes.Node) -> bool:
        """Whether an expression is certainly a host int."""
        return self.kind(node) == INTEGER

    def is_float(self, node: nodes.Node) -> bool:
        """Whether an expression is certainly a host float."""
        return self.kind(node) == FLOAT

    def is_table(self, node: nodes.Node) -> bool:
        """Whether an expression is certainly a table."""
        return self.kind(node) == TABLE

    def likely(self, node: nodes.Node) -> int:
        """What an expression's value probably is; 0 where nothing speaks for anything."""
        return self._likelihood.likely(node)

    def interval(self, node: nodes.Node) -> Interval:
        """Where the value of an expression that is certainly an integer lies."""
        return (self._range(node) if self.kind(node) == INTEGER else None) or self._full

    def exact(self, node: nodes.Binary) -> Interval | None:
        """Where the result lies that exact arithmetic on two certain integers gives; None where that is not known."""
        left, right = node.left, node.right
        if self.kind(left) != INTEGER or self.kind(right) != INTEGER:
            return None
        return intervals.result(node.operator, self.interval(left), self.interval(right))

    def is_positive(self, node: nodes.Node) -> bool:
        """Whether an integer is certainly above 0, or beyond any list (after wrapping around)."""
        if isinstance(node, nodes.Number):
            return type(node.value) is int and node.value > 0
        if self.kind(node) == INTEGER and self.interval(node)[0] > 0:
            return True
        if isinstance(node, nodes.Name):
            if node.variable.constant is not None:
                return self.is_positive(node.variable.constant)
            return node.variable in self._positive
        if isinstance(node, nodes.Binary) and node.operator == "+":
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(one, nodes.Number) and type(one.value) is int and 0 <= one.value < _SMALL:
                    return self.is_positive(other) and self.kind(other) in (0, INTEGER)
        return False

    def is_counter(self, variable: nodes.Variable) -> bool:
        """Whether a variable is a numeric loop's."""
        return any(isinstance(value, nodes.NumericFor) for value in self._found.given.get(variable, ()))

    def origin(self, variable: nodes.Variable) -> nodes.Node | None:
        """The expression whose value a variable always has, as far as its assignments show."""
        values = self._found.given.get(variable, [])
        return values[0] if len(values) == 1 else None

    def known(self, node: nodes.Node) -> nodes.Function | None:
        """The function that a call certainly calls."""
        if isinstance(node, nodes.Call) and isinstance(node.function, nodes.Name):
            return self._functions.get(node.function.variable)
        return None

    def is_single(self, node: nodes.Node) -> bool:
        """Whether a call certainly gives exactly one value, and no tail call."""
        function = self.known(node)
        return function is not None and function in self._single

    def is_finished(self, node: nodes.Node) -> bool:
        """Whether a call certainly gives no tail call."""
        function = self.known(node)
        if function is None:
            return False
        return all(
            one.closes or len(one.expressions) != 1 or not isinstance(one.expressions[0], CALLS)
            for one in self._found.returned.get(function, [])
        )

    def repeats(self, node: nodes.Node, function: nodes.Function) -> bool:
        """Whether a call in tail position is one of `function` to itself that may become a round of a loop."""
        return function in self.loops and self._turns(node, function)

    # Functions

    def _close(self) -> None:
        """Take the parameters of functions that are only called from their calls; all others are unknown."""
        found = self._found
        for variable, function in self._functions.items():
            calls = found.calls.get(variable, [])
            if calls and found.uses.get(variable, 0) == len(calls):
                self._closed.add(function)
        self._find_single()
        for variable, function in self._functions.items():
            if function not in self._closed:
                continue
            for call in found.calls[variable]:
                self._take(function, call)
            returned = found.returned.get(function, [])
            if any(
                self._turns(one.expressions[0], function) for one in returned if len(one.expressions) == 1
            ):
                self.loops.add(function)
        for parameter in [one for one in found.declared if one in one.owner.parameters]:
            if parameter.owner not in self._closed:
                found.give(parameter, None)

    def _find_single(self) -> None:
        """Which functions always give one value; that may depend on their giving one value."""
        for function in self._functions.values():
            if not _falls_through(function.block):
                self._single.add(function)
        changed = True
        while changed:
            changed = False
            for function in list(self._single):
                if not all(self._gives_one(one, function) for one in self._found.returned.get(function, [])):
                    self._single.discard(function)
                    changed = True

    def _gives_one(self, node: nodes.Return, function: nodes.Function) -> bool:
        if len(node.expressions) != 1:
            return False
        only = node.expressions[0]
        if isinstance(only, CALLS):
            return not node.closes and self._turns(only, function)
        return not isinstance(only, nodes.Vararg)

    def _turns(self, node: nodes.Node, function: nodes.Function) -> bool:
        """Whether a call in tail position may become another round of `function`, which makes it."""
        if not self.integers or self.known(node) is not function or self._is_open(node):
            return False
        if function.is_vararg or function not in self._closed:
            return False
        return not any(variable.captured for variable in function.variables)

    def _is_open(self, node: nodes.Node) -> bool:
        """Whether a call's number of arguments is open."""
        arguments: list[nodes.Node] = getattr(node, "arguments", [])
        if not arguments or self.is_single(arguments[-1]):
            return False
        return isinstance(arguments[-1], (*CALLS, nodes.Vararg))

    def _take(self, function: nodes.Function, call: nodes.Call) -> None:
        arguments = call.arguments
        is_open = self._is_open(call)
        for position, parameter in enumerate(function.parameters):
            known = position < len(arguments) - (1 if is_open else 0)
            self._found.give(parameter, arguments[position] if known else None)

    # Solving

    def _solve(self) -> None:
        """Find the least that is known of variables, and of what functions give."""
        kinds = self._kinds
        given = self._found.given
        kinds.update(dict.fromkeys(self._found.declared, 0))
        self._positive = {variable for variable in given if variable in kinds}
        for variable in given:
            kinds.setdefault(variable, OTHER)
        sources: dict[_Subject, Sequence[nodes.Node | None]] = dict(given.items())
        for function in self._functions.values():
            if function in self._single:
                sources[function] = self._values_of(function)
        kinds.update((subject, 0) for subject in sources if isinstance(subject, nodes.Function))
        self._solution.solve(sources, _ANY_KIND if self.trusting else PRIMITIVE | OTHER)
        for subject, kind in kinds.items():
            if not kind:
                kinds[subject] = OTHER
        self._forget()
        self._solve_signs()

    def _forget(self) -> None:
        """What was found of operators may not hold any more."""
        self._known.clear()
        self._known_ranges.clear()

    def _values_of(self, function: nodes.Function) -> list[nodes.Node]:
        """What a function that gives one value returns, calls of itself left out."""
        values = [one.expressions[0] for one in self._found.returned.get(function, [])]
        return [value for value in values if not isinstance(value, CALLS)]

    def _solve_signs(self) -> None:
        changed = True
        while changed:
            changed = False
            for variable in list(self._positive):
                if self._kinds[variable] != INTEGER or not all(
                    map(self._starts_positive, self._found.given[variable])
                ):
                    self._positive.discard(variable)
                    changed = True

    def _starts_positive(self, value: nodes.Node | None) -> bool:
        if isinstance(value, nodes.NumericFor):
            step = value.step
            upwards = step is None or (isinstance(step, nodes.Number) and step.value > 0)
            return upwards and self.is_positive(value.start)
        return value is not None and self.is_positive(value)

    # Kinds of expressions

    def _kind(self, node: nodes.Node) -> int:
        if isinstance(node, nodes.Number):
            return INTEGER if type(node.value) is int else FLOAT
        if isinstance(node, nodes.String):
            return STRING
        if isinstance(node, nodes.Name):
            variable = node.variable
            if variable.constant is not None:
                return self._kind(variable.constant)
            facts = self._facts.get(node)
            if facts is not None and facts[0][0] == IS:
                return self.kind(facts[0][1])
            return self._kinds.get(variable, OTHER)
        if isinstance(node, nodes.Parenthesised):
            return self.kind(node.expression)
        if isinstance(node, nodes.Binary):
            return self._binary(node)
        if isinstance(node, nodes.Unary):
            return self._unary(node)
        if isinstance(node, nodes.NumericFor):
            return self._counter(node)
        if isinstance(node, nodes.Logical):
            return self._logical(node)
        constant = _CONSTANTS.get(node.__class__)
        if constant is not None:
            return constant
        function = self.known(node)
        return OTHER if function is None else self._kinds.get(function, OTHER)

    def _unary(self, node: nodes.Unary) -> int:
        operand = self.kind(node.operand)
        if node.operator == "not":
            return BOOLEAN
        if operand & ~NUMBER:
            return OTHER
        if node.operator == "-" and not operand & ~NUMBER:
            if self.integers or not operand:
                return operand
            if operand != INTEGER:
                return NUMBER
            known = self._range(node.operand)
            # An int has no minus zero.
            return 0 if known is None else NUMBER if known[0] <= 0 <= known[1] else INTEGER
        return INTEGER if operand == INTEGER and self.integers else OTHER if operand else 0

    def _logical(self, node: nodes.Logical) -> int:
        left, right = self.kind(node.left), self.kind(node.right)
        if not left or not right:
            return 0
        if node.operator == "or":
            return (left & ~NIL) | right
        return right | (left & FALSY)

    def _binary(self, node: nodes.Binary) -> int:
        operator = node.operator
        if operator in RELATIONAL:
            return BOOLEAN
        left, right = self.kind(node.left), self.kind(node.right)
        if not left or not right:
            return 0
        both = left | right
        if operator == "..":
            return OTHER if both & ~PRIMITIVE else STRING
        if both & ~NUMBER:
            return OTHER
        if not self.integers:
            return self._old_arithmetic(node) if both == INTEGER else NUMBER
        if operator in BITWISE:
            return INTEGER
        if operator in ("/", "^"):
            return FLOAT
        if FLOAT in (left, right):
            return FLOAT
        return both

    def _old_arithmetic(self, node: nodes.Binary) -> int:
        """Whether the double that 5.1 computes from two ints is certainly one that a host int stands for."""
        left, right = self._range(node.left), self._range(node.right)
        if left is None or right is None:
            return 0
        if node.operator in ("/", "^", "//") or (node.operator == "*" and min(left[0], right[0]) < 0):
            # The product may be minus zero.
            return NUMBER
        if node.operator == "%" and not -EXACT_MODULO <= left[0] <= left[1] <= EXACT_MODULO:
            return NUMBER
        result = intervals.result(node.operator, left, right)
        return INTEGER if result is not None and self._is_inside(result) else NUMBER

    def _is_inside(self, interval: Interval) -> bool:
        return self._full[0] <= interval[0] and interval[1] <= self._full[1]

    def _counter(self, node: nodes.NumericFor) -> int:
        """The kind of a loop's variable; its bounds are numbers, or the loop does not begin."""
        start = self.kind(node.start)
        step = INTEGER if node.step is None else self.kind(node.step)
        if not start or not step:
            return 0
        if start == INTEGER and step == INTEGER and (self.integers or isinstance(node.start, nodes.Number)):
            return INTEGER
        if self.integers and FLOAT in (start, step) and not (start | step) & ~NUMBER:
            return FLOAT
        return NUMBER

    # Intervals of expressions that are integers

    def _range(self, node: nodes.Node) -> Known:
        """Where an integer lies; None while nothing is known to come there."""
        if isinstance(node, nodes.Number):
            value = node.value
            return (value, value) if isinstance(value, int) else self._full
        if isinstance(node, nodes.Name):
            return self._range_of_name(node)
        if isinstance(node, nodes.Parenthesised):
            return self._range(node.expression)
        if isinstance(node, nodes.Binary):
            if node in self._known_ranges:
                return self._known_ranges[node]
            found = self._known_ranges[node] = self._range_of_binary(node)
            return found
        if isinstance(node, nodes.Unary):
            known = self._range(node.operand)
            if node.operator != "-" or known is None:
                return self._full if node.operator != "-" else None
            result = -known[1], -known[0]
            return result if self._is_inside(result) else self._full
        if isinstance(node, nodes.NumericFor):
            return self._range_of_counter(node)
        function = self.known(node)
        return self._full if function is None else self._ranges.get(function)

    def _range_of_name(self, node: nodes.Name) -> Known:
        variable = node.variable
        if variable.constant is not None:
            return self._range(variable.constant)
        known: Known = self._ranges.get(variable, None if variable in self._kinds else self._full)
        for operator, other in self._facts.get(node, ()):
            kind = self.kind(other)
            if not kind:
                return None
            if operator == IS:
                known = self._range(other) if kind == INTEGER else self._full
            elif kind == INTEGER:
                bound = self._range(other)
                if known is None or bound is None:
                    return None
                known = intervals.restricted(known, operator, bound)
            if known is None:
                return None
        return known

    def _range_of_binary(self, node: nodes.Binary) -> Known:
        if self.kind(node.left) != INTEGER or self.kind(node.right) != INTEGER:
            return self._full if self.kind(node.left) and self.kind(node.right) else None
        left, right = self._range(node.left), self._range(node.right)
        if left is None or right is None:
            return None
        result = intervals.result(node.operator, left, right)
        return result if result is not None and self._is_inside(result) else self._full

    def _range_of_counter(self, node: nodes.NumericFor) -> Known:
        start = self._range(node.start)
        if start is None:
            return None
        kind = self.kind(node.stop)
        stop: Known = self._full
        if kind == INTEGER:
            stop = self._range(node.stop)
        elif not kind:
            stop = None
        if stop is None:
            return None
        step = (1, 1) if node.step is None else self._range(node.step)
        if step is None:
            return None
        if step[0] > 0:
            return intervals.met(self._full, (start[0], stop[1]))
        if step[1] < 0:
            return intervals.met(self._full, (stop[0], start[1]))
        return intervals.joined(start, stop)


def _falls_through(block: nodes.Block) -> bool:
    """Whether control may reach the end of a block."""
    if not block.statements:
        return True
    last = block.statements[-1]
    if isinstance(last, nodes.Return):
        return False
    if isinstance(last, nodes.Do):
        return _falls_through(last.block)
    if isinstance(last, nodes.If) and last.otherwise is not None:
        blocks = [*(body for _, body in last.clauses), last.otherwise]
        return any(map(_falls_through, blocks))
    return True
