"""Functions and methods as the guest sees them (Language Reference 3.2.8)."""

from __future__ import annotations

from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from lockstep.reference.python.runtime.dispatch.attributes import (
    attribute_error,
    generic_get,
    generic_set,
    get_attribute,
)
from lockstep.reference.python.runtime.frames import Code, code_of_host, guest_of
from lockstep.reference.python.runtime.functions import is_evaluated, part
from lockstep.reference.python.runtime.kinds import Value, is_a
from lockstep.reference.python.runtime.sealed import (
    BuiltinFunction,
    BuiltinMethod,
    GetSet,
    MethodWrapper,
    SealedCallable,
    SlotWrapper,
)
from lockstep.reference.python.runtime.type_info import (
    MISSING,
    define_builtin,
    lookup,
    name_of,
    type_of,
)


def is_compiled(function: FunctionType) -> bool:
    """Whether `function` is compiled guest code."""
    return guest_of(function.__code__) is not None


def _only_guest(function: Value, name: str) -> FunctionType:
    if not is_a(function, FunctionType) or not (is_evaluated(function) or is_compiled(function)):
        raise AttributeError(f"'{name_of(function)}' object has no attribute '{name}'")
    return function


def function_globals(function: Value) -> dict[str, Value]:
    """`function.__globals__` of a guest function."""
    function = _only_guest(function, "__globals__")
    if is_evaluated(function):
        names: dict[str, Value] = part(function, "global_names")
        return names
    return function.__globals__


def function_code(function: Value) -> Code:
    """`function.__code__`."""
    function = _only_guest(function, "__code__")
    if is_evaluated(function):
        code: Code = part(function, "code")
        return code
    return code_of_host(function.__code__)


def function_closure(function: Value) -> tuple[Value, ...] | None:
    """`function.__closure__`: its cells in the order of `co_freevars`."""
    function = _only_guest(function, "__closure__")
    if is_evaluated(function):
        cells = part(function, "cells")
        names = part(function, "code").co_freevars
        return tuple(cells[name] for name in names) if names else None
    found: tuple[Value, ...] | None = function.__closure__
    return found


def function_builtins(function: Value) -> Value:
    """`function.__builtins__`: what its code sees where no global has the name."""
    host: Any = _only_guest(function, "__builtins__")  # an attribute of 3.10 and later
    return part(host, "builtins") if is_evaluated(host) else host.__builtins__


# What a function of the host's shows to a guest that holds one bound.
_SHOWN = ("__class__", "__doc__", "__module__", "__name__", "__qualname__")


def function_get(function: Value, name: str) -> Value:
    """A function's attribute; nothing of the insides of the host's own."""
    if name not in _SHOWN:
        _only_guest(function, name)
    return generic_get(function, name)


def method_get(method: Any, name: str) -> Value:
    """A method's attribute; what it lacks is its function's."""
    if name == "__func__" and type(method.__func__) is FunctionType:
        return _only_guest(method.__func__, name)
    if lookup(type_of(method), name) is not MISSING:
        return generic_get(method, name)
    return get_attribute(method.__func__, name)


def function_set(function: Value, name: str, attribute: Value) -> None:
    """Set an attribute of a guest function; the runtime's own functions stay as they are."""
    _only_guest(function, name)
    generic_set(function, name, attribute)


def _method_self(function: Value) -> Value:
    owner = getattr(function, "__self__", None)
    return None if is_a(owner, ModuleType) else owner


define_builtin(
    FunctionType,
    replace={
        "__globals__": property(function_globals),
        "__code__": property(function_code),
        "__closure__": property(function_closure),
        "__builtins__": property(function_builtins),
    },
    slots={"tp_getattro": function_get, "tp_setattro": function_set},
)
define_builtin(MethodType, slots={"tp_getattro": method_get})
define_builtin(BuiltinFunctionType, replace={"__self__": property(_method_self)})


def _sealed_set(function: Value, name: str, _: Value) -> None:
    if lookup(type(function), name) is MISSING:
        raise attribute_error(f"'{name_of(function)}' object has no attribute '{name}'", name, function)
    raise AttributeError(f"attribute '{name}' of '{name_of(function)}' objects is not writable")


def _shown(name: str) -> property:
    slot = SealedCallable.__dict__[name].__get__
    return property(slot)


def _call_of(function: Any) -> Value:
    def call(*arguments: Any, **keywords: Any) -> Value:
        return function(*arguments, **keywords)

    call.__name__ = call.__qualname__ = "__call__"
    return MethodWrapper(call, function)


# Nothing of the class behind them all is for guests to see.
define_builtin(SealedCallable, hide=tuple(vars(SealedCallable)))
_COMMON = {
    "__call__": property(_call_of),
    "__doc__": _shown("__documentation__"),
    "__name__": _shown("__name__"),
    "__qualname__": _shown("__qualname__"),
    "__text_signature__": property(lambda _: None),
}


def _reduced(function: Value) -> Value:
    return SealedCallable.__dict__["__name__"].__get__(function)


def _reduced_ex(function: Value, _: Value, /) -> Value:
    return _reduced(function)


_reduced.__name__, _reduced_ex.__name__ = "__reduce__", "__reduce_ex__"
for _cls in (BuiltinFunction, MethodWrapper, BuiltinMethod, SlotWrapper):
    _owner = "__objclass__" if issubclass(_cls, BuiltinMethod) else "__self__"
    _replaced: dict[str, Value] = {**_COMMON, _owner: _shown("__self__")}
    if _cls is BuiltinFunction:
        _replaced["__module__"] = _shown("__home__")
        _replaced["__reduce__"] = _reduced  # a built-in function is pickled by its name
        _replaced["__reduce_ex__"] = _reduced_ex
    define_builtin(
        _cls,
        replace=_replaced,
        hide=(
            "__slots__",
            "__init__",
            "__dict__",
            "__home__",
            "__documentation__",
            "__self__",
            "__class__",
            "bound",
        )
        if _owner != "__self__"
        else ("__slots__", "__init__", "__dict__", "__home__", "__documentation__", "__class__"),
        slots={"tp_setattro": _sealed_set},
    )
define_builtin(
    GetSet,
    replace={
        "__doc__": property(GetSet.__dict__["__documentation__"].__get__),
        "__name__": property(GetSet.__dict__["__name__"].__get__),
        "__objclass__": property(GetSet.__dict__["__self__"].__get__),
        "__qualname__": property(lambda attribute: f"{attribute.__self__.__name__}.{attribute.__name__}"),
    },
    hide=(
        "__slots__",
        "__init__",
        "__self__",
        "__getter__",
        "__setter__",
        "__deleter__",
        "__documentation__",
        "_refusal",
        "__class__",
    ),
    slots={"tp_setattro": _sealed_set},
)
