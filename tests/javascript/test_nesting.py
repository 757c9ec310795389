"""Blocks nest to any depth, on both backends: those that the host would refuse move into functions of their own."""

from __future__ import annotations

import ast
from collections.abc import Callable
from types import CodeType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.engine import Program
from lockstep.reference.host.generation.compiling import compile_tree
from lockstep.reference.host.generation.nesting import move_deep_blocks
from lockstep.reference.host.limits import Budget, Output
from lockstep.reference.javascript.engine import create_engine
from lockstep.reference.javascript.vm import compiler
from tests.javascript.control_programs import Writer
from tests.javascript.test_differential import printed


def nested(depth: int, opening: str, core: str, closing: str) -> str:
    """`core` in `depth` blocks; `#` in the texts around it is the number of a block, 0 the outermost."""
    before = "".join(opening.replace("#", str(number)) for number in range(depth))
    after = "".join(closing.replace("#", str(number)) for number in reversed(range(depth)))
    return before + core + after


LOOP = "for (let i# = 0; i# < 2; i#++) { if (i# > 0) { ends++; continue; }"
SOURCE = (
    "const source = (name) => ({ [Symbol.iterator]() { return this; }, n: 0,"
    " next() { return { value: name, done: this.n++ > 1 }; }, return() { log.push(name); return {}; } });"
)


def reversed_numbers(depth: int) -> str:
    return ",".join(str(number) for number in reversed(range(depth)))


# A program for each depth, and what it prints.
SHAPES: dict[str, tuple[Callable[[int], str], Callable[[int], object]]] = {
    "loops": (lambda n: f"let ends = 0; {nested(n, LOOP, '', '}')} print(ends);", lambda n: n),
    "loops at run time": (
        lambda n: (
            f"print(eval({nested(n, 'for (let i# = 0; i# < 1; i#++) {', f'i0 + i{n - 1} + 7', '}')!r}));"
        ),
        lambda _: 7,
    ),
    "closures over rounds": (
        lambda n: (
            "const made = []; let ends = 0;"
            f"{nested(n, LOOP, f'made.push(() => i0 + 10 * i{n - 1}++);', '}')}"
            "made[0](); print(made[0]());"
        ),
        lambda _: 10,
    ),
    "shared variables": (
        lambda n: (
            f"function f(a) {{ var sum = a; {nested(n, 'do {', 'sum += a; var late = sum;', 'sum++; } while (false);')}"
            "return [sum, late, typeof never]; var never; } print(f(1).join());"
        ),
        lambda n: f"{n + 2},2,undefined",
    ),
    "dead zone": (
        lambda n: nested(n, "for (;;) {", "try { x } catch (e) { print(e.message) } let x = 1;", "break; }"),
        lambda _: "Cannot access 'x' before initialization",
    ),
    "finally": (
        lambda n: (
            f"const log = []; {nested(n, 'try {', '', '} finally { log.push(#); }')} print(log.join());"
        ),
        reversed_numbers,
    ),
    "return through finally": (
        lambda n: (
            f"const log = []; function f() {{ {nested(n, 'try {', 'return 1;', '} finally { log.push(#); }')} }}"
            "print(f(), log.join());"
        ),
        lambda n: f"1 {reversed_numbers(n)}",
    ),
    "throw through catch": (
        lambda n: (
            f"try {{ {nested(n, 'try {', 'throw 0;', '} catch (e) { throw e + 1; }')} }} catch (e) {{ print(e); }}"
        ),
        lambda n: n,
    ),
    "continue of the outermost": (
        lambda n: (
            "let rounds = 0; all: for (const x of [1, 2, 3]) {"
            f"{nested(n, 'for (const y# of [x, x]) {', 'rounds += y0; continue all;', '}')} }} print(rounds);"
        ),
        lambda _: 6,
    ),
    "break out of switches": (
        lambda n: (
            "let passed = 0; all: while (true) {"
            f"{nested(n, 'switch (#) { case -1: passed++; case #:', 'passed += 5; break all;', 'default: passed++; }')} }} print(passed);"
        ),
        lambda _: 5,
    ),
    "closed iterators": (
        lambda n: (
            f"const log = []; {SOURCE} (() => {{ {nested(n, 'for (const x# of source(#)) {', 'return;', '}')} }})();"
            "print(log.join());"
        ),
        reversed_numbers,
    ),
    "yield": (
        lambda n: (
            f"function* g() {{ {nested(n, 'try {', 'const x = yield 1; yield x + 1; return 9;', '} finally { yield #; }')} }}"
            "const all = g(); print(all.next().value, all.next(5).value, [...all].join());"
        ),
        lambda n: f"1 6 {reversed_numbers(n)}",
    ),
    "return of a generator": (
        lambda n: (
            f"const log = []; function* g() {{ {nested(n, 'try {', 'yield 1;', '} finally { log.push(#); }')} }}"
            "const one = g(); one.next(); print(one.return(4).value, log.join());"
        ),
        lambda n: f"4 {reversed_numbers(n)}",
    ),
    "await": (
        lambda n: (
            f"async function f() {{ let s = 0; {nested(n, 'for await (const x of [1]) {', 's = await 3;', 's += x; }')}"
            "return s; } f().then(print);"
        ),
        lambda n: n + 3,
    ),
    "this of a constructor": (
        lambda n: (
            f"class A extends Object {{ constructor() {{ {nested(n, 'try {', 'super(); this.x = 3;', '} finally { }')} }} }}"
            "print(new A().x);"
        ),
        lambda _: 3,
    ),
    "stack": (
        lambda n: (
            f"function inner() {{ {nested(n, 'while (true) {', 'null.x;', '}')} }}"
            "function outer() { inner(); } try { outer(); } catch (e) { print(e.stack.split('\\n').slice(1, 4)"
            ".map((line) => line.trim().split(' ')[1]).join()); }"
        ),
        lambda _: "inner,outer,<top",
    ),
}


@pytest.mark.parametrize("backend", ["vm", "treewalk"])
@pytest.mark.parametrize("depth", [11, 22, 60])
@pytest.mark.parametrize("shape", SHAPES)
def test_nesting(shape: str, depth: int, backend: str) -> None:
    program, expected = SHAPES[shape]
    output = Output()
    source = Program(program(depth), "nested.js")
    completion = run_deep(lambda: create_engine(backend, "").run(source, Budget(), output))
    assert completion.error is None
    assert output.text().strip() == str(expected(depth))


def _compile_moved(tree: ast.Module, file: str) -> CodeType:
    """The code of a tree all whose loops and `try`s have moved, but for those that stand outermost."""
    move_deep_blocks(tree, depth=3, reserve=0)
    return compile_tree(tree, file)


@settings(max_examples=120, deadline=None)
@given(
    random=st.randoms(use_true_random=False),
    kind=st.sampled_from(["plain", "generator", "async", "async generator", "constructor", "eval"]),
    dynamic=st.booleans(),
    disposing=st.booleans(),
)
def test_moved_blocks_do_the_same(random: object, kind: str, dynamic: bool, disposing: bool) -> None:
    program = Writer(random, kind, dynamic=dynamic, disposing=disposing).program()  # type: ignore[arg-type]
    expected = printed(create_engine("vm", ""), program)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiler, "compile_tree", _compile_moved)
        assert printed(create_engine("vm", ""), program) == expected, program
