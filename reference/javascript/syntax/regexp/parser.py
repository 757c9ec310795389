"""22.2.1 Patterns and their early errors, with the additions of B.1.2 outside the flags `u` and `v`."""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn

from lockstep.reference.host.errors import GuestSyntaxError, Location
from lockstep.reference.javascript.syntax.regexp.classes import ClassParser
from lockstep.reference.javascript.syntax.regexp.nodes import (
    AnyCharacter,
    Assertion,
    BackReference,
    CapturingGroup,
    Character,
    Disjunction,
    Group,
    Lookaround,
    NamedBackReference,
    PatternNode,
    Quantifier,
    RegExpPattern,
)
from lockstep.reference.javascript.syntax.utf16 import to_code_points

_FLAGS = frozenset("dgimsuvy")
_QUANTIFIER = re.compile(r"(?:([*+?])|\{([0-9]+)(?:(,)([0-9]*))?\})(\??)")
_BRACES = re.compile(r"\{[0-9]+(?:,[0-9]*)?\}")
_LOOKAROUND = re.compile(r"\(\?(<?)([=!])")
_MODIFIERS = re.compile(r"\(\?([a-zA-Z]*)(-?)([a-zA-Z]*):")
# Groups, outside classes and escapes; a class under `v` holds no unescaped parenthesis.
_GROUPS = re.compile(r"\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|(\((?!\?)|\(\?<(?![=!]))")
_GROUPS_SETS = re.compile(r"\\[\s\S]|(\((?!\?)|\(\?<(?![=!]))")
_DECIMAL = re.compile(r"[1-9][0-9]*")


def parse_pattern(pattern: str, flags: str, location: Location | None = None) -> RegExpPattern:
    """22.2.3.4 ParsePattern, with the check of the flags.

    Args:
        pattern: UTF-16 code units.
        flags: FlagText.
        location: where errors are reported.

    Raises:
        GuestSyntaxError: the flags or the pattern are not valid.
    """
    where = location or Location("<regular expression>", 0)
    if not _FLAGS.issuperset(flags) or len(set(flags)) != len(flags) or ("u" in flags and "v" in flags):
        raise GuestSyntaxError(f"Invalid flags supplied to RegExp constructor '{flags}'", where)
    unicode_mode = "u" in flags or "v" in flags
    text = to_code_points(pattern) if unicode_mode else pattern
    return PatternParser(text, pattern, flags, where).parse()


class _Place(NamedTuple):
    """An alternative of a disjunction, by their numbers, and the place around it: linked, as patterns nest deeply."""

    outer: _Place | None
    disjunction: int
    alternative: int

    def steps(self) -> list[_Place]:
        """The places from the outermost on."""
        found = []
        place: _Place | None = self
        while place is not None:
            found.append(place)
            place = place.outer
        return found[::-1]


class PatternParser(ClassParser):
    """Recursive descent over one pattern.

    Attributes:
        groups: capturing groups met so far.
        place: the innermost alternative that is being parsed.
    """

    def __init__(self, text: str, pattern: str, flags: str, location: Location) -> None:
        super().__init__(text, unicode_mode="u" in flags or "v" in flags, sets_mode="v" in flags)
        self.pattern = pattern
        self.flags = flags
        self.location = location
        self.groups = 0
        self.disjunctions = 0
        self.place: _Place | None = None
        self.names: dict[str, list[int]] = {}
        self.name_places: dict[str, list[_Place]] = {}
        self.references: list[str] = []
        found = [m[1] for m in (_GROUPS_SETS if self.sets_mode else _GROUPS).finditer(text) if m[1]]
        self.total_groups = len(found)
        # 22.2.1: [+NamedCaptureGroups] where the pattern has a GroupName, or always under `u` and `v`.
        self.named = self.unicode_mode or "(?<" in found

    def fail(self, message: str) -> NoReturn:
        """Raise the guest's SyntaxError."""
        raise GuestSyntaxError(
            f"Invalid regular expression: /{self.pattern}/{self.flags}: {message}", self.location
        )

    def parse(self) -> RegExpPattern:
        """Pattern."""
        disjunction = self.parse_disjunction()
        if self.position < len(self.text):
            self.fail("Unmatched ')'")
        for name in self.references:
            if name not in self.names:
                self.fail("Invalid named capture referenced")
        return RegExpPattern(disjunction, self.groups, self.names, self.flags)

    def parse_disjunction(self) -> Disjunction:
        """Disjunction."""
        self.disjunctions += 1
        number = self.disjunctions
        outer = self.place
        alternatives: list[list[PatternNode]] = []
        while True:
            self.place = _Place(outer, number, len(alternatives))
            alternatives.append(self.parse_alternative())
            if not self.accept("|"):
                self.place = outer
                return Disjunction(alternatives)

    def parse_alternative(self) -> list[PatternNode]:
        """Alternative."""
        terms: list[PatternNode] = []
        while self.position < len(self.text) and self.text[self.position] not in "|)":
            terms.append(self.parse_term())
        return terms

    def parse_term(self) -> PatternNode:
        """Term: an assertion, or an atom with or without a quantifier."""
        text = self.text
        character = text[self.position]
        first_capture = self.groups + 1
        if character in "^$":
            self.position += 1
            return Assertion(character)
        if character == "\\" and text[self.position + 1 : self.position + 2] in ("b", "B"):
            self.position += 2
            return Assertion(text[self.position - 2 : self.position])
        lookaround = _LOOKAROUND.match(text, self.position)
        node: PatternNode
        if lookaround is not None:
            self.position = lookaround.end()
            body = self.parse_group_body()
            behind = lookaround[1] == "<"
            node = Lookaround(body, behind=behind, negative=lookaround[2] == "!")
            # B.1.2: QuantifiableAssertion.
            if self.unicode_mode or behind:
                return node
        else:
            node = self.parse_atom(character)
        return self.parse_quantifier(node, first_capture)

    def parse_quantifier(self, atom: PatternNode, first_capture: int) -> PatternNode:
        """Quantifier, if one stands here."""
        match = _QUANTIFIER.match(self.text, self.position)
        if match is None:
            if self.unicode_mode and self.text.startswith("{", self.position):
                self.fail("Incomplete quantifier")
            return atom
        self.position = match.end()
        maximum: int | None
        if match[1]:
            minimum = 1 if match[1] == "+" else 0
            maximum = 1 if match[1] == "?" else None
        else:
            minimum = int(match[2])
            maximum = minimum if match[3] is None else int(match[4]) if match[4] else None
            if maximum is not None and minimum > maximum:
                self.fail("numbers out of order in {} quantifier")
        return Quantifier(
            atom,
            minimum,
            maximum,
            greedy=not match[5],
            first_capture=first_capture,
            last_capture=self.groups + 1,
        )

    def parse_atom(self, character: str) -> PatternNode:
        """Atom."""
        if character == "(":
            return self.parse_group()
        if character == "[":
            return self.parse_class()
        if character == "\\":
            return self.parse_atom_escape()
        if character in "*+?":
            self.fail("Nothing to repeat")
        if character == "{" and (self.unicode_mode or _BRACES.match(self.text, self.position)):
            self.fail("Nothing to repeat")
        if character in "]}" and self.unicode_mode:
            self.fail("Lone quantifier brackets")
        self.position += 1
        if character == ".":
            return AnyCharacter()
        return Character(ord(character))

    def parse_group_body(self) -> Disjunction:
        """A disjunction and the parenthesis behind it."""
        body = self.parse_disjunction()
        if not self.accept(")"):
            self.fail("Unterminated group")
        return body

    def parse_group(self) -> PatternNode:
        """The groups of Atom."""
        text = self.text
        start = self.position
        if not text.startswith("(?", start):
            self.position += 1
            return self.capturing_group(None)
        if text.startswith("(?<", start):
            self.position += 3
            name = self.parse_group_name()
            self.add_name(name)
            return self.capturing_group(name)
        match = _MODIFIERS.match(text, start)
        if match is None:
            self.fail("Invalid group")
        add, minus, remove = match.groups()
        # 22.2.1.1: each modifier once, and not both lists empty behind a minus.
        if (
            not frozenset("ims").issuperset(add + remove)
            or len(set(add + remove)) != len(add + remove)
            or (minus and not add and not remove)
            or (not minus and remove)
        ):
            self.fail("Invalid flags in group")
        self.position = match.end()
        return Group(self.parse_group_body(), add, remove)

    def capturing_group(self, name: str | None) -> CapturingGroup:
        """A capturing group, from behind its name on."""
        self.groups += 1
        number = self.groups
        if name is not None:
            self.names.setdefault(name, []).append(number)
        return CapturingGroup(number, name, self.parse_group_body())

    def add_name(self, name: str) -> None:
        """22.2.1.1: two groups of one name must stand in different alternatives of a disjunction."""
        assert self.place is not None
        places = self.name_places.setdefault(name, [])
        for place in places:
            for one, other in zip(place.steps(), self.place.steps()):
                if one.disjunction != other.disjunction:
                    self.fail("Duplicate capture group name")
                if one.alternative != other.alternative:
                    break
            else:
                self.fail("Duplicate capture group name")
        places.append(self.place)

    def parse_atom_escape(self) -> PatternNode:
        """AtomEscape."""
        text = self.text
        start = self.position
        following = text[start + 1 : start + 2]
        if not following:
            self.fail("\\ at end of pattern")
        decimal = _DECIMAL.match(text, start + 1)
        if decimal is not None:
            number = int(decimal[0])
            if number <= self.total_groups:
                self.position = decimal.end()
                return BackReference(number)
            if self.unicode_mode:
                self.fail("Invalid escape")
        if following == "k" and self.named:
            if not text.startswith("\\k<", start):
                self.fail("Invalid named reference")
            self.position += 3
            name = self.parse_group_name()
            self.references.append(name)
            return NamedBackReference(name)
        escape = self.parse_class_escape()
        if escape is not None:
            return escape
        return Character(self.parse_character_escape(in_class=False))
