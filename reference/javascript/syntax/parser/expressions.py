"""ECMA-262 13.3 to 13.16: member access and calls, operators, assignment."""

from __future__ import annotations

from typing import Callable, cast

from lockstep.reference.javascript.syntax.ast import (
    ArrayLiteral,
    Assignment,
    Await,
    Binary,
    Call,
    CompoundAssignment,
    ComputedMember,
    Conditional,
    DotMember,
    Expression,
    FunctionExpression,
    IdentifierReference,
    ImportCall,
    ImportMeta,
    Logical,
    LogicalAssignment,
    New,
    NewTarget,
    NumericLiteral,
    ObjectLiteral,
    OptionalChain,
    PrivateIn,
    PrivateMember,
    Sequence,
    SpreadElement,
    StringLiteral,
    SuperCall,
    SuperComputed,
    SuperDot,
    TaggedTemplate,
    Unary,
    Update,
    Yield,
)
from lockstep.reference.javascript.syntax.ast.node import Positioned
from lockstep.reference.javascript.syntax.function_labels import label_assigned
from lockstep.reference.javascript.syntax.lexer import NAME, NUMBER, PRIVATE, STRING, TEMPLATE, Token
from lockstep.reference.javascript.syntax.parser.base import CONTEXTUAL
from lockstep.reference.javascript.syntax.parser.literals import LiteralParser
from lockstep.reference.javascript.syntax.parser.scopes import EVAL, NEW_TARGET, SUPER, THIS

# 13.5 to 13.13: a higher number binds tighter.
PRECEDENCE = {
    "??": 1,
    "||": 2,
    "&&": 3,
    "|": 4,
    "^": 5,
    "&": 6,
    "==": 7,
    "!=": 7,
    "===": 7,
    "!==": 7,
    "<": 8,
    ">": 8,
    "<=": 8,
    ">=": 8,
    "instanceof": 8,
    "in": 8,
    "<<": 9,
    ">>": 9,
    ">>>": 9,
    "+": 10,
    "-": 10,
    "*": 11,
    "/": 11,
    "%": 11,
    "**": 12,
}
_RELATIONAL = PRECEDENCE["in"]
_LOGICAL = frozenset({"&&", "||", "??"})
_ASSIGNMENT = frozenset(
    {"=", "*=", "/=", "%=", "+=", "-=", "<<=", ">>=", ">>>=", "&=", "^=", "|=", "**=", "&&=", "||=", "??="}
)
_LOGICAL_ASSIGNMENT = frozenset({"&&=", "||=", "??="})
# What may follow a one-token expression so that nothing else belongs to it.
_ENDS = frozenset({",", ")", "]", "}", ";", ":"})
_SUBSCRIPTS = frozenset({".", "(", "[", "?.", "`", "++", "--", "=>"})
_UNARY = frozenset({"delete", "void", "typeof", "+", "-", "~", "!"})
_YIELD_ENDS = frozenset({")", "]", "}", ",", ";", ":", "in", "end of input", TEMPLATE})


class ExpressionParser(LiteralParser):
    """13.3 to 13.16."""

    # 13.16 Comma Operator

    def parse_expression(self) -> Expression:
        """13.16 Expression."""
        first = self.parse_assignment()
        if self.token.kind != ",":
            return first
        expressions = [first]
        while self.token.kind == ",":
            self.advance()
            expressions.append(self.parse_assignment())
        return Sequence(first, self.end, expressions)

    def parse_expression_in(self) -> Expression:
        """Expression with `in` as an operator, inside brackets of any kind."""
        if self.allow_in:
            return self.parse_expression()
        self.allow_in = True
        expression = self.parse_expression()
        self.allow_in = False
        return expression

    def parse_assignment_in(self) -> Expression:
        """AssignmentExpression with `in` as an operator."""
        if self.allow_in:
            return self.parse_assignment()
        self.allow_in = True
        expression = self.parse_assignment()
        self.allow_in = False
        return expression

    # 13.15 Assignment Operators

    def parse_assignment(self) -> Expression:
        """13.15 AssignmentExpression that is no pattern."""
        token = self.token
        kind = token.kind
        if kind in (NAME, NUMBER, STRING):
            tokens = self.tokens
            if self.index + 1 < len(tokens) and tokens[self.index + 1].kind in _ENDS:
                # An expression of one token, the most frequent one.
                if kind == NAME:
                    if token.value not in CONTEXTUAL:
                        self.advance()
                        self.references.append(cast("str", token.value))
                        return IdentifierReference(token, token.end, cast("str", token.value))
                elif kind == NUMBER:
                    self.check_legacy(token)
                    self.advance()
                    return NumericLiteral(token, token.end, cast("float", token.value))
                else:
                    self.check_legacy(token)
                    self.advance()
                    return StringLiteral(token, token.end, cast("str", token.value))
        pending = self.cover_error
        expression = self.parse_assignment_cover()
        if self.cover_error is not pending:
            error = self.cover_error
            assert error is not None
            self.fail(*error)
        return expression

    def parse_assignment_cover(self) -> Expression:
        """13.15 AssignmentExpression that may turn out to be a pattern.

        Then `cover_error` may hold what is wrong with it as an expression.
        """
        token = self.token
        pending = self.cover_error
        if token.kind == NAME:
            if token.value == "yield" and self.function.is_generator and self.is_word(token, "yield"):
                return self.parse_yield()
            if token.value == "async" or self.peek().kind == "=>":
                arrow = self.parse_simple_arrow()
                if arrow is not None:
                    return arrow
        self.arrow_at = token.start
        left = self.parse_binary(0)
        if left is self.last_arrow:
            return left
        kind = self.token.kind
        if kind == "?":
            if self.cover_error is not pending:
                self.fail(*cast("tuple[str, Token]", self.cover_error))
            return self.parse_conditional(left)
        if kind in _ASSIGNMENT:
            return self.parse_assignment_operator(left, pending)
        if self.cover_error is not pending and (
            type(left) not in (ObjectLiteral, ArrayLiteral) or self.is_parenthesized(left)
        ):
            self.fail(*cast("tuple[str, Token]", self.cover_error))
        return left

    def parse_assignment_operator(
        self, left: Expression, pending: tuple[str, Positioned] | None
    ) -> Expression:
        """13.15 from the assignment operator on."""
        operator = self.token
        kind = operator.kind
        if kind == "=":
            if type(left) in (ObjectLiteral, ArrayLiteral) and not self.is_parenthesized(left):
                target = self.to_assignment_pattern(left)
                self.cover_error = pending
                self.advance()
                value = self.parse_assignment()
                return Assignment(left, self.end, target, value, names_function=False)
            self.check_simple_target(left, "Invalid left-hand side in assignment", call=True)
            self.advance()
            value = self.parse_assignment()
            named = (
                type(left) is IdentifierReference
                and not self.is_parenthesized(left)
                and self.is_anonymous_function(value)
            )
            label_assigned(left, value, self.source)
            return Assignment(left, self.end, left, value, named)
        if kind in _LOGICAL_ASSIGNMENT:
            self.check_simple_target(left, "Invalid left-hand side in assignment", call=False)
            self.advance()
            value = self.parse_assignment()
            named = (
                type(left) is IdentifierReference
                and not self.is_parenthesized(left)
                and self.is_anonymous_function(value)
            )
            return LogicalAssignment(left, self.end, kind[:-1], left, value, named)
        self.check_simple_target(left, "Invalid left-hand side in assignment", call=True)
        self.advance()
        value = self.parse_assignment()
        return CompoundAssignment(left, self.end, kind[:-1], left, value)

    # 13.14 Conditional Operator ( ? : )

    def parse_conditional(self, test: Expression) -> Expression:
        """13.14 from the question mark on."""
        self.advance()
        consequent = self.parse_assignment_in()
        self.expect(":")
        alternate = self.parse_assignment()
        return Conditional(test, self.end, test, consequent, alternate)

    # 13.6 to 13.13 Binary operators, by precedence climbing

    def parse_binary(self, minimum: int) -> Expression:
        """An operand and the binary operators above precedence `minimum` that follow."""
        left = self.parse_private_in(minimum) if self.token.kind == PRIVATE else self.parse_unary()
        precedences = PRECEDENCE
        while True:
            kind = self.token.kind
            precedence = precedences.get(kind, 0)
            if precedence <= minimum or (kind == "in" and not self.allow_in) or left is self.last_arrow:
                return left
            if kind in _LOGICAL:
                left = self.parse_logical(left, kind, precedence)
                continue
            if kind == "**":
                # 13.6: a unary expression is no base, unless in parentheses.
                if type(left) in (Unary, Await) and not self.is_parenthesized(left):
                    self.fail(
                        "Unary operator used immediately before exponentiation expression. "
                        "Parenthesis must be used to disambiguate operator precedence",
                        self.token,
                    )
                precedence -= 1
            self.advance()
            right = self.parse_binary(precedence)
            if right is self.last_arrow:
                self.fail("Malformed arrow function parameter list", right)
            left = Binary(left, self.end, kind, left, right)

    def parse_logical(self, left: Expression, kind: str, precedence: int) -> Expression:
        """13.13 Binary Logical Operators: `??` does not mix with the others."""
        operator = self.advance()
        right = self.parse_binary(precedence)
        for side in (left, right):
            mixed = type(side) is Logical and (kind == "??") != (side.operator == "??")
            if mixed and not self.is_parenthesized(side):
                self.fail(f"Unexpected token '{kind}'", operator)
        return Logical(left, self.end, kind, left, right)

    def parse_private_in(self, minimum: int) -> Expression:
        """13.10 `#name in object`."""
        token = self.advance()
        if self.token.kind != "in" or not self.allow_in or minimum >= _RELATIONAL:
            self.unexpected(token)
        name = self.use_private_name(token)
        self.advance()
        right = self.parse_binary(_RELATIONAL)
        return PrivateIn(token, self.end, name, right)

    # 13.5 Unary Operators

    def parse_unary(self) -> Expression:
        """13.5 UnaryExpression."""
        token = self.token
        kind = token.kind
        if kind == NAME:
            value = token.value
            if value not in CONTEXTUAL:
                if self.peek().kind not in _SUBSCRIPTS:
                    self.advance()
                    self.references.append(cast("str", value))
                    return IdentifierReference(token, token.end, cast("str", value))
            elif value == "await" and self.await_is_operator(token):
                return self.parse_await()
        elif kind in _UNARY:
            self.advance()
            argument = self.parse_unary()
            if kind == "delete":
                self.check_delete(argument, token)
            return Unary(token, self.end, kind, argument)
        elif kind in ("++", "--"):
            self.advance()
            argument = self.parse_unary()
            self.check_simple_target(
                argument, "Invalid left-hand side expression in prefix operation", call=True
            )
            return Update(token, self.end, kind, prefix=True, argument=argument)
        expression = self.parse_left_hand_side()
        # 13.4 Update Expressions
        kind = self.token.kind
        if kind in ("++", "--") and not self.token.newline and expression is not self.last_arrow:
            self.check_simple_target(
                expression, "Invalid left-hand side expression in postfix operation", call=True
            )
            self.advance()
            return Update(expression, self.end, kind, prefix=False, argument=expression)
        return expression

    def check_delete(self, argument: Expression, token: Token) -> None:
        """13.5.1.1 Static Semantics: Early Errors of delete."""
        if self.strict and type(argument) is IdentifierReference:
            self.fail("Delete of an unqualified identifier in strict mode.", token)
        inner = argument.expression if isinstance(argument, OptionalChain) else argument
        if type(inner) is PrivateMember:
            self.fail(f"Private fields can not be deleted: '{inner.name}'", token)

    def await_is_operator(self, token: Token) -> bool:
        """Whether `await` is an operator here and not a name."""
        function = self.function
        if function.is_async:
            if token.end - token.start != len("await"):
                self.fail("Keyword must not contain escaped characters", token)
            return True
        return False

    def parse_await(self) -> Expression:
        """15.8 AwaitExpression."""
        token = self.advance()
        self.last_yield_or_await = token.start
        self.function.has_await = True
        argument = self.parse_unary()
        return Await(token, self.end, argument)

    def parse_yield(self) -> Expression:
        """15.5 YieldExpression."""
        token = self.advance()
        self.last_yield_or_await = token.start
        following = self.token
        if following.newline or following.kind in _YIELD_ENDS:
            return Yield(token, self.end, None, delegate=False)
        delegate = self.accept("*")
        argument = self.parse_assignment()
        return Yield(token, self.end, argument, delegate)

    # 13.3 Left-Hand-Side Expressions

    def parse_left_hand_side(self) -> Expression:
        """13.3 LeftHandSideExpression."""
        token = self.token
        head = _HEADS.get(token.kind)
        if head is not None:
            return self.parse_subscripts(token, head(self))
        expression = self.parse_primary()
        if self.token.kind not in _SUBSCRIPTS or expression is self.last_arrow:
            return expression
        return self.parse_subscripts(token, expression)

    def parse_subscripts(self, first: Token, expression: Expression) -> Expression:
        """13.3 what follows a primary expression: members, calls, templates, optional chains."""
        in_chain = False
        while True:
            token = self.token
            kind = token.kind
            if kind == ".":
                self.advance()
                expression = self.parse_dot(first, expression, optional=False)
            elif kind == "(":
                if type(expression) is IdentifierReference and expression.name == "async":
                    arrow = self.parse_async_call_or_arrow(expression, first)
                    if arrow is self.last_arrow:
                        return arrow
                    expression = arrow
                    continue
                arguments = self.parse_arguments()
                direct = type(expression) is IdentifierReference and expression.name == "eval"
                if direct:
                    self.references.append(EVAL)
                expression = Call(first, self.end, expression, arguments, False, direct)
            elif kind == "[":
                expression = self.parse_index(first, expression, optional=False)
            elif kind == "`":
                if in_chain:
                    self.fail("Invalid tagged template on optional chain", token)
                template = self.parse_template(tagged=True)
                expression = TaggedTemplate(first, self.end, expression, template)
            elif kind == "?.":
                in_chain = True
                expression = self.parse_optional_link(first, expression)
            else:
                break
        return OptionalChain(first, self.end, expression) if in_chain else expression

    def parse_dot(self, first: Token, base: Expression, *, optional: bool) -> Expression:
        """13.3.2 the name behind `.` or `?.`."""
        if self.token.kind == PRIVATE:
            name = self.use_private_name(self.advance())
            return PrivateMember(first, self.end, base, name, optional)
        name = self.identifier_name()
        return DotMember(first, self.end, base, name, optional)

    def parse_index(self, first: Token, base: Expression, *, optional: bool) -> Expression:
        """13.3.2 the expression in brackets."""
        self.advance()
        index = self.parse_expression_in()
        self.expect("]")
        return ComputedMember(first, self.end, base, index, optional)

    def parse_optional_link(self, first: Token, base: Expression) -> Expression:
        """13.3.9 the first link behind `?.`."""
        self.advance()
        token = self.token
        if token.kind == "(":
            arguments = self.parse_arguments()
            # `eval?.()` is not direct: 13.3.6.1 knows no OptionalChain.
            return Call(first, self.end, base, arguments, optional=True, is_direct_eval=False)
        if token.kind == "[":
            return self.parse_index(first, base, optional=True)
        if token.kind == "`":
            self.fail("Invalid tagged template on optional chain", token)
        return self.parse_dot(first, base, optional=True)

    def parse_arguments(self) -> list[Expression]:
        """13.3.8 Argument Lists."""
        self.advance()
        arguments: list[Expression] = []
        allow_in = self.allow_in
        self.allow_in = True
        while self.token.kind != ")":
            if self.token.kind == "...":
                token = self.advance()
                argument = self.parse_assignment()
                arguments.append(SpreadElement(token, self.end, argument))
            else:
                arguments.append(self.parse_assignment())
            if self.token.kind != ",":
                break
            self.advance()
        self.allow_in = allow_in
        self.expect(")")
        return arguments

    def parse_new(self) -> Expression:
        """13.3.5 The new Operator, and 13.3.12 new.target."""
        token = self.advance()
        if self.token.kind == ".":
            self.advance()
            if not self.is_word(self.token, "target"):
                self.unexpected(self.token)
            self.advance()
            if not self.function.allow_new_target:
                self.fail("new.target expression is not allowed here", token)
            self.references.append(NEW_TARGET)
            return NewTarget(token, self.end)
        first = self.token
        callee: Expression
        if first.kind == "new":
            callee = self.parse_new()
        elif first.kind == "super":
            callee = self.parse_super()
            if type(callee) is SuperCall:
                self.fail("'super' keyword unexpected here", first)
        elif first.kind == "import":
            callee = self.parse_import()
            if type(callee) is ImportCall:
                self.fail("Cannot use new with import", first)
        else:
            callee = self.parse_primary()
        callee = self.parse_members(first, callee)
        arguments = self.parse_arguments() if self.token.kind == "(" else []
        return New(token, self.end, callee, arguments)

    def parse_members(self, first: Token, expression: Expression) -> Expression:
        """13.3 MemberExpression: members and templates, but no calls."""
        while True:
            kind = self.token.kind
            if kind == ".":
                self.advance()
                expression = self.parse_dot(first, expression, optional=False)
            elif kind == "[":
                expression = self.parse_index(first, expression, optional=False)
            elif kind == "`":
                template = self.parse_template(tagged=True)
                expression = TaggedTemplate(first, self.end, expression, template)
            elif kind == "?.":
                self.fail("Invalid optional chain from new expression", self.token)
            else:
                return expression

    def parse_super(self) -> Expression:
        """13.3.7 The super Keyword."""
        token = self.advance()
        following = self.token.kind
        function = self.function
        if following == "(":
            if not function.allow_super_call:
                self.fail("'super' keyword unexpected here", token)
            self.references.append(SUPER)
            self.references.append(THIS)
            self.references.append(NEW_TARGET)
            arguments = self.parse_arguments()
            return SuperCall(token, self.end, arguments)
        if following not in (".", "[") or not function.allow_super_property:
            self.fail("'super' keyword unexpected here", token)
        self.references.append(SUPER)
        self.references.append(THIS)
        self.advance()
        if following == ".":
            if self.token.kind == PRIVATE:
                self.fail("Unexpected private field", self.token)
            name = self.identifier_name()
            return SuperDot(token, self.end, name)
        index = self.parse_expression_in()
        self.expect("]")
        return SuperComputed(token, self.end, index)

    def parse_import(self) -> Expression:
        """13.3.10 Import Calls and 13.3.12 import.meta."""
        token = self.advance()
        if token.end - token.start != len("import"):
            self.unexpected(token)
        phase = "evaluation"
        if self.token.kind == ".":
            self.advance()
            word = self.token
            if self.is_word(word, "meta"):
                self.advance()
                if not self.is_module:
                    self.fail("Cannot use 'import.meta' outside a module", token)
                return ImportMeta(token, self.end)
            if not self.is_word(word, "source") and not self.is_word(word, "defer"):
                self.unexpected(word)
            phase = cast("str", word.value)
            self.advance()
        if self.token.kind != "(":
            self.unexpected(self.token)
        self.advance()
        specifier = self.parse_assignment_in()
        options = None
        if self.accept(",") and self.token.kind != ")":
            if phase != "evaluation":
                self.unexpected(self.token)
            options = self.parse_assignment_in()
            self.accept(",")
        self.expect(")")
        return ImportCall(token, self.end, specifier, options, phase)

    def is_anonymous_function(self, node: object) -> bool:
        """15.10.3 IsAnonymousFunctionDefinition: a function or class expression without a name."""
        if isinstance(node, FunctionExpression):
            return node.function.name is None
        return self.is_anonymous_class(node)


_HEADS: dict[str, Callable[[ExpressionParser], Expression]] = {
    "new": ExpressionParser.parse_new,
    "super": ExpressionParser.parse_super,
    "import": ExpressionParser.parse_import,
}
