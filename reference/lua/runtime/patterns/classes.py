"""Character classes and sets of patterns, in the C locale."""

from __future__ import annotations

import string

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


def escaped(letter: str) -> frozenset[str]:
    """What `%letter` stands for as a single character."""
    members = CLASSES.get(letter)
    return members if members is not None else frozenset(letter)


def read_set(pattern: str, position: int) -> tuple[frozenset[str], int]:
    """The set whose `[` is at `position`, and where it ends.

    Raises:
        PatternError: it has no end.
    """
    size = len(pattern)
    position += 1
    negated = position < size and pattern[position] == "^"
    if negated:
        position += 1
    members: set[str] = set()
    first = True
    while True:
        if position >= size:
            raise PatternError("malformed pattern (missing ']')")
        character = pattern[position]
        if character == "]" and not first:
            break
        first = False
        position += 1
        if character == "%":
            if position >= size:
                raise PatternError("malformed pattern (missing ']')")
            members |= escaped(pattern[position])
            position += 1
        elif position + 1 < size and pattern[position] == "-" and pattern[position + 1] != "]":
            members.update(map(chr, range(ord(character), ord(pattern[position + 1]) + 1)))
            position += 2
        else:
            members.add(character)
    return (_ALL - members if negated else frozenset(members)), position + 1


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
