"""The text of the call that an assertion stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.host.hosting import hosting_of
from lockstep.reference.javascript.host.stacks.lines import FrameText

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_OPEN, _CLOSE, _QUOTES = "([{", ")]}", "'\"`"
_LONGEST = 2000


def call_text(realm: Realm) -> str:
    """The source of the call that is in progress; "" where it cannot be found."""
    frames = hosting_of(realm).stacks.frames_here(most=1)
    if not frames:
        return ""
    shown = FrameText(realm, frames[0])
    lines = hosting_of(realm).source_of(frames[0].file).split("\n")
    if not 1 <= shown.line <= len(lines):
        return ""
    text = "\n".join(lines[shown.line - 1 :])[shown.column - 1 :][:_LONGEST]
    end = _end_of_call(text)
    return "\n    ".join(line.strip() for line in text[:end].split("\n")) if end else ""


def _end_of_call(text: str) -> int:
    """Where the first call in a text ends."""
    depth = 0
    quote = ""
    escaped = False
    for place, one in enumerate(text):
        if quote:
            if escaped:
                escaped = False
            elif one == "\\":
                escaped = True
            elif one == quote:
                quote = ""
        elif one in _QUOTES:
            quote = one
        elif one in _OPEN:
            depth += 1
        elif one in _CLOSE:
            depth -= 1
            if depth == 0 and one == ")":
                return place + 1
    return 0
