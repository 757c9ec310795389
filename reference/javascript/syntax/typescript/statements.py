"""Statements, and the declarations of TypeScript that vanish as a whole."""

from __future__ import annotations

from typing import Callable

from lockstep.reference.javascript.syntax.lexer import NAME, STRING, Token
from lockstep.reference.javascript.syntax.typescript.classes import ClassReader
from lockstep.reference.javascript.syntax.typescript.expressions import CONTINUING

ENUM = "TypeScript enum is not supported in strip-only mode"
NAMESPACE = "TypeScript namespace declaration is not supported in strip-only mode"
FOR_ANNOTATION = "The left-hand side of a 'for...in' or 'for...of' statement cannot use a type annotation."
# A statement that begins so goes on with an expression before it that has no semicolon.
_GOES_ON = CONTINUING | {"+", "-", "/", "/="}
_MODULES = frozenset({"namespace", "module"})
# What may stand behind `declare`, besides words that are names elsewhere.
_AMBIENT = frozenset({"var", "const", "function", "class", "enum", "import"})
_AMBIENT_WORDS = frozenset({"let", "type", "interface", "abstract", "async", "global", "using"}) | _MODULES


class StatementReader(ClassReader):
    """14 ECMAScript Language: Statements and Declarations.

    Methods that read a statement say whether it holds nothing but types, so that a namespace of such vanishes.
    """

    def parse_module_item(self) -> bool:
        """16.2.1 ModuleItem."""
        raise NotImplementedError

    # What vanishes

    def vanish(self, first: int, *, body: bool = False) -> None:
        """All from a token on vanishes, with what was recorded in it.

        Args:
            first: the index of the token.
            body: it is the only statement that another one governs, which needs one.
        """
        start = self.tokens[first].start
        edits = self.edits
        edits.forget_from(start)
        edits.blank(start, self.end)
        if body:
            edits.put(start, ";")
        elif first and self.token.kind in _GOES_ON:
            # What follows would go on with the statement before; the semicolon of that may have vanished, too.
            before = self.tokens[first - 1]
            edits.put(before.start if before.kind == ";" else start, ";")

    # 14 StatementListItem

    def parse_statement(self, *, body: bool = False) -> bool:
        """14 StatementListItem."""
        token = self.token
        parse = _STATEMENTS.get(token.kind)
        if parse is not None:
            parse(self)
            return False
        if token.kind == NAME:
            return self.parse_named_statement(token, body=body)
        if token.kind == "function":
            return self.parse_function_declaration(self.index, body=body)
        if token.kind == "class":
            self.advance()
            self.parse_class()
            return False
        if token.kind == "@":
            self.parse_decorated()
            return False
        if token.kind in ("const", "enum"):
            self.parse_constants(token)
            return False
        self.parse_expression_statement()
        return False

    def parse_named_statement(self, token: Token, *, body: bool) -> bool:
        """A statement that begins with a word that is reserved nowhere, or in some contexts only."""
        following = self.peek()
        if following.kind == ":":
            self.advance()
            self.advance()
            return self.parse_statement(body=True)
        word: str = token.value if self.is_word(token.value) else ""
        if word == "let" and (following.kind in ("[", "{") or following.kind == NAME):
            self.advance()
            self.parse_declarators()
            self.consume_semicolon()
            return False
        if word in ("using", "await") and self.at_using():
            self.parse_using()
            return False
        if word == "async" and following.kind == "function" and not following.newline:
            return self.parse_function_declaration(self.index, body=body)
        if self.at_types():
            return self.parse_types(self.index, body=body)
        if word == "abstract" and following.kind == "class" and not following.newline:
            self.parse_abstract_class()
            return False
        self.parse_expression_statement()
        return False

    def at_using(self) -> bool:
        """Whether `using name` or `await using name` stands here."""
        ahead = 0
        if self.is_word("await") and not self.peek().newline:
            ahead = 1
        name = self.peek(ahead + 1)
        if not self.is_word("using", self.peek(ahead) if ahead else self.token):
            return False
        if name.kind != NAME or name.newline:
            return False
        after = self.peek(ahead + 2)
        if self.is_word("of", name):
            return after.kind in ("=", ":", ";", ",") or (ahead > 0 and self.is_word("of", after))
        return after.kind != "=>"

    def parse_using(self) -> None:
        """14.3.1 `using` and `await using`."""
        if self.accept_word("await"):
            self.found_module_syntax()
        self.advance()
        self.parse_declarators()
        self.consume_semicolon()

    def at_types(self) -> bool:
        """Whether a declaration of TypeScript begins with the word here."""
        word = self.token.value if self.is_word(self.token.value) else ""
        following = self.peek()
        if word == "global":
            return following.kind == "{" and not following.newline
        if following.newline:
            return False
        if word in ("type", "interface"):
            return following.kind == NAME
        if word in _MODULES:
            return following.kind in (NAME, STRING)
        if word == "declare":
            return following.kind in _AMBIENT or (
                following.kind == NAME and following.value in _AMBIENT_WORDS and self.at_ambient()
            )
        return False

    def at_ambient(self) -> bool:
        """Whether `declare` is a modifier of the word behind it."""
        following = self.peek()
        after = self.peek(2)
        if following.value == "global":
            return after.kind == "{"
        if following.value == "type":
            return True
        if after.newline and following.value != "let":
            return False
        return after.kind in (NAME, STRING, "{", "[", "class", "function")

    def parse_types(self, first: int, *, body: bool = False) -> bool:
        """A declaration of TypeScript; `first` is the index of the token that it begins with."""
        word: str = self.token.value
        if word == "type":
            self.parse_type_alias()
        elif word == "interface":
            self.parse_interface()
        elif word == "declare":
            only_types = self.parse_declared(self.advance().start)
            self.vanish(first, body=body)
            return only_types
        else:
            return self.parse_namespace(first, body=body)
        self.vanish(first, body=body)
        return True

    def parse_declared(self, start: int) -> bool:
        """What stands behind `declare`: whether it is nothing but types."""
        if self.in_ambient:
            self.fail("A 'declare' modifier cannot be used in an already ambient context.", start)
        self.in_ambient = True
        only_types = self.parse_ambient()
        self.in_ambient = False
        return only_types

    def parse_ambient(self) -> bool:
        """A declaration of what is elsewhere: whether it is nothing but types."""
        if self.is_word("global") and self.peek().kind == "{":
            self.advance()
            return self.parse_namespace_body()
        if self.is_word("type"):
            self.parse_type_alias()
            return True
        if self.token.kind == "import":
            return self.parse_module_item()
        return self.parse_statement()

    def parse_type_alias(self) -> None:
        """`type Name<T> = Type`."""
        self.advance()
        self.expect_name()
        if self.token.kind == "<":
            self.parse_type_parameters(("in", "out"))
        self.expect("=")
        if self.is_word("intrinsic") and self.peek().kind != ".":
            self.advance()
        else:
            self.parse_type()
        self.consume_semicolon()

    def parse_interface(self) -> None:
        """`interface Name<T> extends Type { }`."""
        self.advance()
        self.expect_name()
        if self.token.kind == "<":
            self.parse_type_parameters(("in", "out"))
        if self.accept("extends"):
            self.parse_implemented()
        self.parse_members()

    def parse_namespace(self, first: int, *, body: bool) -> bool:
        """`namespace A.B { }`; it vanishes if only types are in it."""
        start = self.token.start
        if self.is_word("global"):
            self.advance()
        else:
            self.advance()
            if self.token.kind == STRING:
                return self.parse_module_by_name(first, body=body)
            self.expect_name()
            while self.accept("."):
                self.expect_identifier_name()
        if self.parse_namespace_body():
            self.vanish(first, body=body)
            return True
        self.edits.refusals.append((start, NAMESPACE))
        return False

    def parse_module_by_name(self, first: int, *, body: bool) -> bool:
        """`module "name" { }`, which is elsewhere: whether it holds nothing but types."""
        self.advance()
        only_types = False
        if self.token.kind == "{":
            only_types = self.parse_namespace_body()
        else:
            self.consume_semicolon()
        self.vanish(first, body=body)
        return only_types

    def parse_namespace_body(self) -> bool:
        """The statements of a namespace: whether all of them are types."""
        self.expect("{")
        only_types = True
        saved = self.enter_function(is_async=False, is_generator=False)
        while self.token.kind != "}":
            only_types = self.parse_module_item() and only_types
        self.leave_function(saved)
        self.advance()
        return only_types

    def parse_enum(self, start: int) -> None:
        """`enum Name { A, B = 1 }`, which is refused: it is a value."""
        self.advance()
        self.expect_name()
        self.edits.refusals.append((start, ENUM))
        self.expect("{")
        while self.token.kind != "}":
            self.parse_member_name()
            if self.accept("="):
                self.parse_assignment()
            if not self.accept(","):
                break
        self.expect("}")

    # Declarations

    def parse_function_declaration(self, first: int, *, default: bool = False, body: bool = False) -> bool:
        """15.2 FunctionDeclaration, or an overload, which vanishes."""
        is_async, is_generator = self.parse_function_head()
        if not default or self.token.kind == NAME:
            self.expect_name()
        if not self.parse_signature_or_body(is_async=is_async, is_generator=is_generator):
            self.consume_semicolon()
            self.vanish(first, body=body)
        return False

    def parse_abstract_class(self) -> None:
        """`abstract class`, where `abstract` vanishes."""
        token = self.expect_word("abstract")
        self.edits.blank(token.start, token.end)
        self.expect("class")
        self.parse_class(abstract=True)

    def parse_decorated(self) -> None:
        """A class declaration behind its decorators."""
        first = self.index
        self.parse_decorators()
        self.accept("export")
        self.accept("default")
        if self.is_word("declare"):
            self.parse_types(first)
        elif self.is_word("abstract"):
            self.parse_abstract_class()
        else:
            self.expect("class")
            self.parse_class()

    def parse_declarators(self) -> int:
        """14.3.1, 14.3.2: bindings with types and initializers; the place of a type annotation, or -1."""
        annotation = -1
        while True:
            is_name = self.token.kind == NAME
            self.parse_binding_target()
            if is_name and self.token.kind == "!" and not self.token.newline:
                token = self.advance()
                self.edits.blank(token.start, token.end)
            if self.token.kind == ":":
                annotation = self.token.start
                self.blank_annotation()
            if self.accept("="):
                self.parse_assignment()
            if not self.accept(","):
                return annotation

    def parse_constants(self, token: Token) -> None:
        """14.3.1 `const`, or an enumeration."""
        if token.kind == "const":
            if self.peek().kind != "enum":
                self.parse_variables()
                return
            self.advance()
        self.parse_enum(token.start)

    def parse_variables(self) -> None:
        """14.3.1 `const`, 14.3.2 `var`."""
        self.advance()
        self.parse_declarators()
        self.consume_semicolon()

    # 14.2 to 14.16

    def parse_block(self) -> None:
        """14.2 Block, or the body of a function."""
        self.expect("{")
        while self.token.kind != "}":
            self.parse_statement()
        self.advance()

    def parse_empty(self) -> None:
        """14.4 Empty Statement."""
        self.advance()

    def parse_expression_statement(self) -> None:
        """14.5 Expression Statement."""
        self.parse_expression()
        self.consume_semicolon()

    def parse_head(self) -> None:
        """An expression in parentheses behind a reserved word."""
        self.advance()
        self.expect("(")
        self.parse_expression()
        self.expect(")")

    def parse_if(self) -> None:
        """14.6 The if Statement."""
        self.parse_head()
        self.parse_statement(body=True)
        if self.accept("else"):
            self.parse_statement(body=True)

    def parse_do(self) -> None:
        """14.7.2 The do-while Statement."""
        self.advance()
        self.parse_statement(body=True)
        if self.token.kind != "while":
            self.unexpected(self.token)
        self.parse_head()
        self.accept(";")

    def parse_while(self) -> None:
        """14.7.3 The while Statement, 14.11 The with Statement."""
        self.parse_head()
        self.parse_statement(body=True)

    def parse_for(self) -> None:
        """14.7.4, 14.7.5."""
        self.advance()
        if self.accept_word("await"):
            self.found_module_syntax()
        self.expect("(")
        annotation = -1 if self.token.kind == ";" else self.parse_for_initializer()
        if annotation >= 0 and self.token.kind != ";":
            self.fail(FOR_ANNOTATION, annotation)
        if self.token.kind == "in":
            self.advance()
            self.parse_expression()
        elif self.accept_word("of"):
            self.parse_assignment()
        else:
            self.expect(";")
            if self.token.kind != ";":
                self.parse_expression()
            self.expect(";")
            if self.token.kind != ")":
                self.parse_expression()
        self.expect(")")
        self.parse_statement(body=True)

    def parse_for_initializer(self) -> int:
        """What the head of a `for` begins with; the place of a type annotation in it, or -1."""
        following = self.peek()
        annotation = -1
        self.allow_in = False
        if self.token.kind in ("var", "const") or (
            self.is_word("let") and following.kind in ("[", "{", NAME) and not self.is_word("of", following)
        ):
            self.advance()
            annotation = self.parse_declarators()
        elif self.at_using():
            self.accept_word("await")
            self.advance()
            annotation = self.parse_declarators()
        else:
            self.parse_expression()
        self.allow_in = True
        return annotation

    def parse_jump(self) -> None:
        """14.8 `continue`, 14.9 `break`."""
        self.advance()
        if self.token.kind == NAME and not self.token.newline:
            self.advance()
        self.consume_semicolon()

    def parse_return(self) -> None:
        """14.10 `return`, 14.14 `throw`."""
        self.advance()
        if not self.can_end_statement():
            self.parse_restricted(self.parse_expression)
        self.consume_semicolon()

    def parse_switch(self) -> None:
        """14.12 The switch Statement."""
        self.parse_head()
        self.expect("{")
        while self.token.kind != "}":
            if self.accept("case"):
                self.parse_expression()
            else:
                self.expect("default")
            self.expect(":")
            while self.token.kind not in ("case", "default", "}"):
                self.parse_statement()
        self.advance()

    def parse_try(self) -> None:
        """14.15 The try Statement."""
        self.advance()
        self.parse_block()
        if self.accept("catch"):
            if self.accept("("):
                self.parse_binding_target()
                self.blank_annotation()
                self.expect(")")
            self.parse_block()
        if self.accept("finally"):
            self.parse_block()

    def parse_debugger(self) -> None:
        """14.16 The debugger Statement."""
        self.advance()
        self.consume_semicolon()


_STATEMENTS: dict[str, Callable[[StatementReader], None]] = {
    "{": StatementReader.parse_block,
    "var": StatementReader.parse_variables,
    ";": StatementReader.parse_empty,
    "if": StatementReader.parse_if,
    "do": StatementReader.parse_do,
    "while": StatementReader.parse_while,
    "with": StatementReader.parse_while,
    "for": StatementReader.parse_for,
    "continue": StatementReader.parse_jump,
    "break": StatementReader.parse_jump,
    "return": StatementReader.parse_return,
    "throw": StatementReader.parse_return,
    "switch": StatementReader.parse_switch,
    "try": StatementReader.parse_try,
    "debugger": StatementReader.parse_debugger,
}
