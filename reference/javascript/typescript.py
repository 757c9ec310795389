"""Programs in TypeScript: which they are, how they run, and what is said of one that was taken for JavaScript."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lockstep.reference.host.engine import Program
from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.javascript.syntax.typescript.files import is_typescript, stripped

# `Program.mode` of a program that is TypeScript whatever its name is, and the mode that it then has.
MODES = {"typescript": "", "module-typescript": "module"}
_GOALS = {".mts": "module", ".cts": "script"}
_HINT = "hint: this is TypeScript; give the file a name that ends in .ts, or run it with `lockstep exec typescript`"


def as_javascript(program: Program) -> Program:
    """`program` as it is run: without types, its mode script or module, if it is TypeScript; else itself.

    Raises:
        GuestSyntaxError: it is no TypeScript, or holds what cannot be erased.
    """
    if program.mode not in MODES and not (is_typescript(program.name) and program.mode != "raw"):
        return program
    found = stripped(program.source, program.name)
    mode = MODES.get(program.mode, program.mode)
    return replace(program, source=found.text, mode=mode or _goal(program, is_module=found.is_module))


def _goal(program: Program, *, is_module: bool) -> str:
    """`script` or `module`: as the name says, else the nearest package.json, else what is in the text."""
    goal = _GOALS.get(Path(program.name).suffix)
    if goal is None and program.path is not None:
        goal = _package_goal(Path(program.path))
    return goal or ("module" if is_module else "script")


def _package_goal(path: Path) -> str | None:
    import json  # noqa: PLC0415  # if used

    for folder in path.parents:
        try:
            package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, ValueError):
            return None
        kind = package.get("type") if isinstance(package, dict) else None
        return {"module": "module", "commonjs": "script"}.get(str(kind))
    return None


def advice(program: Program) -> str:
    """What to say of a program that is no JavaScript: that it is TypeScript, if that is plain."""
    if program.mode in MODES or is_typescript(program.name):
        return ""
    from lockstep.reference.javascript.syntax.typescript.strip import read  # noqa: PLC0415  # if used

    try:
        found = read(program.source, program.name)
    except GuestSyntaxError:
        return ""
    return _HINT if found.refusal is not None or found.text != program.source else ""
