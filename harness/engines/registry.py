"""Every engine that can be named on the command line, and how each is started."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import util
from pathlib import Path

from lockstep import launch
from lockstep.harness.engines.process import EngineDiedError, EngineProcess
from lockstep.harness.model import MissingError
from lockstep.reference.host.code_cache import fingerprint
from lockstep.reference.languages import ALIASES, BACKENDS, LANGUAGES, engine_names

_OUTSIDE = Path(__file__).parent / "outside"
_COMMAND_PREFIX = "cmd:"
_REDIS_ADAPTER = launch.command("harness.engines.outside.redis")
REDIS_ENGINES = tuple(f"redis:lua5.1:{backend}" for backend in BACKENDS)
# Debian's Clojure; `CLOJURE_CLASSPATH` names other jars.
_CLOJURE_JARS = ("clojure.jar", "spec.alpha.jar", "core.specs.alpha.jar")
_JAR_FOLDER = Path("/usr/share/java")


@dataclass(frozen=True)
class EngineSpec:
    """How to start one engine.

    Attributes:
        name: as on the command line and in records.
        language: the language that it speaks.
        command: the program and its arguments.
        environment: variables to add to the harness's own.
        hash: changes when the engine changes.
        ours: one of the reference interpreters; their messages are comparable word by word.
        accepts_memory: takes `--memory MIB` and then bounds its own address space.
    """

    name: str
    language: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    hash: str = ""
    ours: bool = False
    accepts_memory: bool = False

    def spawn(self, memory: int | None = None) -> EngineProcess:
        """Start a process of this engine; it still has to be greeted with `start`."""
        command = (*self.command, "--memory", str(memory)) if memory and self.accepts_memory else self.command
        watch = None if memory is None else memory + _OVERHEAD_MIB.get(self.command[0], 512)
        return EngineProcess(command, {**os.environ, **self.environment}, watch)


# Resident memory of an idle engine, which the watch on it does not count as the guest's.
_OVERHEAD_MIB = {"java": 1024}


@dataclass(frozen=True)
class OutsideEngine:
    """An engine that is not ours: its language, and what starts it or says that it is missing."""

    language: str
    command: Callable[[], tuple[str, ...]]
    get: str


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
    "cpython": OutsideEngine("python", _cpython, ""),
    "lupa:lua51": OutsideEngine("lua5.1", _lupa("lua51"), "pip install 'lockstep[engines]'"),
    "lupa:lua54": OutsideEngine("lua5.4", _lupa("lua54"), "pip install 'lockstep[engines]'"),
    "clojure-jvm": OutsideEngine(
        "clojure", _clojure_jvm, "Debian: apt-get install clojure default-jre-headless"
    ),
    "redis-server": OutsideEngine("redis", _real_redis, "Debian: apt-get install redis-server"),
    "fakeredis": OutsideEngine("redis", _fakeredis, "pip install 'lockstep[redis,engines]'"),
    "basilisp": OutsideEngine("clojure", _basilisp, "pip install 'lockstep[bench]'"),
}


def _found(program: str, what: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise MissingError(f"{what} is not installed (no `{program}` on the PATH)")
    return path


def resolve(name: str, host: str | None = None) -> EngineSpec:
    """The engine called `name`, its own interpreters under the host program `host` where one is given.

    Raises:
        MissingError: there is no such engine, or what it needs is not installed.
    """
    if name.startswith(_COMMAND_PREFIX):
        return _from_command(name)
    if name.startswith("redis:"):
        return _redis(name)
    if name in OUTSIDE:
        outside = OUTSIDE[name]
        try:
            command = outside.command()
        except MissingError as error:
            advice = f"; {outside.get}" if outside.get else ""
            raise MissingError(f"engine {name}: {error}{advice}") from error
        return EngineSpec(name, outside.language, command, hash=_program_hash(command))
    base, at, own_host = name.partition("@")
    if at:
        host = own_host
    language, _, backend = base.partition(":")
    language = ALIASES.get(language, language)
    if language not in LANGUAGES or (backend or "vm") not in BACKENDS:
        raise MissingError(f"unknown engine '{name}'; `lockstep engines` lists those that exist")
    return _reference(f"{language}:{backend or 'vm'}", host)


def _reference(name: str, host: str | None) -> EngineSpec:
    language = name.partition(":")[0]
    program = sys.executable if host is None else _found(host, f"the host {host}")
    package = launch.PACKAGE.joinpath(*LANGUAGES[language].module.split(".")[1:-1])
    return EngineSpec(
        name=name if host is None else f"{name}@{Path(host).name}",
        language=language,
        command=launch.command("reference.worker", name, host=program),
        environment={"PYTHONHASHSEED": "0"},
        hash=_content_hash(package),
        ours=True,
        accepts_memory=True,
    )


def _redis(name: str) -> EngineSpec:
    """A Redis with our scripting (`redis:lua5.1:vm`), or one that runs somewhere (`redis://host:port`)."""
    if name.startswith("redis://"):
        command = (*_REDIS_ADAPTER, name)
        return EngineSpec(name, "redis", command, hash=_program_hash(command))
    language, _, backend = name.removeprefix("redis:").rpartition(":")
    if language not in ("", "lua5.1") or backend not in BACKENDS:
        raise MissingError(
            f"unknown engine '{name}'; there are: {', '.join(REDIS_ENGINES)}, redis://host:port"
        )
    if util.find_spec("fakeredis") is None:
        raise MissingError(
            f"engine {name}: the Python package fakeredis is not installed; pip install 'lockstep[redis]'"
        )
    full = f"redis:lua5.1:{backend}"
    packages = [launch.PACKAGE / "reference" / part for part in ("redis", "lua")]
    return EngineSpec(
        full,
        "redis",
        (*_REDIS_ADAPTER, full),
        {"PYTHONHASHSEED": "0"},
        hash=hashlib.sha256("".join(map(_content_hash, packages)).encode()).hexdigest()[:12],
        ours=True,
    )


def _from_command(name: str) -> EngineSpec:
    command = tuple(shlex.split(name.removeprefix(_COMMAND_PREFIX)))
    if not command:
        raise MissingError("cmd: needs a command, for instance 'cmd:python3 my_engine.py'")
    process = EngineProcess(command, os.environ)
    try:
        ready = process.start()
    except EngineDiedError as error:
        raise MissingError(f"engine {name} does not speak the protocol: {error}") from error
    finally:
        process.kill()
    language = str(ready.get("language") or "")
    language = ALIASES.get(language, language)
    if language not in LANGUAGES and language != "redis":
        raise MissingError(f"engine {name} speaks the unknown language '{language}'")
    return EngineSpec(name, language, command, hash=_program_hash(command))


@lru_cache(maxsize=64)
def host_version(program: str) -> str:
    """What a program says of its version; empty if it says nothing."""
    flag = "-version" if Path(program).name == "java" else "--version"
    try:
        said = subprocess.run((program, flag), capture_output=True, timeout=20, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return (said.stdout + said.stderr).decode(errors="replace")


@lru_cache(maxsize=64)
def _program_hash(command: tuple[str, ...]) -> str:
    """A version of an outside engine: its program's own word and the files named in the command."""
    digest = hashlib.sha256(" ".join(Path(part).name for part in command).encode())
    digest.update(host_version(command[0]).encode())
    for part in command[1:]:
        if Path(part).is_file():
            digest.update(Path(part).read_bytes())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=16)
def _content_hash(package: Path) -> str:
    """A version of one of our interpreters: the content of its own files and of the ground floor's."""
    digest = hashlib.sha256()
    for folder in (package, launch.PACKAGE / "reference" / "host"):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".clj", ".lua", ".js"}:
                digest.update(
                    path.relative_to(launch.PACKAGE).as_posix().encode() + b"\0" + path.read_bytes()
                )
    return digest.hexdigest()[:12]


def all_names() -> list[str]:
    """Every engine that has a name of its own."""
    return [*engine_names(), *REDIS_ENGINES, *OUTSIDE]


def engines_of(language: str) -> list[str]:
    """The names of all engines of `language`, ours first; some may not be installed."""
    ours = [f"{language}:{backend}" for backend in BACKENDS]
    return ours + [
        name for name, outside in OUTSIDE.items() if outside.language == language and name != "basilisp"
    ]


__all__ = ["OUTSIDE", "EngineSpec", "all_names", "engines_of", "fingerprint", "host_version", "resolve"]
