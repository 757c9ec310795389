"""ECMA-262 9.1: Environment Records.

The tree-walker keeps every variable in one; the VM only those that direct eval, `with` or a module can reach by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Protocol

from lockstep.reference.javascript.runtime.completions import (
    MISSING_SUPER,
    reference_error,
    type_error,
    uninitialized,
)
from lockstep.reference.javascript.runtime.objects.keys import constant_name
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.objects.property import Property
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean
from lockstep.reference.javascript.runtime.operations.objects import (
    define_property_or_throw,
    get,
    set_property,
)
from lockstep.reference.javascript.runtime.symbols import UNSCOPABLES
from lockstep.reference.javascript.runtime.values import ABSENT, UNINITIALIZED, Null, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.foundations import Realm
    from lockstep.reference.javascript.runtime.objects.function import JSFunction
    from lockstep.reference.javascript.runtime.objects.global_object import JSGlobalObject


class Binding:
    """One binding: `mutable` False for const, and then `strict` says whether assignment throws."""

    __slots__ = ("deletable", "mutable", "strict", "value")

    def __init__(self, mutable: bool, deletable: bool = False, strict: bool = True) -> None:
        self.value: Value = UNINITIALIZED
        self.mutable = mutable
        self.deletable = deletable
        self.strict = strict


class EnvironmentRecord(Protocol):
    """9.1.1 the operations of every Environment Record, and of what stands for the one of an unresolvable reference."""

    @property
    def outer(self) -> EnvironmentRecord | Null:
        """[[OuterEnv]], a record or null."""

    def has_binding(self, name: str) -> bool:
        """9.1.1.1.1 HasBinding."""
        ...

    def create_mutable_binding(self, name: str, deletable: bool = False) -> None:
        """9.1.1.1.2 CreateMutableBinding."""

    def create_immutable_binding(self, name: str, strict: bool) -> None:
        """9.1.1.1.3 CreateImmutableBinding."""

    def initialize_binding(self, name: str, value: Value) -> None:
        """9.1.1.1.4 InitializeBinding."""

    def set_mutable_binding(self, name: str, value: Value, strict: bool) -> None:
        """9.1.1.1.5 SetMutableBinding."""

    def get_binding_value(self, name: str, strict: bool) -> Value:
        """9.1.1.1.6 GetBindingValue."""

    def delete_binding(self, name: str) -> bool:
        """9.1.1.1.7 DeleteBinding."""
        ...

    def has_this_binding(self) -> bool:
        """9.1.1.1.8 HasThisBinding."""
        ...

    def has_super_binding(self) -> bool:
        """9.1.1.1.9 HasSuperBinding."""
        ...

    def with_base_object(self) -> Value:
        """9.1.1.1.10 WithBaseObject."""


class DeclarativeEnvironment:
    """9.1.1.1 Declarative Environment Record."""

    __slots__ = ("bindings", "outer")

    def __init__(self, outer: EnvironmentRecord | Null) -> None:
        self.bindings: dict[str, Any] = {}
        self.outer = outer

    def has_binding(self, name: str) -> bool:
        """9.1.1.1.1."""
        return name in self.bindings

    def create_mutable_binding(self, name: str, deletable: bool = False) -> None:
        """9.1.1.1.2."""
        self.bindings[name] = Binding(True, deletable)

    def create_immutable_binding(self, name: str, strict: bool) -> None:
        """9.1.1.1.3."""
        self.bindings[name] = Binding(False, strict=strict)

    def initialize_binding(self, name: str, value: Value) -> None:
        """9.1.1.1.4."""
        self.bindings[name].value = value

    def set_mutable_binding(self, name: str, value: Value, strict: bool) -> None:
        """9.1.1.1.5."""
        binding = self.bindings.get(name)
        if binding is None:
            if strict:
                raise reference_error(f"{name} is not defined")
            self.create_mutable_binding(name, True)
            self.initialize_binding(name, value)
            return
        if binding.value is UNINITIALIZED:
            raise uninitialized(name)
        if binding.mutable:
            binding.value = value
        elif binding.strict or (strict and binding.strict) or strict:
            raise type_error("Assignment to constant variable.")

    def get_binding_value(self, name: str, strict: bool) -> Value:
        """9.1.1.1.6."""
        value = self.bindings[name].value
        if value is UNINITIALIZED:
            raise uninitialized(name)
        return value

    def delete_binding(self, name: str) -> bool:
        """9.1.1.1.7."""
        if not self.bindings[name].deletable:
            return False
        del self.bindings[name]
        return True

    def has_this_binding(self) -> bool:
        """9.1.1.1.8."""
        return False

    def has_super_binding(self) -> bool:
        """9.1.1.1.9."""
        return False

    def with_base_object(self) -> Value:
        """9.1.1.1.10."""
        return undefined


class SimpleCatchEnvironment(DeclarativeEnvironment):
    """The record of a catch parameter that is a name: a `var` of eval code may pass it (B.3.4)."""

    __slots__ = ()
    is_simple_catch = True


class ObjectEnvironment:
    """9.1.1.2 Object Environment Record."""

    __slots__ = ("binding_object", "is_with", "outer")

    def __init__(self, binding_object: JSObject, is_with: bool, outer: EnvironmentRecord | Null) -> None:
        self.binding_object = binding_object
        self.is_with = is_with
        self.outer = outer

    def has_binding(self, name: str) -> bool:
        """9.1.1.2.1."""
        target = self.binding_object
        if not target.has_property(name):
            return False
        if not self.is_with:
            return True
        unscopables = get(target, UNSCOPABLES)
        return not (isinstance(unscopables, JSObject) and to_boolean(get(unscopables, name)))

    def create_mutable_binding(self, name: str, deletable: bool = False) -> None:
        """9.1.1.2.2."""
        define_property_or_throw(self.binding_object, name, Property(undefined, True, True, deletable))

    def create_immutable_binding(self, name: str, strict: bool) -> None:
        """9.1.1.2.3: never used."""
        raise AssertionError(name)

    def initialize_binding(self, name: str, value: Value) -> None:
        """9.1.1.2.4."""
        self.set_mutable_binding(name, value, False)

    def set_mutable_binding(self, name: str, value: Value, strict: bool) -> None:
        """9.1.1.2.5."""
        target = self.binding_object
        if not target.has_property(name) and strict:
            raise reference_error(f"{name} is not defined")
        set_property(target, name, value, strict)

    def get_binding_value(self, name: str, strict: bool) -> Value:
        """9.1.1.2.6."""
        target = self.binding_object
        if not target.has_property(name):
            if not strict:
                return undefined
            raise reference_error(f"{name} is not defined")
        return get(target, name)

    def delete_binding(self, name: str) -> bool:
        """9.1.1.2.7."""
        return bool(self.binding_object.delete_property(name))

    def has_this_binding(self) -> bool:
        """9.1.1.2.8."""
        return False

    def has_super_binding(self) -> bool:
        """9.1.1.2.9."""
        return False

    def with_base_object(self) -> Value:
        """9.1.1.2.10."""
        return self.binding_object if self.is_with else undefined


class FunctionEnvironment(DeclarativeEnvironment):
    """9.1.1.3 Function Environment Record.

    Attributes:
        function_object: [[FunctionObject]]; its `home_object_`, if it has one, makes the super binding.
        new_target: [[NewTarget]].
        this_value: [[ThisValue]], UNINITIALIZED until bound.
        lexical_this: [[ThisBindingStatus]] is lexical: an arrow function.
    """

    __slots__ = ("function_object", "lexical_this", "new_target", "this_value")

    def __init__(
        self,
        function_object: JSFunction,
        new_target: Value,
        lexical_this: bool,
        outer: EnvironmentRecord | Null,
    ) -> None:
        super().__init__(outer)
        self.function_object = function_object
        self.new_target = new_target
        self.lexical_this = lexical_this
        self.this_value: Value = UNINITIALIZED

    def bind_this_value(self, value: Value) -> Value:
        """9.1.1.3.1."""
        if self.this_value is not UNINITIALIZED:
            raise reference_error("Super constructor may only be called once")
        self.this_value = value
        return value

    def has_this_binding(self) -> bool:
        """9.1.1.3.2."""
        return not self.lexical_this

    def has_super_binding(self) -> bool:
        """9.1.1.3.3."""
        return not self.lexical_this and hasattr(self.function_object, "home_object_")

    def get_this_binding(self) -> Value:
        """9.1.1.3.4."""
        if self.this_value is UNINITIALIZED:
            raise reference_error(MISSING_SUPER)
        return self.this_value


class GlobalEnvironment:
    """9.1.1.4 Global Environment Record: the declarative record in front of the global object."""

    __slots__ = ("declarative", "global_object", "outer", "realm")

    def __init__(self, realm: Realm) -> None:
        self.realm = realm
        self.global_object: JSGlobalObject = realm.global_object
        self.declarative = GlobalDeclarations(realm)
        self.outer: EnvironmentRecord | Null = null

    def has_binding(self, name: str) -> bool:
        """9.1.1.4.1."""
        return self.declarative.has_binding(name) or bool(self.global_object.has_property(name))

    def create_mutable_binding(self, name: str, deletable: bool = False) -> None:
        """9.1.1.4.2."""
        self._fresh(name)
        self.declarative.create_mutable_binding(name, deletable)

    def create_immutable_binding(self, name: str, strict: bool) -> None:
        """9.1.1.4.3."""
        self._fresh(name)
        self.declarative.create_immutable_binding(name, strict)

    def _fresh(self, name: str) -> None:
        if self.declarative.has_binding(name):
            raise type_error(f"Identifier '{name}' has already been declared")

    def initialize_binding(self, name: str, value: Value) -> None:
        """9.1.1.4.4."""
        if self.declarative.has_binding(name):
            self.declarative.initialize_binding(name, value)
        else:
            set_property(self.global_object, name, value, False)

    def set_mutable_binding(self, name: str, value: Value, strict: bool) -> None:
        """9.1.1.4.5."""
        if self.declarative.has_binding(name):
            self.declarative.set_mutable_binding(name, value, strict)
            return
        target = self.global_object
        if strict and not target.has_property(name):
            raise reference_error(f"{name} is not defined")
        set_property(target, name, value, strict)

    def get_binding_value(self, name: str, strict: bool) -> Value:
        """9.1.1.4.6; a name that is bound nowhere is a ReferenceError either way."""
        if self.declarative.has_binding(name):
            return self.declarative.get_binding_value(name, strict)
        target = self.global_object
        if not target.has_property(name):
            if not strict:
                return undefined
            raise reference_error(f"{name} is not defined")
        return get(target, name)

    def delete_binding(self, name: str) -> bool:
        """9.1.1.4.7."""
        if self.declarative.has_binding(name):
            return self.declarative.delete_binding(name)
        if self.global_object.get_own_property(name) is not None:
            return bool(self.global_object.delete_property(name))
        return True

    def has_this_binding(self) -> bool:
        """9.1.1.4.8."""
        return True

    def has_super_binding(self) -> bool:
        """9.1.1.4.9."""
        return False

    def with_base_object(self) -> Value:
        """9.1.1.4.10."""
        return undefined

    def get_this_binding(self) -> Value:
        """9.1.1.4.11."""
        return self.realm.global_this

    def has_lexical_declaration(self, name: str) -> bool:
        """9.1.1.4.13."""
        return self.declarative.has_binding(name)

    def has_restricted_global_property(self, name: str) -> bool:
        """9.1.1.4.14."""
        own = self.global_object.get_own_property(name)
        return own is not None and not own.configurable

    def can_declare_global_var(self, name: str) -> bool:
        """9.1.1.4.15."""
        return self.global_object.get_own_property(name) is not None or bool(
            self.global_object.is_extensible()
        )

    def can_declare_global_function(self, name: str) -> bool:
        """9.1.1.4.16."""
        own = self.global_object.get_own_property(name)
        if own is None:
            return bool(self.global_object.is_extensible())
        return bool(own.configurable or (own.is_data and own.writable and own.enumerable))

    def create_global_var_binding(self, name: str, deletable: bool) -> None:
        """9.1.1.4.17."""
        target = self.global_object
        if target.get_own_property(name) is None and target.is_extensible():
            define_property_or_throw(target, name, Property(undefined, True, True, deletable))

    def create_global_function_binding(self, name: str, value: Value, deletable: bool) -> None:
        """9.1.1.4.18."""
        target = self.global_object
        own = target.get_own_property(name)
        if own is None or own.configurable:
            descriptor = Property(value, True, True, deletable)
        else:
            descriptor = Property(value)
        define_property_or_throw(target, name, descriptor)
        set_property(target, name, value, False)


class GlobalDeclarations(DeclarativeEnvironment):
    """The declarative part of the global environment; generated code shares its mutable bindings.

    An initialized mutable binding lives in the realm's host globals under its host name, so that generated
    code reads and writes it as a host global; `bindings` then holds the Binding with ABSENT.
    """

    __slots__ = ("realm",)

    def __init__(self, realm: Realm) -> None:
        super().__init__(null)
        self.realm = realm

    def initialize_binding(self, name: str, value: Value) -> None:
        """9.1.1.1.4."""
        binding = self.bindings[name]
        if binding.mutable:
            binding.value = ABSENT
            self.realm.host_globals[self.realm.global_name(name)] = value
        else:
            binding.value = value
            self.realm.host_globals[constant_name(name)] = value

    def set_mutable_binding(self, name: str, value: Value, strict: bool) -> None:
        """9.1.1.1.5."""
        binding = self.bindings[name]
        if binding.value is ABSENT:
            self.realm.host_globals[self.realm.global_name(name)] = value
        else:
            super().set_mutable_binding(name, value, strict)

    def get_binding_value(self, name: str, strict: bool) -> Value:
        """9.1.1.1.6."""
        binding = self.bindings[name]
        if binding.value is ABSENT:
            return self.realm.host_globals[self.realm.global_name(name)]
        return super().get_binding_value(name, strict)


class ModuleEnvironment(DeclarativeEnvironment):
    """9.1.1.5 Module Environment Record; import bindings read through to their module."""

    __slots__ = ()

    def create_import_binding(self, name: str, read: Callable[[], Value]) -> None:
        """9.1.1.5.5; `read` gives the target binding's value, or raises while it is uninitialized."""
        self.bindings[name] = _ImportBinding(read)

    def get_binding_value(self, name: str, strict: bool) -> Value:
        """9.1.1.5.1."""
        binding = self.bindings[name]
        if binding.__class__ is _ImportBinding:
            return binding.read()
        return super().get_binding_value(name, strict)

    def set_mutable_binding(self, name: str, value: Value, strict: bool) -> None:
        """9.1.1.1.5."""
        binding = self.bindings.get(name)
        if binding.__class__ is _ImportBinding:
            binding.read()
            raise type_error("Assignment to constant variable.")
        super().set_mutable_binding(name, value, strict)

    def delete_binding(self, name: str) -> bool:
        """9.1.1.5.2: never."""
        return False

    def has_this_binding(self) -> bool:
        """9.1.1.5.3."""
        return True

    def get_this_binding(self) -> Value:
        """9.1.1.5.4."""
        return undefined


class _ImportBinding:
    __slots__ = ("deletable", "read")

    def __init__(self, read: Callable[[], Value]) -> None:
        self.read = read
        self.deletable = False


def resolve_binding(environment: EnvironmentRecord | Null, name: str) -> EnvironmentRecord | None:
    """9.1.2.1 GetIdentifierReference: the environment that binds `name`, or None where it is unresolvable."""
    while environment is not null:
        if environment.has_binding(name):
            return environment
        environment = environment.outer
    return None


def this_environment(environment: Any) -> Any:
    """9.4.3 GetThisEnvironment."""
    while not environment.has_this_binding():
        environment = environment.outer
    return environment
