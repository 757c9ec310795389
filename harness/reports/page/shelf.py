"""What a suite's own files say of its tests: their text, what they must do, their features, where they stand on the web."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from lockstep.harness.causes import cause_of
from lockstep.harness.model import Case, CaseError, MissingError, Suite
from lockstep.harness.reports.look.sources import LONGEST_FILE, expected_text, lines_about, web_place
from lockstep.harness.reports.page.data import SuiteRun
from lockstep.harness.status.points import case_of_point
from lockstep.reference.host.printable import printable, printable_line

# Text that a page carries at most, over all its suites, before it is packed.
BUDGET = 6 << 20


@dataclass
class Shelf:
    """The texts of a page, within a budget: tests' files and what programs printed, each once.

    Attributes:
        texts: by number.
        left: how many more characters there is room for.
    """

    texts: list[str] = field(default_factory=list)
    left: int = BUDGET
    _printed: dict[str, int] = field(default_factory=dict)
    _files: dict[tuple[Path, str], tuple[int, int]] = field(default_factory=dict)
    _long: set[Path] = field(default_factory=set)

    def add_printed(self, text: str) -> int | None:
        """The number of what a program printed; None if it printed nothing, or there is no room."""
        if not text or (text not in self._printed and len(text) > self.left):
            return None
        if text not in self._printed:
            self.left -= len(text)
            self._printed[text] = len(self.texts)
            self.texts.append(printable(text))
        return self._printed[text]

    def add(self, path: Path, name: str) -> tuple[int, int] | None:
        """The number of a file's text and the number of its first line; None if it cannot be read, or there is no room.

        Of a long file only the lines about the first that has `name`.
        """
        key = (path, name if path in self._long else "")
        if key not in self._files:
            try:
                text = printable(path.read_bytes().decode("utf-8", "surrogateescape"))
            except OSError:
                return None
            first = 1
            if len(text) > LONGEST_FILE:
                self._long.add(path)
                key = (path, name)
                first, text = lines_about(name, text)
            if len(text) > min(LONGEST_FILE, self.left):
                return None
            self.left -= len(text)
            self._files[key] = len(self.texts), first
            self.texts.append(text)
        return self._files[key]


def told_by_suite(part: SuiteRun, suite: Suite | None, shelf: Shelf) -> dict[str, object]:
    """What the page can say beside the numbers; without the suite's files only their absence."""
    if suite is None:
        return {"missing": "the suite's files were not at hand when this page was made"}
    try:
        cases = {printable_line(case.id): case for case in suite.cases()}
    except (CaseError, MissingError, OSError) as error:
        return {"missing": f"the suite's files were not at hand when this page was made: {error}"}
    points = _points(part, cases)
    known = {**cases, **{name: cases[case] for name, case in points.items()}}
    numbers = {name: number for number, name in enumerate(part.modes)}
    return {
        **_features(part, known),
        "web": web_place(suite, (cases[name] for name in part.modes if name in cases)),
        "points": {numbers[name]: case for name, case in points.items()},
        **_carried(part, suite, known, shelf),
    }


def _points(part: SuiteRun, cases: Mapping[str, Case]) -> dict[str, str]:
    """The points of cases among the names of a run, each with its case: no suite lists them."""
    found = ((name, case_of_point(name, cases)) for name in part.modes if name not in cases)
    return {name: case for name, case in found if case}


def _features(part: SuiteRun, cases: Mapping[str, Case]) -> dict[str, object]:
    names: dict[str, int] = {}
    sets: dict[tuple[int, ...], int] = {(): 0}
    numbers = []
    for name in part.modes:
        features = cases[name].features if name in cases else ()
        found = tuple(names.setdefault(feature, len(names)) for feature in features)
        numbers.append(sets.setdefault(found, len(sets)))
    return {
        "features": list(names),
        "feature_sets": [list(found) for found in sets],
        "case_features": numbers,
    }


def _carried(part: SuiteRun, suite: Suite, cases: Mapping[str, Case], shelf: Shelf) -> dict[str, object]:
    """The texts of tests that do not pass everywhere, as far as there is room, each cause having its turn."""
    numbers = {name: number for number, name in enumerate(part.modes)}
    rows = {one: number for number, one in enumerate(part.executions)}
    sources: dict[int, tuple[int, int]] = {}
    expected: dict[int, int] = {}
    texts: dict[str, int] = {}
    left_out = 0
    for name in _fairly(part):
        case = cases.get(name)
        path = suite.source_path(case) if case is not None else None
        found = shelf.add(path, name.rpartition("/")[2]) if path is not None else None
        if found is not None:
            sources[numbers[name]] = found
        else:
            left_out += 1
        if case is None or found is None:
            continue
        for mode in part.modes[name]:
            text = expected_text(suite, case, mode)
            if text:
                expected[rows[name, mode]] = texts.setdefault(text, len(texts))
    return {"sources": sources, "left_out": left_out, "expected": expected, "expectations": list(texts)}


def _fairly(part: SuiteRun) -> Iterator[str]:
    """The cases that do not pass everywhere: the first of each cause, then the second of each, and so on."""
    by_cause: dict[str, list[str]] = {}
    for name, results in part.not_passing.items():
        by_cause.setdefault(cause_of(results[0].reason), []).append(name)
    for turn in zip_longest(*by_cause.values()):
        yield from (name for name in turn if name is not None)


def printed(part: SuiteRun, shelf: Shelf) -> dict[str, object]:
    """The head of what each execution that does not pass printed: for each engine, row -> number of the text."""
    columns: list[dict[int, int]] = [{} for _ in part.engines]
    rows = {one: number for number, one in enumerate(part.executions)}
    engines = {name: number for number, name in enumerate(part.engines)}
    for results in part.not_passing.values():
        for result in results:
            number = shelf.add_printed(result.output)
            if number is not None:
                columns[engines[result.engine]][rows[result.case, result.mode]] = number
    return {"printed": columns}
