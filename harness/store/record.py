"""A run on disk: JSON lines with a header, a line per result, and a footer (docs/record.md)."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.model import Result, Verdict
from lockstep.harness.selection import Selection
from lockstep.reference.host.printable import printable_line

FORMAT = 1
_LONGEST_OPTIONS = 120

Counts = dict[str, dict[str, int]]


class RecordError(Exception):
    """A file is no run record; the message names the file and the line."""


@dataclass
class Run:
    """A run that was read back.

    Attributes:
        header: the fields of the header line.
        results: one per case, mode and engine; the last counts where a key stands twice.
        complete: whether the footer is there; a run without it is never compared as whole.
    """

    header: dict[str, Any]
    results: dict[tuple[str, str, str, str], Result] = field(default_factory=dict)
    complete: bool = False

    @property
    def engines(self) -> list[str]:
        """The names of the engines that took part."""
        return [engine["name"] for engine in self.header["engines"]]

    @property
    def scope(self) -> Scope:
        """How much of its suites the run holds."""
        planned = int(self.header.get("planned", len(self.results)))
        unnamed = "a selection" if self.header.get("selection") == "partial" else ""
        options = str(self.header.get("options") or unnamed)
        return Scope(len(self.results), planned, options, complete=self.complete)


@dataclass(frozen=True)
class Scope:
    """How much of its suites a run holds.

    Attributes:
        done: executions that have a result.
        planned: executions that the run was to hold.
        options: the options that left cases out; "" if none did.
        complete: whether the run came to its end.
    """

    done: int
    planned: int
    options: str = ""
    complete: bool = True

    @property
    def whole(self) -> bool:
        """Whether its numbers are those of the suites."""
        return self.complete and not self.options and self.done >= self.planned

    def __str__(self) -> str:
        """What has to stand wherever its numbers stand; "" for a whole run."""
        if self.whole:
            return ""
        parts = []
        if not self.complete or self.done < self.planned:
            parts.append(f"{self.done:,} of {self.planned:,} executions, it did not come to its end")
        if self.options:
            options = printable_line(self.options, _LONGEST_OPTIONS)
            parts.append(f"not all cases of the suites, by {options}")
        return f"partial run: {'; '.join(parts)}"


def now() -> str:
    """The time, in UTC, to the second."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def count(results: Iterable[Result]) -> Counts:
    """How many of each verdict, by engine."""
    counts: dict[str, Counter[str]] = {}
    for result in results:
        counts.setdefault(result.engine, Counter())[str(result.verdict)] += 1
    return {engine: dict(counter) for engine, counter in counts.items()}


class RecordWriter:
    """Writes a run as it happens; every line is with the system before the next case is looked at.

    A disk that is full costs the rest of the record, not the run: `problem` says so, and nothing more is written.
    Without a path nothing is written at all.
    """

    def __init__(
        self,
        path: Path | None,
        revisions: Mapping[str, str],
        engines: Iterable[EngineSpec],
        selection: Selection,
        planned: int,
    ) -> None:
        self.problem = ""
        self._path = path
        self._stream: BinaryIO | None = None
        self._counts: dict[str, Counter[str]] = {}
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = path.open("ab", buffering=0)
            # Held until it is closed: another run refuses the file.
            fcntl.flock(self._stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.is_file():
                self._stream.truncate(0)
        except OSError as error:
            self._failed(error)
        self._write(
            {
                "lockstep": FORMAT,
                "suite": ",".join(revisions),
                "revision": dict(revisions),
                "engines": [engine_entry(engine) for engine in engines],
                "selection": "partial" if selection.partial else "whole",
                "options": str(selection),
                "planned": planned,
                "started": now(),
            }
        )

    def add(self, result: Result) -> None:
        """Write one result."""
        self._counts.setdefault(result.engine, Counter())[str(result.verdict)] += 1
        line: dict[str, Any] = {
            "suite": result.suite,
            "case": result.case,
            "mode": result.mode,
            "engine": result.engine,
            "verdict": str(result.verdict),
        }
        for name in ("reason", "phase", "error", "first", "vacuous"):
            value = getattr(result, name)
            if value:
                line[name] = value
        if result.steps is not None:
            line["steps"] = result.steps
        line["ms"] = result.ms
        self._write(line)

    def finish(self) -> None:
        """Write the footer: the run is whole."""
        counts = {engine: dict(counter) for engine, counter in self._counts.items()}
        self._write({"finished": now(), "counts": counts})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _write(self, line: Mapping[str, Any]) -> None:
        if self._stream is None:
            return
        content = memoryview((json.dumps(line, allow_nan=False) + "\n").encode())
        try:
            while content:
                content = content[self._stream.write(content) :]
        except OSError as error:
            self._failed(error)

    def _failed(self, error: OSError) -> None:
        self.problem = f"{self._path}: the record ends here: {error.strerror or error}"
        self._close()

    def _close(self) -> None:
        if self._stream is not None:
            with contextlib.suppress(OSError):
                self._stream.close()
        self._stream = None


def engine_entry(engine: EngineSpec) -> dict[str, str]:
    """What the header says of an engine: its name, its language, and who it says it is."""
    said = engine.identity
    return {
        "name": printable_line(engine.name),
        "language": engine.language,
        "version": said.implementation if said is not None else "",
        "host": said.host if said is not None else "",
        "hash": engine.hash,
    }


def read_run(path: Path) -> Run:
    """Read a run record; a last line that was cut off is left out.

    Raises:
        RecordError: the file is missing, or is not a run record.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise RecordError(f"{path}: cannot read the run: {error}") from error
    run: Run | None = None
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            entry = json.loads(line)
            if run is None:
                run = _header(entry)
            elif "finished" in entry:
                run.complete = True
            else:
                result = _result(entry)
                run.results[result.key] = result
        except (ValueError, KeyError, TypeError) as error:
            if number == len(lines) and run is not None:
                break
            raise RecordError(f"{path}:{number}: not a line of a run record: {error}") from error
    if run is None:
        raise RecordError(f"{path}: empty, not a run record")
    return run


def _header(entry: dict[str, Any]) -> Run:
    if entry.get("lockstep") != FORMAT:
        raise ValueError(f"the first line must be a header with lockstep: {FORMAT}")
    for name, kind in (("suite", str), ("revision", dict), ("engines", list), ("started", str)):
        if not isinstance(entry.get(name), kind):
            raise TypeError(f"the header has no {name}")
    return Run(entry)


def _result(entry: dict[str, Any]) -> Result:
    return Result(
        suite=entry["suite"],
        case=entry["case"],
        mode=entry["mode"],
        engine=entry["engine"],
        verdict=Verdict(entry["verdict"]),
        reason=entry.get("reason", ""),
        phase=entry.get("phase", ""),
        error=entry.get("error", ""),
        steps=entry.get("steps"),
        ms=entry.get("ms", 0.0),
        vacuous=entry.get("vacuous", False),
        first=entry.get("first", ""),
    )
