"""Where two engines, or two recorded runs, differ: as a table, by causes, or as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

import msgspec
from tabulate import tabulate

from lockstep.harness.causes import Group, cause_of, grouped
from lockstep.harness.comparison import Difference
from lockstep.harness.reports.tables import percent
from lockstep.harness.status.divergences import Divergence
from lockstep.reference.host.printable import printable_line

_LISTED = 50
_WIDEST_CELL = 72
# What differs, how the left side ends, how the right side does.
Cause = tuple[str, str, str]


@dataclass(frozen=True)
class Differences:
    """What a comparison found.

    Attributes:
        left, right: the names of the two sides.
        shared: executions that both hold.
        found: those on which they differ.
        otherwise: those that fail on both in different ways; they count as the same.
        accepted: why a difference is right, by suite and case.
        lacking: what is said of executions that only one side holds.
        size: of a case's program in bytes.
    """

    left: str
    right: str
    shared: int
    found: Sequence[Difference]
    otherwise: Sequence[Difference] = ()
    accepted: Mapping[tuple[str, str], Divergence] = field(default_factory=dict)
    lacking: Sequence[str] = ()
    size: Callable[[str, str], int] = lambda _suite, _case: 0

    @property
    def unexplained(self) -> list[Difference]:
        """Those that nobody has accepted."""
        return [one for one in self.found if (one.suite, one.case) not in self.accepted]

    def text(self) -> str:
        """Each difference in a row, sorted by its cause, and how many there are."""
        parts = [self._table(self.found)]
        if self.otherwise:
            parts.append("Fail on both, in another way:\n" + self._table(self.otherwise))
        return "\n\n".join([*filter(None, parts), self.counted()])

    def _table(self, found: Sequence[Difference]) -> str:
        if not found:
            return ""
        rows = []
        for one in sorted(found, key=lambda one: (one.cause, one.case, one.mode))[:_LISTED]:
            accepted = self.accepted.get((one.suite, one.case))
            cause = one.cause if accepted is None else f"{one.cause} (accepted: {accepted.reason})"
            rows.append([cause, f"{one.case} {one.mode}".strip(), _cell(one.left), _cell(one.right)])
        table = tabulate(rows, headers=["cause", "case", self.left, self.right], disable_numparse=True)
        return table + (f"\n... and {len(found) - _LISTED} more" if len(found) > _LISTED else "")

    def counted(self) -> str:
        """How many agree, and how many do not."""
        same = self.shared - len(self.found)
        other = [f"{len(self.otherwise)} fail on both in another way"] if self.otherwise else []
        return ", ".join(
            [
                f"{same} of {self.shared} executions agree ({percent(same, self.shared)})",
                f"{len(self.found)} differ",
                *other,
                *self.lacking,
            ]
        )

    def groups(self) -> list[Group[Cause, Difference]]:
        """The differences by their causes, the commonest first; the example has the smallest program."""
        return grouped(
            [*self.found, *self.otherwise],
            lambda one: (one.cause, cause_of(one.left), cause_of(one.right)),
            lambda one: (self.size(one.suite, one.case) or len(one.case), f"{one.case} {one.mode}"),
        )

    def causes_text(self) -> str:
        """A paragraph for each cause."""
        parts = []
        groups = self.groups()
        for group in groups[:_LISTED]:
            cause, left, right = group.cause
            one = group.example
            times = f"{len(group.members)} execution{'s' if len(group.members) > 1 else ''}"
            size = self.size(one.suite, one.case)
            mode = f" [{one.mode}]" if one.mode else ""
            example = f"{one.suite}: {one.case}{mode}{f', {size:,} bytes' if size else ''}"
            parts.append(
                f"{times}, by {cause}\n"
                f"  {self.left}: {printable_line(left) or '(nothing)'}\n"
                f"  {self.right}: {printable_line(right) or '(nothing)'}\n"
                f"  smallest: {example}"
            )
        if len(groups) > _LISTED:
            parts.append(f"... and {len(groups) - _LISTED} causes more (--json shows them all)")
        return "\n\n".join([*parts, self.counted()])

    def json(self, *, causes: bool) -> str:
        """The same as JSON: the counts, and each difference or each cause."""
        content: dict[str, object] = {
            "left": self.left,
            "right": self.right,
            "executions": self.shared,
            "differ": len(self.found),
            "otherwise": len(self.otherwise),
            "lacking": list(self.lacking),
        }
        if causes:
            content["causes"] = [
                {
                    "executions": len(group.members),
                    "cause": group.cause[0],
                    "left": group.cause[1],
                    "right": group.cause[2],
                    "example": self._row(group.example),
                    "cases": sorted({one.case for one in group.members}),
                }
                for group in self.groups()
            ]
        else:
            content["differences"] = [self._row(one) for one in (*self.found, *self.otherwise)]
        return msgspec.json.format(msgspec.json.encode(content)).decode()

    def _row(self, one: Difference) -> dict[str, object]:
        accepted = self.accepted.get((one.suite, one.case))
        row: dict[str, object] = {name: printable_line(value) for name, value in asdict(one).items()}
        return row if accepted is None else {**row, "accepted": accepted.reason}


def _cell(text: str) -> str:
    shown = printable_line(text)
    return shown if len(shown) <= _WIDEST_CELL else shown[: _WIDEST_CELL - 1] + "…"
