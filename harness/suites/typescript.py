"""TypeScript's own conformance tests, as tests of a parser: what its compiler reads is read, and what it cannot read is refused.

What the compiler says of each stands in a baseline. Most of that is about types, and says nothing of an engine that
erases them: such programs must be read. Programs must be refused where an error of the baseline is one that only the compiler's
parser gives. Where the compiler finds other errors of grammar, or those that JavaScript has too, an engine may do
either, so these are no cases; neither are tests of several files. Programs run for a few steps, and it does not matter
how they end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lockstep.harness.model import Case, Judgement, Outcome, Task, Verdict
from lockstep.harness.suites.file_index import indexed
from lockstep.harness.suites.sources import SOURCES, locate
from lockstep.harness.wording import describe
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits

_CASES = "tests/cases/conformance"
_BASELINES = "tests/baselines/reference"
_LIMITS = Limits(steps=20_000, seconds=30.0)
_ERROR = re.compile(rb"error TS([0-9]+):")
_SEVERAL_FILES = re.compile(rb"^\s*//\s*@filename:", re.IGNORECASE | re.MULTILINE)
# Errors of the grammar have these numbers; those of the parser are the ones below.
_GRAMMAR = range(1000, 2000)
_SYNTAX = frozenset(
    {
        *(1002, 1003, 1005, 1010, 1011, 1034, 1068, 1109, 1110, 1124, 1125, 1127, 1128, 1130, 1131, 1132),
        *(1134, 1135, 1136, 1137, 1138, 1144, 1146, 1160, 1357, 1389, 1434, 1435, 1436, 1442, 1443, 1472),
    }
)
# Errors that JavaScript has too, of names that are declared twice, targets, `super`, heads of loops, private names; and those
# of signatures, modifiers and names that engines may refuse, as node's own stripper does.
_EARLY = frozenset(
    {
        *(
            2300,
            2323,
            2335,
            2337,
            2340,
            2356,
            2357,
            2364,
            2369,
            2371,
            2383,
            2384,
            2385,
            2392,
            2393,
            2394,
            2404,
            2405,
        ),
        *(
            2406,
            2427,
            2451,
            2462,
            2466,
            2480,
            2481,
            2483,
            2487,
            2499,
            2500,
            2501,
            2523,
            2524,
            2528,
            2660,
            2661,
            2699,
        ),
        *(
            2701,
            2754,
            2777,
            2778,
            2779,
            2780,
            2781,
            2804,
            2813,
            2814,
            4112,
            4113,
            5076,
            5084,
            5085,
            5086,
            5087,
            8020,
        ),
        *(17006, 17013, 17019, 17020, *range(18000, 19000)),
    }
)
# What engines say of constructs that cannot be erased: they read them, and do not run them.
_NOT_ERASED = ("strip-only mode", "type strip mode", "decorators are not supported")


@dataclass(frozen=True)
class Reading:
    """That a program is read, or that it is refused."""

    refused: bool
    # It may run out of its few steps.
    ends: str = "timeout"

    def check(self, outcome: Outcome) -> Judgement:
        """Pass, fail, or unsupported where the program was read and cannot be erased."""
        early = outcome.completion == "threw" and outcome.phase in ("parse", "early")
        if early is self.refused:
            return Judgement(Verdict.PASS)
        if self.refused:
            return Judgement(Verdict.FAIL, f"expected a syntax error, but it {describe(outcome)}")
        if any(words in outcome.message for words in _NOT_ERASED):
            return Judgement(Verdict.UNSUPPORTED, outcome.message)
        return Judgement(Verdict.FAIL, describe(outcome))


class TypeScript:
    """The conformance tests of the TypeScript compiler."""

    name = "typescript"
    sources = ("typescript",)
    languages = ("javascript",)
    revision = SOURCES["typescript"].revision

    @cached_property
    def _root(self) -> Path:
        return locate("typescript")

    @cached_property
    def _errors(self) -> dict[str, set[int]]:
        """The numbers of the errors in the baselines of each test, of all its variants."""
        folder = self._root / _BASELINES
        names = sorted(path.name for path in folder.glob("*.errors.txt"))
        found: dict[str, set[int]] = {}
        for path, numbers in indexed("typescript-baselines", folder, names, list, _numbers).items():
            # `name(target=es5).errors.txt`, of the variant for one option
            test = path.rpartition("/")[2].removesuffix(".errors.txt").partition("(")[0]
            found.setdefault(test, set()).update(numbers)
        return found

    @cached_property
    def _expected(self) -> dict[str, bool]:
        """The tests, with whether each must be refused."""
        folder = self._root / _CASES
        paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.ts"))
        alone = indexed(
            "typescript", folder, [path for path in paths if not path.endswith(".d.ts")], bool, _is_alone
        )
        expected = {}
        for path in alone:
            relative = path.removeprefix(f"{folder}/")
            errors = self._errors.get(Path(relative).stem, set())
            if errors & _SYNTAX:
                expected[relative] = True
            elif not errors & _EARLY and not any(number in _GRAMMAR for number in errors):
                expected[relative] = False
        return expected

    def cases(self) -> list[Case]:
        """Every test of one file of which the baselines say whether it can be read."""
        return [
            Case(self.name, path, "javascript", features=(path.partition("/")[0],)) for path in self._expected
        ]

    def source_path(self, case: Case) -> Path:
        """The test's file."""
        return self._root / _CASES / case.id

    def task(self, case: Case, mode: str) -> Task:
        """The program, and whether it must be refused."""
        del mode  # there is one
        source = self.source_path(case).read_bytes().decode("utf-8", "surrogateescape")
        return Task(Program(source, case.id, "typescript"), Reading(self._expected[case.id]), _LIMITS)


def _numbers(content: bytes) -> list[int]:
    return sorted({int(number) for number in _ERROR.findall(content)})


def _is_alone(content: bytes) -> bool | None:
    return None if _SEVERAL_FILES.search(content) else True
