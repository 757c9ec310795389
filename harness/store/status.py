"""Status files: what is done per feature, and every execution that does not pass (docs/status.md).

A status file holds the non-passing executions only, so a table of all verdicts is rebuilt from it and the
suite's cases; a run is laid over that table, and the file is written anew from the result.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lockstep.harness.model import Case, Result, Verdict
from lockstep.harness.store.record import now
from lockstep.harness.store.yaml_file import YamlError, dump_yaml, load_yaml
from lockstep.launch import PACKAGE

_ROOT = PACKAGE / "status"
FILES = {
    "test262": "test262.yaml",
    "lua": "lua.yaml",
    "redis": "redis.yaml",
    "python-parity": "python.yaml",
    "clojure-test-suite": "clojure-test-suite.yaml",
    "sci": "sci.yaml",
    "fixtures": "fixtures.yaml",
}
_HEAD = (
    "# Written by `lockstep run {suite} --update-status`; only notes may be added by hand, and they survive.\n"
    "# The form is described in docs/status.md.\n"
)
_LONGEST_REASON = 140
# A folder in which nothing passes is one entry, from so many cases on.
_FOLDER_CASES = 4

# What an engine says that was still at work when its wall time ran out. One that does not even answer hangs.
_OUT_OF_TIME = "time limit reached"

Key = tuple[str, str]  # case, mode
Table = dict[Key, str]  # "" for a pass, else "verdict: reason"


@dataclass
class Status:
    """A status file in memory.

    Attributes:
        suite: the suite's name.
        revision: the revision that the verdicts speak of.
        engines: engine -> its hash and the day of its last run.
        counts: engine -> verdict -> number of executions.
        features, folders: name -> `status`, `counts` (engine -> "passes/total"), and perhaps `note`.
        known: engine -> case (or FOLDER/**) -> what it does instead of passing.
        notes: whatever was added by hand at the top level.
    """

    suite: str
    revision: str = ""
    engines: dict[str, dict[str, str]] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    features: dict[str, dict[str, Any]] = field(default_factory=dict)
    folders: dict[str, dict[str, Any]] = field(default_factory=dict)
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    note: str | None = None

    def knows(self, engine: str, case: str, mode: str) -> str:
        """What `case` is known to do on `engine` instead of passing; "" if it passes."""
        entries = self.known.get(engine)
        if not entries:
            return ""
        entry = entries.get(case)
        if isinstance(entry, dict):
            return str(entry.get(mode or "all", ""))
        if entry is not None:
            return str(entry)
        folder = case
        while folder:
            folder = folder.rpartition("/")[0]
            entry = entries.get(f"{folder}/**" if folder else "**")
            if entry is not None:
                return str(entry)
        return ""


def status_folder() -> Path:
    """The folder of the status files: `LOCKSTEP_STATUS`, or the project's own."""
    named = os.environ.get("LOCKSTEP_STATUS")
    return Path(named) if named else _ROOT


def status_path(suite: str) -> Path:
    """The status file of a suite."""
    return status_folder() / FILES.get(suite, f"{suite}.yaml")


def read_status(suite: str) -> Status:
    """The status file of a suite; an empty status if there is none yet.

    Raises:
        YamlError: the file has another form.
    """
    path = status_path(suite)
    if not path.exists():
        return Status(suite)
    content = load_yaml(path)
    try:
        return Status(
            suite=content["suite"],
            revision=str(content.get("revision") or ""),
            engines=content.get("engines") or {},
            counts=content.get("counts") or {},
            features=content.get("features") or {},
            folders=content.get("folders") or {},
            known=content.get("known") or {},
            note=content.get("note"),
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise YamlError(f"{path}: not a status file: {error!r} (docs/status.md has the form)") from error


def write_status(status: Status) -> Path:
    """Write a status file."""
    content: dict[str, Any] = {"suite": status.suite, "revision": status.revision}
    if status.note:
        content["note"] = status.note
    content |= {
        "engines": status.engines,
        "counts": status.counts,
        "features": status.features,
        "folders": status.folders,
        "known": status.known,
    }
    path = status_path(status.suite)
    dump_yaml(path, content, _HEAD.format(suite=status.suite))
    return path


def updated(
    status: Status, cases: Sequence[Case], results: Iterable[Result], hashes: Mapping[str, str], revision: str
) -> Status:
    """`status` with `results` laid over it, counted anew over all `cases`.

    Executions that were not part of the run keep what is known of them; an engine that had none before
    has them as not run yet. Cases that the suite no longer holds are dropped. Notes survive.
    """
    tables: dict[str, Table] = {}
    languages_of: dict[str, str] = {case.id: case.language for case in cases}
    for result in results:
        if result.case not in languages_of:
            continue
        table = tables.setdefault(result.engine, {})
        table[result.case, result.mode] = "" if result.verdict is Verdict.PASS else _entry(result)
    for engine, ran in tables.items():
        spoken = {languages_of[case] for case, _ in ran}
        tables[engine] = {**_known_table(status, engine, cases, spoken), **ran}
    for engine in status.engines:
        if engine not in tables:
            spoken = {case.language for case in cases if engine.startswith(case.language)}
            tables[engine] = _known_table(status, engine, cases, spoken)
    tables = dict(sorted(tables.items()))
    day = now()[:10]
    return Status(
        suite=status.suite,
        revision=revision,
        engines={
            engine: {"hash": hashes[engine], "updated": day} if engine in hashes else status.engines[engine]
            for engine in tables
        },
        counts={engine: _counts(table) for engine, table in tables.items()},
        features=_groups(tables, {case.id: case.features for case in cases}, status.features),
        folders=_groups(tables, {case.id: _folders(case.id) for case in cases}, status.folders),
        known={engine: _compact(table) for engine, table in tables.items()},
        note=status.note,
    )


def _known_table(status: Status, engine: str, cases: Sequence[Case], languages: set[str]) -> Table:
    seen = engine in status.engines
    return {
        (case.id, mode): status.knows(engine, case.id, mode)
        if seen
        else f"{Verdict.UNSUPPORTED}: not run yet"
        for case in cases
        if case.language in languages
        for mode in case.modes
    }


def _entry(result: Result) -> str:
    reason = " ".join(result.reason.split())
    if len(reason) > _LONGEST_REASON:
        reason = reason[: _LONGEST_REASON - 1] + "…"
    return f"{result.verdict}: {reason}" if reason else str(result.verdict)


def verdict_of(entry: str) -> str:
    """The verdict in a known entry; `pass` for an empty one."""
    return entry.partition(":")[0] or "pass"


def _counts(table: Table) -> dict[str, int]:
    counter = Counter(verdict_of(entry) for entry in table.values())
    ordered = {str(verdict): counter[str(verdict)] for verdict in Verdict if counter[str(verdict)]}
    return {**ordered, "total": sum(counter.values())}


def _folders(case: str) -> tuple[str, ...]:
    """The first two levels of a case's folder."""
    parts = case.split("/")[:-1]
    return tuple("/".join(parts[: depth + 1]) for depth in range(min(2, len(parts))))


def _groups(
    tables: Mapping[str, Table], names: Mapping[str, Sequence[str]], before: Mapping[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
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
    for name in sorted(totals):
        group: dict[str, Any] = {
            "status": _group_status(passes[name], totals[name], skips[name]),
            "counts": {engine: f"{passes[name][engine]}/{total}" for engine, total in totals[name].items()},
        }
        note = (before.get(name) or {}).get("note")
        if note:
            group["note"] = note
        groups[name] = group
    return groups


def _group_status(passes: Counter[str], totals: Counter[str], skips: int) -> str:
    if skips == sum(totals.values()):
        return "skip"
    if not any(passes.values()):
        return "todo"
    if all(passes[engine] == total for engine, total in totals.items()):
        return "done"
    return "wip" if any(not passes[engine] for engine in totals) else "partial"


def _compact(table: Table) -> dict[str, Any]:
    """The entries that do not pass; folders without any pass as one entry."""
    modes: dict[str, dict[str, str]] = {}
    for (case, mode), entry in table.items():
        modes.setdefault(case, {})[mode or "all"] = entry
    dead = _dead_folders(modes)
    known: dict[str, Any] = {}
    for case in sorted(modes):
        folder = _covering(case, dead)
        if folder is not None:
            if folder not in known:
                known[folder] = dead[folder]
            continue
        entries = modes[case]
        failing = {mode: entry for mode, entry in entries.items() if entry}
        if not failing:
            continue
        same = len(set(entries.values())) == 1
        known[case] = next(iter(failing.values())) if same else failing
    return known


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


@dataclass(frozen=True)
class Changes:
    """How a run differs from what its status files say.

    Attributes:
        regressions: executions that are known to pass and do not.
        improvements: executions that are known not to pass and do.
        unknown: failures of which nothing is known, because the status speaks of another revision.
        undecided: executions that were still at work when their wall time ran out: that depends on the machine.
    """

    regressions: list[Result] = field(default_factory=list)
    improvements: list[Result] = field(default_factory=list)
    unknown: list[Result] = field(default_factory=list)
    undecided: list[Result] = field(default_factory=list)


def compare_with_status(
    results: Iterable[Result], statuses: Mapping[str, Status], revisions: Mapping[str, str]
) -> Changes:
    """Compare `results` with the status of their suites.

    An engine that a status file does not speak of has nothing to regress from.
    """
    changes = Changes()
    for result in results:
        status = statuses[result.suite]
        known = status.knows(result.engine, result.case, result.mode)
        if result.verdict is Verdict.PASS:
            if known:
                changes.improvements.append(result)
        elif known or result.verdict is Verdict.SKIPPED:
            continue
        elif result.verdict is Verdict.TIMEOUT and result.reason == _OUT_OF_TIME:
            changes.undecided.append(result)
        elif result.engine in status.engines and status.revision == revisions.get(result.suite):
            changes.regressions.append(result)
        else:
            changes.unknown.append(result)
    return changes
