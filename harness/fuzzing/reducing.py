"""The smallest programs of what a search has found, and files that keep them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import util
from pathlib import Path

from lockstep.harness.fuzzing.grammar import PLAIN
from lockstep.harness.fuzzing.search import Cause, Finding, Hunt, compared
from lockstep.harness.fuzzing.shrinking import Shrinking
from lockstep.harness.fuzzing.writing import program_tree
from lockstep.harness.languages.descriptor import Language
from lockstep.harness.model import Outcome
from lockstep.harness.pair import Pair
from lockstep.harness.suites.comments import signs_of
from lockstep.reference.host.engine import Program
from lockstep.reference.host.printable import printable_line


class _TimeIsUpError(Exception):
    """The time for one reduction has gone."""


@dataclass(frozen=True)
class Reduced:
    """A finding made small: the program, what it should do, and what the engine does."""

    finding: Finding
    program: Program
    right: Outcome
    wrong: Outcome


def reduced(finding: Finding, hunt: Hunt, seconds: float) -> Reduced:
    """Make the program of a finding as small as it gets in so many seconds while the engine differs in the same part.

    What it consists of goes first; then, where the extra `reduce` is installed, lines of what every program begins with, if
    both engines go on printing the same.
    """
    base, limits = hunt.against[0], hunt.limits
    until = time.monotonic() + seconds
    best = finding.program
    with Pair(base, finding.engine, limits) as engines:

        def keeps(source: str) -> bool:
            nonlocal best
            if time.monotonic() > until:
                raise _TimeIsUpError
            program = replace(best, source=source)
            right, wrong = engines.outcomes(program)
            difference = compared(base, right, finding.engine, wrong)
            kept = difference is not None and _same(finding.cause, difference[0])
            if kept and len(source) < len(best.source):
                best = program
            return kept

        try:
            tree = program_tree(hunt.grammar, hunt.seed, finding.number, hunt.weights)
            Shrinking(hunt.grammar, tree, keeps).run()
            if util.find_spec("lithium") is not None:
                printed = tuple(one.output for one in engines.outcomes(best))
                _shorten_lines(
                    best,
                    lambda source: (
                        keeps(source)
                        and printed
                        == tuple(one.output for one in engines.outcomes(replace(best, source=source)))
                    ),
                )
        except _TimeIsUpError:
            pass
        outcomes = engines.outcomes(best)
    return Reduced(finding, best, *outcomes)


def _shorten_lines(program: Program, keeps: Callable[[str], bool]) -> None:
    from lockstep.harness.reduction import LINES, Reduction  # needs the extra

    Reduction(program, lambda one: keeps(one.source), passes=LINES).run()


def _same(wanted: Cause, seen: Cause) -> bool:
    """Whether what is seen may well be what was found: the same part, and features that were in it."""
    if wanted.part != "output" or seen.part != "output":
        return wanted == seen
    return set(seen.detail.split("+")) <= {*wanted.detail.split("+"), PLAIN}


def kept_text(one: Reduced, language: Language, about: str) -> str:
    """A program with what is right in its comments (docs/fixtures.md); `about` says where it comes from."""
    signs = signs_of(language.comment)
    lines = [f"{language.comment} {printable_line(about)}"]
    if one.program.mode:
        lines.append(f"{signs.setting} mode {one.program.mode}")
    lines.append(one.program.source.rstrip("\n"))
    lines += [f"{signs.printed} {printed}".rstrip() for printed in one.right.output.splitlines()]
    if one.right.completion == "threw":
        kind = (
            one.right.kind or (one.wrong.kind if one.wrong.error == one.right.error else "") or "value_error"
        )
        lines.append(f"{signs.error} {kind} {one.right.error}:")
    return "\n".join(lines) + "\n"


def keep(one: Reduced, language: Language, folder: Path, name: str, about: str) -> Path:
    """Write a reduced program as a case.

    Raises:
        OSError: it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ending = language.extensions[0] if language.extensions else ".txt"
    path = folder / f"{name}{ending}"
    path.write_text(kept_text(one, language, about), "utf-8", errors="surrogateescape")
    return path
