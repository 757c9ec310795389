"""Expected output in files beside a program: NAME.out or NAME.expected, NAME.err, NAME.exit."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from lockstep.harness.expectation import first_difference
from lockstep.harness.model import CaseError, Judgement, Outcome, Verdict
from lockstep.harness.wording import describe, quoted

_OUTPUT = (".out", ".expected")


@dataclass(frozen=True)
class Golden:
    """What a program must print, and how it must exit.

    Attributes:
        lines: of its output; blanks at their ends, and blank lines at the end, do not count.
        errors: of what it writes to standard error, if that matters and the engine tells it; of one that does not, the error's
            message must be in it.
        status: its exit status; of an engine that has none, whether it must throw.
    """

    lines: tuple[str, ...]
    errors: tuple[str, ...] | None = None
    status: int = 0

    @property
    def ends(self) -> str:
        """It completes with status 0, and throws with another."""
        return "threw" if self.status else "completed"

    def check(self, outcome: Outcome) -> Judgement:
        """Pass, or fail with the first thing that differs."""
        reason = (
            self._ending(outcome) or first_difference(self.lines, outcome.output) or self._errors(outcome)
        )
        return Judgement(Verdict.FAIL, reason) if reason else Judgement(Verdict.PASS)

    def _ending(self, outcome: Outcome) -> str:
        if outcome.exit_status is not None:
            if outcome.exit_status == self.status:
                return ""
            how = describe(outcome) if outcome.completion != "completed" else "completed"
            return f"expected exit status {self.status}, got {outcome.exit_status}: it {how}"
        if outcome.completion == self.ends:
            return ""
        return (
            f"expected exit status {self.status}, but it {describe(outcome)}"
            if self.status
            else describe(outcome)
        )

    def _errors(self, outcome: Outcome) -> str:
        if self.errors is None:
            return ""
        if outcome.exit_status is not None:
            return first_difference(self.errors, outcome.standard_error, "standard error")
        if outcome.completion == "threw" and outcome.message not in "\n".join(self.errors):
            return f"standard error should tell of {quoted(outcome.message)}, and does not"
        return ""


def golden_files(program: Path) -> dict[str, Path]:
    """The files beside `program` that say what it must do, by the ending that stands for each: `.out`, `.err`, `.exit`."""
    found: dict[str, Path] = {}
    for kind, endings in ((".out", _OUTPUT), (".err", (".err",)), (".exit", (".exit",))):
        for candidate in (base + ending for ending in endings for base in _bases(program)):
            if os.path.isfile(candidate):  # noqa: PTH113  # a name may be no UTF-8
                found[kind] = Path(candidate)
                break
    return found


def _bases(program: Path) -> tuple[str, str]:
    return str(program.with_suffix("")), str(program)


def new_golden_file(program: Path, kind: str) -> Path:
    """Where the file of `kind` goes that is not there yet."""
    return Path(_bases(program)[0] + kind)


def read_golden(program: Path, case: str, suite: str) -> Golden:
    """What the files beside `program` say.

    Raises:
        CaseError: there is no file with its output, or one cannot be understood.
    """
    files = golden_files(program)
    if ".out" not in files:
        wanted = new_golden_file(program, ".out").name
        raise CaseError(
            f"no file says what it must print: `lockstep fixtures write {suite} --engine ENGINE --filter '{case}'` records {wanted}"
        )
    errors = _lines(files[".err"]) if ".err" in files else None
    return Golden(_lines(files[".out"]), errors, _status(files.get(".exit")))


def _lines(path: Path) -> tuple[str, ...]:
    try:
        return tuple(path.read_bytes().decode("utf-8", "surrogateescape").split("\n"))
    except OSError as error:
        raise CaseError(f"{path.name} cannot be read: {error.strerror}") from error


def _status(path: Path | None) -> int:
    if path is None:
        return 0
    text = "\n".join(_lines(path)).strip()
    if not text.isdigit() or int(text) > 255:
        raise CaseError(f"{path.name} holds {quoted(text)}, and should hold an exit status")
    return int(text)
