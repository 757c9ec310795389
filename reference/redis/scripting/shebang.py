"""The first line of a script: `#!lua flags=no-writes,allow-oom`, of a library: `#!lua name=mylib`."""

from __future__ import annotations

from dataclasses import dataclass

from lockstep.reference.redis.wire.replies import FailureError

FLAGS = ("no-writes", "allow-oom", "allow-stale", "no-cluster", "allow-cross-slot-keys")


@dataclass(frozen=True)
class Script:
    """A script's text without its first line's words, and what that line said.

    Attributes:
        text: the Lua source; the line's end is kept, so lines count as in the whole text.
        declared: it has such a line; without one, checks happen command by command.
        flags: what it declares.
    """

    text: str
    declared: bool = False
    flags: frozenset[str] = frozenset()


def read_script(body: str) -> Script:
    """The script in `body`.

    Raises:
        FailureError: its first line is not understood.
    """
    if not body.startswith("#!"):
        return Script(body)
    end = body.find("\n")
    if end < 0:
        raise FailureError("ERR Invalid script shebang")
    words = body[:end].split()
    if words[0] != "#!lua":
        raise FailureError(f"ERR Unexpected engine in script shebang: {words[0]}")
    flags: set[str] = set()
    for word in words[1:]:
        if not word.startswith("flags="):
            raise FailureError(f"ERR Unknown lua shebang option: {word}")
        for flag in word.removeprefix("flags=").split(","):
            if not flag:
                continue
            if flag not in FLAGS:
                raise FailureError(f"ERR Unexpected flag in script shebang: {flag}")
            flags.add(flag)
    return Script(body[end:], declared=True, flags=frozenset(flags))


@dataclass(frozen=True)
class LibraryText:
    """A library's name and its Lua source."""

    name: str
    text: str


_NAME_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
BAD_NAME = "Library names can only contain letters, numbers, or underscores(_) and must be at least one character long"


def is_name(text: str) -> bool:
    """Whether a library or function may be called so."""
    return bool(text) and _NAME_LETTERS.issuperset(text)


def read_library(code: str) -> LibraryText:
    """The library in `code`.

    Raises:
        FailureError: its first line is not understood.
    """
    if not code.startswith("#!"):
        raise FailureError("ERR Missing library metadata")
    end = code.find("\n")
    if end < 0:
        raise FailureError("ERR Invalid library metadata")
    words = code[:end].split()
    name: str | None = None
    for word in words[1:]:
        if not word.startswith("name="):
            raise FailureError(f"ERR Invalid metadata value given: {word}")
        if name is not None:
            raise FailureError("ERR Invalid metadata value, name argument was given multiple times")
        name = word.removeprefix("name=")
    if name is None:
        raise FailureError("ERR Library name was not given")
    if not is_name(name):
        raise FailureError(f"ERR {BAD_NAME}")
    engine = words[0].removeprefix("#!")
    if engine.lower() != "lua":
        raise FailureError(f"ERR Engine '{engine}' not found")
    return LibraryText(name, code[end:])
