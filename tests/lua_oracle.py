"""PUC Lua in a process of its own: what a random program does to its memory stays there."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys

import pytest


class OracleDiedError(Exception):
    """The reference implementation crashed on a program."""


class Oracle:
    """A function of PUC Lua from text to text, in a process that is started again where it crashed.

    Args:
        version: `5.1` or `5.4`; the test is skipped where lupa is not installed.
        define: a chunk that returns the function.
    """

    def __init__(self, version: str, define: str) -> None:
        self._module = f"lupa.lua{version.replace('.', '')}"
        pytest.importorskip("lupa")
        self._define = define
        self._process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.lua_oracle", self._module, self._define],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, text: str) -> str:
        """What the function gives for `text`.

        Raises:
            OracleDiedError: the process ended.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(text) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            self.close()
            self._process = self._start()
            raise OracleDiedError
        return str(json.loads(line))

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


def serve(module: str, define: str) -> None:
    """Answer line by line on standard output."""
    function = importlib.import_module(module).LuaRuntime(encoding="latin-1").execute(define)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(function(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2])
