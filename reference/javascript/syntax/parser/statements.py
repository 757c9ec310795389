"""ECMA-262 clause 14: statements and declarations."""

from __future__ import annotations

from typing import Callable, cast

from lockstep.reference.javascript.syntax.ast import (
    BindingIdentifier,
    Block,
    Break,
    CatchClause,
    ClassDeclaration,
    Continue,
    Debugger,
    DoWhile,
    EmptyStatement,
    Expression,
    ExpressionStatement,
    FunctionDeclaration,
    If,
    Labelled,
    LexicalDeclaration,
    Pattern,
    Return,
    Statement,
    StringLiteral,
    Switch,
    SwitchCase,
    Throw,
    Try,
    VariableDeclarator,
    VariableStatement,
    While,
    With,
)
from lockstep.reference.javascript.syntax.lexer import END, ESCAPED, NAME, STRING, Token
from lockstep.reference.javascript.syntax.parser.classes import ClassParser
from lockstep.reference.javascript.syntax.parser.patterns import bound_names
from lockstep.reference.javascript.syntax.parser.scopes import (
    BLOCK,
    CATCH,
    CATCH_BODY,
    EVAL_CODE,
    SCRIPT,
    SWITCH,
)

_LOOPS = frozenset({"for", "while", "do"})


class StatementParser(ClassParser):
    """14, without the iteration statements with `for`."""

    def parse_for(self) -> Statement:
        """14.7.4 and 14.7.5."""
        raise NotImplementedError

    def parse_statement_list_item(self) -> Statement:
        """14 StatementListItem: a statement or a declaration."""
        token = self.token
        kind = token.kind
        if kind == NAME:
            value = token.value
            if value == "let":
                if self.is_let_declaration(token):
                    return self.parse_lexical("let")
            elif value == "async":
                if self.is_async_function(token):
                    return self.function_declaration()
            elif value == "using":
                if self.is_using_declaration(token):
                    return self.parse_lexical("using")
            elif value == "await" and self.is_await_using(token):
                return self.parse_lexical("await using")
        elif kind == "function":
            return self.function_declaration()
        elif kind == "class":
            return self.class_declaration()
        elif kind == "const":
            return self.parse_lexical("const")
        return self.parse_statement()

    def parse_statement(self) -> Statement:
        """14 Statement."""
        token = self.token
        parse = _STATEMENTS.get(token.kind)
        if parse is not None:
            return parse(self)
        if token.kind == NAME:
            following = self.peek()
            if following.kind == ":":
                return self.parse_labelled()
            if token.value == "let" and following.kind == "[" and self.is_word(token, "let"):
                self.fail("Lexical declaration cannot appear in a single-statement context", token)
            if token.value == "async" and self.is_async_function(token):
                self.fail("Async functions can only be declared at the top level or inside a block.", token)
        return self.parse_expression_statement()

    def parse_expression_statement(self) -> Statement:
        """14.5 Expression Statement."""
        token = self.token
        expression = self.parse_expression()
        self.consume_semicolon()
        return ExpressionStatement(token, self.end, expression)

    # Declarations that begin with a contextual keyword

    def is_let_declaration(self, token: Token) -> bool:
        """Whether `let` begins a declaration here."""
        following = self.peek()
        if not self.is_word(token, "let"):
            return False
        return following.kind in (NAME, "[", "{", ESCAPED) or (
            self.strict and following.kind not in ("in", "instanceof")
        )

    def is_async_function(self, token: Token) -> bool:
        """Whether `async` begins an async function here."""
        following = self.peek()
        return following.kind == "function" and not following.newline and self.is_word(token, "async")

    def is_using_declaration(self, token: Token) -> bool:
        """Whether `using` begins a declaration here: a name follows on the same line."""
        following = self.peek()
        return following.kind == NAME and not following.newline and self.is_word(token, "using")

    def is_await_using(self, token: Token) -> bool:
        """Whether `await using` begins a declaration here."""
        if not self.function.is_async or not self.is_word(token, "await"):
            return False
        index = self.index + 1
        if index + 1 >= len(self.tokens):
            return False
        word, following = self.tokens[index], self.tokens[index + 1]
        return (
            self.is_word(word, "using")
            and not word.newline
            and following.kind == NAME
            and not following.newline
        )

    # 14.2 Block

    def parse_block(self, kind: str = BLOCK) -> Block:
        """14.2 Block, with its scope."""
        first = self.expect("{")
        opened = self.open_scope(kind)
        body = []
        while self.token.kind != "}":
            body.append(self.parse_statement_list_item())
        self.advance()
        scope = self.close_scope(opened)
        return Block(first, self.end, body, scope)

    def parse_plain_block(self) -> Statement:
        """14.2 Block as a statement."""
        return self.parse_block()

    # 14.3 Declarations and the Variable Statement

    def parse_lexical(self, kind: str) -> LexicalDeclaration:
        """14.3.1 Let and Const Declarations, with `using`."""
        first = self.advance()
        if kind == "await using":
            self.advance()
            self.function.has_await = True
        if kind in ("using", "await using"):
            self.check_using_place(first)
        declarations = self.parse_declarators(kind, in_for=False)
        self.consume_semicolon()
        return LexicalDeclaration(first, self.end, kind, declarations)

    def check_using_place(self, first: Token) -> None:
        """14.3.1.1: no `using` at the top level of a script or eval, or directly in a case clause."""
        if self.current.kind in (SCRIPT, EVAL_CODE, SWITCH):
            self.fail("Using declaration is not allowed here", first)

    def parse_declarators(self, kind: str, *, in_for: bool) -> list[VariableDeclarator]:
        """14.3.1, 14.3.2: a list of bindings with initializers; in a `for` head these may be missing."""
        declarations = []
        while True:
            token = self.token
            target: BindingIdentifier | Pattern
            target = (
                self.parse_binding_target()
                if kind not in ("using", "await using")
                else self.binding_identifier()
            )
            self.declare_target(target, kind)
            initializer = None
            if self.token.kind == "=":
                self.advance()
                initializer = self.parse_assignment()
                if kind == "var":
                    for name in bound_names(target):
                        self.references.append(name.name)
                        self.assigned.append(name.name)
            elif not in_for or not self.at_in_or_of():
                if kind not in ("var", "let"):
                    self.fail(f"Missing initializer in {kind} declaration", self.token)
                if isinstance(target, Pattern):
                    self.fail("Missing initializer in destructuring declaration", self.token)
            named = isinstance(target, BindingIdentifier) and self.is_anonymous_function(initializer)
            declarations.append(VariableDeclarator(token, self.end, target, initializer, named))
            if self.token.kind != ",":
                return declarations
            self.advance()

    def at_in_or_of(self) -> bool:
        """Whether `in` or `of` stands here."""
        return self.token.kind == "in" or self.is_word(self.token, "of")

    def declare_target(self, target: BindingIdentifier | Pattern, kind: str) -> None:
        """Declare BoundNames of `target`."""
        for name in (target,) if isinstance(target, BindingIdentifier) else bound_names(target):
            if kind == "var":
                self.declare_var(name.name, name)
            else:
                if name.name == "let":
                    self.fail("let is disallowed as a lexically bound name", name)
                self.declare_lexical(name.name, kind, name)

    def parse_variable_statement(self) -> Statement:
        """14.3.2 Variable Statement."""
        first = self.advance()
        declarations = self.parse_declarators("var", in_for=False)
        self.consume_semicolon()
        return VariableStatement(first, self.end, declarations)

    def class_declaration(self, *, default: bool = False) -> ClassDeclaration:
        """15.7 ClassDeclaration; `default`: the name may be missing."""
        first = self.advance()
        definition = self.parse_class(first, name="default" if default else "required")
        if definition.name is not None:
            self.declare_lexical(definition.name.name, "class", definition.name)
        else:
            self.declare_lexical("*default*", "class", first)
        return ClassDeclaration(first, self.end, definition)

    # 14.4 to 14.16

    def parse_empty(self) -> Statement:
        """14.4 Empty Statement."""
        first = self.advance()
        return EmptyStatement(first, self.end)

    def parse_if(self) -> Statement:
        """14.6 The if Statement."""
        first = self.advance()
        self.expect("(")
        test = self.parse_expression()
        self.expect(")")
        consequent = self.parse_branch()
        alternate = self.parse_branch() if self.accept("else") else None
        return If(first, self.end, test, consequent, alternate)

    def parse_branch(self) -> Statement:
        """14.6 a branch; B.3.3: in sloppy code also a function, as if in a block."""
        token = self.token
        if token.kind == "function" and not self.strict:
            if self.peek().kind == "*":
                self.fail("Generators can only be declared at the top level or inside a block.", token)
            opened = self.open_scope()
            declaration = self.function_declaration()
            scope = self.close_scope(opened)
            return Block(token, self.end, [declaration], scope)
        return self.parse_body()

    def parse_body(self) -> Statement:
        """A single statement that is the body of another one; a labelled function is none (14.6.1, 14.7.1.1)."""
        statement = self.parse_statement()
        inner = statement
        while isinstance(inner, Labelled):
            inner = inner.body
        if isinstance(inner, FunctionDeclaration):
            self.fail("Labelled functions are not allowed here", inner)
        return statement

    def parse_loop_body(self) -> Statement:
        """14.7.1 the body of a loop."""
        function = self.function
        function.loops += 1
        function.breakables += 1
        body = self.parse_body()
        function.loops -= 1
        function.breakables -= 1
        return body

    def parse_do(self) -> Statement:
        """14.7.2 The do-while Statement; a semicolon behind it may always be missing (12.10.1)."""
        first = self.advance()
        body = self.parse_loop_body()
        self.expect("while")
        self.expect("(")
        test = self.parse_expression()
        self.expect(")")
        self.accept(";")
        return DoWhile(first, self.end, body, test)

    def parse_while(self) -> Statement:
        """14.7.3 The while Statement."""
        first = self.advance()
        self.expect("(")
        test = self.parse_expression()
        self.expect(")")
        body = self.parse_loop_body()
        return While(first, self.end, test, body)

    def parse_jump_label(self) -> str | None:
        """The label behind `continue` or `break`, on the same line."""
        token = self.token
        if token.kind not in (NAME, ESCAPED) or token.newline:
            return None
        label = self.check_name(token)
        self.advance()
        return label

    def parse_continue(self) -> Statement:
        """14.8 The continue Statement."""
        first = self.advance()
        label = self.parse_jump_label()
        labels = self.function.labels
        if label is None:
            if not self.function.loops:
                self.fail("Illegal continue statement: no surrounding iteration statement", first)
        elif not labels.get(label, False):
            what = "does not denote an iteration statement" if label in labels else "is undefined"
            self.fail(f"Illegal continue statement: label '{label}' {what}", first)
        self.consume_semicolon()
        return Continue(first, self.end, label)

    def parse_break(self) -> Statement:
        """14.9 The break Statement."""
        first = self.advance()
        label = self.parse_jump_label()
        if label is None:
            if not self.function.breakables:
                self.fail("Illegal break statement", first)
        elif label not in self.function.labels:
            self.fail(f"Undefined label '{label}'", first)
        self.consume_semicolon()
        return Break(first, self.end, label)

    def parse_return(self) -> Statement:
        """14.10 The return Statement."""
        first = self.advance()
        if not self.function.allow_return:
            self.fail("Illegal return statement", first)
        argument = None
        token = self.token
        if token.kind not in (";", "}", END) and not token.newline:
            argument = self.parse_expression()
        self.consume_semicolon()
        return Return(first, self.end, argument)

    def parse_with(self) -> Statement:
        """14.11 The with Statement."""
        first = self.advance()
        if self.strict:
            self.fail("Strict mode code may not include a with statement", first)
        self.function.has_with = True
        self.expect("(")
        expression = self.parse_expression()
        self.expect(")")
        body = self.parse_body()
        return With(first, self.end, expression, body)

    def parse_switch(self) -> Statement:
        """14.12 The switch Statement."""
        first = self.advance()
        self.expect("(")
        discriminant = self.parse_expression()
        self.expect(")")
        self.expect("{")
        opened = self.open_scope(SWITCH)
        self.function.breakables += 1
        cases: list[SwitchCase] = []
        has_default = False
        while self.token.kind != "}":
            token = self.token
            test: Expression | None = None
            if self.accept("case"):
                test = self.parse_expression()
            else:
                self.expect("default")
                if has_default:
                    self.fail("More than one default clause in switch statement", token)
                has_default = True
            self.expect(":")
            body = []
            while self.token.kind not in ("case", "default", "}"):
                body.append(self.parse_statement_list_item())
            cases.append(SwitchCase(token, self.end, test, body))
        self.advance()
        self.function.breakables -= 1
        scope = self.close_scope(opened)
        return Switch(first, self.end, discriminant, cases, scope)

    def parse_labelled(self) -> Statement:
        """14.13 Labelled Statements."""
        first = self.token
        label = self.check_name(first)
        self.advance()
        self.advance()
        labels = self.function.labels
        if label in labels:
            self.fail(f"Label '{label}' has already been declared", first)
        labels[label] = self.labels_loop()
        token = self.token
        body: Statement
        if token.kind == "function":
            if self.strict or self.peek().kind == "*":
                self.fail(
                    "In strict mode code, functions can only be declared at top level or inside a block.",
                    token,
                )
            body = self.function_declaration()
        else:
            body = self.parse_statement()
        del labels[label]
        return Labelled(first, self.end, label, body)

    def labels_loop(self) -> bool:
        """Whether the statement behind the labels that begin here is a loop."""
        index = self.index
        tokens = self.tokens
        while index + 1 < len(tokens) and tokens[index].kind == NAME and tokens[index + 1].kind == ":":
            index += 2
        return index < len(tokens) and tokens[index].kind in _LOOPS

    def parse_throw(self) -> Statement:
        """14.14 The throw Statement."""
        first = self.advance()
        if self.token.newline:
            self.fail("Illegal newline after throw", self.token)
        argument = self.parse_expression()
        self.consume_semicolon()
        return Throw(first, self.end, argument)

    def parse_try(self) -> Statement:
        """14.15 The try Statement."""
        first = self.advance()
        block = self.parse_block()
        handler = self.parse_catch() if self.token.kind == "catch" else None
        finalizer = self.parse_block() if self.accept("finally") else None
        if handler is None and finalizer is None:
            self.fail("Missing catch or finally after try", self.token)
        return Try(first, self.end, block, handler, finalizer)

    def parse_catch(self) -> CatchClause:
        """14.15 Catch."""
        first = self.advance()
        opened = self.open_scope(CATCH)
        parameter = None
        if self.accept("("):
            parameter = self.parse_binding_target()
            if isinstance(parameter, BindingIdentifier):
                self.declare_lexical(parameter.name, "catch", parameter)
            else:
                self.declare_target(parameter, "let")
            self.expect(")")
        body = self.parse_block(CATCH_BODY)
        scope = self.close_scope(opened)
        return CatchClause(first, self.end, parameter, body, scope)

    def parse_debugger(self) -> Statement:
        """14.16 The debugger Statement."""
        first = self.advance()
        self.consume_semicolon()
        return Debugger(first, self.end)

    def parse_import_statement(self) -> Statement:
        """`import` where no import declaration may stand: a dynamic import or import.meta."""
        if self.peek().kind not in ("(", "."):
            self.fail("Cannot use import statement outside a module", self.token)
        return self.parse_expression_statement()

    def misplaced_declaration(self) -> Statement:
        """A declaration where only a statement may stand."""
        token = self.token
        if token.kind == "function":
            where = (
                "at top level or inside a block."
                if self.strict
                else "at top level, inside a block, or as the body of an if statement."
            )
            self.fail(f"Functions can only be declared {where}", token)
        self.unexpected(token)

    # 15.2 FunctionBody, 11.2.1 Directive Prologues

    def parse_function_body(self) -> list[Statement]:
        """15.2 FunctionBody between braces, with its directives."""
        self.expect("{")
        body: list[Statement] = []
        use_strict = self.parse_directives(body)
        while self.token.kind != "}":
            body.append(self.parse_statement_list_item())
        self.advance()
        self.body_is_strict = use_strict
        return body

    def parse_directives(self, body: list[Statement]) -> bool:
        """11.2.1 Directive Prologues: read them into `body`; whether one is "use strict"."""
        found = False
        first = self.token
        while self.token.kind == STRING:
            token = self.token
            statement = self.parse_statement()
            body.append(statement)
            if not isinstance(statement, ExpressionStatement):
                break
            expression = statement.expression
            if type(expression) is not StringLiteral or expression.start != token.start:
                break
            if self.is_parenthesized(expression):
                break
            if self.source.text[token.start + 1 : token.end - 1] == "use strict":
                found = True
                self.strict = True
        if found:
            for start, message in self.lexer.legacy.items():
                if first.start <= start < self.end:
                    self.fail(message, cast("Token", _At(start)))
        return found


class _At:
    """A place in the source, for errors."""

    __slots__ = ("column", "line", "start")

    def __init__(self, start: int) -> None:
        self.start = start
        self.line = 0
        self.column = 0


_STATEMENTS: dict[str, Callable[[StatementParser], Statement]] = {
    "{": StatementParser.parse_plain_block,
    "var": StatementParser.parse_variable_statement,
    ";": StatementParser.parse_empty,
    "if": StatementParser.parse_if,
    "do": StatementParser.parse_do,
    "while": StatementParser.parse_while,
    "for": lambda parser: parser.parse_for(),
    "continue": StatementParser.parse_continue,
    "break": StatementParser.parse_break,
    "return": StatementParser.parse_return,
    "with": StatementParser.parse_with,
    "switch": StatementParser.parse_switch,
    "throw": StatementParser.parse_throw,
    "try": StatementParser.parse_try,
    "debugger": StatementParser.parse_debugger,
    "import": StatementParser.parse_import_statement,
    "function": StatementParser.misplaced_declaration,
    "class": StatementParser.misplaced_declaration,
    "const": StatementParser.misplaced_declaration,
}
