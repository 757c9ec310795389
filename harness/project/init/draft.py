"""The text of a lockstep.toml for what was found in a repository."""

from __future__ import annotations

import json
from collections.abc import Iterator

from lockstep.harness.languages.profile import PLAIN
from lockstep.harness.project.init.findings import Findings, TestFolder

_HEAD = """\
# The conformance of this repository's engine: what runs, on what, and what makes a run fail. `lockstep init --check` says what is
# wrong with this file; docs/project.md of Lockstep describes every key. Paths are relative to this file.

[lockstep]
# What is known to pass and to fail, one file a suite; `lockstep run --update-status` writes it. Commit it.
status = "conformance/status"
# Earlier runs on this machine. Do not commit it.
history = "conformance/history.sqlite"
"""
_GATE = """
[gate]
# What makes `lockstep run` and `lockstep gate` end with 1 (docs/status.md).
fail-on = ["regression", "worse", "vacuous"]
# Fewer executions than this are no conformance run.
at-least = 1
"""
_NO_ENGINE = """
# No program was found that looks like an engine. `{file}` is the file to run; docs/engines.md has the other places.
# [engines.mine]
# language = "javascript"
# command = "./build/engine {file}"
"""
_NO_SUITE = """
# No folder of tests was found. A suite is a folder of programs, and how each says what it must do:
# [suites.ours]
# language = "javascript"
# files = "tests/**/*.js"
# expect = "output"            # comments | output | completes | marker | tap | oracle | checker (docs/suites.md)
"""
# What stands beside `expect` for who wants to choose.
_WAYS = "comments | output | completes | marker | tap | oracle | checker (docs/suites.md)"


def draft(found: Findings) -> str:
    """The text, with comments on what was guessed and from what."""
    names = suite_names(found)
    parts = [
        _HEAD,
        _defaults(found, names),
        *_languages(found),
        *_engines(found),
        *_suites(found, names),
        _GATE,
    ]
    return "".join(part for part in parts if part)


def suite_names(found: Findings) -> list[str]:
    """What the suites of the draft are called: `ours`, and others by their language."""
    names: list[str] = []
    for one in found.tests:
        base = "ours" if not names else one.language
        name = base if base not in names else f"{base}-{one.folder}"
        names.append(name if name not in names else f"{name}-{len(names)}")
    return names


def own_engines(found: Findings) -> list[str]:
    """The engines of the draft that this repository builds."""
    return [one.name for one in found.candidates if found.language_of(one)]


def _defaults(found: Findings, names: list[str]) -> str:
    lines = []
    if names:
        lines += ["# What a bare `lockstep run` runs, and on what.", f"default = {_list(names[:1])}"]
    engines = own_engines(found)
    if engines:
        lines.append(f"engines = {_list(engines[:1])}")
    return "".join(f"{line}\n" for line in lines)


def _languages(found: Findings) -> Iterator[str]:
    for name, language in found.languages.items():
        yield (
            f"\n[languages.{name}]\n"
            f"extensions = {_list(list(language.extensions))}\n"
            f"# What begins a comment that ends with the line.\n"
            f"comment = {json.dumps(language.comment)}\n"
        )


def _engines(found: Findings) -> Iterator[str]:
    if not found.candidates and not found.engines:
        yield _NO_ENGINE
    for one in found.candidates:
        language = found.language_of(one)
        lines = [f"[engines.{one.name}]"]
        if not one.built:
            lines.insert(0, f"# It is not built yet{f': {found.build}' if found.build else ''}.")
        if not language:
            lines.append('# language = "?"               # what it speaks: nothing here tells')
        elif one.profile == PLAIN:
            lines.append(f"language = {json.dumps(language)}")
        lines.append(f"command = {json.dumps(one.command)}")
        lines.append(
            '# profile = "..."              # no profile is made for it: docs/profiles.md, `lockstep engines check`'
            if one.profile == PLAIN
            else f"profile = {json.dumps(one.profile)}"
        )
        text = "\n".join(lines) + "\n"
        # Without a language it is nothing that could run.
        yield "\n" + (text if language else "".join(f"# {line}\n" for line in text.splitlines()))
    for other in found.engines:
        lines = [
            f"\n# From {other.source.name}.",
            f"[engines.{other.name}]",
            f"command = {json.dumps(other.command)}",
        ]
        if other.profile:
            lines.append(f"profile = {json.dumps(other.profile)}")
        if other.groups:
            lines.append(f"groups = {_list(list(other.groups))}")
        yield "\n".join(lines) + "\n"


def _suites(found: Findings, names: list[str]) -> Iterator[str]:
    if not found.tests:
        yield _NO_SUITE
    for name, one in zip(names, found.tests, strict=True):
        yield (
            f"\n# {one.number} {'file' if one.number == 1 else 'files'}.\n[suites.{name}]\n"
            f"language = {json.dumps(one.language)}\n"
            f"files = {json.dumps(_glob(one))}\n"
            f'expect = "{one.expect}"'
            f"{' ' * max(1, 14 - len(one.expect))}# {f'{one.shows}; ' if one.shows else ''}{_WAYS}\n"
        )


def _glob(one: TestFolder) -> str:
    return f"{one.folder}/**/*{one.ending}"


def _list(words: list[str]) -> str:
    return json.dumps(words)
