"""The tokens of a TypeScript text, read forwards and, where the grammar must be tried, back again."""

from __future__ import annotations

from typing import NamedTuple, NoReturn

from lockstep.reference.javascript.syntax.ast.node import Source
from lockstep.reference.javascript.syntax.lexer import (
    END,
    ESCAPED,
    NAME,
    NAME_KINDS,
    REGEXP,
    STRING,
    TEMPLATE,
    Lexer,
    Token,
)
from lockstep.reference.javascript.syntax.typescript.edits import Edits, EditsMark


class UnreadableError(Exception):
    """The text is not what the grammar asks for at an offset."""

    def __init__(self, message: str, start: int) -> None:
        super().__init__(message)
        self.message = message
        self.start = start


class Mark(NamedTuple):
    """A place to go back to; `token` is there where a part of a token was consumed."""

    place: int
    token: Token | None
    end: int
    edits: EditsMark


class TypeScriptLexer(Lexer):
    """12 with the sign of decorators."""

    __slots__ = ()

    def _irregular(self, start: int, newline: bool) -> bool:
        if self._text[start] == "@":
            self._append("@", "@", start, start + 1, newline)
            return False
        return super()._irregular(start, newline)


class TokenReader:
    """Where in the text the parser is.

    Attributes:
        token: the current token; `index` is its place in `tokens`.
        end: the end of what was consumed last.
        edits: what the parser has recorded.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        # TypeScript has no HTML-like comments.
        self.lexer = TypeScriptLexer(source, module=True)
        self.tokens = self.lexer.tokens
        self.index = 0
        self.token: Token = self.tokens[0]
        self.end = 0
        self.edits = Edits()

    # Forwards

    def advance(self) -> Token:
        """Go to the next token and return the one left behind."""
        left = self.token
        self.end = left.end
        self.index = index = self.index + 1
        try:
            self.token = self.tokens[index]
        except IndexError:
            if left.kind == END:
                self.unexpected(left)
            self.lexer.read_more()
            self.token = self.tokens[index]
        return left

    def peek(self, count: int = 1) -> Token:
        """The token `count` places further, or the last one that can be read without knowing what a slash means."""
        index = self.index + count
        return self.tokens[index] if index < len(self.tokens) else self.tokens[-1]

    def accept(self, kind: str) -> bool:
        """Consume a token of `kind` if it stands there."""
        if self.token.kind == kind:
            self.advance()
            return True
        return False

    def expect(self, kind: str) -> Token:
        """Consume a token of `kind`.

        Raises:
            UnreadableError: another one stands there.
        """
        if self.token.kind != kind:
            self.unexpected(self.token)
        return self.advance()

    def is_word(self, word: str, token: Token | None = None) -> bool:
        """Whether a token (the current one) is the contextual keyword `word`, written without escapes."""
        token = token or self.token
        return token.kind == NAME and token.value == word and token.end - token.start == len(word)

    def accept_word(self, word: str) -> bool:
        """Consume the contextual keyword `word` if it stands there."""
        if self.is_word(word):
            self.advance()
            return True
        return False

    def expect_word(self, word: str) -> Token:
        """Consume the contextual keyword `word`."""
        if not self.is_word(word):
            self.unexpected(self.token)
        return self.advance()

    def expect_name(self) -> Token:
        """Consume an identifier."""
        return self.expect(NAME)

    def expect_identifier_name(self) -> Token:
        """Consume an IdentifierName, reserved words included."""
        if self.token.kind not in NAME_KINDS:
            self.unexpected(self.token)
        return self.advance()

    def split(self) -> None:
        """Consume the first character of the current token: of `>>` one angle bracket."""
        token = self.token
        self.end = token.start + 1
        rest = token.kind[1:]
        end = token.end
        following = self.peek()
        if rest == "=" and following.kind == ">" and following.start == end:
            # `A<B>=> c`: the tokens of JavaScript are `>=` and `>`.
            rest = "=>"
            end = following.end
            self.index += 1
        self.token = Token(rest, rest, token.start + 1, end, False, token.line, token.column + 1)

    def regular_expression(self) -> None:
        """Consume the regular expression that the current slash begins."""
        if self.token.kind != REGEXP:
            self.token = self.lexer.read_regular_expression()
        self.advance()

    def consume_semicolon(self) -> None:
        """12.10 Automatic Semicolon Insertion at the end of a statement."""
        token = self.token
        if token.kind == ";":
            self.advance()
        elif token.kind != "}" and not token.newline and token.kind != END:
            self.unexpected(token)

    def can_end_statement(self) -> bool:
        """Whether `consume_semicolon` succeeds here."""
        token = self.token
        return token.kind in (";", "}", END) or token.newline

    # Back again

    def mark(self) -> Mark:
        """This place, with what is recorded."""
        whole = self.index < len(self.tokens) and self.tokens[self.index] is self.token
        return Mark(self.index, None if whole else self.token, self.end, self.edits.mark())

    def rewind(self, mark: Mark) -> None:
        """Go back to a place, and forget what was recorded since."""
        self.index = mark.place
        self.token = mark.token or self.tokens[mark.place]
        self.end = mark.end
        self.edits.undo(mark.edits)

    # Errors

    def fail(self, message: str, at: int) -> NoReturn:
        """Give up at an offset."""
        raise UnreadableError(message, at)

    def unexpected(self, token: Token) -> NoReturn:
        """Give up at a token that the grammar does not allow here."""
        self.fail(_MESSAGES.get(token.kind) or f"Unexpected {_described(token, self.text)}", token.start)


_MESSAGES = {
    END: "Unexpected end of input",
    ESCAPED: "Keyword must not contain escaped characters",
    STRING: "Unexpected string",
    TEMPLATE: "Unexpected template string",
    "`": "Unexpected template string",
    REGEXP: "Unexpected regular expression",
}


def _described(token: Token, text: str) -> str:
    word = text[token.start : token.end]
    return f"identifier '{word}'" if token.kind == NAME else f"token '{word}'"
