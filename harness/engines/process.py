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
from dataclasses import dataclass

import msgspec

from lockstep.harness.engines.process_tree import MARK, ProcessTree, new_mark
from lockstep.harness.engines.signals import defaults_in_child
from lockstep.harness.messages import (
    PROTOCOL_VERSION,
    InventoryRequest,
    LimitsRow,
    Request,
    RunMessage,
    StartMessage,
    StopMessage,
)
from lockstep.harness.model import Identity, MissingError, Outcome
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits

# A start is limited like a case, but no host starts in less than a moment.
START_SECONDS = 60.0
LEAST_START_SECONDS = 10.0
# Beyond the case's own wall time: what an engine may take to notice that its time is over.
GRACE_SECONDS = 2.0
_READ_BYTES = 1 << 16
_LONGEST_LINE = 256 << 20
_WATCH_SECONDS = 0.25
_STDERR_KEPT = 4000
# How long an engine that answered a case again may take to answer the one it was asked.
_SECOND_ANSWER_SECONDS = 2.0


class EngineDiedError(Exception):
    """The engine's process is gone or does not follow the protocol; the outcome says what is known."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.message)
        self.outcome = outcome


def run_message(number: int, program: Program, limits: Limits) -> RunMessage:
    """The `run` message for a program."""
    return RunMessage(
        id=number,
        source=program.source,
        name=program.name,
        mode=program.mode,
        includes=program.includes,
        path=program.path,
        roots=program.roots,
        arguments=program.arguments,
        folder=program.folder,
        limits=LimitsRow(
            steps=limits.steps,
            seconds=limits.seconds,
            memory=limits.memory,
            output=limits.output,
            depth=limits.depth,
            space=limits.space,
            stress=limits.stress,
        ),
    )


@dataclass(frozen=True)
class Answer:
    """What became of a request.

    Attributes:
        outcome: of the program that was sent; None if the process had ended before that.
        previous: what the process did after its answer to the program before, if it did anything: that program is to blame.
    """

    outcome: Outcome | None
    previous: Outcome | None = None


class EngineProcess:
    """A running engine.

    Args:
        command: the program and its arguments.
        environment: the whole environment of the process.
        memory: MiB of resident memory, of it and all that it started, above which it is killed; None for no watch.

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
        mark = new_mark()
        try:
            self._process = subprocess.Popen(  # noqa: S603  # running engines is what this is for
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**environment, MARK: mark},
                preexec_fn=defaults_in_child(),  # noqa: PLW1509  # only where this process was told to ignore signals
                start_new_session=True,  # an interrupt reaches the harness, which ends its engines
            )
        except (OSError, ValueError) as error:
            raise MissingError(f"cannot start {command[0]}: {getattr(error, 'strerror', error)}") from error
        self._tree = ProcessTree(self._process.pid, mark)
        self._selector = selectors.DefaultSelector()
        for stream in (self._process.stdout, self._process.stderr):
            assert stream is not None
            os.set_blocking(stream.fileno(), False)
            self._selector.register(stream, selectors.EVENT_READ)
        self.cases_run = 0

    def start(self, seconds: float = START_SECONDS) -> Identity:
        """Shake hands: who the engine says it is, within so many seconds.

        Raises:
            EngineDiedError: it does not answer as the protocol says; the process has ended.
        """
        try:
            self._send(StartMessage())
            ready = self._receive(time.monotonic() + seconds)
        except EngineDiedError as died:
            if died.outcome.completion == "timeout":
                late = f"no answer to `start` within {seconds:g} seconds"
                raise EngineDiedError(Outcome("crash", message=late)) from died
            raise
        try:
            if ready.get("version") == PROTOCOL_VERSION:
                return Identity.from_message(ready)
            why = f"its version is not {PROTOCOL_VERSION}"
        except msgspec.ValidationError as error:
            why = str(error)
        self.kill()
        shown = f"{json.dumps(ready)[:200]} ({why})"
        raise EngineDiedError(Outcome("garbage", message=f"unexpected answer to `start`: {shown}"))

    def inventory(self) -> dict[str, object]:
        """What the engine says it defines; empty where it cannot say.

        Raises:
            EngineDiedError: it died or hung.
        """
        self._send(InventoryRequest())
        names = self._receive(time.monotonic() + START_SECONDS).get("names")
        return names if isinstance(names, dict) else {}

    def run(self, program: Program, limits: Limits) -> Answer:
        """What the engine observed when it ran `program`, and what it still did of the program before.

        A process that died, hung, answered garbage or ate memory gives an outcome too, and is `closed`.
        """
        previous = self.afterthought()
        if previous is not None:
            return Answer(None, previous)
        self._number += 1
        self.cases_run += 1
        deadline = None if limits.seconds is None else time.monotonic() + limits.seconds + GRACE_SECONDS
        try:
            self._send(run_message(self._number, program, limits))
            return self._answer(deadline)
        except EngineDiedError as died:
            return Answer(died.outcome)

    def observe(self, program: Program, limits: Limits) -> Outcome:
        """`run`, for who asks one thing at a time: whatever went wrong is the program's."""
        answer = self.run(program, limits)
        outcome = answer.outcome or answer.previous
        assert outcome is not None
        return outcome

    def _answer(self, deadline: float | None) -> Answer:
        previous = None
        while True:
            started = time.monotonic()
            try:
                message = self._receive(deadline)
            except EngineDiedError as died:
                if previous is None:
                    raise
                # It never answered: the wrong number was meant for this program.
                return Answer(died.outcome if died.outcome.completion != "timeout" else previous)
            number = message.get("id")
            if previous is None and isinstance(number, int) and 0 < number < self._number:
                previous = Outcome("garbage", message=f"a second answer to it: {json.dumps(message)[:400]}")
                soon = time.monotonic() + _SECOND_ANSWER_SECONDS
                deadline = soon if deadline is None else min(deadline, soon)
                continue
            return Answer(self._outcome(message, started), previous)

    def _outcome(self, message: dict[str, object], started: float) -> Outcome:
        if message.get("type") != "outcome" or message.get("id") != self._number:
            self.kill()
            return Outcome("garbage", message=json.dumps(message)[:500])
        try:
            return Outcome.from_message(message)
        except msgspec.ValidationError as error:
            self.kill()
            return Outcome(
                "garbage", message=f"malformed outcome: {error}", ms=(time.monotonic() - started) * 1e3
            )

    def afterthought(self, seconds: float = 0.0) -> Outcome | None:
        """What the process did since its last answer, if it ended badly or said more; waits for that so long."""
        if not self.cases_run or self._selector.get_map() is None:
            return None
        until = time.monotonic() + seconds
        while True:
            ended = self._read(max(0.0, until - time.monotonic()))
            if self._buffer.strip():
                said = bytes(self._buffer[:400]).decode("utf-8", "replace")
                self.kill()
                return Outcome("garbage", message=f"after its answer: {said}")
            if ended or self.closed:
                outcome = self._death("after its answer ")
                return outcome if self._process.returncode else None
            if time.monotonic() >= until:
                return None

    @property
    def closed(self) -> bool:
        """Whether the process has ended."""
        return self._process.poll() is not None

    def resident_memory(self) -> int:
        """MiB of memory that the process, and all that it started, hold now."""
        return self._tree.resident_memory()

    def kill(self) -> None:
        """End the process and everything that it started, at once."""
        self._tree.kill()
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
                self._send(StopMessage())
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=1.0)
        self.kill()

    def _send(self, message: Request) -> None:
        stream = self._process.stdin
        assert stream is not None
        try:
            # As ASCII: it holds lone surrogates, and no peer takes a character in it for the end of a line.
            stream.write(json.dumps(msgspec.to_builtins(message)).encode() + b"\n")
            stream.flush()
        except (OSError, ValueError) as error:
            raise EngineDiedError(self._death()) from error

    def _receive(self, deadline: float | None) -> dict[str, object]:
        while True:
            end = self._buffer.find(b"\n")
            if end >= 0:
                line = bytes(self._buffer[:end])
                del self._buffer[: end + 1]
                return self._parsed(line)
            self._wait_for_bytes(deadline)

    def _parsed(self, line: bytes) -> dict[str, object]:
        try:
            # NaN and Infinity are no JSON; where an engine writes them, it has no number to tell.
            message = json.loads(line, parse_constant=lambda _: None)
        except (ValueError, RecursionError):
            message = None
        if not isinstance(message, dict):
            self.kill()
            raise EngineDiedError(Outcome("garbage", message=line[:500].decode("utf-8", "replace")))
        return message

    def _read(self, seconds: float) -> bool:
        """Take what the process has written, waiting so long for it; whether its standard output has ended."""
        ended = False
        for key, _ in self._selector.select(seconds):
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
        return ended

    def _wait_for_bytes(self, deadline: float | None) -> None:
        before = len(self._buffer)
        ended = self._read(_WATCH_SECONDS)
        grown = len(self._buffer) > before
        if not grown and not ended and self.closed:
            # A child may hold the pipe open: what the process itself wrote is there by now.
            ended = self._read(0.0) or len(self._buffer) == before
            grown = len(self._buffer) > before
        if ended and b"\n" not in self._buffer:
            raise EngineDiedError(self._death())
        if len(self._buffer) > _LONGEST_LINE:
            self.kill()
            raise EngineDiedError(Outcome("garbage", message="an endless line"))
        if deadline is not None and time.monotonic() > deadline and b"\n" not in self._buffer:
            self.kill()
            raise EngineDiedError(Outcome("timeout", message="no answer within the time limit", wall=True))
        if not grown and self._memory is not None and self.resident_memory() > self._memory:
            self.kill()
            raise EngineDiedError(Outcome("oom", message=f"memory limit of {self._memory} MiB reached"))

    def _death(self, when: str = "") -> Outcome:
        try:
            code = self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            self.kill()
            return Outcome("crash", message=f"{when}the engine closed its output")
        with contextlib.suppress(OSError, ValueError):
            self._stderr += (
                os.read(self._process.stderr.fileno(), _READ_BYTES) if self._process.stderr else b""
            )
        self.kill()
        how = f"signal {_signal_name(-code)}" if code < 0 else f"exit status {code}"
        said = self._stderr.decode("utf-8", "replace").strip().splitlines()
        return Outcome(
            "crash", message=f"{when}the engine ended with {how}" + (f": {said[-1][:200]}" if said else "")
        )


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
