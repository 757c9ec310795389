"""Runs that the store could not take: kept as records until somebody adds them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from lockstep.harness.records.record import RecordError, Run, write_run
from lockstep.reference.host.generation.code_cache import cache_folder


def kept_for_later(run: Run, output: Path | None) -> str:
    """Keep a run, in the record that was written anyway or one of its own; the sentence that says how to add it."""
    path = output
    if path is None or not path.is_file():
        started = re.sub(r"[^0-9T]", "", run.header.started)[:15]
        path = cache_folder() / "unstored" / f"{started}-{run.header.suite[:40].replace('/', '_')}.jsonl"
        try:
            write_run(path, run)
        except RecordError as error:
            return f"and not kept as a record either: {error}"
    return f"the run is kept: `lockstep store add {shlex.quote(str(path))}` adds it when the store can be used again"
