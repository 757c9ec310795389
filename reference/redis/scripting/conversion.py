"""Between Lua values and replies, both ways (Redis manual, "Data type conversion")."""

from __future__ import annotations

from lockstep.reference.lua.runtime.operations.constructors import store_list
from lockstep.reference.lua.runtime.values import FALSE, TRUE, LuaBoolean, Table, Value, raw_set
from lockstep.reference.redis.libraries.cjson import entries
from lockstep.reference.redis.wire.replies import (
    NIL_ARRAY,
    BigNumber,
    Double,
    Failure,
    MapReply,
    Push,
    Reply,
    SetReply,
    Status,
    Verbatim,
    double_text,
    error_text,
)

_EXACT = 1 << 53
# How deep arrays nest before the real Lua stack is full.
_DEEPEST = 7995
_LOWEST = -(1 << 63)


def reply_to_lua(reply: Reply, protocol: int) -> Value:
    """A reply as the script sees it that asked for RESP2 or RESP3 (`protocol`)."""
    kind = type(reply)
    if kind is bytes:
        return reply.decode("latin-1")
    if kind is int:
        return reply if -_EXACT <= reply <= _EXACT else float(reply)
    if kind is Status:
        return _one_field("ok", reply.text)
    if reply is None or reply is NIL_ARRAY:
        return FALSE if protocol == 2 else None
    if kind is list:
        table = Table()
        store_list(table, [None, *[reply_to_lua(item, protocol) for item in reply]])
        return table
    if kind is Failure:
        return error_table(reply.text, from_command=True)
    if kind is bool:
        return TRUE if reply else FALSE
    return _rare_to_lua(reply, protocol)


def _rare_to_lua(reply: Reply, protocol: int) -> Value:
    table = Table()
    if isinstance(reply, Double):
        if protocol == 2:
            return reply.text.decode("latin-1")
        number = float(reply.text)
        table.__dict__["double"] = int(number) if abs(number) < _EXACT and number == int(number) else number
    elif isinstance(reply, MapReply):
        if protocol == 2:
            flat = [part for pair in reply.pairs for part in pair]
            return reply_to_lua(flat, protocol)
        inner = Table()
        for key, value in reply.pairs:
            _store(inner, reply_to_lua(key, protocol), reply_to_lua(value, protocol))
        table.__dict__["map"] = inner
    elif isinstance(reply, (SetReply, Push)):
        if protocol == 2:
            return reply_to_lua(reply.items, protocol)
        inner = Table()
        for item in reply.items:
            _store(inner, reply_to_lua(item, protocol), TRUE)
        table.__dict__["set"] = inner
    elif isinstance(reply, BigNumber):
        table.__dict__["big_number"] = reply.text.decode("latin-1")
    elif isinstance(reply, Verbatim):
        inner = Table()
        inner.__dict__["format"] = reply.format.decode("latin-1")
        inner.__dict__["string"] = reply.text.decode("latin-1")
        table.__dict__["verbatim_string"] = inner
    return table


def _store(table: Table, key: Value, value: Value) -> None:
    if key is not None:
        raw_set(table, key, value)


def _one_field(name: str, text: bytes) -> Table:
    table = Table()
    table.__dict__[name] = text.decode("latin-1")
    return table


def error_table(text: bytes, *, from_command: bool = False) -> Table:
    """An error as scripts catch it; one that a command gave is already counted in the statistics."""
    table = _one_field("err", text)
    if from_command:
        table.__dict__["ignore_error_stats_update"] = TRUE
    return table


def is_counted(error: Value) -> bool:
    """Whether the statistics have an error object already."""
    return isinstance(error, Table) and error.__dict__.get("ignore_error_stats_update") is TRUE


def lua_to_reply(value: Value, protocol: int, depth: int = 0) -> Reply:
    """What a script returned as a reply; raw access, so metatables do not matter.

    Args:
        value: the first value that the script returned.
        protocol: what the script speaks (`redis.setresp`): true is the number 1 under RESP2, a boolean under RESP3.
        depth: of the tables around the value.
    """
    if type(value) is str:
        return value.encode("latin-1")
    if type(value) is int:
        return value
    if type(value) is float:
        return truncated(value)
    if value is None:
        return None
    if type(value) is LuaBoolean:
        if protocol == 2:
            return 1 if value is TRUE else None
        return value is TRUE
    if isinstance(value, Table):
        if depth >= _DEEPEST:
            return Failure(b"ERR reached lua stack limit")
        return _table_to_reply(value, protocol, depth + 1)
    return None


def truncated(number: float) -> int:
    """A C conversion of a double to 64 bits: toward zero; what does not fit is the lowest number."""
    if -9223372036854775808.0 <= number < 9223372036854775808.0:
        return int(number)
    return _LOWEST


def _table_to_reply(table: Table, protocol: int, depth: int) -> Reply:
    fields = table.__dict__
    if fields:
        text = fields.get("err")
        if type(text) is str:
            return Failure(error_text(text.encode("latin-1")), counted=is_counted(table))
        text = fields.get("ok")
        if type(text) is str:
            return Status(error_text(text.encode("latin-1")))
        number = fields.get("double")
        if isinstance(number, (int, float)):
            return Double(double_text(number))
        text = fields.get("big_number")
        if type(text) is str:
            return BigNumber(error_text(text.encode("latin-1")))
        inner = fields.get("verbatim_string")
        if isinstance(inner, Table):
            format_name, text = inner.__dict__.get("format"), inner.__dict__.get("string")
            if type(format_name) is str and type(text) is str:
                return Verbatim(format_name.encode("latin-1")[:3], text.encode("latin-1"))
        inner = fields.get("map")
        if isinstance(inner, Table):
            return MapReply(
                [
                    (lua_to_reply(key, protocol, depth), lua_to_reply(item, protocol, depth))
                    for key, item in entries(inner)
                ]
            )
        inner = fields.get("set")
        if isinstance(inner, Table):
            return SetReply([lua_to_reply(key, protocol, depth) for key, _ in entries(inner)])
    result: list[Reply] = []
    for item in table.array_part[1:]:
        if item is None:
            break
        result.append(lua_to_reply(item, protocol, depth))
    return result


def argument_bytes(value: Value) -> bytes | None:
    """An argument of `redis.call`; None for what is neither string nor number."""
    if type(value) is str:
        return value.encode("latin-1")
    if type(value) is int:
        return b"%d" % value if -_EXACT <= value <= _EXACT else double_text(float(value))
    return double_text(value) if type(value) is float else None
