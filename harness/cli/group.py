"""The `lockstep` command itself, on which the subcommands stand."""

from __future__ import annotations

import importlib
import os
from pathlib import Path

import click

from lockstep import __version__

_BROKEN_PIPE = 141  # as a process that SIGPIPE ended


# Every module that puts commands on the group, and those commands that start without the others: somebody waits for them.
_MODULES = (
    "running",
    "records",
    "comparing",
    "searching",
    "interpreting",
    "showing",
    "serving",
    "projects",
    "storing",
    "sites",
    "completing",
)
_FAST = {
    "run": "running",
    "compare": "comparing",
    "diff": "comparing",
    "exec": "interpreting",
    "repl": "interpreting",
    "disasm": "interpreting",
}


class _Commands(click.Group):
    """The commands; a reader that goes away ends them with a code of its own, not with that of a regression."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        _load(*_MODULES)
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        _load(*((_FAST[cmd_name],) if cmd_name in _FAST else _MODULES))
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            raise click.exceptions.Exit(_BROKEN_PIPE) from None


def _load(*modules: str) -> None:
    """Importing them puts their commands on the group."""
    for module in modules:
        importlib.import_module(f"lockstep.harness.cli.{module}")


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
