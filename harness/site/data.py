"""Everything that the site shows, as JSON: typed once; `harness/schemas/site*.json` are made of it."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from lockstep.harness.messages import Row

SITE_FORMAT: Final = 1


class CountsData(Row, frozen=True):
    """How many executions ended how.

    Attributes:
        verdicts: verdict -> executions; what is missing is 0.
        total: what ran.
        idle, measured: what an engine that does nothing would pass, of those of which that is known.
    """

    verdicts: dict[str, int]
    total: int
    idle: int = 0
    measured: int = 0


class PointData(Row, frozen=True):
    """What a run counted.

    Attributes:
        started: when it began, in UTC; a day where no more is known.
        passes, total: executions.
        revision: of the suite.
        hash: of the engine.
    """

    started: str
    passes: int
    total: int
    revision: str = ""
    hash: str = ""


class EngineData(Row, frozen=True):
    """An engine on a suite.

    Attributes:
        name: what tables call it.
        version: its implementation, as it says itself.
        host: what it runs on.
        hash: changes when the engine changes.
        started: when the shown state was seen.
        whole: whether it has run every test.
        counts: of the shown state.
        points: what earlier runs counted, the oldest first.
        gained, lost, otherwise: how many verdicts changed over all runs.
    """

    name: str
    version: str
    host: str
    hash: str
    started: str
    whole: bool
    counts: CountsData
    points: tuple[PointData, ...] = ()
    gained: int = 0
    lost: int = 0
    otherwise: int = 0


class SuiteEntry(Row, frozen=True):
    """A suite in one language, as the first page has it.

    Attributes:
        language: what its tests are written in.
        suite: its name.
        revision: of the suite.
        tests, executions: how many there are.
        engines: those that ran any of it, the one that passes most first.
        data: the file that says more.
    """

    language: str
    suite: str
    revision: str
    tests: int
    executions: int
    engines: tuple[EngineData, ...]
    data: str


class SiteData(Row, frozen=True):
    """What is on the whole site.

    Attributes:
        lockstep: the form of the file.
        title: of the site.
        made: the newest moment in what it was made from.
        suites: by language and name.
    """

    lockstep: Literal[1]
    title: str
    made: str
    suites: tuple[SuiteEntry, ...]


class GroupData(Row, frozen=True):
    """A folder or a feature.

    Attributes:
        name: its path, or its name.
        executions: how many it has.
        engines: engine -> passes and executions that ran; engines that ran none are missing.
    """

    name: str
    executions: int
    engines: dict[str, tuple[int, int]]


class CauseData(Row, frozen=True):
    """Executions that do not pass for one cause.

    Attributes:
        verdict: theirs.
        cause: the reason, without places and values.
        executions: how many there are.
        engines: how many on each engine.
        example: the case of the shortest name.
    """

    verdict: str
    cause: str
    executions: int
    engines: dict[str, int]
    example: str


class SuiteData(Row, frozen=True):
    """A suite in one language.

    Attributes:
        lockstep: the form of the file.
        language, suite, revision: which.
        engines: those that ran any of it.
        folders: every folder, with all below it.
        features: names under which the suite counts tests too.
        causes: the commonest first.
    """

    lockstep: Literal[1]
    language: str
    suite: str
    revision: str
    engines: tuple[EngineData, ...]
    folders: tuple[GroupData, ...]
    features: tuple[GroupData, ...] = ()
    causes: tuple[CauseData, ...] = ()


class ChangeData(Row, frozen=True):
    """An execution whose verdict became another.

    Attributes:
        language, suite, test, mode: which.
        started: when it was first seen so.
        before, after: verdicts.
        reason: why it does not pass.
        revision: of the suite, where that changed too.
    """

    language: str
    suite: str
    test: str
    mode: str
    started: str
    before: str
    after: str
    reason: str = ""
    revision: str = ""


class ChangesData(Row, frozen=True):
    """What became of an engine's verdicts, the oldest change first.

    Attributes:
        lockstep: the form of the file.
        language, engine: whose.
        changes: all of them.
    """

    lockstep: Literal[1]
    language: str
    engine: str
    changes: tuple[ChangeData, ...]


class StateData(Row, frozen=True):
    """A state of an engine that can be laid beside others.

    Attributes:
        name: of the engine; older states have their moment behind an @.
        engine: the engine's name.
        started: when it was seen.
        version: the engine's.
        revision: of the suite.
    """

    name: str
    engine: str
    started: str
    version: str = ""
    revision: str = ""


class NamesData(Row, frozen=True):
    """Every test of a suite, and how it does: what the search reads.

    Attributes:
        language, suite: which.
        folders, sizes, names: each folder, how many tests stand directly in it, and their names in one text, a line each.
        modes, case_modes: lists of modes, and for each test which of them.
        features, feature_sets, case_features: names, sets of them, and for each test which set.
        engines: names.
        marks: for each engine a character for each test: the number of the worst verdict of its modes; a blank where it did not run.
    """

    language: str
    suite: str
    folders: tuple[str, ...]
    sizes: tuple[int, ...]
    names: str
    modes: tuple[tuple[str, ...], ...]
    case_modes: tuple[int, ...]
    features: tuple[str, ...]
    feature_sets: tuple[tuple[int, ...], ...]
    case_features: tuple[int, ...]
    engines: tuple[str, ...]
    marks: tuple[str, ...]


class ColumnsData(Row, frozen=True):
    """Every verdict and reason of every state: what the comparison of two reads, beside the names.

    Attributes:
        states: those that can be laid beside each other.
        cells: for each state a character for each execution: the number of its verdict, or a blank.
        why, reasons: for each state the reasons of what does not pass, in order, as numbers; U+E000 in a reason is the test's name.
        reason_causes, causes: of each reason its cause, as a number.
        idle: 1 for each execution that an engine that does nothing would pass, 0 for others, a blank where nobody knows.
    """

    states: tuple[StateData, ...]
    cells: tuple[str, ...]
    why: tuple[tuple[int, ...], ...]
    reasons: tuple[str, ...]
    reason_causes: tuple[int, ...]
    causes: tuple[str, ...]
    idle: str


class PlaceData(Row, frozen=True):
    """A place in a program, counted from 1; column 0 where none is known.

    Attributes:
        file: as the engine names it.
        line: from 1.
        column: from 1; 0 where it is not known.
    """

    file: str
    line: int
    column: int = 0


class OutcomeData(Row, frozen=True):
    """What some engines did with a test, all of them the same.

    Attributes:
        engines: numbers in the list of engines.
        modes: in which modes.
        verdict: what the judge says.
        reason: the first thing that is not as it must be.
        error, message, phase: of what it threw.
        location: where.
        output: the head of what it printed.
        first: how it ended at first, where it ended otherwise when it was run again.
    """

    engines: tuple[int, ...]
    modes: tuple[str, ...]
    verdict: str
    reason: str = ""
    error: str = ""
    message: str = ""
    phase: str = ""
    location: PlaceData | None = None
    output: str = ""
    first: str = ""


class CaseChange(Row, frozen=True):
    """A verdict of a test that became another.

    Attributes:
        engine: a number in the list of engines.
        mode, started, before, after, revision: as in a list of changes.
    """

    engine: int
    mode: str
    started: str
    before: str
    after: str
    revision: str = ""


class CaseData(Row, frozen=True):
    """A test.

    Attributes:
        name: its name.
        modes: the ways in which it runs.
        features: names under which it is counted too.
        case: where it is a part of a case, that case.
        source: its text.
        first: the number of the text's first line.
        expected: modes, and what it must do in them.
        outcomes: what the engines did.
        changes: of their verdicts.
        web: its file in the suite's repository, at the revision.
        clause: the clause of the specification that it names.
    """

    name: str
    modes: tuple[str, ...]
    features: tuple[str, ...] = ()
    case: str = ""
    source: str = ""
    first: int = 1
    expected: tuple[tuple[tuple[str, ...], str], ...] = ()
    outcomes: tuple[OutcomeData, ...] = ()
    changes: tuple[CaseChange, ...] = ()
    web: str = ""
    clause: str = ""


class SeenEngine(Row, frozen=True):
    """An engine of a list of engines.

    Attributes:
        name, version, host: as it says itself.
        page: its page, from the top of the site.
        started: when it was seen.
        since: when it was first seen on the suite.
        named: whether its name is enough to start it.
    """

    name: str
    page: str
    version: str = ""
    host: str = ""
    started: str = ""
    since: str = ""
    named: bool = True


class ShardData(Row, frozen=True):
    """Tests of a suite that stand together.

    Attributes:
        language, suite, revision: which.
        engines: what numbers of engines mean.
        tests: in the order of the suite.
        before, after: the tests that stand before the first and after the last.
        folders: the page of each folder that they are in, from the top of the site.
    """

    language: str
    suite: str
    revision: str
    engines: tuple[SeenEngine, ...]
    tests: tuple[CaseData, ...]
    before: str = ""
    after: str = ""
    folders: dict[str, str] = msgspec.field(default_factory=dict)


class ParityCell(Row, frozen=True):
    """What an engine does with a name: passes of so many tests that speak of it; nothing where none ran.

    Attributes:
        passes: of those that ran.
        total: that speak of the name, and ran.
    """

    passes: int = 0
    total: int = 0


class ParityRow(Row, frozen=True):
    """A name of a language.

    Attributes:
        group: its namespace, or its slot.
        name: the var, or the special method.
        facts: what is known of it beside: its type, how far we are with it, how it is implemented.
        tests: those that speak of it.
        engines: engine -> what it does with them.
    """

    group: str
    name: str
    facts: dict[str, str]
    tests: tuple[str, ...]
    engines: dict[str, ParityCell]


class ParityData(Row, frozen=True):
    """The names of a language beside its engines.

    Attributes:
        lockstep: the form of the file.
        language, suite: whose names, and whose tests.
        rows: every name.
    """

    lockstep: Literal[1]
    language: str
    suite: str
    rows: tuple[ParityRow, ...]


def encoded(data: msgspec.Struct) -> bytes:
    """A file of JSON."""
    return msgspec.json.encode(data) + b"\n"
