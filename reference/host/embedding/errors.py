"""What an embedder may have to catch."""

from __future__ import annotations

from lockstep.reference.host.errors import ErrorReport, Interruption, Location


class GuestError(Exception):
    """An error that nothing in the guest caught, or source that its language refuses.

    Attributes:
        report: the error as every language of this package reports it, free of guest values.
        value: what the guest threw, converted; a handle where it has no host form, None where the guest threw no value.
        cause: the guest error that this one names as its cause, or None.
    """

    def __init__(self, report: ErrorReport, value: object = None, cause: GuestError | None = None) -> None:
        super().__init__(f"{report.name}: {report.message}" if report.name else report.message)
        self.report = report
        self.value = value
        self.cause = cause

    @property
    def phase(self) -> str:
        """One of `reference.host.errors.PHASES`."""
        return self.report.phase

    @property
    def kind(self) -> str:
        """One of `reference.host.errors.KINDS`."""
        return self.report.kind

    @property
    def name(self) -> str:
        """The guest's own name of the error (`TypeError`, `ExceptionInfo`), "" where it has none."""
        return self.report.name

    @property
    def message(self) -> str:
        """The guest's message."""
        return self.report.message

    @property
    def location(self) -> Location | None:
        """Where the error was raised, if known."""
        return self.report.location

    @property
    def traceback(self) -> tuple[str, ...]:
        """The guest's call chain, innermost first, a frame a line."""
        return self.report.traceback


class LimitExceeded(Interruption):
    """A limit ended the run; the interpreter stays usable.

    Attributes:
        which: `steps`, `seconds`, `memory`, `output`, `depth` or `cancelled`.
    """

    def __init__(self, which: str, owner: object = None) -> None:
        super().__init__("cancelled" if which == "cancelled" else f"{which} limit reached")
        self.which = which
        # The session whose run ended: the guest of no other one is ended by it.
        self.owner = owner


class StaleHandleError(Exception):
    """An interpreter or handle that was used after it was closed, reset or released, or with another interpreter."""


class BusyError(Exception):
    """The interpreter is running, and what was asked for has to wait until it is not."""
