"""The engines that this package can serve, by name: `javascript:vm`, `lua5.1:treewalk` and so on."""

from __future__ import annotations

import importlib
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from lockstep.reference.host.engine import Engine
    from lockstep.reference.host.inventory import BuiltIn
    from lockstep.reference.host.limits import Limits

BACKENDS = ("treewalk", "vm")


@dataclass(frozen=True)
class Language:
    """Where a language lives.

    Attributes:
        module: its `create_engine(backend, profile)` makes the engines.
        profile: the version, where one implementation serves several.
        inventory: the module whose `built_ins(profile)` says what the language offers; Clojure's has `vars()` too.
        interpreter: the module whose `run(engine, words, limits)` is the language's own stand-alone interpreter, with
            its own command line, if there is one.
        modes: the ways in which a program may run, beside "" (`Program.mode`); None where any name means something.
    """

    module: str
    profile: str = ""
    inventory: str = ""
    interpreter: str = ""
    modes: tuple[str, ...] | None = ()


LANGUAGES = {
    "javascript": Language(
        "lockstep.reference.javascript.engine",
        inventory="lockstep.reference.javascript.inventory",
        modes=("script", "strict", "module", "raw", "typescript", "module-typescript", "program"),
    ),
    "python": Language("lockstep.reference.python.engine", inventory="lockstep.reference.python.inventory"),
    # Its modes are lists of features for reader conditionals.
    "clojure": Language(
        "lockstep.reference.clojure.engine", inventory="lockstep.reference.clojure.inventory", modes=None
    ),
    "lua5.1": Language(
        "lockstep.reference.lua.engine",
        "5.1",
        inventory="lockstep.reference.lua.inventory",
        interpreter="lockstep.reference.lua.interpreter",
    ),
    "lua5.4": Language(
        "lockstep.reference.lua.engine",
        "5.4",
        inventory="lockstep.reference.lua.inventory",
        interpreter="lockstep.reference.lua.interpreter",
    ),
}

# Programs that run scripts in one of the languages: the module whose `run_server(options, ready)` serves.
SERVERS = {"redis": "lockstep.reference.redis.server.server"}

# What scripts of a server find: the module whose `built_ins(profile)` says so.
_SCRIPTS = {"redis": "lockstep.reference.redis.inventory"}

ALIASES = {"lua": "lua5.4", "js": "javascript", "clj": "clojure", "py": "python"}


class UnknownEngineError(LookupError):
    """No engine has this name; the message lists those that exist."""


def language_of(name: str) -> str:
    """The language's own name for `name` or an alias of it.

    Raises:
        UnknownEngineError: there is no such language.
    """
    name = ALIASES.get(name, name)
    if name not in LANGUAGES:
        language, _, backend = name.partition(":")
        if language in LANGUAGES and backend:
            raise UnknownEngineError(
                f"'{name}' is an engine: its language is {language}, its backend {backend}"
            )
        raise UnknownEngineError(f"unknown language '{name}'; known: {', '.join(LANGUAGES)}")
    return name


def wrong_mode(language: str, mode: str) -> str:
    """What is wrong with `mode` for programs of `language`; "" if nothing is, or the language is none of ours."""
    known = LANGUAGES[language].modes if language in LANGUAGES else None
    if not mode or known is None or mode in known:
        return ""
    near = get_close_matches(mode, known, 1, 0.5)
    hint = (
        f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}" if known else "it has none"
    )
    return f"{language} has no mode '{mode}'; {hint}"


def usual_mode(language: str, name: str) -> str:
    """The mode of a program where nobody says one: JavaScript is a script, TypeScript what its text says."""
    if language != "javascript":
        return ""
    return "" if name.endswith((".ts", ".mts", ".cts")) else "script"


def engine_names() -> list[str]:
    """Every engine, as LANGUAGE:BACKEND."""
    return [f"{language}:{backend}" for language in LANGUAGES for backend in BACKENDS]


def create_engine(name: str) -> Engine:
    """The engine called LANGUAGE:BACKEND, or LANGUAGE for its VM.

    Raises:
        UnknownEngineError: no such language or backend.
    """
    head, _, backend = name.partition(":")
    language = LANGUAGES[language_of(head)]
    backend = backend or "vm"
    if backend not in BACKENDS:
        raise UnknownEngineError(f"unknown backend '{backend}' in '{name}'; known: {', '.join(BACKENDS)}")
    module = importlib.import_module(language.module)
    return cast("Engine", module.create_engine(backend, language.profile))


# Engines that interpreters of one process share, as long as any of them lives: they hold compiled code, and no guest state.
_SHARED: weakref.WeakValueDictionary[str, Engine] = weakref.WeakValueDictionary()


def shared_engine(name: str) -> Engine:
    """The engine called LANGUAGE:BACKEND that others of this process have too.

    Raises:
        UnknownEngineError: no such language or backend.
    """
    found = _SHARED.get(name)
    if found is None:
        found = _SHARED[name] = create_engine(name)
    return found


def interpret(engine: str, words: list[str], limits: Limits) -> int:
    """Be the stand-alone interpreter of LANGUAGE:BACKEND with its command line; the exit status."""
    module = importlib.import_module(LANGUAGES[engine.partition(":")[0]].interpreter)
    return cast("int", module.run(engine, words, limits))


class Listening(Protocol):
    """A server that clients may come to."""

    @property
    def port(self) -> int:
        """Where it listens."""


def serve(name: str, options: object, ready: Callable[[Listening], None]) -> None:
    """Be the server called `name` until it is told to end, with its own options (`redis/options.py`).

    Raises:
        OSError: it cannot listen there, or what it needs cannot be reached.
    """
    importlib.import_module(SERVERS[name]).run_server(options, ready)


def inventory(language: str) -> dict[str, dict[str, str]]:
    """What a language defines by namespaces: namespace -> name -> how it is implemented; empty where it has none."""
    module = importlib.import_module(LANGUAGES[language].inventory)
    return cast("dict[str, dict[str, str]]", module.vars()) if hasattr(module, "vars") else {}


def built_ins(language: str) -> list[BuiltIn]:
    """Every built-in of a language, or of what scripts of a server find, by name.

    Raises:
        UnknownEngineError: there is no such language.
    """
    if language in _SCRIPTS:
        return cast("list[BuiltIn]", importlib.import_module(_SCRIPTS[language]).built_ins())
    found = LANGUAGES[language_of(language)]
    return cast("list[BuiltIn]", importlib.import_module(found.inventory).built_ins(found.profile))
