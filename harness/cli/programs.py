"""The program that a command line names: FILE, `-` or `-e CODE`, with what follows it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from lockstep.harness.cli.options import project_of_command

F = TypeVar("F", bound=Callable[..., Any])
_MISSING = 3


def program_options(command: F) -> F:
    """FILE, `-e CODE`, `--mode`, and what follows them."""
    for option in (
        click.argument("arguments", nargs=-1, type=click.UNPROCESSED),
        click.option("-e", "code", metavar="CODE", help="The program text itself, instead of a file."),
        click.option(
            "--mode", default="", help="What the language distinguishes, e.g. module for JavaScript."
        ),
    ):
        command = option(command)
    return command


def language_or_exit(name: str) -> str:
    """A language of ours by its name or an alias; the process ends where there is none."""
    from lockstep.reference.languages import UnknownEngineError, language_of

    try:
        return language_of(name)
    except UnknownEngineError as error:
        sys.stderr.write(f"{_without_ours(name) or error}\n")
        raise SystemExit(_MISSING) from error


def typescript_as_javascript(language: str, mode: str) -> tuple[str, str]:
    """The language and mode of a program in what `language` says: TypeScript is a way to write JavaScript."""
    if language not in ("typescript", "ts"):
        return language, mode
    modes = {"": "typescript", "script": "typescript", "module": "module-typescript"}
    if mode not in modes:
        raise click.BadParameter("typescript has the modes script and module", param_hint="--mode")
    return "javascript", modes[mode]


def _without_ours(name: str) -> str:
    """That a language is known, and which engines of it can be named; "" where nobody knows it."""
    from lockstep.harness.engines.registry import engines_of
    from lockstep.harness.languages.descriptor import language_name
    from lockstep.harness.model import MissingError

    try:
        project = project_of_command()
        language = language_name(name, project.languages)
        engines = engines_of(language, project)
    except MissingError:
        return ""
    others = f"one of {', '.join(engines)}, or " if engines else ""
    return (
        f"{language} is known, but no interpreter of ours speaks it; name an engine: "
        f"`lockstep exec {name} --engine ENGINE`, {others}the command of one"
    )


def program_of(
    arguments: tuple[str, ...],
    code: str | None,
    mode: str,
    expression: str | None = None,
    language: str = "",
    project: object = None,
) -> Any:
    """The program that FILE, `-` or `-e CODE` names; what follows it are its arguments."""
    from lockstep.reference.host.engine import Program

    _check_mode(mode, language)
    if expression is not None:
        code = _printing(expression, language, project)
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


def hosted(program: Any, reads: tuple[str, ...], writes: tuple[str, ...]) -> Any:
    """The program with a host: standard error and input, the environment, and the folders that were granted."""
    from dataclasses import replace

    from lockstep.reference.host.program import Hosting
    from lockstep.reference.interactive import standard

    hosting = Hosting(
        errors=standard(sys.stderr),
        reads=reads,
        writes=writes,
        environment=dict(os.environ),
        read_input=sys.stdin.buffer.read,
    )
    return replace(program, host=hosting)


def _check_mode(mode: str, language: str) -> None:
    from lockstep.reference.languages import ALIASES, wrong_mode

    wrong = wrong_mode(ALIASES.get(language, language), mode)
    if wrong:
        raise click.BadParameter(wrong, param_hint="--mode")


def _is_option(word: str) -> bool:
    return word.startswith("-") and word != "-"


def _printing(expression: str, language: str, project: Any) -> str:
    """A program that prints the value of an expression of `language`."""
    from lockstep.harness.languages.descriptor import language_name, shipped_languages
    from lockstep.harness.model import MissingError

    known = project.languages if project is not None else shipped_languages()
    try:
        template = known[language_name(language, known)].print if language else ""
    except MissingError as error:
        raise click.UsageError(str(error)) from error
    if not template:
        raise click.UsageError(f"nobody has said how {language or 'this language'} prints: use -e CODE")
    return str(template.replace("{text}", expression))
