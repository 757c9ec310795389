"""What stack traces call functions that have no name of their own, or more than a name: `Class.method`, `get size [as size]`, `exports.run`.

The parser notes them in the source's `labels`, by where a function begins; a class without a name leaves its place empty (`.method`).
"""

from __future__ import annotations

from lockstep.reference.javascript.syntax.ast import (
    Class,
    DotMember,
    Expression,
    FunctionExpression,
    IdentifierReference,
    MethodDefinition,
    PrivateName,
    Source,
    ThisExpression,
)

_PROTOTYPE = ".prototype."


def label_class(definition: Class, source: Source) -> None:
    """Note the methods of a class and its constructor."""
    name = definition.name.name if definition.name is not None else ""
    labels = source.labels
    if definition.constructor is not None:
        labels[definition.constructor.start] = f"new {name}"
    for element in definition.elements:
        if isinstance(element, MethodDefinition):
            label_method(element, name, source)


def label_method(element: MethodDefinition, owner: str, source: Source) -> None:
    """Note a method of a class or object literal."""
    key = element.key
    if isinstance(key, PrivateName):
        label = key.name
    elif not isinstance(key, str):
        label = f"{owner}.<computed>"
    elif element.kind == "method":
        label = f"{owner}.{key}"
    else:
        label = f"{element.kind} {key} [as {key}]"
    source.labels[element.function.start] = label


def label_assigned(target: Expression, value: Expression, source: Source) -> None:
    """Note an anonymous function that is assigned to a property: by the path to it, without `prototype`."""
    if (
        isinstance(value, FunctionExpression)
        and value.function.name is None
        and isinstance(target, DotMember)
    ):
        path = _path(target)
        if path:
            source.labels[value.function.start] = path.replace(_PROTOTYPE, ".")


def _path(node: Expression) -> str:
    if isinstance(node, IdentifierReference):
        return node.name
    if isinstance(node, ThisExpression):
        return "this"
    if isinstance(node, DotMember):
        before = _path(node.base)
        return f"{before}.{node.name}" if before and before != "this" else node.name
    return ""
