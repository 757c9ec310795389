"""ECMA-262 15.7: class definitions."""

from __future__ import annotations

from typing import cast

from lockstep.reference.javascript.syntax.ast import (
    Class,
    ClassElement,
    FieldDefinition,
    Method,
    MethodDefinition,
    Positioned,
    PrivateName,
    PropertyName,
    StaticBlock,
)
from lockstep.reference.javascript.syntax.ast.functions import Binding, FunctionScope
from lockstep.reference.javascript.syntax.function_labels import label_class
from lockstep.reference.javascript.syntax.lexer import NAME, PRIVATE, Token
from lockstep.reference.javascript.syntax.parser.base import PrivateNames
from lockstep.reference.javascript.syntax.parser.functions import FunctionParser
from lockstep.reference.javascript.syntax.parser.scopes import BLOCK, FUNCTION, FunctionState, OpenScope

# What ends a class element's name: then `static`, `async`, `get` and `set` are names themselves.
_NAME_ENDS = frozenset({"(", "=", ";", "}"})


class ClassParser(FunctionParser):
    """15.7 Class Definitions."""

    def parse_class(self, first: Positioned, *, name: str) -> Class:
        """15.7 ClassTail and the name before it; `name`: whether it is "required", "optional" or "default"."""
        strict = self.strict
        self.strict = True
        identifier = None
        if name == "required" or self.token.kind not in ("{", "extends"):
            identifier = self.binding_identifier()
        opened = self.open_scope(BLOCK)
        if identifier is not None:
            opened.scope.bindings[identifier.name] = Binding(identifier.name, "class_name")
        heritage = self.parse_left_hand_side() if self.accept("extends") else None
        if heritage is not None and heritage is self.last_arrow:
            self.unexpected(self.token)
        names = PrivateNames()
        self.private_names.append(names)
        self.expect("{")
        constructor = None
        elements: list[ClassElement] = []
        while self.token.kind != "}":
            if self.accept(";"):
                continue
            element = self.parse_class_element(is_derived=heritage is not None)
            if isinstance(element, Method):
                if constructor is not None:
                    self.fail("A class may only have one constructor", element)
                constructor = element
            else:
                elements.append(element)
        self.advance()
        self.private_names.pop()
        self.resolve_private_names(names)
        scope = self.close_scope(opened) or opened.scope
        self.strict = strict
        made = Class(
            first,
            self.end,
            identifier,
            heritage,
            constructor,
            elements,
            scope,
            list(names.declared),
            self.source,
        )
        label_class(made, self.source)
        return made

    def resolve_private_names(self, names: PrivateNames) -> None:
        """15.7.1 AllPrivateIdentifiersValid: what this class does not declare an outer one must."""
        for name, at in names.used:
            if name in names.declared:
                continue
            if self.private_names:
                self.private_names[-1].used.append((name, at))
            elif name not in self.outer_private_names:
                self.fail(f"Private field '{name}' must be declared in an enclosing class", at)

    def parse_class_element(self, *, is_derived: bool) -> ClassElement | Method:
        """15.7 ClassElement; the constructor comes back as its Method."""
        first = self.token
        is_static = False
        if self.is_word(first, "static") and self.peek().kind not in _NAME_ENDS:
            self.advance()
            is_static = True
            first = self.token
            if first.kind == "{":
                return self.parse_static_block(first)
        kind = "method"
        is_async = is_generator = False
        following = self.peek()
        if first.kind == NAME and following.kind not in _NAME_ENDS:
            if self.is_word(first, "async") and not following.newline:
                self.advance()
                is_async = True
                is_generator = self.accept("*")
            elif following.kind != "*" and (self.is_word(first, "get") or self.is_word(first, "set")):
                kind = cast("str", first.value)
                self.advance()
        elif first.kind == "*":
            self.advance()
            is_generator = True
        at = self.token
        key = self.parse_element_name()
        if self.token.kind == "(":
            special = kind != "method" or is_async or is_generator
            self.check_method_name(key, at, is_static=is_static, special=special)
            if key == "constructor" and not is_static:
                return self.parse_method(first, "derived" if is_derived else "constructor")
            if isinstance(key, PrivateName):
                self.declare_private(key, kind, is_static=is_static)
            function = self.parse_method(first, kind, is_async=is_async, is_generator=is_generator)
            return MethodDefinition(first, self.end, key, kind, function, is_static)
        if kind != "method" or is_async or is_generator:
            self.unexpected(self.token)
        return self.parse_field(first, key, at, is_static=is_static)

    def parse_element_name(self) -> PropertyName:
        """15.7 ClassElementName."""
        token = self.token
        if token.kind == PRIVATE:
            if token.value == "#constructor":
                self.fail("Classes may not have a private field named '#constructor'", token)
            self.advance()
            return PrivateName(token, token.end, cast("str", token.value))
        return self.parse_property_key()

    def check_method_name(self, key: PropertyName, at: Token, *, is_static: bool, special: bool) -> None:
        """15.7.1: names that a method must not have."""
        if is_static and key == "prototype":
            self.fail("Classes may not have a static property named 'prototype'", at)
        if not is_static and special and key == "constructor":
            self.fail("Class constructor may not be an accessor, generator, or async", at)

    def declare_private(self, key: PrivateName, kind: str, *, is_static: bool) -> None:
        """15.7.1: private names are unique, but for a getter and a setter."""
        declared = self.private_names[-1].declared
        described = f"static {kind}" if is_static else kind
        existing = declared.get(key.name)
        if existing is None:
            declared[key.name] = described
        elif {existing, described} in ({"get", "set"}, {"static get", "static set"}):
            declared[key.name] = "both"
        else:
            self.fail_redeclared(key.name, key)

    def parse_field(self, first: Token, key: PropertyName, at: Token, *, is_static: bool) -> FieldDefinition:
        """15.7 FieldDefinition, from behind its name."""
        if key == "constructor" or (is_static and key == "prototype"):
            self.fail(f"Classes may not have a field named '{key}'", at)
        if isinstance(key, PrivateName):
            self.declare_private(key, "field", is_static=is_static)
        initializer = None
        scope = None
        if self.accept("="):
            saved = self.enter_function(self.element_state())
            scope = FunctionScope()
            opened = OpenScope(scope, self.current, FUNCTION, 0, 0, 0)
            self.current = opened
            initializer = self.parse_assignment()
            self.leave_function(saved, opened)
        end = self.end
        self.consume_semicolon()
        named = self.is_anonymous_function(initializer)
        return FieldDefinition(first, end, key, initializer, is_static, scope, named)

    def element_state(self) -> FunctionState:
        """What field initializers and static blocks allow."""
        state = FunctionState()
        state.allow_super_property = True
        state.forbid_arguments = True
        state.allow_return = False
        return state

    def parse_static_block(self, first: Token) -> StaticBlock:
        """15.7 ClassStaticBlock."""
        state = self.element_state()
        state.in_static_block = True
        saved = self.enter_function(state)
        scope = FunctionScope()
        opened = OpenScope(scope, self.current, FUNCTION, 0, 0, 0)
        self.current = opened
        self.advance()
        body = []
        while self.token.kind != "}":
            body.append(self.parse_statement_list_item())
        self.advance()
        self.leave_function(saved, opened)
        return StaticBlock(first, self.end, body, scope)
