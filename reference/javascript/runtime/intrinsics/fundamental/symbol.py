"""ECMA-262 20.4: Symbol objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    define_getters,
    define_tag,
    functions,
    getters,
    prototype_object,
)
from lockstep.reference.javascript.runtime.objects.description import describe
from lockstep.reference.javascript.runtime.objects.function import builtin
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, stored
from lockstep.reference.javascript.runtime.objects.primitive_object import JSSymbolObject
from lockstep.reference.javascript.runtime.objects.property import Property
from lockstep.reference.javascript.runtime.operations.conversion import to_string as convert_to_string
from lockstep.reference.javascript.runtime.symbols import TO_PRIMITIVE, WELL_KNOWN
from lockstep.reference.javascript.runtime.values import Symbol, Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def construct_symbol(realm: Realm, new_target: JSObject | None, description: Value = undefined) -> Symbol:
    """20.4.1.1 Symbol."""
    if new_target is not undefined:
        raise type_error("Symbol is not a constructor")
    return Symbol(None if description is undefined else convert_to_string(description))


def symbol_for(realm: Realm, this: Value, key: Value = undefined) -> Symbol:
    """20.4.2.4 Symbol.for."""
    text = convert_to_string(key)
    registry = realm.agent.symbol_registry
    if text not in registry:
        registry[text] = Symbol(text)
    return registry[text]


def key_for(realm: Realm, this: Value, symbol: Value = undefined) -> Value:
    """20.4.2.8 Symbol.keyFor."""
    if symbol.__class__ is not Symbol:
        raise type_error(f"{describe(symbol)} is not a symbol")
    return is_registered(realm, symbol)


def is_registered(realm: Realm, symbol: Symbol) -> Value:
    """20.4.5.1 KeyForSymbol."""
    text = symbol.description
    if text is not None and realm.agent.symbol_registry.get(text) is symbol:
        return text
    return undefined


def this_symbol(this: Value) -> Symbol:
    """20.4.3.4.1 ThisSymbolValue."""
    if this.__class__ is Symbol:
        return this
    if isinstance(this, JSSymbolObject):
        return this.data_
    raise type_error("this is not a Symbol")


def description(realm: Realm, this: Value) -> Value:
    """20.4.3.2 get Symbol.prototype.description."""
    return this_symbol(this).description


def to_string(realm: Realm, this: Value) -> str:
    """20.4.3.3 Symbol.prototype.toString."""
    return descriptive_string(this_symbol(this))


def descriptive_string(symbol: Symbol) -> str:
    """20.4.3.3.1 SymbolDescriptiveString."""
    return f"Symbol({symbol.description or ''})"


def value_of(realm: Realm, this: Value) -> Symbol:
    """20.4.3.4 Symbol.prototype.valueOf."""
    return this_symbol(this)


def to_primitive(realm: Realm, this: Value, hint: Value = undefined) -> Symbol:
    """20.4.3.5 Symbol.prototype [ %Symbol.toPrimitive% ]."""
    return this_symbol(this)


_CONSTRUCTOR = builtin(
    "Symbol", construct_symbol, 0, "builtin_constructor", section="20.4.1.1", since="ES2015"
)
_STATIC = functions(
    ("for", symbol_for, 1, "20.4.2.4", "ES2015"), ("keyFor", key_for, 1, "20.4.2.8", "ES2015")
)
_METHODS = functions(
    ("toString", to_string, 0, "20.4.3.3", "ES2015"),
    ("valueOf", value_of, 0, "20.4.3.4", "ES2015"),
    (TO_PRIMITIVE, to_primitive, 1, "20.4.3.5", "ES2015"),
)
_GETTERS = getters(("description", description, "20.4.3.2", "ES2019"))


def initialize(realm: Realm) -> None:
    """Make %Symbol% and %Symbol.prototype%."""
    prototype = prototype_object(realm)
    realm.symbol_prototype = prototype
    realm.symbol = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, realm.symbol, _STATIC)
    for name, symbol in WELL_KNOWN:
        stored(realm.symbol)[name] = Property(symbol, False, False, False)
    define_functions(realm, prototype, _METHODS)
    stored(prototype)[TO_PRIMITIVE].writable = False
    define_getters(realm, prototype, _GETTERS)
    define_tag(prototype, "Symbol")
