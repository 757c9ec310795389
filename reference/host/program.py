"""A guest program, and where its output goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Writer(Protocol):
    """Where guest output goes; a text stream or an `Output`."""

    def write(self, text: str, /) -> object:
        """Write `text`; bytes that are not UTF-8 stand in it as surrogate escapes."""

    def flush(self) -> object:
        """Hand on what is buffered."""


@dataclass(frozen=True)
class Program:
    """One guest program.

    Attributes:
        source: the text. A language whose source is bytes (Lua) gets them decoded as UTF-8 with
            surrogate escapes.
        name: the file name that locations and tracebacks show.
        mode: what the language distinguishes: JavaScript `script`, `strict`, `module`, `raw`; else "".
        includes: (name, source) pairs that run first, in order, in the same global state.
        path: the real file, if there is one: relative imports are found beside it.
        roots: folders in which the language finds libraries (`require`, `import`).
        arguments: the program's command-line arguments.
        folder: the working folder that the program finds; None for the engine's own.
    """

    source: str
    name: str = "<program>"
    mode: str = ""
    includes: tuple[tuple[str, str], ...] = ()
    path: str | None = None
    roots: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    folder: str | None = None
