"""A cluster of real processes on loopback: a scheduler and workers of Lockstep's, which tests kill and start again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

_START_SECONDS = 60.0


class Loopback:
    """The processes of one cluster; `address` is that of its scheduler."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def start_scheduler(self) -> None:
        """Start it, on the port of this cluster, and wait until it listens."""
        port = self.address.rpartition(":")[2]
        self.scheduler = self._started(
            "scheduler",
            "-m",
            "distributed.cli.dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            port,
            "--no-dashboard",
        )
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", int(port))) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError(self.said())

    def start_worker(self, name: str, *, wrapper: tuple[str, ...] = (), **variables: str) -> None:
        """Start a worker and wait until it is there."""
        words = ("-m", "lockstep.harness.cli", "serve", "worker", self.address, "--name", name)
        process = self._started(name, *words, wrapper=wrapper, **variables)
        self.workers.append(process)
        until = time.monotonic() + _START_SECONDS
        while f"{name}: at" not in (self.folder / f"{name}.log").read_text():
            assert time.monotonic() < until, self.said()
            assert process.poll() is None, self.said()
            time.sleep(0.05)

    def children(self, number: int) -> list[psutil.Process]:
        """The processes below a worker that Dask runs it in, without the engines."""
        below = psutil.Process(self.workers[number].pid).children(recursive=True)
        return [one for one in below if "spawn_main" in " ".join(_words(one))]

    def said(self) -> str:
        """What its processes have printed."""
        return "\n".join(f"{path.name}: {path.read_text()}" for path in sorted(self.folder.glob("*.log")))

    def _started(
        self, name: str, *words: str, wrapper: tuple[str, ...] = (), **variables: str
    ) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{name}.log").open("ab")
        return subprocess.Popen(
            [*wrapper, sys.executable, *words],
            stdout=log,
            stderr=log,
            env={**self.environment, **variables},
            cwd=self.folder,
        )

    def stop(self) -> None:
        """End all of it."""
        for process in [*self.workers, *([self.scheduler] if self.scheduler else [])]:
            below: list[Any] = []
            try:
                below = psutil.Process(process.pid).children(recursive=True)
                process.send_signal(signal.SIGTERM)
            except (psutil.NoSuchProcess, ProcessLookupError):
                continue
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
            for one in below:
                try:
                    os.kill(one.pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@contextmanager
def loopback(folder: Path, environment: dict[str, str]) -> Iterator[Loopback]:
    """A cluster with its scheduler, and no workers yet."""
    folder.mkdir()
    cluster = Loopback(folder, environment)
    try:
        cluster.start_scheduler()
        yield cluster
    finally:
        cluster.stop()
