"""MULTI, EXEC, DISCARD, WATCH, UNWATCH."""

from __future__ import annotations

from typing import Any, Callable

from lockstep.reference.redis.scripting.engine import PENDING
from lockstep.reference.redis.server.interfaces import Client
from lockstep.reference.redis.store.commands import Command
from lockstep.reference.redis.wire.replies import NIL_ARRAY, OK, FailureError, Reply


def _multi(connection: Client, words: list[bytes]) -> Reply:
    del words
    if connection.transaction is not None:
        raise FailureError("ERR MULTI calls can not be nested")
    connection.transaction = []
    connection.dirty = False
    return OK


def _leave(connection: Client) -> list[tuple[Command, list[bytes]]]:
    queue, connection.transaction = connection.transaction or [], None
    connection.dirty = False
    return queue


def _discard(connection: Client, words: list[bytes]) -> Reply:
    del words
    if connection.transaction is None:
        raise FailureError("ERR DISCARD without MULTI")
    _leave(connection)
    connection.session.unwatch()
    return OK


def _exec(connection: Client, words: list[bytes]) -> Reply:
    del words
    if connection.transaction is None:
        raise FailureError("ERR EXEC without MULTI")
    dirty = connection.dirty
    queue = _leave(connection)
    watch_failed = connection.session.watch_failed
    connection.session.unwatch()
    if dirty:
        raise FailureError("EXECABORT Transaction discarded because of previous errors.")
    if watch_failed:
        return NIL_ARRAY
    replies: list[Reply] = []

    def go_on() -> bool:
        """Run what is left; false where a script has to be waited for."""
        while queue:
            command, arguments = queue.pop(0)
            reply = connection.execute_now(command, arguments)
            if reply is PENDING:
                return False
            replies.append(reply)
        return True

    def after_script(reply: Reply) -> None:
        replies.append(reply)
        if go_on():
            connection.finish(replies)
        else:
            connection.server.when_script_ends(after_script)

    if go_on():
        return replies
    connection.await_script_with(after_script)
    return PENDING


def _watch(connection: Client, words: list[bytes]) -> Reply:
    if connection.transaction is not None:
        raise FailureError("ERR WATCH inside MULTI is not allowed")
    return connection.session.execute_now(words, connection.protocol)


def _unwatch(connection: Client, words: list[bytes]) -> Reply:
    del words
    connection.session.unwatch()
    return OK


TRANSACTIONS: dict[str, Callable[[Any, list[bytes]], Reply]] = {
    "multi": _multi,
    "exec": _exec,
    "discard": _discard,
    "watch": _watch,
    "unwatch": _unwatch,
}
