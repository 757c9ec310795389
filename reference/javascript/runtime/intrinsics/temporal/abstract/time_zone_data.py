"""The IANA time zone database of the host: names, links, and TZif files (RFC 8536)."""

from __future__ import annotations

import bisect
import os
import re
import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from lockstep.reference.javascript.runtime.intrinsics.numbers.date_time import (
    civil_from_days,
    days_from_civil,
)

_DAY: Final = 86400
# The three names of UTC whose primary identifier is UTC, and their links (ECMA-262 21.4.1.20).
_UTC: Final = ("UTC", "Etc/UTC", "Etc/GMT", "GMT")
# Files and folders of the database that are no zones.
_NO_ZONES: Final = frozenset({"posix", "right", "posixrules", "localtime", "Factory"})
_POSIX: Final = re.compile(
    r"(?P<std><[^>]+>|[A-Za-z]+)(?P<offset>[+-]?[\d:]+)"
    r"(?:(?P<dst><[^>]+>|[A-Za-z]+)(?P<saved>[+-]?[\d:]+)?,(?P<start>[^,]+),(?P<end>[^,]+))?\Z",
    re.ASCII,
)
# A POSIX rule has at most two transitions a year.
_YEARS_LOOKED_AT: Final = 3


class ZoneRules:
    """The offsets of one zone, in seconds, and when they begin.

    Attributes:
        transitions: seconds since the epoch, ascending.
        offsets: the offset from each transition on.
        first: the offset before the first transition.
        rule: what holds after the last transition, or None.
    """

    __slots__ = ("first", "offsets", "rule", "transitions")

    def __init__(
        self, first: int, transitions: list[int], offsets: list[int], rule: PosixRule | None
    ) -> None:
        self.first = first
        self.transitions = transitions
        self.offsets = offsets
        self.rule = rule

    def offset_at(self, seconds: int) -> int:
        """The offset in force."""
        index = bisect.bisect_right(self.transitions, seconds)
        if index == len(self.transitions) and self.rule is not None:
            return self.rule.offset_at(seconds)
        return self.offsets[index - 1] if index else self.first

    def next_transition(self, seconds: int) -> int | None:
        """The first change of the offset after a time."""
        index = bisect.bisect_right(self.transitions, seconds)
        for position in range(index, len(self.transitions)):
            if self.offsets[position] != (self.offsets[position - 1] if position else self.first):
                return self.transitions[position]
        if self.rule is None:
            return None
        last = self.transitions[-1] if self.transitions else seconds
        return self.rule.next_transition(max(seconds, last))

    def previous_transition(self, seconds: int) -> int | None:
        """The last change of the offset before a time."""
        if self.rule is not None and (not self.transitions or seconds > self.transitions[-1]):
            found = self.rule.previous_transition(seconds)
            if found is not None and (not self.transitions or found > self.transitions[-1]):
                return found
        index = bisect.bisect_left(self.transitions, seconds)
        for position in range(index - 1, -1, -1):
            if self.offsets[position] != (self.offsets[position - 1] if position else self.first):
                return self.transitions[position]
        return None


class PosixRule:
    """The rule of a TZif footer: a standard offset, and summer time between two days of the year."""

    __slots__ = ("daylight", "end", "standard", "start")

    def __init__(
        self, standard: int, daylight: int | None, start: tuple[str, int], end: tuple[str, int]
    ) -> None:
        self.standard = standard
        self.daylight = daylight
        self.start = start
        self.end = end

    def _of_year(self, year: int) -> list[tuple[int, int]]:
        """The transitions of a year, ascending: (time, offset from then on)."""
        if self.daylight is None:
            return []
        return sorted(
            (
                (_moment(self.start, year) - self.standard, self.daylight),
                (_moment(self.end, year) - self.daylight, self.standard),
            )
        )

    def _around(self, seconds: int) -> list[tuple[int, int]]:
        year = civil_from_days(seconds // _DAY)[0]
        return [
            change
            for near in range(year - 1, year - 1 + _YEARS_LOOKED_AT)
            for change in self._of_year(near)
            if self.daylight != self.standard
        ]

    def offset_at(self, seconds: int) -> int:
        """The offset in force."""
        offset = self.standard
        for moment, new in self._around(seconds):
            if moment > seconds:
                break
            offset = new
        return offset

    def next_transition(self, seconds: int) -> int | None:
        """The first transition after a time."""
        return min((moment for moment, _ in self._around(seconds) if moment > seconds), default=None)

    def previous_transition(self, seconds: int) -> int | None:
        """The last transition before a time."""
        return max((moment for moment, _ in self._around(seconds) if moment < seconds), default=None)


def _moment(rule: tuple[str, int], year: int) -> int:
    """The local time, as if it were UTC, that a POSIX date rule names in a year."""
    day, time = rule
    if day.startswith("M"):
        month, week, weekday = map(int, day[1:].split("."))
        first = days_from_civil(year, month - 1, 1)
        found = first + (weekday - (first + 4)) % 7 + 7 * (week - 1)
        following = days_from_civil(year + month // 12, month % 12, 1)
        while found >= following:
            found -= 7
        return found * _DAY + time
    first = days_from_civil(year, 0, 1)
    if not day.startswith("J"):
        return (first + int(day)) * _DAY + time
    # Days are counted without 29 February.
    number = int(day[1:])
    is_leap = days_from_civil(year, 2, 1) - days_from_civil(year, 1, 1) == 29
    return (first + number - 1 + (is_leap and number >= 60)) * _DAY + time


def _seconds(text: str) -> int:
    """[+-]hh[:mm[:ss]] in seconds."""
    parts = [int(part) for part in text.lstrip("+-").split(":")]
    total = sum(part * scale for part, scale in zip(parts, (3600, 60, 1)))
    return -total if text.startswith("-") else total


def _parse_rule(text: str) -> PosixRule | None:
    matched = _POSIX.match(text)
    if matched is None:
        return None
    standard = -_seconds(matched["offset"])
    if matched["dst"] is None:
        return PosixRule(standard, None, ("", 0), ("", 0))
    daylight = -_seconds(matched["saved"]) if matched["saved"] else standard + 3600
    ends = []
    for part in (matched["start"], matched["end"]):
        day, _, time = part.partition("/")
        ends.append((day, _seconds(time) if time else 2 * 3600))
    return PosixRule(standard, daylight, ends[0], ends[1])


class _Header(NamedTuple):
    version: int
    utc_flags: int
    standard_flags: int
    leap_seconds: int
    transitions: int
    types: int
    characters: int


def _header(content: bytes, start: int) -> _Header:
    magic, version, *counts = struct.unpack_from(">4sc15x6l", content, start)
    if magic != b"TZif":
        raise ValueError("no TZif file")
    return _Header(version[0], *counts)


def parse_tzif(content: bytes) -> ZoneRules:
    """The rules in a TZif file.

    Raises:
        ValueError: it is none.
    """
    header = _header(content, 0)
    start, width, letter = 44, 4, "l"
    if header.version >= ord("2"):
        # The second block has times of 64 bits.
        start += header.transitions * 5 + header.types * 6 + header.characters
        start += header.leap_seconds * 8 + header.standard_flags + header.utc_flags
        header = _header(content, start)
        start, width, letter = start + 44, 8, "q"
    count = header.transitions
    transitions = list(struct.unpack_from(f">{count}{letter}", content, start))
    start += count * width
    kinds = struct.unpack_from(f">{count}B", content, start)
    start += count
    types = [struct.unpack_from(">lBB", content, start + 6 * index)[0] for index in range(header.types)]
    start += header.types * 6 + header.characters + header.leap_seconds * (width + 4)
    start += header.standard_flags + header.utc_flags
    rule = None
    if width == 8:
        footer = content[start:].decode("ascii").strip("\n")
        rule = _parse_rule(footer) if footer else None
    offsets = [types[kind] for kind in kinds]
    first = types[0]
    # Some compilers begin with a time before which nothing is known.
    while transitions and transitions[0] < -(1 << 58):
        first = offsets[0]
        del transitions[0], offsets[0]
    return ZoneRules(first, transitions, offsets, rule)


class TimeZoneDatabase:
    """The zones that the host has, by name without regard to case; `UTC` is always there."""

    def __init__(self) -> None:
        self._folders = _folders()
        self._names: dict[str, str] | None = None
        self._links: dict[str, str] = {}
        self._found: dict[str, tuple[str, str, ZoneRules] | None] = {}

    def find(self, identifier: str) -> tuple[str, str, ZoneRules] | None:
        """The identifier in its own case, the primary identifier and the rules of a zone; None if there is none."""
        lower = identifier.lower()
        if lower not in self._found:
            self._found[lower] = self._look_up(lower)
        return self._found[lower]

    def _look_up(self, lower: str) -> tuple[str, str, ZoneRules] | None:
        if lower == "utc":
            return "UTC", "UTC", ZoneRules(0, [], [], None)
        name = self.names().get(lower)
        if name is None:
            return None
        for folder in self._folders:
            rules = _read_rules(os.path.join(folder, name))  # noqa: PTH118  # no object
            if rules is not None:
                return name, self.primary(name), rules
        return None

    def primary(self, name: str) -> str:
        """The primary identifier of an identifier (ECMA-402 6.5.2)."""
        self.names()
        seen = self._links.get(name, name)
        return "UTC" if name in _UTC or seen in _UTC else seen

    def names(self) -> dict[str, str]:
        """Every identifier, by its lower case."""
        if self._names is None:
            self._names = {name.lower(): name for folder in self._folders for name in _zone_files(folder)}
            self._links = _links(self._folders)
        return self._names

    def system(self) -> str:
        """SystemTimeZoneIdentifier: what the environment names, else UTC."""
        named = os.environ.get("TZ", "").lstrip(":")
        if not named:
            target = os.path.realpath("/etc/localtime")
            named = target.partition("zoneinfo/")[2]
        found = self.find(named) if named else None
        return "UTC" if found is None or found[1] == "UTC" else found[0]


def _read_rules(path: str) -> ZoneRules | None:
    """The rules in a file, None where it is no zone."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123  # no object
            return parse_tzif(file.read())
    except (OSError, ValueError, struct.error):
        return None


def _folders() -> list[str]:
    """Where the host keeps TZif files."""
    try:
        from zoneinfo import TZPATH
    except ImportError:
        return []
    folders = [folder for folder in TZPATH if os.path.isdir(folder)]  # noqa: PTH112  # no object
    try:
        import tzdata  # type: ignore  # noqa: PGH003  # a package that may be absent, and so may its types
    except ImportError:
        return folders
    return [*folders, *(os.path.join(path, "zoneinfo") for path in tzdata.__path__)]  # noqa: PTH118  # no object


def _zone_files(folder: str) -> Iterator[str]:
    for path, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in _NO_ZONES]
        prefix = os.path.relpath(path, folder).replace(os.sep, "/")
        for name in files:
            if name not in _NO_ZONES and "." not in name and "leap" not in name and name[0].isupper():
                yield name if prefix == "." else f"{prefix}/{name}"


def _links(folders: list[str]) -> dict[str, str]:
    """Links to their targets, but for those that zone.tab lists: they are primary themselves."""
    links: dict[str, str] = {}
    for folder in folders:
        try:
            with open(os.path.join(folder, "tzdata.zi"), encoding="utf-8") as file:  # noqa: PTH118, PTH123
                pairs = [line.split()[1:3] for line in file if line.startswith("L ")]
            with open(os.path.join(folder, "zone.tab"), encoding="utf-8") as file:  # noqa: PTH118, PTH123
                listed = {line.split("\t")[2].strip() for line in file if not line.startswith("#")}
        except OSError:
            continue
        links.update((link, target) for target, link in pairs if link not in listed)
        return {link: _end_of(links, target) for link, target in links.items()}
    return links


def _end_of(links: dict[str, str], name: str) -> str:
    while name in links:
        name = links[name]
    return name
