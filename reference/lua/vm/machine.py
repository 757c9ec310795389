"""The compiling backend: loads chunks, and gives compiled code its names of the runtime."""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from functools import partial
from pathlib import Path
from types import CodeType, MethodType, ModuleType
from typing import Any

from reference.host.code_cache import CodeCache, cache_folder, fingerprint
from reference.lua.profile import Profile
from reference.lua.runtime import arithmetic, calls, closing, comparison, hooks, indexing, iteration, loops
from reference.lua.runtime.constructors import argument_table, store_list
from reference.lua.runtime.conversion import number_text
from reference.lua.runtime.frames import Level
from reference.lua.runtime.state import State
from reference.lua.runtime.values import (
    FALSE,
    NO_VALUES,
    TAIL,
    TRUE,
    Function0,
    Function1,
    Function2,
    Function3,
    Function4,
    FunctionN,
    LuaBoolean,
    LuaError,
    LuaFunction,
    Table,
    Value,
    VarargFunction,
)
from reference.lua.syntax import nodes
from reference.lua.syntax.chunk_source import ChunkSource
from reference.lua.syntax.numerals import wrap
from reference.lua.syntax.walking import functions_of
from reference.lua.vm.form import CHUNK_FUNCTION, Form, is_boxed
from reference.lua.vm.inspection import Inspection
from reference.lua.vm.naming import ChunkNames

# How control leaves a block that stands in a host function of its own.
THROUGH, BREAK, CONTINUE = object(), object(), object()
# What a chunk mentions that sets hooks; from there on all that a state loads is in the hooked form.
_HOOKS = re.compile(r"\bsethook\b")
# Longer texts than this, and files, are kept compiled on disk.
_WORTH_KEEPING = 2000
_SOURCES_KEPT = 1024
_BY_COUNT = (Function0, Function1, Function2, Function3, Function4)
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
    return number_text(value, integers) if type(value) in (int, float) else None


def _concatenate_all(state: State, parts: tuple[Value, ...], names: tuple[str | None, ...]) -> Value:
    """`a .. b .. c`, from the right."""
    if all(type(part) is str for part in parts):
        state.budget.allocate(sum(map(len, parts)))
        return "".join(parts)
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


def _compiled(source: ChunkSource, profile: Profile, form: Form, key: str) -> CodeType:
    from reference.lua.vm.compiler import compile_chunk  # noqa: PLC0415  # compiled code needs no compiler

    return compile_chunk(source, profile, form, key)


class Machine(Inspection):
    """The VM's side of the `Backend` protocol.

    Args:
        metered: compile code that counts steps.
    """

    def __init__(self, *, metered: bool) -> None:
        self._metered = metered
        self._cache = CodeCache(fingerprint(Path(__file__).parent.parent), cache_folder() / "code")
        self._sources: dict[str, tuple[ChunkSource, Form]] = {}
        # Chunks that were loaded from strings, the one used last at the end.
        self._passing: OrderedDict[str, None] = OrderedDict()
        self._names: dict[str, ChunkNames] = {}

    def load(self, state: State, source: str, chunk_name: str, environment: Value) -> LuaFunction:
        """The main function of a chunk. Raises GuestSyntaxError."""
        return VarargFunction(self._define(state, ChunkSource(source, chunk_name))(environment))

    def load_chunk(self, state: State, source: ChunkSource, environment: Value) -> LuaFunction:
        """A main function, or a dumped one with upvalues of its own; the first is the environment."""
        from reference.lua.syntax.parser import parse_chunk  # noqa: PLC0415  # compiled code needs no parser
        from reference.lua.syntax.token_reader import HIDDEN_ENVIRONMENT  # noqa: PLC0415

        define = self._define(state, source)
        if source.outer is None:
            return VarargFunction(define(environment))
        function = next(one for one in functions_of(parse_chunk(source, state.profile)) if one.number == 1)
        named = self._named(state, function, define.__code__.co_filename)
        given: list[Value] = []
        for position, variable in enumerate(named.upvalues):
            is_environment = position == 0 if state.integers else variable.name == HIDDEN_ENVIRONMENT
            value = environment if is_environment else None
            given.append([value] if is_boxed(variable) else value)
        host = define(*given)
        count = len(named.parameters)
        if named.is_vararg:
            return VarargFunction(host)
        return _BY_COUNT[count](host) if count < len(_BY_COUNT) else FunctionN(host, count)

    def _named(self, state: State, function: nodes.Function, file_name: str) -> nodes.Function:
        """`function` as the compiler saw it, with its variables' host names."""
        names = self.names_of(state, file_name)
        return (names.numbered(function.number) if names is not None else None) or function

    def _define(self, state: State, source: ChunkSource) -> Any:
        """The host function that makes a chunk's function."""
        profile = state.profile
        state.hookable = state.hookable or _HOOKS.search(source.text) is not None
        form = Form(metered=self._metered, hooked=state.hookable)
        options = (source.chunk_name, source.outer, source.first_line, source.stripped, profile.name, form)
        key = self._cache.key(source.text, *options)
        code = self._cache.get(
            key,
            lambda: _compiled(source, profile, form, key),
            persist=len(source.text) > _WORTH_KEEPING or source.chunk_name.startswith("@"),
        )
        self._remember(code.co_filename, source, form)
        names = state.compiled_names
        if names is None:
            names = state.compiled_names = runtime_names(state)
        names["$budget"] = state.budget
        made: dict[str, Any] = {}
        exec(code, names, made)  # noqa: S102  # our own compiler's output
        return made[CHUNK_FUNCTION]

    def set_table_maker(self, state: State) -> None:
        """Let constructors make their tables with `state.new_table`."""
        if state.compiled_names is not None:
            state.compiled_names["$new_table"] = state.new_table

    def source_of(self, state: State, function: LuaFunction) -> tuple[ChunkSource, nodes.Function] | None:
        """What a function was compiled from, and its syntax."""
        host: Any = function.entry
        found = self._sources.get(host.__code__.co_filename)
        node = self.function_node(state, function)
        return None if found is None or node is None else (found[0], node)

    def _remember(self, file_name: str, source: ChunkSource, form: Form) -> None:
        self._sources[file_name] = (source, form)
        if source.chunk_name.startswith("@"):
            return  # files stay
        self._passing[file_name] = None
        self._passing.move_to_end(file_name)
        if len(self._passing) > _SOURCES_KEPT:
            self._forget(self._passing.popitem(last=False)[0])

    def _forget(self, file_name: str) -> None:
        self._sources.pop(file_name, None)
        self._names.pop(file_name, None)

    def forget_chunks(self, chunk_name: str) -> None:
        """Forget the sources of every chunk of a name: no function of theirs is left."""
        for file_name in [name for name, (kept, _) in self._sources.items() if kept.chunk_name == chunk_name]:
            self._forget(file_name)

    def names_of(self, state: State, file_name: str) -> ChunkNames | None:
        """What is known of a chunk's names, as long as its source is kept."""
        names = self._names.get(file_name)
        if names is None:
            found = self._sources.get(file_name)
            if found is None:
                return None
            names = self._names[file_name] = ChunkNames(found[0], state.profile, found[1])
        return names

    def call_site(self, state: State, level: Level) -> tuple[str, str] | None:
        """Kind and name of the function that a level of compiled code is calling."""
        names = self.names_of(state, level.frame.f_code.co_filename)
        return None if names is None else names.call_at(level)


def runtime_names(state: State) -> dict[str, Any]:
    """The globals of compiled code in one state."""

    def bound(function: Any) -> Any:
        return MethodType(function, state)

    # Hosts look global names up faster in a module's dict than in any other.
    names: dict[str, Any] = ModuleType("lua").__dict__
    names.update({
        "$true": TRUE,
        "$false": FALSE,
        "$none": NO_VALUES,
        "$tail": TAIL,
        "$Table": Table,
        "$new_table": state.new_table,
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
        "$through": THROUGH,
        "$break": BREAK,
        "$continue": CONTINUE,
        "$budget": state.budget,
        "$state": state,
        "$State": type(state),
        "$method": MethodType,
        "$index": bound(indexing.index),
        "$set_index": bound(indexing.set_index),
        "$length": bound(indexing.length),
        "$arithmetic": bound(arithmetic.arithmetic),
        "$bitwise": bound(arithmetic.bitwise),
        "$negate": bound(arithmetic.negate),
        "$bitwise_not": bound(arithmetic.bitwise_not),
        "$concatenate_all": bound(_concatenate_all),
        "$piece": partial(_piece, state.integers),
        "$power": math.pow,
        "$fix": _fix_integer if state.integers else _fix_double,
        "$equal": bound(comparison.equal),
        "$less_than": bound(comparison.less_than),
        "$less_equal": bound(comparison.less_equal),
        "$entry": bound(calls.entry),
        "$first": calls.first,
        "$single": calls.single,
        "$is_builtin": calls.is_builtin,
        "$hooked_entry": bound(hooks.hooked_entry),
        "$at_point": bound(hooks.at_point),
        "$on_call": bound(hooks.on_call),
        "$on_return": bound(hooks.on_return),
        "$finish": calls.finish,
        "$values": calls.values,
        "$adjust": _adjust,
        "$loop_values": bound(loops.loop_values),
        "$iterate": bound(iteration.iterate),
        "$store_positional": store_list,
        "$argument_table": argument_table,
        "$check_closable": bound(closing.check_closable),
        "$close_value": bound(closing.close_value),
        "$close_on_error": bound(closing.close_on_error),
    })
    return names
