"""The printed form of a value, for the prompt."""

from __future__ import annotations

import json

from lockstep.reference.javascript.runtime.objects.array import JSArray
from lockstep.reference.javascript.runtime.objects.error import JSError
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.conversion import to_string
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.values import HOLE, BigInt, Symbol, Value

_DEEPEST = 2
_LONGEST = 100


def inspect(value: Value, depth: int = 0) -> str:
    """A short text for any value; getters are not called."""
    if value.__class__ is str:
        return json.dumps(value, ensure_ascii=False) if depth else value
    if value.__class__ is Symbol:
        return repr(value)
    if value.__class__ is BigInt:
        return repr(value)
    if not isinstance(value, JSObject):
        if value.__class__ is float and str(value) == "-0.0":
            return "-0"
        return to_string(value)
    if value.is_callable_:
        name = get(value, "name")
        return f"[Function: {name}]" if name.__class__ is str and name else "[Function (anonymous)]"
    if isinstance(value, JSError):
        return to_string(value)
    if depth > _DEEPEST:
        return "[Array]" if isinstance(value, JSArray) else "[Object]"
    if isinstance(value, JSArray) and value.elements_ is not None:
        items = [
            "<empty>" if item is HOLE else inspect(item, depth + 1) for item in value.elements_[:_LONGEST]
        ]
        return f"[ {', '.join(items)} ]" if items else "[]"
    if value.is_exotic_:
        return f"[object {value.class_name_}]"
    parts = []
    for key in value.own_property_keys()[:_LONGEST]:
        own = value.get_own_property(key)
        if own is None or not own.enumerable:
            continue
        shown = "[Getter]" if own.is_accessor else inspect(own.value, depth + 1)
        parts.append(f"{key if key.__class__ is str else f'[{key!r}]'}: {shown}")
    prefix = "" if value.class_name_ == "Object" else f"{value.class_name_} "
    return f"{prefix}{{ {', '.join(parts)} }}" if parts else f"{prefix}{{}}"
