"""ECMA-262 10.5: proxy exotic objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lockstep.reference.javascript.runtime.completions import sever_context, type_error
from lockstep.reference.javascript.runtime.objects.array import array_from_list
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, same_value, validate_and_apply
from lockstep.reference.javascript.runtime.objects.property import Property, completed
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean
from lockstep.reference.javascript.runtime.operations.descriptors import (
    from_property_descriptor,
    to_property_descriptor,
)
from lockstep.reference.javascript.runtime.operations.objects import create_list_from_array_like, get_method
from lockstep.reference.javascript.runtime.values import Null, PropertyKey, Symbol, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


class JSProxy(JSObject):
    """A proxy; `target_` and `handler_` are None once it is revoked."""

    __slots__ = ("callable_", "constructor_", "handler_", "realm_", "target_")
    class_name_ = "Proxy"
    is_exotic_ = True
    target_: Any
    handler_: JSObject | None
    realm_: Realm
    callable_: bool
    constructor_: bool

    def __init__(self) -> None:
        own = self.__dict__
        own["properties_"] = {}

    def _trap(self, name: str) -> JSObject | None:
        if self.handler_ is None:
            raise type_error(f"Cannot perform '{name}' on a proxy that has been revoked")
        sever_context()
        return get_method(self.handler_, name)

    @property
    def is_callable_(self) -> bool:  # type: ignore[override]
        """Whether the target was callable."""
        return bool(self.callable_)

    @property
    def is_constructor_(self) -> bool:  # type: ignore[override]
        """Whether the target was a constructor."""
        return bool(self.constructor_)

    # 10.5.1
    def get_prototype_of(self) -> Any:
        """See JSObject."""
        trap = self._trap("getPrototypeOf")
        target = self.target_
        if trap is undefined:
            return target.get_prototype_of()
        prototype = trap.call_n(self.handler_, target)
        if prototype is not null and not isinstance(prototype, JSObject):
            raise type_error("'getPrototypeOf' on proxy: trap returned neither object nor null")
        if not target.is_extensible() and prototype is not target.get_prototype_of():
            raise type_error("'getPrototypeOf' on proxy: wrong prototype for a non-extensible target")
        return prototype

    # 10.5.2
    def set_prototype_of(self, prototype: JSObject | Null) -> bool:
        """See JSObject."""
        trap = self._trap("setPrototypeOf")
        target = self.target_
        if trap is undefined:
            return bool(target.set_prototype_of(prototype))
        if not to_boolean(trap.call_n(self.handler_, target, prototype)):
            return False
        if not target.is_extensible() and prototype is not target.get_prototype_of():
            raise type_error("'setPrototypeOf' on proxy: wrong prototype for a non-extensible target")
        return True

    # 10.5.3
    def is_extensible(self) -> bool:
        """See JSObject."""
        trap = self._trap("isExtensible")
        target = self.target_
        if trap is undefined:
            return bool(target.is_extensible())
        result = to_boolean(trap.call_n(self.handler_, target))
        if result != target.is_extensible():
            raise type_error("'isExtensible' on proxy: trap result does not reflect the target")
        return result

    # 10.5.4
    def prevent_extensions(self) -> bool:
        """See JSObject."""
        trap = self._trap("preventExtensions")
        target = self.target_
        if trap is undefined:
            return bool(target.prevent_extensions())
        result = to_boolean(trap.call_n(self.handler_, target))
        if result and target.is_extensible():
            raise type_error("'preventExtensions' on proxy: the target is extensible")
        return result

    # 10.5.5
    def get_own_property(self, key: PropertyKey) -> Property | None:
        """See JSObject."""
        trap = self._trap("getOwnPropertyDescriptor")
        target = self.target_
        if trap is undefined:
            found: Property | None = target.get_own_property(key)
            return found
        result = trap.call_n(self.handler_, target, key)
        if result is not undefined and not isinstance(result, JSObject):
            raise type_error("'getOwnPropertyDescriptor' on proxy: neither object nor undefined")
        current = target.get_own_property(key)
        if result is undefined:
            if current is None:
                return None
            if not current.configurable or not target.is_extensible():
                raise type_error("'getOwnPropertyDescriptor' on proxy: the property cannot be hidden")
            return None
        extensible = target.is_extensible()
        descriptor = completed(to_property_descriptor(result))
        if not validate_and_apply(None, key, extensible, descriptor, current):
            raise type_error("'getOwnPropertyDescriptor' on proxy: incompatible descriptor")
        if not descriptor.configurable:
            if current is None or current.configurable:
                raise type_error("'getOwnPropertyDescriptor' on proxy: reported as non-configurable")
            if descriptor.writable is False and current.writable is True:
                raise type_error("'getOwnPropertyDescriptor' on proxy: reported as read-only")
        return descriptor

    # 10.5.6
    def define_own_property(self, key: PropertyKey, descriptor: Property) -> bool:
        """See JSObject."""
        trap = self._trap("defineProperty")
        target = self.target_
        if trap is undefined:
            return bool(target.define_own_property(key, descriptor))
        given = from_property_descriptor(self.realm_, descriptor)
        if not to_boolean(trap.call_n(self.handler_, target, key, given)):
            return False
        current = target.get_own_property(key)
        extensible = target.is_extensible()
        fixed = descriptor.configurable is False
        if current is None:
            if not extensible or fixed:
                raise type_error("'defineProperty' on proxy: the target cannot have this property")
            return True
        if not validate_and_apply(None, key, extensible, descriptor, current):
            raise type_error("'defineProperty' on proxy: incompatible descriptor")
        if fixed and current.configurable:
            raise type_error("'defineProperty' on proxy: the target's property is configurable")
        if (
            not current.is_accessor
            and not current.configurable
            and current.writable
            and descriptor.writable is False
        ):
            raise type_error("'defineProperty' on proxy: the target's property is writable")
        return True

    # 10.5.7
    def has_property(self, key: PropertyKey) -> bool:
        """See JSObject."""
        trap = self._trap("has")
        target = self.target_
        if trap is undefined:
            return bool(target.has_property(key))
        result = to_boolean(trap.call_n(self.handler_, target, key))
        if not result:
            current = target.get_own_property(key)
            if current is not None and (not current.configurable or not target.is_extensible()):
                raise type_error("'has' on proxy: the property cannot be hidden")
        return result

    # 10.5.8
    def get_value(self, key: PropertyKey, receiver: Value) -> Value:
        """See JSObject."""
        trap = self._trap("get")
        target = self.target_
        if trap is undefined:
            return target.get_value(key, receiver)
        value = trap.call_n(self.handler_, target, key, receiver)
        current = target.get_own_property(key)
        if current is not None and not current.configurable:
            if not current.is_accessor and not current.writable and not same_value(value, current.value):
                raise type_error("'get' on proxy: the property is read-only and has another value")
            if current.is_accessor and current.get is undefined and value is not undefined:
                raise type_error("'get' on proxy: the accessor has no getter")
        return value

    # 10.5.9
    def set_value(self, key: PropertyKey, value: Value, receiver: Value) -> bool:
        """See JSObject."""
        trap = self._trap("set")
        target = self.target_
        if trap is undefined:
            return bool(target.set_value(key, value, receiver))
        if not to_boolean(trap.call_n(self.handler_, target, key, value, receiver)):
            return False
        current = target.get_own_property(key)
        if current is not None and not current.configurable:
            if not current.is_accessor and not current.writable and not same_value(value, current.value):
                raise type_error("'set' on proxy: the property is read-only and has another value")
            if current.is_accessor and current.set is undefined:
                raise type_error("'set' on proxy: the accessor has no setter")
        return True

    # 10.5.10
    def delete_property(self, key: PropertyKey) -> bool:
        """See JSObject."""
        trap = self._trap("deleteProperty")
        target = self.target_
        if trap is undefined:
            return bool(target.delete_property(key))
        if not to_boolean(trap.call_n(self.handler_, target, key)):
            return False
        current = target.get_own_property(key)
        if current is not None and (not current.configurable or not target.is_extensible()):
            raise type_error("'deleteProperty' on proxy: the property cannot be deleted")
        return True

    # 10.5.11
    def own_property_keys(self) -> list[PropertyKey]:
        """See JSObject."""
        trap = self._trap("ownKeys")
        target = self.target_
        if trap is undefined:
            found: list[PropertyKey] = target.own_property_keys()
            return found
        keys: list[Any] = create_list_from_array_like(
            getattr(trap, "realm_", None), trap.call_n(self.handler_, target)
        )
        for key in keys:
            if key.__class__ is not str and key.__class__ is not Symbol:
                raise type_error("'ownKeys' on proxy: a key is neither String nor Symbol")
        unchecked = set(keys)
        if len(unchecked) != len(keys):
            raise type_error("'ownKeys' on proxy: duplicate keys")
        extensible = target.is_extensible()
        target_keys = target.own_property_keys()
        fixed: list[PropertyKey] = []
        free: list[PropertyKey] = []
        for key in target_keys:
            own = target.get_own_property(key)
            (fixed if own is not None and not own.configurable else free).append(key)
        if extensible and not fixed:
            return keys
        for key in fixed if extensible else fixed + free:
            if key not in unchecked:
                raise type_error("'ownKeys' on proxy: a key of the target is missing")
            unchecked.discard(key)
        if not extensible and unchecked:
            raise type_error("'ownKeys' on proxy: the target has no such key")
        return keys

    # 10.5.12
    def call_n(self, this: Value, *arguments: Value) -> Value:
        """[[Call]]."""
        if not self.callable_:
            raise type_error("object is not a function")
        trap = self._trap("apply")
        if trap is undefined:
            return self.target_.call_n(this, *arguments)
        packed = array_from_list(self.realm_.array_prototype, list(arguments))
        return trap.call_n(self.handler_, self.target_, this, packed)

    call_0 = call_1 = call_2 = call_3 = call_n

    # 10.5.13
    def construct_n(self, arguments: list[Value], new_target: Value) -> Any:
        """[[Construct]]."""
        trap = self._trap("construct")
        target = self.target_
        if trap is undefined:
            return target.construct_n(arguments, new_target)
        packed = array_from_list(self.realm_.array_prototype, list(arguments))
        result = trap.call_n(self.handler_, target, packed, new_target)
        if not isinstance(result, JSObject):
            raise type_error("proxy [[Construct]] must return an object")
        return result


def proxy_create(realm: Realm, target: Value, handler: Value) -> JSProxy:
    """10.5.14 ProxyCreate."""
    if not isinstance(target, JSObject) or not isinstance(handler, JSObject):
        raise type_error("Cannot create proxy with a non-object as target or handler")
    proxy: JSProxy = JSProxy.slow_class_()
    proxy.target_ = target
    proxy.handler_ = handler
    proxy.realm_ = realm
    proxy.callable_ = target.is_callable_
    proxy.constructor_ = target.is_constructor_
    return proxy
