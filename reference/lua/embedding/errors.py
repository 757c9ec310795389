"""What an embedder may have to catch."""

from __future__ import annotations

from typing import Any

from lockstep.reference.host.errors import ErrorReport, Location


class GuestError(Exception):
    """A Lua error that nothing in Lua caught, or source that is no chunk; holds no Lua value.

    Attributes:
        report: the whole error, as every language of this package reports it.
    """

    def __init__(self, report: ErrorReport) -> None:
        super().__init__(report.message)
        self.report = report

    @property
    def phase(self) -> str:
        """`parse` or `eval`."""
        return self.report.phase

    @property
    def kind(self) -> str:
        """One of `reference.host.errors.KINDS`."""
        return self.report.kind

    @property
    def message(self) -> str:
        """The message, with the position that Lua gave it."""
        return self.report.message

    @property
    def location(self) -> Location | None:
        """Where the error was raised, if known."""
        return self.report.location

    @property
    def traceback(self) -> tuple[str, ...]:
        """The Lua call chain, innermost first, a frame a line."""
        return self.report.traceback


class LimitError(Exception):
    """A limit ended the run; the state stays usable.

    Attributes:
        reason: `steps`, `time`, `memory`, `depth`, `output` or `cancelled`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__("cancelled" if reason == "cancelled" else f"{reason} limit reached")
        self.reason = reason


class HandleError(Exception):
    """A state or handle that was used after it was closed, or with a state that is not its own."""


class BusyError(Exception):
    """A state is running, and what was asked for has to wait until it is not."""


class ExitRequested(Exception):  # noqa: N818  # no error
    """The program called `os.exit`.

    Attributes:
        status: the exit status.
    """

    def __init__(self, status: int) -> None:
        super().__init__(f"exit {status}")
        self.status = status


class Throw(Exception):  # noqa: N818  # it carries a Lua error, it is none of the host's
    """Raised by a host function: becomes the Lua error `value`, as `error(value, 0)` would raise it."""

    def __init__(self, value: Any) -> None:
        super().__init__(value)
        self.value = value
