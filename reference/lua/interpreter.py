"""The stand-alone interpreter as a process: standard streams, interrupts, exit status."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from dataclasses import replace
from types import FrameType
from typing import Callable

from lockstep.reference.host.clock import Clock
from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.errors import LimitExceeded
from lockstep.reference.host.limits import Budget, Limits
from lockstep.reference.lua.engine import close_state, make_evaluator
from lockstep.reference.lua.profile import PROFILES
from lockstep.reference.lua.runtime.formats.text import guest_text
from lockstep.reference.lua.runtime.libraries import new_state
from lockstep.reference.lua.runtime.library.stand_alone import (
    StandAlone,
    UsageError,
    parse_command_line,
    usage,
)
from lockstep.reference.lua.runtime.stack.exiting import ProgramExit
from lockstep.reference.lua.runtime.stack.frames import where
from lockstep.reference.lua.runtime.system.files import close_files
from lockstep.reference.lua.runtime.system.permissions import Permissions
from lockstep.reference.lua.runtime.system.streams import Stream
from lockstep.reference.lua.runtime.values import LuaError

_NO_LIMIT = 1 << 60


class _StandardOutput:
    """The process's standard output, buffered as C's `stdout` is."""

    def __init__(self) -> None:
        buffering = "line" if os.isatty(1) else "full"
        self._stream = Stream(1, readable=False, writable=True, buffering=buffering)

    def write(self, text: str, /) -> object:
        self._stream.write(guest_text(text))
        return None

    def flush(self) -> object:
        self._stream.flush()
        return None


class _InterruptedError(LuaError):
    """What an interrupt raises wherever the guest is; the guest may catch it."""

    def __init__(self) -> None:
        super().__init__(where(0) + "interrupted!")


def _on_interrupt(_: int, __: FrameType | None) -> None:
    """The first interrupt is an error of the guest's; another one kills."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    guest = next((thread for thread in threading.enumerate() if thread.name == "guest"), None)
    interrupt: Callable[..., int] | None = getattr(
        getattr(ctypes, "pythonapi", None), "PyThreadState_SetAsyncExc", None
    )
    if guest is None or guest.ident is None or interrupt is None:
        os._exit(130)
    interrupt(ctypes.c_ulong(guest.ident), ctypes.py_object(_InterruptedError))


def _reader() -> Callable[[str], str] | None:
    """Reads lines from a person, with editing where the host has it."""
    if not os.isatty(0):
        return None
    try:
        import readline  # noqa: F401  # its import gives `input` editing and history
    except ImportError:
        pass
    return input


def run(engine: str, words: list[str], limits: Limits | None = None) -> int:
    """Be `lua`: `words` are its command line, the program's name first. The exit status."""
    version, _, backend = engine.partition(":")
    profile = PROFILES[version.removeprefix("lua")]
    modern = profile.integers
    try:
        line = parse_command_line(words, modern=modern)
    except UsageError as error:
        sys.stderr.write(usage(words[0], str(error), modern=modern))
        return 1
    banner = f"Lua {profile.name}  Lockstep ({backend}), after Lua.org, PUC-Rio"
    signal.signal(signal.SIGINT, _on_interrupt)

    def body() -> int:
        output = _StandardOutput()
        permissions = Permissions(environment=False) if line.no_environment else Permissions()
        # Counted steps are where finalisers run, in batches, as after a cycle of the reference implementation's collector.
        budget = Budget(
            replace(limits or Limits(), steps=limits.steps if limits and limits.steps else _NO_LIMIT)
        )
        if budget.limits.seconds is not None:
            Clock().arm(budget, budget.limits.seconds)
        evaluator = make_evaluator(backend or "vm", metered=budget.limits.metered)
        state = new_state(profile, evaluator, budget, output, permissions)
        closes = True
        try:
            status = StandAlone(state, line, banner, _reader()).run()
        except ProgramExit as leaving:
            status = leaving.status
            closes = leaving.closes
        except LimitExceeded as limit:
            output.flush()
            sys.stderr.write(f"{words[0]}: the {limit.reason} limit is reached\n")
            return 1
        if closes:
            asked = close_state(state)
            status = status if asked is None else asked
        else:
            close_files(state)
        output.flush()
        return status & 0xFF

    return run_deep(body)
