"""Functions, methods and arrow functions: parameters with types, signatures without bodies."""

from __future__ import annotations

from lockstep.reference.javascript.syntax.lexer import NAME, NAME_KINDS, Token
from lockstep.reference.javascript.syntax.typescript.expressions import ExpressionReader
from lockstep.reference.javascript.syntax.typescript.types import PARAMETER_MODIFIERS, PROPERTY_NAMES

PARAMETER_PROPERTY = "TypeScript parameter property is not supported in strip-only mode"


class FunctionReader(ExpressionReader):
    """15.1 to 15.6, 15.8, 15.9, and object literals."""

    # Inside of `declare`.
    in_ambient = False
    # The sign before an initializer among the parameters read last.
    parameter_initializer: Token | None = None

    def parse_block(self) -> None:
        """14.2 Block."""
        raise NotImplementedError

    # 15.1 Parameter Lists

    def parse_parameters(self, *, arrow: bool = False) -> None:
        """15.1 FormalParameters in parentheses; only those of an arrow function have no `this` among them."""
        self.expect("(")
        saved = self.allow_in
        self.allow_in = True
        if self.token.kind == "this" and not arrow:
            self.blank_this()
        initializer = None
        while self.token.kind != ")":
            is_rest = self.token.kind == "..."
            initializer = self.parse_parameter() or initializer
            if not self.accept(","):
                break
            if is_rest and self.token.kind != ")":
                self.fail("A rest parameter must be last in a parameter list.", self.token.start)
        self.allow_in = saved
        self.expect(")")
        self.parameter_initializer = initializer

    def blank_this(self) -> None:
        """The parameter `this` vanishes, with the comma behind it."""
        mark = self.edits.mark()
        start = self.advance().start
        self.blank_annotation()
        self.accept(",")
        self.edits.undo(mark)
        self.edits.blank(start, self.end)

    def parse_parameter(self) -> Token | None:
        """15.1 FormalParameter, with what TypeScript adds; the sign before its initializer, if it has one."""
        self.parse_decorators()
        while (
            self.token.kind == NAME
            and self.token.value in PARAMETER_MODIFIERS
            and self.peek().kind in (NAME, "this", "[", "{", "...")
            and not self.peek().newline
        ):
            self.edits.refusals.append((self.token.start, PARAMETER_PROPERTY))
            self.advance()
        is_rest = self.accept("...")
        self.parse_binding_target()
        if is_rest and self.token.kind == "?":
            self.fail("A rest parameter cannot be optional.", self.token.start)
        is_optional = self.token.kind == "?"
        self.blank_optional_mark()
        self.blank_annotation()
        sign = self.token
        if not self.accept("="):
            return None
        if is_optional:
            self.fail("Parameter cannot have question mark and initializer.", sign.start)
        self.parse_assignment_in()
        return sign

    # 14.3.3 Destructuring Binding Patterns

    def parse_binding_target(self) -> None:
        """14.3.3 BindingIdentifier or BindingPattern."""
        kind = self.token.kind
        if kind == "{":
            self.parse_object_binding()
        elif kind == "[":
            self.parse_array_binding()
        else:
            self.expect_name()

    def parse_binding_element(self) -> None:
        """14.3.3 BindingElement."""
        self.parse_binding_target()
        if self.accept("="):
            self.parse_assignment_in()

    def parse_object_binding(self) -> None:
        """14.3.3 ObjectBindingPattern."""
        self.advance()
        while self.token.kind != "}":
            if self.accept("..."):
                self.parse_binding_target()
            elif self.token.kind == NAME and self.peek().kind in (",", "}", "="):
                self.parse_binding_element()
            else:
                self.parse_member_name()
                self.expect(":")
                self.parse_binding_element()
            if not self.accept(","):
                break
        self.expect("}")

    def parse_array_binding(self) -> None:
        """14.3.3 ArrayBindingPattern."""
        self.advance()
        while self.token.kind != "]":
            if self.accept(","):
                continue
            self.accept("...")
            self.parse_binding_element()
            if self.token.kind != "]":
                self.expect(",")
        self.advance()

    # 15.2 Function Definitions

    def parse_function_expression(self) -> None:
        """15.2, 15.5, 15.6, 15.8: a function expression."""
        is_async, is_generator = self.parse_function_head()
        if self.token.kind == NAME:
            self.advance()
        self.parse_function_tail(is_async=is_async, is_generator=is_generator)

    def parse_function_head(self) -> tuple[bool, bool]:
        """`async function *`: whether it is asynchronous, and a generator."""
        is_async = self.accept_word("async")
        self.expect("function")
        return is_async, self.accept("*")

    def parse_function_tail(self, *, is_async: bool = False, is_generator: bool = False) -> None:
        """Type parameters, parameters, return type and body."""
        if not self.parse_signature_or_body(is_async=is_async, is_generator=is_generator):
            self.unexpected(self.token)

    def parse_signature_or_body(self, *, is_async: bool = False, is_generator: bool = False) -> bool:
        """Type parameters, parameters, return type, and the body if there is one: whether there is."""
        saved = self.enter_function(is_async=is_async, is_generator=is_generator)
        refused = len(self.edits.refusals)
        self.blank_type_parameters()
        self.parse_parameters()
        initializer = self.parameter_initializer
        self.blank_return_type()
        has_body = self.token.kind == "{"
        if has_body:
            if self.in_ambient:
                self.fail("An implementation cannot be declared in ambient contexts.", self.token.start)
            self.parse_block()
        elif len(self.edits.refusals) > refused:
            self.fail(
                "A parameter property is only allowed in a constructor implementation.",
                self.edits.refusals[refused][0],
            )
        elif initializer is not None:
            self.fail(
                "A parameter initializer is only allowed in a function or constructor implementation.",
                initializer.start,
            )
        self.leave_function(saved)
        return has_body

    def enter_function(self, *, is_async: bool, is_generator: bool) -> tuple[bool, bool, bool, bool]:
        """Begin the code of a function; returns what `leave_function` restores."""
        saved = (self.in_async, self.in_generator, self.at_top_level, self.allow_in)
        self.in_async = is_async
        self.in_generator = is_generator
        self.at_top_level = False
        self.allow_in = True
        return saved

    def leave_function(self, saved: tuple[bool, bool, bool, bool]) -> None:
        """End the code of a function."""
        self.in_async, self.in_generator, self.at_top_level, self.allow_in = saved

    def parse_arrow_body(self, *, is_async: bool, returns: bool) -> None:
        """15.3, 15.9 ConciseBody."""
        allow_in = self.allow_in
        saved = self.enter_function(is_async=is_async, is_generator=False)
        if self.token.kind == "{":
            self.parse_block()
        else:
            self.allow_in = allow_in
            self.parse_assignment(returns=returns)
        self.leave_function(saved)

    # 13.2.5 Object Initializer

    def parse_object(self) -> None:
        """13.2.5 ObjectLiteral, or an object pattern."""
        self.advance()
        saved = self.allow_in
        self.allow_in = True
        while self.token.kind != "}":
            if self.accept("..."):
                self.parse_assignment()
            else:
                self.parse_property()
            if not self.accept(","):
                break
        self.allow_in = saved
        self.expect("}")

    def parse_property(self) -> None:
        """13.2.5 PropertyDefinition besides the spread."""
        token = self.token
        following = self.peek()
        is_async = is_generator = False
        if token.kind == NAME:
            if following.kind in (",", "}", "="):
                self.advance()
                if self.accept("="):
                    self.parse_assignment()
                return
            modifies = following.kind in PROPERTY_NAMES or following.kind in ("[", "*")
            if modifies and self.is_word("async") and not following.newline:
                self.advance()
                is_async = True
            elif modifies and following.kind != "*" and (self.is_word("get") or self.is_word("set")):
                self.advance()
        is_generator = self.accept("*")
        self.parse_member_name()
        if self.token.kind in ("(", "<"):
            self.parse_function_tail(is_async=is_async, is_generator=is_generator)
            return
        self.expect(":")
        self.parse_assignment()

    def parse_computed_name(self) -> None:
        """13.2.5 ComputedPropertyName."""
        self.advance()
        self.parse_inside()
        self.expect("]")

    # Decorators

    def parse_decorators(self) -> None:
        """Decorators stay as they are."""
        while self.token.kind == "@":
            self.edits.decorators.append(self.advance().start)
            if self.token.kind == "(":
                self.advance()
                self.parse_inside()
                self.expect(")")
            else:
                self.parse_decorator_members()
            if self.token.kind == "(":
                self.parse_arguments()

    def parse_decorator_members(self) -> None:
        """DecoratorMemberExpression, as TypeScript reads it: any expression that calls and has members."""
        if self.token.kind not in NAME_KINDS:
            self.unexpected(self.token)
        self.arrow_at = -1
        if self.token.kind == "new":
            self.parse_new()
            return
        self.advance()
        while True:
            kind = self.token.kind
            if kind == ".":
                self.advance()
                self.parse_member_reference()
            elif kind == "!" and not self.token.newline:
                token = self.advance()
                self.edits.blank(token.start, token.end)
            elif kind == "(":
                self.parse_arguments()
            elif kind not in ("<", "<<") or not self.try_type_arguments():
                return
