"""What a run sends to the workers of its cluster is what it has itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lockstep.harness.cluster.packing import _source
from lockstep.harness.suites import open_suite


def test_a_suite_that_lies_in_a_folder_arrives_as_it_is(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCKSTEP_CACHE", environment["LOCKSTEP_CACHE"])
    monkeypatch.setenv("LOCKSTEP_SUITES", environment["LOCKSTEP_SUITES"])
    here = [case.id for case in open_suite("test262").cases()]
    contents: dict[str, Callable[[], bytes]] = {}
    parcel = _source("test262", contents)
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / parcel.name).write_bytes(contents[parcel.digest]())
    monkeypatch.setenv("LOCKSTEP_SUITES", str(tmp_path / "there"))
    assert [case.id for case in open_suite("test262").cases()] == here != []
