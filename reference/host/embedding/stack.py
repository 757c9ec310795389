"""The thread on whose deep stack a guest runs, and the way back to the thread that waits for it.

Guest code never runs on the embedder's own stack, so that deep recursion meets the guest's limit and not the machine's;
and a host function never runs on the guest's, so that it finds the thread that it belongs to.
"""

from __future__ import annotations

import itertools
import queue
import threading
from dataclasses import dataclass
from typing import Any, Callable

from lockstep.reference.host.deep_stack import STACK_MIB
from lockstep.reference.host.process import PROCESS

Deliver = Callable[[Any], object]


@dataclass(frozen=True)
class Job:
    """Something to do on the guest's stack; `deliver` gets a `Reply` in the end, and `Ask`s before."""

    action: Callable[[], object]
    deliver: Deliver


@dataclass(frozen=True)
class Reply:
    """How a job ended: with a value, or with what it raised."""

    value: Any = None
    failure: BaseException | None = None


@dataclass(frozen=True)
class Ask:
    """What the waiting thread is to do before the job goes on: call `function`, and answer under `number`."""

    number: int
    function: Callable[[], Any]


@dataclass(frozen=True)
class Answer:
    """What an `Ask` gave."""

    number: int
    value: Any = None
    failure: BaseException | None = None


class GuestThread:
    """A thread with a deep stack, started when it is first needed, that ends with `stop`."""

    def __init__(self) -> None:
        self.inbox: queue.SimpleQueue[Job | Answer | None] = queue.SimpleQueue()
        self._started = False
        self._numbers = itertools.count()
        self._delivers: list[Deliver] = []
        # Answers to questions further out than the innermost one.
        self._early: dict[int, Answer] = {}

    def post(self, job: Job) -> None:
        """Do `job` when the thread is at leisure: when it is idle, or waits for an answer."""
        if not self._started:
            self._start()
        self.inbox.put(job)

    def _start(self) -> None:
        self._started = True
        previous = threading.stack_size(STACK_MIB << 20)
        try:
            threading.Thread(target=_serve, args=(self.inbox, self._do), name="guest", daemon=True).start()
        finally:
            threading.stack_size(previous)

    def stop(self) -> None:
        """End the thread when it has done what was posted."""
        if self._started:
            self.inbox.put(None)

    def _do(self, job: Job) -> None:
        outermost = not self._delivers
        self._delivers.append(job.deliver)
        if outermost:
            PROCESS.enter()
        reply = Reply()
        try:
            reply = Reply(job.action())
        except BaseException as error:  # whatever it is, it is handed on
            reply = Reply(failure=error)
        finally:
            self._delivers.pop()
            if outermost:
                PROCESS.leave()
            job.deliver(reply)

    def ask(self, function: Callable[[], object]) -> object:
        """Have the thread that waits for the innermost job call `function`; its result, or what it raised."""
        ask = Ask(next(self._numbers), function)
        self._delivers[-1](ask)
        while ask.number not in self._early:
            message = self.inbox.get()
            if isinstance(message, Job):
                self._do(message)
            elif isinstance(message, Answer):
                self._early[message.number] = message
            else:
                # The embedder is gone; nobody will answer.
                self.inbox.put(None)
                raise SystemExit
        answer = self._early.pop(ask.number)
        if answer.failure is not None:
            raise answer.failure
        return answer.value


def _serve(inbox: queue.SimpleQueue[Job | Answer | None], do: Callable[[Job], None]) -> None:
    while True:
        message = inbox.get()
        if message is None:
            return
        if isinstance(message, Job):
            do(message)
        # The frame must not keep the last job, and all that it holds, while it waits.
        message = None
