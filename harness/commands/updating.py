"""Writes what a run found to the status files and the history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from lockstep.harness.messages import EngineRow
from lockstep.harness.model import Result, Suite
from lockstep.harness.project.file import Project
from lockstep.harness.selection import Selection
from lockstep.harness.status.status import own_status_folder, read_status, write_status
from lockstep.harness.status.update import updated
from lockstep.harness.status.vars import update_vars
from lockstep.harness.status.yaml_file import locked


def update_statuses(
    results: Sequence[Result],
    suites: Mapping[str, Suite],
    revisions: Mapping[str, str],
    engines: Iterable[EngineRow],
    project: Project,
) -> None:
    """Lay a run over the status files as they are now: another run may have written them meanwhile.

    What the project file always leaves out is not missing.

    Raises:
        YamlError: a file cannot be read or written.
    """
    rows = list(engines)
    table = project.table.lockstep
    meant = Selection(table.filter, table.features, excluded=table.exclude).admits
    with locked(own_status_folder()):
        for name, revision in revisions.items():
            own = [one for one in results if one.suite == name]
            if own:
                suite = suites[name]
                status = updated(read_status(name), suite.cases(), own, rows, revision, meant)
                print(f"wrote {shown_path(write_status(status))}")
                if name == "clojure-test-suite":
                    print(f"wrote {shown_path(update_vars(status, suite))}")


def shown_path(path: Path) -> str:
    """A path as short as it can be said here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
