"""Guest exceptions: one host class, the Java class in an attribute; and host exceptions seen as guest ones."""

from __future__ import annotations

import re
from typing import Any

from lockstep.reference.clojure.runtime.collections.access import JAVA_NAMES, class_name_of
from lockstep.reference.clojure.runtime.java.classes import CLASSES, JavaClass, class_of
from lockstep.reference.clojure.runtime.values.faults import ArityFault, CastFault, Fault
from lockstep.reference.host.errors import GuestSyntaxError, Location

Value = Any


class Throwable(Exception):  # noqa: N818  # Java's name
    """A guest exception.

    Attributes:
        java_class: its class.
        message: its message or None.
        cause: another Throwable or None.
        data: the map of an ExceptionInfo, else None.
        location: where it was raised, where that is not in the host's traceback.
        phase: of the error report.
    """

    def __init__(
        self,
        java_class: JavaClass,
        message: str | None,
        cause: Value = None,
        data: Value = None,
    ) -> None:
        super().__init__(message)
        self.java_class = java_class
        self.message = message
        self.cause = cause
        self.data = data
        self.location: Location | None = None
        self.phase = "eval"
        self.trace: tuple[str, ...] = ()

    def to_string(self) -> str:
        """java.lang.Throwable.toString."""
        if self.message is None:
            return self.java_class.name
        return f"{self.java_class.name}: {self.message}"


_BY_SIMPLE_NAME = {
    found.simple_name: found
    for found in CLASSES.values()
    if CLASSES["java.lang.Throwable"] in found.ancestors
}


def throwable(class_name: str, message: str | None, cause: Value = None) -> Throwable:
    """A guest exception of the class with this simple or full name."""
    found = CLASSES.get(class_name) or _BY_SIMPLE_NAME[class_name]
    return Throwable(found, message, cause)


_MISSING_ARGUMENT = re.compile(
    r"(.*)\(\) missing \d+ required positional arguments?: '.*?(?::(\d+))?'(?:,| and |$)", re.DOTALL
)
_TOO_MANY = re.compile(r"(.*)\(\) takes .*positional arguments? but (\d+) (?:was|were) given", re.DOTALL)
_NOT_CALLABLE = re.compile(r"'([^']*)' object is not callable")
_TYPE_NAME = re.compile(r"'([A-Za-z_.]+)'")
_HOST_NAMES = {
    "int": "java.lang.Long",
    "float": "java.lang.Double",
    "str": "java.lang.String",
    **JAVA_NAMES,
}


def function_name(name: str) -> str:
    """A host function's name as Clojure shows it."""
    name = name.rpartition(".<locals>.")[2]
    if name == "~form":
        return "top level"
    return name.rpartition("~")[0] or name


def _type_error(error: TypeError) -> Throwable:
    text = str(error)
    match = _MISSING_ARGUMENT.match(text)
    if match is not None:
        count = match.group(2) or "0"
        return throwable(
            "ArityException", f"Wrong number of args ({count}) passed to: {function_name(match.group(1))}"
        )
    match = _TOO_MANY.match(text)
    if match is not None:
        return throwable(
            "ArityException",
            f"Wrong number of args ({match.group(2)}) passed to: {function_name(match.group(1))}",
        )
    match = _NOT_CALLABLE.match(text)
    if match is not None:
        return _cast(match.group(1), "clojure.lang.IFn")
    # Of two operands the JVM casts the left one first.
    odd = [name for name in _TYPE_NAME.findall(text) if name not in _NUMERIC]
    return _cast(
        next((name for name in odd if name == "NoneType" or name in _HOST_NAMES), "str"), "java.lang.Number"
    )


_NUMERIC = frozenset({"int", "float", "BigInt", "Ratio", "BigDecimal"})


def _cast(host_name: str, target: str) -> Throwable:
    if host_name == "NoneType":
        return throwable("NullPointerException", None)
    name = _HOST_NAMES.get(host_name, host_name)
    return throwable("ClassCastException", cast_message(name, target))


def cast_message(name: str, target: str) -> str:
    """The message of a ClassCastException."""
    return f"class {name} cannot be cast to class {target}"


def guest_exception(error: BaseException) -> Throwable:
    """The guest's view of a host exception that reached a catch clause or the top.

    Raises:
        MemoryError: guests cannot catch it.
    """
    if isinstance(error, Throwable):
        return error
    made = _translated(error)
    if isinstance(error, GuestSyntaxError):
        made.location = error.location
        made.phase = error.phase
    else:
        made.location = getattr(error, "location", None)
        made.phase = getattr(error, "phase", "eval")
    made.__traceback__ = error.__traceback__
    return made


def _translated(error: BaseException) -> Throwable:
    if isinstance(error, MemoryError):
        raise error
    if isinstance(error, ArityFault):
        return throwable("ArityException", error.message)
    if isinstance(error, CastFault):
        if error.value is None:
            return throwable("NullPointerException", None)
        return throwable("ClassCastException", cast_message(_class_name(error.value), error.target))
    if isinstance(error, Fault):
        return throwable(error.class_name, error.message)
    if isinstance(error, GuestSyntaxError):
        return throwable("RuntimeException", error.message)
    for host, name, message in _HOST_EXCEPTIONS:
        if isinstance(error, host):
            return throwable(name, message if message is not None else str(error))
    if isinstance(error, TypeError):
        return _type_error(error)
    if isinstance(error, AttributeError):
        if "'NoneType'" in str(error):
            return throwable("NullPointerException", None)
        return throwable("IllegalArgumentException", f"No matching method: {error}")
    return throwable("Error", f"{type(error).__name__}: {error}")


_HOST_EXCEPTIONS: tuple[tuple[type[BaseException], str, str | None], ...] = (
    (RecursionError, "StackOverflowError", ""),
    (ZeroDivisionError, "ArithmeticException", "Divide by zero"),
    (OverflowError, "ArithmeticException", "long overflow"),
    (FileNotFoundError, "FileNotFoundException", None),
    (OSError, "IOException", None),
    (IndexError, "IndexOutOfBoundsException", None),
    (KeyError, "IllegalArgumentException", None),
    (ValueError, "IllegalArgumentException", None),
)


def _class_name(value: Value) -> str:
    found = class_of(value)
    return class_name_of(value) if found is None else found.name


def caught(error: Throwable, java_class: JavaClass) -> bool:
    """Whether a catch clause for `java_class` takes `error`."""
    return error.java_class.is_a(java_class)
