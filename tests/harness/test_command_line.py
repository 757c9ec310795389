"""The command line, from outside: options, exit codes, files written, errors for people."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from lockstep.harness.engines.registry import resolve
from lockstep.harness.model import Outcome
from lockstep.harness.wording import describe
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits
from tests.harness.black_box import fake, lines_of, lockstep, run
from tests.harness.documents import root_of


def test_a_run_is_recorded_line_by_line(environment: dict[str, str], tmp_path: Path) -> None:
    output = tmp_path / "out" / "run.jsonl"
    run(environment, "--engine", fake("always-pass"), "--output", str(output))
    header, *results, footer = lines_of(output)
    assert header["lockstep"] == 1
    assert header["revision"] == {"test262": "be13516f"}
    assert header["selection"] == "whole"
    found = {(line["case"], line["mode"]): line["verdict"] for line in results}
    assert found == {
        ("built-ins/d.js", "raw"): "pass",
        ("built-ins/deep/e.js", "script"): "pass",
        ("language/a.js", "script"): "pass",
        ("language/a.js", "strict"): "pass",
        ("language/b.js", "strict"): "pass",
        ("language/c.js", "script"): "fail",
        ("language/c.js", "strict"): "fail",
    }
    assert footer["counts"] == {fake("always-pass"): {"pass": 5, "fail": 2}}


@pytest.mark.parametrize(
    ("options", "cases"),
    [
        (["--filter", "language/*"], {"language/a.js", "language/b.js", "language/c.js"}),
        (["--filter", "built-ins"], {"built-ins/d.js", "built-ins/deep/e.js"}),
        (["--filter", "built-ins/deep/e.js"], {"built-ins/deep/e.js"}),
        (["--feature", "const"], {"language/b.js"}),
        (["--feature", "const,let"], {"language/a.js", "language/b.js"}),
    ],
)
def test_selection(environment: dict[str, str], tmp_path: Path, options: list[str], cases: set[str]) -> None:
    output = tmp_path / "run.jsonl"
    run(environment, "--engine", fake("always-pass"), "--output", str(output), *options)
    assert {line["case"] for line in lines_of(output)[1:-1]} == cases
    assert lines_of(output)[0]["selection"] == "partial"


def test_shards_are_disjoint_and_whole(environment: dict[str, str], tmp_path: Path) -> None:
    shards = []
    for number in (1, 2, 3):
        output = tmp_path / f"{number}.jsonl"
        shard = ("--shard", f"{number}/3", "--output", str(output))
        run(environment, "--engine", fake("always-pass"), *shard)
        shards.append([line["case"] for line in lines_of(output)[1:-1]] if output.exists() else [])
    cases = [case for shard in shards for case in set(shard)]
    assert sorted(map(str, cases)) == sorted({str(case) for case in cases})
    assert len(cases) == 5


def test_junit(environment: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "junit.xml"
    run(environment, "--engine", fake("die-on-word"), "--junit", str(path), "--timeout", "1")
    (suite,) = root_of(path).findall("testsuite")
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("7", "2", "1")


def test_a_summary_for_ci(environment: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    path.write_text("# A job\n")
    run(environment, "--engine", fake("always-pass"), "--summary", str(path))
    text = path.read_text()
    assert text.startswith("# A job\n## Lockstep\n")
    assert "71.4 %" in text
    assert "### Failures that no status file speaks of: 2" in text
    assert "- `language/c.js` [script]" in text


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_keeps_what_is_finished(
    environment: dict[str, str], tmp_path: Path, how: signal.Signals
) -> None:
    output = tmp_path / "run.jsonl"
    command = [
        sys.executable,
        "-m",
        "lockstep.harness.cli",
        "run",
        "test262",
        "-j",
        "1",
        "--output",
        str(output),
    ]
    process = subprocess.Popen(
        [
            *command,
            "--engine",
            fake("hang-on-word"),
            "--filter",
            "*d.js",
            "--filter",
            "*a.js",
            "--filter",
            "*b.js",
        ],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not (output.exists() and len(lines_of(output)) > 0):
        time.sleep(0.05)
    time.sleep(1.0)
    process.send_signal(how)
    text, errors = process.communicate(timeout=20)
    assert process.returncode == 130, text + errors
    assert "interrupted after" in errors
    assert "Traceback" not in errors
    assert not any("finished" in line for line in lines_of(output))


def test_engines_end_with_a_harness_that_is_killed(environment: dict[str, str], tmp_path: Path) -> None:
    endless = tmp_path / "endless.lua"
    endless.write_text("while true do end\n")
    command = [sys.executable, "-m", "lockstep.harness.cli", "compare", "lua", str(endless)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    harness = psutil.Process(process.pid)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not (engines := harness.children()):
        time.sleep(0.05)
    time.sleep(2.0)
    engines = harness.children()
    process.kill()
    process.wait()
    assert engines
    assert not psutil.wait_procs(engines, timeout=20)[1]


def test_two_runs_are_compared(environment: dict[str, str], tmp_path: Path) -> None:
    first, second = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    run(environment, "--engine", fake("always-pass"), "--output", str(first))
    run(environment, "--engine", fake("always-reject"), "--output", str(second))
    done = lockstep(environment, "diff", str(first), str(second), code=1)
    assert "0 of 7 executions agree" in done.stdout
    assert "7 of 7 executions agree" in lockstep(environment, "diff", str(first), str(first)).stdout
    second.write_text(second.read_text().rpartition('{"finished"')[0])
    assert "partial" in lockstep(environment, "diff", str(first), str(second), code=1).stderr


def test_history(environment: dict[str, str], tmp_path: Path) -> None:
    assert "no runs yet" in lockstep(environment, "history", code=3).stderr
    engine = fake("always-pass")
    run(environment, "--engine", engine)
    (tmp_path / "suites" / "test262" / "test" / "language" / "a.js").write_text(
        "/*---\nnegative:\n  phase: parse\n  type: SyntaxError\n---*/\n"
    )
    run(environment, "--engine", engine, "--filter", "language")
    run(environment, "--engine", engine, "--no-history")
    lines = lockstep(environment, "history", "test262").stdout.splitlines()
    assert len(lines) == 4
    assert lines[2].split()[0] == "2"
    assert "partial" in lines[2]
    assert lines[3].split()[-5:] == ["5", "2", "71.4", "%", "store:1"]
    changed = lockstep(environment, "history", "--run", "2").stdout.splitlines()
    assert [line.split()[:3] for line in changed] == [["pass", "->", "fail"]] * 2
    assert "run 2" in lockstep(environment, "history", "--case", "language/a.js").stdout
    assert "has no run 7" in lockstep(environment, "history", "--run", "7", code=3).stderr
    (tmp_path / "history.sqlite").write_text("no database at all, but long enough to look at " * 100)
    for extra in ("-wal", "-shm"):
        (tmp_path / f"history.sqlite{extra}").unlink(missing_ok=True)
    assert "move the file away" in lockstep(environment, "history", code=3).stderr
    done = run(environment, "--engine", engine)
    assert "not added to the history" in done.stderr


def test_two_engines_are_compared(environment: dict[str, str]) -> None:
    done = lockstep(
        environment, "diff", fake("always-pass"), fake("die-on-word"), "--suite", "test262", code=1
    )
    assert "language/b.js" in done.stdout
    assert "6 of 7 executions agree" in done.stdout


def test_a_program_is_reduced_to_what_differs(environment: dict[str, str], tmp_path: Path) -> None:
    program = tmp_path / "long.js"
    lines = [f"function f{number}(a) {{ return a + {number}; }}" for number in range(40)]
    lines[17] = "function broken(é) { if (é) { return [1, 'die', 3]; } }"
    program.write_text("\n".join(lines), "utf-8")
    engines = (fake("always-pass"), fake("die-on-word"))
    assert lockstep(environment, "reduce", *engines, str(program)).stdout == "die\n"
    output = tmp_path / "small.js"
    case = ("--case", "test262:language/b.js@strict")
    lockstep(environment, "reduce", *engines, *case, "--output", str(output))
    assert output.read_text() == "die"
    assert "agree" in lockstep(environment, "reduce", *engines, "-e", "fine", code=1).stderr
    done = lockstep(environment, "reduce", *engines, "--case", "test262:language/none.js", code=3)
    assert "no case 'language/none.js'" in done.stderr


def test_missing_things_are_named(environment: dict[str, str], tmp_path: Path) -> None:
    assert "unknown suite 'nonsense'" in lockstep(environment, "run", "nonsense", code=3).stderr
    assert "unknown engine" in lockstep(environment, "run", "--engine", "cobol:vm", code=3).stderr
    done = lockstep(environment, "run", "lua", "--engine", "lua5.4:vm", code=3)
    assert "LOCKSTEP_SUITES" in done.stderr
    assert "lockstep suites fetch" in done.stderr
    done = run(environment, "--engine", "cmd:no-such-program", code=3)
    assert "cannot start no-such-program" in done.stderr
    broken = tmp_path / "broken.jsonl"
    header = {"lockstep": 1, "suite": "s", "revision": {}, "engines": [], "started": "", "selection": "whole"}
    broken.write_text(json.dumps(header) + '\nnonsense\n{"a": 1}\n')
    assert "broken.jsonl:2" in lockstep(environment, "diff", str(broken), str(broken), code=2).stderr
    (tmp_path / "status").mkdir()
    (tmp_path / "status" / "lua.yaml").write_text("suite: [unclosed\n")
    assert "lua.yaml:2" in lockstep(environment, "status", "lua", code=3).stderr


def test_usage_errors(environment: dict[str, str]) -> None:
    for arguments in (
        ["run", "--shard", "3/2"],
        ["frobnicate"],
        ["exec", "lua"],
        ["exec", "lua", "no-such-file.lua"],
    ):
        assert lockstep(environment, *arguments, code=2).stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["exec", "js", "--mode", "modul", "-e", "1"],
            "javascript has no mode 'modul'; did you mean module?",
        ),
        (
            ["exec", "lua", "--mode", "x", "--engine", "lua5.4:vm", "-e", "1"],
            "lua5.4 has no mode 'x'; it has none",
        ),
        (["compare", "js", "--mode", "zzz", "-e", "1"], "there are: script, strict, module, raw"),
        (["disasm", "python", "--mode", "script", "-e", "1"], "python has no mode 'script'"),
        (["reduce", "javascript:vm", "node", "--mode", "strct", "-e", "1"], "did you mean strict?"),
    ],
)
def test_modes_that_no_program_has_are_refused(
    environment: dict[str, str], arguments: list[str], said: str
) -> None:
    assert said in lockstep(environment, *arguments, code=2).stderr


def test_a_worker_does_not_guess_at_modes() -> None:
    process = resolve("python:vm").spawn()
    try:
        process.start()
        outcome = process.observe(Program("print(1)", mode="strict"), Limits())
    finally:
        process.kill()
    assert (outcome.completion, outcome.output) == ("unsupported", "")


def test_a_language_without_an_interpreter_of_ours_names_its_engines(environment: dict[str, str]) -> None:
    done = lockstep(environment, "exec", "lua5.3", "-e", "print(1)", code=3)
    assert "lua5.3 is known, but no interpreter of ours speaks it" in done.stderr
    assert "lupa:lua53" in done.stderr
    assert "unknown language 'cobol'" in lockstep(environment, "exec", "cobol", "-e", "1", code=3).stderr
    for command in ("exec", "compare"):
        refused = lockstep(environment, command, "clojure:vm", "-e", "1", code=3)
        assert "'clojure:vm' is an engine: its language is clojure" in refused.stderr


def test_a_phase_that_nobody_knows_is_not_shown() -> None:
    known = Outcome("threw", error="E", message="m", phase="eval")
    assert describe(known) == "threw E: m (eval)"
    assert describe(replace(known, phase="")) == "threw E: m"


@pytest.mark.parametrize(
    ("language", "good", "printed", "bad", "kind"),
    [
        ("javascript", "print(6 * 7)", "42\n", "\n  null.x", "type_error"),
        ("python", "print(6 * 7)", "42\n", "\nNone.x", "name_error"),
        ("clojure", "(println (* 6 7))", "42\n", "\n(+ 1 nil)", ""),
        ("lua5.1", "print(6 * 7)", "42\n", "\nlocal x = nil; x.y = 1", "type_error"),
        ("lua5.4", "print(6 // 4)", "1\n", "\nlocal x = nil; x.y = 1", "type_error"),
    ],
)
@pytest.mark.parametrize("backend", ["treewalk", "vm"])
def test_exec(
    environment: dict[str, str], language: str, backend: str, good: str, printed: str, bad: str, kind: str
) -> None:
    assert lockstep(environment, "exec", language, "--backend", backend, "-e", good).stdout == printed
    bare = ["--bare"] if language == "javascript" else []  # a host reports errors as node does
    error = lockstep(environment, "exec", language, *bare, "--backend", backend, "-e", bad, code=1).stderr
    assert error.startswith("----- Error ----")
    assert "Phase:    eval" in error
    assert f"Kind:     {kind}" in error
    assert "Location: -e:2" in error


def test_options_of_ours_may_stand_behind_a_program_of_lua(environment: dict[str, str]) -> None:
    done = lockstep(environment, "exec", "lua", "-e", "print(1)", "--engine", "lua5.4:treewalk")
    assert done.stdout == "1\n"


@pytest.mark.parametrize(
    ("language", "loop"),
    [
        ("javascript", "for (;;) ;"),
        ("python", "while True: pass"),
        ("clojure", "(loop [] (recur))"),
        ("lua", "while true do end"),
    ],
)
@pytest.mark.parametrize("limit", [("--steps", "10000"), ("--timeout", "0.5")])
def test_exec_under_limits(
    environment: dict[str, str], language: str, loop: str, limit: tuple[str, str]
) -> None:
    assert "limit" in lockstep(environment, "exec", language, *limit, "-e", loop, code=1).stderr


def test_compare(environment: dict[str, str]) -> None:
    done = lockstep(environment, "compare", "lua", "-e", "print(10 // 3)", code=None)
    assert "lua5.4:treewalk" in done.stdout
    assert "lua5.4:vm" in done.stdout
    assert done.returncode == 0
