"""From what `--engine` says to an engine that can be started: ours, an adapter's, one of the project file, or a command."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from importlib import util
from pathlib import Path

from lockstep import launch
from lockstep.harness.engines.adapters import OUTSIDE, REDIS_ADAPTER, REDIS_ENGINES, found
from lockstep.harness.engines.plain.process import PlainCommand
from lockstep.harness.engines.plain.template import CommandTemplate
from lockstep.harness.engines.process import START_SECONDS
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.extras import how_to_install
from lockstep.harness.languages.profile import (
    PLAIN,
    HostProfile,
    find_profile,
    profile_for,
    profile_from,
)
from lockstep.harness.model import MissingError, UnknownNameError
from lockstep.harness.project.file import Project
from lockstep.harness.project.tables import EngineTable
from lockstep.reference.host.limits import Limits
from lockstep.reference.languages import ALIASES, BACKENDS, LANGUAGES, engine_names

_PROTOCOL = ("protocol:", "cmd:")
_NEXT_PROTOCOL = re.compile(r",(?=protocol:|cmd:)")
_BETWEEN_NAMES = re.compile(r"\s*,\s*")
# A text with one of these is a command, and no list of names.
_SIGNS = " \t{}'\""
_NAMED = re.compile(r"^([A-Za-z_][\w.+@-]*)=(.+)$", re.DOTALL)


def split_engines(value: str) -> list[str]:
    """The engines that one `--engine` names: parts between commas, but a command is one engine, commas and all."""
    text = value.strip()
    if text.startswith(_PROTOCOL):
        return [part.strip() for part in _NEXT_PROTOCOL.split(text)]
    if any(sign in _BETWEEN_NAMES.sub(",", text) for sign in _SIGNS):
        return [text]
    return [part.strip() for part in text.split(",") if part.strip()]


def resolve(
    name: str,
    host: str | None = None,
    start_seconds: float = START_SECONDS,
    *,
    project: Project | None = None,
    language: str = "",
    profile: str = "",
) -> EngineSpec:
    """The engine that `name` stands for: a name, `NAME=COMMAND`, a command, or `protocol:COMMAND`.

    Args:
        name: as `--engine` gives it.
        host: the Python that our own interpreters run under.
        start_seconds: how long an engine may take to start; only what speaks the protocol is started here, to hear its language.
        project: whose engines have names too.
        language: what a plain command speaks if its profile does not say.
        profile: the profile of a plain command, in place of the one made for its program.

    Raises:
        UnknownNameError: there is no such engine.
        MissingError: what it needs is not installed, or it does not start.
    """
    engine = _resolved(name, host, start_seconds, project or Project(), language, profile)
    if engine.plain is not None and engine.place != "image":
        engine.plain.template.located({**os.environ, **engine.environment}.get("PATH"))
    return engine


def _resolved(
    name: str, host: str | None, start_seconds: float, project: Project, language: str, profile: str
) -> EngineSpec:
    if name in project.engines:
        return _of_project(name, project.engines[name], project, start_seconds, language)
    given = _NAMED.match(name)
    text = given[2] if given and "://" not in name.partition("=")[0] else name
    own_name = given[1] if given else ""
    if text.startswith(_PROTOCOL):
        # Of old, the name of such an engine was all that was said of it; status files and records know it so.
        own_name = own_name or (text if text.startswith("cmd:") else "")
        return _speaking(own_name, text.partition(":")[2], start_seconds, project, Path.cwd())
    if not own_name:
        if text.startswith("redis:"):
            return _redis(text)
        if text in OUTSIDE:
            return _outside(text)
        engine = _ours(text, host)
        if engine is not None:
            return engine
    if own_name or _is_command(text):
        return _plain(own_name, text, project, language, profile)
    near = get_close_matches(name, [*all_names(), *project.engines], 1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise UnknownNameError(
        f"unknown engine '{name}'{hint} (`lockstep engines` lists those that have a name; a program on the PATH, or a command with "
        "{file} in it, is one too)"
    )


def _is_command(text: str) -> bool:
    """Whether a text without a name of an engine is a command: it has places or words, or names a program."""
    return any(sign in text for sign in _SIGNS) or "/" in text or shutil.which(text) is not None


def _outside(name: str) -> EngineSpec:
    outside = OUTSIDE[name]
    try:
        command = outside.command()
    except MissingError as error:
        advice = outside.advice
        raise MissingError(f"engine {name}: {error}{'; ' if advice else ''}{advice}") from error
    return EngineSpec(name, outside.language, command)


def _ours(name: str, host: str | None) -> EngineSpec | None:
    """One of the reference interpreters; None if `name` is none of theirs.

    Raises:
        MissingError: the host is not installed.
    """
    base, at, own_host = name.partition("@")
    language, _, backend = base.partition(":")
    language = ALIASES.get(language, language)
    if language not in LANGUAGES or (backend or "vm") not in BACKENDS:
        return None
    return _reference(f"{language}:{backend or 'vm'}", own_host if at else host)


def _plain(own_name: str, text: str, project: Project, language: str, profile: str) -> EngineSpec:
    """A command that is run for each program, understood by the profile that is made for its program."""
    template = CommandTemplate.parsed(text, Path.cwd())
    template.located()  # before its language is asked for: this says more
    profile_name = profile or _profile_of(template)
    return _with_profile(
        own_name or _free_name(template.name),
        template,
        find_profile(profile_name),
        profile_name,
        language,
        project,
    )


def _profile_of(template: CommandTemplate) -> str:
    """The profile for the first of the words that one is made for: an interpreter may be started through another program."""
    for word in template.words:
        found_profile = profile_for(word)
        if found_profile != PLAIN and (word == template.program or Path(word).is_file()):
            return found_profile
    return PLAIN


def _with_profile(
    name: str,
    template: CommandTemplate,
    profile: HostProfile,
    profile_name: str,
    language: str,
    project: Project,
) -> EngineSpec:
    spoken = profile.language or language
    if not spoken:
        raise MissingError(
            f"engine {name}: nobody says which language it speaks; name a profile (--profile), or give it a language "
            "(--language of `engines check`, `language` in lockstep.toml)"
        )
    known = project.languages.get(spoken)
    if known is None:
        raise MissingError(
            f"engine {name} speaks the unknown language '{spoken}'; known: {', '.join(project.languages)}"
        )
    suffix = known.extensions[0] if known.extensions else ".txt"
    plain = PlainCommand(template, profile, profile_name, suffix)
    return EngineSpec(name, spoken, template.words, plain=plain)


def _free_name(name: str) -> str:
    """`name`, or one like it where an engine of ours or an adapter has that."""
    return f"{name}-command" if name in OUTSIDE or name in all_names() or name in LANGUAGES else name


def _of_project(
    name: str, table: EngineTable, project: Project, start_seconds: float, language: str
) -> EngineSpec:
    """An engine of the project file, or of an installed package."""
    folder = project.folder_of(name)
    if table.protocol:
        engine = _speaking(name, table.command, start_seconds, project, folder)
        language = table.language or engine.language
    else:
        template = CommandTemplate.parsed(table.command, folder)
        if isinstance(table.profile, str):
            profile_name = table.profile or _profile_of(template)
            profile = find_profile(profile_name)
        else:
            profile_name, profile = name, profile_from(table.profile, name)
        engine = _with_profile(name, template, profile, profile_name, table.language or language, project)
        language = table.language or engine.language
        if table.version and engine.plain is not None:
            version = CommandTemplate.parsed(table.version, folder).literal
            engine = replace(engine, plain=replace(engine.plain, version=version))
    limits = Limits(table.limits.steps, table.limits.seconds, table.limits.memory, table.limits.output)
    return replace(
        engine,
        language=language,
        environment=table.environment,
        groups=table.groups,
        limits=limits,
        place=table.cluster,
    )


def _reference(name: str, host: str | None) -> EngineSpec:
    language = name.partition(":")[0]
    program = sys.executable if host is None else found(host, f"the host {host}")
    return EngineSpec(
        name=name if host is None else f"{name}@{Path(host).name}",
        language=language,
        command=launch.command("reference.worker", name, host=program),
        environment={"PYTHONHASHSEED": "0"},
        ours=True,
        accepts_memory=True,
    )


def _redis(name: str) -> EngineSpec:
    """A Redis with our scripting (`redis:lua5.1:vm`), or one that runs somewhere (`redis://host:port`)."""
    if name.startswith("redis://"):
        command = (*REDIS_ADAPTER, name)
        return EngineSpec(name, "redis", command)
    language, _, backend = name.removeprefix("redis:").rpartition(":")
    if language not in ("", "lua5.1") or backend not in BACKENDS:
        raise UnknownNameError(
            f"unknown engine '{name}'; there are: {', '.join(REDIS_ENGINES)}, redis://host:port"
        )
    if util.find_spec("fakeredis") is None:
        raise MissingError(
            f"engine {name}: the Python package fakeredis is not installed; {how_to_install('redis')}"
        )
    full = f"redis:lua5.1:{backend}"
    return EngineSpec(
        full,
        "redis",
        (*REDIS_ADAPTER, full),
        {"PYTHONHASHSEED": "0"},
        ours=True,
    )


def _speaking(
    own_name: str, text: str | Sequence[str], start_seconds: float, project: Project, folder: Path
) -> EngineSpec:
    """A command that speaks the protocol; it is started once, to hear its language."""
    template = CommandTemplate.parsed(text, folder)
    name = own_name or _free_name(_name_of_words(template))
    if template.places:
        place = min(template.places)
        raise MissingError(f"engine {name} speaks the protocol: {place} means nothing in its command")
    engine = EngineSpec(name, "", template.literal)
    process = engine.spawn()
    try:
        engine = engine.identified(process, start_seconds)
    finally:
        process.kill()
    assert engine.identity is not None
    said = engine.identity.language
    language = ALIASES.get(said, said)
    if language not in project.languages:
        raise MissingError(
            f"engine {name} speaks the unknown language '{said}'; known: {', '.join(project.languages)}"
        )
    return replace(engine, language=language)


def _name_of_words(template: CommandTemplate) -> str:
    """What a command is called: the script that an interpreter runs, else the program."""
    scripts = [
        Path(word).stem for word in template.words[1:] if "." in Path(word).name and Path(word).is_file()
    ]
    return scripts[0] if scripts else template.name


def all_names() -> list[str]:
    """Every engine that has a name of its own."""
    return [*engine_names(), *REDIS_ENGINES, *OUTSIDE]


def engines_of(language: str, project: Project | None = None) -> list[str]:
    """The names of all engines of `language`, ours first, the project's last; some may not be installed."""
    ours = [f"{language}:{backend}" for backend in BACKENDS] if language in LANGUAGES else []
    outside = [name for name, one in OUTSIDE.items() if one.language == language and name != "basilisp"]
    tables = project.engines if project is not None else {}
    return [*ours, *outside, *(name for name, table in tables.items() if _speaks(table) == language)]


def _speaks(table: EngineTable) -> str:
    """What an engine of the project file speaks, as far as the file tells."""
    if table.language:
        return table.language
    if isinstance(table.profile, dict):
        return str(table.profile.get("language", ""))
    try:
        template = CommandTemplate.parsed(table.command, Path.cwd())
        return find_profile(table.profile or _profile_of(template)).language
    except MissingError:
        return ""


def expand_groups(
    asked: Sequence[str], project: Project, unasked: Callable[[], Sequence[str]] = tuple
) -> list[str]:
    """Engines with `@GROUP` replaced by its members; what `!NAME` or `!GROUP` names is left out.

    Args:
        asked: what the user wrote; where all of it leaves out, it leaves out of `unasked`.
        project: whose groups count.
        unasked: the engines that would be taken if nothing was said.

    Raises:
        MissingError: a group has no members, or what is left out has a name that nobody has.
    """
    wanted: list[str] = []
    if all(word.startswith("!") for word in asked):
        asked = [*unasked(), *asked]
    unwanted: set[str] = set()
    for word in asked:
        if word.startswith("!"):
            unwanted.update(_left_out(word, asked, project))
        elif word.startswith("@"):
            members = _members(word[1:], project)
            if not members:
                groups = sorted({group for table in project.engines.values() for group in table.groups})
                known = ", ".join(f"@{group}" for group in [*groups, *LANGUAGES])
                raise MissingError(f"no engine is in the group {word}; there are: {known}")
            wanted += members
        else:
            wanted.append(word)
    return [name for name in dict.fromkeys(wanted) if unwanted.isdisjoint((name, _called(name)))]


def _left_out(word: str, asked: Sequence[str], project: Project) -> Sequence[str]:
    """The engines that `!NAME` or `!GROUP` leaves out.

    Raises:
        UnknownNameError: nobody has that name.
    """
    name = word[1:].removeprefix("@")
    members = _members(name, project)
    known = [*all_names(), *project.engines, *(_called(one) for one in asked if not one.startswith("!"))]
    if members or name in known or name.partition("@")[0] in known or name in project.languages:
        return members or [name]
    groups = {group for table in project.engines.values() for group in table.groups}
    near = get_close_matches(name, [*known, *groups, *project.languages, *ALIASES], 1)
    hint = f"; did you mean !{near[0]}?" if near else ""
    raise UnknownNameError(f"{word} leaves out nothing: no engine or group is called '{name}'{hint}")


def _called(asked: str) -> str:
    """The name in NAME=COMMAND; else the text itself."""
    given = _NAMED.match(asked)
    return given[1] if given else asked


def _members(group: str, project: Project) -> list[str]:
    """The engines of a group of the project file, or of a language."""
    members = [name for name, table in project.engines.items() if group in table.groups]
    if members:
        return members
    language = ALIASES.get(group, group)
    return engines_of(language, project)
