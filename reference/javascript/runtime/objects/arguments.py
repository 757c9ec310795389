"""ECMA-262 10.4.4: arguments objects, unmapped and mapped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Callable

from lockstep.reference.host.deep_stack import LARGEST_SLOTS, MANY_ARGUMENTS
from lockstep.reference.javascript.runtime.objects.keys import index_key
from lockstep.reference.javascript.runtime.objects.ordinary import (
    JSObject,
    slow_object,
    validate_and_apply,
)
from lockstep.reference.javascript.runtime.objects.property import Property, accessor, hidden, plain
from lockstep.reference.javascript.runtime.symbols import ITERATOR
from lockstep.reference.javascript.runtime.values import ABSENT, PropertyKey, Value

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.environments import EnvironmentRecord
    from lockstep.reference.javascript.runtime.interfaces import Realm

# An element of an arguments object takes as much memory as several arguments.
_LARGEST_OBJECTS = LARGEST_SLOTS >> 2


class JSArguments(JSObject):
    """An arguments object without a map: ordinary, but for its class name."""

    __slots__ = ()
    class_name_ = "Arguments"


class JSMappedArguments(JSArguments):
    """An arguments object whose elements are the parameters.

    Attributes:
        map_: [[ParameterMap]]: index key to the (getter, setter) of the parameter.
    """

    __slots__ = ("map_",)
    has_virtual_ = True
    is_exotic_ = True
    map_: dict[PropertyKey, tuple[Callable[[], Value], Callable[[Value], None]]]

    # 10.4.4.1
    def get_own_property(self, key: PropertyKey) -> Property | None:
        """See JSObject."""
        found = super().get_own_property(key)
        if found is not None and key in self.map_:
            found = found.copy()
            found.value = self.map_[key][0]()
        return found

    # 10.4.4.2
    def define_own_property(self, key: PropertyKey, descriptor: Property) -> bool:
        """See JSObject."""
        mapped = self.map_.get(key)
        changed = descriptor
        if mapped is not None and descriptor.value is ABSENT and descriptor.writable is False:
            changed = descriptor.copy()
            if not descriptor.is_accessor:
                changed.value = mapped[0]()
        if mapped is not None:
            assert self.properties_ is not None
            own = self.properties_[key]
            own.value = mapped[0]()
        if not validate_and_apply(self, key, self.extensible_, changed, JSObject.get_own_property(self, key)):
            return False
        if mapped is not None:
            if descriptor.is_accessor:
                del self.map_[key]
            else:
                if descriptor.value is not ABSENT:
                    mapped[1](descriptor.value)
                if descriptor.writable is False:
                    del self.map_[key]
        return True

    # 10.4.4.3
    def get_value(self, key: PropertyKey, receiver: Value) -> Value:
        """See JSObject."""
        mapped = self.map_.get(key)
        return super().get_value(key, receiver) if mapped is None else mapped[0]()

    # 10.4.4.4
    def set_value(self, key: PropertyKey, value: Value, receiver: Value) -> bool:
        """See JSObject."""
        if self is receiver:
            mapped = self.map_.get(key)
            if mapped is not None:
                mapped[1](value)
        return super().set_value(key, value, receiver)

    # 10.4.4.5
    def delete_property(self, key: PropertyKey) -> bool:
        """See JSObject."""
        if not super().delete_property(key):
            return False
        self.map_.pop(key, None)
        return True


def rest_array(realm: Realm, arguments: Sequence[Value], start: int) -> JSObject:
    """8.6.3 IteratorBindingInitialization of a rest parameter: the arguments from `start` on."""
    _take_slots(realm, arguments)
    return realm.make_array(list(arguments[start:]))


def _take_slots(realm: Realm, arguments: Sequence[Value], largest: int = LARGEST_SLOTS) -> None:
    count = len(arguments)
    if count >= MANY_ARGUMENTS:
        realm.agent.budget.elements(count)
        realm.agent.argument_slots.add(count, largest)


def create_unmapped_arguments(realm: Realm, arguments: Sequence[Value]) -> JSArguments:
    """10.4.4.6 CreateUnmappedArgumentsObject."""
    _take_slots(realm, arguments, _LARGEST_OBJECTS)
    target = slow_object(JSArguments, realm.object_prototype)
    properties = target.properties_
    assert properties is not None
    properties.update((index_key(index), plain(value)) for index, value in enumerate(arguments))
    properties["length"] = hidden(float(len(arguments)))
    properties[ITERATOR] = hidden(realm.array_prototype_values)
    thrower = realm.throw_type_error
    properties["callee"] = accessor(thrower, thrower, enumerable=False, configurable=False)
    return target


def parameter_map(
    names: Sequence[str], arguments: Sequence[Value], environment: EnvironmentRecord
) -> dict[PropertyKey, tuple[Callable[[], Value], Callable[[Value], None]]]:
    """10.4.4.7 CreateMappedArgumentsObject, steps 17 to 19: for a repeated name only the last one is mapped."""
    last = {name: index for index, name in enumerate(names)}
    return {
        index_key(index): _parameter_access(environment, name)
        for name, index in last.items()
        if index < len(arguments)
    }


def _parameter_access(
    environment: EnvironmentRecord, name: str
) -> tuple[Callable[[], Value], Callable[[Value], None]]:
    """10.4.4.7.1 MakeArgGetter and 10.4.4.7.2 MakeArgSetter."""
    return (
        lambda: environment.get_binding_value(name, False),
        lambda value: environment.set_mutable_binding(name, value, False),
    )


def create_mapped_arguments(
    realm: Realm,
    arguments: Sequence[Value],
    callee: Value,
    mapped: dict[PropertyKey, tuple[Callable[[], Value], Callable[[Value], None]]],
) -> JSMappedArguments:
    """10.4.4.7 CreateMappedArgumentsObject.

    Args:
        realm: the callee's realm.
        arguments: all arguments.
        callee: the function.
        mapped: for each mapped index key the getter and setter of its parameter.
    """
    _take_slots(realm, arguments, _LARGEST_OBJECTS)
    target = slow_object(JSMappedArguments, realm.object_prototype)
    target.map_ = mapped
    properties = target.properties_
    assert properties is not None
    properties.update((index_key(index), plain(value)) for index, value in enumerate(arguments))
    properties["length"] = hidden(float(len(arguments)))
    properties[ITERATOR] = hidden(realm.array_prototype_values)
    properties["callee"] = hidden(callee)
    return target
