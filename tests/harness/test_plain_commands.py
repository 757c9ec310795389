"""Engines that are plain commands: how they are named, run, limited and understood."""

from __future__ import annotations

import shlex
import shutil
import sys
import time
from pathlib import Path

import pytest

from lockstep.harness.engine_check import check_engine, checks_for
from lockstep.harness.engines.plain.command import Ended
from lockstep.harness.engines.plain.composition import Composition, compose, with_sentinel
from lockstep.harness.engines.plain.template import CommandTemplate
from lockstep.harness.engines.plain.understanding import Transcript, understood
from lockstep.harness.engines.registry import resolve, split_engines
from lockstep.harness.languages.descriptor import shipped_languages
from lockstep.harness.languages.profile import find_profile, profile_for, shipped_profiles
from lockstep.harness.model import MissingError, Outcome
from lockstep.harness.project.file import read_project
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits
from tests.harness.black_box import lines_of, lockstep, run
from tests.harness.test_processes import gone

SHELL = Path(__file__).parent / "fake_engines" / "shell.py"
COMMAND = f"{shlex.quote(sys.executable)} {SHELL} {{file}}"


def observed(word: str, *, mode: str = "script", memory: int | None = None, seconds: float = 30.0) -> Outcome:
    process = resolve(f"shell={COMMAND}", profile="javascript").spawn(memory)
    try:
        return process.observe(Program(f"1;\n{word}", "case.js", mode), Limits(seconds=seconds))
    finally:
        process.kill()


def test_what_a_command_prints_is_an_outcome() -> None:
    assert observed("hello").output == "hello\n"
    thrown = observed("throw")
    assert (thrown.completion, thrown.phase, thrown.error, thrown.message) == (
        "threw",
        "eval",
        "TypeError",
        "bad ü",
    )
    assert thrown.output == "before\n"
    assert thrown.location is not None
    assert (thrown.location.file, thrown.location.line, thrown.location.column) == ("case.js", 2, 7)
    early = observed("parse")
    assert (early.completion, early.phase, early.error) == ("threw", "parse", "SyntaxError")
    assert observed("parse", mode="module").phase == "early"
    assert observed("status").completion == "threw"
    assert observed("bytes").output == "\udcff\udcfe café\n"
    died = observed("die")
    assert died.completion == "crash"
    assert "SIGABRT" in died.message


def test_a_command_keeps_its_limits() -> None:
    started = time.monotonic()
    assert observed("hang", seconds=0.5).completion == "timeout"
    assert time.monotonic() - started < 10
    assert observed("flood").completion == "crash"
    assert observed("child-eats", memory=128).completion == "oom"


def test_a_start_may_have_a_time_of_its_own(tmp_path: Path) -> None:
    """The host sleeps when it first starts; a limit of a program is a limit of the program."""
    cache = tmp_path / "cache"
    host = tmp_path / "host.py"
    host.write_text(
        "import pathlib, sys, time\n"
        f"cache = pathlib.Path({str(cache)!r})\n"
        "if not cache.exists(): time.sleep(1.5); cache.touch()\n"
        "exec(open(sys.argv[1]).read())\n"
    )
    toml = tmp_path / "lockstep.toml"
    table = f'[engines.slow]\nlanguage = "python"\ncommand = ["{sys.executable}", "{host}", "{{file}}"]\n[engines.slow.profile]\n'
    limits = Limits(seconds=1.0)

    def outcomes(profile: str, *sources: str) -> list[str]:
        toml.write_text(f"{table}{profile}")
        cache.unlink(missing_ok=True)
        process = resolve("slow", project=read_project(toml)).spawn()
        try:
            return [process.observe(Program(source), limits).completion for source in sources]
        finally:
            process.kill()

    started = time.monotonic()
    endless = "while True: pass"
    assert outcomes('extends = "cpython"\n', "1") == ["timeout"]
    assert outcomes('extends = "cpython"\nstartup = 30\n', "1", "2", endless) == [
        "completed",
        "completed",
        "timeout",
    ]
    assert time.monotonic() - started < 20


def test_a_program_that_is_replaced_is_noticed(tmp_path: Path) -> None:
    binary = tmp_path / "engine"
    shutil.copy("/bin/true", binary)
    engine = resolve(f"mine={binary} {{file}}", profile="javascript")
    process = engine.spawn()
    first = process.start()
    answer = process.run(Program("1;"), Limits(seconds=30))
    assert answer.outcome is not None
    assert answer.outcome.completion == "completed"
    binary.unlink()
    shutil.copy("/bin/false", binary)
    assert process.run(Program("1;"), Limits(seconds=30)).outcome is None
    assert process.closed
    other = engine.spawn()
    assert other.start().fingerprint not in ("", first.fingerprint)
    other.kill()


def test_what_a_command_left_behind_ends_with_its_lane(environment: dict[str, str], tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    environment["FAKE_MARKER"] = str(marker)
    (tmp_path / "suites" / "test262" / "test" / "language" / "a.js").write_text("child")
    run(environment, "--engine", f"shell={COMMAND}", "--profile", "javascript", "--filter", "language/a.js")
    assert gone(int(marker.read_text()))


def test_a_run_of_a_command_has_names_and_a_version(environment: dict[str, str], tmp_path: Path) -> None:
    output = tmp_path / "run.jsonl"
    run(environment, "--engine", f"mine={COMMAND}", "--profile", "qjs", "--output", str(output))
    header, *results, _ = lines_of(output)
    assert header["engines"][0]["name"] == "mine"
    assert {line["engine"] for line in results} == {"mine"}
    assert str(tmp_path) not in output.read_text()
    twice = ("--engine", f"mine={COMMAND}", "--engine", f"mine={COMMAND} again")
    done = run(environment, *twice, "--profile", "qjs", code=3)
    assert "two engines are called mine" in done.stderr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("qjs {file}", ["qjs", "--script", "/f.js", "a"]),
        ("qjs", ["qjs", "--script", "/f.js", "a"]),
        ("qjs -x {file} -- {arguments} end", ["qjs", "-x", "--script", "/f.js", "--", "a", "end"]),
        ("qjs -e {source}", ["qjs", "--script", "-e", "text", "a"]),
        ("qjs -", ["qjs", "--script", "-", "a"]),
        ("qjs -I{roots} {file}", ["qjs", "-I/r1", "-I/r2", "--script", "/f.js", "a"]),
        (
            "qjs -e 'f({{file}}, {1}, {}, ${ x })'",
            ["qjs", "-e", "f({file}, {1}, {}, ${ x })", "--script", "/f.js", "a"],
        ),
        ("qjs {{source}}={file}", ["qjs", "--script", "{source}=/f.js", "a"]),
        ("qjs {arguments}:{roots} {file}", ["qjs", "a:/r1 /r2", "--script", "/f.js"]),
    ],
)
def test_places_of_a_command(text: str, expected: list[str]) -> None:
    template = CommandTemplate.parsed(text, Path("/nowhere"))
    words = template.expanded("/f.js", "text", ("--script",), ("a",), ("/r1", "/r2"))
    assert words == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("qjs {nonsense}", "{file}, {source}, {arguments}, {roots} ({{nonsense}} is that text itself)"),
        ("qjs --x={Fil} {file}", "unknown place {Fil} in the command"),
        ("qjs {argument}", "did you mean {arguments}?"),
        ("protocol:qjs {file}", "engine qjs speaks the protocol: {file} means nothing in its command"),
    ],
)
def test_places_that_nobody_knows_are_refused(text: str, said: str) -> None:
    with pytest.raises(MissingError) as caught:
        resolve(text)
    assert said in str(caught.value)


def test_paths_of_a_command_hold_everywhere(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "qjs").touch()
    template = CommandTemplate.parsed("./build/qjs --lib ./none {file}", tmp_path)
    assert template.words == (str(tmp_path / "build" / "qjs"), "--lib", "./none", "{file}")
    for name in ("shell.js", "run"):
        (tmp_path / name).touch()
    template = CommandTemplate.parsed("node run shell.js other.js -x=shell.js {file}", tmp_path)
    assert template.words == ("node", "run", str(tmp_path / "shell.js"), "other.js", "-x=shell.js", "{file}")
    for text in ("", "'open"):
        with pytest.raises(MissingError):
            CommandTemplate.parsed(text, tmp_path)


@pytest.mark.parametrize(
    "words",
    [
        ("compare", "js", "-e", "1", "--engine", "{}"),
        ("exec", "js", "-e", "1", "--engine", "{}"),
        ("diff", "mine={}", "other={}", "--suite", "fixtures"),
        ("engines", "check", "{}"),
    ],
)
def test_a_program_that_is_not_there_is_missing(
    environment: dict[str, str], tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "data").touch()
    for name, why in (("nowhere", "no such program"), ("data", "it is not executable")):
        program = tmp_path / name
        done = lockstep(environment, *(word.replace("{}", f"{program} {{file}}") for word in words), code=3)
        assert f"cannot start {program}: {why}" in done.stderr


def test_a_program_that_goes_away_during_a_run_crashes_nothing(
    environment: dict[str, str], tmp_path: Path
) -> None:
    engine, record = tmp_path / "engine", tmp_path / "run.jsonl"
    engine.write_text('#!/bin/sh\nrm "$0"\n')
    engine.chmod(0o755)
    command = f"mine={engine} {{file}}"
    done = run(environment, "--engine", command, "--jobs", "1", "--output", str(record), code=3)
    assert f"engine mine: cannot start {engine}: no such program" in done.stderr
    assert [line["verdict"] for line in lines_of(record)[1:]] == ["pass"]


def test_names_that_are_only_left_out_leave_the_others(environment: dict[str, str]) -> None:
    done = lockstep(environment, "exec", "lua5.1", "-e", "print(1)", "--engine", "!lua5.1:vm,!lupa:lua51")
    assert done.stdout == "1\n"
    done = lockstep(environment, "exec", "lua5.1", "-e", "print(1)", "--engine", "!lua5.1", code=3)
    assert "no engine of lua5.1 is left" in done.stderr
    rows = lockstep(
        environment, "compare", "lua5.1", "-e", "print(1)", "--json", "--engine", "!lupa:lua51"
    ).stdout
    assert "lua5.1:vm" in rows
    assert "lua5.1:treewalk" in rows
    words = ("exec", "lua5.1", "-e", "print(1)", "--engine")
    done = lockstep(environment, *words, "!lua5.1:vn", code=3)
    assert "!lua5.1:vn leaves out nothing" in done.stderr
    assert "did you mean !lua5.1:vm?" in done.stderr
    mine = f"mine={sys.executable} {{file}}"
    done = lockstep(environment, *words, mine, "--engine", "!mine,lua5.1:vm", code=0)
    assert done.stdout == "1\n"


def test_lists_of_engines_are_split_and_commands_are_not() -> None:
    assert split_engines("lua5.4:vm, node,") == ["lua5.4:vm", "node"]
    assert split_engines("@js,!slow") == ["@js", "!slow"]
    assert split_engines("qjs -e 'a, b' {file}") == ["qjs -e 'a, b' {file}"]
    assert split_engines("mine=./qjs --a,b {file}") == ["mine=./qjs --a,b {file}"]
    assert split_engines("cmd:python a.py,cmd:python b.py") == ["cmd:python a.py", "cmd:python b.py"]


def test_profiles_are_whole_and_found_by_name() -> None:
    languages = shipped_languages()
    for name, profile in shipped_profiles().items():
        assert not profile.language or profile.language in languages, name
    chosen = {
        "/opt/bin/qjs": "qjs",
        "node": "node",
        "lua5.3": "lua5.3",
        "python3.14": "cpython",
        "pypy3": "pypy",
        "gjs": "gjs",
        "bb": "babashka",
        "nothing": "plain",
    }
    assert {program: profile_for(program) for program in chosen} == chosen


# What engines print on an uncaught error: measured, by hand, with the engines.
REPORTS = [
    ("mujs", 1, "", "TypeError: bad ü\n\tat FILE:2\n", ("TypeError", "bad ü")),
    (
        "duktape",
        1,
        "",
        "TypeError: bad ü\n    at global (FILE:3) preventsyield\nerror in executing file FILE\n",
        ("TypeError", "bad ü"),
    ),
    (
        "gjs",
        1,
        "",
        "(gjs:9): Gjs-CRITICAL **: 12:44:02.322: JS ERROR: TypeError: bad ü\n@FILE:3:7\n",
        ("TypeError", "bad ü"),
    ),
    ("jsc", 3, "Exception: TypeError: bad ü\nglobal code@FILE:3:20\n", "", ("TypeError", "bad ü")),
    (
        "rhino",
        3,
        "",
        'js: "FILE", line 3: exception from uncaught JavaScript throw: TypeError: bad ü\n',
        ("TypeError", "bad ü"),
    ),
    ("hermes", 1, "", "Uncaught TypeError: bad ü\n    at global (FILE:3:20)\n", ("TypeError", "bad ü")),
    ("spidermonkey", 3, "", "FILE:3:7 TypeError: bad ü\nStack:\n  @FILE:3:7\n", ("TypeError", "bad ü")),
    ("engine262", 1, "", "Test262Error { message: 'oops' }\n", ("Test262Error", "'oops'")),
    (
        "basilisp",
        1,
        "",
        'Traceback (most recent call last):\n  File "FILE:3", line 3\nbasilisp.lang.exception.ExceptionInfo: bad {}\n',
        ("basilisp.lang.exception.ExceptionInfo", "bad {}"),
    ),
    (
        "basilisp",
        1,
        "",
        "Traceback (most recent call last):\n  FILE:2\nbasilisp.lang.reader.SyntaxError: Unexpected char ']'\n",
        ("basilisp.lang.reader.SyntaxError", "Unexpected char ']'"),
    ),
    ("lua5.3", 1, "", "lua5.3: FILE:3: bad\nstack traceback:\n", ("", "bad")),
    ("lua5.4", 1, "", "/my engines/lua5.4: FILE:3: bad: worse\nstack traceback:\n", ("", "bad: worse")),
    (
        "cpython",
        1,
        "",
        'Traceback (most recent call last):\n  File "FILE", line 3\nValueError: bad\n',
        ("ValueError", "bad"),
    ),
    ("ruby", 1, "", "FILE:3:in `<main>': bad (RuntimeError)\n", ("RuntimeError", "bad")),
    (
        "clojure",
        1,
        "",
        "Execution error (ExceptionInfo) at user/eval3 (FILE:3).\nbad\n",
        ("ExceptionInfo", "bad"),
    ),
    ("nbb", 1, "", "----- Error ------\nMessage:  bad\nLocation: FILE:3:1\n", ("", "bad")),
]


@pytest.mark.parametrize(
    ("name", "status", "output", "errors", "expected"), REPORTS, ids=[row[0] for row in REPORTS]
)
def test_reports_are_understood(
    name: str, status: int, output: str, errors: str, expected: tuple[str, str]
) -> None:
    profile = find_profile(name)
    program = Program("one\ntwo\nthree\n", "case", "", path="/suite/program.js")
    composed = compose(program, profile, ".js")
    file = "/suite/program.js"
    ended = Ended(
        status,
        f"printed\n{output}".replace("FILE", file).encode(),
        errors.replace("FILE", file).encode(),
        1.0,
    )
    outcome = understood(Transcript(ended, file), program, composed, profile)
    assert (outcome.completion, outcome.error, outcome.message) == ("threw", *expected)
    assert outcome.output == "printed\n"
    if name != "engine262":
        assert outcome.location is not None
        assert outcome.location.line in (2, 3)


def test_places_in_folders_with_blanks_are_no_part_of_a_message() -> None:
    profile = find_profile("mujs")
    file = "/my suite/a.js"
    program = Program("one\nlet x\n", "a.js", "", path=file)
    ended = Ended(1, b"", f"SyntaxError: {file}:2: unexpected token\n".encode(), 1.0)
    outcome = understood(Transcript(ended, file), program, compose(program, profile, ".js"), profile)
    assert (outcome.error, outcome.message) == ("SyntaxError", "unexpected token")
    assert outcome.location is not None
    assert (outcome.location.file, outcome.location.line) == ("a.js", 2)


_PHASES = [
    ("node", "x.js", "f(;", "SyntaxError", "parse"),
    ("node", "x.js", "'use strict'; // a\nwith (x) {}", "SyntaxError", "parse"),
    ("node", "x.js", "// a\nvar a = 1;\nJSON.parse('{')", "SyntaxError", "eval"),
    ("node", "x.js", "#!/bin/x\nnull.x", "TypeError", "eval"),
    ("node", "x.mjs", "export let a; export let a;", "SyntaxError", "early"),
    ("mujs", "x.js", "f(;", "SyntaxError", "parse"),
    ("lua5.1", "x.lua", "f(", "", "parse"),
    ("lua5.1", "x.lua", "local a = nil; a.b = 1", "", "eval"),
    (sys.executable, "x.py", "f(", "SyntaxError", "parse"),
    (sys.executable, "x.py", "f", "NameError", "eval"),
]


@pytest.mark.parametrize(("command", "name", "source", "error", "phase"), _PHASES)
def test_phases_of_programs_without_a_mode(
    tmp_path: Path, command: str, name: str, source: str, error: str, phase: str
) -> None:
    if shutil.which(command) is None:
        pytest.skip(f"no {command} here")
    path = tmp_path / name
    path.write_text(source)
    process = resolve(f"mine={command} {{file}}").spawn()
    try:
        outcome = process.observe(Program(source, name, path=str(path)), Limits(seconds=30))
    finally:
        process.kill()
    assert (outcome.completion, outcome.error, outcome.phase) == ("threw", error, phase)
    assert outcome.output == ""


_AGENTS = """
const memory = new Int32Array(new SharedArrayBuffer(16));
for (const name of ["a", "b"]) $262.agent.start(`
  $262.agent.receiveBroadcast((shared, id) => {
    const memory = new Int32Array(shared);
    $262.agent.report("${name} got " + id + " " + Atomics.load(memory, 1));
    const before = $262.agent.monotonicNow();
    const how = Atomics.wait(memory, 0, 0, "${name}" === "a" ? 60000 : 20);
    $262.agent.sleep(1);
    $262.agent.report("${name} " + how + " " + ($262.agent.monotonicNow() > before));
    $262.agent.leaving();
  });
`);
$262.agent.start("throw new Error('an agent of its own')");
memory[1] = 7;
function reports(number) {
  const found = [];
  while (found.length < number) {
    const text = $262.agent.getReport();
    if (text === null) $262.agent.sleep(1); else found.push(text);
  }
  return found.sort().join(", ");
}
print($262.agent.getReport());
$262.agent.broadcast(memory.buffer, 5);
print(reports(3));
while (Atomics.notify(memory, 0, 1) === 0) $262.agent.sleep(1);
print(reports(1));
// It ends though an agent waits for ever.
$262.agent.start("$262.agent.receiveBroadcast(() => {});");
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="no node here")
@pytest.mark.parametrize("command", ["mine=node {file}", "node"])
def test_agents_of_node(command: str) -> None:
    process = resolve(command).spawn()
    try:
        process.start()
        for _ in range(2):
            outcome = process.observe(Program(_AGENTS, "agents.js", "script"), Limits(seconds=60))
            assert (outcome.completion, outcome.message) == ("completed", "")
            assert outcome.output == "null\na got 5 7, b got 5 7, b timed-out true\na ok true\n"
    finally:
        process.kill()


@pytest.mark.parametrize("command", ["mine=node {file}", "node", "javascript:vm", "javascript:treewalk"])
@pytest.mark.parametrize("mode", ["script", "strict"])
def test_strict_mode_moves_no_line(command: str, mode: str) -> None:
    if "node" in command and shutil.which("node") is None:
        pytest.skip("no node here")
    process = resolve(command).spawn()
    try:
        process.start()
        outcome = process.observe(Program("let x = 1;\nunknown();\n", "a.js", mode), Limits(seconds=60))
        assert outcome.location is not None
        assert (outcome.error, outcome.location.line) == ("ReferenceError", 2)
    finally:
        process.kill()


def test_the_sentinel_leaves_directives_and_lines_alone() -> None:
    profile = find_profile("node")
    for head in (
        "",
        "#!/usr/bin/env node\n",
        "/* a\n */ 'use strict'; // b\n \"use asm\" ;",
        "// 'x';\n'a';",
    ):
        composed = with_sentinel(Composition(f"{head}f();", ".js", untouched=True), profile)
        assert composed.text == f"{head}{profile.sentinel}f();"
        assert composed.sentinel
    for text in ("'a' + b;", "/* open", "f('x');"):
        assert with_sentinel(Composition(text, ".js"), profile).text == f"{profile.sentinel}{text}"


def test_an_exit_status_may_be_the_value_of_a_program() -> None:
    ended = Ended(42, b"printed\n", b"", 1.0)
    program = Program("42", "case", "")
    for name, completion in (("gjs", "completed"), ("mujs", "threw")):
        profile = find_profile(name)
        composed = compose(program, profile, ".js")
        assert understood(Transcript(ended, "/case.js"), program, composed, profile).completion == completion


@pytest.mark.parametrize("command", ["mujs", "duk", "jsc", "rhino", "PUC=lua5.3", "luajit", "ruby", "pypy3"])
def test_real_engines_are_understood(command: str) -> None:
    program = command.partition("=")[2] or command
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    engine = resolve(command)
    checks = [
        one for one in checks_for(engine.language, shipped_languages()) if one.ends in ("threw", "completed")
    ]
    weak = {
        "is a global script",
        "runs jobs after the script",
        "prints Unicode",
    }  # what old engines cannot do themselves
    wrong = {one.check.name: one.differs for one in check_engine(engine, checks) if one.differs}
    assert set(wrong) <= weak


def test_quickjs_in_process_is_understood() -> None:
    pytest.importorskip("quickjs")
    found = list(check_engine(resolve("quickjs"), checks_for("javascript", shipped_languages())))
    assert [one.check.name for one in found if one.differs] == []


def test_engines_check_says_what_to_write_into_a_profile(environment: dict[str, str], tmp_path: Path) -> None:
    odd = tmp_path / "odd"
    odd.write_text(
        "#!/bin/sh\ncase $(cat \"$1\") in *TypeError*) echo 'oops TypeError: bad'; exit 9;; esac\necho one; echo two\n"
    )
    odd.chmod(0o755)
    done = lockstep(environment, "engines", "check", f"{odd} {{file}}", "--language", "python", code=1)
    assert "completes" in done.stdout
    assert 'stream = "stdout"' in done.stdout


def test_what_runs_first_leaves_a_program_as_it_is(tmp_path: Path) -> None:
    if shutil.which("lua5.3") is None:
        pytest.skip("lua5.3 is not installed")
    path = tmp_path / "case.lua"
    path.write_text("# a first line that is no Lua\nprint(before)\nerror('here')\n")
    program = Program(
        path.read_text(),
        "case.lua",
        includes=(("prelude", "before = 7\n\n\n"),),
        path=str(path),
        folder=str(tmp_path),
    )
    process = resolve("PUC=lua5.3").spawn()
    try:
        outcome = process.observe(program, Limits(seconds=20))
    finally:
        process.kill()
    assert (outcome.output, outcome.message) == ("7\n", "here")
    assert outcome.location is not None
    assert outcome.location.line == 3
