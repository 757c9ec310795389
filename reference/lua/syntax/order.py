"""When the reference implementation reads the variables of an expression, where the manual leaves it open (3.4)."""

from __future__ import annotations

from lockstep.reference.lua.syntax.nodes import Function, Index, Name, Node, String

# Longer strings are no constants of an instruction (LUAI_MAXSHORTLEN).
_LONGEST_NAME = 40


def has_late_object(node: Index, function: Function, *, integers: bool) -> bool:
    """Whether what is indexed is an upvalue that is read when the key is known (5.4: `luaK_indexed`)."""
    subject = node.object
    if not integers or not isinstance(subject, Name):
        return False
    variable = subject.variable
    return variable.owner is not function and variable.constant is None


def is_written_late(node: Index, function: Function, *, integers: bool) -> bool:
    """Whether the table that an assignment writes to is an upvalue that is read when it writes (5.4: `OP_SETTABUP`)."""
    key: Node | None = node.key
    if isinstance(key, Name):
        key = key.variable.constant
    return (
        isinstance(key, String)
        and len(key.value) <= _LONGEST_NAME
        and has_late_object(node, function, integers=integers)
    )
