"""Files by globs: `**` is any folders, `*` and `?` stay within a name; links to folders are followed, circles are not."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from lockstep.harness.model import MissingError

_WILD = "*?["
# Folders that hold no tests of anybody's own.
NO_TESTS = frozenset({".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", ".tox"})


def files_below(folder: Path, patterns: Sequence[str], exclude: Sequence[str] = ()) -> list[str]:
    """The files below `folder` that match one of `patterns` and none of `exclude`: paths relative to it, sorted.

    A name that is no UTF-8 has its odd bytes as surrogates. A pattern that names a folder means everything in it.

    Raises:
        MissingError: a folder cannot be read.
    """
    wanted = [glob_expression(pattern) for pattern in patterns]
    unwanted = [glob_expression(pattern) for pattern in exclude]
    found: set[str] = set()
    for start in _outermost([_fixed_part(pattern) for pattern in patterns]):
        found.update(
            path
            for path in _walked(str(folder), start, _named_folders(patterns))
            if any(one.match(path) for one in wanted) and not any(one.match(path) for one in unwanted)
        )
    return sorted(found)


def glob_expression(pattern: str) -> re.Pattern[str]:
    """What a path must look like to match `pattern`, or to lie in the folder that it names."""
    parts: list[str] = []
    position = 0
    text = pattern.removeprefix("./").rstrip("/")
    while position < len(text):
        letter = text[position]
        if text.startswith("**/", position):
            parts.append("(?:[^/]+/)*")
            position += 3
            continue
        if text.startswith("**", position):
            parts.append(".*")
            position += 2
            continue
        position += 1
        if letter == "*":
            parts.append("[^/]*")
        elif letter == "?":
            parts.append("[^/]")
        elif letter == "[" and "]" in text[position + 1 :]:
            end = text.index("]", position + 1)
            inside = text[position:end]
            inside = "^" + inside[1:] if inside.startswith("!") else inside
            parts.append("[" + inside.replace("\\", "\\\\") + "]")
            position = end + 1
        else:
            parts.append(re.escape(letter))
    below = "" if any(sign in text for sign in _WILD) else "(?:/.*)?"
    return re.compile("".join(parts) + below + r"\Z", re.DOTALL)


def _fixed_part(pattern: str) -> str:
    """The folders of a pattern before its first wildcard; the whole of one without any."""
    parts = pattern.removeprefix("./").rstrip("/").split("/")
    fixed: list[str] = []
    for part in parts:
        if any(sign in part for sign in _WILD):
            break
        fixed.append(part)
    return "/".join(fixed)


def _named_folders(patterns: Sequence[str]) -> frozenset[str]:
    """Folders that patterns name themselves: who asks for `node_modules/x/*.js` gets it."""
    return frozenset(part for pattern in patterns for part in pattern.split("/"))


def _outermost(starts: Sequence[str]) -> list[str]:
    """`starts` without those that lie in another."""
    ordered = sorted(set(starts))
    return [one for one in ordered if not any(one != other and _lies_in(one, other) for other in ordered)]


def _lies_in(path: str, folder: str) -> bool:
    return not folder or path.startswith(folder + "/")


def _walked(root: str, start: str, named: frozenset[str]) -> Iterator[str]:
    """Every file in the folder `start` of `root`, or itself; a folder is entered once, by whatever link."""
    first = f"{root}/{start}" if start else root
    if os.path.isfile(first):  # noqa: PTH113  # a name may be no UTF-8
        yield start
        return
    waiting = [(first, f"{start}/" if start else "")]
    seen: set[tuple[int, int]] = set()
    while waiting:
        folder, prefix = waiting.pop()
        try:
            state = os.stat(folder)  # noqa: PTH116  # half the time of pathlib
            if (state.st_dev, state.st_ino) in seen:
                continue
            seen.add((state.st_dev, state.st_ino))
            with os.scandir(folder) as entries:
                listed = list(entries)
        except FileNotFoundError:
            continue  # it has gone since its name was read
        except OSError as error:
            # Tests that nobody sees would be missed by nobody.
            raise MissingError(f"{prefix or '.'} cannot be read: {error.strerror}") from error
        for entry in listed:
            if is_folder(entry):
                if entry.name not in NO_TESTS or entry.name in named:
                    waiting.append((entry.path, f"{prefix}{entry.name}/"))
            elif is_file(entry):
                yield prefix + entry.name


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder, or a link to one."""
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link to itself


def is_file(entry: os.DirEntry[str]) -> bool:
    """Whether it is a file, or a link to one."""
    try:
        return entry.is_file()
    except OSError:
        return False
