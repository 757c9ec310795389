"""The syntax tree of a pattern: one class per production of 22.2.1 that means something to the matcher.

Characters are numbers: UTF-16 code units, or code points under the flags `u` and `v`.
"""

from __future__ import annotations

from typing import Union

from lockstep.reference.host.trees import TreeNode, child, declared


@declared
class PatternNode(TreeNode):
    """Any part of a pattern."""


@declared
class RegExpPattern(PatternNode):
    """A whole pattern.

    Attributes:
        disjunction: the pattern itself.
        capture_count: how many capturing groups it has.
        group_names: the numbers of the groups of each name, in order of their first appearance.
        flags: as given.
    """

    disjunction: Disjunction = child()
    capture_count: int
    group_names: dict[str, list[int]]
    flags: str


@declared
class Disjunction(PatternNode):
    """Alternatives, each a list of terms."""

    alternatives: list[list[PatternNode]] = child()


@declared
class Assertion(PatternNode):
    r"""`^`, `$`, `\b` or `\B`, as `kind` says."""

    kind: str


@declared
class Lookaround(PatternNode):
    """`(?=`, `(?!`, `(?<=` or `(?<!`."""

    body: Disjunction = child()
    behind: bool
    negative: bool


@declared
class Quantifier(PatternNode):
    """A repeated atom.

    Attributes:
        maximum: None for no limit.
        first_capture, last_capture: numbers of the groups inside, which each repetition resets: from the first
            to before the last.
    """

    atom: PatternNode = child()
    minimum: int
    maximum: int | None
    greedy: bool
    first_capture: int
    last_capture: int


@declared
class Character(PatternNode):
    """One character, by number."""

    code: int


@declared
class AnyCharacter(PatternNode):
    """The dot."""


@declared
class CapturingGroup(PatternNode):
    """`( )` with its number from 1, and its name."""

    number: int
    name: str | None
    body: Disjunction = child()


@declared
class Group(PatternNode):
    """`(?: )`, with the flags among `i`, `m`, `s` that it adds and removes."""

    body: Disjunction = child()
    add: str
    remove: str


@declared
class BackReference(PatternNode):
    r"""`\1`: a group by its number."""

    number: int


@declared
class NamedBackReference(PatternNode):
    r"""`\k<name>`: whichever group of that name took part."""

    name: str


@declared
class ClassEscape(PatternNode):
    r"""`\d \D \s \S \w \W`; `kind` is the letter."""

    kind: str


@declared
class PropertyEscape(PatternNode):
    r"""`\p{name=value}`; a lone General_Category value comes as that property; a binary one has no value."""

    name: str
    value: str | None
    negative: bool


@declared
class ClassRange(PatternNode):
    """`first-last` in a class; a single character is a range of one."""

    first: int
    last: int


@declared
class ClassStrings(PatternNode):
    r"""`\q{a|bc}` under the flag `v`."""

    strings: list[list[int]]


@declared
class CharacterClass(PatternNode):
    """`[ ]`; `operator` is `union`, or under `v` `intersection` or `subtraction` of its operands in order."""

    operands: list[ClassOperand] = child()
    operator: str
    negative: bool


ClassOperand = Union[ClassRange, ClassEscape, PropertyEscape, ClassStrings, CharacterClass]
