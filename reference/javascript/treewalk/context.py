"""ECMA-262 9.4 execution contexts, 6.2.4 completions that are no throws, and 9.2 private environments.

A throw completion is a host exception (`runtime.completions`). Every other completion of a statement is a host
value: a normal completion is its [[Value]] or EMPTY, a break, continue or return completion an `Abrupt`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Callable, Final, Union

from lockstep.reference.host.errors import Location
from lockstep.reference.javascript.runtime.completions import ThrowCompletion
from lockstep.reference.javascript.runtime.environments import EnvironmentRecord
from lockstep.reference.javascript.runtime.objects.function import JSFunction
from lockstep.reference.javascript.runtime.values import Marker, PrivateName, PropertyKey, Value

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.operations.resources import DisposeCapability
    from lockstep.reference.javascript.syntax.ast import Node, Source
    from lockstep.reference.javascript.treewalk.coroutines import Coroutine
    from lockstep.reference.javascript.treewalk.reference_record import Reference

EMPTY: Final = Marker("empty")
"""The [[Value]] of a normal completion that has none."""

FunctionName = Union[PropertyKey, PrivateName]
"""What a function or class is named after."""

_SHOWN_FRAMES: Final = 10


class Abrupt:
    """6.2.4 a break, continue or return completion.

    Attributes:
        kind: `break`, `continue` or `return`.
        value: [[Value]], or EMPTY.
        target: [[Target]], the label, or None.
    """

    __slots__ = ("kind", "target", "value")

    def __init__(self, kind: str, value: Value, target: str | None = None) -> None:
        self.kind = kind
        self.value = value
        self.target = target


Completion = Union[Value, Abrupt]
"""6.2.4 a completion that is no throw: a value, EMPTY, or an abrupt one."""


def update_empty(completion: Completion, value: Value) -> Completion:
    """6.2.4.4 UpdateEmpty."""
    if isinstance(completion, Abrupt):
        if completion.value is EMPTY and completion.kind != "return":
            return Abrupt(completion.kind, value, completion.target)
        return completion
    return value if completion is EMPTY else completion


class PrivateEnvironment:
    """9.2 PrivateEnvironment Record: the private names of a class, by the text after and with the `#`."""

    __slots__ = ("names", "outer")

    def __init__(self, outer: PrivateEnvironment | None) -> None:
        self.names: dict[str, PrivateName] = {}
        self.outer = outer

    def resolve(self, identifier: str) -> PrivateName:
        """9.2.1.2 ResolvePrivateIdentifier; the parser made sure that it is declared."""
        environment: PrivateEnvironment | None = self
        while environment is not None:
            if identifier in environment.names:
                return environment.names[identifier]
            environment = environment.outer
        raise AssertionError(identifier)

    def all_names(self) -> frozenset[str]:
        """The identifiers that are declared here or further out."""
        own = frozenset(self.names)
        return own if self.outer is None else own | self.outer.all_names()


class Productions:
    """The evaluator's functions, by class of node."""

    __slots__ = ("expressions", "named", "references", "statements")

    def __init__(
        self,
        expressions: Mapping[type[Node], Callable[[Node, ExecutionContext], Value]],
        references: Mapping[type[Node], Callable[[Node, ExecutionContext], Reference]],
        statements: Mapping[type[Node], Callable[[Node, ExecutionContext], Completion]],
        named: Callable[[Node, FunctionName, ExecutionContext], Value],
    ) -> None:
        self.expressions = expressions
        self.references = references
        self.statements = statements
        self.named = named


class ExecutionContext:
    """9.4 an execution context of ECMAScript code.

    Attributes:
        realm: Realm.
        productions: the evaluator's functions.
        environment: LexicalEnvironment.
        variable_environment: VariableEnvironment.
        private_environment: PrivateEnvironment.
        function: the function object, or None at top level.
        strict: whether the code is strict.
        source: the source text of the code, for locations.
        script_or_module: the Script Record or Module Record, for import() and import.meta.
        coroutine: what suspends the code of a generator or async function.
        is_async_generator: whether that is an async generator.
        resources: [[DisposeCapability]] of the innermost scope with `using` declarations.
        name: what tracebacks call the code.
        hoisted: the functions in blocks that B.3.2 made variables, in this global or eval code.
    """

    __slots__ = (
        "coroutine",
        "environment",
        "function",
        "hoisted",
        "is_async_generator",
        "name",
        "private_environment",
        "productions",
        "realm",
        "resources",
        "script_or_module",
        "source",
        "strict",
        "variable_environment",
    )

    def __init__(
        self,
        productions: Productions,
        realm: Realm,
        environment: EnvironmentRecord,
        source: Source,
        *,
        strict: bool,
        private_environment: PrivateEnvironment | None = None,
        function: JSFunction | None = None,
        script_or_module: Any = None,
        name: str = "",
    ) -> None:
        self.productions = productions
        self.realm = realm
        self.environment = environment
        self.variable_environment = environment
        self.private_environment = private_environment
        self.function = function
        self.strict = strict
        self.source = source
        self.script_or_module = script_or_module
        self.coroutine: Coroutine | None = None
        self.is_async_generator = False
        self.name = name
        self.resources: DisposeCapability | None = None
        self.hoisted: frozenset[str] | None = None

    def evaluate(self, node: Node) -> Value:
        """The value of an expression: its evaluation, and GetValue of the result."""
        return self.productions.expressions[node.__class__](node, self)

    def reference(self, node: Node) -> Reference:
        """The Reference Record that an expression evaluates to."""
        return self.productions.references[node.__class__](node, self)

    def named_evaluation(self, node: Node, name: FunctionName) -> Value:
        """8.4.5 NamedEvaluation of an anonymous function or class; `name` is a key or Private Name."""
        return self.productions.named(node, name, self)

    def execute(self, node: Node) -> Completion:
        """The completion of a statement."""
        try:
            return self.productions.statements[node.__class__](node, self)
        except ThrowCompletion as error:
            self.record_location(error, node)
            raise

    def record_location(self, error: ThrowCompletion, node: Node) -> None:
        """Note where in the guest's code an error passes: once for each context, innermost first."""
        frames = getattr(error, "frames", None)
        if frames is None:
            frames = error.frames = []
        elif error.passed is self or len(frames) >= _SHOWN_FRAMES:
            return
        error.passed = self
        frames.append((self.name, Location(self.source.name, node.line, node.column + 1)))

    def step(self) -> None:
        """Take one step of the budget: at function entry and at each turn of a loop."""
        self.realm.agent.budget.step()
