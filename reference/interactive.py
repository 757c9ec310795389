"""Running programs for a person: `lockstep exec` and `lockstep repl`."""

from __future__ import annotations

import sys
from typing import TextIO

from lockstep.reference.host.clock import Clock
from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.engine import Adviser, Completion, Engine, Program, Writer
from lockstep.reference.host.errors import LimitExceeded, render
from lockstep.reference.host.limits import Budget, Limits
from lockstep.reference.languages import create_engine

_LIMIT_TEXT = {
    "steps": "the step limit is reached (--steps)",
    "time": "the time limit is reached (--timeout)",
    "memory": "the memory limit is reached (--memory)",
    "output": "the output limit is reached",
    "cancelled": "cancelled",
}
GUEST_ERROR = 1


class _Standard:
    """Standard output as a guest writes it: text whose surrogate escapes are raw bytes."""

    def __init__(self, stream: TextIO) -> None:
        stream.flush()
        self._buffer = stream.buffer

    def write(self, text: str, /) -> object:
        try:
            raw = text.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            raw = text.encode("utf-8", "replace")
        return self._buffer.write(raw)

    def flush(self) -> object:
        self._buffer.flush()
        return None


def standard(stream: TextIO) -> Writer:
    """A standard stream as guests write to it."""
    return _Standard(stream)


def execute(engine_name: str, program: Program, limits: Limits) -> int:
    """Run `program`, its output to standard output, its error to standard error; the exit status."""

    def body() -> int:
        engine = create_engine(engine_name)
        output = _Standard(sys.stdout)
        budget = Budget(limits)
        if limits.seconds is not None:
            Clock().arm(budget, limits.seconds)
        try:
            completion = engine.run(program, budget, output)
        except (LimitExceeded, MemoryError) as error:
            output.flush()
            return _limit(error)
        output.flush()
        if completion.status is not None:
            return completion.status
        status = _report(completion, program)
        if completion.error is not None and isinstance(engine, Adviser):
            line = engine.advice(program, completion.error)
            sys.stderr.write(f"{line}\n" if line else "")
        return status

    return run_deep(body)


def _limit(error: BaseException) -> int:
    reason = error.reason if isinstance(error, LimitExceeded) else "memory"
    sys.stderr.write(f"{_LIMIT_TEXT.get(reason, reason)}\n")
    return GUEST_ERROR


def _report(completion: Completion, program: Program) -> int:
    if completion.unsupported is not None:
        sys.stderr.write(f"unsupported: {completion.unsupported}\n")
        return GUEST_ERROR
    error = completion.error or completion.unhandled
    if error is not None:
        location = error.location
        source = program.source if location is None or location.file == program.name else ""
        text = render(error, source)
        sys.stderr.write(text.encode("utf-8", "replace").decode() + "\n")
        return GUEST_ERROR
    return 0


def repl(engine_name: str, read_line: TextIO | None = None) -> int:
    """Read, evaluate and print until the end of the input.

    Input goes on over several lines while the language says that its end is missing.
    """
    source = read_line or sys.stdin

    def body() -> int:
        engine: Engine = create_engine(engine_name)
        session = engine.session(Budget(), _Standard(sys.stdout))
        pending = ""
        number = 0
        while True:
            _prompt("... " if pending else f"{engine_name.partition(':')[0]}> ", source)
            line = source.readline()
            if not line:
                session.close()
                return 0
            pending += line
            if not pending.strip():
                pending = ""
                continue
            number += 1
            program = Program(pending, name=f"repl-{number}")
            completion = session.evaluate(program, Budget())
            if _unfinished(completion) and line.strip():
                continue
            pending = ""
            if completion.value is not None:
                sys.stdout.write(completion.value + "\n")
            _report(completion, program)
            sys.stdout.flush()

    return run_deep(body)


def _prompt(text: str, source: TextIO) -> None:
    if source.isatty():
        sys.stdout.write(text)
        sys.stdout.flush()


# How the languages say that the input ends too early.
_END_WORDS = (
    "unexpected end of",
    "unexpected eof",
    "near <eof>",
    "near '<eof>'",
    "was never closed",
    "eof while",
)


def _unfinished(completion: Completion) -> bool:
    error = completion.error
    return (
        error is not None
        and error.phase == "parse"
        and any(words in error.message.lower() for words in _END_WORDS)
    )
