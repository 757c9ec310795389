"""Guest errors as every language reports them: phase, kind, location, and the printed form."""

from __future__ import annotations

from dataclasses import dataclass, field

PHASES = ("parse", "analysis", "macroexpand", "eval")
KINDS = (
    "syntax_error",
    "number_error",
    "string_error",
    "name_error",
    "arity_error",
    "value_error",
    "type_error",
    "arithmetic_error",
    "index_error",
    "io_error",
    "internal_error",
    "out_of_memory",
)


class Interruption(Exception):  # noqa: N818  # none of these is an error of the host's
    """What leaves the running code and is no error of the host's: a guest's exception, a limit, a command that waits."""


_RULE = "----- Error -------------------------------------------"
_CONTEXT_LINES = 2
_WIDEST_EXCERPT = 200


@dataclass(frozen=True)
class Location:
    """A place in guest source: file as the program was named, line from 1, column from 1 (0: unknown)."""

    file: str
    line: int
    column: int = 0

    def __str__(self) -> str:
        if self.line <= 0:
            return self.file
        if self.column <= 0:
            return f"{self.file}:{self.line}"
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class ErrorReport:
    """One guest error, free of guest values, so that it may cross any boundary.

    Attributes:
        phase: one of `PHASES`.
        kind: one of `KINDS`.
        name: the guest's own name of the error (`TypeError`, `ExceptionInfo`), or "" where it has none.
        message: the guest's message, one line or more.
        location: where the guest was, if known.
        traceback: the guest's call chain, innermost first, already formatted, one frame a line.
    """

    phase: str
    kind: str
    name: str
    message: str
    location: Location | None = None
    traceback: tuple[str, ...] = field(default=())


class GuestSyntaxError(Exception):
    """Source text that a language's parser or analyser rejects.

    Languages map it to their own error (a JavaScript SyntaxError object, a Lua load failure).
    """

    def __init__(
        self, message: str, location: Location, *, phase: str = "parse", name: str = "SyntaxError"
    ) -> None:
        super().__init__(message)
        self.message = message
        self.location = location
        self.phase = phase
        self.name = name

    def report(self, kind: str = "syntax_error") -> ErrorReport:
        """The same error as a report."""
        return ErrorReport(self.phase, kind, self.name, self.message, self.location)


class LimitExceeded(BaseException):
    """A limit ended the guest: `reason` is `steps`, `time`, `memory`, `output` or `cancelled`.

    A `BaseException`, so that neither guest code nor the runtime's `except Exception` can hold it.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def excerpt(source: str, location: Location) -> list[str]:
    """The lines up to `location`, numbered, with a caret below the column; empty if it is not in `source`."""
    lines = source.splitlines()
    if not 1 <= location.line <= len(lines):
        return []
    first = max(1, location.line - _CONTEXT_LINES)
    width = max(4, len(str(location.line)))
    shown = [
        f"{number:>{width}} | {lines[number - 1][:_WIDEST_EXCERPT]}".rstrip()
        for number in range(first, location.line + 1)
    ]
    if 1 <= location.column <= _WIDEST_EXCERPT:
        shown.append(" " * width + " | " + " " * (location.column - 1) + "^")
    return shown


def render(report: ErrorReport, source: str = "") -> str:
    """The printed form of a guest error, with the excerpt of `source` where the location lies in it."""
    message = f"{report.name}: {report.message}" if report.name else report.message
    lines = [
        _RULE,
        f"Phase:    {report.phase}",
        f"Kind:     {report.kind}",
        "Message:  " + message.replace("\n", "\n          "),
    ]
    if report.location is not None:
        lines.append(f"Location: {report.location}")
        lines.extend(excerpt(source, report.location))
    lines.extend(report.traceback)
    return "\n".join(lines)
