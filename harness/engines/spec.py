"""How one engine is started, and who it says it is."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from lockstep.harness.engines.guard import guarded
from lockstep.harness.engines.plain.process import PlainCommand, PlainProcess
from lockstep.harness.engines.process import START_SECONDS, EngineDiedError, EngineProcess
from lockstep.harness.engines.running import RunningEngine
from lockstep.harness.model import Identity, MissingError
from lockstep.harness.store.place import VARIABLE
from lockstep.reference.host.limits import Limits

# Resident memory of an idle engine, which the watch on it does not count as the guest's.
_OVERHEAD_MIB = {"java": 1024}
_OTHER_OVERHEAD_MIB = 512


Place = Literal["path", "upload", "image"]


@dataclass(frozen=True)
class EngineSpec:
    """How to start one engine.

    Attributes:
        name: as on the command line and in records.
        language: the language that it speaks.
        command: the program and its arguments.
        environment: variables to add to the harness's own.
        identity: what it says it is when it starts; None before its first start.
        ours: one of the reference interpreters; their messages are comparable word by word.
        accepts_memory: takes `--memory MIB` and then bounds its own address space.
        plain: what it is if it does not speak the protocol: a command that is run for each program.
        groups: names that stand for it and others on the command line, as `@GROUP`.
        limits: seconds and memory of its own, in place of the suite's.
        place: where a worker of a cluster finds its program: under the same path as here (`path`), sent there (`upload`), or
            under a path that need not be here (`image`).
    """

    name: str
    language: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    identity: Identity | None = None
    ours: bool = False
    accepts_memory: bool = False
    plain: PlainCommand | None = None
    groups: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    place: Place = "path"

    def spawn(self, memory: int | None = None) -> RunningEngine:
        """Start a process of this engine; it still has to be greeted with `start`.

        Raises:
            MissingError: the command cannot be started.
        """
        memory = self.limits.memory or memory
        command = (*self.command, "--memory", str(memory)) if memory and self.accepts_memory else self.command
        overhead = _OVERHEAD_MIB.get(Path(self.command[0]).name, _OTHER_OVERHEAD_MIB)
        watch = None if memory is None else memory + overhead
        # The store's address may hold a password, and engines run programs of others.
        own = {name: value for name, value in os.environ.items() if name != VARIABLE}
        environment = {**own, **guarded(), **self.environment}
        if self.plain is not None:
            return PlainProcess(self.plain, self.language, environment, watch)
        return EngineProcess(command, environment, watch)

    def identified(self, process: RunningEngine, seconds: float = START_SECONDS) -> EngineSpec:
        """This engine with what a process of it says of itself; the process is ready for cases then.

        Raises:
            MissingError: it does not answer as the protocol says; the process has ended.
        """
        try:
            identity = process.start(seconds)
        except EngineDiedError as error:
            advice = "" if self.plain else "; what it must answer is written in docs/protocol.md"
            raise MissingError(f"engine {self.name} does not start: {error}{advice}") from error
        return replace(self, identity=identity)

    @cached_property
    def hash(self) -> str:
        """Changes when the engine changes: what it says it is, and the files that its command names.

        It is the same on every machine, and "" until the engine has been asked.
        """
        if self.identity is None:
            return ""
        digest = hashlib.sha256(repr(asdict(self.identity)).encode())
        if self.plain is not None:
            words = tuple(Path(word).name if Path(word).is_absolute() else word for word in self.command[1:])
            digest.update(repr((self.plain.profile, words)).encode())
        for word in self.command:
            path = Path(word)
            digest.update(path.name.encode("utf-8", "surrogateescape") + b"\0")
            if word != self.command[0] and path.is_file():
                digest.update(path.read_bytes())
        return digest.hexdigest()[:12]
