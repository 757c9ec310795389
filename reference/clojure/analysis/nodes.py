"""The nodes that both evaluators run. They hold no state of an environment: vars are named, not referenced."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lockstep.reference.clojure.runtime.state.vars import cell_name
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.numbers import is_number

PRIMITIVES = ("boolean", "byte", "char", "short", "int", "long", "float", "double")


class Binding:
    """A local: its name, its slot in the frame of its function, and a number unique in the top-level form.

    Attributes:
        init: what a `let*` or `loop*` binds it to.
        steps: what each `recur` binds it to.
        hint: the primitive type that a parameter is hinted with.
    """

    __slots__ = ("hint", "init", "name", "number", "slot", "steps")

    def __init__(self, name: str, slot: int, number: int) -> None:
        self.name = name
        self.slot = slot
        self.number = number
        self.init: Node | None = None
        self.steps: list[Node] = []
        self.hint: str | None = None


class Node:
    """A node with its guest position."""

    __slots__ = ("column", "line")

    line: int
    column: int


class Const(Node):
    """A constant."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    @property
    def is_number(self) -> bool:
        """Whether the value is a number."""
        return is_number(self.value)


class FreshNaN(Node):
    """NaN boxed anew: a primitive local that holds it, or an element of a literal collection."""

    __slots__ = ()


class LocalRef(Node):
    """A local; `slot` is where it stands in the frame of the function at hand."""

    __slots__ = ("binding", "slot")

    def __init__(self, binding: Binding, slot: int) -> None:
        self.binding = binding
        self.slot = slot


class VarRef(Node):
    """The value of a var."""

    __slots__ = ("name", "namespace")

    def __init__(self, namespace: str, name: str) -> None:
        self.namespace = namespace
        self.name = name

    @property
    def key(self) -> str:
        """Where the root stands in the cells."""
        return cell_name(self.namespace, self.name)


class Linked(VarRef):
    """A function of a library that is called without looking at its var (direct linking, `:inline`)."""

    __slots__ = ()

    @property
    def key(self) -> str:
        """Where the function stands in the cells."""
        return f"={self.namespace}/{self.name}"


class TheVar(VarRef):
    """The var itself: `(var x)`."""

    __slots__ = ()


class ClassRef(Node):
    """A class by its full name, looked up when it is executed; one that is unknown throws then."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class If(Node):
    """`if`."""

    __slots__ = ("alternative", "consequent", "test")

    def __init__(self, test: Node, consequent: Node, alternative: Node) -> None:
        self.test = test
        self.consequent = consequent
        self.alternative = alternative


class Do(Node):
    """`do`: statements, then the result."""

    __slots__ = ("result", "statements")

    def __init__(self, statements: list[Node], result: Node) -> None:
        self.statements = statements
        self.result = result


class Let(Node):
    """`let*`."""

    __slots__ = ("bindings", "body")

    def __init__(self, bindings: list[tuple[Binding, Node]], body: Node) -> None:
        self.bindings = bindings
        self.body = body


class Target:
    """What a `recur` returns to: a loop or an arity."""

    __slots__ = ("bindings", "recurs", "variadic")

    def __init__(self, bindings: list[Binding], *, variadic: bool = False) -> None:
        self.bindings = bindings
        self.variadic = variadic
        self.recurs: list[Recur] = []


class Loop(Node):
    """`loop*`."""

    __slots__ = ("bindings", "body", "target")

    def __init__(self, bindings: list[tuple[Binding, Node]], body: Node, target: Target) -> None:
        self.bindings = bindings
        self.body = body
        self.target = target


class Recur(Node):
    """`recur` to its target."""

    __slots__ = ("arguments", "target")

    def __init__(self, target: Target, arguments: list[Node]) -> None:
        self.target = target
        self.arguments = arguments


class Arity:
    """One arity of a function; `rest` is the binding of the remaining arguments."""

    __slots__ = ("body", "parameters", "rest", "target")

    def __init__(self, parameters: list[Binding], rest: Binding | None, body: Node, target: Target) -> None:
        self.parameters = parameters
        self.rest = rest
        self.body = body
        self.target = target

    @property
    def counts(self) -> range:
        """How many arguments it takes; a method takes no more than 20 and its object."""
        least = len(self.parameters)
        return range(least, least + 1 if self.rest is None else 22)


class Fn(Node):
    """`fn*`.

    Attributes:
        name: as it is shown, with the namespace.
        own: the binding of the function's own name, or None.
        captures: (slot outside, slot inside) of the locals that it closes over.
        captured: the bindings of those locals.
        size: how many slots a frame has.
    """

    __slots__ = ("arities", "captured", "captures", "metadata", "name", "own", "size")

    def __init__(self, name: str, own: Binding | None, arities: list[Arity]) -> None:
        self.name = name
        self.own = own
        self.arities = arities
        self.captures: list[tuple[int, int]] = []
        self.captured: list[Binding] = []
        self.size = 0
        self.metadata: Node | None = None


class Letfn(Node):
    """`letfn*`: functions that see each other."""

    __slots__ = ("bindings", "body")

    def __init__(self, bindings: list[tuple[Binding, Fn]], body: Node) -> None:
        self.bindings = bindings
        self.body = body


class Invoke(Node):
    """A call."""

    __slots__ = ("arguments", "function")

    def __init__(self, function: Node, arguments: list[Node]) -> None:
        self.function = function
        self.arguments = arguments


class Def(Node):
    """`def`: interns a var; `init` is None for a declaration."""

    __slots__ = ("dynamic", "init", "metadata", "name", "namespace")

    def __init__(
        self, namespace: str, name: str, init: Node | None, metadata: Node | None, dynamic: bool
    ) -> None:
        self.namespace = namespace
        self.name = name
        self.init = init
        self.metadata = metadata
        self.dynamic = dynamic


class SetVar(Node):
    """`set!` of a var."""

    __slots__ = ("name", "namespace", "value")

    def __init__(self, namespace: str, name: str, value: Node) -> None:
        self.namespace = namespace
        self.name = name
        self.value = value


class SetField(Node):
    """`set!` of a field; `own` in a method of the type."""

    __slots__ = ("field", "own", "target", "value")

    def __init__(self, target: Node, field: str, value: Node, *, own: bool) -> None:
        self.own = own
        self.target = target
        self.field = field
        self.value = value


class Throw(Node):
    """`throw`."""

    __slots__ = ("exception",)

    def __init__(self, exception: Node) -> None:
        self.exception = exception


class Catch:
    """A catch clause."""

    __slots__ = ("binding", "body", "class_name")

    def __init__(self, class_name: str, binding: Binding, body: Node) -> None:
        self.class_name = class_name
        self.binding = binding
        self.body = body


class Try(Node):
    """`try`."""

    __slots__ = ("body", "catches", "final")

    def __init__(self, body: Node, catches: list[Catch], final: Node | None) -> None:
        self.body = body
        self.catches = catches
        self.final = final


class Case(Node):
    """`case*`: constants to bodies; `groups` are (constants, body)."""

    __slots__ = ("default", "groups", "subject")

    def __init__(self, subject: Node, groups: list[tuple[list[Value], Node]], default: Node) -> None:
        self.subject = subject
        self.groups = groups
        self.default = default


class VectorOf(Node):
    """A vector whose elements are expressions."""

    __slots__ = ("items",)

    def __init__(self, items: list[Node]) -> None:
        self.items = items


class MapOf(Node):
    """A map of expressions, keys and values alternating."""

    __slots__ = ("items",)

    def __init__(self, items: list[Node]) -> None:
        self.items = items


class SetOf(Node):
    """A set of expressions."""

    __slots__ = ("items",)

    def __init__(self, items: list[Node]) -> None:
        self.items = items


class WithMeta(Node):
    """An expression whose value gets metadata."""

    __slots__ = ("metadata", "value")

    def __init__(self, value: Node, metadata: Node) -> None:
        self.value = value
        self.metadata = metadata


class New(Node):
    """`(new Class args)`."""

    __slots__ = ("arguments", "class_name")

    def __init__(self, class_name: str, arguments: list[Node]) -> None:
        self.class_name = class_name
        self.arguments = arguments


class MethodCall(Node):
    """`(.method target args)`."""

    __slots__ = ("arguments", "method", "target")

    def __init__(self, target: Node, method: str, arguments: list[Node]) -> None:
        self.target = target
        self.method = method
        self.arguments = arguments


class FieldRef(Node):
    """`(.-field target)`, and (`own`) the fields of a type inside its methods."""

    __slots__ = ("field", "own", "target")

    def __init__(self, target: Node, field: str, *, own: bool = False) -> None:
        self.own = own
        self.target = target
        self.field = field


class StaticCall(Node):
    """`(Class/method args)`."""

    __slots__ = ("arguments", "class_name", "method")

    def __init__(self, class_name: str, method: str, arguments: list[Node]) -> None:
        self.class_name = class_name
        self.method = method
        self.arguments = arguments


class StaticField(Node):
    """`Class/FIELD`."""

    __slots__ = ("class_name", "field")

    def __init__(self, class_name: str, field: str) -> None:
        self.class_name = class_name
        self.field = field


class TypeDefinition(Node):
    """`deftype*`, and `reify*` where `name` is empty.

    Attributes:
        name: the full class name.
        fields: names in order.
        mutable: the names of those that `set!` may change.
        interfaces: nodes that give protocols and classes.
        methods: (name, function whose first parameter is the object).
        metadata: of the instance that a `reify*` makes.
    """

    __slots__ = ("fields", "interfaces", "is_record", "metadata", "methods", "mutable", "name")

    def __init__(
        self,
        name: str,
        fields: list[str],
        mutable: list[str],
        interfaces: list[Node],
        methods: list[tuple[str, Fn]],
        is_record: bool,
    ) -> None:
        self.name = name
        self.fields = fields
        self.mutable = mutable
        self.interfaces = interfaces
        self.methods = methods
        self.is_record = is_record
        self.metadata: Node | None = None

    @property
    def arities(self) -> list[tuple[str, tuple[int, ...]]]:
        """The names of the methods, and how many arguments they take."""
        return [
            (name, tuple(count for arity in function.arities for count in arity.counts))
            for name, function in self.methods
        ]


class Import(Node):
    """`import*`."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


def children(node: Node) -> Iterator[Node]:
    """The nodes that stand directly in a node."""
    pending: list[Any] = [
        getattr(node, slot, None) for kind in type(node).__mro__ for slot in getattr(kind, "__slots__", ())
    ]
    while pending:
        part = pending.pop()
        if isinstance(part, Node):
            yield part
        elif isinstance(part, (list, tuple)):
            pending.extend(part)
        elif isinstance(part, (Arity, Catch)):
            yield part.body
