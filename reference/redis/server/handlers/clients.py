"""The commands about connections: HELLO, AUTH, CLIENT, SELECT, QUIT, RESET, PING."""

from __future__ import annotations

from time import perf_counter
from typing import Any, Callable

from lockstep.reference.redis.scripting.library import VERSION
from lockstep.reference.redis.server.interfaces import Client
from lockstep.reference.redis.store.blocking import milliseconds
from lockstep.reference.redis.wire.replies import NO_REPLY, OK, Failure, FailureError, MapReply, Reply, Status

_REFUSED = "WRONGPASS invalid username-password pair or user is disabled."
_NONE_NEEDED = (
    "ERR AUTH <password> called without any password configured for the default user. "
    "Are you sure your configuration is correct?"
)


def _authenticate(connection: Client, user: bytes, password: bytes) -> None:
    wanted = connection.server.configuration.password
    if user != b"default" or (wanted and password != wanted):
        raise FailureError(_REFUSED)
    connection.authenticated = True


def _auth(connection: Client, words: list[bytes]) -> Reply:
    if len(words) > 3:
        raise FailureError("ERR syntax error")
    if len(words) == 2 and not connection.server.configuration.password:
        raise FailureError(_NONE_NEEDED)
    user = words[1] if len(words) == 3 else b"default"
    _authenticate(connection, user, words[-1])
    return OK


def _hello(connection: Client, words: list[bytes]) -> Reply:
    protocol = connection.protocol
    at = 1
    if len(words) > 1:
        if not words[1].removeprefix(b"-").isdigit():
            raise FailureError("ERR Protocol version is not an integer or out of range")
        protocol = int(words[1])
        if protocol not in (2, 3):
            raise FailureError("NOPROTO unsupported protocol version")
        at = 2
    name: bytes | None = None
    while at < len(words):
        option = words[at].upper()
        if option == b"AUTH" and at + 2 < len(words):
            _authenticate(connection, words[at + 1], words[at + 2])
            at += 3
        elif option == b"SETNAME" and at + 1 < len(words):
            name = _checked_name(words[at + 1])
            at += 2
        else:
            raise FailureError(b"ERR Syntax error in HELLO option '%b'" % words[at])
    if not connection.authenticated:
        raise FailureError(
            "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH "
            "<user> <pass> option can be used to authenticate the client and select the RESP protocol version at "
            "the same time"
        )
    if name is not None:
        connection.name = name
    connection.protocol = protocol
    return MapReply(
        [
            (b"server", b"redis"),
            (b"version", VERSION.encode()),
            (b"proto", protocol),
            (b"id", connection.id),
            (b"mode", b"standalone"),
            (b"role", b"master"),
            (b"modules", []),
        ]
    )


def _checked_name(name: bytes) -> bytes:
    if any(not 33 <= byte <= 126 for byte in name):
        raise FailureError("ERR Client names cannot contain spaces, newlines or special characters.")
    return name


def _setname(connection: Client, words: list[bytes]) -> Reply:
    connection.name = _checked_name(words[2])
    return OK


def _getname(connection: Client, words: list[bytes]) -> Reply:
    del words
    return connection.name or None


def _id(connection: Client, words: list[bytes]) -> Reply:
    del words
    return connection.id


def _described(connection: Client) -> str:
    multi = -1 if connection.transaction is None else len(connection.transaction)
    flags = ("x" if connection.transaction is not None else "") + ("b" if connection.is_blocked else "")
    subscriptions = connection.session.subscriptions
    age = int(perf_counter() - connection.created)
    return (
        f"id={connection.id} addr={connection.peer} laddr={connection.own} fd=8 "
        f"name={connection.name.decode('latin-1')} age={age} idle=0 flags={flags or 'N'} "
        f"db={connection.session.database} sub={subscriptions} psub=0 ssub=0 multi={multi} qbuf=0 qbuf-free=0 "
        f"argv-mem=0 multi-mem=0 rbs=16384 rbp=16384 obl=0 oll=0 omem=0 tot-mem=0 events=r "
        f"cmd={connection.last_command} user=default redir=-1 resp={connection.protocol}\n"
    )


def _list(connection: Client, words: list[bytes]) -> Reply:
    chosen = list(connection.server.connections.values())
    if len(words) > 3 and words[2].upper() == b"ID":
        numbers = {int(word) for word in words[3:] if word.isdigit()}
        chosen = [one for one in chosen if one.id in numbers]
    elif len(words) > 2 and words[2].upper() != b"TYPE":
        raise FailureError("ERR syntax error")
    return "".join(map(_described, chosen)).encode("latin-1")


def _info(connection: Client, words: list[bytes]) -> Reply:
    del words
    return _described(connection).encode("latin-1")


def _reply(connection: Client, words: list[bytes]) -> Reply:
    mode = words[2].upper()
    if mode == b"ON":
        connection.replies_off = False
        connection.skip_replies = 0
        return OK
    if mode == b"OFF":
        connection.replies_off = True
        return NO_REPLY
    if mode == b"SKIP":
        connection.skip_replies = 2
        return NO_REPLY
    raise FailureError("ERR syntax error")


def _kill(connection: Client, words: list[bytes]) -> Reply:
    everyone = list(connection.server.connections.values())
    if len(words) == 3:
        found = [one for one in everyone if one.peer.encode() == words[2]]
        if not found:
            raise FailureError("ERR No such client")
        _end(connection, found)
        return OK
    skip_me = True
    chosen = everyone
    for name, value in zip(words[2::2], words[3::2]):
        option = name.upper()
        if option == b"ID":
            if not value.isdigit() or int(value) <= 0:
                raise FailureError("ERR client-id should be greater than 0")
            chosen = [one for one in chosen if one.id == int(value)]
        elif option in (b"ADDR", b"LADDR"):
            chosen = [one for one in chosen if (one.peer if option == b"ADDR" else one.own).encode() == value]
        elif option == b"SKIPME":
            skip_me = value.upper() != b"NO"
        elif option == b"TYPE":
            pubsub = value.lower() == b"pubsub"
            chosen = [one for one in chosen if bool(one.session.subscriptions) is pubsub]
        elif option != b"USER":
            raise FailureError("ERR syntax error")
    if len(words) % 2:
        raise FailureError("ERR syntax error")
    chosen = [one for one in chosen if one is not connection or not skip_me]
    _end(connection, chosen)
    return len(chosen)


def _end(connection: Client, chosen: list[Client]) -> None:
    for one in chosen:
        if one is connection:
            one.close_after_reply()
        else:
            one.close()


def _unblock(connection: Client, words: list[bytes]) -> Reply:
    if not words[2].removeprefix(b"-").isdigit():
        raise FailureError("ERR value is not an integer or out of range")
    mode = words[3].upper() if len(words) > 3 else b"TIMEOUT"
    if mode not in (b"TIMEOUT", b"ERROR"):
        raise FailureError("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR")
    found = connection.server.connections.get(int(words[2]))
    if found is None or not found.is_blocked:
        return 0
    if mode == b"ERROR":
        found.unblock(Failure(b"UNBLOCKED client unblocked via CLIENT UNBLOCK"))
    else:
        found.expire_wait()
    return 1


def _accepted(connection: Client, words: list[bytes]) -> Reply:
    del connection, words
    return OK


def _pause(connection: Client, words: list[bytes]) -> Reply:
    del connection
    if len(words) > 3 and words[3].upper() not in (b"WRITE", b"ALL"):
        raise FailureError("ERR CLIENT PAUSE mode must be WRITE or ALL")
    milliseconds(words[2])
    return OK


def _no_evict(connection: Client, words: list[bytes]) -> Reply:
    del connection
    if words[2].upper() not in (b"ON", b"OFF"):
        raise FailureError("ERR syntax error")
    return OK


def _select(connection: Client, words: list[bytes]) -> Reply:
    if not words[1].removeprefix(b"-").isdigit():
        raise FailureError("ERR value is not an integer or out of range")
    if not 0 <= int(words[1]) < 16:
        raise FailureError("ERR DB index is out of range")
    return connection.session.execute_now(words, connection.protocol)


def _tracking(connection: Client, words: list[bytes]) -> Reply:
    del connection
    if words[2].upper() != b"OFF":
        raise FailureError("ERR client-side caching is not available")
    return OK


def _quit(connection: Client, words: list[bytes]) -> Reply:
    del words
    connection.close_after_reply()
    return OK


def _reset(connection: Client, words: list[bytes]) -> Reply:
    del words
    connection.transaction = None
    connection.dirty = False
    connection.session.unwatch()
    for command in (b"UNSUBSCRIBE", b"PUNSUBSCRIBE"):
        if connection.session.subscriptions:
            connection.session.execute_now([command], connection.protocol)
    connection.session.execute_now([b"SELECT", b"0"], 2)
    connection.protocol = 2
    connection.name = b""
    connection.replies_off = False
    connection.authenticated = not connection.server.configuration.password
    return Status(b"RESET")


def _ping(connection: Client, words: list[bytes]) -> Reply:
    if len(words) > 2:
        raise FailureError("ERR wrong number of arguments for 'ping' command")
    if connection.protocol == 2 and connection.session.subscriptions:
        return [b"pong", words[1] if len(words) > 1 else b""]
    return words[1] if len(words) > 1 else Status(b"PONG")


CLIENTS: dict[str, Callable[[Any, list[bytes]], Reply]] = {
    "auth": _auth,
    "hello": _hello,
    "ping": _ping,
    "quit": _quit,
    "reset": _reset,
    "select": _select,
    "client|setname": _setname,
    "client|getname": _getname,
    "client|id": _id,
    "client|list": _list,
    "client|info": _info,
    "client|reply": _reply,
    "client|kill": _kill,
    "client|unblock": _unblock,
    "client|no-evict": _no_evict,
    "client|pause": _pause,
    "client|tracking": _tracking,
    "client|unpause": _accepted,
}
