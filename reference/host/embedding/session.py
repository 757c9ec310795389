"""One guest of an embedder: its runs under limits, what the embedder holds of it, and the way out to host functions."""

from __future__ import annotations

import inspect
import itertools
import queue
import threading
import time
import weakref
from dataclasses import replace
from typing import Any, Callable, NoReturn

from lockstep.reference.host.embedding.errors import BusyError, GuestError, LimitExceeded, StaleHandleError
from lockstep.reference.host.embedding.guest import Failure, Guest, HostError, MissingKey, Opening
from lockstep.reference.host.embedding.handles import Handle
from lockstep.reference.host.embedding.output import GuestOutput, Sink
from lockstep.reference.host.embedding.stack import Answer, Ask, Deliver, GuestThread, Job, Reply
from lockstep.reference.host.errors import LimitExceeded as LimitReached
from lockstep.reference.host.limits import Budget, Limits

Value = Any

# Steps are counted in any case, so that a run can be cancelled.
_NO_END = 1 << 60
# How often a cancelled guest is told again: the flag may be lost in a read-modify-write.
_AGAIN_SECONDS = 0.02
# How deep host and guest may call each other.
_DEEPEST = 200
_PUBLIC_NAMES = {"time": "seconds"}


class _Nudge:
    """Wakes the waiting thread, so that it tells a cancelled guest again."""


def metered(limits: Limits) -> Limits:
    """The same limits, under which steps are counted."""
    return limits if limits.metered else replace(limits, steps=_NO_END)


class GuestSession:
    """A guest state, its thread, and what the embedder holds of it.

    Args:
        language: what handles call it.
        open_guest: makes a fresh state.
        limits: what each run may use.
        sink: where output goes.
        roots: folders in which the guest finds libraries.
        files: whether it may touch files and processes.
    """

    def __init__(
        self,
        language: str,
        open_guest: Callable[[Opening], Guest],
        limits: Limits,
        sink: Sink,
        roots: tuple[str, ...] = (),
        *,
        files: bool = False,
    ) -> None:
        self.language = language
        self.limits = metered(limits)
        self.budget = Budget(self.limits)
        self._open_guest = open_guest
        self._roots = roots
        self._files = files
        self.thread = GuestThread()
        self.output = GuestOutput(sink, self.thread_call, self.interrupt)
        weakref.finalize(self, self.thread.stop)
        self._lock = threading.Lock()
        self._guest: Guest | None = None
        self._closed = False
        self._held: dict[int, Value] = {}
        self._numbers = itertools.count(1)
        # Handles with smaller numbers are from before the last reset.
        self._first = 0
        # Runs inside each other; the thread that may begin another one inside, because its host function runs.
        self._depth = 0
        self._asker = 0
        self.deadline: float | None = None
        # The budget of each run in hand, and how to wake the thread or loop that waits for it.
        self._running: list[tuple[Budget, Deliver]] = []
        self._cancelled = False
        # An exception of the host's that no guest may hold back (an interrupt).
        self._interruption: BaseException | None = None
        self.transactions = 0
        # Host awaitables that the guest does not wait for itself, with what is to be done with their results.
        self.outstanding: dict[Any, Callable[[Any, BaseException | None], None]] = {}
        # What an event loop waits for.
        self.waiting: set[Any] = set()

    # Runs

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._closed

    @property
    def guest(self) -> Guest:
        """The state; only on the guest's thread."""
        assert self._guest is not None
        return self._guest

    def open_guest(self) -> Callable[[], None] | None:
        """What makes the state, on the guest's thread, where there is none yet; the limits of a run are not for that."""
        if self._guest is not None:
            return None
        self.budget.restart(Limits(steps=_NO_END, memory=self.limits.memory))

        def body() -> None:
            opening = Opening(self, self.budget, self.output, self._roots, self._files, self._held)
            try:
                self._guest = self._open_guest(opening)
            except (LimitReached, MemoryError) as error:
                failure = self._limit(error)
            else:
                return
            raise failure

        return body

    def enter(self) -> bool:
        """Begin a run; whether it is the outermost one.

        Raises:
            BusyError: another thread or task runs the guest.
            StaleHandleError: the interpreter is closed.
            RecursionError: host and guest call each other too deeply.
        """
        with self._lock:
            if self._closed:
                raise StaleHandleError("this interpreter is closed")
            if self._depth and self._asker != threading.get_ident():
                raise BusyError("the interpreter is running")
            if self._depth >= _DEEPEST:
                raise RecursionError(f"host and guest call each other more than {_DEEPEST} deep")
            self._depth += 1
            self._asker = 0
            if self._depth > 1:
                return False
            self._cancelled = False
            self._interruption = None
            self.deadline = None
            return True

    def leave(self) -> None:
        """A run is over."""
        with self._lock:
            self._depth -= 1
            self._asker = threading.get_ident() if self._depth else 0

    def run(
        self,
        action: Callable[..., Any],
        arguments: tuple[object, ...] = (),
        finish: Callable[[Guest, Value], Any] | None = None,
    ) -> Any:
        """Do `action(guest, *arguments)` on the guest's stack, and wait; host functions that it calls run here.

        Args:
            action: may run guest code; its errors come out as the host's.
            arguments: host values, which it gets as guest values.
            finish: what is made of its result; converted if None.

        Raises:
            GuestError: the guest threw.
            LimitExceeded: a limit ended the run.
            BusyError: another thread runs the guest.
            StaleHandleError: the interpreter is closed, or a handle is of no use.
        """
        outermost = self.enter()
        replies: queue.SimpleQueue[object] = queue.SimpleQueue()
        self.begin(self.budget if outermost else self.running_budget, replies.put)
        try:
            opening = self.open_guest()
            if opening is not None:
                self.thread.post(Job(opening, replies.put))
                self.result(self._wait(replies), outermost)
            if outermost:
                self.restart(self.budget)
            self.thread.post(Job(self.job(action, arguments, finish, self.budget, outermost), replies.put))
            reply = self._wait(replies)
        finally:
            self.end()
            self.leave()
        return self.result(reply, outermost)

    def begin(self, budget: Budget, deliver: Deliver) -> None:
        """A run under `budget` begins, inside those that run already."""
        self._running.append((budget, deliver))

    def end(self) -> None:
        """The innermost run has ended."""
        if self._running:
            self._running.pop()

    @property
    def running_budget(self) -> Budget:
        """The budget of the run in hand."""
        return self._running[-1][0] if self._running else self.budget

    def guest_blocks(self) -> bool:
        """Whether the guest itself waits for host coroutines that it calls."""
        return self._guest is None or self._guest.blocks

    def restart(self, budget: Budget) -> None:
        """The limits of an outermost run begin."""
        budget.restart(self.limits)
        if self._cancelled:
            # Somebody was quicker than the run.
            budget.cancel("cancelled")
        self.output.left = self.limits.output
        seconds = self.limits.seconds
        self.deadline = None if seconds is None else time.monotonic() + seconds

    def job(
        self,
        action: Callable[..., object],
        arguments: tuple[object, ...],
        finish: Callable[[Guest, Value], object] | None,
        budget: Budget,
        outermost: bool,
    ) -> Callable[[], object]:
        """What the guest's thread does for a run."""

        def body() -> Any:
            guest = self.guest
            if outermost:
                guest.use_budget(budget)
            # What goes wrong here is the embedder's own mistake, and no guest's error.
            passed = [guest.to_guest(argument) for argument in arguments]
            failure: BaseException | None = None
            try:
                value = action(guest, *passed)
                if outermost:
                    self.output.finish()
                # What it stands for may have to be computed still (a lazy sequence).
                return guest.to_host(value) if finish is None else finish(guest, value)
            except (KeyError, StaleHandleError) as error:
                failure = self._own(guest, error)
            except BaseException as error:  # `_meaning` hands on what is no guest's
                failure = self._meaning(guest, error)
            finally:
                if outermost:
                    guest.after_run()
            # Out of the handlers: the error must not hold the frames that it comes from.
            try:
                raise failure
            finally:
                del failure, passed

        return body

    def _own(self, guest: Guest, error: Exception) -> BaseException:
        """A missing key is said with `MissingKey`; any other KeyError may be a guest's."""
        if isinstance(error, (MissingKey, StaleHandleError)):
            error.__traceback__ = None
            return error
        return self._meaning(guest, error)

    def _meaning(self, guest: Guest, error: BaseException) -> BaseException:
        """The exception that the embedder gets for what left the guest."""
        if self._interruption is not None:
            return self._interruption
        if isinstance(error, (LimitReached, MemoryError)):
            return self._limit(error)
        try:
            failure = guest.failure(error)
            return failure.origin if failure.origin is not None else self._guest_error(guest, failure)
        except (LimitReached, MemoryError) as limit:
            # The guest's own code said what the error is (`__tostring`).
            return self._limit(limit)

    def _limit(self, error: LimitReached | MemoryError) -> LimitExceeded:
        reason = error.reason if isinstance(error, LimitReached) else "memory"
        return LimitExceeded(_PUBLIC_NAMES.get(reason, reason), self)

    def _guest_error(self, guest: Guest, failure: Failure) -> GuestError:
        value = self._thrown(guest, failure.values[0]) if failure.values else None
        cause = None if failure.cause is None else self._guest_error(guest, failure.cause)
        return GuestError(failure.report, value, cause)

    def _thrown(self, guest: Guest, value: Value) -> object:
        """What was thrown, as the host's; a handle where that goes wrong: it is nested too deeply, or its own code fails."""
        try:
            return guest.to_host(value)
        except MemoryError:
            raise
        except Exception:  # a second error must not replace the first
            return self.handle(value)

    def _wait(self, replies: queue.SimpleQueue[object]) -> Reply:
        interrupted: BaseException | None = None
        while True:
            try:
                message = replies.get(timeout=self.seconds_left())
            except queue.Empty:
                self.tell_again()
                continue
            except KeyboardInterrupt as error:
                if interrupted is not None:
                    raise
                interrupted = error
                self._cancelled = True
                self.running_budget.cancel("cancelled")
                continue
            if isinstance(message, Ask):
                self.thread.inbox.put(self._answered(message))
            elif isinstance(message, Reply):
                if interrupted is not None:
                    raise interrupted
                return message

    def seconds_left(self) -> float | None:
        """How long to wait for the guest before it is told (again) to end."""
        if self._cancelled:
            return _AGAIN_SECONDS
        if self.deadline is None:
            return None
        return max(0.0, self.deadline - time.monotonic())

    def tell_again(self) -> None:
        """The time to wait is over: the guest is to end."""
        self.running_budget.cancel("cancelled" if self._cancelled and not self._late() else "time")
        self._cancelled = True

    def _late(self) -> bool:
        return self.deadline is not None and time.monotonic() >= self.deadline

    def _answered(self, ask: Ask) -> Answer:
        self.asking(True)
        try:
            value = ask.function()
            if inspect.isawaitable(value):
                if inspect.iscoroutine(value):
                    value.close()
                raise TypeError("a host coroutine can be waited for in evaluate_async only")
            return Answer(ask.number, value)
        except BaseException as error:  # it is the guest's first, and comes back if nothing catches it
            return Answer(ask.number, failure=error)
        finally:
            self.asking(False)

    def asking(self, begins: bool) -> None:
        """A host function begins or ends on this thread, and may run the guest meanwhile."""
        with self._lock:
            self._asker = threading.get_ident() if begins else 0

    def result(self, reply: Reply, outermost: bool) -> Any:
        """What a job gave.

        Raises:
            BaseException: what it raised.
        """
        if outermost:
            self._interruption = None
        if reply.failure is None:
            return reply.value
        try:
            raise reply.failure
        finally:
            del reply

    def cancel(self) -> None:
        """End the run in hand, from any thread."""
        for waiting in list(self.waiting):
            waiting.cancel()
        with self._lock:
            if not self._depth:
                return
            self._cancelled = True
            budget, deliver = self._running[-1] if self._running else (self.budget, None)
        budget.cancel("cancelled")
        if deliver is not None:
            deliver(_Nudge())

    # Out of the guest: on its own thread

    def call(self, function: Callable[..., object], arguments: list[object]) -> object:
        """See Embedder."""
        return self.call_host(function, arguments)

    def thread_call(self, function: Callable[..., object], *arguments: object) -> object:
        """Call a host function on the thread that waits; what it raises is raised here."""
        return self.thread.ask(lambda: function(*arguments))

    def interrupt(self, error: BaseException) -> NoReturn:
        """End the run with an exception of the host's that is no affair of the guest's."""
        self._interruption = error
        self.running_budget.end("cancelled")

    def call_host(self, function: Callable[..., object], arguments: list[object]) -> object:
        """Call a host function that the guest calls."""
        try:
            found = self.thread_call(function, *arguments)
        except Exception as error:
            if not (isinstance(error, LimitExceeded) and error.owner is self):
                raise HostError(error) from None
            reason = error.which
        except BaseException as error:
            self.interrupt(error)
        else:
            budget = self.running_budget
            if budget.steps < 0:
                # A run inside this one used it up, whatever the host made of that.
                budget.exhausted()
            return found
        return self.running_budget.end(reason)

    def held(self, handle: Handle) -> Value:
        """See Embedder."""
        session, number = handle.session_and_number()
        if session is not self:
            raise StaleHandleError("this handle belongs to another interpreter")
        return self._value(number)

    def _value(self, number: int) -> Value:
        try:
            return self._held[number]
        except KeyError:
            pass
        if self._closed:
            raise StaleHandleError("the interpreter of this handle is closed")
        if number < self._first:
            raise StaleHandleError("the interpreter of this handle was reset")
        raise StaleHandleError("this handle was released")

    def handle(self, value: Value) -> Handle:
        """See Embedder."""
        number = next(self._numbers)
        self._held[number] = value
        return Handle(self, number)

    def later(self, waiting: object, settle: Callable[[object, BaseException | None], None]) -> None:
        """See Embedder."""
        self.outstanding[waiting] = settle

    # What handles do

    def let_go(self, number: int) -> None:
        """A handle is gone."""
        self._held.pop(number, None)

    def holds(self, number: int) -> bool:
        """Whether there is a value under `number`."""
        return number in self._held

    def call_value(self, target: object, arguments: tuple[object, ...], *, convert: bool = True) -> object:
        """Call a guest value."""
        return self.run(
            lambda guest, function, *passed: guest.call(function, list(passed)),
            (target, *arguments),
            None if convert else as_handle,
        )

    def invoke(self, target: Handle, name: str, arguments: tuple[object, ...]) -> object:
        """Call a method of a guest value."""
        return self.run(
            lambda guest, value, *passed: guest.invoke(value, name, list(passed)), (target, *arguments)
        )

    def get_item(self, target: Handle, key: object) -> object:
        """Read from a guest value."""
        return self.run(lambda guest, value, name: guest.get_item(value, name), (target, key))

    def set_item(self, target: Handle, key: object, item: object) -> None:
        """Write to a guest value."""
        self.run(
            lambda guest, value, name, new: guest.set_item(value, name, new), (target, key, item), nothing
        )

    def length(self, target: Handle) -> int:
        """The length of a guest value."""
        return int(self.run(lambda guest, value: guest.length(value), (target,), as_it_is))

    def keys(self, target: Handle) -> list[Any]:
        """What iterating over a guest value gives."""
        found: list[Any] = self.run(
            lambda guest, value: list(guest.keys(value)),
            (target,),
            lambda guest, keys: [guest.to_host(one) for one in keys],
        )
        return found

    def copied(self, target: Handle) -> object:
        """The host form of a guest value, if it has one."""
        return self.run(lambda _, value: value, (target,))

    def kind(self, target: Handle) -> str:
        """The sort of a guest value."""
        return str(self.run(lambda guest, value: guest.kind(value), (target,), as_it_is))

    def text(self, target: Handle) -> str:
        """The text of a guest value."""
        return str(self.run(lambda guest, value: guest.text(value), (target,), as_it_is))

    def shown(self, number: int) -> str:
        """What a handle is called; never raises, and runs no guest code."""
        guest = self._guest
        if guest is None or number not in self._held:
            return "handle, no longer valid"
        return guest.kind(self._held[number])

    def same(self, one: Handle, other: Handle) -> bool:
        """Whether two handles hold the same value."""
        if one.session_and_number()[0] is not other.session_and_number()[0]:
            return False
        value, another = self.held(one), self.held(other)
        return self._guest is not None and self._guest.same(value, another)

    def hashed(self, handle: Handle) -> int:
        """A hash that equal handles share."""
        return hash(id(self.held(handle)))

    # Life

    def reset(self) -> None:
        """Begin again with a fresh state; every handle is stale from now on.

        Raises:
            BusyError: the guest is running, or a transaction is open.
        """
        self._end("reset")
        self._first = next(self._numbers)

    def close(self) -> None:
        """Let go of the state; every handle is stale from now on.

        Raises:
            BusyError: the guest is running.
        """
        if self._closed:
            return
        self._end("closed")
        self._closed = True
        self.thread.stop()

    def _end(self, how: str) -> None:
        if self._depth:
            raise BusyError(f"a running interpreter cannot be {how}")
        if self.transactions and how == "reset":
            raise BusyError("an interpreter cannot be reset inside a transaction")
        if self._guest is not None:
            try:
                self.run(lambda guest: guest.close(), (), nothing)
            finally:
                self._held = {}
                self._guest = None
                self.outstanding = {}
        self._held = {}


def as_it_is(_: Guest, value: object) -> Any:
    """A result that is the host's already."""
    return value


def nothing(_: Guest, __: Value) -> None:
    """No result."""


def as_handle(guest: Guest, value: Value) -> object:
    """A handle of anything that has an identity; other values converted."""
    found = guest.to_host(value)
    return (
        found
        if isinstance(found, (Handle, str, int, float, bool, type(None)))
        else guest.embedder.handle(value)
    )
