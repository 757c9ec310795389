"""Running one script at a time: on a greenlet of its own, which stands still while the server looks after others."""

from __future__ import annotations

from time import monotonic
from typing import Any

import greenlet

from reference.host.errors import LimitExceeded
from reference.lua.runtime.calls import call_value, single
from reference.lua.runtime.values import Function, LuaError, Value
from reference.redis.scripting.conversion import lua_to_reply
from reference.redis.scripting.errors import failure_text, place_of
from reference.redis.scripting.sandbox import Run, ScriptState
from reference.redis.wire.replies import Failure, Reply

KILLED = "killed"


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
        state.budget.begin(busy_after)  # type: ignore[attr-defined]  # a ScriptBudget
        self._loop = greenlet.getcurrent()
        settings = state.settings.values()

        def body() -> None:
            self._result = self._outcome(state, function, arguments, run, settings)

        greenlet.greenlet(body).switch()
        return self._ended()

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
        settings: tuple[int, ...],
    ) -> Reply:
        try:
            value = single(call_value(state, function, *arguments))
            return lua_to_reply(value, state.protocol)
        except (LuaError, RecursionError) as error:
            text = failure_text(state, error, run.name)
        except LimitExceeded as limit:
            text = self._limit_text(limit, run)
            limit.__traceback__ = None
        except MemoryError:
            text = f"OOM the server has no memory left for the script. script: {run.name}"
        state.settings.restore(settings)
        return Failure(text.encode("latin-1", "replace"))

    def _limit_text(self, limit: LimitExceeded, run: Run) -> str:
        if limit.reason == KILLED:
            text = "ERR Script killed by user with SCRIPT KILL..."
        else:
            text = self._limits.get(limit.reason, f"LIMIT Script reached its limit of {limit.reason}.")
        place = place_of(limit.__traceback__)
        if place is None:
            return text
        return f"{text} script: {run.name}, on {place[0]}:{place[1]}."
