"""How often the host looks for garbage that only cycles keep."""

from __future__ import annotations

import gc

# New containers before the youngest are looked through; guests make many that live, and few cycles.
_NEW_CONTAINERS = 20_000


def prepare_collector() -> None:
    """Leave out what was loaded so far, which lives as long as the process, and look at the rest less often."""
    if hasattr(gc, "freeze"):
        gc.freeze()
        gc.set_threshold(_NEW_CONTAINERS, 20, 50)
