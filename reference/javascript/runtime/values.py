"""ECMA-262 clause 6.1: language values and their host representation.

undefined is the host's None, null the singleton `null`; Boolean is host bool, Number always host float, String host
str with one character per UTF-16 code unit, BigInt and Symbol classes of ours without host operators. Objects are
`objects.ordinary.JSObject`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Union

Value = object
"""Any language value."""

undefined: Final = None

if TYPE_CHECKING:
    from enum import Enum

    class Null(Enum):
        """6.1.2 the Null type: to the checker an enumeration of one, so that `is null` tells an object from it."""

        NULL = 0

    null: Final = Null.NULL
else:

    class Null:
        """6.1.2 the Null type."""

        __slots__ = ()

        def __bool__(self) -> bool:
            return False

        def __repr__(self) -> str:
            return "null"

    null = Null()


class Symbol:
    """6.1.5 a Symbol; `description` is a String or undefined. `private_`: see `ephemerons`."""

    __slots__ = ("__weakref__", "description", "private_")

    def __init__(self, description: str | None = None) -> None:
        self.description = description

    def __repr__(self) -> str:
        return f"Symbol({self.description or ''})"


PropertyKey = Union[str, Symbol]
"""6.1.7 a property key."""


class BigInt:
    """6.1.6.2 a BigInt. It compares equal to a BigInt of the same value, and has no other host operator."""

    __slots__ = ("integer",)

    def __init__(self, integer: int) -> None:
        self.integer = integer

    def __eq__(self, other: object) -> bool:
        return other.__class__ is BigInt and other.integer == self.integer

    def __hash__(self) -> int:
        return hash(("BigInt", self.integer))

    def __bool__(self) -> bool:
        return self.integer != 0

    def __repr__(self) -> str:
        return f"{self.integer}n"


class PrivateName:
    """6.2.13 a Private Name; each evaluation of a class makes its own."""

    __slots__ = ("description",)

    def __init__(self, description: str) -> None:
        self.description = description


class PrivateFunctions:
    """6.2.10 a PrivateElement that is a method, or an accessor with its getter and its setter."""

    __slots__ = ("get", "method", "set")

    def __init__(self, method: Any = None) -> None:
        self.method = method
        self.get: Any = None
        self.set: Any = None


PrivateElement = Union[Value, PrivateFunctions]
"""6.2.10 a PrivateElement: a field is its value."""


class Marker:
    """A value that no guest ever sees."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


ABSENT: Final = Marker("absent")
"""A field that a property descriptor does not have, or an argument that was not passed."""

HOLE: Final = Marker("hole")
"""An array index in the dense part of an array that is no property."""

UNINITIALIZED: Final = Marker("uninitialized")
"""A binding in its temporal dead zone."""
