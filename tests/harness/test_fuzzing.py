"""`lockstep fuzz`: programs by a grammar, the differences they show, and the cases that are kept."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lockstep.harness.fuzzing.grammar import GrammarError, parsed_grammar, shipped_grammar
from lockstep.harness.fuzzing.writing import size_of, write_program
from lockstep.reference.javascript.syntax.parse import parse_script

LOCKSTEP = [sys.executable, "-m", "lockstep.harness.cli"]
# Programs for a shell, which counts; `broken` is a shell that takes a product for a sum.
GRAMMAR = """
[program]
- plain 1:
    «statement*»

[statement]
- plain 3: echo "«label»: $((«number»))"
- variables 2: «+number»=$((«number»))
- loops 1:
    for i in 1 2; do
      «>loop»«statement*»
    done
- loops 1 loop: «break¦continue»

[number]
- plain 3: «0..9»
- variables 3: «@number»
- sums 2: («number» + «number»)
- products 2: («number» * «number»)
"""
PROJECT = """
[languages.count]
extensions = [".count"]
comment = "#"

[engines.right]
language = "count"
command = ["sh", "{file}"]

[engines.broken]
language = "count"
command = ["sh", "-c", "tr '*' '+' < {file} | sh"]

[suites.kept]
language = "count"
files = "kept/*.count"
expect = "comments"
"""


def lockstep(folder: Path, *words: str, code: int = 0) -> str:
    done = subprocess.run([*LOCKSTEP, *words], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout if code in (0, 1) else done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "lockstep.toml").write_text(PROJECT)
    (tmp_path / "count.grammar").write_text(GRAMMAR)
    return tmp_path


ASK = ("fuzz", "count", "--grammar", "count.grammar", "--against", "right", "--seed", "5")


def test_a_seed_means_the_same_programs_everywhere() -> None:
    """A change here makes every seed that somebody has noted worthless."""
    grammar = parsed_grammar(GRAMMAR, "count.grammar")
    assert write_program(grammar, 5, 0) == SEED_5
    assert [size_of(number) for number in (0, 19, 20, 1000)] == [1, 1, 2, 8]
    assert len(write_program(grammar, 5, 900)) > len(SEED_5)


SEED_5 = """\
echo "products: $(((0 * 0)))"
n1=$(((5 + 7)))
echo "variables: $((n1))"
echo "plain: $((1))"
echo "products+variables: $(((n1 * 4)))"
"""


def test_differences_are_found_made_small_and_kept(project: Path) -> None:
    said = lockstep(
        project,
        *(
            *ASK,
            "--engine",
            "broken",
            "--programs",
            "30",
            "--reduce-seconds",
            "5",
            "--keep",
            "kept",
            "--json",
        ),
        code=1,
    )
    found = json.loads(said)
    assert (found["seed"], found["programs"], found["refused"]) == (5, 30, 0)
    assert {cause["engine"] for cause in found["causes"]} == {"broken"}
    smallest = min(found["causes"], key=lambda cause: len(cause["source"]))
    assert "products" in smallest["detail"]
    assert "*" in smallest["source"]
    assert len(smallest["source"]) < 60
    kept = ("run", "kept", "--no-history", "--fail-on", "any")
    assert "100 %" in lockstep(project, *kept, "--engine", "right")
    assert "0.0 %" in lockstep(project, *kept, "--engine", "broken", code=1)


def test_a_feature_can_be_left_out(project: Path) -> None:
    ask = (*ASK, "--engine", "broken", "--programs", "20", "--weight", "products=0")
    assert "20 programs, 0 undecided, 0 do not parse, 0 differences, 0 causes" in lockstep(project, *ask)
    assert "no feature nonsense" in lockstep(project, *ASK, "--weight", "nonsense=1", code=2)
    assert "products" in lockstep(project, *ASK, "--features")


def test_one_program_is_printed(project: Path) -> None:
    assert lockstep(project, *ASK, "--print", "0") == SEED_5


def test_an_interrupt_shows_what_was_found(project: Path) -> None:
    process = subprocess.Popen(
        [*LOCKSTEP, *ASK, "--engine", "broken", "--seconds", "60"],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    while "causes" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130, out + err
    assert "wanted line" in out
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[program]\n- plain 1: «missing»", "x:2: nothing is a missing"),
        ("[program]\n- plain 1: «1»", "x:2: «1»: so many new variables are not before it"),
        ("[program]\n- plain 1: «?»", "x:2: no such hole: «?»"),
        ("[program]\nplain: x", "x:2: neither [KIND] nor"),
        ("- plain 1: x", "x:1: neither [KIND] nor"),
        ("[statement]\n- plain 1: x", "x: there is no [program]"),
        ("[program]\n- plain 1: «program»", "x:2: it holds a kind of which nothing can stand everywhere"),
        ("[program]\n- plain 1: «n»\n[n]\n- plain 1: «@n»", "x:2: it holds a kind of which nothing"),
    ],
)
def test_a_wrong_grammar_is_told_with_its_line(text: str, said: str) -> None:
    with pytest.raises(GrammarError) as error:
        parsed_grammar(text, "x")
    assert str(error.value).startswith(said)


@pytest.mark.parametrize("language", ["javascript", "python", "clojure", "lua5.1", "lua5.4"])
def test_programs_of_shipped_grammars_run_to_their_end(language: str, tmp_path: Path) -> None:
    """What does not parse, or ends at its beginning, searches nothing."""
    grammar = shipped_grammar(language)
    assert grammar is not None
    ended = 0
    for number in range(0, 120, 12):
        program = tmp_path / f"{number}"
        program.write_text(write_program(grammar, 7, number), "utf-8")
        done = subprocess.run(
            [*LOCKSTEP, "exec", language, str(program)],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=120,
        )
        ended += "\nend: " in done.stdout
        assert len(done.stdout.splitlines()) > 1, done.stderr
    assert ended >= 9


def test_programs_of_javascript_parse() -> None:
    grammar = shipped_grammar("javascript")
    assert grammar is not None
    for number in range(200, 400):
        parse_script(write_program(grammar, 11, number))


def test_programs_stay_of_a_size_that_runs() -> None:
    grammar = shipped_grammar("javascript")
    assert grammar is not None
    assert max(len(write_program(grammar, 3, number)) for number in range(1000, 1050)) < 60_000
