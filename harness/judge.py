"""The judge: from what an engine observed and what a case expects to a verdict with its reason.

It knows no engine and no suite: it decides where there is nothing to compare, and else an expectation checks itself. Its truth
table is tests/harness/test_judge.py.
"""

from __future__ import annotations

from lockstep.harness.model import Expected, Judgement, Outcome, Verdict
from lockstep.harness.wording import excerpt, last_line


def judge(expectation: Expected, outcome: Outcome) -> Judgement:
    """The verdict on `outcome`, with the first thing that differs from `expectation`."""
    return _without_answer(expectation, outcome) or expectation.check(outcome)


def _without_answer(expectation: Expected, outcome: Outcome) -> Judgement | None:
    """The verdict where the engine gave no answer that could be compared."""
    completion = outcome.completion
    if completion == "crash":
        return Judgement(Verdict.CRASH, outcome.message or "the engine died")
    if completion == "garbage":
        return Judgement(Verdict.CRASH, f"the engine answered garbage: {excerpt(outcome.message)}")
    if completion == "oom":
        return Judgement(Verdict.CRASH, outcome.message or "memory limit reached")
    if completion == "unsupported":
        return Judgement(Verdict.UNSUPPORTED, outcome.message)
    if completion == "timeout" and (expectation.ends != "timeout" or outcome.wall):
        return Judgement(Verdict.TIMEOUT, outcome.message or "time limit reached")
    if outcome.kind == "internal_error":
        return Judgement(Verdict.ERROR, f"engine bug: {last_line(outcome.message)}")
    return None
