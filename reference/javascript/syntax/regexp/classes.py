"""22.2.1 character escapes and classes, with the class set operations of the flag `v`."""

from __future__ import annotations

import re
from typing import NoReturn

from lockstep.reference.javascript.syntax.regexp.nodes import (
    CharacterClass,
    ClassEscape,
    ClassOperand,
    ClassRange,
    ClassStrings,
    PropertyEscape,
)
from lockstep.reference.javascript.syntax.regexp.unicode_names import (
    BINARY_PROPERTIES,
    GENERAL_CATEGORIES,
    SCRIPTS,
    STRING_PROPERTIES,
)
from lockstep.reference.javascript.syntax.unicode_identifiers import is_identifier_part, is_identifier_start
from lockstep.reference.javascript.syntax.utf16 import to_code_points, to_utf16

_CONTROL = {"f": 0xC, "n": 0xA, "r": 0xD, "t": 0x9, "v": 0xB}
_SYNTAX_CHARACTERS = frozenset("^$\\.*+?()[]{}|/")
_SET_SYNTAX = frozenset("()[]{}/-\\|")
_SET_PUNCTUATORS = frozenset("&-!#%,:;<=>@`~")
_DOUBLE_PUNCTUATORS = frozenset(character * 2 for character in "&!#$%*+,.:;<=>?@^`~")
_DIGITS = frozenset("0123456789")
_OCTAL = re.compile(r"[0-3][0-7]{0,2}|[4-7][0-7]?")
_HEX = re.compile(r"x([0-9A-Fa-f]{2})")
_UNICODE = re.compile(r"u([0-9A-Fa-f]{4})")
_UNICODE_BRACES = re.compile(r"u\{([0-9A-Fa-f]+)\}")
_TRAIL = re.compile(r"\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})")
_PROPERTY = re.compile(r"[pP]\{([A-Za-z0-9_]+)(?:=([A-Za-z0-9_]+))?\}")
_VALUES = {
    "General_Category": GENERAL_CATEGORIES,
    "gc": GENERAL_CATEGORIES,
    "Script": SCRIPTS,
    "sc": SCRIPTS,
    "Script_Extensions": SCRIPTS,
    "scx": SCRIPTS,
}
_LONG = {"gc": "General_Category", "sc": "Script", "scx": "Script_Extensions"}


class ClassParser:
    r"""Escapes and classes of one pattern.

    Attributes:
        text: the pattern, in code points under `u` and `v`.
        position: how far it is read.
        named: whether `\k` begins a named reference.
    """

    def __init__(self, text: str, *, unicode_mode: bool, sets_mode: bool) -> None:
        self.text = text
        self.position = 0
        self.unicode_mode = unicode_mode
        self.sets_mode = sets_mode
        self.named = unicode_mode

    def fail(self, message: str) -> NoReturn:
        """Raise the guest's SyntaxError."""
        raise NotImplementedError

    def accept(self, text: str) -> bool:
        """Consume `text` if it stands here."""
        if self.text.startswith(text, self.position):
            self.position += len(text)
            return True
        return False

    def parse_group_name(self) -> str:
        """GroupName, behind its `<`; in UTF-16 code units."""
        end = self.text.find(">", self.position)
        if end < 0:
            self.fail("Invalid capture group name")
        name = to_code_points(self.unescape_name(self.text[self.position : end]))
        if not name or not is_identifier_start(name[0]) or not all(map(is_identifier_part, name[1:])):
            self.fail("Invalid capture group name")
        self.position = end + 1
        return to_utf16(name)

    def unescape_name(self, text: str) -> str:
        """The name with its Unicode escapes resolved."""
        if "\\" not in text:
            return text

        def replace(match: re.Match[str]) -> str:
            code = int(match[1] or match[2], 16)
            if code > 0x10FFFF:
                self.fail("Invalid Unicode escape")
            return chr(code)

        plain = re.sub(r"\\u(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{4}))", replace, text)
        if "\\" in plain:
            self.fail("Invalid capture group name")
        return plain

    def parse_class_escape(self) -> ClassEscape | PropertyEscape | None:
        """CharacterClassEscape, if one stands here."""
        following = self.text[self.position + 1 : self.position + 2]
        if following and following in "dDsSwW":
            self.position += 2
            return ClassEscape(following)
        if following and following in "pP" and self.unicode_mode:
            return self.parse_property()
        return None

    def parse_property(self) -> PropertyEscape:
        """UnicodePropertyValueExpression, with 22.2.1.1's checks."""
        match = _PROPERTY.match(self.text, self.position + 1)
        if match is None:
            self.fail("Invalid property name")
        name, value = match[1], match[2]
        negative = self.text[self.position + 1] == "P"
        self.position = match.end()
        if value is not None:
            if name not in _VALUES or value not in _VALUES[name]:
                self.fail("Invalid property name")
            return PropertyEscape(_LONG.get(name, name), value, negative=negative)
        if name in GENERAL_CATEGORIES:
            return PropertyEscape("General_Category", name, negative=negative)
        if name in BINARY_PROPERTIES or (self.sets_mode and name in STRING_PROPERTIES and not negative):
            return PropertyEscape(name, None, negative=negative)
        return self.fail("Invalid property name")

    def parse_character_escape(self, *, in_class: bool) -> int:
        """CharacterEscape, from its backslash on; the character's number."""
        text = self.text
        at = self.position + 1
        following = text[at : at + 1]
        if not following:
            self.fail("\\ at end of pattern")
        if following in _CONTROL:
            self.position = at + 1
            return _CONTROL[following]
        if following == "c":
            return self.parse_control(at, in_class=in_class)
        if following == "0" and text[at + 1 : at + 2] not in _DIGITS:
            self.position = at + 1
            return 0
        if following in "01234567" and not self.unicode_mode:
            octal = _OCTAL.match(text, at)
            assert octal is not None
            self.position = octal.end()
            return int(octal[0], 8)
        if following == "x":
            match = _HEX.match(text, at)
            if match is not None:
                self.position = match.end()
                return int(match[1], 16)
        if following == "u":
            code = self.parse_unicode_escape(at)
            if code is not None:
                return code
        return self.identity_escape(at, following, in_class=in_class)

    def identity_escape(self, at: int, following: str, *, in_class: bool) -> int:
        r"""IdentityEscape, and in classes `\b` and `\-`."""
        if in_class and following == "b":
            self.position = at + 1
            return 8
        if self.unicode_mode:
            allowed = following in _SYNTAX_CHARACTERS or (in_class and following == "-")
            if in_class and self.sets_mode:
                allowed = allowed or following in _SET_PUNCTUATORS
            if not allowed:
                self.fail("Invalid escape")
        elif following == "k" and self.named:
            self.fail("Invalid named reference")
        self.position = at + 1
        return ord(following)

    def parse_control(self, at: int, *, in_class: bool) -> int:
        r"""`\c` and a letter; B.1.2: else the backslash stands for itself."""
        letter = self.text[at + 1 : at + 2]
        also = in_class and not self.unicode_mode and (letter.isdigit() or letter == "_")
        if letter.isascii() and (letter.isalpha() or also):
            self.position = at + 2
            return ord(letter) % 32
        if self.unicode_mode:
            self.fail("Invalid unicode escape")
        self.position = at
        return 0x5C

    def parse_unicode_escape(self, at: int) -> int | None:
        r"""RegExpUnicodeEscapeSequence; None where B.1.2 reads `\u` as `u`."""
        text = self.text
        match = _UNICODE.match(text, at)
        if match is not None:
            self.position = match.end()
            code = int(match[1], 16)
            if self.unicode_mode and 0xD800 <= code <= 0xDBFF:
                trail = _TRAIL.match(text, self.position)
                if trail is not None:
                    self.position = trail.end()
                    return 0x10000 + ((code - 0xD800) << 10) + (int(trail[1], 16) - 0xDC00)
            return code
        if self.unicode_mode:
            match = _UNICODE_BRACES.match(text, at)
            if match is None:
                self.fail("Invalid Unicode escape")
            code = int(match[1], 16)
            if code > 0x10FFFF:
                self.fail("Invalid Unicode escape")
            self.position = match.end()
            return code
        return None

    # Character classes without the flag `v`

    def parse_class(self) -> CharacterClass:
        """CharacterClass, from its bracket on."""
        self.position += 1
        negative = self.accept("^")
        if self.sets_mode:
            return self.parse_set(negative=negative)
        operands: list[ClassOperand] = []
        while not self.accept("]"):
            first = self.parse_class_atom()
            if not self.text.startswith("-", self.position) or self.text.startswith("-]", self.position):
                operands.append(first)
                continue
            self.position += 1
            last = self.parse_class_atom()
            if isinstance(first, ClassRange) and isinstance(last, ClassRange):
                if first.first > last.first:
                    self.fail("Range out of order in character class")
                operands.append(ClassRange(first.first, last.first))
            elif self.unicode_mode:
                self.fail("Invalid character class")
            else:
                # B.1.2.8.1: a class escape is no end of a range.
                operands += [first, ClassRange(0x2D, 0x2D), last]
        return CharacterClass(operands, "union", negative=negative)

    def parse_class_atom(self) -> ClassOperand:
        """ClassAtom; a character comes as a range of one."""
        if self.position >= len(self.text):
            self.fail("Unterminated character class")
        character = self.text[self.position]
        if character != "\\":
            self.position += 1
            code = ord(character)
            return ClassRange(code, code)
        escape = self.parse_class_escape()
        if escape is not None:
            return escape
        code = self.parse_character_escape(in_class=True)
        return ClassRange(code, code)

    # 22.2.1 ClassContents with the flag `v`

    def parse_set(self, *, negative: bool) -> CharacterClass:
        """ClassContents[+UnicodeSetsMode], from behind the bracket (and circumflex)."""
        operands: list[ClassOperand] = []
        operator = "union"
        while not self.accept("]"):
            if operands and (
                self.text.startswith("&&", self.position) or self.text.startswith("--", self.position)
            ):
                wanted = "intersection" if self.text[self.position] == "&" else "subtraction"
                if operator not in (wanted, "union") or (operator == "union" and len(operands) > 1):
                    self.fail("Invalid set operation in character class")
                operator = wanted
                self.position += 2
                if wanted == "intersection" and self.text.startswith("&", self.position):
                    self.fail("Invalid character in character class")
                operands.append(self.parse_set_operand())
                continue
            if operator != "union":
                self.fail("Invalid set operation in character class")
            first = self.parse_set_operand()
            if self.text.startswith("-", self.position) and not self.text.startswith("--", self.position):
                self.position += 1
                last = self.parse_set_operand()
                if not (isinstance(first, ClassRange) and isinstance(last, ClassRange)):
                    self.fail("Invalid character class")
                if first.first > last.first:
                    self.fail("Range out of order in character class")
                operands.append(ClassRange(first.first, last.first))
                # A range is no operand of the other operators.
                if self.text.startswith(("&&", "--"), self.position):
                    self.fail("Invalid set operation in character class")
                continue
            operands.append(first)
        found = CharacterClass(operands, operator, negative=False)
        if negative and may_contain_strings(found):
            self.fail("Negated character class may contain strings")
        found.negative = negative
        return found

    def parse_set_operand(self) -> ClassOperand:
        """ClassSetOperand: a nested class, strings, an escape, or a character."""
        text = self.text
        if self.position >= len(text):
            self.fail("Unterminated character class")
        character = text[self.position]
        if character == "[":
            self.position += 1
            return self.parse_set(negative=self.accept("^"))
        if text.startswith("\\q{", self.position):
            self.position += 3
            return self.parse_strings()
        if character == "\\":
            escape = self.parse_class_escape()
            if escape is not None:
                return escape
        code = self.parse_set_character()
        return ClassRange(code, code)

    def parse_set_character(self) -> int:
        """ClassSetCharacter."""
        text = self.text
        if self.position >= len(text):
            self.fail("Unterminated character class")
        character = text[self.position]
        if character == "\\":
            return self.parse_character_escape(in_class=True)
        if character in _SET_SYNTAX or text[self.position : self.position + 2] in _DOUBLE_PUNCTUATORS:
            self.fail("Invalid character in character class")
        self.position += 1
        return ord(character)

    def parse_strings(self) -> ClassStrings:
        """ClassStringDisjunction, from behind its brace."""
        strings: list[list[int]] = [[]]
        while not self.accept("}"):
            if self.accept("|"):
                strings.append([])
            else:
                strings[-1].append(self.parse_set_character())
        return ClassStrings(strings)


def may_contain_strings(operand: ClassOperand) -> bool:
    """22.2.1.6 MayContainStrings."""
    if isinstance(operand, PropertyEscape):
        return operand.name in STRING_PROPERTIES
    if isinstance(operand, ClassStrings):
        return any(len(string) != 1 for string in operand.strings)
    if isinstance(operand, CharacterClass):
        if operand.negative:
            return False
        if operand.operator == "intersection":
            return all(map(may_contain_strings, operand.operands))
        if operand.operator == "subtraction":
            return may_contain_strings(operand.operands[0])
        return any(map(may_contain_strings, operand.operands))
    return False
