"""`lockstep serve redis`: a Redis whose scripts run on our Lua 5.1."""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass
from importlib import util
from urllib.parse import urlsplit

from lockstep.harness.extras import how_to_install
from lockstep.harness.model import MissingError
from lockstep.reference.languages import Listening, serve
from lockstep.reference.redis.options import ScriptLimits, ServerOptions

DONE, FAILED, USAGE, MISSING = 0, 1, 2, 3


@dataclass(frozen=True)
class ServeOptions:
    """What was asked for on the command line.

    Attributes:
        host: the address to listen on.
        port: the port; 0 for a free one.
        engine: `lua5.1:vm` or `lua5.1:treewalk`.
        steps: function entries and loop turns of one script; None: no limit.
        memory: MiB of one script; None: no limit.
        upstream: the URL of a real Redis that holds the data; empty for the embedded store.
    """

    host: str
    port: int
    engine: str
    steps: int | None
    memory: int | None
    upstream: str


def serve_redis(options: ServeOptions) -> int:
    """Serve until interrupted; the exit code."""
    language, _, backend = options.engine.partition(":")
    if language not in ("lua5.1", "lua") or backend not in ("vm", "treewalk"):
        sys.stderr.write(f"scripts run on lua5.1:vm or lua5.1:treewalk, not on {options.engine}\n")
        return USAGE
    try:
        check_installed(options.upstream)
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    warnings.simplefilter("ignore", SyntaxWarning)  # the host's remarks on compiled scripts

    def ready(server: Listening) -> None:
        # A password in the URL is nobody's business.
        data = urlsplit(options.upstream).hostname if options.upstream else "embedded"
        print(f"redis on {options.host}:{server.port}, scripts on lua5.1:{backend}, data: {data}", flush=True)

    def log(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    limits = ScriptLimits(options.steps, options.memory)
    try:
        how = ServerOptions(options.host, options.port, backend, limits, options.upstream, log)
        serve("redis", how, ready)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"cannot serve: {error}\n")
        return FAILED
    return DONE


def check_installed(upstream: str = "") -> None:
    """Make sure that the embedded store can be had.

    Raises:
        MissingError: it needs a package that is not installed.
    """
    if not upstream and util.find_spec("fakeredis") is None:
        raise MissingError(f"the Python package fakeredis is not installed; {how_to_install('redis')}")
