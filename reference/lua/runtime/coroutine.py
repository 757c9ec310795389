"""Coroutines (manual 2.6), each on a greenlet of its own."""

from __future__ import annotations

from typing import Any

import greenlet

from reference.lua.runtime.calls import call_value, values
from reference.lua.runtime.closing import CoroutineClosed
from reference.lua.runtime.errors import runtime_error
from reference.lua.runtime.frames import kind_of
from reference.lua.runtime.protection import error_value
from reference.lua.runtime.state import State
from reference.lua.runtime.values import LuaError, Value

_MAX_NESTED = 190


class Coroutine:
    """A thread of Lua: `status` is suspended, running, normal or dead."""

    __slots__ = (
        "__weakref__",
        "error_trace",
        "failure",
        "fiber",
        "function",
        "main",
        "resumer",
        "state",
        "status",
    )

    def __init__(self, state: State, function: Value, *, main: bool = False) -> None:
        self.state = state
        self.function = function
        self.main = main
        self.status = "running" if main else "suspended"
        self.fiber: Any = None
        self.resumer: Coroutine | None = None
        self.error_trace: Any = None
        # The error that ended it, until `close` tells of it.
        self.failure: LuaError | None = None

    def _run(self, *arguments: Value) -> list[Value]:
        return values(call_value(self.state, self.function, *arguments))

    def resume(self, arguments: tuple[Value, ...]) -> list[Value]:
        """Run until it yields or ends; its error is raised here.

        Raises:
            LuaError: it ended with an error, or cannot be resumed.
        """
        if self.status != "suspended":
            shown = "dead" if self.status == "dead" else "non-suspended"
            if not self.state.integers and self.status != "dead":
                shown = self.status
            raise LuaError(f"cannot resume {shown} coroutine")
        return self._switch(lambda: self.fiber.switch(*arguments))

    def _switch(self, action: Any) -> list[Value]:
        state = self.state
        if state.resumes >= _MAX_NESTED:
            raise LuaError("C stack overflow")
        fiber = self.fiber
        if fiber is None:
            fiber = self.fiber = greenlet.greenlet(self._run)
        fiber.parent = greenlet.getcurrent()
        previous: Coroutine = state.coroutine
        previous.status = "normal"
        self.status = "running"
        state.coroutine = self
        state.resumes += 1
        try:
            result = action()
        except BaseException as error:
            self.status = "dead"
            self.function = None
            if isinstance(error, (LuaError, RecursionError)):
                self.error_trace = error.__traceback__
                self.failure = LuaError(error_value(error))
            raise
        finally:
            state.resumes -= 1
            state.coroutine = previous
            previous.status = "running"
        if fiber.dead:
            self.status = "dead"
            self.function = None
        else:
            self.status = "suspended"
        return result if type(result) is list else [result] if not isinstance(result, tuple) else list(result)

    def close(self) -> None:
        """Close a suspended or dead coroutine and its pending variables.

        Raises:
            LuaError: the error that ended it, or one in closing a variable.
        """
        fiber = self.fiber
        if self.status == "suspended" and fiber is not None and not fiber.dead:
            try:
                self._switch(lambda: fiber.throw(CoroutineClosed()))
            except CoroutineClosed:
                pass
            except (LuaError, RecursionError):
                pass
        failure = self.failure
        self.failure = None
        self.error_trace = None
        self.status = "dead"
        self.function = None
        self.fiber = None
        if failure is not None:
            raise failure


def give_up(state: State, results: list[Value]) -> list[Value]:
    """Suspend the running coroutine (`coroutine.yield`); what it is resumed with."""
    running: Coroutine = state.coroutine
    if running.main:
        if state.integers:
            runtime_error("attempt to yield from outside a coroutine", 0)
        runtime_error("attempt to yield across metamethod/C-call boundary", 0)
    if not state.integers and _inside_host_call():
        raise LuaError("attempt to yield across metamethod/C-call boundary")
    resumer: Any = greenlet.getcurrent().parent
    passed = resumer.switch(results)
    if isinstance(passed, tuple):
        return list(passed)
    return [passed]


def _inside_host_call() -> bool:
    """5.1: whether a built-in or a metamethod stands between the coroutine's start and its yield."""
    import sys  # noqa: PLC0415  # 5.1 only

    frame = sys._getframe(2)
    boundary = call_value.__code__
    start = Coroutine._run.__code__
    frame = frame.f_back  # type: ignore[assignment]
    while frame is not None and frame.f_back is not None:
        if frame.f_code is boundary and frame.f_back.f_code is not start:
            return True
        if kind_of(frame) == "host":
            return True
        frame = frame.f_back
    return False
