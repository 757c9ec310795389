"""`async` frames: functions that wait for the code that runs, found through the promises that they await."""

from __future__ import annotations

from collections.abc import Iterator
from types import CodeType, FrameType, FunctionType
from typing import TYPE_CHECKING, Any, Final

from lockstep.reference.javascript.runtime.call_frame import CallFrame, Step
from lockstep.reference.javascript.runtime.call_frames import running
from lockstep.reference.javascript.runtime.intrinsics.control.async_function import async_block_start
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import JSPromise

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def _inner_code(name: str) -> CodeType:
    return next(
        one
        for one in async_block_start.__code__.co_consts
        if isinstance(one, CodeType) and one.co_name == name
    )


# What drives an async function, and what resumes it when the promise that it awaits is fulfilled.
_RESUME: Final = _inner_code("resume")
_FULFILLED: Final = _inner_code("on_fulfilled")


def waiting_frames(realm: Realm, frame: FrameType | None, most: int) -> list[CallFrame]:
    """The async functions that wait for the one that drives the code in `frame`, innermost first."""
    outermost: FrameType | None = None
    for one, _, _ in running(frame):
        if one.f_code is _RESUME:
            outermost = one
    if outermost is None:
        return []
    promise = _promise_of(outermost.f_locals.get("resolve"))
    found: list[CallFrame] = []
    while promise is not None and len(found) < most:
        waiting = _awaiting(promise)
        if waiting is None:
            break
        execution, resolve = waiting
        frames = realm.agent.evaluator.call_frames(_suspended(execution), 1)
        for waiting_frame in frames:
            waiting_frame.is_async = True
        found.extend(frames)
        promise = _promise_of(resolve)
    return found


def _cells(function: Any) -> dict[str, Any]:
    """What a closure of the host's holds."""
    if not isinstance(function, FunctionType) or function.__closure__ is None:
        return {}
    return {
        name: cell.cell_contents for name, cell in zip(function.__code__.co_freevars, function.__closure__)
    }


def _promise_of(resolve: Any) -> JSPromise | None:
    """The promise that a resolving function is of."""
    promise = _cells(resolve).get("promise")
    return promise if isinstance(promise, JSPromise) else None


def _awaiting(promise: JSPromise) -> tuple[Any, Any] | None:
    """The execution that awaits a promise, with the resolving function of its own."""
    for reaction, _ in promise.reactions_:
        handler = reaction.handler
        if isinstance(handler, FunctionType) and handler.__code__ is _FULFILLED:
            held = _cells(handler)
            return held.get("execution"), _cells(held.get("resume")).get("resolve")
    return None


def _suspended(execution: Any) -> Iterator[Step]:
    """The host frames of a suspended body, innermost first."""
    frame = getattr(execution, "gi_frame", None)
    if frame is None:
        frame = getattr(getattr(execution, "_greenlet", None), "gr_frame", None)
    while frame is not None:
        yield frame, frame.f_lasti, frame.f_lineno
        frame = frame.f_back
