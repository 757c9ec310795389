"""`lockstep completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from lockstep.harness.cli.group import cli

#: Where each shell looks for it below `share/`; a wheel brings the same texts there.
PLACES = {
    "bash": "bash-completion/completions/lockstep",
    "zsh": "zsh/site-functions/_lockstep",
    "fish": "fish/vendor_completions.d/lockstep.fish",
}


@cli.command("completion")
@click.argument("shell", type=click.Choice(tuple(PLACES)))
def completion_command(shell: str) -> None:
    """Print what makes SHELL complete commands and options: `source <(lockstep completion bash)`."""
    click.echo(completion(shell), nl=False)


def completion(shell: str) -> str:
    """The completion of a shell, as click has it."""
    complete = get_completion_class(shell)
    assert complete is not None
    made = complete(cli, {}, "lockstep", "_LOCKSTEP_COMPLETE")
    # Not `source()`: that of bash first runs the bash of this machine, whichever that is.
    return str(made.source_template % made.source_vars()).strip() + "\n"
