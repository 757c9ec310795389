"""ECMA-262 clause 12, lexical grammar: source text to tokens, by compiled regular expressions.

Tokens are read in bulk into an array. Only the parser knows whether a slash divides or begins a regular
expression, so reading stops behind each slash: `Lexer.read_more` goes on behind it as a division,
`Lexer.read_regular_expression` reads it anew. Template parts are found by counting braces.
"""

from __future__ import annotations

import re
from typing import Any, NoReturn

from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.javascript.syntax.ast.node import Source
from lockstep.reference.javascript.syntax.string_literals import (
    LEGACY_ESCAPE,
    InvalidEscapeError,
    string_value,
    template_value,
)
from lockstep.reference.javascript.syntax.unicode_identifiers import is_identifier_part, is_identifier_start
from lockstep.reference.javascript.syntax.utf16 import to_utf16

# 12.7.2 ReservedWord, without those that depend on the context (await, yield, let, static and so on).
RESERVED_WORDS = frozenset(
    [
        "break",
        "case",
        "catch",
        "class",
        "const",
        "continue",
        "debugger",
        "default",
        "delete",
        "do",
        "else",
        "enum",
        "export",
        "extends",
        "false",
        "finally",
        "for",
        "function",
        "if",
        "import",
        "in",
        "instanceof",
        "new",
        "null",
        "return",
        "super",
        "switch",
        "this",
        "throw",
        "true",
        "try",
        "typeof",
        "var",
        "void",
        "while",
        "with",
    ],
)
NAME = "name"
ESCAPED = "escaped reserved word"
NUMBER = "number"
BIGINT = "bigint"
STRING = "string"
TEMPLATE = "template"
PRIVATE = "private name"
REGEXP = "regular expression"
END = "end of input"
# Kinds that match IdentifierName.
NAME_KINDS = RESERVED_WORDS | {NAME, ESCAPED}

# 12.2 White Space and 12.3 Line Terminators.
WHITE_SPACE = "\t\v\f \xa0\u1680\u2000-\u200a\u202f\u205f\u3000\ufeff"
LINE_TERMINATORS = "\n\r\u2028\u2029"
_NEXT_LINE = re.compile(r"\r\n|[\n\r\u2028\u2029]")

_NAME, _BRACE, _PUNCTUATOR, _NEWLINE, _NUMBER, _STRING, _COMMENT, _SLASH, _OTHER = range(1, 10)
_TOKEN = re.compile(
    rf"""[ \t]*(?:
    ([A-Za-z_$][A-Za-z0-9_$]*)(?![A-Za-z0-9_$\\\x80-\U0010ffff])
  | ([{{}}])
  | (\.\.\.|\.(?![0-9])|[()\[\];,~:]|===?|=>|=|!==?|!|<<=|<=|<<|<(?!!--)|>>>=|>>>|>>=|>=|>>|>|\+\+|\+=|\+|--(?!>)|-=|-(?!->)
     |\*\*=|\*\*|\*=|\*|&&=|&&|&=|&|\|\|=|\|\||\|=|\||\^=|\^|%=|%|\?\?=|\?\?|\?\.(?![0-9])|\?)
  | ([{LINE_TERMINATORS}][{WHITE_SPACE}{LINE_TERMINATORS}]*)
  | ((?:0|[1-9][0-9]*)(?:\.[0-9]+)?)(?![A-Za-z0-9_$.\\\x80-\U0010ffff])
  | ("[^"\\\n\r]*"|'[^'\\\n\r]*')
  | (//[^{LINE_TERMINATORS}]*|/\*(?:(?!\*/)[^{LINE_TERMINATORS}])*\*/)
  | (/=?)(?![/*])
  | ([\s\S])
  )""",
    re.VERBOSE,
)
_REST = re.compile(rf"[^{LINE_TERMINATORS}]*")
_BLOCK_COMMENT = re.compile(r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/")
_WHITE_SPACE = re.compile(f"[{WHITE_SPACE}]+")
_IDENTIFIER = re.compile(
    rf"(?:[A-Za-z0-9_$]|\\u(?:[0-9A-Fa-f]{{4}}|\{{[0-9A-Fa-f]+\}})"
    rf"|[^\x00-\x7f{WHITE_SPACE}{LINE_TERMINATORS}])+",
)
_UNICODE_ESCAPE = re.compile(r"\\u(?:([0-9A-Fa-f]{4})|\{([0-9A-Fa-f]+)\})")
_LONG_STRING = re.compile(
    r'"(?:[^"\\\n\r]|\\(?:\r\n|[\s\S]))*"' + r"|'(?:[^'\\\n\r]|\\(?:\r\n|[\s\S]))*'",
)
_TEMPLATE_PART = re.compile(r"((?:[^`\\$]|\\[\s\S]|\$(?!\{))*)(`|\$\{)")
# 12.9.3 Numeric Literals.
_DIGITS = "[0-9](?:_?[0-9])*"
_WHOLE = "(?:0|[1-9](?:_?[0-9])*)"
_NUMERIC = re.compile(
    rf"""
    (?P<radix>0[xX][0-9A-Fa-f](?:_?[0-9A-Fa-f])*n?|0[oO][0-7](?:_?[0-7])*n?|0[bB][01](?:_?[01])*n?)
  | (?P<bigint>{_WHOLE}n)
  | (?P<legacy>0[0-7]+(?![0-9]))
  | (?P<decimal>(?:{_WHOLE}\.(?:{_DIGITS})?|\.{_DIGITS}|{_WHOLE}(?![0-9]))(?:[eE][+-]?{_DIGITS})?
     |0[0-9]+(?:\.(?:{_DIGITS})?)?(?:[eE][+-]?{_DIGITS})?)
    """,
    re.VERBOSE,
)
_NON_OCTAL = re.compile("0[0-9]")
# 12.9.5 Regular Expression Literals.
_REGEXP = re.compile(
    rf"/((?!\*)(?:[^{LINE_TERMINATORS}\\/\[]|\\[^{LINE_TERMINATORS}]"
    rf"|\[(?:[^{LINE_TERMINATORS}\]\\]|\\[^{LINE_TERMINATORS}])*\])+)/",
)


class Token:
    """One token.

    Attributes:
        kind: for reserved words and punctuators their text, else one of the kinds named in this module.
        value: the name, the number, the string value; for templates (cooked, raw, whether it is the last part);
            for regular expressions (pattern, flags).
        start, end: offsets; `end` lies behind the token.
        newline: whether a line terminator stands between the previous token and this one.
        line: from 1.
        column: from 0.
    """

    __slots__ = ("column", "end", "kind", "line", "newline", "start", "value")

    def __init__(
        self, kind: str, value: object, start: int, end: int, newline: bool, line: int, column: int
    ) -> None:
        self.kind = kind
        # Its type follows from the kind.
        self.value: Any = value
        self.start = start
        self.end = end
        self.newline = newline
        self.line = line
        self.column = column

    def __repr__(self) -> str:
        return f"Token({self.kind!r}, {self.value!r}, {self.line}:{self.column})"


class Lexer:
    """Reads `source` into `tokens`, as far as it can go without the parser's word.

    Args:
        source: the source text.
        module: HTML-like comments (B.1.1) do not exist in modules.

    Attributes:
        tokens: what was read so far; the last one is a slash, or END.
        legacy: offsets of the octal literals and escapes that strict code forbids (12.9.3.1, 12.9.4.1), with
            the message.
    """

    __slots__ = (
        "_braces",
        "_line",
        "_line_start",
        "_module",
        "_position",
        "_text",
        "legacy",
        "source",
        "tokens",
    )

    def __init__(self, source: Source, *, module: bool) -> None:
        self.source = source
        self.tokens: list[Token] = []
        self.legacy: dict[int, str] = {}
        self._text = source.text
        self._module = module
        self._position = 0
        self._line = 1
        self._line_start = 0
        # Open braces within each open template substitution.
        self._braces: list[int] = []
        newline = True  # as at the start of a line, for `-->`
        if self._text.startswith("#!"):
            # 12.5 Hashbang Comments
            match = _REST.match(self._text)
            assert match is not None
            self._position = match.end()
        self._read(newline)

    def error(self, message: str, start: int) -> NoReturn:
        """Raise a SyntaxError at offset `start`."""
        raise GuestSyntaxError(message, self.source.location(start))

    def read_more(self) -> None:
        """Go on behind the slash that stands last in `tokens`."""
        self._read(newline=False)

    def read_regular_expression(self) -> Token:
        """Read the slash that stands last in `tokens` as the beginning of a regular expression."""
        slash = self.tokens.pop()
        match = _REGEXP.match(self._text, slash.start)
        if match is None:
            self.error("Invalid regular expression: missing /", slash.start)
        end = match.end()
        flags = _IDENTIFIER.match(self._text, end)
        if flags is not None:
            end = flags.end()
        text = self._text[match.end() : end]
        if "\\" in text:
            self.error("Invalid regular expression flags", match.end())
        value = (match[1], text)
        token = Token(REGEXP, value, slash.start, end, slash.newline, slash.line, slash.column)
        self.tokens.append(token)
        self._position = end
        self._read(newline=False)
        return token

    def _read(self, newline: bool) -> None:
        """Read tokens until a slash or the end; irregular ones are left to `_irregular`."""
        text = self._text
        append = self.tokens.append
        finditer = _TOKEN.finditer
        reserved = RESERVED_WORDS
        braces = self._braces
        position = self._position
        line = self._line
        line_start = self._line_start
        while position is not None:
            for match in finditer(text, position):
                group = match.lastindex
                if group == _NAME:
                    value = match[1]
                    start, end = match.span(1)
                    append(
                        Token(
                            value if value in reserved else NAME,
                            value,
                            start,
                            end,
                            newline,
                            line,
                            start - line_start,
                        )
                    )
                    newline = False
                elif group == _PUNCTUATOR:
                    value = match[3]
                    start, end = match.span(3)
                    append(Token(value, value, start, end, newline, line, start - line_start))
                    newline = False
                elif group == _NEWLINE:
                    newline = True
                    value = match[4]
                    start = match.start(4)
                    if "\r" in value or "\u2028" in value or "\u2029" in value:
                        for end_of_line in _NEXT_LINE.finditer(value):
                            line += 1
                            line_start = start + end_of_line.end()
                    else:
                        line += value.count("\n")
                        line_start = start + value.rindex("\n") + 1
                elif group == _BRACE:
                    value = match[2]
                    start, end = match.span(2)
                    if braces:
                        if value == "{":
                            braces[-1] += 1
                        elif braces[-1]:
                            braces[-1] -= 1
                        else:
                            self._position = start
                            break
                    append(Token(value, value, start, end, newline, line, start - line_start))
                    newline = False
                elif group == _STRING:
                    start, end = match.span(6)
                    append(
                        Token(
                            STRING,
                            to_utf16(text[start + 1 : end - 1]),
                            start,
                            end,
                            newline,
                            line,
                            start - line_start,
                        )
                    )
                    newline = False
                elif group == _NUMBER:
                    start, end = match.span(5)
                    append(Token(NUMBER, float(match[5]), start, end, newline, line, start - line_start))
                    newline = False
                elif group == _SLASH:
                    value = match[8]
                    start, end = match.span(8)
                    append(Token(value, value, start, end, newline, line, start - line_start))
                    self._position = end
                    self._line = line
                    self._line_start = line_start
                    return
                elif group == _OTHER:
                    self._position = match.start(9)
                    break
            else:
                # The white space before the end is not part of any match.
                position = len(text)
                append(Token(END, None, position, position, newline, line, position - line_start))
                self._position = position
                self._line = line
                self._line_start = line_start
                return
            self._line = line
            self._line_start = line_start
            newline = self._irregular(self._position, newline)
            position = self._position
            line = self._line
            line_start = self._line_start

    def _append(self, kind: str, value: object, start: int, end: int, newline: bool) -> None:
        self.tokens.append(Token(kind, value, start, end, newline, self._line, start - self._line_start))
        self._position = end

    def _count_lines(self, start: int, end: int) -> bool:
        """Count the lines that end between two offsets; whether there is one."""
        found = False
        for match in _NEXT_LINE.finditer(self._text, start, end):
            self._line += 1
            self._line_start = match.end()
            found = True
        return found

    def _irregular(self, start: int, newline: bool) -> bool:
        """Read what begins at `start` and the fast patterns do not cover.

        Returns:
            Whether a line terminator lies before the next token.
        """
        text = self._text
        character = text[start]
        if character in "`}":
            if character == "}":
                self._braces.pop()
            self._template_part(start, newline)
            return False
        if character in "\"'":
            self._string(start, newline)
            return False
        if (character.isdigit() and character.isascii()) or character == ".":
            self._number(start, newline)
            return False
        if character == "#":
            self._private_name(start, newline)
            return False
        if character in "<-":
            return self._html_comment(start, newline)
        if character == "/":
            match = _BLOCK_COMMENT.match(text, start)
            if match is None:
                self.error("Invalid or unexpected token: unterminated comment", start)
            self._position = match.end()
            return self._count_lines(start, match.end()) or newline
        white = _WHITE_SPACE.match(text, start)
        if white is not None:
            self._position = white.end()
            return newline
        name, end = self._identifier(start)
        kind = NAME
        if name in RESERVED_WORDS:
            kind = name if end - start == len(name) else ESCAPED
        self._append(kind, name, start, end, newline)
        return False

    def _html_comment(self, start: int, newline: bool) -> bool:
        """B.1.1 HTML-like Comments."""
        text = self._text
        if text[start] == "<":
            if self._module:
                self._append("<", "<", start, start + 1, newline)
                return False
        elif not newline or self._module:
            if text.startswith("-->", start):
                self._append("--", "--", start, start + 2, newline)
            else:
                self._append("-", "-", start, start + 1, newline)
            return False
        elif not text.startswith("-->", start):
            self._append("-", "-", start, start + 1, newline)
            return False
        rest = _REST.match(text, start)
        assert rest is not None
        self._position = rest.end()
        return newline

    def _template_part(self, start: int, newline: bool) -> None:
        """12.9.6 Template Literal Lexical Components: from a backtick or a closing brace."""
        match = _TEMPLATE_PART.match(self._text, start + 1)
        if match is None:
            self.error("Unterminated template literal", start)
        raw = to_utf16(match[1].replace("\r\n", "\n").replace("\r", "\n")) if match[1] else ""
        cooked: str | None
        try:
            cooked = template_value(raw)
        except InvalidEscapeError:
            cooked = None
        last = match[2] == "`"
        if not last:
            self._braces.append(0)
        kind = "`" if self._text[start] == "`" else TEMPLATE
        self._append(kind, (cooked, raw, last), start, match.end(), newline)
        self._count_lines(start, match.end())

    def _string(self, start: int, newline: bool) -> None:
        """12.9.4 String Literals with escapes."""
        match = _LONG_STRING.match(self._text, start)
        if match is None:
            self.error("Invalid or unexpected token: unterminated string", start)
        body = self._text[start + 1 : match.end() - 1]
        try:
            value = string_value(body)
        except InvalidEscapeError as error:
            raise GuestSyntaxError(str(error), self.source.location(start)) from None
        if LEGACY_ESCAPE.search(body.replace("\\\\", "  ")):
            self.legacy[start] = "Octal escape sequences are not allowed in strict mode"
        self._append(STRING, to_utf16(value), start, match.end(), newline)
        self._count_lines(start, match.end())

    def _number(self, start: int, newline: bool) -> None:
        """12.9.3 Numeric Literals."""
        match = _NUMERIC.match(self._text, start)
        if match is None:
            self.error("Invalid or unexpected token", start)
        end = match.end()
        following = self._text[end : end + 1]
        # 12.9.3: the character after a numeric literal must not be an IdentifierStart or DecimalDigit.
        if following and (following == "\\" or following.isdecimal() or is_identifier_start(following)):
            self.error("Invalid or unexpected token after a number", start)
        text = match[0]
        plain = text.replace("_", "")
        kind = match.lastgroup
        if text.endswith("n") and kind in ("radix", "bigint"):
            self._append(BIGINT, int(plain[:-1], 0), start, end, newline)
            return
        if kind == "radix":
            value = exact_float(int(plain, 0))
        elif kind == "legacy":
            value = exact_float(int(plain, 8))
            self.legacy[start] = "Octal literals are not allowed in strict mode"
        else:
            value = float(plain)
            if _NON_OCTAL.match(text):
                self.legacy[start] = "Decimals with leading zeros are not allowed in strict mode"
        self._append(NUMBER, value, start, end, newline)

    def _private_name(self, start: int, newline: bool) -> None:
        following = self._text[start + 1 : start + 2]
        if not following or not (following == "\\" or is_identifier_start(following)):
            self.error("Invalid or unexpected token", start)
        name, end = self._identifier(start + 1)
        self._append(PRIVATE, "#" + name, start, end, newline)

    def _identifier(self, start: int) -> tuple[str, int]:
        """12.7 an IdentifierName with escapes or beyond ASCII: its StringValue and its end."""
        match = _IDENTIFIER.match(self._text, start)
        if match is None or not self._text[start : start + 1]:
            self.error("Invalid or unexpected token", start)
        text = match[0]
        if "\\" in text:
            text = _UNICODE_ESCAPE.sub(self._unescape, text)
        if not is_identifier_start(text[0]) or not all(map(is_identifier_part, text[1:])):
            self.error("Invalid or unexpected token", start)
        if self._text.startswith("\\", match.end()):
            self.error("Invalid Unicode escape sequence", match.end())
        return to_utf16(text), match.end()

    def _unescape(self, match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        if code > 0x10FFFF:
            self.error("Undefined Unicode code-point", match.start())
        return chr(code)


def exact_float(value: int) -> float:
    """The Number value for an integer: rounded to nearest, infinite where it is too large."""
    try:
        return float(value)
    except OverflowError:
        return float("inf")
