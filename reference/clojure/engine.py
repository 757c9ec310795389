"""Clojure for the harness: engines, sessions, and how an exception becomes an error report."""

from __future__ import annotations

import contextvars
from pathlib import Path
from typing import Any

from lockstep.reference.clojure.analysis.analyser import AnalysisError
from lockstep.reference.clojure.runtime.bootstrap import boot, prepare
from lockstep.reference.clojure.runtime.collections.interface import chunk
from lockstep.reference.clojure.runtime.environment import Environment
from lockstep.reference.clojure.runtime.java.exceptions import Throwable, guest_exception
from lockstep.reference.clojure.runtime.loading import file_bindings
from lockstep.reference.clojure.runtime.tracing import where
from lockstep.reference.clojure.runtime.values.names import TRUE, Interner
from lockstep.reference.host.code_cache import CodeCache, cache_folder, fingerprint
from lockstep.reference.host.engine import Completion, Engine, Program, Session, Writer
from lockstep.reference.host.errors import ErrorReport, GuestSyntaxError
from lockstep.reference.host.limits import Budget

Value = Any

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
        environment = self.environment(budget, output, program)
        return _ClojureSession(self, environment).evaluate(program, budget)

    def session(self, budget: Budget, output: Writer) -> Session:
        """A fresh environment to evaluate programs in."""
        return _ClojureSession(self, self.environment(budget, output))

    def disassemble(self, program: Program) -> str:
        """What the backend makes of a program."""
        from lockstep.reference.host.limits import Output  # noqa: PLC0415  # only here

        environment = self.environment(Budget(), Output(), program)
        parts: list[str] = []
        try:
            parts.extend(environment.evaluator.disassemble(program.source, program.name))
        except GuestSyntaxError:
            raise
        except Exception as error:  # a form that fails ends the program, and is the last one shown
            parts.append(f"; here the program ends: {report(environment, error).message}")
        return "\n\n".join(parts)


def _maker(backend: str) -> Any:
    """The evaluator's class; an engine needs one of them only."""
    if backend == "vm":
        from lockstep.reference.clojure.vm.machine import Machine  # noqa: PLC0415

        return Machine
    from lockstep.reference.clojure.treewalk.walker import Walker  # noqa: PLC0415

    return Walker


class _ClojureSession:
    """An environment that lives on between evaluations."""

    def __init__(self, engine: ClojureEngine, environment: Environment) -> None:
        self.engine = engine
        self.guest: Environment | None = environment
        # What holds for a dynamic extent of this guest's, and of no other one's.
        self.context = contextvars.Context()

    def evaluate(self, program: Program, budget: Budget) -> Completion:
        """Run a program in this environment; the value is its printed result."""
        return self.context.run(self._evaluate, program, budget)

    def _evaluate(self, program: Program, budget: Budget) -> Completion:
        environment = self.guest
        if environment is None:
            raise RuntimeError("the session was closed")
        environment.budget = budget
        environment.cells["%budget"] = budget
        environment.arguments = program.arguments
        environment.cells["clojure.core/*command-line-args*"] = chunk(list(program.arguments))
        depth = len(environment.frames)
        try:
            environment.cells["clojure.core/*file*"] = program.name
            for name, source in program.includes:
                environment.evaluator.load(source, name)
            environment.push_bindings(file_bindings(environment))
            # clojure.main/with-bindings
            environment.push_bindings([(environment.core.intern("*print-namespace-maps*"), TRUE)])
            value = environment.evaluator.load(program.source, program.name)
            return Completion(value=environment.print_text(value))
        except SystemExit:
            return Completion()
        except Exception as error:  # every host exception is a guest's error or a bug to report
            return Completion(error=report(environment, error))
        finally:
            current = environment.current
            while len(environment.frames) > depth:
                environment.pop_bindings()
            environment.cells["clojure.core/*ns*"] = current

    def close(self) -> None:
        """Release the environment."""
        self.guest = None


_KINDS = (
    ("clojure.lang.ArityException", "arity_error"),
    ("java.lang.NumberFormatException", "number_error"),
    ("java.lang.ArithmeticException", "arithmetic_error"),
    ("java.lang.IndexOutOfBoundsException", "index_error"),
    ("java.lang.ClassCastException", "type_error"),
    ("java.lang.NullPointerException", "type_error"),
    ("java.io.IOException", "io_error"),
    ("java.lang.ClassNotFoundException", "name_error"),
    ("java.lang.OutOfMemoryError", "out_of_memory"),
)


def report(environment: Environment, error: Exception) -> ErrorReport:
    """A guest error as the harness reports it.

    Raises:
        MemoryError: passes through.
    """
    if isinstance(error, AnalysisError):
        return ErrorReport("analysis", error.kind, "", error.message, error.location)
    if isinstance(error, GuestSyntaxError):
        return ErrorReport(error.phase, "syntax_error", "", error.message, error.location)
    location, trace = where(environment, error)
    thrown = guest_exception(error)
    kind = next((kind for name, kind in _KINDS if _is(thrown, name)), "value_error")
    if thrown.java_class.name == "java.lang.Error" and not isinstance(error, Throwable):
        kind = "internal_error"
    message = thrown.message or ""
    if thrown.data is not None:
        message = f"{message} {environment.print_text(thrown.data)}".strip()
    phase = thrown.phase
    return ErrorReport(
        phase, kind, thrown.java_class.simple_name, message, thrown.location or location, trace
    )


def _is(error: Throwable, name: str) -> bool:
    return error.java_class.name == name or any(parent.name == name for parent in error.java_class.ancestors)


def create_engine(backend: str, profile: str = "") -> Engine:
    """The engine of a backend; there is one profile, Clojure 1.11.

    Raises:
        ValueError: there is no such backend or profile.
    """
    if backend not in {"vm", "treewalk"} or profile:
        raise ValueError(f"clojure has no backend '{backend}' with profile '{profile}'")
    return ClojureEngine(backend)
