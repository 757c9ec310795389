"""`lockstep run`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lockstep.harness.cli.group import cli
from lockstep.harness.cli.options import (
    engine_options,
    gate_of_command,
    gate_options,
    limit_options,
    override_of_command,
    project_of_command,
    report_options,
    selection_options,
    store_option,
    stress_option,
)

if TYPE_CHECKING:
    from lockstep.harness.project.file import Project


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
@click.option(
    "--retries",
    type=click.IntRange(min=0),
    metavar="N",
    help="Run what is not as expected again alone, up to N times (default: that of lockstep.toml, else 0).",
)
@click.option(
    "--repeat",
    type=click.IntRange(min=1),
    default=1,
    metavar="N",
    help="Run everything N times, and show what ended in different ways.",
)
@click.option(
    "--max-failures", type=click.IntRange(min=1), metavar="N", help="Stop after N unexpected failures."
)
@click.option(
    "--rerun",
    default="",
    metavar="WHAT",
    help="Only what failed when it last ran, what the last run changed, what never ran, or what does not pass in a "
    "record: failed, changed, missing, RECORD. `--rerun missing RECORD` goes on with an interrupted run.",
)
@click.option(
    "--durations",
    type=click.IntRange(min=1),
    default=None,
    metavar="N",
    help="List the N slowest executions.",
)
@click.option("--list", "list_failures", is_flag=True, help="List every execution that does not pass.")
@click.option(
    "--reuse", is_flag=True, help="Run nothing whose program, engine and limits are as in an earlier run."
)
@click.option(
    "--reuse-unversioned", is_flag=True, help="The same, also for engines that tell no version of themselves."
)
@click.option(
    "--cluster",
    default="",
    metavar="ADDRESS",
    help="Run on a Dask cluster: tcp://HOST:PORT, local:N, ssh:HOST,..., or [clusters.NAME] of lockstep.toml.",
)
@click.option("--upload", is_flag=True, help="Send the programs of engines to the workers of the cluster.")
@click.option(
    "--history/--no-history", default=True, show_default=True, help="Add the run and its record to the store."
)
@store_option
def run_command(
    suites: tuple[str, ...],
    engines: tuple[str, ...],
    profile: str,
    filters: tuple[str, ...],
    excluded: tuple[str, ...],
    features: tuple[str, ...],
    flags: tuple[str, ...],
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
    annotations: str | None,
    retries: int | None,
    repeat: int,
    max_failures: int | None,
    rerun: str,
    durations: int | None,
    list_failures: bool,
    reuse: bool,
    reuse_unversioned: bool,
    cluster: str,
    upload: bool,
    history: bool,
) -> int:
    """Run SUITES (default: what ships inside the project) on engines (default: all of ours)."""
    from lockstep.harness.commands.run import RunOptions, run
    from lockstep.harness.reports.files import Reports
    from lockstep.harness.selection import Selection

    if repeat > 1 and (reuse or reuse_unversioned):
        raise click.UsageError("--repeat runs everything anew, so nothing can be reused")
    if repeat > 1 and retries:
        raise click.UsageError("--repeat runs everything N times already, so nothing is retried")
    if upload and not cluster:
        raise click.UsageError("--upload sends programs to the workers of a cluster: name it (--cluster)")
    if cluster and jobs:
        raise click.UsageError(
            "-j is for this machine; a cluster runs as many cases at a time as its workers have threads"
        )
    resume = None
    if (
        rerun == "missing"
        and len(suites) == 1
        and suites[0].endswith(".jsonl")
        and not Path(suites[0]).exists()
    ):
        raise click.UsageError(f"{suites[0]}: there is no such record")
    if rerun == "missing" and len(suites) == 1 and Path(suites[0]).is_file():
        resume, suites, rerun = Path(suites[0]), (), ""
        if filters or excluded or features or flags or shard or sample > 1 or repeat > 1:
            raise click.UsageError(
                "a run that goes on has the cases of its record: no other option chooses some"
            )
    project = project_of_command()
    table = project.table.lockstep
    named = bool(filters or excluded or features or flags or rerun)
    selection = Selection(
        filters=filters if named else table.filter,
        features=features if named else table.features,
        shard=shard,
        sample=sample,
        excluded=excluded or table.exclude,
        flags=flags,
        rerun=rerun,
    )
    return run(
        RunOptions(
            suites=suites or (() if resume is not None else table.default),
            engines=engines,
            project=project,
            profile=profile,
            host=host,
            selection=selection,
            workers=jobs or table.jobs or os.cpu_count() or 1,
            override=override_of_command(project, steps, timeout, memory, gc_stress),
            output=output,
            reports=Reports(junit, html, summary, project),
            update_status=update_status,
            gate=gate_of_command(
                project, fail_on, at_least, narrowed=named or shard is not None or sample > 1
            ),
            list_failures=list_failures,
            durations=durations or 0,
            annotate=annotations is not None,
            retries=_retries(project, retries) if repeat == 1 else 0,
            repeat=repeat,
            max_failures=max_failures or 0,
            reuse=reuse or reuse_unversioned,
            reuse_unversioned=reuse_unversioned,
            history=history,
            cluster=cluster,
            upload=upload,
            resume=resume,
        )
    )


def _retries(project: Project, asked: int | None) -> int:
    """How often what is not as expected is run again."""
    return asked if asked is not None else project.table.gate.retries or 0
