"""Bisecting an ordered list of versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

#: What a version does with the case, in words; None where it cannot be tried.
Look = Callable[[str], str | None]


class NothingToFindError(Exception):
    """Both ends do the same, or one of them cannot be tried; the message says which."""


@dataclass(frozen=True)
class Change:
    """Where the verdict changes.

    Attributes:
        first: the first version with the new verdict.
        last: the last one with the old verdict; between the two stand only `untried` ones.
        before, after: the verdicts.
    """

    first: str
    last: str
    before: str
    after: str
    untried: tuple[str, ...] = ()


def bisected(versions: Sequence[str], look: Look) -> Change:
    """The first of `versions`, oldest first, on which the verdict is not that of the first one.

    Versions that cannot be tried are gone around.

    Raises:
        NothingToFindError: the first and the last do the same, or cannot be tried.
    """
    known: dict[int, str | None] = {}

    def at(place: int) -> str | None:
        if place not in known:
            known[place] = look(versions[place])
        return known[place]

    last = len(versions) - 1
    before, after = at(0), at(last)
    check_ends(versions[0], before, versions[last], after)
    assert before is not None
    low, high = 0, last
    while True:
        between = sorted(range(low + 1, high), key=lambda place: (abs(2 * place - low - high), place))
        tried = next((place for place in between if at(place) is not None), None)
        if tried is None:
            break
        if at(tried) == before:
            low = tried
        else:
            high = tried
    seen = known[high]
    assert seen is not None
    return Change(versions[high], versions[low], before, seen, tuple(versions[low + 1 : high]))


def check_ends(good: str, before: str | None, bad: str, after: str | None) -> None:
    """Whether there is something between two versions.

    Raises:
        NothingToFindError: there is not.
    """
    for version, verdict in ((good, before), (bad, after)):
        if verdict is None:
            raise NothingToFindError(f"{version} cannot be tried")
    if before == after:
        raise NothingToFindError(f"{good} and {bad} do the same: {before}")
