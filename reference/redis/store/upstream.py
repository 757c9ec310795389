"""A real Redis behind the server: scripts run here, under limits, on data that lives there.

Scripts are not atomic there: other clients of that Redis may come between two of their commands.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Callable
from urllib.parse import unquote, urlsplit

from lockstep.reference.redis.store.commands import CommandTable
from lockstep.reference.redis.store.interface import Blocked, Session
from lockstep.reference.redis.wire.encoder import encode_command
from lockstep.reference.redis.wire.parser import ProtocolError, ReplyParser
from lockstep.reference.redis.wire.replies import NIL_ARRAY, Failure, Push, Reply

_SECONDS = 10.0
# How often a blocking command asks again.
_POLL_SECONDS = 0.05
_NO_CHANNELS = Failure(b"ERR channels are not available with an upstream; subscribe there")
_CHANNELS = frozenset(
    ("subscribe", "psubscribe", "ssubscribe", "unsubscribe", "punsubscribe", "sunsubscribe")
)
_DEFAULT_PORT = 6379


class UpstreamStore:
    """Data in a real Redis.

    Args:
        url: `redis://[[user]:password@]host[:port][/database]`.

    Raises:
        ValueError: the URL has another form.
        OSError: the Redis cannot be reached.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "redis" or not parts.hostname:
            raise ValueError(f"an upstream is written redis://host:port/database, not '{url}'")
        self._address = (parts.hostname, parts.port or _DEFAULT_PORT)
        self._greeting: list[list[bytes]] = []
        if parts.password is not None:
            user = [unquote(parts.username).encode()] if parts.username else []
            self._greeting.append([b"AUTH", *user, unquote(parts.password).encode()])
        self.first_database = int(parts.path.strip("/") or 0)
        self.commands = CommandTable()
        probe = self.connect()
        try:
            answer = probe.ask([b"PING"])
            if type(answer) is Failure:
                raise OSError(f"the upstream refuses: {answer.text.decode('utf-8', 'replace')}")
        finally:
            probe.close()

    def connect(self) -> _Upstream:
        """A new connection, authenticated and with the database selected."""
        return _Upstream(self._address, self._greeting, self.first_database)

    def session(self, push: Callable[[Reply], None]) -> UpstreamSession:
        """A client's session."""
        del push
        return UpstreamSession(self)

    def script_session(self) -> UpstreamScriptSession:
        """The session of the scripts."""
        return UpstreamScriptSession(self)

    def used_memory(self) -> int:
        """Unknown; the upstream has limits of its own."""
        return 0

    def close(self) -> None:
        """The server ends."""


class _Upstream:
    """A connection to the real Redis."""

    def __init__(self, address: tuple[str, int], greeting: list[list[bytes]], database: int) -> None:
        self._socket = socket.create_connection(address, timeout=_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._parser = ReplyParser()
        self._replies: list[Reply] = []
        self.protocol = 2
        self.database = 0
        for command in greeting:
            self.ask(command)
        self.select(database)

    def select(self, database: int) -> None:
        """Select a database."""
        if database != self.database and type(self.ask([b"SELECT", b"%d" % database])) is not Failure:
            self.database = database

    def ask(self, *commands: list[bytes]) -> Reply:
        """Send commands and read their replies; the last one.

        Raises:
            OSError: the connection is lost.
        """
        self._socket.sendall(b"".join(map(encode_command, commands)))
        wanted = len(commands)
        replies: list[Reply] = []
        while len(replies) < wanted:
            data = self._socket.recv(1 << 18)
            if not data:
                raise ConnectionError("the upstream closed the connection")
            try:
                replies.extend(one for one in self._parser.feed(data) if type(one) is not Push)
            except ProtocolError as error:
                raise ConnectionError(str(error)) from error
        return replies[-1]

    def speak(self, protocol: int) -> None:
        """Switch to RESP2 or RESP3."""
        if protocol != self.protocol:
            self.ask([b"HELLO", b"%d" % protocol])
            self.protocol = protocol

    def close(self) -> None:
        """End the connection."""
        self._socket.close()


class UpstreamSession:
    """A client's session, on a connection of its own that is opened on first use."""

    def __init__(self, store: UpstreamStore) -> None:
        self._store = store
        self._connection: _Upstream | None = None
        self._watching = False

    @property
    def database(self) -> int:
        """The number of the selected database."""
        return self._store.first_database if self._connection is None else self._connection.database

    @property
    def subscriptions(self) -> int:
        """None: channels are not available."""
        return 0

    @property
    def watch_failed(self) -> bool:
        """A watched key has changed: an empty transaction tells, and forgets the watched keys."""
        if not self._watching:
            return False
        self._watching = False
        return self._ask([[b"MULTI"], [b"EXEC"]], 2) is NIL_ARRAY

    def unwatch(self) -> None:
        """Forget watched keys."""
        if self._watching:
            self._watching = False
            self._ask([[b"UNWATCH"]], 2)

    def _ask(self, commands: list[list[bytes]], protocol: int) -> Reply:
        try:
            if self._connection is None:
                self._connection = self._store.connect()
            self._connection.speak(protocol)
            return self._connection.ask(*commands)
        except OSError as error:
            self.close()
            return Failure(f"ERR upstream: {error}".encode("utf-8", "replace"))

    def execute(self, arguments: list[bytes], protocol: int) -> Reply:
        """Run a data command there; errors come back as replies.

        Raises:
            Blocked: it has to wait.
        """
        command = self._store.commands.find(arguments)
        if command is None or "blocking" not in command.flags:
            return self.execute_now(arguments, protocol)
        reply = self._try_blocking(arguments, protocol)
        if reply is not None and reply is not NIL_ARRAY:
            return reply
        seconds = _timeout_of(command.name, arguments)

        def attempt() -> Reply:
            again = self._try_blocking(arguments, protocol)
            if again is None or again is NIL_ARRAY:
                raise Blocked(attempt, lambda: reply, seconds, _poll)
            return again

        raise Blocked(attempt, lambda: reply, seconds, _poll)

    def _try_blocking(self, arguments: list[bytes], protocol: int) -> Reply:
        """A blocking command inside a transaction, where it does not block."""
        replies = self._ask([[b"MULTI"], arguments, [b"EXEC"]], protocol)
        return replies[0] if type(replies) is list and replies else replies

    def execute_now(self, arguments: list[bytes], protocol: int) -> Reply:
        """Run a data command that does not wait."""
        name = arguments[0].decode("latin-1").lower()
        if name in _CHANNELS:
            return _NO_CHANNELS
        reply = self._ask([arguments], protocol)
        if name == "watch":
            self._watching = True
        elif name == "select" and type(reply) is not Failure and self._connection is not None:
            self._connection.database = int(arguments[1])
        return reply

    def close(self) -> None:
        """The client is gone."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _poll(changed: Callable[[], None]) -> Callable[[], None]:
    """Call `changed` now and then, until what is returned is called."""
    loop = asyncio.get_running_loop()
    handle: list[asyncio.TimerHandle] = []

    def tick() -> None:
        changed()
        handle[0] = loop.call_later(_POLL_SECONDS, tick)

    handle.append(loop.call_later(_POLL_SECONDS, tick))

    def stop() -> None:
        handle[0].cancel()

    return stop


def _timeout_of(name: str, arguments: list[bytes]) -> float | None:
    """Seconds that a blocking command waits; None: forever."""
    text: bytes
    if name in ("xread", "xreadgroup"):
        upper = [word.upper() for word in arguments]
        if b"BLOCK" not in upper:
            return 0.0
        text = arguments[upper.index(b"BLOCK") + 1]
        return float(text) / 1000 or None
    text = arguments[1] if name in ("blmpop", "bzmpop") else arguments[-1]
    try:
        return float(text) or None
    except ValueError:
        return 0.0


class UpstreamScriptSession(UpstreamSession):
    """The session of the scripts: time stands still while one runs."""

    def __init__(self, store: UpstreamStore) -> None:
        super().__init__(store)
        self._now: Reply = None

    def begin(self, caller: Session) -> None:
        """A script of `caller` starts: its database is selected."""
        self._now = None
        if self._connection is None:
            self._ask([[b"PING"]], 2)
        if self._connection is not None and self._connection.database != caller.database:
            self._connection.select(caller.database)

    def end(self) -> None:
        """The script is over."""

    def execute(self, arguments: list[bytes], protocol: int) -> Reply:
        """Run a data command there; errors come back as replies."""
        if arguments[0].lower() == b"time":
            if self._now is None:
                self._now = self._ask([arguments], protocol)
            return self._now
        return self.execute_now(arguments, protocol)
