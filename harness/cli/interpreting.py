"""`lockstep exec`, `repl` and `disasm`: our own interpreters."""

from __future__ import annotations

import click

from lockstep.harness.cli.group import cli
from lockstep.harness.cli.options import (
    engine_options,
    host_options,
    limit_options,
    project_of_command,
    stress_option,
)
from lockstep.harness.cli.programs import (
    hosted,
    language_or_exit,
    program_of,
    program_options,
    typescript_as_javascript,
)

_MISSING = 3


_OWN_OPTIONS = (
    "--backend",
    "--engine",
    "--profile",
    "--steps",
    "--timeout",
    "--memory",
    "--gc-stress",
    "--mode",
    "--allow-read",
    "--allow-write",
)


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
    behind = rest[2:3]
    if rest[0] == "-e" and not any(_is_lua_option(word) for word in behind):
        return None
    return None if rest[0] == "--help" else position


def _is_lua_option(word: str) -> bool:
    return word.startswith("-") and not word.startswith(_OWN_OPTIONS)


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
@engine_options
@limit_options
@stress_option
@host_options
@program_options
def exec_command(
    language: str,
    backend: str,
    engines: tuple[str, ...],
    profile: str,
    arguments: tuple[str, ...],
    code: str | None,
    mode: str,
    steps: int | None,
    timeout: float | None,
    memory: int | None,
    gc_stress: int | None,
    *,
    bare: bool,
    allow_read: tuple[str, ...],
    allow_write: tuple[str, ...],
) -> int:
    """Run one program (FILE, -e CODE, or - for standard input); exit 1 on a guest error.

    It runs on our own interpreter, or on each --engine.

    JavaScript has what node has for pure programs (console, timers, process, modules, web interfaces); --bare is the language alone.

    A JavaScript program whose name ends in .ts, .mts or .cts is TypeScript, and so is any one of the LANGUAGE typescript: types are erased.

    For Lua, other options are those of the stand-alone interpreter: -e -i -l -v -E -W -- -.
    """
    from lockstep.reference.host.limits import Limits
    from lockstep.reference.interactive import execute

    if engines:
        from lockstep.harness.commands.execute import execute_on

        asked = Limits(steps, timeout or 60.0, memory)
        program = program_of(arguments, code, mode, language=language)
        return execute_on(language, engines, program, asked, project_of_command(), profile)
    language, mode = typescript_as_javascript(language, mode)
    name = f"{language_or_exit(language)}:{backend}"
    limits = Limits(steps, timeout, memory, stress=gc_stress)
    words = click.get_current_context().meta.get("words")
    if words is not None:
        from lockstep.reference.languages import interpret

        return interpret(name, ["lua", *words], limits)
    program = program_of(arguments, code, mode, language=language)
    if name.startswith("javascript:"):
        if not bare:
            program = hosted(program, allow_read, allow_write)
    elif bare or allow_read or allow_write:
        raise click.UsageError("--bare, --allow-read and --allow-write are for JavaScript")
    return execute(name, program, limits)


@cli.command("repl")
@click.argument("language")
@click.option("--backend", type=click.Choice(["vm", "treewalk"]), default="vm", show_default=True)
def repl_command(language: str, backend: str) -> int:
    """Read, evaluate, print."""
    from lockstep.reference.interactive import repl

    return repl(f"{language_or_exit(language)}:{backend}")


@cli.command("disasm", context_settings={"ignore_unknown_options": True})
@click.argument("language")
@click.option("--backend", type=click.Choice(["vm", "treewalk"]), default="vm", show_default=True)
@program_options
def disasm_command(
    language: str, backend: str, arguments: tuple[str, ...], code: str | None, mode: str
) -> int:
    """Print the host code that a program is compiled to, and the host's bytecode."""
    from lockstep.harness.commands.show import disassemble

    language, mode = typescript_as_javascript(language, mode)
    name = f"{language_or_exit(language)}:{backend}"
    return disassemble(name, program_of(arguments, code, mode, language=language))
