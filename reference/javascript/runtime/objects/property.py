"""6.2.6 Property Descriptors; the same record stores the properties of objects in their slow form."""

from __future__ import annotations

from typing import Any

from lockstep.reference.javascript.runtime.values import ABSENT, Value, undefined


class Property:
    """A property descriptor. In storage every field of its kind is present, the others are ABSENT."""

    __slots__ = ("configurable", "enumerable", "get", "set", "value", "writable")

    def __init__(
        self,
        value: Value = ABSENT,
        writable: Value = ABSENT,
        enumerable: Value = ABSENT,
        configurable: Value = ABSENT,
        get: Any = ABSENT,
        set: Any = ABSENT,  # noqa: A002  # the specification's field name
    ) -> None:
        self.value = value
        self.writable = writable
        self.enumerable = enumerable
        self.configurable = configurable
        self.get = get
        self.set = set

    @property
    def is_accessor(self) -> bool:
        """6.2.6.1 IsAccessorDescriptor."""
        return self.get is not ABSENT or self.set is not ABSENT

    @property
    def is_data(self) -> bool:
        """6.2.6.2 IsDataDescriptor."""
        return self.value is not ABSENT or self.writable is not ABSENT

    @property
    def is_plain(self) -> bool:
        """Whether this is a data property with every attribute true."""
        return (
            self.writable is True
            and self.enumerable is True
            and self.configurable is True
            and self.value is not ABSENT
        )

    def copy(self) -> Property:
        """The same fields."""
        return Property(self.value, self.writable, self.enumerable, self.configurable, self.get, self.set)


def data(value: Value, writable: bool, enumerable: bool, configurable: bool) -> Property:
    """A full data property."""
    return Property(value, writable, enumerable, configurable)


def hidden(value: Value) -> Property:
    """A writable, configurable, not enumerable data property: what built-in functions are."""
    return Property(value, True, False, True)


def plain(value: Value) -> Property:
    """A data property with all attributes true."""
    return Property(value, True, True, True)


def accessor(get: Value, set_: Value, enumerable: bool = False, configurable: bool = True) -> Property:
    """A full accessor property."""
    return Property(ABSENT, ABSENT, enumerable, configurable, get, set_)


def completed(descriptor: Property) -> Property:
    """6.2.6.6 CompletePropertyDescriptor."""
    full = descriptor.copy()
    if not full.is_accessor:
        full.value = undefined if full.value is ABSENT else full.value
        full.writable = full.writable is True
    else:
        full.get = undefined if full.get is ABSENT else full.get
        full.set = undefined if full.set is ABSENT else full.set
    full.enumerable = full.enumerable is True
    full.configurable = full.configurable is True
    return full
