"""`lockstep site`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from lockstep.harness.cli.group import cli
from lockstep.harness.cli.options import project_of_command, record_names, store_option

F = TypeVar("F", bound=Callable[..., Any])


def _named(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> tuple[Path, ...]:
    return record_names(value)


def source_options(command: F) -> F:
    """`--record`, `--status`, `--title` and `--store`."""
    for option in (
        click.option("--title", default="Conformance", show_default=True, help="The title of the site."),
        click.option(
            "--status",
            "statuses",
            multiple=True,
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help="A folder of status files (several, of different days, make a history; default: the project's).",
        ),
        click.option(
            "--record",
            "records",
            multiple=True,
            metavar="RECORD",
            callback=_named,
            help="The record of a run (several: of different engines and days).",
        ),
    ):
        command = option(command)
    return store_option(command)


@cli.group("site")
def site_group() -> None:
    """A site that shows engines beside each other, over time."""


@site_group.command("build")
@click.argument("folder", metavar="OUT", type=click.Path(file_okay=False, path_type=Path))
@source_options
@click.option("--base", default="", metavar="URL", help="Where the site will be, for links in its feeds.")
def site_build(
    folder: Path, records: tuple[Path, ...], statuses: tuple[Path, ...], title: str, base: str
) -> int:
    """Write the site into the folder OUT, as files that any server can show, and a browser from the disk.

    The files of this machine are read only if --store, LOCKSTEP_STORE or lockstep.toml names them.
    """
    from lockstep.harness.commands.site import build
    from lockstep.harness.site.making import Sources

    project = project_of_command()
    return build(Sources(records, statuses, title=title, base=base, project=project), folder)
