"""What inspection asks of an object before it writes it: its class's name, its tag, its keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lockstep.reference.javascript.host.hosting import hosting_of
from lockstep.reference.javascript.runtime.objects.keys import array_index
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.objects.proxy import JSProxy
from lockstep.reference.javascript.runtime.objects.typed_array import JSTypedArray
from lockstep.reference.javascript.runtime.operations.conversion import is_callable
from lockstep.reference.javascript.runtime.operations.objects import get, instance_of
from lockstep.reference.javascript.runtime.symbols import TO_STRING_TAG
from lockstep.reference.javascript.runtime.values import ABSENT, Null, PropertyKey, Value, null

if TYPE_CHECKING:
    from lockstep.reference.javascript.host.inspect.options import Inspection
    from lockstep.reference.javascript.runtime.interfaces import Realm

Layer = tuple[JSObject, JSObject]
"""An object, and the first of its prototypes whose own properties are to be shown."""

_BUILT_IN_NAME: Final = re.compile(r"[A-Z][a-zA-Z0-9]+\Z")


def proxy_target(value: JSObject) -> JSObject | None:
    """What lies behind a proxy, without asking its handler; None behind a revoked one."""
    found: JSObject | None = value
    while isinstance(found, JSProxy):
        found = found.target_
    return found


def prefix(constructor: str | None, tag: str, fallback: str, size: str = "") -> str:
    """The class's name with size and tag, and a space behind it."""
    if constructor is None:
        shown = f"[{fallback}{size}: null prototype] "
        return f"{shown}[{tag}] " if tag and fallback != tag else shown
    if tag and constructor != tag:
        return f"{constructor}{size} [{tag}] "
    return f"{constructor}{size} "


def internal_name(value: JSObject) -> str:
    """What V8 calls the constructor of an object whose prototypes do not say."""
    name = value.class_name_
    if value.is_callable_:
        return "Function"
    if isinstance(value, JSTypedArray):
        return f"{value.kind_.name}Array"
    return "Object" if name in ("Module", "Arguments") else name


def default_prefix(value: JSObject, constructor: str | None, tag: str) -> str:
    """The prefix of an object that is of no special kind."""
    fallback = ""
    if constructor is None:
        fallback = internal_name(value)
        if fallback == tag:
            fallback = "Object"
    return prefix(constructor, tag, fallback)


def is_built_in_name(realm: Realm, name: Value) -> bool:
    """Whether a global of the language or the host has this name, as classes have."""
    return (
        name.__class__ is str
        and _BUILT_IN_NAME.match(str(name)) is not None
        and name in hosting_of(realm).built_in_names
    )


def constructor_name(
    context: Inspection, value: JSObject, level: float, prototypes: list[Layer] | None = None
) -> str | None:
    """The name of the nearest class that the object is an instance of; None without prototype.

    Args:
        context: the inspection.
        value: the object.
        level: how deep it lies.
        prototypes: gets (the object, the first prototype), where properties of prototypes are to be shown.
    """
    realm = context.realm
    first: JSObject | Null | None = None
    current: JSObject | Null = value
    while current is not null:
        for prototype, name in ((realm.object_prototype, "Object"), (realm.function_prototype, "Function")):
            if current is prototype and value is not prototype:
                if prototypes is not None and first is not current:
                    prototypes.append((value, first if isinstance(first, JSObject) else value))
                return name
        own = current.get_own_property("constructor")
        if own is not None and own.get is ABSENT and is_callable(own.value):
            name_value = get(own.value, "name")
            if name_value != "" and _is_instance(value, own.value):
                if prototypes is not None and (
                    first is not current or not is_built_in_name(realm, name_value)
                ):
                    prototypes.append((value, first if isinstance(first, JSObject) else value))
                return str(name_value) if name_value.__class__ is str else ""
        current = current.get_prototype_of()
        if first is None:
            first = current
    if not isinstance(first, JSObject):
        return None
    shown = internal_name(value)
    if level > context.depth:
        return f"{shown} <Complex prototype>"
    behind = constructor_name(context, first, level + 1, prototypes)
    if behind is None:
        return f"{shown} <{context.nested(context.with_options(customInspect=False, depth=-1.0), first)}>"
    return f"{shown} <{behind}>"


def _is_instance(value: Value, constructor: Value) -> bool:
    try:
        return instance_of(value, constructor)
    except Exception:
        return False


def tag_of(context: Inspection, value: JSObject) -> str:
    """The tag, unless it will be shown as a property."""
    tag = get(value, TO_STRING_TAG)
    if tag.__class__ is not str or not tag:
        return ""
    own = value.get_own_property(TO_STRING_TAG)
    if own is not None and (context.show_hidden or own.enumerable):
        return ""
    return str(tag)


def shown_keys(context: Inspection, value: JSObject) -> list[PropertyKey]:
    """The own keys that are shown."""
    keys = list(context.realm.keys_of(value))
    if context.show_hidden:
        return keys
    return [key for key in keys if _is_enumerable(value, key)]


def _is_enumerable(value: JSObject, key: PropertyKey) -> bool:
    if value.class_name_ == "Module" and key.__class__ is str:
        return True
    own = value.get_own_property(key)
    return own is not None and own.enumerable is True


def other_keys(context: Inspection, value: JSObject) -> list[PropertyKey]:
    """The own keys that are shown and are no indices."""
    if value.class_name_ == "Array" and value.properties_ is None and not value.__dict__:
        return ["length"] if context.show_hidden else []
    if value.class_name_ == "TypedArray" and value.properties_ is None and not value.__dict__:
        return []
    return [key for key in shown_keys(context, value) if array_index(key) < 0]
