"""Serves one engine over the worker protocol: JSON lines on standard input and output.

`lockstep/launch.py reference.worker ENGINE` is started by the harness; docs/protocol.md describes the messages.
Standard output belongs to the protocol; what the guest or the host writes there goes to standard error.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import sys
import time
from typing import Any, TextIO, cast

from lockstep.reference.host.clock import Clock
from lockstep.reference.host.collector import Remains
from lockstep.reference.host.deep_stack import STACK_MIB, run_deep
from lockstep.reference.host.engine import Completion, Engine, Program
from lockstep.reference.host.errors import ErrorReport, LimitExceeded
from lockstep.reference.host.generation.tracebacks import host_traceback
from lockstep.reference.host.identity import loaded_version
from lockstep.reference.host.limits import Budget, Limits, Output
from lockstep.reference.host.memory import address_space_bytes
from lockstep.reference.host.parent import end_with_parent
from lockstep.reference.languages import UnknownEngineError, create_engine, inventory, language_of, wrong_mode
from lockstep.start import VERSION

PROTOCOL_VERSION = 1
IMPLEMENTATION = f"lockstep {VERSION}"

Message = dict[str, Any]
# Of a fault of ours.
_SHOWN_FRAMES = 6
_LIMITS = ("steps", "seconds", "memory", "output", "depth", "space", "stress")

# Address space beside the guest's own: host, code, the deep stack and its guard.
_HOST_MIB = STACK_MIB + 1500


def program_of(message: Message) -> Program:
    """The program that a `run` message carries."""
    return Program(
        source=message["source"],
        name=message.get("name") or "<program>",
        mode=message.get("mode") or "",
        includes=tuple((name, source) for name, source in message.get("includes") or ()),
        path=message.get("path"),
        roots=tuple(message.get("roots") or ()),
        arguments=tuple(message.get("arguments") or ()),
        folder=message.get("folder"),
    )


def limits_of(message: Message) -> Limits:
    """The limits that a `run` message carries."""
    given = message.get("limits") or {}
    return Limits(**{name: given[name] for name in _LIMITS if name in given})


def outcome_of(completion: Completion) -> Message:
    """The fields of an `outcome` message that say how a program ended."""
    if completion.unsupported is not None:
        return {"completion": "unsupported", "message": completion.unsupported}
    report = completion.error
    if completion.status is not None and completion.standard_error is not None:
        return _exit_fields(completion.status, completion.standard_error)
    if report is None:
        fields: Message = {"completion": "completed", "value": completion.value}
        if completion.unhandled is not None:
            fields["unhandled"] = {"completion": "threw", **_report_fields(completion.unhandled)}
        return fields
    if report.kind == "out_of_memory":
        return {"completion": "oom", **_report_fields(report)}
    return {"completion": "threw", **_report_fields(report)}


def _exit_fields(status: int, errors: str) -> Message:
    """The fields of a program that ended as a command does: with a status, and what it wrote to standard error."""
    fields: Message = {"exit_status": status, "standard_error": errors}
    if status == 0:
        return {"completion": "completed", **fields}
    said = next((line for line in errors.splitlines() if "Error" in line), f"exit status {status}")
    return {"completion": "threw", "phase": "eval", "error": "", "message": said, **fields}


def _report_fields(report: ErrorReport) -> Message:
    fields: Message = {
        "phase": report.phase,
        "kind": report.kind,
        "error": report.name,
        "message": report.message,
        "traceback": list(report.traceback),
    }
    location = report.location
    if location is not None:
        fields["location"] = {"file": location.file, "line": location.line, "column": location.column}
    return fields


def _limit_fields(reason: str) -> Message:
    completion = "oom" if reason == "memory" else "timeout"
    return {"completion": completion, "message": f"{reason} limit reached", "reason": reason}


def _bug_fields(error: BaseException, program: Program) -> Message:
    sources = {program.name: program.source, **dict(program.includes)}
    return {
        "completion": "threw",
        "phase": "eval",
        "kind": "internal_error",
        "error": "",
        "message": host_traceback(error, sources, _SHOWN_FRAMES),
    }


class Worker:
    """One engine answering one peer, message by message."""

    def __init__(self, name: str, reply_to: TextIO) -> None:
        self._name = name
        self._language = language_of(name.partition(":")[0])
        self._engine: Engine = create_engine(name)
        self._reply_to = reply_to
        self._clock: Clock | None = None
        self._remains = Remains()

    def ready(self) -> Message:
        """Who this is."""
        return {
            "type": "ready",
            "version": PROTOCOL_VERSION,
            "engine": self._name,
            "language": self._language,
            "implementation": IMPLEMENTATION,
            "host": f"{platform.python_implementation()} {platform.python_version()}",
            "fingerprint": loaded_version(),
        }

    def run(self, message: Message) -> Message:
        """Run one program and say how it ended."""
        program = program_of(message)
        limits = limits_of(message)
        budget = Budget(limits)
        output = Output(limits.output)
        if limits.seconds is not None:
            self._clock = self._clock or Clock()
            self._clock.arm(budget, limits.seconds)
        previous = _bound_growth(limits.space) if limits.space is not None else None
        home = os.open(".", os.O_RDONLY)
        started = time.perf_counter()
        try:
            if program.folder is not None:
                os.chdir(program.folder)
            wrong = wrong_mode(self._language, program.mode)
            completion = Completion(unsupported=wrong) if wrong else self._engine.run(program, budget, output)
            fields = outcome_of(completion)
        except LimitExceeded as limit:
            fields = _limit_fields(limit.reason)
        except MemoryError:
            fields = _limit_fields("memory")
        except Exception as error:  # whatever it is, it is a bug of the engine and costs one case
            fields = _bug_fields(error, program)
        finally:
            elapsed = time.perf_counter() - started
            if previous is not None:
                _set_address_space(previous)
            if self._clock is not None:
                self._clock.disarm()
            os.fchdir(home)
            os.close(home)
        return {
            "type": "outcome",
            "id": message.get("id"),
            **fields,
            "output": output.text(),
            "steps": budget.used if limits.metered else None,
            "ms": round(elapsed * 1000, 3),
        }

    def inventory(self, message: Message) -> Message:
        """What the language defines, where its engine can say so."""
        return {"type": "inventory", "id": message.get("id"), "names": inventory(self._language)}

    def reply(self, message: Message) -> None:
        """Send one message."""
        self._reply_to.write(json.dumps(message) + "\n")
        self._reply_to.flush()

    def serve(self, requests: TextIO) -> None:
        """Answer messages until `stop` or the end of the input."""
        for line in requests:
            message = json.loads(line)
            kind = message.get("type")
            if kind == "run":
                self.reply(self.run(message))
                self._remains.free()
            elif kind == "start":
                self.reply(self.ready())
            elif kind == "inventory":
                self.reply(self.inventory(message))
            elif kind == "stop":
                return
            else:
                self.reply({"type": "error", "id": message.get("id"), "message": f"unknown message '{kind}'"})


def _limit_address_space(mebibytes: int) -> None:
    _set_address_space((mebibytes + _HOST_MIB) << 20)


def _set_address_space(size: int) -> int:
    """Bound this process's address space to `size` bytes; the bound before."""
    import resource  # absent where the platform has no such limits

    previous, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (size, hard))
    return previous


def _bound_growth(mebibytes: int) -> int | None:
    """Let this process's address space grow by so much and no more; the bound before, None if that cannot be."""
    used = address_space_bytes()
    return None if used is None else _set_address_space(used + (mebibytes << 20))


def main(arguments: list[str]) -> int:
    """Serve the engine named first; `--memory MIB` bounds the address space of this process."""
    if not arguments or arguments[0].startswith("-"):
        sys.stderr.write("usage: lockstep/launch.py reference.worker ENGINE [--memory MIB]\n")
        return 2
    for ignored in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(ignored) is signal.SIG_IGN:
            # So started by a shell in the background, or by nohup; what guests start must not inherit it.
            signal.signal(ignored, signal.SIG_DFL)
    # For guests that start other guests.
    os.environ["LOCKSTEP_ENGINE"] = arguments[0]
    protocol = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    requests = cast("TextIO", os.fdopen(os.dup(0), encoding="utf-8"))
    # The guest's standard input is at its end, and has no position.
    ended, writer = os.pipe()
    os.close(writer)
    os.dup2(ended, 0)
    if "--memory" in arguments:
        _limit_address_space(int(arguments[arguments.index("--memory") + 1]))
    try:
        worker = Worker(arguments[0], protocol)
    except UnknownEngineError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    end_with_parent()
    run_deep(lambda: worker.serve(requests))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
