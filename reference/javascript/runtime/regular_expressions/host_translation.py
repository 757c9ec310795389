"""A pattern of the host's `re` for what means exactly the same there.

What differs, and is left to `backtracking`:

- captures in a repeated part (each repetition resets them) or in a lookaround, and references to groups that may not
  have taken part (they match the empty text) or that ignore case;
- a repeated part that may match the empty text (22.2.2.3.1 RepeatMatcher, step 2.b, goes on with its other choices);
- lookbehind of variable length.

Sets arrive with case resolved, so the host's own ideas of letters, digits and case are never asked.
"""

from __future__ import annotations

import re

from lockstep.reference.javascript.runtime.regular_expressions.character_set import (
    ALL,
    EMPTY,
    LIMIT,
    complement,
    ranges,
    size,
    union,
)
from lockstep.reference.javascript.runtime.regular_expressions.lowering import LINE_TERMINATORS, WORD
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

_LARGEST_COUNT = 65535


class _Untranslatable(Exception):  # noqa: N818  # no error: the other matcher takes over
    pass


def translate(node: Node) -> re.Pattern[str] | None:
    """The host's pattern, or None where the meaning could differ."""
    try:
        source, _ = _translate(node, frozenset())
        # re.ASCII makes the host's word boundary that of 22.2.2.9.3 without the flags `iu`.
        return re.compile(source, re.ASCII | re.DOTALL)
    except (_Untranslatable, re.error, OverflowError):
        return None


def first_characters(node: Node) -> tuple[tuple[int, ...], bool]:
    """The characters that a match may begin with, and whether it may be empty as well (then they say nothing)."""
    if isinstance(node, Characters):
        return node.members, False
    if isinstance(node, Capture):
        return first_characters(node.body)
    if isinstance(node, Repeat):
        members, empty = first_characters(node.body)
        return members, empty or node.minimum == 0
    if isinstance(node, Alternatives):
        results = [first_characters(part) for part in node.parts]
        return union(*(members for members, _ in results)), any(empty for _, empty in results)
    if isinstance(node, Sequence):
        found = EMPTY
        for part in node.parts:
            if isinstance(part, Back):
                break
            members, empty = first_characters(part)
            found = union(found, members)
            if not empty:
                return found, False
        return found, True
    return EMPTY, True


def class_source(members: tuple[int, ...]) -> str:
    """The host's class for a set."""
    if members == ALL:
        return "."
    if not members:
        return "(?!)"
    if size(members) == 1:
        return _character(members[0])
    negative = members[-1] == LIMIT
    body = []
    for first, last in ranges(complement(members) if negative else members):
        body.append(_character(first))
        if last > first:
            if last > first + 1:
                body.append("-")
            body.append(_character(last))
    return f"[{'^' if negative else ''}{''.join(body)}]"


def _character(code: int) -> str:
    character = chr(code)
    return character if character.isascii() and character.isalnum() else f"\\U{code:08x}"


def _translate(node: Node, defined: frozenset[int]) -> tuple[str, frozenset[int]]:
    """The host's source, and the groups that have surely taken part behind it."""
    if isinstance(node, Characters):
        return class_source(node.members), defined
    if isinstance(node, Sequence):
        sources = []
        for part in node.parts:
            source, defined = _translate(part, defined)
            sources.append(source)
        return "".join(sources), defined
    if isinstance(node, Alternatives):
        results = [_translate(part, defined) for part in node.parts]
        common = frozenset.intersection(*(after for _, after in results))
        return "(?:" + "|".join(source for source, _ in results) + ")", common
    if isinstance(node, Capture):
        source, after = _translate(node.body, defined)
        return f"({source})", after | {node.number}
    if isinstance(node, Repeat):
        return _repeat(node, defined), defined
    if isinstance(node, Look):
        if node.captures:
            raise _Untranslatable
        if node.behind and node.body.shortest != node.body.longest:
            raise _Untranslatable
        source, _ = _translate(node.body, defined)
        return f"(?{'<' if node.behind else ''}{'!' if node.negative else '='}{source})", defined
    if isinstance(node, Boundary):
        return _boundary(node), defined
    assert isinstance(node, Back)
    if node.canonicalize is not None or len(node.numbers) != 1 or node.numbers[0] not in defined:
        raise _Untranslatable
    return f"(?:\\{node.numbers[0]})", defined


def _repeat(node: Repeat, defined: frozenset[int]) -> str:
    body = node.body
    if body.shortest == 0 or (node.captures and node.maximum != 1):
        raise _Untranslatable
    if max(node.minimum, node.maximum or 0) > _LARGEST_COUNT:
        raise _Untranslatable
    source, _ = _translate(body, defined)
    if not isinstance(body, Characters):
        source = f"(?:{source})"
    maximum = "" if node.maximum is None else str(node.maximum)
    short = {(0, ""): "*", (1, ""): "+", (0, "1"): "?"}.get((node.minimum, maximum))
    return source + (short or f"{{{node.minimum},{maximum}}}") + ("" if node.greedy else "?")


def _boundary(node: Boundary) -> str:
    if node.kind in "^$":
        if not node.multiline:
            return r"\A" if node.kind == "^" else r"\Z"
        other = class_source(complement(LINE_TERMINATORS))
        return f"(?<!{other})" if node.kind == "^" else f"(?!{other})"
    if node.word == WORD:
        # The host's own \B fails in an empty text.
        return r"\b" if node.kind == "b" else r"(?!\b)"
    word = class_source(node.word)
    boundary = f"(?<={word})(?!{word})|(?<!{word})(?={word})"
    return f"(?:{boundary})" if node.kind == "b" else f"(?!{boundary})"
