"""What went wrong, without where and with what: reasons that differ only in places and values are one cause."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from lockstep.harness.model import Result

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

# In this order: what a later pattern would spoil comes first. A quote after a letter is an apostrophe.
_PARTS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"^threw ", ""),
        (r" \((?:eval|parse|early|analysis|macroexpand)\)$", ""),
        (r"«[^»]*»", "«…»"),
        (r"(?<!\w)'(?:[^'\\]|\\.)*'", "'…'"),
        (r'(?<!\w)"(?:[^"\\]|\\.)*"', "'…'"),
        (r"`[^`]*`", "'…'"),
        # A guest's own word for a place: file:line:column.
        (r" (?:at|in|on) (?:line )?(?:(?:[A-Za-z]:)?[^\s:()]+:)?\d+(?::\d+)?(?=\W|$)", ""),
        (r"(?:file://|\b[A-Za-z]:)?[\w.@+~-]*(?:[/\\][\w.@+~-]+)+(?::\d+){0,2}", "PATH"),
        (r"(?<![\w.])[\w-]+\.(?:js|mjs|lua|py|clj|cljc|rb|scm|txt)\b(?::\d+){0,2}", "PATH"),
        (r"\b0x[0-9a-fA-F]+\b", "ADDRESS"),
        (r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b", "ADDRESS"),
        (r"(?<![\w.])(?<![A-Za-z]-)[-+]?\d[\d,_]*(?:\.\d+)?(?:e[-+]?\d+)?\b", "N"),
        (r"\s+", " "),
    )
)
_LONGEST = 200
# So much of a reason is looked at.
_LOOKED_AT = 4000


def cause_of(reason: str) -> str:
    """The cause in a reason: paths, places, numbers, addresses and quoted values are left out.

    >>> cause_of("threw TypeError: 'a' is not a function at x/y.js:12 (eval)")
    "TypeError: '…' is not a function"
    """
    text = reason[:_LOOKED_AT]
    for pattern, replacement in _PARTS:
        text = pattern.sub(replacement, text)
    text = text.strip()
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


@dataclass(frozen=True)
class Group(Generic[K, T]):
    """What has the same cause.

    Attributes:
        cause: what they share.
        members: all of them.
        example: the smallest.
    """

    cause: K
    members: tuple[T, ...]
    example: T


def grouped(
    members: Iterable[T], cause: Callable[[T], K], size: Callable[[T], tuple[float, str]]
) -> list[Group[K, T]]:
    """`members` by their causes, the commonest first; `size` says which is the smallest."""
    found: dict[K, list[T]] = {}
    for member in members:
        found.setdefault(cause(member), []).append(member)
    groups = [Group(name, tuple(same), min(same, key=size)) for name, same in found.items()]
    return sorted(groups, key=lambda group: (-len(group.members), repr(group.cause)))


def causes_of(results: Iterable[Result]) -> list[Group[tuple[str, str], Result]]:
    """Results by verdict and cause, with the one of the shortest name as the example."""
    cached: dict[str, str] = {}

    def cause(result: Result) -> tuple[str, str]:
        if result.reason not in cached:
            cached[result.reason] = cause_of(result.reason)
        return str(result.verdict), cached[result.reason]

    return grouped(results, cause, lambda result: (len(result.case), result.case))
