"""The nodes of a parsed pattern."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Union

from lockstep.reference.clojure.runtime.regular_expressions.code_points import Ranges


@dataclass
class Literal:
    """A text; `case` is "" (as it stands), "a" (either case of ASCII) or "u" (either case)."""

    text: str
    case: str = ""


@dataclass
class OneOf:
    """A character of a set."""

    ranges: Ranges


@dataclass
class Assertion:
    """What takes no text, as the host writes it."""

    host: str


@dataclass
class LastMatch:
    r"""`\G`: where the last match ended."""


@dataclass
class Reference:
    """The text of a group; `number` 0 stands for one that can not have matched."""

    number: int
    case: str = ""


@dataclass
class Group:
    """A group: `kind` is capture, plain, atomic, ahead, not-ahead, behind, not-behind."""

    kind: str
    body: Node
    number: int = 0


@dataclass
class Repeat:
    """A quantifier; `high` None has no limit, `mode` is greedy, lazy or possessive."""

    body: Node
    low: int
    high: int | None
    mode: str


@dataclass
class Sequence:
    """One after the other."""

    parts: list[Node] = field(default_factory=list)


@dataclass
class Choice:
    """One of several, tried in order."""

    branches: list[Node]


Node = Union[Literal, OneOf, Assertion, LastMatch, Reference, Group, Repeat, Sequence, Choice]
