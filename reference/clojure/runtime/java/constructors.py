"""Constructors of the Java classes that portable code uses."""

# ruff: noqa: PLW0108  # a lambda fixes how many arguments a guest may pass
from __future__ import annotations

import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.clojure.runtime.collections import access
from lockstep.reference.clojure.runtime.collections.vector import MapEntry, Vector
from lockstep.reference.clojure.runtime.java.classes import CLASSES, JavaClass
from lockstep.reference.clojure.runtime.java.exceptions import Throwable
from lockstep.reference.clojure.runtime.java.parsing import parse_big_integer, parse_double, parse_long
from lockstep.reference.clojure.runtime.java.streams import StringBuilder, StringWriter, TextReader
from lockstep.reference.clojure.runtime.values.faults import (
    argument_fault,
    index_fault,
)
from lockstep.reference.clojure.runtime.values.literals import Identifier, Instant, Location
from lockstep.reference.clojure.runtime.values.names import TRUE, boolean
from lockstep.reference.clojure.runtime.values.numbers import (
    BigDecimal,
    BigInteger,
    to_decimal,
)

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment

Value = Any
Method = Callable[..., Value]


def _text(environment: Environment, value: Value) -> str:
    return str(environment.printer.string(value))


def _new_string(environment: Environment, *values: Value) -> str:
    if not values:
        return ""
    if values[0].__class__ is access.Array:
        if values[0].component == "byte":
            return bytes(one & 255 for one in values[0].items).decode("utf-8", "replace")
        return "".join(one.value for one in values[0].items)
    return _text(environment, values[0])


def _new_number(parse: Callable[[Value], Value]) -> Callable[..., Value]:
    return lambda _, value: parse(value) if isinstance(value, str) else value


def _new_decimal(value: Value) -> BigDecimal:
    if value.__class__ is str:
        return BigDecimal.parse(value)
    if value.__class__ is float:
        # The double as it is, not as it is written.
        exact = Decimal(value).as_tuple()
        assert isinstance(exact.exponent, int)
        unscaled = int("".join(map(str, exact.digits)))
        return BigDecimal(-unscaled if exact.sign else unscaled, -exact.exponent)
    return to_decimal(value)


_CONSTRUCTORS: dict[str, Callable[..., Value]] = {
    "java.lang.String": _new_string,
    "java.lang.Object": lambda _: HostObject(),
    "java.lang.StringBuilder": lambda env, value="": StringBuilder(
        env, "" if value.__class__ is int else value
    ),
    "java.lang.StringBuffer": lambda env, value="": StringBuilder(
        env, "" if value.__class__ is int else value
    ),
    "java.io.StringWriter": lambda env: StringWriter(env),
    "java.io.StringReader": lambda _, text: TextReader(text),
    "java.io.PushbackReader": lambda _, reader, *__: reader,
    "java.io.BufferedReader": lambda _, reader: reader,
    "clojure.lang.LineNumberingPushbackReader": lambda _, reader, *__: _numbered(reader),
    "java.lang.Long": _new_number(parse_long),
    "java.lang.Integer": _new_number(parse_long),
    "java.lang.Double": _new_number(parse_double),
    "java.lang.Boolean": lambda _, x: boolean((isinstance(x, str) and x.lower() == "true") or x is TRUE),
    "java.math.BigDecimal": lambda _, x, *__: _new_decimal(x),
    "java.math.BigInteger": lambda _, text, radix=10: BigInteger(parse_big_integer(text, radix)),
    "java.util.Date": lambda _, ms=None: Instant(time.time_ns() // 1_000_000 if ms is None else ms),
    "java.util.UUID": lambda _, high, low: Identifier((high & (1 << 64) - 1) << 64 | low & (1 << 64) - 1),
    "java.net.URI": lambda _, text: Location(text),
    "clojure.lang.MapEntry": lambda _, key, value: MapEntry(key, value),
    "java.util.ArrayList": lambda _, items=None: HostList(list(access.iterate(items)) if items != 0 else []),
    "clojure.lang.ExceptionInfo": lambda _, message, data, cause=None: Throwable(
        CLASSES["clojure.lang.ExceptionInfo"], message, cause, data
    ),
    "clojure.lang.ArityException": lambda _, count, name: Throwable(
        CLASSES["clojure.lang.ArityException"], f"Wrong number of args ({count}) passed to: {name}"
    ),
}


def _numbered(reader: TextReader) -> TextReader:
    reader.numbered = True
    return reader


class HostObject:
    """A java.lang.Object."""

    __slots__ = ()


class HostList:
    """A java.util.ArrayList."""

    __slots__ = ("items",)

    def __init__(self, items: list[Value]) -> None:
        self.items = items

    def guest_add(self, value: Value) -> Value:
        """Add an element."""
        self.items.append(value)
        return TRUE

    def guest_toArray(self) -> Value:  # Java's name
        """The elements as an array."""
        return access.Array("object", list(self.items))

    def guest_clear(self) -> None:
        """Remove every element."""
        self.items.clear()

    def count(self) -> int:
        """How many elements there are."""
        return len(self.items)

    def seq(self) -> Value:
        """A sequence of the elements as they are now."""
        return Vector(list(self.items)).seq()

    def nth(self, index: int) -> Value:
        """The element at `index`."""
        if 0 <= index < len(self.items):
            return self.items[index]
        raise index_fault()

    def __iter__(self) -> Any:
        return iter(self.items)


def construct(environment: Environment, java_class: JavaClass, arguments: tuple[Value, ...]) -> Value:
    """`(new Class arguments)`.

    Raises:
        IllegalArgumentException: the class has no such constructor.
    """
    if java_class.host is not None:
        return java_class.host(*arguments)
    made = _CONSTRUCTORS.get(java_class.name)
    if made is not None:
        return made(environment, *arguments)
    if java_class.is_a(CLASSES["java.lang.Throwable"]):
        return _new_throwable(environment, java_class, arguments)
    raise argument_fault(f"No matching ctor found for class {java_class.name}")


def _new_throwable(
    environment: Environment, java_class: JavaClass, arguments: tuple[Value, ...]
) -> Throwable:
    message: str | None = None
    cause = None
    for index, argument in enumerate(arguments):
        if isinstance(argument, Throwable):
            cause = argument
            if index == 0:
                message = argument.to_string()
        elif argument is not None:
            if not isinstance(argument, str) and java_class.name != "java.lang.AssertionError":
                raise argument_fault(f"No matching ctor found for class {java_class.name}")
            message = _text(environment, argument)
    return Throwable(java_class, message, cause)
