"""Hooks (manual 6.10, `debug.sethook`; `ldebug.c`, `luaG_traceexec`).

Evaluators call `at_point` before each operation that is an instruction of the reference implementation, `on_call` and
`on_return` at a function's ends, and `hooked_entry` for what a call calls, but only while `state.hook` is set.
"""

from __future__ import annotations

import sys
from types import MethodType
from typing import Callable

from lockstep.reference.lua.runtime.operations.calls import HookedBuiltin, call_value, entry, values
from lockstep.reference.lua.runtime.stack.frames import lost_calls
from lockstep.reference.lua.runtime.state import Hook, State, Thread
from lockstep.reference.lua.runtime.values import Builtin, Function, Results, Value


def set_hook(state: State, coroutine: Thread, function: Function | None, mask: str, count: int) -> None:
    """Set or remove a coroutine's hook."""
    kept = "".join(letter for letter in "crl" if letter in mask)
    count = max(count, 0)
    state.hookable = True
    if function is not None and (kept or count):
        state.evaluator.hook_loaded(state)
    coroutine.hook = None if function is None or not (kept or count) else Hook(function, kept, count)
    if coroutine is state.coroutine and not coroutine.in_hook:
        state.hook = coroutine.hook


def current_hook(state: State, coroutine: Thread) -> Results:
    """Hook function, mask and count."""
    hook = coroutine.hook
    if hook is None:
        return [None] if state.integers else [None, "", 0]
    return [hook.function, hook.mask, hook.count]


def call_hook(
    state: State,
    hook: Hook,
    event: str,
    line: int | None = None,
    transferred: list[Value] | None = None,  # the debug library reads it
) -> None:
    """Call a hook, which does not see what it does itself.

    `transferred` are the values that a call or return hands over; the debug library finds them in this frame.
    """
    coroutine = state.coroutine
    coroutine.in_hook = True
    state.hook = None
    try:
        call_value(state, hook.function, event, line)
    finally:
        coroutine.in_hook = False
        state.hook = coroutine.hook


def at_point(state: State, last: int, line: int) -> None:
    """An instruction on `line`; `last` is the line of the one before, 0 after a jump backwards."""
    hook = state.hook
    if hook is None:
        return
    if hook.count:
        hook.left -= 1
        if hook.left <= 0:
            hook.left = hook.count
            call_hook(state, hook, "count")
            if state.hook is not hook:
                return
    if hook.lines and last != line:
        call_hook(state, hook, "line", line if line >= 0 else None)


def on_call(state: State) -> None:
    """A function of Lua code was entered."""
    hook = state.hook
    if hook is not None and hook.calls:
        tail = state.integers and lost_calls(sys._getframe(1)) > 0
        call_hook(state, hook, "tail call" if tail else "call")


def on_return(state: State, result: Results) -> None:
    """A function of Lua code is about to return `result`."""
    hook = state.hook
    if hook is not None and hook.returns:
        call_hook(state, hook, "return", None, values(result))
        if not state.integers:
            for _ in range(lost_calls(sys._getframe(1))):
                if state.hook is not None and state.hook.returns:
                    call_hook(state, state.hook, "tail return")


def hooked_entry(state: State, function: Value, described: str | None = None) -> Callable[..., Results]:
    """The entry point of what is called, for any number of arguments; with events around a built-in."""
    if isinstance(function, Builtin) and (state.hook is not None or function.name == "sethook"):
        # `debug.sethook` returns under the hook that it has set.
        return MethodType(call_builtin, HookedBuiltin(state, function))
    return entry(state, function, -1, described)


def call_builtin(called: HookedBuiltin, *arguments: Value) -> Results:
    """Call a built-in with the events of its call and return. This frame stands for it on the Lua stack."""
    state = called.state
    hook = state.hook
    if hook is not None and hook.calls:
        call_hook(state, hook, "call", None, list(arguments))
    result = called.function.cn(*arguments)
    hook = state.hook
    if hook is not None and hook.returns:
        result = values(result)
        call_hook(state, hook, "return", None, result)
    return result
