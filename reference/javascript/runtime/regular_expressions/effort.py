"""How long the host's `re` may take for a pattern and a text: the shape of a pattern's nodes."""

from __future__ import annotations

from lockstep.reference.host.regular_expressions.effort import (
    Echo,
    Effort,
    Either,
    Inside,
    Rounds,
    Row,
    Shape,
)
from lockstep.reference.javascript.runtime.regular_expressions.character_set import (
    ALL,
    EMPTY,
    intersection,
    union,
)
from lockstep.reference.javascript.runtime.regular_expressions.host_translation import (
    class_source,
    first_characters,
)
from lockstep.reference.javascript.runtime.regular_expressions.nodes import (
    Alternatives,
    Back,
    Boundary,
    Capture,
    Characters,
    Look,
    Node,
    Repeat,
    Sequence,
)


def effort_of(node: Node) -> Effort:
    """What a search for a pattern may cost."""
    if _is_anchored(node):
        return Effort(_shape(node, {}), None, whole=False)
    members, empty = first_characters(node)
    return Effort(_shape(node, {}), _written(EMPTY if empty else members), whole=False)


def _shape(node: Node, groups: dict[int, Node]) -> Shape:
    """The shape of a node, behind the groups."""
    if isinstance(node, Sequence):
        return Row(tuple([_shape(part, groups) for part in node.parts]))
    if isinstance(node, Alternatives):
        return Either(tuple([_shape(part, groups) for part in node.parts]), _are_apart(node))
    if isinstance(node, Capture):
        body = _shape(node.body, groups)
        groups[node.number] = node.body
        return Inside(body, True)
    if isinstance(node, Look):
        return Inside(_shape(node.body, groups), False)
    if isinstance(node, Repeat):
        return Rounds(
            _shape(node.body, groups), node.minimum, node.maximum, _written(_alphabet(node.body) or EMPTY)
        )
    if isinstance(node, Back):
        meant = groups.get(node.numbers[0])
        if meant is not None and meant.longest != meant.shortest:
            return Echo(_written(_alphabet(meant) or EMPTY))
    return None


def _written(members: tuple[int, ...]) -> str:
    """The host's class for a set; "" (any) for one that is not known."""
    return "" if not members or members == ALL else class_source(members)


def _alphabet(node: Node) -> tuple[int, ...] | None:
    """The characters that a node may take; None where that is not known."""
    if isinstance(node, Characters):
        return node.members
    if isinstance(node, (Capture, Repeat)):
        return _alphabet(node.body)
    if isinstance(node, (Look, Boundary)):
        return EMPTY
    if not isinstance(node, (Sequence, Alternatives)):
        return None
    found = []
    for part in node.parts:
        members = _alphabet(part)
        if members is None:
            return None
        found.append(members)
    return union(*found)


def _is_anchored(node: Node) -> bool:
    """Whether it matches at the beginning of the text only."""
    if isinstance(node, Boundary):
        return node.kind == "^" and not node.multiline
    if isinstance(node, Sequence):
        return bool(node.parts) and _is_anchored(node.parts[0])
    if isinstance(node, Alternatives):
        return all(map(_is_anchored, node.parts))
    return isinstance(node, Capture) and _is_anchored(node.body)


def _are_apart(node: Alternatives) -> bool:
    """Whether the first character tells which part it is."""
    seen = EMPTY
    for part in node.parts:
        members, empty = first_characters(part)
        if empty or intersection(seen, members):
            return False
        seen = union(seen, members)
    return True
