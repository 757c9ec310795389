"""What the debug library asks of the tree-walker."""

from __future__ import annotations

from types import FrameType

from lockstep.reference.lua.runtime.operations.loops import control_value
from lockstep.reference.lua.runtime.stack.frames import Level, levels
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import LuaFunction, Value
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.treewalk.activation import Activation, Cell, Closure


class Inspection:
    """The tree-walker's part of `Evaluator` for the debug library."""

    def function_node(self, state: State, function: LuaFunction) -> nodes.Function | None:
        """The syntax of a function."""
        del state
        closure: Closure = function.prototype
        return closure.function

    def chunk_of(self, function: LuaFunction) -> str:
        """The name of its chunk."""
        closure: Closure = function.prototype
        return closure.source.chunk_name

    def call_site(self, state: State, level: Level) -> tuple[str, str] | None:
        """Kind and name of the function that a level is calling."""
        del state
        found: tuple[str, str] | None = level.activation.call_site()
        return found

    def level_node(self, state: State, level: Level) -> nodes.Function | None:
        """The syntax of the function that runs at a level."""
        del state
        activation: Activation = level.activation
        return activation.function

    def level_function(self, state: State, level: Level) -> Value:
        """The function object that runs at a level."""
        del state
        activation: Activation = level.activation
        return activation.closure.object()

    def runs_in(self, function: LuaFunction, frame: FrameType) -> bool:
        """Whether a frame is an activation of `function`."""
        activation = frame.f_locals.get("activation")
        return activation is not None and activation.closure is function.prototype

    def read_upvalue(self, state: State, function: LuaFunction, variable: nodes.Variable) -> Value:
        """An upvalue's value."""
        del state
        return function.prototype.cells[variable].value

    def write_upvalue(
        self, state: State, function: LuaFunction, variable: nodes.Variable, value: Value
    ) -> None:
        """Set an upvalue."""
        del state
        function.prototype.cells[variable].value = value

    def upvalue_cell(self, state: State, function: LuaFunction, variable: nodes.Variable) -> object:
        """What identifies an upvalue."""
        del state
        cell: object = function.prototype.cells[variable]
        return cell

    def join_upvalue(
        self,
        state: State,
        function: LuaFunction,
        variable: nodes.Variable,
        other: LuaFunction,
        other_variable: nodes.Variable,
    ) -> None:
        """Let one upvalue refer to another's variable."""
        del state
        function.prototype.cells[variable] = other.prototype.cells[other_variable]

    def locals_of(self, state: State, level: Level) -> list[tuple[nodes.Variable, Value]]:
        """The active local variables of a level."""
        del state
        activation: Activation = level.activation
        line, offset = activation.line, activation.node.offset
        found: list[tuple[nodes.Variable, Value]] = []
        for variable in activation.function.variables:
            if variable in activation.cells and variable.is_active(line, offset):
                value = activation.cells[variable].value
                found.append((variable, control_value(value, found[-1][1] if found else None)))
        return found

    def set_local(self, state: State, level: Level, variable: nodes.Variable, value: Value) -> bool:
        """Assign to a local variable of a level."""
        del state
        level.activation.cells[variable].value = value
        return True

    def temporaries_of(self, level: Level) -> list[tuple[object, Value]]:
        """The operands that wait at a level, each with what `set_temporary` takes."""
        return list(enumerate(level.activation.temporaries))

    def set_temporary(self, level: Level, key: int, value: Value) -> None:
        """Change an operand that waits."""
        level.activation.temporaries[key] = value

    def set_vararg(self, level: Level, position: int, value: Value) -> bool:
        """Assign to an extra argument; whether there is one at `position`, from 0."""
        activation: Activation = level.activation
        if position >= len(activation.varargs):
            return False
        held = list(activation.varargs)
        held[position] = value
        activation.varargs = tuple(held)
        return True

    def varargs_of(self, level: Level) -> tuple[Value, ...]:
        """The extra arguments of a level."""
        varargs: tuple[Value, ...] = level.activation.varargs
        return varargs

    def set_environment(self, state: State, function: LuaFunction, environment: Value) -> None:
        """Give a function an environment of its own (5.1)."""
        del state
        closure: Closure = function.prototype
        variable = _environment(closure.function)
        cell = closure.cells[variable] = Cell(environment)
        for level in levels():
            # What runs already reads its globals from there too.
            if level.kind == "walked" and level.activation.closure is closure:
                level.activation.cells[variable] = cell

    def set_level_environment(self, state: State, level: Level, environment: Value) -> None:
        """Give the function that runs at a level an environment of its own (5.1)."""
        del state
        activation: Activation = level.activation
        variable = _environment(activation.function)
        activation.cells[variable] = activation.closure.cells[variable] = Cell(environment)

    def environment(self, state: State, function: LuaFunction) -> Value:
        """A function's environment (5.1)."""
        del state
        closure: Closure = function.prototype
        cell = closure.cells.get(_environment(closure.function))
        return None if cell is None else cell.value


def _environment(function: nodes.Function) -> nodes.Variable:
    outermost = function
    while outermost.parent is not None:
        outermost = outermost.parent
    return outermost.upvalues[0]
