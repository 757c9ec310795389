"""A suite of nine tests on two engines, and what hostile guests write: for pages that tests look at."""

from __future__ import annotations

from pathlib import Path

from lockstep.harness.expectation import Expectation
from lockstep.harness.messages import EngineRow, RecordHeader
from lockstep.harness.model import Case, Result, Task, Verdict
from lockstep.reference.host.engine import Program

ENGINES = tuple(
    EngineRow(name, "javascript", version, "host 1", "abc") for name, version in (("mine", "fox 0.9"), ("other", "hound 2"))
)  # fmt: skip
STARTED = "2026-11-30T10:00:00+00:00"
HEADER = RecordHeader(
    lockstep=1, suite="small", revision={"small": "r1"}, engines=ENGINES, started=STARTED, selection="whole"
)
HOSTILE = "threw Error: </script><img src=x onerror=alert(1)> & \"q\" 'r' at deep/a b.js:2 (eval)"
SOURCE = "first;\nsecond;\nthird;\n"


class Small:
    """Nine tests in three folders, each in two modes."""

    name = "small"
    languages = ("javascript",)
    revision = "r1"

    def __init__(self, root: Path) -> None:
        self._root = root
        for case in self.cases():
            path = self.source_path(case)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(SOURCE)

    def cases(self) -> list[Case]:
        """Some with features."""
        names = [
            "top.js",
            *(f"{folder}/{name}.js" for folder in ("deep", "deep/er") for name in ("a b", "b", "c", "d")),
        ]
        return [
            Case("small", name, "javascript", ("sloppy", "strict"), ("let",) if "b.js" in name else ()) for name in names
        ]  # fmt: skip

    def source_path(self, case: Case) -> Path:
        """The file."""
        return self._root / case.id

    def task(self, case: Case, mode: str) -> Task:
        """It must throw in strict mode."""
        wanted = (
            Expectation(ends="threw", phase="parse", error="SyntaxError")
            if mode == "strict"
            else Expectation()
        )
        return Task(Program(SOURCE, case.id, mode), wanted)


# What is not as `pass` says, by (case, mode, engine); of the run before, by the same.
NOW = {
    ("deep/a b.js", "sloppy", "mine"): (Verdict.FAIL, HOSTILE),
    ("deep/a b.js", "strict", "mine"): (
        Verdict.FAIL,
        "expected SyntaxError in phase parse, but it completed",
    ),
    ("deep/b.js", "sloppy", "mine"): (Verdict.FAIL, "threw TypeError: 'x' is no y at deep/b.js:3 (eval)"),
    ("deep/c.js", "sloppy", "mine"): (Verdict.FAIL, "threw TypeError: 'z' is no y at deep/c.js:1 (eval)"),
    ("deep/er/d.js", "strict", "mine"): (Verdict.CRASH, "signal 11"),
    ("deep/er/d.js", "sloppy", "other"): (Verdict.TIMEOUT, "time limit reached"),
    ("deep/er/c.js", "sloppy", "other"): (Verdict.UNSUPPORTED, "no modules"),
    ("deep/er/c.js", "strict", "other"): (Verdict.UNSUPPORTED, "no modules"),
}
BEFORE = {
    ("deep/d.js", "sloppy", "mine"),
    ("deep/b.js", "strict", "other"),
    ("deep/er/d.js", "strict", "mine"),
}


def results(suite: Small) -> list[Result]:
    found = []
    for case in suite.cases():
        for mode in case.modes:
            for engine in ("mine", "other"):
                verdict, reason = NOW.get((case.id, mode, engine), (Verdict.PASS, ""))
                found.append(
                    Result("small", case.id, mode, engine, verdict, reason, ms=2.0, vacuous=mode == "sloppy",
                           output="said this" if reason == HOSTILE else "")
                )  # fmt: skip
    return found
