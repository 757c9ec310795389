"""What an outcome depends on, as one text: where it is the same, an earlier outcome can stand for a new one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from lockstep.harness.engines.spec import EngineSpec
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits


def outcome_key(engine: EngineSpec, program: Program, limits: Limits) -> str:
    """What an outcome depends on: who the engine says it is, the program with the files around it, the limits."""
    parts = (
        engine.name,
        engine.hash,
        asdict(program),
        _files_around(program),
        asdict(limits),
    )
    text = json.dumps(parts, sort_keys=True, default=repr)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _files_around(program: Program) -> Sequence[str]:
    """A version of the files that a program may read: those beside it, and those below its roots."""
    beside = [] if program.path is None else [_folder_version(str(Path(program.path).parent), deep=False)]
    folders = [*program.roots, *([program.folder] if program.folder else [])]
    return beside + [_folder_version(folder, deep=True) for folder in folders]


@lru_cache(maxsize=4096)
def _folder_version(folder: str, *, deep: bool) -> str:
    """A version of a folder's files: their names, sizes and times, taken once in a run."""
    digest = hashlib.sha256()
    root = Path(folder)
    if root.is_dir():
        for path in sorted(root.rglob("*") if deep else root.iterdir()):
            if path.is_file():
                state = path.stat()
                line = f"{path.relative_to(root)} {state.st_size} {state.st_mtime_ns}\n"
                digest.update(line.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
