"""The pages of matrices of names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from lockstep.harness.site.addresses import test_address, to_root
from lockstep.harness.site.data import ParityRow
from lockstep.harness.site.parity import Parity
from lockstep.harness.site.parts import PASS, Part
from lockstep.harness.site.rendering import render


@dataclass(frozen=True)
class Cell:
    """A mark, where it leads, and what stands beside it."""

    verdict: str
    label: str
    text: str
    href: str


def parities_page(parities: Sequence[Parity], site: object) -> bytes:
    """The page that leads to them."""
    pages = [{"href": one.page, "title": one.title, "told": one.told} for one in parities]
    return render("parities.html", site=site, root="../", view="parity", pages=pages)


def parity_page(parity: Parity, site: object) -> bytes:
    """One of them."""
    engines = [engine.name for engine in parity.part.engines]
    places = {name: place for place, name in enumerate(parity.part.names)}
    groups = []
    for name, found in groupby(parity.data.rows, key=lambda row: row.group):
        rows = list(found)
        groups.append(
            {"name": name, "told": _told(rows), "rows": [_row(parity, row, engines, places) for row in rows]}
        )
    return render(
        "parity.html",
        site=site,
        root=to_root(parity.page),
        view="parity",
        title=parity.title,
        told=parity.told,
        heads=("name", *parity.heads),
        engines=engines,
        groups=groups,
    )


def _told(rows: Sequence[ParityRow]) -> str:
    tested = sum(bool(row.tests) for row in rows)
    return f"{len(rows):,} names, tests speak of {tested:,}"


def _row(parity: Parity, row: ParityRow, engines: Sequence[str], places: dict[str, int]) -> dict[str, object]:
    return {
        "name": row.name,
        "texts": [row.facts.get(head, "") for head in parity.heads],
        "cells": [_cell(parity.part, row, number, name, places) for number, name in enumerate(engines)],
    }


def _cell(part: Part, row: ParityRow, number: int, engine: str, places: dict[str, int]) -> Cell | None:
    found = row.engines.get(engine)
    if found is None:
        return None
    verdict = "pass" if found.passes == found.total else "mixed" if found.passes else "fail"
    label = f"{engine}: {found.passes} of {found.total} pass"
    text = f"{found.passes}/{found.total}" if found.total > 1 else ""
    return Cell(
        verdict, label, text, test_address(part.language, part.suite, _shown(part, row, number, places))
    )


def _shown(part: Part, row: ParityRow, number: int, places: dict[str, int]) -> str:
    """The first test that does not pass; where all do, the first."""
    cells = part.engines[number].current.cells
    for test in row.tests:
        start, end = part.starts[places[test]], part.starts[places[test] + 1]
        if cells[start:end].strip(bytes([PASS])):
            return test
    return row.tests[0]
