"""Expressions: operators, with the assertions `as` and `satisfies`, which vanish."""

from __future__ import annotations

from typing import Callable

from lockstep.reference.javascript.syntax.lexer import END, NAME, TEMPLATE
from lockstep.reference.javascript.syntax.parser.expressions import PRECEDENCE
from lockstep.reference.javascript.syntax.typescript.arrows import has_line_break
from lockstep.reference.javascript.syntax.typescript.operands import EXPRESSION_STARTS, UNARY, OperandReader

ANGLE_ASSERTION = (
    "TypeScript: the angle-bracket syntax for type assertions, `<T>expr`, is not supported in type strip mode. "
    "Instead, use the 'as' syntax: `expr as T`."
)
REGROUPED = "TypeScript type assertions that would change binary expression grouping are not supported in strip-only mode."
_RELATIONAL = PRECEDENCE["in"]
_ASSIGNMENT = frozenset(
    {"=", "*=", "/=", "%=", "+=", "-=", "<<=", ">>=", ">>>=", "&=", "^=", "|=", "**=", "&&=", "||=", "??="}
)
# What stands behind the mark of an optional parameter, and never behind that of a conditional expression.
_AFTER_OPTIONAL = frozenset({":", ",", ")", "="})
# Behind the name `await`; behind some, scripts read on where modules wait.
_NAME_GOES_ON = frozenset({"`", "<", "++", "--"})
_CALLS_OR_OPERATES = frozenset({"(", "[", "+", "-", "/"})
# Behind a line break these go on with the expression before it.
CONTINUING = frozenset({"(", "[", "`"})
_YIELD_ENDS = frozenset({")", "]", "}", ",", ";", ":", "in", END, TEMPLATE})


class ExpressionReader(OperandReader):
    """13.4 to 13.16."""

    # 13.16, 13.15

    def parse_expression(self) -> None:
        """13.16 Expression."""
        self.parse_assignment()
        while self.accept(","):
            self.parse_assignment()

    def parse_assignment(self, *, returns: bool = True) -> None:
        """13.15 AssignmentExpression, or what covers an assignment pattern.

        Args:
            returns: an arrow function may have a return type even if no colon follows it: not directly between the marks of
                a conditional expression.
        """
        token = self.token
        kind = token.kind
        if kind == NAME:
            following = self.peek()
            if following.kind == "=>":
                self.parse_simple_arrow(returns=returns)
                return
            if token.value == "async" and self.is_word("async") and not following.newline:
                if following.kind == NAME and self.peek(2).kind == "=>":
                    self.advance()
                    self.parse_simple_arrow(is_async=True, returns=returns)
                    return
                if following.kind == "<" and self.try_generic_arrow(is_async=True, returns=returns):
                    return
            if token.value == "yield" and self.in_generator:
                self.parse_yield()
                return
        elif kind == "<" and self.try_generic_arrow(is_async=False, returns=returns):
            return
        self.arrow_at = token.start
        self.arrow_returns = returns
        self.parse_binary(0)
        if self.index == self.arrow_index:
            return
        kind = self.token.kind
        if kind == "?":
            if self.peek().kind not in _AFTER_OPTIONAL:
                self.parse_conditional(returns=returns)
        elif kind in _ASSIGNMENT:
            self.advance()
            self.parse_assignment(returns=returns)

    def parse_conditional(self, *, returns: bool) -> None:
        """13.14 from the question mark on."""
        self.advance()
        saved = self.allow_in
        self.allow_in = True
        self.parse_assignment(returns=False)
        self.allow_in = saved
        self.expect(":")
        self.parse_assignment(returns=returns)

    def parse_yield(self) -> None:
        """15.5 YieldExpression."""
        self.advance()
        if self.token.newline or self.token.kind in _YIELD_ENDS:
            return
        self.accept("*")
        self.parse_restricted(self.parse_assignment)

    def parse_restricted(self, parse: Callable[[], None]) -> None:
        """An operand that must begin in the line of the word before it, also where its type parameters vanish."""
        first = self.index
        parse()
        if self.tokens[first].kind == "<":
            self.keep_parenthesis(first)

    def keep_parenthesis(self, first: int) -> None:
        """The parenthesis of an arrow function moves to where its type parameters began, if that is another line."""
        start = self.tokens[first].start
        end = next((end for begin, end in reversed(self.edits.ranges) if begin == start), start)
        index = first
        while self.tokens[index].start < end:
            index += 1
        opening = self.tokens[index].start
        if has_line_break(self.text[start:opening]):
            self.edits.put(opening, " ")
            self.edits.put(start, "(")

    # 13.6 to 13.13, with `as` and `satisfies`

    def parse_binary(self, minimum: int) -> None:
        """An operand and the binary operators above precedence `minimum` that follow."""
        self.parse_unary()
        # The operator that joined last, and whether a type was asserted of what it gave.
        joined = ""
        asserted = False
        while self.index != self.arrow_index:
            token = self.token
            kind = token.kind
            if kind == NAME:
                if (
                    minimum >= _RELATIONAL
                    or token.newline
                    or not (self.is_word("as") or self.is_word("satisfies"))
                ):
                    return
                self.blank_assertion()
                asserted = True
                continue
            precedence = PRECEDENCE.get(kind, 0)
            if precedence <= minimum or (kind == "in" and not self.allow_in):
                return
            if asserted and joined and _regroups(joined, kind):
                self.edits.refusals.append((token.start, REGROUPED))
            self.advance()
            self.parse_binary(precedence - 1 if kind == "**" else precedence)
            joined = kind
            asserted = False

    def blank_assertion(self) -> None:
        """`as Type`, `as const` and `satisfies Type` vanish."""
        start = self.end
        operator = self.advance()
        self.parse_type()
        self.edits.blank(start, self.end)
        if self.token.newline and self.token.kind in CONTINUING:
            self.edits.put(operator.start, ";")

    # 13.5

    def parse_unary(self) -> None:
        """13.5 UnaryExpression, 13.4 Update Expressions."""
        token = self.token
        kind = token.kind
        if kind in UNARY:
            self.advance()
            self.parse_unary()
            return
        if kind == NAME and token.value == "await" and self.await_is_operator():
            if self.peek().kind not in _CALLS_OR_OPERATES:
                self.found_module_syntax()
            self.advance()
            self.parse_unary()
            return
        if kind == "<":
            self.refuse_angle_assertion()
            return
        self.parse_left_hand_side()
        if self.token.kind in ("++", "--") and not self.token.newline and self.index != self.arrow_index:
            self.advance()

    def await_is_operator(self) -> bool:
        """Whether `await` is an operator here and not a name."""
        if self.in_async:
            return True
        following = self.peek()
        if not self.at_top_level or following.newline:
            return False
        return following.kind in EXPRESSION_STARTS | {"/"} and following.kind not in _NAME_GOES_ON

    def refuse_angle_assertion(self) -> None:
        """`<Type>expression` is no longer what it was when the type is gone: it may begin another statement."""
        start = self.advance().start
        self.parse_type()
        self.close_angle()
        self.edits.refusals.append((start, ANGLE_ASSERTION))
        self.parse_unary()


def _regroups(joined: str, following: str) -> bool:
    """Whether operands would belong together otherwise if no type were asserted between two operators."""
    left, right = PRECEDENCE[joined], PRECEDENCE[following]
    return right > left or (right == left and joined == "**")
