"""`lockstep status --badge`: how much passes, as a picture for a README."""

from __future__ import annotations

from pathlib import Path

from lockstep.harness.commands.judging import say
from lockstep.harness.commands.updating import shown_path
from lockstep.harness.gate import DONE, MISSING, USAGE
from lockstep.harness.project.file import Project
from lockstep.harness.reports.badge import write_badge
from lockstep.harness.status.status import Status, read_status, status_path
from lockstep.harness.status.yaml_file import YamlError
from lockstep.harness.suites import suite_names


def badge(path: Path, suite: str | None, engine: str | None, project: Project) -> int:
    """Write a badge of a suite on an engine; where one is not named, of the only one that status/ knows."""
    recorded = [name for name in suite_names(project) if status_path(name).exists()]
    try:
        statuses = [read_status(name) for name in ((suite,) if suite else recorded)]
        found = [
            (status, name)
            for status in statuses
            for name in status.counts
            if engine is None or name == engine
        ]
        if len(found) != 1:
            say(_which(found, suite, engine))
            return USAGE if found else MISSING
        status, name = found[0]
        counts = status.counts[name]
        write_badge(
            path,
            f"{status.suite} on {name}" if not engine else status.suite,
            counts.get("pass", 0),
            counts["total"],
        )
    except YamlError as error:
        say(str(error))
        return MISSING
    except OSError as error:
        say(f"{path}: cannot be written: {error.strerror or error}")
        return USAGE
    print(f"wrote {shown_path(path)}")
    return DONE


def _which(found: list[tuple[Status, str]], suite: str | None, engine: str | None) -> str:
    if not found:
        what = " on ".join(filter(None, (suite or "any suite", engine)))
        return f"nothing is recorded of {what}: `lockstep run ... --update-status` does"
    choices = "; ".join(f"{status.suite} --engine {name}" for status, name in found)
    return f"a badge shows one suite on one engine; there are: {choices}"
