"""ECMA-262 26.1 and 26.2: WeakRef and FinalizationRegistry objects.

The host's collector says when a target is dead. What guests see of it has defined points: a target that was
dereferenced lives until the end of the job (9.10), and cleanup runs as a job of its own, when no other is queued.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    constructor_function,
    define_functions,
    define_tag,
    functions,
    prototype_object,
)
from lockstep.reference.javascript.runtime.intrinsics.keyed.weak import can_be_held_weakly
from lockstep.reference.javascript.runtime.objects.function import builtin, prototype_from_constructor
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create, same_value
from lockstep.reference.javascript.runtime.operations.conversion import is_callable
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Agent, Realm


class JSWeakRef(JSObject):
    """A WeakRef; `target_` is [[WeakRefTarget]]."""

    __slots__ = ("target_",)
    class_name_ = "WeakRef"
    target_: weakref.ref[Value]


class Cell:
    """A cell of [[Cells]]: [[WeakRefTarget]], [[HeldValue]], [[UnregisterToken]] (None for empty)."""

    __slots__ = ("held_value", "target", "unregister_token")

    def __init__(self, held_value: Value) -> None:
        self.held_value = held_value
        self.target: weakref.ref[Value] | None = None
        self.unregister_token: weakref.ref[Value] | None = None


class JSFinalizationRegistry(JSObject):
    """A FinalizationRegistry.

    Attributes:
        cleanup_callback_: [[CleanupCallback]].
        cells_: [[Cells]].
        is_scheduled_: a cleanup job is queued.
    """

    __slots__ = ("cells_", "cleanup_callback_", "is_scheduled_")
    class_name_ = "FinalizationRegistry"
    cells_: list[Cell]
    cleanup_callback_: JSObject
    is_scheduled_: bool


def construct_weak_ref(realm: Realm, new_target: JSObject | None, target: Value = undefined) -> JSObject:
    """26.1.1.1 WeakRef."""
    # Steps 1 and 2.
    if new_target is undefined:
        raise type_error("Constructor WeakRef requires 'new'")
    if not can_be_held_weakly(realm, target):
        raise type_error("WeakRef: invalid target")
    # Steps 3 to 6.
    reference = object_create(prototype_from_constructor(new_target, "weak_ref_prototype"), JSWeakRef)
    realm.agent.keep_alive(target)
    reference.target_ = weakref.ref(target)
    return reference


def deref(realm: Realm, this: Value) -> Value:
    """26.1.3.2 WeakRef.prototype.deref."""
    # Steps 1 and 2.
    if not isinstance(this, JSWeakRef):
        raise type_error("WeakRef.prototype.deref called on an incompatible receiver")
    # 26.1.4.1 WeakRefDeref.
    target = this.target_()
    if target is None:
        return undefined
    realm.agent.keep_alive(target)
    return target


def construct_registry(
    realm: Realm, new_target: JSObject | None, cleanup_callback: Value = undefined
) -> JSObject:
    """26.2.1.1 FinalizationRegistry."""
    # Steps 1 and 2.
    if new_target is undefined:
        raise type_error("Constructor FinalizationRegistry requires 'new'")
    if not is_callable(cleanup_callback):
        raise type_error("FinalizationRegistry: cleanup must be callable")
    # Steps 3 to 8.
    registry = object_create(
        prototype_from_constructor(new_target, "finalization_registry_prototype"), JSFinalizationRegistry
    )
    registry.cleanup_callback_ = cleanup_callback
    registry.cells_ = []
    registry.is_scheduled_ = False
    return registry


def _this_registry(this: Value, method: str) -> JSFinalizationRegistry:
    if not isinstance(this, JSFinalizationRegistry):
        raise type_error(f"FinalizationRegistry.prototype.{method} called on an incompatible receiver")
    return this


def register(
    realm: Realm,
    this: Value,
    target: Value = undefined,
    held_value: Value = undefined,
    unregister_token: Value = undefined,
) -> None:
    """26.2.3.2 FinalizationRegistry.prototype.register."""
    # Steps 1 and 2.
    registry = _this_registry(this, "register")
    # Steps 3 and 4.
    if not can_be_held_weakly(realm, target):
        raise type_error("FinalizationRegistry.prototype.register: invalid target")
    if same_value(target, held_value):
        raise type_error("FinalizationRegistry.prototype.register: target and holdings must not be same")
    # Step 5.
    holds_token = can_be_held_weakly(realm, unregister_token)
    if not holds_token and unregister_token is not undefined:
        raise type_error("FinalizationRegistry.prototype.register: invalid unregister token")
    # Steps 6 to 8.
    cell = Cell(held_value)
    cell.target = weakref.ref(target, _when_dead(realm.agent, registry))
    if holds_token:
        cell.unregister_token = weakref.ref(unregister_token)
    registry.cells_.append(cell)


def _when_dead(agent: Agent, registry: JSFinalizationRegistry) -> Callable[[object], None]:
    """9.9.4.1 HostEnqueueFinalizationRegistryCleanupJob, told by the host's collector."""
    owner = weakref.ref(registry)

    def enqueue(_reference: object) -> None:
        living = owner()
        if living is not None and not living.is_scheduled_:
            living.is_scheduled_ = True
            agent.finalizations.append(lambda: cleanup(living))

    return enqueue


def cleanup(registry: JSFinalizationRegistry) -> None:
    """9.13 CleanupFinalizationRegistry."""
    registry.is_scheduled_ = False
    callback = registry.cleanup_callback_
    # Step 3: any dead cell, one at a time, as the callback may unregister others.
    while True:
        dead = next(
            (cell for cell in registry.cells_ if cell.target is not None and cell.target() is None), None
        )
        if dead is None:
            return
        registry.cells_.remove(dead)
        callback.call_n(undefined, dead.held_value)


def unregister(realm: Realm, this: Value, unregister_token: Value = undefined) -> bool:
    """26.2.3.3 FinalizationRegistry.prototype.unregister."""
    # Steps 1 and 2.
    registry = _this_registry(this, "unregister")
    # Step 3.
    if not can_be_held_weakly(realm, unregister_token):
        raise type_error("FinalizationRegistry.prototype.unregister: invalid unregister token")
    # Steps 4 to 6.
    kept = [
        cell
        for cell in registry.cells_
        if cell.unregister_token is None or cell.unregister_token() is not unregister_token
    ]
    removed = len(kept) < len(registry.cells_)
    registry.cells_[:] = kept
    return removed


_WEAK_REF = builtin(
    "WeakRef", construct_weak_ref, 1, "builtin_constructor", section="26.1.1.1", since="ES2021"
)
_WEAK_REF_METHODS = functions(("deref", deref, 0, "26.1.3.2", "ES2021"))
_REGISTRY = builtin(
    "FinalizationRegistry", construct_registry, 1, "builtin_constructor", section="26.2.1.1", since="ES2021"
)
_REGISTRY_METHODS = functions(
    ("register", register, 2, "26.2.3.2", "ES2021"), ("unregister", unregister, 1, "26.2.3.3", "ES2021")
)


def initialize(realm: Realm) -> None:
    """Make %WeakRef% and %FinalizationRegistry% with their prototypes."""
    prototype = realm.weak_ref_prototype = prototype_object(realm)
    realm.weak_ref = constructor_function(realm, _WEAK_REF, prototype)
    define_functions(realm, prototype, _WEAK_REF_METHODS)
    define_tag(prototype, "WeakRef")
    prototype = realm.finalization_registry_prototype = prototype_object(realm)
    realm.finalization_registry = constructor_function(realm, _REGISTRY, prototype)
    define_functions(realm, prototype, _REGISTRY_METHODS)
    define_tag(prototype, "FinalizationRegistry")
