"""The words of a plain command: where the program's file, its text, its arguments and its roots go."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from lockstep.harness.model import MissingError

FILE, SOURCE, STANDARD_INPUT = "{file}", "{source}", "-"
# What becomes as many words as there are values; around it stands what each word has.
_MANY = ("{arguments}", "{roots}")
PLACES = (FILE, SOURCE, *_MANY)
# A name in braces is a place; in double braces it is that name in braces, as text. Other braces are text.
_PLACE = re.compile(r"\{(\{[A-Za-z][\w-]*\})\}|\{[A-Za-z][\w-]*\}")


@dataclass(frozen=True)
class CommandTemplate:
    """A command with places in it; one without a place for the program gets its file last.

    Attributes:
        words: the program and its arguments, `{file}`, `{source}`, `-`, `{arguments}`, `{roots}` among them.
    """

    words: tuple[str, ...]

    @classmethod
    def parsed(cls, text: str | Sequence[str], folder: Path) -> CommandTemplate:
        """The template that `text` is, as a shell reads it; paths in it are relative to `folder`.

        Raises:
            MissingError: it is empty, has a quote without an end, or a place that nobody knows.
        """
        try:
            words = shlex.split(text) if isinstance(text, str) else list(text)
        except ValueError as error:
            raise MissingError(f"'{text}' is no command as a shell reads it: {error}") from error
        if not words:
            raise MissingError("a command has at least the name of a program")
        unknown = next((place for word in words for place in _places(word) if place not in PLACES), None)
        if unknown is not None:
            near = get_close_matches(unknown, PLACES, 1, 0.6)
            hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(PLACES)}"
            raise MissingError(
                f"unknown place {unknown} in the command {shlex.join(words)}; {hint} ({{{unknown}}} is that text itself)"
            )
        return cls(tuple(_from(folder, word) for word in words))

    @property
    def program(self) -> str:
        """What is started."""
        return self.words[0]

    def located(self, path: str | None = None) -> str:
        """Where the program is, looked for in the folders of `path`.

        Raises:
            MissingError: it is not there, or is no program.
        """
        found = shutil.which(self.program, path=path)
        if found is None:
            there = "/" in self.program and Path(self.program).exists()
            why = "it is not executable" if there else "no such program"
            raise MissingError(f"cannot start {self.program}: {why}")
        return found

    @property
    def places(self) -> set[str]:
        """The places that its words have."""
        return {place for word in self.words for place in _places(word)}

    @property
    def literal(self) -> tuple[str, ...]:
        """The words of a command that has no places, as it is started."""
        return tuple(_replaced(word, {}) for word in self.words)

    @property
    def takes_file(self) -> bool:
        """Whether the program is handed over as a file."""
        return FILE in self.places or not (self.takes_source or self.takes_input)

    @property
    def takes_source(self) -> bool:
        """Whether the program's text is a word."""
        return SOURCE in self.places

    @property
    def takes_input(self) -> bool:
        """Whether the program's text is written to standard input."""
        return STANDARD_INPUT in self.words[1:]

    @property
    def name(self) -> str:
        """The program without its folder: what tables call it where nobody gave it a name."""
        return Path(self.program).name

    def expanded(
        self,
        file: str,
        source: str,
        before: Sequence[str] = (),
        arguments: Sequence[str] = (),
        roots: Sequence[str] = (),
    ) -> list[str]:
        """The command for one program.

        Args:
            file: the program's file.
            source: its text.
            before: words that stand right before the file, or the text, or the option whose value that is (`-e {source}`).
            arguments: the program's own; they follow the file where the command has no `{arguments}`.
            roots: folders in which it finds libraries.
        """
        one = {FILE: file, SOURCE: source}
        many = dict(zip(_MANY, (arguments, roots), strict=True))
        words: list[str] = []
        placed = False
        for number, word in enumerate(self.words):
            holds_program = not one.keys().isdisjoint(_places(word)) or (
                number > 0 and word == STANDARD_INPUT
            )
            if holds_program and not placed:
                valued = word == SOURCE and number > 1 and self.words[number - 1].startswith("-")
                position = len(words) - 1 if valued else len(words)
                words[position:position] = before
                placed = True
            words += _filled(word, one, many)
        if not placed:
            words += [*before, file]
        if "{arguments}" not in self.places:
            words += arguments
        return words


def _places(word: str) -> list[str]:
    """The places in a word, known or not."""
    return [match[0] for match in _PLACE.finditer(word) if match[1] is None] if "{" in word else []


def _filled(word: str, one: Mapping[str, str], many: Mapping[str, Sequence[str]]) -> list[str]:
    """The word with its places filled in, once for each value of a place that may have many."""
    found = _places(word)
    place = next((place for place in many if place in found), None)
    if place is None:
        return [_replaced(word, one)]
    joined = {name: " ".join(values) for name, values in many.items()}
    return [_replaced(word, {**one, **joined, place: value}) for value in many[place]]


def _replaced(word: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda match: match[1] or values[match[0]], word) if "{" in word else word


def _from(folder: Path, word: str) -> str:
    """A path that is there below `folder` as one that holds everywhere."""
    if word.startswith(("/", "-")) or "{" in word:
        return word
    path = folder / word
    if "/" in word:
        return str(path) if path.exists() else word
    # A word such as `shell.js` is a file where one is called so; `run` may mean anything.
    return str(path) if "." in word.strip(".") and path.is_file() else word
