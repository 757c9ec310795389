"""The files that a run is reported in: checked before it, written after it, none of them at the cost of another."""

from __future__ import annotations

import fcntl
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lockstep.harness.messages import RecordHeader
from lockstep.harness.model import Result
from lockstep.harness.project.file import Project
from lockstep.harness.records.record import Scope
from lockstep.harness.reports.places import Places
from lockstep.harness.status.changes import Changes


@dataclass(frozen=True)
class Reports:
    """Where reports go; None for those that nobody asked for."""

    junit: Path | None = None
    html: Path | None = None
    summary: Path | None = None
    project: Project | None = None

    @property
    def paths(self) -> tuple[Path | None, ...]:
        """The files."""
        return (self.junit, self.html, self.summary)

    def write(
        self,
        results: Sequence[Result],
        header: RecordHeader,
        changes: Changes,
        scope: Scope,
        places: Places,
    ) -> Iterator[str]:
        """Write each; a sentence for each that could not be written."""
        # Each is loaded where it is asked for.
        if self.junit is not None:
            from lockstep.harness.reports.junit import write_junit

            yield from _tried(self.junit, lambda path: write_junit(path, results, scope, places.shown))
        if self.html is not None:
            from lockstep.harness.reports.page.page import write_page

            yield from _tried(self.html, lambda path: write_page(path, results, header, scope, self.project))
        if self.summary is not None:
            from lockstep.harness.reports.summary import write_summary

            yield from _tried(self.summary, lambda path: write_summary(path, results, changes, scope))


def _tried(path: Path, write: Any) -> Iterator[str]:
    try:
        write(path)
    except OSError as error:
        yield f"{path}: cannot be written: {error.strerror or error}"


def unwritable(paths: Iterable[Path | None]) -> str:
    """Why one of the files cannot be written, found before anything is run; "" if all can.

    A file that was not there is there afterwards, empty.
    """
    for path in paths:
        if path is None:
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return f"{path}: another run is writing it"
        except OSError as error:
            return f"{path}: cannot be written: {error.strerror or error}"
    return ""


def shared(paths: Iterable[Path | None]) -> str:
    """Which file is named twice; "" if none is."""
    seen: set[Path] = set()
    for path in paths:
        if path is None:
            continue
        resolved = path.resolve()
        if resolved in seen and not resolved.is_char_device():
            return f"{path}: two reports cannot be one file"
        seen.add(resolved)
    return ""
