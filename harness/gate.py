"""What makes a run fail, and which exit code says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lockstep.harness.model import FAILURES, Result, Verdict
from lockstep.harness.project.tables import GateTable

if TYPE_CHECKING:  # the project file names reasons; what they are found in is for those who ran something
    from lockstep.harness.status.changes import Changes

DONE, FAILED, USAGE, MISSING, INTERRUPTED = 0, 1, 2, 3, 130

_FROM_CHANGES: Mapping[str, Callable[[Changes], Sequence[object]]] = {
    "regression": lambda changes: changes.regressions,
    "worse": lambda changes: changes.worse,
    "unexpected-pass": lambda changes: changes.improvements,
    "new-failure": lambda changes: changes.new_failures,
    "flaky": lambda changes: changes.flaky,
    "missing": lambda changes: changes.missing,
}
# What a run says of itself, whatever is recorded.
_OF_THE_RUN = frozenset({"flaky"})
# What `--fail-on` takes, with what it means.
REASONS = {
    "regression": "a known pass does not pass",
    "worse": "a known failure ends worse: it crashes or never ends",
    "unexpected-pass": "a known failure passes, and is not recorded as a pass",
    "new-failure": "a failure of which nothing is recorded",
    "flaky": "it ended in different ways when it was run more than once, and is not known to",
    "missing": "a known case that the suite no longer holds",
    "vacuous": "fewer executions than --at-least, or none, were run at all",
    "any": "any failure, whatever is known",
    "never": "nothing",
}
DEFAULT_REASONS = ("regression", "worse", "vacuous")


@dataclass(frozen=True)
class Gate:
    """What makes a run fail.

    Attributes:
        reasons: names in `REASONS`.
        at_least: so many executions must have been run.
    """

    reasons: tuple[str, ...] = DEFAULT_REASONS
    at_least: int = 1

    @property
    def compares(self) -> bool:
        """Whether it needs to know what is expected."""
        return bool(set(self.reasons) & (_FROM_CHANGES.keys() - _OF_THE_RUN))

    def failed(self, results: Sequence[Result], changes: Changes) -> list[str]:
        """The reasons, of those asked for, for which the run fails."""
        if "never" in self.reasons:
            return []
        found = [name for name in self.reasons if name in _FROM_CHANGES and _FROM_CHANGES[name](changes)]
        if "any" in self.reasons and any(result.verdict in FAILURES for result in results):
            found.append("any")
        ran = sum(result.verdict is not Verdict.SKIPPED for result in results)
        if "vacuous" in self.reasons and ran < self.at_least:
            found.append("vacuous")
        return found


def gate_of(
    table: GateTable, reasons: Sequence[str] | None, at_least: int | None, *, narrowed: bool = False
) -> Gate:
    """The gate that the command line asks for; where it says nothing, that of the project file.

    The number of executions that the file asks for is that of a run which nothing on the command line has `narrowed`.

    Raises:
        ValueError: the project file names an unknown reason.
    """
    chosen = tuple(reasons) if reasons is not None else parse_reasons(table.fail_on)
    least = at_least if at_least is not None or narrowed else table.at_least
    return Gate(chosen, 1 if least is None else least)


def parse_reasons(words: Sequence[str]) -> tuple[str, ...]:
    """The reasons that `--fail-on` names.

    Raises:
        ValueError: one is unknown, or `never` stands beside another.
    """
    unknown = [word for word in words if word not in REASONS]
    if unknown:
        raise ValueError(f"'{unknown[0]}' is none of {', '.join(REASONS)}")
    if "never" in words and len(set(words)) > 1:
        raise ValueError("'never' stands alone")
    return tuple(dict.fromkeys(words)) or DEFAULT_REASONS
