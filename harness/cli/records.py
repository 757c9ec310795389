"""`lockstep report`, `history` and `status`: what earlier runs left."""
# ruff: noqa: PLC0415  # modules are imported where they are used, so that `lockstep exec` starts as fast as a language allows

from __future__ import annotations

from pathlib import Path

import click

from lockstep.harness.cli.group import cli
from lockstep.harness.cli.options import (
    project_of_command,
    report_options,
)

_MISSING = 3


@cli.command("report")
@click.argument("record", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@report_options
def report_command(record: Path, junit: Path | None, html: Path | None, summary: Path | None) -> int:
    """Turn a run that `lockstep run --output RECORD` wrote into a page, a summary or JUnit XML."""
    from lockstep.harness.commands.report import report

    return report(record, html, junit, summary)


@cli.command("history")
@click.argument("suite", required=False)
@click.option("--engine", help="Only runs on this engine.")
@click.option("--case", help="When the verdicts of this case changed.")
@click.option("--run", type=click.IntRange(min=1), help="The verdicts that this run changed.")
@click.option("--last", type=click.IntRange(min=1), default=20, show_default=True, help="So many runs.")
def history_command(
    suite: str | None, engine: str | None, case: str | None, run: int | None, last: int
) -> int:
    """What earlier runs on this machine counted (of SUITE, or of all), and which verdicts changed."""
    from lockstep.harness.commands.history import show_history

    return show_history(suite, engine, case, run, last)


@cli.command("status")
@click.argument("name", required=False)
@click.option("--folders", is_flag=True, help="Also list folders.")
def status_command(name: str | None, folders: bool) -> int:
    """Print tables from status/ for a SUITE or LANGUAGE, or for all of them."""
    from lockstep.harness.commands.show import show_status

    return show_status(name, project_of_command(), folders=folders)
