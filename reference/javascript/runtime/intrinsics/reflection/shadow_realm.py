"""ShadowRealm objects (proposal ShadowRealm)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import NativeErrorCompletion, thrown_value, type_error
from lockstep.reference.javascript.runtime.host import install_output
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import (
    JSPromise,
    new_promise_capability,
    perform_promise_then,
)
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    define_tag,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.module_loading import import_dynamically
from lockstep.reference.javascript.runtime.objects.function import builtin, prototype_from_constructor
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.objects.wrapped_function import get_wrapped_value, type_error_copy
from lockstep.reference.javascript.runtime.operations.conversion import to_string
from lockstep.reference.javascript.runtime.operations.evaluation import INDIRECT, parse_eval
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


class JSShadowRealm(JSObject):
    """A ShadowRealm; `shadow_realm_` is [[ShadowRealm]]."""

    __slots__ = ("shadow_realm_",)
    class_name_ = "ShadowRealm"
    shadow_realm_: Realm


def construct_shadow_realm(realm: Realm, new_target: JSObject | None) -> JSObject:
    """ShadowRealm ( )."""
    if new_target is undefined:
        raise type_error("Constructor ShadowRealm requires 'new'")
    made = object_create(prototype_from_constructor(new_target, "shadow_realm_prototype"), JSShadowRealm)
    made.shadow_realm_ = realm.for_agent(realm.agent)
    # HostInitializeShadowRealm
    install_output(made.shadow_realm_)
    return made


def _shadow_realm(this: Value) -> Realm:
    """ValidateShadowRealmObject."""
    if not isinstance(this, JSShadowRealm):
        raise type_error("this is not a ShadowRealm")
    return this.shadow_realm_


def evaluate(realm: Realm, this: Value, source_text: Value = undefined) -> Value:
    """ShadowRealm.prototype.evaluate ( sourceText )."""
    eval_realm = _shadow_realm(this)
    if source_text.__class__ is not str:
        raise type_error("ShadowRealm.prototype.evaluate needs a string")
    # PerformShadowRealmEval: a syntax error belongs to the caller's realm.
    parse_eval(source_text, INDIRECT)
    try:
        result = realm.agent.evaluator.run_eval(eval_realm, source_text, INDIRECT, None)
    except Exception as error:  # any throw completion
        raise type_error_copy(realm, thrown_value(error, eval_realm)) from None
    return get_wrapped_value(realm, result, realm)


def import_value(
    realm: Realm, this: Value, specifier: Value = undefined, export_name: Value = undefined
) -> Value:
    """ShadowRealm.prototype.importValue ( specifier, exportName )."""
    eval_realm = _shadow_realm(this)
    specifier_string = to_string(specifier)
    if export_name.__class__ is not str:
        raise type_error("The name of the export must be a string")
    # ShadowRealmImportValue
    inner = import_dynamically(eval_realm, "", specifier_string, undefined, "evaluation")

    def export_getter(exports: JSObject) -> Value:
        if exports.get_own_property(export_name) is None:
            raise NativeErrorCompletion("TypeError", f"The module does not export '{export_name}'", realm)
        return get_wrapped_value(realm, exports.get_value(export_name, exports), realm)

    def import_value_error(error: Value) -> Value:
        raise type_error_copy(realm, error)

    capability = new_promise_capability(realm, realm.promise)
    assert isinstance(inner, JSPromise)
    return perform_promise_then(realm, inner, export_getter, import_value_error, capability)


_CONSTRUCTOR = builtin(
    "ShadowRealm",
    construct_shadow_realm,
    0,
    "builtin_constructor",
    section="sec-shadowrealm",
    since="proposal-shadowrealm",
)
_METHODS = functions(
    ("evaluate", evaluate, 1, "sec-shadowrealm.prototype.evaluate", "proposal-shadowrealm"),
    ("importValue", import_value, 2, "sec-shadowrealm.prototype.importvalue", "proposal-shadowrealm"),
)


def initialize(realm: Realm) -> None:
    """Make %ShadowRealm% and its prototype."""
    prototype = realm.shadow_realm_prototype = prototype_object(realm)
    realm.shadow_realm = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_functions(realm, prototype, _METHODS)
    define_tag(prototype, "ShadowRealm")
