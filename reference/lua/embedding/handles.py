"""Handles: how a host program holds Lua tables, functions, coroutines and userdata."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Callable, Protocol, TypeVar

from lockstep.reference.host.limits import Limits
from lockstep.reference.lua.runtime.operations.indexing import index, length, set_index
from lockstep.reference.lua.runtime.operations.traversal import next_entry
from lockstep.reference.lua.runtime.stack.coroutine import Coroutine
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import Function, Results, Table, Value

T = TypeVar("T")


class Holder(Protocol):
    """What holds the values of handles (`interpreter.Lua`, which says what each does)."""

    @property
    def state(self) -> State:
        """The runtime's own state."""

    def hold(self, value: Value) -> int:
        """Hold a value; its number."""

    def let_go(self, number: int) -> None:
        """A handle is gone."""

    def held(self, number: int) -> Value:
        """The value of a handle."""

    def held_table(self, number: int) -> Table:
        """The table of a handle."""

    def held_coroutine(self, number: int) -> Coroutine:
        """The coroutine of a handle."""

    def guarded(self, action: Callable[..., T], *arguments: object, limits: Limits | None = None) -> T:
        """Do what may run Lua code."""

    def call(self, function: Any, *arguments: object, limits: Limits | None = None) -> Any:
        """Call a handle."""

    def to_host(self, value: Value) -> Any:
        """A Lua value as a host value."""

    def to_guest(self, value: Any) -> Value:
        """A host value as a Lua value."""

    def results_to_host(self, results: Results) -> Any:
        """What a call gave, for the host."""

    def deep_copy(self, table: Table) -> Any:
        """A table as host lists and dicts."""


class Handle:
    """A Lua value that the host program holds; it lives at least as long as the handle.

    Two handles of the same value are equal. Every use of a handle after its state was closed, or after
    `release`, raises `HandleError`.
    """

    __slots__ = ("__weakref__", "_lua", "_number")

    def __init__(self, lua: Holder, value: Value) -> None:
        self._lua = lua
        self._number = lua.hold(value)

    def __del__(self) -> None:
        self._lua.let_go(self._number)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Handle):
            return NotImplemented
        return self._lua is other._lua and self._lua.held(self._number) is other._lua.held(other._number)

    def __hash__(self) -> int:
        return hash(id(self._lua.held(self._number)))

    def __repr__(self) -> str:
        return f"<Lua {type(self).__name__.removesuffix('Handle').lower() or 'value'}>"

    def release(self) -> None:
        """Let go of the value now."""
        self._lua.let_go(self._number)


class TableHandle(Handle):
    """A table; reading and writing fields honour metamethods, keys and lengths are raw."""

    __slots__ = ()

    def __getitem__(self, key: object) -> Any:
        """The field `key`, None where there is none."""
        return self._lua.guarded(self._read, key)

    def _read(self, key: object) -> Any:
        lua = self._lua
        return lua.to_host(index(lua.state, lua.held(self._number), lua.to_guest(key)))

    def __setitem__(self, key: object, value: object) -> None:
        self._lua.guarded(self._write, key, value)

    def _write(self, key: object, value: object) -> None:
        lua = self._lua
        set_index(lua.state, lua.held(self._number), lua.to_guest(key), lua.to_guest(value))

    def __len__(self) -> int:
        """A border, as `#` gives it."""
        found = self._lua.guarded(self._length)
        return found if type(found) is int else 0

    def _length(self) -> Any:
        return length(self._lua.state, self._lua.held(self._number))

    def __iter__(self) -> Iterator[Any]:
        """The keys, in the order of `next`."""
        lua = self._lua
        entry = next_entry(lua.held_table(self._number), None)
        while entry is not None:
            yield lua.to_host(entry[0])
            entry = next_entry(lua.held_table(self._number), entry[0])

    def items(self) -> Iterator[tuple[Any, Any]]:
        """Keys and values, in the order of `next`; fields may be changed and cleared meanwhile, not added."""
        lua = self._lua
        entry = next_entry(lua.held_table(self._number), None)
        while entry is not None:
            yield lua.to_host(entry[0]), lua.to_host(entry[1])
            entry = next_entry(lua.held_table(self._number), entry[0])

    def copy(self) -> Any:
        """The table and the tables in it as host lists (keys 1 to n only) and dicts, shared where they are shared."""
        return self._lua.deep_copy(self._lua.held_table(self._number))


class FunctionHandle(Handle):
    """A function: calling the handle calls it."""

    __slots__ = ()

    def __call__(self, *arguments: object) -> Any:
        """Call the function; see `Lua.call`."""
        return self._lua.call(self, *arguments)


class CoroutineHandle(Handle):
    """A coroutine."""

    __slots__ = ()

    @property
    def status(self) -> str:
        """`suspended`, `running`, `normal` or `dead`."""
        coroutine = self._lua.held_coroutine(self._number)
        return coroutine.status

    def resume(self, *arguments: object) -> Any:
        """Go on until it yields or ends; what it yielded or returned, as `Lua.call` gives it.

        Raises:
            GuestError: it ended with an error, or is dead.
        """
        return self._lua.guarded(self._resume, arguments)

    def _resume(self, arguments: tuple[object, ...]) -> Any:
        lua = self._lua
        coroutine = lua.held_coroutine(self._number)
        return lua.results_to_host(coroutine.resume([lua.to_guest(argument) for argument in arguments]))


def handle_for(lua: Holder, value: Value) -> Handle:
    """A handle of the class that fits."""
    if isinstance(value, Table):
        return TableHandle(lua, value)
    if isinstance(value, Function):
        return FunctionHandle(lua, value)
    if isinstance(value, Coroutine):
        return CoroutineHandle(lua, value)
    return Handle(lua, value)
