"""The official Lua test suites, 5.1 and 5.4; each file runs singly, in a fresh copy of its folder."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cached_property
from pathlib import Path

from harness.model import Case, Expectation, MissingError, Task
from harness.suites.sources import SOURCES, locate
from reference.host.engine import Program
from reference.host.limits import Limits

# What `all.lua` sets for users (`_U`). Under `_soft` some files return at once; these run in full.
_PRELUDE = "_U = true; _soft = true; _port = true; _nomsg = true"
_FULL_PRELUDE = "_U = true; _port = true; _nomsg = true"
_RUN_IN_FULL = {"lua5.1/math", "lua5.1/verybig", "lua5.4/big", "lua5.4/verybig"}
_VERSIONS = {"lua5.1": ("lua5.1", ""), "lua5.4": ("lua5.4", "testes")}
_LIMITS = Limits(steps=500_000_000, seconds=600.0)

_NEEDS_TEST_LIBRARY = "needs the C test library"
_NO_TEST = "the driver of the others, no test of its own"
_NEEDS_INTERPRETER = "drives the stand-alone interpreter"
_SKIPPED = {
    "lua5.1/all": _NO_TEST,
    "lua5.1/big": "its string length overflow takes 4 GiB on a 64-bit host",
    "lua5.1/api": _NEEDS_TEST_LIBRARY,
    "lua5.1/code": _NEEDS_TEST_LIBRARY,
    "lua5.1/main": _NEEDS_INTERPRETER,
    "lua5.1/checktable": "a library of the others, no test of its own",
    "lua5.4/all": _NO_TEST,
    "lua5.4/api": _NEEDS_TEST_LIBRARY,
    "lua5.4/code": _NEEDS_TEST_LIBRARY,
    "lua5.4/main": _NEEDS_INTERPRETER,
    "lua5.4/heavy": "needs more memory than a run has",
    "lua5.4/bwcoercion": "a library of strings.lua, no test of its own",
    "lua5.4/tracegc": "a library of the others, no test of its own",
}
# As `all.lua` runs it: the file is a coroutine.
_DRIVERS = {
    "big": "local f = coroutine.wrap(assert(loadfile('big.lua')))\nassert(f() == 'b')\nassert(f() == 'a')\n",
}


class LuaSuite:
    """The tests of PUC Lua."""

    name = "lua"
    languages = ("lua5.1", "lua5.4")

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

    def task(self, case: Case, mode: str) -> Task:  # noqa: ARG002  # Lua has one mode
        """The file, in a copy of the suite's folder, since some tests write beside themselves."""
        path = self.source_path(case)
        folder = Path(tempfile.mkdtemp(dir=self._scratch, prefix=f"{path.stem}-"))
        shutil.copytree(path.parent, folder, dirs_exist_ok=True)
        (folder / "libs" / "P1").mkdir(parents=True, exist_ok=True)
        source = _DRIVERS.get(path.stem) or path.read_bytes().decode("utf-8", "surrogateescape")
        program = Program(
            source,
            path.name,
            includes=(("prelude", _FULL_PRELUDE if case.id in _RUN_IN_FULL else _PRELUDE),),
            path=str(folder / path.name),
            folder=str(folder),
        )
        return Task(program, Expectation(), _LIMITS)
