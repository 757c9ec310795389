"""TAP, the Test Anything Protocol (testanything.org, versions 12 to 14): each point that a program prints is a case of its own."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from lockstep.harness.model import Judgement, Outcome, Point, Verdict
from lockstep.harness.wording import describe, excerpt
from lockstep.reference.host.printable import printable_line

_POINT = re.compile(r"^(not )?ok\b[ \t]*(\d+)?[ \t]*(?:-[ \t]*)?(.*)$")
_PLAN = re.compile(r"^1\.\.(\d+)[ \t]*(?:#[ \t]*(.*))?$")
_BAIL_OUT = re.compile(r"^Bail out!\s*(.*)$", re.IGNORECASE)
# A directive follows a `#` that no backslash escapes.
_DIRECTIVE = re.compile(r"(?<!\\)#[ \t]*(skip|todo)\w*[ \t:]*(.*)$", re.IGNORECASE)
_LONGEST_DESCRIPTION = 120


@dataclass
class Protocol:
    """What a program reported.

    Attributes:
        points: in the order in which it printed them.
        plan: how many it said that there would be.
        skipped: why it planned none.
        bailed: why it gave up; None if it did not.
    """

    points: list[Point] = field(default_factory=list)
    plan: int | None = None
    skipped: str = ""
    bailed: str | None = None


def read_protocol(output: str) -> Protocol:
    """The points at the top level of `output`; subtests are indented, and stand for nothing by themselves."""
    found = Protocol()
    names: Counter[str] = Counter()
    failed: int | None = None
    for line in output.splitlines():
        point, plan, bail_out = _POINT.match(line), _PLAN.match(line), _BAIL_OUT.match(line)
        if plan:
            found.plan = int(plan[1])
            found.skipped = plan[2] or ""
        elif bail_out:
            found.bailed = bail_out[1] or "no reason given"
            break
        elif point:
            number = int(point[2]) if point[2] else len(found.points) + 1
            one = _point(number, bool(point[1]), point[3])
            names[one.name] += 1
            if names[one.name] > 1:
                one = Point(f"{one.name} ({names[one.name]})", one.judgement)
            found.points.append(one)
            failed = len(found.points) - 1 if one.judgement.verdict is Verdict.FAIL else None
        elif failed is not None and line.lstrip().startswith(("#", "message:")):
            said = line.strip().lstrip("#").strip().removeprefix("message:").strip().strip("'\"")
            found.points[failed] = Point(
                found.points[failed].name, Judgement(Verdict.FAIL, f"not ok: {excerpt(said)}")
            )
            failed = None
    return found


def _point(number: int, failed: bool, text: str) -> Point:
    directive = _DIRECTIVE.search(text)
    description = (text[: directive.start()] if directive else text).strip().replace("\\#", "#")
    # A `/` would put it into a folder.
    name = printable_line(description, _LONGEST_DESCRIPTION).replace("/", "_")
    name = f"{number} {name}".strip()
    kind = directive[1].lower() if directive else ""
    said = excerpt(directive[2]) if directive and directive[2] else ""
    if kind == "skip":
        return Point(name, Judgement(Verdict.SKIPPED, said or "it says so itself"))
    if kind == "todo" and failed:
        return Point(name, Judgement(Verdict.UNSUPPORTED, f"to do: {said}" if said else "to do"))
    return Point(name, Judgement(Verdict.FAIL, "not ok") if failed else Judgement(Verdict.PASS))


@dataclass(frozen=True)
class Tap:
    """The program itself passes when it prints the points that it planned; whether they pass, each tells for itself."""

    ends: str = "completed"

    def check(self, outcome: Outcome) -> Judgement:
        """The verdict on the file: was the protocol kept?"""
        found = read_protocol(outcome.output)
        if found.bailed is not None:
            return Judgement(Verdict.FAIL, f"bail out: {excerpt(found.bailed)}")
        if found.plan == 0:
            return Judgement(Verdict.SKIPPED, excerpt(found.skipped) or "it planned no points")
        failed = any(point.judgement.verdict is Verdict.FAIL for point in found.points)
        # Whoever reports a failure may exit with a status that says so.
        if outcome.completion != "completed" and not failed:
            return Judgement(Verdict.FAIL, describe(outcome))
        if not found.points:
            return Judgement(Verdict.FAIL, "it printed no TAP point")
        if found.plan is None:
            return Judgement(Verdict.FAIL, "it printed no plan (1..N)")
        if found.plan != len(found.points):
            return Judgement(Verdict.FAIL, f"it planned {found.plan} points, and printed {len(found.points)}")
        return Judgement(Verdict.PASS)

    def points(self, outcome: Outcome) -> list[Point]:
        """Every point with its verdict; those that were printed before a crash too."""
        return read_protocol(outcome.output).points
