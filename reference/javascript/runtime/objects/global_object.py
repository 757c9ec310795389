"""The global object: ordinary by the specification, its plain variables shared with generated code.

A writable data property lives in the realm's host globals (its record holds HOSTED), unless a lexical declaration
has the name: then generated code finds the declaration there. An intrinsic that nobody has asked for is LAZY.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.runtime.completions import sever_context
from lockstep.reference.javascript.runtime.objects.keys import host_name
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, set_with_own, validate_and_apply
from lockstep.reference.javascript.runtime.objects.property import Property
from lockstep.reference.javascript.runtime.values import ABSENT, Marker, PropertyKey, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.foundations import Realm

HOSTED = Marker("hosted")


class Lazy:
    """A global whose value is made when it is first read: what `maker` gives for the realm."""

    __slots__ = ("maker",)

    def __init__(self, maker: Callable[[Realm], Value]) -> None:
        self.maker = maker


class JSGlobalObject(JSObject):
    """The global object of `realm_`."""

    __slots__ = ("realm_",)
    class_name_ = "Object"
    is_exotic_ = True
    realm_: Realm

    def get_own_property(self, key: PropertyKey) -> Property | None:
        """See JSObject."""
        assert self.properties_ is not None
        found = self.properties_.get(key)
        if found is None:
            return None
        if found.value is HOSTED:
            value = self.realm_.host_globals[host_name(key)]
            return Property(value, found.writable, found.enumerable, found.configurable)
        if found.value.__class__ is Lazy:
            found.value = found.value.maker(self.realm_)
            self._host(key)
            return self.get_own_property(key)
        return found

    def _host(self, key: PropertyKey) -> None:
        """Move a plain variable to the host globals."""
        assert self.properties_ is not None
        found = self.properties_.get(key)
        if (
            found is not None
            and found.get is ABSENT
            and found.writable
            and key.__class__ is str
            and not self.realm_.global_environment.declarative.has_binding(key)
        ):
            self.realm_.host_globals[host_name(key)] = found.value
            found.value = HOSTED

    def unhost_(self, key: PropertyKey) -> None:
        """Take a variable back from the host globals."""
        assert self.properties_ is not None
        found = self.properties_.get(key)
        if found is not None:
            if found.value is HOSTED:
                found.value = self.realm_.host_globals.pop(host_name(key))
            elif found.value.__class__ is Lazy:
                found.value = found.value.maker(self.realm_)

    def define_own_property(self, key: PropertyKey, descriptor: Property) -> bool:
        """See JSObject."""
        self.unhost_(key)
        assert self.properties_ is not None
        found = self.properties_.get(key)
        if found is not None:
            self.properties_[key] = found.copy()
        done = validate_and_apply(self, key, self.extensible_, descriptor, found)
        self._host(key)
        return done

    def delete_property(self, key: PropertyKey) -> bool:
        """See JSObject."""
        self.unhost_(key)
        done = super().delete_property(key)
        self._host(key)
        return done

    def has_property(self, key: PropertyKey) -> bool:
        """See JSObject."""
        assert self.properties_ is not None
        if key in self.properties_:
            return True
        parent = self.prototype_
        return parent is not null and bool(parent.has_property(key))

    def get_value(self, key: PropertyKey, receiver: Value) -> Value:
        """See JSObject."""
        found = self.get_own_property(key)
        if found is None:
            parent = self.prototype_
            return undefined if parent is null else parent.get_value(key, receiver)
        if found.get is ABSENT:
            return found.value
        sever_context()
        return undefined if found.get is undefined else found.get.call_n(receiver)

    def set_value(self, key: PropertyKey, value: Value, receiver: Value) -> bool:
        """See JSObject."""
        assert self.properties_ is not None
        found = self.properties_.get(key)
        if found is not None and found.value is HOSTED and receiver is self:
            self.realm_.host_globals[host_name(key)] = value
            return True
        own = self.get_own_property(key)
        parent = self.prototype_
        if own is None and parent is not null:
            return bool(parent.set_value(key, value, receiver))
        return set_with_own(key, value, receiver, own)


def create_global_object(realm: Realm, prototype: JSObject) -> JSGlobalObject:
    """A global object without properties."""
    target: JSGlobalObject = JSGlobalObject.slow_class_()
    own = target.__dict__
    own["prototype_"] = prototype
    own["properties_"] = {}
    target.realm_ = realm
    return target
