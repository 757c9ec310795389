"""Tokens of Lua source (manual 3.1), found by compiled regular expressions.

Source is a `str` whose characters are the source's bytes. A token is a tuple `(kind, value, line, offset,
end)`: `kind` is the token's own text for keywords and operators, else one of `NAME`, `STRING`, `NUMBER`,
`END`, `ERROR`. An error becomes a token, so that it is raised when the parser comes to it and not before.
"""

from __future__ import annotations

import re
from typing import Any

from lockstep.reference.lua.profile import Profile
from lockstep.reference.lua.syntax.numerals import to_number

NAME = "<name>"
STRING = "<string>"
NUMBER = "<number>"
END = "<eof>"
ERROR = "<error>"

Token = tuple[str, Any, int, int, int]

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\n\r\f\v]+)
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<comment>--)
  | (?P<hexadecimal>0[xX](?:[pP][+-]?|[0-9a-fA-F.])*\w?)
  | (?P<number>\.?[0-9](?:[eE][+-]?|[0-9a-fA-F.])*\w?)
  | (?P<string>"[^"\\\n\r]*"|'[^'\\\n\r]*')
  | (?P<quote>["'])
  | (?P<long>\[=*\[)
  | (?P<broken>\[=+)
  | (?P<operator>\.\.\.|\.\.|==|~=|<=|>=|<<|>>|//|::|[-+*/%^\#&|~<>=(){}\[\];:,.])
    """,
    re.VERBOSE | re.ASCII,
)
# 5.1 takes digits and points, an exponent's mark, and then letters and digits.
_OLD_TOKEN = re.compile(
    _TOKEN.pattern.replace(r"0[xX](?:[pP][+-]?|[0-9a-fA-F.])*\w?", r"0[xX]\w*").replace(
        r"\.?[0-9](?:[eE][+-]?|[0-9a-fA-F.])*\w?", r"\.?[0-9][0-9.]*(?:[eE][+-]?)?\w*"
    ),
    re.VERBOSE | re.ASCII,
)
_NEWLINE = re.compile(r"\r\n|\n\r|\n|\r")
_LINE_REST = re.compile(r"[^\n\r]*")
_LONG_OPEN = re.compile(r"\[(=*)\[")
_QUOTED_RUN = re.compile(r"[^\\\n\r\"']+")
_DECIMAL_ESCAPE = re.compile(r"[0-9]{1,3}")
_HEX_DIGITS = re.compile(r"[0-9a-fA-F]*")
_SKIPPED = re.compile(r"[ \t\n\r\f\v]*")
_SIMPLE_ESCAPES = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    '"': '"',
    "'": "'",
}


class LexicalError(Exception):
    """A malformed token: the message, the token's text so far (None: show no token), and the line."""

    def __init__(self, message: str, near: str | None, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.near = near
        self.line = line


def utf8_encode(code: int) -> str:
    """The UTF-8 sequence of `code`, up to 2^31, as characters that stand for bytes."""
    if code < 0x80:
        return chr(code)
    tail: list[int] = []
    first_limit = 0x3F
    while code > first_limit:
        tail.append(0x80 | (code & 0x3F))
        code >>= 6
        first_limit >>= 1
    tail.append(((~first_limit << 1) & 0xFF) | code)
    return "".join(map(chr, reversed(tail)))


class Lexer:
    """Splits one source into tokens for one version of the language."""

    def __init__(self, source: str, profile: Profile, first_line: int = 1) -> None:
        self.source = source
        self.profile = profile
        self.line = first_line
        self.position = 0

    def tokens(self) -> list[Token]:
        """Every token of the source; the last one is `END` or `ERROR`."""
        result: list[Token] = []
        try:
            self._scan(result)
        except LexicalError as error:
            result.append((ERROR, error, self.line, self.position, self.position))
        return result

    def _scan(self, result: list[Token]) -> None:
        source = self.source
        keywords = self.profile.keywords
        operators = self.profile.operators
        match_token = (_TOKEN if self.profile.integers else _OLD_TOKEN).match
        append = result.append
        position = 0
        end = len(source)
        while position < end:
            match = match_token(source, position)
            if match is None:
                text = source[position]
                append((text, text, self.line, position, position + 1))
                position += 1
                continue
            kind = match.lastgroup
            start = position
            position = match.end()
            if kind == "name":
                text = match.group()
                append((text if text in keywords else NAME, text, self.line, start, position))
            elif kind == "space":
                text = match.group()
                if "\n" in text or "\r" in text:
                    self.line += len(_NEWLINE.findall(text))
            elif kind == "operator":
                text = match.group()
                while text not in operators and len(text) > 1:
                    text = text[:-1]
                    position -= 1
                # What the version does not know is a token that nothing expects.
                kind = text if text in operators else ERROR + text
                append((kind, text, self.line, start, position))
            elif kind == "string":
                append((STRING, source[start + 1 : position - 1], self.line, start, position))
            else:
                self.position = start
                value: object
                if kind == "comment":
                    position = self._comment(position)
                elif kind == "quote":
                    value, position = self._quoted(start)
                    append((STRING, value, self.line, start, position))
                elif kind == "broken":
                    raise LexicalError("invalid long string delimiter", match.group(), self.line)
                elif kind == "long":
                    value, position = self._long(start, position, "string")
                    append((STRING, value, self.line, start, position))
                else:
                    append((NUMBER, self._number(match.group()), self.line, start, position))
        self.position = end
        append((END, None, self.line, end, end))

    def _number(self, text: str) -> int | float:
        value = to_number(text, self.profile.integers)
        if value is None:
            raise LexicalError("malformed number", text, self.line)
        return value

    def _comment(self, position: int) -> int:
        match = _LONG_OPEN.match(self.source, position)
        if match:
            return self._long(position, match.end(), "comment")[1]
        match = _LINE_REST.match(self.source, position)
        assert match is not None
        return match.end()

    def _long(self, start: int, position: int, what: str) -> tuple[str, int]:
        """A long bracket whose opening stands at `start` and ends at `position`."""
        level = position - start - 2
        close = "]" + "=" * level + "]"
        first_line = self.line
        found = self.source.find(close, position)
        if found < 0:
            self.line += len(_NEWLINE.findall(self.source, position))
            message = f"unfinished long {what}"
            if self.profile.integers:
                message += f" (starting at line {first_line})"
            raise LexicalError(message, END, self.line)
        if not self.profile.integers and level == 0 and self.source.find("[[", position, found) >= 0:
            nested = self.source.find("[[", position, found)
            self.line += len(_NEWLINE.findall(self.source[position:nested]))
            raise LexicalError("nesting of [[...]] is deprecated", "[", self.line)
        text = self.source[position:found]
        if "\r" in text or "\n" in text:
            self.line += len(_NEWLINE.findall(text))
            text = _NEWLINE.sub("\n", text)
            if text[0] == "\n":
                text = text[1:]
        return text, found + len(close)

    def _quoted(self, start: int) -> tuple[str, int]:
        """A short string with escapes (manual 3.1), or the error in it."""
        source = self.source
        quote = source[start]
        parts: list[str] = [quote]
        position = start + 1
        end = len(source)
        while True:
            match = _QUOTED_RUN.match(source, position)
            if match:
                parts.append(match.group())
                position = match.end()
            if position >= end:
                raise LexicalError("unfinished string", END, self.line)
            character = source[position]
            if character == quote:
                return "".join(parts[1:]), position + 1
            if character in "\n\r":
                raise LexicalError("unfinished string", "".join(parts), self.line)
            if character != "\\":
                parts.append(character)
                position += 1
                continue
            position = self._escape(position, parts)

    def _escape(self, position: int, parts: list[str]) -> int:
        """Decode the escape whose backslash is at `position`; returns where the string goes on."""
        source = self.source
        position += 1
        character = source[position : position + 1]
        simple = _SIMPLE_ESCAPES.get(character)
        if simple is not None:
            parts.append(simple)
            return position + 1
        if character == "":
            raise LexicalError("unfinished string", END, self.line)
        match = _NEWLINE.match(source, position)
        if match:
            parts.append("\n")
            self.line += 1
            return match.end()
        match = _DECIMAL_ESCAPE.match(source, position)
        if match:
            code = int(match.group())
            if code > 255:
                if not self.profile.integers:
                    raise LexicalError("escape sequence too large", "".join(parts), self.line)
                self._bad_escape(parts, source[position : match.end() + 1], "decimal escape too large")
            parts.append(chr(code))
            return match.end()
        if not self.profile.integers:
            parts.append(character)
            return position + 1
        if character == "x":
            return self._hexadecimal_escape(position, parts)
        if character == "u":
            return self._unicode_escape(position, parts)
        if character == "z":
            skipped = _SKIPPED.match(source, position + 1)
            assert skipped is not None
            self.line += len(_NEWLINE.findall(skipped.group()))
            return skipped.end()
        self._bad_escape(parts, character, "invalid escape sequence")
        return position

    def _bad_escape(self, parts: list[str], text: str, message: str) -> None:
        raise LexicalError(message, "".join(parts) + "\\" + text, self.line)

    def _hexadecimal_escape(self, position: int, parts: list[str]) -> int:
        digits = _HEX_DIGITS.match(self.source, position + 1)
        assert digits is not None
        found = digits.group()[:2]
        if len(found) < 2:
            shown = self.source[position : position + len(found) + 2]
            self._bad_escape(parts, shown, "hexadecimal digit expected")
        parts.append(chr(int(found, 16)))
        return position + 3

    def _unicode_escape(self, position: int, parts: list[str]) -> int:
        source = self.source
        if source[position + 1 : position + 2] != "{":
            self._bad_escape(parts, source[position : position + 2], "missing '{'")
        digits = _HEX_DIGITS.match(source, position + 2)
        assert digits is not None
        if not digits.group():
            self._bad_escape(parts, source[position : position + 3], "hexadecimal digit expected")
        value = 0
        for index in range(position + 2, digits.end()):
            value = value * 16 + int(source[index], 16)
            if value > 0x7FFFFFFF:
                self._bad_escape(parts, source[position : index + 1], "UTF-8 value too large")
        if source[digits.end() : digits.end() + 1] != "}":
            self._bad_escape(parts, source[position : digits.end() + 1], "missing '}'")
        parts.append(utf8_encode(value))
        return digits.end() + 1
