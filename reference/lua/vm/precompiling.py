"""Compiles a chunk into the cache on disk, as a process of its own: the host's compiler lets no other thread run meanwhile.

    HOST .../lockstep/launch.py reference.lua.vm.precompiling VERSION

Standard input is JSON: the `source`, the chunk's `name`, and whether code is `metered` and `hooked`. What does not compile is left for
the process that wants it, which then finds out for itself.
"""

from __future__ import annotations

import json
import sys

from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.lua.profile import PROFILES
from lockstep.reference.lua.syntax.chunk_source import ChunkSource
from lockstep.reference.lua.vm.form import Form
from lockstep.reference.lua.vm.machine import Machine


def main(version: str) -> None:
    """Compile what standard input holds."""
    given = json.load(sys.stdin)
    form = Form(metered=given["metered"], hooked=given["hooked"])

    def compile_it() -> None:
        try:
            Machine(metered=form.metered).code_of(
                PROFILES[version], ChunkSource(given["source"], given["name"]), form
            )
        except (GuestSyntaxError, RecursionError, MemoryError):
            return

    run_deep(compile_it)


if __name__ == "__main__":
    main(sys.argv[1])
