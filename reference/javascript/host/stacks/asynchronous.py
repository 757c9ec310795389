"""`async` frames: functions that wait for the code that runs, found through the promises that they await."""

from __future__ import annotations

from types import FrameType, FunctionType
from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.call_frame import CallFrame, Calls
from lockstep.reference.javascript.runtime.intrinsics.control.async_function import FULFILLED
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import JSPromise
from lockstep.reference.javascript.runtime.values import Value

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def waiting_frames(realm: Realm, resumed: FrameType, most: int) -> list[CallFrame]:
    """The async functions that wait for the one that `resumed` drives, innermost first."""
    promise = _promise_of(resumed.f_locals.get("resolve"))
    found: list[CallFrame] = []
    while promise is not None and len(found) < most:
        waiting = _awaiting(promise)
        if waiting is None:
            break
        execution, resolve = waiting
        frames, _ = realm.agent.evaluator.call_frames(Calls(None, _suspended(execution), 1, None))
        for waiting_frame in frames:
            waiting_frame.is_async = True
        found.extend(frames)
        promise = _promise_of(resolve)
    return found


def _cells(function: Value) -> dict[str, object]:
    """What a closure of the host's holds."""
    if not isinstance(function, FunctionType) or function.__closure__ is None:
        return {}
    return {
        name: cell.cell_contents for name, cell in zip(function.__code__.co_freevars, function.__closure__)
    }


def _promise_of(resolve: Value) -> JSPromise | None:
    """The promise that a resolving function is of."""
    promise = _cells(resolve).get("promise")
    return promise if isinstance(promise, JSPromise) else None


def _awaiting(promise: JSPromise) -> tuple[object, object] | None:
    """The execution that awaits a promise, with the resolving function of its own."""
    for reaction, _ in promise.reactions_:
        handler = reaction.handler
        if isinstance(handler, FunctionType) and handler.__code__ is FULFILLED:
            held = _cells(handler)
            return held.get("execution"), _cells(held.get("resume")).get("resolve")
    return None


def _suspended(execution: Value) -> FrameType | None:
    """The innermost host frame of a suspended body."""
    frame: FrameType | None = getattr(execution, "gi_frame", None)
    if frame is None:
        frame = getattr(getattr(execution, "_greenlet", None), "gr_frame", None)
    return frame
