"""What both evaluators do for a node that is more than control flow: define, construct, call the host, catch."""

from __future__ import annotations

from functools import cache
from types import FunctionType
from typing import TYPE_CHECKING, Any

from lockstep.reference.clojure.runtime.collections import access
from lockstep.reference.clojure.runtime.collections.interface import ArraySeq, iterate_seq
from lockstep.reference.clojure.runtime.collections.maps import Map, MapInterface, map_of, set_of
from lockstep.reference.clojure.runtime.collections.vector import Vector
from lockstep.reference.clojure.runtime.java.classes import CLASSES, JavaClass, class_name_of
from lockstep.reference.clojure.runtime.java.exceptions import Throwable, guest_exception, throwable
from lockstep.reference.clojure.runtime.state.protocols import Protocol
from lockstep.reference.clojure.runtime.state.types import Definition, TypeInstance, make_type
from lockstep.reference.clojure.runtime.state.vars import Var
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.equality import key_of
from lockstep.reference.clojure.runtime.values.faults import Fault, argument_fault, class_cast_fault
from lockstep.reference.clojure.runtime.values.interfaces import Function, ISeq, Metadata, Tried
from lockstep.reference.clojure.runtime.values.names import Symbol, truthy

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment


class LazyRest:
    """The last host argument of a call by `apply` whose arguments are not all made yet."""

    __slots__ = ("sequence",)

    def __init__(self, sequence: ISeq | None) -> None:
        self.sequence = sequence


def rest_seq(values: tuple[Value, ...]) -> ISeq | None:
    """The rest parameter: nil or a sequence of the remaining arguments."""
    if not values:
        return None
    last = values[-1]
    if last.__class__ is LazyRest:
        more: ISeq | None = last.sequence
        assert more is not None  # as one more than the required ones was looked at
        return more.seq() if len(values) == 1 else ArraySeq(values[:-1], 0, more)
    return ArraySeq(values)


def apply(function: Function, arguments: ISeq | None) -> Value:
    """Call `function` with the elements of a sequence; a variadic guest function gets the rest unrealised."""
    if function.__class__ is FunctionType:
        code = function.__code__
        if code.co_flags & 4 and "~" in code.co_name:
            count = code.co_argcount
        else:
            count = function.__dict__.get("fixed", -1)
        if count >= 0:
            return _apply_rest(function, count, arguments)
    own = getattr(function, "apply_to", None)
    if own is not None:
        return own(arguments)
    return function(*iterate_seq(arguments))


def _apply_rest(function: Function, count: int, arguments: ISeq | None) -> Value:
    """RestFn.applyTo: one element more than the required ones is looked at; the rest is not realised."""
    leading: list[Value] = []
    ahead = arguments
    while ahead is not None and len(leading) <= count:
        leading.append(ahead.first())
        if len(leading) == count:
            rest = ahead.rest()
        ahead = ahead.next()
    if len(leading) <= count:
        return function(*leading)
    return function(*leading[:count], LazyRest(arguments if count == 0 else rest.seq()))


def vector_literal(items: list[Value], metadata: Metadata = None) -> Vector:
    """A vector literal."""
    return Vector(items, metadata)


def map_constant(items: list[Value], metadata: Metadata = None) -> Map:
    """A map constant."""
    result = map_of(*items)
    result.metadata = metadata
    return result


def set_constant(items: list[Value], metadata: Metadata = None) -> Value:
    """A set constant."""
    result = set_of(items)
    result.metadata = metadata
    return result


def case_index(table: Map, subject: Value) -> Value:
    """Which body of a `case*` is for `subject`; -1 for the default."""
    return table.settled().get(key_of(subject), -1)


def lookup(target: Tried, key: Value) -> Value:
    """`(get target key)` where `target` is mostly a map or a record."""
    try:
        found: Value = target.table.get(key)
    except AttributeError:
        return access.get(target, key)
    return found


def not_callable(value: Value, *_: Value) -> Value:
    """A call of what is no function."""
    raise class_cast_fault(value, "clojure.lang.IFn")


def with_meta(value: Value, metadata: Metadata) -> Value:
    """`with-meta`; a function is copied."""
    if metadata is not None and not isinstance(metadata, MapInterface):
        raise class_cast_fault(metadata, "clojure.lang.IPersistentMap")
    if value.__class__ is FunctionType:
        copied = FunctionType(
            value.__code__, value.__globals__, value.__name__, value.__defaults__, value.__closure__
        )
        copied.__qualname__ = value.__qualname__
        copied.__dict__.update(value.__dict__)
        copied.__dict__["metadata"] = metadata
        return copied
    method = getattr(value, "with_meta", None)
    if method is None:
        if isinstance(value, TypeInstance):
            return _typed_with_meta(value, metadata)
        raise class_cast_fault(value, "clojure.lang.IObj")
    return method(metadata)


def _typed_with_meta(value: TypeInstance, metadata: Metadata) -> Value:
    copied = value.__class__.__new__(value.__class__)
    copied.__dict__.update(value.__dict__)
    copied.metadata = metadata
    return copied


@cache
def _interop() -> Any:
    # Java's methods: many modules, which most programs do not need.
    from lockstep.reference.clojure.runtime.java.interop import call_method

    return call_method


@cache
def _statics() -> Any:
    from lockstep.reference.clojure.runtime.java import statics

    return statics


@cache
def _constructors() -> Any:
    from lockstep.reference.clojure.runtime.java.constructors import construct

    return construct


class Operations:
    """The operations that need the environment."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.missing = MISSING
        keyword = environment.keyword
        self._ns, self._name, self._macro = keyword("ns"), keyword("name"), keyword("macro")

    def define(self, namespace: str, name: str, value: Value, metadata: Map | None, dynamic: bool) -> Var:
        """`def`: intern a var, set metadata and (unless it is missing) the root."""
        environment = self.environment
        var = environment.namespace(namespace).intern(name)
        if metadata is not None:
            keep = var.macro
            named = dict(metadata.settled())
            named[self._ns] = var.namespace
            named[self._name] = Symbol(None, name)
            var.metadata = Map(named)
            var.macro = (keep and value is MISSING) or truthy(metadata.lookup(self._macro))
        var.dynamic = dynamic or (var.dynamic and value is MISSING)
        if value is not MISSING:
            var.bind_root(value)
            if environment.linking:
                environment.cells["=" + var.key] = value
        return var

    def var(self, namespace: str, name: str) -> Var:
        """The var of this name."""
        return self.environment.namespace(namespace).intern(name)

    def set_var(self, namespace: str, name: str, value: Value) -> Value:
        """`set!` of a var."""
        return self.var(namespace, name).set(value)

    def class_named(self, name: str) -> JavaClass:
        """A class by its full name.

        Raises:
            ClassNotFoundException: there is none.
        """
        found = self.find_class(name)
        if found is None:
            raise Fault("ClassNotFoundException", name)
        return found

    def find_class(self, name: str) -> JavaClass | None:
        """A class by its full name, or None."""
        return self.environment.types.get(name) or CLASSES.get(name)

    def new(self, class_name: str, *arguments: Value) -> Value:
        """`new`."""
        return _constructors()(self.environment, self.class_named(class_name), arguments)

    def method(self, name: str, target: Value, *arguments: Value) -> Value:
        """A method call; without arguments a field will do."""
        return _interop()(self.environment, target, name, arguments)

    def static(self, class_name: str, name: str, *arguments: Value) -> Value:
        """A static method call."""
        return _statics().call_static(self.environment, self.class_named(class_name), name, arguments)

    def static_field(self, class_name: str, name: str) -> Value:
        """A static field."""
        return _statics().static_field(self.environment, self.class_named(class_name), name)

    def own_field(self, target: Tried, name: str) -> Value:
        """A field in a method of the type."""
        try:
            found: Value = target.__dict__["." + name]
        except AttributeError:
            found = target.table[target.field_keys[target.type_fields.index(name)]]
        return found

    def set_own_field(self, target: Value, name: str, value: Value) -> Value:
        """`set!` of a mutable field in a method of the type."""
        target.__dict__["." + name] = value
        return value

    def field(self, target: Value, name: str) -> Value:
        """A field as anybody may read it: mutable ones are private.

        Raises:
            IllegalArgumentException: there is none.
        """
        return _interop()(self.environment, target, name, (), field=True)

    def set_field(self, target: Value, name: str, value: Value) -> Value:
        """`set!` of a field from outside: none can be set.

        Raises:
            IllegalArgumentException, IllegalAccessException: always.
        """
        del value
        if name in getattr(target, "mutable_fields", ()) or name not in getattr(target, "type_fields", ()):
            raise argument_fault(f"No matching field found: {name} for class {class_name_of(target)}")
        raise Fault(
            "IllegalAccessException",
            f"Can not set final java.lang.Object field {class_name_of(target)}.{name} to java.lang.Object",
        )

    def make_type(
        self,
        name: str,
        fields: list[str],
        mutable: list[str],
        is_record: bool,
        interfaces: list[Value],
        methods: list[tuple[str, tuple[int, ...]]],
        functions: list[Function],
        metadata: Metadata = None,
    ) -> Value:
        """`deftype*`: the class; `reify*` (no name): an instance."""
        environment = self.environment
        implemented = []
        for interface in interfaces:
            if not isinstance(interface, (Protocol, JavaClass)):
                raise class_cast_fault(interface, "java.lang.Class")
            implemented.append(interface)
        named = {method: function for (method, _), function in zip(methods, functions)}
        arities = {method: frozenset(counts) for method, counts in methods}
        definition = Definition(name, fields, mutable, is_record, implemented, named, arities)
        if not name:
            number = environment.next_id()
            shown = f"{environment.current.name.replace('-', '_')}$reify__{number}"
            instance = make_type(definition, environment.keyword, shown).host()
            instance.metadata = metadata
            return instance
        made = make_type(definition, environment.keyword)
        environment.types[name] = made
        environment.current.mappings[made.simple_name] = made
        return made

    def import_class(self, name: str) -> JavaClass:
        """`import*`."""
        made = self.class_named(name)
        self.environment.current.mappings[made.simple_name] = made
        return made

    def matches(self, error: Throwable, class_name: str) -> bool:
        """Whether a catch clause takes an exception; an unknown class takes none."""
        found = self.find_class(class_name)
        return found is not None and error.java_class.is_a(found)

    def throwable(self, value: Value) -> Throwable:
        """What `throw` throws.

        Raises:
            ClassCastException: it is no exception.
        """
        if isinstance(value, Throwable):
            return value
        if value is None:
            return throwable("NullPointerException", None)
        raise class_cast_fault(value, "java.lang.Throwable")

    def map_literal(self, items: list[Value]) -> Map:
        """A map of expressions.

        Raises:
            IllegalArgumentException: two keys are equal.
        """
        result = map_of(*items)
        if result.count() * 2 != len(items):
            seen = set()
            for key in items[::2]:
                if key_of(key) in seen:
                    raise argument_fault(f"Duplicate key: {self.environment.print_text(key)}")
                seen.add(key_of(key))
        return result

    def set_literal(self, items: list[Value]) -> Value:
        """A set of expressions.

        Raises:
            IllegalArgumentException: two elements are equal.
        """
        result = set_of(items)
        if result.count() != len(items):
            seen = set()
            for item in items:
                if key_of(item) in seen:
                    raise argument_fault(f"Duplicate key: {self.environment.print_text(item)}")
                seen.add(key_of(item))
        return result


def caught(error: BaseException) -> Throwable:
    """The guest's exception in a handler, cut off from the host frames it came through."""
    thrown = guest_exception(error)
    thrown.__traceback__ = None
    thrown.__context__ = None
    if thrown is not error:
        error.__traceback__ = None
        error.__context__ = None
    return thrown


class _Missing:
    """No argument, no value."""

    __slots__ = ()


MISSING = _Missing()
