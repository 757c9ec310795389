"""Calls of well-known built-ins, with their common case in place.

The function is looked up as ever; where it turns out to be the state's own built-in and the arguments are of the kinds in the
table below, a host expression takes the place of the call. Such an expression raises nothing, calls nothing of the guest's and
gives exactly one value; everything else is left to the function itself.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache
from typing import Any, Callable, NamedTuple

from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.vm.form import STATE_PARAMETER, well_known_name
from lockstep.reference.lua.vm.functions import FunctionBuilder
from lockstep.reference.lua.vm.kinds.bits import INTEGER, NUMBER, OTHER, STRING
from lockstep.reference.lua.vm.productions.operands import is_simple


class Form(NamedTuple):
    """The common case of a built-in for so many arguments.

    Attributes:
        kinds: one letter for each argument, `a`, `b`, `c`: `s` a string, `i` an integer, `n` a number, `t` a table without metatable, `T` a table,
            `v` anything but nil, `*` anything.
        value: the host expression.
        guards: what else must hold.
        integers: only in 5.4.
        large: what it makes may be large, which limits of memory must hear of before.
    """

    kinds: str
    value: str
    guards: tuple[str, ...] = ()
    integers: bool = False
    large: bool = False


_SUB = "a[b - 1 if b > 0 else b:c if c >= 0 else c + 1 or None]"
_NEAR_ZERO = "-9007199254740992 < a < 9007199254740992"
_FORMS: dict[str, tuple[Form, ...]] = {
    "string.byte": (Form("s", "ord(a[0])", ("a",)), Form("si", "ord(a[b - 1])", ("0 < b <= len(a)",))),
    "string.char": (Form("i", "chr(a)", ("0 <= a <= 255",)),),
    "string.len": (Form("s", "len(a)"),),
    "string.lower": (Form("s", "a.lower()", ("a.isascii()",), large=True),),
    "string.rep": (Form("si", "a * b", ("len(a) * b < 32768",)),),
    "string.reverse": (Form("s", "a[::-1]", large=True),),
    "string.sub": (
        Form("si", "a[b - 1 if b > 0 else b:]", large=True),
        Form("sii", _SUB, large=True),
    ),
    "string.upper": (Form("s", "a.upper()", ("a.isascii()",), large=True),),
    "table.insert": (Form("tv", "a.array_part.append(b)", ("not a.hash_part",)),),
    "table.remove": (
        Form(
            "t",
            "a.array_part.pop()",
            ("len(a.array_part) > 1", "a.array_part[-2] is not None or len(a.array_part) == 2"),
        ),
    ),
    "math.abs": (Form("n", "abs(a)", ("a > -9223372036854775808",)),),
    "math.ceil": (Form("n", "ceil(a)", (_NEAR_ZERO,), integers=True),),
    "math.cos": (Form("n", "cos(a)", (_NEAR_ZERO,), integers=True),),
    "math.floor": (
        Form("n", "floor(a)", (_NEAR_ZERO,), integers=True),
        Form("n", "floor(a)", (_NEAR_ZERO, "a")),
    ),
    "math.max": (Form("nn", "b if a < b else a"),),
    "math.min": (Form("nn", "b if b < a else a"),),
    "math.sin": (Form("n", "sin(a)", (_NEAR_ZERO,), integers=True),),
    "math.sqrt": (Form("n", "sqrt(a)", ("a >= 0",), integers=True),),
    "setmetatable": (
        Form(
            "tT",
            "set_metatable(a, b) or a",
            ("a.hash_part.__class__ is dict", '"__gc" not in b.__dict__', '"__mode" not in b.__dict__'),
        ),
    ),
    "tonumber": (Form("s", "int(a)", ("a.isdigit()", "a.isascii()", "len(a) < 16")), Form("n", "a")),
    "tostring": (Form("i", "str(a)", integers=True),),
    "type": (Form("*", "type_names[type(a)]", ("type(a) in type_names",)),),
}
_NO_RESULT = frozenset(("table.insert",))
_SELECT = "select"
# How large a string may be that metered code makes without telling its budget.
_LARGE = 1 << 15
# Names in the table above that a variable of the guest's may have: compiled code has them with a dollar.
_RUNTIME_NAMES = {
    name: f"${name}"
    for name in (
        "abs",
        "ceil",
        "chr",
        "cos",
        "dict",
        "floor",
        "ord",
        "set_metatable",
        "sin",
        "sqrt",
        "type_names",
    )
}
_BY_LAST_NAME = {name.rpartition(".")[2]: name for name in (*_FORMS, _SELECT)}
_PARAMETERS = "abc"


class InPlace(NamedTuple):
    """What takes a call's place: a test, and a value where it holds; no value but no result where `is_value` is false."""

    test: ast.expr
    value: ast.expr
    is_value: bool


def in_place(
    builder: FunctionBuilder,
    node: nodes.Node,
    function: ast.expr,
    arguments: list[ast.expr],
    argument_nodes: list[nodes.Node],
) -> InPlace | None:
    """The common case of a call, if it may be one of a well-known built-in."""
    name = _well_known(builder, node)
    if name is None:
        return None
    is_it = builder.compare(function, ast.Is(), _state_name(builder, name))
    if name == _SELECT:
        return _selected(builder, is_it, arguments, argument_nodes)
    if any(isinstance(value, ast.Starred) for value in arguments):
        return None
    for form in _FORMS[name]:
        if len(form.kinds) == len(arguments) and (builder.profile.integers or not form.integers):
            found = _filled_form(builder, form, is_it, arguments, argument_nodes)
            if found is not None:
                return found._replace(is_value=name not in _NO_RESULT)
    return None


def _filled_form(
    builder: FunctionBuilder,
    form: Form,
    is_it: ast.expr,
    arguments: list[ast.expr],
    argument_nodes: list[nodes.Node],
) -> InPlace | None:
    """A form of the table with a call's arguments; None where one is certainly of another kind."""
    given = dict(zip(_PARAMETERS, zip(arguments, argument_nodes)))
    tests: list[ast.expr] = [is_it]
    for kind, (value, value_node) in zip(form.kinds, given.values()):
        found = _kind_test(builder, kind, value, value_node)
        if found is None:
            return None
        tests.extend(found)
    filling = _Filling(builder, given)
    for text in form.guards:
        test = filling.filled(text)
        if not isinstance(test, ast.Constant):
            tests.append(test)
        elif not test.value:
            return None
    if form.large and builder.chunk.metered:
        size = builder.call("len", arguments[0])
        tests.append(builder.compare(size, ast.Lt(), builder.constant(_LARGE)))
    return InPlace(builder.both(*tests), filling.filled(form.value), is_value=True)


def may_be_in_place(builder: FunctionBuilder, node: nodes.Node) -> bool:
    """Whether a call may be one of a well-known built-in."""
    return _well_known(builder, node) is not None


def _state_name(builder: FunctionBuilder, name: str) -> ast.expr:
    return builder.attribute(builder.variable(STATE_PARAMETER), well_known_name(name))


def _selected(
    builder: FunctionBuilder, is_it: ast.expr, arguments: list[ast.expr], argument_nodes: list[nodes.Node]
) -> InPlace | None:
    """`select("#", ...)`."""
    if len(arguments) != 2 or not isinstance(argument_nodes[1], nodes.Vararg):
        return None
    which = argument_nodes[0]
    if not (isinstance(which, nodes.String) and which.value == "#"):
        return None
    return InPlace(is_it, builder.call("len", builder.name("$varargs")), is_value=True)


# What a call calls


def _well_known(builder: FunctionBuilder, node: nodes.Node) -> str | None:
    """The built-in that a call most likely calls, where calls may be done in place."""
    if builder.hooked or (builder.outer is None and not builder.loop_of):
        return None
    if isinstance(node, nodes.MethodCall):
        name = f"string.{node.name}"
        return name if name in _FORMS else None
    assert isinstance(node, nodes.Call)
    name = _function_name(builder, node.function) or ""
    return name if name in _FORMS or name == _SELECT else None


def _function_name(builder: FunctionBuilder, node: nodes.Node) -> str | None:
    if isinstance(node, nodes.Parenthesised):
        return _function_name(builder, node.expression)
    if isinstance(node, nodes.Logical):
        return _function_name(builder, node.left)
    if isinstance(node, nodes.Index) and isinstance(node.key, nodes.String):
        if node.is_global:
            return node.key.value
        holder = _function_name(builder, node.object)
        return f"{holder}.{node.key.value}" if holder else None
    if isinstance(node, nodes.Name):
        origin = builder.kinds.origin(node.variable)
        if isinstance(origin, (nodes.Index, nodes.Logical)):
            return _function_name(builder, origin)
        return _BY_LAST_NAME.get(node.variable.name, node.variable.name)
    return None


# Guards


def _kind_test(
    builder: FunctionBuilder, kind: str, value: ast.expr, node: nodes.Node
) -> list[ast.expr] | None:
    """The tests for an argument's kind; None where it certainly has another."""
    known = builder.kinds.kind(node)
    wanted = {"s": STRING, "i": INTEGER, "n": NUMBER}.get(kind)
    if wanted is not None:
        if known and not known & ~wanted:
            return []
        if known and not known & (wanted | OTHER):
            return None
    if kind == "s":
        return [builder.is_type(value, "str")]
    if kind == "i":
        return [builder.is_type(value, "int")]
    if kind == "n":
        names = ("int", "float") if builder.kinds.likely(node) == INTEGER else ("float", "int")
        return [builder.either(*(builder.is_type(value, name) for name in names))]
    if kind == "t":
        is_plain = builder.is_none(builder.attribute(value, "meta_table"))
        return [builder.is_type(value, "$Table"), is_plain]
    if kind == "T":
        return [builder.is_type(value, "$Table")]
    if kind == "v":
        if isinstance(value, ast.Constant):
            return [] if value.value is not None else None
        return [builder.is_some(value)]
    return []


@cache
def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


class _Filling:
    """Puts a call's arguments into the expressions of the table."""

    def __init__(self, builder: FunctionBuilder, given: dict[str, tuple[ast.expr, nodes.Node]]) -> None:
        self.builder = builder
        self.given = given

    def filled(self, text: str) -> ast.expr:
        """An expression of the table, with what is certain decided."""
        made = self._copy(_parsed(text))
        assert isinstance(made, ast.expr)
        return made

    def _copy(self, node: ast.AST) -> ast.AST:
        builder = self.builder
        if isinstance(node, ast.Name):
            if node.id in self.given:
                return self.given[node.id][0]
            return builder.name(_RUNTIME_NAMES.get(node.id, node.id))
        if isinstance(node, ast.Compare):
            decided = self._decided(node)
            if decided is not None:
                return builder.constant(decided)
        if isinstance(node, ast.IfExp) and isinstance(node.test, ast.Compare):
            decided = self._decided(node.test)
            if decided is not None:
                return self._copy(node.body if decided else node.orelse)
        fields = {name: self._copied(value) for name, value in ast.iter_fields(node)}
        made: ast.AST = type(node)(**fields)
        if isinstance(made, ast.expr):
            made.lineno, made.col_offset = builder.line, builder.column
        return made

    def _copied(self, value: object) -> object:
        if isinstance(value, ast.AST):
            return self._copy(value)
        return [self._copied(one) for one in value] if isinstance(value, list) else value

    def _decided(self, node: ast.Compare) -> bool | None:
        """The outcome of a comparison of constants, or of what is known to be positive."""
        operands = [self._constant(one) for one in (node.left, *node.comparators)]
        if None not in operands:
            pairs = zip(operands, node.ops, operands[1:])
            return all(_ORDERS[type(one)](left, right) for left, one, right in pairs)
        if isinstance(node.left, ast.Name) and len(operands) == 2 and operands[1] == 0:
            _, argument = self.given[node.left.id]
            positive = self.builder.kinds.is_integer(argument) and self.builder.kinds.is_positive(argument)
            if positive and isinstance(node.ops[0], (ast.Gt, ast.GtE)):
                return True
        return None

    def _constant(self, node: ast.expr) -> Any:
        if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
            value: Any = node.operand.value
            return -value
        if isinstance(node, ast.Name):
            found = self.given.get(node.id)
            node = found[0] if found else node
        return node.value if isinstance(node, ast.Constant) and type(node.value) is int else None


_ORDERS: dict[type[ast.cmpop], Callable[[int, int], bool]] = {
    ast.Lt: lambda left, right: left < right,
    ast.LtE: lambda left, right: left <= right,
    ast.Gt: lambda left, right: left > right,
    ast.GtE: lambda left, right: left >= right,
}


def settled_arguments(
    builder: FunctionBuilder, arguments: Iterable[ast.expr], argument_nodes: Iterable[nodes.Node]
) -> list[ast.expr]:
    """Arguments as host names or constants, which may be used more than once."""
    return [
        value
        if isinstance(value, (ast.Constant, ast.Starred))
        or (isinstance(value, ast.Name) and (value.id.startswith("$") or is_simple(node)))
        else builder.keep(value)
        for value, node in zip(arguments, argument_nodes)
    ]
