"""22.2.2.1 CharSets of single characters, as inversion lists.

A set is a sorted tuple of numbers at which membership changes: `(97, 123)` is a to z. Numbers are code points, or
code units; the universe ends at `LIMIT`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import Final

LIMIT: Final = 0x110000

EMPTY: Final[tuple[int, ...]] = ()
ALL: Final[tuple[int, ...]] = (0, LIMIT)


def contains(members: tuple[int, ...], code: int) -> bool:
    """Whether `code` is in the set."""
    return bool(bisect_right(members, code) & 1)


def from_ranges(ranges: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """The union of ranges (first, last), which may overlap."""
    bounds: list[int] = []
    for first, last in sorted(ranges):
        if bounds and first <= bounds[-1]:
            bounds[-1] = max(bounds[-1], last + 1)
        else:
            bounds += (first, last + 1)
    return tuple(bounds)


def ranges(members: tuple[int, ...]) -> list[tuple[int, int]]:
    """The ranges (first, last) of the set, ascending."""
    return [(members[index], members[index + 1] - 1) for index in range(0, len(members), 2)]


def size(members: tuple[int, ...]) -> int:
    """How many characters the set has."""
    return sum(members[1::2]) - sum(members[::2])


def union(*sets: tuple[int, ...]) -> tuple[int, ...]:
    """Characters in any of the sets."""
    filled = [members for members in sets if members]
    if len(filled) <= 1:
        return filled[0] if filled else EMPTY
    return from_ranges([pair for members in filled for pair in ranges(members)])


def complement(members: tuple[int, ...]) -> tuple[int, ...]:
    """Characters not in the set."""
    if not members:
        return ALL
    bounds = members[1:] if members[0] == 0 else (0, *members)
    return bounds[:-1] if bounds[-1] == LIMIT else (*bounds, LIMIT)


def intersection(left: tuple[int, ...], right: tuple[int, ...]) -> tuple[int, ...]:
    """Characters in both sets."""
    found: list[int] = []
    i = j = 0
    while i < len(left) and j < len(right):
        first = max(left[i], right[j])
        end = min(left[i + 1], right[j + 1])
        if first < end:
            found += (first, end)
        if left[i + 1] < right[j + 1]:
            i += 2
        else:
            j += 2
    return tuple(found)


def difference(left: tuple[int, ...], right: tuple[int, ...]) -> tuple[int, ...]:
    """Characters in the left set only."""
    return intersection(left, complement(right)) if right else left


def decode(runs: str) -> tuple[int, ...]:
    """The set that a table of `unicode_data` writes as lengths of runs."""
    bounds = []
    position = 0
    for length in runs.split():
        position += int(length, 36)
        bounds.append(position)
    if len(bounds) & 1:
        bounds.append(LIMIT)
    return tuple(bounds)
