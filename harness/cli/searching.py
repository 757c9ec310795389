"""`lockstep fuzz` and `lockstep bisect`: programs that nobody wrote, and since when a case is judged otherwise."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

import click

from lockstep.harness.cli.group import cli
from lockstep.harness.cli.options import (
    comma_list,
    engine_list,
    engine_options,
    limit_options,
    project_of_command,
)
from lockstep.harness.cli.programs import program_of, program_options

_SEED_BITS = 32


def weights_of(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> dict[str, int]:
    """`FEATURE=N` as numbers by feature."""
    found: dict[str, int] = {}
    for part in (one.strip() for text in value for one in text.split(",") if one.strip()):
        feature, _equals, number = part.partition("=")
        if not number.isdecimal():
            raise click.BadParameter(f"'{part}' is not FEATURE=N with a number from 0 on")
        found[feature.strip()] = int(number)
    return found


@cli.command("fuzz")
@click.argument("language")
@engine_options
@click.option(
    "--against",
    multiple=True,
    callback=engine_list,
    metavar="ENGINE",
    help="What the engines are held against (default: the first real engine of the language that is installed).",
)
@click.option(
    "--seconds", type=click.FloatRange(min=0), default=60.0, show_default=True, help="How long to search."
)
@click.option("--programs", type=click.IntRange(min=1), help="How many programs at most.")
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    help="Of the programs; the same seed, the same programs (default: a new one, which is printed).",
)
@click.option(
    "--weight",
    "weights",
    multiple=True,
    callback=weights_of,
    metavar="FEATURE=N",
    help="How often a feature is chosen, where 10 is usual and 0 never.",
)
@click.option(
    "--features", "show_features", is_flag=True, help="List the features of the language's grammar."
)
@click.option(
    "--grammar",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="A grammar of your own (docs/fuzzing.md).",
)
@click.option(
    "--print",
    "shown",
    type=click.IntRange(min=0),
    metavar="N",
    help="Print program N of the seed, and run nothing.",
)
@click.option(
    "--keep",
    "kept",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Write the smallest program of each cause there, as a case.",
)
@click.option(
    "--reduce-seconds",
    type=click.FloatRange(min=0),
    default=20.0,
    show_default=True,
    help="For each cause; 0 leaves programs as they are.",
)
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), help="Engine processes at a time (default: one a core)."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@limit_options
def fuzz_command(
    language: str,
    engines: tuple[str, ...],
    profile: str,
    against: tuple[str, ...],
    seconds: float,
    programs: int | None,
    seed: int | None,
    weights: dict[str, int],
    show_features: bool,
    grammar: Path | None,
    shown: int | None,
    kept: Path | None,
    reduce_seconds: float,
    jobs: int | None,
    as_json: bool,
    steps: int | None,
    timeout: float | None,
    memory: int | None,
) -> int:
    """Run random programs of LANGUAGE on engines, and show where they differ, by cause, each as a small program."""
    from lockstep.harness.commands.fuzz import FuzzOptions, fuzz, list_features, show_program
    from lockstep.reference.host.limits import Limits

    if shown is not None and seed is None:
        sys.stderr.write("--print needs the --seed of the program\n")
        return 2
    options = FuzzOptions(
        project_of_command(),
        engines,
        against,
        profile,
        grammar,
        weights,
        secrets.randbits(_SEED_BITS) if seed is None else seed,
        seconds,
        programs,
        reduce_seconds,
        kept,
        as_json,
        jobs or os.cpu_count() or 1,
    )
    if show_features:
        return list_features(language, options)
    if shown is not None:
        return show_program(language, shown, options)
    return fuzz(language, Limits(steps, timeout or 10.0, memory or 1024), options)


@cli.command("bisect", context_settings={"ignore_unknown_options": True})
@click.option(
    "--case",
    metavar="SUITE:CASE[@MODE]",
    help="A suite's case, judged as its suite says; else a program (FILE or -e CODE), whose verdict is what it does.",
)
@click.option(
    "--engine",
    "engine",
    default="",
    metavar="ENGINE",
    help="Of ours, or a command: with {version}; or with {checkout}, or beginning with ./, in a checkout of --repository.",
)
@click.option("--profile", default="", metavar="NAME", help="How a plain command is understood.")
@click.option(
    "--language",
    default="",
    metavar="NAME",
    help="What a program is written in, where neither its file nor the engine says so.",
)
@click.option("--good", default="", metavar="COMMAND|REVISION", help="Where the old verdict is known.")
@click.option(
    "--bad",
    default="",
    metavar="COMMAND|REVISION",
    help="Where the new verdict is known (default for revisions: HEAD).",
)
@click.option("--between", multiple=True, metavar="COMMAND", help="A command between the two; oldest first.")
@click.option(
    "--versions",
    multiple=True,
    callback=comma_list,
    metavar="A,B,...",
    help="What {version} stands for, oldest first.",
)
@click.option(
    "--repository",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    metavar="FOLDER",
    help="The engine's git repository.",
)
@click.option(
    "--build",
    default="",
    metavar="COMMAND",
    help="Builds a checkout of it; run by the shell, in the checkout.",
)
@limit_options
@program_options
def bisect_command(
    case: str | None,
    engine: str,
    profile: str,
    language: str,
    good: str,
    bad: str,
    between: tuple[str, ...],
    versions: tuple[str, ...],
    repository: Path | None,
    build: str,
    arguments: tuple[str, ...],
    code: str | None,
    mode: str,
    steps: int | None,
    timeout: float | None,
    memory: int | None,
) -> int:
    """Find the first version of an engine at which the verdict on a case, or what a program does, changes."""
    from lockstep.harness.commands.bisect import BisectOptions, Subject, bisect, subject_of_case
    from lockstep.harness.languages.descriptor import language_of_file
    from lockstep.harness.model import MissingError
    from lockstep.reference.host.limits import Limits

    project = project_of_command()
    wrong = _what_is_missing(engine, good, bad, versions, repository)
    if wrong:
        sys.stderr.write(wrong + "\n")
        return 2
    try:
        if case is not None:
            subject = subject_of_case(case, Limits(steps, timeout, memory), project)
        else:
            language = (
                language
                or (language_of_file(Path(arguments[0]), project.languages) if arguments else "")
                or ""
            )
            program = program_of(arguments, code, mode, language=language, project=project)
            subject = Subject(language, program, Limits(steps, timeout or 60.0, memory))
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return 3
    options = BisectOptions(project, engine, good, bad, between, versions, repository, build, profile=profile)
    return bisect(subject, options)


def _what_is_missing(
    engine: str, good: str, bad: str, versions: tuple[str, ...], repository: Path | None
) -> str:
    """What the options lack, in a line; "" if nothing."""
    if versions:
        if "{version}" not in engine:
            return "--versions needs an --engine with {version} in its command"
        return "" if len(versions) > 1 else "--versions needs two at least"
    if repository is not None and not engine:
        return "--repository needs an --engine: the command, as it is run in a checkout"
    if not good or not (bad or engine):
        return "name two commands (--good, --bad), two revisions (with --engine), or --versions"
    return ""
