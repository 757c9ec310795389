"""ECMA-262 23.3: Uint8Array objects: their text in base64 and in hexadecimal digits."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import syntax_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import functions
from lockstep.reference.javascript.runtime.intrinsics.indexed.typed_array_creation import (
    allocate_buffer,
    require_mutable,
    validate_typed_array,
)
from lockstep.reference.javascript.runtime.objects.description import describe
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.objects.typed_array import ELEMENT_TYPES, JSTypedArray
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean
from lockstep.reference.javascript.runtime.operations.objects import create_data_property_or_throw, get
from lockstep.reference.javascript.runtime.values import Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_UINT8 = ELEMENT_TYPES[1]
_ALPHABETS = ("base64", "base64url")
_LAST_CHUNKS = ("loose", "strict", "stop-before-partial")
_DIGITS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_URL_DIGITS = (_DIGITS - {"+", "/"}) | {"-", "_"}
_TO_STANDARD = str.maketrans("-_", "+/")
_WHITESPACE = "\t\n\f\r "
_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")


class _Decoded:
    """What FromBase64 and FromHex return: [[Read]], [[Bytes]], and the message of [[Error]]."""

    __slots__ = ("bytes", "error", "read")

    def __init__(self, read: int, data: bytes, error: str | None = None) -> None:
        self.read = read
        self.bytes = data
        self.error = error


def _validate(value: Value) -> JSTypedArray:
    """23.3.3.1 ValidateUint8Array."""
    if not isinstance(value, JSTypedArray) or value.kind_ is not _UINT8:
        raise type_error("this is not a Uint8Array")
    return value


def _bytes_of(array: JSTypedArray) -> bytes:
    """23.3.3.2 GetUint8ArrayBytes."""
    validate_typed_array(array)
    data = array.buffer_.data_
    assert data is not None
    return bytes(data[array.offset_ : array.offset_ + array.length_()])


def _set_bytes(array: JSTypedArray, data: bytes) -> None:
    """23.3.3.3 SetUint8ArrayBytes."""
    target = array.buffer_.data_
    assert target is not None
    target[array.offset_ : array.offset_ + len(data)] = data


def _text(value: Value) -> str:
    if value.__class__ is not str:
        raise type_error(f"{describe(value)} is not a string")
    return str(value)


def _options(options: Value) -> JSObject:
    """GetOptionsObject."""
    if options is undefined:
        return object_create(null)
    if not isinstance(options, JSObject):
        raise type_error("The options are not an object")
    return options


def _option(options: JSObject, name: str, values: tuple[str, ...]) -> str:
    """One of several strings, the first if there is none."""
    value = get(options, name)
    if value is undefined:
        return values[0]
    if value.__class__ is not str or value not in values:
        raise type_error(f"{name} is none of {', '.join(values)}")
    return str(value)


def to_base64(realm: Realm, this: Value, options: Value = undefined) -> str:
    """23.3.2.3 Uint8Array.prototype.toBase64."""
    array = _validate(this)
    given = _options(options)
    alphabet = _option(given, "alphabet", _ALPHABETS)
    omit_padding = to_boolean(get(given, "omitPadding"))
    data = _bytes_of(array)
    encode = base64.b64encode if alphabet == "base64" else base64.urlsafe_b64encode
    text = encode(data).decode("ascii")
    return text.rstrip("=") if omit_padding else text


def to_hex(realm: Realm, this: Value) -> str:
    """23.3.2.4 Uint8Array.prototype.toHex."""
    return _bytes_of(_validate(this)).hex()


def _new_array(realm: Realm, decoded: _Decoded) -> JSObject:
    if decoded.error is not None:
        raise syntax_error(decoded.error)
    view = object_create(realm.uint8_array_prototype, JSTypedArray)
    allocate_buffer(realm, view, _UINT8, len(decoded.bytes))
    _set_bytes(view, decoded.bytes)
    return view


def _result(realm: Realm, into: JSTypedArray, decoded: _Decoded) -> JSObject:
    """What was decoded before an error is written."""
    _set_bytes(into, decoded.bytes)
    if decoded.error is not None:
        raise syntax_error(decoded.error)
    result = realm.make_object()
    create_data_property_or_throw(result, "read", float(decoded.read))
    create_data_property_or_throw(result, "written", float(len(decoded.bytes)))
    return result


def from_base64_static(
    realm: Realm, this: Value, string: Value = undefined, options: Value = undefined
) -> JSObject:
    """23.3.1.1 Uint8Array.fromBase64."""
    text = _text(string)
    given = _options(options)
    alphabet = _option(given, "alphabet", _ALPHABETS)
    last_chunk = _option(given, "lastChunkHandling", _LAST_CHUNKS)
    return _new_array(realm, from_base64(text, alphabet, last_chunk))


def from_hex_static(realm: Realm, this: Value, string: Value = undefined) -> JSObject:
    """23.3.1.2 Uint8Array.fromHex."""
    return _new_array(realm, from_hex(_text(string)))


def set_from_base64(
    realm: Realm, this: Value, string: Value = undefined, options: Value = undefined
) -> JSObject:
    """23.3.2.1 Uint8Array.prototype.setFromBase64."""
    into = _validate(this)
    require_mutable(into)
    text = _text(string)
    given = _options(options)
    alphabet = _option(given, "alphabet", _ALPHABETS)
    last_chunk = _option(given, "lastChunkHandling", _LAST_CHUNKS)
    validate_typed_array(into)
    return _result(realm, into, from_base64(text, alphabet, last_chunk, into.length_()))


def set_from_hex(realm: Realm, this: Value, string: Value = undefined) -> JSObject:
    """23.3.2.2 Uint8Array.prototype.setFromHex."""
    into = _validate(this)
    require_mutable(into)
    text = _text(string)
    validate_typed_array(into)
    return _result(realm, into, from_hex(text, into.length_()))


def _skip_whitespace(text: str, index: int) -> int:
    """23.3.3.4 SkipAsciiWhitespace."""
    while index < len(text) and text[index] in _WHITESPACE:
        index += 1
    return index


def _decode_chunk(chunk: str) -> bytes:
    """23.3.3.5 DecodeBase64Chunk: all bytes, those of the filling too."""
    return binascii.a2b_base64(chunk + "A" * (4 - len(chunk)))


def from_base64(text: str, alphabet: str, last_chunk: str, most: int | None = None) -> _Decoded:
    """23.3.3.6 FromBase64.

    Args:
        text: the string.
        alphabet: `base64` or `base64url`.
        last_chunk: `loose`, `strict` or `stop-before-partial`.
        most: no more bytes than these.
    """
    if most == 0:
        return _Decoded(0, b"")
    digits = _DIGITS if alphabet == "base64" else _URL_DIGITS
    read = index = 0
    decoded = bytearray()
    chunk = ""
    while True:
        index = _skip_whitespace(text, index)
        if index == len(text):
            if not chunk:
                return _Decoded(index, bytes(decoded))
            if last_chunk == "stop-before-partial":
                return _Decoded(read, bytes(decoded))
            if last_chunk == "strict" or len(chunk) == 1:
                return _Decoded(read, bytes(decoded), "The base64 text ends inside a chunk")
            decoded += _decode_chunk(chunk)[: len(chunk) - 1]
            return _Decoded(index, bytes(decoded))
        character = text[index]
        index += 1
        if character == "=":
            return _padding(text, index, read, bytes(decoded), chunk, last_chunk)
        if character not in digits:
            return _Decoded(read, bytes(decoded), "The text has characters that are not base64")
        if most is not None and most - len(decoded) < len(chunk) < 4 and len(chunk) >= 2:
            # 8.g: the bytes of this chunk have no room.
            return _Decoded(read, bytes(decoded))
        chunk += character.translate(_TO_STANDARD)
        if len(chunk) == 4:
            decoded += binascii.a2b_base64(chunk)
            chunk = ""
            read = index
            if len(decoded) == most:
                return _Decoded(read, bytes(decoded))


def _padding(text: str, index: int, read: int, decoded: bytes, chunk: str, last_chunk: str) -> _Decoded:
    """Step 8.d: what follows the first `=`."""
    if len(chunk) < 2:
        return _Decoded(read, decoded, "The base64 text has padding where there is nothing to pad")
    index = _skip_whitespace(text, index)
    if len(chunk) == 2:
        if index == len(text):
            if last_chunk == "stop-before-partial":
                return _Decoded(read, decoded)
            return _Decoded(read, decoded, "The base64 text ends inside its padding")
        if text[index] == "=":
            index = _skip_whitespace(text, index + 1)
    if index < len(text):
        return _Decoded(read, decoded, "Something follows the padding of the base64 text")
    data = _decode_chunk(chunk)
    if last_chunk == "strict" and data[len(chunk) - 1]:
        return _Decoded(read, decoded, "The last chunk of the base64 text has bits beyond its bytes")
    return _Decoded(len(text), decoded + data[: len(chunk) - 1])


def from_hex(text: str, most: int | None = None) -> _Decoded:
    """23.3.3.7 FromHex."""
    if len(text) % 2:
        return _Decoded(0, b"", "The hexadecimal text has an odd number of digits")
    end = len(text) if most is None else min(len(text), 2 * most)
    decoded = bytearray()
    for read in range(0, end, 2):
        pair = text[read : read + 2]
        if not _HEXADECIMAL.issuperset(pair):
            return _Decoded(read, bytes(decoded), "The text has characters that are not hexadecimal digits")
        decoded.append(int(pair, 16))
    return _Decoded(end, bytes(decoded))


STATIC = functions(
    ("fromBase64", from_base64_static, 1, "23.3.1.1", "proposal-arraybuffer-base64"),
    ("fromHex", from_hex_static, 1, "23.3.1.2", "proposal-arraybuffer-base64"),
)
METHODS = functions(
    ("setFromBase64", set_from_base64, 1, "23.3.2.1", "proposal-arraybuffer-base64"),
    ("setFromHex", set_from_hex, 1, "23.3.2.2", "proposal-arraybuffer-base64"),
    ("toBase64", to_base64, 0, "23.3.2.3", "proposal-arraybuffer-base64"),
    ("toHex", to_hex, 0, "23.3.2.4", "proposal-arraybuffer-base64"),
)
