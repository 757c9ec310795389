r"""java.util.regex.Pattern's syntax, as Pattern.java of JDK 17 parses it.

Flags are settled while parsing: a node says by itself what it matches, so nothing has to be undone at the end of a group.
"""

from __future__ import annotations

import re

from lockstep.reference.clojure.runtime.regular_expressions.code_points import (
    Ranges,
    characters,
    complement,
    intersection,
    ranges_of,
    with_other_case,
)
from lockstep.reference.clojure.runtime.regular_expressions.escapes import (
    CASE_INSENSITIVE,
    COMMENTS,
    DOTALL,
    FLAG_LETTERS,
    LITERAL,
    MULTILINE,
    UNICODE_CASE,
    UNICODE_CHARACTER_CLASS,
    UNIX_LINES,
    character_escape,
    predefined,
)
from lockstep.reference.clojure.runtime.regular_expressions.faults import PatternSyntaxError
from lockstep.reference.clojure.runtime.regular_expressions.nodes import (
    Assertion,
    Choice,
    Group,
    LastMatch,
    Literal,
    Node,
    OneOf,
    Reference,
    Repeat,
    Sequence,
)
from lockstep.reference.clojure.runtime.regular_expressions.properties import (
    block,
    category,
    named,
    posix_unicode,
    script,
    unicode_property,
)

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9]*")
_COUNTS = re.compile(r"\{(\d+)(,(\d*))?")
_QUOTED = re.compile(r"\\Q(.*?)(?:\\E|\Z)", re.DOTALL)
_TERMINATORS = characters("\n\r\x85\u2028\u2029")
_ANY = complement(())
# At the end, or before the terminator that is the last thing (Pattern.Dollar).
_LAST_LINE_END = r"(?=\r\n\Z|(?<!\r)\n\Z|[\r\x85\u2028\u2029]?\Z)"
_LINE_END = r"(?=[\r\x85\u2028\u2029]|\Z|(?<!\r)\n)"
_LINE_START = r"(?:(?:\A|(?<=[\n\x85\u2028\u2029])|(?<=\r)(?!\n))(?!\Z))"
_WORD_UNIT = r"(?:\w)"
_DEEPEST = 200


class Parser:
    """Parses one pattern.

    Attributes:
        names: the number of each named group.
        count: how many groups there are.
    """

    def __init__(self, text: str, flags: int) -> None:
        self.source = text
        self.flags = flags | (UNICODE_CASE if flags & UNICODE_CHARACTER_CLASS else 0)
        self.text = text if flags & LITERAL else _QUOTED.sub(_unquoted, text)
        self.position = 0
        self.names: dict[str, int] = {}
        self.count = 0
        self._closed: set[int] = set()
        self._depth = 0

    def parse(self) -> Node:
        """The whole pattern.

        Raises:
            PatternSyntaxError: it is none.
        """
        if self.flags & LITERAL:
            return Literal(self.text, self._case())
        result = self._choice()
        if self.position < len(self.text):
            raise self.error("Unmatched closing ')'", self.position - 1)
        return result

    def error(self, message: str, index: int | None = None) -> PatternSyntaxError:
        """An error at the sign that was read last."""
        return PatternSyntaxError(message, self.position - 1 if index is None else index)

    def _case(self) -> str:
        if not self.flags & CASE_INSENSITIVE:
            return ""
        return "u" if self.flags & UNICODE_CASE else "a"

    def _skip(self) -> None:
        """Blanks and comments, where the flag says that they are none of the pattern."""
        while self.flags & COMMENTS and self.position < len(self.text):
            unit = self.text[self.position]
            if unit in " \t\n\x0b\f\r":
                self.position += 1
            elif unit == "#":
                while (
                    self.position < len(self.text) and self.text[self.position] not in "\n\r\x85\u2028\u2029"
                ):
                    self.position += 1
            else:
                return

    def _peek(self, ahead: int = 0) -> str:
        return self.text[self.position + ahead : self.position + ahead + 1]

    def _choice(self) -> Node:
        branches = [self._sequence()]
        while self._peek() == "|":
            self.position += 1
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else Choice(branches)

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while True:
            self._skip()
            unit = self._peek()
            if unit == "" or unit in "|)":
                return Sequence(parts)
            atom = self._atom(unit)
            if atom is None:
                continue
            atom = self._quantified(atom)
            last = parts[-1] if parts else None
            if isinstance(atom, Literal) and isinstance(last, Literal) and last.case == atom.case:
                last.text += atom.text
            else:
                parts.append(atom)

    def _atom(self, unit: str) -> Node | None:
        """The next atom; None for a group that only sets flags."""
        if unit == "(":
            return self._group()
        if unit == "[":
            self.position += 1
            return OneOf(self._class(consume=True))
        if unit == "\\":
            return self._escape()
        if unit in "*+?":
            self.position += 1
            raise self.error(f"Dangling meta character '{unit}'")
        if unit == "{":
            return Sequence([])
        self.position += 1
        unix, lines = bool(self.flags & UNIX_LINES), bool(self.flags & MULTILINE)
        if unit == "^":
            start = r"(?:(?:\A|(?<=\n))(?!\Z))" if unix else _LINE_START
            return Assertion(start if lines else r"\A")
        if unit == "$":
            if unix:
                return Assertion(r"(?=\n|\Z)" if lines else r"(?=\n?\Z)")
            return Assertion(_LINE_END if lines else _LAST_LINE_END)
        if unit == ".":
            if self.flags & DOTALL:
                return OneOf(_ANY)
            return OneOf(complement(characters("\n") if unix else _TERMINATORS))
        return Literal(unit, self._case())

    def _quantified(self, atom: Node) -> Node:
        self._skip()
        unit = self._peek()
        if unit in {"*", "+", "?"} and unit:
            self.position += 1
            low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}[unit]
            return Repeat(atom, low, high, self._mode())
        if unit != "{":
            return atom
        counts = _COUNTS.match(self.text, self.position)
        if counts is None:
            self.position += 2
            raise self.error("Illegal repetition")
        self.position = counts.end()
        low = int(counts.group(1))
        high = low if counts.group(2) is None else int(counts.group(3)) if counts.group(3) else None
        if max(low, high or 0) >= 1 << 31:
            raise self.error("Illegal repetition range")
        if self._peek() != "}":
            raise self.error("Unclosed counted closure", self.position)
        if high is not None and high < low:
            raise self.error("Illegal repetition range", self.position)
        self.position += 1
        return Repeat(atom, low, high, self._mode())

    def _mode(self) -> str:
        unit = self._peek()
        if unit == "?":
            self.position += 1
            return "lazy"
        if unit == "+":
            self.position += 1
            return "possessive"
        return "greedy"

    def _group(self) -> Node | None:
        self.position += 1
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self.error("Groups are nested too deeply")
        flags = self.flags
        kind, number = "capture", 0
        if self._peek() != "?":
            self.count += 1
            number = self.count
        else:
            self.position += 1
            kind = self._group_kind()
            if kind == "flags":
                self._depth -= 1
                return None
            number = self.count if kind == "capture" else 0
        body = self._choice()
        if self._peek() != ")":
            raise self.error("Unclosed group", self.position)
        self.position += 1
        self._depth -= 1
        self.flags = flags
        if kind == "capture":
            self._closed.add(number)
        return Group(kind, body, number)

    def _group_kind(self) -> str:
        """What stands behind `(?`; "flags" where the group is nothing more."""
        text = self.text
        for opener, kind in _KINDS.items():
            if text.startswith(opener, self.position):
                self.position += len(opener)
                return kind
        if self._peek() == "<":
            self.position += 1
            self._define(self._group_name())
            return "capture"
        return self._inline_flags()

    def _group_name(self) -> str:
        match = _NAME.match(self.text, self.position)
        if match is None:
            raise self.error("capturing group name does not start with a Latin letter", self.position)
        self.position = match.end()
        if self._peek() != ">":
            raise self.error("named capturing group is missing trailing '>'", self.position)
        self.position += 1
        return match.group()

    def _define(self, name: str) -> None:
        if name in self.names:
            raise self.error(f"Named capturing group <{name}> is already defined")
        self.count += 1
        self.names[name] = self.count

    def _inline_flags(self) -> str:
        on, off = self.flags, False
        while True:
            unit = self._peek()
            flag = FLAG_LETTERS.get(unit)
            if flag is not None:
                flag |= UNICODE_CASE if flag == UNICODE_CHARACTER_CLASS else 0
                on = on & ~flag if off else on | flag
            elif unit == "-" and not off:
                off = True
            else:
                break
            self.position += 1
        if unit == ")":
            self.position += 1
            self.flags = on
            return "flags"
        if unit != ":":
            raise self.error("Unknown inline modifier", self.position)
        self.position += 1
        self.flags = on
        return "plain"

    def _escape(self) -> Node:
        """What stands behind a backslash outside of a class."""
        unit = self._peek(1)
        self.position += 1
        simple = {
            "A": r"\A",
            "z": r"\Z",
            "B": rf"(?:(?<={_WORD_UNIT})(?={_WORD_UNIT})|(?<!{_WORD_UNIT})(?!{_WORD_UNIT}))",
        }
        if unit in simple and unit:
            self.position += 1
            return Assertion(simple[unit])
        if unit == "b":
            self.position += 1
            if self.text.startswith("{g}", self.position):
                self.position += 3
                return Assertion(r"(?![\u0300-\u036f\u200d])")
            return Assertion(rf"(?:(?<={_WORD_UNIT})(?!{_WORD_UNIT})|(?<!{_WORD_UNIT})(?={_WORD_UNIT}))")
        if unit == "Z":
            self.position += 1
            return Assertion(r"(?=\n?\Z)" if self.flags & UNIX_LINES else _LAST_LINE_END)
        if unit == "G":
            self.position += 1
            return LastMatch()
        if unit == "R":
            self.position += 1
            line_feed = Sequence([Literal("\r\n")])
            return Group("plain", Choice([line_feed, OneOf(((10, 13), (0x85, 0x85), (0x2028, 0x2029)))]))
        if unit == "X":
            self.position += 1
            marks = category("M") or ()
            cluster = Sequence([OneOf(complement(marks)), Repeat(OneOf(marks), 0, None, "greedy")])
            return Group("atomic", Choice([Literal("\r\n"), cluster, OneOf(_ANY)]))
        if unit == "k":
            return self._named_reference()
        if unit and unit in "123456789":
            return self._numbered_reference()
        if unit and unit in "pP":
            return OneOf(self._property())
        found = predefined(unit, self.flags)
        if found is not None:
            self.position += 1
            return OneOf(found)
        return Literal(self._character(), self._case())

    def _named_reference(self) -> Node:
        self.position += 1
        if self._peek() != "<":
            raise self.error("\\k is not followed by '<' for named capturing group", self.position)
        self.position += 1
        name = self._group_name()
        if name not in self.names:
            raise self.error(f"named capturing group <{name}> does not exist")
        return self._reference(self.names[name])

    def _numbered_reference(self) -> Node:
        """More digits belong to the number as long as there are so many groups."""
        number = int(self._peek())
        self.position += 1
        while self._peek().isascii() and self._peek().isdigit():
            longer = number * 10 + int(self._peek())
            if longer > self.count:
                break
            number = longer
            self.position += 1
        return self._reference(number)

    def _reference(self, number: int) -> Node:
        return Reference(number if number in self._closed else 0, self._case())

    def _character(self) -> str:
        unit, self.position = character_escape(self.text, self.position)
        return unit

    def _property(self) -> Ranges:
        """A set by name, from `p` or `P` on (Pattern.family)."""
        negated = self._peek() == "P"
        self.position += 1
        if self._peek() == "{":
            end = self.text.find("}", self.position)
            if end < 0:
                raise self.error("Unclosed character family", len(self.text) - 1 + (self._peek(1) == ""))
            name = self.text[self.position + 1 : end]
            self.position = end + 1
            if not name:
                raise self.error("Empty character family")
        else:
            name = self._peek()
            self.position += 1
        found = self._family(name)
        return complement(found) if negated else found

    def _valued(self, key: str, value: str) -> Ranges | None:
        if key in {"sc", "script"}:
            return script(value)
        if key in {"blk", "block"}:
            return block(value)
        known = key in {"gc", "general_category"}
        return named(value, bool(self.flags & CASE_INSENSITIVE)) if known else None

    def _family(self, name: str) -> Ranges:
        ignoring = bool(self.flags & CASE_INSENSITIVE)
        key, equals, value = name.partition("=")
        if equals:
            found = self._valued(key.lower(), value)
            if found is None:
                raise self.error(f"Unknown Unicode property {{name=<{key}>, value=<{value}>}}")
            return found
        if name.startswith("In"):
            found = block(name[2:])
        elif name.startswith("Is"):
            found = unicode_property(name[2:], ignoring)
        else:
            found = posix_unicode(name) if self.flags & UNICODE_CHARACTER_CLASS else None
            if found is None:
                found = named(name, ignoring)
        if found is None:
            raise self.error(f"Unknown character property name {{{name}}}")
        return found

    # Classes: Pattern.clazz and Pattern.range

    def _class(self, *, consume: bool) -> Ranges:
        """A class, from behind its bracket on; `consume` says whether the closing one belongs to it."""
        negated = consume and self._peek() == "^"
        if negated:
            self.position += 1
        result: Ranges | None = None
        pairs: list[tuple[int, int]] = []
        while True:
            self._skip()
            unit = self._peek()
            if unit == "":
                raise self.error("Unclosed character class", len(self.text) - 1)
            if unit == "[":
                self.position += 1
                pairs.extend(self._class(consume=True))
            elif unit == "&" and self._peek(1) == "&":
                self.position += 2
                result = self._intersected(result, pairs)
                pairs = []
            elif unit == "]" and (result is not None or pairs):
                if consume:
                    self.position += 1
                result = _merged(result, pairs)
                return complement(result) if negated else result
            else:
                pairs.extend(self._range())

    def _intersected(self, left: Ranges | None, pairs: list[tuple[int, int]]) -> Ranges:
        """What is left of the class so far behind `&&`."""
        right: Ranges | None = None
        while True:
            self._skip()
            unit = self._peek()
            if unit == "":
                raise self.error("Unclosed character class", len(self.text) - 1)
            if unit == "]" or (unit == "&" and self._peek(1) == "&"):
                break
            if unit == "[":
                self.position += 1
                part = self._class(consume=True)
            else:
                part = self._operand()
            right = part if right is None else _merged(right, list(part))
        if left is None and not pairs:
            if right is None:
                raise self.error("Bad class syntax", self.position)
            return right
        merged = _merged(left, pairs)
        return merged if right is None else intersection(merged, right)

    def _operand(self) -> Ranges:
        """Single characters and ranges up to the end of an operand of `&&`."""
        pairs: list[tuple[int, int]] = []
        while True:
            self._skip()
            unit = self._peek()
            if unit in {"", "]", "["} or (unit == "&" and self._peek(1) == "&"):
                return _merged(None, pairs)
            pairs.extend(self._range())

    def _range(self) -> Ranges:
        unit = self._peek()
        if unit == "\\":
            following = self._peek(1)
            if following and following in "pP":
                self.position += 1
                return self._property()
            found = predefined(following, self.flags)
            if found is not None:
                self.position += 2
                return found
            self.position += 1
            low = self._character()
        else:
            self.position += 1
            low = unit
        self._skip()
        if self._peek() == "-" and self._peek(1) not in {"]", "[", ""}:
            self.position += 1
            self._skip()
            if self._peek() == "\\":
                if predefined(self._peek(1), self.flags) is not None:
                    raise self.error("Illegal character range", self.position + 1)
                self.position += 1
                high = self._character()
            else:
                high = self._peek()
                self.position += 1
            if high < low:
                raise self.error("Illegal character range")
            return self._cased(((ord(low), ord(high)),))
        return self._cased(((ord(low), ord(low)),))

    def _cased(self, ranges: Ranges) -> Ranges:
        case = self._case()
        return with_other_case(ranges, unicode=case == "u") if case else ranges


_KINDS = {":": "plain", "=": "ahead", "!": "not-ahead", ">": "atomic", "<=": "behind", "<!": "not-behind"}


def _unquoted(match: re.Match[str]) -> str:
    r"""`\Q...\E` with each sign escaped by itself (Pattern.RemoveQEQuoting)."""
    return "".join(unit if not unit.isascii() or unit.isalnum() else "\\" + unit for unit in match.group(1))


def _merged(left: Ranges | None, pairs: list[tuple[int, int]]) -> Ranges:
    return ranges_of([*(left or ()), *pairs])
