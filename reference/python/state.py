"""A guest state of Python, whoever holds it: an engine for one program, a session, or an embedder."""

from __future__ import annotations

import ast
import contextvars
import functools
from pathlib import Path
from types import ModuleType
from typing import Any, Callable, Protocol, TypeVar

from lockstep.reference.host.engine import Program, Writer
from lockstep.reference.host.errors import ErrorReport, Location
from lockstep.reference.host.limits import Budget
from lockstep.reference.python.runtime.host_reports import HostReports
from lockstep.reference.python.runtime.interpreter import Interpreter
from lockstep.reference.python.runtime.kinds import Value
from lockstep.reference.python.runtime.types.exceptions import GuestMemoryError
from lockstep.reference.python.runtime.types.tracebacks import entries, exception_name
from lockstep.reference.python.syntax.parse import parse

# The kind of a guest exception: the first class of its MRO that stands here.
_KINDS: dict[type, str] = {
    SyntaxError: "syntax_error",
    NameError: "name_error",
    ZeroDivisionError: "arithmetic_error",
    ArithmeticError: "arithmetic_error",
    LookupError: "index_error",
    UnicodeError: "string_error",
    ValueError: "value_error",
    TypeError: "type_error",
    AttributeError: "name_error",
    ImportError: "name_error",
    OSError: "io_error",
    EOFError: "io_error",
    GuestMemoryError: "out_of_memory",
}

Result = TypeVar("Result")


class Backend(Protocol):
    """What an engine gives its states."""

    def evaluator(self, interpreter: Interpreter) -> Any:
        """A fresh evaluator for one guest."""


class PythonState:
    """A guest whose `__main__` lives on between programs.

    Args:
        backend: what runs its code.
        program: what names the guest's folders and arguments.
        budget: what it may use.
        output: where it writes.
    """

    def __init__(self, backend: Backend, program: Program, budget: Budget, output: Writer) -> None:
        roots = list(program.roots)
        if program.path is not None:
            roots.insert(0, str(Path(program.path).parent))
        self.interpreter = Interpreter(budget, output, tuple(roots), (program.name, *program.arguments))
        self.evaluator = backend.evaluator(self.interpreter)
        self.context = contextvars.Context()
        # Whether guest code runs: what a host function that it called runs belongs to the same extent.
        self._inside = False
        self.main = ModuleType("__main__")
        self.interpreter.modules["__main__"] = self.main

    def within(self, action: Callable[[], Result]) -> Result:
        """Do what may run guest code, in a context of the guest's own: no guest sees another's context variables."""
        if self._inside:
            return action()
        return self.context.run(functools.partial(self._within, action))

    def _within(self, action: Callable[[], Result]) -> Result:
        self._inside = True
        try:
            with HostReports(self.interpreter):
                return action()
        finally:
            self._inside = False

    def prepare(self, program: Program, budget: Budget) -> None:
        """Get ready for a program."""
        self.evaluator.use_budget(budget)
        names = self.main.__dict__
        names.setdefault("__name__", "__main__")
        names.setdefault("__builtins__", self.interpreter.builtins_module)
        if program.path is not None:
            names["__file__"] = program.path

    def value_of(self, program: Program, *, want_value: bool) -> Value:
        """Run includes and the program; the value of a last expression, if it is wanted."""
        for name, source in program.includes:
            self._run(source, name, "exec")
        if want_value:
            return self._run_with_value(program)
        return self._run(program.source, program.name, "exec")

    def _run(self, source: str, name: str, mode: str) -> Value:
        names = self.main.__dict__
        code = self.evaluator.compile_program(source, name, mode)
        return self.evaluator.run(code, names, names)

    def _run_with_value(self, program: Program) -> Value:
        tree = parse(program.source, program.name)
        assert isinstance(tree, ast.Module)
        if not tree.body or not isinstance(tree.body[-1], ast.Expr):
            self._run(program.source, program.name, "exec")
            return None
        last = tree.body[-1]
        lines = program.source.splitlines(keepends=True)
        before = "".join(lines[: last.lineno - 1])
        head = lines[last.lineno - 1].encode()[: last.col_offset].decode()
        if (before + head).strip():
            self._run(before + head.rstrip().rstrip(";"), program.name, "exec")
        text = ast.get_source_segment(program.source, last.value) or ""
        padding = "\n" * (last.lineno - 1)
        return self._run(f"{padding}({text}\n)", program.name, "eval")

    def close(self) -> None:
        """Release the guest."""
        with HostReports(self.interpreter):  # finalisers run here
            self.interpreter.close()
            self.main.__dict__.clear()


def report(error: BaseException) -> ErrorReport:
    """An uncaught guest exception, free of guest values."""
    kind = next((_KINDS[cls] for cls in type(error).__mro__ if cls in _KINDS), "value_error")
    try:
        message = str(error)
    except Exception:  # whatever the guest's __str__ raises
        message = "<exception str() failed>"
    found = entries(error.__traceback__)
    location = None
    if isinstance(error, SyntaxError) and error.lineno is not None:
        location = Location(str(error.filename), error.lineno, error.offset or 0)
        if type(error).__str__ is SyntaxError.__str__:
            message = str(error.msg)
    elif found:
        last = found[-1]
        location = Location(last.filename, last.line, last.column)
    lines = tuple(
        f'  File "{entry.filename}", line {entry.line}, in {entry.name}' for entry in reversed(found)
    )
    return ErrorReport("eval", kind, exception_name(error), message, location, _shortened(lines))


def _shortened(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Without the repetitions of endless recursion (CPython prints three and counts the rest)."""
    kept: list[str] = []
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and lines[end] == lines[start]:
            end += 1
        kept.extend(lines[start : min(end, start + 3)])
        if end - start > 3:
            more = end - start - 3
            kept.append(f"  [Previous line repeated {more} more time{'s' if more != 1 else ''}]")
        start = end
    return tuple(kept)


def release(error: BaseException) -> None:
    """Cut what an ended guest's exception holds: tracebacks, and through them frames."""
    seen: set[int] = set()
    pending: list[BaseException | None] = [error]
    while pending:
        current = pending.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        pending += [current.__cause__, current.__context__]
        current.__traceback__ = None
