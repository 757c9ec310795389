"""A truth table for an engine: tiny programs of its language, what it answered, and what Lockstep made of that."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from lockstep.harness.engines.plain.command import Ended
from lockstep.harness.engines.plain.process import PlainProcess
from lockstep.harness.engines.running import RunningEngine
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.expectation import EARLY
from lockstep.harness.languages import descriptor
from lockstep.harness.languages.descriptor import Language
from lockstep.harness.model import Outcome
from lockstep.harness.wording import describe
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits
from lockstep.reference.host.printable import printable_line

_FOLDER = Path(descriptor.__file__).parent / "checks"
_SECONDS = 20.0
# MiB that a program may hold which eats memory on purpose.
MEMORY_MIB = 256
_SHOWN = 100


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One tiny program, and what an engine does with it.

    Attributes:
        name: what it tries.
        source: the program.
        mode: how it is run; "" for the mode of the language's suites.
        ends: how it ends.
        phase, error, message, line: of what it throws, where that is said.
        output: what it prints; None where that does not matter.
        bytes: how much it prints; 0 where that does not matter.
        seconds: its time limit.
    """

    name: str
    source: str
    mode: str | None = None
    ends: str = "completed"
    phase: str = ""
    error: str = ""
    message: str = ""
    line: int = 0
    output: str | None = None
    bytes: int = 0
    seconds: float = _SECONDS


@dataclass(frozen=True)
class Finding:
    """What became of a check.

    Attributes:
        check: the program.
        answered: what the engine did, in one line.
        understood: what Lockstep made of it.
        differs: what of that is not as it should be; "" if nothing is.
        advice: what to write into a profile.
    """

    check: Check
    answered: str
    understood: str
    differs: str = ""
    advice: str = ""


def checks_for(language: str, known: Mapping[str, Language]) -> list[Check]:
    """The checks of a language; for one that nobody described more than by its descriptor, that it prints."""
    family = re.sub(r"[\d.]+$|jit$", "", language)
    path = _FOLDER / f"{family}.toml"
    if path.is_file():
        content = tomllib.loads(path.read_text("utf-8"))
        return msgspec.convert(content["check"], list[Check])
    descriptor_of_it = known.get(language)
    printing = descriptor_of_it.printing("one") if descriptor_of_it is not None else ""
    return [Check("completes", printing, output="one\n")] if printing else []


def check_engine(engine: EngineSpec, checks: list[Check]) -> Iterator[Finding]:
    """Each check with what `engine` made of it, in their order.

    Raises:
        MissingError: it cannot be started.
    """
    process = engine.spawn(MEMORY_MIB)
    try:
        engine = engine.identified(process)
        for check in checks:
            if process.closed:
                process = engine.spawn(MEMORY_MIB)
                engine.identified(process)
            yield _tried(engine, process, check)
    finally:
        process.kill()


def _tried(engine: EngineSpec, process: RunningEngine, check: Check) -> Finding:
    mode = check.mode if check.mode is not None else "script" if engine.language == "javascript" else ""
    program = Program(check.source, f"{check.name.replace(' ', '-')}", mode)
    limits = Limits(seconds=check.seconds, memory=None if isinstance(process, PlainProcess) else MEMORY_MIB)
    outcome = process.observe(program, limits)
    ended = process.last if isinstance(process, PlainProcess) else None
    answered = _answer(ended) if ended is not None else describe(outcome)
    difference = _difference(check, outcome)
    advice = _advice(check, outcome, ended, engine) if difference and ended is not None else ""
    return Finding(check, answered, _understood(outcome), difference, advice)


def _answer(ended: Ended) -> str:
    """What a command did, in one line: its exit status, and the heads of what it wrote."""
    parts = [f"exit {ended.status}" if ended.status >= 0 else f"signal {-ended.status}"]
    for name, content in (("stdout", ended.output), ("stderr", ended.errors)):
        lines = [line for line in content.decode("utf-8", "replace").splitlines() if line.strip()]
        if lines:
            more = f" (+{len(lines) - 1} lines)" if len(lines) > 1 else ""
            parts.append(f"{name}: {printable_line(lines[0], _SHOWN)}{more}")
    return "; ".join(parts)


def _understood(outcome: Outcome) -> str:
    if outcome.completion == "threw":
        return describe(outcome)
    if outcome.completion == "completed":
        size = len(outcome.output.encode("utf-8", "surrogateescape"))
        return f"completed, {size:,} bytes of output"
    return f"{outcome.completion}: {printable_line(outcome.message, _SHOWN)}".rstrip(": ")


def _difference(check: Check, outcome: Outcome) -> str:
    """The first thing that is not as the check has it."""
    if outcome.completion == "unsupported":
        return ""
    memory_error = check.ends == "oom" and outcome.completion in ("threw", "crash", "timeout")
    if outcome.completion != check.ends and not memory_error:
        return f"it should have been {check.ends}"
    if check.ends == "oom":
        return ""
    if (
        check.phase
        and outcome.phase != check.phase
        and not (outcome.phase == EARLY and check.phase == "parse")
    ):
        return f"its phase is {check.phase}, not {outcome.phase or 'unknown'}"
    if check.error and outcome.error != check.error:
        return f"its error is {check.error}, not {outcome.error or 'unknown'}"
    if check.message and check.message not in outcome.message:
        return f"its message is {check.message!r}, not {outcome.message[:_SHOWN]!r}"
    if check.line and (outcome.location is None or outcome.location.line != check.line):
        found = outcome.location.line if outcome.location is not None else "unknown"
        return f"it is thrown on line {check.line}, not {found}"
    if check.output is not None and outcome.output.replace("\r\n", "\n") != check.output:
        return f"it prints {check.output[:_SHOWN]!r}, not {outcome.output[:_SHOWN]!r}"
    size = len(outcome.output.encode("utf-8", "surrogateescape"))
    if check.bytes and size != check.bytes:
        return f"it prints {check.bytes:,} bytes, not {size:,}"
    return ""


def _advice(check: Check, outcome: Outcome, ended: Ended, engine: EngineSpec) -> str:
    """The lines of a profile that would make the answer understood, as far as they can be told from it."""
    assert engine.plain is not None
    profile = engine.plain.profile
    if check.ends != "threw":
        return ""
    if ended.status == 0:
        return "it exits with 0 on an error, which no profile can tell from success: give it a wrapper that does not"
    if outcome.completion == "crash" and ended.status > 0:
        return f"failed = [{ended.status}]"
    errors = ended.errors.decode("utf-8", "replace")
    output = ended.output.decode("utf-8", "replace")
    sought = check.error or check.message
    if sought and sought not in errors and sought in output and profile.stream == "stderr":
        return 'stream = "stdout"'
    if check.phase == "parse" and outcome.phase != "parse" and not profile.sentinel and not profile.loader:
        line = _line_with(errors or output, sought)
        return f"errors = [{{ pattern = '{_pattern(line, check)}', phase = \"parse\" }}, ...]" if line else ""
    if check.error and outcome.error != check.error:
        line = _line_with(errors + output, sought)
        if line:
            return f"errors = [{{ pattern = '{_pattern(line, check)}' }}, ...]"
        return "the report does not name the error"
    return ""


def _line_with(text: str, sought: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return next((line for line in lines if sought and sought in line), lines[0] if lines else "")


def _pattern(line: str, check: Check) -> str:
    """A regular expression for a line like this one, with groups for the error and its message."""
    pattern = re.escape(line)
    if check.message and check.message in line:
        pattern = pattern.replace(re.escape(check.message), "(?P<message>.*)", 1)
    if check.error and check.error in line:
        pattern = pattern.replace(re.escape(check.error), r"(?P<error>[\w.]+)", 1)
    return f"^{re.sub(r'[0-9]+', r'[0-9]+', pattern)}$"
