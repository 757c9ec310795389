"""From what a plain command printed, and how it exited, to an outcome, by the rules of its profile."""

from __future__ import annotations

import base64
import binascii
import json
import re
import signal
from dataclasses import dataclass, replace
from functools import lru_cache

from lockstep.harness.engines.plain.command import Ended
from lockstep.harness.engines.plain.composition import SENTINEL_LINE, Composition
from lockstep.harness.languages.profile import ErrorPattern, HostProfile
from lockstep.harness.model import Location, Outcome
from lockstep.reference.host.engine import Program

# Shells say so that a signal ended what they ran.
_SIGNAL_STATUS = 128
_LONGEST_REPORT = 1 << 20


@dataclass(frozen=True)
class Transcript:
    """What a command did.

    Attributes:
        ended: how it ended, and what it wrote.
        file: the file that it ran.
    """

    ended: Ended
    file: str


def understood(
    transcript: Transcript, program: Program, composed: Composition, profile: HostProfile
) -> Outcome:
    """The outcome that a transcript tells of."""
    ended = transcript.ended
    errors = ended.errors[-_LONGEST_REPORT:].decode("utf-8", "surrogateescape")
    outcome = _outcome(transcript, program, composed, profile)
    return replace(outcome, exit_status=ended.status if ended.status >= 0 else None, standard_error=errors)


def _outcome(
    transcript: Transcript, program: Program, composed: Composition, profile: HostProfile
) -> Outcome:
    ended = transcript.ended
    output = ended.output.decode("utf-8", "surrogateescape")
    errors = ended.errors.decode("utf-8", "surrogateescape")
    output, running = _without_sentinel(output, composed)
    if composed.mark and composed.mark in errors:
        told = _told(errors, composed.mark)
        if told is not None:
            return _from_loader(told, output, program, ended)
    status = ended.status
    if status == 0:
        return Outcome("completed", output=output, ms=ended.ms)
    if status < 0 or status in profile.crashed or _is_signal(status):
        return Outcome("crash", message=_death(status, errors), output=output, ms=ended.ms)
    if profile.failed and status not in profile.failed:
        return Outcome("crash", message=_death(status, errors or output), output=output, ms=ended.ms)
    return _thrown(transcript, output, errors, program, composed, profile, running=running)


def _thrown(
    transcript: Transcript,
    output: str,
    errors: str,
    program: Program,
    composed: Composition,
    profile: HostProfile,
    *,
    running: bool | None,
) -> Outcome:
    ended = transcript.ended
    streams = {"stderr": (errors,), "stdout": (output,), "both": (errors, output)}[profile.stream]
    for pattern in profile.errors:
        for text in streams:
            match = _found(pattern, text[-_LONGEST_REPORT:])
            if match is None:
                continue
            groups = match.groupdict()
            name = pattern.error or groups.get("error") or ""
            if text is output:
                output = output[: output.rindex(match[0])] if match[0] in output else output
            return Outcome(
                completion="threw",
                phase=_phase(groups.get("phase") or pattern.phase, name, program, composed, running=running),
                kind=pattern.kind,
                error=name,
                message=(groups.get("message") or "").rstrip(),
                location=_location(
                    groups, f"{text[match.start() :]}\n{errors}", transcript.file, program, composed
                ),
                output=output,
                ms=ended.ms,
            )
    if profile.needs_report:
        return Outcome("completed", output=output, ms=ended.ms)
    phase = "" if running is None else "eval" if running else "parse"
    message = f"it ended with exit status {ended.status}"
    return Outcome("threw", phase=phase, message=message, output=output, ms=ended.ms)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.MULTILINE)


def _found(pattern: ErrorPattern, text: str) -> re.Match[str] | None:
    if pattern.ends == "first":
        return _compiled(pattern.pattern).search(text)
    last = None
    for last in _compiled(pattern.pattern).finditer(text):  # noqa: B007  # the last one counts
        pass
    return last


def _phase(told: str, name: str, program: Program, composed: Composition, *, running: bool | None) -> str:
    """Where it was thrown. In a module that never began to run, parsing and linking look alike."""
    early = "early" if program.mode in ("module", "raw") else "parse"
    if told and not running:
        return told
    if running is not None and composed.sentinel:
        if running:
            return "eval"
        return "eval" if early == "early" and name != "SyntaxError" else early
    if program.mode == "raw":
        return "early" if name == "SyntaxError" else "eval"
    return "" if not program.mode else "eval"


def _without_sentinel(output: str, composed: Composition) -> tuple[str, bool | None]:
    """The output without the sentinel, and whether that was there; None where none was asked for."""
    if not composed.sentinel:
        return output, None
    line, _, rest = output.partition("\n")
    if line.rstrip("\r") == SENTINEL_LINE:
        return rest, True
    # An imported module may have printed before.
    position = output.find(f"\n{SENTINEL_LINE}\n")
    if position >= 0:
        return output[: position + 1] + output[position + len(SENTINEL_LINE) + 2 :], True
    return output, False


def _location(
    groups: dict[str, str | None], text: str, file: str, program: Program, composed: Composition
) -> Location | None:
    """The line of the program that a report names."""
    line, column = groups.get("line"), groups.get("column")
    if line is None:
        name = re.escape(file.rpartition("/")[2])
        match = re.search(rf"{name}\"?(?:, line |:)(\d+)(?::(\d+))?", text)
        if match is None:
            return None
        line, column = match.groups()
    own = int(line) - composed.prefix_lines
    return Location(program.name, own, int(column or 0)) if own > 0 else None


def _told(errors: str, mark: str) -> dict[str, str] | None:
    """What a loader reported."""
    text = errors.rpartition(mark)[2].partition("\n")[0]
    try:
        told = json.loads(base64.b64decode(text))
    except (ValueError, binascii.Error):
        return None
    return told if isinstance(told, dict) else None


def _from_loader(told: dict[str, str], output: str, program: Program, ended: Ended) -> Outcome:
    stack = str(told.get("stack", ""))
    name = re.escape(program.path.rpartition("/")[2] if program.path else "program")
    match = re.search(rf"{name}[\w.]*:(\d+)(?::(\d+))?", stack)
    return Outcome(
        completion="threw",
        phase=str(told.get("phase", "")),
        error=str(told.get("error", "")),
        message=str(told.get("message", "")),
        location=Location(program.name, int(match[1]), int(match[2] or 0)) if match else None,
        output=output,
        ms=ended.ms,
    )


def _is_signal(status: int) -> bool:
    return status > _SIGNAL_STATUS and status - _SIGNAL_STATUS in {int(one) for one in signal.Signals}


def _death(status: int, errors: str) -> str:
    number = -status if status < 0 else status - _SIGNAL_STATUS if _is_signal(status) else 0
    how = (
        f"signal {signal.Signals(number).name}" if number in set(signal.Signals) else f"exit status {status}"
    )
    said = errors.strip().splitlines()
    return f"the engine ended with {how}" + (f": {said[-1][:200]}" if said else "")
