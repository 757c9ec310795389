"""ECMA-262 14.7.4 and 14.7.5: the for statements."""

from __future__ import annotations

from typing import cast

from lockstep.reference.javascript.syntax.ast import (
    ArrayLiteral,
    BindingIdentifier,
    Expression,
    For,
    ForIn,
    ForOf,
    LexicalDeclaration,
    LoopTarget,
    ObjectLiteral,
    Sequence,
    Statement,
    VariableStatement,
)
from lockstep.reference.javascript.syntax.lexer import NAME, Token
from lockstep.reference.javascript.syntax.parser.patterns import bound_names
from lockstep.reference.javascript.syntax.parser.scopes import OpenScope
from lockstep.reference.javascript.syntax.parser.statements import StatementParser


class IterationParser(StatementParser):
    """14.7.4 The for Statement, 14.7.5 The for-in, for-of, and for-await-of Statements."""

    def parse_for(self) -> Statement:
        """14.7.4, 14.7.5."""
        first = self.advance()
        is_await = False
        if self.is_word(self.token, "await") and self.function.is_async:
            self.advance()
            self.function.has_await = True
            is_await = True
        self.expect("(")
        opened = self.open_scope()
        token = self.token
        kind = self.declaration_kind(token)
        initializer: Expression | VariableStatement | LexicalDeclaration | None = None
        if kind is not None:
            initializer = self.parse_for_declaration(kind, token)
            if self.at_in_or_of():
                return self.parse_for_in_of(first, opened, initializer, is_await=is_await)
        elif token.kind != ";":
            pending = self.cover_error
            self.allow_in = False
            expression = self.parse_assignment_cover()
            if self.at_in_or_of() and expression is not self.last_arrow:
                self.allow_in = True
                self.check_for_head(token, is_await=is_await)
                if isinstance(expression, (ObjectLiteral, ArrayLiteral)) and not self.is_parenthesized(
                    expression
                ):
                    self.cover_error = pending
                    target: LoopTarget = self.to_assignment_pattern(expression)
                else:
                    self.check_simple_target(expression, "Invalid left-hand side in for-loop", call=True)
                    target = expression
                return self.parse_for_in_of(first, opened, target, is_await=is_await)
            if self.cover_error is not pending:
                self.fail(*cast("tuple[str, Token]", self.cover_error))
            if self.token.kind == ",":
                expressions = [expression]
                while self.accept(","):
                    expressions.append(self.parse_assignment())
                expression = Sequence(expression, self.end, expressions)
            self.allow_in = True
            initializer = expression
        if is_await:
            self.unexpected(self.token)
        self.expect(";")
        test = None if self.token.kind == ";" else self.parse_expression()
        self.expect(";")
        update = None if self.token.kind == ")" else self.parse_expression()
        self.expect(")")
        body = self.parse_loop_body()
        scope = self.close_scope(opened)
        return For(first, self.end, initializer, test, update, body, scope)

    def declaration_kind(self, token: Token) -> str | None:
        """Which declaration begins in the head of a `for`, if any."""
        if token.kind in ("var", "const"):
            return token.kind
        if token.kind != NAME:
            return None
        if token.value == "let" and self.is_let_declaration(token):
            return "let"
        if token.value == "using" and self.is_using_declaration(token):
            following = self.peek()
            # `for (using of` begins with the name `using`, unless an initializer or another `of` follows.
            if following.value == "of":
                index = self.index + 2
                after = self.tokens[index] if index < len(self.tokens) else following
                if after.kind not in ("=", ";", ","):
                    return None
            return "using"
        if token.value == "await" and self.is_await_using(token):
            return "await using"
        return None

    def parse_for_declaration(self, kind: str, token: Token) -> VariableStatement | LexicalDeclaration:
        """The declaration in the head of a `for`."""
        self.advance()
        if kind == "await using":
            self.advance()
            self.function.has_await = True
        self.allow_in = False
        declarations = self.parse_declarators(kind, in_for=True)
        self.allow_in = True
        if kind == "var":
            return VariableStatement(token, self.end, declarations)
        return LexicalDeclaration(token, self.end, kind, declarations)

    def check_for_head(self, token: Token, *, is_await: bool) -> None:
        """14.7.5: lookahead restrictions of a head without declaration."""
        is_of = self.token.kind != "in"
        if not is_of and is_await:
            self.unexpected(self.token)
        if is_of and token.kind == NAME and token.value == "let":
            self.fail("The left-hand side of a for-of loop may not be 'let'.", token)
        alone = self.tokens[self.index - 1] is token
        if is_of and alone and not is_await and self.is_word(token, "async"):
            self.fail("The left-hand side of a for-of loop may not be 'async'.", token)

    def check_for_declaration(self, left: VariableStatement | LexicalDeclaration, *, is_of: bool) -> None:
        """14.7.5.1: one binding, and no initializer but B.3.5's."""
        declarator = left.declarations[0]
        if len(left.declarations) > 1:
            self.fail("Invalid left-hand side in for-loop: Must have a single binding.", left)
        if declarator.initializer is not None and (
            is_of
            or self.strict
            or isinstance(left, LexicalDeclaration)
            or not isinstance(declarator.target, BindingIdentifier)
        ):
            self.fail("for-loop variable declaration may not have an initializer.", left)
        if isinstance(left, VariableStatement):
            for name in bound_names(declarator.target):
                self.references.append(name.name)
                self.assigned.append(name.name)
        elif left.kind in ("using", "await using") and not is_of:
            self.fail("Invalid left-hand side in for-in loop", left)

    def parse_for_in_of(
        self, first: Token, opened: OpenScope, left: LoopTarget, *, is_await: bool
    ) -> Statement:
        """14.7.5 from `in` or `of` on."""
        is_of = self.token.kind != "in"
        if isinstance(left, (VariableStatement, LexicalDeclaration)):
            self.check_for_declaration(left, is_of=is_of)
        if is_await and not is_of:
            self.unexpected(self.token)
        self.advance()
        right = self.parse_assignment() if is_of else self.parse_expression()
        self.expect(")")
        body = self.parse_loop_body()
        scope = self.close_scope(opened)
        if is_of:
            return ForOf(first, self.end, left, right, body, scope, is_await)
        return ForIn(first, self.end, left, right, body, scope)
