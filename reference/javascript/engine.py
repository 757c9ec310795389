"""JavaScript engines: `create_engine("treewalk" | "vm")`."""

from __future__ import annotations

import ast
import dis
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lockstep.reference.host.collector import collector_paused
from lockstep.reference.host.engine import Completion, Engine, Program, Session, Writer
from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.host.limits import Budget
from lockstep.reference.javascript.program_cache import ProgramCache, tree_size
from lockstep.reference.javascript.runtime.agent import Agent
from lockstep.reference.javascript.runtime.completions import ThrowCompletion
from lockstep.reference.javascript.runtime.host import install_host
from lockstep.reference.javascript.runtime.module_loading import ModuleLoader
from lockstep.reference.javascript.runtime.operations.inspection import inspect
from lockstep.reference.javascript.runtime.realm import Realm
from lockstep.reference.javascript.runtime.reports import KINDS, error_report
from lockstep.reference.javascript.runtime.values import undefined
from lockstep.reference.javascript.syntax.parse import parse_script

if TYPE_CHECKING:
    from lockstep.reference.host.errors import ErrorReport
    from lockstep.reference.javascript.syntax.ast import Script
    from lockstep.reference.javascript.vm.kept_programs import KeptPrograms


class _Backend:
    """What an engine needs from an evaluator package: evaluators, and scripts compiled once."""

    def evaluator(self, budget: Budget) -> Any:
        """A fresh evaluator for one state."""
        raise NotImplementedError

    def run_source(self, evaluator: Any, realm: Realm, source: str, name: str, strict: bool) -> Any:
        """Parse (or find) and run a script; its completion value."""
        raise NotImplementedError

    def end_run(self) -> None:
        """A run is over."""

    def disassemble(self, program: Program) -> str:
        """See Engine."""
        raise NotImplementedError


class _VmBackend(_Backend):
    def __init__(self) -> None:
        self.cache = ProgramCache()
        self.kept: KeptPrograms | None = None

    def evaluator(self, budget: Budget) -> Any:
        from lockstep.reference.javascript.vm.evaluator import Evaluator  # noqa: PLC0415

        return Evaluator(self.cache, metered=budget.limits.metered)

    def run_source(self, evaluator: Any, realm: Realm, source: str, name: str, strict: bool) -> Any:
        from lockstep.reference.javascript.vm.kept_programs import KeptPrograms  # noqa: PLC0415  # a backend at a time
        from lockstep.reference.javascript.vm.program import program_size  # noqa: PLC0415  # a backend at a time

        kept = self.kept
        if kept is None:
            kept = self.kept = KeptPrograms()
        program = self.cache.get(
            (source, name, strict, evaluator.metered),
            lambda: kept.compiled(evaluator, source, name, strict),
            program_size,
        )
        return evaluator.run_program(realm, program)

    def end_run(self) -> None:
        if self.kept is not None:
            self.kept.save()

    def disassemble(self, program: Program) -> str:
        evaluator = self.evaluator(Budget())
        script = parse_script(program.source, program.name, strict=program.mode == "strict")
        compiled = evaluator.compile_script(script, completion=False, keep_tree=True)
        listing = io.StringIO()
        dis.dis(compiled.code, file=listing)
        return f"{ast.unparse(compiled.tree)}\n\n{listing.getvalue()}"


class _TreewalkBackend(_Backend):
    def __init__(self) -> None:
        self.cache = ProgramCache()

    def evaluator(self, budget: Budget) -> Any:
        from lockstep.reference.javascript.treewalk.evaluator import Evaluator  # noqa: PLC0415

        return Evaluator(metered=budget.limits.metered)

    def run_source(self, evaluator: Any, realm: Realm, source: str, name: str, strict: bool) -> Any:
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
    with collector_paused():
        return parse_script(source, name, strict=strict)


class _State(Session):
    """One agent with its first realm."""

    def __init__(self, backend: _Backend, budget: Budget, output: Writer) -> None:
        self.backend = backend
        self.evaluator = backend.evaluator(budget)
        self.agent: Agent | None = Agent(self.evaluator, budget, output)
        self.realm: Realm | None = Realm(self.agent)
        install_host(self.realm)
        self.agent.module_loader = ModuleLoader(self.agent)

    def _living(self) -> tuple[Agent, Realm]:
        if self.agent is None or self.realm is None:
            raise RuntimeError("this session is closed")
        return self.agent, self.realm

    def unhandled(self) -> ErrorReport | None:
        """27.2.1.9 HostPromiseRejectionTracker: the first rejection that has found no handler by now."""
        agent, realm = self._living()
        rejected = list(agent.rejected)
        agent.rejected.clear()
        return error_report(realm, ThrowCompletion(rejected[0].result_)) if rejected else None

    def run(self, program: Program) -> tuple[ErrorReport | None, Any]:
        """Run includes, the program and its jobs."""
        agent, realm = self._living()
        value: Any = undefined
        if program.path is not None and agent.module_loader is not None:
            agent.module_loader.base = str(Path(program.path).resolve())
        try:
            for name, source in program.includes:
                self.backend.run_source(self.evaluator, realm, source, name, False)
        except GuestSyntaxError as error:
            return _parse_report(error), undefined
        except Exception as error:  # error_report raises what is no guest error
            return error_report(realm, error), undefined
        failure: ErrorReport | None = None
        try:
            if program.mode == "module":
                assert agent.module_loader is not None
                failure = agent.module_loader.run_main(realm, program)
            else:
                value = self.backend.run_source(
                    self.evaluator, realm, program.source, program.name, program.mode == "strict"
                )
        except GuestSyntaxError as error:
            failure = _parse_report(error)
        except Exception as error:  # likewise
            failure = error_report(realm, error)
        if failure is None:
            try:
                agent.run_jobs()
                if agent.job_error is not None:
                    pending, agent.job_error = agent.job_error, None
                    raise pending
                if program.mode == "module":
                    assert agent.module_loader is not None
                    failure = agent.module_loader.main_failure(realm)
            except Exception as error:  # likewise
                failure = error_report(realm, error)
        return failure, value

    def evaluate(self, program: Program, budget: Budget) -> Completion:
        """See Session."""
        agent, realm = self._living()
        agent.budget = budget
        realm.host_globals["budget_"] = budget
        try:
            failure, value = self.run(program)
        finally:
            self.end_agents()
        if failure is not None:
            return Completion(failure)
        try:
            shown = None if value is undefined else inspect(value)
            return Completion(None, shown, unhandled=self.unhandled())
        except ThrowCompletion as error:
            return Completion(error_report(realm, error))

    def end_agents(self) -> None:
        """The run is over, and with it the agents that it started."""
        if self.agent is not None:
            self.agent.end_cluster()
        self.backend.end_run()

    def close(self) -> None:
        """See Session."""
        self.agent = self.realm = None


def _parse_report(error: GuestSyntaxError) -> ErrorReport:
    return error.report(KINDS.get(error.name, "syntax_error"))


class JavaScriptEngine(Engine):
    """One backend of JavaScript."""

    def __init__(self, backend: _Backend) -> None:
        self.backend = backend

    def run(self, program: Program, budget: Budget, output: Writer) -> Completion:
        """See Engine."""
        state = _State(self.backend, budget, output)
        try:
            failure, _ = state.run(program)
            unhandled = state.unhandled() if failure is None else None
        finally:
            state.end_agents()
        return Completion(failure, unhandled=unhandled)

    def session(self, budget: Budget, output: Writer) -> Session:
        """See Engine."""
        return _State(self.backend, budget, output)

    def disassemble(self, program: Program) -> str:
        """See Engine."""
        return self.backend.disassemble(program)


def create_engine(backend: str, profile: str) -> Engine:
    """The engine of a backend; JavaScript has no profiles.

    Raises:
        ValueError: the backend is unknown.
    """
    if backend == "vm":
        return JavaScriptEngine(_VmBackend())
    if backend == "treewalk":
        return JavaScriptEngine(_TreewalkBackend())
    raise ValueError(f"unknown backend '{backend}'")
