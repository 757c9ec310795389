"""Constructors of the Java classes that portable code uses."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import TYPE_CHECKING, Callable, cast

from lockstep.reference.clojure.runtime.arity import of_one
from lockstep.reference.clojure.runtime.collections import access
from lockstep.reference.clojure.runtime.collections.vector import MapEntry, Vector
from lockstep.reference.clojure.runtime.java.classes import CLASSES, JavaClass
from lockstep.reference.clojure.runtime.java.collections import (
    HostList,
    HostMap,
    HostSet,
    items_of,
    pairs_of,
    sorted_map_comparator,
)
from lockstep.reference.clojure.runtime.java.exceptions import Throwable, refuses_call
from lockstep.reference.clojure.runtime.java.parsing import parse_big_integer, parse_double, parse_long
from lockstep.reference.clojure.runtime.java.streams import StringBuilder, StringWriter, TextReader
from lockstep.reference.clojure.runtime.java.threads import JavaThread, ThreadLocal
from lockstep.reference.clojure.runtime.java.utilities import File, Random, to_bytes
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.faults import (
    argument_fault,
)
from lockstep.reference.clojure.runtime.values.literals import Identifier, Instant, Location
from lockstep.reference.clojure.runtime.values.names import TRUE, Char, boolean
from lockstep.reference.clojure.runtime.values.numbers import (
    BigDecimal,
    BigInteger,
    is_nan,
    not_a_number,
    to_decimal,
    to_double,
    to_exact_integer,
)

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment

Method = Callable[..., Value]


def _text(environment: Environment, value: Value) -> str:
    return str(environment.printer.string(value))


def _new_string(environment: Environment, *values: Value) -> str:
    if not values:
        return ""
    source = values[0]
    if source.__class__ is access.Array:
        if source.component == "byte":
            return to_bytes(source).decode("utf-8", "replace")
        start = to_exact_integer(values[1]) if len(values) > 2 else 0
        end = start + to_exact_integer(values[2]) if len(values) > 2 else None
        return "".join(one.value for one in cast("list[Char]", source.items[start:end]))
    return _text(environment, values[0])


def _new_number(parse: Callable[[str], Value]) -> Callable[..., Value]:
    return lambda _, value: parse(value) if isinstance(value, str) else value


def boxed_double(value: float) -> float:
    """A double that is identical to itself only."""
    return not_a_number() if is_nan(value) else value


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
    "java.io.StringWriter": of_one(StringWriter),
    "java.io.StringReader": lambda _, text: TextReader(text),
    "java.io.PushbackReader": lambda _, reader, *__: reader,
    "java.io.BufferedReader": lambda _, reader: reader,
    "clojure.lang.LineNumberingPushbackReader": lambda _, reader, *__: _numbered(reader),
    "java.lang.Long": _new_number(parse_long),
    "java.lang.Integer": _new_number(parse_long),
    "java.lang.Double": lambda _, x: boxed_double(parse_double(x) if isinstance(x, str) else to_double(x)),
    "java.lang.Boolean": lambda _, x: boolean((isinstance(x, str) and x.lower() == "true") or x is TRUE),
    "java.math.BigDecimal": lambda _, x, *__: _new_decimal(x),
    "java.math.BigInteger": lambda _, text, radix=10: BigInteger(parse_big_integer(text, radix)),
    "java.util.Date": lambda _, ms=None: Instant(time.time_ns() // 1_000_000 if ms is None else ms),
    "java.util.UUID": lambda _, high, low: Identifier((high & (1 << 64) - 1) << 64 | low & (1 << 64) - 1),
    "java.net.URI": lambda _, text: Location(text),
    "clojure.lang.MapEntry": lambda _, key, value: MapEntry(key, value),
    **{
        name: lambda _, items=None, name=name: HostList(items_of(items), name)
        for name in (
            "java.util.ArrayList",
            "java.util.LinkedList",
            "java.util.ArrayDeque",
            "java.util.Vector",
        )
    },
    **{
        name: lambda _, pairs=None, *__, name=name: HostMap(pairs_of(pairs), name)
        for name in ("java.util.HashMap", "java.util.LinkedHashMap", "java.util.concurrent.ConcurrentHashMap")
    },
    **{
        name: lambda _, items=None, name=name: HostSet(items_of(items), name)
        for name in ("java.util.HashSet", "java.util.LinkedHashSet")
    },
    "java.util.TreeMap": lambda _, x=None: HostMap(
        pairs_of(x) if hasattr(x, "seq") else [], "java.util.TreeMap", sorted_map_comparator(x)
    ),
    "java.util.TreeSet": lambda _, x=None: HostSet(
        items_of(x) if hasattr(x, "seq") else [], "java.util.TreeSet", sorted_map_comparator(x)
    ),
    "java.util.Random": lambda _, seed=None: Random(seed),
    "java.io.File": lambda _, *parts: File(*parts),
    "java.lang.Thread": lambda env, runnable=None, name=None: (
        JavaThread(env, None, runnable) if isinstance(runnable, str) else JavaThread(env, runnable, name)
    ),
    "java.lang.ThreadLocal": lambda _: ThreadLocal(),
    "java.lang.InheritableThreadLocal": lambda _: ThreadLocal(),
    "java.lang.Float": lambda _, x: parse_double(x) if isinstance(x, str) else to_double(x),
    "java.lang.Short": _new_number(parse_long),
    "java.lang.Byte": _new_number(parse_long),
    "java.lang.Character": lambda _, x: x,
    "java.math.MathContext": lambda _, precision, mode="HALF_UP": Vector([precision, mode]),
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


def construct(environment: Environment, java_class: JavaClass, arguments: tuple[Value, ...]) -> Value:
    """`(new Class arguments)`.

    Raises:
        IllegalArgumentException: the class has no such constructor.
    """
    if java_class.host is not None:
        return java_class.host(*arguments)
    made = _CONSTRUCTORS.get(java_class.name)
    if made is not None:
        try:
            return made(environment, *arguments)
        except TypeError as error:
            if refuses_call(error):
                raise argument_fault(f"No matching ctor found for class {java_class.name}") from None
            raise
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
                message = environment.printer.string(argument)
        elif argument is not None:
            if not isinstance(argument, str) and java_class.name != "java.lang.AssertionError":
                raise argument_fault(f"No matching ctor found for class {java_class.name}")
            message = _text(environment, argument)
    return Throwable(java_class, message, cause)
