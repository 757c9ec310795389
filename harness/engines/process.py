"""One engine process: starts it, asks it one thing at a time, and survives whatever it does."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import Any

import psutil

from lockstep.harness.model import MissingError, Outcome
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits

PROTOCOL_VERSION = 1
START_SECONDS = 60.0
# Beyond the case's own wall time: what an engine may take to notice that its time is over.
GRACE_SECONDS = 2.0
_READ_BYTES = 1 << 16
_LONGEST_LINE = 256 << 20
_WATCH_SECONDS = 0.25
_STDERR_KEPT = 4000


class EngineDiedError(Exception):
    """The engine's process is gone or does not follow the protocol; the outcome says what is known."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.message)
        self.outcome = outcome


def run_message(number: int, program: Program, limits: Limits) -> dict[str, Any]:
    """The `run` message for a program."""
    given = {
        "steps": limits.steps,
        "seconds": limits.seconds,
        "memory": limits.memory,
        "output": limits.output,
        "depth": limits.depth,
        "space": limits.space,
        "stress": limits.stress,
    }
    return {
        "type": "run",
        "id": number,
        "source": program.source,
        "name": program.name,
        "mode": program.mode,
        "includes": [list(pair) for pair in program.includes],
        "path": program.path,
        "roots": list(program.roots),
        "arguments": list(program.arguments),
        "folder": program.folder,
        "limits": {name: value for name, value in given.items() if value is not None},
    }


class EngineProcess:
    """A running engine.

    Args:
        command: the program and its arguments.
        environment: the whole environment of the process.
        memory: MiB of resident memory above which the process is killed; None for no watch.

    Raises:
        MissingError: the command cannot be started.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], memory: int | None = None
    ) -> None:
        self._memory = memory
        self._number = 0
        self._buffer = bytearray()
        self._stderr = bytearray()
        try:
            self._process = subprocess.Popen(  # noqa: S603  # running engines is what this is for
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=dict(environment),
                start_new_session=True,  # an interrupt reaches the harness, which ends its engines
            )
        except OSError as error:
            raise MissingError(f"cannot start {command[0]}: {error.strerror}") from error
        self._selector = selectors.DefaultSelector()
        for stream in (self._process.stdout, self._process.stderr):
            assert stream is not None
            os.set_blocking(stream.fileno(), False)
            self._selector.register(stream, selectors.EVENT_READ)
        self._watched = psutil.Process(self._process.pid)
        self.cases_run = 0

    def start(self) -> dict[str, Any]:
        """Shake hands: the engine's `ready` message.

        Raises:
            EngineDiedError: it does not answer as the protocol says.
        """
        self._send({"type": "start", "version": PROTOCOL_VERSION})
        ready = self._receive(time.monotonic() + START_SECONDS)
        if ready.get("type") != "ready" or ready.get("version") != PROTOCOL_VERSION:
            self.kill()
            raise EngineDiedError(Outcome("garbage", message=f"unexpected answer to start: {ready}"))
        return ready

    def inventory(self) -> dict[str, Any]:
        """What the engine says it defines; empty where it cannot say.

        Raises:
            EngineDiedError: it died or hung.
        """
        self._send({"type": "inventory", "id": 0})
        names = self._receive(time.monotonic() + START_SECONDS).get("names")
        return names if isinstance(names, dict) else {}

    def run(self, program: Program, limits: Limits) -> Outcome:
        """What the engine observed when it ran `program`.

        A process that died, hung, answered garbage or ate memory gives an outcome too, and is `closed`.
        """
        self._number += 1
        self.cases_run += 1
        deadline = None if limits.seconds is None else time.monotonic() + limits.seconds + GRACE_SECONDS
        started = time.monotonic()
        try:
            self._send(run_message(self._number, program, limits))
            message = self._receive(deadline)
            if message.get("type") != "outcome" or message.get("id") != self._number:
                self.kill()
                return Outcome("garbage", message=json.dumps(message)[:500])
            return Outcome.from_message(message)
        except EngineDiedError as died:
            return died.outcome
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            self.kill()
            return Outcome(
                "garbage", message=f"malformed outcome: {error}", ms=(time.monotonic() - started) * 1e3
            )

    @property
    def closed(self) -> bool:
        """Whether the process has ended."""
        return self._process.poll() is not None

    def resident_memory(self) -> int:
        """MiB of memory that the process holds now."""
        try:
            return int(self._watched.memory_info().rss) >> 20
        except psutil.Error:
            return 0

    def kill(self) -> None:
        """End the process and everything that it started, at once."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._selector.close()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def stop(self) -> None:
        """Ask the process to end, and make sure that it does."""
        if not self.closed:
            with contextlib.suppress(EngineDiedError):
                self._send({"type": "stop"})
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=1.0)
        self.kill()

    def _send(self, message: dict[str, Any]) -> None:
        stream = self._process.stdin
        assert stream is not None
        try:
            stream.write(json.dumps(message).encode() + b"\n")
            stream.flush()
        except (OSError, ValueError) as error:
            raise EngineDiedError(self._death()) from error

    def _receive(self, deadline: float | None) -> dict[str, Any]:
        while True:
            end = self._buffer.find(b"\n")
            if end >= 0:
                line = bytes(self._buffer[:end])
                del self._buffer[: end + 1]
                return self._parsed(line)
            self._wait_for_bytes(deadline)

    def _parsed(self, line: bytes) -> dict[str, Any]:
        try:
            message = json.loads(line)
        except ValueError:
            message = None
        if not isinstance(message, dict):
            self.kill()
            raise EngineDiedError(Outcome("garbage", message=line[:500].decode("utf-8", "replace")))
        return message

    def _wait_for_bytes(self, deadline: float | None) -> None:
        ready = self._selector.select(_WATCH_SECONDS)
        ended = False
        for key, _ in ready:
            try:
                chunk = os.read(key.fd, _READ_BYTES)
            except BlockingIOError:
                continue
            if key.fileobj is self._process.stderr:
                self._stderr = (self._stderr + chunk)[-_STDERR_KEPT:]
                if not chunk:
                    self._selector.unregister(key.fileobj)
            elif chunk:
                self._buffer += chunk
            else:
                ended = True
        if ended and b"\n" not in self._buffer:
            raise EngineDiedError(self._death())
        if len(self._buffer) > _LONGEST_LINE:
            self.kill()
            raise EngineDiedError(Outcome("garbage", message="an endless line"))
        if ready and self._buffer:
            return
        if deadline is not None and time.monotonic() > deadline:
            self.kill()
            raise EngineDiedError(Outcome("timeout", message="no answer within the time limit", wall=True))
        if self._memory is not None and self.resident_memory() > self._memory:
            self.kill()
            raise EngineDiedError(Outcome("oom", message=f"memory limit of {self._memory} MiB reached"))

    def _death(self) -> Outcome:
        try:
            code = self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            self.kill()
            code = self._process.returncode
        with contextlib.suppress(OSError, ValueError):
            self._stderr += (
                os.read(self._process.stderr.fileno(), _READ_BYTES) if self._process.stderr else b""
            )
        self.kill()
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit status {code}"
        said = self._stderr.decode("utf-8", "replace").strip().splitlines()
        return Outcome(
            "crash", message=f"the engine ended with {how}" + (f": {said[-1][:200]}" if said else "")
        )
