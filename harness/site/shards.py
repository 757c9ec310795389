"""The tests of a part in shards: what the page of a test reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from lockstep.harness.model import Case, Result, Suite, Verdict
from lockstep.harness.reports.look.sources import LONGEST_FILE, expected_text, lines_about, web_place
from lockstep.harness.site.addresses import engine_page, folder_page
from lockstep.harness.site.data import (
    CaseChange,
    CaseData,
    OutcomeData,
    PlaceData,
    SeenEngine,
    ShardData,
)
from lockstep.harness.site.parts import Change, EngineView, Part
from lockstep.reference.host.printable import printable, printable_line

TESTS = 64
_ESID = re.compile(r"^esid:\s*([\w%.@-]+)", re.MULTILINE)
_SPECIFICATIONS = (("intl402/", "https://tc39.es/ecma402/"), ("", "https://tc39.es/ecma262/"))


class Shards:
    """The shards of a part, each made when it is asked for.

    Args:
        part: whose tests.
        named: whether a name of an engine is enough to start it.
    """

    def __init__(self, part: Part, named: Callable[[str], bool]) -> None:
        self._part = part
        self._named = named
        self._texts: dict[Path, str] = {}

    def __len__(self) -> int:
        return len(self.firsts)

    @cached_property
    def firsts(self) -> list[str]:
        """The first test of each: where a test is, is found by them."""
        return self._part.names[::TESTS]

    def data(self, number: int) -> ShardData:
        """One of them."""
        part = self._part
        first, last = number * TESTS, min((number + 1) * TESTS, len(part.names))
        return ShardData(
            part.language,
            part.suite,
            part.revision,
            self._engines,
            tuple(self._test(place) for place in range(first, last)),
            part.names[first - 1] if first else "",
            part.names[last] if last < len(part.names) else "",
            self._folders(part.names[first:last]),
        )

    def _folders(self, names: Sequence[str]) -> dict[str, str]:
        """The pages of the folders that tests are in."""
        found: dict[str, str] = {}
        for name in names:
            folder = name.rpartition("/")[0]
            while folder and folder not in found:
                found[folder] = folder_page(self._part.language, self._part.suite, folder)
                folder = folder.rpartition("/")[0]
        return dict(sorted(found.items()))

    @cached_property
    def _engines(self) -> tuple[SeenEngine, ...]:
        found = []
        for engine in self._part.engines:
            one = engine.current
            since = min((point.started for point in engine.points), default=one.started)
            found.append(
                SeenEngine(
                    engine.name,
                    engine_page(self._part.language, engine.name),
                    one.engine.version,
                    one.engine.host,
                    one.started,
                    since,
                    self._named(engine.name),
                )
            )
        return tuple(found)

    @cached_property
    def _web(self) -> dict[str, object] | None:
        part = self._part
        if part.files is None:
            return None
        return web_place(part.files, (part.cases[name] for name in part.names if name in part.cases))

    @cached_property
    def _changes(self) -> dict[int, list[CaseChange]]:
        """The changes of each test, by its number."""
        part = self._part
        found: dict[int, list[tuple[str, int, CaseChange]]] = {}
        for number, engine in enumerate(part.engines):
            for change in engine.changes:
                row = self._change(number, change)
                found.setdefault(part.case_numbers[change.row], []).append((change.started, number, row))
        return {
            case: [row for _, _, row in sorted(rows, key=lambda entry: entry[:2])]
            for case, rows in found.items()
        }

    def _change(self, number: int, change: Change) -> CaseChange:
        mode = self._part.executions[change.row][1]
        return CaseChange(number, mode, change.started, change.before, change.after, change.revision)

    def _test(self, place: int) -> CaseData:
        part = self._part
        name = part.names[place]
        case = part.cases.get(name)
        modes = part.modes[name]
        first, source = self._source(case, name)
        return CaseData(
            name=name,
            modes=modes,
            features=case.features if case is not None else (),
            case=part.points.get(name, ""),
            source=source,
            first=first,
            expected=tuple(_expected(part.files, case, modes)),
            outcomes=tuple(self._outcomes(place)),
            changes=tuple(self._changes.get(place, ())),
            web=self._address(name),
            clause=_clause(name, source) if part.suite == "test262" else "",
        )

    def _source(self, case: Case | None, name: str) -> tuple[int, str]:
        suite = self._part.files
        path = suite.source_path(case) if suite is not None and case is not None else None
        if path is None:
            return 1, ""
        text = self._texts.get(path)
        if text is None:
            try:
                text = printable(path.read_bytes().decode("utf-8", "surrogateescape"))
            except OSError:
                return 1, ""
            # Cases that share a file stand together.
            self._texts = {path: text}
        if len(text) <= LONGEST_FILE:
            return 1, text
        first, text = lines_about(name.rpartition("/")[2], text)
        return (first, text) if len(text) <= LONGEST_FILE else (1, "")

    def _address(self, name: str) -> str:
        if self._web is None:
            return ""
        case = self._part.points.get(name, name)
        path = case.rpartition("/")[0] if self._web["folder"] else case
        return f"{self._web['base']}{quote(path)}"

    def _outcomes(self, place: int) -> Iterator[OutcomeData]:
        """What the engines did; those that did the same in the same modes are one."""
        part = self._part
        start = part.starts[place]
        modes = part.modes[part.names[place]]
        found: dict[tuple[object, ...], tuple[list[int], OutcomeData]] = {}
        for number, engine in enumerate(part.engines):
            for same_modes, result in _by_result(engine, start, modes):
                data = _outcome(result, same_modes)
                key = (
                    same_modes,
                    data.verdict,
                    data.reason,
                    data.error,
                    data.message,
                    data.phase,
                    data.location,
                    data.output,
                    data.first,
                )
                found.setdefault(key, ([], data))[0].append(number)
        ordered = sorted(found.values(), key=lambda entry: (entry[1].verdict == Verdict.PASS, entry[0]))
        for engines, data in ordered:
            yield OutcomeData(
                tuple(engines), data.modes, data.verdict, data.reason, data.error, data.message, data.phase, data.location, data.output, data.first
            )  # fmt: skip


def _by_result(
    engine: EngineView, start: int, modes: Sequence[str]
) -> Iterator[tuple[tuple[str, ...], Result]]:
    """The results of an engine in the modes of a test; modes that ended alike are one."""
    found: dict[tuple[object, ...], tuple[list[str], Result]] = {}
    for row, mode in enumerate(modes, start):
        result = engine.current.results.get(row)
        if result is not None:
            key = (result.verdict, result.reason, result.output, result.location, result.first)
            found.setdefault(key, ([], result))[0].append(mode)
    for same, result in found.values():
        yield tuple(same), result


def _outcome(result: Result, modes: tuple[str, ...]) -> OutcomeData:
    if result.verdict is Verdict.PASS and not result.first and not result.wavers:
        return OutcomeData((), modes, str(result.verdict))
    place = result.location
    tries = (
        ", ".join(f"{times} x {verdict}" for verdict, times in result.tries.items()) if result.wavers else ""
    )
    return OutcomeData(
        (),
        modes,
        str(result.verdict),
        printable(result.reason),
        printable_line(result.error),
        printable(result.message),
        printable_line(result.phase),
        None if place is None else PlaceData(printable_line(place.file), place.line, place.column),
        printable(result.output),
        printable_line(result.first or tries),
    )


def _expected(
    suite: Suite | None, case: Case | None, modes: Sequence[str]
) -> Iterator[tuple[tuple[str, ...], str]]:
    if suite is None or case is None:
        return
    found: dict[str, list[str]] = {}
    for mode in modes:
        text = expected_text(suite, case, mode)
        if text:
            found.setdefault(text, []).append(mode)
    for text, same in found.items():
        yield tuple(same), text


def _clause(name: str, source: str) -> str:
    found = _ESID.search(source)
    if found is None or found[1] in {"pending", "prod"}:
        return ""
    base = next(base for prefix, base in _SPECIFICATIONS if name.startswith(prefix))
    return f"{base}#{quote(found[1])}"
