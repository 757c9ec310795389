"""Options that several commands take, and what their values mean."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def comma_list(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """The parts of options that may hold several, separated by commas."""
    found = tuple(part.strip() for item in value for part in item.split(",") if part.strip())
    if value and not found:
        # An empty variable of a script must not mean everything.
        raise click.BadParameter("it names nothing")
    return found


def engine_list(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """What each `--engine` names."""
    if not value:
        return ()
    from lockstep.harness.engines.registry import split_engines

    found = tuple(part for item in value for part in split_engines(item))
    if not found:
        raise click.BadParameter("it names nothing")
    return found


def shard_of(_: click.Context, __: click.Parameter, value: str | None) -> tuple[int, int] | None:
    """The numbers in K/N."""
    from lockstep.harness.selection import parse_shard

    if value is None:
        return None
    try:
        return parse_shard(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def reasons(
    context: click.Context, option: click.Parameter, value: tuple[str, ...]
) -> tuple[str, ...] | None:
    """The names that `--fail-on` takes; None where it is not given."""
    from lockstep.harness.gate import parse_reasons

    if not value:
        return None
    try:
        return parse_reasons(comma_list(context, option, value))
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def gate_options(command: F) -> F:
    """`--fail-on`, `--at-least` and `--annotations`."""
    for option in (
        click.option(
            "--annotations",
            type=click.Choice(["github"]),
            help="Print what differs from what is known as annotations of a CI system.",
        ),
        click.option(
            "--at-least",
            type=click.IntRange(min=0),
            metavar="N",
            help="Fewer executions than this are vacuous (default: 1).",
        ),
        click.option(
            "--fail-on",
            multiple=True,
            callback=reasons,
            metavar="REASON,...",
            help="What makes the exit code 1: regression, worse, unexpected-pass, new-failure, flaky, missing, vacuous, "
            "any, never (default: that of lockstep.toml, else regression,worse,vacuous).",
        ),
    ):
        command = option(command)
    return command


def gate_of_command(
    project: Any, fail_on: tuple[str, ...] | None, at_least: int | None, *, narrowed: bool = False
) -> Any:
    """The gate that the options and the project file ask for."""
    from lockstep.harness.gate import gate_of

    try:
        return gate_of(project.table.gate, fail_on, at_least, narrowed=narrowed)
    except ValueError as error:
        raise click.UsageError(f"{project.path}: [gate] fail-on: {error}") from error


def limit_options(command: F) -> F:
    """`--steps`, `--timeout`, `--memory`."""
    for option in (
        click.option("--memory", type=click.IntRange(min=16), help="MiB that a guest may hold."),
        click.option("--timeout", type=click.FloatRange(min=0.01), help="Seconds of wall time for a case."),
        click.option("--steps", type=click.IntRange(min=1), help="Steps (calls and loop turns) for a case."),
    ):
        command = option(command)
    return command


def host_options(command: F) -> F:
    """`--bare`, `--allow-read`, `--allow-write`: what JavaScript programs find beside the language."""
    for option in (
        click.option(
            "--allow-write",
            multiple=True,
            metavar="FOLDER",
            help="A folder that a JavaScript program may write (and read); may be repeated.",
        ),
        click.option(
            "--allow-read",
            multiple=True,
            metavar="FOLDER",
            help="A folder that a JavaScript program may read besides the one of its own file; may be repeated.",
        ),
        click.option(
            "--bare",
            is_flag=True,
            help="JavaScript without a host: the language, print and console.log, and $262.",
        ),
    ):
        command = option(command)
    return command


def stress_option(command: F) -> F:
    """`--gc-stress`."""
    option = click.option(
        "--gc-stress",
        type=click.IntRange(min=1),
        metavar="N",
        help="Collect garbage at every Nth safe point (call or loop turn), where an engine can.",
    )
    return option(command)


def report_options(command: F) -> F:
    """The files that a run is reported in."""
    file = click.Path(dir_okay=False, path_type=Path)
    for option in (
        click.option("--summary", type=file, help="Add a Markdown summary to the end of a file."),
        click.option("--html", type=file, help="Write a page to search and drill down in."),
        click.option("--junit", type=file, help="Write JUnit XML."),
    ):
        command = option(command)
    return command


def engine_options(command: F) -> F:
    """`--engine` and `--profile`."""
    for option in (
        click.option(
            "--profile",
            default="",
            metavar="NAME",
            help="How a plain command is understood (docs/profiles.md).",
        ),
        click.option(
            "--engine",
            "engines",
            multiple=True,
            callback=engine_list,
            metavar="ENGINE",
            help="A name, @GROUP, !NAME (several with commas), a command ('./build/qjs {file}'), NAME=COMMAND, protocol:COMMAND.",
        ),
    ):
        command = option(command)
    return command


def selection_options(command: F) -> F:
    """What says which cases run, and on how many processes."""
    for option in (
        click.option("-j", "--jobs", type=click.IntRange(min=1), help="Engine processes at a time."),
        click.option("--host", metavar="PROGRAM", help="Run our engines under another Python, e.g. pypy3."),
        click.option(
            "--sample",
            type=click.IntRange(min=1),
            default=1,
            metavar="N",
            help="About one case in N, always the same.",
        ),
        click.option(
            "--shard", callback=shard_of, metavar="K/N", help="Part K of N, by a stable hash of the case."
        ),
        click.option(
            "--feature", "features", multiple=True, callback=comma_list, help="Cases with this feature."
        ),
        click.option(
            "--flags",
            multiple=True,
            callback=comma_list,
            help="Cases with this flag (Test262: async, module, raw, ...).",
        ),
        click.option("--exclude", "excluded", multiple=True, help="Leave these out; as --filter."),
        click.option("--filter", "filters", multiple=True, help="Glob over case ids, or a case or folder."),
    ):
        command = option(command)
    return command


def _use_store(_: click.Context, __: click.Parameter, value: str | None) -> None:
    """Let every part of this process use a store; the places of the project file do not change one that is named."""
    from lockstep.harness.store.place import VARIABLE

    if value is not None:
        if not value.strip():
            raise click.BadParameter("it names nothing")
        os.environ[VARIABLE] = value


def store_option(command: F) -> F:
    """`--store`."""
    option = click.option(
        "--store",
        expose_value=False,
        callback=_use_store,
        metavar="URL",
        help="Where history, outcomes and records are: postgresql://USER@HOST/NAME, sqlite:///PATH or a path "
        "(default: LOCKSTEP_STORE, else that of lockstep.toml, else files of this machine).",
    )
    return option(command)


def record_names(names: tuple[str, ...]) -> tuple[Path, ...]:
    """The records that arguments name: files, or `store:NUMBER` and `store:SUITE@ENGINE`.

    Raises:
        click.UsageError: there is no such file.
    """
    from lockstep.harness.records.reading import is_record

    for name in names:
        if not is_record(Path(name)):
            raise click.UsageError(f"{name}: there is no such record")
    return tuple(map(Path, names))


def project_of_command() -> Any:
    """The project file of this command; what it says of places holds for the whole process."""
    from lockstep.harness.project.file import ProjectError, checked, find_project

    try:
        project = checked(find_project(click.get_current_context().find_root().obj))
    except ProjectError as error:
        raise click.UsageError(str(error)) from error
    project.hand_on()
    return project


def override_of_command(
    project: Any, steps: int | None, seconds: float | None, memory: int | None, stress: int | None = None
) -> Any:
    """The limits that the options, else the project file, put in place of a suite's own."""
    from lockstep.harness.execution import Override

    table = project.table.lockstep.limits
    return Override(
        steps if steps is not None else table.steps,
        seconds if seconds is not None else table.seconds,
        memory if memory is not None else table.memory,
        stress,
        table.output,
    )
