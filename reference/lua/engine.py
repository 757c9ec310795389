"""Lua as an engine: `create_engine(backend, profile)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.host.engine import Completion, Engine, Program, Session, Writer
from lockstep.reference.host.errors import ErrorReport, GuestSyntaxError, Location
from lockstep.reference.host.limits import Budget
from lockstep.reference.lua.profile import PROFILES, Profile
from lockstep.reference.lua.runtime.collector.collection import close_collector
from lockstep.reference.lua.runtime.formats.text import guest_text, host_text, to_string
from lockstep.reference.lua.runtime.libraries import new_state, use_budget
from lockstep.reference.lua.runtime.library.basic import without_first_comment
from lockstep.reference.lua.runtime.operations.calls import call_value, values
from lockstep.reference.lua.runtime.stack.error_report import report_of
from lockstep.reference.lua.runtime.stack.exiting import ProgramExit
from lockstep.reference.lua.runtime.state import Evaluator, State
from lockstep.reference.lua.runtime.system.permissions import Permissions
from lockstep.reference.lua.runtime.values import LuaError, Table, Value
from lockstep.reference.lua.syntax.chunk_source import ChunkSource

if TYPE_CHECKING:
    from lockstep.reference.host.embedding.guest import Guest, Opening


class LuaSession:
    """A Lua state that lives on between programs."""

    def __init__(self, profile: Profile, evaluator: Evaluator, budget: Budget, output: Writer) -> None:
        self._state: State | None = new_state(profile, evaluator, budget, output)

    @property
    def state(self) -> State:
        """The state.

        Raises:
            ValueError: the session is closed.
        """
        if self._state is None:
            raise ValueError("the session is closed")
        return self._state

    def evaluate(self, program: Program, budget: Budget) -> Completion:
        """Run a program; its value prints what its chunk (or expression) returned."""
        state = self.state
        use_budget(state, budget)
        return run_program(state, program, expression=True)

    def close(self) -> None:
        """Release the state; runs its finalisers."""
        if self._state is not None:
            close_state(self._state)
        self._state = None


class LuaEngine:
    """One backend of one version of Lua."""

    def __init__(self, backend: str, profile: Profile) -> None:
        self._backend_name = backend
        self._profile = profile
        self._compiled = make_evaluator(backend, metered=False)
        self._metered = make_evaluator(backend, metered=True)

    def _evaluator(self, budget: Budget) -> Evaluator:
        return self._metered if budget.limits.metered else self._compiled

    def run(self, program: Program, budget: Budget, output: Writer) -> Completion:
        """Run `program` in a fresh state."""
        state = new_state(self._profile, self._evaluator(budget), budget, output)
        try:
            return run_program(state, program)
        finally:
            close_state(state)

    def open_state(
        self, budget: Budget, output: Writer, *, metered: bool, permissions: Permissions | None = None
    ) -> State:
        """A fresh state, for a program that embeds Lua."""
        evaluator = self._metered if metered else self._compiled
        return new_state(self._profile, evaluator, budget, output, permissions)

    def session(self, budget: Budget, output: Writer) -> Session:
        """A fresh state to evaluate programs in."""
        return LuaSession(self._profile, self._evaluator(budget), budget, output)

    def guest(self, opening: Opening) -> Guest:
        """See Engine."""
        from lockstep.reference.lua.guest import LuaGuest  # for embedders only

        return LuaGuest(self._profile, self._metered, opening, close_state)

    def disassemble(self, program: Program) -> str:
        """The generated host source and bytecode, or the tree-walker's syntax tree."""
        source = without_first_comment(guest_text(program.source))
        name = "@" + guest_text(program.name)
        if self._backend_name == "treewalk":
            from lockstep.reference.lua.syntax.dump import dump_tree  # rarely needed
            from lockstep.reference.lua.syntax.parser import parse  # rarely needed

            return dump_tree(parse(source, name, self._profile))
        from lockstep.reference.host.generation.disassembly import listing  # noqa: PLC0415  # rarely needed
        from lockstep.reference.lua.vm.compiler import compile_chunk, generate  # the other backend
        from lockstep.reference.lua.vm.form import Form  # the other backend

        chunk = ChunkSource(source, name)
        code = compile_chunk(chunk, self._profile, Form(), "")
        return listing(generate(chunk, self._profile, Form()), code)


def make_evaluator(name: str, *, metered: bool) -> Evaluator:
    """The evaluator called `name`."""
    if name == "treewalk":
        from lockstep.reference.lua.treewalk.walker import TreeWalker  # one backend at a time

        return TreeWalker()
    from lockstep.reference.lua.vm.machine import Machine  # one backend at a time

    return Machine(metered=metered)


def run_program(state: State, program: Program, *, expression: bool = False) -> Completion:
    """Run the includes and then the program itself; guest errors come back as reports."""
    set_arguments(state, program)
    state.roots = program.roots
    for name, source in program.includes:
        completion = run_chunk(state, source, name, (), expression=False)
        if completion.error is not None:
            return completion
    arguments = tuple(guest_text(argument) for argument in program.arguments)
    completion = run_chunk(state, program.source, program.name, arguments, expression=expression)
    state.output.flush()
    return completion


def set_arguments(state: State, program: Program) -> None:
    """The global `arg`: the program's name at 0, its arguments from 1; only where there are any."""
    table = Table()
    table.array_part = [None, *(guest_text(argument) for argument in program.arguments)]
    table.hash_part[0] = guest_text(program.name)
    if program.arguments:
        state.globals.__dict__["arg"] = table


def run_chunk(
    state: State, source: str, name: str, arguments: tuple[Value, ...], *, expression: bool
) -> Completion:
    """Compile and call one chunk."""
    text = without_first_comment(guest_text(source))
    chunk_name = "@" + guest_text(name)
    try:
        function = None
        if expression:
            try:
                function = state.evaluator.load(state, "return " + text, chunk_name, state.globals)
            except GuestSyntaxError:
                function = None
        if function is None:
            function = state.evaluator.load(state, text, chunk_name, state.globals)
    except GuestSyntaxError as error:
        location = Location(host_text(error.location.file), error.location.line)
        return Completion(ErrorReport("parse", "syntax_error", "", host_text(error.message), location))
    try:
        results = values(call_value(state, function, *arguments))
        if not expression or not results:
            return Completion()
        return Completion(value="\t".join(host_text(str(to_string(state, value))) for value in results))
    except ProgramExit as leaving:
        return Completion(value=None if leaving.status == 0 else f"exit {leaving.status}")
    except (LuaError, RecursionError) as error:
        report = report_of(state, error)
        error.__traceback__ = None
        return Completion(report)


def close_state(state: State) -> int | None:
    """Run what is left to do when a state ends; the exit status that a finaliser asked for, if one did."""
    status = None
    while True:
        try:
            close_collector(state)
            break
        except ProgramExit as leaving:
            status = leaving.status
    for action in state.at_exit:
        action()
    state.budget.at_safe_point = None
    state.release_reserve()
    state.evaluator.forget_names()
    return status


def create_engine(backend: str, profile: str) -> Engine:
    """The engine for a backend (`treewalk` or `vm`) and a version (`5.1` or `5.4`)."""
    return LuaEngine(backend, PROFILES[profile])
