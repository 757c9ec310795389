"""ECMA-262 20.5: Error objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.runtime.completions import frame_line, type_error
from lockstep.reference.javascript.runtime.intrinsics import NATIVE_ERRORS
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.objects.error import JSError
from lockstep.reference.javascript.runtime.objects.function import (
    builtin,
    create_builtin,
    function_realm,
    prototype_from_constructor,
)
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, slow_object, stored
from lockstep.reference.javascript.runtime.objects.property import accessor, hidden
from lockstep.reference.javascript.runtime.operations.conversion import to_string as convert_to_string
from lockstep.reference.javascript.runtime.operations.iteration import iterator_to_list
from lockstep.reference.javascript.runtime.operations.objects import create_data_property_or_throw, get
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def make_error_object(
    realm: Realm,
    constructor: JSObject,
    new_target: JSObject | None,
    default: str,
    message: Value,
    options: Value,
) -> JSObject:
    """20.5.1.1 Error and 20.5.6.1.1 NativeError."""
    newer = constructor if new_target is undefined else new_target
    error = slow_object(JSError, prototype_from_constructor(newer, default))
    error.stack_ = None
    stacks = function_realm(constructor).agent.stacks
    if stacks is not None:
        stacks.capture(error, None if newer is constructor else newer)
    if message is not undefined:
        stored(error)["message"] = hidden(convert_to_string(message))
    install_cause(error, options)
    return error


def install_cause(error: JSObject, options: Value) -> None:
    """20.5.8.1 InstallErrorCause."""
    if isinstance(options, JSObject) and options.has_property("cause"):
        stored(error)["cause"] = hidden(get(options, "cause"))


def _maker(attribute: str) -> Callable[..., JSObject]:
    def construct_error(
        realm: Realm, new_target: JSObject | None, message: Value = undefined, options: Value = undefined
    ) -> JSObject:
        return make_error_object(
            realm, getattr(realm, attribute), new_target, f"{attribute}_prototype", message, options
        )

    return construct_error


def construct_aggregate_error(
    realm: Realm,
    new_target: JSObject | None,
    errors: Value = undefined,
    message: Value = undefined,
    options: Value = undefined,
) -> JSObject:
    """20.5.7.1.1 AggregateError."""
    error = make_error_object(
        realm, realm.aggregate_error, new_target, "aggregate_error_prototype", message, options
    )
    stored(error)["errors"] = hidden(realm.make_array(iterator_to_list(realm, errors)))
    return error


def construct_suppressed_error(
    realm: Realm,
    new_target: JSObject | None,
    error: Value = undefined,
    suppressed: Value = undefined,
    message: Value = undefined,
) -> JSObject:
    """20.5.8.1.1 SuppressedError."""
    made = make_error_object(
        realm, realm.suppressed_error, new_target, "suppressed_error_prototype", message, undefined
    )
    stored(made)["error"] = hidden(error)
    stored(made)["suppressed"] = hidden(suppressed)
    return made


def to_string(realm: Realm, this: Value) -> str:
    """20.5.3.4 Error.prototype.toString."""
    if not isinstance(this, JSObject):
        raise type_error("Error.prototype.toString called on a value that is not an object")
    name = get(this, "name")
    text = "Error" if name is undefined else convert_to_string(name)
    message = get(this, "message")
    shown = "" if message is undefined else convert_to_string(message)
    if not text or not shown:
        return text or shown
    return f"{text}: {shown}"


def is_error(realm: Realm, this: Value, value: Value = undefined) -> bool:
    """20.5.2.1 Error.isError."""
    return isinstance(value, JSError)


def get_stack(realm: Realm, this: Value) -> Value:
    """The getter of Error.prototype.stack (proposal error-stack-accessor)."""
    if not isinstance(this, JSObject):
        raise type_error("get Error.prototype.stack called on a value that is not an object")
    if not isinstance(this, JSError):
        return undefined
    lines = [_header(realm, this)]
    lines.extend(frame_line(name, place) for name, place in this.stack_ or ())
    return "\n".join(lines)


def _header(realm: Realm, error: JSError) -> str:
    try:
        return to_string(realm, error)
    except Exception:
        return "Error"


def set_stack(realm: Realm, this: Value, *value: Value) -> None:
    """The setter of Error.prototype.stack."""
    if not isinstance(this, JSObject):
        raise type_error("set Error.prototype.stack called on a value that is not an object")
    if not value or value[0].__class__ is not str:
        raise type_error("the stack must be a String")
    if this is realm.error_prototype:
        raise type_error("Cannot assign to the stack of Error.prototype")
    if this.get_own_property("stack") is None:
        create_data_property_or_throw(this, "stack", value[0])
    elif not this.set_value("stack", value[0], this):
        raise type_error("Cannot assign to read only property 'stack'")


_GET_STACK = builtin(
    "get stack", get_stack, 0, section="sec-get-error.prototype.stack", since="proposal-error-stack-accessor"
)
_SET_STACK = builtin(
    "set stack", set_stack, 1, section="sec-get-error.prototype.stack", since="proposal-error-stack-accessor"
)
_ERROR = builtin("Error", _maker("error"), 1, "builtin_constructor", section="20.5.1.1", since="ES3")
_NATIVE = tuple(
    (
        name,
        attribute,
        builtin(name, _maker(attribute), 1, "builtin_constructor", section="20.5.6.1.1", since="ES3"),
    )
    for name, attribute in NATIVE_ERRORS
)
_AGGREGATE = builtin(
    "AggregateError",
    construct_aggregate_error,
    2,
    "builtin_constructor",
    section="20.5.7.1.1",
    since="ES2021",
)
_SUPPRESSED = builtin(
    "SuppressedError",
    construct_suppressed_error,
    3,
    "builtin_constructor",
    section="20.5.8.1.1",
    since="proposal-explicit-resource-management",
)
_METHODS = functions(("toString", to_string, 0, "20.5.3.4", "ES3"))
_STATIC = functions(("isError", is_error, 1, "20.5.2.1", "proposal-is-error"))


def initialize(realm: Realm) -> None:
    """Make %Error%, the native errors, %AggregateError% and %SuppressedError%."""
    prototype = prototype_object(realm)
    realm.error_prototype = prototype
    realm.error = constructor_function(realm, _ERROR, prototype)
    define_functions(realm, realm.error, _STATIC)
    stored(prototype)["name"] = hidden("Error")
    stored(prototype)["message"] = hidden("")
    define_functions(realm, prototype, _METHODS)
    stored(prototype)["stack"] = accessor(
        create_builtin(realm, _GET_STACK), create_builtin(realm, _SET_STACK)
    )
    for name, attribute, template in (
        *_NATIVE,
        ("AggregateError", "aggregate_error", _AGGREGATE),
        ("SuppressedError", "suppressed_error", _SUPPRESSED),
    ):
        own = prototype_object(realm, prototype)
        setattr(realm, f"{attribute}_prototype", own)
        setattr(realm, attribute, constructor_function(realm, template, own, realm.error))
        stored(own)["name"] = hidden(name)
        stored(own)["message"] = hidden("")
    stacks = realm.agent.stacks
    if stacks is not None:
        stacks.install(realm)
