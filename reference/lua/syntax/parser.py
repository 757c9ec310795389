"""The parser (manual 9): recursive descent, one token ahead, names resolved on the way.

Errors are worded as the reference implementation's compiler words them, and found in the same order.
"""

from __future__ import annotations

from typing import NoReturn

from reference.host.errors import GuestSyntaxError, Location
from reference.lua.profile import Profile
from reference.lua.syntax import nodes
from reference.lua.syntax.chunk_name import displayed
from reference.lua.syntax.lexer import END, ERROR, NAME, NUMBER, STRING, Lexer, Token
from reference.lua.syntax.scope import BlockScope, FunctionScope, LabelScope, resolve

# Left and right priority of each binary operator (manual 3.4.8); `..` and `^` associate to the right.
_PRIORITY = {
    "or": (1, 1),
    "and": (2, 2),
    **dict.fromkeys(("<", ">", "<=", ">=", "~=", "=="), (3, 3)),
    "|": (4, 4),
    "~": (5, 5),
    "&": (6, 6),
    "<<": (7, 7),
    ">>": (7, 7),
    "..": (9, 8),
    "+": (10, 10),
    "-": (10, 10),
    **dict.fromkeys(("*", "/", "//", "%"), (11, 11)),
    "^": (14, 13),
}
_UNARY = frozenset(("not", "-", "#", "~"))
_UNARY_PRIORITY = 12
_BLOCK_END = frozenset(("else", "elseif", "end", "until", END))
_MAX_LOCALS = 200
_MAX_UPVALUES = {True: 255, False: 60}
_MAX_LEVELS = 200
_ENVIRONMENT = "_ENV"
HIDDEN_ENVIRONMENT = "(environment)"


class Parser:
    """Parses one chunk.

    Args:
        source: the chunk, one character a byte.
        chunk_name: as given to `load`.
        profile: the version.
    """

    def __init__(self, source: str, chunk_name: str, profile: Profile) -> None:
        self.source = source
        self.display = displayed(chunk_name)
        self.profile = profile
        self.tokens = Lexer(source, profile).tokens()
        self.at = 0
        self.levels = 0
        self.functions = 0
        self.last_line = 1
        self.token: Token = self.tokens[0]
        self.kind = self.token[0]
        self.environment_name = _ENVIRONMENT if profile.environments else HIDDEN_ENVIRONMENT
        self.scope: FunctionScope

    # Tokens and errors

    def advance(self) -> None:
        """Go to the next token; an error token is raised when it becomes the current one."""
        self.last_line = self.token[2]
        self.at += 1
        self.token = self.tokens[self.at]
        self.kind = self.token[0]
        if self.kind == ERROR:
            self.lexical_error()

    def lexical_error(self) -> NoReturn:
        """Raise the error that the current token stands for."""
        error = self.token[1]
        near = error.near
        if near is not None:
            near = self.end_text() if near is END else f"'{near}'"
        self.fail_at(error.message, near, error.line)

    def end_text(self) -> str:
        """How the end of the source is shown."""
        return END if self.profile.integers else f"'{END}'"

    def fail_at(self, message: str, near: str | None, line: int) -> NoReturn:
        """Raise a syntax error at `line`."""
        if near is not None:
            message = f"{message} near {near}"
        text = f"{self.display}:{line}: {message}"
        raise GuestSyntaxError(text, Location(self.display, line), name="")

    def fail(self, message: str) -> NoReturn:
        """Raise a syntax error near the current token."""
        kind, _, line, start, end = self.token
        if kind is END:
            near = self.end_text()
        else:
            text = self.source[start:end]
            if len(text) == 1 and (ord(text) < 32 or ord(text) > 126):
                near = f"'<\\{ord(text)}>'" if self.profile.integers else f"'char({ord(text)})'"
                if not self.profile.integers and ord(text) > 126:
                    near = f"'{text}'"
            else:
                near = f"'{text}'"
        self.fail_at(message, near, line)

    def semantic_error(self, message: str) -> NoReturn:
        """Raise an error that shows no token text of its own (gotos, labels)."""
        self.fail_at(message, None, self.token[2])

    def check(self, kind: str) -> None:
        """Require the current token to be `kind`."""
        if self.kind != kind:
            shown = kind if kind in (NAME, END) and self.profile.integers else f"'{kind}'"
            self.fail(f"{shown} expected")

    def expect(self, kind: str) -> None:
        """Require `kind` and pass it."""
        self.check(kind)
        self.advance()

    def accept(self, kind: str) -> bool:
        """Pass `kind` if it is the current token."""
        if self.kind == kind:
            self.advance()
            return True
        return False

    def expect_match(self, what: str, opener: str, line: int) -> None:
        """Require the token `what` that closes `opener`, which stood on `line`."""
        if self.kind != what:
            if line == self.token[2]:
                self.fail(f"'{what}' expected")
            self.fail(f"'{what}' expected (to close '{opener}' at line {line})")
        self.advance()

    def name(self) -> str:
        """Require a name and pass it."""
        self.check(NAME)
        text: str = self.token[1]
        self.advance()
        return text

    def enter_level(self) -> None:
        """Count nested syntax, which the reference implementation bounds."""
        self.levels += 1
        if self.levels > _MAX_LEVELS:
            if self.profile.integers:
                raise GuestSyntaxError("C stack overflow", Location(self.display, self.token[2]), name="")
            self.fail_at("chunk has too many syntax levels", None, self.token[2])

    def limit(self, count: int, limit: int, what: str) -> None:
        """Raise the error for more than `limit` of `what` in one function."""
        if count <= limit:
            return
        function = self.scope.function
        where = "main function" if function.parent is None else f"function at line {function.line}"
        if self.profile.integers:
            self.fail(f"too many {what} (limit is {limit}) in {where}")
        message = (
            f"main function has more than {limit} {what}"
            if function.parent is None
            else f"function at line {function.line} has more than {limit} {what}"
        )
        self.fail_at(message, None, self.token[2])

    # Scopes

    def declare(self, name: str) -> nodes.Variable:
        """A new variable of the current function, not yet active."""
        variable = nodes.Variable(name, self.scope.function, self.token[2])
        variable.in_loop = self.scope.loops > 0
        self.scope.function.variables.append(variable)
        return variable

    def activate(self, variables: list[nodes.Variable]) -> None:
        """Begin the scope of `variables`."""
        self.scope.active.extend(variables)
        self.limit(len(self.scope.active), _MAX_LOCALS, "local variables")

    def open_block(self, is_loop: bool = False) -> BlockScope:
        """Open a block."""
        scope = self.scope
        block = BlockScope(len(scope.active), is_loop)
        scope.blocks.append(block)
        if is_loop:
            scope.loops += 1
        return block

    def close_block(self) -> None:
        """Close the innermost block; its unresolved gotos go to the block around it."""
        scope = self.scope
        block = scope.blocks.pop()
        if block.is_loop:
            scope.loops -= 1
        line = self.token[2]
        for variable in scope.active[block.first :]:
            variable.end = line
        del scope.active[block.first :]
        if not block.pending:
            return
        if not scope.blocks:
            goto = block.pending[0][0]
            self.semantic_error(f"no visible label '{goto.name}' for <goto> at line {goto.line}")
        outer = scope.blocks[-1]
        for goto, active in block.pending:
            outer.pending.append((goto, min(active, block.first)))

    def resolve_name(self, name: str, line: int, offset: int) -> nodes.Node:
        """The node for a name in an expression: local, upvalue or global."""
        variable = resolve(self.scope, name) if name != HIDDEN_ENVIRONMENT else None
        node: nodes.Node
        if variable is not None:
            node = nodes.Name(variable, self.scope.function)
        else:
            environment = resolve(self.scope, self.environment_name)
            assert environment is not None
            table = nodes.Name(environment, self.scope.function)
            key = nodes.String(name)
            table.line = key.line = line
            table.offset = key.offset = offset
            node = nodes.Index(table, key, is_global=True)
        node.line = line
        node.offset = offset
        self.limit(len(self.scope.function.upvalues), _MAX_UPVALUES[self.profile.integers], "upvalues")
        return node

    # Chunks and functions

    def chunk(self) -> nodes.Function:
        """Parse the whole source (manual 3.3.2): a vararg function with the upvalue `_ENV`."""
        holder = nodes.Function(None)
        outer = FunctionScope(holder, None)
        environment = nodes.Variable(self.environment_name, holder, 0)
        outer.active.append(environment)
        holder.variables.append(environment)
        function = nodes.Function(None)
        function.line = 0
        function.offset = 0
        function.name = "main chunk"
        function.source = self.source
        function.is_vararg = True
        self.scope = FunctionScope(function, outer)
        self.scope.upvalues.add(environment)
        function.upvalues.append(environment)
        environment.captured = True
        if self.kind == ERROR:
            self.lexical_error()
        function.block = self.block()
        self.check(END)
        function.last_line = self.token[2]
        return function

    def block(
        self, is_loop: bool = False, variables: list[nodes.Variable] | None = None, closes: bool = False
    ) -> nodes.Block:
        """A block in a scope of its own, in which `variables` are active."""
        self.open_block(is_loop).closes = closes
        if variables:
            self.activate(variables)
        block = self.statements()
        self.close_block()
        return block

    def statements(self) -> nodes.Block:
        """The statements up to the end of the block."""
        result: list[nodes.Node] = []
        block = nodes.Block(result)
        block.line = self.token[2]
        block.offset = self.token[3]
        while self.kind not in _BLOCK_END:
            if self.kind == "return":
                self.enter_level()
                result.append(self.return_statement())
                self.levels -= 1
                break
            self.enter_level()
            statement = self.statement()
            self.levels -= 1
            if statement is not None:
                result.append(statement)
                if self.profile.break_last and isinstance(statement, nodes.Break):
                    break
        return block

    def function_body(self, line: int, offset: int, name: str, is_method: bool = False) -> nodes.Function:
        """Parameters and block of a function whose `function` stood on `line`."""
        function = nodes.Function(self.scope.function)
        function.line = line
        function.offset = offset
        function.name = name
        self.functions += 1
        function.number = self.functions
        self.scope = FunctionScope(function, self.scope)
        self.open_block()
        self.expect("(")
        parameters: list[nodes.Variable] = []
        if is_method:
            parameters.append(self.declare("self"))
        if self.kind != ")":
            while True:
                if self.kind == NAME:
                    variable = self.declare(self.token[1])
                    self.advance()
                    parameters.append(variable)
                elif self.kind == "...":
                    self.advance()
                    function.is_vararg = True
                    break
                else:
                    self.fail("<name> expected" if self.profile.integers else "<name> or '...' expected")
                if not self.accept(","):
                    break
        self.activate(parameters)
        function.parameters = parameters
        if function.is_vararg and not self.profile.environments:
            argument = self.declare("arg")
            self.activate([argument])
            function.uses_argument_table = argument
        self.expect(")")
        function.block = self.statements()
        function.last_line = self.token[2]
        self.expect_match("end", "function", line)
        scope = self.scope
        for variable in scope.active:
            variable.end = function.last_line
        self.close_block()
        function.uses_vararg = scope.uses_vararg
        assert scope.parent is not None
        self.scope = scope.parent
        return function

    # Statements

    def statement(self) -> nodes.Node | None:
        """One statement; None for what leaves nothing to do (`;`)."""
        kind = self.kind
        method = _STATEMENTS.get(kind) if kind in self.profile.keywords or kind in ("::", ";") else None
        if kind == ";" and self.profile.break_last:
            self.fail("unexpected symbol")
        line, offset = self.token[2], self.token[3]
        node: nodes.Node | None = method(self) if method is not None else self.expression_statement()
        if node is not None and not hasattr(node, "line"):
            node.line = line
            node.offset = offset
        if self.profile.break_last and self.kind == ";":
            self.advance()
        return node

    def empty_statement(self) -> None:
        """`;`."""
        self.advance()

    def if_statement(self) -> nodes.Node:
        """`if`."""
        line = self.token[2]
        clauses: list[tuple[nodes.Node, nodes.Block]] = []
        otherwise = None
        while True:
            self.advance()
            condition = self.expression()
            self.expect("then")
            clauses.append((condition, self.block()))
            if self.kind != "elseif":
                break
        if self.accept("else"):
            otherwise = self.block()
        self.expect_match("end", "if", line)
        return nodes.If(clauses, otherwise)

    def while_statement(self) -> nodes.Node:
        """`while`."""
        line = self.token[2]
        self.advance()
        condition = self.expression()
        self.expect("do")
        block = self.block(is_loop=True)
        self.expect_match("end", "while", line)
        return nodes.While(condition, block)

    def do_statement(self) -> nodes.Node:
        """`do`."""
        line = self.token[2]
        self.advance()
        block = self.block()
        self.expect_match("end", "do", line)
        return nodes.Do(block)

    def for_statement(self) -> nodes.Node:
        """`for`, numeric or generic."""
        line = self.token[2]
        self.advance()
        names = [self.name()]
        node: nodes.Node
        if self.kind == "=":
            node = self.numeric_for(names[0], line)
        elif self.kind in (",", "in"):
            node = self.generic_for(names, line)
        else:
            self.fail("'=' or 'in' expected")
        return node

    def numeric_for(self, name: str, line: int) -> nodes.Node:
        """`for name = start, stop, step do block end`."""
        self.advance()
        start = self.expression()
        self.expect(",")
        stop = self.expression()
        step = self.expression() if self.accept(",") else None
        self.expect("do")
        self.scope.loops += 1
        variable = self.declare(name)
        self.scope.loops -= 1
        self.activate_control(3)
        block = self.block(is_loop=True, variables=[variable])
        self.deactivate_control(3)
        self.expect_match("end", "for", line)
        return nodes.NumericFor(variable, start, stop, step, block)

    def generic_for(self, names: list[str], line: int) -> nodes.Node:
        """`for names in expressions do block end`."""
        while self.accept(","):
            names.append(self.name())
        self.expect("in")
        expressions = self.expression_list()
        self.expect("do")
        self.scope.loops += 1
        variables = [self.declare(name) for name in names]
        self.scope.loops -= 1
        control = 4 if self.profile.integers else 3
        self.activate_control(control)
        block = self.block(is_loop=True, variables=variables, closes=self.profile.integers)
        self.deactivate_control(control)
        self.expect_match("end", "for", line)
        return nodes.GenericFor(variables, expressions, block)

    def activate_control(self, count: int) -> None:
        """The hidden variables of a loop count as locals."""
        name = "(for state)"
        self.activate([nodes.Variable(name, self.scope.function, self.token[2]) for _ in range(count)])

    def deactivate_control(self, count: int) -> None:
        """End the scope of a loop's hidden variables."""
        del self.scope.active[-count:]

    def repeat_statement(self) -> nodes.Node:
        """`repeat`; its condition is inside the block's scope."""
        line = self.token[2]
        self.advance()
        self.open_block(is_loop=True)
        self.open_block()
        block = self.statements()
        self.expect_match("until", "repeat", line)
        condition = self.expression()
        self.close_block()
        self.close_block()
        return nodes.Repeat(block, condition)

    def function_statement(self) -> nodes.Node:
        """`function a.b:c() end` (manual 3.4.11)."""
        line, offset = self.token[2], self.token[3]
        self.advance()
        name_token = self.token
        name = self.name()
        target = self.resolve_name(name, name_token[2], name_token[3])
        is_method = False
        while self.kind in (".", ":") and not is_method:
            is_method = self.kind == ":"
            self.advance()
            key_token = self.token
            key = nodes.String(self.name())
            key.line, key.offset = key_token[2], key_token[3]
            name += (":" if is_method else ".") + key.value
            target = nodes.Index(target, key)
            target.line, target.offset = key.line, key.offset
        function = self.function_body(line, offset, name, is_method)
        self.check_assignable(target)
        node = nodes.Assignment([target], [function])
        node.line, node.offset = line, offset
        return node

    def local_statement(self) -> nodes.Node:
        """`local`, with attributes (manual 3.3.7), or `local function`."""
        self.advance()
        if self.kind == "function":
            line, offset = self.token[2], self.token[3]
            self.advance()
            variable = self.declare(self.name())
            self.activate([variable])
            function = self.function_body(line, offset, variable.name)
            return nodes.LocalFunction(variable, function)
        variables: list[nodes.Variable] = []
        closing = False
        while True:
            variable = self.declare(self.name())
            if self.kind == "<" and self.profile.integers:
                self.advance()
                attribute = self.name()
                self.expect(">")
                if attribute not in ("const", "close"):
                    self.fail(f"unknown attribute '{attribute}'")
                if attribute == "close":
                    if closing:
                        self.fail("multiple to-be-closed variables in local list")
                    closing = True
                variable.attribute = attribute
            variables.append(variable)
            if not self.accept(","):
                break
        expressions = self.expression_list() if self.accept("=") else []
        self.activate(variables)
        if closing:
            self.scope.blocks[-1].closes = True
        if (
            len(variables) == len(expressions) == 1
            and variables[0].attribute == "const"
            and isinstance(expressions[0], (nodes.Number, nodes.String, nodes.Boolean, nodes.Nil))
        ):
            variables[0].constant = expressions[0]
        return nodes.Local(variables, expressions)

    def return_statement(self) -> nodes.Node:
        """`return`, which ends its block."""
        node_line, node_offset = self.token[2], self.token[3]
        self.advance()
        expressions: list[nodes.Node] = []
        if self.kind not in _BLOCK_END and self.kind != ";":
            expressions = self.expression_list()
        self.accept(";")
        node = nodes.Return(expressions, any(block.closes for block in self.scope.blocks))
        node.line, node.offset = node_line, node_offset
        return node

    def break_statement(self) -> nodes.Node:
        """`break`."""
        line = self.token[2]
        self.advance()
        if not any(block.is_loop for block in self.scope.blocks):
            if not self.profile.integers:
                self.fail("no loop to break")
            self.semantic_error(f"break outside loop at line {line}")
        return nodes.Break()

    def label_statement(self) -> nodes.Node:
        """`::name::` (manual 3.3.4)."""
        self.advance()
        line, offset = self.token[2], self.token[3]
        name = self.name()
        known = self.scope.find_label(name)
        if known is not None:
            self.semantic_error(f"label '{name}' already defined on line {known.line}")
        self.expect("::")
        scope = self.scope
        block = scope.blocks[-1]
        label = nodes.Label(name)
        label.line, label.offset = line, offset
        active = len(scope.active)
        if self.rest_is_void():
            active = block.first
        block.labels[name] = LabelScope(label, line, active, len(scope.function.variables))
        waiting = []
        for goto, goto_active in block.pending:
            if goto.name != name:
                waiting.append((goto, goto_active))
                continue
            if goto_active < active:
                variable = scope.active[goto_active]
                self.semantic_error(
                    f"<goto {name}> at line {goto.line} jumps into the scope of local '{variable.name}'"
                )
            goto.label = label
            label.used = True
        block.pending = waiting
        return label

    def rest_is_void(self) -> bool:
        """Whether only void statements stand between here and the block's end."""
        at = self.at
        while self.tokens[at][0] in (";", "::"):
            at += 1 if self.tokens[at][0] == ";" else 3
            if at >= len(self.tokens):
                return False
        # A `repeat` block goes on in its condition, which sees its variables.
        return self.tokens[at][0] in _BLOCK_END and self.tokens[at][0] != "until"

    def goto_statement(self) -> nodes.Node:
        """`goto name`."""
        line, offset = self.token[2], self.token[3]
        self.advance()
        name = self.name()
        goto = nodes.Goto(name)
        goto.line, goto.offset = line, offset
        scope = self.scope
        known = scope.find_label(name)
        if known is not None:
            goto.label = known.label
            known.label.used = True
            for variable in scope.function.variables[known.declared :]:
                variable.in_loop = True
        else:
            scope.blocks[-1].pending.append((goto, len(scope.active)))
        return goto

    def expression_statement(self) -> nodes.Node:
        """A call or an assignment."""
        line, offset = self.token[2], self.token[3]
        expression = self.suffixed_expression()
        node: nodes.Node
        is_call = isinstance(expression, (nodes.Call, nodes.MethodCall))
        if self.kind in ("=", ",") or (not is_call and not self.profile.integers):
            node = self.assignment([expression])
        else:
            if not is_call:
                self.fail("syntax error")
            node = nodes.CallStatement(expression)
        node.line, node.offset = line, offset
        return node

    def assignment(self, targets: list[nodes.Node]) -> nodes.Node:
        """The rest of an assignment after its first target."""
        self.check_variable(targets[0])
        levels = 0
        while self.accept(","):
            target = self.suffixed_expression()
            self.check_variable(target)
            targets.append(target)
            levels += 1
            if not self.profile.integers and self.levels + levels > _MAX_LEVELS:
                self.limit(_MAX_LEVELS + 1, _MAX_LEVELS - self.levels, "variables in assignment")
            if self.levels + levels > _MAX_LEVELS:
                self.enter_level_failure()
        self.expect("=")
        return nodes.Assignment(targets, self.expression_list())

    def enter_level_failure(self) -> None:
        """Raise the error for syntax nested too deeply."""
        self.levels = _MAX_LEVELS
        self.enter_level()

    def check_variable(self, target: nodes.Node) -> None:
        """Require something that can be assigned to."""
        if not isinstance(target, (nodes.Name, nodes.Index)):
            self.fail("syntax error")
        self.check_assignable(target)

    def check_assignable(self, target: nodes.Node) -> None:
        """Refuse constants, and note that the variable is assigned."""
        if isinstance(target, nodes.Name):
            variable = target.variable
            variable.assigned = True
            if variable.attribute:
                self.semantic_error(f"attempt to assign to const variable '{variable.name}'")

    # Expressions

    def expression_list(self) -> list[nodes.Node]:
        """One expression or more."""
        result = [self.expression()]
        while self.accept(","):
            result.append(self.expression())
        return result

    def expression(self, limit: int = 0) -> nodes.Node:
        """An expression whose operators bind tighter than `limit`."""
        self.enter_level()
        kind, _, line, offset, _ = self.token
        left: nodes.Node
        if kind in _UNARY and (kind != "~" or self.profile.integers):
            self.advance()
            left = nodes.Unary(kind, self.expression(_UNARY_PRIORITY))
            left.line, left.offset = line, offset
        else:
            left = self.simple_expression()
        while True:
            operator = self.kind
            priority = _PRIORITY.get(operator)
            if priority is None or priority[0] <= limit:
                break
            if not self.profile.integers and operator == "~":
                break
            line, offset = self.token[2], self.token[3]
            self.advance()
            right = self.expression(priority[1])
            node = (nodes.Logical if operator in ("and", "or") else nodes.Binary)(operator, left, right)
            node.line, node.offset = line, offset
            left = node
        self.levels -= 1
        return left

    def simple_expression(self) -> nodes.Node:
        """A literal, a constructor, a function, or a suffixed expression."""
        kind, value, line, offset, _ = self.token
        node: nodes.Node
        if kind == NUMBER:
            node = nodes.Number(value)
        elif kind == STRING:
            node = nodes.String(value)
        elif kind == "nil":
            node = nodes.Nil()
        elif kind in ("true", "false"):
            node = nodes.Boolean(kind == "true")
        elif kind == "...":
            if not self.scope.function.is_vararg:
                self.fail("cannot use '...' outside a vararg function")
            self.scope.uses_vararg = True
            node = nodes.Vararg()
        elif kind == "{":
            return self.constructor()
        elif kind == "function":
            self.advance()
            return self.function_body(line, offset, "")
        else:
            return self.suffixed_expression()
        node.line, node.offset = line, offset
        self.advance()
        return node

    def primary_expression(self) -> nodes.Node:
        """A name or a parenthesised expression."""
        kind, value, line, offset, _ = self.token
        if kind == NAME:
            self.advance()
            return self.resolve_name(value, line, offset)
        if kind == "(":
            self.advance()
            inner = self.expression()
            self.expect_match(")", "(", line)
            if isinstance(inner, (nodes.Call, nodes.MethodCall, nodes.Vararg, nodes.Name, nodes.Index)):
                node = nodes.Parenthesised(inner)
                node.line, node.offset = line, offset
                return node
            return inner
        self.fail("unexpected symbol")

    def suffixed_expression(self) -> nodes.Node:
        """A primary expression and the indexes and calls that follow it."""
        line = self.token[2]
        node = self.primary_expression()
        while True:
            kind, _, here, offset, _ = self.token
            if kind == ".":
                self.advance()
                key = nodes.String("")
                key.line, key.offset = self.token[2], self.token[3]
                key.value = self.name()
                node = nodes.Index(node, key)
            elif kind == "[":
                self.advance()
                inner = self.expression()
                self.expect("]")
                node = nodes.Index(node, inner)
            elif kind == ":":
                self.advance()
                name = self.name()
                arguments = self.arguments(line)
                node = nodes.MethodCall(node, name, arguments)
                here = line
            elif kind in ("(", "{") or kind == STRING:
                arguments = self.arguments(line)
                node = nodes.Call(node, arguments)
                here = line
            else:
                return node
            node.line, node.offset = here, offset

    def arguments(self, line: int) -> list[nodes.Node]:
        """The arguments of a call."""
        kind, value, here, offset, _ = self.token
        if kind == STRING:
            literal = nodes.String(value)
            literal.line, literal.offset = here, offset
            self.advance()
            return [literal]
        if kind == "{":
            return [self.constructor()]
        if kind == "(":
            if self.profile.ambiguous_call_newline and here != self.last_line:
                self.fail("ambiguous syntax (function call x new statement)")
            self.advance()
            if self.accept(")"):
                return []
            result = self.expression_list()
            self.expect_match(")", "(", here if self.profile.integers else here)
            return result
        del line
        self.fail("function arguments expected")

    def constructor(self) -> nodes.Node:
        """A table constructor (manual 3.4.9)."""
        _, _, line, offset, _ = self.token
        self.expect("{")
        fields: list[tuple[nodes.Node | None, nodes.Node]] = []
        while self.kind != "}":
            key: nodes.Node | None = None
            if self.kind == NAME and self.tokens[self.at + 1][0] == "=":
                key = nodes.String(self.token[1])
                key.line, key.offset = self.token[2], self.token[3]
                self.advance()
                self.advance()
            elif self.kind == "[":
                self.advance()
                key = self.expression()
                self.expect("]")
                self.expect("=")
            elif self.kind == NAME and self.tokens[self.at + 1][0] == ERROR:
                self.advance()
            fields.append((key, self.expression()))
            if not self.accept(",") and not self.accept(";"):
                break
        self.expect_match("}", "{", line)
        node = nodes.Constructor(fields)
        node.line, node.offset = line, offset
        return node


_STATEMENTS = {
    ";": Parser.empty_statement,
    "if": Parser.if_statement,
    "while": Parser.while_statement,
    "do": Parser.do_statement,
    "for": Parser.for_statement,
    "repeat": Parser.repeat_statement,
    "function": Parser.function_statement,
    "local": Parser.local_statement,
    "return": Parser.return_statement,
    "break": Parser.break_statement,
    "::": Parser.label_statement,
    "goto": Parser.goto_statement,
}


def parse(source: str, chunk_name: str, profile: Profile) -> nodes.Function:
    """The syntax tree of a chunk.

    Args:
        source: its text, one character a byte, without a first line that starts with `#`.
        chunk_name: its name as given to `load`.
        profile: the version.

    Raises:
        GuestSyntaxError: the message is complete, with chunk name and line.
    """
    return Parser(source, chunk_name, profile).chunk()
