"""The judge's truth table: engines that behave in one known way get exactly the verdicts they deserve."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lockstep.harness.engines.lane import Job
from lockstep.harness.engines.pool import Pool
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.expectation import Expectation
from lockstep.harness.judge import judge
from lockstep.harness.model import Outcome, Verdict
from lockstep.harness.suites.clojure_tally import Tally
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits

FAKE = Path(__file__).parent / "fake_engines" / "fake.py"

COMPLETES = Expectation()
REJECTS = Expectation(ends="threw", phase="parse", error="SyntaxError")
THROWS = Expectation(ends="threw", phase="eval", error="TypeError")
PRINTS = Expectation(lines=("one", "two"))
REPORTS_DONE = Expectation(marker="two", forbidden="Failure:")
RUNS_OUT = Expectation(ends="timeout")
EXPECTATIONS = {
    "completes": COMPLETES,
    "rejects": REJECTS,
    "throws": THROWS,
    "prints": PRINTS,
    "done": REPORTS_DONE,
    "runs-out": RUNS_OUT,
}

P, F, T, C, E, U = (
    Verdict.PASS,
    Verdict.FAIL,
    Verdict.TIMEOUT,
    Verdict.CRASH,
    Verdict.ERROR,
    Verdict.UNSUPPORTED,
)

# Behaviour -> the verdict on each expectation, in the order of EXPECTATIONS.
TRUTH = {
    "always-pass": (P, F, F, F, F, F),
    "always-throw": (F, F, P, F, F, F),
    "always-reject": (F, P, F, F, F, F),
    "wrong-phase": (F, F, F, F, F, F),
    "wrong-constructor": (F, F, F, F, F, F),
    "extra-output": (P, F, F, F, P, F),
    "right-output": (P, F, F, P, P, F),
    "out-of-steps": (T, T, T, T, T, P),
    "out-of-memory": (C, C, C, C, C, C),
    "unsupported": (U, U, U, U, U, U),
    "bug": (E, E, E, E, E, E),
    "unknown-completion": (C, C, C, C, C, C),
    "die": (C, C, C, C, C, C),
    "garbage": (C, C, C, C, C, C),
    "wrong-number": (C, C, C, C, C, C),
    "hang": (T, T, T, T, T, T),
    "silent": (T, T, T, T, T, T),
    "eat": (C, C, C, C, C, C),
}


def fake(behaviour: str, language: str = "lua5.4") -> EngineSpec:
    return EngineSpec(f"fake:{behaviour}", language, (sys.executable, str(FAKE), behaviour, language))


def outcome_of(behaviour: str) -> Outcome:
    pool: Pool[int] = Pool(1, memory=256)
    # Only what never answers is waited for: time decides nothing else.
    seconds = 0.3 if behaviour in {"hang", "silent"} else 60.0
    job = Job(0, fake(behaviour), lambda: (Program("x"), Limits(seconds=seconds)))
    (finished,) = [one for one in pool.run([job]) if one.final]
    return finished.outcome


@pytest.mark.parametrize("behaviour", TRUTH)
def test_truth_table(behaviour: str) -> None:
    outcome = outcome_of(behaviour)
    found = {name: judge(expectation, outcome).verdict for name, expectation in EXPECTATIONS.items()}
    assert found == dict(zip(EXPECTATIONS, TRUTH[behaviour], strict=True))


def test_every_failure_has_a_reason() -> None:
    for expectation in EXPECTATIONS.values():
        judgement = judge(expectation, Outcome("threw", phase="eval", error="RangeError", message="x"))
        assert judgement.verdict is Verdict.FAIL
        assert judgement.reason


@pytest.mark.parametrize(
    ("output", "verdict"),
    [
        ("lockstep:tally tests=2 pass=3 fail=0 error=0\n", P),
        ("lockstep:tally tests=2 pass=3 fail=1 error=0\n", F),
        ("lockstep:tally tests=2 pass=3 fail=0 error=1\n", F),
        ("lockstep:tally tests=0 pass=0 fail=0 error=0\n", F),
        ("SKIP - abs\nlockstep:tally tests=0 pass=0 fail=0 error=0\n", U),
        ("all is well\n", F),
        ("", F),
    ],
)
def test_tally(output: str, verdict: Verdict) -> None:
    assert judge(Tally(), Outcome("completed", output=output)).verdict is verdict


@pytest.mark.parametrize(
    ("output", "verdict"),
    [
        ("Test262:AsyncTestComplete\n", P),
        ("Test262:AsyncTestFailure:TypeError: x\nTest262:AsyncTestComplete\n", F),
        ("xTest262:AsyncTestComplete\n", F),
        ("", F),
    ],
)
def test_asynchronous_marker(output: str, verdict: Verdict) -> None:
    expectation = Expectation(marker="Test262:AsyncTestComplete", forbidden="Test262:AsyncTestFailure:")
    assert judge(expectation, Outcome("completed", output=output)).verdict is verdict


@pytest.mark.parametrize(
    ("output", "verdict"),
    [
        ("one\ntwo\n", P),
        ("one  \ntwo", P),
        ("one\ntwo\n\n", P),
        ("one\n two\n", F),
        ("one\n\ntwo\n", F),
        ("one\n", F),
        ("one\ntwo\nthree\n", F),
        ("", F),
    ],
)
def test_lines(output: str, verdict: Verdict) -> None:
    assert judge(PRINTS, Outcome("completed", output=output)).verdict is verdict


def test_kinds_bind_engines_that_have_them() -> None:
    expectation = Expectation(ends="threw", kind="type_error", message="x")
    assert judge(expectation, Outcome("threw", message="x")).verdict is Verdict.PASS
    assert judge(expectation, Outcome("threw", kind="type_error", message="x")).verdict is Verdict.PASS
    assert judge(expectation, Outcome("threw", kind="name_error", message="x")).verdict is Verdict.FAIL


def test_message_must_contain_the_expected_text() -> None:
    expectation = Expectation(ends="threw", kind="type_error", message="nil value")
    good = Outcome("threw", kind="type_error", message="attempt to call a nil value (global 'x')")
    bad = Outcome("threw", kind="type_error", message="attempt to call a table value")
    assert judge(expectation, good).verdict is Verdict.PASS
    assert judge(expectation, bad).verdict is Verdict.FAIL
