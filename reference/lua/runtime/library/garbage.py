"""`collectgarbage` (manual 6.1), and what 5.1 has besides: `gcinfo` and `newproxy`."""

# functions end in one that never returns, which the rule cannot see across files
from __future__ import annotations

from typing import Callable

from lockstep.reference.lua.runtime.arguments import (
    argument,
    argument_error,
    boolean,
    optional_integer,
    optional_string,
)
from lockstep.reference.lua.runtime.collector.finalisation import set_userdata_metatable
from lockstep.reference.lua.runtime.library.registration import register, versions
from lockstep.reference.lua.runtime.state import CollectorControls, State
from lockstep.reference.lua.runtime.values import FALSE, TRUE, Results, Table, Userdata, Value


def _collect(state: State, arguments: tuple[Value, ...]) -> Results:
    del arguments
    state.collector.collect()
    return 0


def _count(state: State, arguments: tuple[Value, ...]) -> Results:
    del arguments
    return state.collector.count() / 1024


def _step(state: State, arguments: tuple[Value, ...]) -> Results:
    return boolean(state.collector.step(optional_integer(state, arguments, 2, 0)))


def _stop(state: State, arguments: tuple[Value, ...]) -> Results:
    del arguments
    state.collector.stop()
    return 0


def _restart(state: State, arguments: tuple[Value, ...]) -> Results:
    del arguments
    state.collector.restart()
    return 0


def _is_running(state: State, arguments: tuple[Value, ...]) -> Results:
    del arguments
    return boolean(state.collector.running)


def _parameter(state: State, value: int) -> int:
    """A parameter as the version keeps it: 5.4 in a byte, a quarter of it."""
    return (abs(value) // 4 * (1 if value >= 0 else -1)) % 256 * 4 if state.integers else value


def _set_pause(state: State, arguments: tuple[Value, ...]) -> Results:
    collector = state.collector
    previous = collector.pause
    collector.pause = _parameter(state, optional_integer(state, arguments, 2, 0))
    return previous


def _set_step_multiplier(state: State, arguments: tuple[Value, ...]) -> Results:
    collector = state.collector
    previous = collector.multiplier
    collector.multiplier = _parameter(state, optional_integer(state, arguments, 2, 0))
    return previous


def _incremental(state: State, arguments: tuple[Value, ...]) -> Results:
    collector = state.collector
    pause = optional_integer(state, arguments, 2, 0)
    multiplier = optional_integer(state, arguments, 3, 0)
    optional_integer(state, arguments, 4, 0)
    if pause:
        collector.pause = _parameter(state, pause)
    if multiplier:
        collector.multiplier = _parameter(state, multiplier)
    return _mode(collector, "incremental")


def _generational(state: State, arguments: tuple[Value, ...]) -> Results:
    optional_integer(state, arguments, 2, 0)
    optional_integer(state, arguments, 3, 0)
    return _mode(state.collector, "generational")


def _mode(collector: CollectorControls, mode: str) -> str:
    previous = collector.mode
    collector.mode = mode
    return previous


_Option = Callable[[State, tuple[Value, ...]], Results]
_OPTIONS: dict[str, _Option] = {
    "collect": _collect,
    "count": _count,
    "restart": _restart,
    "setpause": _set_pause,
    "setstepmul": _set_step_multiplier,
    "step": _step,
    "stop": _stop,
}
_VERSION_OPTIONS: dict[str, dict[str, _Option]] = {
    "5.1": _OPTIONS,
    "5.4": {
        **_OPTIONS,
        "generational": _generational,
        "incremental": _incremental,
        "isrunning": _is_running,
    },
}


def lua_collectgarbage(state: State, *arguments: Value) -> Results:
    """`collectgarbage(option, argument)`."""
    option = optional_string(state, arguments, 1, "collect")
    action = _VERSION_OPTIONS[state.profile.name].get(option)
    if action is None:
        argument_error(state, 1, f"invalid option '{option}'")
    if state.integers and state.finalisers.running:
        # The collector is not entered from a finaliser.
        return None
    return action(state, arguments)


def lua_gcinfo(state: State, *arguments: Value) -> Results:
    """`gcinfo()` (5.1): whole kilobytes."""
    del arguments
    return int(state.collector.count() >> 10)


def lua_newproxy(state: State, *arguments: Value) -> Results:
    """`newproxy(boolean or proxy)` (5.1)."""
    model = argument(arguments, 1)
    proxy = Userdata()
    if model is TRUE:
        set_userdata_metatable(state, proxy, Table())
    elif isinstance(model, Userdata):
        set_userdata_metatable(state, proxy, model.meta_table)
    elif model is not None and model is not FALSE:
        argument_error(state, 1, "boolean or proxy expected")
    return proxy


FUNCTIONS = versions(
    ("collectgarbage", lua_collectgarbage, 2, "6.1", "5.0"),
    ("gcinfo", lua_gcinfo, 0, "7.2", "5.0", "5.1"),
    ("newproxy", lua_newproxy, 1, "-", "5.1", "5.1"),
)


def open_garbage(state: State) -> None:
    """Put the collector's functions into the globals."""
    register(state, state.globals, FUNCTIONS.of(state))
