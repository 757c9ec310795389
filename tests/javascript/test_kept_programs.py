"""Compiled programs on disk: a warm start behaves as a cold one, and nothing that is wrong with the disk is seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.engine import Completion, Program
from lockstep.reference.host.errors import LimitExceeded
from lockstep.reference.host.generation.disk_cache import DiskCache
from lockstep.reference.host.limits import Budget, Limits, Output
from lockstep.reference.javascript.engine import create_engine
from lockstep.reference.javascript.program_cache import ProgramCache
from lockstep.reference.javascript.vm import kept_programs
from lockstep.reference.javascript.vm import machine as vm
from lockstep.reference.javascript.vm import program as compiled
from lockstep.reference.javascript.vm.program import CompiledProgram
from tests.javascript.test_deferral import FIXTURES, PROGRAMS

LIBRARY = """
const log = [];
function outer(depth) {
  const seen = [depth], note = (text) => { seen.push(text); return seen.join("+") };
  class Counter { #n = depth; next() { return (() => ++this.#n)() } static of() { return new Counter() } }
  function* count() { for (let i = 0; i < 2; i++) yield () => i * depth }
  if (mode > 1) { const late = () => [...count()].map((f) => f()); note(late().join("|")) }
  if (mode > 2) { const fail = () => { null.x }; note(fail.toString()); try { fail() } catch (e) { throw e } }
  return note(Counter.of().next());
}
print(outer(4));
"""


@pytest.fixture(autouse=True)
def _keep_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(vm, "LARGE_PROGRAM", 1)
    monkeypatch.setattr(vm, "LARGE_FUNCTION", 1)
    monkeypatch.setattr(kept_programs, "WORTH_KEEPING", 1)
    monkeypatch.setenv("LOCKSTEP_CACHE", str(tmp_path / "cache"))


def run(source: str, steps: int = 3_000_000, *, mode: int = 1) -> tuple[Completion, str]:
    output = Output()
    program = Program(source, "p.js", includes=(("mode.js", f"var mode = {mode}"),))
    try:
        engine = create_engine("vm", "")
        completion = run_deep(lambda: engine.run(program, Budget(Limits(steps=steps)), output))
    except LimitExceeded:
        completion = Completion(None)
    return completion, output.text()


def outcome(source: str, mode: int) -> tuple[str, str, Any]:
    completion, shown = run(source, mode=mode)
    error = completion.error
    return shown, str(error), error and error.location


def files(folder: Path) -> list[Path]:
    return [path for path in (folder / "cache").rglob("*") if path.is_file()]


def unparsed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("parsed")

    for module in (kept_programs, compiled):
        for parse in ("parse_script", "parse_module"):
            monkeypatch.setattr(module, parse, refuse)


def test_a_warm_start_parses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    cold = outcome(LIBRARY, 1)
    assert cold == ("4+5\n", "None", None)
    with monkeypatch.context() as patched:
        unparsed(patched)
        assert outcome(LIBRARY, 1) == cold
        with pytest.raises(AssertionError, match="parsed"):
            run(LIBRARY + "\n")


def test_what_was_not_called_before_is_compiled_late_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    run(LIBRARY, mode=1)
    second, third = outcome(LIBRARY, 2), outcome(LIBRARY, 3)
    assert second[0] == "4+0|4+5\n"
    assert third[2].line == 8
    unparsed(monkeypatch)
    assert [outcome(LIBRARY, mode) for mode in (1, 2, 3)] == [("4+5\n", "None", None), second, third]


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_that_were_stopped_and_start_again(name: str) -> None:
    source, expected = PROGRAMS[name]
    for steps in (1, 4, 8, 14, 100_000, 100_000):
        completion, shown = run(source, steps)
    assert completion.error is None
    assert shown.rstrip("\n") == expected


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_fixtures_twice(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    run(source, 200)
    first, second = run(source), run(source)
    assert second[1] == first[1]
    assert str(second[0].error) == str(first[0].error)


def test_damaged_files_count_as_absent(tmp_path: Path) -> None:
    cold = outcome(LIBRARY, 2)
    for damage in (lambda data: data[:100], lambda data: data[:-1] + b"x", lambda _: b""):
        kept = [path for path in files(tmp_path) if path.stat().st_size > 1_000]
        assert kept
        for path in kept:
            path.write_bytes(damage(path.read_bytes()))
        assert outcome(LIBRARY, 2) == cold


def test_a_folder_that_takes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("LOCKSTEP_CACHE", str(tmp_path / "file"))
    assert outcome(LIBRARY, 2) == outcome(LIBRARY, 2)


def test_small_programs_are_not_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(kept_programs, "WORTH_KEEPING", len(LIBRARY) + 1)
    run(LIBRARY)
    assert not files(tmp_path)


def test_the_folder_is_bounded(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path / "cache", 5_000)
    for number in range(20):
        DiskCache(tmp_path / "cache", 5_000).write(f"{number:02}key", b"x" * 1_000)
    assert sum(path.stat().st_size for path in files(tmp_path)) < 6_100
    assert cache.read("19key") == b"x" * 1_000
    assert cache.read("00key") is None


def test_a_program_that_left_the_cache_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_programs, "WORTH_KEEPING", 1 << 30)
    engine = create_engine("vm", "")
    left: list[CompiledProgram] = []

    def leave(program: CompiledProgram) -> None:
        program.forget_trees()
        left.append(program)

    engine.backend.cache = ProgramCache(1, leave)
    output = Output()
    session = engine.session(Budget(), output)
    first = "function f(n) { const g = () => { const h = (x) => x + n; return h }; return g } const g = f(1);"
    session.evaluate(Program(first, "a.js"), Budget())
    session.evaluate(Program("print(g()(41))", "b.js"), Budget())
    assert output.text() == "42\n"
    assert [len(program.templates) for program in left] == [3]


def test_modules_start_warm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "part.mjs").write_text(
        "export let n = 1; export function more() { return (() => ++n)() } export default class { static of() { return new this } }\n"
        "export * as all from './part.mjs'; export { n as count } from './part.mjs'; export * from './other.mjs';"
    )
    (tmp_path / "other.mjs").write_text("export const here = () => import.meta.url === undefined, late = 5;")
    main = tmp_path / "main.mjs"
    main.write_text(
        "import Part, { n, more as next, all, count } from './part.mjs'; import * as part from './part.mjs';\n"
        "import data from './data.json' with { type: 'json' };\n"
        "const later = await (async () => n)(); next();\n"
        "print(later, n, all.n, count, Part.of() instanceof Part, Object.keys(part).join(), data.x, part.here());\n"
        "if (mode > 1) print((() => next())());"
    )
    (tmp_path / "data.json").write_text('{"x": 3}')

    def shown(mode: int) -> str:
        output = Output()
        program = Program(
            main.read_text(), "main.mjs", "module", (("mode.js", f"var mode = {mode}"),), path=str(main)
        )
        completion = create_engine("vm", "").run(program, Budget(), output)
        return output.text() if completion.error is None else str(completion.error)

    cold = shown(1)
    assert cold == "1 2 2 2 true all,count,default,here,late,more,n 3 true\n"
    with monkeypatch.context() as patched:
        unparsed(patched)
        assert shown(1) == cold
    assert shown(2) == cold + "3\n"
    unparsed(monkeypatch)
    assert shown(2) == cold + "3\n"


def test_a_session_writes_a_program_again_when_it_has_doubled(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(DiskCache, "write", lambda _self, key, _value: written.append(key))
    library = "".join(f"function f{number}() {{ return {number} }}\n" for number in range(40))

    def body() -> None:
        session = create_engine("vm", "").session(Budget(), Output())
        session.evaluate(Program(library, "library.js"), Budget())
        large = written[0]
        for number in range(40):
            session.evaluate(Program(f"f{number}()", "call.js"), Budget())
        assert 2 <= written.count(large) <= 8
        before = written.count(large)
        session.close()
        assert before <= written.count(large) <= before + 1

    run_deep(body)
