"""Which files are TypeScript, and the JavaScript that a loader takes for them."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from lockstep.reference.host.errors import GuestSyntaxError, Location

if TYPE_CHECKING:
    from lockstep.reference.javascript.syntax.typescript.strip import Stripped

EXTENSIONS = (".ts", ".mts", ".cts")


def is_typescript(path: str) -> bool:
    """Whether a file is TypeScript, by its name."""
    return path.endswith(EXTENSIONS)


def javascript_text(source: str, path: str) -> str:
    """What a loader parses for the file at `path`: `source`, without its types if the name says TypeScript.

    Raises:
        GuestSyntaxError: it is no TypeScript, or holds what cannot be erased; as node does, no file of a package is stripped.
    """
    return stripped(source, path).text if is_typescript(path) else source


def stripped(source: str, name: str) -> Stripped:
    """A TypeScript text without its types, to be run.

    Raises:
        GuestSyntaxError: see `javascript_text`; decorators are an error too.
    """
    from lockstep.reference.javascript.syntax.typescript.strip import read  # noqa: PLC0415  # if used

    if "node_modules" in PurePath(name).parts:
        message = "Stripping types is currently unsupported for files under node_modules"
        raise GuestSyntaxError(message, Location(name, 0), name="Error")
    found = read(source, name)
    error = found.refusal or found.decorator
    if error is not None:
        raise error
    return found
