"""ECMA-262 22.2.4 to 22.2.6: the RegExp constructor and the accessors and methods of its prototype."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Final

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    define_getters,
    functions,
    getters,
    prototype_object,
    species,
)
from lockstep.reference.javascript.runtime.intrinsics.text.regexp_execution import (
    LegacyState,
    regexp_alloc,
    regexp_builtin_exec,
    regexp_create,
    regexp_exec,
    regexp_initialize,
    require_regexp,
)
from lockstep.reference.javascript.runtime.intrinsics.text.regexp_legacy import define_legacy_properties
from lockstep.reference.javascript.runtime.intrinsics.text.regexp_symbols import SYMBOL_METHODS
from lockstep.reference.javascript.runtime.objects.function import builtin
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, stored
from lockstep.reference.javascript.runtime.objects.regexp import JSRegExp
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean
from lockstep.reference.javascript.runtime.operations.conversion import to_string as convert_to_string
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.operations.regexp import is_regexp
from lockstep.reference.javascript.runtime.regular_expressions.character_set import contains
from lockstep.reference.javascript.runtime.regular_expressions.lowering import WHITE_SPACE
from lockstep.reference.javascript.runtime.values import Null, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

__all__ = ["initialize", "regexp_create"]

_CONTROL_ESCAPES: Final = {"\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r"}
_SYNTAX_CHARACTERS: Final = frozenset("^$\\.*+?()[]{}|/")
_OTHER_PUNCTUATORS: Final = frozenset(",-=<>#&!%:;@~'`\"")


def construct_regexp(
    realm: Realm, new_target: JSObject | None, pattern: Value = undefined, flags: Value = undefined
) -> Value:
    """22.2.4.1 RegExp."""
    like = pattern if is_regexp(pattern) else None
    if new_target is undefined:
        new_target = realm.regexp
        if like is not None and flags is undefined and get(like, "constructor") is new_target:
            return pattern
    if isinstance(pattern, JSRegExp):
        source: Value = pattern.source_
        flags = pattern.flags_ if flags is undefined else flags
    elif like is not None:
        source = get(like, "source")
        flags = get(like, "flags") if flags is undefined else flags
    else:
        source = pattern
    return regexp_initialize(realm, regexp_alloc(realm, new_target), source, flags)


def escape(realm: Realm, this: Value, text: Value = undefined) -> str:
    """22.2.5.1 RegExp.escape."""
    if text.__class__ is not str:
        raise type_error("RegExp.escape requires a string")
    parts: list[str] = []
    position = 0
    while position < len(text):
        character = text[position]
        pair = text[position : position + 2]
        if not parts and character.isascii() and character.isalnum():
            # Step 4.a: it must not continue an escape that stands before it.
            parts.append(f"\\x{ord(character):02x}")
        elif "\ud800" <= character <= "\udbff" and len(pair) == 2 and "\udc00" <= pair[1] <= "\udfff":
            parts.append(pair)
            position += 1
        else:
            parts.append(_encode_for_escape(character))
        position += 1
    return "".join(parts)


def _encode_for_escape(character: str) -> str:
    """22.2.5.1.1 EncodeForRegExpEscape."""
    if character in _SYNTAX_CHARACTERS:
        return "\\" + character
    if character in _CONTROL_ESCAPES:
        return _CONTROL_ESCAPES[character]
    code = ord(character)
    if character in _OTHER_PUNCTUATORS or contains(WHITE_SPACE, code) or 0xD800 <= code <= 0xDFFF:
        return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"
    return character


def exec_(realm: Realm, this: Value, text: Value = undefined) -> JSObject | Null:
    """22.2.6.2 RegExp.prototype.exec."""
    regexp = require_regexp(this, "exec")
    return regexp_builtin_exec(realm, regexp, convert_to_string(text))


def matches(realm: Realm, this: Value, text: Value = undefined) -> bool:
    """22.2.6.16 RegExp.prototype.test."""
    if not isinstance(this, JSObject):
        raise type_error("RegExp.prototype.test called on a value that is not an object")
    return regexp_exec(realm, this, convert_to_string(text)) is not null


def to_string(realm: Realm, this: Value) -> str:
    """22.2.6.17 RegExp.prototype.toString."""
    if not isinstance(this, JSObject):
        raise type_error("RegExp.prototype.toString called on a value that is not an object")
    pattern = convert_to_string(get(this, "source"))
    return f"/{pattern}/{convert_to_string(get(this, 'flags'))}"


def compile_(realm: Realm, this: Value, pattern: Value = undefined, flags: Value = undefined) -> JSObject:
    """B.2.4.1 RegExp.prototype.compile."""
    regexp = require_regexp(this, "compile")
    if regexp.realm_ is not realm or not regexp.legacy_:
        raise type_error("RegExp.prototype.compile called on a RegExp of another realm or class")
    if isinstance(pattern, JSRegExp):
        if flags is not undefined:
            raise type_error("RegExp.prototype.compile called with a RegExp and flags")
        return regexp_initialize(realm, regexp, pattern.source_, pattern.flags_)
    return regexp_initialize(realm, regexp, pattern, flags)


# 22.2.6.4: the properties in the order in which `flags` reads them.
_FLAGS: Final = (
    ("hasIndices", "d", "22.2.6.6", "ES2022"),
    ("global", "g", "22.2.6.5", "ES3"),
    ("ignoreCase", "i", "22.2.6.7", "ES3"),
    ("multiline", "m", "22.2.6.10", "ES3"),
    ("dotAll", "s", "22.2.6.3", "ES2018"),
    ("unicode", "u", "22.2.6.18", "ES2015"),
    ("unicodeSets", "v", "22.2.6.19", "ES2024"),
    ("sticky", "y", "22.2.6.15", "ES2015"),
)


def flags(realm: Realm, this: Value) -> str:
    """22.2.6.4 get RegExp.prototype.flags."""
    if not isinstance(this, JSObject):
        raise type_error("RegExp.prototype.flags getter called on a value that is not an object")
    return "".join([letter for name, letter, *_ in _FLAGS if to_boolean(get(this, name))])


def _flag_getter(name: str, letter: str) -> Callable[..., Value]:
    """22.2.6.4.1 RegExpHasFlag."""

    def getter(realm: Realm, this: Value) -> Value:
        if isinstance(this, JSRegExp):
            return letter in this.flags_
        if this is realm.regexp_prototype:
            return undefined
        raise type_error(f"RegExp.prototype.{name} getter called on a value that is not a RegExp")

    return getter


def source(realm: Realm, this: Value) -> str:
    """22.2.6.13 get RegExp.prototype.source."""
    if isinstance(this, JSRegExp):
        return escape_pattern(this.source_)
    if this is realm.regexp_prototype:
        return "(?:)"
    raise type_error("RegExp.prototype.source getter called on a value that is not a RegExp")


_LINE_ESCAPES: Final = {"\n": "\\n", "\r": "\\r", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def escape_pattern(pattern: str) -> str:
    """22.2.6.13.1 EscapeRegExpPattern."""
    if not pattern:
        return "(?:)"
    parts = []
    in_class = escaped = False
    for character in pattern:
        if character in _LINE_ESCAPES:
            # The backslash before a line terminator is already there.
            parts.append(_LINE_ESCAPES[character][1:] if escaped else _LINE_ESCAPES[character])
        elif character == "/" and not escaped and not in_class:
            parts.append("\\/")
        else:
            parts.append(character)
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == "[":
            in_class = True
        elif character == "]":
            in_class = False
    return "".join(parts)


_CONSTRUCTOR = builtin("RegExp", construct_regexp, 2, "builtin_constructor", section="22.2.4.1", since="ES3")
_STATIC = functions(("escape", escape, 1, "22.2.5.1", "ES2025"))
_METHODS = functions(
    ("exec", exec_, 1, "22.2.6.2", "ES3"),
    ("test", matches, 1, "22.2.6.16", "ES3"),
    ("toString", to_string, 0, "22.2.6.17", "ES3"),
    ("compile", compile_, 2, "B.2.4.1", "ES2015"),
)
_GETTERS = getters(
    ("flags", flags, "22.2.6.4", "ES2015"),
    ("source", source, "22.2.6.13", "ES3"),
    *((name, _flag_getter(name, letter), section, since) for name, letter, section, since in _FLAGS),
)
_SPECIES = species("22.2.5.3", "ES2015")


def initialize(realm: Realm) -> None:
    """Make %RegExp% and %RegExp.prototype%."""
    prototype = prototype_object(realm)
    realm.regexp_prototype = prototype
    realm.regexp_legacy = LegacyState()
    realm.regexp = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, realm.regexp, _STATIC)
    define_getters(realm, realm.regexp, _SPECIES)
    define_legacy_properties(realm)
    define_functions(realm, prototype, _METHODS)
    define_getters(realm, prototype, _GETTERS)
    define_functions(realm, prototype, SYMBOL_METHODS)
    realm.regexp_exec = stored(prototype)["exec"].value
    realm.regexp_pristine = tuple((key, found.value, found.get) for key, found in stored(prototype).items())
