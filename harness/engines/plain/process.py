"""One lane of a plain command: a process for each program, in the place that an engine with a protocol has."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from lockstep.harness.engines.plain.command import Command, Ended
from lockstep.harness.engines.plain.composition import (
    SYNTAX_ERROR,
    Composition,
    compose,
    is_module,
    with_sentinel,
)
from lockstep.harness.engines.plain.scratch import Scratch
from lockstep.harness.engines.plain.template import CommandTemplate
from lockstep.harness.engines.plain.understanding import Transcript, understood
from lockstep.harness.engines.process import START_SECONDS, Answer, EngineDiedError
from lockstep.harness.engines.process_tree import MARK, end_marked, new_mark
from lockstep.harness.expectation import EARLY
from lockstep.harness.languages.profile import HostProfile, ProfileError
from lockstep.harness.model import Identity, Outcome
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits


@dataclass(frozen=True)
class PlainCommand:
    """What a plain command is, beside its words.

    Attributes:
        template: its words.
        profile: how it is understood.
        profile_name: what that is called.
        suffix: of files that are written for it.
        version: words that tell its version, in place of the profile's; they begin with the program.
    """

    template: CommandTemplate
    profile: HostProfile
    profile_name: str
    suffix: str
    version: tuple[str, ...] = ()


class PlainProcess:
    """Runs programs one at a time, each in a process of its own; it has the face of an `EngineProcess`.

    Args:
        plain: the command.
        language: what it speaks.
        environment: the whole environment of its processes.
        memory: MiB of resident memory, of a process and all that it started, above which it is killed.

    Attributes:
        last: how the last process ended by itself; None where a limit ended it.

    Raises:
        MissingError: the program is not there.
    """

    def __init__(
        self, plain: PlainCommand, language: str, environment: Mapping[str, str], memory: int | None = None
    ) -> None:
        program = plain.template.located(environment.get("PATH"))
        self._plain = plain
        self._language = language
        self._program = program
        self._state = _state(program)
        self._memory = memory
        self._mark = new_mark()
        # As bytes, so that they are not made again for each program.
        self._environment = _encoded({**environment, MARK: self._mark})
        self._scratch = Scratch()
        self._running: Command | None = None
        self._closed = False
        self._startup = plain.profile.startup
        self.cases_run = 0
        self.last: Ended | None = None

    def start(self, seconds: float = START_SECONDS) -> Identity:
        """Who the command says it is: its version, asked with the profile's words.

        Raises:
            EngineDiedError: it hangs when it is asked.
        """
        plain = self._plain
        words = list(plain.version)
        if not words and plain.profile.version:
            words = [self._program, *plain.profile.version]
        version = ""
        if words:
            allowed = seconds + plain.profile.startup
            ended = self._performed(Command(words, self._environment, self._mark, seconds=allowed))
            if isinstance(ended, Outcome):
                self.kill()
                raise EngineDiedError(Outcome("crash", message=f"asked for its version, {ended.message}"))
            version = _version(ended, plain.profile.version_pattern)
        name = plain.template.name
        implementation = version if name.lower() in version.lower() else f"{name} {version}".strip()
        return Identity(self._language, implementation, "", _fingerprint(self._program))

    def inventory(self) -> dict[str, object]:
        """Nothing: a plain command cannot be asked."""
        return {}

    def run(self, program: Program, limits: Limits) -> Answer:
        """What became of `program`; no outcome, and the end of this, where the command's program is gone or another one."""
        if _state(self._program) != self._state:
            # A rebuild: who is started next says whether it is still the engine of this run.
            self.kill()
            return Answer(None)
        self.cases_run += 1
        outcome = self._observed(program, limits)
        if outcome.completion == "crash" and not os.access(self._program, os.X_OK):
            self.kill()
            return Answer(None)
        return Answer(outcome)

    def observe(self, program: Program, limits: Limits) -> Outcome:
        """What became of `program`."""
        return self._observed(program, limits)

    def afterthought(self, seconds: float = 0.0) -> Outcome | None:
        """Nothing: a process ends with its program."""
        del seconds
        return None

    @property
    def closed(self) -> bool:
        """Whether `kill` was called."""
        return self._closed

    def resident_memory(self) -> int:
        """MiB that the process at hand holds."""
        return self._running.resident_memory() if self._running is not None else 0

    def kill(self) -> None:
        """End the process at hand and everything that any of them left behind."""
        self._closed = True
        if self._running is not None:
            self._running.end()
        end_marked(self._mark)
        self._scratch.close()

    def stop(self) -> None:
        """The same: there is nothing to ask it for."""
        self.kill()

    def _observed(self, program: Program, limits: Limits) -> Outcome:
        plain = self._plain
        if program.mode not in plain.profile.modes:
            return Outcome("unsupported", message=f"{plain.profile_name} has no mode {program.mode}")
        try:
            composed = compose(program, plain.profile, plain.suffix)
            file = self._scratch.file_for(program, composed)
            before = list(plain.profile.modes[program.mode])
            if plain.profile.include and not program.mode:
                for path in self._scratch.includes(program, plain.suffix):
                    before += [word.replace("{include}", path) for word in plain.profile.include]
        except (OSError, UnicodeEncodeError, ProfileError) as error:
            return Outcome("unreadable", message=f"the program cannot be handed over: {error}")
        outcome, ran = self._once(program, limits, composed, file, before)
        if ran is not None and outcome.completion == "threw" and not outcome.phase and not program.mode:
            self.last, kept = None, self.last
            phase = self._phase(program, limits, composed, outcome, before)
            self.last, outcome = kept, replace(outcome, phase=phase)
        return outcome

    def _phase(
        self, program: Program, limits: Limits, composed: Composition, outcome: Outcome, before: list[str]
    ) -> str:
        """Where a program without a mode threw; "" where that cannot be told.

        Nothing stands in front of such a program, so nothing has told that it began to run. An error that parsers have is looked
        for once more, in a copy with the sentinel in front.
        """
        profile = self._plain.profile
        if not profile.sentinel:
            # Where the parser's errors have a look of their own, this is none of them.
            return "eval" if any(pattern.phase not in ("", "eval") for pattern in profile.errors) else ""
        if outcome.error != SYNTAX_ERROR:
            return "eval" if outcome.error else ""
        marked = with_sentinel(composed, profile)
        again, _ = self._once(program, limits, marked, self._scratch.file_for(program, marked), before)
        return EARLY if again.phase == "parse" and is_module(program) else again.phase

    def _once(
        self, program: Program, limits: Limits, composed: Composition, file: str, before: list[str]
    ) -> tuple[Outcome, Ended | None]:
        """What became of a program that stands in `file`, and how its process ended by itself, if it did."""
        plain = self._plain
        template = plain.template
        text = composed.text if template.takes_source or template.takes_input else ""
        if "\0" in text and template.takes_source:
            return Outcome("unsupported", message="a word of a command cannot hold NUL"), None
        words = template.expanded(file, text, before, program.arguments, program.roots)
        words[0] = self._program
        environment = self._environment
        if plain.profile.environment:
            environment = {**environment, **_encoded(_variables(plain.profile.environment, program))}
        ended = self._performed(
            Command(
                words,
                environment,
                self._mark,
                given=text.encode("utf-8", "surrogateescape") if template.takes_input else b"",
                folder=program.folder,
                seconds=None if limits.seconds is None else limits.seconds + self._startup,
                memory=self._memory,
                output=limits.output,
            )
        )
        if isinstance(ended, Outcome):
            return ended, None
        # It starts in less than a program takes.
        self._startup = min(self._startup, ended.ms / 1e3)
        return understood(Transcript(ended, file), program, composed, plain.profile), ended

    def _performed(self, command: Command) -> Ended | Outcome:
        self._running = command
        self.last = None
        try:
            ended = command.performed()
        finally:
            self._running = None
        if isinstance(ended, Ended):
            self.last = ended
        return ended


def _encoded(variables: Mapping[str, str]) -> dict[bytes, bytes]:
    return {os.fsencode(name): os.fsencode(value) for name, value in variables.items()}


def _variables(templates: Mapping[str, str], program: Program) -> dict[str, str]:
    """Variables with `{roots}` filled in: the part of a value, up to a separator, that holds it is repeated for each."""
    beside = [str(Path(program.path).parent)] if program.path is not None else []
    roots = [*program.roots, *beside]
    found = {}
    for name, template in templates.items():
        separator = ";" if ";" in template else os.pathsep
        parts: list[str] = []
        for part in template.split(separator):
            parts += [part.replace("{roots}", root) for root in roots] if "{roots}" in part else [part]
        found[name] = separator.join(parts)
    return found


def _version(ended: Ended, pattern: str) -> str:
    """The version in what the command answered; its first line where nothing matches."""
    text = (ended.output + b"\n" + ended.errors).decode("utf-8", "replace")
    match = re.search(pattern, text, re.MULTILINE)
    if match is None:
        return next((line.strip() for line in text.splitlines() if line.strip()), "")
    return (match.groupdict().get("version") or match[match.lastindex or 0]).strip()


def _state(program: str) -> tuple[int, int] | None:
    """The size and time (nanoseconds) of a file; None where it is gone."""
    try:
        found = Path(program).stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _fingerprint(program: str) -> str:
    """A digest of a binary; "" for a script, which tells nothing of what it starts."""
    return _digest(program, _state(program))


@lru_cache(maxsize=64)
def _digest(program: str, _: tuple[int, int] | None) -> str:
    """The digest of a file in one state of it."""
    try:
        with Path(program).open("rb") as stream:
            head = stream.read(4)
            if head != b"\x7fELF" and head[:3] != b"\xcf\xfa\xed":
                return ""
            stream.seek(0)
            return hashlib.file_digest(stream, "sha256").hexdigest()[:16]
    except OSError:
        return ""
