"""The embedded store: fakeredis's command layer as a library, without its own wire and scripting."""

# mypy: disable-error-code="misc, no-untyped-call, no-any-unimported"
from __future__ import annotations

import re
import time
from collections import defaultdict
from typing import Any, Callable

from fakeredis import FakeServer
from fakeredis._commands import COMMANDS_WITH_SUB
from fakeredis._core import Database
from fakeredis._helpers import NoResponse, SimpleError, SimpleString
from fakeredis._msgs import XGROUP_KEY_NOT_FOUND_MSG
from fakeredis._socket._fakesocket import FakeSocket
from fakeredis.model import XStream, ZSet

from lockstep.reference.host.errors import Interruption
from lockstep.reference.redis.store.blocking import (
    AWAITING_ELEMENTS,
    CHECKED,
    COUNTED_POPS,
    group_and_keys,
    move_of,
    read_timeout,
    ready,
)
from lockstep.reference.redis.store.interface import Blocked, Session
from lockstep.reference.redis.store.objects import EXTRA_COMMANDS
from lockstep.reference.redis.store.prepared import PreparedCommand
from lockstep.reference.redis.wire.replies import (
    NIL_ARRAY,
    NO_REPLY,
    Double,
    Failure,
    FailureError,
    MapReply,
    Push,
    Reply,
    SetReply,
    Status,
    double_text,
)

_REDIS_VERSION = (7, 0)
# Commands whose missing reply is the null array of RESP2, not the null string.
_NULL_ARRAYS = frozenset((
    "blpop", "brpop", "blmove", "blmpop", "lmpop", "bzpopmin", "bzpopmax", "bzmpop", "zmpop", "xread", "xreadgroup", "georadius",
))  # fmt: skip
_STREAM_READS = frozenset(("xread", "xreadgroup"))
_STREAM_READ_WORDS = frozenset((b"xread", b"xreadgroup"))
# With a count they give an array.
_POPS = frozenset(("lpop", "rpop"))
# Commands whose array is a set in RESP3.
_SETS = frozenset(("smembers", "sinter", "sunion", "sdiff"))
# Commands whose array of pairs is a map in RESP3.
_MAPS = frozenset(("hgetall", "xread", "xreadgroup"))


class _Connection(FakeSocket):
    """One session of the store, as fakeredis sees it."""

    push: Callable[[object], None] | None = None
    may_wait = False

    def put_response(self, msg: object) -> None:
        """A message of a channel, or the confirmation of a subscription."""
        if self.push is not None:
            self.push(msg)

    def _blocking(
        self,
        timeout: float | None,
        func: Callable[[bool], object],
        shape: Callable[[object], object] | None = None,
    ) -> object:
        """Try once; where that gives nothing, the server waits and tries again."""

        def shaped(result: object) -> object:
            return result if shape is None else shape(result)

        result = func(True)
        if result is not None or not self.may_wait:
            return shaped(result)

        def attempt() -> object:
            found = func(False)
            return None if found is None else shaped(found)

        raise _Waiting(attempt, lambda: shaped(None), timeout or None)


class _Waiting(Interruption):
    def __init__(
        self, attempt: Callable[[], object], expired: Callable[[], object], seconds: float | None
    ) -> None:
        super().__init__()
        self.attempt = attempt
        self.expired = expired
        self.seconds = seconds


class _OneThread:
    """In place of fakeredis's lock: the server runs in one thread, which always holds it."""

    def acquire(self, *_: object, **__: object) -> bool:
        return True

    def release(self) -> None:
        """Nothing."""

    def __enter__(self) -> bool:
        return True

    def __exit__(self, *_: object) -> None:
        """Nothing."""

    def _is_owned(self) -> bool:
        return True


class _Silent:
    """In place of a condition that nobody waits for."""

    def notify_all(self) -> None:
        """Nothing."""


class EmbeddedStore:
    """Databases in the memory of this process."""

    def __init__(self) -> None:
        self._server = FakeServer(version=_REDIS_VERSION)
        self._server.dbs = defaultdict(self._new_database)
        server: Any = self._server
        server.lock = _OneThread()  # it does what the lock is asked

    def _new_database(self) -> Database:
        database = Database(None)
        # Nobody waits for it: blocked clients are told by callbacks; it takes what the condition is told.
        vars(database)["condition"] = _Silent()
        return database

    def session(self, push: Callable[[Reply], None]) -> EmbeddedSession:
        """A client's session; what channels send goes to `push`."""
        return EmbeddedSession(self._server, push)

    def script_session(self) -> EmbeddedScriptSession:
        """The session of the scripts."""
        return EmbeddedScriptSession(self._server)

    def used_memory(self) -> int:
        """Bytes of keys and string values; other values count a flat amount for each entry."""
        total = 0
        for database in self._server.dbs.values():
            for key, item in database._dict.items():
                value = item.value
                size = len(value) if hasattr(value, "__len__") else 1
                total += 64 + len(key) + (size if isinstance(value, bytes) else size * 64)
        return total

    def key_counts(self) -> dict[int, tuple[int, int]]:
        """Database -> number of keys, and of those that expire; databases without keys are left out."""
        counts = {}
        for number, database in sorted(self._server.dbs.items()):
            keys = len(database)
            if keys:
                expiring = sum(item.expireat is not None for item in database._dict.values())
                counts[number] = (keys, expiring)
        return counts

    def close(self) -> None:
        """The server ends."""


class EmbeddedSession:
    """A client's session."""

    def __init__(self, server: Any, push: Callable[[Reply], None] | None) -> None:
        self._server = server
        self._connection = _Connection(server, 0, client_class=_Connection)
        self._info = self._connection._client_info
        # By the command's name, and by the word that calls it, in whatever case.
        self._prepared: dict[str, PreparedCommand] = {}
        self._words: dict[bytes, PreparedCommand] = {}
        if push is not None:
            self._connection.push = lambda message: push(Push(converted(message, "")))

    @property
    def database(self) -> int:
        """The number of the selected database."""
        number: int = self._connection._db_num
        return number

    @property
    def subscriptions(self) -> int:
        """How many channels and patterns it listens to."""
        count: int = self._connection._pubsub
        return count

    @property
    def watch_failed(self) -> bool:
        """A watched key has changed."""
        return bool(self._connection._watch_notified)

    def unwatch(self) -> None:
        """Forget watched keys."""
        self._connection._clear_watches()

    def set_time(self) -> None:
        """Let the databases know what time it is."""
        now = time.time()
        for database in self._server.dbs.values():
            database.time = now

    def execute(self, arguments: list[bytes], protocol: int) -> Reply:
        """Run a data command; errors come back as replies.

        Raises:
            Blocked: it has to wait.
        """
        self._connection.may_wait = True
        self.set_time()
        return self._run(arguments, protocol)

    def execute_now(self, arguments: list[bytes], protocol: int) -> Reply:
        """Run a data command that does not wait."""
        self._connection.may_wait = False
        self.set_time()
        return self._run(arguments, protocol)

    def _prepare(self, word: bytes, arguments: list[bytes]) -> PreparedCommand | None:
        """The command that `arguments` call; None if it is unknown."""
        name = word.decode("latin-1").lower()
        words = 1
        if name in COMMANDS_WITH_SUB and len(arguments) > 1:
            name += " " + arguments[1].decode("latin-1").lower()
            words = 2
        found = self._prepared.get(name)
        if found is None:
            try:
                function, signature = self._connection._name_to_func(name)
            except SimpleError:
                return None
            if function is None:
                return None
            found = PreparedCommand(self._connection, function, signature, name, words)
            self._prepared[name] = found
        if words == 1:
            self._words[word] = found
        return found

    def _run(self, arguments: list[bytes], protocol: int) -> Reply:
        word = arguments[0]
        prepared = self._words.get(word)
        if prepared is None:
            prepared = self._prepare(word, arguments)
            if prepared is None:
                extra = EXTRA_COMMANDS.get(word.lower())
                if extra is not None:
                    return extra(self._connection._db, arguments)
                return Failure(b"ERR the embedded store has no command '%b'" % word.lower())
        self._info["resp"] = protocol
        try:
            if prepared.name in CHECKED:
                move = move_of(prepared.name, arguments)
                arguments = read_timeout(prepared.name, arguments)
                if move is not None:
                    return self._moved(move, float(arguments[-1]), protocol)
            result = prepared.run(arguments[prepared.words :])
        except FailureError as error:
            return error.failure
        except SimpleError as error:
            if prepared.name == "xreadgroup" and error.value == XGROUP_KEY_NOT_FOUND_MSG:
                return self._no_group(arguments)
            return failure_of(error)
        except _Waiting as waiting:
            raise self._blocked(waiting, prepared.name, arguments) from None
        if prepared.name == "xgroup destroy":
            # Those who wait for the group are told; the store calls that no change.
            for told in list(self._connection._db._change_callbacks):
                told()
        if type(result) is bytes or type(result) is int:
            return result
        name = prepared.name
        if name in COUNTED_POPS:
            self._remove_empty(arguments[COUNTED_POPS[name] + 1 :])
        if not result and (name in _STREAM_READS or (name in _POPS and len(arguments) == 3)):
            return result if result == [] and name in _POPS else NIL_ARRAY
        reply = converted(result, name)
        if name == "geopos":
            return [NIL_ARRAY if item is None else item for item in reply]
        return reply if protocol == 2 else shaped_for_resp3(reply, name)

    def _moved(self, move: list[bytes], seconds: float, protocol: int) -> Reply:
        """Move an element between lists, or wait until there is one.

        Raises:
            Blocked: it has to wait.
        """
        reply = self._run(move, protocol)
        if reply is not None or not self._connection.may_wait:
            return reply

        def attempt() -> Reply:
            item = self._connection._db.get(move[1])
            # What is no list now may be one later; a target of another type is an error.
            return self._run(list(move), protocol) if item is not None and type(item.value) is list else None

        raise self._blocked(_Waiting(attempt, lambda: None, seconds or None), "blmove", [])

    def _no_group(self, words: list[bytes]) -> Failure:
        """The refusal of an XREADGROUP one of whose keys does not exist."""
        group, keys = group_and_keys(words)
        missing = next((key for key in keys if self._value_of(key) is None), keys[0])
        return Failure(
            b"NOGROUP No such key '%b' or consumer group '%b' in XREADGROUP with GROUP option"
            % (missing, group)
        )

    def _lost_group(self, words: list[bytes]) -> Failure | None:
        """What a waiting XREADGROUP is told whose stream or group has gone (`unblockDeletedStreamReadgroupClients`)."""
        group, keys = group_and_keys(words)
        for key in keys:
            stream: object = self._value_of(key)
            if not isinstance(stream, XStream):
                return Failure(b"UNBLOCKED the stream key no longer exists")
            if stream.group_get(group) is None:
                return Failure(b"NOGROUP the consumer group this client was blocked on no longer exists")
        return None

    def _remove_empty(self, keys: list[bytes]) -> None:
        """Remove what a pop of several elements has left empty, which the store itself does not."""
        database = self._connection._db
        for key in keys:
            value = self._value_of(key)
            if isinstance(value, (list, ZSet)) and not value:
                del database[key]

    def _value_of(self, key: bytes) -> object:
        item = self._connection._db.get(key)
        return None if item is None else item.value

    def _blocked(self, waiting: _Waiting, name: str, words: list[bytes]) -> Blocked:
        database = self._connection._db
        protocol: int = self._info["resp"]

        def attempt() -> Reply:
            self.set_time()
            if name in AWAITING_ELEMENTS:
                served = ready(name, words, self._value_of)
                if served is None:
                    raise self._blocked(waiting, name, words)
                return self._run(served, protocol)
            lost = self._lost_group(words) if name == "xreadgroup" else None
            if lost is not None:
                return lost
            try:
                found = waiting.attempt()
            except SimpleError as error:
                return failure_of(error)
            if found is None:
                raise self._blocked(waiting, name, words)
            return found if type(found) is Failure else converted(found, name)

        def watch(changed: Callable[[], None]) -> Callable[[], None]:
            # The database keeps a set of what it calls: each who waits is an entry of its own.
            def told() -> None:
                changed()

            database.add_change_callback(told)
            return lambda: database.remove_change_callback(told)

        return Blocked(attempt, lambda: converted(waiting.expired(), name), waiting.seconds, watch)

    def close(self) -> None:
        """The client is gone."""
        connection = self._connection
        server = self._server
        connection._cleanup(server)
        for subscribers in (server.subscribers, server.psubscribers, server.ssubscribers):
            for channel in [one for one, listening in subscribers.items() if connection in listening]:
                subscribers[channel].discard(connection)
        if connection in server.sockets:
            server.sockets.remove(connection)
        connection.push = None
        connection._parser.close()


class EmbeddedScriptSession(EmbeddedSession):
    """The session of the scripts: time stands still while one runs."""

    def __init__(self, server: object) -> None:
        super().__init__(server, None)

    def begin(self, caller: Session) -> None:
        """A script of `caller` starts."""
        self.set_time()
        number = caller.database
        if number != self._connection._db_num:
            self._connection._db_num = number
            self._connection._db = self._server.dbs[number]

    def end(self) -> None:
        """The script is over."""

    def execute(self, arguments: list[bytes], protocol: int) -> Reply:
        """Run a data command; errors come back as replies."""
        word = arguments[0].lower()
        if word == b"time":
            # It goes on, while the keys' time stands still.
            now = round(time.time() * 1_000_000)
            return [b"%d" % (now // 1_000_000), b"%d" % (now % 1_000_000)]
        if word in _STREAM_READ_WORDS and any(one.lower() == b"block" for one in arguments[1:-1]):
            return Failure(b"ERR %b command is not allowed with BLOCK option from scripts" % arguments[0])
        return self._run(arguments, protocol)


_EXPIRE_TIME = re.compile(r"^(ERR invalid expire time in )(\w+)$")


def failure_of(error: Any) -> Failure:
    """A reply for fakeredis's error."""
    text: str = _EXPIRE_TIME.sub(r"\1'\2' command", error.value)
    return Failure(text.encode("utf-8", "surrogateescape"))


def converted(result: Any, name: str) -> Reply:
    """What fakeredis gives as a reply."""
    kind = type(result)
    if kind is bytes or kind is int or kind is bool:
        return result
    if kind is SimpleString:
        return Status(result.value)
    if result is None:
        return NIL_ARRAY if name in _NULL_ARRAYS else None
    if kind is list or kind is tuple:
        return [item if type(item) in (bytes, int) else converted(item, "") for item in result]
    if kind is float:
        return Double(double_text(result))
    if kind is str:
        return result.encode("utf-8", "surrogateescape")
    if isinstance(result, SimpleError):
        return failure_of(result)
    if isinstance(result, dict):
        return MapReply([(converted(key, ""), converted(value, "")) for key, value in result.items()])
    if isinstance(result, (set, frozenset)):
        return SetReply([converted(item, "") for item in result])
    if isinstance(result, NoResponse):
        return NO_REPLY
    raise TypeError(f"no reply: {result!r}")


def shaped_for_resp3(reply: Reply, name: str) -> Reply:
    """The RESP3 form of a reply that fakeredis gives as an array in both versions."""
    if type(reply) is list:
        if name in _SETS:
            return SetReply(reply)
        if name in _MAPS and reply and type(reply[0]) is not list:
            return MapReply(list(zip(reply[::2], reply[1::2])))
    return reply
