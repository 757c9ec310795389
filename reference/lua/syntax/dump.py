"""A syntax tree as indented text."""

from __future__ import annotations

from lockstep.reference.lua.syntax import nodes


def dump_tree(node: nodes.Node) -> str:
    """The tree below `node`, a line for each node."""
    lines: list[str] = []
    _dump(node, 0, lines)
    return "\n".join(lines)


def _dump(value: object, depth: int, lines: list[str]) -> None:
    indent = "  " * depth
    if isinstance(value, (list, tuple)):
        for one in value:
            _dump(one, depth, lines)
    elif isinstance(value, nodes.Name):
        lines.append(f"{indent}Name {value.variable.name}")
    elif isinstance(value, nodes.Function):
        parameters = ", ".join(variable.name for variable in value.parameters)
        lines.append(f"{indent}Function {value.name or 'anonymous'}({parameters})")
        _dump(value.block, depth + 1, lines)
    elif isinstance(value, nodes.Variable):
        lines.append(f"{indent}Variable {value.name}")
    elif isinstance(value, nodes.Node):
        fields = {name: getattr(value, name, None) for name in value.__slots__ if name != "label"}
        plain = [str(held) for held in fields.values() if isinstance(held, (str, int, float))]
        lines.append(f"{indent}{type(value).__name__} {' '.join(plain)}".rstrip())
        for held in fields.values():
            _dump(held, depth + 1, lines)
