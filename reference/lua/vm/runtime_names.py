"""What compiled code finds of the runtime: what every state shares under global names, the rest through `$state_names`."""

from __future__ import annotations

import math
import sys
from functools import partial
from types import MethodType, ModuleType
from typing import Callable

from lockstep.reference.lua.runtime.library.registration import WELL_KNOWN
from lockstep.reference.lua.runtime.operations import (
    arithmetic,
    calls,
    comparison,
    indexing,
    iteration,
    loops,
)
from lockstep.reference.lua.runtime.operations.constructors import argument_table, store_list
from lockstep.reference.lua.runtime.operations.conversion import TYPE_NAMES, number_text
from lockstep.reference.lua.runtime.stack import calmness, closing, hooks
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import (
    ABSENT,
    FALSE,
    HOST,
    NO_VALUES,
    TAIL,
    TRUE,
    Builtin,
    Function0,
    Function1,
    Function2,
    Function3,
    Function4,
    FunctionN,
    LuaBoolean,
    LuaError,
    Table,
    Value,
    VarargFunction,
)
from lockstep.reference.lua.syntax.numerals import wrap
from lockstep.reference.lua.vm.form import well_known_name

_PLAIN_TYPES = frozenset((int, float, str, type(None), LuaBoolean))


def _fix_integer(value: Value) -> Value:
    """Wrap an int beyond 64 bits; a float stays; anything else is for the slow path."""
    if type(value) is int:
        return wrap(value)
    return value


def _fix_double(value: Value) -> Value:
    """Round an int beyond 2^53 to a double (5.1)."""
    return float(value) if type(value) is int else value


def _piece(integers: bool, value: Value) -> str | None:
    """A number as text for concatenation; None for what the runtime must concatenate."""
    return number_text(value, integers) if isinstance(value, (int, float)) else None


def _concatenate_all(state: State, parts: tuple[Value, ...], names: tuple[str | None, ...]) -> Value:
    """`a .. b .. c`, from the right."""
    texts = [part for part in parts if type(part) is str]
    if len(texts) == len(parts):
        state.budget.allocate(sum(map(len, texts)))
        return "".join(texts)
    result = parts[-1]
    name = names[-1]
    for position in range(len(parts) - 2, -1, -1):
        result = arithmetic.concatenate(state, parts[position], result, (names[position], name))
        name = None
    return result


def _adjust(values: list[Value], count: int) -> list[Value]:
    """Exactly `count` of the values, nil for what is missing."""
    size = len(values)
    if size == count:
        return values
    return list(values[:count]) if size > count else [*values, *([None] * (count - size))]


def _count_many(state: State, count: int) -> None:
    """A vararg function was called with many arguments."""
    state.argument_slots.add(count)


_OF_STATE: dict[str, Callable[..., object]] = {
    "index": indexing.index,
    "set_index": indexing.set_index,
    "length": indexing.length,
    "arithmetic": arithmetic.arithmetic,
    "bitwise": arithmetic.bitwise,
    "negate": arithmetic.negate,
    "bitwise_not": arithmetic.bitwise_not,
    "concatenate_all": _concatenate_all,
    "equal": comparison.equal,
    "less_than": comparison.less_than,
    "less_equal": comparison.less_equal,
    "entry": calls.entry,
    "hooked_entry": hooks.hooked_entry,
    "at_point": hooks.at_point,
    "on_call": hooks.on_call,
    "on_return": hooks.on_return,
    "loop_values": loops.loop_values,
    "loop_control": loops.loop_control,
    "iterate": iteration.iterate,
    "check_closable": closing.check_closable,
    "close_value": closing.close_value,
    "close_on_error": closing.close_on_error,
    "count_many": _count_many,
    "calm": calmness.calm,
    "calm_text": calmness.calm_text,
    "calm_iterator": calmness.calm_iterator,
    "way_to_call": calmness.way_to_call,
}


# A tracing host sees through the class itself.
_BARE_TABLE: Callable[[], Table] = (
    partial(object.__new__, Table) if sys.implementation.name == "cpython" else Table
)


class StateNames:
    """The names that are of one state (`form.STATE_NAMES`, without their dollar)."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.State = type(state)
        self.budget = state.budget
        self.set_table_maker(state)
        self.yield_entry = state.yield_entry
        for name, function in _OF_STATE.items():
            setattr(self, name, MethodType(function, state))
        for name in WELL_KNOWN:
            setattr(self, well_known_name(name), state.well_known.get(name, ABSENT))

    def set_table_maker(self, state: State) -> None:
        """Let constructors make their tables with `state.new_table`; they set the parts of a table themselves."""
        self.new_table = _BARE_TABLE if state.new_table is Table else state.new_table


def common_names(integers: bool) -> dict[str, object]:
    """The globals of compiled code: constants, classes, and functions that need no state."""
    # Hosts look global names up faster in a module's dict than in any other.
    names: dict[str, object] = ModuleType("lua").__dict__
    names.update({
        "$true": TRUE,
        "$false": FALSE,
        "$none": NO_VALUES,
        "$tail": TAIL,
        "$host": HOST,
        "$Builtin": Builtin,
        "$Table": Table,
        "$Function0": Function0,
        "$Function1": Function1,
        "$Function2": Function2,
        "$Function3": Function3,
        "$Function4": Function4,
        "$FunctionN": FunctionN,
        "$VarargFunction": VarargFunction,
        "$LuaError": LuaError,
        "$CoroutineClosed": closing.CoroutineClosed,
        "$plain_types": _PLAIN_TYPES,
        "$method": MethodType,
        "$piece": partial(_piece, integers),
        "$power": math.pow,
        "$abs": abs,
        "$chr": chr,
        "$dict": dict,
        "$set_metatable": Table.__dict__["meta_table"].__set__,
        "$ord": ord,
        "$floor": math.floor,
        "$ceil": math.ceil,
        "$sqrt": math.sqrt,
        "$sin": math.sin,
        "$cos": math.cos,
        "$type_names": TYPE_NAMES,
        "$fix": _fix_integer if integers else _fix_double,
        "$first": calls.first,
        "$single": calls.single,
        "$is_builtin": calls.is_builtin,
        "$finish": calls.finish,
        "$values": calls.values,
        "$adjust": _adjust,
        "$store_positional": store_list,
        "$argument_table": argument_table,
    })  # fmt: skip
    return names
