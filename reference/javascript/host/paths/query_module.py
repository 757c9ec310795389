"""`node:querystring`."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.host.definition import HostCall, add_functions, coded_error, namespace
from lockstep.reference.javascript.host.inspect.primitives import number_text
from lockstep.reference.javascript.host.web.url_percent import percent_decoded, utf8
from lockstep.reference.javascript.runtime.objects.array import JSArray
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.objects.property import plain
from lockstep.reference.javascript.runtime.operations.conversion import is_callable, to_number, to_string
from lockstep.reference.javascript.runtime.operations.objects import (
    create_list_from_array_like,
    enumerable_own_keys,
    get,
)
from lockstep.reference.javascript.runtime.values import BigInt, Value, null, undefined
from lockstep.reference.javascript.syntax.utf16 import to_code_points, to_utf16

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_MOST_KEYS = 1000
_KEPT = re.compile(rb"[A-Za-z0-9\-_.!~*'()]")


def escaped(realm: Realm, text: str) -> str:
    """`querystring.escape`: as encodeURIComponent."""
    points = to_code_points(text)
    if not text.isascii() and any("\ud800" <= one <= "\udfff" for one in points):
        raise coded_error(realm, "URIError", "ERR_INVALID_URI", "URI malformed")
    return "".join(chr(byte) if _KEPT.match(bytes([byte])) else f"%{byte:02X}" for byte in utf8(points))


def unescaped(text: str) -> str:
    """`querystring.unescape`."""
    return to_utf16(percent_decoded(to_code_points(text)).decode("utf-8", "replace"))


def _primitive(value: Value) -> str:
    if isinstance(value, str):
        return value
    if value.__class__ is float:
        number = to_number(value)
        return number_text(number) if math.isfinite(number) else ""
    if value.__class__ is bool:
        return "true" if value else "false"
    return str(value.integer) if isinstance(value, BigInt) else ""


def stringified(realm: Realm, value: Value, joint: str, equals: str, escape: Callable[[str], str]) -> str:
    """`querystring.stringify`."""
    if not isinstance(value, JSObject):
        return ""
    parts: list[str] = []
    for key in enumerable_own_keys(realm, value):
        held = get(value, key)
        name = escape(_primitive(key)) + equals
        values = create_list_from_array_like(realm, held) if isinstance(held, JSArray) else [held]
        parts.extend(name + escape(_primitive(one)) for one in values)
    return joint.join(parts)


def parsed(
    realm: Realm, text: str, joint: str, equals: str, decode: Callable[[str], str], most: int
) -> JSObject:
    """`querystring.parse`."""
    made = object_create(null)
    parts = [part for part in text.split(joint) if part]
    if most > 0:
        parts = parts[:most]
    for part in parts:
        name, _, value = part.partition(equals)
        key = decode(name.replace("+", " "))
        held = decode(value.replace("+", " "))
        before = made.get_own_property(key)
        if before is None:
            made.define_own_property(key, plain(held))
        elif isinstance(before.value, JSArray):
            before.value.elements_.append(held)
        else:
            made.define_own_property(key, plain(realm.make_array([before.value, held])))
    return made


def querystring_module(realm: Realm) -> JSObject:
    """The exports."""
    made = namespace(realm)

    def or_default(value: Value, default: str) -> str:
        return default if value is undefined or value is null or value == "" else to_string(value)

    def own(options: Value, name: str, default: Callable[[str], str]) -> Callable[[str], str]:
        function = get(options, name) if isinstance(options, JSObject) else undefined
        if is_callable(function):
            return lambda text: to_string(function.call_n(undefined, text))
        return default

    def stringify(
        _this: Value,
        value: Value = undefined,
        joint: Value = undefined,
        equals: Value = undefined,
        options: Value = undefined,
        *_rest: Value,
    ) -> str:
        escape = own(options, "encodeURIComponent", lambda text: escaped(realm, text))
        return stringified(realm, value, or_default(joint, "&"), or_default(equals, "="), escape)

    def parse(
        _this: Value,
        text: Value = undefined,
        joint: Value = undefined,
        equals: Value = undefined,
        options: Value = undefined,
        *_rest: Value,
    ) -> Value:
        given = text if isinstance(text, str) else ""
        most = get(options, "maxKeys") if isinstance(options, JSObject) else undefined
        limit = int(to_number(most)) if most.__class__ is float else _MOST_KEYS
        decode = own(options, "decodeURIComponent", unescaped)
        return parsed(realm, given, or_default(joint, "&"), or_default(equals, "="), decode, limit)

    rows: list[tuple[str, HostCall, int]] = [
        ("unescape", lambda _this, text=undefined, *_rest: unescaped(to_string(text)), 1),
        ("escape", lambda _this, text=undefined, *_rest: escaped(realm, to_string(text)), 1),
        ("stringify", stringify, 4),
        ("encode", stringify, 4),
        ("parse", parse, 4),
        ("decode", parse, 4),
    ]
    add_functions(realm, made, rows)
    return made
