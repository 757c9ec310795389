"""`lockstep init` and `lockstep fixtures`: a user's own project."""
# ruff: noqa: PLC0415  # modules are imported where they are used, so that `lockstep exec` starts as fast as a language allows

from __future__ import annotations

from pathlib import Path

import click

from lockstep.harness.cli.group import cli


@cli.command("init")
@click.option("--check", is_flag=True, help="Write nothing; say what is wrong with the project file.")
@click.option("--force", is_flag=True, help="Write over files that are there.")
def init_command(check: bool, force: bool) -> int:
    """Write a lockstep.toml and a CI workflow for this repository, from what is found in it."""
    from lockstep.harness.commands import init

    if check:
        return init.check(click.get_current_context().find_root().obj, Path.cwd())
    return init.init(Path.cwd(), Path.home(), force=force)
