"""Engines that are on this machine already: those that eshost knows, and those that jsvu and esvu have installed."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lockstep.harness.languages.profile import PLAIN, profile_for

ESHOST_FILE = ".eshost-config.json"
# Where version managers of JavaScript engines put what starts them.
_MANAGERS = {"jsvu": ".jsvu/bin", "esvu": ".esvu/bin"}
# eshost's types of hosts that have another name here.
_TYPES = {
    "jsshell": "spidermonkey",
    "sm": "spidermonkey",
    "node": "node",
    "d8": "d8",
    "jsc": "jsc",
    "xs": "xs",
    "hermes": "hermes",
    "qjs": "qjs",
    "libjs": "libjs",
    "engine262": "engine262",
    "graaljs": "graaljs",
}


@dataclass(frozen=True)
class FoundEngine:
    """An engine that somebody else has described.

    Attributes:
        name: what it is called there.
        command: as a shell reads it.
        profile: how it is understood; "" where its program's name says so.
        groups: its tags.
        source: the file or folder that it was found in.
    """

    name: str
    command: str
    profile: str
    groups: tuple[str, ...]
    source: Path


def found_engines(folder: Path, home: Path) -> list[FoundEngine]:
    """What eshost's configuration (in `folder`, else in `home`), jsvu and esvu know; the first of a name counts."""
    found: dict[str, FoundEngine] = {}
    for engine in (*_of_eshost(folder, home), *_of_managers(home)):
        found.setdefault(engine.name, engine)
    return list(found.values())


def _of_eshost(folder: Path, home: Path) -> Iterator[FoundEngine]:
    path = next((one / ESHOST_FILE for one in (folder, home) if (one / ESHOST_FILE).is_file()), None)
    if path is None:
        return
    try:
        hosts = json.loads(path.read_text("utf-8")).get("hosts", {})
    except (OSError, ValueError, AttributeError):
        return
    for name, host in hosts.items() if isinstance(hosts, dict) else ():
        if isinstance(host, dict) and isinstance(host.get("path"), str):
            yield _eshost_engine(str(name), host, path)


def _eshost_engine(name: str, host: dict[str, Any], source: Path) -> FoundEngine:
    arguments = host.get("args") or []
    words = [host["path"], *(arguments.split() if isinstance(arguments, str) else map(str, arguments))]
    tags = host.get("tags") or ()
    return FoundEngine(
        name=_plain_name(name),
        command=f"{shlex.join(words)} {{file}}",
        profile=_TYPES.get(str(host.get("type", "")), "javascript"),
        groups=tuple(map(str, tags)) if isinstance(tags, list) else (),
        source=source,
    )


def _of_managers(home: Path) -> Iterator[FoundEngine]:
    for manager, below in _MANAGERS.items():
        folder = home / below
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            profile = profile_for(path.name)
            if path.is_file() and profile != PLAIN:
                yield FoundEngine(
                    path.name, f"{shlex.quote(str(path))} {{file}}", profile, (manager,), folder
                )


def _plain_name(name: str) -> str:
    """A name that a table of TOML and the command line take without quotes."""
    return (
        "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name).strip("-")
        or "engine"
    )
