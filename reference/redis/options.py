"""How a Redis serves and runs scripts, without what does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ScriptLimits:
    """Limits of one script; None: none.

    Attributes:
        steps: function entries and loop turns.
        memory: MiB.
    """

    steps: int | None = None
    memory: int | None = None


@dataclass(frozen=True)
class ServerOptions:
    """How to serve.

    Attributes:
        host: the address to listen on.
        port: the port; 0 for a free one.
        engine: the backend that runs scripts, `treewalk` or `vm`.
        limits: of one script.
        upstream: the URL of a real Redis that holds the data; empty for the embedded store.
        log: takes the lines of `redis.log`.
    """

    host: str = "127.0.0.1"
    port: int = 6379
    engine: str = "vm"
    limits: ScriptLimits = field(default_factory=ScriptLimits)
    upstream: str = ""
    log: Callable[[str], None] = lambda _: None
