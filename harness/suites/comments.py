"""The expectations of a fixture: they stand in comments of the program, beside the line that they speak of.

Each language has its own comment signs; what follows them is the same (docs/fixtures.md):
a line printed, the error that ends the program, and settings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lockstep.harness.expectation import Expectation
from lockstep.harness.model import CaseError
from lockstep.reference.host.limits import Limits


@dataclass(frozen=True)
class Signs:
    """How a language's fixtures mark a printed line, the final error, and a setting."""

    printed: str
    error: str
    setting: str


# Where the common form would be something else: a first line that names an interpreter, an arrow of four signs.
_SPECIAL = {"#": Signs("#=>", "#!!", "#@"), "--": Signs("-->", "--!", "--@")}


def signs_of(comment: str) -> Signs:
    """The signs of a language whose comments begin with `comment`."""
    return _SPECIAL.get(comment, Signs(f"{comment}=>", f"{comment}!", f"{comment}@"))


_ERROR = re.compile(r"^(\w+)\s*(\S*?)\s*:\s?(.*)$")


class FixtureError(CaseError):
    """A fixture's comments cannot be read; the message names the file and the line."""


@dataclass(frozen=True)
class Fixture:
    """What the comments of a fixture say."""

    expectation: Expectation
    limits: Limits
    mode: str


DEFAULT_LIMITS = Limits(steps=20_000_000, seconds=60.0, memory=1024)


def read_expectations(source: str, signs: Signs, name: str, limits: Limits = DEFAULT_LIMITS) -> Fixture:
    """Read the expectations of the program `source`; `limits` are those that it does not set itself.

    Raises:
        FixtureError: a comment has a sign and no known form.
    """
    printed: list[str] = []
    expectation = Expectation()
    mode = ""
    for number, line in enumerate(source.split("\n"), 1):
        text = line.rstrip("\r")
        for sign, kind in ((signs.printed, "printed"), (signs.error, "error"), (signs.setting, "setting")):
            before, found, after = text.partition(sign)
            if not found:
                continue
            if kind == "printed":
                printed.append(after.removeprefix(" "))
            elif kind == "error":
                expectation = _expect_error(expectation, after.strip(), f"{name}:{number}")
            elif not before.strip():
                limits, mode, expectation = _setting(
                    after.split(), limits, mode, expectation, f"{name}:{number}"
                )
            break
    return Fixture(replace(expectation, lines=tuple(printed)), limits, mode)


def _expect_error(expectation: Expectation, text: str, place: str) -> Expectation:
    parts = _ERROR.match(text)
    if parts is None:
        raise FixtureError(f"{place}: an error is written as KIND NAME: MESSAGE, not {text!r}")
    kind, error, message = parts.groups()
    return replace(expectation, ends="threw", kind=kind, error=error or None, message=message or None)


def _setting(
    words: list[str], limits: Limits, mode: str, expectation: Expectation, place: str
) -> tuple[Limits, str, Expectation]:
    try:
        name, value = words
        if name == "steps":
            return replace(limits, steps=int(value)), mode, expectation
        if name == "memory":
            return replace(limits, memory=int(value)), mode, expectation
        if name == "mode":
            return limits, value, expectation
        if name == "expect" and value == "timeout":
            return limits, mode, replace(expectation, ends="timeout")
    except ValueError:
        pass
    raise FixtureError(
        f"{place}: unknown setting {' '.join(words)!r}; known: steps N, memory MIB, mode M, expect timeout"
    )
