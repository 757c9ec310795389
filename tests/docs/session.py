"""A reader's shell: one for each page, in a folder of its own, that remembers what the commands before did."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

_PATIENCE = 60.0
_MARK = "\x1e"
# Paths of this machine -> what a page shows in their place.
HOME = "/home/you"


class Session:
    """A shell that runs one command after the other; a context manager.

    Args:
        folder: an empty one; the reader's home is in it, and in that the folder `mine` in which everything happens.
        environment: variables beside those that every session has.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self.home = folder / "home"
        self.work = self.home / "mine"
        self.work.mkdir(parents=True)
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("LOCKSTEP_", "PYTEST_"))
        }
        own = Path(sys.executable).parent
        self._left: list[subprocess.Popen[bytes]] = []
        self._variables = variables = {
            **kept,
            "PATH": f"{own}{os.pathsep}{kept.get('PATH', '')}",
            "HOME": str(self.home),
            "XDG_CACHE_HOME": str(self.home / ".cache"),
            "XDG_DATA_HOME": str(self.home / ".local"),
            "COLUMNS": "110",
            "LC_ALL": "C.UTF-8",
            **environment,
        }
        self._shell = subprocess.Popen(
            ["bash", "--norc", "--noprofile"],
            cwd=self.work,
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="backslashreplace",
            start_new_session=True,
        )
        self._status = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._left:
            process.terminate()
        for process in self._left:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        try:
            os.killpg(self._shell.pid, signal.SIGTERM)
            self._shell.wait(10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            self._shell.kill()
            self._shell.wait()

    def write(self, name: str, text: str) -> None:
        """A file of the reader's; one that begins with `#!` can be run."""
        path = self.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        if text.startswith("#!"):
            path.chmod(0o755)

    def leave_running(self, command: str, until: str) -> str:
        """Start a command that goes on until the page ends; what it printed when `until` stood in that.

        Raises:
            AssertionError: it never came, or the command ended before.
        """
        printed = self._folder / f"printed-{len(self._left)}"
        process = subprocess.Popen(
            ["bash", "-c", f"exec {command} > {printed} 2>&1 </dev/null"], cwd=self.work, env=self._variables
        )
        self._left.append(process)
        end = time.monotonic() + _PATIENCE
        while until not in (text := printed.read_text("utf-8") if printed.exists() else ""):
            assert process.poll() is None, f"{command}: it ended\n{text}"
            assert time.monotonic() < end, f"{command}: no {until}\n{text}"
            time.sleep(0.05)
        return text

    def run(self, command: str) -> tuple[int, str]:
        """The exit status of a command, and what it printed."""
        script = self._folder / "command"
        script.write_text(f"{command}\n", "utf-8")
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        # The command finds the status of the one before, as somebody who types it does.
        self._shell.stdin.write(
            f"(exit {self._status}); . {script} </dev/null; printf '\\n{_MARK}%d\\n' $?\n"
        )
        self._shell.stdin.flush()
        printed: list[str] = []
        for line in self._shell.stdout:
            if line.startswith(_MARK):
                self._status = int(line[1:])
                break
            printed.append(line)
        else:
            raise AssertionError(f"the shell ended: {command}")
        output = "".join(printed).removesuffix("\n").replace(str(self.home), HOME)
        return self._status, output
