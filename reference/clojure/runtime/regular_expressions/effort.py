"""How long the host's `re` may take for a pattern and a text: the shape of a pattern's nodes."""

from __future__ import annotations

from lockstep.reference.clojure.runtime.regular_expressions.code_points import (
    Ranges,
    characters,
    host_class,
    intersection,
    union,
)
from lockstep.reference.clojure.runtime.regular_expressions.nodes import (
    Assertion,
    Choice,
    Group,
    Literal,
    Node,
    OneOf,
    Reference,
    Repeat,
    Sequence,
)
from lockstep.reference.host.regular_expressions.effort import (
    Echo,
    Effort,
    Either,
    Inside,
    Rounds,
    Row,
    Shape,
)

_PLAIN = frozenset({"capture", "plain", "atomic"})


def effort_of(node: Node, *, whole: bool) -> Effort:
    """What a pattern may cost; `whole`: it must match to the end of the text."""
    begins = None if _is_anchored(node) else _written(_first(node))
    return Effort(_shape(node, {}), begins, whole=whole)


def _shape(node: Node, groups: dict[int, Node]) -> Shape:
    """The shape of a node, behind the groups."""
    if isinstance(node, Sequence):
        return Row(tuple([_shape(part, groups) for part in node.parts]))
    if isinstance(node, Choice):
        return Either(tuple([_shape(branch, groups) for branch in node.branches]), _apart(node))
    if isinstance(node, Group):
        body = _shape(node.body, groups)
        if node.kind == "capture":
            groups[node.number] = node.body
        return Inside(body, node.kind in _PLAIN)
    if isinstance(node, Repeat):
        return Rounds(_shape(node.body, groups), node.low, node.high, _written(_alphabet(node.body)))
    if isinstance(node, Reference) and node.number in groups and _repeats(groups[node.number]):
        return Echo(_written(_alphabet(groups[node.number])))
    return None


def _written(ranges: Ranges | None) -> str:
    return host_class(ranges) if ranges else ""


def _repeats(node: Node) -> bool:
    """Whether it may be long."""
    if isinstance(node, Sequence):
        return any(map(_repeats, node.parts))
    if isinstance(node, Choice):
        return any(map(_repeats, node.branches))
    return isinstance(node, Repeat) or (isinstance(node, Group) and _repeats(node.body))


def _alphabet(node: Node) -> Ranges | None:
    """The characters that a node may take; None where that is not known."""
    if isinstance(node, Literal):
        return None if node.case else union(*map(characters, node.text))
    if isinstance(node, OneOf):
        return node.ranges
    if isinstance(node, (Group, Repeat)):
        return _alphabet(node.body)
    if isinstance(node, Assertion):
        return ()
    if not isinstance(node, (Sequence, Choice)):
        return None
    found: Ranges = ()
    for part in node.parts if isinstance(node, Sequence) else node.branches:
        more = _alphabet(part)
        if more is None:
            return None
        found = union(found, more)
    return found


def _is_anchored(node: Node) -> bool:
    """Whether it matches at the beginning of the text only."""
    if isinstance(node, Assertion):
        return node.host == r"\A"
    if isinstance(node, Sequence):
        return bool(node.parts) and _is_anchored(node.parts[0])
    if isinstance(node, Choice):
        return all(map(_is_anchored, node.branches))
    return isinstance(node, Group) and node.kind in _PLAIN and _is_anchored(node.body)


def _apart(node: Choice) -> bool:
    """Whether the first character tells which branch it is."""
    seen: Ranges = ()
    for branch in node.branches:
        first = _first(branch)
        if first is None or intersection(seen, first):
            return False
        seen = union(seen, first)
    return True


def _first(node: Node) -> Ranges | None:
    """The characters that a node may begin with; None where that is not known."""
    if isinstance(node, Literal) and node.text and not node.case:
        return characters(node.text[0])
    if isinstance(node, OneOf):
        return node.ranges
    if isinstance(node, Sequence) and node.parts:
        return _first(node.parts[0])
    if isinstance(node, Group) and node.kind in _PLAIN:
        return _first(node.body)
    if isinstance(node, Repeat) and node.low:
        return _first(node.body)
    return None
