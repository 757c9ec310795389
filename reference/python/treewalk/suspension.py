# every form has one signature, and tracebacks read `frame` and `node`
"""Generators, coroutines and asynchronous generators by greenlet (Language Reference 6.2.9, 8.9).

The body runs as plain recursive code on a greenlet of its own. What the guest holds is a host generator or
coroutine that only passes values between the two, so its type, its methods and its life are the host's.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Coroutine, Generator
from types import CoroutineType, FrameType, GeneratorType
from typing import Any, Callable, TypeVar

import greenlet

from lockstep.reference.host.fibers import ending_in, new_fiber
from lockstep.reference.python.runtime.frames import ITERABLE_COROUTINE, Code
from lockstep.reference.python.runtime.kinds import Value, is_a
from lockstep.reference.python.runtime.type_info import name_of, slot_of
from lockstep.reference.python.runtime.types.tracebacks import compacted
from lockstep.reference.python.treewalk.program import Frame

Made = TypeVar("Made")
RETURN, YIELD, DELEGATE = "return", "yield", "delegate"
# So many bodies may delegate one to the other, whatever the guest's limit is: each has a stack of its own.
_LONGEST_CHAIN = 10_000


class Suspension:
    """One suspended body: `resume` runs it to its next suspension, `suspend` is called inside it.

    Attributes:
        outer: the body that delegates to this one by `yield from` or `await`, while it does.
        delegates: whether this body delegates to another one.
        asynchronous: the asynchronous generator that it awaits, once that runs.
        handled: the exception that the body was handling when it delegated.
        around: the exception that is handled in those that delegate to it, or where they were resumed.
        levels: how many delegate to it, one through the other.
        linked: its frame, and those of all that delegate to it, have their callers.
        shell: the identity of the frame of the host generator that resumes it.
        sent: what the next resumption sends in; here and nowhere else, so that nothing holds it longer.
        failure: what it raises there.
        caller: the greenlet that resumed it, while it runs.
    """

    def __init__(self, frame: Frame, body: Callable[[], Value]) -> None:
        self.frame = frame
        self.walker = frame.walker
        self.body = body
        self.inner: Any = frame
        self.greenlet: Any = None
        self.caller: Any = None
        self.outer: Suspension | None = None
        self.delegates = False
        self.asynchronous: Suspension | None = None
        self.handled: BaseException | None = None
        self.around: BaseException | None = None
        self.levels = 0
        self.linked = False
        self.shell = 0
        self.sent: Value = None
        self.failure: BaseException | None = None
        frame.suspension = self

    def _run(self, *_: Value) -> tuple[str, Value]:
        try:
            return RETURN, self.body()
        except BaseException as error:
            self.walker.give_context(error)
            if isinstance(error, (StopIteration, StopAsyncIteration)):
                # It becomes the cause of a RuntimeError, and must keep nothing of the body until somebody drops that.
                error.__traceback__ = compacted(error.__traceback__)
            raise
        finally:
            # Nothing of the body is of use any more; its frame and this object hold each other.
            self.inner = self.frame
            self.frame.suspension = None
            del self.body
            ending_in(self.caller)

    def resume(self) -> tuple[str, Any]:
        """Send `sent` in, or raise `failure` there; how and with what the body suspends next."""
        walker = self.walker
        if self.greenlet is None:
            self.greenlet = new_fiber(self._run)
        saved = walker.frame, walker.inherited, walker.thrown
        within = False
        if self.outer is None and walker.awaiting is None:
            self.frame.back = saved[0]
            self.around, self.levels, self.linked = sys.exc_info()[1] or walker.inherited, 0, True
        else:
            within = self._link(saved[0])
        walker.inherited = self.around
        walker.thrown = self.failure
        self.caller = greenlet.getcurrent()
        walker.frame = self.inner
        message = (self.sent, self.failure)
        self.sent = self.failure = None
        depth = walker.depth
        kind = RETURN
        try:
            walker.depth += self.levels
            walker.enter()
            if self.levels > _LONGEST_CHAIN:
                raise RecursionError("maximum recursion depth exceeded")
            result: tuple[str, Value] = self.greenlet.switch(message)
            kind = result[0]
        finally:
            walker.depth = depth
            self.inner = walker.frame
            if kind is RETURN and within:
                self._unlink_from_outer()
            elif kind is not DELEGATE or not self.delegates:
                self._unlink()
            self.caller = None
            walker.frame, walker.inherited, walker.thrown = saved
            walker.awaiting = None
            if kind is DELEGATE and self.delegates:
                walker.awaiting, self.shell = self, id(sys._getframe(1))
            del message
        return result

    def _link(self, caller: Frame | None) -> bool:
        """Link what delegates to this body; whether control came through the outer body's shell, and goes back there when this one ends."""
        walker = self.walker
        shell = sys._getframe(2).f_back
        outer = self.outer or self._found_outer(shell)
        walker.awaiting = None
        within = outer is not None and shell is not None and id(shell) == outer.shell
        if not (within and outer is not None and outer.linked):
            # (Not asked at each: the host looks for it in all generators that wait.)
            self._link_outer(caller, sys.exc_info()[1] or walker.inherited)
        elif not self.linked:
            self._link_to(outer)
        return within

    def _found_outer(self, shell: FrameType | None) -> Suspension | None:
        """An asynchronous generator is behind what is awaited, where nobody can look: who awaits it is told by the shells."""
        outer: Suspension | None = self.walker.awaiting
        if (
            outer is None
            or shell is None
            or id(shell) != outer.shell
            or not outer.delegates
            or self._lies_within(outer)
        ):
            return None
        self.outer, outer.asynchronous = outer, self
        return outer

    # While control goes from body to body of a chain of delegations, its frames stay linked: walking along it each time would
    # take the square of its length.

    def _link_outer(self, caller: Frame | None, handled: BaseException | None) -> None:
        """Link the frames of this body and of all that delegate to it; `caller` resumes the outermost, while it handles `handled`."""
        chain = [self]
        while chain[-1].outer is not None:
            chain.append(chain[-1].outer)
        outermost = chain.pop()
        outermost.frame.back = caller
        outermost.around, outermost.levels, outermost.linked = handled, 0, True
        while chain:
            body = chain.pop()
            body._link_to(outermost)
            outermost = body

    def _link_to(self, outer: Suspension) -> None:
        self.frame.back = outer.inner
        self.around = outer.handled or outer.around
        self.levels = outer.levels + 1
        self.linked = True

    def _unlink_from_outer(self) -> None:
        """A body that does not run has no caller (`f_back` is None)."""
        self.frame.back = None
        self.around = None
        self.linked = False

    def _unlink(self) -> None:
        """The same of this body and of all that delegate to it."""
        body: Suspension | None = self
        while body is not None:
            body._unlink_from_outer()
            body = body.outer

    def suspend(self, kind: str, value: Value) -> Value:
        """Hand `value` out; what is sent in.

        Raises:
            BaseException: what was thrown in.
        """
        sent, error = self.caller.switch((kind, value))
        if error is None:
            return sent
        try:
            raise error
        finally:
            del error, value  # the traceback holds this frame

    def _lies_within(self, other: Suspension) -> bool:
        """Whether `other` is this body, or delegates to it: it then delegates to what is running."""
        body: Suspension | None = self if other.delegates or other is self else None
        while body is not None:
            if body is other:
                return True
            body = body.outer
        return False

    def delegate(self, box: list[Value]) -> Value:
        """Let whoever resumes talk to the iterator in `box`, until that ends; its result.

        The iterator is taken out of the box: as in CPython, it is gone as soon as nobody talks to it any more.
        """
        inner = suspension_of(box[0])
        if inner is not None and not self._lies_within(inner):
            inner.outer = self
            self.delegates = True
        elif inner is None and type(box[0]) in _STEPS_OF_ASYNC_GENERATORS:
            self.delegates = True
        self.handled = sys.exc_info()[1]
        try:
            return self.suspend(DELEGATE, box)
        finally:
            self.handled = None
            self.delegates = False
            if self.asynchronous is not None:
                self.asynchronous.outer = None
                self.asynchronous = None
            if inner is not None and inner.outer is self:
                inner.outer = None


class _Awaited:
    """An iterator that is to be awaited."""

    def __init__(self, iterator: Value) -> None:
        self.iterator = iterator

    def __await__(self) -> Value:
        return self.iterator


# What the guest holds is one of these four; the host's own `yield from` and `await` delegate, as the guest's must:
# to send, throw and close.


def _generator(code: Code, suspension: Suspension) -> Generator[Value, Value, Value]:
    while True:
        kind, value = suspension.resume()
        if kind is RETURN:
            return value
        try:
            if kind is DELEGATE:
                suspension.sent = yield from value.pop()
            else:
                suspension.sent = yield value
        except BaseException as error:  # whatever is thrown in
            suspension.failure = error
        value = None


async def _coroutine(code: Code, suspension: Suspension) -> Value:
    while True:
        kind, value = suspension.resume()
        if kind is RETURN:
            return value
        try:
            suspension.sent = await _awaitable(value.pop())
        except BaseException as error:  # whatever is thrown in
            suspension.failure = error
        value = None


async def _async_generator(code: Code, suspension: Suspension) -> AsyncGenerator[Value, Value]:
    while True:
        kind, value = suspension.resume()
        if kind is RETURN:
            return
        try:
            suspension.sent = await _awaitable(value.pop()) if kind is DELEGATE else (yield value)
        except BaseException as error:  # whatever is thrown in
            suspension.failure = error
        value = None


async def _empty() -> AsyncGenerator[None, None]:
    return
    yield


_STEPS_OF_ASYNC_GENERATORS = (type(_empty().asend(None)), type(_empty().athrow(ValueError())))
_SHELLS = (_generator.__code__, _coroutine.__code__)


def suspension_of(iterator: Value) -> Suspension | None:
    """The body behind a generator or coroutine of ours; None for anything else."""
    if type(iterator) is GeneratorType:
        code, shell = iterator.gi_code, iterator.gi_frame
    elif type(iterator) is CoroutineType:
        code, shell = iterator.cr_code, iterator.cr_frame
    else:
        return None
    if code not in _SHELLS or shell is None:
        return None
    found = shell.f_locals.get("suspension")
    return found if isinstance(found, Suspension) else None


def _awaitable(iterator: Value) -> Any:
    """What the host may await to iterate `iterator`."""
    if type(iterator) is CoroutineType or type(iterator) is GeneratorType:
        return iterator if _is_awaitable(iterator) else _Awaited(iterator)
    return _Awaited(iterator)


def _is_awaitable(value: Any) -> bool:
    return type(value) is CoroutineType or bool(value.gi_code.co_flags & ITERABLE_COROUTINE)


def _named(made: Made, code: Code) -> Made:
    shown: Any = made
    shown.__name__, shown.__qualname__ = code.co_name, code.co_qualname
    return made


def make_generator(frame: Frame, body: Callable[[], Value]) -> Generator[Value, Value, Value]:
    """A generator over `body`."""
    return _named(_generator(frame.code, Suspension(frame, body)), frame.code)


def make_coroutine(frame: Frame, body: Callable[[], Value]) -> Coroutine[Value, Value, Value]:
    """A coroutine over `body`."""
    return _named(_coroutine(frame.code, Suspension(frame, body)), frame.code)


def make_async_generator(frame: Frame, body: Callable[[], Value]) -> AsyncGenerator[Value, Value]:
    """An asynchronous generator over `body`."""
    return _named(_async_generator(frame.code, Suspension(frame, body)), frame.code)


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


def delegate(frame: Frame, node: Any, iterator: Value) -> Value:
    """6.2.9.2 `yield from` and `await`: whoever resumes talks to `iterator` until that ends."""
    suspension: Suspension = frame.suspension
    box = [iterator]
    del iterator
    return suspension.delegate(box)


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
