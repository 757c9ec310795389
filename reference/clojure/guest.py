"""Clojure in the hands of an embedder: see docs/embedding.md for what becomes of which value."""

from __future__ import annotations

import decimal
import fractions
import uuid
from collections.abc import Iterator
from typing import Any, Callable

from lockstep.reference.clojure.runtime.collections import access, interface
from lockstep.reference.clojure.runtime.collections.interface import Sequential
from lockstep.reference.clojure.runtime.collections.maps import (
    MapInterface,
    SetInterface,
    map_of_pairs,
    set_of,
)
from lockstep.reference.clojure.runtime.collections.vector import vector_of
from lockstep.reference.clojure.runtime.environment import Environment
from lockstep.reference.clojure.runtime.java.exceptions import Throwable, guest_exception, throwable
from lockstep.reference.clojure.runtime.java.interop import call_method  # noqa: TID253  # embedders wait for it
from lockstep.reference.clojure.runtime.operations import not_callable
from lockstep.reference.clojure.runtime.state.types import Record
from lockstep.reference.clojure.runtime.state.vars import Namespace, Unbound, Var
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.faults import Fault
from lockstep.reference.clojure.runtime.values.literals import Identifier
from lockstep.reference.clojure.runtime.values.names import (
    TRUE,
    Boolean,
    Char,
    Keyword,
    Symbol,
    boolean,
    split_name,
)
from lockstep.reference.clojure.runtime.values.numbers import BigDecimal, BigInt, BigInteger, Ratio
from lockstep.reference.clojure.state import ClojureState, report
from lockstep.reference.host.embedding import names
from lockstep.reference.host.embedding.errors import GuestError
from lockstep.reference.host.embedding.guest import (
    Failure,
    Guest,
    HostError,
    MissingKey,
    NoFormError,
    Opening,
    public_attribute,
)
from lockstep.reference.host.engine import Program
from lockstep.reference.host.errors import ErrorReport
from lockstep.reference.host.limits import Budget

_LONG_BOUND = 1 << 63
# Sequences are realised that far for the host; longer ones, and endless ones, are handles.
_LONGEST = 100_000
_DEEPEST_CAUSE = 16


class HostFunction:
    """A function of the host's."""

    __slots__ = ("guest", "original")

    def __init__(self, guest: ClojureGuest, original: Callable[..., object]) -> None:
        self.guest = guest
        self.original = original

    def __call__(self, *arguments: Value) -> Value:
        """Call it, as guests do."""
        return self.guest.call_out(self.original, list(arguments))

    def apply_to(self, arguments: Value) -> Value:
        """Call it with the elements of a sequence."""
        return self(*interface.iterate(arguments))


class _AnyCount:
    """As many arguments as the host takes, for every method."""

    def __contains__(self, count: object) -> bool:
        return True

    def __getitem__(self, name: str) -> _AnyCount:
        return self


class HostObject:
    """An object of the host's: `(.name object)`, `(.method object argument)` and `(:name object)` read its public attributes."""

    __slots__ = ("__weakref__", "guest", "original")

    def __init__(self, guest: ClojureGuest, original: object) -> None:
        self.guest = guest
        self.original = original

    @property
    def java_methods(self) -> dict[str, Callable[..., Value]]:
        """What interop finds."""
        return _Members(self)

    @property
    def method_arities(self) -> object:
        """See `java_methods`."""
        return _AnyCount()

    def lookup(self, key: Value, default: Value = None) -> Value:
        """`(get object key)`."""
        name = key.name if isinstance(key, Keyword) else key
        if not isinstance(name, str):
            return default
        try:
            return self.guest.to_guest(public_attribute(self.original, name))
        except AttributeError:
            return default


class _Members(dict[str, Any]):
    """The public attributes of a host object, as methods."""

    def __init__(self, target: HostObject) -> None:
        super().__init__()
        self.target = target

    def __contains__(self, name: object) -> bool:
        try:
            public_attribute(self.target.original, str(name))
        except AttributeError:
            return False
        return True

    def __getitem__(self, name: str) -> object:
        target = self.target
        found = public_attribute(target.original, name)

        def method(_: Value, *arguments: Value) -> Value:
            if callable(found):
                return target.guest.call_out(found, list(arguments))
            return target.guest.to_guest(found)

        return method


class ClojureGuest(Guest):
    """One environment, for an embedder."""

    def __init__(self, environment: Environment, opening: Opening) -> None:
        super().__init__(opening)
        self.environment = environment
        environment.files = opening.files
        self.state = ClojureState(environment)

    # Running

    def use_budget(self, budget: Budget) -> None:
        """See Guest."""
        self.state.use_budget(budget)

    def evaluate(self, program: Program) -> Value:
        """See Guest: the value of the last form."""
        return self.state.within(lambda: self.state.value_of(program))

    def call(self, function: Value, arguments: list[Value]) -> Value:
        """See Guest: functions, keywords, maps, vars."""
        if not callable(function):
            return not_callable(function)
        return self.state.within(lambda: function(*arguments))

    def invoke(self, target: Value, name: str, arguments: list[Value]) -> Value:
        """See Guest: `(.name target ...)`."""
        return self.state.within(lambda: call_method(self.environment, target, name, tuple(arguments)))

    # Globals

    def _var(self, name: str) -> Var:
        found = self.environment.resolve(Symbol.parse(name))
        if not isinstance(found, Var) or found.deref().__class__ is Unbound:
            raise MissingKey(name)
        return found

    def get_global(self, name: str) -> Value:
        """See Guest: the value of a var, by its name in `*ns*` or with its namespace."""
        return self._var(name).deref()

    def set_global(self, name: str, value: Value) -> None:
        """See Guest: the root of a var of `*ns*`, or of the namespace that is named."""
        namespace, short = split_name(name)
        current: Namespace = self.environment.current
        target = current if namespace is None else self.environment.namespace(namespace)
        target.intern(short).bind_root(value)

    def delete_global(self, name: str) -> None:
        """See Guest: `ns-unmap`."""
        found = self._var(name)
        found.namespace.mappings.pop(found.name, None)

    # What handles do

    def get_item(self, target: Value, key: Value) -> Value:
        """See Guest: `get`; nil where there is nothing."""
        return self.state.within(lambda: access.get(target, key))

    def set_item(self, target: Value, key: Value, value: Value) -> None:
        """See Guest: nothing can be set in what handles stand for."""
        raise Fault("UnsupportedOperationException", "values do not change: use assoc, or a reference")

    def length(self, target: Value) -> int:
        """See Guest: `count`."""
        return int(self.state.within(lambda: access.count(target)))

    def keys(self, target: Value) -> Iterator[Value]:
        """See Guest: the keys of a map, the elements of what else can be a sequence."""
        if isinstance(target, MapInterface):
            return iter([entry.key() for entry in target.entries()])
        return iter(self.state.within(lambda: self._elements(target, None)))

    def _elements(self, sequence: Value, most: int | None) -> list[Value]:
        found: list[Value] = []
        for one in interface.iterate(sequence):
            self.environment.step()
            if most is not None and len(found) >= most:
                raise NoFormError
            found.append(one)
        return found

    def text(self, value: Value) -> str:
        """See Guest: `str`."""
        return str(self.state.within(lambda: self.environment.printer.string(value)))

    def kind(self, value: Value) -> str:
        """See Guest: the simple name of the class."""
        if isinstance(value, (HostObject, HostFunction)):
            return "host"
        return (
            "function"
            if callable(value) and not hasattr(value, "java_class")
            else str(access.simple_class_name(value))
        )

    # Errors

    def failure(self, error: BaseException) -> Failure:
        """See Guest."""
        if isinstance(error, SystemExit):
            told = ErrorReport("eval", "value_error", "exit", f"the program asked to exit ({error.code})")
            return Failure(told, (error.code,))
        if not isinstance(error, Exception):
            raise error
        found = report(self.environment, error)
        if found.phase != "eval":
            return Failure(found)
        thrown = guest_exception(error)
        thrown.__traceback__ = None
        return Failure(found, (thrown,), self._cause(thrown, _DEEPEST_CAUSE), getattr(thrown, "origin", None))

    def _cause(self, thrown: Throwable, deepest: int) -> Failure | None:
        cause = thrown.cause
        if not isinstance(cause, Throwable) or deepest == 0:
            return None
        return Failure(report(self.environment, cause), (cause,), self._cause(cause, deepest - 1))

    def call_out(self, function: Callable[..., object], arguments: list[Value]) -> Value:
        """Call a host function with guest values."""
        try:
            return self.result_of(self.called_host(function, arguments))
        except HostError as error:
            raised = error.original
        raise self.thrown(raised)

    def thrown(self, error: BaseException) -> Throwable:
        """What a host function's exception is inside: the guest's own as it was, or a RuntimeException."""
        if isinstance(error, GuestError) and error.value is not None:
            value = self.to_guest(error.value)
            if isinstance(value, Throwable):
                return value
        made = throwable("RuntimeException", f"{type(error).__name__}: {error}")
        made.origin = error
        return made

    # Values

    def host_form(self, value: Value, seen: dict[int, object]) -> object:
        """See Guest."""
        if value is None or value.__class__ in (int, float, str):
            return value
        if isinstance(value, Boolean):
            return value is TRUE
        if isinstance(value, (HostObject, HostFunction)):
            return value.original
        found = _SCALARS.get(value.__class__)
        if found is not None:
            return found(value)
        if isinstance(value, Record):
            raise NoFormError
        if isinstance(value, MapInterface):
            return self._host_dict(value)
        if isinstance(value, SetInterface):
            return self._host_set(value)
        if isinstance(value, Sequential):
            return [self.to_host(one) for one in self.state.within(lambda: self._elements(value, _LONGEST))]
        raise NoFormError

    def _host_dict(self, value: MapInterface) -> dict[object, object]:
        made: dict[object, object] = {}
        entries = value.entries()
        self.environment.budget.take(len(entries) >> 4)
        for entry in entries:
            made[self._host_key(entry.key())] = self.to_host(entry.value())
        if len(made) != len(entries):
            raise NoFormError
        return made

    def _host_set(self, value: SetInterface) -> set[object]:
        elements = self._elements(value, None)
        made = {self._host_key(one) for one in elements}
        # Two of the guest's may be one for the host: 1 and 1.0, :a and "a".
        if len(made) != len(elements):
            raise NoFormError
        return made

    def _host_key(self, key: Value) -> object:
        """A key or element: lists become tuples, since those have a hash."""
        found = self.to_host(key)
        if isinstance(found, list):
            found = tuple(found)
        try:
            hash(found)
        except TypeError:
            return self.embedder.handle(key)
        return found

    def guest_form(self, value: object, seen: dict[int, object]) -> Value:
        """See Guest."""
        if value is None:
            return None
        if isinstance(value, bool):
            return boolean(value)
        if isinstance(value, names.Keyword):
            return self.environment.interner.parse(str(value))
        if isinstance(value, names.Symbol):
            return Symbol.parse(str(value))
        if isinstance(value, str):
            return str(value)
        if isinstance(value, float):
            return float(value)
        if isinstance(value, int):
            return int(value) if -_LONG_BOUND <= value < _LONG_BOUND else BigInt(int(value))
        if isinstance(value, fractions.Fraction):
            whole = value.denominator == 1
            return (
                self.guest_form(value.numerator, seen) if whole else Ratio(value.numerator, value.denominator)
            )
        if isinstance(value, decimal.Decimal):
            return BigDecimal.parse(str(value))
        if isinstance(value, uuid.UUID):
            return Identifier(value.int)
        if isinstance(value, (list, tuple, dict, set, frozenset)):
            return self._guest_collection(value, seen)
        if callable(value):
            return HostFunction(self, value)
        return self.stand_in(value, lambda original: HostObject(self, original))

    def _guest_collection(self, value: Any, seen: dict[int, Any]) -> Value:
        if id(value) in seen:
            raise ValueError("a collection of Clojure's cannot hold itself")
        seen[id(value)] = value
        if isinstance(value, dict):
            made: Value = map_of_pairs(
                [(self.to_guest(key, seen), self.to_guest(one, seen)) for key, one in value.items()]
            )
        elif isinstance(value, (set, frozenset)):
            made = set_of([self.to_guest(one, seen) for one in value])
        else:
            made = vector_of(*[self.to_guest(one, seen) for one in value])
        del seen[id(value)]
        return made

    # Life

    def roots_of_state(self) -> tuple[list[object], list[object]]:
        """See Guest."""
        environment = self.environment
        exempt = [environment.interner, environment.budget, environment.output, environment.engine]
        return [environment], [*exempt, environment.evaluator, self.state]

    def close(self) -> None:
        """See Guest."""


_SCALARS: dict[type, Callable[[Any], object]] = {
    Keyword: lambda value: names.Keyword(value.text),
    Symbol: lambda value: names.Symbol(value.text),
    Char: lambda value: str(value.value),
    BigInt: lambda value: value.value,
    BigInteger: lambda value: value.value,
    Ratio: lambda value: fractions.Fraction(value.numerator, value.denominator),
    BigDecimal: lambda value: decimal.Decimal(value.unscaled).scaleb(-value.scale),
    Identifier: lambda value: uuid.UUID(int=value.number),
}
