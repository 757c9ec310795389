"""How node's own errors describe the values that they complain about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.host.hosting import hosting_of
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.values import BigInt, Symbol, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_LONGEST = 28


def type_name(value: Value) -> str:
    """13.5.3 typeof."""
    if isinstance(value, JSObject):
        return "function" if value.is_callable_ else "object"
    if value is undefined:
        return "undefined"
    names = {
        str: "string",
        bool: "boolean",
        float: "number",
        int: "number",
        BigInt: "bigint",
        Symbol: "symbol",
    }
    return names.get(value.__class__, "object")


def received(realm: Realm, value: Value) -> str:
    """What stands behind `Received` in ERR_INVALID_ARG_TYPE."""
    if value is undefined or value is null:
        return hosting_of(realm).inspect(value)
    if isinstance(value, JSObject):
        if value.is_callable_:
            name = get(value, "name")
            return f"function {name}" if name.__class__ is str else "function "
        constructor = get(value, "constructor")
        name = get(constructor, "name") if isinstance(constructor, JSObject) else undefined
        if name.__class__ is str and name:
            return f"an instance of {name}"
        return hosting_of(realm).inspect(value, depth=-1.0)
    shown = hosting_of(realm).inspect(value, colors=False)
    if len(shown) > _LONGEST:
        shown = f"{shown[: _LONGEST - 3]}..."
    return f"type {type_name(value)} ({shown})"
