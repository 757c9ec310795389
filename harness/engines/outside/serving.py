"""The protocol's other side for outside engines that are reached from Python: about fifty lines."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from lockstep.reference.host.identity import loaded_version
from lockstep.reference.host.parent import end_with_parent

Message = dict[str, Any]
PROTOCOL_VERSION = 1


class Time(BaseException):
    """The case's wall time is over."""


def serve(
    engine: str,
    language: str,
    version: str | Callable[[], str],
    run: Callable[[Message, io.StringIO], Message],
    fingerprint: Callable[[], str] = loaded_version,
) -> None:
    """Answer protocol messages on standard input and output until `stop`.

    `run` gets a `run` message and a stream for the guest's output; it returns the fields that say how the
    program ended. What else is written to standard output goes to standard error. `fingerprint` says, at the start, which
    version of everything this is; after it `version` is asked, where it is not known before.
    """
    end_with_parent()
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def reply(message: Message) -> None:
        replies.write(json.dumps(message) + "\n")
        replies.flush()

    for line in sys.stdin:
        message = json.loads(line)
        kind = message["type"]
        if kind == "start":
            ready = {"type": "ready", "version": PROTOCOL_VERSION, "engine": engine, "language": language}
            ready["fingerprint"] = fingerprint()
            ready["implementation"] = ready["host"] = version if isinstance(version, str) else version()
            reply(ready)
        elif kind == "run":
            output = io.StringIO()
            started = time.perf_counter()
            with contextlib.ExitStack() as stack:
                if message.get("folder"):
                    stack.enter_context(contextlib.chdir(message["folder"]))
                fields = run(message, output)
            elapsed = (time.perf_counter() - started) * 1000
            answer = {"type": "outcome", "id": message["id"], "output": output.getvalue(), "ms": elapsed}
            reply({**answer, **fields})
        elif kind == "inventory":
            reply({"type": "inventory", "id": message.get("id"), "names": {}})
        elif kind == "stop":
            return
