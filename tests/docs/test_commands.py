"""Every command that the manual shows is run, and prints what the manual shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.blocks import Command, steps
from tests.docs.matching import matches
from tests.docs.running import pages, ran, setup_of
from tests.docs.setups import ROOT, SETUPS


def shown(page: str) -> list[Command]:
    return [step for step in steps(ROOT / page) if isinstance(step, Command)]


@pytest.mark.parametrize("page", [page for page in pages() if shown(page)])
def test_a_page_shows_what_happens(page: str, tmp_path: Path) -> None:
    setup = setup_of(page)
    for one in ran(page, tmp_path):
        where = f"{page}:{one.command.line + 1}: $ {one.command.text}\n"
        printed = "\n".join(one.printed)
        assert "Traceback (most recent call last)" not in printed, where + printed
        if one.expects is not None:
            assert one.status == one.expects, f"{where}it ended with {one.status}:\n{printed}"
        if one.command.output is not None and one.command.text not in setup.unlike:
            assert matches(one.command.output, one.printed), f"{where}it printed:\n{printed}"


@pytest.mark.parametrize("page", SETUPS)
def test_exceptions_are_of_commands_that_are_shown(page: str) -> None:
    setup = setup_of(page)
    texts = {command.text for command in shown(page)}
    assert {*setup.exceptions, *setup.instead, *setup.stays, *setup.unlike, *setup.ends} <= texts


@pytest.mark.parametrize(
    ("wanted", "printed", "same"),
    [
        (["a", "..."], ["a", "b", "c"], True),
        (["a", "...", "d"], ["a", "b", "c"], False),
        (["took ... of ours"], ["took 2 of ours"], True),
        (["1 passed in 2.5 s"], ["1 passed in 17 s"], True),
        (["lua  3  1 %"], ["lua      4  1 %"], False),
        (["", "a"], ["a", ""], True),
        ([], ["a"], False),
    ],
)
def test_what_counts_as_the_same(wanted: list[str], printed: list[str], same: bool) -> None:
    assert matches(wanted, printed) is same
