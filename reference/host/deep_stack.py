"""Running guest code where deep recursion meets the host's counter before the machine's stack ends."""

from __future__ import annotations

import sys
import threading
from types import FrameType
from typing import Callable, Generic, TypeVar

from lockstep.reference.host.collector import prepare_collector

T = TypeVar("T")

STACK_MIB = 1000
# Host frames before RecursionError; a frame that recurses through C takes less than 5 KiB of stack.
# PyPy counts a little over half of its frames, which take three times the memory.
RECURSION_LIMIT = 100_000 if sys.implementation.name == "pypy" else 200_000

# Arguments that the calls in progress may hold together, as an engine in machine code has room for on its stack.
LARGEST_SLOTS = 1 << 19
# Calls with fewer arguments end by their number.
MANY_ARGUMENTS = 256
_VARIABLE_ARGUMENTS = 0x04  # CO_VARARGS


class ArgumentSlots:
    """How much of a guest's stack is arguments: recursion that passes on ever more of them fills memory long before it is deep."""

    __slots__ = ("_passed",)

    def __init__(self) -> None:
        self._passed = 0

    def add(self, count: int, largest: int = LARGEST_SLOTS) -> None:
        """A call with `count` arguments, which are `MANY_ARGUMENTS` or more, begins.

        The calls in progress are looked through each time that `largest` have passed.

        Raises:
            RecursionError: they hold more than `largest` together.
        """
        self._passed += count
        if self._passed > largest:
            self._passed = 0
            if _held_arguments(sys._getframe(1), largest) > largest:
                raise RecursionError


def _held_arguments(frame: FrameType | None, largest: int) -> int:
    held = 0
    while frame is not None and held <= largest:
        code = frame.f_code
        if code.co_flags & _VARIABLE_ARGUMENTS:
            values = frame.f_locals.get(code.co_varnames[code.co_argcount + code.co_kwonlyargcount])
            if values.__class__ is tuple:
                held += len(values)
        frame = frame.f_back
    return held


class DeepCall(Generic[T]):
    """A call on a thread whose stack is `STACK_MIB` large; the thread is a daemon and does not keep the process alive."""

    def __init__(self, function: Callable[[], T]) -> None:
        self._result: list[T] = []
        self._failure: list[BaseException] = []

        def body() -> None:
            try:
                self._result.append(function())
            except BaseException as error:  # handed on by `result`, whatever it is
                self._failure.append(error)

        previous = threading.stack_size(STACK_MIB << 20)
        sys.setrecursionlimit(RECURSION_LIMIT)
        self._thread = threading.Thread(target=body, name="guest", daemon=True)
        self._thread.start()
        threading.stack_size(previous)

    def join(self, seconds: float | None = None) -> bool:
        """Wait until it has ended, but no longer than that; whether it has."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def result(self) -> T:
        """What the call gave, when it has ended; its exception is raised."""
        if self._failure:
            raise self._failure[0]
        return self._result[0]


def run_deep(function: Callable[[], T]) -> T:
    """Call `function` on a thread with a large stack, and hand on its result or exception.

    `KeyboardInterrupt` reaches the calling thread, which then gives up waiting.
    """
    prepare_collector()
    call = DeepCall(function)
    call.join()
    return call.result()
