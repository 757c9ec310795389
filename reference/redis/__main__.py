"""`python -m lockstep.reference.redis --port 0 --engine vm`: the server alone.

When clients may come it prints a line: `ready`, its port, and the version of our code that it runs.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from typing import TextIO

from lockstep.reference.host.identity import loaded_version
from lockstep.reference.redis.options import ScriptLimits, ServerOptions
from lockstep.reference.redis.server.server import Server, run_server


def _say(stream: TextIO, line: str) -> None:
    stream.write(line + "\n")
    stream.flush()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="lockstep.reference.redis")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=6379)
    parser.add_argument("--engine", choices=("treewalk", "vm"), default="vm")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--memory", type=int)
    parser.add_argument("--upstream", default="")
    given = parser.parse_args()
    # What the host's compiler finds odd in compiled scripts is nobody's business.
    warnings.simplefilter("ignore", SyntaxWarning)
    options = ServerOptions(
        given.host,
        given.port,
        given.engine,
        ScriptLimits(given.steps, given.memory),
        given.upstream,
        lambda line: _say(sys.stderr, line),
    )

    def ready(server: Server) -> None:
        _say(sys.stdout, f"ready {server.port} {loaded_version()}")

    run_server(options, ready)


if __name__ == "__main__":
    main()
