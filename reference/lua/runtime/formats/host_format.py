"""Templates of `string.format` that the host's own formatting fills in the same way, for values of the usual types."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from lockstep.reference.lua.runtime.values import Value

_DIRECTIVE = re.compile(r"%(?:%|([-+ 0]*)(\d{0,2})(\.\d{0,2})?([dixXseEfgGs]))", re.ASCII)
_LONGEST_PLAIN = 100


class HostTemplate(NamedTuple):
    """A template in the host's words.

    Attributes:
        template: what the host's operator `%` takes.
        kinds: for each value `d` an integer, `x` an integer that is not negative, `f` a finite number, `s` a string or (5.4) an
            integer, `z` a short string without zero bytes.
    """

    template: str
    kinds: str

    def fits(self, values: tuple[Value, ...]) -> bool:
        """Whether the values are of the kinds wanted."""
        for kind, value in zip(self.kinds, values):
            held = type(value)
            if kind == "s":
                if held is not str and held is not int:
                    return False
            elif kind == "d":
                if held is not int:
                    return False
            elif kind == "f":
                if type(value) is float:
                    if value - value != 0:
                        return False
                elif held is not int:
                    return False
            elif kind == "z":
                if type(value) is not str or "\0" in value or len(value) >= _LONGEST_PLAIN:
                    return False
            elif type(value) is not int or value < 0:
                return False
        return True


@lru_cache(maxsize=512)
def host_template(template: str, integers: bool) -> HostTemplate | None:
    """The host's form of a template; None where there is none."""
    kinds = []
    parts = []
    position = 0
    while True:
        percent = template.find("%", position)
        if percent < 0:
            break
        match = _DIRECTIVE.match(template, percent)
        if match is None:
            return None
        parts.append(template[position:percent])
        position = match.end()
        flags, width, precision, letter = match.groups()
        if letter is None:
            parts.append("%%")
            continue
        kind = _kind(flags, width, precision, letter, integers)
        if kind is None:
            return None
        kinds.append(kind)
        parts.append(match.group())
    parts.append(template[position:])
    return HostTemplate("".join(parts), "".join(kinds))


def _kind(flags: str, width: str, precision: str | None, letter: str, integers: bool) -> str | None:
    """The kind of value with which the host does as C does."""
    if len(flags) > 5 or width.startswith("0"):
        return None
    if letter == "s":
        if not (width or precision) and integers and not flags:
            return "s"
        return "z" if not flags.strip("-") else None
    if letter in "di":
        return "d" if precision is None else None
    if letter in "xX":
        return "x" if precision is None and not flags.strip("-0") else None
    return "f"
