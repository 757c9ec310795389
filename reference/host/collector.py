"""How often the host looks for garbage that only cycles keep."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# New containers before the youngest are looked through; guests make many that live, and few cycles.
_NEW_CONTAINERS = 20_000


def prepare_collector() -> None:
    """Leave out what was loaded so far, which lives as long as the process, and look at the rest less often."""
    if hasattr(gc, "freeze"):
        gc.freeze()
        gc.set_threshold(_NEW_CONTAINERS, 20, 50)


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
