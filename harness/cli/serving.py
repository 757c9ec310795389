"""`lockstep serve`."""

from __future__ import annotations

from pathlib import Path

import click

from lockstep.harness.cli.group import cli
from lockstep.harness.cli.options import project_of_command
from lockstep.harness.cli.sites import source_options

_MISSING = 3


@cli.group("serve")
def serve_group() -> None:
    """Serve a language, this machine, or the site, to others."""


@serve_group.command("redis")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=6379,
    show_default=True,
    help="The port; 0 for a free one.",
)
@click.option("--engine", default="lua5.1:vm", show_default=True, help="What runs the scripts.")
@click.option("--steps", type=click.IntRange(min=1), help="Steps (calls and loop turns) of one script.")
@click.option("--memory", type=click.IntRange(min=1), help="MiB that values of one script may hold.")
@click.option(
    "--upstream", default="", metavar="URL", help="A real Redis that holds the data: redis://host:port/db."
)
def serve_redis_command(
    host: str, port: int, engine: str, steps: int | None, memory: int | None, upstream: str
) -> int:
    """A Redis server whose scripts and functions run on our Lua 5.1."""
    from lockstep.harness.commands.serve import ServeOptions, serve_redis

    return serve_redis(ServeOptions(host, port, engine, steps, memory, upstream))


@serve_group.command("worker")
@click.argument("scheduler")
@click.option("-j", "--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Workers.")
@click.option("--name", default="", help="What they are called (default: this machine's name).")
@click.option("--host", default="", help="The address under which the cluster reaches this machine.")
def serve_worker_command(scheduler: str, jobs: int, name: str, host: str) -> int:
    """Run cases for `lockstep run --cluster SCHEDULER`; comes back when the scheduler does."""
    from lockstep.harness.commands.worker import WorkerOptions, serve_workers

    return serve_workers(WorkerOptions(scheduler, jobs, name, host))


@serve_group.command("site")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="The port; 0 for a free one.",
)
@source_options
def serve_site_command(
    host: str, port: int, records: tuple[Path, ...], statuses: tuple[Path, ...], title: str
) -> int:
    """The site of `lockstep site build`, each page made when it is asked for; it shows a new run as soon as it is in the store."""
    from lockstep.harness.commands.site import serve_site
    from lockstep.harness.site.making import Sources

    project = project_of_command()
    return serve_site(Sources(records, statuses, title=title, project=project), host, port)
