"""What a value is, by its real type alone.

The host's `isinstance` asks a value for `__class__` and a class for `__instancecheck__`; both may be the guest's, and an
engine asks nothing of a guest for purposes of its own (CPython: `PyObject_TypeCheck`, `PyType_IsSubtype`).
"""

from __future__ import annotations

from typing import Any

Value = Any

# Whether the second is the first, or has it among its bases; asks no metaclass.
is_supertype = type.__subclasscheck__


def is_a(value: Value, cls: type) -> bool:
    """Whether the type of `value` is `cls` or derived from it."""
    return is_supertype(cls, type(value))


def is_type(value: Value) -> bool:
    """Whether `value` is a class."""
    return is_supertype(type, type(value))
