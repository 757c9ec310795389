"""Every accepted divergence is still there: its example shows what the row says, on both engines."""

from __future__ import annotations

import pytest

from lockstep.harness.comparison import compare_program
from lockstep.harness.engines.registry import resolve
from lockstep.harness.model import MissingError
from lockstep.harness.status.divergences import Divergence, read_divergences
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits


@pytest.mark.parametrize("row", read_divergences(), ids=lambda row: row.reason[:40])
def test_divergence(row: Divergence) -> None:
    try:
        engines = [resolve(name) for name in row.engines]
    except MissingError as error:
        pytest.skip(str(error))
    found = compare_program(engines, Program(row.example), Limits(seconds=20.0))
    assert {name: outcome.output.rstrip("\n") for name, outcome in found} == row.shows
    assert len(set(row.shows.values())) > 1, "the engines agree: the row is stale"
