"""ECMA-262 7.1: type conversion."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from lockstep.reference.javascript.runtime.completions import (
    range_error,
    sever_context,
    syntax_error,
    type_error,
)
from lockstep.reference.javascript.runtime.objects.description import describe
from lockstep.reference.javascript.runtime.objects.keys import INDEX_NAMES
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.objects.primitive_object import (
    JSBigIntObject,
    JSBooleanObject,
    JSNumberObject,
    JSStringObject,
    JSSymbolObject,
    primitive_object,
)
from lockstep.reference.javascript.runtime.operations.number_text import (
    INFINITY,
    NAN,
    decimal_text,
    number_to_string,
    string_to_bigint,
    string_to_number,
)
from lockstep.reference.javascript.runtime.symbols import TO_PRIMITIVE
from lockstep.reference.javascript.runtime.values import BigInt, PropertyKey, Symbol, Value, null, undefined

if TYPE_CHECKING:
    from typing_extensions import TypeGuard

    from lockstep.reference.javascript.runtime.foundations import Realm

MAX_SAFE_INTEGER = 9007199254740991.0


def is_object(value: Value) -> bool:
    """6.1.7 whether the value is an Object."""
    return isinstance(value, JSObject)


def is_callable(value: Value) -> TypeGuard[JSObject]:
    """7.2.3 IsCallable."""
    return isinstance(value, JSObject) and value.is_callable_


def is_constructor(value: Value) -> TypeGuard[JSObject]:
    """7.2.4 IsConstructor."""
    return isinstance(value, JSObject) and value.is_constructor_


def to_primitive(value: Value, hint: str = "default") -> Value:
    """7.1.1 ToPrimitive."""
    if not isinstance(value, JSObject):
        return value
    sever_context()
    exotic = value.get_value(TO_PRIMITIVE, value)
    if exotic is not undefined and exotic is not null:
        if not is_callable(exotic):
            raise type_error("Symbol.toPrimitive is not a function")
        result = exotic.call_n(value, hint)
        if isinstance(result, JSObject):
            raise type_error("Cannot convert object to primitive value")
        return result
    # 7.1.1.1 OrdinaryToPrimitive
    for name in ("toString", "valueOf") if hint == "string" else ("valueOf", "toString"):
        method = value.get_value(name, value)
        if is_callable(method):
            result = method.call_n(value)
            if not isinstance(result, JSObject):
                return result
    raise type_error("Cannot convert object to primitive value")


def to_boolean(value: Value) -> bool:
    """7.1.2 ToBoolean."""
    if value.__class__ is float:
        return bool(value == value and value != 0)  # noqa: PLR0124  # NaN
    if isinstance(value, JSObject):
        return not value.is_html_dda_
    return bool(value) or value.__class__ is Symbol


def to_numeric(value: Value) -> float | BigInt:
    """7.1.3 ToNumeric."""
    value = to_primitive(value, "number")
    return value if value.__class__ is BigInt else to_number(value)


def to_number(value: Value) -> float:
    """7.1.4 ToNumber."""
    if value.__class__ is float:
        return value
    if value.__class__ is str:
        return string_to_number(value)
    if value is undefined:
        return NAN
    if value is null:
        return 0.0
    if value.__class__ is bool or value.__class__ is int:
        return float(value)
    if value.__class__ is Symbol:
        raise type_error("Cannot convert a Symbol value to a number")
    if value.__class__ is BigInt:
        raise type_error("Cannot convert a BigInt value to a number")
    return to_number(to_primitive(value, "number"))


def to_integer_or_infinity(value: Value) -> float:
    """7.1.5 ToIntegerOrInfinity; an infinite float, or an integral one."""
    number = to_number(value)
    if number != number:  # noqa: PLR0124  # NaN
        return 0.0
    if number in (INFINITY, -INFINITY):
        return number
    return float(math.trunc(number))


def to_int32(value: Value) -> float:
    """7.1.6 ToInt32."""
    return float(int32(to_number(value)))


def int32(number: float) -> int:
    """7.1.6 on a Number, as host int."""
    try:
        integer = int(number)
    except (ValueError, OverflowError):
        return 0
    if -0x80000000 <= integer <= 0x7FFFFFFF:
        return integer
    integer &= 0xFFFFFFFF
    return integer - 0x100000000 if integer & 0x80000000 else integer


def uint32(number: float) -> int:
    """7.1.7 on a Number, as host int."""
    try:
        return int(number) & 0xFFFFFFFF
    except (ValueError, OverflowError):
        return 0


def to_uint32(value: Value) -> float:
    """7.1.7 ToUint32."""
    return float(uint32(to_number(value)))


def to_uint16(value: Value) -> int:
    """7.1.9 ToUint16, as host int."""
    return uint32(to_number(value)) & 0xFFFF


def to_bigint(value: Value) -> BigInt:
    """7.1.13 ToBigInt."""
    value = to_primitive(value, "number")
    if value.__class__ is BigInt:
        return value
    if value.__class__ is bool:
        return BigInt(int(value))
    if value.__class__ is str:
        integer = string_to_bigint(value)
        if integer is None:
            raise syntax_error(f"Cannot convert {value} to a BigInt")
        return BigInt(integer)
    raise type_error(f"Cannot convert {_shown(value)} to a BigInt")


def _shown(value: Value) -> str:
    return describe(value) if isinstance(value, Symbol) else to_string(value)


def to_string(value: Any) -> str:
    """7.1.17 ToString."""
    kind = value.__class__
    if kind is str:
        text: str = value
        return text
    if kind is float:
        return number_to_string(value)
    if value is undefined:
        return "undefined"
    if value is null:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if kind is Symbol:
        raise type_error("Cannot convert a Symbol value to a string")
    if kind is BigInt:
        return decimal_text(value.integer)
    if kind is int:
        return str(value)
    return to_string(to_primitive(value, "string"))


def to_object(realm: Realm, value: Any) -> JSObject:
    """7.1.18 ToObject."""
    if isinstance(value, JSObject):
        return value
    kind = value.__class__
    if kind is str:
        return primitive_object(JSStringObject, realm.string_prototype, value)
    if kind is float or kind is int:
        return primitive_object(JSNumberObject, realm.number_prototype, float(value))
    if kind is bool:
        return primitive_object(JSBooleanObject, realm.boolean_prototype, value)
    if kind is Symbol:
        return primitive_object(JSSymbolObject, realm.symbol_prototype, value)
    if kind is BigInt:
        return primitive_object(JSBigIntObject, realm.bigint_prototype, value)
    raise type_error("Cannot convert undefined or null to object")


def to_property_key(value: Any) -> PropertyKey:
    """7.1.19 ToPropertyKey."""
    kind = value.__class__
    if kind is str or kind is Symbol:
        key: PropertyKey = value
        return key
    if kind is float:
        return number_to_string(value)
    if kind is int:
        return INDEX_NAMES[value] if 0 <= value < 1024 else str(value)
    value = to_primitive(value, "string")
    return value if value.__class__ is Symbol else to_string(value)


def to_length(value: Value) -> int:
    """7.1.20 ToLength, as host int."""
    number = to_integer_or_infinity(value)
    if number <= 0:
        return 0
    return int(min(number, MAX_SAFE_INTEGER))


def canonical_numeric_index(key: PropertyKey) -> float | None:
    """7.1.21 CanonicalNumericIndexString; None for undefined."""
    if key.__class__ is not str or not key:
        return None
    if key == "-0":
        return -0.0
    if key[0] not in "0123456789-IN":
        return None
    number = string_to_number(key)
    return number if number_to_string(number) == key else None


def to_index(value: Value) -> int:
    """7.1.22 ToIndex, as host int."""
    if value is undefined:
        return 0
    integer = to_integer_or_infinity(value)
    if not 0 <= integer <= MAX_SAFE_INTEGER:
        raise range_error("Invalid index")
    return int(integer)


def relative_index(value: Value, length: int, default: int) -> int:
    """The clamped index that `slice`, `fill` and their like compute from an argument; as host int."""
    if value is undefined:
        return default
    relative = to_integer_or_infinity(value)
    if relative < 0:
        return 0 if relative == -INFINITY else max(int(relative) + length, 0)
    return length if relative == INFINITY else min(int(relative), length)


def require_object_coercible(value: Value) -> Value:
    """7.2.1 RequireObjectCoercible."""
    if value is undefined or value is null:
        raise type_error(f"Cannot convert {'undefined' if value is undefined else 'null'} to object")
    return value
