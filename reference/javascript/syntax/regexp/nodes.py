"""The syntax tree of a pattern: one class per production of 22.2.1 that means something to the matcher.

Characters are numbers: UTF-16 code units, or code points under the flags `u` and `v`.
"""

from __future__ import annotations

from typing import Union


class PatternNode:
    """Any part of a pattern."""

    __slots__: tuple[str, ...] = ()

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"{type(self).__name__}({fields})"


class RegExpPattern(PatternNode):
    """A whole pattern.

    Attributes:
        disjunction: the pattern itself.
        capture_count: how many capturing groups it has.
        group_names: the numbers of the groups of each name, in order of their first appearance.
        flags: as given.
    """

    __slots__ = ("capture_count", "disjunction", "flags", "group_names")

    def __init__(
        self, disjunction: Disjunction, capture_count: int, group_names: dict[str, list[int]], flags: str
    ) -> None:
        self.disjunction = disjunction
        self.capture_count = capture_count
        self.group_names = group_names
        self.flags = flags


class Disjunction(PatternNode):
    """Alternatives, each a list of terms."""

    __slots__ = ("alternatives",)

    def __init__(self, alternatives: list[list[PatternNode]]) -> None:
        self.alternatives = alternatives


class Assertion(PatternNode):
    r"""`^`, `$`, `\b` or `\B`, as `kind` says."""

    __slots__ = ("kind",)

    def __init__(self, kind: str) -> None:
        self.kind = kind


class Lookaround(PatternNode):
    """`(?=`, `(?!`, `(?<=` or `(?<!`."""

    __slots__ = ("behind", "body", "negative")

    def __init__(self, body: Disjunction, *, behind: bool, negative: bool) -> None:
        self.body = body
        self.behind = behind
        self.negative = negative


class Quantifier(PatternNode):
    """A repeated atom.

    Attributes:
        maximum: None for no limit.
        first_capture, last_capture: numbers of the groups inside, which each repetition resets: from the first
            to before the last.
    """

    __slots__ = ("atom", "first_capture", "greedy", "last_capture", "maximum", "minimum")

    def __init__(
        self,
        atom: PatternNode,
        minimum: int,
        maximum: int | None,
        *,
        greedy: bool,
        first_capture: int,
        last_capture: int,
    ) -> None:
        self.atom = atom
        self.minimum = minimum
        self.maximum = maximum
        self.greedy = greedy
        self.first_capture = first_capture
        self.last_capture = last_capture


class Character(PatternNode):
    """One character, by number."""

    __slots__ = ("code",)

    def __init__(self, code: int) -> None:
        self.code = code


class AnyCharacter(PatternNode):
    """The dot."""

    __slots__ = ()


class CapturingGroup(PatternNode):
    """`( )` with its number from 1, and its name."""

    __slots__ = ("body", "name", "number")

    def __init__(self, number: int, name: str | None, body: Disjunction) -> None:
        self.number = number
        self.name = name
        self.body = body


class Group(PatternNode):
    """`(?: )`, with the flags among `i`, `m`, `s` that it adds and removes."""

    __slots__ = ("add", "body", "remove")

    def __init__(self, body: Disjunction, add: str, remove: str) -> None:
        self.body = body
        self.add = add
        self.remove = remove


class BackReference(PatternNode):
    r"""`\1`: a group by its number."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number


class NamedBackReference(PatternNode):
    r"""`\k<name>`: whichever group of that name took part."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class ClassEscape(PatternNode):
    r"""`\d \D \s \S \w \W`; `kind` is the letter."""

    __slots__ = ("kind",)

    def __init__(self, kind: str) -> None:
        self.kind = kind


class PropertyEscape(PatternNode):
    r"""`\p{name=value}`; a lone General_Category value comes as that property; a binary one has no value."""

    __slots__ = ("name", "negative", "value")

    def __init__(self, name: str, value: str | None, *, negative: bool) -> None:
        self.name = name
        self.value = value
        self.negative = negative


class ClassRange(PatternNode):
    """`first-last` in a class; a single character is a range of one."""

    __slots__ = ("first", "last")

    def __init__(self, first: int, last: int) -> None:
        self.first = first
        self.last = last


class ClassStrings(PatternNode):
    r"""`\q{a|bc}` under the flag `v`."""

    __slots__ = ("strings",)

    def __init__(self, strings: list[list[int]]) -> None:
        self.strings = strings


class CharacterClass(PatternNode):
    """`[ ]`; `operator` is `union`, or under `v` `intersection` or `subtraction` of its operands in order."""

    __slots__ = ("negative", "operands", "operator")

    def __init__(self, operands: list[ClassOperand], operator: str, *, negative: bool) -> None:
        self.operands = operands
        self.operator = operator
        self.negative = negative


ClassOperand = Union[ClassRange, ClassEscape, PropertyEscape, ClassStrings, CharacterClass]
