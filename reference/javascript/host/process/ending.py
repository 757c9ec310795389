"""How a program ends: uncaught errors and rejections, their reports, `exit` events."""

from __future__ import annotations

import math
from pathlib import Path
from types import TracebackType

from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.javascript.host.exit import ExitRequest
from lockstep.reference.javascript.host.hosting import Host
from lockstep.reference.javascript.host.stacks.lines import FrameText
from lockstep.reference.javascript.runtime.completions import thrown_value
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import JSPromise
from lockstep.reference.javascript.runtime.objects.error import JSError
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.objects.property import plain
from lockstep.reference.javascript.runtime.operations.conversion import to_number
from lockstep.reference.javascript.runtime.values import Value, undefined

UNCAUGHT, UNSETTLED, FAILED_HANDLER = 1, 13, 7
"""Exit statuses of node."""

_REPORTED_DEPTH = 5.0
_PROMISE_NOTE = (
    "This error originated either by throwing inside of an async function without a catch block, or by rejecting a "
    "promise which was not handled with .catch(). The promise rejected with the reason "
)


def report_of(host: Host, value: Value, traceback: TracebackType | None = None) -> str:
    """What standard error gets of an error that nobody caught: the line where it began, and the error."""
    realm = host.realm
    head = ""
    frames = getattr(value.get_own_property("stack"), "frames", None) if isinstance(value, JSError) else None
    if not isinstance(value, JSError):
        frames = host.stacks.frames_left(traceback)
    if frames:
        head = _line_of(host, FrameText(realm, frames[0]))
    try:
        text = host.inspect(value, depth=_REPORTED_DEPTH)
    except Exception as error:
        thrown_value(error, realm)
        text = "[an error that cannot be shown]"
    if not isinstance(value, JSError):
        text = f"Uncaught:\n{text}"
    return f"{head}{text}\n"


def _line_of(host: Host, shown: FrameText) -> str:
    file = shown.frame.file
    source = host.source_of(file)
    lines = source.split("\n")
    if not 1 <= shown.line <= len(lines):
        return f"{shown.file}:{shown.line}\n\n"
    line = lines[shown.line - 1].rstrip("\r")
    return f"{shown.file}:{shown.line}\n{line}\n{' ' * (shown.column - 1)}^\n\n"


def report_syntax_error(error: GuestSyntaxError, source: str) -> str:
    """The same of source that is refused."""
    place = error.location
    lines = source.split("\n")
    line = lines[place.line - 1] if 1 <= place.line <= len(lines) else ""
    return f"{place.file}:{place.line}\n{line}\n{' ' * max(0, place.column - 1)}^\n\n{error.name}: {error.message}\n"


def handle_uncaught(
    host: Host, value: Value, traceback: TracebackType | None = None, of_promise: JSObject | None = None
) -> None:
    """See `JavaScriptHost.uncaught`."""
    origin = "uncaughtException" if of_promise is None else "unhandledRejection"
    if not host.leaving:
        host.emit("uncaughtExceptionMonitor", value, origin)
        if host.emit("uncaughtException", value, origin):
            return
    host.print_error(report_of(host, value, traceback))
    host.status = float(UNCAUGHT)
    raise ExitRequest(leave(host, UNCAUGHT))


def handle_rejections(host: Host, promises: list[JSPromise]) -> None:
    """See `JavaScriptHost.report_rejections`."""
    for promise in promises:
        reason = promise.result_
        if host.emit("unhandledRejection", reason, promise):
            continue
        if not isinstance(reason, JSError):
            reason = _wrapped_reason(host, reason)
        host.uncaught(reason, of_promise=promise)


def _wrapped_reason(host: Host, reason: Value) -> JSObject:
    realm = host.realm
    text = f'{_PROMISE_NOTE}"{host.inspect(reason) if reason.__class__ is not str else reason}".'
    error = realm.make_error("Error", text)
    error.define_own_property("name", plain("UnhandledPromiseRejection"))
    error.define_own_property("code", plain("ERR_UNHANDLED_REJECTION"))
    return error


def leave(host: Host, status: int) -> int:
    """The `exit` event; the status with which the program ends."""
    if not host.leaving:
        host.leaving = True
        host.emit("exit", float(status))
        if host.status is not None:
            return exit_status(host.status)
    return status


def exit_status(value: Value) -> int:
    """An exit status that a program has set."""
    if value is undefined:
        return 0
    number = to_number(value)
    return 0 if math.isnan(number) else int(number) & 0xFF


def read_source(path: str) -> str:
    """The text of a file, for a report; "" where it cannot be read."""
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
