"""What engines keep of programs is bounded by bytes, and the sizes that they go by are about right."""

from __future__ import annotations

import gc
import tracemalloc

import pytest

from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Budget, Output
from lockstep.reference.javascript.engine import create_engine
from lockstep.reference.javascript.program_cache import CAPACITY, ProgramCache, tree_size
from lockstep.reference.javascript.syntax.parse import parse_script
from lockstep.reference.javascript.vm.machine import Machine
from lockstep.reference.javascript.vm.program import program_size


def program(number: int) -> str:
    """Forty lines that no other number gives."""
    lines = []
    for part in range(4):
        name = f"f{part}_{number}"
        lines += [
            f"function {name}(a, b) {{",
            f"  let total = {number};",
            "  for (let i = 0; i < 4; i++) {",
            f"    total += a * i + b[{part}] || i;",
            f"    if (total > {number}) total -= 'x{number}'.length;",
            "  }",
            f"  return {{ total, key{number}: b.map((x) => x + total), text: `v${{total}}` }};",
            "}",
            f"const r{part}_{number} = {name}({part}, [1, 2, {number}]);",
            f"if (r{part}_{number}.total === 0.5) print(r{part}_{number});",
        ]
    return "\n".join(lines)


def test_the_oldest_go_when_the_bytes_are_used() -> None:
    cache: ProgramCache[str] = ProgramCache(10_000)
    made: list[str] = []

    def ask(key: str, size: int) -> str:
        def make() -> str:
            made.append(key)
            return key

        return str(cache.get(key, make, lambda _: size))

    for key, size in [("a", 2_000), ("b", 2_000), ("a", 2_000), ("c", 2_000), ("a", 2_000), ("b", 2_000)]:
        assert ask(key, size) == key
    assert made == ["a", "b", "c", "b"]
    assert cache.held <= 10_000
    assert ask("large", 50_000) == "large"
    assert ask("large", 50_000) == "large"
    assert made.count("large") == 1


def held(make: object, count: int) -> float:
    """Bytes that each of so many made values holds, by the host's own count."""
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        kept = [make(number) for number in range(count)]  # type: ignore[operator]
        gc.collect()
        return (tracemalloc.get_traced_memory()[0] - before) / len(kept)
    finally:
        tracemalloc.stop()


def test_the_sizes_are_about_right() -> None:
    machine = Machine(ProgramCache(), metered=False)

    def compiled(number: int) -> object:
        return machine.compile_script(parse_script(program(number), "p.js"), completion=True)

    sizes = [
        (held(compiled, 8), program_size(compiled(0))),  # type: ignore[arg-type]
        (held(lambda number: parse_script(program(number), "p.js"), 8), tree_size(program(0))),
    ]
    for real, said in sizes:
        assert real / 2 < said < real * 2


@pytest.mark.parametrize("backend", ["vm", "treewalk"])
def test_different_programs_do_not_add_up(backend: str) -> None:
    engine = create_engine(backend, "")
    for number in range(20):
        completion = engine.run(Program(program(number), "p.js"), Budget(), Output())
        assert completion.error is None
    each = engine.backend.cache.held / 20
    assert 10_000 < each < 150_000
    if backend == "vm":
        engine.run(Program("for (let i = 0; i < 300; i++) eval('i + ' + i);", "p.js"), Budget(), Output())
        assert len(engine.backend.cache) == 321
    assert engine.backend.cache.held <= CAPACITY


@pytest.mark.parametrize("backend", ["vm", "treewalk"])
def test_code_that_is_kept_is_evaluated_anew(backend: str) -> None:
    source = """
        const tag = (strings) => strings, found = [];
        for (let i = 0; i < 2; i++) {
            found.push(eval("tag`x`"), (0, eval)("((s) => s)`y`"), new Function("return ((s) => s)`z`")());
            eval("var seen = (typeof seen) + i; let own = i; found.push(() => own)");
        }
        const again = new Function("return ((s) => s)`w`");
        print(new Set(found).size, found[3](), found[7](), seen, again() === again());
        const one = new Function("a", "return a"), two = new Function("a", "return a");
        one.own = 1;
        print(one === two, two.own, one.prototype === two.prototype, two(3));
    """
    output = Output()
    completion = create_engine(backend, "").run(Program(source, "p.js"), Budget(), output)
    assert completion.error is None
    assert output.text() == "8 0 1 string1 true\nfalse undefined false 3\n"
