"""The tree-walker: loads chunks and activates functions."""

from __future__ import annotations

from types import MethodType
from weakref import ref

from lockstep.reference.host.collector import collector_paused_for
from lockstep.reference.host.deep_stack import MANY_ARGUMENTS
from lockstep.reference.lua.runtime.collector.weak_tables import MODE
from lockstep.reference.lua.runtime.operations.calls import is_tail_call
from lockstep.reference.lua.runtime.operations.constructors import argument_table
from lockstep.reference.lua.runtime.stack.hooks import on_call, on_return
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import LuaFunction, Results, Value, VarargFunction
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.syntax.chunk_source import ChunkSource
from lockstep.reference.lua.syntax.parser import parse_chunk
from lockstep.reference.lua.syntax.walking import functions_of
from lockstep.reference.lua.treewalk.activation import Activation, Cell, Cells, Closure
from lockstep.reference.lua.treewalk.inspection import Inspection
from lockstep.reference.lua.treewalk.statements import Returned, execute_body


def activate_lua_function(closure: Closure, state: State, arguments: tuple[Value, ...]) -> Results:
    """Run a function (manual 3.4.10, 3.4.11): arguments are adjusted to the parameters."""
    function = closure.function
    parameters = function.parameters
    count = len(parameters)
    activation = Activation(closure, arguments[count:] if function.is_vararg else ())
    if state.budget.limits.metered:
        state.budget.step()
    if len(activation.varargs) >= MANY_ARGUMENTS:
        state.argument_slots.add(len(arguments))
    cells = activation.cells
    for position, variable in enumerate(parameters):
        cells[variable] = Cell(arguments[position] if position < len(arguments) else None)
    if function.uses_argument_table is not None:
        # 5.1 manual 2.5.9: the extra arguments in a table `arg` with a field `n`
        table = None if function.uses_vararg else argument_table(activation.varargs)
        cells[function.uses_argument_table] = Cell(table)
    if state.hook is not None:
        on_call(state)
    signal = execute_body(state, function.block, activation)
    result: Results = []
    if isinstance(signal, Returned):
        result = signal.result
    else:
        activation.at(state, function.end)
    if state.hook is not None and not is_tail_call(result):
        on_return(state, result)
    return result


class TreeWalker(Inspection):
    """The tree-walker's side of the `Evaluator` protocol."""

    def load(self, state: State, source: str, chunk_name: str, environment: Value) -> LuaFunction:
        """The main function of a chunk. Raises GuestSyntaxError."""
        return self.load_chunk(state, ChunkSource(source, chunk_name), environment)

    def load_chunk(self, state: State, source: ChunkSource, environment: Value) -> LuaFunction:
        """A main function, or a dumped one with upvalues of its own; the first is the environment."""
        state.mentions_modes = state.mentions_modes or MODE in source.text
        with collector_paused_for(len(source.text)):
            chunk = parse_chunk(source, state.profile)
        function = chunk
        if source.outer is not None:
            function = next(one for one in functions_of(chunk) if one.number == 1)
        cells: Cells = {variable: Cell(None) for variable in function.upvalues}
        if function.upvalues:
            first = function.upvalues[0] if state.integers else chunk.upvalues[0]
            cells[first] = Cell(environment)
        return self._function(state, Closure(self, function, cells, source))

    def prepare(self, state: State, source: str, chunk_name: str) -> None:
        """Nothing: the parser lets other threads run."""

    def set_table_maker(self, state: State) -> None:
        """Constructors ask the state for each table."""

    def hook_loaded(self, state: State) -> None:
        """Nothing: every activation asks whether there is a hook."""

    def source_of(self, state: State, function: LuaFunction) -> tuple[ChunkSource, nodes.Function]:
        """What a function was compiled from, and its syntax."""
        del state
        closure: Closure = function.prototype
        return closure.source, closure.function

    def forget_chunks(self, chunk_name: str) -> None:
        """Nothing: a function holds its own syntax."""

    def forget_names(self) -> None:
        """Nothing: no names are kept."""

    def close(self, state: State, function: nodes.Function, activation: Activation) -> LuaFunction:
        """A closure of `function` over the variables of the activation (manual 3.5)."""
        cells: Cells = {}
        for variable in function.upvalues:
            cells[variable] = activation.cells[variable]
        return self._function(state, Closure(self, function, cells, activation.closure.source))

    def _function(self, state: State, closure: Closure) -> LuaFunction:
        made = VarargFunction()
        made.cn = MethodType(_entry, (closure, state))
        made.prototype = closure
        closure.owner = ref(made)
        return made


def _entry(bound: tuple[Closure, State], *arguments: Value) -> Results:
    return activate_lua_function(bound[0], bound[1], arguments)
