"""ECMA-262 10.4.6: module namespace exotic objects."""

from __future__ import annotations

from typing import Callable

from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, same_value, validate_and_apply
from lockstep.reference.javascript.runtime.objects.property import Property
from lockstep.reference.javascript.runtime.symbols import TO_STRING_TAG
from lockstep.reference.javascript.runtime.values import ABSENT, Null, PropertyKey, Value, null


class JSNamespace(JSObject):
    """A module namespace.

    Attributes:
        module_: [[Module]].
        exports_: [[Exports]], sorted; each name with the resolved binding, an object with `get()`.
    """

    __slots__ = ("exports_", "module_")
    class_name_ = "Module"
    is_exotic_ = True
    module_: Value
    exports_: dict[PropertyKey, Callable[[], Value]]

    # 10.4.6.2
    def set_prototype_of(self, prototype: JSObject | Null) -> bool:
        """See JSObject."""
        return prototype is null

    # 10.4.6.3
    def is_extensible(self) -> bool:
        """See JSObject."""
        return False

    # 10.4.6.4
    def prevent_extensions(self) -> bool:
        """See JSObject."""
        return True

    # 10.4.6.5
    def get_own_property(self, key: PropertyKey) -> Property | None:
        """See JSObject."""
        if key.__class__ is not str:
            return super().get_own_property(key)
        if key not in self.exports_:
            return None
        return Property(self.exports_[key](), True, True, False)

    # 10.4.6.6
    def define_own_property(self, key: PropertyKey, descriptor: Property) -> bool:
        """See JSObject."""
        if key.__class__ is not str:
            assert self.properties_ is not None
            current = self.properties_.get(key)
            if current is None:
                return False
            return validate_and_apply(self, key, False, descriptor, current)
        current = self.get_own_property(key)
        if current is None or descriptor.is_accessor:
            return False
        if descriptor.configurable is True or False in (descriptor.enumerable, descriptor.writable):
            return False
        return descriptor.value is ABSENT or same_value(descriptor.value, current.value)

    # 10.4.6.7
    def has_property(self, key: PropertyKey) -> bool:
        """See JSObject."""
        if key.__class__ is not str:
            return super().get_own_property(key) is not None
        return key in self.exports_

    # 10.4.6.8
    def get_value(self, key: PropertyKey, receiver: Value) -> Value:
        """See JSObject."""
        if key.__class__ is not str:
            return super().get_value(key, receiver)
        found = self.exports_.get(key)
        return None if found is None else found()

    # 10.4.6.9
    def set_value(self, key: PropertyKey, value: Value, receiver: Value) -> bool:
        """See JSObject."""
        return False

    # 10.4.6.10
    def delete_property(self, key: PropertyKey) -> bool:
        """See JSObject."""
        if key.__class__ is not str:
            return super().delete_property(key)
        return key not in self.exports_

    # 10.4.6.11
    def own_property_keys(self) -> list[PropertyKey]:
        """See JSObject."""
        assert self.properties_ is not None
        return [*self.exports_, *self.properties_]


class JSDeferredNamespace(JSNamespace):
    """A module namespace of `import defer`: asking for an export, or for all, evaluates the module first.

    Attributes:
        evaluate_: evaluates the module synchronously.
    """

    __slots__ = ("evaluate_",)
    evaluate_: Callable[[], None]

    def _trigger(self, key: PropertyKey) -> None:
        """GetModuleExportsList, unless IsSymbolLikeNamespaceKey."""
        if key.__class__ is str and key != "then":
            self.evaluate_()

    def get_own_property(self, key: PropertyKey) -> Property | None:
        """See JSObject."""
        self._trigger(key)
        return super().get_own_property(key)

    def has_property(self, key: PropertyKey) -> bool:
        """See JSObject."""
        self._trigger(key)
        return super().has_property(key)

    def get_value(self, key: PropertyKey, receiver: Value) -> Value:
        """See JSObject."""
        self._trigger(key)
        return super().get_value(key, receiver)

    def delete_property(self, key: PropertyKey) -> bool:
        """See JSObject."""
        self._trigger(key)
        return super().delete_property(key)

    def own_property_keys(self) -> list[PropertyKey]:
        """See JSObject."""
        self.evaluate_()
        return super().own_property_keys()


def namespace_create(
    module: Value, exports: dict[str, Callable[[], Value]], evaluate: Callable[[], None] | None = None
) -> JSNamespace:
    """10.4.6.12 ModuleNamespaceCreate.

    Args:
        module: the module record.
        exports: each name with a host function that reads its binding.
        evaluate: for a deferred namespace: evaluates the module synchronously.
    """
    namespace = (JSNamespace if evaluate is None else JSDeferredNamespace).slow_class_()
    own = namespace.__dict__
    tag = "Module"
    if evaluate is not None:
        namespace.evaluate_ = evaluate
        exports = {name: reader for name, reader in exports.items() if name != "then"}
        tag = "Deferred Module"
    own["prototype_"] = null
    own["properties_"] = {TO_STRING_TAG: Property(tag, False, False, False)}
    own["extensible_"] = False
    namespace.module_ = module
    namespace.exports_ = dict(sorted(exports.items()))
    made: JSNamespace = namespace
    return made
