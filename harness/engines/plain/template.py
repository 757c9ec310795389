"""The words of a plain command: where the program's file, its text, its arguments and its roots go."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lockstep.harness.model import MissingError

FILE, SOURCE, STANDARD_INPUT = "{file}", "{source}", "-"
# What becomes as many words as there are values; around it stands what each word has.
_MANY = ("{arguments}", "{roots}")


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
            MissingError: it is empty, or has a quote without an end.
        """
        try:
            words = shlex.split(text) if isinstance(text, str) else list(text)
        except ValueError as error:
            raise MissingError(f"'{text}' is no command as a shell reads it: {error}") from error
        if not words:
            raise MissingError("a command has at least the name of a program")
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
    def takes_file(self) -> bool:
        """Whether the program is handed over as a file."""
        return any(FILE in word for word in self.words) or not (self.takes_source or self.takes_input)

    @property
    def takes_source(self) -> bool:
        """Whether the program's text is a word."""
        return any(SOURCE in word for word in self.words)

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
        many = dict(zip(_MANY, (arguments, roots), strict=True))
        words: list[str] = []
        placed = False
        for number, word in enumerate(self.words):
            holds_program = FILE in word or SOURCE in word or (number > 0 and word == STANDARD_INPUT)
            if holds_program and not placed:
                valued = word == SOURCE and number > 1 and self.words[number - 1].startswith("-")
                position = len(words) - 1 if valued else len(words)
                words[position:position] = before
                placed = True
            words += _filled(word.replace(FILE, file).replace(SOURCE, source), many)
        if not placed:
            words += [*before, file]
        if not any("{arguments}" in word for word in self.words):
            words += arguments
        return words


def _filled(word: str, many: Mapping[str, Sequence[str]]) -> list[str]:
    for place, values in many.items():
        if place in word:
            return [word.replace(place, value) for value in values]
    return [word]


def _from(folder: Path, word: str) -> str:
    """A path that is there below `folder` as one that holds everywhere."""
    if "/" not in word or word.startswith("/") or "{" in word:
        return word
    path = folder / word
    return str(path) if path.exists() else word
