"""How often the host looks for garbage that only cycles keep."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from lockstep.reference.host.memory import ResidentMemory

# New containers before the youngest are looked through; guests make many that live, and few cycles.
GUEST_THRESHOLDS = (20_000, 20, 50)
_LARGE_SOURCE = 16_000
# So much more than after the last collection, and what programs left in cycles is worth looking for.
_GROWTH_BYTES = 32 << 20


def prepare_collector() -> None:
    """Leave out what was loaded so far, which lives as long as the process, and look at the rest less often."""
    if hasattr(gc, "freeze"):
        gc.freeze()
        gc.set_threshold(*GUEST_THRESHOLDS)


@contextmanager
def collector_paused() -> Iterator[None]:
    """Look for no garbage while something large is built that lives on, such as a syntax tree."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def collector_paused_for(characters: int) -> AbstractContextManager[None]:
    """`collector_paused` where a source of so many characters is made into something large.

    For a small one the pause would only move the next look to where all that was made is still there.
    """
    return collector_paused() if characters >= _LARGE_SOURCE else nullcontext()


class Remains:
    """What programs that have ended left in cycles: large lists hold much, but count as one container."""

    def __init__(self) -> None:
        self._memory = ResidentMemory()
        self._held = self._memory.bytes()

    def free(self) -> None:
        """Collect garbage, if the process holds much more than after the last time."""
        if self._memory.bytes() - self._held > _GROWTH_BYTES:
            gc.collect()
            self._held = self._memory.bytes()
