"""A guest program, and where its output goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Callable, Protocol


class Writer(Protocol):
    """Where guest output goes; a text stream or an `Output`."""

    def write(self, text: str, /) -> object:
        """Write `text`; bytes that are not UTF-8 stand in it as surrogate escapes."""

    def flush(self) -> object:
        """Hand on what is buffered."""


@dataclass(frozen=True)
class Hosting:
    """What a program finds that is run as by the language's own command.

    Attributes:
        errors: its standard error.
        reads: folders that it may read, besides the one of its own file.
        writes: folders that it may write.
        environment: the environment that it sees.
        read_input: gives what standard input holds, up to its end.
    """

    errors: Writer
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    read_input: Callable[[], bytes] = bytes


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
        host: what a program finds that is run as its language's own command runs it; None for the bare language.
    """

    source: str
    name: str = "<program>"
    mode: str = ""
    includes: tuple[tuple[str, str], ...] = ()
    path: str | None = None
    roots: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    folder: str | None = None
    host: Hosting | None = None
