"""ECMA-262 19.2: function properties of the global object, and B.2.1."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import NativeErrorCompletion
from lockstep.reference.javascript.runtime.objects.function import builtin, create_builtin
from lockstep.reference.javascript.runtime.operations.conversion import int32, to_number
from lockstep.reference.javascript.runtime.operations.conversion import to_string as convert_to_string
from lockstep.reference.javascript.runtime.operations.evaluation import perform_eval
from lockstep.reference.javascript.runtime.operations.number_text import (
    INFINITY,
    NAN,
    WHITE_SPACE,
    decimal_integer,
)
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_FLOAT = re.compile(r"[+-]?(?:Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)")
_ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_RESERVED = ";/?:@&=+$,"
_MARKS = "-_.!~*'()"
# So many digits of any base are more than the largest Number.
_MOST_DIGITS = 1100
_DIGITS = {character: value for value, character in enumerate("0123456789abcdefghijklmnopqrstuvwxyz")}


def global_eval(realm: Realm, this: Value, code: Value = undefined) -> Value:
    """19.2.1 eval, called indirectly."""
    return perform_eval(realm, code, None)


def is_finite(realm: Realm, this: Value, value: Value = undefined) -> bool:
    """19.2.2 isFinite."""
    return math.isfinite(to_number(value))


def is_nan(realm: Realm, this: Value, value: Value = undefined) -> bool:
    """19.2.3 isNaN."""
    return math.isnan(to_number(value))


def parse_float(realm: Realm, this: Value, value: Value = undefined) -> float:
    """19.2.4 parseFloat."""
    match = _FLOAT.match(convert_to_string(value).lstrip(WHITE_SPACE))
    return float(match[0]) if match else NAN


def parse_int(realm: Realm, this: Value, value: Value = undefined, radix: Value = undefined) -> float:
    """19.2.5 parseInt."""
    text = convert_to_string(value).strip(WHITE_SPACE)
    negative = text[:1] == "-"
    if text[:1] in ("+", "-"):
        text = text[1:]
    base = int32(to_number(radix))
    strip_prefix = True
    if base:
        if not 2 <= base <= 36:
            return NAN
        strip_prefix = base == 16
    else:
        base = 10
    if strip_prefix and text[:2] in ("0x", "0X"):
        text = text[2:]
        base = 16
    end = 0
    realm.agent.budget.bulk(len(text))
    lowered = text.lower() if text.isascii() else "".join(c.lower() if c.isascii() else c for c in text)
    for place in realm.each(range(len(lowered))):
        if _DIGITS.get(lowered[place], 99) >= base:
            break
        end = place + 1
    if not end:
        return NAN
    number = _number_of_digits(lowered[:end].lstrip("0"), base)
    return -number if negative else number


def _number_of_digits(digits: str, base: int) -> float:
    """The Number nearest to an integer that is written without leading zeros."""
    if len(digits) > _MOST_DIGITS:
        return INFINITY
    digits = digits or "0"
    integer = decimal_integer(digits) if base == 10 else int(digits, base)
    try:
        return float(integer)
    except OverflowError:
        return INFINITY


def _encode(realm: Realm, text: str, unescaped: str) -> str:
    """19.2.6.5 Encode."""
    result = []
    index = 0
    while index < len(text):
        realm.agent.budget.step()
        character = text[index]
        index += 1
        if character in unescaped:
            result.append(character)
            continue
        if "\ud800" <= character <= "\udfff":
            low = text[index : index + 1]
            if character > "\udbff" or not "\udc00" <= low <= "\udfff" or not low:
                raise NativeErrorCompletion("URIError", "URI malformed")
            index += 1
            character = chr(0x10000 + ((ord(character) - 0xD800) << 10) + ord(low) - 0xDC00)
        result.extend(f"%{byte:02X}" for byte in character.encode("utf-8"))
    return "".join(result)


def _decode(realm: Realm, text: str, preserved: str) -> str:
    """19.2.6.6 Decode."""
    result = []
    index = 0
    while index < len(text):
        realm.agent.budget.step()
        character = text[index]
        if character != "%":
            result.append(character)
            index += 1
            continue
        start = index
        first = _escaped_byte(text, index)
        index += 3
        count = (
            1
            if first < 0x80
            else 2
            if first >> 5 == 6
            else 3
            if first >> 4 == 14
            else 4
            if first >> 3 == 30
            else 0
        )
        if not count:
            raise NativeErrorCompletion("URIError", "URI malformed")
        octets = bytearray([first])
        for _ in range(count - 1):
            octets.append(_escaped_byte(text, index))
            index += 3
        try:
            decoded = octets.decode("utf-8")
        except UnicodeDecodeError:
            raise NativeErrorCompletion("URIError", "URI malformed") from None
        if decoded in preserved:
            result.append(text[start:index])
        elif decoded > "\uffff":
            offset = ord(decoded) - 0x10000
            result.append(chr(0xD800 + (offset >> 10)) + chr(0xDC00 + (offset & 0x3FF)))
        else:
            result.append(decoded)
    return "".join(result)


def _escaped_byte(text: str, index: int) -> int:
    digits = text[index + 1 : index + 3]
    if text[index : index + 1] != "%" or not re.fullmatch("[0-9a-fA-F]{2}", digits):
        raise NativeErrorCompletion("URIError", "URI malformed")
    return int(digits, 16)


def decode_uri(realm: Realm, this: Value, value: Value = undefined) -> str:
    """19.2.6.1 decodeURI."""
    return _decode(realm, convert_to_string(value), _RESERVED + "#")


def decode_uri_component(realm: Realm, this: Value, value: Value = undefined) -> str:
    """19.2.6.2 decodeURIComponent."""
    return _decode(realm, convert_to_string(value), "")


def encode_uri(realm: Realm, this: Value, value: Value = undefined) -> str:
    """19.2.6.3 encodeURI."""
    return _encode(realm, convert_to_string(value), _ALPHANUMERIC + _RESERVED + _MARKS + "#")


def encode_uri_component(realm: Realm, this: Value, value: Value = undefined) -> str:
    """19.2.6.4 encodeURIComponent."""
    return _encode(realm, convert_to_string(value), _ALPHANUMERIC + _MARKS)


def escape(realm: Realm, this: Value, value: Value = undefined) -> str:
    """B.2.1.1 escape."""
    kept = _ALPHANUMERIC + "@*_+-./"
    return "".join(
        c if c in kept else f"%{ord(c):02X}" if ord(c) < 256 else f"%u{ord(c):04X}"
        for c in realm.each(convert_to_string(value))
    )


_ESCAPE = re.compile("%u([0-9a-fA-F]{4})|%([0-9a-fA-F]{2})")


def unescape(realm: Realm, this: Value, value: Value = undefined) -> str:
    """B.2.1.2 unescape."""
    return _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), convert_to_string(value))


_TABLE = (
    ("eval", builtin("eval", global_eval, 1, section="19.2.1", since="ES1")),
    ("is_finite", builtin("isFinite", is_finite, 1, section="19.2.2", since="ES1")),
    ("is_nan", builtin("isNaN", is_nan, 1, section="19.2.3", since="ES1")),
    ("parse_float", builtin("parseFloat", parse_float, 1, section="19.2.4", since="ES1")),
    ("parse_int", builtin("parseInt", parse_int, 2, section="19.2.5", since="ES1")),
    ("decode_uri", builtin("decodeURI", decode_uri, 1, section="19.2.6.1", since="ES3")),
    (
        "decode_uri_component",
        builtin("decodeURIComponent", decode_uri_component, 1, section="19.2.6.2", since="ES3"),
    ),
    ("encode_uri", builtin("encodeURI", encode_uri, 1, section="19.2.6.3", since="ES3")),
    (
        "encode_uri_component",
        builtin("encodeURIComponent", encode_uri_component, 1, section="19.2.6.4", since="ES3"),
    ),
    ("escape", builtin("escape", escape, 1, section="B.2.1.1", since="ES1")),
    ("unescape", builtin("unescape", unescape, 1, section="B.2.1.2", since="ES1")),
)


def initialize(realm: Realm) -> None:
    """Make the global functions."""
    for attribute, template in _TABLE:
        setattr(realm, attribute, create_builtin(realm, template))
