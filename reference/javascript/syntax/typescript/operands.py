"""What operators join: literals, members, calls; where type arguments and `!` vanish."""

from __future__ import annotations

from lockstep.reference.javascript.syntax.lexer import (
    BIGINT,
    NAME,
    NUMBER,
    PRIVATE,
    REGEXP,
    STRING,
    TEMPLATE,
)
from lockstep.reference.javascript.syntax.typescript.arrows import ArrowReader
from lockstep.reference.javascript.syntax.typescript.tokens import UnreadableError

UNARY = frozenset({"delete", "void", "typeof", "+", "-", "~", "!", "++", "--"})
_SIMPLE = frozenset({NUMBER, BIGINT, STRING, REGEXP, "null", "true", "false", "this", PRIVATE})
# What may begin an expression that ends no type arguments: what stands behind them then is an operand of `>`.
EXPRESSION_STARTS = (
    _SIMPLE
    | UNARY
    | {NAME, "super", "`", "(", "[", "{", "function", "class", "new", "/=", "import", "<", "@"}
)
_CALLED = frozenset({"(", "`"})
_NO_TYPE_ARGUMENTS_BEFORE = frozenset({"<", ">", "+", "-"})


class OperandReader(ArrowReader):
    """13.2 Primary Expression, 13.3 Left-Hand-Side Expressions."""

    def parse_function_expression(self) -> None:
        """A function expression, from `async` or `function` on."""
        raise NotImplementedError

    def parse_class(self, *, abstract: bool = False) -> None:
        """A class, from behind `class`."""
        raise NotImplementedError

    def parse_decorators(self) -> None:
        """Decorators, as many as there are."""
        raise NotImplementedError

    def parse_object(self) -> None:
        """An object literal or object pattern."""
        raise NotImplementedError

    def parse_expression(self) -> None:
        """13.16 Expression."""
        raise NotImplementedError

    def parse_inside(self) -> None:
        """An Expression in brackets of any kind."""
        saved = self.allow_in
        self.allow_in = True
        self.parse_expression()
        self.allow_in = saved

    def parse_assignment_in(self) -> None:
        """An AssignmentExpression in brackets of any kind."""
        saved = self.allow_in
        self.allow_in = True
        self.parse_assignment()
        self.allow_in = saved

    # 13.3

    def parse_left_hand_side(self, *, instantiates: bool = True) -> None:
        """13.3 LeftHandSideExpression; `instantiates`: see `try_type_arguments`."""
        kind = self.token.kind
        if kind == "new":
            self.parse_new()
        elif kind == "import":
            self.parse_import()
        elif kind == "super":
            self.advance()
            if self.token.kind == "<":
                self.blank_type_arguments()
            if self.token.kind not in ("(", ".", "["):
                self.unexpected(self.token)
        else:
            self.parse_primary()
            if self.index == self.arrow_index:
                return
        self.parse_subscripts(calls=True, instantiates=instantiates)

    def parse_subscripts(self, *, calls: bool, instantiates: bool) -> None:
        """13.3 what follows a primary expression: members, calls, templates, `!`, type arguments."""
        while True:
            token = self.token
            kind = token.kind
            if kind == ".":
                self.advance()
                self.parse_member_reference()
            elif kind == "(":
                if not calls:
                    return
                self.parse_arguments()
            elif kind == "[":
                self.parse_index()
            elif kind == "`":
                self.parse_template()
            elif kind == "!":
                if token.newline:
                    return
                self.advance()
                self.edits.blank(token.start, token.end)
            elif kind == "?.":
                if not calls:
                    self.unexpected(token)
                self.parse_optional_link()
            elif kind not in ("<", "<<") or not self.try_type_arguments(instantiates=instantiates):
                return

    def parse_member_reference(self) -> None:
        """13.3.2 the name behind a dot."""
        if self.token.kind == PRIVATE:
            self.advance()
        else:
            self.expect_identifier_name()

    def parse_index(self) -> None:
        """13.3.2 the expression in brackets."""
        self.advance()
        self.parse_inside()
        self.expect("]")

    def parse_optional_link(self) -> None:
        """13.3.9 the first link behind `?.`."""
        self.advance()
        if self.token.kind in ("<", "<<"):
            self.blank_type_arguments()
            if self.token.kind != "(":
                self.unexpected(self.token)
        if self.token.kind == "(":
            self.parse_arguments()
        elif self.token.kind == "[":
            self.parse_index()
        elif self.token.kind != "`":
            self.parse_member_reference()

    def parse_arguments(self) -> None:
        """13.3.8 Argument Lists."""
        self.advance()
        saved = self.allow_in
        self.allow_in = True
        while self.token.kind != ")":
            self.accept("...")
            self.parse_assignment()
            if not self.accept(","):
                break
        self.allow_in = saved
        self.expect(")")

    def parse_new(self) -> None:
        """13.3.5 The new Operator, and 13.3.12 new.target."""
        self.advance()
        if self.accept("."):
            self.expect_word("target")
            return
        kind = self.token.kind
        if kind == "new":
            self.parse_new()
        elif kind == "import":
            self.parse_import()
        elif kind == "super":
            self.advance()
        else:
            # No arrow function begins here.
            self.arrow_at = -1
            self.parse_primary()
        self.parse_subscripts(calls=False, instantiates=False)
        if self.token.kind == "(":
            self.parse_arguments()

    def parse_import(self) -> None:
        """13.3.10 Import Calls and 13.3.12 import.meta."""
        self.advance()
        if self.accept("."):
            if self.is_word("meta"):
                self.found_module_syntax()
            self.expect_identifier_name()
        if self.token.kind == "(":
            self.parse_arguments()

    # Type arguments

    def blank_type_arguments(self) -> None:
        """Type arguments vanish."""
        start = self.token.start
        self.parse_type_arguments()
        self.edits.blank(start, self.end)

    def try_type_arguments(self, *, instantiates: bool = True) -> bool:
        """Type arguments vanish, if the angle bracket is none that compares or shifts.

        Args:
            instantiates: without a call behind them they are an expression of their own, and comments before them vanish too.
        """
        start = self.token.start
        if start in self.comparisons:
            return False
        mark = self.mark()
        try:
            self.blank_type_arguments()
        except UnreadableError:
            self.rewind(mark)
            self.comparisons.add(start)
            return False
        # `f<T>>(x)` compares: the last bracket must not be the beginning of an operator.
        if self.tokens[self.index] is self.token and self.can_follow_type_arguments():
            if instantiates and self.token.kind not in _CALLED:
                self.edits.blank(mark.end, self.end)
            return True
        self.rewind(mark)
        self.comparisons.add(start)
        return False

    def can_follow_type_arguments(self) -> bool:
        """Whether what stands here can follow type arguments rather than be an operand of `>`."""
        token = self.token
        kind = token.kind
        if kind in _CALLED:
            return True
        if kind in _NO_TYPE_ARGUMENTS_BEFORE:
            return False
        if token.newline or kind not in EXPRESSION_STARTS:
            return True
        return self.is_word("as") or self.is_word("satisfies")

    # 13.2

    def parse_primary(self) -> None:
        """13.2 PrimaryExpression."""
        token = self.token
        kind = token.kind
        if kind == NAME:
            following = self.peek()
            if token.value == "async" and self.is_word("async") and not following.newline:
                if following.kind == "function":
                    self.parse_function_expression()
                    return
                if following.kind == "(":
                    self.parse_async_call_or_arrow()
                    return
            self.advance()
        elif kind in _SIMPLE:
            self.advance()
        elif kind == "(":
            self.parse_parenthesized(token.start)
        elif kind == "{":
            self.parse_object()
        elif kind == "[":
            self.parse_array()
        elif kind == "`":
            self.parse_template()
        elif kind == "function":
            self.parse_function_expression()
        elif kind == "class":
            self.advance()
            self.parse_class()
        elif kind == "@":
            self.parse_decorators()
            self.expect("class")
            self.parse_class()
        elif kind in ("/", "/="):
            self.regular_expression()
        else:
            self.unexpected(token)

    def parse_template(self) -> None:
        """13.2.8 TemplateLiteral."""
        while not self.advance().value[2]:
            self.parse_inside()
            if self.token.kind != TEMPLATE:
                self.unexpected(self.token)

    def parse_array(self) -> None:
        """13.2.4 ArrayLiteral, or an array pattern."""
        self.advance()
        saved = self.allow_in
        self.allow_in = True
        while self.token.kind != "]":
            if self.accept(","):
                continue
            self.accept("...")
            self.parse_assignment()
            if self.token.kind != "]":
                self.expect(",")
        self.allow_in = saved
        self.advance()
