"""ECMA-262 28.3: %AbstractModuleSource% (source phase imports); no module of this host has a source object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_getters,
    getters,
    prototype_object,
)
from lockstep.reference.javascript.runtime.objects.function import builtin
from lockstep.reference.javascript.runtime.symbols import TO_STRING_TAG
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.objects.ordinary import JSObject


def construct_abstract_module_source(realm: Realm, new_target: JSObject | None) -> JSObject:
    """sec-%abstractmodulesource% %AbstractModuleSource%."""
    raise type_error("Abstract class AbstractModuleSource not directly constructable")


def get_tag(realm: Realm, this: Value) -> Value:
    """sec-get-%abstractmodulesource%.prototype.@@tostringtag get %AbstractModuleSource%.prototype [ %Symbol.toStringTag% ]: nothing has [[ModuleSourceClassName]]."""
    return undefined


_CONSTRUCTOR = builtin(
    "AbstractModuleSource",
    construct_abstract_module_source,
    0,
    "builtin_constructor",
    section="sec-%abstractmodulesource%",
    since="proposal-source-phase-imports",
)
_GETTERS = getters(
    (
        TO_STRING_TAG,
        get_tag,
        "sec-get-%abstractmodulesource%.prototype.@@tostringtag",
        "proposal-source-phase-imports",
    )
)


def initialize(realm: Realm) -> None:
    """Make %AbstractModuleSource% and its prototype."""
    prototype = realm.abstract_module_source_prototype = prototype_object(realm)
    realm.abstract_module_source = constructor_function(realm, _CONSTRUCTOR, prototype)
    define_getters(realm, prototype, _GETTERS)
