"""What a suite's files say of a test: its text, what it must do, where it stands on the web."""

from __future__ import annotations

from collections.abc import Iterable

from lockstep.harness.model import Case, CaseError, MissingError, Suite
from lockstep.harness.reports.look.wanted import expectation_text
from lockstep.harness.suites.sources import SOURCES, locate

# Of a longer file a page carries so many lines about the test.
LONGEST_FILE = 64 << 10
_LINES_BEFORE, _LINES_AFTER = 10, 120


def lines_about(name: str, text: str) -> tuple[int, str]:
    """The lines of `text` about the first that has `name`, with the number of the first of them."""
    lines = text.split("\n")
    found = next((number for number, line in enumerate(lines) if name in line), 0)
    first = max(0, found - _LINES_BEFORE)
    return first + 1, "\n".join(lines[first : found + _LINES_AFTER])


def expected_text(suite: Suite, case: Case, mode: str) -> str:
    """What a case must do in a mode, in words; "" where that is not known."""
    oracle = getattr(getattr(suite, "table", None), "oracle", "")
    if oracle:
        return f"what {oracle} does"  # asking would run it
    try:
        wanted = suite.task(case, mode).expectation
    except (CaseError, MissingError, OSError, ValueError, LookupError):
        return ""
    return expectation_text(wanted)


def web_place(suite: Suite, cases: Iterable[Case]) -> dict[str, object] | None:
    """The address of a folder of the suite's repository at its revision, where all cases lie below one.

    `folder` says whether what is below it is the folder of a case's id, and not the whole id.
    """
    source = SOURCES.get(suite.name)
    first = next(iter(cases), None)
    path = suite.source_path(first) if first is not None else None
    if source is None or first is None or path is None:
        return None
    try:
        inside = path.relative_to(locate(suite.name)).as_posix()
    except (MissingError, ValueError):
        return None
    for name in (first.id, first.folder):
        if inside.endswith(name):
            prefix = inside[: len(inside) - len(name)]
            base = f"{source.repository}/blob/{source.revision}/{prefix}"
            return {"base": base, "folder": name != first.id, "repository": source.repository}
    return None
