"""What runs through all of an iterable in the host's own code, where steps are counted: it is charged for what passes.

The host's own run through an iterator of the host's without ever looking up, and so without end if it has none.
"""

from __future__ import annotations

import builtins as host
import collections
import functools
import heapq
import itertools
from collections.abc import Iterator
from types import BuiltinFunctionType, MethodDescriptorType, ModuleType
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.python.runtime.kinds import Value
from lockstep.reference.python.runtime.sealed import BuiltinFunction

if TYPE_CHECKING:
    from lockstep.reference.python.runtime.interfaces import Interpreter


_CONSUMERS = ("all", "any", "max", "min", "sorted", "sum")
# Types and functions that guests have from the host itself.
_HOST_CONSUMERS = frozenset(
    {
        list,
        tuple,
        set,
        frozenset,
        dict,
        bytes,
        bytearray,
        collections.deque,
        functools.reduce,
        heapq.heapify,
        collections._count_elements,  # type: ignore[attr-defined]  # what Counter calls
    }
)
# Methods of the host's types that take an iterable.
CONSUMING_METHODS = frozenset(
    {
        "join",
        "extend",
        "extendleft",
        "update",
        "fromkeys",
        "union",
        "intersection",
        "intersection_update",
        "difference",
        "difference_update",
        "symmetric_difference",
        "symmetric_difference_update",
        "issubset",
        "issuperset",
        "isdisjoint",
        "writelines",
    }
)
CONSUMING_NAMES = frozenset({one.__name__ for one in _HOST_CONSUMERS} | {"Counter", "OrderedDict"})
CONSUMING_ATTRIBUTES = CONSUMING_METHODS | CONSUMING_NAMES
# Iterators of the host's that may yield for long without running guest code.
_SOURCES = frozenset(
    {
        range,
        map,
        filter,
        zip,
        enumerate,
        type(iter(range(0))),
        type(iter(range(1 << 64))),
        type(iter(int, 0)),
        itertools.count,
        itertools.repeat,
        itertools.cycle,
        itertools.chain,
        itertools.islice,
        itertools.accumulate,
        itertools.product,
        itertools.permutations,
        itertools.combinations,
        itertools.starmap,
        itertools.takewhile,
        itertools.dropwhile,
        itertools.compress,
        itertools.filterfalse,
    }
)
_OWNERS = frozenset({str, bytes, bytearray, list, set, frozenset, dict, collections.deque})
_HELD = (list, tuple, set, frozenset, dict, str, bytes)
_LARGEST_PORTION = 1024
_ELEMENT_BYTES = 8


def consumers(interpreter: Interpreter) -> dict[str, Value]:
    """`sum` and its like for one guest."""
    return {name: _consumer(interpreter, getattr(host, name)) for name in _CONSUMERS}


def _consumer(interpreter: Interpreter, function: Callable[..., Value]) -> BuiltinFunction:
    def consume(*values: Value, **keywords: Value) -> Value:
        if len(values) == 1 or (values and function is sum):
            return function(passing(interpreter, values[0]), *values[1:], **keywords)
        return function(*values, **keywords)

    consume.__name__ = consume.__qualname__ = function.__name__
    consume.__doc__ = function.__doc__
    return BuiltinFunction(consume, home="builtins")


def is_consumer(function: Any) -> bool:
    """Whether it is the host's own, and may run through an argument."""
    if type(function) is type:
        return function in _HOST_CONSUMERS
    kind = type(function)
    return (kind is BuiltinFunctionType or kind is MethodDescriptorType) and (
        function.__name__ in CONSUMING_METHODS or function in _HOST_CONSUMERS
    )


def passed_to(interpreter: Interpreter, function: Value, values: Value) -> Value:
    """The argument `values` of a call of `function`: what takes its place if the host runs through it."""
    if type(values) is int:
        if function is bytes or function is bytearray:
            interpreter.budget.allocate(values)
            interpreter.budget.bulk(values)
        return values
    return passing(interpreter, values) if is_consumer(function) else values


def passing(interpreter: Interpreter, values: Any) -> Any:
    """What the host runs through in place of `values`; what it holds already is charged at once."""
    kind = type(values)
    # Guests' classes are asked nothing, not even their hash.
    if type(kind) is not type:
        return values
    if kind in _SOURCES:
        if kind is range and _is_short(values):
            return values
        return _charged(interpreter, values)
    if kind in _HELD and len(values) > _LARGEST_PORTION:
        interpreter.budget.bulk(len(values))
    return values


def _is_short(values: range) -> bool:
    return not values or abs(values[-1] - values[0]) // abs(values.step) < _LARGEST_PORTION


def _charged(interpreter: Interpreter, values: Any) -> Iterator[Value]:
    """The elements, one at a time, as whoever asks may stop; a step for every eight."""
    budget = interpreter.budget
    for passed, value in enumerate(values, 1):
        if not passed % _LARGEST_PORTION:
            budget.elements(_LARGEST_PORTION)
            budget.allocate(_LARGEST_PORTION * _ELEMENT_BYTES)
        yield value


def searched(interpreter: Interpreter, values: Value) -> Value:
    """What `in` looks through in place of `values`; a range finds numbers without looking."""
    return values if type(values) is range else passing(interpreter, values)


def passed_to_attribute(interpreter: Interpreter, owner: Value, name: str, values: Value) -> Value:
    """`passed_to` the attribute `name` of `owner`, which is not asked for where a guest could see it."""
    kind = type(owner)
    if type(kind) is not type:
        return values
    if kind in _OWNERS:
        return passing(interpreter, values)
    if kind is ModuleType:
        return passed_to(interpreter, owner.__dict__.get(name), values)
    if kind is type and owner in _OWNERS:
        return passing(interpreter, values)
    return values


def passing_helpers(interpreter: Interpreter) -> dict[str, Callable[..., Value]]:
    """What metered code calls, by the names that it calls it by."""
    return {
        "passing": functools.partial(passing, interpreter),
        "passed_to": functools.partial(passed_to, interpreter),
        "passed_to_attribute": functools.partial(passed_to_attribute, interpreter),
        "searched": functools.partial(searched, interpreter),
    }
