"""The data model against CPython: every row of the slot table in every situation (Language Reference 3.3)."""

from __future__ import annotations

import pytest

from tests.python import dispatch_programs as programs
from tests.python.programs import BACKENDS, IS_ORACLE, printed, printed_by_cpython

pytestmark = pytest.mark.skipif(not IS_ORACLE, reason="what is right is asked of CPython 3.11")

PROGRAMS = {
    **{
        row[0]: programs.binary_program(*row)
        for row in (*programs.binary_rows(), *programs.comparison_rows())
    },
    **{row[0]: programs.inplace_program(*row) for row in programs.inplace_rows()},
    **{f"{row[0]} {row[1]}": programs.unary_program(*row) for row in programs.UNARY},
    "attributes": programs.ATTRIBUTES,
    "control": programs.CONTROL,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_row_of_the_slot_table(name: str) -> None:
    right = printed_by_cpython(PROGRAMS[name]).splitlines()
    assert len(right) > 10
    for backend in BACKENDS:
        assert printed(backend, PROGRAMS[name]).splitlines() == right, backend
