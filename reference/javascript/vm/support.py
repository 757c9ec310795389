"""What generated code calls: the shared operations under their names in the realm's host globals.

Every name here has an underscore, so no guest global can meet it.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from types import MethodType
from typing import TYPE_CHECKING, Any, Callable, Protocol

from lockstep.reference.javascript.runtime.completions import (
    ReturnSignal,
    ThrowCompletion,
    reference_error,
    run_deeper,
    sever_context,
    thrown_value,
    type_error,
)
from lockstep.reference.javascript.runtime.environments import (
    DeclarativeEnvironment,
    EnvironmentRecord,
    ObjectEnvironment,
    SimpleCatchEnvironment,
    resolve_binding,
)
from lockstep.reference.javascript.runtime.objects.arguments import (
    create_mapped_arguments,
    create_unmapped_arguments,
    parameter_map,
    rest_array,
)
from lockstep.reference.javascript.runtime.objects.construction import start_entry
from lockstep.reference.javascript.runtime.objects.description import not_destructurable, unreadable
from lockstep.reference.javascript.runtime.objects.function import JSFunction
from lockstep.reference.javascript.runtime.objects.html_dda import JSHtmlDda
from lockstep.reference.javascript.runtime.objects.keys import index_key
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, probe, replace_prototype
from lockstep.reference.javascript.runtime.operations import classes, operators, references
from lockstep.reference.javascript.runtime.operations.conversion import (
    to_number,
    to_numeric,
    to_object,
    to_property_key,
    to_string,
)
from lockstep.reference.javascript.runtime.operations.functions import sloppy_this
from lockstep.reference.javascript.runtime.operations.iteration import (
    DONE,
)
from lockstep.reference.javascript.runtime.operations.number_text import number_to_string
from lockstep.reference.javascript.runtime.operations.objects import (
    add_private_field,
    copy_data_properties,
    create_data_property_or_throw,
    private_add,
    private_get,
    private_has,
    private_set,
)
from lockstep.reference.javascript.runtime.operations.templates import get_template_object
from lockstep.reference.javascript.runtime.values import (
    ABSENT,
    HOLE,
    BigInt,
    Marker,
    Null,
    PrivateElement,
    PrivateFunctions,
    PrivateName,
    PropertyKey,
    Value,
    null,
    undefined,
)
from lockstep.reference.javascript.vm import iteration
from lockstep.reference.javascript.vm.closures import ClosureTemplate
from lockstep.reference.javascript.vm.construction import construct, constructed

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_MISSING = Marker("missing")

_PrivateMethods = dict[PrivateName, PrivateElement]
# The templates of a program's functions, and a place in its source.
_Templates = list[ClosureTemplate]
_Place = tuple[str, int, int]


# Errors


def _refuse_pattern(value: Value, source: str | None, key: str | None) -> None:
    raise not_destructurable(value, source, key)


def _throw_constant(name: str) -> None:
    raise type_error("Assignment to constant variable.")


def _throw_bound_twice() -> None:
    raise reference_error("Super constructor may only be called once")


def _throw_invalid_target() -> None:
    raise reference_error("Invalid left-hand side in assignment")


def _throw_delete_super() -> None:
    raise reference_error("Unsupported reference to 'super'")


def _caught(realm: Realm, error: BaseException) -> Value:
    return thrown_value(error, realm)


def _passing(realm: Realm) -> None:
    """A completion with which generated code leaves the block of a `try` whose `finally` follows."""
    error = sys.exc_info()[1]
    sever_context()
    run_deeper(realm, error)


# Names


def _get_global(realm: Realm, name: str) -> Value:
    return realm.global_environment.get_binding_value(name, True)


def _get_global_or_undefined(realm: Realm, name: str) -> Value:
    environment = realm.global_environment
    return environment.get_binding_value(name, True) if environment.has_binding(name) else undefined


def _global_exists(realm: Realm, name: str) -> Value:
    return undefined if realm.global_environment.has_binding(name) else _MISSING


def _put_global(realm: Realm, name: str, value: Value, strict: bool, existed: bool = True) -> None:
    if strict and not existed:
        raise reference_error(f"{name} is not defined")
    realm.global_environment.set_mutable_binding(name, value, strict)


def _delete_global(realm: Realm, name: str) -> bool:
    deleted: bool = realm.global_environment.delete_binding(name)
    return deleted


def _initialize_lexical(realm: Realm, name: str, value: Value) -> None:
    realm.global_environment.initialize_binding(name, value)


def _lookup(environment: EnvironmentRecord, name: str, strict: bool) -> Value:
    holder = resolve_binding(environment, name)
    if holder is None:
        raise reference_error(f"{name} is not defined")
    return holder.get_binding_value(name, strict)


def _typeof_lookup(environment: EnvironmentRecord, name: str, strict: bool) -> Value:
    holder = resolve_binding(environment, name)
    return undefined if holder is None else holder.get_binding_value(name, strict)


def _assign(holder: _Holder, name: str, value: Value, strict: bool) -> None:
    holder.set_mutable_binding(name, value, strict)


def _resolved(realm: Realm, environment: EnvironmentRecord, name: str) -> _Holder:
    holder = resolve_binding(environment, name)
    return _Unresolvable(realm) if holder is None else holder


class _Holder(Protocol):
    """The base of a reference to a name."""

    def get_binding_value(self, name: str, strict: bool) -> Value: ...

    def with_base_object(self) -> Value: ...

    def set_mutable_binding(self, name: str, value: Value, strict: bool) -> None: ...


class _Unresolvable:
    """The base of an unresolvable reference: assignment creates a global, or fails in strict code."""

    __slots__ = ("realm",)

    def __init__(self, realm: Realm) -> None:
        self.realm = realm

    def get_binding_value(self, name: str, strict: bool) -> Value:
        """6.2.5.5 GetValue, step 2."""
        raise reference_error(f"{name} is not defined")

    def with_base_object(self) -> Value:
        """13.3.6.2: no `this` comes with it."""
        return undefined

    def set_mutable_binding(self, name: str, value: Value, strict: bool) -> None:
        """6.2.5.6 PutValue, step 2."""
        references.put_unresolvable(self.realm, name, value, strict)


def _with_base(holder: _Holder | None) -> Value:
    return undefined if holder is None else holder.with_base_object()


def _delete_name(environment: EnvironmentRecord, name: str) -> bool:
    holder = resolve_binding(environment, name)
    return True if holder is None else holder.delete_binding(name)


def _declare(environment: DeclarativeEnvironment, name: str, constant: bool) -> None:
    if constant:
        environment.create_immutable_binding(name, True)
    else:
        environment.create_mutable_binding(name)


def _bind_function_name(environment: DeclarativeEnvironment, name: str, function: Value) -> None:
    environment.create_immutable_binding(name, False)
    environment.initialize_binding(name, function)


def _copy_environment(environment: DeclarativeEnvironment, names: tuple[str, ...]) -> DeclarativeEnvironment:
    copy = DeclarativeEnvironment(environment.outer)
    for name, binding in environment.bindings.items():
        if name in names:
            copy.create_mutable_binding(name)
            copy.initialize_binding(name, binding.value)
        else:
            copy.bindings[name] = binding
    return copy


def _mark_catch(environment: DeclarativeEnvironment) -> None:
    environment.__class__ = SimpleCatchEnvironment


def _with_environment(realm: Realm, value: Value, outer: EnvironmentRecord) -> ObjectEnvironment:
    return ObjectEnvironment(to_object(realm, value), True, outer)


def _assign_variable(environment: EnvironmentRecord, name: str, value: Value) -> None:
    environment.set_mutable_binding(name, value, False)


def _assign_annex_b(realm: Realm, name: str, value: Value) -> None:
    environment = realm.global_environment
    if environment.has_lexical_declaration(name):
        return
    if environment.global_object.has_property(name):
        environment.global_object.set_value(name, value, environment.global_object)


# Functions and classes


def _set_fields(
    function: JSFunction, prototype: JSObject, methods: _PrivateMethods, initializer: JSFunction | None
) -> None:
    if not methods and initializer is undefined:
        return
    if initializer is not undefined:
        initializer.home_object_ = prototype

    define_fields = (lambda target: undefined) if initializer is undefined else initializer.call_0
    if methods:
        function.fields_ = lambda target: classes.initialize_instance_elements(target, methods, define_fields)
    else:
        function.fields_ = define_fields


def _add_private_methods(function: JSFunction, methods: _PrivateMethods) -> None:
    for name, element in methods.items():
        private_add(function, name, element)


def _run_static(function: JSFunction, initializer: JSFunction) -> None:
    initializer.home_object_ = function
    initializer.call_0(function)


def _link_class(
    function: JSFunction, prototype: JSObject, parents: tuple[Value, JSObject | Null]
) -> JSFunction:
    classes.link_class(function, prototype)
    if function.prototype_ is not parents[1]:
        # Nothing inherits from a new function: no cycle is to be looked for, however long the chain is.
        replace_prototype(function, parents[1])
    return function


def _set_literal_prototype(target: JSObject, prototype: Value) -> None:
    if isinstance(prototype, JSObject) or prototype is null:
        target.set_prototype_of(prototype)


def _copy_properties(realm: Realm, target: JSObject, source: Value) -> None:
    copy_data_properties(realm, target, source)


def _object_rest(realm: Realm, source: Value, excluded: tuple[PropertyKey, ...]) -> Value:
    return copy_data_properties(realm, realm.make_object(), source, excluded)


def _unmapped_arguments(realm: Realm, arguments: Sequence[Value]) -> Value:
    return create_unmapped_arguments(realm, arguments)


def _mapped_arguments(
    realm: Realm,
    arguments: Sequence[Value],
    callee: JSFunction,
    pairs: tuple[tuple[int, Callable[[], Value], Callable[[Value], None]], ...],
) -> Value:
    mapped: dict[PropertyKey, tuple[Callable[[], Value], Callable[[Value], None]]] = {
        index_key(index): (getter, setter) for index, getter, setter in pairs if index < len(arguments)
    }
    return create_mapped_arguments(realm, arguments, callee, mapped)


def _mapped_in_environment(
    realm: Realm,
    arguments: Sequence[Value],
    callee: JSFunction,
    environment: EnvironmentRecord,
    names: tuple[str, ...],
) -> Value:
    return create_mapped_arguments(realm, arguments, callee, parameter_map(names, arguments, environment))


def _make_array(realm: Realm, elements: list[Value]) -> Value:
    return realm.make_array(elements)


# Properties


def _get_length(realm: Realm, base: Any) -> Value:
    if base.__class__ is str:
        return float(len(base))
    elements = getattr(base, "elements_", None)
    # That of a typed array is a getter, which may be another.
    return float(len(elements)) if elements.__class__ is list else references.get_named(realm, base, "length")


def _get_super(home: JSObject, key: Value, this: Value) -> Value:
    base = home.get_prototype_of()
    return _get_from_super(base, key, this)


def _get_from_super(base: Any, key: Value, this: Value) -> Value:
    if base is null:
        raise unreadable(null, key)
    return base.get_value(to_property_key(key), this)


def _reference_key(base: Value, key: Value) -> Value:
    if key.__class__ is str or key.__class__ is float:
        return key
    if base is undefined or base is null:
        raise type_error("Cannot read properties of undefined or null")
    return to_property_key(key)


# Operators


def _increment(value: Value) -> Value:
    return operators.increment(to_numeric(value))


def _decrement(value: Value) -> Value:
    return operators.decrement(to_numeric(value))


# Templates


class _Site:
    """A template in a compiled program: the same place of another evaluation is another site.

    The owner is kept, so that its identity stays its own.
    """

    __slots__ = ("owner", "place")

    def __init__(self, owner: _Templates, place: _Place) -> None:
        self.owner = owner
        self.place = place

    def __hash__(self) -> int:
        return hash((id(self.owner), self.place))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Site) and self.owner is other.owner and self.place == other.place


def _template_object(
    realm: Realm, owner: _Templates, place: _Place, cooked: tuple[str | None, ...], raw: tuple[str, ...]
) -> Value:
    return get_template_object(realm, _Site(owner, place), cooked, raw)


_PLAIN: dict[str, object] = {
    **iteration.PLAIN,
    # host types and errors
    "int_": int,
    "float_": float,
    "len_": len,
    "str_": str,
    "fmod_": math.fmod,
    "type_error_": TypeError,
    "attribute_error_": AttributeError,
    "name_error_": NameError,
    "memory_error_": MemoryError,
    "exception_": Exception,
    "base_exception_": BaseException,
    "index_errors_": (AttributeError, IndexError, TypeError),
    "operate_errors_": (TypeError, ValueError, ZeroDivisionError),
    "integer_errors_": (AttributeError, ValueError, OverflowError),
    "element_errors_": (AttributeError, IndexError, TypeError, ValueError, OverflowError),
    "list_": list,
    "guest_exits_": (Exception, ReturnSignal),
    # values
    "null_": null,
    "infinity_": math.inf,
    "nan_": math.nan,
    "absent_": ABSENT,
    "missing_": _MISSING,
    "hole_": HOLE,
    "done_": DONE,
    "html_dda_class_": JSHtmlDda,
    "bigint_": BigInt,
    "private_name_": PrivateName,
    # errors
    "throw_": ThrowCompletion,
    "throw_constant_": _throw_constant,
    "throw_bound_twice_": _throw_bound_twice,
    "throw_invalid_target_": _throw_invalid_target,
    "throw_delete_super_": _throw_delete_super,
    # names
    "holder_": resolve_binding,
    "lookup_": _lookup,
    "typeof_lookup_": _typeof_lookup,
    "assign_": _assign,
    "with_base_": _with_base,
    "delete_name_": _delete_name,
    "new_environment_": DeclarativeEnvironment,
    "declare_": _declare,
    "bind_function_name_": _bind_function_name,
    "copy_environment_": _copy_environment,
    "mark_catch_": _mark_catch,
    "assign_variable_": _assign_variable,
    # functions and classes
    "entry_": references.method_entry,
    "construct_": construct,
    "constructed_": constructed,
    "start_entry_": start_entry,
    "construct_super_": classes.construct_super,
    "set_fields_": _set_fields,
    "add_private_methods_": _add_private_methods,
    "run_static_": _run_static,
    "class_prototype_": lambda parents: classes.class_prototype(parents[0]),
    "link_class_": _link_class,
    "define_method_": classes.define_method,
    "private_method_": classes.private_method,
    "class_field_": classes.define_field,
    "private_field_": add_private_field,
    "private_get_": private_get,
    "private_set_": private_set,
    "private_functions_": PrivateFunctions,
    "private_errors_": (AttributeError, KeyError),
    "private_has_": private_has,
    "set_function_name_": classes.set_function_name,
    "set_literal_prototype_": _set_literal_prototype,
    "define_field_": create_data_property_or_throw,
    # properties
    "get_super_": _get_super,
    "get_from_super_": _get_from_super,
    "put_super_": references.put_super,
    "super_base_": references.super_base,
    "to_property_key_": to_property_key,
    "reference_key_": _reference_key,
    "refuse_pattern_": _refuse_pattern,
    # operators
    "add_": operators.add,
    "subtract_": operators.subtract,
    "multiply_": operators.multiply,
    "divide_": operators.divide,
    "remainder_": operators.remainder,
    "exponentiate_": operators.exponentiate,
    "bitwise_and_": operators.bitwise_and,
    "bitwise_or_": operators.bitwise_or,
    "bitwise_xor_": operators.bitwise_xor,
    "left_shift_": operators.left_shift,
    "right_shift_": operators.right_shift,
    "unsigned_right_shift_": operators.unsigned_right_shift,
    "less_than_": operators.less_than,
    "greater_than_": operators.greater_than,
    "less_equal_": operators.less_equal,
    "greater_equal_": operators.greater_equal,
    "loosely_equal_": operators.loosely_equal,
    "has_in_": operators.has_in,
    "instance_of_": operators.BINARY["instanceof"],
    "typeof_": operators.typeof,
    "negate_": operators.negate,
    "bitwise_not_": operators.bitwise_not,
    "increment_": _increment,
    "decrement_": _decrement,
    "to_number_": to_number,
    "to_numeric_": to_numeric,
    "to_string_": to_string,
    "number_text_": number_to_string,
    # iteration
}

_WITH_REALM: dict[str, Callable[..., object]] = {
    **iteration.WITH_REALM,
    "caught_": _caught,
    "passing_": _passing,
    "get_global_": _get_global,
    "get_global_or_undefined_": _get_global_or_undefined,
    "global_exists_": _global_exists,
    "put_global_": _put_global,
    "delete_global_": _delete_global,
    "initialize_lexical_": _initialize_lexical,
    "resolved_": _resolved,
    "with_environment_": _with_environment,
    "assign_annex_b_": _assign_annex_b,
    "class_parents_": classes.class_parents,
    "copy_properties_": _copy_properties,
    "object_rest_": _object_rest,
    "unmapped_arguments_": _unmapped_arguments,
    "mapped_arguments_": _mapped_arguments,
    "mapped_in_environment_": _mapped_in_environment,
    "rest_array_": rest_array,
    "make_array_": _make_array,
    "get_named_": references.get_named,
    "put_named_": references.put_named,
    "get_computed_": references.get_computed,
    "put_computed_": references.put_computed,
    "get_length_": _get_length,
    "get_indexed_": references.get_indexed,
    "put_indexed_": references.put_indexed,
    "delete_": references.delete_property,
    "template_object_": _template_object,
    "sloppy_this_": sloppy_this,
}


class _Late:
    """The probe for Strings until the first read of one makes it."""

    __slots__ = ("realm",)

    def __init__(self, realm: Realm) -> None:
        self.realm = realm

    def __getattr__(self, name: str) -> Value:
        made = probe(self.realm.string_prototype)
        self.realm.host_globals["string_probe_"] = made
        return getattr(made, name)


def install(realm: Realm) -> None:
    """Put the helpers into the realm's host globals."""
    host_globals = realm.host_globals
    host_globals.update(_PLAIN)
    for name, function in _WITH_REALM.items():
        host_globals[name] = MethodType(function, realm)
    host_globals["make_object_"] = realm.object_class
    host_globals["global_environment_"] = realm.global_environment
    host_globals["string_probe_"] = _Late(realm)
    host_globals["budget_"] = realm.agent.budget
