"""`util.types`: what an object is, whatever its prototype says."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from lockstep.reference.javascript.host.definition import HostCall, namespace
from lockstep.reference.javascript.runtime.intrinsics import TYPED_ARRAYS
from lockstep.reference.javascript.runtime.objects.array_buffer import JSArrayBuffer
from lockstep.reference.javascript.runtime.objects.error import JSError
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.objects.primitive_object import JSPrimitiveObject
from lockstep.reference.javascript.runtime.objects.typed_array import JSTypedArray
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def _class(*names: str) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, JSObject) and value.class_name_ in names


def _function(*, is_async: bool = False, is_generator: bool = False) -> Callable[[Value], bool]:
    def check(value: Value) -> bool:
        template = getattr(value, "template_", None)
        if template is None:
            return False
        return (not is_async or template.is_async) and (not is_generator or template.is_generator)

    return check


def _boxed(name: str) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, JSPrimitiveObject) and value.class_name_ == name


def _typed(name: str) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, JSTypedArray) and f"{value.kind_.name}Array" == name


CHECKS: Final[dict[str, Callable[[Value], bool]]] = {
    "isExternal": lambda value: False,
    "isDate": _class("Date"),
    "isArgumentsObject": _class("Arguments"),
    "isBigIntObject": _boxed("BigInt"),
    "isBooleanObject": _boxed("Boolean"),
    "isNumberObject": _boxed("Number"),
    "isStringObject": _boxed("String"),
    "isSymbolObject": _boxed("Symbol"),
    "isBoxedPrimitive": lambda value: isinstance(value, JSPrimitiveObject),
    "isNativeError": lambda value: isinstance(value, JSError) and value.class_name_ == "Error",
    "isRegExp": _class("RegExp"),
    "isAsyncFunction": _function(is_async=True),
    "isGeneratorFunction": _function(is_generator=True),
    "isGeneratorObject": _class("Generator", "AsyncGenerator"),
    "isPromise": _class("Promise"),
    "isMap": _class("Map"),
    "isSet": _class("Set"),
    "isMapIterator": _class("Map Iterator"),
    "isSetIterator": _class("Set Iterator"),
    "isWeakMap": _class("WeakMap"),
    "isWeakSet": _class("WeakSet"),
    "isArrayBuffer": lambda value: isinstance(value, JSArrayBuffer) and value.shared_ is None,
    "isDataView": _class("DataView"),
    "isSharedArrayBuffer": lambda value: isinstance(value, JSArrayBuffer) and value.shared_ is not None,
    "isProxy": _class("Proxy"),
    "isModuleNamespaceObject": _class("Module"),
    "isAnyArrayBuffer": lambda value: isinstance(value, JSArrayBuffer),
    "isCryptoKey": lambda value: False,
    "isKeyObject": lambda value: False,
    "isArrayBufferView": _class("TypedArray", "DataView"),
    "isTypedArray": _class("TypedArray"),
    **{f"is{name}": _typed(name) for name, _ in TYPED_ARRAYS},
}
"""The checks of objects by name; primitives are none of them."""


def types_module(realm: Realm) -> JSObject:
    """`node:util/types`."""

    def checking(check: Callable[[Value], bool]) -> HostCall:
        return lambda _this, value=undefined, *_rest: isinstance(value, JSObject) and check(value)

    return namespace(realm, [(name, checking(check), 1) for name, check in CHECKS.items()])


def is_of(name: str, value: Value) -> bool:
    """Whether a value passes the check of this name."""
    return isinstance(value, JSObject) and CHECKS[name](value)
