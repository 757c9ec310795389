"""What a store holds for the site: its history, and the records of the states that are worth a look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lockstep.harness.records.record import Run
from lockstep.harness.site.past import Past, read_past
from lockstep.harness.store.records import Records, StoredRun
from lockstep.harness.store.store import open_store

# Whole states of an engine on a suite, the newest among them.
_STATES = 2


@dataclass(frozen=True)
class Stored:
    """What was read from a store.

    Attributes:
        runs: recorded runs.
        past: what its history knows.
    """

    runs: Sequence[Run] = ()
    past: Past = field(default_factory=Past)


def read_stored(place: str) -> Stored:
    """Read a store: the history, and of each engine on each suite what it does now and did before.

    Raises:
        StoreError: it cannot be read.
    """
    with open_store(place) as store:
        return Stored(list(_runs(store.records)), read_past(store.history))


def newest_run(place: str) -> int:
    """The number of the newest run; 0 without one.

    Raises:
        StoreError: it cannot be read.
    """
    with open_store(place) as store:
        return max((one.run for one in store.history.tallies(last=1)), default=0)


def _runs(records: Records) -> Iterator[Run]:
    found: dict[tuple[str, str], list[StoredRun]] = {}
    for one in records.runs():
        found.setdefault((one.suite, one.engine), []).append(one)
    for (suite, engine), runs in sorted(found.items()):
        for one in sorted(_worth(runs), key=lambda run: run.number):
            yield records.read(one.number, suite, engine)


def _worth(runs: Iterable[StoredRun]) -> list[StoredRun]:
    """Of the runs of an engine on a suite, the newest first: whole ones of the last versions, and what is newer than these."""
    chosen: list[StoredRun] = []
    versions: set[tuple[str, str]] = set()
    for one in runs:
        version = (one.hash, one.revision)
        if one.whole and (version not in versions or not one.hash):
            chosen.append(one)
            versions.add(version)
            if sum(run.whole for run in chosen) == _STATES:
                break
        elif not any(run.whole for run in chosen):
            chosen.append(one)
    return chosen
