"""Matching exceptions against what `except` clauses name (Language Reference 8.4.1)."""

from __future__ import annotations

from typing import Any

from lockstep.reference.python.runtime.kinds import Value, is_a, is_supertype, is_type


def catches(classes: Value, error: BaseException) -> bool:
    """Whether a clause with the class or tuple `classes` catches `error`: by the bases, no metaclass is asked.

    Raises:
        TypeError: something in `classes` is no exception class.
    """
    listed: Any = tuple.__iter__(classes) if is_a(classes, tuple) else (classes,)
    caught = False
    for cls in listed:
        if not (is_type(cls) and is_supertype(BaseException, cls)):
            raise TypeError("catching classes that do not inherit from BaseException is not allowed")
        caught = caught or is_a(error, cls)
    return caught
