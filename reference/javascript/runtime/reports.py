"""Guest errors as reports that may cross any boundary: no guest value is left in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lockstep.reference.host.errors import ErrorReport, Location
from lockstep.reference.javascript.runtime.completions import frame_line, guest_frames, thrown_value
from lockstep.reference.javascript.runtime.objects.description import describe
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.conversion import to_string
from lockstep.reference.javascript.runtime.values import Symbol, Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

KINDS = {
    "SyntaxError": "syntax_error",
    "TypeError": "type_error",
    "ReferenceError": "name_error",
    "RangeError": "value_error",
    "URIError": "string_error",
}
_SHOWN_FRAMES = 10


def error_report(realm: Realm, error: BaseException, phase: str = "eval") -> ErrorReport:
    """The report of an uncaught throw.

    Raises:
        BaseException: `error` itself, when no guest threw it.
    """
    thrown_at = guest_frames(error.__traceback__)
    value = thrown_value(error, realm)
    stack = getattr(value, "stack_", None) if isinstance(value, JSObject) else None
    name, message = _described(value)
    frames: Sequence[tuple[str, Location]] = thrown_at or stack or ()
    location = frames[0][1] if frames else None
    traceback = tuple(frame_line(function, place) for function, place in frames[:_SHOWN_FRAMES])
    return ErrorReport(phase, KINDS.get(name, "value_error"), name, message, location, traceback)


def _described(value: Value) -> tuple[str, str]:
    if not isinstance(value, JSObject):
        return "", repr(value) if value.__class__ is Symbol else _text(value)
    name = _string(value, "constructor", "name") or _string(value, "name")
    message = _string(value, "message")
    return name, message if message or name else describe(value)


def _text(value: Value) -> str:
    try:
        return to_string(value)
    except Exception:  # a guest's toString that throws must not hide the error itself
        return describe(value)


def _string(value: Value, *path: str) -> str:
    """The String at a path of properties, or "" where anything goes wrong."""
    try:
        for name in path:
            if not isinstance(value, JSObject):
                return ""
            value = value.get_value(name, value)
    except Exception:  # likewise
        return ""
    return "" if value is undefined or value.__class__ is not str else str(value)
