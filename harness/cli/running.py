"""`lockstep run`."""
# ruff: noqa: PLC0415  # modules are imported where they are used, so that `lockstep exec` starts as fast as a language allows

from __future__ import annotations

import os
from pathlib import Path

import click

from lockstep.harness.cli.group import cli
from lockstep.harness.cli.options import (
    engine_options,
    gate_of_command,
    gate_options,
    limit_options,
    project_of_command,
    report_options,
    selection_options,
    stress_option,
)

_MISSING = 3


@cli.command("run")
@click.argument("suites", nargs=-1)
@engine_options
@selection_options
@limit_options
@stress_option
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the run as JSON lines."
)
@report_options
@click.option("--update-status", is_flag=True, help="Write what was found to status/.")
@gate_options
@click.option("--list", "list_failures", is_flag=True, help="List every execution that does not pass.")
@click.option(
    "--reuse", is_flag=True, help="Run nothing whose program, engine and limits are as in an earlier run."
)
@click.option(
    "--reuse-unversioned", is_flag=True, help="The same, also for engines that tell no version of themselves."
)
@click.option("--history/--no-history", default=True, show_default=True, help="Add the run to the history.")
def run_command(
    suites: tuple[str, ...],
    engines: tuple[str, ...],
    profile: str,
    filters: tuple[str, ...],
    features: tuple[str, ...],
    shard: tuple[int, int] | None,
    sample: int,
    host: str | None,
    jobs: int | None,
    steps: int | None,
    timeout: float | None,
    memory: int | None,
    gc_stress: int | None,
    output: Path | None,
    junit: Path | None,
    html: Path | None,
    summary: Path | None,
    update_status: bool,
    fail_on: tuple[str, ...] | None,
    at_least: int | None,
    list_failures: bool,
    reuse: bool,
    reuse_unversioned: bool,
    history: bool,
) -> int:
    """Run SUITES (default: what ships inside the project) on engines (default: all of ours)."""
    from lockstep.harness.commands.run import RunOptions, run
    from lockstep.harness.execution import Override
    from lockstep.harness.reports.files import Reports
    from lockstep.harness.selection import Selection

    project = project_of_command()
    return run(
        RunOptions(
            suites=suites,
            engines=engines,
            project=project,
            profile=profile,
            host=host,
            selection=Selection(filters, features, shard, sample),
            workers=jobs or os.cpu_count() or 1,
            override=Override(steps, timeout, memory, gc_stress),
            output=output,
            reports=Reports(junit, html, summary),
            update_status=update_status,
            gate=gate_of_command(project, fail_on, at_least),
            list_failures=list_failures,
            reuse=reuse or reuse_unversioned,
            reuse_unversioned=reuse_unversioned,
            history=history,
        )
    )
