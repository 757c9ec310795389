"""Which local variables always hold Numbers, and which of them always index arrays: integers that are not negative.

The answer is by name within one function and flow-insensitive, from all expressions that are assigned to it (`kinds`). Whatever
is not understood spoils the name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Callable

from lockstep.reference.host.trees import children, walk
from lockstep.reference.javascript.syntax import ast as js
from lockstep.reference.javascript.vm.generation.kinds import Kinds, Subject, Value, solve
from lockstep.reference.javascript.vm.generation.tables import row

_LOOPS = (js.For, js.While, js.DoWhile, js.ForIn, js.ForOf)


class Assignments:
    """What one function assigns to names, nested functions left out."""

    def __init__(self) -> None:
        self.values: dict[str, list[js.Expression | None]] = {}
        self.spoiled: set[str] = set()
        self.index_names: set[str] = set()

    def add(self, name: str, value: js.Expression | None) -> None:
        """`name = value`."""
        self.values.setdefault(name, []).append(value)

    def spoil(self, target: js.Node) -> None:
        """Every name that a target binds may hold anything."""
        for node in walk(target):
            if isinstance(node, (js.BindingIdentifier, js.IdentifierReference)):
                self.spoiled.add(node.name)


def has_loop(statements: Sequence[js.Node]) -> bool:
    """Whether a loop stands among the statements, not too deep; only then is inference worth its time."""
    pending: list[tuple[js.Node, int]] = [(statement, 0) for statement in statements]
    while pending:
        node, depth = pending.pop()
        if isinstance(node, _LOOPS):
            return True
        if depth < 4 and isinstance(
            node, (js.Block, js.If, js.Try, js.Labelled, js.Switch, js.SwitchCase, js.CatchClause)
        ):
            pending.extend(
                (child, depth + 1) for child in children(node) if not isinstance(child, js.Expression)
            )
    return False


def _collect(statements: Sequence[js.Node]) -> Assignments:
    found = Assignments()
    pending = list(statements)
    while pending:
        node = pending.pop()
        if isinstance(node, (js.Function, js.Class)):
            _spoil_assigned(node, found)
            continue
        collect = _COLLECTORS.get(node.__class__)
        if collect is not None:
            collect(found, node)
        pending.extend(children(node))
    return found


def _declarator(found: Assignments, node: js.VariableDeclarator) -> None:
    if isinstance(node.target, js.BindingIdentifier):
        found.add(node.target.name, node.initializer)
    else:
        found.spoil(node.target)


def _assignment(found: Assignments, node: js.Assignment) -> None:
    if isinstance(node.target, js.IdentifierReference):
        found.add(node.target.name, node.value)
    elif isinstance(node.target, js.Pattern):
        found.spoil(node.target)


def _compound_assignment(found: Assignments, node: js.CompoundAssignment) -> None:
    target = node.target
    if isinstance(target, js.IdentifierReference):
        found.add(target.name, js.Binary(node, node.end, node.operator, target, node.value))


def _logical_assignment(found: Assignments, node: js.LogicalAssignment) -> None:
    if isinstance(node.target, js.IdentifierReference):
        found.spoiled.add(node.target.name)


def _update(found: Assignments, node: js.Update) -> None:
    if isinstance(node.argument, js.IdentifierReference):
        found.add(node.argument.name, node)


def _loop_head(found: Assignments, node: js.ForIn | js.ForOf) -> None:
    left = node.left
    if isinstance(left, (js.VariableStatement, js.LexicalDeclaration)):
        found.spoil(left.declarations[0].target)
    else:
        found.spoil(left)


def _catch(found: Assignments, node: js.CatchClause) -> None:
    if node.parameter is not None:
        found.spoil(node.parameter)


def _function(found: Assignments, node: js.FunctionDeclaration) -> None:
    found.spoiled.add(node.bound_name)


def _class(found: Assignments, node: js.ClassDeclaration) -> None:
    if node.definition.name is not None:
        found.spoiled.add(node.definition.name.name)


def _computed_member(found: Assignments, node: js.ComputedMember) -> None:
    if isinstance(node.expression, js.IdentifierReference):
        found.index_names.add(node.expression.name)


_COLLECTORS: Mapping[type[js.Node], Callable[[Assignments, js.Node], None]] = dict(
    [
        row(js.VariableDeclarator, _declarator),
        row(js.Assignment, _assignment),
        row(js.CompoundAssignment, _compound_assignment),
        row(js.LogicalAssignment, _logical_assignment),
        row(js.Update, _update),
        row(js.ForIn, _loop_head),
        row(js.ForOf, _loop_head),
        row(js.CatchClause, _catch),
        row(js.FunctionDeclaration, _function),
        row(js.ClassDeclaration, _class),
        row(js.ComputedMember, _computed_member),
    ]
)


def nodes_outside_functions(node: js.Node) -> Iterator[js.Node]:
    """Without the insides of functions: what they refer to is known of them."""
    return walk(node, lambda part: not isinstance(part, js.Function))


def _spoil_assigned(closure: js.Function | js.Class, found: Assignments) -> None:
    """What a nested function or class assigns may change at any time."""
    for node in nodes_outside_functions(closure):
        if isinstance(node, js.Function):
            found.spoiled.update(node.scope.free_assigned)
        elif isinstance(node, (js.Assignment, js.CompoundAssignment, js.LogicalAssignment)):
            found.spoil(node.target)
        elif isinstance(node, js.Update):
            found.spoil(node.argument)
        elif isinstance(node, (js.ForIn, js.ForOf)):
            found.spoil(node.left)


def _first_assigned(statements: Sequence[js.Node]) -> set[str]:
    """`var` names whose first mention is an initializer at the top of the body: never seen undefined."""
    first: set[str] = set()
    mentioned: set[str] = set()
    for statement in statements:
        declared: js.Node = statement
        if isinstance(statement, js.For) and statement.initializer is not None:
            declared = statement.initializer
        if isinstance(declared, (js.VariableStatement, js.LexicalDeclaration)):
            for declarator in declared.declarations:
                if declarator.initializer is not None:
                    mentioned.update(_names(declarator.initializer))
                    if isinstance(declarator.target, js.BindingIdentifier):
                        if declarator.target.name not in mentioned:
                            first.add(declarator.target.name)
                        mentioned.add(declarator.target.name)
        mentioned.update(_names(statement))
    return first


def _names(node: js.Node) -> set[str]:
    names: set[str] = set()
    for part in nodes_outside_functions(node):
        if isinstance(part, (js.IdentifierReference, js.BindingIdentifier)):
            names.add(part.name)
        elif isinstance(part, js.Function):
            names.update(part.scope.free_names)
    return names


def infer(statements: Sequence[js.Node], scope: js.FunctionScope) -> tuple[frozenset[str], frozenset[str]]:
    """The names that always hold Numbers, and those of them that are counters used as an index.

    Args:
        statements: the body of a function or script.
        scope: its FunctionScope: parameters, `var` names and functions.
    """
    body = Body(Kinds(), statements, scope)
    solve([body.kinds], body.sources())
    return body.answer()


class Body:
    """The body of one function among those whose kinds are found together.

    Attributes:
        kinds: what is known of it.
        assigned: what is assigned to each name that may turn out to have a kind.
    """

    def __init__(
        self,
        kinds: Kinds,
        statements: Sequence[js.Node],
        scope: js.FunctionScope,
        *,
        is_private: bool = False,
    ) -> None:
        self.kinds = kinds
        self._parameters = frozenset(scope.parameter_names)
        found = _collect(statements)
        self._index_names = found.index_names
        spoiled = found.spoiled
        if not is_private:
            spoiled.update(scope.parameter_names)
        spoiled.update(scope.annex_b_names)
        spoiled.update(declaration.bound_name for declaration in scope.functions)
        firsts = _first_assigned(statements)
        variables = set(scope.var_names)
        self.assigned: dict[str, list[js.Expression | None]] = {}
        for name, values in found.values.items():
            if name in spoiled or (name in variables and name not in firsts and name not in self._parameters):
                continue
            # A repeated `var x;` assigns nothing.
            told = [value for value in values if value is not None or name not in variables]
            if None not in told:
                self.assigned[name] = told
        if is_private:
            # Called with a value, or spoiled: see `private_functions`.
            for name in self._parameters:
                if name not in spoiled and name not in found.values:
                    self.assigned[name] = []

    def sources(self) -> dict[Subject, list[Value | None]]:
        """What comes to its names."""
        kinds = self.kinds
        return {
            (kinds.number, name): [None if value is None else (kinds, value) for value in values]
            for name, values in self.assigned.items()
        }

    def answer(self) -> tuple[frozenset[str], frozenset[str]]:
        """The names that always hold Numbers, and those of them that are counters used as an index."""
        numeric = frozenset(name for name in self.assigned if self.kinds.is_number(name))
        counters = frozenset(
            name
            for name in numeric & self._index_names
            if name not in self._parameters and self.kinds.is_index(name)
        )
        return numeric, counters
