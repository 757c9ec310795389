"""A guest state of Clojure, whoever holds it: an engine for one program, a session, or an embedder."""

from __future__ import annotations

import contextvars
import functools
from typing import Callable, TypeVar

from lockstep.reference.clojure.analysis.analyser import AnalysisError
from lockstep.reference.clojure.runtime.collections.interface import chunk
from lockstep.reference.clojure.runtime.environment import Environment
from lockstep.reference.clojure.runtime.java.exceptions import Throwable, guest_exception
from lockstep.reference.clojure.runtime.loading import file_bindings
from lockstep.reference.clojure.runtime.tracing import where
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.names import TRUE
from lockstep.reference.host.engine import Program
from lockstep.reference.host.errors import ErrorReport, GuestSyntaxError
from lockstep.reference.host.limits import Budget

Result = TypeVar("Result")


class ClojureState:
    """An environment that lives on between programs."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        # What holds for a dynamic extent of this guest's, and of no other one's.
        self._context = contextvars.Context()
        self._inside = False

    def within(self, action: Callable[[], Result]) -> Result:
        """Do what may run guest code, in the guest's own context."""
        if self._inside:
            return action()
        self._inside = True
        try:
            return self._context.run(functools.partial(self._unwound, action))
        finally:
            self._inside = False

    def _unwound(self, action: Callable[[], Result]) -> Result:
        """Bindings that an error left in force end with the action; the namespace stays the one that it went to."""
        environment = self.environment
        depth = len(environment.frames)
        try:
            return action()
        finally:
            current = environment.current
            while len(environment.frames) > depth:
                environment.pop_bindings()
            environment.cells["clojure.core/*ns*"] = current

    def use_budget(self, budget: Budget) -> None:
        """Run under `budget` from now on."""
        self.environment.budget = budget
        self.environment.cells["%budget"] = budget

    def value_of(self, program: Program) -> Value:
        """Run includes and the program; the value of its last form."""
        environment = self.environment
        environment.arguments = program.arguments
        environment.cells["clojure.core/*command-line-args*"] = chunk(list(program.arguments))
        environment.cells["clojure.core/*file*"] = program.name
        for name, source in program.includes:
            environment.evaluator.load(source, name)
        environment.push_bindings(file_bindings(environment))
        # clojure.main/with-bindings
        environment.push_bindings([(environment.core.intern("*print-namespace-maps*"), TRUE)])
        return environment.evaluator.load(program.source, program.name)


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
        message = f"{message} {_printed(environment, thrown.data)}".strip()
    phase = thrown.phase
    return ErrorReport(
        phase, kind, thrown.java_class.simple_name, message, thrown.location or location, trace
    )


def _printed(environment: Environment, data: object) -> str:
    """The data of an error; nothing where printing it is an error itself."""
    try:
        return environment.print_text(data)
    except MemoryError:
        raise
    except Exception:  # a second error must not replace the first
        return ""


def _is(error: Throwable, name: str) -> bool:
    return error.java_class.name == name or any(parent.name == name for parent in error.java_class.ancestors)
