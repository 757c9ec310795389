"""Host profiles: how an engine that is a plain command is run, and how what it prints is understood.

A profile is data (`profiles/*.toml`, or a table in a user's lockstep.toml); docs/profiles.md describes every key.
"""

from __future__ import annotations

import fnmatch
import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from lockstep.harness.model import MissingError

_FOLDER = Path(__file__).parent
PLAIN = "plain"
# The key in what the library says of a wrong value: ``- at `$.errors[...].ends` ``.
_KEY = re.compile(r"- at `\$\.([\w-]+)")
# The deepest chain of `extends`; a longer one is a circle.
_DEEPEST = 8


class ErrorPattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """How a report of an uncaught error looks.

    Attributes:
        pattern: a regular expression (multi-line) whose groups `error`, `message`, `file`, `line`, `column`, `phase`
            tell what they name.
        phase: the phase that such a report tells of, where it does not name one; "" leaves it to the sentinel.
        error: the name of the error, where the report does not give it.
        kind: its kind on the second axis, where that is known.
        ends: which match counts, where several are there.
    """

    pattern: str
    phase: Literal["", "parse", "analysis", "macroexpand", "eval", "early"] = ""
    error: str = ""
    kind: str = ""
    ends: Literal["first", "last"] = "first"


class HostProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """How a plain command is used.

    Attributes:
        extends: the profile that says what this one leaves open.
        language: what it speaks; "" where the suite decides.
        commands: globs over the names of programs; a command whose program matches one gets this profile.
        modes: mode -> the words that stand before the file in that mode; a mode that is not named is not supported.
        include: words for each file that is run before a program without a mode; `{include}` is the file. Empty: what runs before
            stands in one file with the program, in front of it.
        prelude: the file that runs first in modes of the language's suites (a file of `preludes/`, or a path); "" for none.
        loader: a file that runs the parts of a program by itself, and reports in Lockstep's words; `prelude` is not used then.
        sentinel: a statement, on one line, that prints `lockstep:phase eval`; it stands in front of the program, so that an
            error without it was found before anything ran.
        strict: what stands in front of a program in mode `strict`.
        stream: where the report of an uncaught error goes.
        errors: how it looks; the first that matches counts.
        failed: exit statuses that mean an uncaught error; empty for all but 0.
        crashed: exit statuses that mean that the engine gave up.
        needs-report: an exit status says nothing without a report: some hosts exit with the value of the program.
        version: words that make it tell its version; empty where it cannot.
        version-pattern: what of the answer is the version.
        startup: seconds that it takes until a program begins to run, where these are many: they come on top of time limits. Once it
            has run a program, what that took does.
        environment: variables for the process; `{roots}` in a value is repeated with what is around it up to a `;`.
        extension: of files that are written for it, by mode; else the language's first.
        note: what a reader of a table should know.
    """

    extends: str = ""
    language: str = ""
    commands: tuple[str, ...] = ()
    modes: dict[str, tuple[str, ...]] = {}
    include: tuple[str, ...] = ()
    prelude: str = ""
    loader: str = ""
    sentinel: str = ""
    strict: str = ""
    stream: Literal["stderr", "stdout", "both"] = "stderr"
    errors: tuple[ErrorPattern, ...] = ()
    failed: tuple[int, ...] = ()
    crashed: tuple[int, ...] = ()
    needs_report: bool = False
    version: tuple[str, ...] = ()
    version_pattern: str = r"(.+)"
    startup: float = 0.0
    environment: dict[str, str] = {}
    extension: dict[str, str] = {}
    note: str = ""


class ProfileError(MissingError):
    """A profile cannot be used; the message names it and says why.

    Attributes:
        key: of its table, the one that is wrong; "" where that is not known.
        text: what of its value is wrong, as the table has it; "" for all of it.
    """

    def __init__(self, message: str, key: str = "", text: str = "") -> None:
        super().__init__(message)
        self.key = key
        self.text = text


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, dict[str, Any]]:
    found: dict[str, dict[str, object]] = {}
    for path in sorted((_FOLDER / "profiles").glob("*.toml")):
        found |= tomllib.loads(path.read_text("utf-8"))
    return found


@lru_cache(maxsize=1)
def shipped_profiles() -> Mapping[str, HostProfile]:
    """The profiles that Lockstep brings, by name."""
    return {name: find_profile(name) for name in _shipped()}


@lru_cache(maxsize=64)
def find_profile(name: str) -> HostProfile:
    """The shipped profile called `name`.

    Raises:
        ProfileError: there is none.
    """
    profiles = _shipped()
    if name not in profiles:
        near = get_close_matches(name, profiles, 1, 0.6)
        hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(sorted(profiles))}"
        raise ProfileError(f"unknown profile '{name}'; {hint}")
    return profile_from(profiles[name], name)


def profile_from(table: Mapping[str, object], name: str) -> HostProfile:
    """The profile that a table describes, with what it takes from the one that it extends.

    Raises:
        ProfileError: a key or a value is wrong, or the chain of `extends` is.
    """
    merged = dict(table)
    base = str(table.get("extends", ""))
    for _ in range(_DEEPEST):
        if not base:
            break
        if base not in _shipped():
            near = get_close_matches(base, _shipped(), 1, 0.5)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            raise ProfileError(f"profile {name} extends '{base}', which is not there{hint}", "extends")
        below = _shipped()[base]
        merged = {**{key: value for key, value in below.items() if key != "commands"}, **merged}
        base = str(below.get("extends", ""))
    else:
        raise ProfileError(f"profile {name}: its chain of `extends` is a circle")
    try:
        profile = msgspec.convert(merged, HostProfile)
    except msgspec.ValidationError as error:
        place = _KEY.search(str(error))
        raise ProfileError(f"profile {name}: {error}", place[1] if place else "") from error
    patterns = [("errors", one.pattern, re.MULTILINE) for one in profile.errors]
    for key, pattern, flags in (*patterns, ("version-pattern", profile.version_pattern, re.NOFLAG)):
        try:
            re.compile(pattern, flags)
        except re.error as error:
            raise ProfileError(
                f"profile {name}: {key}: {pattern!r} is no regular expression: {error}", key, pattern
            ) from error
    return profile


def profile_for(program: str) -> str:
    """The name of the shipped profile for a command whose program is called `program`; `plain` if none is made for it."""
    stem = Path(program).name.removesuffix(".exe")
    for name, table in _shipped().items():
        if any(fnmatch.fnmatchcase(stem, pattern) for pattern in table.get("commands", ())):
            return name
    return PLAIN
