"""`str.format`: replacement fields reach only what guest code could reach (Library Reference, format strings)."""

from __future__ import annotations

import _string  # type: ignore[import-not-found]  # the host's own template parser
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lockstep.reference.python.runtime.dispatch.attributes import get_attribute
from lockstep.reference.python.runtime.dispatch.containers import get_item
from lockstep.reference.python.runtime.kinds import Value, is_a
from lockstep.reference.python.runtime.sealed import BuiltinMethod
from lockstep.reference.python.runtime.type_info import define_builtin, name_of

_CONVERSIONS: dict[str, Callable[[object], str]] = {"s": str, "r": repr, "a": ascii}


class _Numbering:
    """Whether fields are numbered by hand or one after the other."""

    def __init__(self) -> None:
        self.next = 0
        self.manual: bool | None = None

    def take(self, name: Value) -> Value:
        if name == "":
            if self.manual:
                raise ValueError("cannot switch from manual field specification to automatic field numbering")
            self.manual = False
            self.next += 1
            return self.next - 1
        if is_a(name, int):
            if self.manual is False:
                raise ValueError("cannot switch from automatic field numbering to manual field specification")
            self.manual = True
        return name


def format_template(
    template: str,
    arguments: Sequence[Value] | None,
    keywords: Mapping[str, Value],
    depth: int = 2,
    numbering: _Numbering | None = None,
) -> str:
    """`template.format(*arguments, **keywords)`; `arguments` is None for `format_map`.

    Raises:
        ValueError: the template is malformed.
    """
    if depth <= 0:
        raise ValueError("Max string recursion exceeded")
    numbering = numbering or _Numbering()
    parts: list[str] = []
    field = None
    for literal, field, specification, conversion in _string.formatter_parser(str(template)):
        parts.append(literal)
        if field is None:
            continue
        name, path = _string.formatter_field_name_split(field)
        key: Any = numbering.take(name)
        if is_a(key, int):
            if arguments is None:
                raise ValueError("Format string contains positional fields")
            if key >= len(arguments):
                raise IndexError(f"Replacement index {key} out of range for positional args tuple")
            value = arguments[key]
        else:
            value = keywords[key]
        for is_attribute, step in path:
            value = get_attribute(value, step) if is_attribute else get_item(value, step)
        if conversion:
            if conversion not in _CONVERSIONS:
                raise ValueError(f"Unknown conversion specifier {conversion}")
            value = _CONVERSIONS[conversion](value)
        inner = specification
        if inner:
            inner = format_template(inner, arguments, keywords, depth - 1, numbering)
        parts.append(format(value, inner))
    parts = [part for part in parts if str.__len__(part)]
    # A template that is one field gives what `__format__` gave, a subclass of str too.
    return parts[0] if len(parts) == 1 and field is not None else "".join(parts)


def _format(self: Value, /, *arguments: Value, **keywords: Value) -> str:
    if not is_a(self, str):
        raise TypeError(f"descriptor 'format' for 'str' objects doesn't apply to a '{name_of(self)}' object")
    return format_template(self, arguments, keywords)


def _format_map(self: Any, mapping: Any, /) -> str:
    if not is_a(self, str):
        raise TypeError(
            f"descriptor 'format_map' for 'str' objects doesn't apply to a '{name_of(self)}' object"
        )
    return format_template(self, None, mapping)


_format.__name__, _format.__qualname__ = "format", "str.format"
_format_map.__name__, _format_map.__qualname__ = "format_map", "str.format_map"
define_builtin(
    str, replace={"format": BuiltinMethod(_format, str), "format_map": BuiltinMethod(_format_map, str)}
)
