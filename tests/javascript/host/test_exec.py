"""`lockstep exec javascript` as a person uses it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.javascript.host.running import BACKENDS

COMMAND = [sys.executable, "-m", "lockstep.harness.cli", "exec", "javascript"]


def execute(
    *words: str, text: str = "", cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words], capture_output=True, text=True, check=False, input=text, cwd=cwd, env=env
    )


def test_bare_switches_the_host_off() -> None:
    code = "console.log(typeof process, typeof setTimeout, typeof require, typeof $262, [1, 2], {})"
    assert execute("-e", code).stdout == "object function function undefined [ 1, 2 ] {}\n"
    assert (
        execute("--bare", "-e", code).stdout == "undefined undefined undefined object 1,2 [object Object]\n"
    )


@pytest.mark.parametrize("backend", BACKENDS)
def test_words_files_and_the_exit_status(tmp_path: Path, backend: str) -> None:
    program = tmp_path / "program.js"
    program.write_text(
        "console.log(process.argv.slice(2), require('./data.json').a, __filename);\n"
        "console.error('to the error stream');\n"
        "process.exitCode = 7;\n"
    )
    (tmp_path / "data.json").write_text('{"a": [1]}')
    ran = execute("--backend", backend, str(program), "one", "two")
    assert ran.stdout == f"[ 'one', 'two' ] [ 1 ] {program}\n"
    assert ran.stderr == "to the error stream\n"
    assert ran.returncode == 7


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_uncaught_error_shows_its_line_and_what_caused_it(tmp_path: Path, backend: str) -> None:
    program = tmp_path / "fails.js"
    program.write_text(
        "// A comment.\nfunction fail() { throw new Error('outer', { cause: new TypeError('inner') }); }\nfail();\n"
    )
    ran = execute("--backend", backend, str(program))
    assert ran.returncode == 1
    lines = ran.stderr.splitlines()
    assert lines[0] == f"{program}:2"
    assert lines[1].startswith("function fail()")
    assert lines[2].strip() == "^"
    assert lines[2].index("^") == lines[1].index("new Error")
    assert f"    at fail ({program}:2:25)" in lines
    assert f"    at Object.<anonymous> ({program}:3:1)" in ran.stderr
    assert "[cause]: TypeError: inner" in ran.stderr


def test_source_that_is_refused_shows_its_place(tmp_path: Path) -> None:
    program = tmp_path / "refused.js"
    program.write_text("let a = 1;\nlet a = 2;\n")
    ran = execute(str(program))
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[:2] == [f"{program}:2", "let a = 2;"]
    assert "SyntaxError: Identifier 'a' has already been declared" in ran.stderr


def test_files_are_read_below_the_program_and_where_it_is_granted(tmp_path: Path) -> None:
    own, other = tmp_path / "own", tmp_path / "other"
    own.mkdir()
    other.mkdir()
    (other / "data.txt").write_text("granted")
    program = own / "reads.js"
    program.write_text(
        "const fs = require('fs');\n"
        "fs.existsSync('x');\n"
        "for (const step of [() => fs.readFileSync(__filename, 'utf8').length > 9, () => fs.readFileSync('../other/data.txt', 'utf8'),\n"
        "  () => fs.writeFileSync('../other/made.txt', 'text') ?? 'written', () => fs.readFileSync('/etc/hostname')]) {\n"
        "  try { console.log(step()); } catch (e) { console.log(e.code, e.permission); }\n"
        "}\n"
    )
    refused = "ERR_ACCESS_DENIED FileSystem"
    expected = {
        (): ["true", f"{refused}Read", f"{refused}Write", f"{refused}Read"],
        ("--allow-read", "../other"): ["true", "granted", f"{refused}Write", f"{refused}Read"],
        ("--allow-write", "../other"): ["true", "granted", "written", f"{refused}Read"],
    }
    for words, printed in expected.items():
        assert execute(*words, str(program), cwd=own).stdout.splitlines() == printed, words
    assert (other / "made.txt").read_text() == "text"


def test_standard_input_is_a_stream_and_a_file() -> None:
    stream = "process.stdin.setEncoding('utf8').on('data', (t) => console.log([t])).on('end', () => console.log('end'))"
    assert execute("-e", stream, text="some\ntext").stdout == "[ 'some\\ntext' ]\nend\n"
    assert (
        execute("-e", "console.log(fs.readFileSync(0, 'utf8').split('\\n'))", text="a\nb").stdout
        == "[ 'a', 'b' ]\n"
    )


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    "code",
    [
        "setTimeout(() => {}, 1e6)",
        "setInterval(() => {}, 1)",
        "(function again() { process.nextTick(again) })()",
        "(function again() { queueMicrotask(again) })()",
        "(function again() { setImmediate(again) })()",
        "process.on('exit', () => { for (;;); })",
        "setTimeout(() => { try { for (;;); } finally { console.log('never') } })",
    ],
)
def test_a_time_limit_holds_through_the_loop(code: str, backend: str) -> None:
    begin = time.monotonic()
    ran = execute("--backend", backend, "--timeout", "0.5", "-e", code)
    assert "the time limit is reached" in ran.stderr
    assert ran.stdout == ""
    assert ran.returncode == 1
    assert time.monotonic() - begin < 15


def test_a_step_limit_holds_through_the_loop() -> None:
    ran = execute("--steps", "3000", "-e", "let n = 0; (function again() { n++; setImmediate(again) })()")
    assert "the step limit is reached" in ran.stderr


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("process.exit(3)", 3),
        ("try { process.exit() } finally { console.log('never') }", 0),
        ("process.exitCode = 2; setTimeout(() => process.exit(), 1)", 2),
        ("process.on('exit', () => { process.exitCode = 5 })", 5),
        ("Promise.reject(new Error('lost'))", 1),
        ("Promise.reject(5)", 1),
        ("queueMicrotask(() => { throw 5 })", 1),
        ("process.on('uncaughtException', () => {}); throw new Error('caught')", 0),
        ("process.on('unhandledRejection', () => {}); Promise.reject(1)", 0),
        ("Promise.reject(1).catch(() => {})", 0),
    ],
)
def test_exit_statuses(code: str, status: int) -> None:
    ran = execute("-e", code)
    assert ran.returncode == status, ran.stderr
    assert "never" not in ran.stdout


def test_a_module_that_waits_for_ever_has_a_status_of_its_own() -> None:
    ran = execute("--mode", "module", "-e", "await new Promise(() => {})")
    assert ran.returncode == 13
    assert "unsettled top-level await" in ran.stderr


def test_what_is_not_there_says_so() -> None:
    code = (
        "for (const [name, part] of [['net', 'connect'], ['child_process', 'execSync'], ['node:http', 'Server']])"
        " try { require(name)[part]() } catch (e) { console.log(e.code, e.message) }"
    )
    lines = execute("-e", code).stdout.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("ERR_ACCESS_DENIED node:") and "is not available" in line for line in lines)


def test_the_environment_is_the_commands() -> None:
    ran = execute(
        "-e",
        "console.log(process.env.ONLY_HERE, 'NOT_THERE' in process.env)",
        env={**os.environ, "ONLY_HERE": "yes"},
    )
    assert ran.stdout == "yes false\n"


def test_other_languages_have_no_such_options() -> None:
    command = [sys.executable, "-m", "lockstep.harness.cli", "exec", "lua", "--bare", "-e", "print(1)"]
    assert subprocess.run(command, capture_output=True, text=True, check=False).returncode != 0


def test_an_empty_program_loads_little_of_the_host(tmp_path: Path) -> None:
    program = tmp_path / "empty.js"
    program.write_text("")
    command = [sys.executable, "-X", "importtime", *COMMAND[1:], str(program)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "lockstep.reference.javascript.host.modules.loader" in ran.stderr
    # Inspection, and what makes each global, comes with its first use.
    for unused in (
        "inspect",
        "console",
        "process.process",
        "web",
        "events",
        "buffers",
        "modules.exports_lexer",
    ):
        assert f"lockstep.reference.javascript.host.{unused}\n" not in ran.stderr, unused
