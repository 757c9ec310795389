"""Functions and objects of an embedding program as JavaScript functions and exotic objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Protocol

from lockstep.reference.host.embedding.guest import HostError, public_attribute, public_names
from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.objects.function import FunctionTemplate, create_function
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, slow_object
from lockstep.reference.javascript.runtime.objects.property import Property
from lockstep.reference.javascript.runtime.values import PropertyKey, Value
from lockstep.reference.javascript.syntax.utf16 import to_code_points, to_utf16

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


class Boundary(Protocol):
    """How values and errors cross (`guest.JavaScriptGuest`)."""

    def called_host(self, function: Callable[..., object], arguments: list[Value]) -> object:
        """What a host function gives."""

    def result_of(self, value: Value) -> Value:
        """That as a guest value."""

    def to_guest(self, value: Value) -> Value:
        """Any host value as a guest value."""

    def thrown(self, error: BaseException) -> Any:
        """The throw completion for what a host function raised."""


class HostFunction:
    """What a JavaScript function calls that stands for a host function.

    Attributes:
        function: the host function.
    """

    __slots__ = ("boundary", "function")

    def __init__(self, boundary: Boundary, function: Callable[..., object]) -> None:
        self.boundary = boundary
        self.function = function

    def __call__(self, _this: Value, *arguments: Value) -> Value:
        """10.3.1 [[Call]]: `this` does not cross the boundary."""
        try:
            return self.boundary.result_of(self.boundary.called_host(self.function, list(arguments)))
        except HostError as error:
            raised = error.original
        raise self.boundary.thrown(raised)


def host_function(realm: Realm, host: HostFunction) -> JSObject:
    """A built-in function over a host function."""
    name = str(getattr(host.function, "__name__", ""))
    return create_function(realm, FunctionTemplate(name, 0, "builtin"), host)


class JSHostObject(JSObject):
    """An object of the host's: its public attributes can be read, and nothing of it can be changed.

    Attributes:
        original_: the host's object.
        boundary_: how its attributes become values.
    """

    __slots__ = ("boundary_", "original_")
    class_name_ = "HostObject"
    is_exotic_ = True
    original_: object
    boundary_: Boundary

    def _read(self, key: PropertyKey) -> Any:
        """The attribute `key`, or no value."""
        if key.__class__ is not str:
            return None
        try:
            found = public_attribute(self.original_, to_code_points(key))
        except AttributeError:
            return None
        return (found,)

    def get_own_property(self, key: PropertyKey) -> Property | None:
        """See JSObject."""
        found = self._read(key)
        if found is None:
            return None
        return Property(self.boundary_.to_guest(found[0]), False, True, True)

    def define_own_property(self, key: PropertyKey, descriptor: Property) -> bool:
        """See JSObject."""
        return False

    def has_property(self, key: PropertyKey) -> bool:
        """See JSObject."""
        return self._read(key) is not None or super().has_property(key)

    def get_value(self, key: PropertyKey, receiver: Value) -> Value:
        """See JSObject."""
        found = self._read(key)
        return super().get_value(key, receiver) if found is None else self.boundary_.to_guest(found[0])

    def set_value(self, key: PropertyKey, value: Value, receiver: Value) -> bool:
        """See JSObject."""
        raise type_error(f"an object of the host cannot be changed: '{key}'")

    def delete_property(self, key: PropertyKey) -> bool:
        """See JSObject."""
        return False

    def own_property_keys(self) -> list[PropertyKey]:
        """See JSObject."""
        return [to_utf16(name) for name in public_names(self.original_)]


def host_object(realm: Realm, boundary: Boundary, original: object) -> JSObject:
    """An object that stands for one of the host's."""
    made = slow_object(JSHostObject, realm.object_prototype)
    made.original_ = original
    made.boundary_ = boundary
    return made
