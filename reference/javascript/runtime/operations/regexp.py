"""ECMA-262 7.2.6 IsRegExp."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean
from lockstep.reference.javascript.runtime.symbols import MATCH
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from typing_extensions import TypeGuard


def is_regexp(value: Value) -> TypeGuard[JSObject]:
    """7.2.6 IsRegExp."""
    if not isinstance(value, JSObject):
        return False
    matcher = value.get_value(MATCH, value)
    return to_boolean(matcher) if matcher is not undefined else value.class_name_ == "RegExp"
