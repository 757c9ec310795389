"""What a value is, by its real type alone.

The host's `isinstance` asks a value for `__class__` and a class for `__instancecheck__`; both may be the guest's, and an
engine asks nothing of a guest for purposes of its own (CPython: `PyObject_TypeCheck`, `PyType_IsSubtype`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from typing_extensions import TypeGuard

Class = TypeVar("Class")

# Any host object may be a guest value: what it is, its type tells, and the checker follows.
Value = object

# Whether the second is the first, or has it among its bases; asks no metaclass.
is_supertype = type.__subclasscheck__


def is_a(value: Value, cls: type[Class]) -> TypeGuard[Class]:
    """Whether the type of `value` is `cls` or derived from it."""
    return is_supertype(cls, type(value))


def is_type(value: Value) -> TypeGuard[type]:
    """Whether `value` is a class."""
    return is_supertype(type, type(value))
