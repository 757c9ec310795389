"""How one engine is started, and who it says it is."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path

from lockstep.harness.engines.process import START_SECONDS, EngineDiedError, EngineProcess
from lockstep.harness.model import Identity, MissingError

# Resident memory of an idle engine, which the watch on it does not count as the guest's.
_OVERHEAD_MIB = {"java": 1024}
_OTHER_OVERHEAD_MIB = 512


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
    """

    name: str
    language: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    identity: Identity | None = None
    ours: bool = False
    accepts_memory: bool = False

    def spawn(self, memory: int | None = None) -> EngineProcess:
        """Start a process of this engine; it still has to be greeted with `start`.

        Raises:
            MissingError: the command cannot be started.
        """
        command = (*self.command, "--memory", str(memory)) if memory and self.accepts_memory else self.command
        overhead = _OVERHEAD_MIB.get(Path(self.command[0]).name, _OTHER_OVERHEAD_MIB)
        watch = None if memory is None else memory + overhead
        return EngineProcess(command, {**os.environ, **self.environment}, watch)

    def identified(self, process: EngineProcess, seconds: float = START_SECONDS) -> EngineSpec:
        """This engine with what a process of it says of itself; the process is ready for cases then.

        Raises:
            MissingError: it does not answer as the protocol says; the process has ended.
        """
        try:
            identity = process.start(seconds)
        except EngineDiedError as error:
            raise MissingError(
                f"engine {self.name} does not start: {error}; what it must answer is written in docs/protocol.md"
            ) from error
        return replace(self, identity=identity)

    @cached_property
    def hash(self) -> str:
        """Changes when the engine changes: what it says it is, and the files that its command names.

        It is the same on every machine, and "" until the engine has been asked.
        """
        if self.identity is None:
            return ""
        digest = hashlib.sha256(repr(asdict(self.identity)).encode())
        for word in self.command:
            path = Path(word)
            digest.update(path.name.encode("utf-8", "surrogateescape") + b"\0")
            if word != self.command[0] and path.is_file():
                digest.update(path.read_bytes())
        return digest.hexdigest()[:12]
