"""One token ahead, and every syntax error's wording (`llex.c`, `lparser.c`)."""

from __future__ import annotations

from typing import NoReturn

from lockstep.reference.host.errors import GuestSyntaxError, Location
from lockstep.reference.lua.profile import Profile
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.syntax.chunk_name import displayed
from lockstep.reference.lua.syntax.lexer import END, ERROR, NAME, Lexer, Token
from lockstep.reference.lua.syntax.scope import FunctionScope

# Of 200 C calls, what `load` called by the main chunk has left for syntax, by whether the version has integers.
_MAX_LEVELS = {True: 197, False: 198}
_ENVIRONMENT = "_ENV"
HIDDEN_ENVIRONMENT = "(environment)"
# The label that a `break` outside of loops looks for (5.4); no label is called so.
BREAK = "break"


class TokenReader:
    """Reads the tokens of one chunk.

    Args:
        source: the chunk, one character a byte.
        chunk_name: as given to `load`.
        profile: the version.
        first_line: the number of its first line.
    """

    def __init__(self, source: str, chunk_name: str, profile: Profile, first_line: int = 1) -> None:
        self.source = source
        self.display = displayed(chunk_name)
        self.profile = profile
        self.tokens = Lexer(source, profile, first_line).tokens()
        self.at = 0
        self.levels = 0
        self.max_levels = _MAX_LEVELS[profile.integers]
        self.functions = 0
        # Of the token before the current one.
        self.last_line = first_line
        self.last_end = 0
        self.token: Token = self.tokens[0]
        self.kind = self.token[0]
        # Equal literals of a chunk are one string, as `%p` shows.
        self.strings: dict[str, str] = {}
        self.environment_name = _ENVIRONMENT if profile.environments else HIDDEN_ENVIRONMENT
        self.scope: FunctionScope

    # Tokens and errors

    def advance(self) -> None:
        """Go to the next token; an error token is raised when it becomes the current one."""
        self.last_line = self.token[2]
        self.last_end = self.token[4]
        self.at += 1
        self.token = self.tokens[self.at]
        self.kind = self.token[0]
        if self.kind == ERROR:
            self.lexical_error()

    def lexical_error(self) -> NoReturn:
        """Raise the error that the current token stands for."""
        error = self.token[1]
        near = error.near
        if near is not None:
            near = self.end_text() if near is END else f"'{near}'"
        self.fail_at(error.message, near, error.line)

    def end_text(self) -> str:
        """How the end of the source is shown."""
        return END if self.profile.integers else f"'{END}'"

    def fail_at(self, message: str, near: str | None, line: int) -> NoReturn:
        """Raise a syntax error at `line`."""
        if near is not None:
            message = f"{message} near {near}"
        text = f"{self.display}:{line}: {message}"
        raise GuestSyntaxError(text, Location(self.display, line), name="")

    def fail(self, message: str) -> NoReturn:
        """Raise a syntax error near the current token."""
        kind, _, line, start, end = self.token
        if kind is END:
            near = self.end_text()
        else:
            text = self.source[start:end]
            if len(text) == 1 and (ord(text) < 32 or ord(text) > 126):
                near = f"'<\\{ord(text)}>'" if self.profile.integers else f"'char({ord(text)})'"
                if not self.profile.integers and ord(text) > 126:
                    near = f"'{text}'"
            else:
                near = f"'{text}'"
        self.fail_at(message, near, line)

    def semantic_error(self, message: str) -> NoReturn:
        """Raise an error that shows no token text of its own (gotos, labels)."""
        self.fail_at(message, None, self.token[2])

    def check(self, kind: str) -> None:
        """Require the current token to be `kind`."""
        if self.kind != kind:
            shown = kind if kind in (NAME, END) and self.profile.integers else f"'{kind}'"
            self.fail(f"{shown} expected")

    def expect(self, kind: str) -> None:
        """Require `kind` and pass it."""
        self.check(kind)
        self.advance()

    def accept(self, kind: str) -> bool:
        """Pass `kind` if it is the current token."""
        if self.kind == kind:
            self.advance()
            return True
        return False

    def expect_match(self, what: str, opener: str, line: int) -> None:
        """Require the token `what` that closes `opener`, which stood on `line`."""
        if self.kind != what:
            if line == self.token[2]:
                self.fail(f"'{what}' expected")
            self.fail(f"'{what}' expected (to close '{opener}' at line {line})")
        self.advance()

    def name(self) -> str:
        """Require a name and pass it."""
        self.check(NAME)
        text: str = self.token[1]
        self.advance()
        return text

    def enter_level(self) -> None:
        """Count nested syntax, which the reference implementation bounds."""
        self.levels += 1
        if self.levels > self.max_levels:
            if self.profile.integers:
                raise GuestSyntaxError("C stack overflow", Location(self.display, self.token[2]), name="")
            self.fail_at("chunk has too many syntax levels", None, self.token[2])

    def limit(self, count: int, limit: int, what: str, function: nodes.Function | None = None) -> None:
        """Raise the error for more than `limit` of `what` in one function (the innermost)."""
        if count <= limit:
            return
        function = function or self.scope.function
        where = "main function" if function.parent is None else f"function at line {function.line}"
        if self.profile.integers:
            self.fail(f"too many {what} (limit is {limit}) in {where}")
        message = (
            f"main function has more than {limit} {what}"
            if function.parent is None
            else f"function at line {function.line} has more than {limit} {what}"
        )
        self.fail_at(message, None, self.token[2])
