"""Python engines: `create_engine` makes one of either backend (see `reference.host.engine`)."""

from __future__ import annotations

import ast
import contextvars
import dis
import functools
import io
from pathlib import Path
from types import ModuleType
from typing import Any

from lockstep.reference.host.code_cache import CodeCache, cache_folder, fingerprint
from lockstep.reference.host.engine import Completion, Program, Writer
from lockstep.reference.host.errors import ErrorReport, GuestSyntaxError, LimitExceeded, Location
from lockstep.reference.host.generation.constants import readable
from lockstep.reference.host.limits import Budget
from lockstep.reference.python.runtime.host_reports import HostReports
from lockstep.reference.python.runtime.interpreter import Interpreter
from lockstep.reference.python.runtime.types.exceptions import GuestMemoryError
from lockstep.reference.python.runtime.types.tracebacks import entries, exception_name
from lockstep.reference.python.syntax.parse import UnsupportedSyntaxError, parse
from lockstep.reference.python.treewalk.evaluator import WalkingEvaluator
from lockstep.reference.python.treewalk.program import Programs
from lockstep.reference.python.vm.evaluator import CompilingEvaluator, host_code_of, lowered_tree

Value = Any

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


def create_engine(backend: str, profile: str = "") -> PythonEngine:
    """The engine of `backend`: `treewalk` or `vm`. Python has no profiles."""
    del profile
    return PythonEngine(backend)


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


class PythonSession:
    """A guest whose `__main__` lives on between programs."""

    def __init__(self, engine: PythonEngine, program: Program, budget: Budget, output: Writer) -> None:
        roots = list(program.roots)
        if program.path is not None:
            roots.insert(0, str(Path(program.path).parent))
        self.interpreter = Interpreter(budget, output, tuple(roots), (program.name, *program.arguments))
        self.evaluator: Any
        if engine.backend == "vm":
            self.evaluator = CompilingEvaluator(self.interpreter, engine.cache)
        else:
            self.evaluator = WalkingEvaluator(self.interpreter, engine.programs)
        self.context = contextvars.Context()
        self.main = ModuleType("__main__")
        self.interpreter.modules["__main__"] = self.main

    def evaluate(self, program: Program, budget: Budget) -> Completion:
        """Run `program` in this guest; the value is the `repr` of a last expression, unless that is None."""
        return self.run(program, budget, want_value=True)

    def run(self, program: Program, budget: Budget, *, want_value: bool) -> Completion:
        """Run `program` in this guest, in a context of its own: no guest sees another's context variables."""
        completion: Completion = self.context.run(
            functools.partial(self._evaluate, program, budget, want_value=want_value)
        )
        return completion

    def _evaluate(self, program: Program, budget: Budget, *, want_value: bool) -> Completion:
        self.evaluator.use_budget(budget)
        self.main.__dict__.setdefault("__name__", "__main__")
        self.main.__dict__.setdefault("__builtins__", self.interpreter.builtins_module)
        if program.path is not None:
            self.main.__dict__["__file__"] = program.path
        value: Value = None
        try:
            with HostReports(self.interpreter):
                for name, source in program.includes:
                    self._run(source, name, "exec")
                if want_value:
                    value = self._run_with_value(program)
                else:
                    self._run(program.source, program.name, "exec")
                text = None if value is None else repr(value)
        except UnsupportedSyntaxError as error:
            return Completion(unsupported=str(error))
        except GuestSyntaxError as error:
            return Completion(error=error.report())
        except (LimitExceeded, MemoryError, KeyboardInterrupt):
            raise
        except SystemExit as error:
            return self._exit(error, program)
        except BaseException as error:  # every guest exception ends here
            described = report(error)
            _release(error)
            return Completion(error=described)
        if budget.steps < 0 and budget.limits.metered:
            budget.exhausted()
        return Completion(value=text)

    def _exit(self, error: SystemExit, program: Program) -> Completion:
        if error.code in (None, 0):
            return Completion()
        described = report(error)
        _release(error)
        del program
        return Completion(error=described)

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


def _release(error: BaseException) -> None:
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


class PythonEngine:
    """One backend. It keeps compiled code between runs, and no guest."""

    def __init__(self, backend: str) -> None:
        self.backend = backend
        version = fingerprint(Path(__file__).parent)
        self.cache = CodeCache(version, cache_folder() / "code")
        self.programs = Programs()

    def run(self, program: Program, budget: Budget, output: Writer) -> Completion:
        """See `Engine`."""
        session = PythonSession(self, program, budget, output)
        try:
            return session.run(program, budget, want_value=False)
        finally:
            session.close()

    def session(self, budget: Budget, output: Writer) -> PythonSession:
        """See `Engine`."""
        return PythonSession(self, Program(""), budget, output)

    def disassemble(self, program: Program) -> str:
        """See `Engine`."""
        if self.backend == "treewalk":
            return ast.dump(parse(program.source, program.name), indent=2)
        tree = lowered_tree(program.source, program.name, "exec", metered=False, sized=False)
        code = host_code_of(tree, program.name, "exec")
        listing = io.StringIO()
        dis.dis(code, file=listing)
        return f"{readable(tree)}\n\n{listing.getvalue()}"
