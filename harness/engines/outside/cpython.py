"""CPython as an outside engine: each program in a process of its own, `python -c`-like, isolated."""

from __future__ import annotations

import ast
import io
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from lockstep.harness.engines.outside.serving import Message, serve

# Runs the program and reports on standard error, as one literal, how it ended and how long it took.
_RUNNER = """\
import sys, time
path, name = sys.argv[1:3]
sys.argv[1:] = sys.argv[3:]
with open(path, encoding="utf-8", errors="surrogateescape") as stream:
    source = stream.read()
scope = {"__name__": "__main__", "__builtins__": __builtins__, "__file__": name}
ended = {}
phase = "parse"
started = time.perf_counter()
try:
    code = compile(source, name, "exec")
    phase = "eval"
    started = time.perf_counter()
    exec(code, scope)
except SystemExit as error:
    if error.code not in (None, 0):
        ended = {"phase": phase, "error": "SystemExit", "message": str(error.code), "line": 0}
except BaseException as error:
    line = (getattr(error, "lineno", 0) or 0) if phase == "parse" else 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == name:
            line = trace.tb_lineno
        trace = trace.tb_next
    text = error.msg if phase == "parse" and isinstance(error, SyntaxError) else str(error)
    ended = {"phase": phase, "error": type(error).__name__, "message": text, "line": line}
ended["ms"] = (time.perf_counter() - started) * 1000
sys.stdout.flush()
print("lockstep:ended", ascii(ended), file=sys.stderr)
"""
_ENDED = "lockstep:ended "


def run(message: Message, output: io.StringIO) -> Message:
    """Run one program with the host's own interpreter."""
    limits: dict[str, Any] = message.get("limits") or {}
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "program.py"
        path.write_text(message["source"], "utf-8", "surrogateescape")
        command = [sys.executable, "-I", "-c", _RUNNER, str(path), message["name"], *message["arguments"]]
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
    said = done.stderr.decode("utf-8", "replace").splitlines()
    report = next((line for line in reversed(said) if line.startswith(_ENDED)), None)
    if report is None:
        how = f"the process ended with status {done.returncode}"
        return {"completion": "threw", "phase": "eval", "error": "", "message": "\n".join([how, *said[-5:]])}
    ended = ast.literal_eval(report.removeprefix(_ENDED))
    if "error" not in ended:
        return {"completion": "completed", "ms": ended["ms"]}
    fields = {name: ended[name] for name in ("phase", "error", "message", "ms")}
    if ended["line"]:
        fields["location"] = {"file": message["name"], "line": ended["line"]}
    return {"completion": "threw", **fields}


if __name__ == "__main__":
    serve("cpython", "python", f"CPython {platform.python_version()}", run)
