"""Expressions, function bodies and the scopes of names (manual 3.4, 3.5)."""

from __future__ import annotations

from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.syntax.lexer import ERROR, NAME, NUMBER, STRING
from lockstep.reference.lua.syntax.scope import BlockScope, FunctionScope, resolve
from lockstep.reference.lua.syntax.token_reader import BREAK, HIDDEN_ENVIRONMENT, TokenReader

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
_RELATIONAL = frozenset(("<", ">", "<=", ">=", "~=", "=="))
_UNARY_PRIORITY = 12
_MAX_LOCALS = 200
_MAX_REGISTERS = {True: 255, False: 250}
_FEW = 40
_MAX_UPVALUES = {True: 255, False: 60}


class ExpressionParser(TokenReader):
    """Parses expressions; what stands in a function's body is its subclass's."""

    def statements(self) -> nodes.Block:
        """The statements up to the end of the block."""
        raise NotImplementedError

    # Scopes

    def declare(self, name: str) -> nodes.Variable:
        """A new variable of the current function, not yet active."""
        variable = nodes.Variable(name, self.scope.function, self.token[2])
        variable.in_loop = self.scope.loops > 0
        self.scope.declared += 1
        self.check_locals(0)
        self.scope.function.variables.append(variable)
        return variable

    def check_locals(self, more: int) -> None:
        """Raise the error for too many local variables where there are `more`."""
        self.limit(len(self.scope.active) + self.scope.declared + more, _MAX_LOCALS, "local variables")

    def activate(self, variables: list[nodes.Variable]) -> None:
        """Begin the scope of `variables`."""
        for variable in variables:
            variable.opens = self.token[3]
        self.scope.active.extend(variables)
        self.scope.declared -= len(variables)

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
            variable.closes = self.token[3] if scope.blocks else self.token[3] + 1
        del scope.active[block.first :]
        if not block.pending:
            return
        if not scope.blocks:
            goto = block.pending[0][0]
            if goto.name == BREAK:
                self.semantic_error(f"break outside loop at line {goto.line}")
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
        self.check_upvalues()
        return node

    def check_upvalues(self) -> None:
        """Raise the error for too many upvalues, in the outermost function that has them."""
        limit = _MAX_UPVALUES[self.profile.integers]
        exceeding: FunctionScope | None = None
        scope: FunctionScope | None = self.scope
        while scope is not None:
            if len(scope.upvalues) > limit:
                exceeding = scope
            scope = scope.parent
        if exceeding is not None:
            self.limit(len(exceeding.upvalues), limit, "upvalues", exceeding.function)

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
        function.begins = self.token[3]
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
                    self.fail("<name> or '...' expected")
                if not self.accept(","):
                    break
        self.activate(parameters)
        for variable in parameters:
            variable.opens = offset
        function.parameters = parameters
        if function.is_vararg and not self.profile.environments:
            argument = self.declare("arg")
            self.activate([argument])
            argument.opens = offset
            function.uses_argument_table = argument
        self.expect(")")
        function.block = self.statements()
        self.end_function(function, self.token[2])
        function.finishes = self.token[4]
        self.expect_match("end", "function", line)
        scope = self.scope
        for variable in scope.active:
            variable.end = function.last_line
        self.close_block()
        function.uses_vararg = scope.uses_vararg
        assert scope.parent is not None
        self.scope = scope.parent
        return function

    def end_function(self, function: nodes.Function, line: int) -> None:
        """Note where a function ends."""
        function.last_line = function.end.line = line
        function.end.offset = self.token[3]

    # Expressions

    def expression_list(self) -> list[nodes.Node]:
        """One expression or more."""
        result = self.expressions(0)
        if len(result) > _FEW:
            self.check_registers(len(result))
        return result

    def expressions(self, registers: int) -> list[nodes.Node]:
        """The expressions of a list, which come into registers behind so many; each is put there behind its comma."""
        result = [self.expression()]
        while self.accept(","):
            if len(result) > _FEW:
                self.check_registers(registers + len(result))
            result.append(self.expression())
        return result

    def check_registers(self, count: int) -> None:
        """Refuse a list whose values do not fit beside the local variables (`luaK_checkstack`)."""
        if len(self.scope.active) + count >= _MAX_REGISTERS[self.profile.integers]:
            what = "needs too many registers" if self.profile.integers else "too complex"
            self.fail(f"function or expression {what}")

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
            if isinstance(left, nodes.Index):
                # Its instruction comes when the operator was read.
                left.line = line
            right = self.expression(priority[1])
            node = (nodes.Logical if operator in ("and", "or") else nodes.Binary)(operator, left, right)
            node.line, node.offset = line, offset
            if operator in _RELATIONAL or not (self.profile.integers or isinstance(node, nodes.Logical)):
                node.line = self.last_line
            elif operator == ".." and isinstance(right, nodes.Binary) and right.operator == "..":
                # All of them are one instruction.
                node.line = right.line
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
            node = nodes.String(self.strings.setdefault(value, value))
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
        return self.fail("unexpected symbol")

    def suffixed_expression(self) -> nodes.Node:
        """A primary expression and the indexes and calls that follow it."""
        node = self.primary_expression()
        while True:
            kind, _, here, offset, _ = self.token
            if kind == ".":
                self.advance()
                key = nodes.String("")
                key.line, key.offset = self.token[2], self.token[3]
                key.value = self.name()
                node = nodes.Index(node, key)
                here = self.last_line
            elif kind == "[":
                self.advance()
                inner = self.expression()
                self.expect("]")
                node = nodes.Index(node, inner)
                here = self.last_line
            elif kind == ":":
                self.advance()
                name = self.name()
                here = self.token[2]
                node = nodes.MethodCall(node, name, self.arguments())
            elif kind in ("(", "{") or kind == STRING:
                node = nodes.Call(node, self.arguments())
            else:
                return node
            node.line, node.offset = here, offset

    def arguments(self) -> list[nodes.Node]:
        """The arguments of a call."""
        kind, value, here, offset, _ = self.token
        if kind == STRING:
            literal = nodes.String(self.strings.setdefault(value, value))
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
            result = self.expressions(1)
            self.expect_match(")", "(", here)
            if len(result) > _FEW:
                self.check_registers(1 + len(result))
            if isinstance(result[-1], nodes.Index):
                result[-1].line = self.last_line
            return result
        return self.fail("function arguments expected")

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
        node.line, node.offset, node.ends = line, offset, self.last_line
        if fields and fields[-1][0] is None and isinstance(fields[-1][1], nodes.Index):
            fields[-1][1].line = self.last_line
        return node
