"""Clojure for the harness: engines and sessions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Callable

from lockstep.reference.clojure.runtime.bootstrap import boot, prepare
from lockstep.reference.clojure.runtime.environment import Environment, Evaluator
from lockstep.reference.clojure.runtime.values.names import Interner
from lockstep.reference.clojure.state import ClojureState, report
from lockstep.reference.host.engine import Completion, Engine, Program, Session, Writer
from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.host.generation.code_cache import CodeCache, cache_folder, fingerprint
from lockstep.reference.host.limits import Budget, Output

if TYPE_CHECKING:
    from lockstep.reference.host.embedding.guest import Guest, Opening

# What reader conditionals answer: our own name, and `clj`, because the dialect is Clojure 1.11's with its
# numbers, exceptions and class names; a program that asks for nothing else gets the JVM's branch.
FEATURES: tuple[str, ...] = ("lockstep", "clj")


class ClojureEngine:
    """One backend. It keeps keywords and compiled (or analysed) libraries between runs, and no guest state."""

    def __init__(self, backend: str) -> None:
        self.backend = backend
        self.interner = Interner()
        version = fingerprint(Path(__file__).parent)
        self.cache = CodeCache(f"clojure-{backend}-{version}", cache_folder() / "code")

    def environment(self, budget: Budget, output: Writer, program: Program | None = None) -> Environment:
        """A fresh guest state with clojure.core, in namespace `user`."""
        features = FEATURES
        roots: tuple[str, ...] = ()
        if program is not None:
            roots = program.roots
            if program.path is not None:
                roots = (*roots, str(Path(program.path).parent))
            if program.mode:
                features = tuple(name.strip() for name in program.mode.split(",") if name.strip())
        return self.boot(Environment(self.interner, budget, output, roots, features))

    def boot(self, environment: Environment) -> Environment:
        """Give an environment its evaluator and clojure.core."""
        prepare(environment)
        environment.evaluator = _maker(self.backend)(environment, self.cache)
        environment.engine = self
        boot(environment)
        return environment

    def run(self, program: Program, budget: Budget, output: Writer) -> Completion:
        """Run a program in a fresh environment."""
        return ClojureSession(self.environment(budget, output, program)).evaluate(program, budget)

    def session(self, budget: Budget, output: Writer) -> Session:
        """A fresh environment to evaluate programs in."""
        return ClojureSession(self.environment(budget, output))

    def guest(self, opening: Opening) -> Guest:
        """See Engine."""
        from lockstep.reference.clojure.guest import ClojureGuest  # for embedders only

        program = Program("", roots=opening.roots)
        return ClojureGuest(self.environment(opening.budget, opening.output, program), opening)

    def disassemble(self, program: Program) -> str:
        """What the backend makes of a program."""
        environment = self.environment(Budget(), Output(), program)
        parts: list[str] = []
        try:
            parts.extend(environment.evaluator.disassemble(program.source, program.name))
        except GuestSyntaxError:
            raise
        except Exception as error:  # a form that fails ends the program, and is the last one shown
            parts.append(f"; here the program ends: {report(environment, error).message}")
        return "\n\n".join(parts)


def _maker(backend: str) -> Callable[[Environment, CodeCache], Evaluator]:
    """The evaluator's class; an engine needs one of them only."""
    if backend == "vm":
        from lockstep.reference.clojure.vm.machine import Machine

        return Machine
    from lockstep.reference.clojure.treewalk.walker import TreeWalker

    return TreeWalker


class ClojureSession:
    """An environment that lives on between programs."""

    def __init__(self, environment: Environment) -> None:
        self.state: ClojureState | None = ClojureState(environment)

    def evaluate(self, program: Program, budget: Budget) -> Completion:
        """Run a program in this environment; the value is its printed result."""
        state = self.state
        if state is None:
            raise RuntimeError("the session was closed")
        state.use_budget(budget)
        environment = state.environment
        try:
            return Completion(value=state.within(lambda: environment.print_text(state.value_of(program))))
        except SystemExit:
            return Completion()
        except Exception as error:  # every host exception is a guest's error or a bug to report
            return Completion(error=report(environment, error))

    def close(self) -> None:
        """Release the environment."""
        self.state = None


def create_engine(backend: str, profile: str = "") -> Engine:
    """The engine of a backend; there is one profile, Clojure 1.11.

    Raises:
        ValueError: there is no such backend or profile.
    """
    if backend not in {"vm", "treewalk"} or profile:
        raise ValueError(f"clojure has no backend '{backend}' with profile '{profile}'")
    return ClojureEngine(backend)
