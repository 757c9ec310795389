"""The budget of a script: portions of steps, between which the server may look after its other clients."""

from __future__ import annotations

from time import monotonic
from typing import Callable, TypeVar

from lockstep.reference.host.deep_stack import DeepCall
from lockstep.reference.host.errors import LimitExceeded
from lockstep.reference.host.limits import Budget, Limits

# Steps between two looks at the clock, before and after a script counts as busy.
_PORTION = 5_000
_BUSY_PORTION = 1_000
_UNLIMITED = 1 << 62
_SECONDS_BETWEEN_PAUSES = 0.005

T = TypeVar("T")


class ScriptBudget(Budget):
    """What every script of one Lua state runs under; `begin` starts it anew.

    Args:
        steps: function entries and loop turns that one script may take; None: any number.
        memory: MiB that values of one script may hold; None: any amount.
        pause: called while a script is busy, from inside it; comes back when the script may go on.
    """

    __slots__ = ("_busy_at", "_final", "_limits_of_script", "_pause")

    def __init__(self, steps: int | None, memory: int | None, pause: Callable[[], None]) -> None:
        self._limits_of_script = Limits(steps=_UNLIMITED if steps is None else steps, memory=memory)
        super().__init__(self._limits_of_script)
        self._pause = pause
        self._busy_at = 0.0
        self._final = False

    def begin(self, busy_after: float, *, final: bool = False) -> None:
        """A script starts; after `busy_after` seconds it counts as busy, or ends where that is `final`."""
        self.restart(self._limits_of_script)
        self._final = final
        self._portion = _PORTION
        self.steps = min(_PORTION, self._granted)
        self._left = self._granted - self.steps
        self._busy_at = monotonic() + busy_after

    def apart(self, function: Callable[[], T]) -> T:
        """Do what takes long and counts no steps on a thread of its own: the server looks after others as if it counted them."""
        call = DeepCall(function)
        if not call.join(max(0.0, self._busy_at - monotonic())):
            while not call.join(_SECONDS_BETWEEN_PAUSES):
                if not self._final:
                    self._pause()
        return call.result()

    def exhausted(self) -> None:
        """A portion is used up: end the script, or give it the next one, after a pause where it is busy."""
        super().exhausted()
        if monotonic() < self._busy_at:
            return
        if self._final:
            self.cancel("time")
            raise LimitExceeded("time")
        self._portion = _BUSY_PORTION
        self._pause()
        if self._cancelled:
            raise LimitExceeded(self.reason)
