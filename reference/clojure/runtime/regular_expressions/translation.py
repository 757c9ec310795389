"""A parsed pattern as the host writes it."""

from __future__ import annotations

import re
import sys

from lockstep.reference.clojure.runtime.regular_expressions.code_points import host_class
from lockstep.reference.clojure.runtime.regular_expressions.nodes import (
    Assertion,
    Choice,
    Group,
    LastMatch,
    Literal,
    Node,
    OneOf,
    Reference,
    Repeat,
    Sequence,
)

# The host has atomic groups and possessive quantifiers since 3.11.
HAS_ATOMIC = sys.version_info >= (3, 11)
_OPENERS = {"plain": "(?:", "ahead": "(?=", "not-ahead": "(?!"}
LAST_MATCH = "(?#G)"
_LONGEST_LOOK_BEHIND = 64


class LookBehindError(ValueError):
    """A look-behind whose length has no obvious limit."""


class Translation:
    """The host's text of a pattern.

    Attributes:
        groups: the host's number of each group of the guest, from 1 on.
        count: how many groups the host's text has.
        last_match: whether the text holds `(?#G)`, which stands for where the last match ended.
    """

    def __init__(self) -> None:
        self.groups: dict[int, int] = {}
        self.last_match = False
        self.count = 0

    def text(self, node: Node) -> str:
        """The host's text of a node."""
        if isinstance(node, Literal):
            return _literal(node)
        if isinstance(node, OneOf):
            return host_class(node.ranges)
        if isinstance(node, Assertion):
            return node.host
        if isinstance(node, LastMatch):
            self.last_match = True
            return LAST_MATCH
        if isinstance(node, Reference):
            return self._reference(node)
        if isinstance(node, Group):
            return self._group(node)
        if isinstance(node, Repeat):
            return self._repeat(node)
        if isinstance(node, Sequence):
            return "".join(
                self.text(part) if not isinstance(part, Choice) else f"(?:{self.text(part)})"
                for part in node.parts
            )
        return "|".join([self.text(branch) for branch in node.branches])

    def _reference(self, node: Reference) -> str:
        if node.number not in self.groups:
            return "(?!)"
        inner = f"(?P=g{node.number})"
        return f"(?{_FLAGS[node.case]}:{inner})" if node.case else inner

    def _group(self, node: Group) -> str:
        if node.kind == "capture":
            self.count += 1
            number = self.count
            body = self.text(node.body)
            self.groups[node.number] = number
            return f"(?P<g{node.number}>{body})"
        if node.kind == "atomic":
            return self._atomic(node.body)
        if node.kind in _OPENERS:
            return f"{_OPENERS[node.kind]}{self.text(node.body)})"
        return self._look_behind(node)

    def _atomic(self, body: Node) -> str:
        if HAS_ATOMIC:
            return f"(?>{self.text(body)})"
        # Once a look-ahead has matched the host does not go back into it.
        self.count += 1
        name = f"a{self.count}"
        return f"(?:(?=(?P<{name}>{self.text(body)}))(?P={name}))"

    def _repeat(self, node: Repeat) -> str:
        if node.mode == "possessive":
            return self._atomic(Repeat(node.body, node.low, node.high, "greedy"))
        high = "" if node.high is None else str(node.high)
        sign = {(0, ""): "*", (1, ""): "+", (0, "1"): "?"}.get((node.low, high), f"{{{node.low},{high}}}")
        return f"(?:{self.text(node.body)}){sign}{'?' if node.mode == 'lazy' else ''}"

    def _look_behind(self, node: Group) -> str:
        widths = widths_of(node.body)
        opener = "(?<=" if node.kind == "behind" else "(?<!"
        if len(widths) == 1:
            return f"{opener}{self.text(node.body)})"
        # The host wants one width, so each width gets a look-behind of its own.
        parts = [f"{opener}{text})" for text in widths.values()]
        return f"(?:{'|'.join(parts)})" if node.kind == "behind" else "".join(parts)


_FLAGS = {"a": "ai", "u": "iu"}


def _literal(node: Literal) -> str:
    text = re.escape(node.text)
    return f"(?{_FLAGS[node.case]}:{text})" if node.case and node.text.lower() != node.text.upper() else text


def widths_of(node: Node) -> dict[int, str]:
    """Every width that a node may have, with the host's text of what has it.

    Raises:
        LookBehindError: there is no end of them.
    """
    if isinstance(node, Literal):
        return {len(node.text): _literal(node)}
    if isinstance(node, OneOf):
        return {1: host_class(node.ranges)}
    if isinstance(node, Assertion):
        return {0: node.host}
    if isinstance(node, Sequence):
        result = {0: ""}
        for part in node.parts:
            result = _joined(result, widths_of(part))
        return result
    if isinstance(node, Choice):
        return _either([widths_of(branch) for branch in node.branches])
    if isinstance(node, Repeat):
        return _repeated(node)
    if isinstance(node, Group):
        if node.kind in {"capture", "plain", "atomic"}:
            return widths_of(node.body)
        return {0: Translation().text(node)}
    raise LookBehindError("Look-behind group does not have an obvious maximum length")


def _repeated(node: Repeat) -> dict[int, str]:
    one = widths_of(node.body)
    high = node.high
    if high is None:
        if not isinstance(node.body, (OneOf, Literal)):
            raise LookBehindError("Look-behind group does not have an obvious maximum length")
        high = node.low + _LONGEST_LOOK_BEHIND
    result = {0: ""}
    found = []
    for count in range(high + 1):
        if count >= node.low:
            found.append(result)
        result = _joined(result, one)
    return _either(found)


def _joined(left: dict[int, str], right: dict[int, str]) -> dict[int, str]:
    pieces: dict[int, list[str]] = {}
    for width, text in left.items():
        for other, more in right.items():
            pieces.setdefault(width + other, []).append(text + more)
    return {width: _one_of(texts) for width, texts in pieces.items()}


def _either(branches: list[dict[int, str]]) -> dict[int, str]:
    pieces: dict[int, list[str]] = {}
    for branch in branches:
        for width, text in branch.items():
            pieces.setdefault(width, []).append(text)
    return {width: _one_of(texts) for width, texts in pieces.items()}


def _one_of(texts: list[str]) -> str:
    distinct = list(dict.fromkeys(texts))
    return distinct[0] if len(distinct) == 1 else f"(?:{'|'.join(distinct)})"
