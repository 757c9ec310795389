"""`lockstep engines`: what has a name and runs here, and how to get what does not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from tabulate import tabulate

from lockstep.harness.engines.adapters import OUTSIDE
from lockstep.harness.engines.registry import all_names, resolve
from lockstep.harness.engines.running import RunningEngine
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.gate import DONE
from lockstep.harness.languages.profile import shipped_profiles
from lockstep.harness.model import Identity, MissingError
from lockstep.harness.project.file import Project
from lockstep.reference.languages import ALIASES, LANGUAGES


def show_engines(project: Project) -> int:
    """Every named engine, its language, and what it says of itself; or how to get it."""
    names = [*all_names(), *project.engines]
    rows: dict[str, list[str]] = {name: [name, "", "", ""] for name in names}
    started: dict[str, tuple[EngineSpec, RunningEngine]] = {}
    try:
        for name, row in rows.items():
            try:
                engine = resolve(name, project=project)
                started[name] = (engine, engine.spawn())
            except MissingError as error:
                row[3] = f"missing: {str(error).removeprefix(f'engine {name}: ')}"
        for name, (asked, process) in started.items():
            try:
                engine = asked.identified(process)
            except MissingError as error:
                rows[name][3] = str(error)
            else:
                rows[name] = [name, engine.language, engine.hash, _who(engine.identity)]
    finally:
        for _, process in started.values():
            process.kill()
    table = [*rows.values(), *_programs(), *_FORMS]
    print(tabulate(table, headers=["engine", "language", "hash", "what it is"], disable_numparse=True))
    return DONE


_FORMS = (
    ["'PROGRAM {file}'", "any", "", "a plain command (docs/engines.md)"],
    ["protocol:COMMAND", "any", "", "anything that speaks docs/protocol.md"],
)


def _programs() -> Iterator[list[str]]:
    """Programs on the PATH for which there is a profile, and which no engine of ours or adapter is called like."""
    for name, profile in shipped_profiles().items():
        for program in profile.commands:
            taken = program in OUTSIDE or program in LANGUAGES or program in ALIASES
            if not taken and not set("*[?") & set(program) and shutil.which(program) is not None:
                yield [program, profile.language, "", f"plain command, profile {name}"]


def _who(said: Identity | None) -> str:
    if said is None:
        return ""
    return (
        said.implementation
        if said.host in ("", said.implementation)
        else f"{said.implementation} on {said.host}"
    )
