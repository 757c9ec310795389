"""PUC Lua in a process of its own: what a random program does to its memory stays there."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from importlib import util
from pathlib import Path
from typing import Any

import pytest


class OracleDiedError(Exception):
    """The reference implementation crashed on a program."""


class Oracle:
    """A state of PUC Lua, in a process that is started again where it crashed.

    Args:
        version: `5.1` or `5.4`; the test is skipped where lupa is not installed.
    """

    def __init__(self, version: str) -> None:
        if util.find_spec("lupa") is None:
            pytest.skip("the Python package lupa is not installed")
        self._module = f"lupa.lua{version.replace('.', '')}"
        self._process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.lua.oracle", self._module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parent.parent.parent,
        )

    def execute(self, code: str, *arguments: float | str) -> Any:
        """What a chunk returns for numbers and strings: one value, or a list of several.

        Raises:
            OracleDiedError: the process ended.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([code, *arguments]) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            self.close()
            self._process = self._start()
            raise OracleDiedError
        return json.loads(line)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


def serve(module: str) -> None:
    """Answer line by line on standard output."""
    runtime = importlib.import_module(module).LuaRuntime(encoding="latin-1")
    for line in sys.stdin:
        code, *arguments = json.loads(line)
        sys.stdout.write(json.dumps(runtime.execute(code, *arguments)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve(sys.argv[1])
