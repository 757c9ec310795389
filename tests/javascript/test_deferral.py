"""Functions that are compiled at their first call behave as those that are compiled with the code around."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.engine import Completion, Program
from lockstep.reference.host.errors import LimitExceeded
from lockstep.reference.host.limits import Budget, Limits, Output
from lockstep.reference.javascript.engine import create_engine
from lockstep.reference.javascript.syntax.parse import parse_script
from lockstep.reference.javascript.vm import machine as vm
from lockstep.reference.javascript.vm.machine import Machine

FIXTURES = [
    path
    for path in sorted((Path(__file__).parents[2] / "fixtures" / "javascript").glob("*.js"))
    if not path.stem.startswith("endless")
]

PROGRAMS = {
    "captured, written and read from both sides": (
        (
            "let n = 1; function outer() { let a = n; const set = (v) => { a = v; n++ }, get = function () { return a };"
            "  set(get() + 5); return [a, n, get()] } print(String(outer()), n)"
        ),
        "6,2,6 2",
    ),
    "a box for each round": (
        (
            "const made = []; for (let i = 0; i < 3; i++) { let j = i * 10;"
            "  made.push(() => [i, ++j], function () { return (() => j)() }) }"
            "print(made.map((f) => f()).join(' '))"
        ),
        "0,1 1 1,11 11 2,21 21",
    ),
    "uninitialized names": (
        (
            "const kind = (f) => { try { return f() } catch (e) { return e.name } };"
            "function f() { const read = () => late, write = () => { late = 1 };"
            "  const before = [kind(read), kind(write)]; let late = 5; write(); return [...before, read()] }"
            "print(f().join(), kind(() => { for (let x of (() => [x])()) ; }), f.call().join())"
        ),
        "ReferenceError,ReferenceError,1 ReferenceError ReferenceError,ReferenceError,1",
    ),
    "a second entry into a block": (
        (
            "for (let i = 0; i < 2; i++) { try { const read = () => value; print(read()) } catch (e) { print(e.name) }"
            "  let value = i }"
        ),
        "ReferenceError\nReferenceError",
    ),
    "initializers of parameters": (
        (
            "const kind = (f) => { try { return f() } catch (e) { return e.name } };"
            "print(kind(() => ((a, b = (() => { b = 1 })()) => b)()), ((a = 2, b = () => a) => b())(), ((a, f = () => a) => { var a; a = 9; return f() })(4))"
        ),
        "ReferenceError 2 4",
    ),
    "this, new.target, arguments and super through arrow functions": (
        (
            "class A { constructor(x) { this.x = x; this.t = (() => new.target.name)() } get v() { return this.x } m() { return 'A' + this.x } static s() { return 'S' } }"
            "class B extends A { #p = 3; f = () => this.v + this.#p; constructor(...r) { const go = () => super(...r); go(); this.n = () => super.m() }"
            "  m() { return (() => super.m() + this.f())() } static s() { return (() => super.s())() } has(o) { return (() => #p in o)() } }"
            "const b = new B(4); print(b.t, b.m(), b.n(), B.s(), b.has(b), b.has({}));"
            "print((function () { return (() => (() => [this.q, arguments.length, arguments[1]])())() }).call({ q: 7 }, 1, 2).join())"
        ),
        "B A47 A4 S true false\n7,2,2",
    ),
    "generators, async functions and their order": (
        (
            "function* g(a, b = a + 1) { const got = yield a; yield [got, b] } const it = g(1); it.next();"
            "print(it.next('x').value.join()); (async () => { try { await null; throw 1 } catch (e) { print('async', e) } })();"
            "(async () => { for await (const v of (async function* () { yield 1; yield 2 })()) print('for', v) })()"
        ),
        "x,2\nasync 1\nfor 1\nfor 2",
    ),
    "what a function says of itself": (
        (
            "function add(a, b, ...c) { /* sum */ return a + b } const o = { m(x = 1) {}, get g() { return 1 }, async *s() {} };"
            "print(add.name, add.length, String(add)); print(o.m.length, String(o.m), o.s.name, typeof add.prototype);"
            "add(1, 2); print(String(add), add.length, new add() instanceof add)"
        ),
        (
            "add 2 function add(a, b, ...c) { /* sum */ return a + b }\n0 m(x = 1) {} s object\n"
            "function add(a, b, ...c) { /* sum */ return a + b } 2 true"
        ),
    ),
    "numbers of arguments": (
        (
            "const f = [() => 0, (a) => a, (a, b) => b, (a, b, c) => c, (a, b, c, d) => d, (...r) => r.length, function () { return arguments.length }];"
            "print(f.map((g) => g(1, 2, 3, 4, 5)).join(), f.map((g) => g()).map(String).join(), f.map((g) => g.apply(null, [6, 7])).map(String).join())"
        ),
        "0,1,2,3,4,5,5 0,undefined,undefined,undefined,undefined,0,0 0,6,7,undefined,undefined,2,2",
    ),
    "sloppy this and mapped arguments": (
        (
            "function f(a) { arguments[0] = 5; return [typeof this, a] } print(f.call(1, 2).join(), f(3).join());"
            "(function g(n) { if (n) g(n - 1); else { g = 1; print(typeof g) } })(2)"
        ),
        "object,5 object,5\nfunction",
    ),
    "with and direct eval": (
        (
            "var o = { v: 1 }; with (o) { var get = () => v, set = function (x) { v = x } } set(5); print(get(), o.v, typeof v);"
            "function e(s) { var local = 3; const inner = () => eval(s); return [inner(), (() => local)()] }"
            "print(e('local++').join(), (function () { return (0, eval)('typeof local') })())"
        ),
        "5 5 undefined\n3,4 undefined",
    ),
    "functions in blocks": (
        (
            "{ function late() { return 'late' } } print(late(), typeof hidden);"
            "(() => { 'use strict'; { function hidden() { return () => hidden } } print(typeof hidden) })()"
        ),
        "late undefined\nundefined",
    ),
    "one function of each closure, before and after its first call": (
        (
            "const make = (n) => function me() { return [n, me === this.f] }; const a = { f: make(1) }, b = { f: make(2) };"
            "const first = a.f(); const c = { f: make(3) }; print(first.join(), b.f().join(), c.f().join(), a.f().join())"
        ),
        "1,true 2,true 3,true 1,true",
    ),
    "labels, switch and finally": (
        (
            "const run = (x) => { out: for (;;) { switch (x) { case 1: { const f = () => y; let y = 2; try { return f() } finally { x = () => 3 } }"
            "  default: break out } } return [1].map(() => x) }; print(run(1), String(run(4)))"
        ),
        "2 4",
    ),
}


def run(source: str, budget: Budget | None = None) -> tuple[Completion, str]:
    output = Output()
    engine = create_engine("vm", "")
    completion = run_deep(lambda: engine.run(Program(source, "p.js"), budget or Budget(), output))
    return completion, output.text().rstrip("\n")


@pytest.fixture
def deferring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every function of every program wait."""
    monkeypatch.setattr(vm, "LARGE_PROGRAM", 1)
    monkeypatch.setattr(vm, "LARGE_FUNCTION", 1)


@pytest.mark.usefixtures("deferring")
@pytest.mark.parametrize("name", PROGRAMS)
def test_programs(name: str) -> None:
    source, expected = PROGRAMS[name]
    for budget in (Budget(), Budget(Limits(steps=100_000))):
        completion, shown = run(source, budget)
        assert completion.error is None
        assert shown == expected


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_fixtures_end_alike(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = path.read_text(encoding="utf-8")
    plain = run(source, Budget(Limits(steps=3_000_000)))
    monkeypatch.setattr(vm, "LARGE_PROGRAM", 1)
    monkeypatch.setattr(vm, "LARGE_FUNCTION", 1)
    waiting = run(source, Budget(Limits(steps=3_000_000)))
    assert waiting[1] == plain[1]
    assert str(waiting[0].error) == str(plain[0].error)


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("how", ["{}", "eval({})", "Function({})()"])
def test_programs_deep_in_functions(name: str, how: str) -> None:
    """What stands in many functions waits for its first call in every kind of program, also in the second run of the same."""
    source, expected = PROGRAMS[name]
    nested = "(() => {" * 90 + source + "\n})()" * 90
    nested = nested if how == "{}" else how.format(repr(nested)) + ";" + how.format(repr(nested))
    for budget in (Budget(), Budget(Limits(steps=100_000))):
        completion, shown = run(nested, budget)
        assert completion.error is None
        # Of two runs the jobs take turns.
        assert sorted(shown.split("\n")) == sorted(expected.split("\n") * (1 if how == "{}" else 2))


def test_template_objects_deep_in_functions() -> None:
    nested = "(() => " * 90 + "(x => x)`a`" + ")()" * 90
    completion, shown = run(
        f"let f = () => eval('{nested}'); print(f() === f()); f = () => {nested}; print(f() === f())"
    )
    assert completion.error is None
    assert shown == "false\ntrue"


@pytest.mark.usefixtures("deferring")
def test_errors_say_where() -> None:
    source = "function outer() {\n  const inner = () => {\n    return null.x;\n  };\n  return inner();\n}\nouter();\nouter();"
    completion, _ = run(source)
    assert completion.error is not None
    assert completion.error.location is not None
    assert (completion.error.location.line, completion.error.location.column) == (3, 12)
    assert [line.split()[1] for line in completion.error.traceback] == ["inner", "outer", "<top"]


def test_the_first_step_stands_where_the_function_does(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "let depth = 0;\n\n  function f() {\n    return depth++ + f();\n  }\nf();"
    for shortest in (1 << 60, 1):
        monkeypatch.setattr(vm, "LARGE_PROGRAM", shortest)
        monkeypatch.setattr(vm, "LARGE_FUNCTION", 1)
        with pytest.raises(LimitExceeded) as raised:
            run(source, Budget(Limits(steps=1)))
        lines = [line for frame, line in traceback.walk_tb(raised.tb) if frame.f_code.co_filename == "p.js"]
        assert lines == [6, 4, 3]


@pytest.mark.usefixtures("deferring")
def test_what_is_never_called_is_never_compiled() -> None:
    engine = create_engine("vm", "")
    source = "function a() { return (() => 1)() } function b() { return () => 2 } a(); a()"
    engine.run(Program(source, "p.js"), Budget(), Output())
    script = parse_script(source, "p.js")
    machine = Machine(engine.backend.cache, metered=False)
    program = engine.backend.cache.get(
        (source, "p.js", False, False), lambda: machine.compile_script(script, completion=True), lambda _: 0
    )
    # Two rows of the script, and the one that `a` brought.
    assert len(program.templates) == 3
    assert list(program.deferred) == [1]


@pytest.mark.usefixtures("deferring")
def test_too_deep_for_the_host_is_an_error_of_the_call() -> None:
    loops = "".join(f"for (let i{depth} = 0; i{depth} < 1; i{depth}++) " for depth in range(25))
    source = f"const f = () => {{ {loops} print('deep') }};\nfor (let i = 0; i < 2; i++) try {{ f() }} catch (e) {{ print(e.name) }}"
    # What the host's compiler takes is its own matter; both calls end alike.
    assert run(source)[1] in ("RangeError\nRangeError", "deep\ndeep")
