"""Runs a module of this package as a program, under any host and whatever folder the process stands in.

    HOST .../lockstep/launch.py MODULE [ARGUMENT...]

`python -m` would look in the working folder first, and a search path would show the host everything that is installed
beside us. Here the package is the one that this file belongs to.
"""

from __future__ import annotations

import importlib.util
import runpy
import sys
from pathlib import Path

PACKAGE = Path(__file__).absolute().parent


def command(module: str, *arguments: str, host: str | None = None) -> tuple[str, ...]:
    """The command that runs `lockstep.MODULE` with `arguments`, by the program `host` or by this one."""
    return (host or sys.executable, str(PACKAGE / "launch.py"), module, *arguments)


def adopt() -> None:
    """Make the folder of this file the package `lockstep` of this process."""
    spec = importlib.util.spec_from_file_location(
        "lockstep", PACKAGE / "__init__.py", submodule_search_locations=[str(PACKAGE)]
    )
    if spec is None or spec.loader is None:
        message = f"{PACKAGE} is not complete: install lockstep again"
        raise SystemExit(message)
    package = importlib.util.module_from_spec(spec)
    sys.modules["lockstep"] = package
    spec.loader.exec_module(package)


if __name__ == "__main__":
    # The folder of this file holds parts of the package, which are no modules of their own.
    if sys.path[:1] == [str(PACKAGE)]:
        del sys.path[0]
    adopt()
    del sys.argv[0]
    runpy.run_module(f"lockstep.{sys.argv[0]}", run_name="__main__", alter_sys=True)
