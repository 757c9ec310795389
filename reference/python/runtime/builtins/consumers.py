"""Built-in functions that run through all of an iterable, where steps are counted: they charge for what passes.

The host's own run through an iterator of the host's without ever looking up, and so without end if it has none.
"""

from __future__ import annotations

import builtins as host
import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.python.runtime.kinds import Value
from lockstep.reference.python.runtime.sealed import BuiltinFunction

if TYPE_CHECKING:
    from lockstep.reference.python.runtime.interfaces import Interpreter


_CONSUMERS = ("all", "any", "max", "min", "sorted", "sum")
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
_LARGEST_PORTION = 1024


def consumers(interpreter: Interpreter) -> dict[str, Value]:
    """`sum` and its like for one guest."""
    return {name: _consumer(interpreter, getattr(host, name)) for name in _CONSUMERS}


def _consumer(interpreter: Interpreter, function: Callable[..., Value]) -> BuiltinFunction:
    def consume(*values: Any, **keywords: Value) -> Value:
        if len(values) == 1 or (values and function is sum):
            kind = type(values[0])
            if kind in _SOURCES and not (kind is range and len(values[0]) <= _LARGEST_PORTION):
                return function(_charged(interpreter, values[0]), *values[1:], **keywords)
            if kind in (list, tuple, set, frozenset, dict, str, bytes):
                interpreter.budget.bulk(len(values[0]))
        return function(*values, **keywords)

    consume.__name__ = consume.__qualname__ = function.__name__
    consume.__doc__ = function.__doc__
    return BuiltinFunction(consume, home="builtins")


def _charged(interpreter: Interpreter, values: Any) -> Iterator[Value]:
    """The elements, one at a time, as whoever asks may stop; a step for every four."""
    for passed, value in enumerate(values, 1):
        if not passed % _LARGEST_PORTION:
            interpreter.budget.take(_LARGEST_PORTION >> 2)
        yield value
