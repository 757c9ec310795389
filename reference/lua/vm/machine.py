"""The VM: loads chunks, and gives compiled code its names of the runtime."""

from __future__ import annotations

import re
from collections import OrderedDict
from functools import partial
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any

from lockstep.reference.host.generation.code_cache import CodeCache, cache_folder, fingerprint
from lockstep.reference.lua.profile import Profile
from lockstep.reference.lua.runtime.collector.weak_tables import MODE
from lockstep.reference.lua.runtime.stack.frames import Level
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.runtime.values import LuaFunction, Value, new_function
from lockstep.reference.lua.syntax import nodes
from lockstep.reference.lua.syntax.chunk_source import ChunkSource
from lockstep.reference.lua.syntax.walking import functions_of
from lockstep.reference.lua.vm.form import CHUNK_FUNCTION, Form, is_boxed
from lockstep.reference.lua.vm.inspection import Inspection
from lockstep.reference.lua.vm.naming import ChunkNames
from lockstep.reference.lua.vm.runtime_names import StateNames, common_names

if TYPE_CHECKING:
    from lockstep.reference.lua.vm.exchange import Exchange

# What a chunk mentions that sets hooks; from there on all that a state loads is in the hooked form.
_HOOKS = re.compile(r"\bsethook\b")
# Longer texts than this, and files, are kept compiled on disk.
_WORTH_KEEPING = 2000
_SOURCES_KEPT = 1024


def _compiled(source: ChunkSource, profile: Profile, form: Form, key: str) -> CodeType:
    from lockstep.reference.lua.vm.compiler import compile_chunk  # noqa: PLC0415  # compiled code needs no compiler

    return compile_chunk(source, profile, form, key)


class Machine(Inspection):
    """The VM's side of the `Evaluator` protocol.

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
        # The global names of compiled code, the same for every state.
        self._common: dict[bool, dict[str, Value]] = {}
        self._exchange: Exchange | None = None

    def load(self, state: State, source: str, chunk_name: str, environment: Value) -> LuaFunction:
        """The main function of a chunk. Raises GuestSyntaxError."""
        return new_function(self._define(state, ChunkSource(source, chunk_name))(environment), -1)

    def load_chunk(self, state: State, source: ChunkSource, environment: Value) -> LuaFunction:
        """A main function, or a dumped one with upvalues of its own; the first is the environment."""
        from lockstep.reference.lua.syntax.parser import parse_chunk  # noqa: PLC0415  # compiled code needs no parser
        from lockstep.reference.lua.syntax.token_reader import HIDDEN_ENVIRONMENT  # noqa: PLC0415

        define = self._define(state, source)
        if source.outer is None:
            return new_function(define(environment), -1)
        function = next(one for one in functions_of(parse_chunk(source, state.profile)) if one.number == 1)
        named = self._named(state, function, define.func.__code__.co_filename)
        given: list[Value] = []
        for position, variable in enumerate(named.upvalues):
            is_environment = position == 0 if state.integers else variable.name == HIDDEN_ENVIRONMENT
            value = environment if is_environment else None
            given.append([value] if is_boxed(variable) else value)
        host = define(*given)
        return new_function(host, -1 if named.is_vararg else len(named.parameters))

    def _named(self, state: State, function: nodes.Function, file_name: str) -> nodes.Function:
        """`function` as the compiler saw it, with its variables' host names."""
        names = self.names_of(state, file_name)
        return (names.numbered(function.number) if names is not None else None) or function

    def _define(self, state: State, source: ChunkSource) -> Any:
        """The host function that makes a chunk's function."""
        state.hookable = state.hookable or _HOOKS.search(source.text) is not None
        state.mentions_modes = state.mentions_modes or MODE in source.text
        releasing = state.budget.limits.stress is not None
        form = Form(metered=self._metered, hooked=state.hookable, releasing=releasing)
        state.unhooked = state.unhooked or not form.hooked
        code = self.code_of(state.profile, source, form)
        names = state.compiled_names
        if names is None:
            names = state.compiled_names = StateNames(state)
        names.budget = state.budget
        made: dict[str, Any] = {}
        exec(code, self.common_names_of(state), made)  # noqa: S102  # our own compiler's output
        return partial(made[CHUNK_FUNCTION], names)

    def prepare(self, state: State, source: str, chunk_name: str) -> None:
        """Compile a long text in a process of its own, so that `load` finds it on disk."""
        from lockstep.reference.lua.vm.precompile import precompile  # noqa: PLC0415  # rarely needed

        precompile(state.profile, source, chunk_name, Form(metered=self._metered, hooked=state.hookable))

    def code_of(self, profile: Profile, source: ChunkSource, form: Form) -> CodeType:
        """The host code of a chunk in a form. Raises GuestSyntaxError."""
        options = (source.chunk_name, source.outer, source.first_line, source.stripped, profile.name, form)
        key = self._cache.key(source.text, *options)
        code = self._cache.get(
            key,
            lambda: _compiled(source, profile, form, key),
            persist=len(source.text) > _WORTH_KEEPING or source.chunk_name.startswith("@"),
        )
        self._remember(code.co_filename, source, form)
        return code

    def common_names_of(self, state: State) -> dict[str, Any]:
        """The global names of compiled code."""
        common = self._common.get(state.integers)
        if common is None:
            common = self._common[state.integers] = common_names(state.integers)
        return common

    def compiled_from(self, file_name: str) -> tuple[ChunkSource, Form] | None:
        """What a chunk was compiled from and how, as long as that is kept."""
        return self._sources.get(file_name)

    @property
    def exchange(self) -> Exchange:
        """Brings functions into other forms."""
        if self._exchange is None:
            from lockstep.reference.lua.vm.exchange import Exchange  # noqa: PLC0415  # rarely needed

            self._exchange = Exchange(self)
        return self._exchange

    def hook_loaded(self, state: State) -> None:
        """Let hooks work in what was loaded before, from the next call on of each function."""
        state.hookable = True
        if state.unhooked:
            state.unhooked = False
            self.exchange.hook_all(state)

    def set_table_maker(self, state: State) -> None:
        """Let constructors make their tables with `state.new_table`."""
        if state.compiled_names is not None:
            state.compiled_names.set_table_maker(state)

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

    def forget_names(self) -> None:
        """Forget what was found out of names, which can be found again: it is large, and collections look at it."""
        self._names.clear()

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
