"""Templates, and what they call: numbers, dates, names that may break."""

from __future__ import annotations

import re
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from lockstep.harness.reports.look.dates import day, moment
from lockstep.harness.reports.look.parts import part
from lockstep.reference.host.printable import printable

_BREAKS = re.compile(r"(?<=[/:._-])(?=.)|(?<=[a-z])(?=[A-Z])")


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The templates of the site; what they are given is escaped."""
    made = Environment(
        loader=PackageLoader("lockstep.harness.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "figure": figure,
        "counted": counted,
        "breakable": breakable,
        "day": day,
        "moment": moment,
    }
    made.globals["glyphs"] = Markup(part("glyphs.html").rstrip())  # noqa: S704  # a file of ours
    return made


def render(template: str, /, **values: object) -> bytes:
    """A page; what guests wrote and nobody could show is escaped in it."""
    return printable(templates().get_template(template).render(values)).encode("utf-8")


def figure(number: int) -> str:
    """A number with its thousands apart."""
    return f"{number:,}"


def counted(number: int, one: str) -> str:
    """A number of things."""
    many = f"{one[:-1]}ies" if one.endswith("y") else f"{one}s"
    return f"{number:,} {one if number == 1 else many}"


def breakable(text: str) -> Markup:
    """A name that may break after a sign in it, and before a capital."""
    return Markup("<wbr>").join(_BREAKS.split(text))


def safe(text: str) -> str:
    """Text as it may stand in HTML."""
    return str(escape(text))
