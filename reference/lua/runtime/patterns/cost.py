"""How long the host may search for a pattern, at most: nothing interrupts a search once it runs.

The host goes back from every end of a repetition to what follows it, so that patterns of several repetitions can take any
power of the subject's length. Most do not: the character that must come next stands nowhere in the repetition, or nothing
that follows can fail. The bound counts characters that are looked at, for a subject of which the longest run and the number
of each class's characters are known, or only the length.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lockstep.reference.lua.runtime.patterns.classes import ANY

# So many characters the host looks at in about a tenth of a second.
AFFORDABLE = 30_000_000
_LARGEST = 1 << 20
_NOTHING: frozenset[str] = frozenset()

Members = frozenset[str]


@dataclass(frozen=True)
class Item:
    """One item of a pattern.

    Attributes:
        members: the characters that it stands for; None for one that can be anything, such as a capture's text.
        repetition: `*`, `+`, `?`, `-`, or "" for one character, `$` for the end, `%f` for a frontier, `%1` for a capture.
    """

    members: Members | None
    repetition: str


class Subject:
    """What is known of a subject: `runs` tells the longest run and the number of a class's characters."""

    def __init__(self, text: str) -> None:
        self.size = len(text)
        self._text = text
        self._known: dict[Members, tuple[int, int]] = {}

    def runs(self, members: Members) -> tuple[int, int]:
        """The longest run, and how many there are."""
        if members == ANY:
            return self.size, self.size
        found = self._known.get(members)
        if found is None:
            lengths = list(map(len, re.findall(class_text(members) + "+", self._text)))
            found = self._known[members] = max(lengths, default=0), sum(lengths)
        return found

    def after_last(self, members: Sequence[Members]) -> int:
        """How many characters stand after the beginning of the last place where these follow each other."""
        backwards = "".join(class_text(one) for one in reversed(members))
        first = re.search(backwards, self._text[::-1])
        return self.size if first is None else first.end()


class AnySubject(Subject):
    """A subject of which only the length is known."""

    def __init__(self, size: int) -> None:
        super().__init__("")
        self.size = size

    def runs(self, members: Members) -> tuple[int, int]:
        """The most that there can be."""
        return self.size, self.size

    def after_last(self, members: Sequence[Members]) -> int:
        """The most that there can be."""
        return self.size


def bound(items: tuple[Item, ...], subject: Subject, *, anchored: bool) -> int:
    """The most characters that the host looks at when it finds all matches in a subject."""
    size = subject.size
    # From the last item back: what an attempt to match the rest costs, whether it can fail, and how it can begin.
    rest = 1
    fails = False
    leading = 0
    first: Members | None = None
    # The single characters that the rest begins with, where nothing behind them can fail.
    singles: list[Members] = []
    for item in reversed(_expanded(items)):
        members = item.members
        if item.repetition in ("", "$", "%f", "%1"):
            if item.repetition == "" and members is not None and (singles or not fails):
                singles.insert(0, members)
            else:
                singles = []
            rest = (size if item.repetition == "%1" else 1) + rest
            first = _NOTHING if item.repetition == "$" else members
            fails = True
            leading = 0
            continue
        assert members is not None
        leading += 1
        if not fails:
            continue  # what matches cannot be long without the match being so
        closes, singles = singles, []
        if closes and _always_closes(members, closes, item.repetition):
            rest = subject.after_last(closes) * len(closes) + 2
            first = members | closes[0]
            continue
        longest = 1 if item.repetition == "?" else subject.runs(members)[0]
        tried = longest + 1
        passing = tried
        if first is not None:
            within = first & members
            passing = 1 + (min(longest, subject.runs(within)[1]) if within else 0)
            first = first | members
        rest = tried * leading + passing * rest
    starts = size + 1
    if anchored:
        starts = 1
    elif first is not None and fails:
        starts = 1 + subject.runs(first)[1] if first else 1
    return size * (len(items) + 1) + starts * rest


def _expanded(items: tuple[Item, ...]) -> list[Item]:
    """`x+` as `xx*`."""
    expanded: list[Item] = []
    for item in items:
        if item.repetition == "+":
            expanded += [Item(item.members, ""), Item(item.members, "*")]
        else:
            expanded.append(item)
    return expanded


def _always_closes(members: Members, closes: Sequence[Members], repetition: str) -> bool:
    """Whether a repetition, `closes` and the rest can fail only where `closes` do not follow.

    What is looked at in vain is then behind the last of them; what else is looked at belongs to the match.
    """
    if repetition == "?":
        return False
    if members == ANY:
        return True
    return len(closes) == 1 and ANY - members <= closes[0] and (repetition == "-" or not members & closes[0])


def safe_size(items: tuple[Item, ...], *, anchored: bool) -> int:
    """A length up to which every subject is affordable."""
    size = 64
    if bound(items, AnySubject(size), anchored=anchored) > AFFORDABLE:
        size = 0
        while bound(items, AnySubject(size + 1), anchored=anchored) <= AFFORDABLE:
            size += 1
        return size
    while size < _LARGEST and bound(items, AnySubject(2 * size), anchored=anchored) <= AFFORDABLE:
        size *= 2
    return size


def class_text(members: Members) -> str:
    """A class in the host's words."""
    if members == ANY:
        return "[\\x00-\\xff]"
    if not members:
        return "(?!)"
    codes = sorted(map(ord, members))
    parts = []
    start = previous = codes[0]
    for code in [*codes[1:], 1000]:
        if code != previous + 1:
            parts.append(f"\\x{start:02x}" if start == previous else f"\\x{start:02x}-\\x{previous:02x}")
            start = code
        previous = code
    if len(members) == 1:
        return parts[0]
    return "[" + "".join(parts) + "]"
