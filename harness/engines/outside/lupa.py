"""PUC Lua as an outside engine, through the package lupa: `python -m ...lupa lua51|lua54`."""

from __future__ import annotations

import importlib
import io
import os
import re
import signal
import sys
import tempfile
import time
from types import FrameType
from typing import Any

from lockstep.harness.engines.outside.serving import Message, Time, serve

_LANGUAGES = {
    "lua51": "lua5.1",
    "lua52": "lua5.2",
    "lua53": "lua5.3",
    "lua54": "lua5.4",
    "lua55": "lua5.5",
    "luajit21": "luajit",
}
_PLACE = re.compile(r"^(?P<file>.*?):(?P<line>\d+): (?P<text>.*)$", re.DOTALL)
# Lua's own output goes to the C stream, so it is caught at the file descriptor.
_RUN = """
local source, name, arguments, values = ...
local chunk, problem = (loadstring or load)(source, name)
if not chunk then return "parse", problem end
if #arguments > 0 then arg = arguments end
local done, failure = pcall(chunk)
io.stdout:flush()
if done then return "completed" end
if type(failure) == "string" or type(failure) == "number" then return "threw", tostring(failure) end
local text = tostring(failure)
return "threw", "(error object is a " .. type(failure) .. " value)", text
"""


def _expired(_: int, __: FrameType | None) -> None:
    raise Time


def _run_in(module: Any, message: Message) -> Message:
    runtime = module.LuaRuntime(unpack_returned_tuples=True, encoding=None)
    scripts = [(name, source) for name, source in message["includes"]] + [
        (message["name"], message["source"])
    ]
    execute = runtime.execute(b"return function(...) " + _RUN.encode() + b" end")
    seconds = (message.get("limits") or {}).get("seconds")
    if seconds:
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        for name, source in scripts:
            arguments = runtime.table_from([text.encode() for text in message["arguments"]])
            raw = source.encode("utf-8", "surrogateescape")
            if raw.startswith(b"#"):
                raw = b"--" + raw
            started = time.perf_counter()
            ended = execute(raw, b"@" + name.encode("utf-8", "surrogateescape"), arguments)
            elapsed = (time.perf_counter() - started) * 1000
            fields = {**_fields(ended if isinstance(ended, tuple) else (ended,)), "ms": elapsed}
            if fields["completion"] != "completed":
                return fields
    except Time:
        return {"completion": "timeout", "message": "time limit reached", "reason": "time"}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return fields


def _fields(ended: tuple[Any, ...]) -> Message:
    state = ended[0].decode()
    if state == "completed":
        return {"completion": "completed"}
    text = ended[1].decode("utf-8", "surrogateescape")
    place = _PLACE.match(text)
    fields: Message = {
        "completion": "threw",
        "phase": "parse" if state == "parse" else "eval",
        "message": text,
    }
    if place is not None:
        fields["message"] = place["text"]
        fields["location"] = {"file": place["file"], "line": int(place["line"])}
    return fields


def main(version: str) -> None:
    """Serve one version of Lua."""
    module = importlib.import_module(f"lupa.{version}")
    number = ".".join(map(str, module.LuaRuntime().lua_version))
    signal.signal(signal.SIGALRM, _expired)

    def run(message: Message, output: io.StringIO) -> Message:
        with tempfile.TemporaryFile() as caught:
            before = os.dup(1)
            os.dup2(caught.fileno(), 1)
            try:
                return _run_in(module, message)
            finally:
                _flush_c_streams()
                os.dup2(before, 1)
                os.close(before)
                caught.seek(0)
                output.write(caught.read().decode("utf-8", "surrogateescape"))

    implementation = "LuaJIT 2.1" if version.startswith("luajit") else f"PUC Lua {number}"
    serve(f"lupa:{version}", _LANGUAGES[version], implementation, run)


def _flush_c_streams() -> None:
    import ctypes  # noqa: PLC0415  # only for the C library's own buffers

    ctypes.CDLL(None).fflush(None)


if __name__ == "__main__":
    main(sys.argv[1])
