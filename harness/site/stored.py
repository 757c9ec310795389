"""What a store holds for the site: its history, and the records of the states that are worth a look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lockstep.harness.site.past import Past, read_past
from lockstep.harness.store.history import History
from lockstep.harness.store.record import Run


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
    """Read a store.

    Raises:
        StoreError: it cannot be read.
    """
    with History(Path(place)) as history:
        return Stored((), read_past(history))


def newest_run(place: str) -> int:
    """The number of the newest run; 0 without one.

    Raises:
        StoreError: it cannot be read.
    """
    with History(Path(place)) as history:
        return max((one.run for one in history.tallies(last=1)), default=0)
