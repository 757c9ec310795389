"""QuickJS as an outside engine, in this process, through the package quickjs."""

from __future__ import annotations

import importlib
import io
import re
import time
from importlib import metadata
from typing import Any

from lockstep.harness.engines.outside.serving import Message, serve
from lockstep.harness.engines.plain.composition import read_prelude

_REPORT = re.compile(r"^(?P<error>[A-Za-z_$][\w$]*)(?:: (?P<message>.*))?$", re.MULTILINE)
# What the package says when there was no memory for the error either.
_NO_TEXT = "Failed obtaining QuickJS error string"
_PLACE = re.compile(r"<input>:(\d+)(?::(\d+))?")
_RUNNING = "lockstepState.running = true;"
# With a time limit set, QuickJS calls nothing of ours: what is printed is kept on its side until the end.
_PRINT = """
var lockstepState = { running: false, lines: [] };
(function (lines) {
  globalThis.print = function () {
    var words = [];
    for (var i = 0; i < arguments.length; i++) { words[i] = String(arguments[i]); }
    lines[lines.length] = words.join(" ") + "\\n";
  };
  globalThis.console = { log: globalThis.print };
})(lockstepState.lines);
"""
_OUT_OF_TIME = "interrupted"


def _run(module: Any, message: Message, output: io.StringIO) -> Message:
    if "\0" in message["source"]:
        return {"completion": "unsupported", "message": "the package quickjs takes no program with NUL"}
    context = module.Context()
    context.eval(_PRINT)
    if message["mode"] != "raw":
        context.eval(read_prelude("shell.js"))
    limits = message.get("limits") or {}
    if limits.get("memory"):
        context.set_memory_limit(limits["memory"] << 20)
    if limits.get("seconds"):
        context.set_time_limit(limits["seconds"])
    failure = ""
    started = time.perf_counter()
    try:
        _evaluate(context, message)
    except module.JSException as error:
        failure = str(error)
    elapsed = (time.perf_counter() - started) * 1000
    context.set_time_limit(-1)
    context.set_memory_limit(-1)
    output.write(context.eval('lockstepState.lines.join("")'))
    if not failure:
        return {"completion": "completed", "ms": elapsed}
    return _fields(failure, message, ran=bool(context.eval("lockstepState.running")))


def _evaluate(context: Any, message: Message) -> None:
    """Run the parts of a program, and the jobs that they leave."""
    for _, source in message["includes"]:
        context.eval(source)
    mode, source = message["mode"], message["source"]
    if mode == "module":
        context.module(_RUNNING + source)
    elif mode == "raw":
        context.eval(source)
    else:
        context.eval(('"use strict";' if mode == "strict" else "") + _RUNNING + source)
    while context.execute_pending_job():
        pass


def _fields(text: str, message: Message, *, ran: bool) -> Message:
    """What a report of an uncaught error says."""
    found = _REPORT.search(text)
    name = found["error"] if found else ""
    said = (found["message"] or "") if found else text.split("\n", 1)[0]
    if name == "InternalError" and said == _OUT_OF_TIME:
        return {"completion": "timeout", "reason": "time", "message": "time limit reached"}
    if (name == "InternalError" and said == "out of memory") or _NO_TEXT in text:
        return {"completion": "oom", "message": "memory limit reached"}
    early = name == "SyntaxError" if message["mode"] == "raw" else not ran
    fields: Message = {
        "completion": "threw",
        "phase": "parse" if early else "eval",
        "error": name,
        "message": said,
    }
    place = _PLACE.search(text)
    if place is not None:
        fields["location"] = {"file": message["name"], "line": int(place[1]), "column": int(place[2] or 0)}
    return fields


def main() -> None:
    """Serve it."""
    module = importlib.import_module("quickjs")
    version = f"quickjs {metadata.version('quickjs')}"
    serve("quickjs", "javascript", version, lambda message, output: _run(module, message, output))


if __name__ == "__main__":
    main()
