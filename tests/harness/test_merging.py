"""Records of several machines: one table, one gate, one status, one history."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.harness.black_box import fake, lines_of, lockstep, run

ENGINE = fake("always-pass")


def shard(
    environment: dict[str, str], folder: Path, number: int, of: int = 3, engine: str = ENGINE, *more: str
) -> str:
    """The record of one machine of several."""
    path = folder / f"{number}-of-{of}.jsonl"
    run(
        environment,
        "--engine",
        engine,
        "--no-history",
        "--shard",
        f"{number}/{of}",
        "--output",
        str(path),
        *more,
    )
    return str(path)


@pytest.fixture
def shards(environment: dict[str, str], tmp_path: Path) -> list[str]:
    return [shard(environment, tmp_path, number) for number in (1, 2, 3)]


def changed(path: str, change: Any) -> str:
    """The record at `path` with a header that says something else."""
    header, *rest = Path(path).read_text().splitlines()
    content = json.loads(header)
    change(content)
    Path(path).write_text("\n".join([json.dumps(content), *rest]) + "\n")
    return path


def test_shards_become_the_record_of_a_whole_run(
    environment: dict[str, str], tmp_path: Path, shards: list[str]
) -> None:
    output, single = tmp_path / "all.jsonl", tmp_path / "single.jsonl"
    done = lockstep(environment, "merge", *shards, "--output", str(output))
    assert "partial" not in done.stdout
    run(environment, "--engine", ENGINE, "--output", str(single))
    header, *rows, footer = lines_of(output)
    alone, *expected, end = lines_of(single)
    assert footer["counts"] == end["counts"] == {ENGINE: {"pass": 5, "fail": 2}}
    assert (header["planned"], header["parts"], header.get("options")) == (7, 3, None)
    assert header["engines"] == alone["engines"]
    assert sorted((row["case"], row["mode"]) for row in rows) == sorted(
        (row["case"], row["mode"]) for row in expected
    )
    assert lockstep(environment, "diff", str(output), str(single)).stdout.count("7 of 7") == 1


@pytest.mark.parametrize("suites", [True, False])
def test_what_nobody_ran_is_said(
    environment: dict[str, str], tmp_path: Path, shards: list[str], suites: bool
) -> None:
    output = tmp_path / "all.jsonl"
    cases = [{row["case"] for row in lines_of(Path(path)) if "case" in row} | {"-"} for path in shards]
    lost = max(range(3), key=lambda number: len(cases[number]))
    if not suites:
        environment["LOCKSTEP_SUITES"] = str(tmp_path / "nowhere")
    left = [path for path in shards if path != shards[lost]]
    done = lockstep(environment, "merge", *left, "--output", str(output), code=3)
    assert f"no record holds shard {lost + 1}/3" in done.stderr
    for case in cases[lost] - {"-"}:
        assert (f"  {case}" in done.stderr) == suites
    # It is no whole run for anybody who reads it later either.
    assert "finished" not in lines_of(output)[-1]
    assert "partial run" in lockstep(environment, "report", str(output)).stdout


def test_a_record_that_was_cut_is_a_gap(
    environment: dict[str, str], tmp_path: Path, shards: list[str]
) -> None:
    longest = max(shards, key=lambda path: len(Path(path).read_text()))
    lines = Path(longest).read_text().splitlines(keepends=True)
    Path(longest).write_text("".join(lines[:2]))
    done = lockstep(environment, "merge", *shards, "--output", str(tmp_path / "all.jsonl"), code=3)
    assert "it did not come to its end" in done.stderr
    assert "nobody ran" in done.stderr
    # Whoever runs the rest again makes it whole.
    whole = tmp_path / "whole.jsonl"
    run(environment, "--engine", ENGINE, "--output", str(whole))
    done = lockstep(environment, "gate", *shards, str(whole), "--fail-on", "vacuous")
    assert "stand in more than one record" in done.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda header: header["revision"].update(test262="other"), "test262 is be13516f in one, other"),
        (lambda header: header["engines"][0].update(hash="0" * 12, version="fake 2"), "fake 2"),
        (lambda header: header.update(asked=["another"]), "the other of another"),
        (lambda header: header.update(revision={"lua": "1"}, suite="lua"), "one is of"),
        (lambda header: header["chosen"].update(filter=["x/*"]), "--filter x/*"),
    ],
)
def test_what_does_not_belong_together_is_refused(
    environment: dict[str, str], tmp_path: Path, shards: list[str], change: object, said: str
) -> None:
    full = [path for path in shards if lines_of(Path(path))[0]["engines"]]
    changed(full[-1], change)
    output = tmp_path / "all.jsonl"
    done = lockstep(environment, "merge", *full, "--output", str(output), code=2)
    assert "do not belong together" in done.stderr
    assert said in done.stderr
    assert not output.exists()


def test_records_are_gated_recorded_and_remembered(
    environment: dict[str, str], tmp_path: Path, shards: list[str]
) -> None:
    assert "lockstep status --update" in lockstep(environment, "gate", *shards, code=3).stderr
    lockstep(environment, "status", "--update", *shards)
    content = yaml.safe_load((tmp_path / "status" / "test262.yaml").read_text())
    assert content["counts"] == {ENGINE: {"pass": 5, "fail": 2, "total": 7}}
    lockstep(environment, "gate", *shards)
    # Worse than known: red, with the same words as a run.
    for path in shards:
        text = Path(path).read_text()
        Path(path).write_text(text.replace('"verdict":"pass"', '"verdict":"fail"'))
    done = lockstep(environment, "gate", *shards, code=1)
    assert "Regressions: 5" in done.stdout
    assert "failed on: regression" in done.stderr
    lockstep(environment, "gate", *shards, "--fail-on", "never")
    # Without a shard nothing can be said.
    assert lockstep(environment, "gate", *shards[:2], "--fail-on", "never", code=3)
    assert "run 1" in lockstep(environment, "history", "--add", *shards).stdout
    assert "already, as run 1" in lockstep(environment, "history", "--add", *shards).stderr
    assert "test262" in lockstep(environment, "history").stdout


def test_engines_of_several_machines_share_a_table_and_a_status(
    environment: dict[str, str], tmp_path: Path
) -> None:
    first = shard(environment, tmp_path, 1, 1)
    other = tmp_path / "other"
    second = shard(environment, other, 1, 1, fake("always-reject"))
    done = lockstep(environment, "report", first, second)
    assert ENGINE in done.stdout
    assert fake("always-reject") in done.stdout
    assert "partial" not in done.stdout
    lockstep(environment, "status", "--update", first, second)
    lockstep(environment, "gate", first, second)
    assert (
        "do not belong together"
        in lockstep(
            environment, "merge", first, second, "--output", str(tmp_path / "all.jsonl"), code=2
        ).stderr
    )


def test_the_status_needs_the_suite(environment: dict[str, str], tmp_path: Path, shards: list[str]) -> None:
    environment["LOCKSTEP_SUITES"] = str(tmp_path / "nowhere")
    done = lockstep(environment, "status", "--update", *shards, code=3)
    assert "suites fetch test262" in done.stderr
    assert not (tmp_path / "status" / "test262.yaml").exists()


def test_cases_that_are_gone(environment: dict[str, str], tmp_path: Path) -> None:
    lockstep(environment, "run", "test262", "--engine", ENGINE, "--update-status")
    record = tmp_path / "run.jsonl"
    test = tmp_path / "suites" / "test262" / "test" / "language"
    ask = ("run", "test262", "--engine", ENGINE, "--fail-on", "missing", "--output", str(record))
    lockstep(environment, *ask)
    (test / "a.js").unlink()
    # It passed, so that only the number of executions tells; of a part of the run that says nothing.
    assert "2 executions fewer" in lockstep(environment, *ask, code=1).stdout
    lockstep(environment, *ask, "--filter", "language/*")
    (test / "c.js").unlink()
    assert "language/c.js" in lockstep(environment, *ask, "--filter", "language/*", code=1).stdout
    lockstep(environment, *ask, code=1)
    assert (
        "language/c.js" in lockstep(environment, "gate", str(record), "--fail-on", "missing", code=1).stdout
    )
    lockstep(environment, "gate", str(record))
