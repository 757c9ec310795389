"""How objects and classes of the host are made of tables of host functions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.host.hosting import hosting_of
from lockstep.reference.javascript.host.process.complaints import received
from lockstep.reference.javascript.runtime.completions import NativeErrorCompletion, ThrowCompletion
from lockstep.reference.javascript.runtime.objects.function import (
    FunctionTemplate,
    JSFunction,
    create_builtin,
    create_function,
    native,
)
from lockstep.reference.javascript.runtime.objects.ordinary import (
    JSObject,
    make_slow,
    mirror_renewed,
    object_create,
    slow_object,
    stored,
)
from lockstep.reference.javascript.runtime.objects.property import Property, accessor, plain
from lockstep.reference.javascript.runtime.operations.objects import get
from lockstep.reference.javascript.runtime.symbols import TO_STRING_TAG
from lockstep.reference.javascript.runtime.values import ABSENT, Null, PropertyKey, Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

HostCall = Callable[..., Value]


class LazyProperty(Property):
    """A data property whose value is made when it is first read."""

    __slots__ = ("_made", "_maker")

    def __init__(self, maker: Callable[[], Value]) -> None:
        self._maker: Callable[[], Value] | None = maker
        self._made: Value = undefined
        self.writable = self.enumerable = self.configurable = True
        self.get = self.set = ABSENT

    @property
    def value(self) -> Value:
        """The value."""
        if self._maker is not None:
            maker, self._maker = self._maker, None
            self._made = maker()
        return self._made

    @value.setter
    def value(self, new: Value) -> None:
        self._maker = None
        self._made = new


def add_functions(
    realm: Realm,
    target: JSObject,
    rows: Iterable[tuple[PropertyKey, HostCall, int]],
    *,
    enumerable: bool = True,
) -> None:
    """Add methods `function(this, *arguments)` to an object."""
    make_slow(target)
    for key, function, length in rows:
        name = key if isinstance(key, str) else f"[{key.description}]"
        stored(target)[key] = Property(native(realm, function, length, name), True, enumerable, True)
    mirror_renewed(target)


def add_accessors(
    realm: Realm,
    target: JSObject,
    rows: Iterable[tuple[PropertyKey, HostCall, HostCall | None]],
    *,
    enumerable: bool = True,
) -> None:
    """Add accessors, read-only where there is no setter, to an object."""
    make_slow(target)
    for key, read, set_ in rows:
        getter = native(realm, read, 0, f"get {key}")
        setter = undefined if set_ is None else native(realm, set_, 1, f"set {key}")
        stored(target)[key] = accessor(getter, setter, enumerable=enumerable)
    mirror_renewed(target)


def namespace(
    realm: Realm, rows: Iterable[tuple[PropertyKey, HostCall, int]] = (), tag: str = ""
) -> JSObject:
    """An object with methods."""
    made = slow_object(JSObject, realm.object_prototype)
    add_functions(realm, made, rows)
    if tag:
        stored(made)[TO_STRING_TAG] = Property(tag, False, False, True)
    return made


def prototype_of(constructor: JSObject) -> JSObject:
    """The prototype of what `new constructor` makes, of a class whose property nobody can replace by no object."""
    found = get(constructor, "prototype")
    assert isinstance(found, JSObject)
    return found


def prototype_from(new_target: Value, default: JSObject) -> JSObject:
    """10.1.13 GetPrototypeFromConstructor, of a class of the host: its own prototype is the default, in whatever realm."""
    found = get(new_target, "prototype") if isinstance(new_target, JSObject) else undefined
    return found if isinstance(found, JSObject) else default


def class_of(
    realm: Realm,
    name: str,
    construct: Callable[..., Value],
    length: int = 0,
    *,
    parent: JSObject | None = None,
    tag: bool = True,
) -> tuple[JSFunction, JSObject]:
    """A class of the host and its prototype.

    Args:
        realm: where it belongs.
        name: its name.
        construct: called with new.target and the arguments; new.target is undefined where `new` is missing.
        length: of the constructor.
        parent: the class that it extends.
        tag: whether its prototype has the name as tag.
    """
    template = FunctionTemplate(
        name,
        length,
        "builtin_constructor",
        function=lambda _realm, new_target, *arguments: construct(new_target, *arguments),
    )
    above: JSObject = realm.object_prototype if parent is None else prototype_of(parent)
    prototype = slow_object(JSObject, above)
    constructor = create_builtin(realm, template, parent)
    make_slow(constructor)
    assert constructor.properties_ is not None
    stored(constructor)["prototype"] = Property(prototype, False, False, False)
    stored(prototype)["constructor"] = Property(constructor, True, False, True)
    if tag:
        stored(prototype)[TO_STRING_TAG] = Property(name, False, False, True)
    return constructor, prototype


def old_class(
    realm: Realm, name: str, host: Callable[..., Value], length: int = 0
) -> tuple[JSFunction, JSObject]:
    """A constructor function that may be called on an object without `new`, and its prototype."""
    constructor = create_function(realm, FunctionTemplate(name, length, "normal"), host)
    prototype = prototype_of(constructor)
    make_slow(prototype)
    return constructor, prototype


def dictionary(realm: Realm, entries: Iterable[tuple[PropertyKey, Value]]) -> JSObject:
    """An ordinary object with these properties."""
    made: JSObject = realm.make_object()
    for key, value in entries:
        made.define_own_property(key, plain(value))
    return made


def null_object(entries: Iterable[tuple[PropertyKey, Value]], prototype: JSObject | Null) -> JSObject:
    """An object with another prototype and these properties."""
    made = object_create(prototype)
    for key, value in entries:
        made.define_own_property(key, plain(value))
    return made


def class_name(value: Value) -> Value:
    """The `name` of the `constructor` of an object, undefined where there is none."""
    constructor = get(value, "constructor") if isinstance(value, JSObject) else undefined
    return get(constructor, "name") if isinstance(constructor, JSObject) else undefined


def coded_error(realm: Realm, name: str, code: str, message: str) -> ThrowCompletion:
    """An error of node's to raise: with a code, which its stack shows."""
    error = realm.make_error(name, message)
    error.define_own_property("code", plain(code))
    hosting_of(realm).stacks.capture(error, header=f"{name} [{code}]: {message}")
    return ThrowCompletion(error)


def wrong_type(realm: Realm, what: str, wanted: str, value: Value) -> ThrowCompletion:
    """ERR_INVALID_ARG_TYPE."""
    return coded_error(
        realm,
        "TypeError",
        "ERR_INVALID_ARG_TYPE",
        f"{what} must be {wanted}. Received {received(realm, value)}",
    )


def type_error_here(message: str) -> NativeErrorCompletion:
    """A TypeError without a code."""
    return NativeErrorCompletion("TypeError", message)
