"""A run on disk: JSON lines with a header, a line per result, and a footer (docs/record.md)."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import msgspec

from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.messages import (
    RECORD_FORMAT,
    EngineRow,
    RecordFooter,
    RecordHeader,
    SelectionRow,
)
from lockstep.harness.model import Result, Verdict
from lockstep.harness.selection import Selection
from lockstep.reference.host.printable import printable_line

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
        finished: when it ended, as the footer says; "" without one.
        last: the key of the last line, after which there may have been more to say of its case; None without lines.
    """

    header: RecordHeader
    results: dict[tuple[str, str, str, str], Result] = field(default_factory=dict)
    complete: bool = False
    finished: str = ""
    last: tuple[str, str, str, str] | None = None

    @property
    def engines(self) -> list[str]:
        """The names of the engines that took part."""
        return [engine.name for engine in self.header.engines]

    @property
    def scope(self) -> Scope:
        """How much of its suites the run holds."""
        planned = len(self.results) if self.header.planned is None else self.header.planned
        unnamed = "a selection" if self.header.selection == "partial" else ""
        return Scope(len(self.results), planned, self.header.options or unnamed, complete=self.complete)


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


def header_of(
    revisions: Mapping[str, str],
    engines: Iterable[EngineRow],
    selection: Selection,
    planned: int,
    asked: Iterable[str] = (),
    started: str = "",
) -> RecordHeader:
    """The header of a run that begins now."""
    return RecordHeader(
        lockstep=RECORD_FORMAT,
        suite=",".join(revisions),
        revision=dict(revisions),
        engines=tuple(engines),
        started=started or now(),
        selection="partial" if selection.partial else "whole",
        options=printable_line(str(selection)),
        chosen=SelectionRow(
            filter=_lines(selection.filters),
            exclude=_lines(selection.excluded),
            feature=_lines(selection.features),
            flags=_lines(selection.flags),
            shard=selection.shard,
            sample=selection.sample,
            rerun=printable_line(selection.rerun),
        ),
        planned=planned,
        asked=_lines(asked),
    )


def _lines(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(printable_line, names))


class RecordWriter:
    """Writes a run as it happens; every line is with the system before the next case is looked at.

    A disk that is full costs the rest of the record, not the run: `problem` says so, and nothing more is written.
    Without a path nothing is written at all.

    Args:
        path: of the file; what was in it is replaced.
        header: its first line.
        earlier: results of the same run that stand already; with them the file is replaced at once, or not at all.
    """

    def __init__(self, path: Path | None, header: RecordHeader, earlier: Iterable[Result] = ()) -> None:
        self.problem = ""
        self._path = path
        self._stream: BinaryIO | None = None
        # By execution, for one that is run again is written again.
        self._verdicts: dict[tuple[str, str, str, str], Verdict] = {}
        self._encoder = msgspec.json.Encoder()
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = path.open("ab", buffering=0)
            # Held until it is closed: another run refuses the file.
            fcntl.flock(self._stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._failed(error)
            return
        kept = list(earlier)
        if kept:
            self._replace(path, header, kept)
            return
        try:
            if path.is_file():
                self._stream.truncate(0)
        except OSError as error:
            self._failed(error)
        self._write(header)

    def _replace(self, path: Path, header: RecordHeader, earlier: list[Result]) -> None:
        """Put a file with the header and earlier results in the place of the old one, and go on in it."""
        old = self._stream
        scratch = path.with_name(f".{path.name}.resumed")
        try:
            self._stream = scratch.open("wb", buffering=0)
            fcntl.flock(self._stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._write(header)
            for result in earlier:
                self.add(result)
            if not self.problem:
                scratch.rename(path)
        except OSError as error:
            self._failed(error)
        finally:
            if old is not None:
                old.close()

    def add(self, result: Result) -> None:
        """Write one result."""
        self._verdicts[result.key] = result.verdict
        self._write(result)

    def finish(self) -> None:
        """Write the footer: the run is whole."""
        counts: dict[str, Counter[str]] = {}
        for (_, _, _, engine), verdict in self._verdicts.items():
            counts.setdefault(engine, Counter())[str(verdict)] += 1
        self._write(RecordFooter(now(), {engine: dict(counter) for engine, counter in counts.items()}))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _write(self, line: msgspec.Struct) -> None:
        if self._stream is None:
            return
        content = memoryview(self._encoder.encode(line) + b"\n")
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


def engine_row(engine: EngineSpec) -> EngineRow:
    """What the header says of an engine: its name, its language, and who it says it is."""
    said = engine.identity
    return EngineRow(
        name=printable_line(engine.name),
        language=engine.language,
        version=said.implementation if said is not None else "",
        host=said.host if said is not None else "",
        hash=engine.hash,
    )


_FOOTER = b'{"finished"'
_HEADERS = msgspec.json.Decoder(RecordHeader)
_ROWS = msgspec.json.Decoder(Result)
_FOOTERS = msgspec.json.Decoder(RecordFooter)


def read_run(path: Path) -> Run:
    """Read a run record; a last line that was cut off is left out.

    Raises:
        RecordError: the file is missing, or is not a run record.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise RecordError(f"{path}: cannot read the run: {error.strerror or error}") from error
    run: Run | None = None
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            if run is None:
                run = Run(_HEADERS.decode(line))
            elif line.startswith(_FOOTER):
                run.finished = _FOOTERS.decode(line).finished
                run.complete = True
            else:
                result = _ROWS.decode(line)
                run.results[result.key] = result
                run.last = result.key
        except (msgspec.DecodeError, ValueError) as error:
            if number == len(lines) and run is not None:
                break
            raise RecordError(f"{path}:{number}: not a line of a run record: {error}") from error
    if run is None:
        raise RecordError(f"{path}: empty, not a run record")
    return run


def write_run(path: Path, run: Run) -> None:
    """Write a run that was put together; without its footer if it is not complete.

    Raises:
        RecordError: it cannot be written.
    """
    with RecordWriter(path, run.header) as record:
        for result in run.results.values():
            record.add(result)
        if run.complete:
            record.finish()
    if record.problem:
        raise RecordError(record.problem)
