"""What CPython counts as levels of recursion beside the calls of functions written in Python (`Py_EnterRecursiveCall`).

The host counts for itself, with another limit; where it would go deeper than the guest's limit lets it, the guest gets
the error here.
"""

from __future__ import annotations

from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from lockstep.reference.python.runtime.kinds import Value
from lockstep.reference.python.runtime.type_info import Type, is_guest_class, lookup_owner

_CALLING = " while calling a Python object"
_REPR = " while getting the repr of an object"

# Functions of one argument (METH_O): each call is a level, and so may be what it does.
_INSIDE: dict[Value, tuple[str, ...]] = {
    **dict.fromkeys((abs, bin, callable, chr, hash, hex, id, len, oct, ord), (_CALLING,)),
    repr: (_CALLING, _REPR),
    ascii: (_CALLING, _REPR),
    isinstance: (" in __instancecheck__",),
    issubclass: (" in __subclasscheck__",),
}


def levels_of(function: Value) -> tuple[str, ...]:
    """The levels that a call of `function` adds, by what the error says."""
    kind = type(function)
    if type(function) is BuiltinFunctionType:
        return _INSIDE.get(function, ())
    if kind is FunctionType or kind is MethodType:
        return ()
    return (_CALLING,) if kind is Type or is_guest_class(kind) else ()


def nesting(value: Value, most: int) -> int:
    """How deep lists and tuples nest in `value`, along the first items, counted up to `most`."""
    depth = 0
    while depth < most and (type(value) is list or type(value) is tuple) and value:
        depth += 1
        value = value[0]
    return depth


def compared_levels(symbol: str, left: Any, right: Any, most: int) -> int:
    """How many levels `left symbol right` adds, counted up to `most`; none where the host counts no more than one."""
    if type(type(left)) is not type or type(type(right)) is not type:
        inherited = symbol == "!=" and not is_guest_class(lookup_owner(type(left), "__ne__")[1] or object)
        return 2 if inherited else 1  # `object.__ne__` asks `__eq__`
    depth = 0
    while depth < most and type(left) is type(right) and (type(left) is list or type(left) is tuple):
        if not left or not right or left[0] is right[0]:
            break
        depth += 1
        left, right = left[0], right[0]
    return depth


def is_nested(function: Value) -> bool:
    """Whether `function` goes down into its argument, one level for each container."""
    return function is repr or function is ascii
