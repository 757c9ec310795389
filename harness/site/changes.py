"""What became of executions from one snapshot of an engine to the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lockstep.harness.site.parts import NOT_RUN, VERDICT_OF, Change, Snapshot


def changes_between(snapshots: Sequence[Snapshot]) -> list[Change]:
    """Each execution whose verdict is another than the last that was known of it, the oldest change first."""
    if not snapshots:
        return []
    found = []
    known = bytearray(snapshots[0].cells)
    revision = snapshots[0].revision
    for one in snapshots[1:]:
        moved = one.revision if one.revision != revision else ""
        revision = one.revision
        for row, (before, after) in enumerate(zip(known, one.cells, strict=True)):
            if after in (before, NOT_RUN):
                continue
            known[row] = after
            if before != NOT_RUN:
                result = one.results[row]
                found.append(
                    Change(row, one.started, VERDICT_OF[before], VERDICT_OF[after], result.reason, moved)
                )
    return found


def joined_changes(*told: Iterable[Change]) -> list[Change]:
    """What several sources tell of one engine: a change that was told already is left out."""
    found: list[Change] = []
    last: dict[int, str] = {}
    for change in sorted((one for source in told for one in source), key=lambda one: (one.started, one.row)):
        if last.get(change.row) != change.after:
            last[change.row] = change.after
            found.append(change)
    return found
