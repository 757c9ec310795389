"""An engine's process ends with the one that started it."""

from __future__ import annotations

import os
import threading
import time

_SECONDS = 1.0


def end_with_parent() -> None:
    """Watch, in a thread, that the parent lives: a guest in an endless loop would not see the end of its input."""
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_SECONDS)
    os._exit(1)
