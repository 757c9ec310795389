"""Suites of one's own, black-box: a project with a language, an engine and suites that nobody but its file knows."""

from __future__ import annotations

import json
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from lockstep.harness.languages.descriptor import Language
from lockstep.harness.project.file import Project as HarnessProject
from lockstep.harness.project.tables import ProjectTable, SuiteTable
from lockstep.harness.status.yaml_file import load_yaml
from lockstep.harness.suites.own.globs import files_below
from lockstep.harness.suites.own.suite import OwnSuite
from tests.harness.black_box import lockstep

# The language `toy` is Python's under another name: nothing of ours knows it.
_TOY = f"""
[languages.toy]
extensions = [".toy"]
comment = "#"

[engines.toy]
language = "toy"
command = ["{sys.executable}", "{{file}}"]
"""


class Project:
    """A folder with a lockstep.toml, and what a run of it finds."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        folder.mkdir()
        self.environment = environment
        self.write("lockstep.toml", _TOY)

    def write(self, name: str, text: str) -> Path:
        """Put a file into the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def suite(self, table: str, **files: str) -> None:
        """Add the suite `ours` with files of these texts; a name's `_` before its ending stands for the dot."""
        heading = f'[suites.ours]\nlanguage = "toy"\nfiles = "tests/**/*.toy"\n{table}\n'
        (self.folder / "lockstep.toml").write_text(f"{_TOY}{heading}")
        for name, text in files.items():
            stem, _, ending = name.rpartition("_")
            self.write(f"tests/{stem}.{ending}", text)

    def lockstep(self, *arguments: str, code: int = 0) -> Any:
        """Run the command with the project's file."""
        config = str(self.folder / "lockstep.toml")
        return lockstep(self.environment, "--config", config, *arguments, code=code)

    def verdicts(self, *arguments: str) -> dict[str, tuple[str, str]]:
        """Case (with its mode) -> verdict and reason of a run of the suite `ours` on the engine `toy`."""
        record = self.folder / "record.jsonl"
        self.lockstep(
            "run", "ours", "--engine", "toy", "--fail-on", "never", "--output", str(record), *arguments
        )
        rows = [json.loads(line) for line in record.read_text().splitlines()]
        return {
            row["case"] + (f"@{row['mode']}" if row["mode"] else ""): (row["verdict"], row.get("reason", ""))
            for row in rows
            if "case" in row
        }


@pytest.fixture
def project(tmp_path: Path, environment: dict[str, str]) -> Project:
    return Project(tmp_path / "project", environment)


def only_verdicts(found: dict[str, tuple[str, str]]) -> dict[str, str]:
    return {case.removeprefix("tests/"): verdict for case, (verdict, _) in found.items()}


def test_expected_output_stands_beside_the_program(project: Project) -> None:
    project.suite(
        'expect = "output"',
        right_toy="print('one')",
        right_out="one\n",
        other_toy="print('two')",
        other_expected="one\n",
        leaves_toy="import sys; print('x'); sys.stderr.write('gone\\n'); sys.exit(7)",
        leaves_out="x",
        leaves_err="gone\n",
        leaves_exit="7\n",
        silent_toy="import sys; sys.exit(7)",
        silent_out="",
        noisy_toy="import sys; sys.stderr.write('here\\n')",
        noisy_out="",
        noisy_err="there\n",
        lonely_toy="print('nobody says')",
        broken_toy="print()",
        broken_out="",
        broken_exit="seven",
    )
    found = project.verdicts()
    assert only_verdicts(found) == {
        "right.toy": "pass",
        "other.toy": "fail",
        "leaves.toy": "pass",
        "silent.toy": "fail",
        "noisy.toy": "fail",
        "lonely.toy": "error",
        "broken.toy": "error",
    }
    project.verdicts("--reuse-unversioned")
    assert project.verdicts("--reuse-unversioned") == found
    assert "expected 'one', got 'two'" in found["tests/other.toy"][1]
    assert "expected exit status 0, got 7" in found["tests/silent.toy"][1]
    assert "lockstep fixtures write ours" in found["tests/lonely.toy"][1]
    assert "broken.exit" in found["tests/broken.toy"][1]


def test_expected_lines_stand_in_comments(project: Project) -> None:
    project.suite(
        'expect = "comments"',
        a_toy="print(1) #=> 1\nraise KeyError('x') #!! any KeyError: x\n",
        b_toy="print(2) #=> 1\n",
        c_toy="#@ nonsense\n",
    )
    found = project.verdicts()
    assert only_verdicts(found) == {"a.toy": "pass", "b.toy": "fail", "c.toy": "error"}
    assert "tests/c.toy:1: unknown setting" in found["tests/c.toy"][1]


def test_a_marker_must_come_last(project: Project) -> None:
    project.suite(
        'expect = "marker"\nmarker = "all ok"',
        a_toy="print('x'); print('all ok')",
        b_toy="print('all ok'); print('more')",
        c_toy="pass",
        d_toy="print('all ok'); raise SystemExit(1)",
    )
    assert only_verdicts(project.verdicts()) == {
        "a.toy": "pass",
        "b.toy": "fail",
        "c.toy": "fail",
        "d.toy": "fail",
    }


def test_each_point_of_tap_is_a_case(project: Project) -> None:
    project.suite(
        'expect = "tap"',
        a_toy=r'print("1..5\nok 1 - adds\nnot ok 2 - a/b\n# got 3\nok 3 # SKIP no net\nnot ok # TODO later\nok 5\n    ok 1 - in a subtest")',
        bails_toy='print("1..2\\nok 1\\nBail out! gone")',
        short_toy='print("1..2\\nok 1")',
        none_toy='print("1..0 # SKIP not here")',
        mute_toy="pass",
        dies_toy='print("1..2\\nok 1 - first", flush=True); import os; os.abort()',
    )
    found = project.verdicts()
    assert only_verdicts(found) == {
        "a.toy": "pass",
        "a.toy#1 adds": "pass",
        "a.toy#2 a_b": "fail",
        "a.toy#3": "skipped",
        "a.toy#4": "unsupported",
        "a.toy#5": "pass",
        "bails.toy": "fail",
        "bails.toy#1": "pass",
        "short.toy": "fail",
        "short.toy#1": "pass",
        "none.toy": "skipped",
        "mute.toy": "fail",
        "dies.toy": "crash",
        "dies.toy#1 first": "pass",
    }
    assert found["tests/a.toy#2 a_b"][1] == "not ok: got 3"
    assert found["tests/short.toy"][1] == "it planned 2 points, and printed 1"


def test_a_point_is_run_again_with_its_case(project: Project) -> None:
    project.suite(
        'expect = "tap"',
        steady_toy='print("1..1\\nok 1 - x")',
        wavers_toy="from pathlib import Path\n"
        "first = Path(__file__).with_suffix('.seen')\n"
        "print('1..2\\nok 1 - x')\n"
        "print('not ok 2 - y' if first.exists() else 'ok 2 - y')\n"
        "first.unlink() if first.exists() else None\n",
    )
    run = ("run", "ours", "--engine", "toy")
    project.lockstep(*run, "--update-status")
    seen = project.write("tests/wavers.seen", "")
    said = project.lockstep(*run, "--retries", "1").stdout
    assert "fail 1, " in said or "pass 1, fail 1" in said
    assert not seen.exists()
    project.write("tests/wavers.seen", "")
    project.lockstep(*run, code=1)
    again = project.lockstep(*run, "--rerun", "failed").stdout
    assert [line.split()[-4:-1] for line in again.splitlines()[2:3]] == [["3", "3", "100"]]


def test_an_oracle_says_what_must_be_printed(project: Project) -> None:
    project.suite(
        'expect = "oracle"\noracle = "golden"',
        same_toy="print('same')",
        host_toy="import os; print('golden' in os.environ.get('WHO', ''))",
        host_out="False\n",
        throws_toy="raise KeyError('x')",
        dies_toy="import os\nif os.environ.get('WHO'): os.abort()",
    )
    toml = project.folder / "lockstep.toml"
    toml.write_text(
        toml.read_text()
        + f'[engines.golden]\nlanguage = "toy"\ncommand = ["{sys.executable}", "{{file}}"]\nenvironment = {{ WHO = "golden" }}\n'
        f'version = "{sys.executable} --version"\n'
    )
    found = project.verdicts()
    assert only_verdicts(found) == {
        "same.toy": "pass",
        "host.toy": "fail",
        "throws.toy": "pass",
        "dies.toy": "error",
    }
    assert "the oracle golden gives no answer" in found["tests/dies.toy"][1]
    again = project.lockstep("run", "ours", "--engine", "toy", "--fail-on", "never")
    assert "tests/host.toy: golden is not as host.out says" in again.stdout


def test_a_checker_of_the_users(project: Project) -> None:
    project.write(
        "checks.py",
        "def even(path, outcome):\n"
        "    number = int(outcome.output)\n"
        "    if path.stem == 'odd': return 7\n"
        "    if path.stem == 'quits': raise SystemExit(3)\n"
        "    return None if number % 2 == 0 else f'{number} is odd'\n",
    )
    project.suite(
        'expect = "checker"\nchecker = "checks:even"',
        two_toy="print(2)",
        three_toy="print(3)",
        text_toy="print('x')",
        odd_toy="print(4)",
        quits_toy="print(6)",
    )
    found = project.verdicts()
    assert only_verdicts(found) == {
        "two.toy": "pass",
        "three.toy": "fail",
        "text.toy": "error",
        "odd.toy": "error",
        "quits.toy": "error",
    }
    assert found["tests/three.toy"][1] == "3 is odd"
    assert "the checker checks:even raised ValueError" in found["tests/text.toy"][1]
    assert "raised SystemExit: 3" in found["tests/quits.toy"][1]
    assert "returned 7" in found["tests/odd.toy"][1]


def test_headers_and_rules_say_modes_features_and_skips(project: Project) -> None:
    project.suite(
        'expect = "completes"\nincludes = ["tests/lib.toy"]\narguments = ["given"]\n'
        '[[suites.ours.rules]]\nfiles = "tests/slow/*"\nskip = "too slow"\nfeatures = ["slow"]',
        lib_toy="HELPED = True",
        plain_toy="import sys; assert HELPED and sys.argv[1:] == ['given']",
        own_toy="#!/usr/bin/toy\n# ---\n# features: [x]\n# arguments: [a, b]\n# ---\nimport sys; assert sys.argv[1:] == ['a', 'b']",
        throws_toy="# ---\n# negative: KeyError\n# ---\nraise KeyError('x')",
        skipped_toy="# ---\n# skip: needs a printer\n# ---\n",
        broken_toy="# ---\n# features: [x\n# ---\n",
        open_toy="# ---\n# features: [x]\nprint(1)",
    )
    project.write("tests/slow/a.toy", "raise SystemExit(1)")
    found = project.verdicts()
    assert only_verdicts(found) == {
        "plain.toy": "pass",
        "own.toy": "pass",
        "throws.toy": "pass",
        "skipped.toy": "skipped",
        "broken.toy": "error",
        "open.toy": "error",
        "slow/a.toy": "skipped",
    }
    assert found["tests/slow/a.toy"][1] == "too slow"
    assert "tests/broken.toy: line 3: the header is no YAML" in found["tests/broken.toy"][1]
    assert set(project.verdicts("--feature", "x")) == {"tests/own.toy"}


def test_odd_names_and_links_in_circles(project: Project) -> None:
    project.suite('expect = "completes"', a_toy="pass")
    folder = project.folder / "tests"
    (folder / "loop").symlink_to(folder)
    (folder / "gone.toy").symlink_to(folder / "nothing")
    (folder / "itself.toy").symlink_to(folder / "itself.toy")
    Path(str(folder) + "/b\udcff.toy").write_text("pass")
    closed = project.write("tests/closed.toy", "pass")
    closed.chmod(0)
    found = only_verdicts(project.verdicts())
    closed.chmod(0o600)
    assert found.pop("closed.toy") in ("error", "pass")  # who is root may read everything
    assert found == {"a.toy": "pass", "b\\udcff.toy": "pass"}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('expect = "marker"', 'expect = "marker" needs `marker`'),
        ('marker = "OK"', '`marker` in [suites.ours] means nothing without expect = "marker"'),
        ('expect = "checker"\nchecker = "nowhere:check"', "cannot import nowhere"),
        ('expect = "checker"\nchecker = "json:nothing"', "json has no function nothing"),
        ('expect = "oracle"\noracle = "toys"', "did you mean toy?"),
        ('includes = ["tests/lib.toy"]', "tests/lib.toy is not there"),
        ('exclude = "tests/**"', "no file matches tests/**/*.toy"),
    ],
)
def test_what_every_case_needs_is_said_once(project: Project, table: str, said: str) -> None:
    project.suite(table, a_toy="pass")
    assert said in project.lockstep("run", "ours", "--engine", "toy", code=3).stderr


def test_names_that_may_have_been_meant(project: Project) -> None:
    project.suite("", a_toy="pass")
    assert "did you mean ours" in project.lockstep("run", "our", code=3).stderr
    (project.folder / "lockstep.toml").write_text('[suites.ours]\nlanguage = "toi"\nfiles = "x"\n')
    assert "unknown language 'toi'" in project.lockstep("run", "ours", code=3).stderr
    project.suite('expect = "outptu"', a_toy="pass")
    done = project.lockstep("run", "ours", code=2)
    assert (
        "[suites.ours.expect]: invalid enum value 'outptu'; known: comments, output, completes" in done.stderr
    )


def test_a_choice_of_the_cases_of_another_suite(project: Project) -> None:
    project.suite("", a_toy="pass", b_toy="raise SystemExit(1)")
    project.write("tests/deep/c.toy", "pass")
    toml = project.folder / "lockstep.toml"
    base = toml.read_text().replace("[suites.ours]", "[suites.every]")
    toml.write_text(
        f'{base}[suites.ours]\nof = "every"\nfilter = ["tests/*"]\nexclude = "tests/deep/*"\n'
        'rules = [{ files = "tests/b*", skip = "known" }]\n'
    )
    assert only_verdicts(project.verdicts()) == {"a.toy": "pass", "b.toy": "skipped"}
    toml.write_text(
        f'{base}[suites.ours]\nof = "every"\nfilter = ["x"]\n[suites.again]\nof = "ours"\n[suites.bare]\n'
        '[suites.both]\nof = "every"\nfiles = "tests/*"\n[suites.self]\nof = "self"\n'
    )
    for name, said in (
        ("ours", "no case of every is chosen (--filter x)"),
        ("again", "`of` names ours, which is a choice itself"),
        ("bare", "[suites.bare] has no `files`"),
        (
            "self",
            "`of` names this suite itself, and it chooses from another; there are: every, ours, again, bare, both, ",
        ),
        ("both", "`files` in [suites.both] means nothing beside `of`"),
    ):
        assert said in project.lockstep("run", name, "--engine", "toy", code=3).stderr


def test_a_bare_run_runs_the_projects_suites(project: Project) -> None:
    project.suite("", a_toy="pass")
    done = project.lockstep("run", "--engine", "toy", "--fail-on", "never")
    assert "ours" in done.stdout
    assert "fixtures" not in done.stdout
    listed = project.lockstep("suites", "list", code=3).stdout  # the public suites are not here
    assert listed.split("\n")[2].split() == ["ours", "toy", "1", "1"]
    assert project.lockstep("suites", "path", "ours").stdout.strip() == str(project.folder / "tests")


def test_what_the_project_file_leaves_out_is_not_counted(project: Project) -> None:
    project.suite("", a_toy="pass", b_toy="raise SystemExit(1)", c_toy="pass", d_toy="pass")
    toml = project.folder / "lockstep.toml"
    toml.write_text(toml.read_text() + '[lockstep]\nfilter = ["tests/[abc]*"]\nexclude = ["tests/c*"]\n')
    run = ("run", "ours", "--engine", "toy", "--update-status", "--fail-on", "never")
    project.lockstep(*run)
    path = Path(project.environment["LOCKSTEP_STATUS"]) / "ours.yaml"
    status = load_yaml(path)
    assert status["counts"]["toy"] == {"pass": 1, "fail": 1, "total": 2}
    assert status["folders"]["tests"]["counts"] == {"toy": "1/2"}
    # One that was run all the same is counted; the others are still known not to have been.
    project.lockstep(*run, "--filter", "tests/d*")
    status = load_yaml(path)
    assert status["counts"]["toy"] == {"pass": 2, "fail": 1, "total": 3}
    assert status["known"]["toy"]["tests/c.toy"] == "unsupported: not run yet"


def test_a_status_of_ones_own_gates(project: Project) -> None:
    project.suite('expect = "tap"', a_toy='print("1..2\\nok 1 - x\\nnot ok 2 - y")')
    run = ("run", "ours", "--engine", "toy")
    assert "no expectations of toy are recorded" in project.lockstep(*run, code=3).stderr
    project.lockstep(*run, "--update-status")
    project.lockstep(*run)
    project.write("tests/a.toy", 'print("1..2\\nnot ok 1 - x\\nnot ok 2 - y")')
    assert "Regressions: 1" in project.lockstep(*run, code=1).stdout


@pytest.mark.parametrize("lines", [2, 3, 4])
def test_a_run_that_ended_amid_points_goes_on_with_all_of_them(project: Project, lines: int) -> None:
    project.suite(
        'expect = "tap"',
        a_toy='print("1..2\\nok 1 - x\\nnot ok 2 - y")',
        b_toy='print("1..1\\nok 1 - x")',
    )
    whole = project.verdicts("-j", "1")
    record = project.folder / "record.jsonl"
    kept = record.read_text().splitlines(keepends=True)[:lines]
    record.write_text("".join(kept))
    project.lockstep("run", "--rerun", "missing", str(record), "--fail-on", "never")
    rows = [json.loads(line) for line in record.read_text().splitlines()[1:-1]]
    assert {row["case"]: (row["verdict"], row.get("reason", "")) for row in rows} == whole
    assert len(rows) == len(whole) == 5


def test_a_program_may_print_its_own_path(project: Project) -> None:
    project.suite('expect = "output"', a_toy="import sys; print(sys.argv[0])", a_out="tests/a.toy\n")
    assert only_verdicts(project.verdicts()) == {"a.toy": "pass"}


def test_golden_files_are_recorded_and_never_written_over_unseen(project: Project) -> None:
    project.suite(
        'expect = "output"',
        new_toy="print('new')",
        same_toy="print('same')",
        same_expected="same\n",
        other_toy="import sys; print('x'); sys.stderr.write('y'); sys.exit(3)",
        other_out="w\n",
        other_err="z\n",
        dies_toy="import os; os.abort()",
    )
    tests = project.folder / "tests"
    write = ("fixtures", "write", "ours", "--engine", "toy")
    said = project.lockstep(*write, "--filter", "tests/[nso]*", code=1).stdout
    assert (tests / "new.out").read_text() == "new\n"
    assert (tests / "other.exit").read_text() == "3\n"
    assert "--- other.out\n+++ other.out (toy)\n@@ -1 +1 @@\n-w\n+x\n" in said
    assert (
        "2 new files written, 1 are as they were, 2 differ\nnothing was written over (--yes does it)" in said
    )
    assert (tests / "other.out").read_text() == "w\n"
    assert "not recorded: tests/dies.toy" in project.lockstep(*write, "--yes", code=1).stdout
    assert [(tests / name).read_text() for name in ("other.out", "other.err")] == ["x\n", "y"]
    assert not (tests / "dies.out").exists()
    assert set(only_verdicts(project.verdicts("--filter", "tests/[nso]*")).values()) == {"pass"}


def test_programs_that_do_not_parse_are_not_recorded_unseen(project: Project) -> None:
    project.suite('expect = "output"', good_toy="print(1)", bad_toy="print(2)\nprint((\n")
    toy = (project.folder / "lockstep.toml").read_text()
    (project.folder / "lockstep.toml").write_text(toy.replace('{file}"]', '{file}"]\nprofile = "cpython"', 1))
    tests = project.folder / "tests"
    write = ("fixtures", "write", "ours", "--engine", "toy")
    said = project.lockstep(*write, code=1).stdout
    assert "tests/bad.toy:2: it does not parse: threw SyntaxError: '(' was never closed" in said
    assert "1 program not recorded (--yes records what is refused, too)\n1 new files written" in said
    assert sorted(path.name for path in tests.glob("*.out")) == ["good.out"]
    assert "tests/bad.toy:2: it does not parse" in project.lockstep(*write, "--yes").stdout
    assert (tests / "bad.exit").read_text() == "1\n"


def test_why_nothing_is_recorded_is_said(project: Project) -> None:
    project.suite('expect = "output"', a_toy="print(1)")
    write = ("fixtures", "write", "ours", "--engine")
    assert (
        "lua5.4:vm speaks lua5.4, the cases are toy" in project.lockstep(*write, "lua5.4:vm", code=2).stderr
    )
    done = project.lockstep(*write, "toy", "--filter", "zzz", code=2)
    assert "no case of ours matches --filter zzz" in done.stderr


def test_golden_files_belong_to_suites_that_look_at_them(project: Project) -> None:
    project.suite("", a_toy="pass")
    said = project.lockstep("fixtures", "write", "ours", "--engine", "toy", code=3).stderr
    assert 'golden files belong to expect = "output"' in said
    assert (
        "suite fixtures has no golden files"
        in project.lockstep("fixtures", "write", "fixtures", "--engine", "toy", code=3).stderr
    )


def test_points_and_the_floor_outlive_partial_runs(project: Project) -> None:
    project.suite('expect = "tap"', a_toy='print("1..2\\nok 1\\nok 2")', b_toy='print("1..1\\nok 1 - x")')
    run = ("run", "ours", "--engine", "toy", "--update-status")
    project.lockstep(*run)
    project.write("tests/b.toy", 'print("1..2\\nnot ok 1 - y\\nok 2 - z")')
    partial = project.lockstep(*run, "--filter", "tests/b.toy")
    assert "Failures that no status file speaks of: 1" in partial.stdout
    status = load_yaml(Path(project.environment["LOCKSTEP_STATUS"]) / "ours.yaml")
    assert status["counts"]["toy"] == {"pass": 5, "fail": 1, "total": 6}
    assert status["points"]["toy"] == {"tests/a.toy": ["1", "2"], "tests/b.toy": ["1 y", "2 z"]}
    assert status["floor"]["toy"] == {"passes": 0, "executions": 5}


def test_a_high_floor_stands_beside_the_numbers(project: Project) -> None:
    project.suite(
        'expect = "completes"', a_toy="pass", b_toy="print()", c_toy="# ---\n# negative: KeyError\n# ---\n"
    )
    run = ("run", "ours", "--engine", "toy", "--update-status")
    assert "ours: a null engine passes 66.7 %" in project.lockstep(*run).stdout
    project.lockstep(*run, "--filter", "tests/c.toy")
    assert "ours: a null engine passes 66.7 %" in project.lockstep("status", "ours").stdout


def test_a_folder_is_entered_once_and_excluded_files_are_left_out(tmp_path: Path) -> None:
    for name in ("a.toy", "one/b.toy", "one/c.txt", "two/deep/d.toy", "node_modules/e.toy"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "one" / "again").symlink_to(tmp_path / "one")
    assert files_below(tmp_path, ["**/*.toy"], ["two/**"]) == ["a.toy", "one/b.toy"]
    assert files_below(tmp_path, ["one", "*.toy"]) == ["a.toy", "one/b.toy", "one/c.txt"]
    assert files_below(tmp_path, ["node_modules/*.toy"]) == ["node_modules/e.toy"]
    assert files_below(tmp_path, ["t[!x]o/**/?.toy"]) == ["two/deep/d.toy"]


def test_what_is_kept_of_many_files_is_little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that says nothing of itself is known by its path, size and time alone, once."""
    monkeypatch.setenv("LOCKSTEP_CACHE", str(tmp_path / "cache"))
    for number in range(4_000):
        (tmp_path / f"case-{number}.toy").touch()
    (tmp_path / "case-0.toy").write_text("# ---\n# skip: known\n# ---\n")
    project = HarnessProject(tmp_path / "lockstep.toml", ProjectTable(languages={"toy": Language((".toy",))}))
    table = SuiteTable(files="*.toy", language="toy")
    for _ in range(2):  # read, then as the cache has it
        tracemalloc.start()
        suite = OwnSuite("many", table, project)
        cases = suite.cases()
        held, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert [case.id for case in cases if case.skip] == ["case-0.toy"]
        assert held / len(cases) < 320
        assert most / len(cases) < 500
