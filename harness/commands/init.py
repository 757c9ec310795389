"""`lockstep init`: a project file and CI for this repository, or what is wrong with those that are there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from lockstep.harness.gate import DONE, FAILED, USAGE
from lockstep.harness.project.file import NAME, ProjectError, find_project, read_project
from lockstep.harness.project.init.draft import draft, own_engines
from lockstep.harness.project.init.findings import Findings
from lockstep.harness.project.init.health import problems_of
from lockstep.harness.project.init.workflow import (
    SCRIPT,
    SITE_SCRIPT,
    SITE_WORKFLOW,
    WORKFLOW,
    script,
    site_script,
    site_workflow,
    workflow,
)


def init(folder: Path, home: Path, *, force: bool, site: bool = False) -> int:
    """Write what is not there yet; with `force`, write over what is there too; with `site`, what publishes a site as well."""
    found = Findings(folder, home)
    files: dict[str, Callable[[], str]] = {
        NAME: lambda: draft(found),
        SCRIPT: script,
        WORKFLOW: lambda: workflow(found),
        **({SITE_SCRIPT: site_script, SITE_WORKFLOW: site_workflow} if site else {}),
    }
    written = 0
    for name, text in files.items():
        path = folder / name
        there = path.exists()
        if there and not force:
            print(f"{name} is there already, and stays as it is (--force writes over it)")
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text(), "utf-8")
            if name.endswith(".sh"):
                path.chmod(0o755)
        except OSError as error:
            sys.stderr.write(f"{path}: cannot be written: {error.strerror}\n")
            return USAGE
        print(f"{'wrote over' if there else 'wrote'} {name}")
        written += 1
    if written:
        _tell(found)
        if site:
            print(
                f"  {SITE_SCRIPT} _site               the site of what is committed; on GitHub: Settings, Pages, Source: GitHub Actions"
            )
    return DONE


def _tell(found: Findings) -> None:
    """What was found, and what comes next."""
    for one in found.tests:
        shows = f" ({one.shows})" if one.shows else ""
        print(f"  {one.folder}/: {one.number} programs in {one.language}; expect = {one.expect}{shows}")
    for candidate in found.candidates:
        state = "" if candidate.built else ", not built yet"
        print(f"  engine {candidate.name}: {candidate.command}, profile {candidate.profile}{state}")
    for other in found.engines:
        print(f"  engine {other.name}: from {other.source.name}")
    if not found.tests:
        print(f"  no folder of tests was found: write it into {NAME}, [suites.NAME]")
    if not found.candidates and not found.engines:
        print(
            f"  no engine was found: write yours into {NAME}, [engines.NAME]; without one Lockstep's own run"
        )
    print("next:")
    engine = next(iter(own_engines(found)), "")
    if engine:
        print(f"  lockstep engines check {engine}     is it understood?")
    print("  lockstep init --check          is the file right?")
    print("  lockstep run --update-status   record what the engine does today; commit conformance/status")
    print("  printf 'conformance/history.sqlite*\\nconformance/out/\\n' >> .gitignore")


def check(config: Path | None, folder: Path) -> int:
    """Say what is wrong with the project file; 1 if something is."""
    try:
        project = read_project(config) if config is not None else find_project(start=folder)
        if project.path is None:
            raise ProjectError(f"there is no {NAME} in {folder}, nor above it; `lockstep init` writes one")
        project.hand_on()
        problems = list(problems_of(project))
    except ProjectError as error:
        sys.stderr.write(f"{error}\n")
        return FAILED
    for problem in problems:
        print(f"{project.path}: {problem}")
    if problems:
        print(f"{len(problems)} {'thing is' if len(problems) == 1 else 'things are'} wrong")
        return FAILED
    table = project.table
    print(f"{project.path}: {len(table.engines)} engines, {len(table.suites)} suites; nothing is wrong")
    return DONE
