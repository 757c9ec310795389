"""A run as annotations of a CI system: GitHub's `::error file=...,line=...::message` lines on standard output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from lockstep.harness.gate import Gate
from lockstep.harness.model import Result
from lockstep.harness.reports.places import Places
from lockstep.harness.reports.tables import tries_text
from lockstep.harness.status.changes import Changes
from lockstep.reference.host.printable import printable

# GitHub shows so many of each kind that a step gives; the rest it drops without a word.
_EACH = 10
_LONGEST_MESSAGE = 1000
# What is annotated: the gate's reason, the title, the level where the gate does not fail on it.
_KINDS = (
    ("regression", "Regression", "warning"),
    ("worse", "A known failure ends worse", "warning"),
    ("new-failure", "New failure", "warning"),
    ("flaky", "Flaky", "warning"),
    ("unexpected-pass", "Unexpected pass", "notice"),
)


def annotation_lines(changes: Changes, gate: Gate, places: Places) -> list[str]:
    """The lines; those that the gate fails on first, at most ten of a level, with how many more there are."""
    by_level: dict[str, list[str]] = {"error": [], "warning": [], "notice": []}
    for reason, title, otherwise in _KINDS:
        fails = reason in gate.reasons or (reason in _FAILURES and "any" in gate.reasons)
        level = "error" if fails else otherwise
        by_level[level] += [_line(level, title, result, places) for result in _members(changes, reason)]
    if changes.missing:
        level = "error" if "missing" in gate.reasons else "notice"
        by_level[level] += [
            _command(
                level,
                {"title": f"Missing: {one.what}"},
                f"{one.suite} no longer has what is known of {one.engine}",
            )
            for one in changes.missing
        ]
    return [line for level, lines in by_level.items() for line in _shortened(level, lines)]


_FAILURES = frozenset({"regression", "worse", "new-failure"})


def _members(changes: Changes, reason: str) -> Sequence[Result]:
    return {
        "regression": changes.regressions,
        "worse": changes.worse,
        "new-failure": changes.new_failures,
        "flaky": changes.flaky,
        "unexpected-pass": changes.improvements,
    }[reason]


def _shortened(level: str, lines: Sequence[str]) -> Iterator[str]:
    """At most ten; where there are more, the last says how many."""
    if len(lines) <= _EACH:
        yield from lines
        return
    yield from lines[: _EACH - 1]
    more = len(lines) - _EACH + 1
    yield _command(level, {"title": f"and {more} more"}, "the run's record and summary hold all of them")


def _line(level: str, title: str, result: Result, places: Places) -> str:
    mode = f" [{result.mode}]" if result.mode else ""
    where = {}
    file = places.shown(result.suite, result.case)
    if file:
        where["file"] = file
        where["line"] = str(_line_in(result, file))
    where["title"] = f"{title}: {result.case}{mode} on {result.engine}"
    said = tries_text(result.tries) if result.wavers else ""
    message = ". ".join(part for part in (f"{result.verdict} {result.reason}".strip(), said) if part)
    return _command(level, where, printable(message, _LONGEST_MESSAGE))


def _line_in(result: Result, file: str) -> int:
    """The line of the test at which it went wrong, where the engine said one; else the first."""
    place = result.location
    same = place is not None and PurePath(place.file).name == PurePath(file).name
    return place.line if place is not None and same and place.line > 0 else 1


def _command(level: str, properties: dict[str, str], message: str) -> str:
    """One workflow command, with what would end its parts escaped as GitHub's runner reads it."""
    parts = ",".join(f"{name}={_escaped(value, _IN_PROPERTIES)}" for name, value in properties.items())
    return f"::{level} {parts}::{_escaped(message, _IN_MESSAGES)}"


_IN_MESSAGES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTIES = {**_IN_MESSAGES, ":": "%3A", ",": "%2C"}


def _escaped(text: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(character, character) for character in text)
