"""`lockstep suites`, `engines`, `inventory` and `bench`: what is there, and how fast it is."""

from __future__ import annotations

import click

from lockstep.harness.cli.group import cli
from lockstep.harness.cli.options import comma_list, project_of_command


@cli.group("suites")
def suites_group() -> None:
    """List the suites, fetch one, or print where it is."""


@suites_group.command("list")
def suites_list() -> int:
    """Every suite: its languages, cases and executions, and where it is."""
    from lockstep.harness.commands.show import show_suites

    return show_suites(project_of_command())


@suites_group.command("fetch")
@click.argument("names", nargs=-1)
def suites_fetch(names: tuple[str, ...]) -> int:
    """Clone the pinned revisions (default: all) into the cache; needs a network."""
    from lockstep.harness.commands.show import fetch_suites

    return fetch_suites(names)


@suites_group.command("path")
@click.argument("name")
def suites_path(name: str) -> int:
    """Print the folder of a suite."""
    from lockstep.harness.commands.show import show_suite_path

    return show_suite_path(name, project_of_command())


@cli.group("engines", invoke_without_command=True)
@click.pass_context
def engines_group(context: click.Context) -> int | None:
    """Every engine that has a name, and whether it can run here."""
    from lockstep.harness.commands.engine_list import show_engines

    return None if context.invoked_subcommand else show_engines(project_of_command())


@engines_group.command("check")
@click.argument("command")
@click.option("--profile", default="", metavar="NAME", help="How it is understood, if not as its name says.")
@click.option("--language", default="", metavar="NAME", help="What it speaks, if its profile does not say.")
def engines_check(command: str, profile: str, language: str) -> int:
    """Show what COMMAND (or an engine's name) answers to tiny programs, and what Lockstep makes of it."""
    from lockstep.harness.commands.check import check

    return check(command, project_of_command(), language, profile)


@cli.command("inventory")
@click.argument("language")
@click.option(
    "--filter", "filters", multiple=True, callback=comma_list, metavar="GLOB", help="Names to list."
)
@click.option("--missing", is_flag=True, help="Only what the language has and our interpreters have not.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def inventory_command(language: str, filters: tuple[str, ...], missing: bool, as_json: bool) -> int:
    """Every built-in of LANGUAGE: arity, the clause that describes it, and its status.

    LANGUAGE is javascript, python, clojure, lua5.1, lua5.4 or redis.
    """
    from lockstep.harness.commands.inventory import inventory

    return inventory(language, filters, missing=missing, as_json=as_json)


@cli.command("bench")
@click.argument("languages", nargs=-1)
@click.option(
    "--engine", "engines", multiple=True, callback=comma_list, help="Engines (default: all installed)."
)
@click.option("--program", "programs", multiple=True, callback=comma_list, help="Programs (default: all).")
@click.option(
    "--rounds", type=click.IntRange(min=1), default=5, show_default=True, help="Rounds; the best counts."
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    help="More rounds for engines that took less than this, so that tracing hosts warm up.",
)
@click.option(
    "--host", "hosts", multiple=True, default=("pypy3",), show_default=True, help="Also under this Python."
)
@click.option("--update-status", is_flag=True, help="Write status/bench.yaml.")
def bench_command(
    languages: tuple[str, ...],
    engines: tuple[str, ...],
    programs: tuple[str, ...],
    rounds: int,
    seconds: float,
    hosts: tuple[str, ...],
    update_status: bool,
) -> int:
    """Measure engines side by side in one run, as ratios to our VM."""
    from lockstep.harness.commands.bench import bench

    return bench(languages, engines, programs, rounds, hosts, seconds, update_status=update_status)
