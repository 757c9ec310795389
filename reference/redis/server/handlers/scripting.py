"""EVAL and its like, SCRIPT, FUNCTION, FCALL."""

from __future__ import annotations

from typing import Any, Callable

from lockstep.reference.redis.server.handlers.help_texts import FUNCTION_HELP, SCRIPT_HELP
from lockstep.reference.redis.server.interfaces import Client
from lockstep.reference.redis.wire.replies import OK, FailureError, Reply, Status

_SYNC = (b"SYNC", b"ASYNC")


def _eval(connection: Client, words: list[bytes]) -> Reply:
    return connection.server.scripting.eval(words, connection.session, read_only=False)


def _eval_ro(connection: Client, words: list[bytes]) -> Reply:
    return connection.server.scripting.eval(words, connection.session, read_only=True)


def _evalsha(connection: Client, words: list[bytes]) -> Reply:
    return connection.server.scripting.evalsha(words, connection.session, read_only=False)


def _evalsha_ro(connection: Client, words: list[bytes]) -> Reply:
    return connection.server.scripting.evalsha(words, connection.session, read_only=True)


def _fcall(connection: Client, words: list[bytes]) -> Reply:
    return connection.server.scripting.fcall(words, connection.session, read_only=False)


def _fcall_ro(connection: Client, words: list[bytes]) -> Reply:
    return connection.server.scripting.fcall(words, connection.session, read_only=True)


def _script_load(connection: Client, words: list[bytes]) -> Reply:
    return connection.server.scripting.script_load(words[2])


def _script_exists(connection: Client, words: list[bytes]) -> Reply:
    scripts = connection.server.scripting.scripts
    return [int(scripts.find(sha) is not None) for sha in words[2:]]


def _script_flush(connection: Client, words: list[bytes]) -> Reply:
    if len(words) > 3 or (len(words) == 3 and words[2].upper() not in _SYNC):
        raise FailureError("ERR SCRIPT FLUSH only support SYNC|ASYNC option")
    connection.server.scripting.script_flush()
    return OK


def _script_kill(connection: Client, words: list[bytes]) -> Reply:
    del words
    return connection.server.scripting.kill(function=False)


def _script_debug(connection: Client, words: list[bytes]) -> Reply:
    del connection
    if words[2].upper() not in (b"YES", b"SYNC", b"NO"):
        raise FailureError("ERR Use SCRIPT DEBUG YES/SYNC/NO")
    return OK


def _script_help(connection: Client, words: list[bytes]) -> Reply:
    del connection, words
    return [Status(line.encode()) for line in SCRIPT_HELP.splitlines()]


def _function_load(connection: Client, words: list[bytes]) -> Reply:
    replace = False
    for option in words[2:-1]:
        if option.upper() != b"REPLACE":
            raise FailureError(b"ERR Unknown option given: " + option)
        replace = True
    return connection.server.scripting.functions.load(words[-1], replace=replace).name.encode()


def _function_delete(connection: Client, words: list[bytes]) -> Reply:
    connection.server.scripting.functions.delete(words[2].decode("latin-1"))
    return OK


def _function_flush(connection: Client, words: list[bytes]) -> Reply:
    if len(words) > 3:
        raise FailureError(
            b"ERR unknown subcommand or wrong number of arguments for '%b'. Try FUNCTION HELP." % words[1]
        )
    if len(words) == 3 and words[2].upper() not in _SYNC:
        raise FailureError("ERR FUNCTION FLUSH only supports SYNC|ASYNC option")
    connection.server.scripting.function_flush()
    return OK


def _function_list(connection: Client, words: list[bytes]) -> Reply:
    pattern: str | None = None
    with_code = False
    at = 2
    while at < len(words):
        option = words[at].upper()
        if option == b"WITHCODE" and not with_code:
            with_code = True
        elif option == b"LIBRARYNAME" and pattern is None:
            at += 1
            if at >= len(words):
                raise FailureError("ERR library name argument was not given")
            pattern = words[at].decode("latin-1")
        else:
            raise FailureError(b"ERR Unknown argument " + words[at])
        at += 1
    return connection.server.scripting.function_list(pattern, with_code=with_code)


def _function_stats(connection: Client, words: list[bytes]) -> Reply:
    del words
    scripting = connection.server.scripting
    if scripting.execution.busy and not scripting.execution.is_function:
        return scripting.busy_failure()
    return scripting.function_stats()


def _function_dump(connection: Client, words: list[bytes]) -> Reply:
    del words
    return connection.server.scripting.function_dump()


def _function_restore(connection: Client, words: list[bytes]) -> Reply:
    if len(words) > 4:
        raise FailureError(
            b"ERR unknown subcommand or wrong number of arguments for '%b'. Try FUNCTION HELP." % words[1]
        )
    policy = words[3].upper().decode("latin-1") if len(words) == 4 else "APPEND"
    if policy not in ("FLUSH", "APPEND", "REPLACE"):
        raise FailureError("ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.")
    connection.server.scripting.function_restore(words[2], policy)
    return OK


def _function_kill(connection: Client, words: list[bytes]) -> Reply:
    del words
    return connection.server.scripting.kill(function=True)


def _function_help(connection: Client, words: list[bytes]) -> Reply:
    del connection, words
    return [Status(line.encode()) for line in FUNCTION_HELP.splitlines()]


SCRIPTING: dict[str, Callable[[Any, list[bytes]], Reply]] = {
    "eval": _eval,
    "eval_ro": _eval_ro,
    "evalsha": _evalsha,
    "evalsha_ro": _evalsha_ro,
    "fcall": _fcall,
    "fcall_ro": _fcall_ro,
    "script|load": _script_load,
    "script|exists": _script_exists,
    "script|flush": _script_flush,
    "script|kill": _script_kill,
    "script|debug": _script_debug,
    "script|help": _script_help,
    "function|load": _function_load,
    "function|delete": _function_delete,
    "function|flush": _function_flush,
    "function|list": _function_list,
    "function|stats": _function_stats,
    "function|dump": _function_dump,
    "function|restore": _function_restore,
    "function|kill": _function_kill,
    "function|help": _function_help,
}
