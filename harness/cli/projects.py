"""`lockstep init` and `lockstep fixtures`: a user's own project."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from lockstep.harness.cli.group import cli
from lockstep.harness.cli.options import limit_options, project_of_command


@cli.command("init")
@click.option("--check", is_flag=True, help="Write nothing; say what is wrong with the project file.")
@click.option("--force", is_flag=True, help="Write over files that are there.")
@click.option("--site", is_flag=True, help="Also write a workflow that publishes a site on GitHub Pages.")
def init_command(check: bool, force: bool, site: bool) -> int:
    """Write a lockstep.toml and a CI workflow for this repository, from what is found in it."""
    from lockstep.harness.commands import init

    if check:
        return init.check(click.get_current_context().find_root().obj, Path.cwd())
    return init.init(Path.cwd(), Path.home(), force=force, site=site)


@cli.group("fixtures")
def fixtures_group() -> None:
    """Golden files of suites of one's own."""


@fixtures_group.command("write")
@click.argument("suite")
@click.option("--engine", required=True, metavar="ENGINE", help="Whose answers are right.")
@click.option("--profile", default="", metavar="NAME", help="How a plain command is understood.")
@click.option("--filter", "filters", multiple=True, help="Glob over case ids, or a case or folder.")
@click.option(
    "--yes",
    is_flag=True,
    help="Write over files that differ, and record programs that do not parse, without asking.",
)
@click.option("-j", "--jobs", type=click.IntRange(min=1), help="Engine processes at a time.")
@limit_options
def fixtures_write(
    suite: str,
    engine: str,
    profile: str,
    filters: tuple[str, ...],
    yes: bool,
    jobs: int | None,
    steps: int | None,
    timeout: float | None,
    memory: int | None,
) -> int:
    """Record what ENGINE does with the programs of SUITE in files beside them; show what differs before writing over one."""
    from lockstep.harness.commands.fixtures import WriteOptions, write
    from lockstep.harness.execution import Override
    from lockstep.harness.selection import Selection

    def agree(question: str) -> bool:
        return yes or (sys.stdin.isatty() and click.confirm(question))

    return write(
        WriteOptions(
            suite,
            engine,
            project_of_command(),
            profile,
            Selection(filters),
            jobs or os.cpu_count() or 1,
            Override(steps, timeout, memory),
            agree,
        )
    )
