"""Recursion without end where the specification says which of two errors counts."""

from __future__ import annotations

import pytest

from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Budget, Output
from lockstep.reference.javascript.engine import create_engine

# What `return` of the iterator does: it recurses without end, at once or after a while.
RETURNS = {
    "at once": "return() { return this.return(); }",
    "later": "async return() { await null; const f = () => f(); f(); }",
}
LOOPS = {
    # 7.4.13 AsyncIteratorClose, step 5: a throw completion stays.
    "for await (const x of source) throw 'original';": "original",
    "for await (const x of source) { try { null.x } finally { x } }": "TypeError",
    # Steps 6 and 7: of every other completion the closing counts.
    "for await (const x of source) break;": "RangeError",
    "l: for (;;) { for await (const x of source) continue l; }": "RangeError",
    "for await (const x of source) return 1;": "RangeError",
}


@pytest.mark.parametrize("backend", ["vm", "treewalk"])
@pytest.mark.parametrize("how", RETURNS)
def test_closing_an_async_iterator(backend: str, how: str) -> None:
    tests = "".join(
        f"await (async () => {{ {loop} }})().then(print, (e) => print(e.name ?? e));" for loop in LOOPS
    )
    source = (
        "const source = { [Symbol.asyncIterator]() { return this; },"
        f" next: () => ({{ value: 1, done: false }}), {RETURNS[how]} }}; (async () => {{ {tests} }})();"
    )
    output = Output()
    completion = run_deep(lambda: create_engine(backend, "").run(Program(source, "p.js"), Budget(), output))
    assert completion.error is None
    assert output.text().split() == list(LOOPS.values())
