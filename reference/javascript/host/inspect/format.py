"""`util.format`: messages with specifiers, as `console.log` writes them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.host.inspect.kinds import is_built_in_name, proxy_target
from lockstep.reference.javascript.host.inspect.primitives import bigint_text, number_text, symbol_text
from lockstep.reference.javascript.host.inspect.values import inspect
from lockstep.reference.javascript.runtime.completions import thrown_value
from lockstep.reference.javascript.runtime.intrinsics.fundamental.global_functions import (
    parse_float,
    parse_int,
)
from lockstep.reference.javascript.runtime.intrinsics.structured.json import stringify
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.conversion import (
    is_callable,
    to_boolean,
    to_number,
    to_string,
)
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.symbols import TO_PRIMITIVE
from lockstep.reference.javascript.runtime.values import ABSENT, BigInt, Symbol, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

Options = dict[str, Value]


def format_message(realm: Realm, arguments: tuple[Value, ...], options: Options | None = None) -> str:
    """The arguments of `console.log` as one text."""
    given = options or {}
    if not arguments:
        return ""
    first = arguments[0]
    if first.__class__ is not str:
        return " ".join(_shown(realm, one, given) for one in arguments)
    text = first
    if len(arguments) == 1:
        return str(text)
    pieces: list[str] = []
    used = 0
    last = 0
    place = text.find("%")
    while 0 <= place < len(text) - 1:
        kind = text[place + 1]
        following = place + 2
        if kind == "%":
            pieces.append(text[last : place + 1])
            last = following
        elif kind in _SPECIFIERS and used + 1 < len(arguments):
            used += 1
            pieces.append(text[last:place])
            pieces.append(_SPECIFIERS[kind](realm, arguments[used], given))
            last = following
        place = text.find("%", following)
    if last == 0:
        return " ".join(_shown(realm, one, given) for one in arguments)
    pieces.append(text[last:])
    rest = "".join(" " + _shown(realm, one, given) for one in arguments[used + 1 :])
    return "".join(pieces) + rest


def _shown(realm: Realm, value: Value, options: Options) -> str:
    return value if value.__class__ is str else inspect(realm, value, **options)


def _separated(options: Options) -> bool:
    return to_boolean(options.get("numericSeparator"))


def _string(realm: Realm, value: Value, options: Options) -> str:
    if value.__class__ is float:
        return number_text(value, separated=_separated(options))
    if value.__class__ is BigInt:
        return bigint_text(value, separated=_separated(options))
    if value.__class__ is Symbol:
        return symbol_text(value)
    if not isinstance(value, JSObject) or value.is_callable_ or not _has_built_in_text(realm, value):
        return to_string(value)
    return inspect(realm, value, **{**options, "compact": 3.0, "colors": False, "depth": 0.0})


def _has_built_in_text(realm: Realm, value: JSObject) -> bool:
    """Whether nobody but the language says how the object is converted to a String."""
    target = proxy_target(value)
    if target is None:
        return True
    by_string = is_callable(get(target, "toString"))
    by_primitive = is_callable(get(target, TO_PRIMITIVE))
    if not by_string and not by_primitive:
        return True
    keys = [key for key, asked in (("toString", by_string), (TO_PRIMITIVE, by_primitive)) if asked]
    pointer: JSObject = target
    while not any(pointer.get_own_property(key) is not None for key in keys):
        above = pointer.get_prototype_of()
        if above is null:
            return True
        pointer = above
    if pointer is target:
        return False
    own = pointer.get_own_property("constructor")
    return (
        own is not None
        and own.get is ABSENT
        and is_callable(own.value)
        and is_built_in_name(realm, get(own.value, "name"))
    )


def _json(realm: Realm, value: Value, _options: Options) -> str:
    try:
        text = stringify(realm, realm.json, value)
    except Exception as error:
        thrown = thrown_value(error, realm)
        message = get(thrown, "message") if isinstance(thrown, JSObject) else undefined
        if message.__class__ is str and "circular" in str(message).lower():
            return "[Circular]"
        raise
    return "undefined" if text is undefined else str(text)


def _number(realm: Realm, value: Value, options: Options) -> str:
    if value.__class__ is BigInt:
        return bigint_text(value, separated=_separated(options))
    number = math.nan if value.__class__ is Symbol else to_number(value)
    return number_text(number, separated=_separated(options))


def _integer(realm: Realm, value: Value, options: Options) -> str:
    if value.__class__ is BigInt:
        return bigint_text(value, separated=_separated(options))
    number = math.nan if value.__class__ is Symbol else parse_int(realm, undefined, value)
    return number_text(number, separated=_separated(options))


def _float(realm: Realm, value: Value, options: Options) -> str:
    number = math.nan if value.__class__ is Symbol else parse_float(realm, undefined, value)
    return number_text(number, separated=_separated(options))


def _object(realm: Realm, value: Value, options: Options) -> str:
    return inspect(realm, value, **options)


def _whole_object(realm: Realm, value: Value, options: Options) -> str:
    return inspect(realm, value, **{**options, "showHidden": True, "showProxy": True, "depth": 4.0})


def _style(_realm: Realm, _value: Value, _options: Options) -> str:
    return ""


_SPECIFIERS: dict[str, Callable[[Realm, Value, Options], str]] = {
    "s": _string,
    "j": _json,
    "d": _number,
    "i": _integer,
    "f": _float,
    "O": _object,
    "o": _whole_object,
    "c": _style,
}
