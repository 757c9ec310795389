"""One program with its host: the program itself, its jobs, its loop, its end."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Callable

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

RunScript = Callable[[str, str, bool], Any]
"""Runs a script: its source, its name, whether it is strict."""


def run_hosted(host: JavaScriptHost, program: Program, run_script: RunScript) -> Completion:
    """Run a program to its end; the completion has its exit status, what there is to report is written."""
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
            loader.run_program(program)
            _finish(host, loader)
        except GuestSyntaxError as error:
            host.print_error(report_syntax_error(error, host.source_of(error.location.file)))
            raise ExitRequest(leave(host, UNCAUGHT)) from None
        except Exception as error:  # a host error passes thrown_value
            host.uncaught(thrown_value(error, realm))
            _finish(host, loader)
    except ExitRequest as request:
        return Completion(status=request.status)
    return Completion(status=exit_status(host.status))


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
