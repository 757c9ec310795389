"""The Lua state of scripts, and what it reaches outside of Lua."""

from __future__ import annotations

from typing import Any, Protocol

from lockstep.reference.host.engine import Writer
from lockstep.reference.lua.profile import LUA_5_1
from lockstep.reference.lua.runtime.state import Evaluator, State
from lockstep.reference.lua.runtime.values import (
    Table,
)
from lockstep.reference.redis.libraries import cjson
from lockstep.reference.redis.scripting.budget import ScriptBudget
from lockstep.reference.redis.scripting.read_only import assign
from lockstep.reference.redis.store.commands import Command, CommandTable
from lockstep.reference.redis.store.interface import ScriptSession
from lockstep.reference.redis.wire.replies import Failure, Reply


class Host(Protocol):
    """What scripts reach outside of Lua."""

    commands: CommandTable
    session: ScriptSession

    def answer(self, command: Command, words: list[bytes]) -> Reply:
        """The reply to a command that the server answers itself."""

    def out_of_memory(self) -> bool:
        """Whether the data takes more than `maxmemory`."""

    def count_call(self, name: str, failed: bool) -> None:
        """A command that a script called, for the statistics."""

    def count_error(self, failure: Failure) -> None:
        """An error reply, for the statistics."""

    def log(self, level: int, text: str) -> None:
        """A line of `redis.log`."""


class Run:
    """One run of a script or function.

    Attributes:
        name: the SHA of the script, or the function's name.
        read_only: write commands are refused.
        may_exceed_memory: writes are not refused when memory is used up.
        wrote: it has called a command that writes.
    """

    __slots__ = ("may_exceed_memory", "name", "read_only", "wrote")

    def __init__(self, name: str, *, read_only: bool = False, may_exceed_memory: bool = False) -> None:
        self.name = name
        self.read_only = read_only
        self.may_exceed_memory = may_exceed_memory
        self.wrote = False


class ScriptState(State):
    """A Lua state whose globals are read-only."""

    def __init__(self, evaluator: Evaluator, budget: ScriptBudget, output: Writer, host: Host) -> None:
        super().__init__(LUA_5_1, evaluator, budget, output)
        self.clock = budget
        self.host = host
        self.run = Run("")
        self.protocol = 2
        self.compile_apart = budget.apart
        # The library `cjson`, with the settings that scripts may change.
        self.cjson: cjson.Module | None = None
        # The library that is being loaded (`functions.Library`).
        self.loading: Any = None

    def set_arguments(self, keys: list[bytes], arguments: list[bytes]) -> None:
        """The globals KEYS and ARGV of a run."""
        assign(self.globals, "KEYS", string_table(keys))
        assign(self.globals, "ARGV", string_table(arguments))


def string_table(texts: list[bytes]) -> Table:
    """A table of strings."""
    table = Table()
    if texts:
        table.array_part = [None, *[text.decode("latin-1") for text in texts]]
    return table
