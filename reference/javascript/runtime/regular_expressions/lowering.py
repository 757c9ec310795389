"""22.2.2.3 CompilePattern to 22.2.2.9: from the syntax tree to `nodes`, where every character set is known."""

from __future__ import annotations

from typing import Any, Callable

from lockstep.reference.javascript.runtime.regular_expressions.case import Canonicalizer
from lockstep.reference.javascript.runtime.regular_expressions.character_set import (
    ALL,
    EMPTY,
    complement,
    difference,
    from_ranges,
    intersection,
    union,
)
from lockstep.reference.javascript.runtime.regular_expressions.nodes import (
    Alternatives,
    Back,
    Boundary,
    Capture,
    Characters,
    Look,
    Node,
    Repeat,
    Sequence,
)
from lockstep.reference.javascript.runtime.regular_expressions.properties import (
    property_set,
    property_strings,
)
from lockstep.reference.javascript.syntax.regexp.nodes import (
    AnyCharacter,
    Assertion,
    BackReference,
    CapturingGroup,
    Character,
    CharacterClass,
    ClassEscape,
    ClassRange,
    ClassStrings,
    Disjunction,
    Group,
    Lookaround,
    NamedBackReference,
    PatternNode,
    PropertyEscape,
    Quantifier,
    RegExpPattern,
)
from lockstep.reference.javascript.syntax.regexp.unicode_names import STRING_PROPERTIES

DIGITS = (0x30, 0x3A)
WORD = (0x30, 0x3A, 0x41, 0x5B, 0x5F, 0x60, 0x61, 0x7B)
LINE_TERMINATORS = from_ranges([(0xA, 0xA), (0xD, 0xD), (0x2028, 0x2029)])
# 12.2 WhiteSpace and 12.3 LineTerminator
WHITE_SPACE = from_ranges(
    [
        (0x9, 0xD),
        (0x20, 0x20),
        (0xA0, 0xA0),
        (0x1680, 0x1680),
        (0x2000, 0x200A),
        (0x2028, 0x2029),
        (0x202F, 0x202F),
        (0x205F, 0x205F),
        (0x3000, 0x3000),
        (0xFEFF, 0xFEFF),
    ]
)


class Lowering:
    """One pattern under its flags; modifiers change `ignore_case`, `multiline` and `dot_all` on the way."""

    def __init__(self, pattern: RegExpPattern) -> None:
        flags = pattern.flags
        self.pattern = pattern
        self.ignore_case = "i" in flags
        self.multiline = "m" in flags
        self.dot_all = "s" in flags
        self.sets_mode = "v" in flags
        self.unicode_mode = self.sets_mode or "u" in flags
        self.case = Canonicalizer(unicode_mode=self.unicode_mode)

    def lower(self) -> Node:
        """The whole pattern."""
        return self.disjunction(self.pattern.disjunction)

    def disjunction(self, node: Disjunction) -> Node:
        """22.2.2.3, Disjunction and Alternative."""
        parts = [self.alternative(terms) for terms in node.alternatives]
        return parts[0] if len(parts) == 1 else Alternatives(parts)

    def alternative(self, terms: list[PatternNode]) -> Node:
        """22.2.2.3, Alternative."""
        parts = [self.term(term) for term in terms]
        return parts[0] if len(parts) == 1 else Sequence(parts)

    def term(self, node: PatternNode) -> Node:
        """22.2.2.3 Term, 22.2.2.4 Assertion, 22.2.2.7 Atom."""
        return _TERMS[type(node)](self, node)

    def character(self, node: Character) -> Node:
        """22.2.2.7, PatternCharacter."""
        return Characters(self.matched((node.code, node.code + 1)))

    def any_character(self, _node: AnyCharacter) -> Node:
        """22.2.2.7, the dot."""
        return Characters(ALL if self.dot_all else complement(LINE_TERMINATORS))

    def matched(self, members: tuple[int, ...]) -> tuple[int, ...]:
        """22.2.2.7.1 CharacterSetMatcher: what a character may be whose canonical form is that of a member."""
        if not self.ignore_case:
            return members
        if len(members) == 2 and members[1] == members[0] + 1:
            return self.case.equal_to(members[0])
        return self.case.close(members)

    def group(self, node: Group) -> Node:
        """22.2.2.7, with 22.2.2.7.4 UpdateModifiers."""
        before = (self.ignore_case, self.multiline, self.dot_all)
        for flags, value in ((node.remove, False), (node.add, True)):
            self.ignore_case = value if "i" in flags else self.ignore_case
            self.multiline = value if "m" in flags else self.multiline
            self.dot_all = value if "s" in flags else self.dot_all
        body = self.disjunction(node.body)
        self.ignore_case, self.multiline, self.dot_all = before
        return body

    def capturing_group(self, node: CapturingGroup) -> Node:
        """22.2.2.7, a capturing group."""
        return Capture(node.number, self.disjunction(node.body))

    def quantifier(self, node: Quantifier) -> Node:
        """22.2.2.3, a term with a quantifier."""
        body = self.term(node.atom)
        return Repeat(body, node.minimum, node.maximum, node.greedy, node.first_capture, node.last_capture)

    def lookaround(self, node: Lookaround) -> Node:
        """22.2.2.4, lookahead and lookbehind."""
        return Look(self.disjunction(node.body), behind=node.behind, negative=node.negative)

    def assertion(self, node: Assertion) -> Node:
        """22.2.2.4, the other assertions."""
        return Boundary(node.kind[-1], multiline=self.multiline, word=self.word_characters())

    def word_characters(self) -> tuple[int, ...]:
        """22.2.2.9.3 WordCharacters."""
        return self.case.close(WORD) if self.ignore_case and self.unicode_mode else WORD

    def back_reference(self, node: BackReference) -> Node:
        """22.2.2.7, a reference by number."""
        return Back([node.number], self.canonicalize)

    def named_back_reference(self, node: NamedBackReference) -> Node:
        """22.2.2.7, a reference by name."""
        return Back(self.pattern.group_names[node.name], self.canonicalize)

    @property
    def canonicalize(self) -> Callable[[str], str] | None:
        """22.2.2.7.3, where it changes anything."""
        return self.case.canonicalize if self.ignore_case else None

    def character_class(self, node: PatternNode) -> Node:
        """22.2.2.7 CharacterClass, CharacterClassEscape and property escapes."""
        members, strings = self.contents(node)
        inverted = isinstance(node, CharacterClass) and node.negative and not self.sets_mode
        members = self.matched(members)
        if inverted:
            # 22.2.2.7.1, step 1.j: the comparison comes before the inversion.
            members = complement(members)
        singles = Characters(members)
        if not strings:
            return singles
        parts: list[Node] = [
            Sequence([Characters(self.matched((ord(character), ord(character) + 1))) for character in text])
            for text in sorted(strings, key=len, reverse=True)
            if text
        ]
        parts.append(singles)
        if "" in strings:
            parts.append(Sequence([]))
        return Alternatives(parts)

    # 22.2.2.9 CompileToCharSet: the single characters, and the strings of other lengths

    def contents(self, node: PatternNode) -> tuple[tuple[int, ...], frozenset[str]]:
        """The CharSet of a class or operand; without the flag `v` a negative class comes not yet inverted."""
        if isinstance(node, ClassRange):
            return self.folded((node.first, node.last + 1)), frozenset()
        if isinstance(node, ClassEscape):
            return self.class_escape(node.kind), frozenset()
        if isinstance(node, PropertyEscape):
            return self.property_escape(node)
        if isinstance(node, ClassStrings):
            return self.split(["".join(map(chr, string)) for string in node.strings])
        assert isinstance(node, CharacterClass)
        operands = [self.contents(operand) for operand in node.operands]
        members, strings = operands[0] if operands else (EMPTY, frozenset())
        if node.operator == "union":
            members = union(*(operand[0] for operand in operands))
            strings = strings.union(*(operand[1] for operand in operands))
        for other_members, other_strings in operands[1:]:
            if node.operator == "intersection":
                members, strings = intersection(members, other_members), strings & other_strings
            elif node.operator == "subtraction":
                members, strings = difference(members, other_members), strings - other_strings
        if node.negative and self.sets_mode:
            members = self.complement(members)
        return members, strings

    def folded(self, members: tuple[int, ...]) -> tuple[int, ...]:
        """22.2.2.9.4 MaybeSimpleCaseFolding."""
        return self.case.fold(members) if self.sets_mode and self.ignore_case else members

    def complement(self, members: tuple[int, ...]) -> tuple[int, ...]:
        """22.2.2.9.5 CharacterComplement of 22.2.2.9.6 AllCharacters."""
        if self.sets_mode and self.ignore_case:
            return difference(self.case.canonical(), members)
        return complement(members)

    def class_escape(self, kind: str) -> tuple[int, ...]:
        r"""`\d`, `\s`, `\w` and their complements."""
        members = {"d": DIGITS, "s": WHITE_SPACE, "w": self.word_characters()}[kind.lower()]
        members = self.folded(members)
        return self.complement(members) if kind.isupper() else members

    def property_escape(self, node: PropertyEscape) -> tuple[tuple[int, ...], frozenset[str]]:
        r"""`\p{...}` and `\P{...}`."""
        if node.name in STRING_PROPERTIES:
            return self.split(property_strings(node.name))
        members = self.folded(property_set(node.name, node.value))
        return (self.complement(members) if node.negative else members), frozenset()

    def split(self, strings: list[str]) -> tuple[tuple[int, ...], frozenset[str]]:
        """Strings as CharSet, canonical under `i`."""
        if self.ignore_case:
            strings = [self.case.canonicalize(text) for text in strings]
        singles = from_ranges((ord(text), ord(text)) for text in strings if len(text) == 1)
        return singles, frozenset(text for text in strings if len(text) != 1)


_TERMS: dict[type[PatternNode], Callable[[Lowering, Any], Node]] = {
    Character: Lowering.character,
    AnyCharacter: Lowering.any_character,
    Group: Lowering.group,
    CapturingGroup: Lowering.capturing_group,
    Quantifier: Lowering.quantifier,
    Lookaround: Lowering.lookaround,
    Assertion: Lowering.assertion,
    BackReference: Lowering.back_reference,
    NamedBackReference: Lowering.named_back_reference,
    CharacterClass: Lowering.character_class,
    ClassEscape: Lowering.character_class,
    PropertyEscape: Lowering.character_class,
}
