"""The tree-walker's evaluator: parses programs and walks them, one frame per block."""

from __future__ import annotations

from types import ModuleType
from typing import Any, Callable, TypeVar

from lockstep.reference.host.collector import collector_paused_for
from lockstep.reference.host.deep_stack import RECURSION_LIMIT
from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.host.limits import Budget
from lockstep.reference.host.process import PROCESS
from lockstep.reference.python.runtime.frames import Code, kept
from lockstep.reference.python.runtime.interpreter import Interpreter
from lockstep.reference.python.runtime.kinds import Value
from lockstep.reference.python.runtime.modules.importing import Imports
from lockstep.reference.python.runtime.syntax_errors import guest_syntax_error
from lockstep.reference.python.runtime.type_info import MISSING
from lockstep.reference.python.syntax.scopes import FUNCTIONS
from lockstep.reference.python.treewalk.expressions import evaluate
from lockstep.reference.python.treewalk.functions import enter_function, set_up_annotations
from lockstep.reference.python.treewalk.program import Frame, Programs, SourceProgram, docstring
from lockstep.reference.python.treewalk.statements import execute_block
from lockstep.reference.python.treewalk.suspension import Suspension
from lockstep.reference.python.treewalk.unwinding import is_asked_by_host

Result = TypeVar("Result")
# Levels of the host's that one of the guest's takes at most, and a large program's tree (10,000 terms of a sum, say).
_LEVELS_OF_A_CALL = 40
_LEVELS_OF_A_TREE = 50_000


class TreeWalker:
    """Runs one guest by walking its programs' trees.

    Args:
        interpreter: the guest.
        programs: parsed programs, shared by all guests of the engine.
    """

    def __init__(self, interpreter: Interpreter, programs: Programs) -> None:
        self.interpreter = interpreter
        self.budget = interpreter.budget
        self.programs = programs
        self.imports = Imports(interpreter)
        self.frame: Frame | None = None
        self.depth = 0
        self.limit = interpreter.recursion_limit
        self.bounded = False
        # In an `except*` clause: what `raise` on its own has raised again.
        self.reraised: BaseException | None = None
        self.clauses = 0
        # Of the generator or coroutine that runs: what is handled around it, and what was thrown into it.
        self.inherited: BaseException | None = None
        self.thrown: BaseException | None = None
        # The body that has just begun to delegate to one of ours.
        self.awaiting: Suspension | None = None
        interpreter.evaluator = self

    def use_budget(self, budget: Budget) -> None:
        """See `Evaluator`."""
        self.budget = self.interpreter.budget = budget

    def compile(
        self,
        source: object,
        filename: str,
        mode: str,
        *,
        features: frozenset[str] = frozenset(),
        library: bool = False,
    ) -> Code:
        """See `Evaluator`."""
        if not isinstance(source, str):
            return SourceProgram(source, filename, mode, features).main()
        try:
            return self.compile_program(source, filename, mode, features=features, library=library)
        except GuestSyntaxError as error:
            failure = guest_syntax_error(error)
        raise failure

    def compile_program(
        self,
        source: str,
        filename: str,
        mode: str,
        *,
        features: frozenset[str] = frozenset(),
        library: bool = False,
    ) -> Code:
        """Code of a program.

        Raises:
            GuestSyntaxError: the program is rejected.
        """
        with collector_paused_for(len(source)):
            return self.programs.get(source, filename, mode, features, library=library).main()

    def run(self, code: Code, global_names: dict[str, Value], local_names: Any) -> Value:
        """See `Evaluator`."""
        program: SourceProgram = kept(code, ".program")
        if kept(code, ".scope").kind in FUNCTIONS:
            raise TypeError("this code object cannot be run on its own")
        global_names.setdefault("__builtins__", self.interpreter.builtins)
        frame = Frame(self, code, global_names, self.builtins_of(global_names), local_names, {})
        tree: Any = program.tree
        if program.mode == "eval":
            return self.limited(self.within, frame, lambda: evaluate(frame, tree.body))
        text = docstring(tree.body)
        if text is not None and program.mode == "exec":
            local_names["__doc__"] = text
        if frame.scope.has_annotations:
            set_up_annotations(local_names)
        return self.limited(self.within, frame, lambda: execute_block(frame, tree.body))

    def limited(self, run: Callable[..., Result], *arguments: Value) -> Result:
        """`run(*arguments)`; levels are counted where they are entered, and in the host's own functions by its limit."""
        if self.bounded:
            return run(*arguments)
        self.bounded = True
        previous = PROCESS.bound(_host_levels(self.limit))
        try:
            return run(*arguments)
        finally:
            self.bounded = False
            PROCESS.bound(previous)

    def builtins_of(self, global_names: dict[str, Value], frame: Frame | None = None) -> Any:
        """The builtins that code with these globals sees (`_PyEval_BuiltinsFromGlobals`)."""
        own = global_names.get("__builtins__", MISSING)
        if own is MISSING:
            return self.interpreter.builtins if frame is None else frame.builtins
        return own.__dict__ if isinstance(own, ModuleType) else own

    def enter(self) -> None:
        """One guest call deeper; takes a step.

        Raises:
            RecursionError: the guest's limit is reached.
        """
        self.budget.step()
        if self.depth >= self.limit:
            raise RecursionError("maximum recursion depth exceeded")
        self.depth += 1

    def go_on(self) -> None:
        """Before a handler or `finally` runs: an ended guest runs none, whatever took the place of what ended it."""
        if self.budget.steps < 0:
            self.budget.exhausted()

    def leave(self) -> None:
        """The call that `enter` began has ended."""
        self.depth -= 1

    def recurse(self, where: str) -> None:
        """One level deeper in what CPython does in C (`Py_EnterRecursiveCall`); takes no step.

        Raises:
            RecursionError: the guest's limit is reached.
        """
        if self.depth >= self.limit:
            raise RecursionError(f"maximum recursion depth exceeded{where}")
        self.depth += 1

    def give_context(self, error: BaseException) -> None:
        """Give an exception the context that the host could not know: a generator's body has a host stack of its own.

        What is handled around the generator, unless the error was thrown in from there or goes on as it came.
        """
        if self.inherited is not None and error is not self.thrown and error.__context__ is None:
            self.chain(error)

    def chain(self, error: BaseException) -> None:
        """`_PyErr_SetObject` with what is handled around the generator, if there is such."""
        inherited = self.inherited
        if inherited is None or error is inherited:
            return
        link: BaseException = inherited
        while link.__context__ is not None:
            if link.__context__ is error:
                link.__context__ = None  # no cycles
                break
            link = link.__context__
        error.__context__ = inherited

    def step(self) -> None:
        """One turn of a loop."""
        self.budget.step()

    def within(self, frame: Frame, body: Callable[[], Value]) -> Value:
        """Run `body` with `frame` as the innermost one."""
        outer = self.frame
        frame.back = outer
        self.enter()
        self.frame = frame
        try:
            return body()
        finally:
            self.frame = outer
            self.depth -= 1

    def invoke(self, *call: Any) -> Value:
        """A call of a guest function; see `make_function`."""
        if call[1].co_name == "__subclasscheck__" and is_asked_by_host(call[5]):
            return True
        return enter_function(self, *call)

    def set_recursion_limit(self, limit: int) -> None:
        """See `Evaluator`."""
        self.limit = limit
        if self.bounded:
            PROCESS.bound(_host_levels(limit))

    def caller(self) -> Frame:
        """See `Evaluator`."""
        if self.frame is None:
            raise RuntimeError("no guest frame is running")
        return self.frame

    def caller_namespaces(self) -> tuple[dict[str, Value], Value]:
        """The globals and locals of the innermost guest frame."""
        frame = self.caller()
        return frame.globals, frame.local_names()


def _host_levels(limit: int) -> int:
    """How deep the host may go for a guest with this limit: what it recurses through in C, `repr` of nested data say, is not counted else."""
    return min(RECURSION_LIMIT, _LEVELS_OF_A_TREE + _LEVELS_OF_A_CALL * limit)
