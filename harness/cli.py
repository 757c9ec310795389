"""The `lockstep` command: one function per subcommand, which reads its arguments and hands them on.

Modules are imported where they are used, so that `lockstep exec` starts as fast as a language allows.
"""
# ruff: noqa: PLC0415  # see above

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TypeVar

import click

from lockstep import __version__

F = TypeVar("F", bound=Callable[..., Any])

_MISSING = 3
_OWN_FAULT = 70  # EX_SOFTWARE
_BROKEN_PIPE = 141  # as a process that SIGPIPE ended


def _comma_list(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    found = tuple(part.strip() for item in value for part in item.split(",") if part.strip())
    if value and not found:
        # An empty variable of a script must not mean everything.
        raise click.BadParameter("it names nothing")
    return found


def _engine_list(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    from lockstep.harness.engines.registry import split_engines

    found = tuple(part for item in value for part in split_engines(item))
    if value and not found:
        raise click.BadParameter("it names nothing")
    return found


def _shard(_: click.Context, __: click.Parameter, value: str | None) -> tuple[int, int] | None:
    from lockstep.harness.selection import parse_shard

    if value is None:
        return None
    try:
        return parse_shard(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _reasons(context: click.Context, option: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    from lockstep.harness.gate import parse_reasons

    try:
        return parse_reasons(_comma_list(context, option, value))
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _limit_options(command: F) -> F:
    for option in (
        click.option("--memory", type=click.IntRange(min=16), help="MiB that a guest may hold."),
        click.option("--timeout", type=click.FloatRange(min=0.01), help="Seconds of wall time for a case."),
        click.option("--steps", type=click.IntRange(min=1), help="Steps (calls and loop turns) for a case."),
    ):
        command = option(command)
    return command


def _stress_option(command: F) -> F:
    option = click.option(
        "--gc-stress",
        type=click.IntRange(min=1),
        metavar="N",
        help="Collect garbage at every Nth safe point (call or loop turn), where an engine can.",
    )
    return option(command)


def _report_options(command: F) -> F:
    file = click.Path(dir_okay=False, path_type=Path)
    for option in (
        click.option("--summary", type=file, help="Add a Markdown summary to the end of a file."),
        click.option("--html", type=file, help="Write a page to search and drill down in."),
        click.option("--junit", type=file, help="Write JUnit XML."),
    ):
        command = option(command)
    return command


def _engine_options(command: F) -> F:
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
            callback=_engine_list,
            metavar="ENGINE",
            help="A name, @GROUP, !NAME (several with commas), a command ('./build/qjs {file}'), NAME=COMMAND, protocol:COMMAND.",
        ),
    ):
        command = option(command)
    return command


def _selection_options(command: F) -> F:
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
            "--shard", callback=_shard, metavar="K/N", help="Part K of N, by a stable hash of the case."
        ),
        click.option(
            "--feature", "features", multiple=True, callback=_comma_list, help="Cases with this feature."
        ),
        click.option("--filter", "filters", multiple=True, help="Glob over case ids, or a case or folder."),
    ):
        command = option(command)
    return command


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


def _project() -> Any:
    """The project file of this command; what it says of places holds for the whole process."""
    from lockstep.harness.project.file import find_project

    project = find_project(click.get_current_context().find_root().obj)
    project.hand_on()
    return project


@cli.command("run")
@click.argument("suites", nargs=-1)
@_engine_options
@_selection_options
@_limit_options
@_stress_option
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the run as JSON lines."
)
@_report_options
@click.option("--update-status", is_flag=True, help="Write what was found to status/.")
@click.option(
    "--fail-on",
    multiple=True,
    callback=_reasons,
    metavar="REASON,...",
    help="What makes the exit code 1: regression, worse, unexpected-pass, new-failure, vacuous, any, never "
    "(default: regression,worse,vacuous).",
)
@click.option(
    "--at-least",
    type=click.IntRange(min=0),
    default=1,
    metavar="N",
    help="Fewer executions than this are vacuous.",
)
@click.option("--list", "list_failures", is_flag=True, help="List every execution that does not pass.")
@click.option(
    "--reuse", is_flag=True, help="Run nothing whose program, engine and limits are as in an earlier run."
)
@click.option(
    "--reuse-unversioned", is_flag=True, help="The same, also for engines that tell no version of themselves."
)
@click.option("--history/--no-history", default=True, show_default=True, help="Add the run to the history.")
def run_command(
    suites: tuple[str, ...],
    engines: tuple[str, ...],
    profile: str,
    filters: tuple[str, ...],
    features: tuple[str, ...],
    shard: tuple[int, int] | None,
    sample: int,
    host: str | None,
    jobs: int | None,
    steps: int | None,
    timeout: float | None,
    memory: int | None,
    gc_stress: int | None,
    output: Path | None,
    junit: Path | None,
    html: Path | None,
    summary: Path | None,
    update_status: bool,
    fail_on: tuple[str, ...],
    at_least: int,
    list_failures: bool,
    reuse: bool,
    reuse_unversioned: bool,
    history: bool,
) -> int:
    """Run SUITES (default: what ships inside the project) on engines (default: all of ours)."""
    from lockstep.harness.commands.run import RunOptions, run
    from lockstep.harness.execution import Override
    from lockstep.harness.gate import Gate
    from lockstep.harness.reports.files import Reports
    from lockstep.harness.selection import Selection

    return run(
        RunOptions(
            suites=suites,
            engines=engines,
            project=_project(),
            profile=profile,
            host=host,
            selection=Selection(filters, features, shard, sample),
            workers=jobs or os.cpu_count() or 1,
            override=Override(steps, timeout, memory, gc_stress),
            output=output,
            reports=Reports(junit, html, summary),
            update_status=update_status,
            gate=Gate(fail_on, at_least),
            list_failures=list_failures,
            reuse=reuse or reuse_unversioned,
            reuse_unversioned=reuse_unversioned,
            history=history,
        )
    )


@cli.command("report")
@click.argument("record", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_report_options
def report_command(record: Path, junit: Path | None, html: Path | None, summary: Path | None) -> int:
    """Turn a run that `lockstep run --output RECORD` wrote into a page, a summary or JUnit XML."""
    from lockstep.harness.commands.report import report

    return report(record, html, junit, summary)


@cli.command("history")
@click.argument("suite", required=False)
@click.option("--engine", help="Only runs on this engine.")
@click.option("--case", help="When the verdicts of this case changed.")
@click.option("--run", type=click.IntRange(min=1), help="The verdicts that this run changed.")
@click.option("--last", type=click.IntRange(min=1), default=20, show_default=True, help="So many runs.")
def history_command(
    suite: str | None, engine: str | None, case: str | None, run: int | None, last: int
) -> int:
    """What earlier runs on this machine counted (of SUITE, or of all), and which verdicts changed."""
    from lockstep.harness.commands.history import show_history

    return show_history(suite, engine, case, run, last)


@cli.command("status")
@click.argument("name", required=False)
@click.option("--folders", is_flag=True, help="Also list folders.")
def status_command(name: str | None, folders: bool) -> int:
    """Print tables from status/ for a SUITE or LANGUAGE, or for all of them."""
    from lockstep.harness.commands.show import show_status

    return show_status(name, folders=folders)


@cli.command("diff")
@click.argument("left")
@click.argument("right")
@click.option(
    "--suite", "suites", multiple=True, callback=_comma_list, help="Suites to run (default: fixtures)."
)
@_selection_options
@_limit_options
def diff_command(
    left: str,
    right: str,
    suites: tuple[str, ...],
    filters: tuple[str, ...],
    features: tuple[str, ...],
    shard: tuple[int, int] | None,
    sample: int,
    host: str | None,
    jobs: int | None,
    steps: int | None,
    timeout: float | None,
    memory: int | None,
) -> int:
    """Show where two engines differ on the cases of a suite, or two recorded runs in their verdicts."""
    from lockstep.harness.commands.compare import diff_engines, diff_runs
    from lockstep.harness.execution import Override
    from lockstep.harness.selection import Selection

    if Path(left).is_file() and Path(right).is_file():
        return diff_runs(Path(left), Path(right))
    selection = Selection(filters, features, shard, sample)
    workers = jobs or os.cpu_count() or 1
    return diff_engines(left, right, suites, selection, workers, Override(steps, timeout, memory), host)


def _program_options(command: F) -> F:
    for option in (
        click.argument("arguments", nargs=-1, type=click.UNPROCESSED),
        click.option("-e", "code", metavar="CODE", help="The program text itself, instead of a file."),
        click.option(
            "--mode", default="", help="What the language distinguishes, e.g. module for JavaScript."
        ),
    ):
        command = option(command)
    return command


@cli.command("compare", context_settings={"ignore_unknown_options": True})
@click.argument("language")
@click.option(
    "--engine", "engines", multiple=True, callback=_comma_list, help="Engines (default: all installed)."
)
@_limit_options
@_program_options
def compare_command(
    language: str,
    engines: tuple[str, ...],
    arguments: tuple[str, ...],
    code: str | None,
    mode: str,
    steps: int | None,
    timeout: float | None,
    memory: int | None,
) -> int:
    """Run one program (FILE or -e CODE) on every engine of LANGUAGE and show what each does."""
    from lockstep.harness.commands.compare import compare
    from lockstep.reference.host.limits import Limits

    return compare(language, _program(arguments, code, mode), Limits(steps, timeout or 60.0, memory), engines)


@cli.command("reduce", context_settings={"ignore_unknown_options": True})
@click.argument("left")
@click.argument("right")
@click.option("--case", metavar="SUITE:CASE[@MODE]", help="The program of a suite's case, instead of a file.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Where the smallest program goes."
)
@_limit_options
@_program_options
def reduce_command(
    left: str,
    right: str,
    arguments: tuple[str, ...],
    case: str | None,
    output: Path | None,
    code: str | None,
    mode: str,
    steps: int | None,
    timeout: float | None,
    memory: int | None,
) -> int:
    """Make a program (FILE, -e CODE or --case) as small as it gets while engines LEFT and RIGHT differ on it."""
    from lockstep.harness.commands.reduce import program_of_case, reduce
    from lockstep.harness.model import MissingError
    from lockstep.reference.host.limits import Limits

    try:
        program = _program(arguments, code, mode) if case is None else program_of_case(case)
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return _MISSING
    return reduce(left, right, program, Limits(steps, timeout or 5.0, memory or 1024), output)


_OWN_OPTIONS = ("--backend", "--steps", "--timeout", "--memory", "--gc-stress", "--mode")


def _stand_alone_words(words: list[str]) -> int | None:
    """Where the words of a stand-alone interpreter's own command line begin; None if there are none.

    `lockstep exec lua -l m -e 1 -i` is for `lua` to read; FILE, `-` and a single `-e CODE` are ours.
    """
    position = 0
    language = ""
    while position < len(words):
        word = words[position]
        if word in _OWN_OPTIONS:
            position += 1
        elif not word.startswith(_OWN_OPTIONS):
            if language:
                break
            language = word
        position += 1
    rest = words[position:]
    if not language.startswith("lua") or not rest or rest[0] == "-" or not rest[0].startswith("-"):
        return None
    if rest[0] == "--help" or (rest[0] == "-e" and not any(word.startswith("-") for word in rest[2:3])):
        return None
    return position


class _ExecCommand(click.Command):
    """`exec`, whose arguments may be those of a stand-alone interpreter."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the interpreter's own words from being read as ours."""
        start = _stand_alone_words(args)
        if start is not None:
            ctx.meta["words"] = args[start:]
            args = args[:start]
        return super().parse_args(ctx, args)


@cli.command("exec", cls=_ExecCommand, context_settings={"ignore_unknown_options": True})
@click.argument("language")
@click.option("--backend", type=click.Choice(["vm", "treewalk"]), default="vm", show_default=True)
@_limit_options
@_stress_option
@_program_options
def exec_command(
    language: str,
    backend: str,
    arguments: tuple[str, ...],
    code: str | None,
    mode: str,
    steps: int | None,
    timeout: float | None,
    memory: int | None,
    gc_stress: int | None,
) -> int:
    """Run one program (FILE, -e CODE, or - for standard input); exit 1 on a guest error.

    For Lua, other options are those of the stand-alone interpreter: -e -i -l -v -E -W -- -.
    """
    from lockstep.reference.host.limits import Limits
    from lockstep.reference.interactive import execute

    name = f"{_language(language)}:{backend}"
    limits = Limits(steps, timeout, memory, stress=gc_stress)
    words = click.get_current_context().meta.get("words")
    if words is not None:
        from lockstep.reference.languages import interpret

        return interpret(name, ["lua", *words], limits)
    return execute(name, _program(arguments, code, mode), limits)


@cli.command("repl")
@click.argument("language")
@click.option("--backend", type=click.Choice(["vm", "treewalk"]), default="vm", show_default=True)
def repl_command(language: str, backend: str) -> int:
    """Read, evaluate, print."""
    from lockstep.reference.interactive import repl

    return repl(f"{_language(language)}:{backend}")


@cli.group("suites")
def suites_group() -> None:
    """List the suites, fetch one, or print where it is."""


@suites_group.command("list")
def suites_list() -> int:
    """Every suite: its languages, cases and executions, and where it is."""
    from lockstep.harness.commands.show import show_suites

    return show_suites()


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

    return show_suite_path(name)


@cli.group("serve")
def serve_group() -> None:
    """Serve one of the languages to others."""


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


@cli.command("engines")
def engines_command() -> int:
    """Every engine that has a name, and whether it can run here."""
    from lockstep.harness.commands.show import show_engines

    return show_engines()


@cli.command("bench")
@click.argument("languages", nargs=-1)
@click.option(
    "--engine", "engines", multiple=True, callback=_comma_list, help="Engines (default: all installed)."
)
@click.option("--program", "programs", multiple=True, callback=_comma_list, help="Programs (default: all).")
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


@cli.command("disasm", context_settings={"ignore_unknown_options": True})
@click.argument("language")
@click.option("--backend", type=click.Choice(["vm", "treewalk"]), default="vm", show_default=True)
@_program_options
def disasm_command(
    language: str, backend: str, arguments: tuple[str, ...], code: str | None, mode: str
) -> int:
    """Print the host code that a program is compiled to, and the host's bytecode."""
    from lockstep.harness.commands.show import disassemble

    return disassemble(f"{_language(language)}:{backend}", _program(arguments, code, mode))


def _language(name: str) -> str:
    from lockstep.reference.languages import UnknownEngineError, language_of

    try:
        return language_of(name)
    except UnknownEngineError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(_MISSING) from error


def _program(arguments: tuple[str, ...], code: str | None, mode: str) -> Any:
    """The program that FILE, `-` or `-e CODE` names; what follows it are its arguments."""
    from lockstep.reference.host.engine import Program

    unknown = next((word for word in arguments[: None if code is not None else 1] if _is_option(word)), None)
    if unknown is not None and "--" not in sys.argv:
        raise click.UsageError(f"no such option: {unknown} (what stands after -- is the program's)")
    if code is not None:
        return Program(code, name="-e", mode=mode, arguments=arguments)
    if not arguments:
        raise click.UsageError("give a FILE, - for standard input, or -e CODE")
    path, *rest = arguments
    try:
        raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise click.UsageError(f"cannot read {path}: {error.strerror}") from error
    source = raw.decode("utf-8", "surrogateescape")
    if path == "-":
        return Program(source, name="stdin", mode=mode, arguments=tuple(rest))
    resolved = str(Path(path).resolve())
    return Program(
        source,
        name=path,
        mode=mode,
        path=resolved,
        roots=(str(Path(resolved).parent),),
        arguments=tuple(rest),
    )


def _is_option(word: str) -> bool:
    return word.startswith("-") and word != "-"


def main() -> None:
    """The entry point: exit codes are 0, 1, 2 (usage), 3 (missing), 70 (a fault of Lockstep's) and 130 (interrupted)."""
    # What ends a job from outside, as CI and a lost connection do, keeps what is finished just as Ctrl-C does.
    for ending in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ending) is not signal.SIG_IGN:
            signal.signal(ending, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        raise SystemExit(130) from None
    except click.ClickException as error:
        error.show()
        raise SystemExit(error.exit_code) from None
    except click.exceptions.Exit as error:
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except OSError as error:
        # A full disk, a folder that may not be written: the machine's fault, and no regression.
        name = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"{name}{error.strerror or error}\n")
        raise SystemExit(_MISSING) from None
    except Exception:  # noqa: BLE001  # whatever it is, it must not look like a regression
        sys.stderr.write(f"lockstep: a fault of Lockstep's own; please report it:\n{traceback.format_exc()}")
        raise SystemExit(_OWN_FAULT) from None
    raise SystemExit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
