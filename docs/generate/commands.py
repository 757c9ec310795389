"""The command line as data: every command of `lockstep`, with what it takes, read from click."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import click

from lockstep.harness.cli import cli


@dataclass(frozen=True)
class Option:
    """An option of a command.

    Attributes:
        form: how it is written, with what it takes: `-j, --jobs N`.
        help: what it means.
    """

    form: str
    help: str


@dataclass(frozen=True)
class Command:
    """A command.

    Attributes:
        name: all its words: `lockstep suites fetch`.
        usage: how it is called.
        help: what it does, in paragraphs.
        summary: the same in one line.
        options: in the order in which its help lists them.
        children: the names of its subcommands.
    """

    name: str
    usage: str
    help: str
    summary: str
    options: tuple[Option, ...]
    children: tuple[str, ...]


def commands() -> Iterator[Command]:
    """`lockstep`, then every command below it, each before its own."""
    yield from _below(cli, click.Context(cli, info_name="lockstep", **cli.context_settings))


def _below(command: click.Command, context: click.Context) -> Iterator[Command]:
    children: Mapping[str, click.Command] = {}
    if isinstance(command, click.Group):
        named = ((name, command.get_command(context, name)) for name in command.list_commands(context))
        children = {name: child for name, child in named if child is not None and not child.hidden}
    yield Command(
        name=context.command_path,
        usage=" ".join((context.command_path, *command.collect_usage_pieces(context))),
        help=_paragraphs(command.help or ""),
        summary=command.get_short_help_str(limit=1000).rstrip("."),
        options=tuple(_options(command, context)),
        children=tuple(children),
    )
    for name, child in children.items():
        yield from _below(
            child, click.Context(child, info_name=name, parent=context, **child.context_settings)
        )


def _options(command: click.Command, context: click.Context) -> Iterator[Option]:
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record is not None:
            yield Option(record[0], " ".join(record[1].split()))


def _paragraphs(text: str) -> str:
    """Help without click's own mark, lines joined within each paragraph."""
    text = text.split("\f", maxsplit=1)[0].replace("\b\n", "")
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n")).strip()
