"""CPython as an outside engine: each program in a process of its own, `python -c`-like, isolated."""

from __future__ import annotations

import io
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from harness.engines.outside.serving import Message, serve

_SYNTAX_ERRORS = {"SyntaxError", "IndentationError", "TabError"}
# Prints when the program starts and ends, so that the host's own start is not measured.
_RUNNER = """\
import sys, time
path, name = sys.argv[1:3]
sys.argv[1:] = sys.argv[3:]
with open(path, encoding="utf-8", errors="surrogateescape") as stream:
    source = stream.read()
scope = {"__name__": "__main__", "__builtins__": __builtins__, "__file__": name}
code = compile(source, name, "exec")
started = time.perf_counter()
try:
    exec(code, scope)
finally:
    sys.stdout.flush()
    print(f"lockstep:ms {(time.perf_counter() - started) * 1000}", file=sys.stderr)
"""


def run(message: Message, output: io.StringIO) -> Message:
    """Run one program with the host's own interpreter."""
    limits: dict[str, Any] = message.get("limits") or {}
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "program.py"
        path.write_text(message["source"], "utf-8", "surrogateescape")
        command = [sys.executable, "-I", "-c", _RUNNER, str(path), message["name"], *message["arguments"]]
        started = time.perf_counter()
        try:
            done = subprocess.run(  # noqa: S603  # running programs is what an engine is for
                command,
                capture_output=True,
                timeout=limits.get("seconds"),
                check=False,
                stdin=subprocess.DEVNULL,
                env={**os.environ, "PYTHONHASHSEED": "0"},
            )
        except subprocess.TimeoutExpired as expired:
            output.write((expired.stdout or b"").decode("utf-8", "surrogateescape"))
            return {"completion": "timeout", "message": "time limit reached", "reason": "time"}
    output.write(done.stdout.decode("utf-8", "surrogateescape"))
    elapsed = (time.perf_counter() - started) * 1000
    said = done.stderr.decode("utf-8", "replace").splitlines()
    for line in said:
        if line.startswith("lockstep:ms "):
            elapsed = float(line.partition(" ")[2])
    lines = [line for line in said if not line.startswith("lockstep:ms ")]
    if done.returncode == 0:
        return {"completion": "completed", "ms": elapsed}
    return {**_error(lines, message["name"]), "ms": elapsed}


def _error(lines: list[str], name: str) -> Message:
    """The last exception that a traceback prints."""
    last = next((line for line in reversed(lines) if line and not line[0].isspace()), "")
    error, _, text = last.partition(":")
    number = 0
    for line in lines:
        if line.strip().startswith(f'File "{name}", line '):
            number = int("".join(filter(str.isdigit, line.split(", line ")[1].split(",")[0])) or 0)
    error = error.strip().rpartition(".")[2]
    phase = "parse" if error in _SYNTAX_ERRORS else "eval"
    fields: Message = {"completion": "threw", "phase": phase, "error": error, "message": text.strip()}
    if number:
        fields["location"] = {"file": name, "line": number}
    return fields


if __name__ == "__main__":
    serve("cpython", "python", f"CPython {platform.python_version()}", run)
