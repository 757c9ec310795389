"""Coroutines (manual 2.6), each on a greenlet of its own."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any, Callable, cast

from greenlet import GreenletExit, getcurrent, greenlet

from reference.lua.runtime.operations.calls import call_value, values
from reference.lua.runtime.stack.closing import CoroutineClosed, close_in_turn
from reference.lua.runtime.stack.errors import runtime_error
from reference.lua.runtime.stack.frames import kind_of
from reference.lua.runtime.stack.protection import C_STACK_OVERFLOW, end_at_limit, error_value
from reference.lua.runtime.state import State
from reference.lua.runtime.values import Attached, Collectable, LuaError, Value

_MAX_NESTED = 190
# Built-ins that go on after what they call has yielded.
_IN_BETWEEN = frozenset(("lua_yield", "lua_isyieldable", "call_builtin"))
_CONTINUED = frozenset(("lua_yield", "lua_isyieldable", "lua_pcall", "lua_xpcall", "lua_dofile", "lua_pairs"))


def coroutine_body(state: State, function: Value, arguments: tuple[Value, ...]) -> list[Value]:
    """What runs on a coroutine's own host stack."""
    return values(call_value(state, function, *arguments))


class Coroutine(Collectable):
    """A thread of Lua.

    Attributes:
        status: suspended, running, normal or dead.
        protections: the message handlers (None for `pcall`) of the protected calls that are active in it.
        pending: the values of variables that the error that ended it left to be closed, innermost first.
        failure: that error, until `close` tells of it.
        error_trace: where that was.
        globals: 5.1: its global environment, while it does not run.
        closing: its variables are being closed, so it cannot yield.
        hook: what `debug.sethook` set for it.
        in_hook: its hook is running.
        handles_overflow: a message handler of it is running because of a stack overflow.
    """

    __slots__ = (
        "__weakref__",
        "attached",
        "closing",
        "error_trace",
        "failure",
        "fiber",
        "function",
        "globals",
        "handles_overflow",
        "hook",
        "in_hook",
        "main",
        "pending",
        "protections",
        "resumer",
        "state",
        "status",
    )

    attached: Attached

    def __init__(self, state: State, function: Value, *, main: bool = False) -> None:
        self.state = state
        self.function = function
        self.main = main
        if main:
            # The host's fibers make themselves ready for this thread now, not when memory is short.
            greenlet.getcurrent()
        self.globals = state.globals
        self.status = "running" if main else "suspended"
        self.fiber: Any = None
        self.resumer: Coroutine | None = None
        self.error_trace: Any = None
        self.failure: LuaError | None = None
        self.protections: list[Value] = []
        self.pending: list[Value] = []
        self.closing = False
        self.hook: Any = None
        self.in_hook = False
        self.handles_overflow = False

    def resume(self, arguments: tuple[Value, ...]) -> list[Value]:
        """Run until it yields or ends; its error is raised here.

        Raises:
            LuaError: it ended with an error, or cannot be resumed.
        """
        state = self.state
        if self.status != "suspended":
            shown = "dead" if self.status == "dead" else "non-suspended"
            if not state.integers and self.status != "dead":
                shown = self.status
            raise LuaError(f"cannot resume {shown} coroutine")
        if state.resumes >= _MAX_NESTED:
            raise LuaError(C_STACK_OVERFLOW)
        fiber = self.fiber
        current = getcurrent()
        if fiber is None:
            # The body does not know its coroutine: a stack that held its owner would keep it alive.
            fiber = self.fiber = greenlet(coroutine_body, current)
            arguments = (state, self.function, arguments)
            state.know_suspended(self)
        elif fiber.parent is not current:
            fiber.parent = current
        # What `_switch` does, without its calls.
        previous: Coroutine = state.coroutine
        previous.status = "normal"
        self.status = "running"
        self.resumer = previous
        state.coroutine = self
        state.hook = None if self.in_hook else self.hook
        state.resumes += 1
        if not state.integers:
            previous.globals, state.globals = state.globals, self.globals
        try:
            result = fiber.switch(*arguments)
        except BaseException as error:
            end_at_limit(self.state, error)
            self.status = "dead"
            self.function = None
            if isinstance(error, (LuaError, RecursionError, MemoryError)):
                self.error_trace = error.__traceback__
                self.failure = LuaError(error_value(error))
            raise
        finally:
            if not state.integers:
                self.globals, state.globals = state.globals, previous.globals
            state.resumes -= 1
            state.coroutine = previous
            state.hook = None if previous.in_hook else previous.hook
            previous.status = "running"
            self.resumer = None
        if fiber.dead:
            self.status = "dead"
            self.function = None
        else:
            self.status = "suspended"
        return result if type(result) is list else [result] if not isinstance(result, tuple) else list(result)

    def _switch(self, fiber: Any, action: Callable[[], Value]) -> Value:
        """Make this the running coroutine while `action` switches to its fiber."""
        state = self.state
        fiber.parent = getcurrent()
        previous: Coroutine = state.coroutine
        previous.status = "normal"
        self.status = "running"
        self.resumer = previous
        state.coroutine = self
        state.hook = None if self.in_hook else self.hook
        state.resumes += 1
        if not state.integers:
            previous.globals, state.globals = state.globals, self.globals
        try:
            return action()
        finally:
            if not state.integers:
                self.globals, state.globals = state.globals, previous.globals
            state.resumes -= 1
            state.coroutine = previous
            state.hook = None if previous.in_hook else previous.hook
            previous.status = "running"
            self.resumer = None

    def close(self) -> None:
        """Close a suspended or dead coroutine and its pending variables.

        Raises:
            LuaError: the error that ended it, or the last one in closing a variable.
        """
        failure = self.failure
        fiber = self.fiber
        if self.status == "suspended" and fiber is not None and not fiber.dead:
            failure = self._closed(fiber, lambda: fiber.throw(CoroutineClosed()))
        elif self.pending:
            pending, self.pending = self.pending, []
            closer = greenlet(lambda: self._close_all(pending, failure))
            failure = self._closed(closer, closer.switch)
        self.failure = None
        self.error_trace = None
        self.status = "dead"
        self.function = None
        self.fiber = None
        if failure is not None:
            raise failure

    def abandon(self) -> None:
        """Give its stack up, without closing variables: nothing can resume it any more."""
        fiber = self.fiber
        self.fiber = None
        self.function = None
        self.status = "dead"
        if fiber is not None and not fiber.dead:
            fiber.parent = getcurrent()
            fiber.throw(GreenletExit)

    def _close_all(self, pending: list[Value], failure: LuaError | None) -> LuaError | None:
        for value in pending:
            failure = close_in_turn(self.state, value, failure)
        return failure

    def _closed(self, fiber: Any, action: Callable[[], Value]) -> LuaError | None:
        """Close its variables on `fiber`; the error that is left."""
        if self.state.resumes >= _MAX_NESTED:
            return LuaError(C_STACK_OVERFLOW)
        self.protections.clear()
        self.closing = True
        try:
            left = self._switch(fiber, action)
        except CoroutineClosed as closed:
            return closed.failure
        except (LuaError, RecursionError, MemoryError) as error:
            return LuaError(error_value(error))
        finally:
            self.closing = False
        return left if isinstance(left, LuaError) else None


def _resumer() -> Any:
    """The fiber that resumed the running one, which must not have itself in a variable while it is suspended."""
    return cast("Any", getcurrent()).parent


def give_up(state: State, results: list[Value]) -> list[Value]:
    """Suspend the running coroutine; what it is resumed with. Called by `coroutine.yield` itself."""
    running: Coroutine = state.coroutine
    if running.main:
        if state.integers:
            runtime_error("attempt to yield from outside a coroutine", 0)
        runtime_error("attempt to yield across metamethod/C-call boundary", 0)
    if (
        running.closing
        or running.in_hook
        or not (_only_continued if state.integers else _only_lua)(sys._getframe(2))
    ):
        if state.integers:
            runtime_error("attempt to yield across a C-call boundary", 0)
        raise LuaError("attempt to yield across metamethod/C-call boundary")
    del running
    passed = _resumer().switch(results)
    if isinstance(passed, tuple):
        return list(passed)
    return [passed]


def is_yieldable(state: State) -> bool:
    """Whether the running coroutine can yield: no built-in that would have to go on stands in between."""
    running: Coroutine = state.coroutine
    if running.main or running.closing or running.in_hook:
        return False
    frame = sys._getframe(1)
    return _only_continued(frame) if state.integers else _only_lua(frame)


def _only_continued(frame: FrameType | None) -> bool:
    start = coroutine_body.__code__
    while frame is not None:
        code = frame.f_code
        if code is start:
            # On some hosts the frames of what resumed it come next.
            return True
        name = code.co_name
        # Compiled code has a dollar in its name.
        if (
            "$" not in name
            and name.startswith("lua_")
            and name not in _CONTINUED
            and kind_of(frame) == "host"
        ):
            return False
        frame = frame.f_back
    return True


def _only_lua(frame: FrameType | None) -> bool:
    """5.1: no built-in and no metamethod either."""
    boundary = call_value.__code__
    start = coroutine_body.__code__
    while frame is not None and frame.f_back is not None and frame.f_code is not start:
        if frame.f_code is boundary and frame.f_back.f_code is not start:
            return False
        if kind_of(frame) == "host" and frame.f_code.co_name not in _IN_BETWEEN:
            return False
        frame = frame.f_back
    return True
