"""The commands that the server answers itself; all others go to the store."""

from __future__ import annotations

from typing import Callable

from lockstep.reference.redis.server.handlers.administration import ADMINISTRATION
from lockstep.reference.redis.server.handlers.clients import CLIENTS
from lockstep.reference.redis.server.handlers.scripting import SCRIPTING
from lockstep.reference.redis.server.handlers.transactions import TRANSACTIONS
from lockstep.reference.redis.wire.replies import Reply

HANDLERS: dict[str, Callable[[object, list[bytes]], Reply]] = {
    **ADMINISTRATION,
    **CLIENTS,
    **SCRIPTING,
    **TRANSACTIONS,
}
