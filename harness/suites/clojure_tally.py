"""The expectation of Clojure's suites: the tally of `clojure.test`, which the program prints last."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lockstep.harness.model import Judgement, Outcome, Verdict
from lockstep.harness.wording import describe, excerpt

TALLY = re.compile(r"^lockstep:tally tests=(\d+) pass=(\d+) fail=(\d+) error=(\d+)$", re.MULTILINE)
# The portable suite's own words for a var that the dialect does not have.
_SKIPPED_VAR = re.compile(r"^(SKIP - .+)$", re.MULTILINE)


@dataclass(frozen=True)
class Tally:
    """The program completes, and the last tally in its output counts an assertion and no failure."""

    ends: str = "completed"

    def check(self, outcome: Outcome) -> Judgement:
        """Pass; unsupported where the suite says that the dialect lacks the var; else why it fails."""
        found = TALLY.findall(outcome.output)
        skipped = _SKIPPED_VAR.search(outcome.output)
        if skipped and found and found[-1][0] == "0":
            return Judgement(Verdict.UNSUPPORTED, excerpt(skipped[1]))
        reason = describe(outcome) if outcome.completion != self.ends else _failure(found, outcome.output)
        return Judgement(Verdict.FAIL, reason) if reason else Judgement(Verdict.PASS)


def _failure(found: list[tuple[str, ...]], output: str) -> str:
    if not found:
        return "it ended without a tally of its tests"
    tests, passed, failed, errors = map(int, found[-1])
    if failed or errors:
        first = next((line for line in output.splitlines() if line.startswith(("FAIL in", "ERROR in"))), "")
        return f"{failed} failures, {errors} errors, {passed} passes; first: {excerpt(first)}"
    if not tests or not passed:
        return "it ran no assertion"
    return ""
