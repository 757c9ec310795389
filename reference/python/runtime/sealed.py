"""Objects of the engine that guests may hold and call, and of which no guest can see or change the inside."""

from __future__ import annotations

import functools
from types import (
    BuiltinFunctionType,
    FunctionType,
    GetSetDescriptorType,
    MethodDescriptorType,
    MethodWrapperType,
    WrapperDescriptorType,
)
from typing import Any, Callable

from lockstep.reference.python.runtime.kinds import Value, is_supertype, is_type

NoneType = type(None)


class SealedType(type):
    """The host metaclass of host classes that guests reach: no guest can change them."""

    def __setattr__(cls, name: str, value: Value) -> None:
        raise TypeError(f"cannot set '{name}' attribute of immutable type '{cls.__name__}'")

    def __delattr__(cls, name: str) -> None:
        raise TypeError(f"cannot set '{name}' attribute of immutable type '{cls.__name__}'")

    def __instancecheck__(cls, value: object) -> bool:
        # A built-in type is an instance of the guest's `type` too, the only sealed metaclass that guests know.
        if is_supertype(type, cls):
            return is_type(value)
        return type.__instancecheck__(cls, value)


def shown_as(cls: type, name: str, module: str = "builtins") -> None:
    """Let guests know the host class `cls` by another name."""
    type.__setattr__(cls, "__name__", name)
    type.__setattr__(cls, "__qualname__", name)
    type.__setattr__(cls, "__module__", module)


def _class_shown(kind: type) -> Any:
    """`__class__`, which is what isinstance() asks, as `kind`."""
    return property(lambda _: kind)


class SealedCallable(metaclass=SealedType):
    """A callable of ours.

    The host finds what to call in the slot `__call__`, so no code of ours runs before it. All slots have special names: a
    guest's access to them goes through the runtime, which shows what `types/callables.py` says.
    """

    __slots__ = ("__call__", "__documentation__", "__home__", "__name__", "__qualname__", "__self__")

    __call__: Callable[..., Value]
    __documentation__: str | None
    __home__: str
    __name__: str
    __qualname__: str
    __self__: Value

    def __init__(self, function: Callable[..., Value], owner: Value = None, home: str | None = None) -> None:
        self.__call__ = function
        self.__name__ = function.__name__
        self.__qualname__ = function.__qualname__ if home is None else function.__name__
        self.__documentation__ = function.__doc__
        self.__home__ = function.__module__ if home is None else home
        self.__self__ = owner


class BuiltinFunction(SealedCallable):
    """A function of ours that the guest knows as a built-in one; unlike a function it never binds."""

    __slots__ = ()

    def __repr__(self) -> str:
        if self.__self__ is None:
            return f"<built-in function {self.__name__}>"
        return f"<built-in method {self.__name__} of {type(self.__self__).__name__} object at {id(self.__self__):#x}>"

    __class__ = _class_shown(BuiltinFunctionType)


class MethodWrapper(SealedCallable):
    """A special method of a built-in type, bound."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<method-wrapper '{self.__name__}' of {type(self.__self__).__name__} object at {id(self.__self__):#x}>"

    __class__ = _class_shown(MethodWrapperType)


class BuiltinMethod(SealedCallable):
    """A method of a built-in type that the runtime has in place of the host's; `__self__` is the type."""

    __slots__ = ()
    __self__: type
    bound: type[SealedCallable] = BuiltinFunction

    def __get__(self, instance: Value, owner: Value = None) -> Value:
        if instance is None and owner is not NoneType:
            return self
        method: Any = functools.partial(self.__call__, instance)
        method.__name__ = self.__name__
        method.__qualname__ = self.__qualname__
        method.__module__ = self.__home__
        method.__doc__ = self.__documentation__
        return self.bound(method, instance)

    def __repr__(self) -> str:
        return f"<method '{self.__name__}' of '{self.__self__.__name__}' objects>"

    __class__ = _class_shown(MethodDescriptorType)


class SlotWrapper(BuiltinMethod):
    """The same for a special method."""

    __slots__ = ()
    bound = MethodWrapper

    def __repr__(self) -> str:
        return f"<slot wrapper '{self.__name__}' of '{self.__self__.__name__}' objects>"

    __class__ = _class_shown(WrapperDescriptorType)


class GetSet(metaclass=SealedType):
    """An attribute of a built-in type that functions of ours get, set and delete; `__self__` is the type."""

    __slots__ = ("__deleter__", "__documentation__", "__getter__", "__name__", "__self__", "__setter__")

    def __init__(self, name: str, source: property, owner: type) -> None:
        self.__name__ = name
        self.__self__ = owner
        self.__getter__, self.__setter__, self.__deleter__ = source.fget, source.fset, source.fdel
        self.__documentation__ = source.__doc__

    def __get__(self, instance: Value, owner: Value = None) -> Value:
        if instance is None and owner is not NoneType:
            return self
        assert self.__getter__ is not None
        return self.__getter__(instance)

    def __set__(self, instance: Value, value: Value) -> None:
        if self.__setter__ is None:
            raise AttributeError(self._refusal())
        self.__setter__(instance, value)

    def __delete__(self, instance: Value) -> None:
        if self.__deleter__ is None:
            raise AttributeError(self._refusal())
        self.__deleter__(instance)

    def _refusal(self) -> str:
        return f"attribute '{self.__name__}' of '{self.__self__.__name__}' objects is not writable"

    def __repr__(self) -> str:
        return f"<attribute '{self.__name__}' of '{self.__self__.__name__}' objects>"

    __class__ = _class_shown(GetSetDescriptorType)


def sealed(name: str, value: Value, owner: type, special: Callable[[str], bool]) -> Value:
    """What the guest gets for an attribute of a built-in type that the host has written in Python."""
    if type(value) is FunctionType:
        return (SlotWrapper if special(name) else BuiltinMethod)(value, owner)
    if type(value) is staticmethod and type(value.__func__) is FunctionType:
        return BuiltinFunction(value.__func__)
    return GetSet(name, value, owner) if type(value) is property else value


# Host class -> the type that the guest sees.
SHOWN_TYPES: dict[type, type] = {
    BuiltinFunction: BuiltinFunctionType,
    MethodWrapper: MethodWrapperType,
    BuiltinMethod: MethodDescriptorType,
    SlotWrapper: WrapperDescriptorType,
    GetSet: GetSetDescriptorType,
}
for _cls, _shown in SHOWN_TYPES.items():
    shown_as(_cls, _shown.__name__)
# The host's own messages name the type of `type` so.
shown_as(SealedType, "type")
shown_as(SealedCallable, "object")
