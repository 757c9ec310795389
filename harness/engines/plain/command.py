"""One command, run to its end or to its limit; its process tree is watched, measured and ended as a whole."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lockstep.harness.engines.process_tree import ProcessTree
from lockstep.harness.engines.signals import defaults_in_child
from lockstep.harness.model import Outcome

_READ_BYTES = 1 << 16
# More than this on one stream is no output that anybody wants to judge.
_MOST_OUTPUT = 64 << 20
_WATCH_SECONDS = 0.25
# Memory is looked at soon for the first time: a process may fill it fast.
_FIRST_WATCH_SECONDS = 0.05


@dataclass(frozen=True)
class Ended:
    """How a command ended by itself.

    Attributes:
        status: its exit status; negative for the signal that ended it.
        output, errors: what it wrote to standard output and to standard error.
        ms: milliseconds from its start to its end.
    """

    status: int
    output: bytes
    errors: bytes
    ms: float


class Command:
    """A command with its limits.

    Args:
        words: the program and its arguments.
        environment: the whole environment of the process; it holds the mark.
        mark: what all that it starts is found by.
        given: what it reads on standard input.
        folder: its working folder; None for our own.
        seconds: wall time, from its start.
        memory: MiB of resident memory of the whole tree.
        output: bytes on one stream.
    """

    def __init__(
        self,
        words: Sequence[str],
        environment: Mapping[bytes, bytes],
        mark: str,
        *,
        given: bytes = b"",
        folder: str | None = None,
        seconds: float | None = None,
        memory: int | None = None,
        output: int | None = None,
    ) -> None:
        self._words = words
        self._environment = environment
        self._mark = mark
        self._rest = memoryview(given)
        self._folder = folder
        self._seconds = seconds
        self._memory = memory
        self._most = output or _MOST_OUTPUT
        self._streams: dict[int, bytearray] = {}
        self._tree: ProcessTree | None = None
        self._ended = False

    def resident_memory(self) -> int:
        """MiB that it, and all that it started, hold now."""
        return self._tree.resident_memory() if self._tree is not None else 0

    def end(self) -> None:
        """End it, from any thread."""
        self._ended = True
        if self._tree is not None:
            self._tree.kill()

    def performed(self) -> Ended | Outcome:
        """Run it; an outcome where a limit ended it, or it could not be started."""
        started = time.monotonic()
        try:
            process = subprocess.Popen(  # noqa: S603  # running commands is what this is for
                self._words,
                stdin=subprocess.PIPE if self._rest else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self._environment,
                cwd=self._folder,
                preexec_fn=defaults_in_child(),  # noqa: PLW1509  # only where this process was told to ignore signals
                start_new_session=True,
                bufsize=0,
            )
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            return Outcome("crash", message=f"cannot start {self._words[0]}: {why}")
        self._tree = tree = ProcessTree(process.pid, self._mark)
        cut: Outcome | None = None
        try:
            cut = self._followed(process, started)
        finally:
            if process.returncode is None:
                tree.kill()
                process.wait()
            else:
                tree.kill_group()
            for stream in (process.stdout, process.stderr, process.stdin):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()
        ms = (time.monotonic() - started) * 1e3
        output, errors = map(bytes, self._streams.values())
        if cut is None:
            return Ended(process.returncode, output, errors, ms)
        text = output.decode("utf-8", "surrogateescape")
        return Outcome(cut.completion, message=cut.message, output=text, ms=ms, wall=cut.wall)

    def _followed(self, process: subprocess.Popen[bytes], started: float) -> Outcome | None:
        """Read and write until the process has ended, or a limit is reached; None where it ended by itself."""
        assert process.stdout is not None
        assert process.stderr is not None
        self._streams = {process.stdout.fileno(): bytearray(), process.stderr.fileno(): bytearray()}
        poller = select.poll()
        for descriptor in self._streams:
            os.set_blocking(descriptor, False)
            poller.register(descriptor, select.POLLIN)
        if process.stdin is not None:
            os.set_blocking(process.stdin.fileno(), False)
            poller.register(process.stdin.fileno(), select.POLLOUT)
        # Its end is noticed even where a child of it holds a pipe open.
        gone = os.pidfd_open(process.pid)
        poller.register(gone, select.POLLIN)
        deadline = None if self._seconds is None else started + self._seconds
        watch = started + _FIRST_WATCH_SECONDS
        try:
            while True:
                now = time.monotonic()
                cut = self._limit(now, deadline, watched=now >= watch)
                if cut is not None:
                    return cut
                if now >= watch:
                    watch = now + _WATCH_SECONDS
                wait = watch - now if deadline is None else min(watch, deadline) - now
                over = False
                for descriptor, event in poller.poll(max(1.0, wait * 1e3)):
                    if descriptor == gone:
                        over = True
                    elif descriptor in self._streams:
                        if not self._take(descriptor) and event & select.POLLHUP:
                            poller.unregister(descriptor)
                    elif not self._hand_over(descriptor):
                        poller.unregister(descriptor)
                        if process.stdin is not None:
                            process.stdin.close()
                if over:
                    process.wait()
                    for descriptor in self._streams:
                        while self._take(descriptor) and not self._too_much():
                            pass
                    return self._limit(now, None, watched=False)
        finally:
            os.close(gone)

    def _limit(self, now: float, deadline: float | None, *, watched: bool) -> Outcome | None:
        """The outcome of the limit that has been reached; None if none has."""
        if deadline is not None and now >= deadline:
            return Outcome("timeout", message="time limit reached", wall=True)
        if self._too_much():
            return Outcome("crash", message=f"more than {self._most:,} bytes of output")
        if self._ended:
            return Outcome("crash", message="the run was ended")
        if watched and self._memory is not None and self.resident_memory() > self._memory:
            return Outcome("oom", message=f"memory limit of {self._memory} MiB reached")
        return None

    def _too_much(self) -> bool:
        return any(len(sink) > self._most for sink in self._streams.values())

    def _take(self, descriptor: int) -> bool:
        """Read what is there; whether there was something."""
        try:
            chunk = os.read(descriptor, _READ_BYTES)
        except OSError:
            return False
        self._streams[descriptor] += chunk
        return bool(chunk)

    def _hand_over(self, descriptor: int) -> bool:
        """Write some of what the process reads; whether there is more."""
        try:
            self._rest = self._rest[os.write(descriptor, self._rest[:_READ_BYTES]) :]
        except BlockingIOError:
            return True
        except OSError:  # it reads no more
            self._rest = memoryview(b"")
        return bool(self._rest)
