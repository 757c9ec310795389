"""The rows of a run as columns: what the page's script unpacks (docs/report.md has every field)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lockstep.harness.causes import cause_of
from lockstep.harness.model import Result, Verdict

FORMAT = 1
VERDICTS = tuple(str(verdict) for verdict in Verdict)
_DIGIT = {verdict: str(number) for number, verdict in enumerate(VERDICTS)}
_NOT_RUN = " "
# Stands in a reason for the test's own name, so that the same failure of many tests is one text.
OWN_NAME = "\ue000"
_SLOWEST = 100


@dataclass(frozen=True)
class SuiteRun:
    """What one suite's part of a run holds, with the order of its columns.

    Attributes:
        name: the suite's name.
        results: its results, by (case, mode, engine).
        engines: the engines that ran any of it, in the order of the run.
    """

    name: str
    results: Mapping[tuple[str, str, str], Result]
    engines: tuple[str, ...]

    @cached_property
    def modes(self) -> dict[str, tuple[str, ...]]:
        """The modes of each case, cases in the order of their folders."""
        found: dict[str, dict[str, None]] = {}
        for case, mode, _ in self.results:
            found.setdefault(case, {})[mode] = None
        return {case: tuple(sorted(found[case])) for case in sorted(found, key=place)}

    @cached_property
    def executions(self) -> list[tuple[str, str]]:
        """Every case and mode, in order: the rows of the columns."""
        return [(case, mode) for case, modes in self.modes.items() for mode in modes]

    @cached_property
    def not_passing(self) -> dict[str, list[Result]]:
        """The results of each case that some engine does not pass, in the order of the cases."""
        found: dict[str, list[Result]] = {}
        for result in self.results.values():
            if result.verdict is not Verdict.PASS:
                found.setdefault(result.case, []).append(result)
        return {case: found[case] for case in self.modes if case in found}


def place(case: str) -> tuple[list[str], str]:
    """What cases are sorted by: folder by folder, what stands directly in one before what is below it."""
    folder, _, name = case.rpartition("/")
    return folder.split("/"), name


def split_by_suite(results: Iterable[Result], engines: Sequence[str]) -> list[SuiteRun]:
    """The parts of a run, suites in the order in which they come; `engines` is the order of the columns."""
    parts: dict[str, dict[tuple[str, str, str], Result]] = {}
    for result in results:
        parts.setdefault(result.suite, {})[result.case, result.mode, result.engine] = result
    order = {name: number for number, name in enumerate(engines)}
    return [
        SuiteRun(
            name,
            part,
            tuple(sorted({engine for _, _, engine in part}, key=lambda engine: (order.get(engine, len(order)), engine))),
        )
        for name, part in parts.items()
    ]  # fmt: skip


def columns(part: SuiteRun) -> dict[str, object]:
    """The columns of a suite: names by folder, a verdict for each execution and engine, reasons of what does not pass."""
    return {
        "name": part.name,
        "engines": list(part.engines),
        **named(part.modes),
        "idle": _idle(part),
        **told(
            [part.results.get((case, mode, engine)) for case, mode in part.executions]
            for engine in part.engines
        ),
        **_remarkable(part),
    }


def told(engines: Iterable[Iterable[Result | None]]) -> dict[str, Any]:
    """What each engine did, from its results in the order of the executions: verdicts, and reasons of what does not pass."""
    reasons: dict[str, int] = {}
    cells, why = [], []
    for results in engines:
        row, found = [], []
        for result in results:
            row.append(_NOT_RUN if result is None else _DIGIT[result.verdict])
            if result is not None and result.verdict is not Verdict.PASS:
                found.append(reasons.setdefault(_without_name(result), len(reasons)))
        cells.append("".join(row))
        why.append(found)
    causes: dict[str, int] = {}
    return {
        "cells": cells,
        "why": why,
        "reason_causes": [causes.setdefault(_cause(reason), len(causes)) for reason in reasons],
        "reasons": list(reasons),
        "causes": list(causes),
    }


def _cause(reason: str) -> str:
    return cause_of(reason).replace(OWN_NAME, "PATH")


def _without_name(result: Result) -> str:
    return result.reason.replace(result.case, OWN_NAME)


def named(cases: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """The names of the cases, each folder once with how many cases stand directly in it, and the modes of each."""
    folders: list[str] = []
    sizes: list[int] = []
    names = []
    for case in cases:
        folder, _, name = case.rpartition("/")
        if not folders or folders[-1] != folder:
            folders.append(folder)
            sizes.append(0)
        sizes[-1] += 1
        names.append(name)
    modes: dict[tuple[str, ...], int] = {}
    return {
        "folders": folders,
        "sizes": sizes,
        "names": "\n".join(names),
        "case_modes": [modes.setdefault(found, len(modes)) for found in cases.values()],
        "modes": [list(found) for found in modes],
    }


def _idle(part: SuiteRun) -> str:
    """1 for each execution that an engine which does nothing would pass."""
    vacuous = {(case, mode) for (case, mode, _), result in part.results.items() if result.vacuous}
    return "".join("1" if one in vacuous else "0" for one in part.executions)


def _remarkable(part: SuiteRun) -> dict[str, object]:
    """The slowest executions, and those that ended otherwise when they were run again alone."""
    number = {one: row for row, one in enumerate(part.executions)}
    engine = {name: column for column, name in enumerate(part.engines)}

    def at(result: Result) -> tuple[int, int]:
        return number[result.case, result.mode], engine[result.engine]

    slow = sorted(part.results.values(), key=lambda result: -result.ms)[:_SLOWEST]
    return {
        "slow": [[*at(result), round(result.ms, 1)] for result in slow],
        "unsteady": [
            [
                *at(result),
                result.first or ", ".join(f"{times} x {name}" for name, times in result.tries.items()),
            ]
            for result in part.results.values()
            if result.first or result.wavers
        ],
    }
