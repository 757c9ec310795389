"""clojure.string: the functions of that namespace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, cast

from lockstep.reference.clojure.runtime.collections.interface import iterate
from lockstep.reference.clojure.runtime.collections.vector import Vector
from lockstep.reference.clojure.runtime.kernel.registry import Library
from lockstep.reference.clojure.runtime.kernel.texts import char_sequence, groups
from lockstep.reference.clojure.runtime.operations import MISSING
from lockstep.reference.clojure.runtime.regular_expressions.pattern import Match, Pattern
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.faults import argument_fault, class_cast_fault
from lockstep.reference.clojure.runtime.values.interfaces import Function
from lockstep.reference.clojure.runtime.values.names import Char, boolean
from lockstep.reference.clojure.runtime.values.numbers import to_exact_integer

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment


LIBRARY = Library("clojure.string")
_SPACE = " \t\n\v\f\r\x1c\x1d\x1e\x1f\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u2028\u2029\u205f\u3000"


_string = char_sequence


def _replacer(pattern: Pattern, replacement: str | Function) -> Callable[[Match], str]:
    if isinstance(replacement, str):
        return pattern.expander(replacement)
    return lambda match: _string(replacement(groups(pattern, match)))


def _replace(s: Value, match: Value, replacement: Value, count: int) -> str:
    text = _string(s)
    if match.__class__ is Pattern:
        if replacement is None:
            raise class_cast_fault(None, "java.lang.CharSequence")
        return match.replace(text, _replacer(match, cast("Function", replacement)), first=bool(count))
    if match.__class__ is Char:
        if replacement.__class__ is not Char:
            raise class_cast_fault(replacement, "java.lang.Character")
        return text.replace(match.value, replacement.value, count or -1)
    if match.__class__ is str:
        return text.replace(match, _string(replacement), count or -1)
    if match is None:
        raise class_cast_fault(None, "java.lang.CharSequence")
    raise argument_fault(f"Invalid match arg: {match}")


@LIBRARY.define("split")
def split(s: Value, pattern: Value, limit: Value = 0) -> Vector:
    """`split`."""
    text = char_sequence(s)
    if pattern.__class__ is not Pattern:
        raise class_cast_fault(pattern, "java.util.regex.Pattern")
    return Vector(list(pattern.split(text, to_exact_integer(limit))))


@LIBRARY.define("split-lines")
def split_lines(s: Value) -> Vector:
    """`split-lines`."""
    return Vector(list(Pattern(r"\r?\n").split(char_sequence(s))))


@LIBRARY.define("escape")
def escape(s: Value, cmap: Function) -> str:
    """`escape`."""
    return "".join(_escaped(unit, cmap(Char(unit))) for unit in _string(s))


def _escaped(unit: str, made: Value) -> str:
    if made is None:
        return unit
    return made.value if made.__class__ is Char else str(made)


@LIBRARY.define("index-of")
def index_of(s: Value, value: Value, start: Value = 0) -> Value:
    """`index-of`."""
    found = _string(s).find(
        value.value if value.__class__ is Char else _string(value), max(to_exact_integer(start), 0)
    )
    return None if found < 0 else found


@LIBRARY.define("last-index-of")
def last_index_of(s: Value, value: Value, start: Value = MISSING) -> Value:
    """`last-index-of`."""
    needle = value.value if value.__class__ is Char else _string(value)
    text = _string(s)
    end = len(text) if start is MISSING else to_exact_integer(start) + len(needle)
    found = text.rfind(needle, 0, max(end, 0))
    return None if found < 0 else found


LIBRARY.define_all(
    {
        "upper-case": lambda s: _string(s).upper(),
        "lower-case": lambda s: _string(s).lower(),
        "capitalize": lambda s: _string(s)[:1].upper() + _string(s)[1:].lower(),
        "trim": lambda s: _string(s).strip(_SPACE),
        "triml": lambda s: _string(s).lstrip(_SPACE),
        "trimr": lambda s: _string(s).rstrip(_SPACE),
        "trim-newline": lambda s: _string(s).rstrip("\r\n"),
        "blank?": lambda s: boolean(s is None or not _string(s).strip(_SPACE)),
        "starts-with?": lambda s, x: boolean(_string(s).startswith(_string(x))),
        "ends-with?": lambda s, x: boolean(_string(s).endswith(_string(x))),
        "includes?": lambda s, x: boolean(_string(x) in _string(s)),
        "reverse": lambda s: _string(s)[::-1],
        "replace": lambda s, match, replacement: _replace(s, match, replacement, 0),
        "replace-first": lambda s, match, replacement: _replace(s, match, replacement, 1),
        "re-quote-replacement": lambda s: _string(s).replace("\\", "\\\\").replace("$", "\\$"),
    }
)


# These call toString on what they are given.
_ON_TEXT = [
    "upper-case",
    "lower-case",
    "capitalize",
    "starts-with?",
    "ends-with?",
    "includes?",
    "replace",
    "replace-first",
]


@LIBRARY.installer
def install(environment: Environment) -> dict[str, Value]:
    """`join`, which prints what it joins."""
    string = environment.printer.string

    def join(a: Value, b: Value = MISSING) -> str:
        glue, items = ("", a) if b is MISSING else (string(a), b)
        return str(glue.join([string(item) for item in iterate(items)]))

    def on_text(function: Function) -> Function:
        def call(s: Value, *arguments: Value) -> Value:
            return function(s if s is None else string(s), *arguments)

        return call

    return {"join": join, **{name: on_text(cast("Function", LIBRARY.functions[name])) for name in _ON_TEXT}}
