"""The worker pool: whatever a worker does costs one case, never the run."""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path

import pytest

from lockstep.harness.engines.lane import Job
from lockstep.harness.engines.pool import Pool
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits
from tests.harness.test_judge import fake


def run(behaviour: str, sources: list[str], seconds: float = 60.0, workers: int = 2) -> dict[str, str]:
    pool: Pool[str] = Pool(workers, memory=256)
    engine = fake(behaviour)

    def prepared(source: str) -> tuple[Program, Limits]:
        return Program(source), Limits(seconds=seconds)

    jobs = [Job(source, engine, partial(prepared, source)) for source in sources]
    return {one.job.key: one.outcome.completion for one in pool.run(jobs) if one.final}


@pytest.mark.parametrize(
    ("behaviour", "word", "completion"),
    [
        ("die-on-word", "die", "crash"),
        ("hang-on-word", "hang", "timeout"),
        ("garbage-on-word", "garbage", "garbage"),
        ("eat-on-word", "eat", "oom"),
    ],
)
def test_a_bad_case_costs_one_case(behaviour: str, word: str, completion: str) -> None:
    sources = [f"good {number}" for number in range(20)]
    sources.insert(7, f"{word} now")
    sources.insert(15, f"{word} again")
    found = run(behaviour, sources, seconds=2.0 if word == "hang" else 60.0)
    assert len(found) == len(sources)
    for source, ended in found.items():
        assert ended == (completion if source.startswith(word) else "completed"), source


def test_a_timed_out_case_is_retried_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_MARKER", str(tmp_path / "hung"))
    assert run("hang-once", ["one", "hang", "two"], seconds=2.0) == dict.fromkeys(
        ["one", "hang", "two"], "completed"
    )


def test_a_crash_is_retried_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_MARKER", str(tmp_path / "died"))
    assert run("die-once", ["one", "two"], workers=1) == {"one": "completed", "two": "completed"}


def test_closing_early_leaves_no_process() -> None:
    pool: Pool[int] = Pool(2)
    engine = fake("hang-on-word")

    def prepared(number: int) -> tuple[Program, Limits]:
        return Program("hang" if number else "go"), Limits()

    jobs = [Job(number, engine, partial(prepared, number)) for number in range(5)]
    finished = pool.run(jobs)
    first = next(finished)
    assert (first.job.key, first.outcome.completion) == (0, "completed")
    started = time.monotonic()
    finished.close()
    assert time.monotonic() - started < 5
    time.sleep(0.2)
    assert not [pid for pid in Path("/proc").iterdir() if pid.name.isdigit() and _is_child_fake(pid)]


def _is_child_fake(process: Path) -> bool:
    try:
        status = (process / "status").read_text()
        command = (process / "cmdline").read_text()
    except OSError:
        return False
    return "fake.py" in command and f"PPid:\t{os.getpid()}\n" in status and "(zombie)" not in status


def test_order_of_results_does_not_matter_to_keys() -> None:
    sources = [f"case {number}" for number in range(50)]
    assert set(run("always-pass", sources, workers=3)) == set(sources)
