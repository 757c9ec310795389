"""ECMA-262 20.3: Boolean objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.objects.function import builtin, prototype_from_constructor
from lockstep.reference.javascript.runtime.objects.primitive_object import JSBooleanObject, primitive_object
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.objects.ordinary import JSObject


def construct_boolean(realm: Realm, new_target: JSObject | None, value: Value = undefined) -> Value:
    """20.3.1.1 Boolean."""
    boolean = to_boolean(value)
    if new_target is undefined:
        return boolean
    return primitive_object(
        JSBooleanObject, prototype_from_constructor(new_target, "boolean_prototype"), boolean
    )


def _this_value(this: Value) -> bool:
    """20.3.3.3.1 ThisBooleanValue."""
    if this.__class__ is bool:
        return this
    if isinstance(this, JSBooleanObject):
        return bool(this.data_)
    raise type_error("this is not a Boolean")


def to_string(realm: Realm, this: Value) -> str:
    """20.3.3.2 Boolean.prototype.toString."""
    return "true" if _this_value(this) else "false"


def value_of(realm: Realm, this: Value) -> bool:
    """20.3.3.3 Boolean.prototype.valueOf."""
    return _this_value(this)


_CONSTRUCTOR = builtin(
    "Boolean", construct_boolean, 1, "builtin_constructor", section="20.3.1.1", since="ES1"
)
_METHODS = functions(
    ("toString", to_string, 0, "20.3.3.2", "ES1"), ("valueOf", value_of, 0, "20.3.3.3", "ES1")
)


def initialize(realm: Realm) -> None:
    """Make %Boolean% and %Boolean.prototype%."""
    prototype = prototype_object(realm, kind=JSBooleanObject)
    prototype.data_ = False
    realm.boolean_prototype = prototype
    realm.boolean = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, prototype, _METHODS)
