"""`TextEncoder` and `TextDecoder` (the Encoding standard)."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Final

from lockstep.reference.javascript.host.definition import (
    add_accessors,
    add_functions,
    class_of,
    coded_error,
    dictionary,
    prototype_from,
    wrong_type,
)
from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.objects.array_buffer import JSArrayBuffer
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.objects.typed_array import JSDataView, JSTypedArray
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean, to_number, to_string
from lockstep.reference.javascript.runtime.operations.objects import construct, get
from lockstep.reference.javascript.runtime.values import Value, null, undefined
from lockstep.reference.javascript.syntax.utf16 import to_code_points, to_utf16

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_LABELS: Final = {
    "utf-8": ("unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "utf-8", "utf8", "x-unicode20utf8"),
    "utf-16le": ("csunicode", "iso-10646-ucs-2", "ucs-2", "unicode", "unicodefeff", "utf-16", "utf-16le"),
    "utf-16be": ("unicodefffe", "utf-16be"),
    "windows-1252": (
        "ansi_x3.4-1968", "ascii", "cp1252", "cp819", "csisolatin1", "ibm819", "iso-8859-1", "iso-ir-100", "iso8859-1", "iso88591",
        "iso_8859-1", "iso_8859-1:1987", "l1", "latin1", "us-ascii", "windows-1252", "x-cp1252",
    ),
    "iso-8859-2": ("csisolatin2", "iso-8859-2", "iso-ir-101", "iso8859-2", "iso88592", "iso_8859-2", "iso_8859-2:1987", "l2", "latin2"),
    "iso-8859-5": ("csisolatincyrillic", "cyrillic", "iso-8859-5", "iso-ir-144", "iso8859-5", "iso88595", "iso_8859-5", "iso_8859-5:1988"),
    "iso-8859-7": (
        "csisolatingreek", "ecma-118", "elot_928", "greek", "greek8", "iso-8859-7", "iso-ir-126", "iso8859-7", "iso88597", "iso_8859-7",
        "iso_8859-7:1987", "sun_eu_greek",
    ),
    "iso-8859-15": ("csisolatin9", "iso-8859-15", "iso8859-15", "iso885915", "iso_8859-15", "l9"),
    "koi8-r": ("cskoi8r", "koi", "koi8", "koi8-r", "koi8_r"),
    "windows-1250": ("cp1250", "windows-1250", "x-cp1250"),
    "windows-1251": ("cp1251", "windows-1251", "x-cp1251"),
    "windows-1253": ("cp1253", "windows-1253", "x-cp1253"),
    "windows-1254": (
        "cp1254", "csisolatin5", "iso-8859-9", "iso-ir-148", "iso8859-9", "iso88599", "iso_8859-9", "iso_8859-9:1989", "l5", "latin5",
        "windows-1254", "x-cp1254",
    ),
    "gbk": ("chinese", "csgb2312", "csiso58gb231280", "gb2312", "gb_2312", "gb_2312-80", "gbk", "iso-ir-58", "x-gbk"),
    "gb18030": ("gb18030",),
    "big5": ("big5", "big5-hkscs", "cn-big5", "csbig5", "x-x-big5"),
    "euc-jp": ("cseucpkdfmtjapanese", "euc-jp", "x-euc-jp"),
    "shift_jis": ("csshiftjis", "ms932", "ms_kanji", "shift-jis", "shift_jis", "sjis", "windows-31j", "x-sjis"),
    "euc-kr": (
        "cseuckr", "csksc56011987", "euc-kr", "iso-ir-149", "korean", "ks_c_5601-1987", "ks_c_5601-1989", "ksc5601", "ksc_5601",
        "windows-949",
    ),
}  # fmt: skip
# Where the host calls an encoding otherwise.
_HOST_NAMES: Final = {"euc-kr": "cp949", "shift_jis": "cp932"}
_MARKS: Final = {"utf-8": "\ufeff", "utf-16le": "\ufeff", "utf-16be": "\ufeff"}
_WHITE: Final = "\t\n\f\r "


def encoding_of(label: str) -> str | None:
    """The name of an encoding by one of its labels (Encoding 4.2)."""
    wanted = label.strip(_WHITE).lower()
    return next((name for name, labels in _LABELS.items() if wanted in labels), None)


def _windows_1252(_error: UnicodeError) -> tuple[str, int]:
    error = _error
    assert isinstance(error, UnicodeDecodeError)
    return "".join(map(chr, error.object[error.start : error.end])), error.end


codecs.register_error("lockstep.javascript.latin1", _windows_1252)


class JSTextDecoder(JSObject):
    """A TextDecoder."""

    __slots__ = ("decoder_", "encoding_", "fatal_", "ignore_bom_", "seen_")
    class_name_ = "TextDecoder"
    encoding_: str
    fatal_: bool
    ignore_bom_: bool
    decoder_: codecs.IncrementalDecoder | None
    seen_: bool


class JSTextEncoder(JSObject):
    """A TextEncoder."""

    __slots__ = ()
    class_name_ = "TextEncoder"


def utf8_bytes(text: str) -> bytes:
    """UTF-8 encode; lone surrogates become U+FFFD."""
    points = to_code_points(text)
    try:
        return points.encode("utf-8")
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in points).encode("utf-8")


def source_bytes(realm: Realm, source: Value, name: str = 'The "list" argument') -> bytes:
    """The bytes of a buffer or view.

    Raises:
        ThrowCompletion: TypeError, it is neither.
    """
    if isinstance(source, JSArrayBuffer):
        data = source.data_
        return b"" if data is None else bytes(data[: source.byte_length_()])
    if isinstance(source, JSTypedArray):
        size = source.length_() * source.kind_.size
        return (
            b""
            if source.buffer_.data_ is None
            else bytes(source.buffer_.data_[source.offset_ : source.offset_ + size])
        )
    if isinstance(source, JSDataView):
        start, length = (int(to_number(get(source, key))) for key in ("byteOffset", "byteLength"))
        return bytes(source.buffer_.data_[start : start + length])
    raise coded_error(
        realm,
        "TypeError",
        "ERR_INVALID_ARG_TYPE",
        f"{name} must be an instance of SharedArrayBuffer, ArrayBuffer or ArrayBufferView.",
    )


def bytes_array(realm: Realm, data: bytes) -> JSObject:
    """A Uint8Array over its own copy of some bytes."""
    realm.agent.budget.allocate(len(data))
    made = construct(realm.uint8_array, [float(len(data))])
    assert isinstance(made, JSTypedArray)
    if data:
        made.buffer_.data_[: len(data)] = data
    return made


def _encoder(this: Value) -> None:
    if not isinstance(this, JSTextEncoder):
        raise type_error("Illegal invocation")


def make_text_encoder(realm: Realm) -> JSObject:
    """The class TextEncoder."""

    def construct_encoder(new_target: Value, *_rest: Value) -> Value:
        if new_target is undefined:
            raise type_error("Class constructor TextEncoder cannot be invoked without 'new'")
        return object_create(prototype_from(new_target, prototype), JSTextEncoder)

    def encode(this: Value, text: Value = undefined, *_rest: Value) -> Value:
        _encoder(this)
        given = "" if text is undefined else to_string(text)
        realm.agent.budget.bulk(len(given))
        return bytes_array(realm, utf8_bytes(given))

    def encode_into(this: Value, text: Value = undefined, target: Value = undefined, *_rest: Value) -> Value:
        _encoder(this)
        if text.__class__ is not str:
            raise wrong_type(realm, 'The "src" argument', "of type string", text)
        if not isinstance(target, JSTypedArray) or target.kind_.name != "Uint8":
            raise wrong_type(realm, 'The "dest" argument', "an instance of Uint8Array", target)
        room = target.length_()
        read = written = 0
        start = target.offset_
        data = target.buffer_.data_
        for character in realm.each(to_code_points(str(text))):
            raw = utf8_bytes(character)
            if written + len(raw) > room:
                break
            data[start + written : start + written + len(raw)] = raw
            written += len(raw)
            read += 2 if ord(character) > 0xFFFF else 1
        return dictionary(realm, [("read", float(read)), ("written", float(written))])

    def encoding(this: Value, *_rest: Value) -> str:
        _encoder(this)
        return "utf-8"

    constructor, prototype = class_of(realm, "TextEncoder", construct_encoder, 0)
    add_accessors(realm, prototype, [("encoding", encoding, None)])
    add_functions(realm, prototype, [("encode", encode, 0), ("encodeInto", encode_into, 2)])
    return constructor


def _decoder(this: Value) -> JSTextDecoder:
    if not isinstance(this, JSTextDecoder):
        raise type_error("Illegal invocation")
    return this


def make_text_decoder(realm: Realm) -> JSObject:
    """The class TextDecoder."""

    def construct_decoder(
        new_target: Value, label: Value = undefined, options: Value = undefined, *_rest: Value
    ) -> Value:
        if new_target is undefined:
            raise type_error("Class constructor TextDecoder cannot be invoked without 'new'")
        given = "utf-8" if label is undefined else to_string(label)
        name = encoding_of(given)
        if name is None:
            raise coded_error(
                realm, "RangeError", "ERR_ENCODING_NOT_SUPPORTED", f'The "{given}" encoding is not supported'
            )
        if options is not undefined and options is not null and not isinstance(options, JSObject):
            raise wrong_type(realm, 'The "options" argument', "of type object", options)
        made = object_create(prototype_from(new_target, prototype), JSTextDecoder)
        made.encoding_ = name
        made.fatal_ = isinstance(options, JSObject) and to_boolean(get(options, "fatal"))
        made.ignore_bom_ = isinstance(options, JSObject) and to_boolean(get(options, "ignoreBOM"))
        made.decoder_ = None
        made.seen_ = False
        return made

    def decode(this: Value, source: Value = undefined, options: Value = undefined, *_rest: Value) -> str:
        own = _decoder(this)
        data = b"" if source is undefined else source_bytes(realm, source)
        stream = isinstance(options, JSObject) and to_boolean(get(options, "stream"))
        realm.agent.budget.bulk(len(data))
        if own.decoder_ is None:
            errors = (
                "lockstep.javascript.latin1"
                if own.encoding_ == "windows-1252"
                else "strict"
                if own.fatal_
                else "replace"
            )
            name = (
                "cp1252" if own.encoding_ == "windows-1252" else _HOST_NAMES.get(own.encoding_, own.encoding_)
            )
            own.decoder_ = codecs.getincrementaldecoder(name)(errors)
            own.seen_ = False
        try:
            text = own.decoder_.decode(data, not stream)
        except UnicodeDecodeError:
            own.decoder_ = None
            raise coded_error(
                realm,
                "TypeError",
                "ERR_ENCODING_INVALID_ENCODED_DATA",
                f"The encoded data was not valid for encoding {own.encoding_}",
            ) from None
        if text and not own.seen_:
            own.seen_ = True
            if not own.ignore_bom_ and text[0] == _MARKS.get(own.encoding_):
                text = text[1:]
        if not stream:
            own.decoder_ = None
        return to_utf16(text)

    constructor, prototype = class_of(realm, "TextDecoder", construct_decoder, 0)
    add_accessors(
        realm,
        prototype,
        [
            ("encoding", lambda this, *_rest: _decoder(this).encoding_, None),
            ("fatal", lambda this, *_rest: _decoder(this).fatal_, None),
            ("ignoreBOM", lambda this, *_rest: _decoder(this).ignore_bom_, None),
        ],
    )
    add_functions(realm, prototype, [("decode", decode, 0)])
    return constructor
