"""ECMA-262 15.1 to 15.6, 15.8 and 15.9: functions, generators, async functions, arrow functions, methods."""

from __future__ import annotations

from lockstep.reference.javascript.syntax.ast import (
    BindingIdentifier,
    Expression,
    Function,
    FunctionDeclaration,
    FunctionExpression,
    Method,
    PatternElement,
    Positioned,
    Return,
    SpreadElement,
    Target,
)
from lockstep.reference.javascript.syntax.ast.functions import Binding, FunctionScope, Scope
from lockstep.reference.javascript.syntax.parser.base import STRICT_RESERVED
from lockstep.reference.javascript.syntax.parser.expressions import ExpressionParser
from lockstep.reference.javascript.syntax.parser.patterns import bound_names, contains_expression
from lockstep.reference.javascript.syntax.parser.scopes import FUNCTION, PARAMETERS, FunctionState, OpenScope


class FunctionParser(ExpressionParser):
    """15.1 to 15.9, without classes."""

    # 15.1 Parameter Lists

    def parse_parameters(
        self, *, open_parenthesis: bool = True
    ) -> tuple[list[PatternElement], Target | None]:
        """15.1 FormalParameters in parentheses: the parameters, and the rest parameter."""
        first = self.expect("(") if open_parenthesis else self.token
        parameters: list[PatternElement] = []
        rest: Target | None = None
        while self.token.kind != ")":
            if self.token.kind == "...":
                self.advance()
                rest = self.parse_binding_target()
                break
            parameters.append(self.parse_binding_element())
            if self.token.kind != ",":
                break
            self.advance()
        self.expect(")")
        if self.last_yield_or_await >= first.start:
            self.fail("Yield or await expression not allowed in formal parameter", first)
        return parameters, rest

    def open_function_scope(
        self, parameters: list[PatternElement], rest: Target | None
    ) -> tuple[OpenScope, list[BindingIdentifier]]:
        """Open the scope of a function body behind its parameters, and bind these."""
        scope = FunctionScope()
        names = [name for parameter in parameters for name in bound_names(parameter.target)]
        names += bound_names(rest)
        scope.parameter_names = [name.name for name in names]
        scope.has_simple_parameters = rest is None and all(
            parameter.initializer is None and isinstance(parameter.target, BindingIdentifier)
            for parameter in parameters
        )
        bindings = scope.bindings
        if not scope.has_simple_parameters and (
            contains_expression(rest) or any(map(contains_expression, parameters))
        ):
            scope.has_parameter_expressions = True
            scope.parameter_scope = Scope()
            bindings = scope.parameter_scope.bindings
            self.current = OpenScope(scope.parameter_scope, self.current, PARAMETERS, 0, 0, 0)
            opened = OpenScope(
                scope, self.current, FUNCTION, len(self.references), len(self.captured), len(self.assigned)
            )
        else:
            opened = OpenScope(scope, self.current, FUNCTION, 0, 0, 0)
        for name in scope.parameter_names:
            bindings[name] = Binding(name, "parameter")
        self.current = opened
        return opened, names

    def check_parameters(
        self,
        scope: FunctionScope,
        names: list[BindingIdentifier],
        at: Positioned,
        *,
        unique: bool,
        use_strict: bool,
    ) -> None:
        """15.1.1, 15.2.1, 15.3.1, 15.4.1: names of parameters, once it is known whether the code is strict."""
        if use_strict and not scope.has_simple_parameters:
            self.fail("Illegal 'use strict' directive in function with non-simple parameter list", at)
        if self.strict:
            for name in names:
                self.check_strict_name(name)
        if len(names) > 1 and (self.strict or unique or not scope.has_simple_parameters):
            seen: set[str] = set()
            for name in names:
                if name.name in seen:
                    self.fail("Duplicate parameter name not allowed in this context", name)
                seen.add(name.name)

    def check_strict_name(self, name: BindingIdentifier) -> None:
        """13.1.1 for a name that was parsed before its code turned out to be strict."""
        self.check_binding_name(name.name, name)
        if name.name in STRICT_RESERVED:
            self.fail("Unexpected strict mode reserved word", name)

    # 15.2 Function Definitions

    def finish_function(
        self,
        first: Positioned,
        kind: str,
        name: BindingIdentifier | None,
        saved: tuple[object, ...],
        *,
        is_method: bool = False,
        name_scope: Scope | None = None,
    ) -> Function:
        """Parameters and body of a function whose state was entered."""
        state = self.function
        parameters, rest = self.parse_parameters()
        if kind == "get" and (parameters or rest is not None):
            self.fail("Getter must not have any formal parameters.", first)
        if kind == "set" and (len(parameters) != 1 or rest is not None):
            self.fail("Setter must have exactly one formal parameter.", first)
        opened, names = self.open_function_scope(parameters, rest)
        scope = opened.scope
        assert isinstance(scope, FunctionScope)
        outer_strict = self.strict
        body = self.parse_function_body()
        self.check_parameters(scope, names, first, unique=is_method, use_strict=self.body_is_strict)
        if self.strict and not outer_strict and name is not None:
            self.check_strict_name(name)
        make = Method if is_method else Function
        function = make(
            first,
            self.end,
            kind,
            state.is_async,
            state.is_generator,
            name,
            parameters,
            rest,
            body,
            self.strict,
            scope,
            name_scope,
            self.source,
        )
        self.leave_function(saved, opened, name_scope)
        return function

    def function_state(self, *, is_async: bool, is_generator: bool) -> FunctionState:
        """The state of an ordinary function."""
        state = FunctionState()
        state.is_async = is_async
        state.is_generator = is_generator
        return state

    def parse_function_head(self) -> tuple[Positioned, bool, bool]:
        """`async function *` as far as it is there: the first token, is_async, is_generator."""
        first = self.token
        is_async = first.kind != "function"
        if is_async:
            self.advance()
        self.expect("function")
        return first, is_async, self.accept("*")

    def parse_function_expression(self, *, bind_name: bool = True) -> Expression:
        """15.2, 15.5, 15.6, 15.8: a function expression; `bind_name` false leaves its name unbound."""
        first, is_async, is_generator = self.parse_function_head()
        saved = self.enter_function(self.function_state(is_async=is_async, is_generator=is_generator))
        name = None
        if self.token.kind != "(":
            name = self.binding_identifier()
        name_scope = None
        if name is not None and bind_name:
            name_scope = Scope()
            name_scope.bindings[name.name] = Binding(name.name, "function_name")
        function = self.finish_function(first, "normal", name, saved, name_scope=name_scope)
        return FunctionExpression(first, self.end, function)

    def function_declaration(self, *, default: bool = False) -> FunctionDeclaration:
        """15.2, 15.5, 15.6, 15.8: a function declaration; `default`: the name may be missing."""
        first, is_async, is_generator = self.parse_function_head()
        name = None
        if not default or self.token.kind != "(":
            name = self.binding_identifier()
        saved = self.enter_function(self.function_state(is_async=is_async, is_generator=is_generator))
        function = self.finish_function(first, "normal", name, saved)
        declaration = FunctionDeclaration(first, self.end, function, annex_b=False)
        self.declare_function(name.name if name is not None else "*default*", declaration, name or first)
        return declaration

    # 15.4 Method Definitions

    def parse_method(
        self, first: Positioned, kind: str, *, is_async: bool = False, is_generator: bool = False
    ) -> Method:
        """15.4 parameters and body of a method, accessor or constructor."""
        state = self.function_state(is_async=is_async, is_generator=is_generator)
        state.allow_super_property = True
        state.allow_super_call = kind == "derived"
        saved = self.enter_function(state)
        function = self.finish_function(first, kind, None, saved, is_method=True)
        assert isinstance(function, Method)
        return function

    # 15.3 Arrow Function Definitions, 15.9 Async Arrow Function Definitions

    def finish_arrow(
        self, first: Positioned, elements: list[Expression], marks: tuple[int, int, int], *, is_async: bool
    ) -> Expression:
        """15.3 an arrow function whose parameters were parsed as expressions, from the arrow on."""
        parameters: list[PatternElement] = []
        rest: Target | None = None
        for element in elements:
            if isinstance(element, SpreadElement):
                self.check_rest(element, elements[-1])
                rest = self.to_binding_target(element.argument)
            else:
                parameters.append(self.to_binding_element(element))
        if self.last_yield_or_await >= first.start or (is_async and self.last_await_name >= first.start):
            self.fail("Yield or await expression not allowed in formal parameter", first)
        self.expect("=>")
        outer = self.function
        state = FunctionState()
        state.is_arrow = True
        state.is_async = is_async
        state.allow_super_property = outer.allow_super_property
        state.allow_super_call = outer.allow_super_call
        state.allow_new_target = outer.allow_new_target
        state.forbid_arguments = outer.forbid_arguments
        at_references, at_captured, at_assigned = marks
        references = self.references[at_references:]
        captured = self.captured[at_captured:]
        assigned = self.assigned[at_assigned:]
        del self.references[at_references:], self.captured[at_captured:], self.assigned[at_assigned:]
        allow_in = self.allow_in
        saved = self.enter_function(state)
        self.references, self.captured, self.assigned = references, captured, assigned
        opened, names = self.open_function_scope(parameters, rest)
        scope = opened.scope
        assert isinstance(scope, FunctionScope)
        use_strict = False
        if self.token.kind == "{":
            body = self.parse_function_body()
            use_strict = self.body_is_strict
        else:
            self.allow_in = allow_in
            expression = self.parse_assignment()
            body = [Return(expression, self.end, expression)]
        self.check_parameters(scope, names, first, unique=True, use_strict=use_strict)
        function = Function(
            first,
            self.end,
            "arrow",
            is_async,
            False,
            None,
            parameters,
            rest,
            body,
            self.strict,
            scope,
            None,
            self.source,
        )
        self.leave_function(saved, opened)
        arrow = FunctionExpression(first, self.end, function)
        self.last_arrow = arrow
        return arrow
