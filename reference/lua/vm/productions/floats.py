"""Straight lines of statements that likely compute with floats: they are compiled a second time, for floats only.

Where one operand is a host float, the host's `+`, `-`, `*` and `/` give the float that Lua gives or raise, whatever the other is. So
in the second form one class is looked at where no operand is known to be a float, and what is computed from floats needs no look at
all. A statement that meets something else has changed nothing yet: it and those behind it run in the general form.

    while True:                             # left at once
        try:
            dx = ax - b.x
            if dx.__class__ is not float:
                $at = 1
                break
            square = dx * dx
        except (TypeError, ...):
            $at = 1
            break
        $at = 0
        break
    if $at: the general form, from there on
"""

from __future__ import annotations

import ast

from lockstep.reference.host.generation.jumps import Loop
from lockstep.reference.lua.runtime.values import HOST_NAMES, TABLE_NAMES
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.vm.functions import FunctionBuilder
from lockstep.reference.lua.vm.kinds import FLOAT
from lockstep.reference.lua.vm.productions.operands import is_simple

_OPERATORS: dict[str, ast.operator] = {"+": ast.Add(), "-": ast.Sub(), "*": ast.Mult(), "/": ast.Div()}
_FAILURES = ("TypeError", "AttributeError", "IndexError", "ZeroDivisionError", "OverflowError")
# Fewer operators than this whose operands are not known are not worth a second form; longer lines are cut.
_FEWEST, _LONGEST = 3, 40


def float_line(builder: FunctionBuilder, statements: list[nodes.Node], position: int) -> int:
    """How many statements from `position` on are worth a form for floats; 0 if none are."""
    if builder.hooked or builder.chunk.releasing or not builder.profile.integers:
        return 0
    last = operators = 0
    for number, statement in enumerate(statements[position : position + _LONGEST], 1):
        found = _operators_in(builder, statement)
        if found is None or (found == 0 and number == 1):
            break
        if found:
            last = number
            operators += found
    return last if operators >= _FEWEST else 0


def _operators_in(builder: FunctionBuilder, node: nodes.Node) -> int | None:
    """How many operators of a statement would be checked in the general form; None where it does not fit."""
    if isinstance(node, nodes.Local):
        if any(one.captured or one.attribute for one in node.variables):
            return None
        if len(node.variables) != len(node.expressions):
            return None
        if len(node.expressions) == 1 and isinstance(node.expressions[0], nodes.Call):
            return (
                0
                if all(_counted(builder, one) is not None for one in node.expressions[0].arguments)
                else None
            )
        values = node.expressions
    elif isinstance(node, nodes.Assignment) and len(node.targets) == len(node.expressions) == 1:
        target, values = node.targets[0], node.expressions
        if isinstance(target, nodes.Name):
            variable = target.variable
            if variable.captured or variable.owner is not builder.function or variable in builder.deferred:
                return None
        elif not isinstance(target, nodes.Index) or not _is_field(target):
            return None
        if _counted(builder, values[0]) == 0:
            return None
    else:
        return None
    found = 0
    for value in values:
        count = _counted(builder, value)
        if count is None or (isinstance(value, nodes.Binary) and not builder.kinds.likely(value) & FLOAT):
            return None
        found += count
    return found


def _counted(builder: FunctionBuilder, node: nodes.Node) -> int | None:
    if isinstance(node, nodes.Parenthesised):
        return _counted(builder, node.expression)
    if isinstance(node, nodes.Number) or (isinstance(node, nodes.Name) and is_simple(node)):
        return 0
    if isinstance(node, nodes.Index):
        return 0 if _is_field(node) or _is_element(builder, node) else None
    if isinstance(node, nodes.Unary) and node.operator == "-":
        return _counted(builder, node.operand)
    if isinstance(node, nodes.Binary) and node.operator in _OPERATORS:
        left, right = _counted(builder, node.left), _counted(builder, node.right)
        if left is None or right is None:
            return None
        kinds = builder.kinds
        if _is_integral(builder, node):
            return 0
        return left + right + (0 if kinds.is_float(node.left) or kinds.is_float(node.right) else 1)
    return None


def _is_integral(builder: FunctionBuilder, node: nodes.Binary) -> bool:
    """Whether an operator gives an integer of certain integers: those have a form of their own."""
    return node.operator != "/" and builder.kinds.is_integer(node)


def _is_field(node: nodes.Index) -> bool:
    """Whether a field is that of a local variable's table, under a name that no other value answers to."""
    if not isinstance(node.object, nodes.Name) or not is_simple(node.object) or node.is_global:
        return False
    key = node.key
    return isinstance(key, nodes.String) and key.value not in TABLE_NAMES and key.value not in HOST_NAMES


def _is_element(builder: FunctionBuilder, node: nodes.Index) -> bool:
    if not isinstance(node.object, nodes.Name) or not is_simple(node.object):
        return False
    key = node.key
    kinds = builder.kinds
    return isinstance(key, nodes.Name) and is_simple(key) and kinds.is_integer(key) and kinds.is_positive(key)


class _Line:
    """The form for floats of a line of statements."""

    def __init__(self, builder: FunctionBuilder) -> None:
        self.builder = builder
        self.region = Loop()
        self.at = builder.temporary()
        # Variables that hold a host float at this point.
        self.certain: set[nodes.Variable] = set()
        self.number = 0
        # Statements since then declare variables only, so that they may run again.
        self.restart = 1

    def leave(self) -> None:
        """Go on in the general form."""
        self.builder.assign(self.at, self.builder.constant(self.restart))
        self.builder.jump(self.region, continues=False)

    def guard(self, value: ast.expr) -> None:
        """Leave unless a value is a float."""
        builder = self.builder
        with builder.collected() as leaving:
            self.leave()
        is_other = builder.compare(builder.class_of(value), ast.IsNot(), builder.name("float"))
        builder.if_(is_other, leaving)

    def kept(self, value: ast.expr, declared: str | None = None) -> ast.expr:
        """A value in a temporary or in a variable that begins with it, which none of its operands reads; it is a float."""
        held = declared or self.builder.temporary()
        self.builder.assign(held, value)
        self.guard(self.builder.name(held))
        return self.builder.name(held)

    # Expressions, and whether they are certainly floats

    def value(self, node: nodes.Node, declared: str | None = None) -> tuple[ast.expr, bool]:
        builder = self.builder
        if isinstance(node, nodes.Parenthesised):
            return self.value(node.expression, declared)
        if isinstance(node, nodes.Name):
            certain = node.variable in self.certain or builder.kinds.is_float(node)
            return builder.read(node.variable), certain
        if isinstance(node, nodes.Binary):
            return self.binary(node, declared)
        if isinstance(node, nodes.Unary):
            if builder.kinds.is_number(node):
                return builder.expression(node), builder.kinds.is_float(node)
            return builder.prefixed(ast.USub(), self.float(node.operand)), True
        if isinstance(node, nodes.Index):
            assert isinstance(node.object, nodes.Name)
            subject = builder.read(node.object.variable)
            builder.at(node)
            if isinstance(node.key, nodes.String):
                return builder.attribute(subject, node.key.value), False
            assert isinstance(node.key, nodes.Name)
            place = builder.read(node.key.variable)
            return builder.subscript(builder.attribute(subject, "array_part"), place), False
        assert isinstance(node, nodes.Number)
        return builder.number(node.value), type(node.value) is float

    def float(self, node: nodes.Node) -> ast.expr:
        """An operand that is a float from here on."""
        value, certain = self.value(node)
        return value if certain else self.guarded(node, value)

    def guarded(self, node: nodes.Node, value: ast.expr) -> ast.expr:
        """The value of `node`, which is a float from here on."""
        if isinstance(node, nodes.Name) and isinstance(value, ast.Name):
            self.guard(value)
            self.certain.add(node.variable)
            return value
        return self.kept(value)

    def binary(self, node: nodes.Binary, declared: str | None) -> tuple[ast.expr, bool]:
        builder, kinds = self.builder, self.builder.kinds
        if _is_integral(builder, node):
            return builder.expression(node), False
        operator = _OPERATORS[node.operator]
        left, left_certain = self.value(node.left)
        right, right_certain = self.value(node.right)
        builder.at(node)
        if left_certain or right_certain:
            return builder.operation(left, operator, right), True
        left_known, right_known = kinds.is_number(node.left), kinds.is_number(node.right)
        if node.operator == "/" and (left_known or right_known):
            # The host would divide two ints exactly, which is the same up to 2^53 only.
            one = builder.constant(1.0)
            if left_known:
                left = builder.operation(left, ast.Mult(), one)
            else:
                right = builder.operation(right, ast.Mult(), one)
        elif node.operator in "+-":
            return self.kept(builder.operation(left, operator, right), declared), True
        elif left_known or (isinstance(node.right, nodes.Name) and not right_known):
            # The host repeats strings with `*`: one operand must be a float.
            right = self.guarded(node.right, right)
        else:
            left = self.guarded(node.left, left)
        return builder.operation(left, operator, right), True

    # Statements

    def statement(self, node: nodes.Node) -> None:
        self.number += 1
        builder = self.builder
        builder.at(node)
        is_call = isinstance(node, nodes.Local) and isinstance(node.expressions[0], nodes.Call)
        if not isinstance(node, nodes.Local) or is_call:
            self.restart = self.number
        if is_call:
            assert isinstance(node, nodes.Local)
            # What it does is done: the general form goes on behind it.
            builder.statement(node)
            self.certain.difference_update(node.variables)
        else:
            with builder.collected() as body:
                self.computed(node)
            with builder.collected() as handler:
                self.leave()
            builder.try_(body, _FAILURES, handler)
        if not isinstance(node, nodes.Local) or is_call:
            self.restart = self.number + 1

    def computed(self, node: nodes.Node) -> None:
        builder = self.builder
        if isinstance(node, nodes.Local):
            for variable, source in zip(node.variables, node.expressions):
                self.begin(variable, source)
            return
        assert isinstance(node, nodes.Assignment)
        target, source = node.targets[0], node.expressions[0]
        value, certain = self.value(source)
        if isinstance(target, nodes.Name):
            builder.at(node)
            builder.write(target.variable, value)
            self.known(target.variable, certain)
            return
        assert isinstance(target, nodes.Index)
        assert isinstance(target.object, nodes.Name)
        assert isinstance(target.key, nodes.String)
        if not certain:
            value = self.kept(value)
        builder.at(target)
        subject = builder.read(target.object.variable)
        held = builder.attribute(subject, target.key.value)
        with builder.collected() as leaving:
            self.leave()
        has_meta = builder.is_some(builder.attribute(subject, "meta_table"))
        builder.if_(builder.both(has_meta, builder.is_none(held)), leaving)
        builder.store(builder.attribute(subject, target.key.value), value)

    def begin(self, variable: nodes.Variable, source: nodes.Node) -> None:
        if variable.constant is not None:
            return
        host = self.builder.chunk.host_name(variable)
        value, certain = self.value(source, host)
        if not (isinstance(value, ast.Name) and value.id == host):
            self.builder.declare(variable, value)
        self.known(variable, certain)

    def known(self, variable: nodes.Variable, certain: bool) -> None:
        if certain:
            self.certain.add(variable)
        else:
            self.certain.discard(variable)


def generate_float_line(builder: FunctionBuilder, statements: list[nodes.Node]) -> None:
    """A line of statements in the form for floats, with the general one behind it."""
    line = _Line(builder)
    with builder.loop(line.region) as body:
        for statement in statements:
            line.statement(statement)
        builder.assign(line.at, builder.constant(0))
        builder.jump(line.region, continues=False)
    builder.at(statements[0])
    builder.while_(line.region, builder.constant(True), body)
    with builder.collected() as general:
        for number, statement in enumerate(statements, 1):
            builder.at(statement)
            with builder.collected() as one:
                builder.statement(statement)
            builder.at(statement)
            reached = builder.compare(builder.name(line.at), ast.LtE(), builder.constant(number))
            builder.if_(reached, one)
    builder.if_(builder.name(line.at), general)
