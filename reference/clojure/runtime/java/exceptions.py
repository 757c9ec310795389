"""Guest exceptions: one host class, the Java class in an attribute; and host exceptions seen as guest ones."""

from __future__ import annotations

import re
from functools import cache

from lockstep.reference.clojure.runtime.collections.class_names import JAVA_NAMES, class_name_of
from lockstep.reference.clojure.runtime.java.classes import (
    CLASSES,
    JAVA_NAMES_OF_OBJECTS,
    JavaClass,
    class_of,
)
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.faults import ArityFault, CastFault, Fault
from lockstep.reference.host.errors import GuestSyntaxError, Interruption, Location


class Throwable(Interruption):
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
        # The host exception that it stands for, of no interest to the guest.
        self.origin: BaseException | None = None

    def to_string(self) -> str:
        """java.lang.Throwable.toString."""
        if self.message is None:
            return self.java_class.name
        return f"{self.java_class.name}: {self.message}"


@cache
def _by_simple_name() -> dict[str, JavaClass]:
    root = CLASSES["java.lang.Throwable"]
    every = [*CLASSES.values(), *CLASSES.platform()]
    return {found.simple_name: found for found in every if root in found.ancestors}


def throwable(class_name: str, message: str | None, cause: Value = None) -> Throwable:
    """A guest exception of the class with this simple or full name."""
    found = CLASSES.get(class_name) or _by_simple_name()[class_name]
    return Throwable(found, message, cause)


# Stands behind the name of a host function whose first parameter is its object.
BOUND = "~bound"

_MISSING_ARGUMENT = re.compile(
    r"(.*)\(\) missing \d+ required positional arguments?: '.*?(?::(\d+))?'(?:,| and |$)", re.DOTALL
)
_TOO_MANY = re.compile(r"(.*)\(\) takes .*positional arguments? but (\d+) (?:was|were) given", re.DOTALL)
_NOT_CALLABLE = re.compile(r"'([^']*)' object is not callable")
_NOT_ITERABLE = re.compile(r"(?:argument of type )?'([^']*)' (?:object )?is not (?:iterable|subscriptable)")
_NO_ATTRIBUTE = re.compile(r"'([^']*)' object has no attribute '([^']*)'")
_TYPE_NAME = re.compile(r"'([A-Za-z_][\w.$]*)'")
_HOST_NAMES = {
    "int": "java.lang.Long",
    "float": "java.lang.Double",
    "str": "java.lang.String",
    "type": "java.lang.Class",
    "JavaClass": "java.lang.Class",
    "method": "clojure.lang.AFunction",
    "builtin_function_or_method": "clojure.lang.AFunction",
    **JAVA_NAMES,
    **JAVA_NAMES_OF_OBJECTS,
}


def java_name(host_name: str) -> str:
    """The Java class of a host class by its name: of a guest's type it is the name, of another object Object."""
    known = _HOST_NAMES.get(host_name)
    if known is not None:
        return known
    return host_name if "." in host_name or "$" in host_name else "java.lang.Object"


def function_name(name: str) -> str:
    """A host function's name as Clojure shows it."""
    name = name.rpartition(".<locals>.")[2]
    if name == "~form":
        return "top level"
    if "<lambda>" in name:
        return "fn"
    if name.endswith(BOUND):
        return name[: -len(BOUND)]
    name = (name.rpartition("~")[0] or name).replace("~~", "~")
    owner, _, method = name.rpartition(".")
    if owner and "/" not in name and (owner in _HOST_NAMES or method.startswith("__") or method in _CALLED):
        # A method of a host class is a call of one of its objects.
        return java_name(owner)
    return name


_CALLED = frozenset({"lookup", "nth"})


def refuses_call(error: TypeError) -> bool:
    """Whether a call failed for its number of arguments, before the host function began."""
    trace = error.__traceback__
    return trace is not None and trace.tb_next is None and "argument" in str(error)


def _counts_its_object(name: str) -> bool:
    return name.endswith(BOUND) or ("/" not in name and "." in name.rpartition(".<locals>.")[2])


def _type_error(error: TypeError) -> Throwable:
    """What a TypeError of the host is to the guest: a wrong number of arguments, or a cast that failed."""
    text = str(error)
    match = _MISSING_ARGUMENT.match(text)
    if match is not None:
        return _arity(match.group(1), int(match.group(2) or 0))
    match = _TOO_MANY.match(text)
    if match is not None:
        return _arity(match.group(1), int(match.group(2)) - _counts_its_object(match.group(1)))
    match = _NOT_CALLABLE.match(text)
    if match is not None:
        return _cast(match.group(1), "clojure.lang.IFn")
    match = _NOT_ITERABLE.match(text)
    if match is not None:
        if match.group(1) == "NoneType":
            return throwable("NullPointerException", None)
        message = f"Don't know how to create ISeq from: {java_name(match.group(1))}"
        return throwable("IllegalArgumentException", message)
    # Of two operands the JVM asks both for their classes (Numbers.ops), then casts the left one first.
    odd = [name for name in _TYPE_NAME.findall(text) if name not in _NUMERIC]
    if "NoneType" in text:
        return throwable("NullPointerException", None)
    return _cast(odd[0] if odd else "str", "java.lang.Number")


def _arity(name: str, count: int) -> Throwable:
    return throwable("ArityException", f"Wrong number of args ({count}) passed to: {function_name(name)}")


_NUMERIC = frozenset({"int", "float", "BigInt", "BigInteger", "Ratio", "BigDecimal"})

# What an object must be to have the attribute of the host that was looked for.
_INTERFACES = {
    **dict.fromkeys(("seq", "first", "next", "rest"), "clojure.lang.ISeq"),
    **dict.fromkeys(("settled", "entries", "lookup", "keys", "values"), "clojure.lang.IPersistentMap"),
    **dict.fromkeys(("elements", "array", "size"), "clojure.lang.IPersistentVector"),
    **dict.fromkeys(("name", "namespace"), "clojure.lang.Named"),
    **dict.fromkeys(("key", "value"), "java.util.Map$Entry"),
    **dict.fromkeys(("write", "append", "flush"), "java.io.Writer"),
    **dict.fromkeys(("content", "position", "guest_readLine"), "java.io.Reader"),
    **dict.fromkeys(("methods", "preferences"), "clojure.lang.MultiFn"),
    **dict.fromkeys(("watches", "validator"), "clojure.lang.IRef"),
    **dict.fromkeys(("root", "bind_root", "saved", "macro"), "clojure.lang.Var"),
    **dict.fromkeys(("mappings", "aliases", "publics", "environment"), "clojure.lang.Namespace"),
    **dict.fromkeys(("over", "cancelled"), "java.util.concurrent.Future"),
    "deref": "clojure.lang.IDeref",
    "metadata": "clojure.lang.IReference",
    "disj": "clojure.lang.IPersistentSet",
    "items": "[Ljava.lang.Object;",
    "host": "java.lang.Class",
    "text": "clojure.lang.Symbol",
    "table": "clojure.lang.IPersistentMap",
    "implementations": "clojure.lang.IPersistentMap",
    "reset": "clojure.lang.IAtom",
}


def _attribute_error(error: AttributeError) -> Throwable:
    """What is missing on the host is an interface that the object's class does not implement."""
    match = _NO_ATTRIBUTE.match(str(error))
    if match is None or match.group(1) == "NoneType":
        return throwable("NullPointerException", None)
    return _cast(match.group(1), _INTERFACES.get(match.group(2), "clojure.lang.IPersistentCollection"))


def _cast(host_name: str, target: str) -> Throwable:
    if host_name == "NoneType":
        return throwable("NullPointerException", None)
    return throwable("ClassCastException", cast_message(java_name(host_name), target))


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
    if isinstance(error, OSError):
        kind = "FileNotFoundException" if isinstance(error, FileNotFoundError) else "IOException"
        return throwable(kind, f"{error.filename} ({error.strerror})")
    for host, name, message in _HOST_EXCEPTIONS:
        if isinstance(error, host):
            return throwable(name, message)
    if isinstance(error, TypeError):
        return _type_error(error)
    if isinstance(error, AttributeError):
        return _attribute_error(error)
    return throwable("Error", f"{type(error).__name__}: {error}")


_HOST_EXCEPTIONS: tuple[tuple[type[BaseException], str, str], ...] = (
    (RecursionError, "StackOverflowError", ""),
    (ZeroDivisionError, "ArithmeticException", "Divide by zero"),
    (OverflowError, "ArithmeticException", "long overflow"),
    (IndexError, "IndexOutOfBoundsException", ""),
    (KeyError, "IllegalArgumentException", ""),
    (ValueError, "IllegalArgumentException", ""),
)


def _class_name(value: Value) -> str:
    found = class_of(value)
    return class_name_of(value) if found is None else found.name


def caught(error: Throwable, java_class: JavaClass) -> bool:
    """Whether a catch clause for `java_class` takes `error`."""
    return error.java_class.is_a(java_class)
