"""What is noted when errors are made costs nothing where there is no host, and keeps nothing alive where there is one."""

from __future__ import annotations

import gc

import pytest

from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Budget, Output
from lockstep.reference.javascript.engine import create_engine
from tests.javascript.host.running import BACKENDS, run


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_bare_language_has_the_first_line(backend: str) -> None:
    output = Output()
    code = "const e = new TypeError('x'); print(e.stack, Object.hasOwn(e, 'stack'), Error.captureStackTrace)"
    create_engine(backend, "").run(Program(code), Budget(), output)
    assert output.text() == "TypeError: x false undefined\n"


def test_errors_hold_no_circle() -> None:
    gc.collect()
    gc.disable()
    try:
        before = len(gc.get_objects())
        run("for (let i = 0; i < 3000; i++) { try { throw new Error('x') } catch (e) {} }")
        after = len(gc.get_objects())
    finally:
        gc.enable()
    assert after - before < 20_000
