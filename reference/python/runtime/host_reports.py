"""What the host reports while a guest runs: warnings of its C code, and exceptions that nobody can catch.

Both go to the guest's own `warnings` and `sys.unraisablehook` (Library Reference, warnings, sys). The host has one place
for each in the whole process, so they are taken for the time of a run, and only for the thread that runs it.
"""

from __future__ import annotations

import sys
import threading
import warnings
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from lockstep.reference.host.errors import LimitExceeded
from lockstep.reference.python.runtime.dispatch.attributes import get_attribute
from lockstep.reference.python.runtime.dispatch.calling import call
from lockstep.reference.python.runtime.frames import GuestFrame
from lockstep.reference.python.runtime.modules.compiled import guest_module
from lockstep.reference.python.runtime.stack import innermost_frame
from lockstep.reference.python.runtime.types.tracebacks import format_traceback, guest_traceback

if TYPE_CHECKING:
    from lockstep.reference.python.runtime.interfaces import Interpreter


class HostReports:
    """Takes the host's reports for `interpreter` while it is entered."""

    def __init__(self, interpreter: Interpreter) -> None:
        self.interpreter = interpreter
        self.thread = threading.get_ident()

    def match(self, _: str) -> bool:
        """Whether a warning is the guest's: asked by the host's filters in place of a module's name."""
        return threading.get_ident() == self.thread

    def __enter__(self) -> None:
        # Every warning is shown, which hands it to the guest's filters.
        self.filter: object = ("always", None, Warning, self, 0)
        host: Any = warnings
        self.filters: list[object] = host.filters
        self.filters.insert(0, self.filter)
        host._filters_mutated()  # as `warnings.simplefilter` does
        self.shown, host.showwarning = host.showwarning, self.show
        self.hook, sys.unraisablehook = sys.unraisablehook, self.unraisable

    def __exit__(self, *_: object) -> None:
        sys.unraisablehook, warnings.showwarning = self.hook, self.shown
        if self.filter in self.filters:
            self.filters.remove(self.filter)
        host: Any = warnings
        host._filters_mutated()

    def show(self, message: object, category: object, filename: str, line: int, *rest: object) -> None:
        """Hand a warning to the guest's `warnings`; what its filters make an error is raised where the host warned."""
        frame = innermost_frame()
        if threading.get_ident() != self.thread or frame is None:
            self.shown(message, category, filename, line, *rest)
            return
        if isinstance(frame, GuestFrame):
            names, filename, line = frame.globals, frame.code.co_filename, frame.line
        else:
            names, filename, line = frame.f_globals, frame.f_code.co_filename, frame.f_lineno
        warn = get_attribute(guest_module(self.interpreter, "warnings"), "warn_explicit")
        registry = names.setdefault("__warningregistry__", {})
        call(warn, (message, category, filename, line, names.get("__name__"), registry), {})

    def unraisable(self, report: Any) -> None:
        """Hand an exception that was raised where nobody can catch it to the guest's hook."""
        error = report.exc_value
        if threading.get_ident() != self.thread:
            self.hook(report)
            return
        if isinstance(error, (LimitExceeded, MemoryError)):
            return  # the next step raises it again
        hook = self.interpreter.system("unraisablehook")
        seen = SimpleNamespace(
            exc_type=report.exc_type,
            exc_value=error,
            exc_traceback=None if error is None else guest_traceback(error),
            err_msg=report.err_msg,
            object=report.object,
        )
        if hook is not None:
            call(hook, (seen,), {})


def unraisable_text(report: Any) -> str:
    """What `sys.unraisablehook` writes about its argument."""
    message = report.err_msg or "Exception ignored in"
    lines = [message if report.object is None else f"{message}: {report.object!r}"]
    if report.exc_value is not None:
        lines += format_traceback(report.exc_value)
    return "\n".join(lines) + "\n"
