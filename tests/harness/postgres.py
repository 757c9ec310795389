"""A PostgreSQL of the tests' own, in a folder that goes away with it; never the one that may run on this machine."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PASSWORD = "a-Secret-nobody-may-see"  # noqa: S105  # of a server that only this test can reach
_PACKAGES = "PostgreSQL's server is not installed (Debian: postgresql)"


def programs() -> Path:
    """The folder of `initdb` and `postgres`; the test is skipped where there is none."""
    found = shutil.which("postgres")
    folders = [
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True),
        *([Path(found).resolve().parent] if found else []),
    ]
    for folder in folders:
        if all((folder / name).exists() for name in ("initdb", "postgres", "psql", "pg_isready")):
            return folder
    pytest.skip(_PACKAGES)


class Server:
    """A server on a port of its own, with a role `tester` that has a password."""

    def __init__(self, bin_folder: Path, folder: Path) -> None:
        self._bin = bin_folder
        self._folder = folder
        self._names = itertools.count()
        self._process: subprocess.Popen[bytes] | None = None
        # It refuses to run for root.
        names = {one.pw_name: one for one in pwd.getpwall()}
        user = (names.get("postgres") or names["nobody"]) if os.getuid() == 0 else None
        self._user = None if user is None else user.pw_uid
        self._group = None if user is None else user.pw_gid
        password = folder / "password"
        password.write_text(PASSWORD)
        if user is not None:
            for path in (folder, password):
                os.chown(path, user.pw_uid, user.pw_gid)
        self._command(
            "initdb",
            "-D",
            "data",
            "-U",
            "tester",
            "--auth=scram-sha-256",
            f"--pwfile={password}",
            "-N",
            "-E",
            "UTF8",
        )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])

    def start(self) -> None:
        """Start it, and wait until it answers."""
        words = [
            "-D",
            "data",
            "-p",
            str(self.port),
            "-k",
            str(self._folder),
            "-c",
            "listen_addresses=127.0.0.1",
        ]
        # What it has need not outlive it.
        quick = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=60"]
        self._process = subprocess.Popen(
            [str(self._bin / "postgres"), *words, *quick],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=(self._folder / "log").open("ab"),
            user=self._user,
            group=self._group,
        )
        for _ in range(600):
            ready = subprocess.run(
                [str(self._bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)], check=False
            )
            if ready.returncode == 0:
                return
            time.sleep(0.05)
        raise AssertionError((self._folder / "log").read_text())

    def stop(self) -> None:
        """End it at once, and its connections with it."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(30)
            self._process = None

    def url(self, database: str, password: str = PASSWORD, user: str = "tester") -> str:
        """The address of a database, whether it is there or not."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def new(self) -> str:
        """The address of a new database."""
        name = f"team{next(self._names)}"
        self.execute(f"create database {name}")
        return self.url(name)

    def execute(self, statement: str, database: str = "postgres") -> str:
        """Do something as the owner of everything; what it printed."""
        done = subprocess.run(
            [str(self._bin / "psql"), "-qtA", "-v", "ON_ERROR_STOP=1", "-c", statement, self.url(database)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def _command(self, name: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._bin / name), *arguments],
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
            user=self._user,
            group=self._group,
        )
        assert done.returncode == 0, done.stderr


@contextmanager
def server() -> Iterator[Server]:
    """A server that runs, until the block is left."""
    pytest.importorskip("psycopg", reason="psycopg is not installed (the extra `store`)")
    bin_folder = programs()
    # Beside the folders of other tests, which only their owner may enter.
    with tempfile.TemporaryDirectory(prefix="lockstep-postgresql-") as folder:
        Path(folder).chmod(0o755)
        one = Server(bin_folder, Path(folder))
        one.start()
        try:
            yield one
        finally:
            one.stop()
