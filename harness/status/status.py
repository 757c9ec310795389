"""Status files: what is done per feature, and every execution that does not pass (docs/status.md).

A status file holds the non-passing executions only, so a table of all verdicts is rebuilt from it and the suite's cases.
`status_update.py` lays a run over it, `changes.py` compares a run with it.
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lockstep.harness.model import Verdict
from lockstep.harness.status.yaml_file import YamlError, dump_yaml, load_yaml
from lockstep.launch import PACKAGE

_ROOT = PACKAGE / "status"
# Suites whose file is not called as they are.
_FILES = {"python-parity": "python.yaml"}
_HEAD = (
    "# Written by `lockstep run {suite} --update-status`; only notes may be added by hand, and they survive.\n"
    "# The form is described in docs/status.md.\n"
)
# The form of the files; those of form 1 have no such line, and do not tell when they were cut.
FORMAT = 2
# What is known of an execution that no run has held.
NOT_RUN = f"{Verdict.UNSUPPORTED}: not run yet"


@dataclass
class Status:
    """A status file in memory.

    Attributes:
        suite: the suite's name.
        revision: the revision of the last run.
        engines: engine -> who it was at its last run: `language`, `version`, `host`, `hash`, the `revision` of the suite that
            its verdicts speak of, and the day, `updated`.
        counts: engine -> verdict -> number of executions.
        features, folders: name -> `status`, `counts` (engine -> "passes/total"), and perhaps `note`.
        known: engine -> case (or FOLDER/**) -> what it does instead of passing.
        flaky: engine -> case -> mode (or `all`) -> how often it ended how, of executions that end in different ways.
        floor: engine -> `passes` of an engine that does nothing, in so many `executions`: the largest run of this revision.
        points: engine -> case -> its points, of suites whose cases have any.
        notes: whatever was added by hand at the top level.
    """

    suite: str
    revision: str = ""
    engines: dict[str, dict[str, str]] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    features: dict[str, dict[str, object]] = field(default_factory=dict)
    folders: dict[str, dict[str, object]] = field(default_factory=dict)
    known: dict[str, dict[str, object]] = field(default_factory=dict)
    flaky: dict[str, dict[str, Any]] = field(default_factory=dict)
    floor: dict[str, dict[str, int]] = field(default_factory=dict)
    points: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    note: str | None = None

    def revision_of(self, engine: str) -> str:
        """The revision of the suite that the verdicts of `engine` speak of."""
        return str(self.engines[engine].get("revision", self.revision))

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

    def wavers(self, engine: str, case: str, mode: str) -> dict[str, int]:
        """How often an execution that is known to end in different ways ended how; empty for others."""
        entry = self.flaky.get(engine, {}).get(case)
        found = entry.get(mode or "all") if isinstance(entry, dict) else None
        return found if isinstance(found, dict) else {}


def status_folder() -> Path:
    """The folder of the status files: `LOCKSTEP_STATUS`, or the project's own."""
    named = os.environ.get("LOCKSTEP_STATUS")
    return Path(named) if named else _ROOT


def own_status_folder() -> Path:
    """The folder of status files that a run may write.

    Raises:
        YamlError: there is none: what an installed package brings is not the user's to change.
    """
    folder = status_folder()
    if folder == _ROOT and not _ROOT.is_symlink():
        raise YamlError(
            "there is no folder for what was found: set LOCKSTEP_STATUS to one of yours, such as conformance/status"
        )
    return folder


def status_path(suite: str) -> Path:
    """The status file of a suite."""
    return status_folder() / _FILES.get(suite, f"{suite}.yaml")


def written(suite: str) -> str:
    """When the status file of a suite was written, in UTC; the end of time if there is none."""
    try:
        seconds = status_path(suite).stat().st_mtime
    except OSError:
        return "9999"
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="seconds")


def read_status(suite: str) -> Status:
    """The status file of a suite; an empty status if there is none yet.

    Raises:
        YamlError: the file cannot be read, has been cut, or has another form.
    """
    path = status_path(suite)
    return read_status_file(path, suite) if path.exists() else Status(suite)


def read_status_file(path: Path, suite: str) -> Status:
    """The status of a suite in a file.

    Raises:
        YamlError: as `read_status`.
    """
    content = load_yaml(path, whole=lambda found: isinstance(found, dict) and found.get("lockstep") == FORMAT)
    if not isinstance(content, dict) or content.get("suite") != suite:
        raise YamlError(
            f"{path}: not the status file of {suite}: it has no line `suite: {suite}` ({_ADVICE})"
        )
    if content.get("lockstep", 1) not in (1, FORMAT):
        raise YamlError(f"{path}: written by a newer Lockstep, in form {content['lockstep']}")
    parts = {name: _mapping(path, name, content.get(name)) for name in _PARTS}
    note = content.get("note")
    return Status(
        suite, str(content.get("revision") or ""), note=None if note is None else str(note), **parts
    )


_ADVICE = "docs/status.md has the form; `git checkout` has the last one that was committed"
# What holds a mapping in each entry; `known` holds mappings whose values are texts or mappings by mode.
_PARTS = ("engines", "counts", "floor", "features", "folders", "known", "flaky", "points")
# Those of them that are written only where there is something to write.
_RARE = ("floor", "flaky", "points")


def _mapping(path: Path, part: str, value: object) -> dict[str, Any]:
    """The entries of a part of the file, each a mapping.

    Raises:
        YamlError: they are something else.
    """
    found = {} if value is None else value
    if not isinstance(found, dict):
        raise YamlError(f"{path}: `{part}` is no mapping ({_ADVICE})")
    for name, entry in found.items():
        if not isinstance(entry, dict):
            raise YamlError(f"{path}: `{part}`, `{name}` is no mapping ({_ADVICE})")
    return {str(name): entry for name, entry in found.items()}


def write_status(status: Status) -> Path:
    """Write a status file.

    Raises:
        YamlError: it cannot be written.
    """
    content: dict[str, object] = {"lockstep": FORMAT, "suite": status.suite, "revision": status.revision}
    if status.note:
        content["note"] = status.note
    content |= {name: getattr(status, name) for name in _PARTS if name not in _RARE or getattr(status, name)}
    path = status_path(status.suite)
    dump_yaml(path, content, _HEAD.format(suite=status.suite))
    return path


def verdict_of(entry: str) -> str:
    """The verdict in a known entry; `pass` for an empty one."""
    return entry.partition(":")[0] or "pass"
