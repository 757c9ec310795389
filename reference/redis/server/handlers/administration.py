"""The commands about the server: CONFIG, INFO, COMMAND, SHUTDOWN and their like."""

from __future__ import annotations

from typing import Any, Callable

from lockstep.reference.redis.server.info import info
from lockstep.reference.redis.server.interfaces import Client
from lockstep.reference.redis.server.patterns import glob
from lockstep.reference.redis.store.blocking import milliseconds
from lockstep.reference.redis.store.commands import Command, keys_of
from lockstep.reference.redis.wire.replies import (
    NO_REPLY,
    OK,
    FailureError,
    MapReply,
    Reply,
    SetReply,
    Status,
    Verbatim,
)


def _config_get(connection: Client, words: list[bytes]) -> Reply:
    tests = [glob(pattern) for pattern in words[2:]]
    found = connection.server.configuration.get(lambda name: any(test(name) for test in tests))
    return MapReply(list(found))


def _config_set(connection: Client, words: list[bytes]) -> Reply:
    if len(words) % 2:
        raise FailureError("ERR wrong number of arguments for 'config|set' command")
    connection.server.configuration.set(list(zip(words[2::2], words[3::2])))
    return OK


def _config_resetstat(connection: Client, words: list[bytes]) -> Reply:
    del words
    connection.server.statistics.reset()
    return OK


def _config_rewrite(connection: Client, words: list[bytes]) -> Reply:
    del connection, words
    raise FailureError("ERR The server is running without a config file")


def _info(connection: Client, words: list[bytes]) -> Reply:
    text = info(connection.server, [word.decode("latin-1") for word in words[1:]])
    return Verbatim(b"txt", text.encode("latin-1", "replace"))


# COMMAND


def _described(command: Command, table: dict[str, Command]) -> Reply:
    subcommands = [
        _described(one, table) for name, one in table.items() if name.startswith(command.name + "|")
    ]
    return [
        command.name.encode(),
        command.arity,
        SetReply([Status(flag.encode()) for flag in command.flag_list]),
        *command.keys,
        SetReply([Status(b"@" + category.encode()) for category in command.categories]),
        SetReply([]),
        SetReply([]),
        subcommands,
    ]


def _command(connection: Client, words: list[bytes]) -> Reply:
    del words
    table = connection.server.commands.by_name
    return [_described(command, table) for name, command in table.items() if "|" not in name]


def _command_count(connection: Client, words: list[bytes]) -> Reply:
    del words
    return sum("|" not in name for name in connection.server.commands.by_name)


def _command_info(connection: Client, words: list[bytes]) -> Reply:
    table = connection.server.commands.by_name
    names = [word.decode("latin-1").lower() for word in words[2:]]
    if not names:
        return _command(connection, words)
    return [_described(table[name], table) if name in table else None for name in names]


def _command_docs(connection: Client, words: list[bytes]) -> Reply:
    table = connection.server.commands.by_name
    names = [word.decode("latin-1").lower() for word in words[2:]] or [
        name for name in table if "|" not in name
    ]
    return MapReply(
        [
            (
                name.encode(),
                MapReply([(b"summary", b""), (b"since", b"1.0.0"), (b"group", b"generic")]),
            )
            for name in names
            if name in table
        ]
    )


def _command_list(connection: Client, words: list[bytes]) -> Reply:
    test = glob(words[4]) if len(words) == 5 and words[3].upper() == b"PATTERN" else None
    return [
        name.encode()
        for name in connection.server.commands.by_name
        if (test is None and "|" not in name) or (test is not None and test(name))
    ]


def _command_getkeys(connection: Client, words: list[bytes]) -> Reply:
    command = connection.server.commands.find(words[2:])
    if command is None:
        raise FailureError("ERR Invalid command specified")
    if not command.accepts(len(words) - 2):
        raise FailureError("ERR Invalid number of arguments specified for command")
    keys = keys_of(command, words[2:])
    if not keys:
        raise FailureError("ERR The command has no key arguments")
    return list(keys)


# The rest


def _shutdown(connection: Client, words: list[bytes]) -> Reply:
    for word in words[1:]:
        if word.upper() not in (b"NOSAVE", b"SAVE", b"NOW", b"FORCE", b"ABORT"):
            raise FailureError("ERR syntax error")
    connection.server.stop()
    return NO_REPLY


def _wait(connection: Client, words: list[bytes]) -> Reply:
    del connection
    if not words[1].removeprefix(b"-").isdigit():
        raise FailureError("ERR value is not an integer or out of range")
    milliseconds(words[2])
    return 0


def _role(connection: Client, words: list[bytes]) -> Reply:
    del connection, words
    return [b"master", 0, []]


def _whoami(connection: Client, words: list[bytes]) -> Reply:
    del connection, words
    return b"default"


def _acl_cat(connection: Client, words: list[bytes]) -> Reply:
    table = connection.server.commands.by_name
    if len(words) == 2:
        return sorted({category.encode() for command in table.values() for category in command.categories})
    wanted = words[2].decode("latin-1").lower()
    return [name.encode() for name, command in table.items() if wanted in command.categories]


def _debug(connection: Client, words: list[bytes]) -> Reply:
    del connection, words
    raise FailureError(
        'ERR DEBUG command not allowed. If the enable-debug-command option is set to "local", you can run it from a '
        "local connection, otherwise you need to set this option in the configuration file, and then restart the "
        "server."
    )


def _empty_list(connection: Client, words: list[bytes]) -> Reply:
    del connection, words
    return []


def _zero(connection: Client, words: list[bytes]) -> Reply:
    del connection, words
    return 0


def _accepted(connection: Client, words: list[bytes]) -> Reply:
    del connection, words
    return OK


def _no_cluster(connection: Client, words: list[bytes]) -> Reply:
    del connection, words
    raise FailureError("ERR This instance has cluster support disabled")


ADMINISTRATION: dict[str, Callable[[Any, list[bytes]], Reply]] = {
    "config|get": _config_get,
    "config|set": _config_set,
    "config|resetstat": _config_resetstat,
    "config|rewrite": _config_rewrite,
    "info": _info,
    "command": _command,
    "command|count": _command_count,
    "command|info": _command_info,
    "command|docs": _command_docs,
    "command|list": _command_list,
    "command|getkeys": _command_getkeys,
    "shutdown": _shutdown,
    "wait": _wait,
    "role": _role,
    "acl|whoami": _whoami,
    "acl|cat": _acl_cat,
    "debug": _debug,
    "slowlog|get": _empty_list,
    "slowlog|len": _zero,
    "slowlog|reset": _accepted,
    "latency|reset": _zero,
    "latency|latest": _empty_list,
    "latency|history": _empty_list,
    "module|list": _empty_list,
    "cluster": _no_cluster,
    "cluster|info": _no_cluster,
    "cluster|slots": _no_cluster,
    "cluster|nodes": _no_cluster,
    "cluster|shards": _no_cluster,
    "readonly": _no_cluster,
    "readwrite": _no_cluster,
    "asking": _no_cluster,
}
