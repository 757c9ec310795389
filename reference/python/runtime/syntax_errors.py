"""A rejected program as the SyntaxError that guest code can catch."""

from __future__ import annotations

from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.python.syntax.parse import PythonSyntaxError

_CLASSES = {"IndentationError": IndentationError, "TabError": TabError}
_FIELDS = ("filename", "lineno", "offset", "text", "end_lineno", "end_offset")


def guest_syntax_error(error: GuestSyntaxError) -> SyntaxError:
    """The guest's exception for `error`."""
    cls = _CLASSES.get(error.name, SyntaxError)
    if not isinstance(error, PythonSyntaxError):
        place = error.location
        return cls(error.message, (place.file, place.line, place.column, None))
    details = error.details[: error.in_arguments]
    made = cls(error.message, details) if details else cls(error.message)  # type: ignore[arg-type]  # what the host has
    if error.details[1]:  # a source with null bytes has no place
        for field, value in zip(_FIELDS, error.details):
            setattr(made, field, value)
    return made
