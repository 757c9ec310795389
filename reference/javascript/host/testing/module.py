"""`node:test`: the runner is a program in JavaScript beside this file, and gets from here what it needs of the host."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from lockstep.reference.javascript.host.definition import dictionary
from lockstep.reference.javascript.host.hosting import hosting_of
from lockstep.reference.javascript.host.inspect.values import inspect
from lockstep.reference.javascript.host.timers.loop import Immediate
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.operations.conversion import to_string
from lockstep.reference.javascript.runtime.operations.objects import call
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def test_module(realm: Realm) -> JSObject:
    """The exports."""
    host = hosting_of(realm)
    source = (Path(__file__).parent / "runner.js").read_text("utf-8")

    def write(_this: Value, text: Value = undefined, *_rest: Value) -> None:
        host.write_out(to_string(text))

    def later(_this: Value, step: Value = undefined, *_rest: Value) -> None:
        host.loop.add_immediate(Immediate(lambda: call(step, undefined)))

    def fail(_this: Value, *_rest: Value) -> None:
        host.status = 1.0

    rows: list[tuple[str, Value]] = [
        ("write", native(realm, write, 1, "write")),
        ("later", native(realm, later, 1, "later")),
        ("fail", native(realm, fail, 0, "fail")),
        ("now", native(realm, lambda _this, *_rest: time.perf_counter() * 1000, 0, "now")),
        (
            "inspect",
            native(realm, lambda _this, value=undefined, *_rest: inspect(realm, value), 1, "inspect"),
        ),
    ]
    modules = hosting_of(realm).modules
    assert modules is not None
    made = call(modules.run_script(source, "node:test", True), undefined, dictionary(realm, rows))
    assert isinstance(made, JSObject)
    return made
