"""ECMA-262 13.2: primary expressions: literals, arrays, objects, templates, parentheses and arrow heads."""

from __future__ import annotations

from typing import Callable, cast

from lockstep.reference.javascript.syntax.ast import (
    ArrayLiteral,
    Assignment,
    BigIntLiteral,
    BooleanLiteral,
    Call,
    ClassExpression,
    ComputedPropertyName,
    Expression,
    FunctionExpression,
    IdentifierReference,
    MethodDefinition,
    NullLiteral,
    NumericLiteral,
    ObjectLiteral,
    Positioned,
    PropertyDefinition,
    RegularExpressionLiteral,
    Sequence,
    SpreadElement,
    StringLiteral,
    TemplateLiteral,
    ThisExpression,
)
from lockstep.reference.javascript.syntax.function_labels import label_method
from lockstep.reference.javascript.syntax.lexer import (
    BIGINT,
    NAME,
    NAME_KINDS,
    NUMBER,
    STRING,
    TEMPLATE,
    Token,
)
from lockstep.reference.javascript.syntax.numeric import number_to_string
from lockstep.reference.javascript.syntax.parser.patterns import PatternParser
from lockstep.reference.javascript.syntax.parser.scopes import THIS
from lockstep.reference.javascript.syntax.regexp.parser import parse_pattern
from lockstep.reference.javascript.syntax.utf16 import to_utf16

_DUPLICATE_PROTO = "Duplicate __proto__ fields are not allowed in object literals"


class LiteralParser(PatternParser):
    """13.2 Primary Expression."""

    def parse_assignment_cover(self) -> Expression:
        """13.15 AssignmentExpression that may turn out to be a pattern."""
        raise NotImplementedError

    def parse_assignment_in(self) -> Expression:
        """AssignmentExpression with `in` as an operator."""
        raise NotImplementedError

    def parse_expression_in(self) -> Expression:
        """Expression with `in` as an operator."""
        raise NotImplementedError

    def parse_primary(self) -> Expression:
        """13.2 PrimaryExpression."""
        token = self.token
        parse = _PRIMARY.get(token.kind)
        if parse is None:
            self.unexpected(token)
        return parse(self, token)

    def parse_name(self, token: Token) -> Expression:
        """13.1 IdentifierReference, or an async function."""
        if token.value == "async":
            following = self.peek()
            if following.kind == "function" and not following.newline and self.is_word(token, "async"):
                return self.parse_function_expression()
        self.advance()
        return self.identifier_reference(token)

    def parse_number(self, token: Token) -> Expression:
        """12.9.3 Numeric Literals."""
        self.check_legacy(token)
        self.advance()
        return NumericLiteral(token, token.end, cast("float", token.value))

    def parse_bigint(self, token: Token) -> Expression:
        """12.9.3 Numeric Literals with the suffix `n`."""
        self.advance()
        return BigIntLiteral(token, token.end, cast("int", token.value))

    def parse_string(self, token: Token) -> Expression:
        """12.9.4 String Literals."""
        self.check_legacy(token)
        self.advance()
        return StringLiteral(token, token.end, cast("str", token.value))

    def parse_null(self, token: Token) -> Expression:
        """13.2.3 `null`."""
        self.advance()
        return NullLiteral(token, token.end)

    def parse_true(self, token: Token) -> Expression:
        """13.2.3 `true`."""
        self.advance()
        return BooleanLiteral(token, token.end, value=True)

    def parse_false(self, token: Token) -> Expression:
        """13.2.3 `false`."""
        self.advance()
        return BooleanLiteral(token, token.end, value=False)

    def parse_this(self, token: Token) -> Expression:
        """13.2.1 `this`."""
        self.advance()
        self.references.append(THIS)
        return ThisExpression(token, token.end)

    def parse_function(self, token: Token) -> Expression:
        """15.2 a function expression."""
        del token
        return self.parse_function_expression()

    def parse_class_expression(self, token: Token) -> Expression:
        """15.7 a class expression."""
        self.advance()
        definition = self.parse_class(token, name="optional")
        return ClassExpression(token, self.end, definition)

    def parse_regular_expression(self, token: Token) -> Expression:
        """13.2.7 Regular Expression Literals, with their early errors."""
        token = self.lexer.read_regular_expression()
        self.token = token
        body, flags = cast("tuple[str, str]", token.value)
        pattern = to_utf16(body)
        parse_pattern(pattern, flags, self.source.location(token.start))
        self.advance()
        return RegularExpressionLiteral(token, token.end, pattern, flags)

    # 13.2.8 Template Literals

    def parse_template(self, *, tagged: bool) -> TemplateLiteral:
        """13.2.8 TemplateLiteral; only tagged ones may hold invalid escapes."""
        first = self.token
        cooked: list[str | None] = []
        raw: list[str] = []
        expressions: list[Expression] = []
        while True:
            token = self.token
            part, raw_part, last = cast("tuple[str | None, str, bool]", token.value)
            if part is None and not tagged:
                self.fail("Invalid escape sequence in template", token)
            cooked.append(part)
            raw.append(raw_part)
            self.advance()
            if last:
                return TemplateLiteral(first, self.end, cooked, raw, expressions)
            expressions.append(self.parse_expression_in())
            if self.token.kind != TEMPLATE:
                self.unexpected(self.token)

    def parse_plain_template(self, token: Token) -> Expression:
        """13.2.8 a template without a tag."""
        del token
        return self.parse_template(tagged=False)

    # 13.2.4 Array Initializer

    def parse_array(self, token: Token) -> Expression:
        """13.2.4 ArrayLiteral."""
        self.advance()
        elements: list[Expression | None] = []
        allow_in = self.allow_in
        self.allow_in = True
        while True:
            kind = self.token.kind
            if kind == "]":
                break
            if kind == ",":
                self.advance()
                elements.append(None)
                continue
            elements.append(self.parse_element())
            if self.token.kind == ",":
                if kind == "...":
                    spread = elements[-1]
                    assert spread is not None
                    self.comma_after_spread.add(spread.start)
                self.advance()
            elif self.token.kind != "]":
                self.unexpected(self.token)
        self.allow_in = allow_in
        self.advance()
        return ArrayLiteral(token, self.end, elements)

    def parse_element(self) -> Expression:
        """An element of an array literal or of a parenthesized list: an expression or a spread."""
        token = self.token
        if token.kind == "...":
            self.advance()
            argument = self.parse_assignment_cover()
            return SpreadElement(token, self.end, argument)
        return self.parse_assignment_cover()

    # 13.2.5 Object Initializer

    def parse_object(self, token: Token) -> Expression:
        """13.2.5 ObjectLiteral."""
        self.advance()
        properties: list[PropertyDefinition | MethodDefinition | SpreadElement] = []
        allow_in = self.allow_in
        self.allow_in = True
        has_proto = False
        while self.token.kind != "}":
            at = self.token
            if at.kind == "...":
                spread = self.parse_element()
                properties.append(cast("SpreadElement", spread))
                if self.token.kind == ",":
                    self.comma_after_spread.add(spread.start)
            else:
                definition = self.parse_property()
                properties.append(definition)
                if isinstance(definition, PropertyDefinition) and definition.is_proto:
                    # B.3.1 __proto__ Property Names in Object Initializers
                    if has_proto and self.cover_error is None:
                        self.cover_error = (_DUPLICATE_PROTO, at)
                    has_proto = True
            if self.token.kind != ",":
                break
            self.advance()
        self.allow_in = allow_in
        self.expect("}")
        return ObjectLiteral(token, self.end, properties)

    def parse_property_key(self) -> str | ComputedPropertyName:
        """13.2.5 PropertyName."""
        token = self.token
        kind = token.kind
        if kind in NAME_KINDS:
            self.advance()
            return cast("str", token.value)
        if kind == STRING:
            self.check_legacy(token)
            self.advance()
            return cast("str", token.value)
        if kind == NUMBER:
            self.check_legacy(token)
            self.advance()
            return number_to_string(cast("float", token.value))
        if kind == BIGINT:
            self.advance()
            return str(token.value)
        if kind == "[":
            self.advance()
            expression = self.parse_assignment_in()
            self.expect("]")
            return ComputedPropertyName(token, self.end, expression)
        return self.unexpected(token)

    def parse_property(self) -> PropertyDefinition | MethodDefinition:
        """13.2.5 PropertyDefinition besides the spread."""
        token = self.token
        kind = token.kind
        if kind == "*":
            self.advance()
            key = self.parse_property_key()
            return self.method(token, key, "method", is_generator=True)
        following = self.peek().kind
        if kind == NAME and following not in (",", ":", "}", "(", "="):
            value = token.value
            if value in ("get", "set") and self.is_word(token, value):
                self.advance()
                key = self.parse_property_key()
                return self.method(token, key, value)
            if value == "async" and self.is_word(token, "async") and not self.peek().newline:
                self.advance()
                is_generator = self.accept("*")
                key = self.parse_property_key()
                return self.method(token, key, "method", is_async=True, is_generator=is_generator)
        if kind == NAME and following in (",", "}", "="):
            return self.parse_shorthand(token)
        key = self.parse_property_key()
        if self.token.kind == "(":
            return self.method(token, key, "method")
        self.expect(":")
        is_proto = key == "__proto__"
        element = self.parse_assignment_cover()
        named = not is_proto and self.is_anonymous_function(element)
        if named and isinstance(key, str) and isinstance(element, FunctionExpression):
            self.source.labels[element.function.start] = f"Object.{key}"
        return PropertyDefinition(token, self.end, key, element, False, is_proto, named)

    def parse_shorthand(self, token: Token) -> PropertyDefinition:
        """13.2.5 `name` and CoverInitializedName `name = value`."""
        self.advance()
        reference = self.identifier_reference(token)
        value: Expression = reference
        if self.token.kind == "=":
            equals = self.token
            error = ("Invalid shorthand property initializer", cast("Positioned", equals))
            self.advance()
            self.check_binding_name(reference.name, token)
            initializer = self.parse_assignment()
            self.assigned.append(reference.name)
            named = self.is_anonymous_function(initializer)
            value = Assignment(token, self.end, reference, initializer, named)
            if self.cover_error is None:
                self.cover_error = error
        return PropertyDefinition(token, self.end, reference.name, value, True, False, False)

    def method(
        self,
        first: Token,
        key: str | ComputedPropertyName,
        kind: str,
        *,
        is_async: bool = False,
        is_generator: bool = False,
    ) -> MethodDefinition:
        """15.4 MethodDefinition of an object literal, from its parameters on."""
        function = self.parse_method(first, kind, is_async=is_async, is_generator=is_generator)
        made = MethodDefinition(first, self.end, key, kind, function, is_static=False)
        label_method(made, "Object", self.source)
        return made

    # 13.2.9 The Grouping Operator, and 15.3 the heads of arrow functions

    def marks(self) -> tuple[int, int, int]:
        """How long the reference lists are; an arrow function takes what is added since."""
        return (len(self.references), len(self.captured), len(self.assigned))

    def parse_parenthesized(self, token: Token) -> Expression:
        """13.2.9 CoverParenthesizedExpressionAndArrowParameterList."""
        arrow_allowed = token.start == self.arrow_at
        marks = self.marks()
        pending = self.cover_error
        elements, only_arrow = self.parse_cover_list()
        following = self.token
        if following.kind == "=>" and arrow_allowed and not following.newline:
            self.cover_error = pending
            return self.finish_arrow(token, elements, marks, is_async=False)
        if self.cover_error is not pending:
            self.fail(*cast("tuple[str, Positioned]", self.cover_error))
        if only_arrow is not None or not elements:
            self.unexpected(only_arrow or following)
        expression = elements[0]
        if len(elements) > 1:
            expression = Sequence(expression, elements[-1].end, elements)
        self.parenthesized[id(expression)] = expression
        self.last_arrow = None
        return expression

    def parse_cover_list(self) -> tuple[list[Expression], Token | None]:
        """The list in parentheses, and the token that only arrow parameters may hold there, if any."""
        self.advance()
        elements: list[Expression] = []
        only_arrow = None
        allow_in = self.allow_in
        self.allow_in = True
        while self.token.kind != ")":
            token = self.token
            elements.append(self.parse_element())
            if token.kind == "...":
                only_arrow = token
                if self.token.kind == ",":
                    self.comma_after_spread.add(token.start)
            if self.token.kind != ",":
                break
            comma = self.advance()
            if self.token.kind == ")":
                only_arrow = only_arrow or comma
        self.allow_in = allow_in
        self.expect(")")
        return elements, only_arrow

    def parse_simple_arrow(self) -> Expression | None:
        """15.3, 15.9: `name =>` and `async name =>`; None if neither stands here."""
        token = self.token
        following = self.peek()
        if following.kind == "=>":
            if following.newline:
                self.unexpected(following)
            marks = self.marks()
            name = self.check_name(token)
            self.advance()
            reference = IdentifierReference(token, token.end, name)
            return self.finish_arrow(token, [reference], marks, is_async=False)
        if following.kind == NAME and not following.newline and self.is_word(token, "async"):
            arrow = self.tokens[self.index + 2] if self.index + 2 < len(self.tokens) else following
            if arrow.kind == "=>" and not arrow.newline:
                self.advance()
                marks = self.marks()
                name = cast("str", self.advance().value)
                reference = IdentifierReference(following, following.end, name)
                return self.finish_arrow(token, [reference], marks, is_async=True)
        return None

    def parse_async_call_or_arrow(self, callee: IdentifierReference, first: Token) -> Expression:
        """15.9 CoverCallExpressionAndAsyncArrowHead."""
        token = self.token
        arrow_allowed = (
            first.start == self.arrow_at
            and not token.newline
            and callee.end - callee.start == len("async")
            and not self.is_parenthesized(callee)
        )
        marks = self.marks()
        pending = self.cover_error
        elements, _ = self.parse_cover_list()
        following = self.token
        if following.kind == "=>" and arrow_allowed and not following.newline:
            self.cover_error = pending
            return self.finish_arrow(first, elements, marks, is_async=True)
        if self.cover_error is not pending:
            self.fail(*cast("tuple[str, Positioned]", self.cover_error))
        self.last_arrow = None
        return Call(first, self.end, callee, elements, optional=False, is_direct_eval=False)

    def is_anonymous_class(self, node: object) -> bool:
        """Whether `node` is a class expression without a name."""
        return isinstance(node, ClassExpression) and node.definition.name is None


_PRIMARY: dict[str, Callable[[LiteralParser, Token], Expression]] = {
    NAME: LiteralParser.parse_name,
    NUMBER: LiteralParser.parse_number,
    BIGINT: LiteralParser.parse_bigint,
    STRING: LiteralParser.parse_string,
    "null": LiteralParser.parse_null,
    "true": LiteralParser.parse_true,
    "false": LiteralParser.parse_false,
    "this": LiteralParser.parse_this,
    "function": LiteralParser.parse_function,
    "class": LiteralParser.parse_class_expression,
    "/": LiteralParser.parse_regular_expression,
    "/=": LiteralParser.parse_regular_expression,
    "`": LiteralParser.parse_plain_template,
    "[": LiteralParser.parse_array,
    "{": LiteralParser.parse_object,
    "(": LiteralParser.parse_parenthesized,
}
