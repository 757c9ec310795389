"""How error messages show values and keys: without running code of the guest's, as V8 writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Union

from lockstep.reference.javascript.runtime.completions import NativeErrorCompletion, type_error
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.objects.property import Property
from lockstep.reference.javascript.runtime.operations.number_text import number_to_string
from lockstep.reference.javascript.runtime.symbols import ITERATOR, TO_STRING_TAG
from lockstep.reference.javascript.runtime.values import BigInt, Symbol, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.values import PropertyKey

# Kinds of objects that Object.prototype.toString names (20.1.3.6, steps 6 to 14).
_TAGGED = frozenset(
    {"Array", "Arguments", "Function", "Error", "Boolean", "Number", "String", "Date", "RegExp"}
)


def describe(value: Value) -> str:
    """A value: a primitive as its text, a function as its source, an error as its title, an object by the class that made it."""
    if isinstance(value, JSObject):
        return _object(value)
    if value is undefined:
        return "undefined"
    if value is null:
        return "null"
    if value.__class__ is bool:
        return "true" if value else "false"
    if isinstance(value, Symbol):
        return f"Symbol({value.description or ''})"
    if isinstance(value, BigInt):
        return str(value.integer)
    return number_to_string(value) if isinstance(value, float) else str(value)


def describe_key(key: PropertyKey) -> str:
    """A property key."""
    return key if isinstance(key, str) else f"Symbol({key.description or ''})"


def kind_and_value(value: Value) -> str:
    """A value with its `typeof` in front, as V8 writes what is called in none of the program's own words: `number 5`, `object null`."""
    if value is undefined:
        return "undefined"
    if value is null:
        return "object null"
    if isinstance(value, JSObject):
        return "function" if value.is_callable_ else "object"
    if isinstance(value, (Symbol, BigInt)):
        return type_name(value)
    return f"{type_name(value)} {describe(value)}"


Naming = Union[str, Callable[[], str]]
"""How the program calls a value, or what tells; "" where it has no name there."""


def not_iterable(value: Value, naming: Naming = "") -> NativeErrorCompletion:
    """The TypeError of a value that is not iterable."""
    name = naming if isinstance(naming, str) else naming()
    if name.endswith("(...)"):
        return type_error(f"{name[:-5]} is not a function or its return value is not iterable")
    if name:
        return type_error(f"{name} is not iterable")
    return type_error(
        f"{kind_and_value(value)} is not iterable (cannot read property Symbol(Symbol.iterator))"
    )


def not_spread(value: Value, naming: Naming) -> NativeErrorCompletion:
    """The TypeError of an argument `...value` that is not iterable."""
    if not (value is undefined or value is null):
        return type_error("Spread syntax requires ...iterable[Symbol.iterator] to be a function")
    name = naming if isinstance(naming, str) else naming()
    return type_error(f"{name} is not iterable (cannot read property {describe(value)})")


def not_destructurable(value: Value, naming: Naming | None, key: str | None) -> NativeErrorCompletion:
    """The TypeError of taking undefined or null apart.

    Args:
        value: it.
        naming: of where it comes from; None inside another pattern.
        key: of the first property; None where that is computed, or there is none.
    """
    if naming is None and key is not None:
        return unreadable(value, key)
    name = naming if isinstance(naming, str) else "" if naming is None else naming()
    wanted = "" if key is None else f"property '{key}' of "
    return type_error(
        f"Cannot destructure {wanted}'{name or kind_and_value(value)}' as it is {describe(value)}."
    )


def unreadable(base: Value, key: Value) -> NativeErrorCompletion:
    """The TypeError of reading a property of undefined or null; keys that are objects are shown where that runs no code."""
    if key is ITERATOR:
        return not_iterable(base)
    shown = describe(key)
    if isinstance(key, JSObject) and not shown.startswith("#<"):
        return type_error(f"Cannot read properties of {describe(base)}")
    return type_error(f"Cannot read properties of {describe(base)} (reading '{shown}')")


def type_name(value: Value) -> str:
    """`typeof` of a primitive that is no undefined."""
    if value.__class__ is bool:
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, Symbol):
        return "symbol"
    return "bigint" if isinstance(value, BigInt) else "number"


def refused_write(target: Value, key: PropertyKey) -> NativeErrorCompletion:
    """The TypeError of an assignment that was refused."""
    shown = describe_key(key)
    if not isinstance(target, JSObject):
        if isinstance(target, str) and (key == "length" or (isinstance(key, str) and key.isdigit())):
            return type_error(f"Cannot assign to read only property '{shown}' of string '{target}'")
        return type_error(f"Cannot create property '{shown}' on {type_name(target)} '{describe(target)}'")
    if target.class_name_ == "Proxy":
        return type_error(f"'set' on proxy: trap returned falsish for property '{shown}'")
    found = _property(target, key)
    if found is None:
        return type_error(f"Cannot add property {shown}, object is not extensible")
    if found.is_accessor:
        return type_error(f"Cannot set property {shown} of {describe(target)} which has only a getter")
    return type_error(f"Cannot assign to read only property '{shown}' of object '{describe(target)}'")


def refused_definition(target: JSObject, key: PropertyKey, verb: str = "define") -> NativeErrorCompletion:
    """The TypeError of a definition that was refused; `verb` is what was done, if there is no such property."""
    shown = describe_key(key)
    if target.class_name_ == "Proxy":
        return type_error(f"'defineProperty' on proxy: trap returned falsish for property '{shown}'")
    if target.get_own_property(key) is None:
        return type_error(f"Cannot {verb} property {shown}, object is not extensible")
    return type_error(f"Cannot redefine property: {shown}")


def refused_deletion(target: JSObject, key: PropertyKey) -> NativeErrorCompletion:
    """The TypeError of a deletion that was refused."""
    shown = describe_key(key)
    if target.class_name_ == "Proxy":
        return type_error(f"'deleteProperty' on proxy: trap returned falsish for property '{shown}'")
    return type_error(f"Cannot delete property '{shown}' of {describe(target)}")


def refused_prototype(target: JSObject, prototype: Value) -> NativeErrorCompletion:
    """The TypeError of a prototype that was refused."""
    if target.class_name_ == "Proxy":
        return type_error("'setPrototypeOf' on proxy: trap returned falsish for property 'undefined'")
    if target.is_extensible() and isinstance(prototype, JSObject):
        current: object = prototype
        while isinstance(current, JSObject):
            if current is target:
                return type_error("Cyclic __proto__ value")
            current = current.prototype_
        return type_error(f"Immutable prototype object '{describe(target)}' cannot have their prototype set")
    return type_error(f"{describe(target)} is not extensible")


def bad_prototype(value: Value) -> NativeErrorCompletion:
    """The TypeError of a prototype that is neither an object nor null."""
    return type_error(f"Object prototype may only be an Object or null: {describe(value)}")


def no_super_constructor(parent: Value, function: Value) -> NativeErrorCompletion:
    """The TypeError of `super(...)` in `function`, where what it extends is no constructor."""
    name = getattr(function, "name_", "")
    realm = getattr(parent, "realm_", None)
    # Of a class that extends null, it is Function.prototype.
    shown = "null" if realm is not None and parent is realm.function_prototype else describe(parent)
    return type_error(f"Super constructor {shown} of {name or 'anonymous class'} is not a constructor")


def incompatible(method: str, this: Value) -> NativeErrorCompletion:
    """The TypeError of a method on an object of another class."""
    return type_error(f"Method {method} called on incompatible receiver {describe(this)}")


def _object(value: JSObject) -> str:
    if value.is_callable_:
        return function_text(value)
    if value.class_name_ == "Error":
        return _error(value)
    writer = _looked_up(value, "toString")
    if writer is not None and _is_of_objects(writer.value):
        name = constructor_name(value)
        if name:
            return f"#<{name}>"
    tag = _looked_up(value, TO_STRING_TAG)
    if tag is not None and isinstance(tag.value, str):
        return f"[object {tag.value}]"
    kind = getattr(value, "kind_", None)
    if value.class_name_ == "TypedArray" and kind is not None:
        return f"[object {kind.name}Array]"
    return f"[object {value.class_name_ if value.class_name_ in _TAGGED else 'Object'}]"


def function_text(function: JSObject) -> str:
    """The source of a function, or what stands for that of a built-in one."""
    template = getattr(function, "template_", None)
    if template is not None and template.source_text is not None:
        return str(template.source_text())
    return f"function {getattr(function, 'name_', '')}() {{ [native code] }}"


def constructor_name(value: JSObject) -> str:
    """The name of the class that made an object; "" where it has none."""
    constructor = _looked_up(value, "constructor")
    return "" if constructor is None else _name_of(constructor.value)


def _error(value: JSObject) -> str:
    """20.5.3.4 Error.prototype.toString, of data properties."""
    name, message = (_looked_up(value, key) for key in ("name", "message"))
    title = name.value if name is not None and isinstance(name.value, str) else "Error"
    said = message.value if message is not None and isinstance(message.value, str) else ""
    return f"{title}: {said}" if title and said else title or said


def _name_of(constructor: Value) -> str:
    if not isinstance(constructor, JSObject) or not constructor.is_callable_:
        return ""
    name = constructor.get_own_property("name") if constructor.class_name_ != "Proxy" else None
    return name.value if name is not None and isinstance(name.value, str) else ""


def _looked_up(value: JSObject, key: PropertyKey) -> Property | None:
    """A data property of an object or its prototypes; of a proxy's target, for the proxy."""
    found = _property(value, key)
    return found if found is not None and found.is_data else None


def _property(value: JSObject, key: PropertyKey) -> Property | None:
    current: object = value
    while isinstance(current, JSObject):
        if current.class_name_ == "Proxy":
            current = getattr(current, "target_", None)
            continue
        exports = getattr(current, "exports_", None)
        if exports is None:
            own = current.get_own_property(key)
        elif key in exports:
            own = Property(undefined, True, True, False)  # asking a namespace may evaluate its module
        else:
            own = JSObject.get_own_property(current, key)
        if own is not None:
            return own
        current = current.prototype_
    return None


def _is_of_objects(writer: Value) -> bool:
    """Whether a function is Object.prototype.toString."""
    realm = getattr(writer, "realm_", None)
    found = realm.object_prototype.get_own_property("toString") if realm is not None else None
    return found is not None and found.value is writer
