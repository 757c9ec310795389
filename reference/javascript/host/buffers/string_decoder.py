"""`node:string_decoder`: text from bytes that come in pieces."""

from __future__ import annotations

import codecs
import weakref
from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.host.buffers.encodings import encoding_name, text_of_bytes
from lockstep.reference.javascript.host.definition import (
    add_functions,
    coded_error,
    dictionary,
    old_class,
    wrong_type,
)
from lockstep.reference.javascript.host.web.encoding import source_bytes
from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.host import shown
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.objects.typed_array import JSDataView, JSTypedArray
from lockstep.reference.javascript.runtime.operations.conversion import to_string
from lockstep.reference.javascript.runtime.operations.objects import set_property
from lockstep.reference.javascript.runtime.values import Value, null, undefined
from lockstep.reference.javascript.syntax.utf16 import to_utf16

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_UNITS = {"base64": 3, "base64url": 3}
Decode = Callable[[bytes, bool], str]


def _decoding(encoding: str) -> Decode:
    """A function of bytes, and of whether they are the last, that keeps what is not complete."""
    if encoding in ("utf8", "utf16le"):
        name = "utf-8" if encoding == "utf8" else "utf-16-le"
        decoder = codecs.getincrementaldecoder(name)("replace" if encoding == "utf8" else "surrogatepass")

        def decode(data: bytes, last: bool) -> str:
            text = to_utf16(decoder.decode(data, last))
            if last:
                decoder.reset()
            return text

        return decode
    unit = _UNITS.get(encoding, 1)
    kept = bytearray()

    def decode_units(data: bytes, last: bool) -> str:
        kept.extend(data)
        size = len(kept) if last else len(kept) - len(kept) % unit
        found = bytes(kept[:size])
        del kept[:size]
        return text_of_bytes(found, encoding)

    return decode_units


def string_decoder_module(realm: Realm) -> JSObject:
    """The exports."""
    by_object: weakref.WeakKeyDictionary[JSObject, Decode] = weakref.WeakKeyDictionary()

    def initialize(this: Value, encoding: Value = undefined, *_rest: Value) -> Value:
        given = "utf8" if encoding is undefined or encoding is null else to_string(encoding)
        name = encoding_name(given)
        if name is None:
            raise coded_error(realm, "TypeError", "ERR_UNKNOWN_ENCODING", f"Unknown encoding: {given}")
        target = this
        if not isinstance(target, JSObject):
            raise type_error(f"Cannot set properties of {shown(target)} (setting 'encoding')")
        set_property(target, "encoding", name, True)
        by_object[target] = _decoding(name)
        return undefined

    def decode(this: Value) -> Decode:
        found = by_object.get(this) if isinstance(this, JSObject) else None
        if found is None:
            raise wrong_type(realm, 'Value of "this"', "of type StringDecoder", this)
        return found

    def write(this: Value, chunk: Value = undefined, *_rest: Value) -> str:
        if isinstance(chunk, str):
            return chunk
        if not isinstance(chunk, (JSTypedArray, JSDataView)):
            raise wrong_type(
                realm, 'The "buf" argument', "an instance of Buffer, TypedArray, or DataView", chunk
            )
        return decode(this)(source_bytes(realm, chunk), False)

    def end(this: Value, chunk: Value = undefined, *_rest: Value) -> str:
        text = write(this, chunk) if isinstance(chunk, JSObject) else ""
        return text + decode(this)(b"", True)

    constructor, prototype = old_class(realm, "StringDecoder", initialize, 1)
    add_functions(realm, prototype, [("write", write, 1), ("end", end, 1)])
    return dictionary(realm, [("StringDecoder", constructor)])
