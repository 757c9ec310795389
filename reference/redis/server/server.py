"""The server: one event loop, which also runs the scripts, on a thread with a deep stack."""

from __future__ import annotations

import asyncio
import gc
import signal
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.redis.options import ServerOptions
from lockstep.reference.redis.scripting.engine import ScriptEngine
from lockstep.reference.redis.server.configuration import Configuration
from lockstep.reference.redis.server.connection import Connection
from lockstep.reference.redis.server.handlers import HANDLERS
from lockstep.reference.redis.server.statistics import Statistics
from lockstep.reference.redis.store.commands import Command, CommandTable
from lockstep.reference.redis.store.interface import Store
from lockstep.reference.redis.wire.replies import Failure, FailureError, Reply

# New containers between two looks for cyclic garbage.
_NEW_CONTAINERS = 5_000


def open_store(options: ServerOptions) -> Store:
    """The store that the options name."""
    if options.upstream:
        from lockstep.reference.redis.store.upstream import UpstreamStore  # one store at a time

        return UpstreamStore(options.upstream)
    from lockstep.reference.redis.store.embedded import EmbeddedStore  # one store at a time

    return EmbeddedStore()


class _Caller:
    """What the handlers of commands about the server need of a connection."""

    def __init__(self, server: Server) -> None:
        self.server = server


class Server:
    """Connections, data and scripts of one server. It is also what scripts reach outside of Lua (`Host`)."""

    def __init__(self, options: ServerOptions) -> None:
        self.options = options
        self.port = options.port
        self.commands = CommandTable()
        self.configuration = Configuration()
        self.statistics = Statistics()
        self.store = open_store(options)
        self.session = self.store.script_session()
        self.scripting = ScriptEngine(
            options.engine, options.limits, self, lambda: self.configuration.busy_after
        )
        self.connections: OrderedDict[int, Connection] = OrderedDict()
        self.blocked: OrderedDict[Connection, Callable[[], bool]] = OrderedDict()
        self._next_id = 1
        self._retry_planned = False
        self._after_script: Callable[[Reply], None] | None = None
        self._stopping: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def engine(self) -> str:
        """The backend that runs scripts."""
        return self.options.engine

    # What scripts ask for

    def answer(self, command: Command, words: list[bytes]) -> Reply:
        """The reply to a command about the server that a script calls."""
        try:
            return HANDLERS[command.name](_Caller(self), words)
        except FailureError as error:
            return error.failure

    def out_of_memory(self) -> bool:
        """Whether the data takes more than `maxmemory`."""
        limit = self.configuration.max_memory
        return limit > 0 and self.store.used_memory() > limit

    def count_call(self, name: str, failed: bool) -> None:
        """A command that a script called, for the statistics."""
        count = self.statistics.command(name)
        count.calls += 1
        if failed:
            count.failed += 1

    def count_error(self, failure: Failure) -> None:
        """An error reply, for the statistics."""
        self.statistics.count_error(failure)

    def log(self, level: int, text: str) -> None:
        """A line of `redis.log`."""
        if level >= 2:  # the level `notice`
            self.options.log(f"{time.strftime('%d %b %Y %H:%M:%S')} {'.-*#'[level]} {text}")

    # Connections

    def register(self, connection: Connection) -> int:
        """A client has come: its number."""
        number = self._next_id
        self._next_id += 1
        self.statistics.connections += 1
        self.connections[number] = connection
        return number

    def unregister(self, connection: Connection) -> None:
        """A client has gone."""
        self.connections.pop(connection.id, None)
        self.blocked.pop(connection, None)

    def retry_blocked(self) -> None:
        """The data has changed: those who wait try again, first come first served."""
        if not self._retry_planned and self._loop is not None:
            self._retry_planned = True
            self._loop.call_soon(self._retry_now)

    def _retry_now(self) -> None:
        self._retry_planned = False
        if self.scripting.execution.busy:
            self.retry_blocked()
            return
        served = True
        while served:  # what serves one may be what another waits for
            served = False
            for connection, attempt in list(self.blocked.items()):
                if attempt():
                    self.blocked.pop(connection, None)
                    served = True

    # Scripts

    def when_script_ends(self, finish: Callable[[Reply], None]) -> None:
        """A script was started and is busy: let it go on between other work, then call `finish` with its reply."""
        self._after_script = finish
        assert self._loop is not None
        self._loop.call_soon(self._go_on)

    def _go_on(self) -> None:
        execution = self.scripting.execution
        assert self._loop is not None
        if not execution.resume():
            self._loop.call_soon(self._go_on)
            return
        self.session.end()
        finish, self._after_script = self._after_script, None
        if finish is not None:
            finish(execution.result)
        for connection in list(self.connections.values()):
            connection.go_on()

    # Life

    def stop(self) -> None:
        """End the server; from any thread."""
        if self._loop is not None and self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)

    async def serve(self, ready: Callable[[int], None]) -> None:
        """Listen until `stop`; `ready` is called with the port.

        Raises:
            OSError: the address cannot be listened on.
        """
        # A server lives long: garbage of connections and flushed scripts goes soon.
        gc.set_threshold(_NEW_CONTAINERS, 10, 10)
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        listening = await self._loop.create_server(
            lambda: Connection(self), self.options.host, self.options.port, backlog=511
        )
        self.port = listening.sockets[0].getsockname()[1]
        self.configuration.put("port", b"%d" % self.port)
        self.configuration.put("bind", self.options.host.encode())
        ready(self.port)
        try:
            await self._stopping.wait()
        finally:
            listening.close()
            for connection in list(self.connections.values()):
                connection.close()
            self.store.close()


def run_server(options: ServerOptions, ready: Callable[[Server], None]) -> None:
    """Serve until the process is interrupted or told to end; `ready` is called when clients may come.

    Raises:
        OSError: the address cannot be listened on, or the upstream not be reached.
    """
    server = Server(options)

    def ask_to_stop(_: int, __: object) -> None:
        server.stop()

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, ask_to_stop)
        signal.signal(signal.SIGINT, ask_to_stop)
    run_deep(lambda: asyncio.run(server.serve(lambda _: ready(server))))
