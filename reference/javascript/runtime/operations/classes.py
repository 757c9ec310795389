"""ECMA-262 15.7.14 ClassDefinitionEvaluation and 15.4.5 MethodDefinitionEvaluation: the steps both evaluators share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.runtime.completions import MISSING_SUPER, reference_error, type_error
from lockstep.reference.javascript.runtime.objects.description import describe, no_super_constructor
from lockstep.reference.javascript.runtime.objects.function import FunctionTemplate, JSFunction
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.objects.property import Property, hidden
from lockstep.reference.javascript.runtime.operations.conversion import is_constructor
from lockstep.reference.javascript.runtime.operations.functions import function_name
from lockstep.reference.javascript.runtime.operations.objects import (
    create_data_property_or_throw,
    define_property_or_throw,
    get,
    private_add,
)
from lockstep.reference.javascript.runtime.values import (
    ABSENT,
    Null,
    PrivateElement,
    PrivateFunctions,
    PrivateName,
    PropertyKey,
    Value,
    null,
    undefined,
)

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def class_parents(realm: Realm, heritage: Value) -> tuple[JSObject | Null, JSObject]:
    """15.7.14, steps 6 to 8: protoParent and constructorParent; ABSENT where there is no heritage."""
    if heritage is ABSENT:
        return realm.object_prototype, realm.function_prototype
    if heritage is null:
        return null, realm.function_prototype
    if not is_constructor(heritage):
        raise type_error(f"Class extends value {describe(heritage)} is not a constructor or null")
    prototype = get(heritage, "prototype")
    if prototype is not null and not isinstance(prototype, JSObject):
        raise type_error(f"Class extends value does not have valid prototype property {describe(prototype)}")
    return prototype, heritage


def class_prototype(parent: JSObject | Null) -> JSObject:
    """15.7.14, step 9: the new `prototype` object."""
    return object_create(parent)


def link_class(function: JSFunction, prototype: JSObject) -> None:
    """15.7.14, steps 14 to 17: `prototype`, `constructor`, home object."""
    function.prototype_property_ = prototype
    function.home_object_ = prototype
    prototype.define_own_property("constructor", hidden(function))


def define_method(
    target: JSObject, key: PropertyKey, kind: str, function: JSFunction, enumerable: bool
) -> None:
    """15.4.4 DefineMethodProperty and the accessor forms of 15.4.5, once the closure exists."""
    function.home_object_ = target
    if kind == "method":
        function.name_ = function_name(key)
        define_property_or_throw(target, key, Property(function, True, enumerable, True))
    elif kind == "get":
        function.name_ = function_name(key, "get")
        define_property_or_throw(
            target, key, Property(enumerable=enumerable, configurable=True, get=function)
        )
    else:
        function.name_ = function_name(key, "set")
        define_property_or_throw(
            target, key, Property(enumerable=enumerable, configurable=True, set=function)
        )


def private_method(
    methods: dict[PrivateName, PrivateElement],
    name: PrivateName,
    kind: str,
    function: JSFunction,
    home: JSObject,
) -> None:
    """15.4.5 for private names: collect the element; a getter and a setter of one name join."""
    function.home_object_ = home
    function.name_ = function_name(name.description, "" if kind == "method" else kind)
    if kind == "method":
        methods[name] = PrivateFunctions(function)
        return
    found = methods.get(name)
    if not isinstance(found, PrivateFunctions):
        found = methods[name] = PrivateFunctions()
    if kind == "get":
        found.get = function
    else:
        found.set = function


def construct_super(parent: Value, arguments: list[Value], new_target: JSObject | None) -> JSObject:
    """13.3.7.1 SuperCall, steps 5 and 6: [[Construct]] of what GetSuperConstructor gave."""
    # 5. If IsConstructor(func) is false, throw a TypeError exception.
    if not is_constructor(parent):
        raise no_super_constructor(parent, new_target)
    return parent.construct_n(arguments, new_target)


def initialize_instance_elements(
    target: JSObject, methods: dict[PrivateName, PrivateElement], define_fields: Callable[[JSObject], object]
) -> None:
    """7.3.34 InitializeInstanceElements."""
    # 1. and 2. For each PrivateElement method of constructor.[[PrivateMethods]], ...
    for name, method in methods.items():
        private_add(target, name, method)
    # 3. and 4. For each element fieldRecord of constructor.[[Fields]], ...
    define_fields(target)


def define_field(receiver: JSObject, name: PropertyKey | PrivateName, value: Value) -> None:
    """7.3.33 DefineField, from step 4 on."""
    if isinstance(name, PrivateName):
        private_add(receiver, name, value)
    else:
        create_data_property_or_throw(receiver, name, value)


def derived_result(result: Value, this: Value) -> JSObject:
    """10.2.2, steps 10 to 13, for a derived constructor; `this` is ABSENT while it is not bound."""
    if isinstance(result, JSObject):
        return result
    if result is not undefined:
        raise type_error("Derived constructors may only return object or undefined")
    if not isinstance(this, JSObject):
        raise reference_error(MISSING_SUPER)
    return this


def default_constructor_template(
    name: str, derived: bool, source_text: Callable[[], str]
) -> FunctionTemplate:
    """15.7.14, step 14: the template of a class without a constructor."""
    return FunctionTemplate(
        name,
        0,
        "derived" if derived else "constructor",
        wants_new_target=derived,
        source_text=source_text,
    )


def set_function_name(value: Value, key: PropertyKey, prefix: str = "") -> None:
    """10.2.9 SetFunctionName for an anonymous function or class that was just made."""
    name = function_name(key, prefix)
    if isinstance(value, JSFunction):
        if value.properties_ is None:
            value.name_ = name
        elif "name" not in value.properties_ or value.properties_["name"].value == "":
            value.define_own_property("name", Property(name, False, False, True))
