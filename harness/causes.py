"""What went wrong, without where and with what: reasons that differ only in places and values are one cause."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from lockstep.harness.model import Result

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

# A part of a path. A blank in one is followed by no word that sentences are made of.
_PART = r"[\w.@+~%-]+"
_SENTENCE = r"(?:a|and|as|at|by|cannot|could|did|does|failed|for|from|has|in|is|not|of|on|or|the|to|was|when|while|with)\b"
_MORE = rf"(?: (?!{_SENTENCE}){_PART})"
_CODE = r"\.(?:c|cc|cjs|clj|cljc|cljs|cpp|edn|go|h|java|js|json|jsx|lox|lua|mjs|py|pyi|rb|rkt|rs|scm|sh|toml|ts|tsx|txt|wasm)\b"
# A folder may have blanks, for a separator shows its end; a file, where its ending does, and nothing but a place follows.
_FOLDER = rf"{_PART}{_MORE}{{0,5}}(?=[/\\])"
_FILE = rf"{_PART}(?:{_MORE}{{0,4}} (?!{_SENTENCE})[\w.@+~%-]*{_CODE}(?=:\d|[:,;)\]]|$))?"
_PATH = rf"(?:file://|\b[A-Za-z]:)?(?:{_PART})?(?:[/\\]{_FOLDER})*[/\\]{_FILE}"
_LINE = r":\d+(?::\d+)?"
# Stands for a path with a line until all of them are found.
_PLACE = "\x01"

# In this order: what a later pattern would spoil comes first. A quote after a letter is an apostrophe.
_PARTS = (
    (r"^threw ", ""),
    (r" \((?:eval|parse|early|analysis|macroexpand)\)$", ""),
    (r"«[^»]*»", "«…»"),
    (r"(?<!\w)'(?:[^'\\]|\\.)*'", "'…'"),
    (r'(?<!\w)"(?:[^"\\]|\\.)*"', "'…'"),
    (r"`[^`]*`", "'…'"),
    (rf" (?:at|in|on) (?:(?!{_SENTENCE}){_PART} ){{0,5}}{_PATH}{_LINE}(?=\W|$)", ""),
    (rf"{_PATH}{_LINE}", _PLACE),
    (_PATH, "PATH"),
    # A name alone is a file's where a line follows, or its ending says so.
    (rf"(?<![\w.])[\w-][\w.-]*\.[A-Za-z]\w{{0,5}}{_LINE}(?=\W|$)", _PLACE),
    (rf"^[\w.-]+{_LINE}(?=:)", _PLACE),
    (rf"(?<![\w.])[\w-]+{_CODE}", "PATH"),
    # A guest's own word for a place: file:line:column.
    (rf" (?:at|in|on) (?:line )?(?:{_PLACE}|(?:[^\s:()]+:)?\d+(?::\d+)?)(?=\W|$)", ""),
    (_PLACE, "PATH"),
    (r"\b0x[0-9a-fA-F]+\b", "ADDRESS"),
    (r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b", "ADDRESS"),
    (r"(?<![\w.])(?<![A-Za-z]-)[-+]?\d[\d,_]*(?:\.\d+)?(?:e[-+]?\d+)?\b", "N"),
    (r"\s+", " "),
)
_LONGEST = 200
# So much of a reason is looked at.
_LOOKED_AT = 4000


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The patterns, when the first reason comes: most commands have none."""
    return tuple((re.compile(pattern), replacement) for pattern, replacement in _PARTS)


def cause_of(reason: str) -> str:
    """The cause in a reason: paths, places, numbers, addresses and quoted values are left out.

    >>> cause_of("threw TypeError: 'a' is not a function at x/y.js:12 (eval)")
    "TypeError: '…' is not a function"
    """
    text = reason[:_LOOKED_AT]
    for pattern, replacement in _compiled():
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
