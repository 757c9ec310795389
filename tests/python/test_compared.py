"""Programs that must print on both backends what CPython prints: one for each kind of thing that went wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.python.programs import BACKENDS, IS_ORACLE, printed, printed_by_cpython

pytestmark = pytest.mark.skipif(not IS_ORACLE, reason="what is right is asked of CPython 3.11")

PROGRAMS = sorted((Path(__file__).parent / "compared").glob("*.txt"))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_prints_what_cpython_prints(path: Path, backend: str) -> None:
    program = path.read_text("utf-8")
    right = printed_by_cpython(program).splitlines()
    assert len(right) > 10
    assert printed(backend, program).splitlines() == right
