"""The syntax tree (manual 3.3, 3.4, 9). Every node has the line that errors show and its offset in the source."""

from __future__ import annotations

from typing import Any


class Variable:
    """A local variable.

    Attributes:
        name: as written.
        owner: the function that declares it.
        attribute: "", "const" or "close".
        captured: an inner function uses it.
        assigned: something besides its declaration assigns it.
        in_loop: its declaration may run more than once in one activation of its owner.
        line: where it was declared.
        start, end: the lines between which it is in scope.
        opens, closes: the offsets between which it is in scope, the second beyond it.
        constant: the compile-time constant's node, if it is one (5.4), else None.
        host: the evaluator's own name or slot for it.
    """

    __slots__ = (
        "assigned", "attribute", "captured", "closes", "constant", "end", "host", "in_loop", "line", "name",
        "opens", "owner", "start",
    )  # fmt: skip

    def __init__(self, name: str, owner: Function, line: int) -> None:
        self.name = name
        self.owner = owner
        self.line = line
        self.attribute = ""
        self.captured = False
        self.assigned = False
        self.in_loop = False
        self.constant: Node | None = None
        self.host: Any = None
        self.start = line
        self.end = 0
        self.opens = self.closes = 0

    def is_active(self, line: int, offset: int | None) -> bool:
        """Whether it is in scope there; without an offset as far as lines tell."""
        if offset is None:
            return self.start <= line <= (self.end or line)
        return self.opens <= offset < self.closes


class Node:
    """Base of all nodes; a statement's `ends` is the line of its last token."""

    __slots__ = ("ends", "line", "offset")
    line: int
    offset: int
    ends: int


class Nil(Node):
    """`nil`."""

    __slots__ = ()


class Boolean(Node):
    """`true` or `false`."""

    __slots__ = ("value",)

    def __init__(self, value: bool) -> None:
        self.value = value


class Number(Node):
    """A numeral."""

    __slots__ = ("value",)

    def __init__(self, value: float) -> None:
        self.value = value


class String(Node):
    """A literal string."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value


class Vararg(Node):
    """`...`."""

    __slots__ = ()


class Name(Node):
    """A local variable or, where `function` is not its owner, an upvalue."""

    __slots__ = ("function", "variable")

    def __init__(self, variable: Variable, function: Function) -> None:
        self.variable = variable
        self.function = function


class Index(Node):
    """`object[key]`, `object.key`, or a global variable (`is_global`), where the object is `_ENV`."""

    __slots__ = ("is_global", "key", "object")

    def __init__(self, object_: Node, key: Node, is_global: bool = False) -> None:
        self.object = object_
        self.key = key
        self.is_global = is_global


class Call(Node):
    """`function(arguments)`."""

    __slots__ = ("arguments", "function")

    def __init__(self, function: Node, arguments: list[Node]) -> None:
        self.function = function
        self.arguments = arguments


class MethodCall(Node):
    """`object:name(arguments)`."""

    __slots__ = ("arguments", "name", "object")

    def __init__(self, object_: Node, name: str, arguments: list[Node]) -> None:
        self.object = object_
        self.name = name
        self.arguments = arguments


class Binary(Node):
    """An arithmetic, bitwise, relational or concatenation operator."""

    __slots__ = ("left", "operator", "right")

    def __init__(self, operator: str, left: Node, right: Node) -> None:
        self.operator = operator
        self.left = left
        self.right = right


class Logical(Node):
    """`and`, `or`."""

    __slots__ = ("left", "operator", "right")

    def __init__(self, operator: str, left: Node, right: Node) -> None:
        self.operator = operator
        self.left = left
        self.right = right


class Unary(Node):
    """`-`, `not`, `#`, `~`."""

    __slots__ = ("operand", "operator")

    def __init__(self, operator: str, operand: Node) -> None:
        self.operator = operator
        self.operand = operand


class Parenthesised(Node):
    """`(expression)`: exactly one value."""

    __slots__ = ("expression",)

    def __init__(self, expression: Node) -> None:
        self.expression = expression


class Constructor(Node):
    """A table constructor; `fields` are (key, value) pairs, where a positional field has no key."""

    __slots__ = ("fields",)

    def __init__(self, fields: list[tuple[Node | None, Node]]) -> None:
        self.fields = fields


class Function(Node):
    """A function body.

    Attributes:
        parameters: its parameters, `self` included.
        is_vararg: it takes `...`.
        block: its body.
        last_line: where its `end` stands.
        parent: the function around it; None for a chunk.
        upvalues: the outer variables it uses, in the order of first use.
        variables: every variable it declares.
        number: its number in the chunk, 0 for the main function.
        name: what it was called where it was defined, for the host's own names.
        end: the place of its `end`.
        begins, finishes: the offsets of its `(` and behind its `end`.
        stripped: its names and lines are not known.
    """

    __slots__ = (
        "begins", "block", "end", "finishes", "is_vararg", "last_line", "name", "number", "parameters",
        "parent", "source", "stripped", "upvalues", "uses_argument_table", "uses_vararg", "variables",
    )  # fmt: skip

    def __init__(self, parent: Function | None) -> None:
        self.parent = parent
        self.parameters: list[Variable] = []
        self.is_vararg = False
        self.block: Block = Block([])
        self.last_line = 0
        self.end = End()
        self.begins = self.finishes = 0
        self.stripped = False
        self.upvalues: list[Variable] = []
        self.variables: list[Variable] = []
        self.name = ""
        self.number = 0
        # The text of the chunk; on a main function only.
        self.source = ""
        # 5.1 only: the variable `arg` of a vararg function, nil where it uses `...`.
        self.uses_argument_table: Variable | None = None
        self.uses_vararg = False


class End(Node):
    """Where a function ends and returns nothing."""

    __slots__ = ()


class Block(Node):
    """A list of statements with a scope of its own.

    Attributes:
        statements: they.
        before: the line on which the condition in front of it, if there is one, is tested.
        last_line: the line of the last token in it.
    """

    __slots__ = ("before", "last_line", "statements")

    def __init__(self, statements: list[Node]) -> None:
        self.statements = statements
        self.before = 0
        self.last_line = 0


class Local(Node):
    """`local names = expressions`; `silent` where the reference implementation needs no instruction for it."""

    __slots__ = ("expressions", "silent", "variables")

    def __init__(self, variables: list[Variable], expressions: list[Node]) -> None:
        self.variables = variables
        self.expressions = expressions
        self.silent = False


class LocalFunction(Node):
    """`local function name`."""

    __slots__ = ("function", "variable")

    def __init__(self, variable: Variable, function: Function) -> None:
        self.variable = variable
        self.function = function


class Assignment(Node):
    """`targets = expressions`; also `function a.b.c()`."""

    __slots__ = ("expressions", "targets")

    def __init__(self, targets: list[Node], expressions: list[Node]) -> None:
        self.targets = targets
        self.expressions = expressions


class CallStatement(Node):
    """A call whose results are dropped."""

    __slots__ = ("call",)

    def __init__(self, call: Node) -> None:
        self.call = call


class Do(Node):
    """`do block end`."""

    __slots__ = ("block",)

    def __init__(self, block: Block) -> None:
        self.block = block


class While(Node):
    """`while condition do block end`."""

    __slots__ = ("block", "condition")

    def __init__(self, condition: Node, block: Block) -> None:
        self.condition = condition
        self.block = block


class Repeat(Node):
    """`repeat block until condition`; the condition sees the block's variables."""

    __slots__ = ("block", "condition")

    def __init__(self, block: Block, condition: Node) -> None:
        self.block = block
        self.condition = condition


class If(Node):
    """`if`, with its `elseif` clauses, and the `else` block or None."""

    __slots__ = ("clauses", "otherwise")

    def __init__(self, clauses: list[tuple[Node, Block]], otherwise: Block | None) -> None:
        self.clauses = clauses
        self.otherwise = otherwise


class NumericFor(Node):
    """`for variable = start, stop, step do block end`; without a step it is None; `control` are the hidden variables."""

    __slots__ = ("block", "control", "start", "step", "stop", "variable")

    def __init__(
        self,
        variable: Variable,
        start: Node,
        stop: Node,
        step: Node | None,
        block: Block,
        control: list[Variable],
    ) -> None:
        self.variable = variable
        self.control = control
        self.start = start
        self.stop = stop
        self.step = step
        self.block = block


class GenericFor(Node):
    """`for variables in expressions do block end`; `control` are the hidden variables."""

    __slots__ = ("block", "control", "expressions", "variables")

    def __init__(
        self, variables: list[Variable], expressions: list[Node], block: Block, control: list[Variable]
    ) -> None:
        self.variables = variables
        self.control = control
        self.expressions = expressions
        self.block = block


class Return(Node):
    """`return expressions`; a single call is a tail call unless variables wait to be closed (`closes`)."""

    __slots__ = ("closes", "expressions")

    def __init__(self, expressions: list[Node], closes: bool) -> None:
        self.expressions = expressions
        self.closes = closes


class Break(Node):
    """`break`; `silent` right behind a `then`, where the test jumps at once (5.4)."""

    __slots__ = ("silent",)

    def __init__(self) -> None:
        self.silent = False


class Label(Node):
    """`::name::`."""

    __slots__ = ("name", "used")

    def __init__(self, name: str) -> None:
        self.name = name
        self.used = False


class Goto(Node):
    """`goto name`; `label` is the label it jumps to."""

    __slots__ = ("label", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.label: Label | None = None
