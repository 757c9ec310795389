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
from lockstep.reference.python.runtime.frames import Code, code_of_host
from lockstep.reference.python.runtime.functions import is_evaluated, part
from lockstep.reference.python.runtime.type_info import (
    MISSING,
    BuiltinFunction,
    define_builtin,
    lookup,
    name_of,
    type_of,
)

Value = Any

# The key of a guest's builtins by which its functions and frames are told from the host's.
INTERPRETER = ".interpreter"


def is_compiled(function: FunctionType) -> bool:
    """Whether `function` is compiled guest code."""
    builtins = getattr(function, "__builtins__", None)
    if builtins is None or INTERPRETER not in builtins:
        builtins = function.__globals__
    return isinstance(builtins, dict) and INTERPRETER in builtins


def _only_guest(function: Value, name: str) -> FunctionType:
    if not isinstance(function, FunctionType) or not (is_evaluated(function) or is_compiled(function)):
        raise AttributeError(f"'{name_of(function)}' object has no attribute '{name}'")
    return function


def function_globals(function: Value) -> dict[str, Value]:
    """`function.__globals__` of a guest function."""
    function = _only_guest(function, "__globals__")
    if is_evaluated(function):
        return part(function, "global_names")  # type: ignore[no-any-return]
    found: dict[str, Value] = function.__globals__
    return found


def function_code(function: Value) -> Code:
    """`function.__code__`."""
    function = _only_guest(function, "__code__")
    if is_evaluated(function):
        return part(function, "code")  # type: ignore[no-any-return]
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


def method_get(method: Value, name: str) -> Value:
    """A method's attribute; what it lacks is its function's."""
    if lookup(type_of(method), name) is not MISSING:
        return generic_get(method, name)
    return get_attribute(method.__func__, name)


def function_set(function: Value, name: str, attribute: Value) -> None:
    """Set an attribute of a guest function; the runtime's own functions stay as they are."""
    _only_guest(function, name)
    generic_set(function, name, attribute)


def _method_self(function: Value) -> Value:
    owner = getattr(function, "__self__", None)
    return None if isinstance(owner, ModuleType) else owner


def _read_only(_: Value, __: Value) -> None:
    raise AttributeError("readonly attribute")


define_builtin(
    FunctionType,
    replace={
        "__globals__": property(function_globals),
        "__code__": property(function_code),
        "__closure__": property(function_closure),
    },
    hide=("__builtins__",),
    slots={"tp_setattro": function_set},
)
define_builtin(MethodType, slots={"tp_getattro": method_get})
define_builtin(BuiltinFunctionType, replace={"__self__": property(_method_self)})
_PARTIAL = ("func", "args", "keywords", "__dict__", "__setstate__", "__reduce__", "__class_getitem__")


def _builtin_get(function: Value, name: str) -> Value:
    # That a function of ours is a host `partial` is nothing for the guest to see.
    if name in _PARTIAL:
        raise attribute_error(
            f"'builtin_function_or_method' object has no attribute '{name}'", name, function
        )
    return generic_get(function, name)


define_builtin(BuiltinFunction, slots={"tp_getattro": _builtin_get})
