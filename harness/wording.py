"""Outcomes in words: how a program ended, and excerpts of what guests wrote, each on one line."""

from __future__ import annotations

from lockstep.harness.model import Outcome
from lockstep.reference.host.printable import printable_line

_EXCERPT = 160


def describe(outcome: Outcome) -> str:
    """How a program ended, in one line."""
    if outcome.completion != "threw":
        return outcome.completion
    name = f"{excerpt(outcome.error)}: " if outcome.error else ""
    where = f" at {excerpt(outcome.location.file)}:{outcome.location.line}" if outcome.location else ""
    phase = f" ({excerpt(outcome.phase)})" if outcome.phase else ""
    return f"threw {name}{excerpt(outcome.message)}{where}{phase}"


def quoted(text: str) -> str:
    """The head of the first line, as a literal: the host's form of that escapes what cannot be shown."""
    return repr(_head(text))


def excerpt(text: str) -> str:
    """The head of the first line, in characters that every terminal shows."""
    return printable_line(_head(text))


def last_line(text: str) -> str:
    """The last line, as `excerpt` shows it."""
    lines = text.strip().splitlines()
    return excerpt(lines[-1]) if lines else "no message"


def _head(text: str) -> str:
    stripped = text[: _EXCERPT * 50].strip() or text.strip()  # of a megabyte on one line the head is enough
    line = stripped.splitlines()[0] if stripped else ""
    return line if len(line) <= _EXCERPT else line[: _EXCERPT - 1] + "…"
