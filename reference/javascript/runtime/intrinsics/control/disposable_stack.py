"""ECMA-262 27.3 and 27.4: DisposableStack and AsyncDisposableStack objects."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import reference_error, type_error
from lockstep.reference.javascript.runtime.intrinsics.control.async_function import async_function_start
from lockstep.reference.javascript.runtime.intrinsics.definition import (
    Table,
    constructor_function,
    define_functions,
    define_getters,
    define_tag,
    functions,
    getters,
    prototype_object,
)
from lockstep.reference.javascript.runtime.objects.function import (
    BuiltInTemplate,
    builtin,
    native,
    prototype_from_constructor,
)
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create, stored
from lockstep.reference.javascript.runtime.objects.property import hidden
from lockstep.reference.javascript.runtime.operations.conversion import is_callable
from lockstep.reference.javascript.runtime.operations.resources import (
    ASYNC,
    SYNC,
    DisposeCapability,
    add_disposable_resource,
    add_disposal,
    disposal,
    dispose_resources,
)
from lockstep.reference.javascript.runtime.symbols import ASYNC_DISPOSE, DISPOSE
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


class JSDisposableStack(JSObject):
    """A stack of resources; `capability_` is [[DisposeCapability]], None when [[DisposableState]] is disposed."""

    __slots__ = ("capability_",)
    class_name_ = "DisposableStack"
    hint_ = SYNC
    capability_: DisposeCapability | None


class JSAsyncDisposableStack(JSDisposableStack):
    """A stack whose resources are disposed asynchronously."""

    __slots__ = ()
    class_name_ = "AsyncDisposableStack"
    hint_ = ASYNC


def _make(kind: type[JSDisposableStack], prototype: JSObject) -> JSDisposableStack:
    stack = object_create(prototype, kind)
    stack.capability_ = DisposeCapability()
    return stack


def _require(this: Value, kind: type[JSDisposableStack]) -> JSDisposableStack:
    """RequireInternalSlot: the two kinds have different slots."""
    if isinstance(this, JSDisposableStack) and this.hint_ is kind.hint_:
        return this
    raise type_error(f"not a {kind.class_name_}")


def _pending(this: Value, kind: type[JSDisposableStack]) -> DisposeCapability:
    """The stack's capability, if it is not disposed."""
    stack = _require(this, kind)
    if stack.capability_ is None:
        raise reference_error("The stack is disposed already")
    return stack.capability_


def _callable(value: Value) -> JSObject:
    if not is_callable(value):
        raise type_error("The function that disposes is not callable")
    return value


_PROPOSAL = "proposal-explicit-resource-management"


def _methods(
    kind: type[JSDisposableStack], attribute: str, clause: str
) -> tuple[BuiltInTemplate, Table, Table]:
    """What both kinds share: 27.3.3 and 27.4.3, `adopt defer move use` and the getter `disposed`.

    Args:
        kind: the class of the objects.
        attribute: of the realm, for the constructor.
        clause: 27.3 or 27.4.
    """

    def adopt(realm: Realm, this: Value, value: Value = undefined, on_dispose: Value = undefined) -> Value:
        capability = _pending(this, kind)
        disposal = _callable(on_dispose)
        # 5. the closure
        function = native(realm, lambda _this, *_arguments: disposal.call_n(undefined, value), 0)
        add_disposal(capability, kind.hint_, function)
        return value

    def defer(realm: Realm, this: Value, on_dispose: Value = undefined) -> None:
        capability = _pending(this, kind)
        add_disposal(capability, kind.hint_, _callable(on_dispose))

    def move(realm: Realm, this: Value) -> Value:
        stack = _require(this, kind)
        capability = _pending(stack, kind)
        made = _make(kind, getattr(realm, attribute + "_prototype"))
        made.capability_ = capability
        stack.capability_ = None
        return made

    def use(realm: Realm, this: Value, value: Value = undefined) -> Value:
        add_disposable_resource(realm, _pending(this, kind), value, kind.hint_)
        return value

    def disposed(realm: Realm, this: Value) -> bool:
        return _require(this, kind).capability_ is None

    def construct(realm: Realm, new_target: JSObject | None) -> Value:
        if new_target is undefined:
            raise type_error(f"Constructor {kind.class_name_} requires 'new'")
        return _make(kind, prototype_from_constructor(new_target, attribute + "_prototype"))

    return (
        builtin(
            kind.class_name_,
            construct,
            0,
            "builtin_constructor",
            section=f"{clause}.1.1",
            since=_PROPOSAL,
        ),
        functions(
            ("adopt", adopt, 2, f"{clause}.3.1", _PROPOSAL),
            ("defer", defer, 1, f"{clause}.3.3", _PROPOSAL),
            ("move", move, 0, f"{clause}.3.6", _PROPOSAL),
            ("use", use, 1, f"{clause}.3.7", _PROPOSAL),
        ),
        getters(("disposed", disposed, f"{clause}.3.5", _PROPOSAL)),
    )


def dispose(realm: Realm, this: Value) -> None:
    """27.3.3.4 DisposableStack.prototype.dispose."""
    stack = _require(this, JSDisposableStack)
    capability = stack.capability_
    if capability is None:
        return
    stack.capability_ = None
    error = dispose_resources(realm, capability, None, lambda value: value)
    if error is not None:
        raise error


def dispose_async(realm: Realm, this: Value) -> JSObject:
    """27.4.3.4 AsyncDisposableStack.prototype.disposeAsync."""

    def steps() -> Generator[Value, Value, None]:
        stack = _require(this, JSAsyncDisposableStack)
        capability = stack.capability_
        if capability is None:
            return
        stack.capability_ = None
        error = yield from disposal(realm, capability, None)
        if error is not None:
            raise error

    return async_function_start(realm, steps())


_SYNC = _methods(JSDisposableStack, "disposable_stack", "27.3")
_ASYNC = _methods(JSAsyncDisposableStack, "async_disposable_stack", "27.4")
_DISPOSE = functions(("dispose", dispose, 0, "27.3.3.4", _PROPOSAL))
_DISPOSE_ASYNC = functions(("disposeAsync", dispose_async, 0, "27.4.3.4", _PROPOSAL))


def initialize(realm: Realm) -> None:
    """Make both constructors and their prototypes."""
    for attribute, (constructor, methods, accessors), disposers, symbol, tag in (
        ("disposable_stack", _SYNC, _DISPOSE, DISPOSE, "DisposableStack"),
        ("async_disposable_stack", _ASYNC, _DISPOSE_ASYNC, ASYNC_DISPOSE, "AsyncDisposableStack"),
    ):
        prototype = prototype_object(realm)
        setattr(realm, attribute + "_prototype", prototype)
        setattr(realm, attribute, constructor_function(realm, constructor, prototype))
        define_functions(realm, prototype, methods)
        define_getters(realm, prototype, accessors)
        define_functions(realm, prototype, disposers)
        # The value of the symbol's property is the very function of `dispose`.
        stored(prototype)[symbol] = hidden(stored(prototype)[disposers[0][0]].value)
        define_tag(prototype, tag)
