"""A run as JUnit XML, for CI systems that draw tables from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from xml.etree import ElementTree as ET

from lockstep.harness.model import Result, Verdict
from lockstep.harness.records.record import Scope

# Characters that XML 1.0 cannot hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(
    path: Path, results: Iterable[Result], scope: Scope, file_of: Callable[[str, str], str] = lambda *_: ""
) -> None:
    """Write `results`, one suite element per suite and engine; the name of the whole says of a partial run that it is one.

    `file_of` has the file of a case, given its suite and its name; "" where that is not known.

    Raises:
        OSError: the file cannot be written.
    """
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        groups.setdefault((result.suite, result.engine), []).append(result)
    root = ET.Element("testsuites", name=str(scope) or "lockstep")
    for (suite, engine), members in sorted(groups.items()):
        root.append(_suite(_xml(f"{suite} {engine}"), members, file_of))
    path.parent.mkdir(parents=True, exist_ok=True)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _suite(name: str, members: list[Result], file_of: Callable[[str, str], str]) -> ET.Element:
    element = ET.Element("testsuite", name=name, tests=str(len(members)))
    element.set("time", f"{sum(member.ms for member in members) / 1000:.6f}")
    failures = errors = skipped = 0
    for member in members:
        folder, _, last = member.case.rpartition("/")
        case = ET.SubElement(
            element,
            "testcase",
            # What reads it makes a tree of the parts between dots.
            classname=_xml(".".join((member.suite, *_parts(folder)))),
            name=_xml(f"{last} [{member.mode}]" if member.mode else last),
            time=f"{member.ms / 1000:.6f}",
        )
        file = file_of(member.suite, member.case)
        if file:
            case.set("file", _xml(file))
            if member.location is not None and member.location.line > 0:
                case.set("line", str(member.location.line))
        if member.verdict is Verdict.PASS:
            continue
        reason = _xml(member.reason or str(member.verdict))
        if member.verdict in {Verdict.SKIPPED, Verdict.UNSUPPORTED}:
            skipped += 1
            ET.SubElement(case, "skipped", message=reason)
        elif member.verdict is Verdict.FAIL:
            failures += 1
            ET.SubElement(case, "failure", message=reason, type=str(member.verdict))
        else:
            errors += 1
            ET.SubElement(case, "error", message=reason, type=str(member.verdict))
    element.set("failures", str(failures))
    element.set("errors", str(errors))
    element.set("skipped", str(skipped))
    return element


def _parts(folder: str) -> list[str]:
    """The parts of a folder's name; a dot in one would look like another part."""
    return [part.replace(".", "_") for part in folder.split("/") if part]


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
