"""Sets of code points as sorted ranges, and how the host writes them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

HIGHEST = 0x10FFFF

Ranges = tuple[tuple[int, int], ...]


def ranges_of(pairs: Iterable[tuple[int, int]]) -> Ranges:
    """The ranges that cover `pairs`, sorted and apart from each other."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(pairs):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return tuple(merged)


def characters(text: str) -> Ranges:
    """The set of the characters of `text`."""
    return ranges_of((ord(unit), ord(unit)) for unit in text)


def parsed(text: str) -> Ranges:
    """The set that a table writes as hexadecimal numbers and ranges."""
    pairs = []
    for part in text.split():
        low, _, high = part.partition("-")
        pairs.append((int(low, 16), int(high or low, 16)))
    return ranges_of(pairs)


def union(*sets: Ranges) -> Ranges:
    """What is in one of the sets."""
    return ranges_of(pair for one in sets for pair in one)


def complement(one: Ranges) -> Ranges:
    """What is not in the set."""
    result = []
    start = 0
    for low, high in one:
        if low > start:
            result.append((start, low - 1))
        start = high + 1
    if start <= HIGHEST:
        result.append((start, HIGHEST))
    return tuple(result)


def intersection(one: Ranges, other: Ranges) -> Ranges:
    """What is in both sets."""
    return complement(union(complement(one), complement(other)))


def with_other_case(one: Ranges, *, unicode: bool) -> Ranges:
    """The set and the other case of its letters: of ASCII only, unless `unicode`."""
    extra: list[tuple[int, int]] = []
    for low, high in one:
        if unicode:
            folds = _folds()
            for code in range(low, min(high, _LAST_CASED) + 1):
                extra.extend((other, other) for other in folds.get(_folded(code), ()))
            continue
        for first, distance in ((65, 32), (97, -32)):
            start, end = max(low, first), min(high, first + 25)
            if start <= end:
                extra.append((start + distance, end + distance))
    return ranges_of([*one, *extra])


_LAST_CASED = 0x1FFFF


def _folded(code: int) -> str:
    upper = chr(code).upper()
    lower = (upper if len(upper) == 1 else chr(code)).lower()
    return lower if len(lower) == 1 else chr(code)


@lru_cache(maxsize=1)
def _folds() -> dict[str, tuple[int, ...]]:
    """The code points that are one under Unicode's simple case (Character.toLowerCase of toUpperCase)."""
    found: dict[str, tuple[int, ...]] = {}
    for code in range(_LAST_CASED + 1):
        key = _folded(code)
        found[key] = (*found.get(key, ()), code)
    return {key: codes for key, codes in found.items() if len(codes) > 1}


def host_class(one: Ranges) -> str:
    """A character class of the host; `(?!)` for the empty set."""
    if not one:
        return "(?!)"
    if one == ((0, HIGHEST),):
        return r"[\s\S]"
    other = complement(one)
    if len(other) < len(one):
        return f"[^{_written(other)}]"
    return f"[{_written(one)}]"


def _written(one: Ranges) -> str:
    return "".join(_escaped(low) if low == high else f"{_escaped(low)}-{_escaped(high)}" for low, high in one)


def _escaped(code: int) -> str:
    unit = chr(code)
    if unit.isascii() and unit.isalnum():
        return unit
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
