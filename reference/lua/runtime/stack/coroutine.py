"""Coroutines (manual 2.6): host generators where the body was compiled as one, else each on a greenlet of its own.

A function's generator form (`vm/yielding.py`) gives its driver what it yields, and gets what it is resumed with. It runs on the
stack of whoever resumes it until it is about to call what might yield below it: it then asks for a host stack
(`HOST`), gets one, and goes on there, where any depth of calls can be suspended.
"""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any, Callable, NoReturn, cast

from greenlet import GreenletExit, getcurrent, greenlet

from lockstep.reference.lua.runtime.operations.calls import (
    C_STACK_OVERFLOW,
    call_value,
    called,
    entry_any,
    finish,
)
from lockstep.reference.lua.runtime.stack.closing import CoroutineClosed, close_in_turn
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.stack.frames import CALLING, STARTING, kind_of, role_of
from lockstep.reference.lua.runtime.stack.protection import end_at_limit, error_value
from lockstep.reference.lua.runtime.state import Hook, State, Thread
from lockstep.reference.lua.runtime.values import (
    HOST,
    Attached,
    Builtin,
    Collectable,
    Function,
    LuaError,
    Results,
    Table,
    Value,
)

_MAX_NESTED = 199
# How deep generators may delegate to each other before their coroutine gets a host stack: a yield passes through all.
NESTING = 24
# Built-ins that go on after what they call has yielded.
_IN_BETWEEN = frozenset(("lua_yield", "lua_isyieldable", "call_builtin"))
_CONTINUED = frozenset(("lua_yield", "lua_isyieldable", "lua_pcall", "lua_xpcall", "lua_dofile", "lua_pairs"))


def coroutine_body(state: State, function: Value, arguments: list[Value]) -> Results:
    """What runs on a coroutine's own host stack."""
    target = entry_any(function) if isinstance(function, Function) else called(state, function, None)
    return finish(target(*arguments))


def hosted_body(state: State, generator: Any) -> Results:
    """What runs on the host stack of a coroutine that began as a generator: the rest of it."""
    names = state.compiled_names
    result = HOST
    try:
        while True:
            if result is HOST:
                result = generator.send(names)
                continue
            try:
                passed = _resumer().switch(result)
            except BaseException as thrown:  # it is ended from outside: its variables are still to be closed
                result = generator.throw(thrown)
            else:
                result = generator.send(passed)
    except StopIteration as stop:
        return finish(stop.value)


class Hosted:
    """A generator and the host stack that it runs on; `lost` is where what nothing refers to any more goes, with its stack."""

    __slots__ = ("fiber", "generator", "lost")

    def __init__(self, generator: Any, fiber: Any, lost: list[Hosted]) -> None:
        self.generator = generator
        self.fiber = fiber
        self.lost = lost

    if sys.implementation.name == "pypy":
        # This host forgets the stack, and would then try to end a generator that runs.
        def __del__(self) -> None:
            if not self.fiber.dead:
                self.lost.append(self)


def end_lost(state: State) -> None:
    """End the host stacks that nothing refers to any more, as other hosts do by themselves."""
    while state.lost_stacks:
        fiber = state.lost_stacks.pop().fiber
        if not fiber.dead:
            fiber.parent = getcurrent()
            fiber.throw(GreenletExit)


class Coroutine(Collectable):
    """A thread of Lua.

    Attributes:
        dead: it has ended.
        resumer: the coroutine that resumed it, while it runs; the main thread is its own.
        calls: how many calls from within built-ins and operations nest, those of the coroutines that wait for it included.
        base: how many of them are of those.
        generator: its body as a host generator, as long as that runs on the stacks of those who resume it.
        fiber: its host stack.
        inner: what runs on its host stack, if that began as a generator.
        protections: the message handlers (None for `pcall`) of the protected calls that are active in it.
        pending: the values of variables that the error that ended it left to be closed, innermost first.
        failure: that error, until `close` tells of it.
        error_trace: where that was.
        raised: an error of it that the function `coroutine.wrap` gave is still to raise.
        globals: 5.1: its global environment, while it does not run.
        closing: its variables are being closed, so it cannot yield.
        hook: what `debug.sethook` set for it.
        in_hook: its hook is running.
        handles: a message handler of it is running, so it cannot yield.
        handles_overflow: a message handler of it is running because of a stack overflow.
    """

    __slots__ = (
        "__weakref__",
        "attached",
        "base",
        "calls",
        "closing",
        "dead",
        "error_trace",
        "failure",
        "fiber",
        "function",
        "generator",
        "globals",
        "handles",
        "handles_overflow",
        "hook",
        "in_hook",
        "inner",
        "main",
        "pending",
        "protections",
        "raised",
        "resumer",
        "state",
    )

    attached: Attached

    def __init__(self, state: State, function: Value, *, main: bool = False) -> None:
        self.state = state
        self.function = function
        self.main = main
        self.resumer: Thread | None = None
        if main:
            # The host's fibers make themselves ready for this thread now, not when memory is short.
            greenlet.getcurrent()
            self.resumer = self
        self.globals: Table = state.globals
        self.dead: bool = False
        self.calls: int = 0
        self.base: int = 0
        self.generator: Any = None
        self.fiber: Any = None
        self.inner: Any = None
        self.error_trace: Any = None
        self.failure: LuaError | None = None
        self.raised: BaseException | None = None
        self.protections: list[Value] = []
        self.pending: list[Value] = []
        self.closing: bool = False
        self.hook: Hook | None = None
        self.in_hook = False
        self.handles = False
        self.handles_overflow = False

    @property
    def status(self) -> str:
        """`suspended`, `running`, `normal` or `dead`."""
        if self.state.coroutine is self:
            return "running"
        if self.dead:
            return "dead"
        return "suspended" if self.resumer is None else "normal"

    def resume(self, passed: Results) -> Results:
        """Run until it yields or ends; values go in and come out as those of a call, with no tail call left.

        Raises:
            LuaError: it ended with an error, or cannot be resumed.
        """
        state = self.state
        previous = state.coroutine
        if self.resumer is not None or self.dead or previous.calls >= _MAX_NESTED:
            self._refuse()
        # What `_switch` does, without its calls.
        self.resumer = previous
        base = previous.calls + 1
        self.calls += base - self.base
        self.base = base
        state.coroutine = self
        if state.hookable or not state.integers:
            self._exchange(previous)
        try:
            generator = self.generator
            if generator is not None:
                result = generator.send(passed)
                if result is HOST:
                    result = self._host(generator)
            else:
                result = self._go_on(passed)
        except StopIteration as stop:
            result = stop.value
            self._end()
        except BaseException as error:
            self._fail(error)
            raise
        finally:
            state.coroutine = previous
            self.resumer = None
            if state.hookable or not state.integers:
                self._exchange_back(previous)
        return result

    def _refuse(self) -> NoReturn:
        """It cannot be resumed."""
        status = self.status
        if status == "suspended":
            raise LuaError(C_STACK_OVERFLOW)
        if self.state.integers and status != "dead":
            status = "non-suspended"
        raise LuaError(f"cannot resume {status} coroutine")

    def _go_on(self, passed: Results) -> Results:
        """Start, or go on with, what is no generator yet, or none any more."""
        fiber = self.fiber
        if fiber is None:
            state = self.state
            if state.integers and self.calls >= _MAX_NESTED:
                raise LuaError(C_STACK_OVERFLOW)  # `ccall` of its body
            function = self.function
            arguments = passed if type(passed) is list else [passed]
            form = getattr(function, "generator_form", None)
            if form is not None and not state.hookable:
                generator = self.generator = form(NESTING, *arguments)
                result = generator.send(None)
                return self._host(generator) if result is HOST else result
            # The body does not know its coroutine: a stack that held its owner would keep it alive.
            fiber = self.fiber = greenlet(coroutine_body, getcurrent())
            state.know_suspended(self)
            result = fiber.switch(state, function, arguments)
        else:
            current = getcurrent()
            if fiber.parent is not current:
                fiber.parent = current
            result = fiber.switch(passed)
        if fiber.dead:
            self._end()
        return result

    def _host(self, generator: Any) -> Results:
        """Go on with a generator on a host stack of its own."""
        state = self.state
        if state.lost_stacks:
            end_lost(state)
        fiber = self.fiber = greenlet(hosted_body, getcurrent())
        self.generator = None
        self.inner = Hosted(generator, fiber, state.lost_stacks)
        state.know_suspended(self)
        result = fiber.switch(self.state, generator)
        if fiber.dead:
            self._end()
        return result

    def _end(self) -> None:
        self.dead = True
        self.function = self.generator = self.inner = None

    def _fail(self, error: BaseException) -> None:
        """It ended with an error."""
        end_at_limit(self.state, error)
        self._end()
        if isinstance(error, (LuaError, RecursionError, MemoryError)):
            self.error_trace = error.__traceback__
            self.failure = LuaError(error_value(error))

    def _exchange(self, previous: Thread) -> None:
        """What else belongs to the running coroutine: its hook, and 5.1's global environment."""
        state = self.state
        state.hook = None if self.in_hook else self.hook
        if not state.integers:
            previous.globals, state.globals = state.globals, self.globals

    def _exchange_back(self, previous: Thread) -> None:
        state = self.state
        if not state.integers:
            self.globals, state.globals = state.globals, previous.globals
        state.hook = None if previous.in_hook else previous.hook

    def _switch(self, action: Callable[[], Value]) -> Value:
        """Make this the running coroutine while `action` closes its variables."""
        state = self.state
        previous = state.coroutine
        self.resumer = previous
        base = previous.calls + 1
        self.calls += base - self.base
        self.base = base
        state.coroutine = self
        self._exchange(previous)
        try:
            return action()
        finally:
            state.coroutine = previous
            self.resumer = None
            self._exchange_back(previous)

    def close(self) -> None:
        """Close a suspended or dead coroutine and its pending variables.

        Raises:
            LuaError: the error that ended it, or the last one in closing a variable.
        """
        failure = self.failure
        fiber = self.fiber
        generator = self.generator
        if self.dead or (fiber is None and generator is None):
            if self.pending:
                pending, self.pending = self.pending, []
                closer = greenlet(lambda: self._close_all(pending, failure), getcurrent())
                failure = self._closed(closer.switch)
        elif generator is not None:
            failure = self._closed(lambda: unwind(self.state, generator))
        else:
            fiber.parent = getcurrent()
            failure = self._closed(lambda: fiber.throw(CoroutineClosed()))
        self._end()
        self.failure = None
        self.error_trace = None
        self.fiber = None
        if failure is not None:
            raise failure

    def abandon(self) -> None:
        """Give its stack up, without closing variables: nothing can resume it any more."""
        fiber = self.fiber
        self.fiber = None
        self._end()
        if fiber is not None and not fiber.dead:
            fiber.parent = getcurrent()
            fiber.throw(GreenletExit)

    def _close_all(self, pending: list[Value], failure: LuaError | None) -> LuaError | None:
        for value in pending:
            failure = close_in_turn(self.state, value, failure)
        return failure

    def _closed(self, action: Callable[[], Value]) -> LuaError | None:
        """Close its variables by `action`; the error that is left."""
        if self.state.coroutine.calls >= _MAX_NESTED:
            return LuaError(C_STACK_OVERFLOW)
        self.protections.clear()
        self.closing = True
        try:
            left = self._switch(action)
        except CoroutineClosed as closed:
            return closed.failure
        except (LuaError, RecursionError, MemoryError) as error:
            return LuaError(error_value(error))
        finally:
            self.closing = False
        return left if isinstance(left, LuaError) else None

    def suspended_generators(self) -> list[Any]:
        """Where it is suspended in a generator's own yield: the generators that delegate to it, outermost first."""
        generator = self.generator if self.inner is None else self.inner.generator
        found = []
        while getattr(generator, "gi_frame", None) is not None:
            found.append(generator)
            generator = generator.gi_yieldfrom
        return found


class Wrapped(Builtin):
    """The function that `coroutine.wrap` gives; `thread` is its coroutine."""

    __slots__ = ("thread",)

    def __init__(self, function: Callable[..., Results], state: State, thread: Coroutine) -> None:
        super().__init__(function, "wrap", state)
        self.thread = thread


def unwind(state: State, generator: Any) -> None:
    """Close the variables of a suspended generator."""
    result = generator.throw(CoroutineClosed())
    while result is HOST:
        # No stack of its own is needed: what closes variables here cannot yield.
        result = generator.send(state.compiled_names)


def _resumer() -> Any:
    """The fiber that resumed the running one, which must not have itself in a variable while it is suspended."""
    return cast("Any", getcurrent()).parent


def give_up(state: State, results: Results) -> Results:
    """Suspend the running coroutine; what it is resumed with. Called by `coroutine.yield` itself."""
    running = state.coroutine
    if running.main:
        if state.integers:
            runtime_error("attempt to yield from outside a coroutine", 0)
        runtime_error("attempt to yield across metamethod/C-call boundary", 0)
    if (
        running.closing
        or running.in_hook
        or running.handles
        # A generator asks for a stack of its own before it calls what may come here.
        or running.fiber is None
        or not (_only_continued if state.integers else _only_lua)(sys._getframe(2))
    ):
        if state.integers:
            runtime_error("attempt to yield across a C-call boundary", 0)
        raise LuaError("attempt to yield across metamethod/C-call boundary")
    del running
    return _resumer().switch(results)


def is_yieldable(state: State) -> bool:
    """Whether the running coroutine can yield: no built-in that would have to go on stands in between."""
    running = state.coroutine
    if running.main or running.closing or running.in_hook or running.handles:
        return False
    frame = sys._getframe(1)
    return _only_continued(frame) if state.integers else _only_lua(frame)


def _starts(frame: FrameType) -> bool:
    """Whether a coroutine begins in a frame; on some hosts the frames of what resumed it come next."""
    return frame.f_code.co_name in STARTING and role_of(frame) is not None


def _only_continued(frame: FrameType | None) -> bool:
    while frame is not None:
        name = frame.f_code.co_name
        # Compiled code has a dollar in its name.
        if "$" not in name:
            if name in STARTING and _starts(frame):
                return True
            if name.startswith("lua_") and name not in _CONTINUED and kind_of(frame) == "host":
                return False
        frame = frame.f_back
    return True


def _only_lua(frame: FrameType | None) -> bool:
    """5.1: no built-in and no metamethod either."""
    boundary = call_value.__code__
    while frame is not None and frame.f_back is not None and not _starts(frame):
        if frame.f_code is boundary and not _starts(frame.f_back):
            return False
        if frame.f_code.co_name in CALLING and role_of(frame) is not None:
            return False
        if kind_of(frame) == "host" and frame.f_code.co_name not in _IN_BETWEEN:
            return False
        frame = frame.f_back
    return True
