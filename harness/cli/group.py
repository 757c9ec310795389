"""The `lockstep` command itself, on which the subcommands stand."""
# modules are imported where they are used, so that `lockstep exec` starts as fast as a language allows

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from lockstep import __version__

_BROKEN_PIPE = 141  # as a process that SIGPIPE ended


class _Commands(click.Group):
    """The commands; a reader that goes away ends them with a code of its own, not with that of a regression."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            raise click.exceptions.Exit(_BROKEN_PIPE) from None


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="lockstep")
@click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The project file (default: the next lockstep.toml upwards).",
)
@click.pass_context
def cli(context: click.Context, config: Path | None) -> None:
    """Run conformance suites on language engines, record what works, and show where two engines differ."""
    context.obj = config
