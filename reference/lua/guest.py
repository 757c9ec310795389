"""Lua in the hands of an embedder: see docs/embedding.md for what becomes of which value."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from functools import partial
from typing import Callable

from lockstep.reference.host.embedding.errors import GuestError
from lockstep.reference.host.embedding.guest import (
    Failure,
    Guest,
    HostError,
    MissingKey,
    NoFormError,
    Opening,
    public_attribute,
)
from lockstep.reference.host.engine import Program
from lockstep.reference.host.errors import ErrorReport, GuestSyntaxError, Location
from lockstep.reference.host.limits import Budget
from lockstep.reference.lua.profile import Profile
from lockstep.reference.lua.runtime.formats.text import guest_text, host_text, to_string
from lockstep.reference.lua.runtime.libraries import new_state, use_budget
from lockstep.reference.lua.runtime.library.basic import without_first_comment
from lockstep.reference.lua.runtime.library.embedded import embedded_function
from lockstep.reference.lua.runtime.operations.calls import call_value, values
from lockstep.reference.lua.runtime.operations.constructors import store_list
from lockstep.reference.lua.runtime.operations.conversion import is_nan, type_name
from lockstep.reference.lua.runtime.operations.indexing import index, length, set_index
from lockstep.reference.lua.runtime.operations.traversal import next_entry
from lockstep.reference.lua.runtime.stack.error_report import report_of
from lockstep.reference.lua.runtime.stack.errors import runtime_error
from lockstep.reference.lua.runtime.stack.exiting import ProgramExit
from lockstep.reference.lua.runtime.stack.frames import where
from lockstep.reference.lua.runtime.stack.protection import error_value
from lockstep.reference.lua.runtime.state import Evaluator, State
from lockstep.reference.lua.runtime.system.permissions import Permissions
from lockstep.reference.lua.runtime.values import (
    FALSE,
    TRUE,
    Builtin,
    LuaBoolean,
    Results,
    Table,
    Userdata,
    Value,
    raw_get,
    raw_set,
)

_INTEGER_BOUND = 1 << 63
_LARGEST_WHOLE = 1 << 53


class Several(tuple[Value, ...]):
    """What a call gave that returned more than one value."""

    __slots__ = ()


class HostObject(Userdata):
    """An object of the host's: its public attributes can be read, and nothing of it can be changed."""

    __slots__ = ("original",)

    def __init__(self, original: object, meta_table: Table) -> None:
        super().__init__()
        self.original = original
        self.meta_table = meta_table


class LuaGuest(Guest):
    """One state, for an embedder."""

    def __init__(
        self,
        profile: Profile,
        evaluator: Evaluator,
        opening: Opening,
        end: Callable[[State], object],
    ) -> None:
        super().__init__(opening)
        files = opening.files
        permissions = Permissions(files=files, processes=files, environment=files)
        self.state = new_state(profile, evaluator, opening.budget, opening.output, permissions)
        self.state.roots = opening.roots
        self.state.held = opening.held
        self._end = end
        # The host functions that built-ins stand for.
        self.functions: weakref.WeakKeyDictionary[Value, Callable[..., Value]] = weakref.WeakKeyDictionary()
        # The messages that stand for exceptions of host functions, by identity; the messages live as long.
        self.origins: dict[int, tuple[str, BaseException]] = {}
        self.host_meta = self._host_meta_table()

    def _host_meta_table(self) -> Table:
        meta = Table()
        for name, function in (("__index", self._read_host), ("__tostring", self._show_host)):
            raw_set(meta, name, Builtin(function, name))
        raw_set(meta, "__metatable", FALSE)
        raw_set(meta, "__name", "host object")
        return meta

    # Running

    def use_budget(self, budget: Budget) -> None:
        """See Guest."""
        use_budget(self.state, budget)

    def after_run(self) -> None:
        """See Guest."""
        self.state.reset_after_run()
        self.origins.clear()

    def evaluate(self, program: Program) -> Value:
        """See Guest: what a chunk returns; an expression is one, too."""
        state = self.state
        text = without_first_comment(guest_text(program.source))
        # `=` names a text as `@` names a file; compiled files are kept on disk, texts are not.
        chunk_name = ("=" if program.path is None else "@") + guest_text(program.name)
        load = partial(state.evaluator.load, state, chunk_name=chunk_name, environment=state.globals)
        try:
            function = load("return " + text)
        except GuestSyntaxError:
            function = load(text)
        return self.call(function, [])

    def call(self, function: Value, arguments: list[Value]) -> Value:
        """See Guest."""
        results = values(call_value(self.state, function, *arguments))
        if len(results) > 1:
            return Several(results)
        return results[0] if results else None

    def invoke(self, target: Value, name: str, arguments: list[Value]) -> Value:
        """See Guest: `target:name(...)`."""
        return self.call(index(self.state, target, guest_text(name)), [target, *arguments])

    # Globals

    def get_global(self, name: str) -> Value:
        """See Guest: nil where there is none."""
        return raw_get(self.state.globals, guest_text(name))

    def has_global(self, name: str) -> bool:
        """See Guest."""
        return self.get_global(name) is not None

    def set_global(self, name: str, value: Value) -> None:
        """See Guest."""
        raw_set(self.state.globals, guest_text(name), value)

    def delete_global(self, name: str) -> None:
        """See Guest."""
        if not self.has_global(name):
            raise MissingKey(name)
        self.set_global(name, None)

    # What handles do

    def get_item(self, target: Value, key: Value) -> Value:
        """See Guest: metamethods count."""
        return index(self.state, target, key)

    def set_item(self, target: Value, key: Value, value: Value) -> None:
        """See Guest: likewise."""
        set_index(self.state, target, key, value)

    def length(self, target: Value) -> int:
        """See Guest: what `#` gives."""
        found = length(self.state, target)
        return found if type(found) is int else 0

    def keys(self, target: Value) -> Iterator[Value]:
        """See Guest: the keys, in the order of `next`."""
        if not isinstance(target, Table):
            runtime_error(f"attempt to iterate over a {type_name(target)} value")
        entry = next_entry(target, None)
        while entry is not None:
            yield entry[0]
            entry = next_entry(target, entry[0])

    def text(self, value: Value) -> str:
        """See Guest: `tostring`."""
        return host_text(str(to_string(self.state, value)))

    def kind(self, value: Value) -> str:
        """See Guest: `type`."""
        return str(type_name(value))

    # Errors

    def failure(self, error: BaseException) -> Failure:
        """See Guest."""
        if isinstance(error, GuestSyntaxError):
            location = Location(host_text(error.location.file), error.location.line)
            return Failure(ErrorReport("parse", "syntax_error", "", host_text(error.message), location))
        if isinstance(error, ProgramExit):
            report = ErrorReport("eval", "value_error", "exit", f"the program asked to exit ({error.status})")
            return Failure(report, (error.status,))
        value = error_value(error)
        report = report_of(self.state, error)
        error.__traceback__ = None
        origin = self.origins.get(id(value))
        return Failure(report, (value,), None, None if origin is None else origin[1])

    def _error_of(self, raised: Exception) -> tuple[Value, bool]:
        """The error object for what a host function raised, and whether its position is still to come."""
        error = raised.original if isinstance(raised, HostError) else raised
        if isinstance(error, GuestError) and error.value is not None:
            return self.to_guest(error.value), False
        message = where(1) + guest_text(f"{type(error).__name__}: {error}")
        self.origins[id(message)] = message, error
        return message, False

    # Values

    def host_form(self, value: Value, seen: dict[int, object]) -> object:
        """See Guest."""
        kind = type(value)
        if type(value) is str:
            return host_text(value)
        if value is None or kind is int or kind is float:
            return value
        if kind is LuaBoolean:
            return value is TRUE
        if isinstance(value, Several):
            return tuple([self.to_host(one) for one in value])
        if isinstance(value, HostObject):
            return value.original
        if isinstance(value, Builtin) and value in self.functions:
            return self.functions[value]
        if id(value) in seen:
            return seen[id(value)]
        if not isinstance(value, Table) or value.meta_table is not None:
            raise NoFormError
        return self._host_container(value, seen)

    def _host_container(self, table: Table, seen: dict[int, object]) -> object:
        array = table.array_part
        self.state.budget.take((len(array) + len(table.__dict__) + len(table.hash_part)) >> 4)
        if len(array) > 1 and not table.__dict__ and not table.hash_part and None not in array[1:]:
            made: list[object] = []
            seen[id(table)] = made
            made.extend(self.to_host(one, seen) for one in array[1:])
            return made
        content: dict[object, object] = {}
        seen[id(table)] = content
        entry = next_entry(table, None)
        while entry is not None:
            key = entry[0]
            content[self.embedder.handle(key) if isinstance(key, Table) else self.to_host(key)] = (
                self.to_host(entry[1], seen)
            )
            entry = next_entry(table, key)
        return content

    def guest_form(self, value: Value, seen: dict[int, Value]) -> Value:
        """See Guest."""
        if value is None:
            return None
        if isinstance(value, bool):
            return TRUE if value else FALSE
        if isinstance(value, str):
            return guest_text(str(value))
        if isinstance(value, float):
            return float(value)
        if isinstance(value, int):
            return self._integer(int(value))
        if isinstance(value, (bytes, bytearray)):
            return bytes(value).decode("latin-1")
        if id(value) in seen:
            return seen[id(value)]
        if isinstance(value, (list, tuple)):
            table = seen[id(value)] = Table()
            store_list(table, [None, *[self.to_guest(one, seen) for one in value]])
            return table
        if isinstance(value, dict):
            return self._table(value, seen)
        if callable(value):
            return self.stand_in(value, self._builtin)
        return self.stand_in(value, lambda original: HostObject(original, self.host_meta))

    def _integer(self, value: int) -> Value:
        if not self.state.integers:
            return value if abs(value) <= _LARGEST_WHOLE else float(value)
        if not -_INTEGER_BOUND <= value < _INTEGER_BOUND:
            raise ValueError("integer does not fit in 64 bits")
        return value

    def _table(self, value: dict[object, object], seen: dict[int, object]) -> Table:
        table: Table = Table()
        seen[id(value)] = table
        for key, one in value.items():
            guest_key = self.to_guest(key, seen)
            if guest_key is None or is_nan(guest_key):
                raise TypeError("nil and NaN are no keys of a Lua table")
            raw_set(table, guest_key, self.to_guest(one, seen))
        return table

    def _builtin(self, function: Callable[..., object]) -> Builtin:
        name = guest_text(str(getattr(function, "__name__", "?")))

        def called(*arguments: object) -> object:
            return self.embedder.call(function, list(arguments))

        made = embedded_function(self.state, name, called, (self.to_host, self._results), self._error_of)
        self.functions[made] = function
        return made

    def _results(self, value: object) -> Results:
        """What a host function gave: None is no result, a tuple several."""
        if type(value) is tuple:
            return [self.to_guest(one) for one in value]
        return [] if value is None else self.to_guest(value)

    def _read_host(self, target: Value = None, key: Value = None, *_: Value) -> Results:
        if not isinstance(target, HostObject) or type(key) is not str:
            return None
        try:
            return self.to_guest(public_attribute(target.original, host_text(key)))
        except AttributeError:
            return None

    def _show_host(self, target: Value = None, *_: Value) -> Results:
        kind = type(target.original).__name__ if isinstance(target, HostObject) else type_name(target)
        return f"host object: {kind}"

    # Life

    def roots_of_state(self) -> tuple[list[object], list[object]]:
        """See Guest."""
        state = self.state
        exempt = [state.evaluator, state.budget, state.output, state.profile, state.permissions, state.held]
        return [state], [*exempt, state.budget.at_safe_point, self.functions, self.origins]

    def close(self) -> None:
        """See Guest: finalisers run."""
        self._end(self.state)
