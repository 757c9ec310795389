"""Type objects: name, MRO and slot table, resolved on the type alone (Language Reference 3.3).

A guest class is a host class whose metaclass is `Type`, so attribute and method access of compiled code ride
the host's caches; a built-in guest type is the host's own. What a guest may see of a built-in type, and
what each slot of any type does, stands in its `TypeInfo`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from types import FunctionType, MappingProxyType
from typing import Any, Callable, ClassVar

from lockstep.reference.python.runtime.kinds import Value, is_a, is_supertype, is_type
from lockstep.reference.python.runtime.linearisation import HOST_HAS_WORDS_OF_ITS_OWN, check_bases
from lockstep.reference.python.runtime.sealed import (
    SHOWN_TYPES,
    BuiltinFunction,
    SealedType,
    sealed,
    shown_as,
)
from lockstep.reference.python.runtime.slots import DEFINITIONS_OF_SLOT, SPECIAL_NAMES

MISSING: Any = type("Missing", (), {"__slots__": (), "__repr__": lambda _: "<missing>"})()

_mro = type.__dict__["__mro__"].__get__
_type_name = type.__dict__["__name__"].__get__
_type_qualname = type.__dict__["__qualname__"].__get__
_type_module = type.__dict__["__module__"].__get__
_namespace = type.__dict__["__dict__"].__get__
_subclasses = type.__subclasses__

# The key under which a guest class keeps its TypeInfo; no guest can spell it as an attribute.
_INFO = ".info"


def _make_class(
    cls: type, args: tuple[Value, ...], keywords: dict[str, Value], new: Callable[..., Value]
) -> Value:
    return new(cls, *args, **keywords)


class Type(SealedType, metaclass=SealedType):
    """The guest's `type`; its instances are the guest's classes (3.3.3)."""

    def __new__(*arguments: Any, **keywords: Any) -> Any:
        """With one argument its type, with three a new class."""
        if not arguments:
            raise TypeError("type.__new__(): not enough arguments")
        cls, *args = arguments
        if not is_type(cls):
            raise TypeError(f"type.__new__(X): X is not a type object ({name_of(cls)})")
        if cls is Type:
            if len(args) == 1:
                if keywords:
                    raise TypeError("type() takes no keyword arguments")
                return type_of(args[0])
            if len(args) not in (1, 3):
                raise TypeError("type() takes 1 or 3 arguments")
        if HOST_HAS_WORDS_OF_ITS_OWN and len(args) == 3 and lookup(cls, "mro") is lookup(Type, "mro"):
            check_bases(args[1])
        if len(args) != 3 or not is_a(args[2], dict) or "__module__" in args[2]:
            return type.__new__(cls, *args, **keywords)
        # The host takes the module's name from the globals of the function that makes the class.
        make = FunctionType(_make_class.__code__, TypeInfo.running_globals() or {})
        return make(cls, args, keywords, type.__new__)

    # Unannotated: annotations of a metaclass would hide those of its classes.
    __instancecheck__ = type.__instancecheck__  # type: ignore[assignment]

    def __setattr__(cls, name: str, value: Value) -> None:  # noqa: N805  # a metaclass
        type.__setattr__(cls, name, value)
        if name in SPECIAL_NAMES:
            forget(cls)

    def __delattr__(cls, name: str) -> None:  # noqa: N805  # a metaclass
        type.__delattr__(cls, name)
        if name in SPECIAL_NAMES:
            forget(cls)


# Guests get it by `type.__new__`.
type.__setattr__(Type, "__new__", BuiltinFunction(Type.__new__, Type))
shown_as(Type, "type")
_plain_type_setattr = type.__setattr__


# The host's `type` is the guest's `Type` throughout; a function of ours only shows another type.
ALIASES: Mapping[type, type] = MappingProxyType({type: Type, SealedType: Type})
_SHOWN: Mapping[type, type] = MappingProxyType({**ALIASES, **SHOWN_TYPES})


def type_of(value: Value) -> type:
    """The guest type of `value`."""
    cls = type(value)
    # A class of the guest's is not looked up: its metaclass may say what hash it has.
    return _SHOWN.get(cls, cls) if type(cls) is type or type(cls) is SealedType else cls


def alias(cls: type) -> type:
    """`Type` for the host's `type`; any other class itself. A class of the guest's is not looked up, see `type_of`."""
    return ALIASES.get(cls, cls) if type(cls) is type or type(cls) is SealedType else cls


def is_guest_class(cls: type) -> bool:
    """Whether `cls` was made by a guest program."""
    return type(cls) is Type or is_supertype(Type, type(cls))


def mro_of(cls: type) -> tuple[type, ...]:
    """The method resolution order as the guest sees it: the host's `type` does not occur in it."""
    order: tuple[type, ...] | None = _mro(cls)
    if order is None:  # while its metaclass's mro() runs
        return ()
    if is_supertype(type, cls):
        order = _mro(alias(cls))
        return tuple(base for base in order if base is not type and base is not SealedType)
    return order


# What the guest sees in a built-in type in place of what the host has; filled while modules load.
_REPLACED: dict[type, dict[str, Value]] = {}
_HIDDEN: dict[type, frozenset[str]] = {}
BUILTIN_SLOTS: dict[type, dict[str, Callable[..., Value]]] = {}


def define_builtin(
    cls: type,
    *,
    replace: Mapping[str, Value] | None = None,
    hide: Iterable[str] = (),
    slots: Mapping[str, Callable[..., Value]] | None = None,
) -> None:
    """Say, while modules load, what the guest sees and gets in `cls` other than what the host has."""
    _REPLACED.setdefault(cls, {}).update(replace or {})
    _HIDDEN[cls] = _HIDDEN.get(cls, frozenset()) | frozenset(hide)
    BUILTIN_SLOTS.setdefault(cls, {}).update(slots or {})


# The host's own lookups would answer with what the guest must not see; `object` and others have ours.
_LOOKUPS = ("__getattribute__", "__setattr__", "__delattr__")


@functools.cache
def _builtin_namespace(cls: type) -> Mapping[str, Value]:
    names = {**_namespace(type), "__new__": Type.__new__} if cls is Type else dict(_namespace(cls))
    if (
        type(names.get("__annotations__")) is dict
    ):  # of a class of ours: nothing for guests, who could change it
        del names["__annotations__"]
    for name in (*_HIDDEN.get(cls, ()), *_LOOKUPS):
        names.pop(name, None)
    names.update(_REPLACED.get(cls, {}))
    return MappingProxyType(
        {name: sealed(name, value, cls, SPECIAL_NAMES.__contains__) for name, value in names.items()}
    )


def namespace_of(cls: type) -> Mapping[str, Value]:
    """The attributes of one class itself, without its bases."""
    if is_guest_class(cls):
        found: Mapping[str, Value] = _namespace(cls)
        return found
    return _builtin_namespace(alias(cls))


def lookup_owner(cls: type, name: str) -> tuple[Value, type | None]:
    """`name` along the MRO of `cls`, and the class that has it; MISSING and None where none does."""
    for base in mro_of(cls):
        meta = type(base)
        if meta is Type:  # most classes of guests
            names = _namespace(base)
        else:
            names = _builtin_namespace(base) if meta is type else namespace_of(base)
        if name in names:
            return names[name], base
    return MISSING, None


def lookup(cls: type, name: str) -> Value:
    """`name` along the MRO of `cls`, never on an instance; MISSING where no class has it."""
    return lookup_owner(cls, name)[0]


def type_name(cls: type) -> str:
    """The name of a type as CPython's messages print it (`tp_name`)."""
    name: str = _type_name(cls)
    if is_guest_class(cls):
        return name
    module = _type_module(cls)
    return name if module == "builtins" else f"{module}.{_type_qualname(cls)}"


def name_of(value: Value) -> str:
    """The name of the type of `value` as messages print it."""
    return type_name(type_of(value))


class TypeInfo:
    """One type: its name, MRO, and what fills each slot. Absent slots are absent from `slots`.

    Attributes:
        slot_function: what fills a slot of a type; `slot_functions` gives it as it is imported.
        running_globals: the globals of the innermost guest frame; `stack` gives it.
    """

    __slots__ = ("mro", "name", "slots", "type")

    slot_function: ClassVar[Callable[..., Callable[..., Value] | None]]
    running_globals: ClassVar[Callable[[], dict[str, Value] | None]]

    def __init__(self, cls: type) -> None:
        self.type = cls
        self.name = type_name(cls)
        self.mro = mro_of(cls)
        self.slots: dict[str, Callable[..., Value]] = {}
        for slot, definitions in DEFINITIONS_OF_SLOT.items():
            function = self.slot_function(cls, slot, definitions)
            if function is not None:
                self.slots[slot] = function


@functools.cache
def _builtin_info(cls: type) -> TypeInfo:
    return TypeInfo(cls)


def info_of(cls: type) -> TypeInfo:
    """The TypeInfo of a type."""
    if type(cls) is type or not is_guest_class(cls):
        return _builtin_info(alias(cls))
    info: TypeInfo | None = _namespace(cls).get(_INFO)
    if info is None:
        info = TypeInfo(cls)
        _plain_type_setattr(cls, _INFO, info)
    return info


def slot_of(value: Value, slot: str) -> Callable[..., Any] | None:
    """What the type of `value` has in `slot`."""
    return info_of(type(value)).slots.get(slot)


def forget(cls: type) -> None:
    """A special method or the bases of `cls` changed: its slots and its subclasses' are made anew."""
    if _INFO in _namespace(cls):
        type.__delattr__(cls, _INFO)
    below: list[type] = _subclasses(cls)
    for subclass in below:
        forget(subclass)


def visible(names: Mapping[str, Value]) -> dict[str, Value]:
    """`names` without what only the runtime keeps there."""
    return {name: value for name, value in names.items() if not (is_a(name, str) and name[:1] == ".")}
