"""What most cases must do to pass: how they end, with which error, and what they print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lockstep.harness.model import Judgement, Outcome, Verdict
from lockstep.harness.wording import describe, excerpt, quoted

# Of a module that never ran, a plain command cannot say whether it was parsed: its error is one of both phases.
EARLY = "early"
_EARLY_PHASES = frozenset({"parse", "analysis"})


@dataclass(frozen=True)
class Expectation:
    """What a case must do to pass; never sent to an engine.

    Attributes:
        ends: `completed`, `threw`, or `timeout` (its step budget must run out).
        phase: the phase in which it must throw, if that matters.
        error: the name of the error it must throw, if that matters.
        kind: the kind of that error, if that matters and the engine has kinds.
        message: text that the error's message must contain.
        lines: the lines of the output, if they matter; blanks at their ends do not.
        marker: a line that the output must have.
        once: it must have that line once.
        last: that line must be the last one that is not blank.
        forbidden: a prefix that no line of the output may have.
    """

    ends: str = "completed"
    phase: str | None = None
    error: str | None = None
    kind: str | None = None
    message: str | None = None
    lines: tuple[str, ...] | None = None
    marker: str | None = None
    once: bool = False
    last: bool = False
    forbidden: str | None = None

    def check(self, outcome: Outcome) -> Judgement:
        """Pass, or fail with the first thing that differs."""
        for difference in (self._ending, self._error, self._output):
            reason = difference(outcome)
            if reason:
                return Judgement(Verdict.FAIL, reason)
        return Judgement(Verdict.PASS)

    def _ending(self, outcome: Outcome) -> str:
        if self.ends == outcome.completion:
            return ""
        if self.ends == "threw":
            wanted = self.error or self.kind or "an error"
            return f"expected {wanted} in phase {self.phase or 'any'}, but it {describe(outcome)}"
        if self.ends == "timeout":
            return f"expected to run out of steps, but it {describe(outcome)}"
        return describe(outcome)

    def _error(self, outcome: Outcome) -> str:
        for field in ("phase", "error", "kind"):
            wanted, found = getattr(self, field), getattr(outcome, field)
            if field == "kind" and not found:
                continue  # an outside engine without that axis
            if field == "phase" and found == EARLY and wanted in _EARLY_PHASES:
                continue
            if wanted is not None and wanted != found:
                return f"expected {field} {wanted}, but it {describe(outcome)} [{excerpt(found) or 'none'}]"
        if self.message is not None and self.message not in outcome.message:
            return f"expected the message {self.message!r}, got {quoted(outcome.message)}"
        return ""

    def _output(self, outcome: Outcome) -> str:
        if self.lines is not None:
            difference = first_difference(self.lines, outcome.output)
            if difference:
                return difference
        if self.forbidden is not None:
            for line in outcome.output.splitlines():
                if line.startswith(self.forbidden):
                    return excerpt(line)
        if self.marker is not None:
            return self._marked(self.marker, outcome.output.splitlines())
        return ""

    def _marked(self, marker: str, lines: list[str]) -> str:
        times = lines.count(marker)
        if not times:
            return f"it never printed {marker}"
        if times > 1 and self.once:
            return f"it printed {marker} {times} times"
        if self.last:
            after = next((line for line in reversed(lines) if line.strip()), "")
            if after != marker:
                return f"it printed {quoted(after)} after {marker}"
        return ""


def first_difference(expected: Sequence[str], output: str, stream: str = "output") -> str:
    """The first line in which `output` is not as expected; "" if none. Blanks at the ends of lines, and blank lines at the end, do not count."""
    wanted_lines = [line.rstrip() for line in expected]
    found_lines = [line.rstrip() for line in output.split("\n")]
    while found_lines and not found_lines[-1]:
        found_lines.pop()
    while wanted_lines and not wanted_lines[-1]:
        wanted_lines.pop()
    for number, (wanted, got) in enumerate(zip(wanted_lines, found_lines, strict=False), 1):
        if wanted != got:
            return f"{stream} line {number}: expected {quoted(wanted)}, got {quoted(got)}"
    count = min(len(wanted_lines), len(found_lines))
    if len(wanted_lines) > count:
        return f"{stream} ends before line {count + 1}, expected {quoted(wanted_lines[count])}"
    if len(found_lines) > count:
        return f"{stream} has a line {count + 1} too many: {quoted(found_lines[count])}"
    return ""
