"""What is known, and what is likely, of the values in a chunk before it runs.

A kind is a set of bits. What `kind` says is certain: it follows from the literals, operators and loops that give a
variable its values, and, for a local function that is only ever called, from its calls. What `likely` says decides nothing but
which of two equivalent forms of host code comes first.
"""

from __future__ import annotations

from typing import Any

from reference.lua.profile import Profile
from reference.lua.syntax import nodes

INTEGER, FLOAT, STRING, OTHER = 1, 2, 4, 8
NUMBER = INTEGER | FLOAT
_SMALL = 1 << 30
_CALLS = (nodes.Call, nodes.MethodCall)
_RING = frozenset("+-*")
_BITWISE = frozenset(("&", "|", "~", "<<", ">>"))
_RELATIONAL = frozenset(("==", "~=", "<", "<=", ">", ">="))
_ORDER = frozenset(("<", "<=", ">", ">="))
_CHILDREN: dict[type[nodes.Node], tuple[str, ...]] = {
    nodes.Index: ("object", "key"),
    nodes.Call: ("function", "arguments"),
    nodes.MethodCall: ("object", "arguments"),
    nodes.Binary: ("left", "right"),
    nodes.Logical: ("left", "right"),
    nodes.Unary: ("operand",),
    nodes.Parenthesised: ("expression",),
    nodes.Constructor: ("fields",),
    nodes.Function: ("block",),
    nodes.Block: ("statements",),
    nodes.Local: ("expressions",),
    nodes.LocalFunction: ("function",),
    nodes.Assignment: ("targets", "expressions"),
    nodes.CallStatement: ("call",),
    nodes.Do: ("block",),
    nodes.While: ("condition", "block"),
    nodes.Repeat: ("block", "condition"),
    nodes.If: ("clauses", "otherwise"),
    nodes.NumericFor: ("start", "stop", "step", "block"),
    nodes.GenericFor: ("expressions", "block"),
    nodes.Return: ("expressions",),
}
# What functions of these names mostly give.
_LIKELY_RESULTS = {
    **dict.fromkeys(("sqrt", "sin", "cos", "tan", "exp", "log", "atan", "atan2", "clock", "rad", "deg", "pow"), FLOAT),
    **dict.fromkeys(("floor", "ceil", "byte", "len", "tointeger", "select"), INTEGER),
    **dict.fromkeys(("sub", "format", "concat", "rep", "char", "upper", "lower", "tostring", "reverse"), STRING),
}  # fmt: skip
_ROUNDS, _LIKELY_ROUNDS = 12, 3


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
        self._kinds: dict[nodes.Variable, int] = {}
        self._likely: dict[nodes.Variable, int] = {}
        self._weak: dict[nodes.Variable, int] = {}
        self._fields: dict[str, int] = {}
        self._results: dict[str, int] = {}
        self._positive: set[nodes.Variable] = set()
        self._given: dict[nodes.Variable, list[nodes.Node | None]] = {}
        self._stored: list[tuple[str, nodes.Node]] = []
        self._returned: dict[nodes.Function, list[nodes.Return]] = {}
        self._functions: dict[nodes.Variable, nodes.Function] = {}
        self._uses: dict[nodes.Variable, int] = {}
        self._calls: dict[nodes.Variable, list[nodes.Call]] = {}
        self._arguments: list[tuple[str, list[nodes.Node]]] = []
        self._named: dict[str, list[nodes.Function]] = {}
        self._gives: dict[nodes.Function, int] = {}
        # What was found of operators since the variables' kinds last changed.
        self._known: dict[nodes.Node, int] = {}
        self._known_likely: dict[nodes.Node, int] = {}
        self._collect(chunk)
        self._close()
        self._solve()

    # What the code generator asks

    def kind(self, node: nodes.Node) -> int:
        """What an expression's value certainly is; 0 while that is not known yet."""
        if not isinstance(node, nodes.Binary):
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

    def likely(self, node: nodes.Node) -> int:
        """What an expression's value probably is; 0 where nothing speaks for anything."""
        kind = self.kind(node)
        if kind and not kind & OTHER:
            return kind
        if not isinstance(node, (nodes.Binary, nodes.Logical)):
            return self._likely_kind(node)
        known = self._known_likely.get(node)
        if known is None:
            known = self._known_likely[node] = self._likely_kind(node)
        return known

    def is_positive(self, node: nodes.Node) -> bool:
        """Whether an integer is certainly above 0, or beyond any list (after wrapping around)."""
        if isinstance(node, nodes.Number):
            return type(node.value) is int and node.value > 0
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
        return any(isinstance(value, nodes.NumericFor) for value in self._given.get(variable, ()))

    def is_single(self, node: nodes.Node) -> bool:
        """Whether a call certainly gives exactly one value, and no tail call."""
        function = self._callee(node)
        return function is not None and function in self._gives

    def repeats(self, node: nodes.Node, function: nodes.Function) -> bool:
        """Whether a call in tail position is one of `function` to itself that may become a round of a loop."""
        return function in self.loops and self._turns(node, function)

    # Collecting

    def _collect(self, chunk: nodes.Function) -> None:
        pending: list[tuple[Any, nodes.Function]] = [(chunk, chunk)]
        while pending:
            node, function = pending.pop()
            if isinstance(node, (list, tuple)):
                pending.extend((one, function) for one in node)
                continue
            if node is None:
                continue
            kind = node.__class__
            if kind is nodes.Name:
                self._uses[node.variable] = self._uses.get(node.variable, 0) + 1
                continue
            note = _NOTES.get(kind)
            if note is not None:
                note(self, node, function)
            if kind is nodes.Function:
                function = node
            pending.extend((getattr(node, name), function) for name in _CHILDREN.get(kind, ()))

    def _give(self, variable: nodes.Variable, value: nodes.Node | None) -> None:
        """Note that `value` may become a variable's; None for an unknown one."""
        self._given.setdefault(variable, []).append(value)

    def _give_all(self, variables: list[nodes.Variable], values: list[nodes.Node]) -> None:
        for position, variable in enumerate(variables):
            self._give(variable, values[position] if position < len(values) else None)

    def _note_local(self, node: nodes.Local, _: nodes.Function) -> None:
        for variable in node.variables:
            self._declared(variable)
        self._give_all(node.variables, node.expressions)
        if len(node.variables) == len(node.expressions) == 1 and isinstance(
            node.expressions[0], nodes.Function
        ):
            self._name_function(node.variables[0], node.expressions[0])

    def _declared(self, variable: nodes.Variable) -> None:
        self._kinds.setdefault(variable, 0)

    def _note_local_function(self, node: nodes.LocalFunction, _: nodes.Function) -> None:
        self._declared(node.variable)
        self._give(node.variable, None)
        self._name_function(node.variable, node.function)

    def _name_function(self, variable: nodes.Variable, function: nodes.Function) -> None:
        if not variable.assigned and not function.is_vararg:
            self._functions[variable] = function

    def _note_assignment(self, node: nodes.Assignment, _: nodes.Function) -> None:
        for position, target in enumerate(node.targets):
            value = node.expressions[position] if position < len(node.expressions) else None
            if isinstance(target, nodes.Name):
                self._give(target.variable, value)
            elif (
                isinstance(target, nodes.Index) and isinstance(target.key, nodes.String) and value is not None
            ):
                self._stored.append((target.key.value, value))

    def _note_function(self, node: nodes.Function, _: nodes.Function) -> None:
        for parameter in node.parameters:
            self._declared(parameter)
        name = node.name.replace(":", ".").rpartition(".")[2]
        if name:
            self._named.setdefault(name, []).append(node)

    def _note_numeric_for(self, node: nodes.NumericFor, _: nodes.Function) -> None:
        self._declared(node.variable)
        self._give(node.variable, node)

    def _note_generic_for(self, node: nodes.GenericFor, _: nodes.Function) -> None:
        for variable in node.variables:
            self._declared(variable)
            self._give(variable, None)
        call = node.expressions[0]
        if isinstance(call, nodes.Call) and _last_name(call) == "ipairs":
            self._weak[node.variables[0]] = INTEGER

    def _note_return(self, node: nodes.Return, function: nodes.Function) -> None:
        self._returned.setdefault(function, []).append(node)

    def _note_call(self, node: nodes.Call, _: nodes.Function) -> None:
        if isinstance(node.function, nodes.Name):
            self._calls.setdefault(node.function.variable, []).append(node)
        name = _last_name(node)
        if name is not None:
            self._arguments.append((name, node.arguments))

    def _note_method_call(self, node: nodes.MethodCall, _: nodes.Function) -> None:
        self._arguments.append((node.name, [node.object, *node.arguments]))

    def _note_constructor(self, node: nodes.Constructor, _: nodes.Function) -> None:
        for key, value in node.fields:
            if isinstance(key, nodes.String):
                self._stored.append((key.value, value))

    def _note_binary(self, node: nodes.Binary, _: nodes.Function) -> None:
        if node.operator in ("==", "~=", ".."):
            return
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(one, nodes.Name) and isinstance(other, nodes.Number):
                kind = INTEGER if type(other.value) is int else FLOAT
                if node.operator not in _ORDER or kind == INTEGER:
                    self._weak[one.variable] = self._weak.get(one.variable, 0) | kind

    # Functions that are only called

    def _close(self) -> None:
        """Take the parameters of functions that are only called from their calls; all others are unknown."""
        closed: dict[nodes.Variable, nodes.Function] = {}
        for variable, function in self._functions.items():
            calls = self._calls.get(variable, [])
            if self.trusting and calls and self._uses.get(variable, 0) == len(calls):
                closed[variable] = function
        self._functions = closed
        self._find_single()
        known = set(closed.values())
        for variable, function in closed.items():
            for call in self._calls[variable]:
                self._take(function, call)
            returned = self._returned.get(function, [])
            if any(
                self._turns(one.expressions[0], function) for one in returned if len(one.expressions) == 1
            ):
                self.loops.add(function)
        for parameter in [one for one in self._kinds if one in one.owner.parameters]:
            if parameter.owner not in known:
                self._give(parameter, None)

    def _find_single(self) -> None:
        """Which of them always give one value; that may depend on their giving one value."""
        for function in self._functions.values():
            if not _falls_through(function.block):
                self._gives[function] = 0
        changed = True
        while changed:
            changed = False
            for function in list(self._gives):
                if not all(self._gives_one(one, function) for one in self._returned.get(function, [])):
                    del self._gives[function]
                    changed = True

    def _gives_one(self, node: nodes.Return, function: nodes.Function) -> bool:
        if len(node.expressions) != 1:
            return False
        only = node.expressions[0]
        if isinstance(only, _CALLS):
            return not node.closes and self._turns(only, function)
        return not isinstance(only, nodes.Vararg)

    def _turns(self, node: nodes.Node, function: nodes.Function) -> bool:
        """Whether a call in tail position may become another round of `function`, which makes it."""
        if not self.integers or self._callee(node) is not function or self._is_open(node):
            return False
        return not any(variable.captured for variable in function.variables)

    def _is_open(self, node: nodes.Node) -> bool:
        """Whether a call's number of arguments is open."""
        arguments: list[nodes.Node] = getattr(node, "arguments", [])
        if not arguments or self.is_single(arguments[-1]):
            return False
        return isinstance(arguments[-1], (*_CALLS, nodes.Vararg))

    def _take(self, function: nodes.Function, call: nodes.Call) -> None:
        arguments = call.arguments
        is_open = self._is_open(call)
        for position, parameter in enumerate(function.parameters):
            known = position < len(arguments) - (1 if is_open else 0)
            self._give(parameter, arguments[position] if known else None)

    def _callee(self, node: nodes.Node) -> nodes.Function | None:
        if isinstance(node, nodes.Call) and isinstance(node.function, nodes.Name):
            return self._functions.get(node.function.variable)
        return None

    # Solving

    def _solve(self) -> None:
        """Raise what is known until nothing changes; what would change too long is unknown."""
        kinds = self._kinds
        self._positive = {variable for variable in self._given if variable in kinds}
        for variable in self._given:
            kinds.setdefault(variable, OTHER)
        for number in range(_ROUNDS + 1):
            changed = False
            self._known.clear()
            for variable, values in self._given.items():
                before = kinds[variable]
                after = before
                for value in values:
                    after |= OTHER if value is None or number == _ROUNDS else self.kind(value)
                if after != before:
                    kinds[variable] = after
                    changed = True
            for function, before in self._gives.items():
                after = before
                for one in self._returned.get(function, []):
                    if not isinstance(one.expressions[0], _CALLS):
                        after |= OTHER if number == _ROUNDS else self.kind(one.expressions[0])
                if after != before:
                    self._gives[function] = after
                    changed = True
            if not changed:
                break
        for variable, kind in kinds.items():
            if not kind:
                kinds[variable] = OTHER
        self._known.clear()
        self._solve_signs()
        self._solve_likely()
        self._known_likely.clear()

    def _solve_signs(self) -> None:
        changed = True
        while changed:
            changed = False
            for variable in list(self._positive):
                if self._kinds[variable] != INTEGER or not all(
                    map(self._starts_positive, self._given[variable])
                ):
                    self._positive.discard(variable)
                    changed = True

    def _starts_positive(self, value: nodes.Node | None) -> bool:
        if isinstance(value, nodes.NumericFor):
            step = value.step
            upwards = step is None or (isinstance(step, nodes.Number) and step.value > 0)
            return upwards and self.is_positive(value.start)
        return value is not None and self.is_positive(value)

    def _solve_likely(self) -> None:
        for _ in range(_LIKELY_ROUNDS):
            self._known_likely.clear()
            for variable, values in self._given.items():
                for value in values:
                    if value is not None:
                        self._likely[variable] = self._likely.get(variable, 0) | self.likely(value)
            for name, value in self._stored:
                self._fields[name] = self._fields.get(name, 0) | self.likely(value)
            for name, arguments in self._arguments:
                for function in self._named.get(name, ()):
                    for parameter, argument in zip(function.parameters, arguments):
                        self._likely[parameter] = self._likely.get(parameter, 0) | self.likely(argument)
            for name, functions in self._named.items():
                for function in functions:
                    for one in self._returned.get(function, []):
                        if one.expressions:
                            self._results[name] = self._results.get(name, 0) | self.likely(one.expressions[0])

    # Kinds of expressions

    def _kind(self, node: nodes.Node) -> int:
        kind = node.__class__
        if kind is nodes.Number:
            return INTEGER if type(node.value) is int else FLOAT  # type: ignore[attr-defined]
        if kind is nodes.String:
            return STRING
        if kind is nodes.Name:
            variable: nodes.Variable = node.variable  # type: ignore[attr-defined]
            if variable.constant is not None:
                return self._kind(variable.constant)
            return self._kinds.get(variable, OTHER)
        if kind is nodes.Parenthesised:
            return self.kind(node.expression)  # type: ignore[attr-defined]
        if isinstance(node, nodes.Binary):
            return self._binary(node)
        if isinstance(node, nodes.Unary):
            operand = self.kind(node.operand)
            if node.operator == "-" and not operand & ~NUMBER:
                return operand if self.integers or not operand else NUMBER
            return OTHER
        if isinstance(node, nodes.NumericFor):
            return self._counter(node)
        function = self._callee(node)
        if function is not None and function in self._gives:
            return self._gives[function]
        return OTHER

    def _binary(self, node: nodes.Binary) -> int:
        operator = node.operator
        if operator in _RELATIONAL:
            return OTHER
        left, right = self.kind(node.left), self.kind(node.right)
        if not left or not right:
            return 0
        both = left | right
        if operator == "..":
            return OTHER if both & OTHER else STRING
        if both & ~NUMBER:
            return OTHER
        if not self.integers:
            return NUMBER
        if operator in _BITWISE:
            return INTEGER
        if operator in ("/", "^"):
            return FLOAT
        if FLOAT in (left, right):
            return FLOAT
        return both

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

    def _likely_kind(self, node: nodes.Node) -> int:
        if isinstance(node, nodes.Name):
            return self._likely.get(node.variable, 0) or self._weak.get(node.variable, 0)
        if isinstance(node, nodes.Parenthesised):
            return self.likely(node.expression)
        if isinstance(node, nodes.Index):
            return self._fields.get(node.key.value, 0) if isinstance(node.key, nodes.String) else 0
        if isinstance(node, nodes.Binary):
            if node.operator in _RELATIONAL:
                return 0
            if node.operator == "..":
                return STRING
            if node.operator in ("/", "^"):
                return FLOAT
            both = self.likely(node.left) | self.likely(node.right)
            return FLOAT if both & FLOAT else both & INTEGER
        if isinstance(node, nodes.Unary):
            if node.operator == "#":
                return INTEGER
            return self.likely(node.operand) if node.operator == "-" else 0
        if isinstance(node, nodes.Logical):
            return self.likely(node.left) | self.likely(node.right)
        if isinstance(node, nodes.MethodCall):
            return self._results.get(node.name, 0) or _LIKELY_RESULTS.get(node.name, 0)
        if isinstance(node, nodes.Call):
            name = _last_name(node) or ""
            return self._results.get(name, 0) or _LIKELY_RESULTS.get(name, 0)
        return 0


_NOTES: dict[type[nodes.Node], Any] = {
    nodes.Local: Kinds._note_local,
    nodes.LocalFunction: Kinds._note_local_function,
    nodes.Assignment: Kinds._note_assignment,
    nodes.Function: Kinds._note_function,
    nodes.NumericFor: Kinds._note_numeric_for,
    nodes.GenericFor: Kinds._note_generic_for,
    nodes.Return: Kinds._note_return,
    nodes.Call: Kinds._note_call,
    nodes.MethodCall: Kinds._note_method_call,
    nodes.Constructor: Kinds._note_constructor,
    nodes.Binary: Kinds._note_binary,
}


def _last_name(node: nodes.Call) -> str | None:
    """The name by which a call calls its function: a variable's, or the last field's."""
    function = node.function
    if isinstance(function, nodes.Name):
        return function.variable.name
    if isinstance(function, nodes.Index) and isinstance(function.key, nodes.String):
        return function.key.value
    return None


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
