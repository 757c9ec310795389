"""Laying a run over a status file: what ran is counted anew, what did not run stays as it was known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from lockstep.harness.messages import EngineRow
from lockstep.harness.model import Case, Result, Verdict
from lockstep.harness.records.record import now
from lockstep.harness.status.points import laid_over, points_of
from lockstep.harness.status.status import NOT_RUN, Status, verdict_of
from lockstep.reference.host.printable import printable_line

_LONGEST_REASON = 140
# A folder in which nothing passes is one entry, from so many cases on.
_FOLDER_CASES = 4

Key = tuple[str, str]  # case, mode
Table = dict[Key, str]  # "" for a pass, else "verdict: reason"
Group = dict[str, Any]


def updated(
    status: Status,
    cases: Sequence[Case],
    results: Iterable[Result],
    engines: Iterable[EngineRow],
    revision: str,
    meant: Callable[[Case], bool] = lambda _: True,
) -> Status:
    """`status` with `results` laid over it, counted anew for the engines that ran.

    What an engine did not run keeps what was known of it; of an engine that is new, it counts as not run yet. Engines
    that did not run stay as they are, word for word. Cases that the suite no longer holds are dropped. Notes survive.
    A case that is not `meant` to be run is counted only where it has been.
    """
    by_name = {printable_line(case.id): case for case in cases}
    results = list(results)
    points, by_name = _points(status, results, by_name)
    ran: dict[str, Table] = {}
    for result in results:
        if result.case in by_name:
            entry = "" if result.verdict is Verdict.PASS else _entry(result)
            ran.setdefault(result.engine, {})[result.case, result.mode] = entry
    tables = {
        engine: _laid_over(status, engine, by_name, table, points) for engine, table in sorted(ran.items())
    }
    counted = {
        engine: {key: entry for key, entry in table.items() if entry != NOT_RUN or meant(by_name[key[0]])}
        for engine, table in tables.items()
    }
    specs = {engine.name: engine for engine in engines}
    features = {name: case.features for name, case in by_name.items()}
    folders = {name: _folders(name) for name in by_name}
    return Status(
        suite=status.suite,
        revision=revision,
        engines=_sorted(status.engines | {name: _engine_entry(specs[name], revision) for name in tables}),
        counts=_sorted(status.counts | {name: _counts(table) for name, table in counted.items()}),
        features=_groups(counted, features, status.features),
        folders=_groups(counted, folders, status.folders),
        known=_sorted(status.known | {name: known_of(table) for name, table in tables.items()}),
        flaky=_flaky(status, results, by_name),
        floor=_floor(status, results, revision),
        points=points,
        note=status.note,
    )


def _sorted(entries: dict[str, Any]) -> dict[str, Any]:
    return dict(sorted(entries.items()))


def _engine_entry(engine: EngineRow, revision: str) -> dict[str, str]:
    """Who the engine was at this run."""
    entry = {
        "language": engine.language,
        "version": engine.version,
        "host": engine.host,
        "hash": engine.hash,
        "revision": revision,
        "updated": now()[:10],
    }
    return {name: value for name, value in entry.items() if value or name == "hash"}


# A case that ends the same so often in one run no longer wavers.
_STEADY_TRIES = 10


def _flaky(
    status: Status, results: Iterable[Result], cases: Mapping[str, Case]
) -> dict[str, dict[str, object]]:
    """How often which execution ended how: of those that this run found to waver, and those that were known to."""
    found: dict[str, dict[str, dict[str, dict[str, int]]]] = {}
    for engine, known in status.flaky.items():
        for case, modes in known.items():
            if case in cases and isinstance(modes, dict):
                found.setdefault(engine, {})[case] = dict(modes)
    for result in results:
        before = status.wavers(result.engine, result.case, result.mode)
        tries = result.tries or {str(result.verdict): 1}
        if result.case not in cases or not (before or (result.wavers and not _may_be_chance(tries))):
            continue
        modes = found.setdefault(result.engine, {}).setdefault(result.case, {})
        mode = result.mode or "all"
        if len(tries) == 1 and sum(tries.values()) >= _STEADY_TRIES:
            modes.pop(mode, None)
        else:
            total = Counter(before) + Counter(tries)
            modes[mode] = {name: total[name] for name in map(str, Verdict) if total[name]}
    kept = {
        engine: {case: modes for case, modes in known.items() if modes} for engine, known in found.items()
    }
    return {engine: _sorted(known) for engine, known in sorted(kept.items()) if known}


Points = dict[str, dict[str, list[str]]]


def _points(
    status: Status, results: Sequence[Result], cases: dict[str, Case]
) -> tuple[Points, dict[str, Case]]:
    """The points of every engine, and the suite's cases with all of these as cases of their own."""
    ran: dict[str, set[str]] = {}
    for result in results:
        ran.setdefault(result.engine, set()).add(result.case)
    points = laid_over(status.points, points_of(results, cases), ran, cases)
    every = dict(cases)
    for known in points.values():
        for case, names in known.items():
            every |= {name: msgspec.structs.replace(cases[case], id=name) for name in _ids({case: names})}
    return points, every


def _ids(points: Mapping[str, Sequence[str]]) -> set[str]:
    return {f"{case}#{name}" for case, names in points.items() for name in names}


def _floor(status: Status, results: Sequence[Result], revision: str) -> dict[str, dict[str, int]]:
    """What an engine that does nothing would pass: as the largest run of each engine on this revision found."""
    found = dict(status.floor)
    executions = Counter(result.engine for result in results)
    passes = Counter(result.engine for result in results if result.vacuous)
    for engine, number in executions.items():
        known = found.get(engine, {})
        same = engine in status.engines and status.revision_of(engine) == revision
        if not same or number >= int(known.get("executions", 0)):
            found[engine] = {"passes": passes[engine], "executions": number}
    return _sorted(found)


def _may_be_chance(tries: Mapping[str, int]) -> bool:
    """Whether it is one crash that did not come again: somebody may have killed the process."""
    return tries.get(Verdict.CRASH) == 1 and sum(tries.values()) <= 2


def _laid_over(status: Status, engine: str, cases: Mapping[str, Case], ran: Table, points: Points) -> Table:
    """What is known of `engine` on every case of the languages that it ran, with what it did now."""
    # Engines need not have the same points.
    own = _ids(points.get(engine, {}))
    others = {name for known in points.values() for name in _ids(known)}
    seen = engine in status.engines
    languages = {cases[case].language for case, _ in ran}
    before = {
        (name, mode): status.knows(engine, name, mode) if seen else NOT_RUN
        for name, case in cases.items()
        if case.language in languages and (name in own or name not in others)
        for mode in case.modes
    }
    return {**before, **ran}


def _entry(result: Result) -> str:
    reason = " ".join(result.reason.split())
    if len(reason) > _LONGEST_REASON:
        reason = reason[: _LONGEST_REASON - 1] + "…"
    return f"{result.verdict}: {reason}" if reason else str(result.verdict)


def _counts(table: Table) -> dict[str, int]:
    counter = Counter(verdict_of(entry) for entry in table.values())
    ordered = {str(verdict): counter[str(verdict)] for verdict in Verdict if counter[str(verdict)]}
    return {**ordered, "total": sum(counter.values())}


def _folders(case: str) -> tuple[str, ...]:
    """The first two levels of a case's folder."""
    parts = case.split("/")[:-1]
    return tuple("/".join(parts[: depth + 1]) for depth in range(min(2, len(parts))))


def _groups(
    tables: Mapping[str, Table], names: Mapping[str, Sequence[str]], before: Mapping[str, Group]
) -> dict[str, Group]:
    """Counts by name (a feature, a folder) of the engines in `tables`, beside what is known of the others."""
    passes: dict[str, Counter[str]] = {}
    totals: dict[str, Counter[str]] = {}
    skips: Counter[str] = Counter()
    for engine, table in tables.items():
        for (case, _), entry in table.items():
            for name in names[case]:
                totals.setdefault(name, Counter())[engine] += 1
                passes.setdefault(name, Counter())[engine] += not entry
                skips[name] += verdict_of(entry) == Verdict.SKIPPED
    groups = {}
    for name in sorted({*totals, *before}):
        known = before.get(name) or {}
        counts = {
            engine: share for engine, share in (known.get("counts") or {}).items() if engine not in tables
        }
        others_skip = not counts or known.get("status") == "skip"
        counts |= {
            engine: f"{passes[name][engine]}/{total}" for engine, total in totals.get(name, {}).items()
        }
        if not counts:
            continue
        skipped = others_skip and skips[name] == sum(totals.get(name, {}).values())
        group: Group = {"status": "skip" if skipped else _group_status(counts), "counts": _sorted(counts)}
        if known.get("note"):
            group["note"] = known["note"]
        groups[name] = group
    return groups


def _group_status(counts: Mapping[str, str]) -> str:
    """`done`, `partial`, `wip` or `todo`, from counts written passes/total."""
    shares = [tuple(map(int, share.split("/"))) for share in counts.values()]
    if not any(passes for passes, _ in shares):
        return "todo"
    if all(passes == total for passes, total in shares):
        return "done"
    return "wip" if any(not passes for passes, _ in shares) else "partial"


def known_of(table: Table) -> dict[str, object]:
    """The entries that do not pass; in folders without any pass one for the folder, and those of another verdict."""
    modes: dict[str, dict[str, str]] = {}
    for (case, mode), entry in table.items():
        modes.setdefault(case, {})[mode or "all"] = entry
    dead = _dead_folders(modes)
    known: dict[str, object] = {}
    for case in sorted(modes):
        folder = _covering(case, dead)
        entries = modes[case]
        if folder is not None:
            known.setdefault(folder, dead[folder])
            # The gate tells verdicts apart, so those that are not the folder's stand beside it.
            if all(_kind(entry) == _kind(dead[folder]) for entry in entries.values()):
                continue
        failing = {mode: entry for mode, entry in entries.items() if entry}
        if not failing:
            continue
        same = len(set(entries.values())) == 1
        known[case] = next(iter(failing.values())) if same else failing
    return known


def _kind(entry: str) -> tuple[str, bool]:
    """What the gate sees of an entry."""
    return verdict_of(entry), entry == NOT_RUN


def _dead_folders(modes: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """FOLDER/** -> the commonest entry, for each outermost folder in which no execution passes."""
    cases: Counter[str] = Counter()
    alive: set[str] = set()
    reasons: dict[str, Counter[str]] = {}
    for case, entries in modes.items():
        parts = case.split("/")[:-1]
        for depth in range(len(parts)):
            folder = "/".join(parts[: depth + 1])
            cases[folder] += 1
            if not all(entries.values()):
                alive.add(folder)
            else:
                reasons.setdefault(folder, Counter()).update(entries.values())
    dead = {}
    for folder, number in cases.items():
        parent = folder.rpartition("/")[0]
        outermost = not parent or parent in alive or cases[parent] < _FOLDER_CASES
        if folder not in alive and number >= _FOLDER_CASES and outermost:
            dead[f"{folder}/**"] = reasons[folder].most_common(1)[0][0]
    return dead


def _covering(case: str, dead: Mapping[str, str]) -> str | None:
    folder = case
    while folder:
        folder = folder.rpartition("/")[0]
        if folder and f"{folder}/**" in dead:
            return f"{folder}/**"
    return None
