"""ECMA-262 9.7 Agent Clusters: agents that share memory and take turns.

Each agent runs in a coroutine of the host's, all on one thread and under one budget: so the limits of a run hold for all of
its agents together, and where an agent may be interrupted does not depend on the machine's load. An agent gives way
where it blocks, at every so many steps (`_SLICE`), and at every so many atomic operations, so that one that waits in a loop lets the
others go on.
"""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Any, Callable

from greenlet import getcurrent, greenlet

from lockstep.reference.host.errors import LimitExceeded

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.foundations import Agent
    from lockstep.reference.javascript.runtime.values import Value

_SLICE = 1000
_OPERATIONS = 32
# How long all agents sleep at most before the budget is looked at.
_NAP_SECONDS = 0.02
_FOREVER = float("inf")


class Member:
    """An agent of the cluster.

    Attributes:
        agent: the agent.
        coroutine: the coroutine to go on with; the agent may be inside one of its own.
        woken: what it is blocked for, None while it can run.
        deadline: when it stops blocking anyway, by the host's monotonic clock.
        may_end: it stops blocking when nothing can wake any agent.
        inbox: broadcasts that it has not taken: shared blocks with what comes along.
        receive: called with each broadcast; None until the agent wants them.
    """

    __slots__ = ("agent", "coroutine", "deadline", "inbox", "may_end", "receive", "woken")

    def __init__(self, agent: Agent, coroutine: Any) -> None:
        self.agent = agent
        self.coroutine = coroutine
        self.woken: Callable[[], bool] | None = None
        self.deadline = _FOREVER
        self.may_end = False
        self.inbox: deque[Value] = deque()
        self.receive: Callable[[Value], None] | None = None

    def is_ready(self) -> bool:
        """Whether it can go on."""
        return self.woken is None or self.woken() or time.monotonic() >= self.deadline


class AgentCluster:
    """All agents of a run. The first member is the one that the run began with.

    Attributes:
        members: those that have not ended, in the order they began.
        reports: what agents reported and nobody has read.
    """

    def __init__(self, agent: Agent) -> None:
        self.main = Member(agent, None)
        self.members = [self.main]
        self.reports: deque[str] = deque()
        self._current = self.main
        self._failure: BaseException | None = None
        self._ending = False
        self._stuck = False
        self._operations = 0

    @property
    def current(self) -> Member:
        """The member that is running."""
        return self._current

    def start(self, agent: Agent, run: Callable[[Member], None]) -> None:
        """Begin an agent: `run` its code in a coroutine until it gives way for the first time."""
        budget = self.main.agent.budget
        if budget.at_safe_point is None:
            budget.at_safe_point = self._at_safe_point
            budget.interrupt(_SLICE)
        made = Member(agent, greenlet(lambda: self._run(made, run)))
        self.members.append(made)
        self._switch(made)

    def _run(self, member: Member, run: Callable[[Member], None]) -> None:
        try:
            run(member)
        except BaseException as failure:  # handed on to the agent that the run belongs to
            if not self._ending:
                self._failure = failure
        self.members.remove(member)
        target = self.main
        if self._failure is None and not self._ending:
            try:
                target = self._next_ready()
            except BaseException as failure:  # likewise
                self._failure = failure
        self._current = target
        # A coroutine that ends goes on with its parent.
        getcurrent().parent = target.coroutine

    def block(self, woken: Callable[[], bool], deadline: float = _FOREVER, *, may_end: bool = False) -> bool:
        """Let others run until `woken()`, which is then the result, or `deadline`.

        Args:
            woken: looks at the host's state only.
            deadline: by the host's monotonic clock.
            may_end: give up when no agent can ever go on.
        """
        member = self._current
        member.woken, member.deadline, member.may_end = woken, deadline, may_end
        self._stuck = False
        try:
            while not woken():
                if time.monotonic() >= deadline or (self._stuck and may_end):
                    return False
                target = self._next_ready()
                if target is not member:
                    self._switch(target)
        finally:
            member.woken = None
        return True

    def give_way(self) -> None:
        """Let another agent run, if one can; after an atomic operation."""
        self._operations += 1
        if self._operations >= _OPERATIONS and len(self.members) > 1:
            self._operations = 0
            self._pass_on()

    def end(self) -> None:
        """End all agents but the first; they run no more guest code."""
        self._ending = True
        for member in self.members[1:]:
            self.main.coroutine = getcurrent()
            self._current = member
            member.coroutine.throw(LimitExceeded("cancelled"))
        budget = self.main.agent.budget
        if budget.at_safe_point == self._at_safe_point:
            budget.at_safe_point = None

    def _at_safe_point(self) -> None:
        self.main.agent.budget.interrupt(_SLICE)
        if not self._ending:
            self._pass_on()

    def _pass_on(self) -> None:
        target = self._ready_after(self._current)
        if target is not None and target is not self._current:
            self._switch(target)

    def _ready_after(self, member: Member) -> Member | None:
        """The next member in turn that can go on, `member` itself last."""
        members = self.members
        first = members.index(member) + 1 if member in members else 0
        for index in range(len(members)):
            candidate = members[(first + index) % len(members)]
            if candidate.is_ready():
                return candidate
        return None

    def _next_ready(self) -> Member:
        """The next member that can go on, waited for; or one that gives up because none ever can."""
        budget = self.main.agent.budget
        while True:
            found = self._ready_after(self._current)
            if found is not None:
                return found
            until = min(member.deadline for member in self.members)
            if until == _FOREVER:
                self._stuck = True
                for member in self.members:
                    if member.may_end:
                        return member
            time.sleep(max(0.0, min(until - time.monotonic(), _NAP_SECONDS)))
            if budget.steps < 0:
                # It was cancelled, or a portion is used up.
                budget.exhausted()

    def _switch(self, target: Member) -> None:
        member = self._current
        member.coroutine = getcurrent()
        self._current = target
        target.coroutine.switch()
        if self._failure is not None and member is self.main:
            failure, self._failure = self._failure, None
            raise failure
