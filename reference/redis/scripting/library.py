"""The `redis` table of scripts."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NoReturn

from lockstep.reference.lua.runtime.formats.text import to_string
from lockstep.reference.lua.runtime.library.registration import Functions, functions_of, rows
from lockstep.reference.lua.runtime.operations.conversion import to_float_or_int
from lockstep.reference.lua.runtime.values import FALSE, NO_VALUES, TRUE, LuaError, Results, Table, Value
from lockstep.reference.redis.scripting.conversion import argument_bytes, error_table, reply_to_lua
from lockstep.reference.redis.wire.replies import Failure, Reply, error_text

if TYPE_CHECKING:
    from lockstep.reference.redis.scripting.script_state import ScriptState

LUA_LIBRARY = True

VERSION = "7.0.15"
VERSION_NUMBER = 0x0007000F

LOG_LEVELS = {"LOG_DEBUG": 0, "LOG_VERBOSE": 1, "LOG_NOTICE": 2, "LOG_WARNING": 3}
VERSIONS = {"REDIS_VERSION": VERSION, "REDIS_VERSION_NUM": VERSION_NUMBER}
REPLICATION = {"REPL_NONE": 0, "REPL_AOF": 1, "REPL_SLAVE": 2, "REPL_REPLICA": 2, "REPL_ALL": 3}

_NO_ARGUMENTS = Failure(b"ERR Please specify at least one argument for this redis lib call")
_BAD_ARGUMENT = Failure(b"ERR Lua redis lib command arguments must be strings or integers")
_UNKNOWN = Failure(b"ERR Unknown Redis command called from script")
_WRONG_COUNT = Failure(b"ERR Wrong number of args calling Redis command from script")
_NOT_ALLOWED = Failure(b"ERR This Redis command is not allowed from script")
_READ_ONLY = Failure(b"ERR Write commands are not allowed from read-only scripts.")
_OUT_OF_MEMORY = Failure(b"OOM command not allowed when used memory > 'maxmemory'.")


def _raise(text: str) -> NoReturn:
    raise LuaError(error_table(text.encode("latin-1")))


def _command(state: ScriptState, arguments: tuple[Value, ...]) -> tuple[Reply, bool]:
    """The reply to a command that a script calls, and whether it came from the command itself."""
    words: list[bytes] = []
    for value in arguments:
        if type(value) is str:
            words.append(value.encode("latin-1"))
        else:
            word = argument_bytes(value)
            if word is None:
                return _BAD_ARGUMENT, False
            words.append(word)
    if not words:
        return _NO_ARGUMENTS, False
    host = state.host
    command = host.commands.find(words)
    if command is None:
        return _UNKNOWN, False
    if not command.accepts(len(words)):
        return _WRONG_COUNT, False
    if command.no_script:
        return _NOT_ALLOWED, False
    run = state.run
    if run.read_only and (command.writes or command.may_replicate):
        return _READ_ONLY, False
    if command.writes:
        if (
            command.denies_out_of_memory
            and not run.may_exceed_memory
            and not run.wrote
            and host.out_of_memory()
        ):
            return _OUT_OF_MEMORY, False
        run.wrote = True
    execute = host.session.execute
    reply = host.answer(command, words) if command.by_server else execute(words, state.protocol)
    host.count_call(command.name, type(reply) is Failure)
    return reply, True


def lua_call(state: ScriptState, *arguments: Value) -> Results:
    """`redis.call(command, ...)`: an error reply is raised."""
    reply, from_command = _command(state, arguments)
    kind = type(reply)
    if kind is bytes:
        return reply.decode("latin-1")
    if kind is Failure:
        if from_command:
            state.host.count_error(reply)
        raise LuaError(error_table(error_text(reply.text), from_command=from_command))
    return reply_to_lua(reply, state.protocol)


def lua_pcall_command(state: ScriptState, *arguments: Value) -> Results:
    """`redis.pcall(command, ...)`: an error reply is returned as a table."""
    reply, from_command = _command(state, arguments)
    if type(reply) is Failure:
        if from_command:
            state.host.count_error(reply)
        return error_table(error_text(reply.text), from_command=from_command)
    return reply_to_lua(reply, state.protocol)


def _single_string(arguments: tuple[Value, ...]) -> str | None:
    return arguments[0] if len(arguments) == 1 and type(arguments[0]) is str else None


def lua_error_reply(state: ScriptState, *arguments: Value) -> Results:
    """`redis.error_reply(text)`: a table that is an error reply."""
    text = _single_string(arguments)
    if text is None:
        return error_table(b"ERR wrong number or type of arguments")
    text = text.removeprefix("-")
    if " " not in text:
        text = "ERR " + text
    return error_table(text.encode("latin-1"))


def lua_status_reply(state: ScriptState, *arguments: Value) -> Results:
    """`redis.status_reply(text)`: a table that is a status reply."""
    text = _single_string(arguments)
    if text is None:
        return error_table(b"ERR wrong number or type of arguments")
    table = Table()
    table.__dict__["ok"] = text
    return table


def lua_sha1hex(state: ScriptState, *arguments: Value) -> Results:
    """`redis.sha1hex(text)`."""
    if len(arguments) != 1:
        _raise("ERR wrong number of arguments")
    value = arguments[0]
    text = str(to_string(state, value)) if type(value) in (str, int, float) else ""
    return hashlib.sha1(text.encode("latin-1"), usedforsecurity=False).hexdigest()


def lua_log(state: ScriptState, *arguments: Value) -> Results:
    """`redis.log(level, text, ...)`."""
    if len(arguments) < 2:
        _raise("ERR redis.log() requires two arguments or more.")
    level = arguments[0]
    if not isinstance(level, (int, float)):
        _raise("ERR First argument must be a number (log level).")
    if not 0 <= int(level) <= 3:
        _raise("ERR Invalid debug level.")
    texts = [str(to_string(state, value)) for value in arguments[1:] if type(value) in (str, int, float)]
    state.host.log(int(level), " ".join(texts))
    return NO_VALUES


def lua_setresp(state: ScriptState, *arguments: Value) -> Results:
    """`redis.setresp(version)`: what the replies of later calls look like."""
    if len(arguments) != 1:
        _raise("ERR redis.setresp() requires one argument.")
    version = to_float_or_int(arguments[0], integers=False)
    if version not in (2, 3):
        _raise("ERR RESP version must be 2 or 3.")
    state.protocol = int(version)
    return NO_VALUES


def lua_set_repl(state: ScriptState, *arguments: Value) -> Results:
    """`redis.set_repl(flags)`: checked and without effect, since nothing is replicated."""
    if len(arguments) != 1:
        _raise("ERR redis.set_repl() requires two arguments.")
    flags = to_float_or_int(arguments[0], integers=False) or 0
    if int(flags) & ~3:
        _raise("ERR Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.")
    return NO_VALUES


def lua_replicate_commands(state: ScriptState, *arguments: Value) -> Results:
    """`redis.replicate_commands()`: true, since it is always so."""
    return TRUE


def lua_breakpoint(state: ScriptState, *arguments: Value) -> Results:
    """`redis.breakpoint()`: false, since there is no debugger."""
    return FALSE


def lua_debug(state: ScriptState, *arguments: Value) -> Results:
    """`redis.debug(...)`: nothing, since there is no debugger."""
    return NO_VALUES


def lua_acl_check_cmd(state: ScriptState, *arguments: Value) -> Results:
    """`redis.acl_check_cmd(command, ...)`: whether the user may call it."""
    if not arguments:
        _raise("ERR Please specify at least one argument for this redis lib call")
    given = [argument_bytes(value) for value in arguments]
    words = [word for word in given if word is not None]
    if len(words) < len(given):
        _raise("ERR redis.acl_check_cmd() require at least one argument")
    if state.host.commands.find(words) is None:
        _raise("ERR Invalid command passed to redis.acl_check_cmd()")
    return TRUE


ROWS = rows(
    ("call", lua_call, 1, "lua-api", "2.6.0"),
    ("pcall", lua_pcall_command, 1, "lua-api", "2.6.0"),
    ("error_reply", lua_error_reply, 1, "lua-api", "2.6.0"),
    ("status_reply", lua_status_reply, 1, "lua-api", "2.6.0"),
    ("sha1hex", lua_sha1hex, 1, "lua-api", "2.6.0"),
    ("log", lua_log, 2, "lua-api", "2.6.0"),
    ("setresp", lua_setresp, 1, "lua-api", "6.0.0"),
    ("set_repl", lua_set_repl, 1, "lua-api", "3.2.0"),
    ("replicate_commands", lua_replicate_commands, 0, "lua-api", "3.2.0"),
    ("breakpoint", lua_breakpoint, 0, "lua-debugging", "3.2.0"),
    ("debug", lua_debug, 0, "lua-debugging", "3.2.0"),
    ("acl_check_cmd", lua_acl_check_cmd, 1, "lua-api", "7.0.0"),
)
FUNCTIONS: Functions = functions_of(ROWS)
