"""How error messages name the expression that was called: the same in every evaluator, and as V8's CallPrinter has it."""

from __future__ import annotations

import operator
from typing import Any, Callable

from lockstep.reference.javascript.syntax.ast import (
    ArrayLiteral,
    ArrayPattern,
    Assignment,
    Binary,
    BooleanLiteral,
    Call,
    CompoundAssignment,
    ComputedMember,
    Conditional,
    DotMember,
    IdentifierReference,
    Logical,
    LogicalAssignment,
    Node,
    NullLiteral,
    NumericLiteral,
    ObjectLiteral,
    ObjectPattern,
    PrivateMember,
    RegularExpressionLiteral,
    Sequence,
    SpreadElement,
    StringLiteral,
    SuperComputed,
    SuperDot,
    TaggedTemplate,
    TemplateLiteral,
    ThisExpression,
    Unary,
    Update,
)
from lockstep.reference.javascript.syntax.numeric import number_to_string

_OTHER = "(intermediate value)"
# An expression of more parts is cut: the text is made where a call is compiled, not where it fails.
_PARTS = 64

_Shown = Callable[[Any], str]


def callee_name(node: Node) -> str:
    """The text of `node`; what has none in it is "(intermediate value)"."""
    parts = [_PARTS]

    def shown(node: Node | None) -> str:
        parts[0] -= 1
        write = None if node is None or parts[0] < 0 else _WRITERS.get(type(node))
        return (write(node, shown) if write is not None else "") or _OTHER

    return shown(node)


def source_name(pattern: Node, source: Node, *, declared: bool) -> str:
    """How messages name what a pattern takes apart; "" where they say what kind of value it was instead."""
    if isinstance(pattern, ArrayPattern) and not (declared and isinstance(source, _NAMED)):
        return ""
    return callee_name(source)


_NAMED = (
    IdentifierReference,
    NullLiteral,
    BooleanLiteral,
    NumericLiteral,
    StringLiteral,
    ArrayLiteral,
    ObjectLiteral,
)


def first_key(pattern: Node) -> str | None:
    """The key that messages name of an object pattern: of its first property, where that is no expression."""
    if not isinstance(pattern, ObjectPattern) or not pattern.properties:
        return None
    key = pattern.properties[0].key
    return key if isinstance(key, str) else None


def reads_first(pattern: Node) -> bool:
    """Whether the first property of an object pattern is read before the object is looked at, as far as messages tell."""
    if not isinstance(pattern, ObjectPattern) or not pattern.properties:
        return False
    element = pattern.properties[0].element
    return element.initializer is not None or isinstance(element.target, (DotMember, ComputedMember))


def _dot_member(node: DotMember, shown: _Shown) -> str:
    return f"{shown(node.base)}{'?.' if node.optional else '.'}{node.name}"


def _computed_member(node: ComputedMember, shown: _Shown) -> str:
    key = node.expression
    if isinstance(key, TemplateLiteral) and not key.expressions:
        name: str | None = key.cooked[0]
    else:
        name = key.value if isinstance(key, StringLiteral) else None
    if name is not None:
        return f"{shown(node.base)}{'?.' if node.optional else '.'}{name}"
    return f"{shown(node.base)}{'?.' if node.optional else ''}[{shown(key)}]"


def _template(node: TemplateLiteral, shown: _Shown) -> str:
    if not node.expressions:
        return f'"{node.cooked[0]}"'
    return "".join(map(shown, node.expressions))


def _array(node: ArrayLiteral, shown: _Shown) -> str:
    return f"[{','.join(map(shown, node.elements[:_PARTS]))}]"


def _object(node: ObjectLiteral, _shown: _Shown) -> str:
    return f"{{{_OTHER * min(len(node.properties), _PARTS)}}}"


def _unary(node: Unary, shown: _Shown) -> str:
    number = _folded(node)
    if number is not None:
        return number_to_string(number)
    if node.operator == "!" and isinstance(node.argument, NumericLiteral):
        return "false" if node.argument.value else "true"
    return f"({node.operator}{' ' if node.operator.isalpha() else ''}{shown(node.argument)})"


def _update(node: Update, shown: _Shown) -> str:
    argument = shown(node.argument)
    return f"({node.operator}{argument})" if node.prefix else f"({argument}{node.operator})"


def _binary(node: Binary | Logical, shown: _Shown) -> str:
    number = _folded(node)
    return number_to_string(number) if number is not None else f"({_operands(node, shown)})"


def _operands(node: Binary | Logical, shown: _Shown) -> str:
    """A chain of one operator is written without inner parentheses."""
    left = node.left
    if isinstance(left, (Binary, Logical)) and left.operator == node.operator and _folded(left) is None:
        head = _operands(left, shown)
    else:
        head = shown(left)
    return f"{head} {node.operator} {shown(node.right)}"


_FOLDING: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


def _folded(node: Node) -> float | None:
    """The number that an expression of number literals is: the parser of V8 computes it."""
    if isinstance(node, NumericLiteral):
        return node.value
    if isinstance(node, Unary) and node.operator in ("-", "~") and isinstance(node.argument, NumericLiteral):
        value = node.argument.value
        if node.operator == "-":
            return -value
        return float(~int(value)) if value.is_integer() and abs(value) < 2**31 else None
    if (
        isinstance(node, Binary)
        and node.operator in _FOLDING
        and isinstance(node.right, (NumericLiteral, Binary))
    ):
        left = _folded(node.left) if isinstance(node.left, (NumericLiteral, Binary)) else None
        right = None if left is None else _folded(node.right)
        return None if left is None or right is None else _FOLDING[node.operator](left, right)
    return None


_WRITERS: dict[type[Node], Callable[[Any, _Shown], str]] = {
    IdentifierReference: lambda node, _: node.name,
    ThisExpression: lambda _node, _: "this",
    NullLiteral: lambda _node, _: "null",
    BooleanLiteral: lambda node, _: "true" if node.value else "false",
    NumericLiteral: lambda node, _: number_to_string(node.value),
    StringLiteral: lambda node, _: f'"{node.value}"',
    RegularExpressionLiteral: lambda node, _: f"/{node.pattern}/{node.flags}",
    TemplateLiteral: _template,
    DotMember: _dot_member,
    ComputedMember: _computed_member,
    PrivateMember: lambda node, shown: f"{shown(node.base)}{'?.' if node.optional else ''}[{node.name}]",
    SuperDot: lambda node, _: f"{_OTHER}.{node.name}",
    SuperComputed: lambda node, shown: f"{_OTHER}[{shown(node.expression)}]",
    Call: lambda node, shown: f"{shown(node.callee)}(...)",
    TaggedTemplate: lambda node, shown: f"{shown(node.tag)}(...)",
    ArrayLiteral: _array,
    SpreadElement: lambda node, shown: f"(...{shown(node.argument)})",
    ObjectLiteral: _object,
    Unary: _unary,
    Update: _update,
    Binary: _binary,
    Logical: _binary,
    Conditional: lambda _node, _: _OTHER * 3,
    Assignment: lambda node, shown: shown(node.target),
    CompoundAssignment: lambda node, shown: shown(node.target),
    LogicalAssignment: lambda node, shown: shown(node.target),
    Sequence: lambda node, shown: f"({' , '.join(map(shown, node.expressions[:_PARTS]))})",
}
