"""Runs of a guest that an event loop waits for: host coroutines for the guest, guest promises and coroutines for the host."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Generator
from functools import partial
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.host.embedding.errors import LimitExceeded
from lockstep.reference.host.embedding.guest import Pending
from lockstep.reference.host.embedding.stack import Answer, Ask, Job, Reply
from lockstep.reference.host.limits import Budget

if TYPE_CHECKING:
    from lockstep.reference.host.embedding.guest import Guest
    from lockstep.reference.host.embedding.session import GuestSession

_DONE = "done"
_WAITS = "waits"


class AsynchronousRun:
    """One `evaluate_async`: several jobs of the guest's, between which the loop waits for what the guest waits for.

    Args:
        session: whose guest runs.
    """

    def __init__(self, session: GuestSession) -> None:
        self._session = session
        self._loop = asyncio.get_running_loop()
        self._budget = Budget(session.limits)
        self._messages: asyncio.Queue[object] = asyncio.Queue()
        self._cancelled: asyncio.Future[None] = self._loop.create_future()

    def _deliver(self, message: object) -> None:
        self._loop.call_soon_threadsafe(self._messages.put_nowait, message)

    async def run(self, begin: Callable[[Guest], Any]) -> Any:
        """The value of `begin(guest)`, when everything that it stands for has come.

        Raises:
            GuestError: the guest threw, or a promise was rejected.
            LimitExceeded: a limit ended it.
            RuntimeError: nothing is left that could settle what the guest waits for.
        """
        session = self._session
        waits: list[Generator[object, object, object]] = []

        def first(guest: Guest) -> tuple[str, Any]:
            waits.append(guest.awaiting(begin(guest)))
            return _advanced(waits[0], None, None)

        session.waiting.add(self)
        try:
            state, found = await self._job(first, restart=True)
            while state is _WAITS:
                result, failure = await (self._anything() if found is None else self._one(found))
                state, found = await self._job(partial(_next, waits[0], result, failure))
            return found
        finally:
            session.waiting.discard(self)

    def cancel(self) -> None:
        """From any thread: end it, also while it waits."""

        def end() -> None:
            if not self._cancelled.done():
                self._cancelled.set_result(None)

        self._loop.call_soon_threadsafe(end)

    async def _job(
        self, action: Callable[[Guest], tuple[str, object]], *, restart: bool = False
    ) -> tuple[str, Any]:
        session = self._session
        outermost = session.enter()
        session.begin(self._budget, self._deliver)
        try:
            opening = session.open_guest()
            if opening is not None:
                session.thread.post(Job(opening, self._deliver))
                session.result(await self._reply(), outermost)
            if restart and outermost:
                session.restart(self._budget)
            session.thread.post(
                Job(session.job(action, (), _finished, self._budget, outermost), self._deliver)
            )
            reply = await self._reply()
        finally:
            session.end()
            session.leave()
        result: tuple[str, Any] = session.result(reply, outermost)
        return result

    async def _reply(self) -> Reply:
        session = self._session
        interrupted: BaseException | None = None
        while True:
            try:
                message = await asyncio.wait_for(self._messages.get(), session.seconds_left())
            except asyncio.TimeoutError:
                session.tell_again()
                continue
            except asyncio.CancelledError as error:
                interrupted = error
                session.cancel()
                continue
            if isinstance(message, Ask):
                session.thread.inbox.put(await self._answered(message))
            elif isinstance(message, Reply):
                if interrupted is not None:
                    raise interrupted
                return message

    async def _answered(self, ask: Ask) -> Answer:
        session = self._session
        session.asking(True)
        try:
            value = ask.function()
        except BaseException as error:  # it is the guest's first, and comes back if nothing catches it
            return Answer(ask.number, failure=error)
        finally:
            session.asking(False)
        if not inspect.isawaitable(value):
            return Answer(ask.number, value)
        task = asyncio.ensure_future(value)
        if not session.guest_blocks():
            return Answer(ask.number, Pending(task))
        try:
            return Answer(ask.number, await self._within(task))
        except BaseException as error:  # likewise
            task.cancel()
            return Answer(ask.number, failure=error)

    async def _within(self, task: asyncio.Future[object]) -> object:
        """What a task gives, if the limits of the run leave the time."""
        await self._until({task})
        return task.result()

    async def _until(self, tasks: set[asyncio.Future[Any]]) -> set[asyncio.Future[Any]]:
        session = self._session
        deadline = session.deadline
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        done, _ = await asyncio.wait(
            {*tasks, self._cancelled}, timeout=left, return_when=asyncio.FIRST_COMPLETED
        )
        if self._cancelled in done:
            raise LimitExceeded("cancelled", session)
        if not done:
            raise LimitExceeded("seconds", session)
        return done

    async def _one(self, waiting: Pending) -> tuple[Any, BaseException | None]:
        await self._until({waiting.task})
        return _outcome(waiting.task)

    async def _anything(self) -> tuple[Any, BaseException | None]:
        """Wait until something that was promised to the guest has come, and settle it."""
        session = self._session
        if not session.outstanding:
            raise RuntimeError("what the guest waits for is never settled: nothing is left that could do so")
        done = await self._until(set(session.outstanding))
        settled = [(session.outstanding.pop(task), _outcome(task)) for task in done]

        def settle(_: Guest) -> tuple[str, object]:
            for action, (value, failure) in settled:
                action(value, failure)
            return _DONE, None

        await self._job(settle)
        return None, None


def _finished(guest: Guest, step: tuple[str, object]) -> tuple[str, object]:
    state, value = step
    return (state, guest.to_host(value)) if state is _DONE else step


def _next(
    waits: Generator[object, object, object], result: object, failure: BaseException | None, _: Guest
) -> tuple[str, object]:
    return _advanced(waits, result, failure)


def _advanced(
    waits: Generator[object, object, object], result: object, failure: BaseException | None
) -> tuple[str, object]:
    """One step of a guest's waiting, on its own thread: what it waits for, or the value."""
    try:
        return _WAITS, waits.send(result) if failure is None else waits.throw(failure)
    except StopIteration as end:
        return _DONE, end.value


def _outcome(task: asyncio.Future[object]) -> tuple[Any, BaseException | None]:
    if task.cancelled():
        return None, asyncio.CancelledError()
    failure = task.exception()
    return (None, failure) if failure is not None else (task.result(), None)
