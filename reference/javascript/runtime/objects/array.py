"""ECMA-262 10.4.2: array exotic objects.

The fast form keeps the elements in the host list `elements_`, HOLE where an index is no property, and its length is
the list's. An array leaves it (`elements_` is then None) for attributes on elements, a long gap, or a read-only length.
"""

from __future__ import annotations

from typing import Any, ClassVar

from lockstep.reference.javascript.runtime.completions import range_error
from lockstep.reference.javascript.runtime.objects.keys import array_index, guest_name, index_key, ordered
from lockstep.reference.javascript.runtime.objects.ordinary import (
    JSObject,
    make_slow,
    object_create,
    validate_and_apply,
)
from lockstep.reference.javascript.runtime.objects.property import Property
from lockstep.reference.javascript.runtime.operations.conversion import to_number, to_uint32
from lockstep.reference.javascript.runtime.values import ABSENT, HOLE, PropertyKey, Value

_LONGEST_GAP = 100_000


class _Length:
    """The own `length` of fast arrays, as host descriptor."""

    __slots__ = ()

    def __get__(self, instance: Any, owner: type) -> float:
        return float(len(instance.elements_))

    def __set__(self, instance: JSObject, value: Value) -> None:
        raise AttributeError("length")


class JSArray(JSObject):
    """An array."""

    __slots__ = ("elements_",)
    class_name_ = "Array"
    has_virtual_ = True
    virtual_attributes_: ClassVar = {"length": _Length()}

    elements_: Any

    def __init__(self) -> None:
        object.__setattr__(self, "elements_", [])

    def get_own_property(self, key: PropertyKey) -> Property | None:
        """See JSObject."""
        elements = self.elements_
        if elements is not None:
            index = array_index(key)
            if index >= 0:
                if index < len(elements) and elements[index] is not HOLE:
                    return Property(elements[index], True, True, True)
                return None
            if key == "length":
                return Property(float(len(elements)), True, False, False)
        return super().get_own_property(key)

    def get_value(self, key: PropertyKey, receiver: Value) -> Value:
        """See JSObject."""
        elements = self.elements_
        if elements is not None:
            index = array_index(key)
            if 0 <= index < len(elements):
                value = elements[index]
                if value is not HOLE:
                    return value
            elif key == "length":
                return float(len(elements))
        return super().get_value(key, receiver)

    def define_own_property(self, key: PropertyKey, descriptor: Property) -> bool:
        """10.4.2.1 [[DefineOwnProperty]]."""
        index = array_index(key)
        if index >= 0:
            return self._define_index(index, key, descriptor)
        if key == "length":
            return array_set_length(self, descriptor)
        if self.properties_ is None and descriptor.is_plain:
            return super().define_own_property(key, descriptor)
        return validate_and_apply(self, key, self.extensible_, descriptor, super().get_own_property(key))

    def _define_index(self, index: int, key: PropertyKey, descriptor: Property) -> bool:
        elements = self.elements_
        if elements is not None:
            size = len(elements)
            if index < size and elements[index] is not HOLE:
                if descriptor.is_accessor or False in (
                    descriptor.writable,
                    descriptor.enumerable,
                    descriptor.configurable,
                ):
                    make_slow(self)
                else:
                    if descriptor.value is not ABSENT:
                        elements[index] = descriptor.value
                    return True
            elif descriptor.is_plain and index <= size + _LONGEST_GAP:
                if index < size:
                    elements[index] = descriptor.value
                else:
                    elements.extend([HOLE] * (index - size))
                    elements.append(descriptor.value)
                return True
            else:
                make_slow(self)
        assert self.properties_ is not None
        length: Any = self.properties_["length"]
        if index >= length.value and not length.writable:
            return False
        if not validate_and_apply(self, key, self.extensible_, descriptor, self.properties_.get(key)):
            return False
        if index >= length.value:
            length.value = float(index + 1)
        return True

    def delete_property(self, key: PropertyKey) -> bool:
        """See JSObject."""
        elements = self.elements_
        if elements is not None:
            index = array_index(key)
            if index >= 0:
                if index < len(elements):
                    elements[index] = HOLE
                return True
            if key == "length":
                return False
        return super().delete_property(key)

    def own_property_keys(self) -> list[PropertyKey]:
        """See JSObject."""
        elements = self.elements_
        if elements is None:
            return super().own_property_keys()
        keys: list[PropertyKey] = [
            index_key(index) for index, value in enumerate(elements) if value is not HOLE
        ]
        keys.append("length")
        if self.__dict__:
            keys.extend(guest_name(name) for name in self.__dict__)
            keys = ordered(keys)
        return keys

    def virtual_properties_(self) -> list[tuple[PropertyKey, Property]]:
        """See JSObject."""
        elements = self.elements_
        found: list[tuple[PropertyKey, Property]] = [
            (index_key(index), Property(value, True, True, True))
            for index, value in enumerate(elements)
            if value is not HOLE
        ]
        found.append(("length", Property(float(len(elements)), True, False, False)))
        return found

    def left_fast_form_(self) -> None:
        """See JSObject."""
        self.elements_ = None


def array_set_length(array: JSArray, descriptor: Property) -> bool:
    """10.4.2.4 ArraySetLength."""
    if descriptor.value is ABSENT:
        if array.elements_ is not None:
            if not (descriptor.is_accessor or descriptor.writable is False):
                return descriptor.configurable is not True and descriptor.enumerable is not True
            make_slow(array)
        assert array.properties_ is not None
        return validate_and_apply(array, "length", array.extensible_, descriptor, array.properties_["length"])
    new_length = to_uint32(descriptor.value)
    if new_length != to_number(descriptor.value):
        raise range_error("Invalid array length")
    elements = array.elements_
    if elements is not None:
        simple = (
            descriptor.configurable is not True
            and descriptor.enumerable is not True
            and descriptor.writable is not False
            and not descriptor.is_accessor
        )
        size = len(elements)
        if simple and new_length <= size + _LONGEST_GAP:
            if new_length < size:
                del elements[int(new_length) :]
            else:
                elements.extend([HOLE] * (int(new_length) - size))
            return True
        make_slow(array)
    return _slow_set_length(array, descriptor, new_length)


def _slow_set_length(array: JSArray, descriptor: Property, new_length: float) -> bool:
    properties = array.properties_
    assert properties is not None
    old = properties["length"]
    changed = descriptor.copy()
    changed.value = new_length
    old_length: Any = old.value
    if new_length >= old_length:
        return validate_and_apply(array, "length", array.extensible_, changed, old)
    if not old.writable:
        return False
    freeze = changed.writable is False
    if freeze:
        changed.writable = True
    if not validate_and_apply(array, "length", array.extensible_, changed, old):
        return False
    doomed = sorted((array_index(key) for key in properties if array_index(key) >= new_length), reverse=True)
    kept = True
    for index in doomed:
        if not array.delete_property(index_key(index)):
            properties["length"].value = float(index + 1)
            kept = False
            break
    if freeze:
        properties["length"].writable = False
    return kept


def array_from_list(array_prototype: JSObject, elements: list[Value]) -> JSArray:
    """A fast array that takes over `elements`."""
    array = object_create(array_prototype, JSArray)
    array.elements_ = elements
    return array
