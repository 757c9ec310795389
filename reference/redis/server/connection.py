"""One client: reads its commands, answers them in order, waits where a command waits."""

from __future__ import annotations

import asyncio
from collections import deque
from time import perf_counter
from typing import Any, Callable

from lockstep.reference.redis.scripting.engine import PENDING
from lockstep.reference.redis.scripting.execution import internal_error
from lockstep.reference.redis.server.handlers import HANDLERS
from lockstep.reference.redis.server.interfaces import ServerServices
from lockstep.reference.redis.store.commands import Command
from lockstep.reference.redis.store.interface import Blocked
from lockstep.reference.redis.wire.encoder import encode
from lockstep.reference.redis.wire.parser import RequestParser
from lockstep.reference.redis.wire.replies import NO_REPLY, QUEUED, Failure, FailureError, Push, Reply

_OUT_OF_MEMORY = Failure(b"OOM command not allowed when used memory > 'maxmemory'.")
_NO_AUTHENTICATION = Failure(b"NOAUTH Authentication required.")
# Commands that a transaction does not queue.
_AT_ONCE = frozenset(("exec", "discard", "multi", "watch", "quit", "reset"))
_IN_PUBSUB = frozenset((
    "ping", "subscribe", "psubscribe", "ssubscribe", "unsubscribe", "punsubscribe", "sunsubscribe", "quit", "reset",
))  # fmt: skip
# Commands waiting to be run, above which the client is not read any more.
_MOST_WAITING = 1000


class Connection(asyncio.Protocol):
    """A client's connection."""

    def __init__(self, server: ServerServices) -> None:
        self.server = server
        self.session = server.store.session(self.push)
        self.protocol = 2
        self.name = b""
        self.authenticated = False
        self.replies_off = False
        self.skip_replies = 0
        # The queue of MULTI, None outside; `dirty` once a command could not be queued.
        self.transaction: list[tuple[Command, list[bytes]]] | None = None
        self.dirty = False
        self.peer = ""
        self.own = ""
        self.created = 0.0
        self.last_command = "NULL"
        self._parser = RequestParser()
        self._waiting: deque[list[bytes]] = deque()
        self._busy = False
        self._transport: Any = None
        self._closing = False
        self._held = False
        self._problem: str | None = None
        self._unblock: Callable[[], None] | None = None
        self._blocked: Blocked | None = None
        self._after_script: Callable[[Reply], None] | None = None
        self.id = 0

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has come."""
        self._transport = transport
        self.peer = _address(transport.get_extra_info("peername"))
        self.own = _address(transport.get_extra_info("sockname"))
        self.created = perf_counter()
        self.id = self.server.register(self)
        self.authenticated = not self.server.configuration.password

    def connection_lost(self, exc: Exception | None) -> None:
        """A client has gone; what it started goes on without it."""
        del exc
        self._closing = True
        self._waiting.clear()
        if self._unblock is not None:
            self._unblock()
            self._unblock = None
        self.server.unregister(self)
        self.session.close()

    def data_received(self, data: bytes) -> None:
        """Bytes have come."""
        commands, error = self._parser.feed(data)
        self._waiting.extend(commands)
        if error is not None:
            self._problem = f"ERR Protocol error: {error}"
        self.go_on()
        if len(self._waiting) > _MOST_WAITING and not self._held:
            self._held = True
            self._transport.pause_reading()

    def pause_writing(self) -> None:
        """The client does not read its replies: it has to wait."""
        self._held = True
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """It reads again."""
        self._held = False
        if not self._closing:
            self._transport.resume_reading()

    # Replies

    def push(self, message: Push) -> None:
        """Send what channels say."""
        if not self._closing:
            self._transport.write(encode(message, self.protocol))

    def close(self) -> None:
        """End the connection when what was written is sent."""
        self._closing = True
        if self._transport is not None:
            self._transport.close()

    def close_after_reply(self) -> None:
        """End the connection when the command that runs now is answered."""
        self._closing = True

    def go_on(self) -> None:
        """Run the commands that have come, until one has to wait."""
        waiting = self._waiting
        if self._busy or self._closing:
            return
        output: list[bytes] = []
        while waiting and not self._closing:
            reply = self._answer(waiting.popleft())
            if reply is PENDING:
                self._busy = True
                break
            self._add(output, reply)
        if self._problem is not None and not self._busy:
            output.append(encode(Failure(self._problem.encode("latin-1")), self.protocol))
            self._closing = True
        if output:
            self._transport.write(output[0] if len(output) == 1 else b"".join(output))
        if self._closing:
            self._transport.close()
        elif self._held and len(waiting) <= _MOST_WAITING:
            self._held = False
            self._transport.resume_reading()

    def _add(self, output: list[bytes], reply: Reply) -> None:
        if type(reply) is Failure and not reply.counted:
            self.server.statistics.count_error(reply)
        if self.skip_replies:
            self.skip_replies -= 1
            if self.skip_replies == 0:
                return
        if not self.replies_off and reply is not NO_REPLY:
            output.append(encode(reply, self.protocol))

    def finish(self, reply: Reply) -> None:
        """The reply that was waited for."""
        self._busy = False
        if self._closing:
            return
        output: list[bytes] = []
        self._add(output, reply)
        if output:
            self._transport.write(output[0])
        self.go_on()

    # Commands

    def _answer(self, words: list[bytes]) -> Reply:
        """The reply to a command, or PENDING."""
        server = self.server
        statistics = server.statistics
        statistics.commands += 1
        command = server.commands.find(words)
        refusal = self._refusal(command, words)
        if refusal is not None:
            if self.transaction is not None and (command is None or command.name not in ("exec", "discard")):
                self.dirty = True
            if command is not None:
                statistics.command(command.name).rejected += 1
                if command.name == "exec" and self.transaction is not None:
                    self.transaction = None
                    self.session.unwatch()
                    return Failure(b"EXECABORT Transaction discarded because of: " + refusal.text)
            return refusal
        assert command is not None
        self.last_command = command.name
        if self.transaction is not None and command.name not in _AT_ONCE:
            self.transaction.append((command, words))
            return QUEUED
        return self.execute(command, words)

    def execute(self, command: Command, words: list[bytes]) -> Reply:
        """Run a command that nothing speaks against: its reply, or PENDING."""
        count = self.server.statistics.command(command.name)
        count.calls += 1
        started = perf_counter()
        handler = HANDLERS.get(command.name)
        try:
            if handler is not None:
                reply = handler(self, words)
                if reply is PENDING:
                    after, self._after_script = self._after_script, None
                    self.server.when_script_ends(after or self.finish)
            else:
                reply = self.session.execute(words, self.protocol)
        except FailureError as error:
            reply = error.failure
        except Blocked as blocked:
            self._wait(blocked)
            reply = PENDING
        except Exception as error:  # a bug of ours costs one command, not the connection
            reply = Failure(internal_error(error).encode("latin-1", "replace"))
        count.seconds += perf_counter() - started
        if type(reply) is Failure:
            count.failed += 1
        return reply

    def execute_now(self, command: Command, words: list[bytes]) -> Reply:
        """Run a command of a transaction: its reply, or PENDING."""
        handler = HANDLERS.get(command.name)
        try:
            if handler is not None:
                return handler(self, words)
            return self.session.execute_now(words, self.protocol)
        except FailureError as error:
            return error.failure
        except Exception as error:  # likewise
            return Failure(internal_error(error).encode("latin-1", "replace"))

    def await_script_with(self, after: Callable[[Reply], None]) -> None:
        """The handler that runs gives PENDING: what to do with the script's reply."""
        self._after_script = after

    def _refusal(self, command: Command | None, words: list[bytes]) -> Failure | None:
        """Why a command does not run at all."""
        if command is None:
            return self._unknown(words)
        if not command.accepts(len(words)):
            return Failure(b"ERR wrong number of arguments for '%b' command" % command.name.encode())
        server = self.server
        if not self.authenticated and "no_auth" not in command.flags:
            return _NO_AUTHENTICATION
        if (
            command.denies_out_of_memory
            and server.configuration.max_memory
            and command.name not in ("eval", "evalsha", "fcall")
            and server.out_of_memory()
        ):
            return _OUT_OF_MEMORY
        if server.scripting.execution.busy and "allow_busy" not in command.flags:
            return server.scripting.busy_failure()
        if self.protocol == 2 and self.session.subscriptions and command.name not in _IN_PUBSUB:
            return Failure(
                b"ERR Can't execute '%b': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed "
                b"in this context" % command.name.encode()
            )
        if self.transaction is not None and "no_multi" in command.flags:
            return Failure(b"ERR Command not allowed inside a transaction")
        return None

    def _unknown(self, words: list[bytes]) -> Failure:
        container = self.server.commands.find(words[:1])
        if container is not None:
            return Failure(b"ERR unknown subcommand '%b'. Try %b HELP." % (words[1][:128], words[0].upper()))
        shown = b""
        for word in words[1:]:
            if len(shown) >= 128:
                break
            shown += b"'%b' " % word[: 128 - len(shown)]
        return Failure(b"ERR unknown command '%b', with args beginning with: %b" % (words[0][:128], shown))

    # Commands that wait for data

    @property
    def is_blocked(self) -> bool:
        """It waits for data."""
        return self._blocked is not None

    def _wait(self, blocked: Blocked) -> None:
        server = self.server
        unwatch = blocked.watch(server.retry_blocked)
        timer: asyncio.TimerHandle | None = None
        if blocked.seconds is not None:
            loop = asyncio.get_running_loop()
            timer = loop.call_later(blocked.seconds, lambda: self.unblock(blocked.expired()))

        def done() -> None:
            unwatch()
            if timer is not None:
                timer.cancel()
            self._blocked = None
            server.blocked.pop(self, None)

        self._unblock = done
        self._blocked = blocked

        def attempt() -> bool:
            try:
                reply = blocked.attempt()
            except Blocked:
                return False
            self.unblock(reply)
            return True

        server.blocked[self] = attempt

    def unblock(self, reply: Reply) -> None:
        """End the wait with a reply."""
        if self._unblock is not None:
            self._unblock()
            self._unblock = None
            self.finish(reply)

    def expire_wait(self) -> None:
        """End the wait as if its time were over."""
        if self._blocked is not None:
            self.unblock(self._blocked.expired())


def _address(name: object) -> str:
    return f"{name[0]}:{name[1]}" if isinstance(name, tuple) else str(name or "")
