"""ECMA-262 10.1: ordinary objects.

An object is in one of three forms, invisible to the guest:

- *Fast*: `properties_` is None; each property is plain data (writable, enumerable, configurable) and lives in
  the host instance's dictionary, so generated code reads and writes it as a host attribute. The host class
  belongs to the prototype: it is the prototype's *mirror*, whose class attributes are the prototype's properties.
- *Slow*: `properties_` maps every key to a full Property; the host class is the kind's `slow_class_`, where
  host attribute assignment fails, and finds no guest property. Everything goes through the internal methods.
- *Mirrored*: a slow object that is the prototype of a fast one. `mirror_` is its mirror, kept up to date, and its
  own host class derives from it, so that reads are fast.

Host attribute access is correct by construction: a name found means the same property that [[Get]] finds; an
assignment that the host carries out is the one that [[Set]] makes. Where that cannot be promised (accessors,
read-only properties, exotic objects in the prototype chain) a host descriptor or guard raises AttributeError, and the
caller turns to the internal method.
"""

from __future__ import annotations

from typing import Any, Callable, ClassVar, TypeVar, overload

from lockstep.reference.javascript.runtime.completions import sever_context
from lockstep.reference.javascript.runtime.objects.keys import HOST_NAMES, guest_name, host_name, ordered
from lockstep.reference.javascript.runtime.objects.property import Property, completed
from lockstep.reference.javascript.runtime.values import (
    ABSENT,
    Null,
    PrivateElement,
    PrivateName,
    PropertyKey,
    Value,
    null,
    undefined,
)

_DEEPEST_MIRROR = 40
_PROMOTED_AFTER = 12


def _refuse(self: JSObject, name: str, value: Value) -> None:
    """The guard: the runtime's own attributes pass, a guest property takes the slow path."""
    if "_" in name and name[0] != "$":
        object.__setattr__(self, name, value)
    else:
        raise AttributeError(name)


class _Guard:
    """Host classes whose instances refuse host assignment of guest properties."""

    __slots__ = ()
    __setattr__ = _refuse


class AccessorAttribute:
    """An accessor property of a prototype, as host descriptor on its mirror."""

    __slots__ = ("getter", "name")

    def __init__(self, name: str, getter: Value) -> None:
        self.name = name
        self.getter = getter

    def __get__(self, instance: JSObject, owner: type) -> Value:
        own = instance.__dict__
        if self.name in own:
            return own[self.name]
        if instance.is_probe_:
            raise AttributeError(self.name)
        getter: Any = self.getter
        if getter is undefined:
            return undefined
        try:
            call = getter.call_0
        except AttributeError:
            call = getter.call_n
        return call(instance)

    def __set__(self, instance: JSObject, value: Value) -> None:
        raise AttributeError(self.name)


class ReadOnlyAttribute:
    """A read-only data property of a prototype, as host descriptor on its mirror."""

    __slots__ = ("name", "value")

    def __init__(self, name: str, value: Value) -> None:
        self.name = name
        self.value = value

    def __get__(self, instance: JSObject, owner: type) -> Value:
        own = instance.__dict__
        return own.get(self.name, self.value)

    def __set__(self, instance: JSObject, value: Value) -> None:
        raise AttributeError(self.name)


class JSObject:
    """An ordinary object; the subclasses are the kinds with internal slots or exotic methods.

    Attributes:
        prototype_: [[Prototype]], an object or null.
        properties_: None in the fast form, else every own property.
        extensible_: [[Extensible]].
        private_: [[PrivateElements]], unset while there are none.
    """

    __slots__ = ("__dict__", "__weakref__", "private_")

    prototype_: JSObject | Null = null
    properties_: dict[PropertyKey, Property] | None = None
    extensible_: bool = True
    # Of what is callable, and of what is a constructor.
    call_n: Callable[..., Value]
    construct_n: Callable[..., JSObject]
    private_: dict[PrivateName, PrivateElement]
    # Of instances whose constructor is derived: that constructor (`construction`).
    new_target_: JSObject
    mirror_: Any = None
    instances_: dict[type[JSObject], type[JSObject]] | None = None
    is_callable_ = False
    is_constructor_ = False
    is_html_dda_ = False
    # Stands for a primitive: reads methods of its prototype, never calls a getter.
    is_probe_ = False
    # Whether [[Get]], [[Set]] and [[HasProperty]] are the ordinary ones over `own_value_`.
    is_exotic_ = False
    # Of an iterator of the language's own: the template of the `next` that `advance_` stands for.
    direct_next_: ClassVar[Any] = None
    # Of an array in its fast form, and of a typed array: what host ints index.
    elements_: Any = None
    # How many indices are own properties without an entry of their own (of strings and typed arrays).
    index_count_ = 0
    # Whether there may be own properties that are neither in `properties_` nor in the dictionary.
    has_virtual_ = False
    class_name_ = "Object"
    slow_class_: ClassVar[type[Any]]
    virtual_attributes_: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "__slots__" in cls.__dict__ and "mirror_of_" not in cls.__dict__:
            cls.slow_class_ = type(cls.__name__, (_Guard, cls), {"mirror_of_": None})

    def __repr__(self) -> str:
        return f"[object {self.class_name_}]"

    # 10.1.1 [[GetPrototypeOf]]
    def get_prototype_of(self) -> JSObject | Null:
        """The prototype, an object or null."""
        return self.prototype_

    # 10.1.2 [[SetPrototypeOf]]
    def set_prototype_of(self, prototype: JSObject | Null) -> bool:
        """Change the prototype; False where that is not allowed."""
        if prototype is self.prototype_:
            return True
        if not self.extensible_:
            return False
        ancestor = prototype
        while ancestor is not null:
            if ancestor is self:
                return False
            if ancestor.is_exotic_ and ancestor.class_name_ == "Proxy":
                break
            ancestor = ancestor.prototype_
        replace_prototype(self, prototype)
        return True

    # 10.1.3 [[IsExtensible]]
    def is_extensible(self) -> bool:
        """Whether own properties may be added."""
        return self.extensible_

    # 10.1.4 [[PreventExtensions]]
    def prevent_extensions(self) -> bool:
        """Forbid new own properties."""
        make_slow(self)
        self.__dict__["extensible_"] = False
        return True

    # 10.1.5 [[GetOwnProperty]]
    def get_own_property(self, key: PropertyKey) -> Property | None:
        """The own property, as a record that the caller must not change; None if there is none."""
        properties = self.properties_
        if properties is not None:
            return properties.get(key)
        value = self.__dict__.get(host_name(key), ABSENT)
        return None if value is ABSENT else Property(value, True, True, True)

    # 10.1.6 [[DefineOwnProperty]]
    def define_own_property(self, key: PropertyKey, descriptor: Property) -> bool:
        """Create or change an own property; False where that is not allowed."""
        if self.properties_ is None and descriptor.is_plain and not self.has_virtual_:
            self.__dict__[host_name(key)] = descriptor.value
            return True
        current = self.get_own_property(key)
        return validate_and_apply(self, key, self.is_extensible(), descriptor, current)

    # 10.1.7 [[HasProperty]]
    def has_property(self, key: PropertyKey) -> bool:
        """Whether the object or its prototype chain has the property."""
        current: JSObject = self
        while True:
            if current.get_own_property(key) is not None:
                return True
            parent = current.get_prototype_of()
            if parent is null:
                return False
            if parent.is_exotic_:
                return parent.has_property(key)
            current = parent

    # 10.1.8 [[Get]]
    def get_value(self, key: PropertyKey, receiver: Value) -> Value:
        """The property's value; undefined if there is none."""
        name = HOST_NAMES[key] if isinstance(key, str) else host_name(key)
        current: JSObject = self
        while True:
            properties = current.properties_
            if current.has_virtual_:
                found = current.get_own_property(key)
            elif properties is not None:
                found = properties.get(key)
            else:
                found = None
                own = current.__dict__
                if name in own:
                    return own[name]
            if found is not None:
                if found.get is ABSENT:
                    return found.value
                sever_context()
                return undefined if found.get is undefined else found.get.call_n(receiver)
            parent = current.prototype_
            if parent is null:
                return undefined
            if parent.is_exotic_:
                return parent.get_value(key, receiver)
            current = parent

    # 10.1.9 [[Set]]
    def set_value(self, key: PropertyKey, value: Value, receiver: Value) -> bool:
        """Assign; False where that is not allowed."""
        if self is receiver and self.properties_ is None and not self.has_virtual_:
            name = HOST_NAMES[key] if isinstance(key, str) else host_name(key)
            own = self.__dict__
            if name in own:
                own[name] = value
                return True
        current: JSObject = self
        while True:
            found = current.get_own_property(key)
            if found is not None:
                return set_with_own(key, value, receiver, found)
            parent = current.get_prototype_of()
            if parent is null:
                return set_with_own(key, value, receiver, None)
            if parent.is_exotic_:
                return parent.set_value(key, value, receiver)
            current = parent

    # 10.1.10 [[Delete]]
    def delete_property(self, key: PropertyKey) -> bool:
        """Remove an own property; False where that is not allowed."""
        properties = self.properties_
        if properties is None:
            self.__dict__.pop(host_name(key), None)
            return True
        found = properties.get(key)
        if found is None:
            return True
        if not found.configurable:
            return False
        del properties[key]
        if self.mirror_ is not None:
            mirror_changed(self, key)
        return True

    # 10.1.11 [[OwnPropertyKeys]]
    def own_property_keys(self) -> list[PropertyKey]:
        """The own keys, in the specification's order."""
        if self.properties_ is not None:
            return ordered(list(self.properties_))
        return ordered([guest_name(name) for name in self.__dict__])

    def advance_(self, realm: Any) -> Value:
        """What calling `next` of the realm and reading the result would give: the next value, or DONE."""
        raise NotImplementedError

    def virtual_properties_(self) -> list[tuple[PropertyKey, Property]]:
        """What becomes stored when the object leaves the fast form, besides its dictionary."""
        return []

    def fixed_properties_(self) -> list[tuple[str, Property]]:
        """Own properties that are stored nowhere in the slow form either, and never change."""
        return []

    def left_fast_form_(self) -> None:
        """Told after the object has become slow."""


JSObject.slow_class_ = type("JSObject", (_Guard, JSObject), {"mirror_of_": None})


def set_with_own(key: PropertyKey, value: Value, receiver: Value, own: Property | None) -> bool:
    """10.1.9.2 OrdinarySetWithOwnDescriptor, once the property (or its absence) is known."""
    if own is None or own.get is ABSENT:
        if own is not None and not own.writable:
            return False
        if not isinstance(receiver, JSObject):
            return False
        existing = receiver.get_own_property(key)
        if existing is None:
            return receiver.define_own_property(key, Property(value, True, True, True))
        if existing.get is not ABSENT or not existing.writable:
            return False
        return receiver.define_own_property(key, Property(value))
    if own.set is undefined or own.set is ABSENT:
        return False
    sever_context()
    own.set.call_n(receiver, value)
    return True


def validate_and_apply(
    target: JSObject | None,
    key: PropertyKey,
    extensible: bool,
    descriptor: Property,
    current: Property | None,
) -> bool:
    """10.1.6.3 ValidateAndApplyPropertyDescriptor."""
    if current is None:
        if not extensible:
            return False
        if target is not None:
            store(target, key, completed(descriptor))
        return True
    if not current.configurable:
        if descriptor.configurable is True:
            return False
        if descriptor.enumerable is not ABSENT and descriptor.enumerable != current.enumerable:
            return False
        if not _is_generic(descriptor) and descriptor.is_accessor != current.is_accessor:
            return False
        if current.is_accessor:
            if descriptor.get is not ABSENT and descriptor.get is not current.get:
                return False
            if descriptor.set is not ABSENT and descriptor.set is not current.set:
                return False
        elif not current.writable:
            if descriptor.writable is True:
                return False
            if descriptor.value is not ABSENT and not same_value(descriptor.value, current.value):
                return False
    if target is None:
        return True
    merged = current.copy()
    if current.is_accessor and descriptor.is_data:
        merged.get = merged.set = ABSENT
        merged.value, merged.writable = undefined, False
    elif not current.is_accessor and descriptor.is_accessor:
        merged.value = merged.writable = ABSENT
        merged.get = merged.set = undefined
    for field in Property.__slots__:
        value = getattr(descriptor, field)
        if value is not ABSENT:
            setattr(merged, field, value)
    store(target, key, merged)
    return True


def _is_generic(descriptor: Property) -> bool:
    return not descriptor.is_accessor and not descriptor.is_data


def same_value(x: Value, y: Value) -> bool:
    """7.2.10 SameValue."""
    if x is y:
        return True
    if x.__class__ is not y.__class__:
        return False
    if x.__class__ is float:
        return (x == y and (x != 0 or str(x) == str(y))) or (x != x and y != y)  # noqa: PLR0124  # NaN
    return bool(x == y)


def store(target: JSObject, key: PropertyKey, full: Property) -> None:
    """Put a full property into the object's storage, in whatever form it is."""
    if target.properties_ is None:
        if full.is_plain and not any(key == name for name, _ in target.virtual_properties_()):
            target.__dict__[host_name(key)] = full.value
            return
        make_slow(target)
    assert target.properties_ is not None
    target.properties_[key] = full
    if target.mirror_ is not None:
        mirror_changed(target, key)


def make_slow(target: JSObject) -> None:
    """Give `target` the slow form, if it has the fast one."""
    if target.properties_ is not None:
        return
    own = target.__dict__
    properties = dict(target.virtual_properties_())
    for name, value in own.items():
        properties[guest_name(name)] = Property(value, True, True, True)
    prototype = target.prototype_
    own.clear()
    target.__class__ = target.slow_class_
    own = target.__dict__
    own["prototype_"] = prototype
    own["properties_"] = properties
    target.left_fast_form_()


Kind = TypeVar("Kind", bound=JSObject)


def stored(target: JSObject) -> dict[PropertyKey, Property]:
    """The properties of an object that is in its slow form."""
    assert target.properties_ is not None
    return target.properties_


def slow_object(kind: type[Kind], prototype: JSObject | Null) -> Kind:
    """A new object of `kind` in its slow form: for prototypes and namespaces that are filled right away."""
    target: Kind = kind.slow_class_()
    own = target.__dict__
    own["prototype_"] = prototype
    own["properties_"] = {}
    return target


@overload
def object_create(prototype: JSObject | Null) -> JSObject: ...
@overload
def object_create(prototype: JSObject | Null, kind: type[Kind]) -> Kind: ...
def object_create(prototype: Any, kind: type[Any] = JSObject) -> Any:
    """10.1.12 OrdinaryObjectCreate: an empty object of `kind`, fast."""
    try:
        return prototype.instances_[kind]()
    except (AttributeError, KeyError, TypeError):
        return instance_class(prototype, kind)()


@overload
def instance_class(prototype: JSObject | Null) -> type[JSObject]: ...
@overload
def instance_class(prototype: JSObject | Null, kind: type[Kind]) -> type[Kind]: ...
def instance_class(prototype: JSObject | Null, kind: type[Any] = JSObject) -> Any:
    """The host class of fast objects of `kind` whose prototype is `prototype`."""
    if prototype is null:
        if not kind.virtual_attributes_:
            return kind
        return type(kind.__name__, (kind,), {**kind.virtual_attributes_, "mirror_of_": None})
    mirror = mirror_class(prototype)
    instances = prototype.instances_
    assert instances is not None
    found = instances.get(kind)
    if found is None:
        if kind is JSObject:
            found = mirror
        else:
            found = type(kind.__name__, (mirror, kind), {**kind.virtual_attributes_, "mirror_of_": None})
        instances[kind] = found
    return found


def probe(prototype: JSObject) -> JSObject:
    """An object on which host attribute reads find the data properties of `prototype`, for primitives."""
    made: JSObject = type("Probe", (mirror_class(prototype),), {"is_probe_": True, "mirror_of_": None})()
    return made


def promote(target: JSObject) -> None:
    """Count a slow read; an object that is read often gets a mirror, so that the host finds its properties."""
    own = target.__dict__
    count = own.get("misses_", 0) + 1
    own["misses_"] = count
    if count == _PROMOTED_AFTER:
        mirror_class(target)


def mirror_class(prototype: JSObject) -> Any:
    """The mirror of `prototype`, made on first use."""
    mirror = prototype.mirror_
    # A slow object of some kind inherits `mirror_` from its class only as None.
    if mirror is not None:
        return mirror
    make_slow(prototype)
    exotic = prototype.is_exotic_
    # What lies behind an exotic object is its own affair: nothing beyond it is mirrored.
    base, attributes = _base_of_mirror(null if exotic else prototype.prototype_)
    attributes["prototype_"] = prototype
    attributes["mirror_of_"] = prototype
    if exotic:
        attributes["__setattr__"] = _refuse
    else:
        for key, found in (*prototype.fixed_properties_(), *stored(prototype).items()):
            if key.__class__ is str:
                attributes[host_name(key)] = _attribute(key, found)
    mirror = type("JSObject", (base,), attributes)
    own = prototype.__dict__
    own["mirror_"] = mirror
    own["instances_"] = {}
    if not exotic:
        kind = _kind_of(prototype)
        prototype.__class__ = type(kind.__name__, (_Guard, mirror, kind), {"mirror_of_": None})
    return mirror


def _base_of_mirror(parent: JSObject | Null) -> tuple[Any, dict[str, Any]]:
    if parent is null:
        return JSObject, {"depth_": 0}
    base = mirror_class(parent)
    depth = base.depth_ + 1
    if depth > _DEEPEST_MIRROR:
        # A chain this long is cut: what lies beyond is found, and checked on assignment, by the slow path.
        return JSObject, {"depth_": 0, "__setattr__": _refuse}
    return base, {"depth_": depth}


def _kind_of(target: JSObject) -> type[JSObject]:
    for base in type(target).__mro__:
        if "slow_class_" in base.__dict__:
            return base
    raise AssertionError(type(target))


def _attribute(key: str, found: Property) -> Any:
    if found.get is not ABSENT:
        return AccessorAttribute(host_name(key), found.get)
    if not found.writable:
        return ReadOnlyAttribute(host_name(key), found.value)
    return found.value


def mirror_changed(prototype: JSObject, key: PropertyKey) -> None:
    """Bring one attribute of the mirror up to date."""
    if key.__class__ is not str or prototype.is_exotic_:
        return
    mirror = prototype.mirror_
    found = stored(prototype).get(key)
    name = host_name(key)
    if found is not None:
        setattr(mirror, name, _attribute(key, found))
    elif name in mirror.__dict__:
        delattr(mirror, name)


def mirror_renewed(prototype: JSObject) -> None:
    """Bring the whole mirror up to date, after `properties_` was filled directly."""
    if prototype.mirror_ is not None:
        for key in stored(prototype):
            mirror_changed(prototype, key)


def replace_prototype(target: JSObject, prototype: JSObject | Null) -> None:
    """Make `prototype` the [[Prototype]] of `target`, and rebase what depends on it."""
    if target.properties_ is None:
        target.__class__ = instance_class(prototype, _kind_of(target))
        return
    target.__dict__["prototype_"] = prototype
    mirror = target.mirror_
    if mirror is None or target.is_exotic_:
        return
    base, attributes = _base_of_mirror(prototype)
    for name, value in attributes.items():
        setattr(mirror, name, value)
    mirror.__bases__ = (base,)
