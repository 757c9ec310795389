"""The official Lua test suites, 5.1 and 5.4; each file runs singly, in a fresh copy of its folder."""

from __future__ import annotations

import atexit
import re
import shlex
import shutil
import tempfile
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from lockstep import launch
from lockstep.harness.expectation import Expectation
from lockstep.harness.model import Case, MissingError, Task
from lockstep.harness.suites.sources import SOURCES, locate
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits

# `arg` as the stand-alone interpreter sets it: tests find the interpreter in it to start it again.
_PRELUDE = "_nomsg = true; arg = {{[0] = '{name}', [-1] = '{interpreter}'}}"
_VERSIONS = {"lua5.1": ("lua5.1", ""), "lua5.4": ("lua5.4", "testes")}
_LIMITS = Limits(steps=500_000_000, seconds=600.0)

# It fills memory until the host refuses: MiB, where the run's memory limit (`--memory`) allows as much.
_SPACES = {"lua5.4/heavy": 8 << 10}

_NEEDS_TEST_LIBRARY = "needs the C test library (T)"
_DRIVER = "the driver of the others, no test of its own"
_LIBRARY = "a library of the others, no test of its own"
_SKIPPED = {
    "lua5.1/all": _DRIVER,
    "lua5.1/big": "expects a string of 4.03 GiB to overflow, as on 32-bit hosts; a 64-bit one makes it",
    "lua5.1/api": _NEEDS_TEST_LIBRARY,
    "lua5.1/code": _NEEDS_TEST_LIBRARY,
    "lua5.1/checktable": _LIBRARY,
    "lua5.4/all": _DRIVER,
    "lua5.4/api": _NEEDS_TEST_LIBRARY,
    "lua5.4/code": _NEEDS_TEST_LIBRARY,
    "lua5.4/bwcoercion": _LIBRARY,
    "lua5.4/tracegc": _LIBRARY,
}
# What a file prints when it has come to its end, by its name; the others print "OK".
_LAST_LINES = {"files": "Lua {version}", "utf8": "ok"}
# As `all.lua` runs it: the file is a coroutine.
_DRIVERS = {
    "big": "local f = coroutine.wrap(assert(loadfile('big.lua')))\nassert(f() == 'b')\nassert(f() == 'a')\n",
}
# What cannot run here, from a line that starts so up to one that starts so.
_CUTS = {
    # A module written in C.
    "lua5.4/main": ('RUN("env LUA_CPATH=', "-- test 'arg' table"),
}
# `main.lua` and others start it by this one word, and want the same word back.
_INTERPRETER = """\
#!/bin/sh
{environment}
exec {command} --engine="${{LOCKSTEP_ENGINE:-{language}:vm}}" --program="$0" "$@"
"""
_ENVIRONMENTS = {"lua5.1": "LUA_PATH='?;./?.lua'; export LUA_PATH", "lua5.4": ""}


class LuaSuite:
    """The tests of PUC Lua."""

    name = "lua"
    sources = ("lua5.1", "lua5.4")
    languages = ("lua5.1", "lua5.4")
    # Addresses, dates, times, memory, and what random numbers lead to.
    volatile = re.compile(
        r"0x[0-9a-f]{6,}|[0-9.]+ m?sec\b|random seeds: .*|float random range .*|integer random range .*|[0-9]+ comparisons"
        r"|test done on .*|\b[0-9]{1,2}:[0-9]{2}:[0-9]{2}\b"
    )

    @property
    def revision(self) -> str:
        """Both revisions."""
        return "+".join(SOURCES[name].revision for name in self.languages)

    @cached_property
    def _folders(self) -> dict[str, Path]:
        return {language: locate(name) / below for language, (name, below) in _VERSIONS.items()}

    @cached_property
    def _scratch(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="lockstep-lua-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        return folder

    def cases(self) -> list[Case]:
        """Every file of both suites."""
        cases: list[Case] = []
        for language, folder in self._folders.items():
            paths = sorted(folder.glob("*.lua"))
            if not paths:
                raise MissingError(f"suite lua: {folder} holds no tests")
            cases.extend(
                Case(
                    "lua",
                    f"{language}/{path.stem}",
                    language,
                    features=(language,),
                    skip=_SKIPPED.get(f"{language}/{path.stem}", ""),
                )
                for path in paths
            )
        return cases

    def source_path(self, case: Case) -> Path:
        """The test's file."""
        return self._folders[case.language] / f"{case.id.partition('/')[2]}.lua"

    def task(self, case: Case, mode: str) -> Task:
        """The file, in a copy of the suite's folder, since some tests write beside themselves."""
        del mode  # there is one
        path = self.source_path(case)
        folder = Path(tempfile.mkdtemp(dir=self._scratch, prefix=f"{path.stem}-"))
        shutil.copytree(path.parent, folder, dirs_exist_ok=True)
        (folder / "libs" / "P1").mkdir(parents=True, exist_ok=True)
        source = _DRIVERS.get(path.stem) or path.read_bytes().decode("utf-8", "surrogateescape")
        if case.id in _CUTS:
            source = _without(source, *_CUTS[case.id])
        prelude = _PRELUDE.format(name=path.name, interpreter=_interpreter(folder, case.language))
        program = Program(
            source,
            path.name,
            includes=(("prelude", prelude),),
            path=str(folder / path.name),
            folder=str(folder),
        )
        return Task(
            program,
            Expectation(marker=_last_line(path.stem, case.language)),
            replace(_LIMITS, space=_SPACES.get(case.id)),
        )


def _last_line(name: str, language: str) -> str:
    """The line that shows that a file was run to its end: an engine that does nothing does not print it."""
    return _LAST_LINES.get(name, "OK").format(version=language.removeprefix("lua"))


def _without(source: str, first: str, after: str) -> str:
    """`source` with the lines from `first` up to `after` emptied."""
    start = source.index("\n" + first) + 1
    end = source.index("\n" + after, start) + 1
    return source[:start] + "\n" * source.count("\n", start, end) + source[end:]


def _interpreter(folder: Path, language: str) -> Path:
    """A command in `folder` that is the stand-alone interpreter on the engine under test."""
    command = folder / "lua"
    command.write_text(
        _INTERPRETER.format(
            environment=_ENVIRONMENTS[language],
            command=shlex.join(launch.command("reference.lua")),
            language=language,
        )
    )
    command.chmod(0o755)
    return command
