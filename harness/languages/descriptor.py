"""Descriptors of languages: data that the harness needs of a language, ours or a user's."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec

from lockstep.harness.model import MissingError

_FILE = Path(__file__).with_name("languages.toml")


class Language(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What the harness knows of a language.

    Attributes:
        extensions: of its files; the first is given to a program without a file.
        comment: what begins a comment that ends with the line.
        print: a statement that prints `{text}`, a literal of a string; "" if nobody said.
        string: how that literal is written.
        aliases: other names of the language on the command line.
        modes: ending of a file -> the mode in which such a file runs, where its suite says nothing.
    """

    extensions: tuple[str, ...] = ()
    comment: str = "#"
    print: str = ""
    string: Literal["json", "lua"] = "json"
    aliases: tuple[str, ...] = ()
    modes: dict[str, str] = {}

    def printing(self, text: str) -> str:
        """A statement that prints `text`; "" where nobody said how."""
        return self.print.replace("{text}", _LITERALS[self.string](text))


def _lua_literal(text: str) -> str:
    letters = []
    for byte in text.encode("utf-8", "surrogatepass"):
        plain = 32 <= byte < 127 and byte not in b'"\\'
        letters.append(chr(byte) if plain else f"\\{byte:03d}")
    return '"' + "".join(letters) + '"'


_LITERALS: Mapping[str, Callable[[str], str]] = {"json": json.dumps, "lua": _lua_literal}


@lru_cache(maxsize=1)
def shipped_languages() -> Mapping[str, Language]:
    """The languages that Lockstep brings, by name."""
    return msgspec.convert(tomllib.loads(_FILE.read_text("utf-8")), dict[str, Language])


def language_name(name: str, known: Mapping[str, Language]) -> str:
    """The language's own name for `name` or an alias of it.

    Raises:
        MissingError: no such language is known.
    """
    if name in known:
        return name
    for language, descriptor in known.items():
        if name in descriptor.aliases:
            return language
    language, _, rest = name.partition(":")
    if language in known and rest:
        raise MissingError(f"'{name}' is an engine: its language is {language} (--engine takes engines)")
    raise MissingError(f"unknown language '{name}'; known: {', '.join(known)}")


def language_of_file(path: Path, known: Mapping[str, Language]) -> str | None:
    """The first language whose files are called like `path`; None if there is none."""
    return next((name for name, one in known.items() if path.suffix in one.extensions), None)
