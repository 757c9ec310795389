"""The event loop in node's order: ticks, microtasks, timers, immediates (libuv's phases that a program without input has)."""

from __future__ import annotations

import time
from collections import deque
from types import TracebackType
from typing import TYPE_CHECKING, Callable, Protocol

from lockstep.reference.javascript.runtime.completions import thrown_value

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.values import Value

# A sleep looks at the budget so often.
_NAP_SECONDS = 0.01
# Immediates that follow each other hold up timers for so long.
_LATE_SECONDS = 0.01
LONGEST_WAIT = 2**31 - 1
"""Longer waits take one millisecond."""


class Timer:
    """A timeout or interval.

    Attributes:
        run: calls it.
        wait: milliseconds.
        start: when it began to wait, by the loop's time.
        due: the real time before which it is not called, in seconds.
        repeat: the time between two calls, or 0.
        referenced: whether the program waits for it.
        is_active: it will be called.
    """

    __slots__ = ("due", "is_active", "number", "referenced", "repeat", "run", "start", "wait")

    def __init__(self, run: Callable[[], object], wait: int, repeat: int) -> None:
        self.run = run
        self.wait = wait
        self.repeat = repeat
        self.start = 0
        self.due = 0.0
        self.referenced = True
        self.is_active = False
        self.number = 0


class Immediate:
    """What runs once after the timers of this turn."""

    __slots__ = ("is_active", "referenced", "run")

    def __init__(self, run: Callable[[], object]) -> None:
        self.run = run
        self.referenced = True
        self.is_active = True


class _TimerList:
    """The timers of one wait, in the order in which they were set."""

    __slots__ = ("expiry", "number", "timers", "wait")

    def __init__(self, wait: int, expiry: int, number: int) -> None:
        self.wait = wait
        self.expiry = expiry
        self.number = number
        self.timers: dict[Timer, None] = {}


class Reports(Protocol):
    """Where the loop turns with what nobody caught, see `host.JavaScriptHost`."""

    @property
    def realm(self) -> Realm:
        """The realm whose jobs the loop runs."""
        ...

    def uncaught(self, value: Value, traceback: TracebackType | None = None) -> None:
        """An error that nobody caught."""

    def report_rejections(self) -> bool:
        """Rejections that have found no handler by now; whether there were some."""
        ...


class EventLoop:
    """The loop of one program.

    It has a time of its own, that passes while it waits, and catches up with the real time when the program looks at a clock: how
    long code takes on this machine does not change the order of what happens.

    Attributes:
        ticks: what `process.nextTick` queued.
        sources: asked for work that comes from outside: each returns whether it may still bring some, and runs what it has.
    """

    def __init__(self, host: Reports) -> None:
        self.host = host
        self.realm = host.realm
        self.ticks: deque[Callable[[], object]] = deque()
        self.sources: list[Callable[[], bool]] = []
        self._lists: dict[int, _TimerList] = {}
        self._immediates: list[Immediate] = []
        # The last turn, too, had immediates.
        self._is_turning = False
        self._number = 0
        # The real time that was when the loop's own was `_now`.
        self._stamp = time.monotonic()
        # When the callback that runs last looked at a clock.
        self._seen: float | None = None
        self.origin = time.perf_counter() * 1000
        self._now = 0

    # The clock

    def now(self) -> int:
        """Milliseconds of the loop's own time."""
        return self._now

    def look_at_clock(self) -> None:
        """The program looks at a clock: what has passed since it last did, in one callback, has passed for the loop, too."""
        real = time.monotonic()
        if self._seen is not None:
            passed = int((real - self._seen) * 1000)
            if passed <= 0:
                return
            self._now += passed
            self._stamp += passed / 1000
        self._seen = real

    def _catch_up(self) -> None:
        """Let pass what has passed while immediates followed each other, but no more than until the next timer."""
        passed = int((time.monotonic() - self._stamp) * 1000)
        until = min((found.expiry for found in self._lists.values()), default=self._now + passed)
        if passed > 0:
            self._now = max(self._now, min(self._now + passed, until))
            self._stamp = time.monotonic()

    # Timers

    def set(self, timer: Timer, start: int | None = None) -> None:
        """Let a timer wait."""
        timer.start = self._now if start is None else start
        timer.due = (time.monotonic() if start is None else timer.due) + timer.wait / 1000
        found = self._lists.get(timer.wait)
        if found is None:
            self._number += 1
            found = self._lists[timer.wait] = _TimerList(timer.wait, timer.start + timer.wait, self._number)
        found.timers[timer] = None
        timer.is_active = True

    def clear(self, timer: Timer) -> None:
        """Let a timer wait no more."""
        timer.is_active = False
        found = self._lists.get(timer.wait)
        if found is not None:
            found.timers.pop(timer, None)
            if not found.timers:
                del self._lists[timer.wait]

    def add_immediate(self, immediate: Immediate) -> None:
        """Run something after the timers."""
        self._immediates.append(immediate)

    # Running

    def run_task(self, task: Callable[[], object]) -> None:
        """Run one callback; what it throws and nobody catches ends the program, or goes to those who listen."""
        self._seen = None
        try:
            task()
        except Exception as error:  # a host error passes thrown_value
            traceback = error.__traceback__
            self.host.uncaught(thrown_value(error, self.realm), traceback)

    def drain(self) -> None:
        """Run ticks and microtasks until there are none, and report rejections that nobody handles."""
        agent = self.realm.agent
        while True:
            while self.ticks:
                self.run_task(self.ticks.popleft())
            agent.run_jobs()
            if agent.job_error is not None:
                error, agent.job_error = agent.job_error, None
                self.host.uncaught(thrown_value(error, self.realm))
            if not self.ticks and not self.host.report_rejections():
                return

    def run(self) -> None:
        """Turn until nothing is left that the program waits for."""
        # The start of the program took its time: what waits for a millisecond is due.
        self._now += 1
        self._run_timers()
        while self._is_alive():
            self._wait()
            self._run_immediates()
            self._run_timers()

    def has_work(self) -> bool:
        """Whether anything is left that the program waits for."""
        return bool(self.ticks) or bool(self.realm.agent.jobs) or self._is_alive()

    def _is_alive(self) -> bool:
        bringing = sum(source() for source in self.sources) > 0
        return (
            bringing
            or any(immediate.referenced for immediate in self._immediates)
            or any(timer.referenced for found in self._lists.values() for timer in found.timers)
        )

    def _wait(self) -> None:
        budget = self.realm.agent.budget
        budget.step()
        if self._immediates:
            if not self._is_turning:
                self._is_turning = True
                self._stamp = time.monotonic()
            elif time.monotonic() - self._stamp > _LATE_SECONDS:
                self._catch_up()
            return
        self._is_turning = False
        if not self._lists:
            time.sleep(_NAP_SECONDS)
            return
        expiry = min(found.expiry for found in self._lists.values())
        due = self._stamp + max(0, expiry - self._now) / 1000
        self._sleep_until(due)
        self._stamp = due
        self._now = max(self._now, expiry)

    def _sleep_until(self, due: float) -> None:
        budget = self.realm.agent.budget
        while True:
            left = due - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, _NAP_SECONDS))
            budget.step()

    def _run_immediates(self) -> None:
        waiting, self._immediates = self._immediates, []
        for immediate in waiting:
            if immediate.is_active:
                immediate.is_active = False
                self.run_task(immediate.run)
                self.drain()

    def _run_timers(self) -> None:
        now = self._now
        while self._lists:
            first = min(self._lists.values(), key=lambda found: (found.expiry, found.number))
            if first.expiry > now:
                # A callback may have looked at the clock.
                if first.expiry > self._now:
                    return
                now = self._now
            self._run_list(first, now)

    def _run_list(self, found: _TimerList, now: int) -> None:
        while found.timers:
            timer = next(iter(found.timers))
            if now - timer.start < found.wait:
                self._number += 1
                found.expiry = max(timer.start + found.wait, now + 1)
                found.number = self._number
                return
            del found.timers[timer]
            # The loop's own time may be ahead: no timer is called before its time by the program's clock.
            self._sleep_until(timer.due)
            start = self._now
            timer.is_active = bool(timer.repeat)
            self.run_task(timer.run)
            if timer.repeat and timer.is_active and timer not in found.timers:
                timer.wait = timer.repeat
                self.set(timer, start)
            self.drain()
        if self._lists.get(found.wait) is found and not found.timers:
            del self._lists[found.wait]
