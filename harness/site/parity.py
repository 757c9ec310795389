"""Matrices of names: every var of Clojure, every slot of Python, beside the engines that were asked for them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from lockstep.harness.site.addresses import slug
from lockstep.harness.site.data import SITE_FORMAT, ParityCell, ParityData, ParityRow
from lockstep.harness.site.parts import NOT_RUN, PASS, Part
from lockstep.harness.status.yaml_file import load_yaml
from lockstep.harness.suites.clojure import vars_tested

_SPECIAL = re.compile(r"(?<!\w)__[a-z]\w*__(?!\w)")
_PROTOCOLS = {
    "tp": "types",
    "nb": "numbers",
    "sq": "sequences",
    "mp": "mappings",
    "am": "asynchronous",
    "bf": "buffers",
}
_NO_SLOT = "names without a slot of their own"


@dataclass(frozen=True)
class Parity:
    """A matrix of names.

    Attributes:
        title: of its page.
        told: what it is made from, in a sentence.
        heads: what is told of a name beside the engines.
        part: whose engines, and whose tests.
        data: the rows.
    """

    title: str
    told: str
    heads: tuple[str, ...]
    part: Part
    data: ParityData

    @property
    def page(self) -> str:
        """Its page."""
        return f"parity/{slug(self.part.language)}.html"

    @property
    def file(self) -> str:
        """The same as JSON."""
        return f"parity/{slug(self.part.language)}.json"


def parities(parts: Sequence[Part], statuses: Sequence[Path]) -> list[Parity]:
    """The matrices that can be made of some parts and folders of status files.

    Raises:
        YamlError: vars.yaml has another form.
    """
    found = []
    by_suite = {part.suite: part for part in parts if part.files is not None}
    variables = next(
        (path for folder in reversed(statuses) if (path := folder / "vars.yaml").is_file()), None
    )
    if "clojure-test-suite" in by_suite and variables is not None:
        found.append(_of_vars(by_suite["clojure-test-suite"], load_yaml(variables)))
    if "python-parity" in by_suite:
        found.append(_of_slots(by_suite["python-parity"]))
    return found


def _of_vars(part: Part, content: Mapping[str, Any]) -> Parity:
    assert part.files is not None
    tests: dict[tuple[str, str], list[str]] = {}
    for name in part.names:
        path = part.files.source_path(part.cases[name]) if name in part.cases else None
        for var in vars_tested(path) if path is not None and path.is_file() else ():
            tests.setdefault(var, []).append(name)
    places = {name: place for place, name in enumerate(part.names)}
    rows = []
    for namespace, names in (content.get("namespaces") or {}).items():
        for name, entry in names.items():
            speak = tuple(tests.get((namespace, name), ()))
            facts = {key: str(entry[key]) for key in ("type", "impl", "status", "note") if entry.get(key)}
            rows.append(
                ParityRow(namespace, name, facts, speak, _cells(part, [places[one] for one in speak]))
            )
    counts = content.get("counts") or {}
    told = (
        f"The {len(rows):,} public vars of Clojure 1.11.1. Ours: {counts.get('done', 0):,} done, {counts.get('partial', 0):,} partial, "
        f"{counts.get('wip', 0):,} there and not spoken of by the portable suite, {counts.get('todo', 0):,} to do. "
        "A mark is what an engine does with the suite's files that name the var."
    )
    data = ParityData(SITE_FORMAT, part.language, part.suite, tuple(rows))
    return Parity("Clojure, var by var", told, ("type", "impl", "status"), part, data)


def _of_slots(part: Part) -> Parity:
    assert part.files is not None
    tests: dict[str, list[str]] = {}
    for name in part.names:
        path = part.files.source_path(part.cases[name]) if name in part.cases else None
        text = path.read_text("utf-8", "replace") if path is not None and path.is_file() else ""
        for special in dict.fromkeys(_SPECIAL.findall(text)):
            tests.setdefault(special, []).append(name)
    places = {name: place for place, name in enumerate(part.names)}

    def row(group: str, name: str, slot: str) -> ParityRow:
        speak = tuple(tests.get(name, ()))
        return ParityRow(
            group, name, {"slot": slot} if slot else {}, speak, _cells(part, [places[one] for one in speak])
        )

    slots = list(_slots())
    rows = [row(_PROTOCOLS[slot[:2]], name, slot) for slot, name in slots]
    listed = {name for _, name in slots}
    rows += [row(_NO_SLOT, name, "") for name in sorted(tests) if name not in listed]
    rows.sort(key=lambda one: [*_PROTOCOLS.values(), _NO_SLOT].index(one.group))
    told = (
        f"The slots of CPython 3.11's types, with the special methods that fill them: {len(slots)} pairs; and other special names that tests use. "
        "A mark is what an engine does with the entries of the parity matrix that use the name."
    )
    data = ParityData(SITE_FORMAT, part.language, part.suite, tuple(rows))
    return Parity("Python, slot by slot", told, ("slot",), part, data)


def _slots() -> Iterator[tuple[str, str]]:
    text = files("lockstep.harness.site").joinpath("slots.tsv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines(), delimiter="\t"):
        yield row["slot"], row["name"]


def _cells(part: Part, places: Sequence[int]) -> dict[str, ParityCell]:
    """What each engine does with some tests; engines that ran none are missing."""
    found = {}
    for engine in part.engines:
        cells = [
            cell
            for place in places
            for cell in engine.current.cells[part.starts[place] : part.starts[place + 1]]
        ]
        ran = [cell for cell in cells if cell != NOT_RUN]
        if ran:
            found[engine.name] = ParityCell(ran.count(PASS), len(ran))
    return found
