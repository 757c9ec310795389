"""Programs in TypeScript run: which file is a module, imports, the command line, errors where they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lockstep.reference.host.engine import Completion, Program
from lockstep.reference.host.limits import Budget, Output
from lockstep.reference.javascript.engine import create_engine

BACKENDS = ("vm", "treewalk")


def run(
    backend: str, source: str, name: str = "a.ts", mode: str = "", path: str = ""
) -> tuple[str, Completion]:
    """What a program prints, and how it ends."""
    output = Output()
    program = Program(source, name, mode, path=path or None)
    completion = create_engine(backend, "").run(program, Budget(), output)
    return output.text().rstrip("\n"), completion


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("name", "mode", "source", "printed"),
    [
        # A script has `this`, a module has not.
        ("a.ts", "", "let a: number = 1; print(a, typeof this)", "1 object"),
        ("a.cts", "", "let a: number = 1; print(a, typeof this)", "1 object"),
        ("a.mts", "", "let a: number = 1; print(a, typeof this)", "1 undefined"),
        ("a.ts", "", "export {}; print(typeof this)", "undefined"),
        ("a.ts", "", "export const a: 1 = 1; print(typeof this)", "undefined"),
        ("a.ts", "", "print(typeof this, await null)", "undefined null"),
        ("a.ts", "", "for await (const a of []); print(typeof this)", "undefined"),
        ("a.ts", "", "import.meta; print(typeof this)", "undefined"),
        # What vanishes says nothing of that.
        ("a.ts", "", "import type { A } from 'b'; export type { A }; print(typeof this)", "object"),
        ("a.ts", "", "export interface A {} export declare const b: A; print(typeof this)", "object"),
        ("a.ts", "", "declare module 'm' { export const a: 1 } print(typeof this)", "object"),
        # What the mode says counts.
        ("a.ts", "module", "let a: number = 1; print(a, typeof this)", "1 undefined"),
        ("a.ts", "strict", "print((function () { return typeof this as any })())", "undefined"),
        ("-e", "typescript", "let a: number = 1; print(a, typeof this)", "1 object"),
        ("-e", "typescript", "let a: number = 1; export { a }; print(a, typeof this)", "1 undefined"),
        ("-e", "module-typescript", "let a: number = 1; print(a, typeof this)", "1 undefined"),
    ],
)
def test_the_goal_is_found(backend: str, name: str, mode: str, source: str, printed: str) -> None:
    assert run(backend, source, name, mode) == (printed, Completion())


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_nearest_package_decides(backend: str, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    source = "let a: number = 1; print(a, typeof this)"
    for package, printed in (
        ('{"type": "module"}', "1 undefined"),
        ('{"type": "commonjs"}', "1 object"),
        ("{}", "1 object"),
        ("[", "1 object"),
    ):
        (tmp_path / "package.json").write_text(package)
        assert run(backend, source, "a.ts", path=str(inner / "a.ts"))[0] == printed
        assert run(backend, source, "a.mts", path=str(inner / "a.mts"))[0] == "1 undefined"


@pytest.mark.parametrize("backend", BACKENDS)
def test_modules_import_typescript(backend: str, tmp_path: Path) -> None:
    (tmp_path / "b.ts").write_text("export type T = number; export const b = (x: T): T => x * 2;")
    (tmp_path / "c.mts").write_text("import { b } from './b.ts'; export default b(3) as number;")
    (tmp_path / "d.cts").write_text("export const d: string = 'd';")
    (tmp_path / "bad.ts").write_text("\nenum A {}")
    (tmp_path / "plain.js").write_text("let a: number = 1;")
    main = (
        "import { b, type T } from './b.ts'; import type X from './not-there.ts'; import c from './c.mts';\n"
        "const t: T = b(1);\nprint(t, c, (await import('./d.cts')).d);\n"
        "for (const name of ['bad.ts', 'plain.js'])\n"
        "  try { await import('./' + name) } catch (e: any) { print(e.name, e.message) }"
    )
    printed, completion = run(backend, main, "main.ts", path=str(tmp_path / "main.ts"))
    assert completion == Completion()
    assert printed.splitlines() == [
        "2 6 d",
        "SyntaxError TypeScript enum is not supported in strip-only mode",
        "SyntaxError Unexpected token ':'",
    ]


@pytest.mark.parametrize("backend", BACKENDS)
def test_files_of_packages_are_not_stripped(backend: str, tmp_path: Path) -> None:
    package = tmp_path / "node_modules" / "p"
    package.mkdir(parents=True)
    (package / "p.ts").write_text("export const p: number = 1;")
    main = "import { p } from './node_modules/p/p.ts'; print(p)"
    printed, completion = run(backend, main, "main.ts", path=str(tmp_path / "main.ts"))
    assert not printed
    assert completion.error is not None
    assert "files under node_modules" in completion.error.message


@pytest.mark.parametrize("backend", BACKENDS)
def test_places_stay(backend: str) -> None:
    source = (
        "interface A {\n  a: number;\n}\n"
        "function f(this: void, a: A, b?: string): number {\n  throw new Error('here' as string);\n}\n"
        "print(f.toString().length, f.length);\nf({ a: 1 } as A);"
    )
    printed, completion = run(backend, source)
    assert printed == f"{len(source[source.index('function') : source.index('print') - 1])} 2"
    assert completion.error is not None
    location = completion.error.location
    assert location is not None
    assert (location.file, location.line) == ("a.ts", 5)
    assert any("a.ts:8" in frame for frame in completion.error.traceback)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("source", "message", "line"),
    [
        ("let a = 1;\nenum B { C }", "TypeScript enum is not supported in strip-only mode", 2),
        ("print(1);\nclass A { constructor(private b) {} }", "TypeScript parameter property", 2),
        ("\n@dec class A {}", "decorators are not supported", 2),
        ("class A {\n  m(@dec a: number) {}\n}", "decorators are not supported", 2),
        ("let a: number = 1;\nlet a: string = '';", "Identifier 'a' has already been declared", 2),
        ("export as namespace A;", "", 1),
    ],
)
def test_errors_name_the_construct_and_the_line(backend: str, source: str, message: str, line: int) -> None:
    printed, completion = run(backend, source)
    assert not printed
    error = completion.error
    assert error is not None
    assert (error.phase, error.name) == ("parse", "SyntaxError")
    assert message in error.message
    assert error.location is not None
    assert error.location.line == line


def command(*words: str, text: str = "", folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """`lockstep exec` with some words."""
    return subprocess.run(
        [sys.executable, "-m", "lockstep.harness.cli", "exec", *words],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )


def test_typescript_is_a_language_of_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("const a: number = 1; console.log(a, typeof this)")
    for words in (("typescript", "a.js"), ("ts", "--backend", "treewalk", "a.js")):
        done = command(*words, folder=tmp_path)
        assert (done.stdout, done.stderr) == ("1 object\n", "")
    assert command("typescript", "-", text="console.log(1 as any)").stdout == "1\n"
    done = command("typescript", "--mode", "module", "-e", "console.log(typeof (this as any))")
    assert done.stdout == "undefined\n"
    done = command("typescript", "--mode", "strict", "-e", "1")
    assert done.returncode == 2
    assert "typescript has the modes script and module" in done.stderr


def test_javascript_that_is_typescript_gets_a_hint(tmp_path: Path) -> None:
    hint = "hint: this is TypeScript"
    for source, hinted in (
        ("const a: number = 1;", True),
        ("interface A {}", True),
        ("x as any", True),
        ("let a = 1;\nenum A {}", True),
        ("let a = ;", False),
        ("let a: = 1;", False),
        ("throw new SyntaxError('x')", False),
        ("eval('let a: number')", False),
        ("let a; let a;", False),
    ):
        (tmp_path / "a.js").write_text(source)
        done = command("javascript", "a.js", folder=tmp_path)
        assert done.returncode == 1
        assert (hint in done.stderr) is hinted, source
        assert "SyntaxError" in done.stderr
    (tmp_path / "a.ts").write_text("let a: = 1;")
    assert hint not in command("javascript", "a.ts", folder=tmp_path).stderr
