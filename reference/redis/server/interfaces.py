"""What clients, the server and the handlers of commands need of each other: none of them imports the other for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable, Protocol

from lockstep.reference.redis.scripting.engine import ScriptEngine
from lockstep.reference.redis.server.configuration import Configuration
from lockstep.reference.redis.server.statistics import Statistics
from lockstep.reference.redis.store.commands import Command, CommandTable
from lockstep.reference.redis.store.interface import Session, Store
from lockstep.reference.redis.wire.replies import Reply


class ServerServices(Protocol):
    """What a server offers to clients and handlers."""

    port: int
    commands: CommandTable
    configuration: Configuration
    statistics: Statistics
    store: Store
    scripting: ScriptEngine

    @property
    def engine(self) -> str:
        """The backend that runs scripts."""
        ...

    @property
    def connections(self) -> Mapping[int, Client]:
        """The clients by their numbers, the oldest first."""
        ...

    @property
    def blocked(self) -> dict[Any, Callable[[], bool]]:
        """What clients that wait try when the data has changed, the first first."""
        ...

    def register(self, connection: Any) -> int:
        """A client has come: its number."""
        ...

    def unregister(self, connection: Any) -> None:
        """A client has gone."""
        ...

    def out_of_memory(self) -> bool:
        """Whether the data takes more than `maxmemory`."""
        ...

    def retry_blocked(self) -> None:
        """The data has changed: those who wait try again."""
        ...

    def when_script_ends(self, finish: Callable[[Reply], None]) -> None:
        """A script was started and is busy: let it go on between other work, then call `finish` with its reply."""
        ...

    def stop(self) -> None:
        """End the server; from any thread."""
        ...


class Client(Protocol):
    """What handlers need of a connection; attributes as `Connection` has them."""

    session: Session
    protocol: int
    name: bytes
    authenticated: bool
    replies_off: bool
    skip_replies: int
    transaction: list[tuple[Command, list[bytes]]] | None
    dirty: bool
    peer: str
    own: str
    created: float
    last_command: str
    id: int

    @property
    def server(self) -> ServerServices:
        """The server that it talks to."""
        ...

    @property
    def is_blocked(self) -> bool:
        """It waits for data."""
        ...

    def execute_now(self, command: Command, words: list[bytes]) -> Reply:
        """Run a command of a transaction: its reply, or PENDING."""
        ...

    def await_script_with(self, after: Callable[[Reply], None]) -> None:
        """The handler that runs gives PENDING: what to do with the script's reply."""
        ...

    def finish(self, reply: Reply) -> None:
        """The reply that was waited for."""
        ...

    def unblock(self, reply: Reply) -> None:
        """End the wait with a reply."""
        ...

    def expire_wait(self) -> None:
        """End the wait as if its time were over."""
        ...

    def close(self) -> None:
        """End the connection when what was written is sent."""
        ...

    def close_after_reply(self) -> None:
        """End the connection when the command that runs now is answered."""
        ...
