"""The columns of a part: what the search and the comparison of two states read."""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.harness.reports.page.data import named, told
from lockstep.harness.site.data import ColumnsData, NamesData, StateData
from lockstep.harness.site.pages.suites import worst
from lockstep.harness.site.parts import EngineView, Part, Snapshot


def names_data(part: Part) -> NamesData:
    """Every test, with its features and how it does."""
    columns = named(part.modes)
    features: dict[str, int] = {}
    sets: dict[tuple[int, ...], int] = {(): 0}
    numbers = []
    for name in part.names:
        case = part.cases.get(name)
        found = tuple(
            features.setdefault(feature, len(features))
            for feature in (case.features if case is not None else ())
        )
        numbers.append(sets.setdefault(found, len(sets)))
    return NamesData(
        language=part.language,
        suite=part.suite,
        folders=tuple(columns["folders"]),
        sizes=tuple(columns["sizes"]),
        names=columns["names"],
        modes=tuple(map(tuple, columns["modes"])),
        case_modes=tuple(columns["case_modes"]),
        features=tuple(features),
        feature_sets=tuple(sets),
        case_features=tuple(numbers),
        engines=tuple(engine.name for engine in part.engines),
        marks=tuple(_marks(part, engine) for engine in part.engines),
    )


def _marks(part: Part, engine: EngineView) -> str:
    cells = engine.current.cells
    starts = part.starts
    return bytes(
        worst(cells[starts[number] : starts[number + 1]]) for number in range(len(part.names))
    ).decode()


def columns_data(part: Part) -> ColumnsData:
    """Every verdict and reason, of older states too."""
    states = list(states_of(part))
    executions = range(len(part.executions))
    found = told((snapshot.results.get(row) for row in executions) for _, snapshot in states)
    return ColumnsData(
        states=tuple(state for state, _ in states),
        cells=tuple(found["cells"]),
        why=tuple(map(tuple, found["why"])),
        reasons=tuple(found["reasons"]),
        reason_causes=tuple(found["reason_causes"]),
        causes=tuple(found["causes"]),
        idle=part.idle.decode(),
    )


def states_of(part: Part) -> Iterator[tuple[StateData, Snapshot]]:
    """The present state of each engine under the engine's name, older and partial ones with their moments."""
    for engine in part.engines:
        for one in (
            engine.current,
            *(one for one in reversed(engine.snapshots) if one is not engine.current),
        ):
            name = engine.name if one is engine.current else f"{engine.name}@{one.started}"
            yield StateData(name, engine.name, one.started, one.engine.version, one.revision), one
