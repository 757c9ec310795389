"""Python engines: `create_engine` makes one of either backend (see `reference.host.engine`)."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

from lockstep.reference.host.engine import Completion, Program, Writer
from lockstep.reference.host.errors import GuestSyntaxError, LimitExceeded
from lockstep.reference.host.generation.code_cache import CodeCache, cache_folder, fingerprint
from lockstep.reference.host.generation.constants import readable
from lockstep.reference.host.generation.disassembly import listing
from lockstep.reference.host.limits import Budget
from lockstep.reference.python.runtime.interpreter import Interpreter
from lockstep.reference.python.state import PythonState, release, report
from lockstep.reference.python.syntax.parse import UnsupportedSyntaxError, parse
from lockstep.reference.python.treewalk.program import Programs
from lockstep.reference.python.treewalk.walker import TreeWalker
from lockstep.reference.python.vm.machine import Machine, host_code_of, lowered_tree

if TYPE_CHECKING:
    from lockstep.reference.host.embedding.guest import Guest, Opening


class PythonSession:
    """A state that lives on between programs."""

    def __init__(self, state: PythonState) -> None:
        self.state = state

    def evaluate(self, program: Program, budget: Budget) -> Completion:
        """Run `program` in this guest; the value is the `repr` of a last expression, unless that is None."""
        return self.run(program, budget, want_value=True)

    def run(self, program: Program, budget: Budget, *, want_value: bool) -> Completion:
        """Run `program` in this guest."""
        state = self.state
        state.prepare(program, budget)

        def printed() -> str | None:
            value = state.value_of(program, want_value=want_value)
            return None if value is None else repr(value)

        try:
            text = state.within(printed)
        except UnsupportedSyntaxError as error:
            return Completion(unsupported=str(error))
        except GuestSyntaxError as error:
            return Completion(error=error.report())
        except (LimitExceeded, MemoryError, KeyboardInterrupt):
            raise
        except BaseException as error:  # every guest exception ends here
            if isinstance(error, SystemExit) and error.code in (None, 0):
                return Completion()
            described = report(error)
            release(error)
            return Completion(error=described)
        if budget.steps < 0 and budget.limits.metered:
            budget.exhausted()
        return Completion(value=text)

    def close(self) -> None:
        """Release the guest."""
        self.state.close()


class PythonEngine:
    """One backend. It keeps compiled code between runs, and no guest."""

    def __init__(self, backend: str) -> None:
        self.backend = backend
        version = fingerprint(Path(__file__).parent)
        self.cache = CodeCache(version, cache_folder() / "code")
        self.programs = Programs()

    def evaluator(self, interpreter: Interpreter) -> object:
        """See `state.Backend`."""
        if self.backend == "vm":
            return Machine(interpreter, self.cache)
        return TreeWalker(interpreter, self.programs)

    def run(self, program: Program, budget: Budget, output: Writer) -> Completion:
        """See `Engine`."""
        session = PythonSession(PythonState(self, program, budget, output))
        try:
            return session.run(program, budget, want_value=False)
        finally:
            session.close()

    def session(self, budget: Budget, output: Writer) -> PythonSession:
        """See `Engine`."""
        return PythonSession(PythonState(self, Program(""), budget, output))

    def guest(self, opening: Opening) -> Guest:
        """See `Engine`."""
        from lockstep.reference.python.guest import PythonGuest  # for embedders only

        return PythonGuest(self, opening)

    def disassemble(self, program: Program) -> str:
        """See `Engine`."""
        if self.backend == "treewalk":
            return ast.dump(parse(program.source, program.name), indent=2)
        tree = lowered_tree(program.source, program.name, "exec", metered=False, sized=False)
        code = host_code_of(tree, program.name, "exec")
        return listing(readable(tree), code)


def create_engine(backend: str, profile: str = "") -> PythonEngine:
    """The engine of `backend`: `treewalk` or `vm`. Python has no profiles."""
    del profile
    return PythonEngine(backend)
