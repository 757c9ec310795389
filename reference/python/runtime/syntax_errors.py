"""A rejected program as the SyntaxError that guest code can catch."""

from __future__ import annotations

from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.python.syntax.parse import PythonSyntaxError

_CLASSES = {"IndentationError": IndentationError, "TabError": TabError}


def guest_syntax_error(error: GuestSyntaxError) -> SyntaxError:
    """The guest's exception for `error`."""
    cls = _CLASSES.get(error.name, SyntaxError)
    if isinstance(error, PythonSyntaxError):
        details = error.details
        if len(details) > 4 and details[4] is None:
            details = details[:4]
        return cls(error.message, details)  # type: ignore[arg-type]  # what the host's own carried
    place = error.location
    return cls(error.message, (place.file, place.line, place.column, None))
