"""How the lowest layer throws guest exceptions: makers that `java.exceptions` classes answer to.

A fault names the Java class; `java/exceptions.py` turns it into the guest's exception object when it is
caught or reported, so numbers and collections need not know the class table.
"""

from __future__ import annotations

from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.host.errors import Interruption


class Fault(Interruption):
    """A guest exception that has not been turned into a guest object yet.

    Attributes:
        class_name: the simple or full name of the Java class.
        message: the message, or None.
    """

    def __init__(self, class_name: str, message: str | None) -> None:
        super().__init__(message)
        self.class_name = class_name
        self.message = message


class CastFault(Fault):
    """A ClassCastException or NullPointerException about `value`; the message is made when it is asked for."""

    def __init__(self, value: Value, target: str) -> None:
        super().__init__("NullPointerException" if value is None else "ClassCastException", None)
        self.value = value
        self.target = target


class ArityFault(Fault):
    """`count` arguments passed to `name`."""

    def __init__(self, count: int, name: str) -> None:
        super().__init__("ArityException", f"Wrong number of args ({count}) passed to: {name}")


def arithmetic_fault(message: str) -> Fault:
    """An ArithmeticException."""
    return Fault("ArithmeticException", message)


def number_format_fault(message: str) -> Fault:
    """A NumberFormatException."""
    return Fault("NumberFormatException", message)


def argument_fault(message: str | None) -> Fault:
    """An IllegalArgumentException."""
    return Fault("IllegalArgumentException", message)


def state_fault(message: str | None) -> Fault:
    """An IllegalStateException."""
    return Fault("IllegalStateException", message)


def index_fault(message: str | None = None) -> Fault:
    """An IndexOutOfBoundsException."""
    return Fault("IndexOutOfBoundsException", message)


def unsupported_fault(message: str | None = None) -> Fault:
    """An UnsupportedOperationException."""
    return Fault("UnsupportedOperationException", message)


def class_cast_fault(value: Value, target: str) -> Fault:
    """`value` is no `target`: NullPointerException for nil, else ClassCastException."""
    return CastFault(value, target)
