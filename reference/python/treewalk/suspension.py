# every form has one signature, and tracebacks read `frame` and `node`
"""Generators, coroutines and asynchronous generators by greenlet (Language Reference 6.2.9, 8.9).

The body runs as plain recursive code on a greenlet of its own. What the guest holds is a host generator or
coroutine that only passes values between the two, so its type, its methods and its life are the host's.
"""

from __future__ import annotations

import types
from collections.abc import AsyncGenerator, Coroutine, Generator
from types import CoroutineType, GeneratorType
from typing import Any, Callable

import greenlet

from lockstep.reference.python.runtime.dispatch.attributes import get_attribute
from lockstep.reference.python.runtime.dispatch.calling import call
from lockstep.reference.python.runtime.frames import ITERABLE_COROUTINE, Code
from lockstep.reference.python.runtime.kinds import is_a
from lockstep.reference.python.runtime.slot_functions import find_special
from lockstep.reference.python.runtime.type_info import MISSING, name_of, slot_of
from lockstep.reference.python.treewalk.program import Frame

Value = Any

RETURN, YIELD, AWAIT = "return", "yield", "await"


class Suspension:
    """One suspended body: `resume` runs it to its next suspension, `suspend` is called inside it."""

    def __init__(self, frame: Frame, body: Callable[[], Value]) -> None:
        self.frame = frame
        self.walker = frame.walker
        self.body = body
        self.inner: Any = frame
        self.greenlet: Any = None
        frame.suspension = self

    def _run(self, *_: Value) -> tuple[str, Value]:
        return RETURN, self.body()

    def resume(self, value: Value, error: BaseException | None) -> tuple[str, Value]:
        """Send `value` in, or raise `error` there; how and with what the body suspends next."""
        walker = self.walker
        outer = walker.frame
        current = greenlet.getcurrent()
        if self.greenlet is None:
            if error is not None:
                raise error
            self.greenlet = greenlet.greenlet(self._run)
        self.greenlet.parent = current
        self.frame.back = outer
        walker.frame = self.inner
        walker.enter()
        try:
            result: tuple[str, Value] = self.greenlet.switch((value, error))
        finally:
            walker.leave()
            self.inner = walker.frame
            walker.frame = outer
        return result

    def suspend(self, kind: str, value: Value) -> Value:
        """Hand `value` out; what is sent in.

        Raises:
            BaseException: what was thrown in.
        """
        sent, error = self.greenlet.parent.switch((kind, value))
        if error is not None:
            raise error
        return sent


def _generator(code: Code, suspension: Suspension) -> Generator[Value, Value, Value]:
    sent: Value = None
    failure: BaseException | None = None
    while True:
        kind, value = suspension.resume(sent, failure)
        sent = failure = None
        if kind is RETURN:
            return value
        try:
            sent = yield value
        except BaseException as error:  # whatever is thrown in
            failure = error


@types.coroutine
def _awaits(code: Code, suspension: Suspension) -> Generator[Value, Value, Value]:
    return (yield from _generator(code, suspension))


@types.coroutine
def _pass_on(value: Value) -> Generator[Value, Value, Value]:
    return (yield value)


async def _coroutine(code: Code, suspension: Suspension) -> Value:
    return await _awaits(code, suspension)


async def _async_generator(code: Code, suspension: Suspension) -> AsyncGenerator[Value, Value]:
    sent: Value = None
    failure: BaseException | None = None
    while True:
        kind, value = suspension.resume(sent, failure)
        sent = failure = None
        if kind is RETURN:
            return
        try:
            sent = await _pass_on(value) if kind is AWAIT else (yield value)
        except BaseException as error:  # whatever is thrown in
            failure = error


def _named(made: Value, code: Code) -> Value:
    made.__name__, made.__qualname__ = code.co_name, code.co_qualname
    return made


def make_generator(frame: Frame, body: Callable[[], Value]) -> Generator[Value, Value, Value]:
    """A generator over `body`."""
    return _named(_generator(frame.code, Suspension(frame, body)), frame.code)  # type: ignore[no-any-return]


def make_coroutine(frame: Frame, body: Callable[[], Value]) -> Coroutine[Value, Value, Value]:
    """A coroutine over `body`."""
    return _named(_coroutine(frame.code, Suspension(frame, body)), frame.code)  # type: ignore[no-any-return]


def make_async_generator(frame: Frame, body: Callable[[], Value]) -> AsyncGenerator[Value, Value]:
    """An asynchronous generator over `body`."""
    return _named(  # type: ignore[no-any-return]
        _async_generator(frame.code, Suspension(frame, body)), frame.code
    )


def get_awaitable(value: Value) -> Value:
    """8.9.1, 3.4.1: what `await value` iterates.

    Raises:
        TypeError: `value` cannot be awaited.
    """
    if is_a(value, CoroutineType):
        if getattr(value, "cr_await", None) is not None:
            raise RuntimeError("coroutine is being awaited already")
        return value
    if is_a(value, GeneratorType) and value.gi_code.co_flags & ITERABLE_COROUTINE:
        return value
    slot = slot_of(value, "am_await")
    if slot is None:
        raise TypeError(f"object {name_of(value)} can't be used in 'await' expression")
    iterator = slot(value)
    if is_a(iterator, CoroutineType):
        raise TypeError("__await__() returned a coroutine")
    if slot_of(iterator, "tp_iternext") is None:
        raise TypeError(f"__await__() returned non-iterator of type '{name_of(iterator)}'")
    return iterator


def delegate(frame: Frame, node: Any, iterator: Value, kind: str) -> Value:
    """6.2.9.2 `yield from` and `await`: pass everything between `iterator` and whoever resumes."""
    sent: Value = None
    suspension: Suspension = frame.suspension
    failure: BaseException | None = None
    while True:
        try:
            if failure is not None:
                raised, failure = failure, None
                value = _throw(iterator, raised)
            elif sent is None and slot_of(iterator, "tp_iternext") is not None:
                value = slot_of(iterator, "tp_iternext")(iterator)  # type: ignore[misc]  # it was just found
            else:
                value = call(get_attribute(iterator, "send"), (sent,), {})
        except StopIteration as stop:
            return stop.value
        sent = None
        try:
            sent = suspension.suspend(kind, value)
        except BaseException as error:  # goes to the iterator first
            failure = error


def _throw(iterator: Value, error: BaseException) -> Value:
    if is_a(error, GeneratorExit):
        close = _method(iterator, "close")
        if close is not MISSING:
            call(close, (), {})
        raise error
    throw = _method(iterator, "throw")
    if throw is MISSING:
        raise error
    return call(throw, (error,), {})


def _method(value: Value, name: str) -> Value:
    try:
        return get_attribute(value, name)
    except AttributeError:
        return MISSING


def get_async_iterator(value: Value) -> Value:
    """8.9.2: `aiter(value)`.

    Raises:
        TypeError: it is no asynchronous iterable.
    """
    slot = slot_of(value, "am_aiter")
    if slot is None:
        raise TypeError(f"'async for' requires an object with __aiter__ method, got {name_of(value)}")
    iterator = slot(value)
    if slot_of(iterator, "am_anext") is None:
        raise TypeError(
            "'async for' received an object from __aiter__ that does not implement __anext__: "
            f"{name_of(iterator)}"
        )
    return iterator


def next_awaitable(iterator: Value) -> Value:
    """What awaiting gives the next item of an asynchronous iterator."""
    slot = slot_of(iterator, "am_anext")
    assert slot is not None
    awaitable = slot(iterator)
    failure: TypeError
    try:
        return get_awaitable(awaitable)
    except TypeError as error:
        failure = error
    raise TypeError(
        f"'async for' received an invalid object from __anext__: {name_of(awaitable)}"
    ) from failure


def special(value: Value, name: str) -> Value:
    """A special method of the type of `value`, bound, or MISSING."""
    return find_special(value, name)
