"""Rejected promises that nobody handles: what an engine observes of them, and what people see."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from lockstep.harness.comparison import differing_part
from lockstep.harness.engines.registry import resolve
from lockstep.harness.model import Outcome
from lockstep.reference.host.engine import Completion, Program
from lockstep.reference.host.limits import Budget, Limits, Output
from lockstep.reference.javascript.engine import create_engine

BACKENDS = ("vm", "treewalk")
UNHANDLED = {
    "Promise.reject(new TypeError('lost'))": ("TypeError", "lost"),
    "(async () => { await null; throw new RangeError('late'); })()": ("RangeError", "late"),
    "Promise.reject('text')": ("", "text"),
    "Promise.reject(1).then(() => {})": ("", "1"),
    "const p = Promise.reject(1); p.catch((e) => { throw 'again ' + e; })": ("", "again 1"),
    "new Promise(() => { throw new Error('in executor'); })": ("Error", "in executor"),
    "Promise.all([Promise.reject(2)])": ("", "2"),
    "Promise.reject(3).finally(() => {}); Promise.reject(4).catch(() => {})": ("", "3"),
}
HANDLED = [
    "const p = Promise.reject(1); Promise.resolve().then(() => {}).then(() => p.catch(() => {}))",
    "Promise.allSettled([Promise.reject(1)])",
    "Promise.any([Promise.reject(1), 2]); Promise.race([3, Promise.reject(4)])",
    "(async () => { try { await Promise.reject(5); } catch {} })()",
    "(async () => { try { for await (const x of [Promise.reject(6)]); } catch {} })()",
    "import('./is-not-there.mjs').catch(() => {})",
    "async function* g() { throw 7; } g().next().catch(() => {})",
    "new Promise((_, reject) => reject(8)).then(null, () => {})",
]


def run(backend: str, source: str, mode: str = "") -> Completion:
    return create_engine(backend, "").run(Program(source, "p.js", mode), Budget(), Output())


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_first_one_is_observed(backend: str) -> None:
    for source, expected in UNHANDLED.items():
        for mode in ("", "module"):
            completion = run(backend, source, mode)
            assert completion.error is None
            report = completion.unhandled
            assert report is not None, source
            assert (report.name, report.message) == expected, source


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("source", HANDLED)
def test_a_handler_may_come_late(backend: str, source: str) -> None:
    assert run(backend, source) == Completion()


@pytest.mark.parametrize("backend", BACKENDS)
def test_exec_reports_it(backend: str) -> None:
    command = [sys.executable, "-m", "lockstep.harness.cli", "exec", "javascript", "--backend", backend, "-e"]
    found = subprocess.run(
        [*command, "print('first'); Promise.reject(new TypeError('lost'))"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1
    assert found.stdout == "first\n"
    assert "TypeError: lost" in found.stderr


def test_engines_are_compared_by_it() -> None:
    quiet, lost = Outcome("completed"), Outcome("completed", unhandled=Outcome("threw", error="TypeError"))
    other = Outcome("completed", unhandled=Outcome("threw", error="RangeError"))
    assert differing_part(lost, lost, messages=False) is None
    for left, right in ((quiet, lost), (lost, quiet), (lost, other)):
        part = differing_part(left, right, messages=False)
        assert part is not None
        assert part[0] == "unhandled"


@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")
def test_node_observes_the_same() -> None:
    engine = resolve("node").spawn()
    engine.start()
    try:
        for source, (name, message) in UNHANDLED.items():
            outcome = engine.run(Program(source, "p.js"), Limits()).outcome
            assert outcome is not None
            assert outcome.unhandled is not None, source
            assert (outcome.unhandled.error, outcome.unhandled.message) == (name, message), source
        for source in HANDLED:
            outcome = engine.run(Program(source, "p.js"), Limits()).outcome
            assert outcome is not None
            assert outcome.unhandled is None, source
    finally:
        engine.kill()


def test_a_throw_is_what_unhandled_means() -> None:
    outcome = Outcome.from_message({"completion": "completed", "unhandled": {"error": "TypeError"}})
    assert outcome.unhandled == Outcome("threw", error="TypeError")
