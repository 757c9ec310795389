"""Glob patterns as Redis has them."""

from __future__ import annotations

import re
from typing import Callable


def glob(pattern: bytes) -> Callable[[str], bool]:
    r"""A test of names, without regard to case: `*`, `?`, `[a-c]`, `[^a]`, `\` quotes."""
    text = pattern.decode("latin-1")
    parts: list[str] = []
    at = 0
    while at < len(text):
        letter = text[at]
        at += 1
        if letter == "*":
            parts.append(".*")
        elif letter == "?":
            parts.append(".")
        elif letter == "[":
            end = text.find("]", at)
            end = len(text) if end < 0 else end
            inside = text[at:end].replace("\\", "\\\\")
            negated = inside.startswith("^")
            inside = inside[1:] if negated else inside
            parts.append(f"[{'^' if negated else ''}{inside}]" if inside else "(?!)")
            at = end + 1
        else:
            if letter == "\\" and at < len(text):
                letter = text[at]
                at += 1
            parts.append(re.escape(letter))
    expression = re.compile("".join(parts), re.DOTALL | re.IGNORECASE)
    return lambda name: expression.fullmatch(name) is not None
