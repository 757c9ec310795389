"""What a test must do, in words for a reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lockstep.harness.expectation import Expectation
from lockstep.harness.suites.clojure_tally import Tally
from lockstep.harness.suites.own.checker import Checked
from lockstep.harness.suites.own.golden import Golden
from lockstep.harness.suites.own.tap import Tap
from lockstep.reference.host.printable import printable

_LONGEST = 2000


def expectation_text(wanted: object) -> str:
    """What a test must do, in a line or a few; "" of an expectation that this page knows nothing of."""
    words = _WORDS.get(type(wanted))
    return printable(words(wanted), _LONGEST).rstrip() if words is not None else ""


def _plainly(wanted: Expectation) -> str:
    parts = [_ending(wanted)]
    if wanted.lines is not None:
        parts.append(_printing("prints", wanted.lines))
    if wanted.marker is not None:
        how = " once" if wanted.once else " last" if wanted.last else ""
        parts.append(f"prints {wanted.marker}{how}")
    return "; ".join(parts)


def _ending(wanted: Expectation) -> str:
    if wanted.ends == "timeout":
        return "runs out of steps"
    if wanted.ends != "threw":
        return "completes"
    where = f" in {wanted.phase}" if wanted.phase else ""
    message = f" with the message {wanted.message}" if wanted.message else ""
    return f"{wanted.error or wanted.kind or 'an error'}{where}{message}"


def _golden(wanted: Golden) -> str:
    parts = [f"exits with status {wanted.status}"] if wanted.status else ["completes"]
    parts.append(_printing("prints", wanted.lines))
    if wanted.errors is not None:
        parts.append(_printing("writes to standard error", wanted.errors))
    return "; ".join(parts)


def _printing(verb: str, lines: tuple[str, ...]) -> str:
    return f"{verb}\n" + "\n".join(lines) if any(lines) else f"{verb} nothing"


_WORDS: Mapping[type, Callable[[Any], str]] = {
    Expectation: _plainly,
    Golden: _golden,
    Tally: lambda _: "completes; the tally of its tests counts no failure",
    Tap: lambda _: "its points of TAP are ok, as many as planned",
    Checked: lambda wanted: f"what {wanted.name} finds right",
}
