"""Recursion without end: what still runs, which error counts, and that it takes no long time."""

from __future__ import annotations

import time

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


# Each counts up on the way down, and down in its `finally`.
RECURSIONS = {
    "call": "{ const f = () => { open++; try { f(); } finally { open--; } }; f(); }",
    "thrown again": "{ const f = () => { open++; try { f(); } catch (e) { throw e; } finally { open--; } }; f(); }",
    "valueOf": "{ const o = { valueOf() { open++; try { return -this; } finally { open--; } } }; +o; }",
    "toString": '{ const o = { toString() { open++; try { return "" + this; } finally { open--; } } }; "" + o; }',
    "proxy": "{ const p = new Proxy({}, { get(t, k, r) { open++; try { return r[k]; } finally { open--; } } }); p.x; }",
    "getter": "{ const o = { get x() { open++; try { return this.x; } finally { open--; } } }; o.x; }",
    "constructor": "{ class A { constructor() { open++; try { this.a = new A(); } finally { open--; } } } new A(); }",
    "super": "{ class B extends Object { constructor() { open++; try { super(new B()); } finally { open--; } } } new B(); }",
    "finally": "{ const f = () => { open++; try { throw 1; } finally { open--; f(); } }; f(); }",
    "JSON": "{ const make = () => ({ toJSON: () => ({ make: make() }) }); JSON.stringify(make()); }",
    "replacer": "JSON.stringify(1, (key, value) => [value])",
    "getter of a global": "Object.defineProperty(globalThis, 'g', { get() { open++; try { return g; } finally { open--; } } }); g;",
    "eval": "const f = () => { open++; try { return eval('f()'); } finally { open--; } }; f();",
    "generator": "function* g() { open++; try { yield* g(); } finally { open--; } } [...g()];",
    "built-in": "const f = () => { open++; try { return [1].map(f); } finally { open -= 1; } }; f();",
}


@pytest.mark.parametrize("backend", ["vm", "treewalk"])
@pytest.mark.parametrize("name", RECURSIONS)
def test_each_finally_runs(backend: str, name: str) -> None:
    source = (
        f"let open = 0; try {{ (() => {{ {RECURSIONS[name]} }})(); }} catch (e) {{ print(e.name, open); }}"
    )
    output = Output()
    completion = run_deep(lambda: create_engine(backend, "").run(Program(source), Budget(), output))
    assert completion.error is None
    assert output.text() == "RangeError 0\n"


def test_recursion_through_handlers_is_linear() -> None:
    """The host walks the chain of the exceptions that are being handled at each raise."""

    def seconds(depth: int) -> float:
        source = (
            f"let n = 0; const o = {{ toString() {{ return n++ < {depth} ? '' + this : 'end'; }} }}; '' + o;"
        )
        engine = create_engine("vm", "")
        times = []
        for _ in range(2):
            started = time.thread_time()
            completion = engine.run(Program(source), Budget(), Output())
            times.append(time.thread_time() - started)
            assert completion.error is None
        return min(times)

    few, many = run_deep(lambda: (seconds(2_000), seconds(40_000)))
    assert many < 50 * few


@pytest.mark.parametrize("backend", ["vm", "treewalk"])
def test_deep_values(backend: str) -> None:
    source = """
        let deep = [], bound = () => 7;
        for (let i = 0; i < 15000; i++) { deep = [deep]; bound = bound.bind(null); }
        print(JSON.stringify(deep).length, bound(), bound.name.length, bound.length);
        for (let i = 0; i < 10000; i++) deep = { deep };
        try { JSON.stringify(deep); } catch (e) { print(e.name); }
        const shared = [1], ring = { shared: [shared, shared] };
        print(JSON.stringify(ring), JSON.stringify([[], {}, [undefined, () => 1]], null, 1).replace(/\\n/g, "|"));
        ring.inner = { ring };
        try { JSON.stringify(ring); } catch (e) { print(e.name); }
    """
    output = Output()
    completion = run_deep(lambda: create_engine(backend, "").run(Program(source), Budget(), output))
    assert completion.error is None
    assert output.text().splitlines() == [
        "30002 7 90005 0",
        "RangeError",
        '{"shared":[[1],[1]]} [| [],| {},| [|  null,|  null| ]|]',
        "TypeError",
    ]
