"""ECMA-262 20.5: error objects."""

from __future__ import annotations

from typing import Any

from lockstep.reference.javascript.runtime.objects.ordinary import JSObject


class JSError(JSObject):
    """An object with [[ErrorData]]; `stack_` holds the guest frames where it was thrown, innermost first."""

    __slots__ = ("stack_",)
    class_name_ = "Error"
    stack_: Any
