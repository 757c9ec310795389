"""Parentheses and angle brackets that may begin an arrow function.

What stands in parentheses is read as an expression first, and again as parameters if an arrow follows.
"""

from __future__ import annotations

from lockstep.reference.javascript.syntax.ast.node import Source
from lockstep.reference.javascript.syntax.lexer import NAME, Token
from lockstep.reference.javascript.syntax.typescript.tokens import UnreadableError
from lockstep.reference.javascript.syntax.typescript.types import PARAMETER_MODIFIERS, TypeReader


class ArrowReader(TypeReader):
    """13.2.9 The Grouping Operator, 15.3 Arrow Function Definitions, 15.9 Async Arrow Function Definitions.

    Attributes:
        allow_in: `in` is an operator.
        in_async, in_generator: `await`, `yield` is an operator.
        at_top_level: outside of functions; there `await` is one if an operand follows.
        arrow_at: where an arrow function may begin; `arrow_returns`: see `parse_assignment`.
        arrow_index: the place behind the arrow function read last.
        arrows: offsets of brackets that were tried, with what follows the parameters: an arrow, a colon, or "" where an
            arrow function does not begin. Without that the time would double with each one inside of another.
        comparisons: offsets of angle brackets that begin no type arguments, as was tried.
        is_module: something was found that only modules have.
    """

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.allow_in = True
        self.in_async = False
        self.in_generator = False
        self.at_top_level = True
        self.arrow_at = -1
        self.arrow_returns = True
        self.arrow_index = -1
        self.arrows: dict[int, str] = {}
        self.comparisons: set[int] = set()
        self.is_module = False

    def found_module_syntax(self) -> None:
        """Something stands here that only modules have, unless it is in a namespace."""
        self.is_module = self.is_module or self.at_top_level

    def parse_assignment(self, *, returns: bool = True) -> None:
        """13.15 AssignmentExpression."""
        raise NotImplementedError

    def parse_arrow_body(self, *, is_async: bool, returns: bool) -> None:
        """What stands behind the arrow."""
        raise NotImplementedError

    def parse_async_call_or_arrow(self) -> None:
        """15.9 CoverCallExpressionAndAsyncArrowHead."""
        start = self.advance().start
        self.parse_parenthesized(start, is_async=True)

    def parse_parenthesized(self, start: int, *, is_async: bool = False) -> None:
        """13.2.9 CoverParenthesizedExpressionAndArrowParameterList: where an arrow follows it is read again as parameters."""
        returns = self.arrow_returns
        mark = self.mark()
        sign = self.arrows.get(start) if start == self.arrow_at else ""
        only_parameter: Token | None = None
        if not sign:
            only_parameter = self.parse_cover_list()
        if sign is None:
            sign = self.arrows[start] = self.token.kind if self.at_arrow() else ""
        if sign:
            self.rewind(mark)
            if self.try_arrow(start, is_async=is_async, typed=sign == ":", returns=returns):
                return
            only_parameter = self.parse_cover_list()
        if only_parameter is not None:
            self.unexpected(only_parameter)

    def parse_cover_list(self) -> Token | None:
        """What stands in parentheses, and the first token that only parameters may hold there, if any."""
        self.advance()
        only_parameter: Token | None = None
        saved = self.allow_in
        self.allow_in = True
        while self.token.kind != ")":
            token = self.token
            while self.at_parameter_modifier():
                only_parameter = only_parameter or token
                self.advance()
            self.accept("...")
            self.parse_assignment()
            if self.token.kind in ("?", ":"):
                only_parameter = only_parameter or self.token
                self.accept("?")
                self.blank_annotation()
                if self.accept("="):
                    self.parse_assignment()
            if not self.accept(","):
                break
        self.allow_in = saved
        self.expect(")")
        return only_parameter

    def at_parameter_modifier(self) -> bool:
        """Whether a modifier of a parameter stands here, and not its name."""
        following = self.peek()
        return (
            self.token.kind == NAME
            and self.token.value in PARAMETER_MODIFIERS
            and following.kind == NAME
            and not following.newline
            and not self.is_word("as", following)
            and not self.is_word("satisfies", following)
        )

    def at_arrow(self) -> bool:
        """Whether an arrow follows the parenthesis, or a return type and an arrow."""
        if self.token.kind == "=>":
            return not self.token.newline
        if self.token.kind != ":":
            return False
        mark = self.mark()
        found = self.try_return_type()
        self.rewind(mark)
        return found

    def try_arrow(self, start: int, *, is_async: bool, typed: bool, returns: bool) -> bool:
        """An arrow function from its parenthesis on: `a ? (b): c => d : e` holds one, `a ? (b) : c => d` none."""
        if returns or not typed:
            self.parse_arrow(is_async=is_async, returns=returns)
            return True
        mark = self.mark()
        try:
            self.parse_arrow(is_async=is_async, returns=False)
        except UnreadableError:
            pass
        else:
            if self.token.kind == ":":
                return True
        self.rewind(mark)
        self.arrows[start] = ""
        return False

    def parse_arrow(self, *, is_async: bool, returns: bool) -> None:
        """An arrow function from its parenthesis on."""
        self.parse_parameters(arrow=True)
        if self.token.kind != ":":
            self.expect("=>")
        elif not self.try_return_type():
            self.unexpected(self.token)
        self.parse_arrow_body(is_async=is_async, returns=returns)
        self.arrow_index = self.index

    def blank_optional_mark(self) -> None:
        """`?` behind the name of a parameter vanishes, if it is there."""
        if self.token.kind == "?":
            token = self.advance()
            self.edits.blank(token.start, token.end)

    def try_return_type(self) -> bool:
        """`: Type =>`; the parenthesis before it moves if there is a line break in between."""
        mark = self.mark()
        closing = self.end - 1
        start = self.advance().start
        try:
            self.parse_return_type()
            end = self.end
            arrow = self.expect("=>")
        except UnreadableError:
            self.rewind(mark)
            return False
        if arrow.newline:
            self.rewind(mark)
            return False
        self.edits.blank(start, end)
        if has_line_break(self.text[closing : arrow.start]):
            self.edits.blank(closing, closing + 1)
            self.edits.put(end - 1, ")")
        return True

    def try_generic_arrow(self, *, is_async: bool, returns: bool) -> bool:
        """`<T>(x) => y`, if that stands here."""
        mark = self.mark()
        if is_async:
            self.advance()
        start = self.token.start
        if start not in self.arrows:
            self.arrows[start] = self.probe_generic_arrow()
        sign = self.arrows[start]
        if not sign:
            self.rewind(mark)
            return False
        self.parse_type_parameters()
        self.edits.blank(start, self.end)
        if is_async and has_line_break(self.text[start : self.end]):
            self.edits.put(self.token.start, " ")
            self.edits.put(start, "(")
        if self.try_arrow(start, is_async=is_async, typed=sign == ":", returns=returns):
            return True
        self.rewind(mark)
        return False

    def probe_generic_arrow(self) -> str:
        """What follows type parameters and parameters that stand here: an arrow, a colon, or "" for anything else."""
        mark = self.mark()
        try:
            self.parse_type_parameters()
            self.parse_parameters(arrow=True)
            return self.token.kind if self.at_arrow() else ""
        except UnreadableError:
            return ""
        finally:
            self.rewind(mark)

    def parse_simple_arrow(self, *, is_async: bool = False, returns: bool) -> None:
        """`name => body`, from the name on."""
        self.advance()
        if self.token.newline:
            self.unexpected(self.token)
        self.advance()
        self.parse_arrow_body(is_async=is_async, returns=returns)
        self.arrow_index = self.index


def has_line_break(text: str) -> bool:
    """Whether a line ends in the text."""
    return any(character in text for character in "\n\r\u2028\u2029")
