"""The feed of an engine: an Atom entry for each run that lost passes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from lockstep.harness.reports.look.dates import day
from lockstep.harness.site.addresses import engine_page, feed_file, test_address
from lockstep.harness.site.pages.tables import PartView
from lockstep.harness.site.parts import Change, Part
from lockstep.reference.host.printable import printable

_ATOM = "http://www.w3.org/2005/Atom"
_ENTRIES = 50
_LISTED = 50
_NO_BASE = "urn:lockstep:"


def feed(views: Sequence[PartView], language: str, engine: str, base: str, made: str) -> bytes:
    """What an engine lost, run by run, the newest first. `base` is the address of the site; "" where it is not known."""
    root = ET.Element("feed", {"xmlns": _ATOM})
    _add(root, "title", f"{engine}: what it lost")
    _add(root, "id", f"{base or _NO_BASE}{feed_file(language, engine)}")
    if base:
        ET.SubElement(root, "link", {"rel": "self", "href": f"{base}{feed_file(language, engine)}"})
        ET.SubElement(root, "link", {"rel": "alternate", "href": f"{base}{engine_page(language, engine)}"})
    _add(root, "updated", _instant(made))
    _add(ET.SubElement(root, "author"), "name", "lockstep")
    found: list[tuple[str, Part, list[Change]]] = []
    for view in views:
        runs: dict[str, list[Change]] = {}
        for one in view.part.engines:
            for change in one.changes if one.name == engine else ():
                if change.step < 0:
                    runs.setdefault(change.started, []).append(change)
        found += [(started, view.part, changes) for started, changes in runs.items()]
    for started, part, changes in sorted(found, key=lambda entry: (entry[0], entry[1].suite), reverse=True)[
        :_ENTRIES
    ]:
        _entry(root, base, engine, started, part, changes)
    ET.indent(root)
    content: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return content + b"\n"


def _entry(
    root: ET.Element, base: str, engine: str, started: str, part: Part, changes: Sequence[Change]
) -> None:
    entry = ET.SubElement(root, "entry")
    tests = list(dict.fromkeys(part.executions[change.row][0] for change in changes))
    number = "1 test" if len(tests) == 1 else f"{len(tests):,} tests"
    _add(entry, "title", f"{part.suite}: {engine} lost {number} ({day(started)})")
    address = f"{base or _NO_BASE}{engine_page(part.language, engine)}"
    _add(entry, "id", f"{address}#{part.suite}-{started}")
    if base:
        ET.SubElement(entry, "link", {"rel": "alternate", "href": address})
    _add(entry, "updated", _instant(started))
    lines = []
    for change in changes[:_LISTED]:
        case, mode = part.executions[change.row]
        where = f" {base}{test_address(part.language, part.suite, case)}" if base else ""
        said = f": {change.reason}" if change.reason else ""
        lines.append(f"{case}{f' [{mode}]' if mode else ''}, {change.after}{said}{where}")
    if len(changes) > _LISTED:
        lines.append(f"and {len(changes) - _LISTED:,} more")
    _add(entry, "content", "\n".join(lines), {"type": "text"})


def _add(parent: ET.Element, name: str, text: str, attributes: dict[str, str] | None = None) -> None:
    ET.SubElement(parent, name, attributes or {}).text = printable(text)


def _instant(text: str) -> str:
    """A moment as Atom has it: with a time and a zone."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        found = dt.datetime.fromtimestamp(0, dt.UTC)
    return (found if found.tzinfo is not None else found.replace(tzinfo=dt.UTC)).isoformat()
