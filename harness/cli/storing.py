"""`lockstep store`: the store of history, outcomes and records."""

from __future__ import annotations

from pathlib import Path

import click

from lockstep.harness.cli.group import cli
from lockstep.harness.cli.options import project_of_command, store_option


@cli.group("store")
def store_group() -> None:
    """History, outcomes and records: in files of this machine, or in the PostgreSQL of a team (--store)."""


@store_group.command("info")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@store_option
def store_info(as_json: bool) -> int:
    """What the store holds: rows, bytes and versions."""
    from lockstep.harness.commands.store import show_info

    project_of_command()
    return show_info(as_json=as_json)


@store_group.command("add")
@click.argument(
    "records",
    nargs=-1,
    required=True,
    metavar="RECORD...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@store_option
def store_add(records: tuple[Path, ...]) -> int:
    """Add the run in RECORD... to the store; what is in it already is not added twice."""
    from lockstep.harness.commands.joining import add_to_history

    return add_to_history(records, project_of_command())


@store_group.command("migrate")
@store_option
def store_migrate() -> int:
    """Make the tables of the store, or bring them to the version of this Lockstep."""
    from lockstep.harness.commands.store import migrate_store

    project_of_command()
    return migrate_store()


@store_group.command("prune")
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    metavar="N",
    help="Records beyond the last N of a suite on an engine.",
)
@click.option(
    "--older-than", type=click.IntRange(min=1), metavar="DAYS", help="Records and outcomes that are older."
)
@click.option("--dry-run", is_flag=True, help="Only say how much that is.")
@store_option
def store_prune(keep: int | None, older_than: int | None, dry_run: bool) -> int:
    """Take out old records and outcomes; what runs counted and which verdicts they changed stays.

    With both --keep and --older-than records go that are both. The newest of a suite on an engine stays, and the newest that is whole.
    """
    from lockstep.harness.commands.store import prune_store

    if keep is None and older_than is None:
        raise click.UsageError("--keep N or --older-than DAYS says what may go")
    project_of_command()
    return prune_store(keep, older_than, dry_run=dry_run)


@store_group.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def store_copy(source: str, target: str) -> int:
    """Copy all of the store FROM into the empty store TO: paths, sqlite:///PATH or postgresql://..."""
    from lockstep.harness.commands.store import copy_store

    project_of_command()
    return copy_store(source, target)
