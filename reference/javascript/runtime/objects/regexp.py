"""ECMA-262 22.2.8: RegExp instances."""

from __future__ import annotations

from typing import Any, ClassVar

from lockstep.reference.javascript.runtime.objects.keys import guest_name, ordered
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, validate_and_apply
from lockstep.reference.javascript.runtime.objects.property import Property
from lockstep.reference.javascript.runtime.values import ABSENT, PropertyKey, Value


class _LastIndex:
    """The own `lastIndex` of fast instances, as host descriptor."""

    __slots__ = ()

    def __get__(self, instance: Any, owner: type) -> Value:
        return instance.last_index_

    def __set__(self, instance: Any, value: Value) -> None:
        instance.last_index_ = value


class JSRegExp(JSObject):
    """A regular expression.

    Attributes:
        source_: [[OriginalSource]].
        flags_: [[OriginalFlags]].
        pattern_: [[RegExpMatcher]], a `regular_expressions.compiled.CompiledPattern`; None before initialization.
        realm_: [[Realm]].
        legacy_: [[LegacyFeaturesEnabled]].
        last_index_: the value of `lastIndex` in the fast form.
    """

    __slots__ = ("flags_", "last_index_", "legacy_", "pattern_", "realm_", "source_")
    class_name_ = "RegExp"
    has_virtual_ = True
    virtual_attributes_: ClassVar[dict[str, object]] = {"lastIndex": _LastIndex()}
    source_: str
    flags_: str
    pattern_: Any
    realm_: Any
    legacy_: bool
    last_index_: Value

    def get_own_property(self, key: PropertyKey) -> Property | None:
        """See JSObject."""
        if key == "lastIndex" and self.properties_ is None:
            return Property(self.last_index_, True, False, False)
        return super().get_own_property(key)

    def define_own_property(self, key: PropertyKey, descriptor: Property) -> bool:
        """See JSObject."""
        if self.properties_ is None and key == "lastIndex":
            if not (
                descriptor.is_accessor
                or descriptor.writable is False
                or descriptor.enumerable is True
                or descriptor.configurable is True
            ):
                if descriptor.value is not ABSENT:
                    self.last_index_ = descriptor.value
                return True
            return validate_and_apply(self, key, self.extensible_, descriptor, self.get_own_property(key))
        return super().define_own_property(key, descriptor)

    def set_value(self, key: PropertyKey, value: Value, receiver: Value) -> bool:
        """See JSObject."""
        if key == "lastIndex" and self is receiver and self.properties_ is None:
            self.last_index_ = value
            return True
        return super().set_value(key, value, receiver)

    def delete_property(self, key: PropertyKey) -> bool:
        """See JSObject."""
        if key == "lastIndex":
            return False
        return super().delete_property(key)

    def own_property_keys(self) -> list[PropertyKey]:
        """See JSObject."""
        if self.properties_ is not None:
            return super().own_property_keys()
        return ordered(["lastIndex", *(guest_name(name) for name in self.__dict__)])

    def virtual_properties_(self) -> list[tuple[PropertyKey, Property]]:
        """See JSObject."""
        return [("lastIndex", Property(self.last_index_, True, False, False))]
