"""Engines that are not ours and have a name of their own: an adapter makes each speak the protocol."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import util
from pathlib import Path

from lockstep import launch
from lockstep.harness.extras import how_to_install
from lockstep.harness.model import MissingError
from lockstep.reference.languages import BACKENDS

_OUTSIDE = Path(__file__).parent / "outside"
REDIS_ADAPTER = launch.command("harness.engines.outside.redis")
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
        node = found("node", "Node.js 18 or newer")
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


def _quickjs() -> tuple[str, ...]:
    if util.find_spec("quickjs") is None:
        raise MissingError("the Python package quickjs is not installed")
    return launch.command("harness.engines.outside.quickjs")


def _clojure_jvm() -> tuple[str, ...]:
    java = found("java", "a Java runtime")
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
    found("redis-server", "Redis")
    return (*REDIS_ADAPTER, "redis-server")


def _fakeredis() -> tuple[str, ...]:
    if util.find_spec("fakeredis") is None or util.find_spec("lupa") is None:
        raise MissingError("the Python packages fakeredis and lupa are not installed")
    return (*REDIS_ADAPTER, "fakeredis")


OUTSIDE = {
    "node": OutsideEngine("javascript", _node(), "install Node.js (Debian: apt-get install nodejs)"),
    "node:jitless": OutsideEngine("javascript", _node("--jitless"), "install Node.js"),
    "quickjs": OutsideEngine("javascript", _quickjs, extras=("engines",)),
    "cpython": OutsideEngine("python", _cpython),
    "lupa:lua51": OutsideEngine("lua5.1", _lupa("lua51"), extras=("engines",)),
    "lupa:lua52": OutsideEngine("lua5.2", _lupa("lua52"), extras=("engines",)),
    "lupa:lua53": OutsideEngine("lua5.3", _lupa("lua53"), extras=("engines",)),
    "lupa:lua54": OutsideEngine("lua5.4", _lupa("lua54"), extras=("engines",)),
    "lupa:lua55": OutsideEngine("lua5.5", _lupa("lua55"), extras=("engines",)),
    "lupa:luajit": OutsideEngine("luajit", _lupa("luajit21"), extras=("engines",)),
    "clojure-jvm": OutsideEngine(
        "clojure", _clojure_jvm, "Debian: apt-get install clojure default-jre-headless"
    ),
    "redis-server": OutsideEngine("redis", _real_redis, "Debian: apt-get install redis-server"),
    "fakeredis": OutsideEngine("redis", _fakeredis, extras=("redis", "engines")),
    "basilisp": OutsideEngine("clojure", _basilisp, extras=("bench",)),
}


def found(program: str, what: str) -> str:
    """Where a program is.

    Raises:
        MissingError: it is not on the PATH.
    """
    path = shutil.which(program)
    if path is None:
        raise MissingError(f"{what} is not installed (no `{program}` on the PATH)")
    return path
