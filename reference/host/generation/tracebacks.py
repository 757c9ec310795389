"""Tracebacks of the host through generated code: each frame of a guest's shows the guest's line.

Generated code carries the lines of the source that it was made of. Nothing is kept for this while code runs: the sources are
lent to the host while a traceback is written.
"""

from __future__ import annotations

import linecache
import traceback
from collections.abc import Mapping
from typing import Any


def host_traceback(error: BaseException, sources: Mapping[str, str], innermost: int) -> str:
    """The traceback of a fault of ours, as the host writes it.

    Args:
        error: what was raised.
        sources: source texts by the names that code objects have, or end with.
        innermost: how many frames are shown.
    """
    lines: dict[str, Any] = linecache.cache
    lent: dict[str, object] = {}
    for frame, _ in traceback.walk_tb(error.__traceback__):
        file = frame.f_code.co_filename
        text = next((text for name, text in sources.items() if name and file.endswith(name)), None)
        if text is not None and file not in lent:
            lent[file] = lines.get(file)
            lines[file] = (len(text), None, text.splitlines(keepends=True), file)
    try:
        shown = traceback.format_exception(type(error), error, error.__traceback__, limit=-innermost)
    finally:
        for file, before in lent.items():
            if before is None:
                del lines[file]
            else:
                lines[file] = before
    return "".join(shown).strip()
