"""The commands that the server answers itself; all others go to the store."""

from __future__ import annotations

from typing import Any, Callable

from reference.redis.server.handlers.administration import ADMINISTRATION
from reference.redis.server.handlers.clients import CLIENTS
from reference.redis.server.handlers.scripting import SCRIPTING
from reference.redis.server.handlers.transactions import TRANSACTIONS
from reference.redis.wire.replies import Reply

HANDLERS: dict[str, Callable[[Any, list[bytes]], Reply]] = {
    **ADMINISTRATION,
    **CLIENTS,
    **SCRIPTING,
    **TRANSACTIONS,
}
