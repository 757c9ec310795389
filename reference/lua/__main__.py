"""`python -m lockstep.reference.lua`: the stand-alone interpreter, with the options of PUC Lua's own `lua`.

Two options of ours may stand in front of them: `--engine=NAME` (`lua5.4:vm` by default) and `--program=NAME`, the name
that messages and `arg` show for the program.
"""

from __future__ import annotations

import os
import sys

from lockstep.reference.lua.interpreter import run


def main(words: list[str]) -> int:
    """Read our own options, then be `lua`; the exit status."""
    engine, name = "lua5.4:vm", "lua"
    while words and words[0].startswith(("--engine=", "--program=")):
        option, _, value = words[0].partition("=")
        if option == "--engine":
            engine = value
        else:
            name = value
        words = words[1:]
    return run(engine, [name, *words])


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    # Guest threads and the host's own shutdown have nothing left to do.
    os._exit(code)
