"""What the debug library asks of the VM."""

# ruff: noqa: PERF203  # each round must be protected by itself
from __future__ import annotations

import gc
import sys
from types import CellType, FrameType, FunctionType
from typing import TYPE_CHECKING, Any

from lockstep.reference.lua.runtime.operations.loops import control_value
from lockstep.reference.lua.runtime.stack.frames import Level, chunk_name_of
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import LuaFunction, Value
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.vm.cells import BOXES, REPLACED, CellBox, put_host_function
from lockstep.reference.lua.vm.form import OPERAND, is_boxed
from lockstep.reference.lua.vm.naming import ChunkNames

if TYPE_CHECKING:
    from lockstep.reference.lua.vm.exchange import Exchange


class Inspection:
    """The VM's part of `Evaluator` for the debug library."""

    @property
    def exchange(self) -> Exchange:
        """Brings functions into other forms; overridden by the machine."""
        raise NotImplementedError

    def names_of(self, state: State, file_name: str) -> ChunkNames | None:
        """What is known of a chunk's names; overridden by the machine."""
        raise NotImplementedError

    def function_node(self, state: State, function: LuaFunction) -> nodes.Function | None:
        """The syntax of a function."""
        return self._node(state, _host(function).__code__)

    def _node(self, state: State, code: Any) -> nodes.Function | None:
        names = self.names_of(state, code.co_filename)
        return None if names is None else names.function(code.co_name)

    def chunk_of(self, function: LuaFunction) -> str:
        """The name of its chunk."""
        return chunk_name_of(_host(function).__code__.co_filename)

    def level_node(self, state: State, level: Level) -> nodes.Function | None:
        """The syntax of the function that runs at a level."""
        return self._node(state, level.frame.f_code)

    def level_function(self, state: State, level: Level) -> Value:
        """The function object that runs at a level, found through the host's references to its code."""
        del state
        return function_of_frame(level.frame)

    def runs_in(self, function: LuaFunction, frame: FrameType) -> bool:
        """Whether a frame is an activation of `function`."""
        form = generator_form_of(function)
        if form is not None and form.__code__ is frame.f_code and _same_cells(form, frame):
            return True
        host = _host(function)
        while True:
            if host.__code__ is frame.f_code and _same_cells(host, frame):
                return True
            if REPLACED not in host.__dict__:
                return False
            host = host.__dict__[REPLACED]

    def _cell(self, state: State, function: LuaFunction, variable: nodes.Variable) -> CellType | None:
        host = _host(function)
        del state
        names = host.__code__.co_freevars
        if variable.host not in names or host.__closure__ is None:
            return None
        return host.__closure__[names.index(variable.host)]

    def read_upvalue(self, state: State, function: LuaFunction, variable: nodes.Variable) -> Value:
        """An upvalue's value."""
        variable = self._own(state, function, variable)
        cell = self._cell(state, function, variable)
        if cell is None:
            return None
        try:
            held = cell.cell_contents
        except ValueError:
            return None
        return held[0] if is_boxed(variable) else held

    def _own(self, state: State, function: LuaFunction, variable: nodes.Variable) -> nodes.Variable:
        del state, function
        return variable

    def write_upvalue(
        self, state: State, function: LuaFunction, variable: nodes.Variable, value: Value
    ) -> None:
        """Set an upvalue."""
        cell = self._cell(state, function, variable)
        if cell is None:
            return
        if is_boxed(variable):
            cell.cell_contents[0] = value
        else:
            cell.cell_contents = value
        self.exchange.doubt(state, function)

    def upvalue_cell(self, state: State, function: LuaFunction, variable: nodes.Variable) -> object:
        """What identifies an upvalue."""
        cell = self._cell(state, function, variable)
        held = cell.cell_contents if cell is not None and is_boxed(variable) else cell
        return held.cell if isinstance(held, CellBox) else held

    def join_upvalue(
        self,
        state: State,
        function: LuaFunction,
        variable: nodes.Variable,
        other: LuaFunction,
        other_variable: nodes.Variable,
    ) -> None:
        """Let one upvalue refer to another's variable."""
        cell = self._cell(state, other, other_variable)
        if cell is None:
            return
        if is_boxed(variable) and not is_boxed(other_variable):
            cell = CellType(CellBox(cell))
        elif is_boxed(other_variable) and not is_boxed(variable):
            node = self.function_node(state, function)
            if node is None or not self.exchange.into(state, function, boxed=True):
                return
            position = node.upvalues.index(variable)
            node = self.function_node(state, function)
            assert node is not None
            variable = node.upvalues[position]
        _replace_cell(function, variable.host, cell)
        self.exchange.doubt(state, function)

    def locals_of(self, state: State, level: Level) -> list[tuple[nodes.Variable, Value]]:
        """The active local variables of a level."""
        node = self.level_node(state, level)
        if node is None:
            return []
        line = level.line
        names = self.names_of(state, level.frame.f_code.co_filename)
        position = None if names is None else names.position_of(level)
        offset = None if position is None else position[1]
        held = level.frame.f_locals
        found: list[tuple[nodes.Variable, Value]] = []
        for variable in node.variables:
            if not variable.is_active(line, offset):
                continue
            if variable.constant is None and variable.host in held:
                value = held[variable.host]
                if is_boxed(variable) and type(value) in BOXES:
                    value = value[0]
                found.append((variable, control_value(value, found[-1][1] if found else None)))
        return found

    def set_local(self, state: State, level: Level, variable: nodes.Variable, value: Value) -> bool:
        """Assign to a local variable of a level, where the host lets one."""
        del state
        held = level.frame.f_locals
        if is_boxed(variable):
            held[variable.host][0] = value
            return True
        return _set_host_local(level.frame, variable.host, value)

    def temporaries_of(self, level: Level) -> list[tuple[str, Value]]:
        """The operands that wait at a level, each with what `set_temporary` takes; the hooked form keeps them."""
        held = level.frame.f_locals
        return [(name, held[name]) for name in sorted(held) if name.startswith(OPERAND)]

    def set_temporary(self, level: Level, key: str, value: Value) -> None:
        """Change an operand that waits."""
        _set_host_local(level.frame, key, value)

    def set_vararg(self, level: Level, position: int, value: Value) -> bool:
        """Assign to an extra argument; whether there is one at `position`, from 0, and the host lets one."""
        varargs = list(self.varargs_of(level))
        if position >= len(varargs):
            return False
        varargs[position] = value
        return _set_host_local(level.frame, "$varargs", tuple(varargs))

    def varargs_of(self, level: Level) -> tuple[Value, ...]:
        """The extra arguments of a level."""
        varargs: tuple[Value, ...] = level.frame.f_locals.get("$varargs", ())
        return varargs

    def set_environment(self, state: State, function: LuaFunction, environment: Value) -> None:
        """Give a function an environment of its own (5.1)."""
        node = self.function_node(state, function)
        if node is None:
            return
        name = _environment_name(node)
        host = _host(function)
        if _carries_environment(node) and name in host.__code__.co_freevars and host.__closure__ is not None:
            # The closure's own, which what runs of it reads too.
            host.__closure__[host.__code__.co_freevars.index(name)].cell_contents = environment
        else:
            _replace_cell(function, name, CellType(environment))

    def set_level_environment(self, state: State, level: Level, environment: Value) -> None:
        """Give the function that runs at a level, and those that share its variable, an environment (5.1)."""
        function = function_of_frame(level.frame)
        node = self.level_node(state, level)
        if function is None or node is None:
            return
        host = _host(function)
        name = _environment_name(node)
        if name in host.__code__.co_freevars and host.__closure__ is not None:
            host.__closure__[host.__code__.co_freevars.index(name)].cell_contents = environment

    def environment(self, state: State, function: LuaFunction) -> Value:
        """A function's environment (5.1)."""
        node = self.function_node(state, function)
        host = _host(function)
        if node is None or host.__closure__ is None:
            return None
        name = _environment_name(node)
        names = host.__code__.co_freevars
        return host.__closure__[names.index(name)].cell_contents if name in names else None


def _set_host_local(frame: FrameType, name: str, value: Value) -> bool:
    """Assign to a variable of a host frame; whether the host lets one."""
    if sys.implementation.name != "cpython":
        return False
    frame.f_locals[name] = value
    import ctypes  # noqa: PLC0415  # rarely needed

    ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
    return True


def _host(function: LuaFunction) -> FunctionType:
    entry: Any = function.entry
    host: FunctionType = entry
    return host


def generator_form_of(function: LuaFunction) -> FunctionType | None:
    """The host generator function of a function, if it was compiled as one."""
    return getattr(function, "generator_form", None)


def _environment_variable(node: nodes.Function) -> nodes.Variable:
    outermost = node
    while outermost.parent is not None:
        outermost = outermost.parent
    return outermost.upvalues[0]


def _environment_name(node: nodes.Function) -> str:
    name: str = _environment_variable(node).host
    return name


def _carries_environment(node: nodes.Function) -> bool:
    """Whether each closure of the chunk has an environment of its own."""
    return _environment_variable(node).in_loop


def _replace_cell(function: LuaFunction, name: str, cell: CellType) -> None:
    """Rebuild a function's host function with another cell under `name`."""
    host = _host(function)
    names = host.__code__.co_freevars
    if name not in names or host.__closure__ is None:
        return
    cells = tuple(cell if known == name else old for known, old in zip(names, host.__closure__))
    made = FunctionType(host.__code__, host.__globals__, host.__name__, host.__defaults__, cells)
    put_host_function(function, made)


def function_of_frame(frame: FrameType) -> LuaFunction | None:
    """The function object whose activation a frame is."""
    best: LuaFunction | None = None
    for host in gc.get_referrers(frame.f_code):
        if not isinstance(host, FunctionType):
            continue
        for holder in _holders(host):
            if _same_cells(host, frame):
                return holder
            best = best or holder
    return best


def _holders(host: FunctionType) -> list[LuaFunction]:
    """The function objects that a host function is of, or was of before they got another."""
    found: list[LuaFunction] = []
    for holder in gc.get_referrers(host):
        if isinstance(holder, LuaFunction) and host in (holder.entry, generator_form_of(holder)):
            found.append(holder)
        elif type(holder) is dict and holder.get(REPLACED) is host:
            for later in gc.get_referrers(holder):
                if isinstance(later, FunctionType):
                    found.extend(_holders(later))
    return found


def _same_cells(host: FunctionType, frame: FrameType) -> bool:
    held = frame.f_locals
    for name, cell in zip(host.__code__.co_freevars, host.__closure__ or ()):
        try:
            if name in held and held[name] is not cell.cell_contents:
                return False
        except ValueError:
            continue
    return True
