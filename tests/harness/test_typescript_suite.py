"""TypeScript's conformance tests: which of them are cases, what each must do, and that only their part is cloned."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from lockstep.harness.model import Outcome, Verdict
from lockstep.harness.suites import sources
from lockstep.harness.suites.sources import Source, fetch
from lockstep.harness.suites.typescript import TypeScript

FILES = {
    "cases/conformance/types/clean.ts": "let a: number = 1;",
    "cases/conformance/types/typeError.ts": "let a: number = '';",
    "cases/conformance/types/syntaxError.ts": "let a: = 1;",
    "cases/conformance/types/variant.ts": "let a: = 2;",
    "cases/conformance/types/grammar.ts": "class A { public public a }",
    "cases/conformance/types/twice.ts": "let a; let a;",
    "cases/conformance/types/several.ts": "// @Filename: a.ts\nlet a = 1;\n// @Filename: b.ts\nlet b = 1;",
    "cases/conformance/types/declarations.d.ts": "declare let a: number;",
    "cases/conformance/jsx/element.tsx": "<a/>",
    "cases/compiler/other.ts": "let a = 1;",
    "baselines/reference/typeError.errors.txt": "a.ts(1,5): error TS2322: Type 'string' is not assignable.",
    "baselines/reference/syntaxError.errors.txt": "a.ts(1,8): error TS1110: Type expected.",
    "baselines/reference/variant(target=es5).errors.txt": "a.ts(1,8): error TS1110: Type expected.",
    "baselines/reference/grammar.errors.txt": "a.ts(1,18): error TS1028: Accessibility modifier already seen.",
    "baselines/reference/twice.errors.txt": "a.ts(1,5): error TS2451: Cannot redeclare 'a'.",
    "baselines/reference/clean.js": "var a = 1;",
}


def laid(root: Path) -> Path:
    """A folder as TypeScript has it."""
    for name, content in FILES.items():
        path = root / "tests" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return root


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TypeScript:
    laid(tmp_path / "suites" / "typescript")
    monkeypatch.setenv("LOCKSTEP_SUITES", str(tmp_path / "suites"))
    monkeypatch.setenv("LOCKSTEP_CACHE", str(tmp_path / "cache"))
    return TypeScript()


def test_cases_are_those_of_which_the_baselines_tell(suite: TypeScript) -> None:
    cases = {case.id: case for case in suite.cases()}
    assert sorted(cases) == [
        "types/clean.ts",
        "types/syntaxError.ts",
        "types/typeError.ts",
        "types/variant.ts",
    ]
    assert cases["types/clean.ts"].features == ("types",)
    assert suite.task(cases["types/clean.ts"], "").program.mode == "typescript"
    assert suite.source_path(cases["types/clean.ts"]).is_file()


REFUSED = Outcome("threw", phase="parse", error="SyntaxError", message="Unexpected token")
ENUM = Outcome(
    "threw", phase="parse", error="SyntaxError", message="TypeScript enum is not supported in strip-only mode"
)


@pytest.mark.parametrize(
    ("outcome", "of_clean", "of_wrong"),
    [
        (Outcome("completed"), Verdict.PASS, Verdict.FAIL),
        (Outcome("timeout"), Verdict.PASS, Verdict.FAIL),
        (Outcome("threw", phase="eval", error="ReferenceError"), Verdict.PASS, Verdict.FAIL),
        (Outcome("threw", phase="analysis", error="TypeError"), Verdict.PASS, Verdict.FAIL),
        (REFUSED, Verdict.FAIL, Verdict.PASS),
        (ENUM, Verdict.UNSUPPORTED, Verdict.PASS),
    ],
)
def test_only_reading_counts(
    suite: TypeScript, outcome: Outcome, of_clean: Verdict, of_wrong: Verdict
) -> None:
    tasks = {case.id: suite.task(case, "") for case in suite.cases()}
    for name in ("types/clean.ts", "types/typeError.ts"):
        assert tasks[name].expectation.check(outcome).verdict is of_clean
    for name in ("types/syntaxError.ts", "types/variant.ts"):
        assert tasks[name].expectation.check(outcome).verdict is of_wrong


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_only_the_wanted_part_is_cloned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    origin = laid(tmp_path / "origin")
    (origin / "src").mkdir()
    (origin / "src" / "compiler.ts").write_text("export {};")

    def git(*words: str) -> str:
        command = ["git", "-C", str(origin), "-c", "user.name=a", "-c", "user.email=a@b", *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "--quiet")
    git("config", "uploadpack.allowFilter", "true")
    git("add", ".")
    git("commit", "--quiet", "-m", "all")
    pinned = Source(
        "typescript",
        git("rev-parse", "--short", "HEAD"),
        f"file://{origin}",
        sources.SOURCES["typescript"].patterns,
    )
    monkeypatch.setitem(sources.SOURCES, "typescript", pinned)
    monkeypatch.setenv("LOCKSTEP_CACHE", str(tmp_path / "cache"))
    folder = fetch("typescript")
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert [name for name in found if not name.startswith(".git/")] == sorted(
        f"tests/{name}"
        for name in FILES
        if name.startswith("cases/conformance/") or name.endswith(".errors.txt")
    )
