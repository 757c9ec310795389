"""An engine with everything that it started: measured and ended as a whole.

An engine may be an adapter that starts the real engine as a child, in a session of its own or not. What it started is found
from parent to child, and by a mark in the environment, which a process keeps when its parent has gone.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MARK = "LOCKSTEP_PROCESS"
# A process may start another while it is being ended.
_ROUNDS = 5
# How often all processes of the machine are looked through for those that others took over.
_LOOK_SECONDS = 1.0
# Where the system tells of processes; elsewhere psutil does.
_PROC = Path("/proc")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class _Processes:
    """psutil, when it is first needed."""

    def __getattr__(self, name: str) -> Any:
        import psutil  # where there is /proc it never is

        return getattr(psutil, name)


psutil = _Processes()


def new_mark() -> str:
    """A value for the variable `MARK` that no other process has."""
    return os.urandom(16).hex()


class ProcessTree:
    """The process `pid`, which leads a group of its own, and all that it started with `mark` in their environment."""

    def __init__(self, pid: int, mark: str) -> None:
        self._pid = pid
        self._mark = mark
        self._taken_over: frozenset[int] = frozenset()
        self._looked = time.monotonic()

    def resident_memory(self) -> int:
        """MiB that the processes hold together now; what they share counts in each."""
        if time.monotonic() - self._looked > _LOOK_SECONDS:
            self._taken_over = frozenset(self._marked())
            self._looked = time.monotonic()
        pids = {self._pid, *_descendants(self._pid), *self._taken_over}
        return sum(_resident_bytes(pid) for pid in pids) >> 20

    def kill(self) -> None:
        """End every process of the tree, at once; those that others took over as well."""
        for _ in range(_ROUNDS):
            found = {*_descendants(self._pid), *self._marked()}
            self.kill_group()
            _kill(found)
            if not found:
                return

    def kill_group(self) -> None:
        """End what is left of the first process's own group; it costs next to nothing."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, signal.SIGKILL)

    def _marked(self) -> Iterator[int]:
        """The processes that carry the mark, but the first, which its starter ends and waits for."""
        return (pid for pid in _marked(self._mark) if pid != self._pid)


def end_marked(mark: str) -> None:
    """End every process that has `mark` in its environment."""
    for _ in range(_ROUNDS):
        found = set(_marked(mark))
        _kill(found)
        if not found:
            return


def _kill(pids: set[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def _marked(mark: str) -> Iterator[int]:
    sought = f"{MARK}={mark}".encode()
    for pid in _pids():
        if pid != os.getpid() and sought in _environment(pid) and not _is_dead(pid):
            yield pid


def _pids() -> list[int]:
    if not _PROC.is_dir():
        return list(psutil.pids())
    return [int(name) for name in os.listdir(_PROC) if name.isdigit()]  # noqa: PTH208  # names are all that is needed


def _descendants(pid: int) -> Iterator[int]:
    """The children of `pid`, theirs, and so on."""
    for child in _children(pid):
        yield child
        yield from _descendants(child)


def _children(pid: int) -> list[int]:
    threads = _PROC / str(pid) / "task"
    try:
        # Asked four times a second: a list of all processes of the machine would take a hundred times as long.
        texts = [(thread / "children").read_text() for thread in threads.iterdir()]
    except FileNotFoundError:
        if _PROC.is_dir():
            return []
        with contextlib.suppress(psutil.Error):
            return [child.pid for child in psutil.Process(pid).children()]
        return []
    except OSError:
        return []
    return [int(word) for text in texts for word in text.split()]


def _resident_bytes(pid: int) -> int:
    if _PROC.is_dir():
        try:
            return int((_PROC / str(pid) / "statm").read_bytes().split()[1]) * _PAGE_BYTES
        except OSError:
            return 0
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def _environment(pid: int) -> bytes:
    if _PROC.is_dir():
        try:
            return (_PROC / str(pid) / "environ").read_bytes()
        except OSError:
            return b""
    try:
        return "\0".join(f"{name}={value}" for name, value in psutil.Process(pid).environ().items()).encode()
    except (psutil.Error, UnicodeEncodeError):
        return b""


def _is_dead(pid: int) -> bool:
    """Whether it has ended, and only waits for its parent to notice."""
    if _PROC.is_dir():
        try:
            # proc(5): the state follows the name, which stands in parentheses and may have some itself.
            return (_PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()[0] in (b"Z", b"X")
        except OSError:
            return True
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return True
