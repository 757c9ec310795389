"""Futures and promises without threads: a future runs at once, in a greenlet, until it has to wait.

Whoever waits lets the others run; when nobody can, waiting would never end, and the guest is told so.
"""

from __future__ import annotations

import time
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Callable

from greenlet import getcurrent, greenlet

from lockstep.reference.clojure.runtime.java.exceptions import Throwable, guest_exception, throwable
from lockstep.reference.clojure.runtime.kernel.registry import KERNEL
from lockstep.reference.clojure.runtime.state.vars import Var
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.names import FALSE, TRUE, boolean
from lockstep.reference.clojure.runtime.values.numbers import to_double

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment


# Seconds for which nothing looks whether the run is over.
_LONGEST_SLEEP = 0.05


class Scheduler:
    """The futures of one environment that are waiting."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.waiting: list[Future] = []

    def unbind(self) -> list[list[tuple[Var, Value]]]:
        """Take all dynamic bindings off, to be put on again later."""
        environment = self.environment
        saved: list[list[tuple[Var, Value]]] = []
        while environment.frames:
            saved.append([(var, var.deref()) for var in environment.frames[-1]])
            environment.pop_bindings()
        return saved

    def rebind(self, saved: list[list[tuple[Var, Value]]]) -> None:
        """Put bindings on again."""
        for frame in reversed(saved):
            self.environment.push_bindings(frame)

    def resume(self, future: Future) -> None:
        """Let a future run until it ends or waits."""
        saved = self.unbind()
        future.task.switch()
        self.unbind()
        self.rebind(saved)

    def running_thread(self) -> object:
        """The thread whose code runs now, None for the main one."""
        future = getattr(getcurrent(), "future", None)
        return None if future is None else future.thread

    def start(self, thunk: Callable[[], Value], thread: object = None) -> Future:
        """Run something beside the caller."""
        return Future(self, thunk, thread)

    def sleep(self, seconds: float) -> None:
        """Let the others run for a while."""
        self.wait(lambda: False, time.monotonic() + seconds)

    def wait(self, done: Callable[[], bool], deadline: float | None = None) -> bool:
        """Let others run until `done()`; False if nobody can make progress, or the time is over."""
        future = getattr(getcurrent(), "future", None)
        if future is not None:
            return self._wait_inside(future, done, deadline)
        while not done():
            now = time.monotonic()
            if deadline is not None and now >= deadline:
                return False
            self.waiting = [one for one in self.waiting if not one.over]
            ready = [one for one in self.waiting if one.deadline is None or one.deadline <= now or one.done()]
            for one in ready:
                self.resume(one)
            if ready and (done() or any(one.over or one.deadline is not None for one in ready)):
                continue
            sleeping = [one.deadline for one in self.waiting if one.deadline is not None and not one.over]
            if deadline is None and not sleeping:
                return False
            until = min([*sleeping, *([] if deadline is None else [deadline])])
            time.sleep(min(max(until - time.monotonic(), 0), _LONGEST_SLEEP))
            budget = self.environment.budget
            if budget.steps < 0:
                budget.exhausted()
        return True

    def _wait_inside(self, future: Future, done: Callable[[], bool], deadline: float | None) -> bool:
        """Wait in a future: whoever let it run goes on."""
        while not done():
            if deadline is not None and time.monotonic() >= deadline:
                return False
            future.deadline, future.done = deadline, done
            saved = self.unbind()
            parent = future.task.parent
            assert parent is not None
            parent.switch()
            self.rebind(saved)
        future.deadline = None
        return True


class Task(greenlet):
    """The greenlet of a future."""

    future: Any = None


class Future:
    """clojure.core/future."""

    def __init__(self, scheduler: Scheduler, thunk: Callable[[], Value], thread: object = None) -> None:
        self.scheduler = scheduler
        self.thunk = thunk
        self.thread = thread
        # When it can go on at the latest, and what it waits for.
        self.deadline: float | None = None
        self.done: Callable[[], bool] = lambda: False
        self.over = False
        self.cancelled = False
        self.value: Value = None
        self.error: Throwable | None = None
        self.fatal: BaseException | None = None
        self.task = Task(self._run)
        self.task.future = self
        self.task.gr_context = copy_context()
        scheduler.resume(self)
        if self.fatal is not None:
            raise self.fatal
        if not self.over:
            scheduler.waiting.append(self)

    def _run(self) -> None:
        try:
            self.value = self.thunk()
        except Exception as error:  # kept for whoever derefs
            self.error = guest_exception(error)
        except BaseException as error:  # a limit ends the whole run
            self.fatal = error
        self.over = True

    def realized(self) -> bool:
        """Whether it is done."""
        return self.over

    def deref(self) -> Value:
        """The value, once it is there."""
        if not self.over and not self.scheduler.wait(lambda: self.over):
            raise throwable("IllegalStateException", "deref would never return")
        if self.cancelled:
            raise throwable("CancellationException", None)
        if self.error is not None:
            shown = self.scheduler.environment.printer.string(self.error)
            raise throwable("ExecutionException", shown, self.error)
        return self.value

    def guest_get(self, *_: Value) -> Value:
        """Future.get."""
        return self.deref()

    def guest_isDone(self) -> Value:  # Java's name
        """Future.isDone."""
        return boolean(self.over)

    def guest_isCancelled(self) -> Value:  # Java's name
        """Future.isCancelled."""
        return boolean(self.cancelled)

    def guest_cancel(self, *_: Value) -> Value:
        """Future.cancel."""
        return _cancel(self)

    def deref_timed(self, milliseconds: Value, default: Value) -> Value:
        """The value, or `default` if it is not there in time."""
        if self.over or self.scheduler.wait(lambda: self.over, _deadline(milliseconds)):
            return self.deref()
        return default


_LONGEST_WAIT = 10.0


def _deadline(milliseconds: Value) -> float:
    return time.monotonic() + min(to_double(milliseconds) / 1000, _LONGEST_WAIT)


class Promise:
    """clojure.core/promise."""

    def __init__(self, scheduler: Scheduler) -> None:
        self.scheduler = scheduler
        self.over = False
        self.value: Value = None

    def realized(self) -> bool:
        """Whether it was delivered."""
        return self.over

    def deref(self) -> Value:
        """The value, once it is delivered."""
        if not self.over and not self.scheduler.wait(lambda: self.over):
            raise throwable("IllegalStateException", "deref would never return")
        return self.value

    def deref_timed(self, milliseconds: Value, default: Value) -> Value:
        """The value, or `default` if it is not delivered in time."""
        if self.over or self.scheduler.wait(lambda: self.over, _deadline(milliseconds)):
            return self.value
        return default

    def deliver(self, value: Value) -> Value:
        """`deliver`: the first value counts."""
        if self.over:
            return None
        self.over = True
        self.value = value
        return self

    def __call__(self, value: Value) -> Value:
        """Call it, as guests do."""
        return self.deliver(value)


def _cancel(future: Future) -> Value:
    if future.over:
        return FALSE
    future.over = future.cancelled = True
    return TRUE


@KERNEL.installer
def install(environment: Environment) -> dict[str, Value]:
    """Futures and promises of an environment."""
    scheduler = environment.scheduler = Scheduler(environment)
    return {
        "future": lambda thunk: Future(scheduler, thunk),
        "future?": lambda x: boolean(isinstance(x, Future)),
        "future-done?": lambda x: boolean(x.over),
        "future-cancel": _cancel,
        "future-cancelled?": lambda x: boolean(x.cancelled),
        "promise": lambda: Promise(scheduler),
        "deliver": lambda p, x: p.deliver(x),
    }
