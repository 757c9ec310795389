"""ECMA-262 14.3.3 binding patterns, 13.15.5 assignment patterns, and the cover grammars that lead to them."""

from __future__ import annotations

from lockstep.reference.host.trees import walk
from lockstep.reference.javascript.syntax.ast import (
    ArrayLiteral,
    ArrayPattern,
    Assignment,
    BindingIdentifier,
    Call,
    ComputedMember,
    ComputedPropertyName,
    DotMember,
    Expression,
    IdentifierReference,
    Node,
    ObjectLiteral,
    ObjectPattern,
    Pattern,
    PatternElement,
    PatternProperty,
    PrivateMember,
    PropertyDefinition,
    SpreadElement,
    SuperComputed,
    SuperDot,
    Target,
)
from lockstep.reference.javascript.syntax.lexer import NAME
from lockstep.reference.javascript.syntax.parser.base import CONTEXTUAL, ParserBase

_MEMBERS = (DotMember, ComputedMember, PrivateMember, SuperDot, SuperComputed)
_INVALID_TARGET = "Invalid destructuring assignment target"


def bound_names(target: Node | None) -> list[BindingIdentifier]:
    """8.2.1 BoundNames of a binding target or element."""
    if isinstance(target, BindingIdentifier):
        return [target]
    if target is None:
        return []
    # Initializers and computed keys bind nothing.
    parts = walk(target, lambda part: not isinstance(part, Expression))
    return [part for part in parts if isinstance(part, BindingIdentifier)]


def contains_expression(target: Node | None) -> bool:
    """15.1.2 ContainsExpression: an initializer or computed key somewhere in a parameter."""
    return target is not None and any(isinstance(part, Expression) for part in walk(target))


class PatternParser(ParserBase):
    """Binding patterns, and expressions turned into patterns."""

    def parse_property_key(self) -> str | ComputedPropertyName:
        """13.2.5 PropertyName."""
        raise NotImplementedError

    def parse_assignment_in(self) -> Expression:
        """AssignmentExpression with `in` as an operator."""
        raise NotImplementedError

    # 14.3.3 Destructuring Binding Patterns

    def parse_binding_target(self) -> BindingIdentifier | Pattern:
        """14.3.3 BindingIdentifier or BindingPattern."""
        kind = self.token.kind
        if kind == "{":
            return self.parse_object_binding()
        if kind == "[":
            return self.parse_array_binding()
        return self.binding_identifier()

    def parse_binding_element(self) -> PatternElement:
        """14.3.3 BindingElement."""
        target = self.parse_binding_target()
        return self.parse_initializer(target)

    def parse_initializer(self, target: BindingIdentifier | Pattern) -> PatternElement:
        """14.3.3 the optional Initializer behind a binding target."""
        if self.token.kind != "=":
            return PatternElement(target, self.end, target, None, names_function=False)
        self.advance()
        initializer = self.parse_assignment_in()
        named = isinstance(target, BindingIdentifier) and self.is_anonymous_function(initializer)
        return PatternElement(target, self.end, target, initializer, named)

    def parse_object_binding(self) -> ObjectPattern:
        """14.3.3 ObjectBindingPattern."""
        first = self.advance()
        properties: list[PatternProperty] = []
        rest: Target | None = None
        while self.token.kind != "}":
            token = self.token
            if token.kind == "...":
                self.advance()
                rest = self.binding_identifier()
                break
            if token.kind == NAME and self.peek().kind in (",", "}", "="):
                identifier = self.binding_identifier()
                element = self.parse_initializer(identifier)
                properties.append(PatternProperty(token, self.end, identifier.name, element))
            else:
                key = self.parse_property_key()
                self.expect(":")
                element = self.parse_binding_element()
                properties.append(PatternProperty(token, self.end, key, element))
            if self.token.kind != ",":
                break
            self.advance()
        self.expect("}")
        return ObjectPattern(first, self.end, properties, rest)

    def parse_array_binding(self) -> ArrayPattern:
        """14.3.3 ArrayBindingPattern."""
        first = self.advance()
        elements: list[PatternElement | None] = []
        rest: Target | None = None
        while self.token.kind != "]":
            if self.token.kind == ",":
                self.advance()
                elements.append(None)
                continue
            if self.token.kind == "...":
                self.advance()
                rest = self.parse_binding_target()
                break
            elements.append(self.parse_binding_element())
            if self.token.kind != ",":
                break
            self.advance()
        self.expect("]")
        return ArrayPattern(first, self.end, elements, rest)

    # 13.15.1 Early errors of assignment targets

    def check_simple_target(self, node: Expression, message: str, *, call: bool) -> None:
        """8.6.4 AssignmentTargetType must be simple; `call`: sloppy code may assign to a call, and throws then."""
        if isinstance(node, IdentifierReference):
            self.check_binding_name(node.name, node)
            self.assigned.append(node.name)
        elif isinstance(node, _MEMBERS):
            return
        elif not (call and isinstance(node, Call) and not self.strict and not node.optional):
            self.fail(message, node)

    # 13.15.5 Destructuring Assignment

    def to_assignment_target(self, node: Expression) -> Target:
        """13.15.5 DestructuringAssignmentTarget covered by an expression."""
        if isinstance(node, (ObjectLiteral, ArrayLiteral)):
            if self.is_parenthesized(node):
                self.fail(_INVALID_TARGET, node)
            return self.to_assignment_pattern(node)
        self.check_simple_target(node, _INVALID_TARGET, call=False)
        return node

    def to_assignment_pattern(self, node: Expression) -> Pattern:
        """13.15.5 AssignmentPattern covered by an object or array literal."""
        if isinstance(node, ArrayLiteral):
            elements: list[PatternElement | None] = []
            rest: Target | None = None
            for element in node.elements:
                if isinstance(element, SpreadElement):
                    self.check_rest(element, node.elements[-1])
                    rest = self.to_assignment_target(element.argument)
                else:
                    elements.append(None if element is None else self.to_assignment_element(element))
            return ArrayPattern(node, node.end, elements, rest)
        assert isinstance(node, ObjectLiteral)
        properties: list[PatternProperty] = []
        rest = None
        for definition in node.properties:
            if isinstance(definition, SpreadElement):
                self.check_rest(definition, node.properties[-1])
                argument = definition.argument
                if isinstance(argument, (ObjectLiteral, ArrayLiteral)):
                    self.fail(
                        "`...` must be followed by an assignable reference in assignment contexts", argument
                    )
                rest = self.to_assignment_target(argument)
            elif isinstance(definition, PropertyDefinition):
                pattern = self.to_assignment_element(definition.value)
                properties.append(PatternProperty(definition, definition.end, definition.key, pattern))
            else:
                self.fail(_INVALID_TARGET, definition)
        return ObjectPattern(node, node.end, properties, rest)

    def to_assignment_element(self, node: Expression) -> PatternElement:
        """13.15.5 AssignmentElement: a target with or without an initializer."""
        if isinstance(node, Assignment) and not self.is_parenthesized(node):
            # Its target was turned into a pattern when it was parsed, and checked for a plain assignment.
            if isinstance(node.target, Call):
                self.fail(_INVALID_TARGET, node.target)
            return PatternElement(node, node.end, node.target, node.value, node.names_function)
        return PatternElement(node, node.end, self.to_assignment_target(node), None, names_function=False)

    def check_rest(self, spread: SpreadElement, last: Node | None) -> None:
        """13.15.5, 14.3.3: the rest element is last, and no comma follows it."""
        if spread is not last or spread.start in self.comma_after_spread:
            self.fail("Rest element must be last element", spread)

    # 15.3 Arrow parameters

    def to_binding_target(self, node: Node) -> BindingIdentifier | Pattern:
        """14.3.3 BindingIdentifier or BindingPattern covered by an expression or assignment pattern."""
        if self.is_parenthesized(node):
            self.fail(_INVALID_TARGET, node)
        if isinstance(node, IdentifierReference):
            if node.name in CONTEXTUAL:
                self.check_contextual(node.name, node)
                self.check_binding_name(node.name, node)
            return BindingIdentifier(node, node.end, node.name)
        if isinstance(node, (ObjectLiteral, ArrayLiteral)):
            return self.to_binding_target(self.to_assignment_pattern(node))
        if isinstance(node, ObjectPattern):
            properties = [
                PatternProperty(each, each.end, each.key, self.to_binding_element(each.element))
                for each in node.properties
            ]
            rest = None if node.rest is None else self.to_binding_target(node.rest)
            if isinstance(rest, Pattern):
                self.fail("`...` must be followed by an identifier in declaration contexts", rest)
            return ObjectPattern(node, node.end, properties, rest)
        if isinstance(node, ArrayPattern):
            elements = [None if each is None else self.to_binding_element(each) for each in node.elements]
            rest = None if node.rest is None else self.to_binding_target(node.rest)
            return ArrayPattern(node, node.end, elements, rest)
        return self.fail(_INVALID_TARGET, node)

    def to_binding_element(self, node: Node) -> PatternElement:
        """14.3.3 BindingElement covered by an expression or pattern element."""
        if isinstance(node, PatternElement):
            target = self.to_binding_target(node.target)
            return PatternElement(node, node.end, target, node.initializer, node.names_function)
        if isinstance(node, Assignment) and not self.is_parenthesized(node):
            target = self.to_binding_target(node.target)
            return PatternElement(node, node.end, target, node.value, node.names_function)
        return PatternElement(node, node.end, self.to_binding_target(node), None, names_function=False)
