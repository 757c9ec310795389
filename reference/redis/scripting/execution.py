"""Running one script at a time: on a greenlet of its own, which stands still while the server looks after others."""

from __future__ import annotations

import logging
from time import monotonic
from typing import Any

import greenlet

from lockstep.reference.host.errors import LimitExceeded
from lockstep.reference.lua.runtime.operations.calls import call_value, single
from lockstep.reference.lua.runtime.values import Function, LuaError, Value
from lockstep.reference.redis.scripting.conversion import is_counted, lua_to_reply
from lockstep.reference.redis.scripting.errors import failure_text, place_of
from lockstep.reference.redis.scripting.script_state import Run, ScriptState
from lockstep.reference.redis.wire.replies import Failure, Reply

KILLED = "killed"


def internal_error(error: Exception) -> str:
    """The text for an exception that should not have come this far; its traceback goes to the log."""
    _LOG.error("internal error", exc_info=error)
    error.__traceback__ = None
    return f"ERR internal error: {type(error).__name__}: {error}"


_LOG = logging.getLogger("lockstep.redis")


class Execution:
    """What is running, and how it is interrupted.

    Attributes:
        run: the script's own record while one runs.
        started: when it started, by the monotonic clock.
        command: the words of the command that runs it.
        is_function: it is a function of a library, not a script.
    """

    def __init__(self, steps: int | None, memory: int | None) -> None:
        self.run: Run | None = None
        self.started = 0.0
        self.command: list[bytes] = []
        self.is_function = False
        self._limits = {
            "steps": f"STEPLIMIT Script used up its {steps} steps.",
            "memory": f"MEMORYLIMIT Script needs more than its {memory} MiB of memory.",
        }
        self._fiber: Any = None
        self._loop: Any = None
        self._result: Reply = None
        self._state: ScriptState | None = None
        self._runner: Any = None
        self._job: tuple[ScriptState, Function, tuple[Value, ...], Run] | None = None

    @property
    def busy(self) -> bool:
        """A script runs and has let the server in between."""
        return self._fiber is not None

    def pause(self) -> None:
        """Called inside the script: let the server do something else for a moment."""
        self._fiber = greenlet.getcurrent()
        self._loop.switch()

    def start(
        self,
        state: ScriptState,
        function: Function,
        arguments: tuple[Value, ...],
        run: Run,
        *,
        busy_after: float,
    ) -> bool:
        """Run a script until it ends or counts as busy; whether it has ended, with `result` then."""
        self.run = state.run = run
        state.protocol = 2
        self._state = state
        self.started = monotonic()
        state.clock.begin(busy_after)
        self._loop = greenlet.getcurrent()
        self._job = (state, function, arguments, run)
        if self._runner is None:
            self._runner = greenlet.greenlet(self._run_jobs)
        self._runner.switch()
        return self._ended()

    def _run_jobs(self) -> None:
        """What the runner does: one script after another. A greenlet per script would cost far more."""
        while True:
            job, self._job = self._job, None
            assert job is not None
            self._result = self._outcome(*job)
            collector = job[0].collector
            if not collector.running:
                collector.restart()  # what a script stops does not stay so
            del job, collector
            self._loop.switch()

    def resume(self) -> bool:
        """Let a busy script go on; whether it has ended."""
        fiber, self._fiber = self._fiber, None
        self._loop = greenlet.getcurrent()
        fiber.switch()
        return self._ended()

    def _ended(self) -> bool:
        if self._fiber is not None:
            return False
        self.run = None
        self._state = None
        return True

    @property
    def result(self) -> Reply:
        """The reply of the script that has ended."""
        result, self._result = self._result, None
        return result

    def kill(self) -> None:
        """End the running script at its next step."""
        assert self._state is not None
        self._state.budget.cancel(KILLED)

    def _outcome(
        self,
        state: ScriptState,
        function: Function,
        arguments: tuple[Value, ...],
        run: Run,
    ) -> Reply:
        module = state.cjson
        assert module is not None
        settings = module.settings
        counted = False
        try:
            value = single(call_value(state, function, *arguments))
            return lua_to_reply(value, state.protocol)
        except (LuaError, RecursionError) as error:
            counted = isinstance(error, LuaError) and is_counted(error.value)
            text = failure_text(state, error, run.name)
        except LimitExceeded as limit:
            text = self._limit_text(limit, run)
            limit.__traceback__ = None
        except MemoryError:
            text = f"OOM the server has no memory left for the script. script: {run.name}"
        except Exception as error:  # a bug of ours, which must not take the server along
            text = internal_error(error)
        module.settings = settings
        state.reset_after_run()
        return Failure(text.encode("latin-1", "replace"), counted=counted)

    def _limit_text(self, limit: LimitExceeded, run: Run) -> str:
        if limit.reason == KILLED:
            text = "ERR Script killed by user with SCRIPT KILL..."
        else:
            text = self._limits.get(limit.reason, f"LIMIT Script reached its limit of {limit.reason}.")
        place = place_of(limit.__traceback__)
        if place is None:
            return text
        return f"{text} script: {run.name}, on {place[0]}:{place[1]}."
