"""`lockstep diff`, `compare` and `reduce`: where engines differ."""
# ruff: noqa: PLC0415  # modules are imported where they are used, so that `lockstep exec` starts as fast as a language allows

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from lockstep.harness.cli.group import cli
from lockstep.harness.cli.options import (
    comma_list,
    limit_options,
    selection_options,
)
from lockstep.harness.cli.programs import program_of, program_options

_MISSING = 3


@cli.command("diff")
@click.argument("left")
@click.argument("right")
@click.option(
    "--suite", "suites", multiple=True, callback=comma_list, help="Suites to run (default: fixtures)."
)
@selection_options
@limit_options
def diff_command(
    left: str,
    right: str,
    suites: tuple[str, ...],
    filters: tuple[str, ...],
    features: tuple[str, ...],
    shard: tuple[int, int] | None,
    sample: int,
    host: str | None,
    jobs: int | None,
    steps: int | None,
    timeout: float | None,
    memory: int | None,
) -> int:
    """Show where two engines differ on the cases of a suite, or two recorded runs in their verdicts."""
    from lockstep.harness.commands.compare import diff_engines, diff_runs
    from lockstep.harness.execution import Override
    from lockstep.harness.selection import Selection

    if Path(left).is_file() and Path(right).is_file():
        return diff_runs(Path(left), Path(right))
    selection = Selection(filters, features, shard, sample)
    workers = jobs or os.cpu_count() or 1
    return diff_engines(left, right, suites, selection, workers, Override(steps, timeout, memory), host)


@cli.command("compare", context_settings={"ignore_unknown_options": True})
@click.argument("language")
@click.option(
    "--engine", "engines", multiple=True, callback=comma_list, help="Engines (default: all installed)."
)
@limit_options
@program_options
def compare_command(
    language: str,
    engines: tuple[str, ...],
    arguments: tuple[str, ...],
    code: str | None,
    mode: str,
    steps: int | None,
    timeout: float | None,
    memory: int | None,
) -> int:
    """Run one program (FILE or -e CODE) on every engine of LANGUAGE and show what each does."""
    from lockstep.harness.commands.compare import compare
    from lockstep.reference.host.limits import Limits

    return compare(
        language, program_of(arguments, code, mode), Limits(steps, timeout or 60.0, memory), engines
    )


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
        program = program_of(arguments, code, mode) if case is None else program_of_case(case)
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return _MISSING
    return reduce(left, right, program, Limits(steps, timeout or 5.0, memory or 1024), output)
