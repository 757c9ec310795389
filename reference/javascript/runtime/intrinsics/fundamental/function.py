"""ECMA-262 20.2: Function objects, and %ThrowTypeError%."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    functions,
)
from lockstep.reference.javascript.runtime.objects.bound_function import bound_function_create
from lockstep.reference.javascript.runtime.objects.description import function_text
from lockstep.reference.javascript.runtime.objects.function import (
    FunctionTemplate,
    JSFunction,
    builtin,
    create_builtin,
)
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, make_slow, stored
from lockstep.reference.javascript.runtime.objects.property import Property, accessor
from lockstep.reference.javascript.runtime.operations.conversion import is_callable
from lockstep.reference.javascript.runtime.operations.functions import (
    copy_name_and_length,
    create_dynamic_function,
)
from lockstep.reference.javascript.runtime.operations.objects import (
    create_list_from_array_like,
    ordinary_has_instance,
)
from lockstep.reference.javascript.runtime.symbols import HAS_INSTANCE
from lockstep.reference.javascript.runtime.values import Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def construct_function(realm: Realm, new_target: JSObject | None, *arguments: Value) -> Value:
    """20.2.1.1 Function."""
    return create_dynamic_function(realm, realm.function, new_target, "normal", arguments)


def function_prototype(realm: Realm, this: Value, *arguments: Value) -> Value:
    """20.2.3 %Function.prototype% accepts anything and returns undefined."""
    return undefined


def apply(realm: Realm, this: Value, this_argument: Value = undefined, array: Value = undefined) -> Value:
    """20.2.3.1 Function.prototype.apply."""
    if not is_callable(this):
        raise type_error("Function.prototype.apply was called on a value that is not a function")
    if array is undefined or array is null:
        return this.call_n(this_argument)
    return this.call_n(this_argument, *create_list_from_array_like(realm, array))


def bind(realm: Realm, this: Value, this_argument: Value = undefined, *arguments: Value) -> JSObject:
    """20.2.3.2 Function.prototype.bind."""
    if not is_callable(this):
        raise type_error("Bind must be called on a function")
    bound = bound_function_create(this, this_argument, arguments)
    copy_name_and_length(bound, this, "bound", len(arguments))
    return bound


def call(realm: Realm, this: Value, this_argument: Value = undefined, *arguments: Value) -> Value:
    """20.2.3.3 Function.prototype.call."""
    if not is_callable(this):
        raise type_error("Function.prototype.call was called on a value that is not a function")
    return this.call_n(this_argument, *arguments)


def to_string(realm: Realm, this: Value) -> str:
    """20.2.3.5 Function.prototype.toString."""
    if not is_callable(this):
        raise type_error("Function.prototype.toString requires that 'this' be a Function")
    return function_text(this)


def has_instance(realm: Realm, this: Value, value: Value = undefined) -> bool:
    """20.2.3.6 Function.prototype [ %Symbol.hasInstance% ]."""
    return ordinary_has_instance(this, value)


def throw_type_error(realm: Realm, this: Value, *arguments: Value) -> Value:
    """10.2.4.1 %ThrowTypeError%."""
    raise type_error(
        "'caller', 'callee', and 'arguments' properties may not be accessed on strict mode functions or the arguments objects for calls to them"
    )


_CONSTRUCTOR = builtin(
    "Function", construct_function, 1, "builtin_constructor", section="20.2.1.1", since="ES1"
)
_PROTOTYPE = FunctionTemplate("", 0, "builtin", function=function_prototype)
_METHODS = functions(
    ("apply", apply, 2, "20.2.3.1", "ES3"),
    ("bind", bind, 1, "20.2.3.2", "ES5"),
    ("call", call, 1, "20.2.3.3", "ES3"),
    ("toString", to_string, 0, "20.2.3.5", "ES1"),
    (HAS_INSTANCE, has_instance, 1, "20.2.3.6", "ES2015"),
)
_THROWER = builtin("", throw_type_error, 0, section="10.2.4.1", since="ES2015")


def initialize(realm: Realm) -> None:
    """Fill %Function.prototype%, and make %Function% and %ThrowTypeError%."""
    prototype = realm.function_prototype
    assert isinstance(prototype, JSFunction)
    prototype.template_ = _PROTOTYPE
    prototype.realm_ = realm
    prototype.name_ = ""
    prototype.fields_ = None
    prototype.instances_of_ = None
    prototype.host_ = prototype.call_n = _return_undefined
    properties = stored(prototype)
    properties["length"] = Property(0.0, False, False, True)
    properties["name"] = Property("", False, False, True)
    realm.function = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, prototype, _METHODS)
    own = properties[HAS_INSTANCE]
    own.writable = own.configurable = False
    thrower = create_builtin(realm, _THROWER)
    make_slow(thrower)
    assert thrower.properties_ is not None
    for key in ("length", "name"):
        stored(thrower)[key].configurable = False
    thrower.prevent_extensions()
    realm.throw_type_error = thrower
    for key in ("caller", "arguments"):
        properties[key] = accessor(thrower, thrower)


def _return_undefined(this: Value, *arguments: Value) -> Value:
    return undefined
