"""Character classes and sets of patterns, in the C locale."""

from __future__ import annotations

import re
import string
from functools import lru_cache

_ALL = frozenset(map(chr, range(256)))
_LETTERS: dict[str, frozenset[str]] = {
    "a": frozenset(string.ascii_letters),
    "c": frozenset(map(chr, [*range(32), 127])),
    "d": frozenset(string.digits),
    "g": frozenset(map(chr, range(33, 127))),
    "l": frozenset(string.ascii_lowercase),
    "p": frozenset(string.punctuation),
    "s": frozenset(" \t\n\v\f\r"),
    "u": frozenset(string.ascii_uppercase),
    "w": frozenset(string.ascii_letters + string.digits),
    "x": frozenset(string.hexdigits),
    "z": frozenset("\0"),
}
CLASSES: dict[str, frozenset[str]] = {
    **_LETTERS,
    **{letter.upper(): _ALL - members for letter, members in _LETTERS.items()},
}
ANY = _ALL


class PatternError(Exception):
    """A malformed pattern; the argument is the message."""


# 5.1 has no class `%g`: there the letter stands for itself. In patterns, which hold bytes, these stand for it.
_OLD_LETTERS = {"g": "\u0101", "G": "\u0102"}
CLASSES.update({mark: frozenset(letter) for letter, mark in _OLD_LETTERS.items()})
_ESCAPES = re.compile("%b..|%.", re.DOTALL)


@lru_cache(maxsize=512)
def old_pattern(pattern: str) -> str:
    """A pattern of 5.1 as one of 5.4 that means the same: it ends at a zero byte, and the letters of `%g` are no class."""
    pattern = pattern.partition("\0")[0]
    if "%g" not in pattern and "%G" not in pattern:
        return pattern
    return _ESCAPES.sub(
        lambda found: "%" + _OLD_LETTERS[found[0][1]] if found[0][1:] in _OLD_LETTERS else found[0], pattern
    )


def escaped(letter: str) -> frozenset[str]:
    """What `%letter` stands for as a single character."""
    members = CLASSES.get(letter)
    return members if members is not None else frozenset(letter)


def _set_end(pattern: str, position: int) -> int:
    """Where the `]` of the set stands whose `[` is at `position` (`classEnd` of lstrlib.c).

    Raises:
        PatternError: it has none.
    """
    size = len(pattern)
    position += 1
    if position < size and pattern[position] == "^":
        position += 1
    while True:
        if position >= size:
            raise PatternError("malformed pattern (missing ']')")
        position += 1
        if pattern[position - 1] == "%" and position < size:
            position += 1  # what is escaped does not end it
        if position < size and pattern[position] == "]":
            return position


def read_set(pattern: str, position: int) -> tuple[frozenset[str], int]:
    """The set whose `[` is at `position`, and where it ends (`matchbracketclass` of lstrlib.c).

    The end is found first: what a range ends with may be an escape's `%`, and the escaped letter then counts by itself.

    Raises:
        PatternError: it has no end.
    """
    end = _set_end(pattern, position)
    negated = pattern[position + 1] == "^"
    position += 2 if negated else 1
    members: set[str] = set()
    while position < end:
        character = pattern[position]
        if character == "%":
            members |= escaped(pattern[position + 1])
            position += 2
        elif pattern[position + 1] == "-" and position + 2 < end:
            members.update(map(chr, range(ord(character), ord(pattern[position + 2]) + 1)))
            position += 3
        else:
            members.add(character)
            position += 1
    return (_ALL - members if negated else frozenset(members)), end + 1


def read_single(pattern: str, position: int) -> tuple[frozenset[str], int]:
    """The single-character class at `position`, and where it ends. Raises PatternError."""
    character = pattern[position]
    if character == "%":
        if position + 1 >= len(pattern):
            raise PatternError("malformed pattern (ends with '%')")
        return escaped(pattern[position + 1]), position + 2
    if character == "[":
        return read_set(pattern, position)
    if character == ".":
        return ANY, position + 1
    return frozenset(character), position + 1
