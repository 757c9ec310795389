"""`lockstep report`, `merge`, `gate`, `history` and `status`: what earlier runs left."""

from __future__ import annotations

from pathlib import Path

import click

from lockstep.harness.cli.group import cli
from lockstep.harness.cli.options import (
    gate_of_command,
    gate_options,
    project_of_command,
    record_names,
    report_options,
    store_option,
)


def _named(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> tuple[Path, ...]:
    return record_names(value)


_records = click.argument("records", nargs=-1, required=True, metavar="RECORD...", callback=_named)


@cli.command("report")
@_records
@report_options
@store_option
def report_command(
    records: tuple[Path, ...], junit: Path | None, html: Path | None, summary: Path | None
) -> int:
    """Turn runs that `lockstep run --output RECORD` wrote into a page, a summary or JUnit XML."""
    from lockstep.harness.commands.report import report
    from lockstep.harness.reports.files import Reports

    project = project_of_command()
    return report(records, Reports(junit, html, summary, project), project)


@cli.command("merge")
@_records
@click.option(
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the record of all goes.",
)
@store_option
def merge_command(records: tuple[Path, ...], output: Path) -> int:
    """Join the shards of one run into one record, and say what nobody ran."""
    from lockstep.harness.commands.joining import merge

    return merge(records, output, project_of_command())


@cli.command("gate")
@_records
@gate_options
@click.option("--history/--no-history", default=True, show_default=True, help="Ask earlier runs too.")
@store_option
def gate_command(
    records: tuple[Path, ...],
    fail_on: tuple[str, ...] | None,
    at_least: int | None,
    annotations: str | None,
    history: bool,
) -> int:
    """Judge recorded runs by what is known, as `lockstep run` does: its exit codes, from records."""
    from lockstep.harness.commands.joining import gate_records

    project = project_of_command()
    gate = gate_of_command(project, fail_on, at_least)
    return gate_records(records, gate, project, history=history, annotate=annotations is not None)


@cli.command("history")
@click.argument("names", nargs=-1, metavar="[SUITE]")
@click.option("--engine", help="Only runs on this engine.")
@click.option("--case", help="When the verdicts of this case changed.")
@click.option("--run", type=click.IntRange(min=1), help="The verdicts that this run changed.")
@click.option("--last", type=click.IntRange(min=1), default=20, show_default=True, help="So many runs.")
@click.option("--add", is_flag=True, help="Add the runs in RECORD... to the history.")
@store_option
def history_command(
    names: tuple[str, ...], engine: str | None, case: str | None, run: int | None, last: int, add: bool
) -> int:
    """What earlier runs counted (of SUITE, or of all), and which verdicts changed."""
    from lockstep.harness.commands.history import show_history
    from lockstep.harness.commands.joining import add_to_history

    project = project_of_command()
    if add:
        return add_to_history(_paths(names, "--add"), project)
    if len(names) > 1:
        raise click.UsageError("one suite at a time")
    return show_history(names[0] if names else None, engine, case, run, last)


@cli.command("status")
@click.argument("names", nargs=-1, metavar="[SUITE|LANGUAGE]")
@click.option("--folders", is_flag=True, help="Also list folders.")
@click.option("--update", is_flag=True, help="Write what the runs in RECORD... found to the status files.")
@click.option(
    "--badge",
    "badge_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a badge of SUITE: an SVG file, or .json for shields.io.",
)
@click.option("--engine", help="The engine of the badge, where several are known.")
@store_option
def status_command(
    names: tuple[str, ...], folders: bool, update: bool, badge_file: Path | None, engine: str | None
) -> int:
    """Print tables from status/ for a SUITE or LANGUAGE, or for all of them."""
    from lockstep.harness.commands.badge import badge
    from lockstep.harness.commands.joining import update_from_records
    from lockstep.harness.commands.show import show_status

    project = project_of_command()
    if update:
        return update_from_records(_paths(names, "--update"), project)
    if len(names) > 1:
        raise click.UsageError("one suite or language at a time")
    if badge_file is not None:
        return badge(badge_file, names[0] if names else None, engine, project)
    return show_status(names[0] if names else None, project, folders=folders)


def _paths(names: tuple[str, ...], option: str) -> tuple[Path, ...]:
    """The records that arguments name."""
    if not names:
        raise click.UsageError(f"{option} needs the records of runs")
    return record_names(names)
