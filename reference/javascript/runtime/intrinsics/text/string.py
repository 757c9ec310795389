"""ECMA-262 22.1: String objects."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import TYPE_CHECKING, Any, Callable, Final, Literal

from lockstep.reference.javascript.runtime.completions import range_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.intrinsics.fundamental.symbol import descriptive_string
from lockstep.reference.javascript.runtime.intrinsics.text.string_iterator import (
    code_point_at,
    create_string_iterator,
)
from lockstep.reference.javascript.runtime.objects.description import describe
from lockstep.reference.javascript.runtime.objects.function import builtin, prototype_from_constructor
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, stored
from lockstep.reference.javascript.runtime.objects.primitive_object import JSStringObject, primitive_object
from lockstep.reference.javascript.runtime.objects.property import hidden
from lockstep.reference.javascript.runtime.operations.conversion import (
    is_callable,
    relative_index,
    to_integer_or_infinity,
    to_number,
    to_object,
    to_uint16,
    to_uint32,
)
from lockstep.reference.javascript.runtime.operations.conversion import to_string as convert_to_string
from lockstep.reference.javascript.runtime.operations.number_text import INFINITY, WHITE_SPACE
from lockstep.reference.javascript.runtime.operations.objects import (
    get,
    get_method,
    invoke,
    length_of_array_like,
)
from lockstep.reference.javascript.runtime.operations.regexp import is_regexp
from lockstep.reference.javascript.runtime.operations.substitution import get_substitution
from lockstep.reference.javascript.runtime.symbols import ITERATOR, MATCH, MATCH_ALL, REPLACE, SEARCH, SPLIT
from lockstep.reference.javascript.runtime.values import Symbol, Value, null, undefined
from lockstep.reference.javascript.syntax.utf16 import to_code_points, to_utf16

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_LONGEST = (1 << 29) - 24
_LONE = re.compile("[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]")


def construct_string(realm: Realm, new_target: JSObject | None, *value: Value) -> Value:
    """22.1.1.1 String."""
    if not value:
        text = ""
    elif new_target is undefined and value[0].__class__ is Symbol:
        return descriptive_string(value[0])
    else:
        text = convert_to_string(value[0])
    if new_target is undefined:
        return text
    return primitive_object(JSStringObject, prototype_from_constructor(new_target, "string_prototype"), text)


def from_char_code(realm: Realm, this: Value, *units: Value) -> str:
    """22.1.2.1 String.fromCharCode."""
    if len(units) == 1:
        return chr(to_uint16(units[0]))
    return "".join([chr(to_uint16(unit)) for unit in units])


def from_code_point(realm: Realm, this: Value, *points: Value) -> str:
    """22.1.2.2 String.fromCodePoint."""
    parts = []
    for point in points:
        number = to_number(point)
        if not (number.is_integer() and 0 <= number <= 0x10FFFF):
            raise range_error("Invalid code point")
        parts.append(to_utf16(chr(int(number))))
    return "".join(parts)


def raw(realm: Realm, this: Value, template: Value = undefined, *substitutions: Value) -> str:
    """22.1.2.4 String.raw."""
    cooked = to_object(realm, template)
    literals = to_object(realm, get(cooked, "raw"))
    length = length_of_array_like(literals)
    parts = []
    for index in realm.each(range(length)):
        parts.append(convert_to_string(get(literals, str(index))))
        if index + 1 < length and index < len(substitutions):
            parts.append(convert_to_string(substitutions[index]))
    return "".join(parts)


def _this(this: Value, name: str) -> str:
    """RequireObjectCoercible and ToString of `this`."""
    if this.__class__ is str:
        return this
    if this is undefined or this is null:
        raise type_error(f"String.prototype.{name} called on null or undefined")
    return convert_to_string(this)


def at(realm: Realm, this: Value, index: Value = undefined) -> Value:
    """22.1.3.1 String.prototype.at."""
    text = _this(this, "at")
    relative = to_integer_or_infinity(index)
    position = relative if relative >= 0 else len(text) + relative
    return text[int(position)] if 0 <= position < len(text) else undefined


def char_at(realm: Realm, this: Value, position: Value = undefined) -> str:
    """22.1.3.2 String.prototype.charAt."""
    if this.__class__ is str and position.__class__ is float and position >= 0:
        try:
            return this[int(position)]
        except (IndexError, OverflowError):
            return ""
    text = _this(this, "charAt")
    index = to_integer_or_infinity(position)
    return text[int(index)] if 0 <= index < len(text) else ""


def char_code_at(realm: Realm, this: Value, position: Value = undefined) -> float:
    """22.1.3.3 String.prototype.charCodeAt."""
    if this.__class__ is str and position.__class__ is float and position >= 0:
        try:
            return float(ord(this[int(position)]))
        except (IndexError, OverflowError):
            return float("nan")
    text = _this(this, "charCodeAt")
    index = to_integer_or_infinity(position)
    return float(ord(text[int(index)])) if 0 <= index < len(text) else float("nan")


def string_code_point_at(realm: Realm, this: Value, position: Value = undefined) -> Value:
    """22.1.3.4 String.prototype.codePointAt."""
    text = _this(this, "codePointAt")
    index = to_integer_or_infinity(position)
    if not 0 <= index < len(text):
        return undefined
    return float(ord(to_code_points(code_point_at(text, int(index)))))


def concat(realm: Realm, this: Value, *parts: Value) -> str:
    """22.1.3.5 String.prototype.concat."""
    return _this(this, "concat") + "".join([convert_to_string(part) for part in parts])


def _no_regexp(value: Value, name: str) -> str:
    if is_regexp(value):
        raise type_error(f"First argument to String.prototype.{name} must not be a regular expression")
    return convert_to_string(value)


def _clamped(value: Value, length: int) -> int:
    return int(min(max(to_integer_or_infinity(value), 0), length))


def ends_with(realm: Realm, this: Value, search: Value = undefined, end: Value = undefined) -> bool:
    """22.1.3.7 String.prototype.endsWith."""
    text = _this(this, "endsWith")
    wanted = _no_regexp(search, "endsWith")
    last = len(text) if end is undefined else _clamped(end, len(text))
    return text[:last].endswith(wanted)


def starts_with(realm: Realm, this: Value, search: Value = undefined, position: Value = undefined) -> bool:
    """22.1.3.24 String.prototype.startsWith."""
    text = _this(this, "startsWith")
    wanted = _no_regexp(search, "startsWith")
    return text.startswith(wanted, _clamped(position, len(text)))


def includes(realm: Realm, this: Value, search: Value = undefined, position: Value = undefined) -> bool:
    """22.1.3.8 String.prototype.includes."""
    text = _this(this, "includes")
    wanted = _no_regexp(search, "includes")
    return text.find(wanted, _clamped(position, len(text))) >= 0


def index_of(realm: Realm, this: Value, search: Value = undefined, position: Value = undefined) -> float:
    """22.1.3.9 String.prototype.indexOf."""
    text = _this(this, "indexOf")
    wanted = convert_to_string(search)
    return float(text.find(wanted, _clamped(position, len(text))))


def last_index_of(realm: Realm, this: Value, search: Value = undefined, position: Value = undefined) -> float:
    """22.1.3.11 String.prototype.lastIndexOf."""
    text = _this(this, "lastIndexOf")
    wanted = convert_to_string(search)
    number = to_number(position)
    place = INFINITY if math.isnan(number) else to_integer_or_infinity(number)
    start = int(min(max(place, 0), len(text)))
    return float(text.rfind(wanted, 0, start + len(wanted)))


def is_well_formed(realm: Realm, this: Value) -> bool:
    """22.1.3.10 String.prototype.isWellFormed."""
    return _LONE.search(_this(this, "isWellFormed")) is None


def to_well_formed(realm: Realm, this: Value) -> str:
    """22.1.3.31 String.prototype.toWellFormed."""
    return _LONE.sub("\ufffd", _this(this, "toWellFormed"))


def locale_compare(realm: Realm, this: Value, that: Value = undefined) -> float:
    """22.1.3.12 String.prototype.localeCompare: by code units of the canonical form."""
    text = unicodedata.normalize("NFC", to_code_points(_this(this, "localeCompare")))
    other = unicodedata.normalize("NFC", to_code_points(convert_to_string(that)))
    return float((text > other) - (text < other))


def _with_regexp(symbol: Symbol, name: str) -> Callable[..., Value]:
    """22.1.3.13 match, 22.1.3.14 matchAll, 22.1.3.21 search."""

    def method(realm: Realm, this: Value, regexp: Value = undefined) -> Value:
        if this is undefined or this is null:
            raise type_error(f"String.prototype.{name} called on null or undefined")
        if isinstance(regexp, JSObject):
            if name == "matchAll" and is_regexp(regexp):
                _require_global(regexp, name)
            matcher: Any = get_method(regexp, symbol, realm)
            if matcher is not undefined:
                return matcher.call_n(regexp, this)
        text = convert_to_string(this)
        from lockstep.reference.javascript.runtime.intrinsics.text.regexp import regexp_create  # noqa: PLC0415

        made = regexp_create(realm, regexp, "g" if name == "matchAll" else undefined)
        return invoke(realm, made, symbol, text)

    return method


def _require_global(regexp: JSObject, name: str) -> None:
    flags = get(regexp, "flags")
    if flags is undefined or flags is null:
        raise type_error(f"String.prototype.{name}: flags is undefined or null")
    if "g" not in convert_to_string(flags):
        raise type_error(f"String.prototype.{name} called with a non-global RegExp argument")


_FORMS: Final[dict[str, Literal["NFC", "NFD", "NFKC", "NFKD"]]] = {
    "NFC": "NFC",
    "NFD": "NFD",
    "NFKC": "NFKC",
    "NFKD": "NFKD",
}


def normalize(realm: Realm, this: Value, form: Value = undefined) -> str:
    """22.1.3.15 String.prototype.normalize."""
    text = _this(this, "normalize")
    name = "NFC" if form is undefined else convert_to_string(form)
    if name not in _FORMS:
        raise range_error("The normalization form should be one of NFC, NFD, NFKC, NFKD")
    return to_utf16(unicodedata.normalize(_FORMS[name], to_code_points(text)))


def _pad(realm: Realm, this: Value, target_length: Value, filler: Value, *, at_start: bool) -> str:
    """22.1.3.17.1 StringPad."""
    text = _this(this, "padStart" if at_start else "padEnd")
    length = int(min(max(to_integer_or_infinity(target_length), 0), 2.0**53))
    if length <= len(text):
        return text
    filling = " " if filler is undefined else convert_to_string(filler)
    if not filling:
        return text
    missing = length - len(text)
    if length > _LONGEST:
        raise range_error("Invalid string length")
    realm.agent.budget.allocate(missing)
    padding = (filling * (missing // len(filling) + 1))[:missing]
    return padding + text if at_start else text + padding


def pad_end(realm: Realm, this: Value, length: Value = undefined, filler: Value = undefined) -> str:
    """22.1.3.16 String.prototype.padEnd."""
    return _pad(realm, this, length, filler, at_start=False)


def pad_start(realm: Realm, this: Value, length: Value = undefined, filler: Value = undefined) -> str:
    """22.1.3.17 String.prototype.padStart."""
    return _pad(realm, this, length, filler, at_start=True)


def repeat(realm: Realm, this: Value, count: Value = undefined) -> str:
    """22.1.3.18 String.prototype.repeat."""
    text = _this(this, "repeat")
    times = to_integer_or_infinity(count)
    if times < 0 or times == INFINITY:
        raise range_error(f"Invalid count value: {describe(count)}")
    if not text:
        return ""
    if times * len(text) > _LONGEST:
        raise range_error("Invalid string length")
    realm.agent.budget.allocate(int(times) * len(text))
    return text * int(times)


def _replacer(*, every: bool) -> Callable[..., Value]:
    """22.1.3.19 replace and 22.1.3.20 replaceAll."""

    def method(realm: Realm, this: Value, search: Value = undefined, replacement: Value = undefined) -> Value:
        if this is undefined or this is null:
            raise type_error(
                f"String.prototype.{'replaceAll' if every else 'replace'} called on null or undefined"
            )
        if isinstance(search, JSObject):
            if every and is_regexp(search):
                _require_global(search, "replaceAll")
            replacer: Any = get_method(search, REPLACE, realm)
            if replacer is not undefined:
                return replacer.call_n(search, this, replacement)
        text = convert_to_string(this)
        wanted = convert_to_string(search)
        function = replacement if is_callable(replacement) else None
        template = "" if function is not None else convert_to_string(replacement)
        positions = []
        position = text.find(wanted)
        while position >= 0:
            realm.agent.budget.step()
            positions.append(position)
            if not every:
                break
            position = text.find(wanted, position + max(1, len(wanted)))
            if not wanted and positions[-1] >= len(text):
                break
        result = []
        end = 0
        for position in realm.each(positions):
            if function is not None:
                replaced = convert_to_string(function.call_n(undefined, wanted, float(position), text))
            else:
                replaced = get_substitution(wanted, text, position, [], undefined, template)
            result.append(text[end:position])
            result.append(replaced)
            end = position + len(wanted)
        result.append(text[end:])
        return "".join(result)

    return method


def string_slice(realm: Realm, this: Value, start: Value = undefined, end: Value = undefined) -> str:
    """22.1.3.22 String.prototype.slice."""
    text = _this(this, "slice")
    first = relative_index(start, len(text), 0)
    last = relative_index(end, len(text), len(text))
    return text[first:last] if first < last else ""


def split(realm: Realm, this: Value, separator: Value = undefined, limit: Value = undefined) -> Value:
    """22.1.3.23 String.prototype.split."""
    if this is undefined or this is null:
        raise type_error("String.prototype.split called on null or undefined")
    if isinstance(separator, JSObject):
        splitter = get_method(separator, SPLIT, realm)
        if splitter is not undefined:
            return splitter.call_n(separator, this, limit)
    text = convert_to_string(this)
    most = 4294967295 if limit is undefined else int(to_uint32(limit))
    between = convert_to_string(separator)
    if most == 0:
        return realm.make_array([])
    if separator is undefined:
        return realm.make_array([text])
    realm.agent.budget.bulk(len(text))
    if not between:
        return realm.make_array(list(text[:most]))
    if not text:
        return realm.make_array([""])
    parts: list[Value] = [*text.split(between)]
    del parts[most:]
    return realm.make_array(parts)


def substring(realm: Realm, this: Value, start: Value = undefined, end: Value = undefined) -> str:
    """22.1.3.25 String.prototype.substring."""
    text = _this(this, "substring")
    first = _clamped(start, len(text))
    last = len(text) if end is undefined else _clamped(end, len(text))
    return text[min(first, last) : max(first, last)]


def substr(realm: Realm, this: Value, start: Value = undefined, length: Value = undefined) -> str:
    """B.2.2.1 String.prototype.substr."""
    text = _this(this, "substr")
    first = relative_index(start, len(text), 0)
    count = len(text) if length is undefined else _clamped(length, len(text))
    return text[first : first + count]


def _lower(text: str) -> str:
    return text.lower() if text.isascii() else to_utf16(to_code_points(text).lower())


def _upper(text: str) -> str:
    return text.upper() if text.isascii() else to_utf16(to_code_points(text).upper())


def to_lower_case(realm: Realm, this: Value) -> str:
    """22.1.3.28 String.prototype.toLowerCase."""
    return _lower(_this(this, "toLowerCase"))


def to_upper_case(realm: Realm, this: Value) -> str:
    """22.1.3.30 String.prototype.toUpperCase."""
    return _upper(_this(this, "toUpperCase"))


def this_string(this: Value, name: str) -> str:
    """22.1.3.35.1 ThisStringValue."""
    if this.__class__ is str:
        return this
    if isinstance(this, JSStringObject):
        return this.data_
    raise type_error(f"String.prototype.{name} requires that 'this' be a String")


def to_string(realm: Realm, this: Value) -> str:
    """22.1.3.29 String.prototype.toString."""
    return this_string(this, "toString")


def value_of(realm: Realm, this: Value) -> str:
    """22.1.3.35 String.prototype.valueOf."""
    return this_string(this, "valueOf")


def trim(realm: Realm, this: Value) -> str:
    """22.1.3.32 String.prototype.trim."""
    return _this(this, "trim").strip(WHITE_SPACE)


def trim_end(realm: Realm, this: Value) -> str:
    """22.1.3.33 String.prototype.trimEnd."""
    return _this(this, "trimEnd").rstrip(WHITE_SPACE)


def trim_start(realm: Realm, this: Value) -> str:
    """22.1.3.34 String.prototype.trimStart."""
    return _this(this, "trimStart").lstrip(WHITE_SPACE)


def iterate(realm: Realm, this: Value) -> JSObject:
    """22.1.3.36 String.prototype [ %Symbol.iterator% ]."""
    return create_string_iterator(realm, _this(this, "[Symbol.iterator]"))


def _html(name: str, tag: str, attribute: str = "") -> Callable[..., str]:
    """B.2.2.2.1 CreateHTML."""

    def plain(realm: Realm, this: Value) -> str:
        return f"<{tag}>{_this(this, name)}</{tag}>"

    def with_attribute(realm: Realm, this: Value, value: Value = undefined) -> str:
        text = _this(this, name)
        escaped = convert_to_string(value).replace('"', "&quot;")
        return f'<{tag} {attribute}="{escaped}">{text}</{tag}>'

    return with_attribute if attribute else plain


_CONSTRUCTOR = builtin("String", construct_string, 1, "builtin_constructor", section="22.1.1.1", since="ES1")
_STATIC = functions(
    ("fromCharCode", from_char_code, 1, "22.1.2.1", "ES1"),
    ("fromCodePoint", from_code_point, 1, "22.1.2.2", "ES2015"),
    ("raw", raw, 1, "22.1.2.4", "ES2015"),
)
_METHODS = functions(
    ("at", at, 1, "22.1.3.1", "ES2022"),
    ("charAt", char_at, 1, "22.1.3.2", "ES1"),
    ("charCodeAt", char_code_at, 1, "22.1.3.3", "ES1"),
    ("codePointAt", string_code_point_at, 1, "22.1.3.4", "ES2015"),
    ("concat", concat, 1, "22.1.3.5", "ES3"),
    ("endsWith", ends_with, 1, "22.1.3.7", "ES2015"),
    ("includes", includes, 1, "22.1.3.8", "ES2015"),
    ("indexOf", index_of, 1, "22.1.3.9", "ES1"),
    ("isWellFormed", is_well_formed, 0, "22.1.3.10", "ES2024"),
    ("lastIndexOf", last_index_of, 1, "22.1.3.11", "ES1"),
    ("localeCompare", locale_compare, 1, "22.1.3.12", "ES3"),
    ("match", _with_regexp(MATCH, "match"), 1, "22.1.3.13", "ES3"),
    ("matchAll", _with_regexp(MATCH_ALL, "matchAll"), 1, "22.1.3.14", "ES2020"),
    ("normalize", normalize, 0, "22.1.3.15", "ES2015"),
    ("padEnd", pad_end, 1, "22.1.3.16", "ES2017"),
    ("padStart", pad_start, 1, "22.1.3.17", "ES2017"),
    ("repeat", repeat, 1, "22.1.3.18", "ES2015"),
    ("replace", _replacer(every=False), 2, "22.1.3.19", "ES3"),
    ("replaceAll", _replacer(every=True), 2, "22.1.3.20", "ES2021"),
    ("search", _with_regexp(SEARCH, "search"), 1, "22.1.3.21", "ES3"),
    ("slice", string_slice, 2, "22.1.3.22", "ES3"),
    ("split", split, 2, "22.1.3.23", "ES1"),
    ("startsWith", starts_with, 1, "22.1.3.24", "ES2015"),
    ("substr", substr, 2, "B.2.2.1", "ES3"),
    ("substring", substring, 2, "22.1.3.25", "ES1"),
    ("toLocaleLowerCase", to_lower_case, 0, "22.1.3.26", "ES3"),
    ("toLocaleUpperCase", to_upper_case, 0, "22.1.3.27", "ES3"),
    ("toLowerCase", to_lower_case, 0, "22.1.3.28", "ES1"),
    ("toString", to_string, 0, "22.1.3.29", "ES1"),
    ("toUpperCase", to_upper_case, 0, "22.1.3.30", "ES1"),
    ("toWellFormed", to_well_formed, 0, "22.1.3.31", "ES2024"),
    ("trim", trim, 0, "22.1.3.32", "ES5"),
    ("trimEnd", trim_end, 0, "22.1.3.33", "ES2019"),
    ("trimStart", trim_start, 0, "22.1.3.34", "ES2019"),
    ("valueOf", value_of, 0, "22.1.3.35", "ES1"),
    (ITERATOR, iterate, 0, "22.1.3.36", "ES2015"),
    ("anchor", _html("anchor", "a", "name"), 1, "B.2.2.2", "ES2015"),
    ("big", _html("big", "big"), 0, "B.2.2.3", "ES2015"),
    ("blink", _html("blink", "blink"), 0, "B.2.2.4", "ES2015"),
    ("bold", _html("bold", "b"), 0, "B.2.2.5", "ES2015"),
    ("fixed", _html("fixed", "tt"), 0, "B.2.2.6", "ES2015"),
    ("fontcolor", _html("fontcolor", "font", "color"), 1, "B.2.2.7", "ES2015"),
    ("fontsize", _html("fontsize", "font", "size"), 1, "B.2.2.8", "ES2015"),
    ("italics", _html("italics", "i"), 0, "B.2.2.9", "ES2015"),
    ("link", _html("link", "a", "href"), 1, "B.2.2.10", "ES2015"),
    ("small", _html("small", "small"), 0, "B.2.2.11", "ES2015"),
    ("strike", _html("strike", "strike"), 0, "B.2.2.12", "ES2015"),
    ("sub", _html("sub", "sub"), 0, "B.2.2.13", "ES2015"),
    ("sup", _html("sup", "sup"), 0, "B.2.2.14", "ES2015"),
)


def initialize(realm: Realm) -> None:
    """Make %String% and %String.prototype%."""
    prototype = prototype_object(realm, kind=JSStringObject)
    prototype.data_ = ""
    realm.string_prototype = prototype
    realm.string = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, realm.string, _STATIC)
    define_functions(realm, prototype, _METHODS)
    # B.2.2.15 and B.2.2.16: the old names are the same function objects.
    properties = stored(prototype)
    properties["trimLeft"] = hidden(properties["trimStart"].value)
    properties["trimRight"] = hidden(properties["trimEnd"].value)
