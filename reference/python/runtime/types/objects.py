"""`object`, `type` and modules as the guest sees them (Language Reference 3.2, 3.3.3)."""

from __future__ import annotations

from types import CodeType, FrameType, FunctionType, MappingProxyType, ModuleType
from typing import Any

from lockstep.reference.python.runtime.dispatch.attributes import (
    attribute_error,
    generic_get,
    generic_set,
    get_attribute,
    instance_dict,
    module_get,
    set_attribute,
    super_get,
    type_get,
    type_set,
)
from lockstep.reference.python.runtime.kinds import Value, is_a, is_type
from lockstep.reference.python.runtime.sealed import BuiltinMethod, SealedType, SlotWrapper
from lockstep.reference.python.runtime.slot_functions import bind, call
from lockstep.reference.python.runtime.slots import SPECIAL_NAMES
from lockstep.reference.python.runtime.stack import running_guest
from lockstep.reference.python.runtime.type_info import (
    MISSING,
    Type,
    alias,
    define_builtin,
    forget,
    is_guest_class,
    lookup_owner,
    mro_of,
    name_of,
    namespace_of,
    type_name,
    type_of,
    visible,
)

_set_class = object.__dict__["__class__"].__set__
_set_bases = type.__dict__["__bases__"].__set__
_get_bases = type.__dict__["__bases__"].__get__
_delete_bases = type.__dict__["__bases__"].__delete__
_annotations: Any = vars(type).get("__annotations__")  # since 3.10
_host_dir = object.__dir__
_host_getstate: Any = getattr(object, "__getstate__", None)
_host_reduce = object.__reduce__
_host_reduce_ex = object.__reduce_ex__
_host_type_dir = type.__dir__


def _name(name: Value) -> str:
    if type(name) is not str and not is_a(name, str):
        raise TypeError(f"attribute name must be string, not '{name_of(name)}'")
    return name


def object_getattribute(self: Value, name: Value, /) -> Value:
    """`object.__getattribute__`."""
    return generic_get(self, _name(name))


def object_setattr(self: Value, name: Value, value: Value, /) -> None:
    """`object.__setattr__`; a class needs its own."""
    if is_type(self):
        raise TypeError("can't apply this __setattr__ to type object")
    if type(type(self)) is SealedType:
        set_attribute(self, _name(name), value)  # an object of the engine's says itself what can be set
    else:
        generic_set(self, _name(name), value)


def object_delattr(self: Value, name: Value, /) -> None:
    """`object.__delattr__`."""
    if is_type(self):
        raise TypeError("can't apply this __delattr__ to type object")
    object_setattr(self, name, MISSING)


def object_dir(self: Value, /) -> list[str]:
    """`object.__dir__` without what only the runtime keeps in a class."""
    return [name for name in _host_dir(self) if name[:1] != "."]


def _refuse_sealed(self: Value) -> None:
    """An object of the runtime's own has a state that no guest may copy."""
    cls = type(self)
    if type(cls) is SealedType or is_a(self, SealedType):
        raise TypeError(f"cannot pickle '{name_of(self)}' object")


def object_getstate(self: Any, /) -> Value:
    """`object.__getstate__`."""
    _refuse_sealed(self)
    return _host_getstate(self)


def object_reduce(self: Value, /) -> Value:
    """`object.__reduce__`."""
    _refuse_sealed(self)
    return _own_copyreg(_host_reduce(self))


def object_reduce_ex(self: Any, protocol: Any, /) -> Value:
    """`object.__reduce_ex__`."""
    cls = type(self)
    reduce, owner = lookup_owner(cls, "__reduce__")
    if owner is not object:
        return call(bind(reduce, self, cls))
    _refuse_sealed(self)
    return _own_copyreg(_host_reduce_ex(self, protocol))


def _own_copyreg(reduced: Value) -> Value:
    """`reduced` with the guest's own functions of `copyreg`, where the host has put in its own."""
    if type(reduced) is tuple and reduced and getattr(reduced[0], "__module__", None) == "copyreg":
        guest = running_guest()
        if guest is not None and type(reduced[0]) is FunctionType:
            return (get_attribute(guest.load("copyreg"), reduced[0].__name__), *reduced[1:])
    return reduced


def _get_class(self: Value) -> Value:
    return type_of(self)


def _assign_class(self: Value, cls: type) -> None:
    _set_class(self, cls)


def _delete_class(_: Value) -> None:
    raise TypeError("can't delete __class__ attribute")


def type_getattribute(cls: type, name: Value, /) -> Value:
    """`type.__getattribute__`."""
    return type_get(cls, _name(name))


def type_setattr(cls: type, name: Value, value: Value, /) -> None:
    """`type.__setattr__`."""
    type_set(cls, _name(name), value)


def type_delattr(cls: type, name: Value, /) -> None:
    """`type.__delattr__`."""
    type_set(cls, _name(name), MISSING)


def type_dir(cls: type, /) -> list[str]:
    """`type.__dir__`: the names along the MRO."""
    names: dict[str, Value] = {}
    _merge_names(names, cls)
    return sorted(names)


def _merge_names(names: dict[str, Value], cls: type) -> None:
    """`merge_class_dict`: what `cls` has, then its bases, each asked as an attribute."""
    try:
        own: Any = get_attribute(cls, "__dict__")
        names.update(dict.fromkeys(own))
    except AttributeError:
        pass
    try:
        bases: Any = get_attribute(cls, "__bases__")
    except AttributeError:
        return
    for base in bases:
        _merge_names(names, base)


def type_mro(cls: type, /) -> list[type]:
    """`type.mro`: the linearisation that the bases of `cls` give."""
    return [base for base in type.mro(alias(cls)) if base is not type and base is not SealedType]


def type_subclasses(cls: type, /) -> list[type]:
    """`type.__subclasses__`; a built-in type names its built-in subclasses only."""
    found: list[type] = type.__subclasses__(cls) if cls is not Type else []
    if is_guest_class(cls):
        return found
    return [
        sub for sub in found if sub.__module__ == "builtins" and not is_guest_class(sub) and sub is not Type
    ]


def _type_dict(cls: type) -> Value:
    return MappingProxyType(visible(namespace_of(cls)))


def _type_mro(cls: type) -> tuple[type, ...] | None:
    return mro_of(cls) or None


def _type_bases(cls: type) -> tuple[type, ...]:
    if alias(cls) is Type:
        return (object,)
    found: tuple[type, ...] = _get_bases(cls)
    return found


def _assign_bases(cls: type, bases: Value) -> None:
    if not is_guest_class(cls):
        raise TypeError(f"cannot set '__bases__' attribute of immutable type '{type_name(cls)}'")
    _set_bases(cls, bases)
    forget(cls)


def _remove_bases(cls: type) -> None:
    _delete_bases(cls)


def _type_base(cls: type) -> Value:
    return object if alias(cls) is Type else cls.__base__


def _type_annotations(cls: type) -> Value:
    if not is_guest_class(cls):  # the host would make some, in a class that every guest sees
        raise attribute_error(
            f"type object '{type_name(cls)}' has no attribute '__annotations__'", "__annotations__", cls
        )
    return _annotations.__get__(cls)


def _assign_annotations(cls: type, annotations: Any) -> None:
    if not is_guest_class(cls):
        raise TypeError(f"cannot set '__annotations__' attribute of immutable type '{type_name(cls)}'")
    _annotations.__set__(cls, annotations)


def _delete_annotations(cls: type) -> None:
    if not is_guest_class(cls):
        raise TypeError(f"cannot set '__annotations__' attribute of immutable type '{type_name(cls)}'")
    _annotations.__delete__(cls)


def _module_dict(module: Value) -> Value:
    names = instance_dict(module) or {}
    hidden = any(is_a(name, str) and name[:1] == "." for name in names)
    return visible(names) if hidden else names


def module_dir(module: Value, /) -> list[Value]:
    """`ModuleType.__dir__`: its names, or what its own `__dir__` says."""
    names: dict[str, Any] = instance_dict(module) or {}
    if "__dir__" in names:
        return list(names["__dir__"]())
    return list(visible(names))


def module_getattribute(module: Value, name: Value, /) -> Value:
    """`ModuleType.__getattribute__`."""
    return module_get(module, _name(name))


def super_getattribute(proxy: Value, name: Value, /) -> Value:
    """`super.__getattribute__`."""
    return super_get(proxy, _name(name))


def _named(function: Any, owner: type, name: str) -> Value:
    function.__name__ = name
    function.__qualname__ = f"{type_name(owner)}.{name}"
    function.__module__ = "builtins"
    kind = SlotWrapper if name in SPECIAL_NAMES else BuiltinMethod
    return kind(function, owner)


define_builtin(
    object,
    replace={
        "__class__": property(_get_class, _assign_class, _delete_class),
        "__getattribute__": _named(object_getattribute, object, "__getattribute__"),
        "__setattr__": _named(object_setattr, object, "__setattr__"),
        "__delattr__": _named(object_delattr, object, "__delattr__"),
        "__dir__": _named(object_dir, object, "__dir__"),
        "__reduce__": _named(object_reduce, object, "__reduce__"),
        "__reduce_ex__": _named(object_reduce_ex, object, "__reduce_ex__"),
        **({"__getstate__": _named(object_getstate, object, "__getstate__")} if _host_getstate else {}),
    },
)
define_builtin(FrameType, hide=tuple(vars(FrameType)))
define_builtin(CodeType, hide=tuple(vars(CodeType)))
define_builtin(
    Type,
    replace={
        "__getattribute__": _named(type_getattribute, Type, "__getattribute__"),
        "__setattr__": _named(type_setattr, Type, "__setattr__"),
        "__delattr__": _named(type_delattr, Type, "__delattr__"),
        "__dir__": _named(type_dir, Type, "__dir__"),
        "mro": _named(type_mro, Type, "mro"),
        "__subclasses__": _named(type_subclasses, Type, "__subclasses__"),
        "__dict__": property(_type_dict),
        "__mro__": property(_type_mro),
        "__bases__": property(_type_bases, _assign_bases, _remove_bases),
        "__base__": property(_type_base),
        **(
            {"__annotations__": property(_type_annotations, _assign_annotations, _delete_annotations)}
            if _annotations is not None
            else {}
        ),
    },
)
define_builtin(
    ModuleType,
    replace={
        "__dict__": property(_module_dict),
        "__dir__": _named(module_dir, ModuleType, "__dir__"),
        "__getattribute__": _named(module_getattribute, ModuleType, "__getattribute__"),
    },
)
define_builtin(super, replace={"__getattribute__": _named(super_getattribute, super, "__getattribute__")})
