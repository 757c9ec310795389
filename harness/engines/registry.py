"""Every engine that can be named on the command line, and how each is started."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from importlib import util
from pathlib import Path

from lockstep import launch
from lockstep.harness.engines.process import START_SECONDS
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.extras import how_to_install
from lockstep.harness.model import MissingError
from lockstep.reference.languages import ALIASES, BACKENDS, LANGUAGES, engine_names

_OUTSIDE = Path(__file__).parent / "outside"
_COMMAND_PREFIX = "cmd:"
_REDIS_ADAPTER = launch.command("harness.engines.outside.redis")
REDIS_ENGINES = tuple(f"redis:lua5.1:{backend}" for backend in BACKENDS)
# Debian's Clojure; `CLOJURE_CLASSPATH` names other jars.
_CLOJURE_JARS = ("clojure.jar", "spec.alpha.jar", "core.specs.alpha.jar")
_JAR_FOLDER = Path("/usr/share/java")


@dataclass(frozen=True)
class OutsideEngine:
    """An engine that is not ours: its language, and what starts it or says that it is missing."""

    language: str
    command: Callable[[], tuple[str, ...]]
    get: str = ""
    extras: tuple[str, ...] = ()

    @property
    def advice(self) -> str:
        """How to get it; "" where nothing is to be said."""
        return how_to_install(*self.extras) if self.extras else self.get


def _node(*flags: str) -> Callable[[], tuple[str, ...]]:
    def command() -> tuple[str, ...]:
        node = _found("node", "Node.js 18 or newer")
        return (
            node,
            "--expose-gc",
            "--experimental-vm-modules",
            "--no-warnings",
            *flags,
            str(_OUTSIDE / "node.js"),
        )

    return command


def _cpython() -> tuple[str, ...]:
    return launch.command("harness.engines.outside.cpython")


def _lupa(version: str) -> Callable[[], tuple[str, ...]]:
    def command() -> tuple[str, ...]:
        if util.find_spec("lupa") is None:
            raise MissingError("the Python package lupa is not installed")
        return launch.command("harness.engines.outside.lupa", version)

    return command


def _clojure_jvm() -> tuple[str, ...]:
    java = _found("java", "a Java runtime")
    classpath = os.environ.get("CLOJURE_CLASSPATH")
    if classpath is None:
        jars = [_JAR_FOLDER / name for name in _CLOJURE_JARS]
        missing = [str(jar) for jar in jars if not jar.exists()]
        if missing:
            raise MissingError(f"not found: {', '.join(missing)}")
        classpath = os.pathsep.join(map(str, jars))
    return (java, "-cp", classpath, "clojure.main", str(_OUTSIDE / "clojure_jvm.clj"))


def _basilisp() -> tuple[str, ...]:
    if util.find_spec("basilisp") is None:
        raise MissingError("the Python package basilisp is not installed")
    return launch.command("harness.engines.outside.basilisp")


def _real_redis() -> tuple[str, ...]:
    _found("redis-server", "Redis")
    return (*_REDIS_ADAPTER, "redis-server")


def _fakeredis() -> tuple[str, ...]:
    if util.find_spec("fakeredis") is None or util.find_spec("lupa") is None:
        raise MissingError("the Python packages fakeredis and lupa are not installed")
    return (*_REDIS_ADAPTER, "fakeredis")


OUTSIDE = {
    "node": OutsideEngine("javascript", _node(), "install Node.js (Debian: apt-get install nodejs)"),
    "node:jitless": OutsideEngine("javascript", _node("--jitless"), "install Node.js"),
    "cpython": OutsideEngine("python", _cpython),
    "lupa:lua51": OutsideEngine("lua5.1", _lupa("lua51"), extras=("engines",)),
    "lupa:lua54": OutsideEngine("lua5.4", _lupa("lua54"), extras=("engines",)),
    "clojure-jvm": OutsideEngine(
        "clojure", _clojure_jvm, "Debian: apt-get install clojure default-jre-headless"
    ),
    "redis-server": OutsideEngine("redis", _real_redis, "Debian: apt-get install redis-server"),
    "fakeredis": OutsideEngine("redis", _fakeredis, extras=("redis", "engines")),
    "basilisp": OutsideEngine("clojure", _basilisp, extras=("bench",)),
}


def _found(program: str, what: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise MissingError(f"{what} is not installed (no `{program}` on the PATH)")
    return path


class UnknownNameError(MissingError):
    """No engine has this name, on any machine."""


def resolve(name: str, host: str | None = None, start_seconds: float = START_SECONDS) -> EngineSpec:
    """The engine called `name`, its own interpreters under the host program `host` where one is given.

    Only a command is started, within `start_seconds`, to hear which language it speaks.

    Raises:
        UnknownNameError: there is no such engine.
        MissingError: what it needs is not installed, or it does not start.
    """
    if name.startswith(_COMMAND_PREFIX):
        return _from_command(name, start_seconds)
    if name.startswith("redis:"):
        return _redis(name)
    if name in OUTSIDE:
        outside = OUTSIDE[name]
        try:
            command = outside.command()
        except MissingError as error:
            advice = outside.advice
            raise MissingError(f"engine {name}: {error}{'; ' if advice else ''}{advice}") from error
        return EngineSpec(name, outside.language, command)
    base, at, own_host = name.partition("@")
    if at:
        host = own_host
    language, _, backend = base.partition(":")
    language = ALIASES.get(language, language)
    if language not in LANGUAGES or (backend or "vm") not in BACKENDS:
        near = get_close_matches(name, all_names(), 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UnknownNameError(f"unknown engine '{name}'{hint} (`lockstep engines` lists those that exist)")
    return _reference(f"{language}:{backend or 'vm'}", host)


def _reference(name: str, host: str | None) -> EngineSpec:
    language = name.partition(":")[0]
    program = sys.executable if host is None else _found(host, f"the host {host}")
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
        command = (*_REDIS_ADAPTER, name)
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
        (*_REDIS_ADAPTER, full),
        {"PYTHONHASHSEED": "0"},
        ours=True,
    )


def _from_command(name: str, start_seconds: float) -> EngineSpec:
    try:
        words = tuple(shlex.split(name.removeprefix(_COMMAND_PREFIX)))
    except ValueError as error:
        raise MissingError(f"engine {name}: not a command as a shell reads it: {error}") from error
    if not words:
        raise MissingError("cmd: needs a command, for instance 'cmd:python3 my_engine.py'")
    engine = EngineSpec(name, "", words)
    process = engine.spawn()
    try:
        engine = engine.identified(process, start_seconds)
    finally:
        process.kill()
    assert engine.identity is not None
    said = engine.identity.language
    language = ALIASES.get(said, said)
    if language not in LANGUAGES and language != "redis":
        raise MissingError(
            f"engine {name} speaks the unknown language '{said}'; known: {', '.join((*LANGUAGES, 'redis'))}"
        )
    return replace(engine, language=language)


def all_names() -> list[str]:
    """Every engine that has a name of its own."""
    return [*engine_names(), *REDIS_ENGINES, *OUTSIDE]


def engines_of(language: str) -> list[str]:
    """The names of all engines of `language`, ours first; some may not be installed."""
    ours = [f"{language}:{backend}" for backend in BACKENDS]
    return ours + [
        name for name, outside in OUTSIDE.items() if outside.language == language and name != "basilisp"
    ]
