"""Functions that exist get the host function of another form of their chunk: their next call runs it.

What has been compiled without hooks comes into the hooked form when a hook is set, and what keeps its variables in host
cells into one that keeps them in boxes, where `debug.upvaluejoin` asks for it. What runs at that moment stays as it is
until it returns.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from types import CellType, CodeType, FunctionType
from typing import Any, Callable, Protocol
from weakref import WeakSet

from lockstep.reference.lua.profile import Profile
from lockstep.reference.lua.runtime.collector.reachability import reachable
from lockstep.reference.lua.runtime.stack.frames import kind_of
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import LuaFunction
from lockstep.reference.lua.syntax.chunk_source import ChunkSource
from lockstep.reference.lua.vm.cells import REPLACED, CellBox, put_host_function
from lockstep.reference.lua.vm.form import INSPECTS, STATE_PARAMETER, Form, is_boxed
from lockstep.reference.lua.vm.functions import FUNCTION_CLASSES
from lockstep.reference.lua.vm.naming import ChunkNames


class Sources(Protocol):
    """What knows what functions were compiled from (the machine)."""

    def code_of(self, profile: Profile, source: ChunkSource, form: Form) -> CodeType:
        """The host code of a chunk in a form."""
        ...

    def common_names_of(self, state: State) -> dict[str, Any]:
        """The global names of compiled code."""
        ...

    def compiled_from(self, file_name: str) -> tuple[ChunkSource, Form] | None:
        """What a chunk was compiled from and how, as long as that is kept."""

    def names_of(self, state: State, file_name: str) -> ChunkNames | None:
        """What is known of a chunk's names, as long as its source is kept."""


_MAKERS = (*FUNCTION_CLASSES, "$FunctionN", "$VarargFunction")


def _watched_class(kind: type[LuaFunction], watch: Callable[[LuaFunction], None]) -> type[LuaFunction]:
    """A class whose objects become such of `kind`, and are looked at, as soon as they get their host function."""

    def put(function: LuaFunction, host: FunctionType) -> None:
        function.__class__ = kind
        setattr(function, kind.place, host)
        watch(function)

    return type(kind.__name__, (kind,), {"__slots__": (), "watched": kind, kind.place: property(None, put)})


def functions_in(code: CodeType) -> dict[int, CodeType]:
    """The host code of each function of a chunk, by number."""
    found: dict[int, CodeType] = {}
    pending = [code]
    while pending:
        for one in pending.pop().co_consts:
            if not isinstance(one, CodeType):
                continue
            pending.append(one)
            number = number_of(one)
            if number is not None:
                found[number] = one
    return found


def number_of(code: CodeType) -> int | None:
    """The number of the function that was compiled to `code`."""
    before, dollar, last = code.co_name.rpartition("$")
    digits = last[:-1] if last.endswith("f") else ""
    return int(digits) if before and dollar and digits.isdigit() else None


class Exchange:
    """Brings the functions of one machine into other forms.

    Attributes:
        machine: it knows what they were compiled from.
    """

    def __init__(self, machine: Sources) -> None:
        self.machine = machine
        # States with code without hooks that may make more functions while it runs.
        self._watched: WeakSet[State] = WeakSet()
        self._codes: dict[tuple[str, Form], dict[int, CodeType]] = {}

    def into(self, state: State, function: LuaFunction, **changes: bool) -> bool:
        """Bring a function into the form of its chunk with `changes`; whether it is in it now."""
        host: object = function.entry
        if not isinstance(host, FunctionType):
            return False
        code = host.__code__
        known = self.machine.compiled_from(code.co_filename)
        number = number_of(code)
        if known is None or number is None:
            return False
        source, form = known
        other = replace(form, **changes)
        if other == form:
            return True
        key = code.co_filename, other
        codes = self._codes.get(key)
        if codes is None:
            codes = self._codes[key] = functions_in(self.machine.code_of(state.profile, source, other))
        made = codes.get(number)
        if made is None:
            return False
        cells = self._cells(state, host, made, number)
        if cells is None:
            return False
        replacement = FunctionType(made, host.__globals__, made.co_name, host.__defaults__, cells)
        replacement.__dict__[REPLACED] = host
        put_host_function(function, replacement)
        return True

    def _cells(
        self, state: State, host: FunctionType, made: CodeType, number: int
    ) -> tuple[CellType, ...] | None:
        """The closure for `made`, of that of `host`; None where something is missing."""
        before = self.machine.names_of(state, host.__code__.co_filename)
        after = self.machine.names_of(state, made.co_filename)
        old = before.numbered(number) if before is not None else None
        new = after.numbered(number) if after is not None else None
        if old is None or new is None or len(old.upvalues) != len(new.upvalues):
            return None
        held = dict(zip(host.__code__.co_freevars, host.__closure__ or ()))
        given: dict[str, CellType] = {}
        for variable, other in zip(old.upvalues, new.upvalues):
            cell = held.get(variable.host)
            if cell is None or other.host is None:
                continue
            if is_boxed(other) and not is_boxed(variable):
                cell = CellType(CellBox(cell))
            given[other.host] = cell
        given[STATE_PARAMETER] = held.get(STATE_PARAMETER) or CellType(state.compiled_names)
        try:
            return tuple(given[name] for name in made.co_freevars)
        except KeyError:
            return None

    def doubt(self, state: State, function: LuaFunction) -> None:
        """A variable of `function` changes from outside: the functions of its chunk may take nothing for certain."""
        host: Any = function.entry
        known = (
            self.machine.compiled_from(host.__code__.co_filename) if isinstance(host, FunctionType) else None
        )
        if known is None or known[1].boxed or known[1].hooked or INSPECTS.search(known[0].text):
            return
        for value in reachable(state).values():
            if not isinstance(value, LuaFunction) or not isinstance(value.entry, FunctionType):
                continue
            if value.entry.__code__.co_filename == host.__code__.co_filename and self._is_of(state, value):
                self.into(state, value, boxed=True)

    # Hooks

    def hook_all(self, state: State) -> None:
        """Bring every function that a state can reach into the hooked form, and those that what runs will make."""
        found = False
        for value in reachable(state).values():
            if isinstance(value, LuaFunction) and self._is_of(state, value):
                found = self.into(state, value, hooked=True) or found
        if found or self._runs_unhooked():
            self._watch(state)

    def _is_of(self, state: State, function: LuaFunction) -> bool:
        host: object = function.entry
        if not isinstance(host, FunctionType) or host.__closure__ is None:
            return True
        names = host.__code__.co_freevars
        if STATE_PARAMETER not in names:
            return True
        cell = host.__closure__[names.index(STATE_PARAMETER)]
        return cell.cell_contents.state is state

    def _runs_unhooked(self) -> bool:
        frame = sys._getframe(1)
        while frame.f_back is not None:
            frame = frame.f_back
            if kind_of(frame) == "compiled":
                known = self.machine.compiled_from(frame.f_code.co_filename)
                if known is not None and not known[1].hooked:
                    return True
        return False

    def _watch(self, state: State) -> None:
        """Look at every function that compiled code makes, until the state ends."""
        if state in self._watched:
            return
        self._watched.add(state)
        state.at_exit.append(partial(self._unwatch, state))
        names = self.machine.common_names_of(state)
        for name in _MAKERS:
            if not hasattr(names[name], "watched"):
                names[name] = _watched_class(names[name], self._made)

    def _unwatch(self, state: State) -> None:
        self._watched.discard(state)
        if any(one.integers == state.integers for one in self._watched):
            return
        names = self.machine.common_names_of(state)
        for name in _MAKERS:
            names[name] = getattr(names[name], "watched", names[name])

    def _made(self, function: LuaFunction) -> None:
        """Compiled code has made a function."""
        known = self.machine.compiled_from(function.entry.__code__.co_filename)
        if known is not None and not known[1].hooked:
            names = sys._getframe(2).f_locals.get(STATE_PARAMETER)
            if names is not None and names.state in self._watched:
                self.into(names.state, function, hooked=True)
