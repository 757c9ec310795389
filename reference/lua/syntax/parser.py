"""The parser (manual 9): recursive descent, one token ahead, names resolved on the way.

Errors are worded as the reference implementation's compiler words them, and found in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping

from lockstep.reference.lua.profile import Profile
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.syntax.chunk_source import ChunkSource, Outer, node_of
from lockstep.reference.lua.syntax.expression_parser import ExpressionParser
from lockstep.reference.lua.syntax.lexer import END, ERROR
from lockstep.reference.lua.syntax.scope import FunctionScope, LabelScope
from lockstep.reference.lua.syntax.token_reader import BREAK
from lockstep.reference.lua.syntax.walking import functions_of

_BLOCK_END = frozenset(("else", "elseif", "end", "until", END))


# The hidden variables of loops (`lparser.c`, `fornum` and `forlist`), by whether the version has integers.
_NUMERIC_CONTROL = {True: ("(for state)",) * 3, False: ("(for index)", "(for limit)", "(for step)")}
_GENERIC_CONTROL = {True: ("(for state)",) * 4, False: ("(for generator)", "(for state)", "(for control)")}


class Parser(ExpressionParser):
    """Parses one chunk."""

    # Chunks and functions

    def chunk(self) -> nodes.Function:
        """Parse the whole source (manual 3.3.2)."""
        function = self.begin_chunk()
        function.block = self.block()
        self.check(END)
        self.end_function(function, self.last_line)
        return function

    def begin_chunk(self) -> nodes.Function:
        """The main function: a vararg function with the upvalue `_ENV`."""
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
        return function

    def dumped_function(self, outer: tuple[Outer, ...], *, stripped: bool) -> nodes.Function:
        """A chunk that returns the function which the text is, with `outer` as its local variables around it."""
        chunk = self.begin_chunk()
        self.open_block()
        variables: list[nodes.Variable] = []
        for one in outer:
            variable = self.declare(one if isinstance(one, str) else one[0])
            if not isinstance(one, str):
                variable.constant = node_of(one[1])
            variables.append(variable)
        self.scope.active.extend(variables)
        line, offset = self.token[2], self.token[3]
        self.advance()
        function = self.function_body(line, offset, "")
        self.check(END)
        made = nodes.Return([function], closes=False)
        made.line = made.ends = line
        made.offset = offset
        chunk.block = nodes.Block([made])
        self.end_function(chunk, self.last_line)
        self.close_block()
        if stripped:
            _strip(chunk)
        return chunk

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
        block.before = self.last_line
        # 5.4 counts nested statements, 5.1 nested blocks.
        counted = self.profile.integers
        if not counted:
            self.enter_level()
        outside = self.levels
        while self.kind not in _BLOCK_END:
            if counted:
                self.enter_level()
            if self.kind == "return":
                result.append(self.return_statement())
                self.levels = outside
                break
            statement = self.statement()
            self.levels = outside
            if statement is not None:
                if isinstance(statement, nodes.Local):
                    statement.silent = self.is_silent(statement, result)
                result.append(statement)
                if self.profile.break_last and isinstance(statement, nodes.Break):
                    break
        if not counted:
            self.levels -= 1
        block.last_line = self.last_line
        return block

    # Statements

    def is_silent(self, node: nodes.Local, before: list[nodes.Node]) -> bool:
        """Whether a declaration needs no instruction: its nils are there already."""
        if node.expressions:
            return len(node.variables) == 1 and node.variables[0].constant is not None
        if not before:
            return not self.profile.integers and len(self.scope.blocks) == 1
        previous = before[-1]
        return isinstance(previous, nodes.Local) and not previous.expressions

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
        if node is not None and not hasattr(node, "ends"):
            node.ends = self.last_line
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
            tested = self.last_line
            self.expect("then")
            block = self.block()
            if not self.profile.integers:
                block.before = tested
            elif block.statements and isinstance(block.statements[0], nodes.Break):
                block.statements[0].silent = True
            clauses.append((condition, block))
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
        tested = self.last_line
        self.expect("do")
        block = self.block(is_loop=True)
        block.before = tested
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
            self.check_locals(len(_NUMERIC_CONTROL[self.profile.integers]) + 1)
            node = self.numeric_for(names[0], line)
        elif self.kind in (",", "in"):
            self.check_locals(len(_GENERIC_CONTROL[self.profile.integers]) + 1)
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
        control = self.control_variables(_NUMERIC_CONTROL)
        self.scope.loops += 1
        variable = self.declare(name)
        self.scope.loops -= 1
        self.activate(control)
        block = self.block(is_loop=True, variables=[variable])
        self.deactivate_control(len(control))
        self.expect_match("end", "for", line)
        return nodes.NumericFor(variable, start, stop, step, block, control)

    def generic_for(self, names: list[str], opener: int) -> nodes.Node:
        """`for names in expressions do block end`."""
        while self.accept(","):
            names.append(self.name())
        self.expect("in")
        line, offset = self.token[2], self.token[3]
        expressions = self.expression_list()
        self.expect("do")
        control = self.control_variables(_GENERIC_CONTROL)
        self.scope.loops += 1
        variables = [self.declare(name) for name in names]
        self.scope.loops -= 1
        self.activate(control)
        block = self.block(is_loop=True, variables=variables, closes=self.profile.integers)
        self.deactivate_control(len(control))
        self.expect_match("end", "for", opener)
        node = nodes.GenericFor(variables, expressions, block, control)
        # The iterator is called on the line of the expression list.
        node.line, node.offset = line, offset
        return node

    def control_variables(self, names: Mapping[bool, tuple[str, ...]]) -> list[nodes.Variable]:
        """The hidden variables of a loop count as locals; `debug.getlocal` shows them."""
        return [self.declare(name) for name in names[self.profile.integers]]

    def deactivate_control(self, count: int) -> None:
        """End the scope of a loop's hidden variables."""
        for variable in self.scope.active[-count:]:
            variable.end, variable.closes = self.token[2], self.token[3]
        del self.scope.active[-count:]
        # A `goto` that leaves the loop is where its variables are not (`movegotosout`).
        pending, active = self.scope.blocks[-1].pending, len(self.scope.active)
        pending[:] = [(goto, min(known, active)) for goto, known in pending]

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
        # The definition happens on its first line.
        node.line = node.ends = line
        node.offset = offset
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
                    self.semantic_error(f"unknown attribute '{attribute}'")
                if attribute == "close":
                    if closing:
                        self.semantic_error("multiple to-be-closed variables in local list")
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
        node.line, node.offset, node.ends = node_line, node_offset, self.last_line
        return node

    def break_statement(self) -> nodes.Node:
        """`break`."""
        line = self.token[2]
        self.advance()
        if not any(block.is_loop for block in self.scope.blocks):
            if not self.profile.integers:
                self.fail("no loop to break")
            # 5.4: a `goto` whose label is missed where the function ends.
            goto = nodes.Goto(BREAK)
            goto.line, goto.offset = line, self.token[3]
            self.scope.blocks[-1].pending.append((goto, len(self.scope.active)))
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
        if not is_call if not self.profile.integers else self.kind in ("=", ","):
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
            if self.profile.integers:
                self.enter_level()
            else:
                self.limit(levels, self.max_levels - self.levels, "variables in assignment")
        self.expect("=")
        return nodes.Assignment(targets, self.expression_list())

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
    return parse_chunk(ChunkSource(source, chunk_name), profile)


def parse_chunk(source: ChunkSource, profile: Profile) -> nodes.Function:
    """The syntax tree of a chunk, or of a chunk that returns the function which `string.dump` wrote."""
    parser = Parser(source.text, source.chunk_name, profile, source.first_line)
    if source.outer is not None:
        return parser.dumped_function(source.outer, stripped=source.stripped)
    chunk = parser.chunk()
    if source.stripped:
        _strip(chunk)
    return chunk


def _strip(chunk: nodes.Function) -> None:
    """Names and lines are not known, as `string.dump` leaves them out when asked."""
    for function in functions_of(chunk):
        function.stripped = True
