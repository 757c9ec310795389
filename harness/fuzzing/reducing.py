"""The smallest programs of what a search has found, and files that keep them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.fuzzing.search import Finding, compared
from lockstep.harness.languages.descriptor import Language
from lockstep.harness.model import Outcome
from lockstep.harness.suites.comments import signs_of
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits
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


def reduced(
    finding: Finding, base: EngineSpec, limits: Limits, seconds: float, report: Callable[[int], object]
) -> Reduced:
    """Make the program of a finding as small as it gets in so many seconds while the cause stays the same.

    Raises:
        ImportError: the extra `reduce` is not installed.
    """
    from lockstep.harness.reduction import Pair, Reduction  # noqa: PLC0415  # needs the extra

    until = time.monotonic() + seconds
    with Pair(base, finding.engine, limits) as pair:

        def keeps(program: Program) -> bool:
            if time.monotonic() > until:
                raise _TimeIsUpError
            seen = pair.compare(program)
            difference = compared(base, seen.left, finding.engine, seen.right)
            return difference is not None and difference[0] == finding.cause

        work = Reduction(finding.program, keeps, report)
        try:
            work.run()
        except _TimeIsUpError:
            pass
        last = pair.compare(work.best)
    return Reduced(finding, work.best, last.left, last.right)


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
