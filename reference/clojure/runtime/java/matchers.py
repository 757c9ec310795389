"""Methods of java.util.regex.Pattern and Matcher."""

from __future__ import annotations

from typing import Any, Callable, Protocol, cast

from lockstep.reference.clojure.runtime.arity import of_two
from lockstep.reference.clojure.runtime.collections import access
from lockstep.reference.clojure.runtime.regular_expressions.pattern import Matcher, Pattern
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.faults import index_fault
from lockstep.reference.clojure.runtime.values.interfaces import Function
from lockstep.reference.clojure.runtime.values.names import boolean


def replace_all(pattern: Pattern, text: str, replacement: str | Function, *, first: bool = False) -> str:
    """Matcher.replaceAll and replaceFirst; a function gets the matcher's result."""
    if isinstance(replacement, str):
        return pattern.replace(text, pattern.expander(replacement), first=first)

    def made(match: Any) -> str:
        matcher = Matcher(pattern, text)
        matcher.match = match
        return pattern.expander(cast("str", replacement(matcher)))(match)

    return pattern.replace(text, made, first=first)


def quoted_pattern(text: str) -> str:
    r"""Pattern.quote: `\E` inside ends the quote and starts it anew."""
    return "\\Q" + text.replace("\\E", "\\E\\\\E\\Q") + "\\E"


def quoted_replacement(text: str) -> str:
    """Matcher.quoteReplacement."""
    return text.replace("\\", "\\\\").replace("$", "\\$")


class Appendable(Protocol):
    """java.lang.Appendable."""

    def guest_append(self, text: str) -> Value:
        """Write a text behind what there is."""
        ...


def _full_match(matcher: Matcher) -> bool:
    matcher.match = matcher.pattern.full_match(matcher.text)
    if matcher.match is not None:
        matcher.position = matcher.match.end()
    return matcher.match is not None


def _looking_at(matcher: Matcher) -> bool:
    matcher.match = matcher.pattern.looking_at(matcher.text)
    if matcher.match is not None:
        matcher.position = matcher.match.end()
    return matcher.match is not None


def _find(matcher: Matcher, start: int | None = None) -> Value:
    if start is not None:
        if not 0 <= start <= len(matcher.text):
            raise index_fault("Illegal start index")
        _reset(matcher)
        matcher.position = start
    return boolean(matcher.find())


def _reset(matcher: Matcher, text: str | None = None) -> Matcher:
    if text is not None:
        matcher.text = text
    matcher.match = None
    matcher.position = matcher.appended = 0
    return matcher


def _append_replacement(matcher: Matcher, target: Appendable, replacement: str) -> Matcher:
    match = matcher.found()
    target.guest_append(matcher.text[matcher.appended : match.start()])
    target.guest_append(matcher.pattern.expander(replacement)(match))
    matcher.appended = match.end()
    return matcher


def _append_tail(matcher: Matcher, target: Appendable) -> Value:
    return target.guest_append(matcher.text[matcher.appended :])


def _use_pattern(matcher: Matcher, pattern: Pattern) -> Matcher:
    matcher.pattern = pattern
    matcher.match = None
    return matcher


def _result(matcher: Matcher) -> Matcher:
    copied = Matcher(matcher.pattern, matcher.text)
    copied.match = matcher.match
    return copied


MATCHER: dict[str, Callable[..., Value]] = {
    "find": _find,
    "matches": lambda m: boolean(_full_match(m)),
    "lookingAt": lambda m: boolean(_looking_at(m)),
    "group": lambda m, key=0: m.found().group(m.index(key)),
    "groupCount": lambda m: m.pattern.program.count,
    "start": lambda m, key=0: m.found().start(m.index(key)),
    "end": lambda m, key=0: m.found().end(m.index(key)),
    "reset": _reset,
    "pattern": lambda m: m.pattern,
    "usePattern": _use_pattern,
    "toMatchResult": _result,
    "hitEnd": lambda m: boolean(m.match is None or m.match.end() == len(m.text)),
    "replaceAll": lambda m, replacement: replace_all(m.pattern, m.text, replacement),
    "replaceFirst": lambda m, replacement: replace_all(m.pattern, m.text, replacement, first=True),
    "appendReplacement": _append_replacement,
    "appendTail": _append_tail,
}

PATTERN: dict[str, Callable[..., Value]] = {
    "pattern": lambda p: p.text,
    "flags": lambda p: p.flags,
    "matcher": of_two(Matcher),
    "split": lambda p, s, limit=0: access.Array("String", list(p.split(s, limit))),
    "asPredicate": lambda p: lambda s: boolean(p.search(s) is not None),
}
