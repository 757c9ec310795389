"""One program with its host: the program itself, its jobs, its loop, its end."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Callable

from lockstep.reference.host.engine import Completion, Program
from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.javascript.host.exit import ExitRequest
from lockstep.reference.javascript.host.host import JavaScriptHost
from lockstep.reference.javascript.host.modules.loader import HostModuleLoader
from lockstep.reference.javascript.host.process.ending import (
    UNCAUGHT,
    UNSETTLED,
    exit_status,
    leave,
    report_syntax_error,
)
from lockstep.reference.javascript.runtime.completions import thrown_value
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import PENDING, JSPromise
from lockstep.reference.javascript.runtime.values import Value

RunScript = Callable[[str, str, bool], Value]
"""Runs a script: its source, its name, whether it is strict."""


def run_hosted(
    host: JavaScriptHost,
    program: Program,
    as_javascript: Callable[[Program], Program],
    run_script: RunScript,
    advice: Callable[[Program], str],
) -> Completion:
    """Run a program to its end; the completion has its exit status, what there is to report is written.

    Args:
        host: the host.
        program: the program.
        as_javascript: takes types away, where it is TypeScript.
        run_script: runs a script.
        advice: what to say of one that is refused.
    """
    realm = host.realm
    agent = realm.agent
    host.stacks.bottom = sys._getframe().f_code
    loader = HostModuleLoader(host, run_script)
    agent.module_loader = loader
    host.arguments = program.arguments
    host.main_file = str(Path(program.path).resolve()) if program.path else f"[{program.name.lstrip('-')}]"
    if program.name == "-e":
        host.main_file = "[eval]"
    try:
        try:
            loader.run_program(_erased(program, as_javascript))
            _finish(host, loader)
        except GuestSyntaxError as error:
            source = host.source_of(error.location.file) or program.source
            hint = advice(program)
            host.print_error(report_syntax_error(error, source) + (f"{hint}\n" if hint else ""))
            raise ExitRequest(leave(host, UNCAUGHT)) from None
        except Exception as error:  # a host error passes thrown_value
            traceback = error.__traceback__
            host.uncaught(thrown_value(error, realm), traceback)
            _finish(host, loader)
    except ExitRequest as request:
        return Completion(status=request.status)
    return Completion(status=exit_status(host.status))


def _erased(program: Program, as_javascript: Callable[[Program], Program]) -> Program:
    """The program without its types; a file that is no module is CommonJS."""
    erased = as_javascript(program)
    if erased is not program and erased.mode == "script" and program.path:
        return replace(erased, mode="commonjs")
    return erased


def _finish(host: JavaScriptHost, loader: HostModuleLoader) -> None:
    """Jobs, the loop, and the events at the end."""
    while True:
        host.loop.drain()
        loader.report_main_failure()
        host.loop.run()
        loader.report_main_failure()
        if not host.emit("beforeExit", float(exit_status(host.status))) or not host.loop.has_work():
            break
    promise = loader.main_promise
    if isinstance(promise, JSPromise) and promise.state_ == PENDING and host.status is None:
        host.print_error("Warning: Detected unsettled top-level await\n")
        host.exit(leave(host, UNSETTLED))
    host.exit(leave(host, exit_status(host.status)))
