"""The judge: from what an engine observed and what a case expects to a verdict with its reason.

It knows no engine and no suite; its truth table is tests/harness/test_judge.py.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lockstep.harness.model import Expectation, Judgement, Outcome, Verdict
from lockstep.reference.host.printable import printable_line

_EXCERPT = 160
# Of a module that never ran, a plain command cannot say whether it was parsed: its error is one of both phases.
EARLY = "early"
_EARLY_PHASES = frozenset({"parse", "analysis"})
TALLY = re.compile(r"^lockstep:tally tests=(\d+) pass=(\d+) fail=(\d+) error=(\d+)$", re.MULTILINE)
# The portable suite's own words for a var that the dialect does not have.
_SKIPPED_VAR = re.compile(r"^(SKIP - .+)$", re.MULTILINE)


def judge(expectation: Expectation, outcome: Outcome) -> Judgement:
    """The verdict on `outcome`, with the first thing that differs from `expectation`."""
    unusable = _without_answer(expectation, outcome)
    if unusable is not None:
        return unusable
    if expectation.tally and _SKIPPED_VAR.search(outcome.output) and _ran_nothing(outcome.output):
        return Judgement(Verdict.UNSUPPORTED, _excerpt(_SKIPPED_VAR.findall(outcome.output)[0]))
    for check in (_ending, _error, _output):
        difference = check(expectation, outcome)
        if difference:
            return Judgement(Verdict.FAIL, difference)
    return Judgement(Verdict.PASS)


def describe(outcome: Outcome) -> str:
    """How a program ended, in one line."""
    if outcome.completion != "threw":
        return outcome.completion
    name = f"{_excerpt(outcome.error)}: " if outcome.error else ""
    where = f" at {_excerpt(outcome.location.file)}:{outcome.location.line}" if outcome.location else ""
    return f"threw {name}{_excerpt(outcome.message)}{where} ({_excerpt(outcome.phase)})"


def _without_answer(expectation: Expectation, outcome: Outcome) -> Judgement | None:
    """The verdict where the engine gave no answer that could be compared."""
    completion = outcome.completion
    if completion == "crash":
        return Judgement(Verdict.CRASH, outcome.message or "the engine died")
    if completion == "garbage":
        return Judgement(Verdict.CRASH, f"the engine answered garbage: {_excerpt(outcome.message)}")
    if completion == "oom":
        return Judgement(Verdict.CRASH, outcome.message or "memory limit reached")
    if completion == "unsupported":
        return Judgement(Verdict.UNSUPPORTED, outcome.message)
    if completion == "timeout" and (expectation.ends != "timeout" or outcome.wall):
        return Judgement(Verdict.TIMEOUT, outcome.message or "time limit reached")
    if outcome.kind == "internal_error":
        return Judgement(Verdict.ERROR, f"engine bug: {_last_line(outcome.message)}")
    return None


def _ending(expectation: Expectation, outcome: Outcome) -> str:
    if expectation.ends == outcome.completion:
        return ""
    if expectation.ends == "threw":
        wanted = expectation.error or expectation.kind or "an error"
        return f"expected {wanted} in phase {expectation.phase or 'any'}, but it {describe(outcome)}"
    if expectation.ends == "timeout":
        return f"expected to run out of steps, but it {describe(outcome)}"
    return describe(outcome)


def _error(expectation: Expectation, outcome: Outcome) -> str:
    for field in ("phase", "error", "kind"):
        wanted, found = getattr(expectation, field), getattr(outcome, field)
        if field == "kind" and not found:
            continue  # an outside engine without that axis
        if field == "phase" and found == EARLY and wanted in _EARLY_PHASES:
            continue
        if wanted is not None and wanted != found:
            return f"expected {field} {wanted}, but it {describe(outcome)} [{_excerpt(found) or 'none'}]"
    if expectation.message is not None and expectation.message not in outcome.message:
        return f"expected the message {expectation.message!r}, got {_quoted(outcome.message)}"
    return ""


def _output(expectation: Expectation, outcome: Outcome) -> str:
    if expectation.lines is not None:
        difference = _first_difference(expectation.lines, outcome.output)
        if difference:
            return difference
    if expectation.forbidden is not None:
        for line in outcome.output.splitlines():
            if line.startswith(expectation.forbidden):
                return _excerpt(line)
    if expectation.marker is not None:
        times = outcome.output.splitlines().count(expectation.marker)
        if not times:
            return f"it never printed {expectation.marker}"
        if times > 1 and expectation.once:
            return f"it printed {expectation.marker} {times} times"
    if expectation.tally:
        return _tally(outcome.output)
    return ""


def _ran_nothing(output: str) -> bool:
    found = TALLY.findall(output)
    return bool(found) and found[-1][0] == "0"


def _tally(output: str) -> str:
    found = TALLY.findall(output)
    if not found:
        return "it ended without a tally of its tests"
    tests, passed, failed, errors = map(int, found[-1])
    if failed or errors:
        first = next((line for line in output.splitlines() if line.startswith(("FAIL in", "ERROR in"))), "")
        return f"{failed} failures, {errors} errors, {passed} passes; first: {_excerpt(first)}"
    if not tests or not passed:
        return "it ran no assertion"
    return ""


def _first_difference(expected: Sequence[str], output: str) -> str:
    wanted_lines = [line.rstrip() for line in expected]
    found_lines = [line.rstrip() for line in output.split("\n")]
    while found_lines and not found_lines[-1]:
        found_lines.pop()
    while wanted_lines and not wanted_lines[-1]:
        wanted_lines.pop()
    for number, (wanted, got) in enumerate(zip(wanted_lines, found_lines, strict=False), 1):
        if wanted != got:
            return f"output line {number}: expected {_quoted(wanted)}, got {_quoted(got)}"
    count = min(len(wanted_lines), len(found_lines))
    if len(wanted_lines) > count:
        return f"output ends before line {count + 1}, expected {_quoted(wanted_lines[count])}"
    if len(found_lines) > count:
        return f"output has a line {count + 1} too many: {_quoted(found_lines[count])}"
    return ""


def _quoted(text: str) -> str:
    """The head of the first line, as a literal: the host's form of that escapes what cannot be shown."""
    return repr(_head(text))


def _excerpt(text: str) -> str:
    return printable_line(_head(text))


def _head(text: str) -> str:
    stripped = text[: _EXCERPT * 50].strip() or text.strip()  # of a megabyte on one line the head is enough
    line = stripped.splitlines()[0] if stripped else ""
    return line if len(line) <= _EXCERPT else line[: _EXCERPT - 1] + "…"


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return _excerpt(lines[-1]) if lines else "no message"
