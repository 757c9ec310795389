"""ECMA-262 20.3, 20.4, 21.1, 21.2 wrapper objects, and 10.4.3 string exotic objects."""

from __future__ import annotations

from typing import Any, ClassVar

from lockstep.reference.javascript.runtime.objects.keys import array_index, guest_name, index_key, ordered
from lockstep.reference.javascript.runtime.objects.ordinary import (
    JSObject,
    object_create,
    validate_and_apply,
)
from lockstep.reference.javascript.runtime.objects.property import Property
from lockstep.reference.javascript.runtime.values import BigInt, PropertyKey, Symbol, Value


class JSPrimitiveObject(JSObject):
    """A Boolean, Number, Symbol or BigInt object; `data_` is the wrapped value."""

    __slots__ = ("data_",)
    data_: Value


class JSBooleanObject(JSPrimitiveObject):
    """[[BooleanData]]."""

    __slots__ = ()
    class_name_ = "Boolean"


class JSNumberObject(JSPrimitiveObject):
    """[[NumberData]]."""

    __slots__ = ()
    data_: float
    class_name_ = "Number"


class JSSymbolObject(JSPrimitiveObject):
    """[[SymbolData]]."""

    __slots__ = ()
    data_: Symbol
    class_name_ = "Symbol"


class JSBigIntObject(JSPrimitiveObject):
    """[[BigIntData]]."""

    __slots__ = ()
    data_: BigInt
    class_name_ = "BigInt"


class _Length:
    __slots__ = ()

    def __get__(self, instance: Any, owner: type) -> float:
        return float(len(instance.data_))

    def __set__(self, instance: JSObject, value: Value) -> None:
        raise AttributeError("length")


class JSStringObject(JSPrimitiveObject):
    """[[StringData]], with an own property per code unit."""

    __slots__ = ()
    data_: str
    class_name_ = "String"
    has_virtual_ = True
    virtual_attributes_: ClassVar = {"length": _Length()}

    def fixed_properties_(self) -> list[tuple[str, Property]]:
        """See JSObject."""
        return [("length", Property(float(len(self.data_)), False, False, False))]

    # 10.4.3.1 and 10.4.3.5 StringGetOwnProperty
    def get_own_property(self, key: PropertyKey) -> Property | None:
        """See JSObject."""
        if key == "length":
            return Property(float(len(self.data_)), False, False, False)
        index = array_index(key)
        if 0 <= index < len(self.data_):
            return Property(self.data_[index], False, True, False)
        return super().get_own_property(key)

    # 10.4.3.2
    def define_own_property(self, key: PropertyKey, descriptor: Property) -> bool:
        """See JSObject."""
        if key == "length" or 0 <= array_index(key) < len(self.data_):
            return validate_and_apply(None, key, self.extensible_, descriptor, self.get_own_property(key))
        return validate_and_apply(self, key, self.extensible_, descriptor, super().get_own_property(key))

    def delete_property(self, key: PropertyKey) -> bool:
        """See JSObject."""
        if key == "length" or 0 <= array_index(key) < len(self.data_):
            return False
        return super().delete_property(key)

    @property
    def index_count_(self) -> int:  # type: ignore[override]
        """See JSObject."""
        return len(self.data_)

    # 10.4.3.3
    def own_property_keys(self) -> list[PropertyKey]:
        """See JSObject."""
        own = self.properties_ if self.properties_ is not None else self.__dict__
        names = [guest_name(name) if self.properties_ is None else name for name in own]
        keys: list[PropertyKey] = [index_key(index) for index in range(len(self.data_))]
        rest = ordered(names)
        split = 0
        while split < len(rest) and array_index(rest[split]) >= 0:
            split += 1
        strings = split
        while strings < len(rest) and rest[strings].__class__ is str:
            strings += 1
        return keys + rest[:split] + ["length"] + rest[split:strings] + rest[strings:]


def primitive_object(kind: type[JSPrimitiveObject], prototype: JSObject, value: Value) -> JSPrimitiveObject:
    """A wrapper object."""
    target = object_create(prototype, kind)
    target.data_ = value
    return target
