"""JavaScript engines: `create_engine("treewalk" | "vm")`."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lockstep.reference.host.collector import collector_paused_for
from lockstep.reference.host.engine import Completion, Engine, Program, Session, Writer
from lockstep.reference.host.generation.disassembly import listing
from lockstep.reference.host.limits import Budget, Output
from lockstep.reference.host.program import Hosting
from lockstep.reference.javascript.program_cache import ProgramCache, tree_size
from lockstep.reference.javascript.runtime.completions import ThrowCompletion
from lockstep.reference.javascript.runtime.operations.inspection import inspect
from lockstep.reference.javascript.runtime.realm import Realm
from lockstep.reference.javascript.runtime.values import Value, undefined
from lockstep.reference.javascript.state import Backend, JavaScriptState
from lockstep.reference.javascript.syntax.parse import parse_script
from lockstep.reference.javascript.typescript import advice, as_javascript

if TYPE_CHECKING:
    from lockstep.reference.host.embedding.guest import Guest, Opening
    from lockstep.reference.host.errors import ErrorReport
    from lockstep.reference.javascript.runtime.interfaces import Evaluator
    from lockstep.reference.javascript.syntax.ast import Script
    from lockstep.reference.javascript.vm.kept_programs import KeptPrograms
    from lockstep.reference.javascript.vm.program import CompiledProgram


# `Program.mode` of a file that is run as `lockstep exec javascript` runs it: as its name says, with the host around it.
COMMAND = "program"


class _VmBackend(Backend):
    def __init__(self) -> None:
        # Functions of a program that went may still be called, but garbage that holds them holds no trees.
        self.cache: ProgramCache[CompiledProgram] = ProgramCache(leave=lambda program: program.forget_trees())
        self.kept: KeptPrograms | None = None

    def evaluator(self, budget: Budget) -> Any:
        from lockstep.reference.javascript.vm.kept_programs import KeptPrograms  # likewise
        from lockstep.reference.javascript.vm.machine import Machine  # a backend at a time

        if self.kept is None:
            self.kept = KeptPrograms()
        return Machine(self.cache, metered=budget.limits.metered, kept=self.kept)

    def run_source(self, evaluator: Any, realm: Realm, source: str, name: str, strict: bool) -> Value:
        from lockstep.reference.javascript.vm.program import program_size  # a backend at a time

        kept = evaluator.kept
        program = self.cache.get(
            (source, name, strict, evaluator.metered),
            lambda: kept.compiled(evaluator, source, name, strict),
            program_size,
        )
        return evaluator.run_program(realm, program)

    def end_run(self, *, is_last: bool = False) -> None:
        if self.kept is not None:
            self.kept.save(all_grown=is_last)

    def disassemble(self, program: Program) -> str:
        evaluator = self.evaluator(Budget())
        script = parse_script(program.source, program.name, strict=program.mode == "strict")
        compiled = evaluator.compile_script(script, completion=False, keep_tree=True)
        return listing(compiled.tree, compiled.code)


class _TreewalkBackend(Backend):
    def __init__(self) -> None:
        self.cache: ProgramCache[Script] = ProgramCache()

    def evaluator(self, budget: Budget) -> Any:
        from lockstep.reference.javascript.treewalk.walker import TreeWalker

        return TreeWalker(metered=budget.limits.metered)

    def run_source(self, evaluator: Evaluator, realm: Realm, source: str, name: str, strict: bool) -> Value:
        script = self.cache.get(
            (source, name, strict),
            lambda: _parsed(source, name, strict),
            lambda _script: tree_size(source),
        )
        return evaluator.run_script(realm, script)

    def disassemble(self, program: Program) -> str:
        script = parse_script(program.source, program.name, strict=program.mode == "strict")
        return "\n".join(repr(statement) for statement in script.body)


def _parsed(source: str, name: str, strict: bool) -> Script:
    with collector_paused_for(len(source)):
        return parse_script(source, name, strict=strict)


class JavaScriptSession(Session):
    """A state that lives on between programs."""

    def __init__(self, state: JavaScriptState) -> None:
        self.state = state

    def evaluate(self, program: Program, budget: Budget) -> Completion:
        """See Session."""
        state = self.state
        state.use_budget(budget)
        try:
            value = state.value_of(program)
        except Exception as error:  # `report` raises what is no guest error
            return Completion(state.report(error))
        finally:
            state.end_agents()
        try:
            shown = None if value is undefined else inspect(value)
            return Completion(None, shown, unhandled=state.unhandled())
        except ThrowCompletion as error:
            return Completion(state.report(error))

    def close(self) -> None:
        """See Session."""
        self.state.close()


class JavaScriptEngine(Engine):
    """One backend of JavaScript."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend

    def run(self, program: Program, budget: Budget, output: Writer) -> Completion:
        """See Engine."""
        if program.mode == COMMAND:
            return self._run_as_command(program, budget, output)
        if program.host is not None:
            return self._run_hosted(program, budget, output)
        state = JavaScriptState(self.backend, budget, output)
        try:
            state.value_of(program)
        except Exception as error:  # `report` raises what is no guest error
            return Completion(state.report(error))
        finally:
            state.end_agents()
            self.backend.end_run(is_last=True)
        return Completion(unhandled=state.unhandled())

    def _run_as_command(self, program: Program, budget: Budget, output: Writer) -> Completion:
        """With a host; where none is given, with one of its own that reads the program's libraries."""
        if program.host is not None:
            return self._run_hosted(replace(program, mode=""), budget, output)
        errors = Output(budget.limits.output)
        libraries = {"NODE_PATH": os.pathsep.join(program.roots)}
        hosting = Hosting(errors=errors, reads=program.roots, environment=libraries)
        completion = self._run_hosted(replace(program, mode="", host=hosting), budget, output)
        return replace(completion, standard_error=errors.text())

    def _run_hosted(self, program: Program, budget: Budget, output: Writer) -> Completion:
        from lockstep.reference.javascript.host.running import run_hosted  # the bare language has none

        state = JavaScriptState(self.backend, budget, output, hosting=program.host)
        _, realm = state.living()
        try:
            return run_hosted(
                state.host,
                program,
                as_javascript,
                lambda source, name, strict: self.backend.run_source(
                    state.evaluator, realm, source, name, strict
                ),
                advice,
            )
        finally:
            state.end_agents()
            self.backend.end_run(is_last=True)

    def session(self, budget: Budget, output: Writer) -> Session:
        """See Engine."""
        return JavaScriptSession(JavaScriptState(self.backend, budget, output))

    def guest(self, opening: Opening) -> Guest:
        """See Engine."""
        from lockstep.reference.javascript.guest import JavaScriptGuest  # for embedders only

        return JavaScriptGuest(self.backend, opening)

    def disassemble(self, program: Program) -> str:
        """See Engine."""
        return self.backend.disassemble(as_javascript(program))

    def advice(self, program: Program, error: ErrorReport) -> str:
        """See Adviser."""
        if error.phase != "parse" or error.location is None or error.location.file != program.name:
            return ""
        return advice(program)


def create_engine(backend: str, profile: str) -> JavaScriptEngine:
    """The engine of a backend; JavaScript has no profiles.

    Raises:
        ValueError: the backend is unknown.
    """
    if backend == "vm":
        return JavaScriptEngine(_VmBackend())
    if backend == "treewalk":
        return JavaScriptEngine(_TreewalkBackend())
    raise ValueError(f"unknown backend '{backend}'")
