"""`lockstep diff`, `compare` and `reduce`: where engines differ."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from lockstep.harness.cli.group import cli
from lockstep.harness.cli.options import (
    comma_list,
    engine_options,
    limit_options,
    project_of_command,
    selection_options,
    store_option,
)
from lockstep.harness.cli.programs import program_of, program_options

_MISSING = 3


@cli.command("diff")
@click.argument("left")
@click.argument("right")
@click.option(
    "--suite",
    "suites",
    multiple=True,
    callback=comma_list,
    help="Suites to run (default: as `lockstep run`).",
)
@click.option("--profile", default="", metavar="NAME", help="How a plain command is understood.")
@click.option(
    "--causes", is_flag=True, help="Group differences by their causes, with the smallest example of each."
)
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@store_option
@selection_options
@limit_options
def diff_command(
    left: str,
    right: str,
    suites: tuple[str, ...],
    causes: bool,
    as_json: bool,
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
    profile: str,
) -> int:
    """Show where two engines differ on the cases of a suite, or two recorded runs in their verdicts."""
    from lockstep.harness.commands.diff import EngineNames, Form, diff_engines, diff_runs
    from lockstep.harness.execution import Override
    from lockstep.harness.records.reading import is_record
    from lockstep.harness.selection import Selection

    project, form = project_of_command(), Form(causes, as_json)
    if is_record(Path(left)) and is_record(Path(right)):
        return diff_runs(Path(left), Path(right), project, form)
    selection = Selection(filters, features, shard, sample, excluded, flags)
    workers = jobs or os.cpu_count() or 1
    override = Override(steps, timeout, memory)
    engines = EngineNames(left, right, project, profile, host)
    return diff_engines(engines, suites, selection, workers, override, form)


@cli.command("compare", context_settings={"ignore_unknown_options": True})
@click.argument("language")
@engine_options
@click.option("-p", "--print", "expression", metavar="EXPRESSION", help="Print the value of an expression.")
@click.option("--coalesce", is_flag=True, help="Engines with the same answer share a row.")
@click.option("--unanimous", is_flag=True, help="Print nothing if all agree.")
@click.option("--source", is_flag=True, help="Print the program first.")
@click.option("--json", "as_json", is_flag=True, help="Print the answers as JSON.")
@limit_options
@program_options
def compare_command(
    language: str,
    engines: tuple[str, ...],
    profile: str,
    coalesce: bool,
    unanimous: bool,
    source: bool,
    as_json: bool,
    arguments: tuple[str, ...],
    code: str | None,
    expression: str | None,
    mode: str,
    steps: int | None,
    timeout: float | None,
    memory: int | None,
) -> int:
    """Run one program (FILE, -e CODE or -p EXPRESSION) on every engine of LANGUAGE and show what each does."""
    from lockstep.harness.commands.compare import CompareOptions, compare
    from lockstep.reference.host.limits import Limits

    project = project_of_command()
    options = CompareOptions(engines, project, profile, coalesce, unanimous, source, as_json)
    program = program_of(arguments, code, mode, expression, language, project)
    return compare(language, program, Limits(steps, timeout or 60.0, memory), options)


@cli.command("reduce", context_settings={"ignore_unknown_options": True})
@click.argument("left")
@click.argument("right")
@click.option("--case", metavar="SUITE:CASE[@MODE]", help="The program of a suite's case, instead of a file.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Where the smallest program goes."
)
@limit_options
@program_options
def reduce_command(
    left: str,
    right: str,
    arguments: tuple[str, ...],
    case: str | None,
    output: Path | None,
    code: str | None,
    mode: str,
    steps: int | None,
    timeout: float | None,
    memory: int | None,
) -> int:
    """Make a program (FILE, -e CODE or --case) as small as it gets while engines LEFT and RIGHT differ on it."""
    from lockstep.harness.commands.reduce import program_of_case, reduce
    from lockstep.harness.model import MissingError
    from lockstep.reference.host.limits import Limits

    try:
        program = (
            program_of(arguments, code, mode, language=left.partition(":")[0])
            if case is None
            else program_of_case(case, project_of_command())
        )
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return _MISSING
    limits = Limits(steps, timeout or 5.0, memory or 1024)
    return reduce(left, right, program, limits, output, project_of_command())
