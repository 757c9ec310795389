"""The token stream, errors and identifiers: what all parts of the parser share."""

from __future__ import annotations

from typing import Any, NoReturn

from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.javascript.syntax.ast import (
    BindingIdentifier,
    Block,
    Class,
    Expression,
    IdentifierReference,
    Node,
    Pattern,
    Positioned,
    Source,
    Statement,
)
from lockstep.reference.javascript.syntax.ast.functions import Scope
from lockstep.reference.javascript.syntax.lexer import (
    END,
    ESCAPED,
    NAME,
    NAME_KINDS,
    PRIVATE,
    REGEXP,
    STRING,
    TEMPLATE,
    Lexer,
    Token,
)
from lockstep.reference.javascript.syntax.parser.scopes import (
    FunctionState,
    OpenScope,
    ScopeTracker,
    resolve_outside,
)

# 12.7.2 words that are reserved in strict code only.
STRICT_RESERVED = frozenset(
    {"implements", "interface", "let", "package", "private", "protected", "public", "static", "yield"}
)
# Names whose use as identifier depends on the context.
CONTEXTUAL = STRICT_RESERVED | {"await", "arguments", "eval", "async"}


class PrivateNames:
    """The private names of one class body while it is parsed: declared ones with their kind, and uses."""

    __slots__ = ("declared", "used")

    def __init__(self) -> None:
        self.declared: dict[str, str] = {}
        self.used: list[tuple[str, Positioned]] = []


class ParserBase(ScopeTracker):
    """Parser state.

    Attributes:
        token: the current token; `index` is its place in `tokens`.
        end: the end of the token before it.
        strict: whether the code is strict.
        is_module: whether the goal is Module.
        function: what the enclosing function allows.
        allow_in: whether `in` is an operator here (not in the head of a `for`).
        cover_error: the first thing that is an error unless a literal turns out to be a pattern.
        arrow_at: offset at which an arrow function may begin.
        last_arrow: the arrow function parsed last; no operator may follow it.
        parenthesized: expressions that stood in parentheses, by identity.
        comma_after_spread: offsets of spread elements that a comma follows.
        last_yield_or_await: offset of the last `yield` or `await` expression.
        last_await_name: offset of the last `await` used as a name.
        private_names: the enclosing class bodies, innermost last.
        outer_private_names: those that code around an eval declares.
        body_is_strict: whether the function body parsed last held "use strict".
    """

    def __init__(self, source: Source, *, is_module: bool) -> None:
        self.source = source
        self.lexer = Lexer(source, module=is_module)
        self.tokens = self.lexer.tokens
        self.index = 0
        self.token: Token = self.tokens[0]
        self.end = 0
        self.strict = is_module
        self.is_module = is_module
        self.function = FunctionState()
        self.allow_in = True
        self.cover_error: tuple[str, Positioned] | None = None
        self.arrow_at = -1
        self.last_arrow: Node | None = None
        self.parenthesized: dict[int, Node] = {}
        self.comma_after_spread: set[int] = set()
        self.last_yield_or_await = -1
        self.last_await_name = -1
        self.private_names: list[PrivateNames] = []
        self.outer_private_names: frozenset[str] = frozenset()
        self.body_is_strict = False
        self.references: list[str] = []
        self.captured: list[str] = []
        self.assigned: list[str] = []

    # The token stream.

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

    def peek(self) -> Token:
        """The token after the current one, which must not be a slash."""
        return self.tokens[self.index + 1] if self.index + 1 < len(self.tokens) else self.tokens[-1]

    def expect(self, kind: str) -> Token:
        """Consume a token of `kind`.

        Raises:
            GuestSyntaxError: another token stands there.
        """
        token = self.token
        if token.kind != kind:
            self.unexpected(token)
        return self.advance()

    def accept(self, kind: str) -> bool:
        """Consume a token of `kind` if it stands there."""
        if self.token.kind == kind:
            self.advance()
            return True
        return False

    def is_word(self, token: Token, word: str) -> bool:
        """Whether `token` is the contextual keyword `word`, written without escapes."""
        return token.kind == NAME and token.value == word and token.end - token.start == len(word)

    def consume_semicolon(self) -> None:
        """12.10 Automatic Semicolon Insertion at the end of a statement."""
        token = self.token
        if token.kind == ";":
            self.advance()
        elif token.kind != "}" and not token.newline and token.kind != END:
            self.unexpected(token)

    # Errors.

    def fail(self, message: str, at: Positioned) -> NoReturn:
        """Raise a SyntaxError at a token or node."""
        raise GuestSyntaxError(message, self.source.location(at.start))

    def unexpected(self, token: Token) -> NoReturn:
        """Raise the SyntaxError for a token that the grammar does not allow here."""
        kind = token.kind
        if kind == END:
            self.fail("Unexpected end of input", token)
        if kind == NAME:
            if self.strict and token.value in STRICT_RESERVED:
                self.fail("Unexpected strict mode reserved word", token)
            self.fail(f"Unexpected identifier '{token.value}'", token)
        if kind == ESCAPED:
            self.fail("Keyword must not contain escaped characters", token)
        if kind == STRING:
            self.fail("Unexpected string", token)
        if kind in (TEMPLATE, "`"):
            self.fail("Unexpected template string", token)
        if kind == REGEXP:
            self.fail("Unexpected regular expression", token)
        self.fail(f"Unexpected token '{self.source.text[token.start : token.end]}'", token)

    def check_legacy(self, token: Token) -> None:
        """12.9.3.1, 12.9.4.1: no legacy octal literals and escapes in strict code."""
        if self.strict and token.start in self.lexer.legacy:
            self.fail(self.lexer.legacy[token.start], token)

    # 13.1 Identifiers.

    def check_name(self, token: Token) -> str:
        """13.1.1: the name of `token`, which must be an identifier here."""
        if token.kind != NAME:
            self.unexpected(token)
        name: str = token.value
        if name in CONTEXTUAL:
            self.check_contextual(name, token)
        return name

    def check_contextual(self, name: str, at: Positioned) -> None:
        """13.1.1: names that some contexts reserve."""
        function = self.function
        if name == "yield":
            if self.strict or function.is_generator:
                self.fail(
                    "Unexpected strict mode reserved word"
                    if self.strict
                    else "Unexpected identifier 'yield'",
                    at,
                )
        elif name == "await":
            if self.is_module or function.is_async or function.in_static_block:
                self.fail("Unexpected reserved word", at)
            self.last_await_name = at.start
        elif name == "arguments":
            if function.forbid_arguments:
                self.fail(
                    "'arguments' is not allowed in class field initializer or static initialization block", at
                )
        elif self.strict and name in STRICT_RESERVED:
            self.fail("Unexpected strict mode reserved word", at)

    def check_binding_name(self, name: str, at: Positioned) -> None:
        """13.1.1: strict code does not bind or assign `eval` and `arguments`."""
        if self.strict and name in ("eval", "arguments"):
            self.fail("Unexpected eval or arguments in strict mode", at)

    def binding_identifier(self) -> BindingIdentifier:
        """13.1 BindingIdentifier."""
        token = self.token
        if token.kind != NAME:
            self.unexpected(token)
        name: str = token.value
        if name in CONTEXTUAL:
            self.check_contextual(name, token)
            self.check_binding_name(name, token)
        self.advance()
        return BindingIdentifier(token, token.end, name)

    def identifier_reference(self, token: Token) -> IdentifierReference:
        """13.1 IdentifierReference for a token that was consumed."""
        name: str = token.value
        if name in CONTEXTUAL:
            self.check_contextual(name, token)
        self.references.append(name)
        return IdentifierReference(token, token.end, name)

    def identifier_name(self) -> str:
        """12.7 IdentifierName, reserved words included."""
        token = self.token
        if token.kind not in NAME_KINDS:
            self.unexpected(token)
        self.advance()
        name: str = token.value
        return name

    def use_private_name(self, token: Token) -> str:
        """13.3.1.1 a private name must be declared by an enclosing class body."""
        assert token.kind == PRIVATE
        name: str = token.value
        if self.private_names:
            self.private_names[-1].used.append((name, token))
        elif name not in self.outer_private_names:
            self.fail(f"Private field '{name}' must be declared in an enclosing class", token)
        return name

    # Functions, entered and left.

    def enter_function(self, state: FunctionState) -> tuple[Any, ...]:
        """Begin the code of a function; returns what `leave_function` restores."""
        saved = (
            self.function,
            self.current,
            self.references,
            self.captured,
            self.assigned,
            self.strict,
            self.allow_in,
            self.cover_error,
            self.last_yield_or_await,
            self.last_await_name,
        )
        self.function = state
        self.references = []
        self.captured = []
        self.assigned = []
        self.allow_in = True
        self.cover_error = None
        return saved

    def leave_function(
        self, saved: tuple[Any, ...], opened: OpenScope, name_scope: Scope | None = None
    ) -> None:
        """End the code of a function: resolve its names and hand the rest to the enclosing function.

        `name_scope` holds a function expression's own name, between the function and what encloses it.
        """
        self.close_function_scope(opened)
        captured = self.captured
        assigned = self.assigned
        if name_scope is not None:
            captured, assigned = resolve_outside(name_scope, captured, assigned)
        (
            self.function,
            self.current,
            self.references,
            self.captured,
            self.assigned,
            self.strict,
            self.allow_in,
            self.cover_error,
            self.last_yield_or_await,
            self.last_await_name,
        ) = saved
        self.captured.extend(captured)
        self.assigned.extend(assigned)

    # What the parts of the parser ask of each other.

    def parse_assignment(self) -> Expression:
        """13.15 AssignmentExpression."""
        raise NotImplementedError

    def parse_expression(self) -> Expression:
        """13.16 Expression."""
        raise NotImplementedError

    def parse_left_hand_side(self) -> Expression:
        """13.3 LeftHandSideExpression."""
        raise NotImplementedError

    def parse_function_expression(self) -> Expression:
        """15.2, 15.5, 15.6, 15.8: a function expression."""
        raise NotImplementedError

    def parse_class(self, first: Positioned, *, name: str) -> Class:
        """15.7 a class; `name` says whether it is "required", "optional" or "default"."""
        raise NotImplementedError

    def parse_method(
        self, first: Positioned, kind: str, *, is_async: bool = False, is_generator: bool = False
    ) -> Any:
        """15.4 parameters and body of a method."""
        raise NotImplementedError

    def finish_arrow(
        self, first: Positioned, elements: list[Expression], marks: tuple[int, int, int], *, is_async: bool
    ) -> Expression:
        """15.3 an arrow function whose parameters were parsed as expressions."""
        raise NotImplementedError

    def parse_statement(self) -> Statement:
        """14 Statement."""
        raise NotImplementedError

    def parse_statement_list_item(self) -> Statement:
        """14 StatementListItem."""
        raise NotImplementedError

    def parse_block(self, kind: str = "block") -> Block:
        """14.2 Block."""
        raise NotImplementedError

    def parse_function_body(self) -> list[Statement]:
        """15.2 FunctionBody between braces, with its directives."""
        raise NotImplementedError

    def parse_binding_target(self) -> BindingIdentifier | Pattern:
        """14.3.3 BindingIdentifier or BindingPattern."""
        raise NotImplementedError

    def function_declaration(self) -> Statement:
        """15.2 FunctionDeclaration and its relatives."""
        raise NotImplementedError

    def is_parenthesized(self, node: Node) -> bool:
        """Whether the expression itself stood in parentheses."""
        return id(node) in self.parenthesized

    def is_anonymous_function(self, node: Node | None) -> bool:
        """15.10.3 IsAnonymousFunctionDefinition: a function or class expression without a name."""
        raise NotImplementedError
