"""TypeScript's types, read to find where they end.

Nothing of a type is kept, so these methods return nothing; what is ambiguous is decided as TypeScript's own parser does
(`parseType` and what it calls, in its `parser.ts`).
"""

from __future__ import annotations

from lockstep.reference.javascript.syntax.lexer import (
    BIGINT,
    END,
    NAME,
    NAME_KINDS,
    NUMBER,
    PRIVATE,
    STRING,
    TEMPLATE,
)
from lockstep.reference.javascript.syntax.typescript.tokens import TokenReader, UnreadableError

_LITERALS = frozenset({STRING, NUMBER, BIGINT, "true", "false", "null", "void"})
# They take no arguments: `x as number < y` compares.
_KEYWORD_TYPES = frozenset(
    {"any", "unknown", "string", "number", "bigint", "symbol", "boolean", "undefined", "never", "object"}
)
_OPERATORS = frozenset({"keyof", "unique", "readonly"})
_TYPE_STARTS = _LITERALS | {
    NAME,
    "this",
    "typeof",
    "{",
    "[",
    "(",
    "<",
    "|",
    "&",
    "-",
    "new",
    "import",
    "`",
    "...",
}
_CLOSERS = {"(": ")", "[": "]", "{": "}"}
PARAMETER_MODIFIERS = frozenset({"public", "private", "protected", "readonly", "override"})
PROPERTY_NAMES = NAME_KINDS | {STRING, NUMBER, BIGINT, PRIVATE}


class TypeReader(TokenReader):
    """Types, type parameters and type arguments."""

    # Whether `extends` begins a conditional type here.
    allow_conditional = True

    def parse_parameters(self, *, arrow: bool = False) -> None:
        """Parameters in parentheses; only those of an arrow function have no `this` among them."""
        raise NotImplementedError

    def parse_computed_name(self) -> None:
        """A property's name in brackets."""
        raise NotImplementedError

    # What holds types

    def blank_annotation(self) -> None:
        """`: Type` vanishes, if it is there."""
        if self.token.kind == ":":
            start = self.advance().start
            self.parse_type()
            self.edits.blank(start, self.end)

    def blank_return_type(self) -> None:
        """`: Type` behind parameters vanishes, if it is there; it may be a predicate."""
        if self.token.kind == ":":
            start = self.advance().start
            self.parse_return_type()
            self.edits.blank(start, self.end)

    def blank_type_parameters(self, modifiers: tuple[str, ...] = ("const",)) -> None:
        """`<T extends U = V>` vanishes, if it is there."""
        if self.token.kind == "<":
            start = self.token.start
            self.parse_type_parameters(modifiers)
            self.edits.blank(start, self.end)

    def parse_type_parameters(self, modifiers: tuple[str, ...] = ("const",)) -> None:
        """Type parameters in angle brackets, with the modifiers that they may have."""
        self.expect("<")
        while self.token.kind != ">":
            self.parse_type_parameter(modifiers)
            if not self.accept(","):
                break
        self.close_angle()

    def parse_type_parameter(self, modifiers: tuple[str, ...]) -> None:
        """A name with its modifiers, in their order, its constraint and its default."""
        for modifier in modifiers:
            if self.token.value == modifier and self.peek().kind in (NAME, "in"):
                self.advance()
        self.expect_name()
        if self.accept("extends"):
            self.parse_type()
        if self.accept("="):
            self.parse_type()

    def parse_type_arguments(self) -> None:
        """Types in angle brackets."""
        if self.token.kind == "<<":
            self.split()
        else:
            self.expect("<")
        while not self.token.kind.startswith(">"):
            self.parse_type()
            if not self.accept(","):
                break
        self.close_angle()

    def close_angle(self) -> None:
        """Consume one `>`, of `>>` only the first."""
        if not self.token.kind.startswith(">"):
            self.unexpected(self.token)
        if self.token.kind == ">":
            self.advance()
        else:
            self.split()

    # Types

    def parse_type(self) -> None:
        """A type."""
        if self.at_function_type():
            self.parse_function_type()
            return
        self.parse_union()
        if self.allow_conditional and self.token.kind == "extends" and not self.token.newline:
            self.advance()
            self.parse_type_without_conditional()
            self.expect("?")
            self.parse_type()
            self.expect(":")
            self.parse_type()

    def parse_type_without_conditional(self) -> None:
        """A type in which `extends` is not an operator."""
        saved = self.allow_conditional
        self.allow_conditional = False
        try:
            self.parse_type()
        finally:
            self.allow_conditional = saved

    def parse_return_type(self) -> None:
        """A type, or a predicate `name is Type`; `extends` is an operator in it."""
        saved = self.allow_conditional
        self.allow_conditional = True
        try:
            self.parse_type_or_predicate()
        finally:
            self.allow_conditional = saved

    def parse_type_or_predicate(self) -> None:
        """A type, or a predicate `name is Type`."""
        if self.token.kind == NAME and self.is_word("is", self.peek()) and not self.peek().newline:
            mark = self.mark()
            self.advance()
            self.advance()
            if self.at_type():
                self.parse_type()
                return
            self.rewind(mark)
        self.parse_type()

    def at_type(self) -> bool:
        """Whether a type may begin here."""
        return self.token.kind in _TYPE_STARTS

    def at_function_type(self) -> bool:
        """Whether a function or constructor type begins here."""
        kind = self.token.kind
        if kind in ("<", "new"):
            return True
        if kind == NAME:
            return self.is_word("abstract") and self.peek().kind == "new"
        return kind == "(" and self.at_function_type_parameters()

    def at_function_type_parameters(self) -> bool:
        """Whether the parenthesis begins parameters, and not a type in parentheses."""
        mark = self.mark()
        self.advance()
        try:
            if self.token.kind in (")", "..."):
                return True
            if not self.skip_parameter_start():
                return False
            if self.token.kind in (":", ",", "?", "="):
                return True
            return self.token.kind == ")" and self.peek().kind == "=>"
        except UnreadableError:
            return False
        finally:
            self.rewind(mark)

    def skip_parameter_start(self) -> bool:
        """Go over the name or pattern that a parameter begins with, if it is one."""
        while (
            self.token.kind == NAME
            and self.token.value in PARAMETER_MODIFIERS
            and self.peek().kind in (NAME, "this", "[", "{")
            and not self.peek().newline
        ):
            self.advance()
        if self.token.kind in (NAME, "this"):
            self.advance()
            return True
        if self.token.kind in ("[", "{"):
            self.skip_brackets()
            return True
        return False

    def skip_brackets(self) -> None:
        """Go over a bracket and all up to the one that closes it."""
        closers = [_CLOSERS[self.advance().kind]]
        while closers:
            kind = self.token.kind
            if kind in _CLOSERS:
                closers.append(_CLOSERS[kind])
            elif kind == closers[-1]:
                closers.pop()
            elif kind == END:
                self.unexpected(self.token)
            self.advance()

    def parse_function_type(self) -> None:
        """`(a: T) => U`, with `new` or `abstract new` in front of it."""
        self.accept_word("abstract")
        self.accept("new")
        if self.token.kind == "<":
            self.parse_type_parameters()
        self.parse_parameters()
        self.expect("=>")
        self.parse_return_type()

    def parse_union(self) -> None:
        """Types joined by `|` and `&`, with an operator in front too."""
        self.accept("|")
        self.parse_intersection()
        while self.accept("|"):
            self.parse_intersection()

    def parse_intersection(self) -> None:
        """Types joined by `&`."""
        self.accept("&")
        self.parse_type_operator()
        while self.accept("&"):
            self.parse_type_operator()

    def parse_type_operator(self) -> None:
        """`keyof`, `unique`, `readonly`, `infer`, and what they stand before."""
        while self.token.kind == NAME and self.token.value in _OPERATORS:
            self.advance()
        if self.is_word("infer"):
            self.advance()
            self.expect_name()
            self.parse_infer_constraint()
            return
        saved = self.allow_conditional
        self.allow_conditional = True
        try:
            self.parse_postfix()
        finally:
            self.allow_conditional = saved

    def parse_infer_constraint(self) -> None:
        """`extends Type` behind an inferred name, unless a conditional type goes on with it."""
        if self.token.kind != "extends":
            return
        mark = self.mark()
        self.advance()
        self.parse_type_without_conditional()
        if self.allow_conditional and self.token.kind == "?":
            self.rewind(mark)

    def parse_postfix(self) -> None:
        """A type with `[]` and `[Type]` behind it."""
        self.parse_primary_type()
        while self.token.kind == "[" and not self.token.newline:
            self.advance()
            if self.token.kind != "]":
                self.parse_type()
            self.expect("]")

    def parse_primary_type(self) -> None:
        """A type that no operator joins."""
        kind = self.token.kind
        if kind == NAME:
            self.parse_named_type()
        elif kind in _LITERALS:
            self.advance()
        elif kind == "this":
            self.advance()
            if self.is_word("is") and not self.token.newline:
                self.advance()
                self.parse_type()
        elif kind == "{":
            self.parse_object_type()
        elif kind == "[":
            self.parse_tuple()
        elif kind == "(":
            self.advance()
            self.parse_type()
            self.expect(")")
        elif kind == "typeof":
            self.parse_query()
        elif kind == "import":
            self.parse_import_type()
        elif kind == "`":
            self.parse_template_type()
        elif kind == "-":
            self.advance()
            if self.token.kind not in (NUMBER, BIGINT):
                self.unexpected(self.token)
            self.advance()
        else:
            self.parse_const_type()

    def parse_const_type(self) -> None:
        """`const`, as in `as const`."""
        self.expect("const")

    def parse_named_type(self) -> None:
        """A type's name with its arguments, or `asserts name is Type`."""
        following = self.peek()
        if self.is_word("asserts") and following.kind in (NAME, "this") and not following.newline:
            self.advance()
            self.advance()
            if self.accept_word("is"):
                self.parse_type()
            return
        is_keyword = self.token.value in _KEYWORD_TYPES and following.kind != "."
        self.advance()
        if not is_keyword:
            self.parse_qualifiers()

    def parse_qualifiers(self) -> None:
        """`.name` behind a name, and type arguments."""
        self.parse_entity_name()
        if self.token.kind in ("<", "<<") and not self.token.newline:
            self.parse_type_arguments()

    def parse_entity_name(self) -> None:
        """`.name` behind a name."""
        while self.accept("."):
            self.expect_identifier_name()

    def parse_query(self) -> None:
        """`typeof name.name<Type>`."""
        self.advance()
        if self.token.kind == "import":
            self.parse_import_type()
            return
        self.expect_identifier_name()
        self.parse_qualifiers()

    def parse_import_type(self) -> None:
        """`import("module", { with: {} }).name<Type>`."""
        self.advance()
        self.expect("(")
        self.parse_type()
        if self.accept(","):
            self.parse_import_type_options()
        self.expect(")")
        self.parse_qualifiers()

    def parse_import_type_options(self) -> None:
        """`{ with: { name: "value" } }` in the type of an import."""
        self.expect("{")
        if not self.accept_word("assert"):
            self.expect("with")
        self.expect(":")
        self.expect("{")
        while self.token.kind != "}":
            if self.token.kind != STRING:
                self.expect_identifier_name()
            else:
                self.advance()
            self.expect(":")
            self.expect(STRING)
            if not self.accept(","):
                break
        self.advance()
        self.expect("}")

    def parse_template_type(self) -> None:
        """A template literal type."""
        while not self.advance().value[2]:
            self.parse_type()
            if self.token.kind != TEMPLATE:
                self.unexpected(self.token)

    def parse_tuple(self) -> None:
        """`[name: Type, name?: Type, ...name: Type[], Type?]`."""
        self.advance()
        any_optional = False
        while self.token.kind != "]":
            start = self.token.start
            required, optional = self.parse_tuple_element()
            if required and any_optional:
                self.fail("A required element cannot follow an optional element.", start)
            any_optional = any_optional or optional
            if not self.accept(","):
                break
        self.expect("]")

    def parse_tuple_element(self) -> tuple[bool, bool]:
        """An element of a tuple, with its name or without one: whether it is required, and whether it is optional."""
        is_rest = self.accept("...")
        if self.token.kind in NAME_KINDS:
            following = self.peek()
            if following.kind == ":" or (following.kind == "?" and self.peek(2).kind == ":"):
                self.advance()
                self.accept("?")
                self.advance()
                self.parse_type()
                self.accept("?")
                return False, False
        self.parse_type()
        is_optional = self.accept("?")
        return not is_rest and not is_optional, is_optional

    # Object types

    def parse_object_type(self) -> None:
        """An object type, or a mapped one."""
        if self.at_mapped_type():
            self.parse_mapped_type()
        else:
            self.parse_members()

    def parse_members(self) -> None:
        """The members of an object type or interface, in braces."""
        self.expect("{")
        while self.token.kind != "}":
            self.parse_member()
            if not self.accept(","):
                self.consume_semicolon()
        self.advance()

    def at_mapped_type(self) -> bool:
        """Whether the brace begins a mapped type."""
        ahead = 1
        if self.peek(ahead).kind in ("+", "-"):
            return self.is_word("readonly", self.peek(ahead + 1))
        if self.is_word("readonly", self.peek(ahead)):
            ahead += 1
        return (
            self.peek(ahead).kind == "["
            and self.peek(ahead + 1).kind == NAME
            and self.peek(ahead + 2).kind == "in"
        )

    def parse_mapped_type(self) -> None:
        """`{ readonly [K in T as U]?: V }`."""
        self.advance()
        if self.token.kind in ("+", "-"):
            self.advance()
        self.accept_word("readonly")
        self.expect("[")
        self.expect_name()
        self.expect("in")
        self.parse_type()
        if self.accept_word("as"):
            self.parse_type()
        self.expect("]")
        if self.token.kind in ("+", "-"):
            self.advance()
            self.expect("?")
        else:
            self.accept("?")
        if self.accept(":"):
            self.parse_type()
        if not self.accept(","):
            self.consume_semicolon()
        self.expect("}")

    def parse_member(self) -> None:
        """A signature of an object type."""
        kind = self.token.kind
        if kind in ("(", "<"):
            self.parse_signature()
            return
        if kind == "new" and self.peek().kind in ("(", "<"):
            self.advance()
            self.parse_signature()
            return
        while self.token.kind == NAME and self.token.value == "readonly" and self.modifies(same_line=True):
            self.advance()
        if self.at_index_signature():
            self.parse_index_signature()
            return
        if self.token.kind == NAME and self.token.value in ("get", "set") and self.modifies(same_line=False):
            self.advance()
            self.parse_member_name()
            self.parse_signature()
            return
        self.parse_member_name()
        self.accept("?")
        if self.token.kind in ("(", "<"):
            self.parse_signature()
        elif self.accept(":"):
            self.parse_type()

    def modifies(self, *, same_line: bool) -> bool:
        """Whether the current word belongs to the name behind it, and is none itself."""
        following = self.peek()
        if same_line and following.newline:
            return False
        return following.kind in PROPERTY_NAMES or following.kind in ("[", "{", "*", "...")

    def parse_signature(self) -> None:
        """Type parameters, parameters, return type."""
        if self.token.kind == "<":
            self.parse_type_parameters()
        self.parse_parameters()
        if self.accept(":"):
            self.parse_return_type()

    def parse_member_name(self) -> None:
        """The name of a property or method."""
        if self.token.kind == "[":
            self.parse_computed_name()
        elif self.token.kind in PROPERTY_NAMES:
            self.advance()
        else:
            self.unexpected(self.token)

    def at_index_signature(self) -> bool:
        """Whether `[name: Type]` stands here."""
        if self.token.kind != "[":
            return False
        name = (
            2
            if self.peek().kind == NAME
            and self.peek().value in PARAMETER_MODIFIERS
            and self.peek(2).kind == NAME
            else 1
        )
        following = self.peek(name + 1).kind
        return self.peek(name).kind == NAME and (
            following in (":", ",") or (following == "?" and self.peek(name + 2).kind in (":", ",", "]"))
        )

    def parse_index_signature(self) -> None:
        """`[name: Type]: Type`."""
        self.advance()
        self.expect_name()
        self.expect(":")
        self.parse_type()
        self.expect("]")
        if self.accept(":"):
            self.parse_type()
