"""The results of a run as they come: those of executions that run more than once are put together."""

from __future__ import annotations

from collections import Counter

from msgspec.structs import replace

from lockstep.harness.execution import Observed
from lockstep.harness.model import Result, Verdict
from lockstep.harness.status.changes import SEVERITY

Key = tuple[str, str, str, str]


class Attempts:
    """One result for each execution, whatever it took.

    Attributes:
        results: by execution; what it comes to at last.
        undecided: what is to be run again alone before it counts.
        parts: those that are parts of others, which nobody could plan.
    """

    def __init__(self) -> None:
        self.results: dict[Key, Result] = {}
        self.parts: set[Key] = set()
        self.undecided: set[Key] = set()

    def add(self, one: Observed, *, repeated: bool) -> Result:
        """Take what one more execution gave; the result that it comes to.

        Where everything is `repeated`, the worst counts and all are counted.
        """
        result = one.result
        if one.part:
            self.parts.add(result.key)
        elif one.final:
            self.undecided.discard(result.key)
        else:
            self.undecided.add(result.key)
        if repeated:
            result = _worst(self.results.get(result.key), result)
        self.results[result.key] = result
        return result

    def retry(self, one: Observed) -> Result:
        """Take what an execution did when it was run again; this counts."""
        again = one.result
        if one.part:
            self.parts.add(again.key)
        before = self.results.get(again.key, again)
        result = again if before is again else replace(again, tries=_together(before, again))
        if before.verdict is not again.verdict:
            result = replace(result, first=before.first or f"{before.verdict}: {before.reason}")
        self.results[result.key] = result
        return result


def _worst(before: Result | None, again: Result) -> Result:
    if before is None:
        return replace(again, tries={str(again.verdict): 1})
    worst = again if _severity(again) > _severity(before) else before
    return replace(worst, tries=_together(before, again))


def _severity(result: Result) -> int:
    return -1 if result.verdict is Verdict.PASS else SEVERITY[result.verdict]


def _together(before: Result, again: Result) -> dict[str, int]:
    """How often it ended how."""
    total = Counter(before.tries or {str(before.verdict): 1})
    total.update([str(again.verdict)])
    return {name: total[name] for name in map(str, Verdict) if total[name]}
