"""A checker of the user's: a Python function that is given a program's path and outcome, and says what is wrong."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lockstep.harness.model import Judgement, MissingError, Outcome, Verdict
from lockstep.harness.wording import excerpt

Checker = Callable[[Path, Outcome], "str | None"]


@dataclass(frozen=True)
class Checked:
    """The checker finds nothing wrong; it also decides whether the program may throw.

    Attributes:
        checker: the function.
        name: as the project file has it.
        path: the program's.
    """

    checker: Checker
    name: str
    path: Path
    ends: str = "completed"

    def check(self, outcome: Outcome) -> Judgement:
        """Pass, or fail with what the checker says; an error where it raises, or says something else than text."""
        try:
            said: object = self.checker(self.path, outcome)
        except (Exception, SystemExit) as error:  # noqa: BLE001  # somebody else's function
            return Judgement(
                Verdict.ERROR, f"the checker {self.name} raised {type(error).__name__}: {excerpt(str(error))}"
            )
        if not said and said is not False:
            return Judgement(Verdict.PASS)
        if isinstance(said, str):
            return Judgement(Verdict.FAIL, said)
        return Judgement(
            Verdict.ERROR,
            f"the checker {self.name} returned {said!r}, and should return None or what is wrong",
        )


def load_checker(name: str, folder: Path) -> Checker:
    """The function `module:function`; the module is looked for in `folder` first.

    Raises:
        MissingError: it cannot be imported, or has no such function.
    """
    module_name, colon, function_name = name.partition(":")
    if not colon or not module_name or not function_name:
        raise MissingError(f"checker '{name}' is not written module:function")
    try:
        module = _imported(module_name, folder)
    except Exception as error:
        raise MissingError(
            f"checker {name}: cannot import {module_name}: {type(error).__name__}: {error}"
        ) from error
    function: Callable[..., Any] | None = getattr(module, function_name, None)
    if not callable(function):
        raise MissingError(f"checker {name}: {module_name} has no function {function_name}")
    return function


def _imported(name: str, folder: Path) -> object:
    """A module beside the project file, under a name of its own so that it shadows nothing; else an installed one."""
    path = folder.joinpath(*name.split(".")).with_suffix(".py")
    if not path.is_file():
        return importlib.import_module(name)
    own = f"_lockstep_checker_{name.replace('.', '_')}"
    description = importlib.util.spec_from_file_location(own, path)
    assert description is not None
    assert description.loader is not None
    module = importlib.util.module_from_spec(description)
    # What it defines may look for its own module (dataclasses do); what stands beside it may be imported.
    sys.modules[own] = module
    sys.path.append(str(folder))
    try:
        description.loader.exec_module(module)
    finally:
        sys.path.remove(str(folder))
    return module
