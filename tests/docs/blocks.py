"""Fenced blocks of a page: files that it has its reader write, and commands with what they print.

A block with `title="NAME"` is a file. In a `console` block a line that begins with `$ ` is a command, what follows is what it prints; in
an `sh` block every line is a command that ends with 0. A `text` block that begins with a command is a `console` block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w+)?(?P<words>[^`\n]*)$")
_COMMENT = re.compile(r"\s+# .*$")
_TITLE = re.compile(r'title="([^"]+)"')


@dataclass(frozen=True)
class Block:
    """A fenced block.

    Attributes:
        language: the first word behind the fence.
        title: the file that it is; "" for none.
        line: of its first line in the page, from 0.
        lines: what is in it, without the indent of the fence.
        indent: of the fence.
    """

    language: str
    title: str
    line: int
    lines: tuple[str, ...]
    indent: str = ""


@dataclass(frozen=True)
class Command:
    """A command that a page shows.

    Attributes:
        text: as a shell reads it, without the comment at its end.
        line: where it stands in the page, from 0.
        output: the lines shown below it; None where no output is shown.
        first: the line on which its output begins, from 0.
    """

    text: str
    line: int
    output: tuple[str, ...] | None = None
    first: int = 0


@dataclass(frozen=True)
class File:
    """A file that a page has its reader write."""

    name: str
    text: str


@dataclass
class _Open:
    """A command while its block is read."""

    words: list[str]
    line: int
    output: list[str] = field(default_factory=list)


def blocks(path: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    opened: re.Match[str] | None = None
    start, inside = 0, list[str]()
    for number, line in enumerate(path.read_text("utf-8").splitlines()):
        if opened is None:
            opened = _FENCE.match(line)
            start, inside = number + 1, []
        elif line.strip() == "```":
            title = _TITLE.search(opened["words"])
            yield Block(
                opened["language"] or "", title[1] if title else "", start, tuple(inside), opened["indent"]
            )
            opened = None
        else:
            inside.append(line.removeprefix(opened["indent"]))


def steps(path: Path) -> Iterator[Command | File]:
    """What a reader of the page does: files to write and commands to run, in order."""
    for block in blocks(path):
        shows = block.language in ("console", "text", "") and any(
            line.startswith("$ ") for line in block.lines
        )
        if block.title:
            yield File(block.title, "\n".join(block.lines) + "\n")
        elif shows:
            yield from _shown(block)
        elif block.language in ("sh", "bash"):
            yield from _script(block)


def _shown(block: Block) -> Iterator[Command]:
    current: _Open | None = None
    for number, line in enumerate(block.lines, block.line):
        if line.startswith("$ "):
            if current is not None:
                yield _closed(current)
            current = _Open([line[2:]], number)
        elif current is not None and current.words[-1].endswith("\\") and not current.output:
            current.words.append(line.removeprefix("> "))
        elif current is not None:
            current.output.append(line)
    if current is not None:
        yield _closed(current)


def _closed(command: _Open) -> Command:
    first = command.line + len(command.words)
    return Command(_bare(command.words), command.line, tuple(command.output), first)


def _bare(words: list[str]) -> str:
    return _COMMENT.sub("", "\n".join(words))


def _script(block: Block) -> Iterator[Command]:
    words: list[str] = []
    for number, line in enumerate(block.lines, block.line):
        if not words and (not line.strip() or line.startswith("#")):
            continue
        words.append(line)
        if not line.endswith("\\"):
            yield Command(_bare(words), number - len(words) + 1)
            words = []
