"""Running guest code where deep recursion meets the host's counter before the machine's stack ends."""

from __future__ import annotations

import sys
import threading
from typing import Callable, TypeVar

from lockstep.reference.host.collector import prepare_collector

T = TypeVar("T")

STACK_MIB = 1000
# Host frames before RecursionError; a frame that recurses through C takes less than 5 KiB of stack.
# PyPy counts a little over half of its frames, which take three times the memory.
RECURSION_LIMIT = 100_000 if sys.implementation.name == "pypy" else 200_000


def run_deep(function: Callable[[], T]) -> T:
    """Call `function` on a thread whose stack is `STACK_MIB` large, and hand on its result or exception.

    `KeyboardInterrupt` reaches the calling thread, which then gives up waiting; the guest's thread is a
    daemon and does not keep the process alive.
    """
    result: list[T] = []
    failure: list[BaseException] = []

    def body() -> None:
        try:
            result.append(function())
        except BaseException as error:  # handed on below, whatever it is
            failure.append(error)

    prepare_collector()
    previous = threading.stack_size(STACK_MIB << 20)
    sys.setrecursionlimit(RECURSION_LIMIT)
    thread = threading.Thread(target=body, name="guest", daemon=True)
    thread.start()
    threading.stack_size(previous)
    thread.join()
    if failure:
        raise failure[0]
    return result[0]
