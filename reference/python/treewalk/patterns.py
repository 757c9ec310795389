# every form has one signature, and tracebacks read `frame` and `node`
"""Patterns (Language Reference 8.6.4): one test per form, captures collected until the whole pattern matched."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any, Callable

from lockstep.reference.python.runtime.dispatch.comparison import compare, truth
from lockstep.reference.python.runtime.kinds import Value
from lockstep.reference.python.runtime.patterns import (
    NAMED_STAR,
    NAMELESS_STAR,
    NO_STAR,
    class_pattern,
    mapping_pattern,
    mapping_rest,
    sequence_pattern,
)
from lockstep.reference.python.treewalk.expressions import evaluate
from lockstep.reference.python.treewalk.program import Frame

Captures = dict[str, Value]


def matches(frame: Frame, node: ast.pattern, subject: Value, captures: Captures) -> bool:
    """Whether `subject` matches the pattern."""
    return _PATTERNS[type(node).__name__](frame, node, subject, captures)


def _value(frame: Frame, node: ast.MatchValue, subject: Value, captures: Captures) -> bool:
    """8.6.4.3 Literal patterns, 8.6.4.6 Value patterns."""
    return truth(compare("==", subject, evaluate(frame, node.value)))


def _singleton(frame: Frame, node: ast.MatchSingleton, subject: Value, captures: Captures) -> bool:
    """8.6.4.3 None, True and False match by identity."""
    return subject is node.value


def _as(frame: Frame, node: ast.MatchAs, subject: Value, captures: Captures) -> bool:
    """8.6.4.2 AS patterns, 8.6.4.4 Capture patterns, 8.6.4.5 Wildcard patterns."""
    if node.pattern is not None and not matches(frame, node.pattern, subject, captures):
        return False
    if node.name is not None:
        captures[node.name] = subject
    return True


def _or(frame: Frame, node: ast.MatchOr, subject: Value, captures: Captures) -> bool:
    """8.6.4.1 OR patterns."""
    for alternative in node.patterns:
        found: Captures = {}
        if matches(frame, alternative, subject, found):
            captures.update(found)
            return True
    return False


def _all_match(
    frame: Frame, parts: Iterable[ast.pattern], values: Iterable[Value], captures: Captures
) -> bool:
    """Whether each value matches its pattern; none is looked at after one that does not."""
    # No generator of the host's: in it a guest's StopIteration would be a RuntimeError.
    for part, value in zip(parts, values):
        if not matches(frame, part, value, captures):
            break
    else:
        return True
    return False


def _sequence(frame: Frame, node: ast.MatchSequence, subject: Value, captures: Captures) -> bool:
    """8.6.4.8 Sequence patterns."""
    parts: list[Any] = node.patterns
    stars = [index for index, part in enumerate(parts) if type(part).__name__ == "MatchStar"]
    before = stars[0] if stars else len(node.patterns)
    after = len(node.patterns) - before - 1 if stars else 0
    star = NO_STAR
    if stars:
        star = NAMELESS_STAR if parts[stars[0]].name is None else NAMED_STAR
    values = sequence_pattern(subject, before, star, after)
    if values is None:
        return False
    return _all_match(frame, parts, values, captures)


def _star(frame: Frame, node: ast.MatchStar, subject: Value, captures: Captures) -> bool:
    """8.6.4.8: the starred part takes what the others leave."""
    if node.name is not None:
        captures[node.name] = subject
    return True


def _mapping(frame: Frame, node: ast.MatchMapping, subject: Value, captures: Captures) -> bool:
    """8.6.4.9 Mapping patterns."""
    keys = tuple([evaluate(frame, key) for key in node.keys])
    values = mapping_pattern(subject, keys)
    if values is None:
        return False
    if not _all_match(frame, node.patterns, values, captures):
        return False
    if node.rest is not None:
        captures[node.rest] = mapping_rest(subject, keys)
    return True


def _class(frame: Frame, node: ast.MatchClass, subject: Value, captures: Captures) -> bool:
    """8.6.4.10 Class patterns."""
    cls: Any = evaluate(frame, node.cls)
    values = class_pattern(subject, cls, len(node.patterns), node.kwd_attrs)
    if values is None:
        return False
    return _all_match(frame, (*node.patterns, *node.kwd_patterns), values, captures)


_PATTERNS: dict[str, Callable[[Frame, Any, Value, Captures], bool]] = {
    "MatchAs": _as,
    "MatchClass": _class,
    "MatchMapping": _mapping,
    "MatchOr": _or,
    "MatchSequence": _sequence,
    "MatchSingleton": _singleton,
    "MatchStar": _star,
    "MatchValue": _value,
}
