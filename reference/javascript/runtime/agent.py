"""ECMA-262 9.6 and 9.7: the agent: symbol registry, job queue, what is kept alive, and the host's hooks."""

from __future__ import annotations

import gc
import time
from collections import deque
from typing import TYPE_CHECKING, Callable

from lockstep.reference.host.deep_stack import ArgumentSlots
from lockstep.reference.host.process import Headroom
from lockstep.reference.javascript.runtime.agent_cluster import AgentCluster
from lockstep.reference.javascript.runtime.completions import ThrowCompletion
from lockstep.reference.javascript.runtime.values import Symbol, Value

if TYPE_CHECKING:
    from random import Random

    from lockstep.reference.host.engine import Writer
    from lockstep.reference.host.limits import Budget
    from lockstep.reference.javascript.runtime.interfaces import Evaluator, HostModules, Stacks
    from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import JSPromise
    from lockstep.reference.javascript.runtime.intrinsics.structured.atomics_wait import AsyncWaiter
    from lockstep.reference.javascript.runtime.intrinsics.temporal.abstract.time_zone_data import (
        TimeZoneDatabase,
    )
    from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
    from lockstep.reference.javascript.runtime.regular_expressions.compiled import PatternCache


class Agent:
    """One agent. Everything that its realms share hangs off it.

    Attributes:
        symbol_registry: 20.4.2.2 GlobalSymbolRegistry, by key.
        jobs: the queue of host functions without arguments.
        kept_alive: 9.10 [[KeptAlive]].
        async_waiters: 25.4.1.4: the waiters of `Atomics.waitAsync` that nobody has notified.
        stacks: what notes where errors are made, if the host wants that: see `interfaces.Stacks`.
        clock_was_read: told when guest code asks what time it is, if the host wants that.
        is_leaving: it said that it has nothing more to do.
    """

    def __init__(
        self, evaluator: Evaluator, budget: Budget, output: Writer, *, cluster: AgentCluster | None = None
    ) -> None:
        self._cluster = cluster
        # The agent that a run begins with.
        self.is_first = cluster is None
        self.is_leaving = False
        self.async_waiters: list[AsyncWaiter] = []
        self.evaluator = evaluator
        self.budget = budget
        self.output = output
        self.symbol_registry: dict[str, Symbol] = {}
        self.jobs: deque[Callable[[], object]] = deque()
        self.kept_alive: list[Value] = []
        self.finalizations: list[Callable[[], object]] = []
        self.module_loader: HostModules | None = None
        self.random_state: Random | None = None
        # 27.2.1.9 HostPromiseRejectionTracker: the rejected promises that have no handler, in order.
        self.rejected: dict[JSPromise, None] = {}
        self.can_block = True
        # 23.1.3.18: arrays being joined, so that a cyclic one ends.
        self.joining: dict[JSObject, bool] = {}
        # The regular expressions compiled so far, a PatternCache from the first use on.
        self.patterns: PatternCache | None = None
        # The host's time zones, a TimeZoneDatabase from the first use on.
        self.time_zones: TimeZoneDatabase | None = None
        self.async_evaluation_order = 0
        self.job_error: BaseException | None = None
        self.stacks: Stacks | None = None
        self.clock_was_read: Callable[[], object] | None = None
        self.headroom = Headroom()
        self.argument_slots = ArgumentSlots()

    def enqueue_job(self, job: Callable[[], object]) -> None:
        """9.5.5 HostEnqueuePromiseJob."""
        self.jobs.append(job)

    def run_jobs(self) -> None:
        """Run queued jobs until there are none."""
        jobs = self.jobs
        while jobs or self.finalizations or (self.async_waiters and self._await_job()):
            if self.async_waiters:
                self._expire_waiters()
            if not jobs:
                pending, self.finalizations = self.finalizations, []
                jobs.extend(pending)
            if not jobs:
                continue
            job = jobs.popleft()
            try:
                job()
            except ThrowCompletion as error:
                if self.job_error is None:
                    self.job_error = error
            self.kept_alive.clear()

    def cluster(self) -> AgentCluster:
        """The agents that this one shares memory with, made when there is more to do than run."""
        if self._cluster is None:
            self._cluster = AgentCluster(self)
        return self._cluster

    def give_way(self) -> None:
        """Let another agent run now and then, if there is one."""
        if self._cluster is not None:
            self._cluster.give_way()

    def end_cluster(self) -> None:
        """The run is over: end the other agents."""
        if self._cluster is not None:
            self._cluster.end()
            self._cluster = None
            self.async_waiters.clear()

    def _await_job(self) -> bool:
        """Block until an asynchronous waiter is notified or has waited long enough; False if none ever is."""
        deadline = min(waiter.deadline for waiter in self.async_waiters)
        return (
            self.cluster().block(lambda: bool(self.jobs), deadline, may_end=True)
            or deadline <= time.monotonic()
        )

    def _expire_waiters(self) -> None:
        now = time.monotonic()
        for waiter in [waiter for waiter in self.async_waiters if waiter.deadline <= now]:
            waiter.expire()

    def keep_alive(self, value: Value) -> None:
        """9.10.3 AddToKeptObjects."""
        self.kept_alive.append(value)

    def collect(self) -> None:
        """`$262.gc()`."""
        gc.collect()
