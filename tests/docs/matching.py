"""Whether a command printed what a page shows: `...` stands for anything, and what no two runs share is not looked at."""

from __future__ import annotations

import re
from collections.abc import Sequence

# What differs from run to run and from machine to machine -> what stands for it on both sides.
_CHANGING: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), stands)
    for pattern, stands in (
        (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(\+\d\d:\d\d|Z)?", "TIME"),
        (r"\d{4}-\d\d-\d\d", "DAY"),
        (r"\b\d+(\.\d+)? ?(ms|seconds|s)\b", "DURATION"),
        (r"(\"(ms|seconds)\": ?)\d+(\.\d+)?", r"\1DURATION"),
        (r"\b[0-9a-f]{12,64}\b", "HASH"),
        (r"\bCPython \d+\.\d+\.\d+", "CPython VERSION"),
        (r"\blockstep \d+\.\d+\.\d+\w*", "lockstep VERSION"),
        (r"\bPID \d+|\bprocess \d+", "PROCESS"),
        (r"127\.0\.0\.1:\d+", "ADDRESS"),
        # Milliseconds in a column of their own (`lockstep compare`).
        (r"(?<=  )\d+\.\d+(?=  |$)", "MS"),
        # Widths of columns follow what stands in them.
        (r"-{2,}", "--"),
        (r" {2,}", "  "),
    )
)


# What a run that takes long says of itself meanwhile.
_PROGRESS = re.compile(r"\d+/\d+ .* left$")


def normal(line: str) -> str:
    """A line without what differs from run to run."""
    line = line.rstrip()
    for pattern, stands in _CHANGING:
        line = pattern.sub(stands, line)
    return line


def matches(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether the lines that are shown stand for those that were printed."""
    return _matches(
        *(
            [normal(line) for line in _trimmed(lines) if not _PROGRESS.match(line)]
            for lines in (shown, printed)
        )
    )


def _trimmed(lines: Sequence[str]) -> Sequence[str]:
    """Without blank lines at either end."""
    first = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    last = next((number for number in range(len(lines), first, -1) if lines[number - 1].strip()), first)
    return lines[first:last]


def _matches(shown: Sequence[str], printed: Sequence[str]) -> bool:
    if not shown:
        return not printed
    if shown[0].strip() in ("...", "…"):
        return any(_matches(shown[1:], printed[skipped:]) for skipped in range(len(printed) + 1))
    return bool(printed) and _same(shown[0], printed[0]) and _matches(shown[1:], printed[1:])


def _same(shown: str, printed: str) -> bool:
    if "..." not in shown:
        return shown == printed
    return re.fullmatch(".*".join(re.escape(part) for part in shown.split("...")), printed) is not None
