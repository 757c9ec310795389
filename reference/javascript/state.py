"""A guest state of JavaScript, whoever holds it: an engine for one program, a session, or an embedder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lockstep.reference.host.engine import Program, Writer
from lockstep.reference.host.errors import ErrorReport, GuestSyntaxError
from lockstep.reference.host.limits import Budget
from lockstep.reference.host.program import Hosting
from lockstep.reference.javascript.program_cache import ProgramCache
from lockstep.reference.javascript.runtime.agent import Agent
from lockstep.reference.javascript.runtime.completions import ThrowCompletion
from lockstep.reference.javascript.runtime.host import install_host, install_output
from lockstep.reference.javascript.runtime.module_loading import ModuleLoader
from lockstep.reference.javascript.runtime.realm import Realm
from lockstep.reference.javascript.runtime.reports import KINDS, error_report
from lockstep.reference.javascript.runtime.values import Value, undefined
from lockstep.reference.javascript.typescript import as_javascript

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Evaluator


class ReportedError(Exception):
    """A guest error of which only the report is left."""

    def __init__(self, report: ErrorReport) -> None:
        super().__init__(report.message)
        self.report = report


class Backend:
    """What a state needs from an evaluator package: evaluators, and scripts compiled once.

    Attributes:
        cache: the scripts that it keeps.
    """

    cache: ProgramCache[Any]

    def evaluator(self, budget: Budget) -> Evaluator:
        """A fresh evaluator for one state."""
        raise NotImplementedError

    def run_source(self, evaluator: Evaluator, realm: Realm, source: str, name: str, strict: bool) -> Value:
        """Parse (or find) and run a script; its completion value."""
        raise NotImplementedError

    def end_run(self, *, is_last: bool = False) -> None:
        """A run is over, and with it, where it is the last one, the state."""

    def disassemble(self, program: Program) -> str:
        """See Engine."""
        raise NotImplementedError


class JavaScriptState:
    """One agent with its first realm.

    Args:
        backend: what runs its code.
        budget: what it may use.
        output: where it writes.
        for_tests: whether it has `$262`.
        folders: below which modules are found; None for anywhere.
        hosting: what the host of its programs is to give; None for the bare language.
    """

    def __init__(
        self,
        backend: Backend,
        budget: Budget,
        output: Writer,
        *,
        for_tests: bool = True,
        folders: tuple[str, ...] | None = None,
        hosting: Hosting | None = None,
    ) -> None:
        self.backend = backend
        self.evaluator = backend.evaluator(budget)
        self.agent: Agent | None = Agent(self.evaluator, budget, output)
        self.realm: Realm | None = Realm(self.agent)
        self.host: Any = None
        if hosting is not None:
            from lockstep.reference.javascript.host.host import install  # the bare language has none

            self.host = install(self.realm, hosting)
        else:
            (install_host if for_tests else install_output)(self.realm)
        self.agent.module_loader = ModuleLoader(self.agent)
        self.agent.module_loader.folders = folders

    def living(self) -> tuple[Agent, Realm]:
        """The agent and the realm.

        Raises:
            RuntimeError: the state is closed.
        """
        if self.agent is None or self.realm is None:
            raise RuntimeError("this session is closed")
        return self.agent, self.realm

    def use_budget(self, budget: Budget) -> None:
        """Run under `budget` from now on."""
        agent, realm = self.living()
        agent.budget = budget
        realm.host_globals["budget_"] = budget

    def run_includes(self, program: Program) -> None:
        """Run what comes before a program."""
        agent, realm = self.living()
        if program.path is not None and agent.module_loader is not None:
            agent.module_loader.base = str(Path(program.path).resolve())
        for name, source in program.includes:
            self.backend.run_source(self.evaluator, realm, source, name, False)

    def run_main(self, program: Program) -> Value:
        """Run the program itself; its completion value. A module has begun to evaluate.

        Raises:
            ReportedError: a module cannot be loaded or linked.
        """
        agent, realm = self.living()
        if program.mode == "module":
            assert agent.module_loader is not None
            failure = agent.module_loader.run_main(realm, program)
            if failure is not None:
                raise ReportedError(failure)
            return undefined
        return self.backend.run_source(
            self.evaluator, realm, program.source, program.name, program.mode == "strict"
        )

    def run_jobs(self) -> None:
        """Run the jobs that are left, and those that they leave; the first error among them is raised."""
        agent, _ = self.living()
        agent.run_jobs()
        if agent.job_error is not None:
            pending, agent.job_error = agent.job_error, None
            raise pending

    def finish_main(self, program: Program) -> None:
        """All jobs have run: a module's own error is raised now."""
        agent, realm = self.living()
        if program.mode == "module":
            assert agent.module_loader is not None
            failure = agent.module_loader.main_failure(realm)
            if failure is not None:
                raise ReportedError(failure)

    def value_of(self, program: Program) -> Value:
        """Run includes, the program and its jobs; its completion value."""
        program = as_javascript(program)
        self.run_includes(program)
        value = self.run_main(program)
        self.run_jobs()
        self.finish_main(program)
        return value

    def unhandled(self) -> ErrorReport | None:
        """27.2.1.9 HostPromiseRejectionTracker: the first rejection that has found no handler by now."""
        agent, realm = self.living()
        rejected = list(agent.rejected)
        agent.rejected.clear()
        return error_report(realm, ThrowCompletion(rejected[0].result_)) if rejected else None

    def report(self, error: Exception) -> ErrorReport:
        """The report of what left a program.

        Raises:
            Exception: `error` itself, when no guest threw it.
        """
        if isinstance(error, GuestSyntaxError):
            return parse_report(error)
        if isinstance(error, ReportedError):
            return error.report
        return error_report(self.living()[1], error)

    def end_agents(self) -> None:
        """The run is over, and with it the agents that it started."""
        if self.agent is not None:
            self.agent.end_cluster()
        self.backend.end_run()

    def close(self) -> None:
        """Let go of everything."""
        self.agent = self.realm = None
        self.backend.end_run(is_last=True)


def parse_report(error: GuestSyntaxError) -> ErrorReport:
    """The report of source that is refused."""
    return error.report(KINDS.get(error.name, "syntax_error"))
