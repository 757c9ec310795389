"""Functions that a function declares and does nothing with but call them: what they are given and return is known from their calls.

Such a function is declared once at the top of a body and never assigned; each mention of its name, there and in functions of this
kind, is a call with plain arguments. Its parameters then have what its calls give, and a call has what it returns. All is by
name: where another binding has the name, nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lockstep.reference.host.trees import children
from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.inference import Body
from lockstep.reference.javascript.vm.generation.kinds import (
    RETURNED,
    Kinds,
    Subject,
    Value,
    may_compute,
    solve,
)

# The longest function that is looked at, in characters: larger ones rarely compute a Number.
_LONGEST = 3_000


class PrivateFunctions:
    """What is known of a body together with the private functions that it declares.

    Attributes:
        numeric, counters: of the body, as `infer` gives them.
        returning: the names of the functions that return Numbers, if they return.
        inside: the same as the first two of each function, by where it starts.
    """

    def __init__(self, bodies: Mapping[int, Body], functions: Mapping[int, js.FunctionDeclaration]) -> None:
        self.numeric, self.counters = bodies[0].answer()
        self.returning = frozenset(
            one.bound_name for number, one in functions.items() if bodies[number].kinds.is_number(RETURNED)
        )
        self.inside = {one.function.start: bodies[number].answer() for number, one in functions.items()}


def private_functions(statements: Sequence[js.Node], scope: js.FunctionScope) -> PrivateFunctions | None:
    """What is known of the private functions of a body; None where it has none that may compute a Number.

    Args:
        statements: the body of a function.
        scope: its FunctionScope, in which no name is looked up dynamically.
    """
    candidates = [one for one in scope.functions if _may_be_private(one, scope)]
    if not candidates:
        return None
    found = _Mentions(candidates)
    found.visit(0, statements)
    for number, declaration in enumerate(candidates, 1):
        if declaration.bound_name not in found.escaped:
            found.visit(number, declaration.function.body)
    kept = _not_escaped(candidates, found.escaped)
    return _solved(statements, scope, kept, found) if kept else None


def _not_escaped(
    candidates: Sequence[js.FunctionDeclaration], escaped: set[str]
) -> dict[int, js.FunctionDeclaration]:
    """Those by their numbers that nothing but calls mentions, from where calls are known."""
    kept = dict(enumerate(candidates, 1))
    while True:
        dropped = [number for number, one in kept.items() if one.bound_name in escaped]
        if not dropped:
            return kept
        for number in dropped:
            escaped.update(kept.pop(number).function.scope.free_names)


def _may_be_private(declaration: js.FunctionDeclaration, scope: js.FunctionScope) -> bool:
    function = declaration.function
    name = declaration.bound_name
    binding = scope.bindings.get(name)
    inner = function.scope
    return (
        binding is not None
        and binding.kind == "function"
        and not binding.assigned
        and function.end - function.start <= _LONGEST
        and not (function.is_async or function.is_generator)
        and inner.has_simple_parameters
        and inner.parameter_scope is None
        and not (inner.uses_arguments or inner.contains_direct_eval or inner.has_with)
        and len(set(inner.parameter_names)) == len(inner.parameter_names)
        and name not in scope.parameter_names
        and name not in scope.annex_b_names
        and [one.bound_name for one in scope.functions].count(name) == 1
        and _returns_last(function.body, name)
    )


def _returns_last(statements: Sequence[js.Statement], own: str) -> bool:
    """Whether a body cannot end without a `return`, and its last one may compute a Number."""
    if not statements:
        return False
    last = statements[-1]
    if isinstance(last, js.Return):
        return last.argument is not None and may_compute(last.argument, own)
    if isinstance(last, js.Block):
        return _returns_last(last.body, own)
    if isinstance(last, js.If):
        return (
            last.alternate is not None
            and _returns_last([last.consequent], own)
            and _returns_last([last.alternate], own)
        )
    return False


_TELLING = frozenset(
    (
        js.Function,
        js.Method,
        js.IdentifierReference,
        js.BindingIdentifier,
        js.FunctionDeclaration,
        js.Class,
        js.Return,
        js.Call,
    )
)


class _Mentions:
    """Where candidates are called from, which of them are mentioned otherwise, and what each returns."""

    def __init__(self, candidates: Sequence[js.FunctionDeclaration]) -> None:
        self.candidates = {one.bound_name: number for number, one in enumerate(candidates, 1)}
        self.functions = {id(one.function) for one in candidates}
        self.escaped: set[str] = set()
        self.calls: list[tuple[int, js.Call]] = []
        self.returned: dict[int, list[js.Expression | None]] = {}

    def visit(self, number: int, statements: Sequence[js.Node]) -> None:
        """Take in the code of a function, without what is in functions inside."""
        pending: list[js.Node] = list(statements)
        while pending:
            node = pending.pop()
            if node.__class__ not in _TELLING or not self._take(number, node, pending):
                pending.extend(children(node))

    def _take(self, number: int, node: js.Node, pending: list[js.Node]) -> bool:
        """Take in a node that may mention a function; whether its children are taken in as well."""
        if isinstance(node, js.Function):
            if id(node) not in self.functions:
                self.escaped.update(node.scope.free_names)
            return True
        if isinstance(node, (js.IdentifierReference, js.BindingIdentifier)):
            self.escaped.add(node.name)
        elif isinstance(node, js.FunctionDeclaration):
            if id(node.function) not in self.functions:
                self.escaped.add(node.bound_name)
        elif isinstance(node, js.Class):
            # Its code has scopes of its own.
            self.escaped.update(self.candidates)
        elif isinstance(node, js.Return):
            self.returned.setdefault(number, []).append(node.argument)
        elif isinstance(node, js.Call) and self._is_known_call(node):
            self.calls.append((number, node))
            pending.extend(node.arguments)
            return True
        return False

    def _is_known_call(self, node: js.Call) -> bool:
        callee = node.callee
        return (
            isinstance(callee, js.IdentifierReference)
            and callee.name in self.candidates
            and not node.optional
            and not any(argument.__class__ is js.SpreadElement for argument in node.arguments)
        )


def _solved(
    statements: Sequence[js.Node],
    scope: js.FunctionScope,
    private: Mapping[int, js.FunctionDeclaration],
    found: _Mentions,
) -> PrivateFunctions:
    functions = {one.bound_name: number for number, one in private.items()}
    bodies = {0: Body(Kinds(0, functions), statements, scope)}
    for number, one in private.items():
        kinds = Kinds(number, functions)
        bodies[number] = Body(kinds, one.function.body, one.function.scope, is_private=True)
    sources: dict[Subject, list[Value | None]] = {}
    for body in bodies.values():
        sources.update(body.sources())
    for number in private:
        kinds = bodies[number].kinds
        sources[number, RETURNED] = [
            None if value is None else (kinds, value) for value in found.returned[number]
        ]
    for number, call in found.calls:
        assert isinstance(call.callee, js.IdentifierReference)
        called = functions.get(call.callee.name)
        # What is not private calls no private one.
        if called is None or number not in bodies:
            continue
        for position, name in enumerate(private[called].function.scope.parameter_names):
            parameter = sources.get((called, name))
            if parameter is not None:
                given = call.arguments[position] if position < len(call.arguments) else None
                parameter.append(None if given is None else (bodies[number].kinds, given))
    solve([body.kinds for body in bodies.values()], sources)
    return PrivateFunctions(bodies, private)
