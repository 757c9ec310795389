"""The VM's evaluator: compiles guest source to host code and runs it on the host."""

from __future__ import annotations

import sys
from types import CodeType, FrameType
from typing import Any

from lockstep.reference.host.code_cache import CodeCache
from lockstep.reference.host.errors import GuestSyntaxError, LimitExceeded
from lockstep.reference.host.limits import Budget
from lockstep.reference.python.runtime.classes import class_driver
from lockstep.reference.python.runtime.dispatch.attributes import (
    delete_attribute,
    get_attribute,
    set_attribute,
)
from lockstep.reference.python.runtime.dispatch.containers import get_item
from lockstep.reference.python.runtime.frames import Code, keep, kept
from lockstep.reference.python.runtime.interpreter import Interpreter
from lockstep.reference.python.runtime.modules.importing import import_functions
from lockstep.reference.python.runtime.patterns import (
    class_pattern,
    mapping_pattern,
    mapping_rest,
    sequence_pattern,
)
from lockstep.reference.python.runtime.sizes import sized_operators
from lockstep.reference.python.runtime.syntax_errors import guest_syntax_error
from lockstep.reference.python.runtime.type_info import Type, type_of
from lockstep.reference.python.runtime.types.tracebacks import is_compiled_frame
from lockstep.reference.python.syntax.parse import from_host, parse
from lockstep.reference.python.vm.lowering import Lowering
from lockstep.reference.python.vm.names import BUDGET, HONOURS_BUILTINS

Value = Any

# Hosts since 3.10 give a new function the builtins of the frame that makes it; on older ones the globals must
# go on naming them.
_INHERITS_BUILTINS = sys.implementation.name == "cpython" and sys.version_info >= (3, 10)
_HIGHEST_LIMIT = 200_000


class _Attributes:
    """Lets `value.name` with a guarded name stand as an assignment target: `.attributes(value)["name"]`."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    def __getitem__(self, name: str) -> Value:
        return get_attribute(self.value, name)

    def __setitem__(self, name: str, attribute: Value) -> None:
        set_attribute(self.value, name, attribute)

    def __delitem__(self, name: str) -> None:
        delete_attribute(self.value, name)


def _begin() -> None:
    """Take the builtins out of the globals, where guest code could reach what is hidden in them."""
    if _INHERITS_BUILTINS:
        sys._getframe(1).f_globals.pop("__builtins__", None)  # the frame that begins


def _tidy() -> None:
    """Take the temporaries of a match statement out of the namespace that it ran in."""
    names = sys._getframe(1).f_locals  # the program or class body that calls
    for name in [name for name in names if name[:2] in (".m", ".c")]:
        if name.startswith(".c.") or name[2:].isdigit():
            del names[name]


_HELPERS: dict[str, Value] = {
    ".begin": _begin,
    ".getattribute": get_attribute,
    ".attributes": _Attributes,
    ".subscript": get_item,
    ".tidy": _tidy,
    ".type": Type,
    ".type_of": type_of,
    ".uncatchable": (LimitExceeded, MemoryError),
    ".class_driver": class_driver,
    ".class_pattern": class_pattern,
    ".mapping_pattern": mapping_pattern,
    ".mapping_rest": mapping_rest,
    ".sequence_pattern": sequence_pattern,
}


class _DeepHost:
    """Lets the compiler recurse as deep as the machine's stack allows, whatever the guest's limit."""

    def __enter__(self) -> None:
        self.limit = sys.getrecursionlimit()
        if self.limit < _HIGHEST_LIMIT:
            sys.setrecursionlimit(_HIGHEST_LIMIT)

    def __exit__(self, *_: object) -> None:
        sys.setrecursionlimit(self.limit)


def lowered_tree(source: str, filename: str, mode: str, metered: bool, sized: bool) -> Any:
    """The host's AST of a guest program.

    Raises:
        PythonSyntaxError: the program is rejected.
    """
    return Lowering(filename, metered, sized).program(parse(source, filename, mode))


class CompilingEvaluator:
    """Runs one guest's code as host code.

    Args:
        interpreter: the guest.
        cache: compiled code, shared by all guests of the engine.
    """

    def __init__(self, interpreter: Interpreter, cache: CodeCache) -> None:
        self.interpreter = interpreter
        self.cache = cache
        self.depth = 0
        self.base = 0
        interpreter.evaluator = self
        names = interpreter.builtins
        names.update(_HELPERS)
        self.metered = self.sized = False
        self.use_budget(interpreter.budget)
        imports = import_functions(interpreter)
        for key in ("from", "as", "star", "top"):
            names[f".import_{key}"] = imports[key]
        names.update(sized_operators(interpreter))

        def _display(value: Value) -> None:
            interpreter.system("displayhook")(value)

        names[".display"] = _display

    def use_budget(self, budget: Budget) -> None:
        """See `Evaluator`."""
        self.interpreter.budget = budget
        self.metered = budget.limits.metered
        self.sized = budget.limits.memory is not None
        self.interpreter.builtins[BUDGET] = budget

    def compile(
        self,
        source: str,
        filename: str,
        mode: str,
        *,
        features: frozenset[str] = frozenset(),
        library: bool = False,
    ) -> Code:
        """See `Evaluator`."""
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
        host = self.host_code(source, filename, mode, features, persist=library)
        view = Code(host.co_name, host.co_name, filename, host.co_firstlineno)
        view.co_flags = host.co_flags
        keep(view, ".code", host)
        keep(view, ".mode", mode)
        return view

    def host_code(
        self,
        source: str,
        filename: str,
        mode: str,
        features: frozenset[str] = frozenset(),
        *,
        persist: bool = False,
    ) -> CodeType:
        """Compiled code of a guest program, from the cache where it is there.

        Raises:
            PythonSyntaxError: the program is rejected.
        """
        options = (filename, mode, self.metered, self.sized, sorted(features))
        key = self.cache.key(source, *options)

        def build() -> CodeType:
            with _DeepHost():
                return self._build(source, filename, mode, features)

        return self.cache.get(key, build, persist=persist and not self.metered)

    def _build(self, source: str, filename: str, mode: str, features: frozenset[str]) -> CodeType:
        import __future__ as future  # noqa: PLC0415  # its name reads as the statement only here

        import warnings  # noqa: PLC0415

        tree = lowered_tree(source, filename, mode, self.metered, self.sized)
        flags = future.annotations.compiler_flag if "annotations" in features else 0
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                code: CodeType = compile(
                    tree,
                    filename,
                    "eval" if mode == "eval" else "exec",
                    flags,
                    dont_inherit=True,
                )
        except SyntaxError as error:
            raise from_host(error, filename, source) from None
        except (RecursionError, MemoryError):
            raise from_host(SyntaxError("too many nested expressions or statements"), filename) from None
        return code

    def run(self, code: Code, global_names: dict[str, Value], local_names: Value) -> Value:
        """See `Evaluator`."""
        host = kept(code, ".code")
        if host is None:
            raise TypeError("this code object cannot be run on its own")
        interpreter = self.interpreter
        own = global_names.get("__builtins__")
        builtins = interpreter.builtins
        if isinstance(own, dict) and own is not builtins:
            # The guest's own choice of builtins, plus what compiled code cannot do without.
            builtins = {**{k: v for k, v in builtins.items() if k[:1] == "."}, **own}
        if HONOURS_BUILTINS:
            global_names["__builtins__"] = builtins
        else:
            for name, value in builtins.items():
                if name not in ("__name__", "__doc__"):
                    global_names.setdefault(name, value)
        run = eval if kept(code, ".mode") == "eval" else exec
        if self.depth:
            return run(host, global_names, local_names)
        self.depth += 1
        previous = sys.getrecursionlimit()
        self.base = _host_depth()
        sys.setrecursionlimit(self.base + interpreter.recursion_limit)
        try:
            return run(host, global_names, local_names)
        finally:
            self.depth -= 1
            sys.setrecursionlimit(previous)
            if _INHERITS_BUILTINS:
                global_names.pop("__builtins__", None)

    def set_recursion_limit(self, limit: int) -> None:
        """See `Evaluator`."""
        if self.depth:
            sys.setrecursionlimit(self.base + limit)

    def caller(self) -> FrameType:
        """See `Evaluator`."""
        frame: FrameType | None = sys._getframe(1)  # whoever called the builtin
        while frame is not None and not is_compiled_frame(frame):
            frame = frame.f_back
        if frame is None:
            raise RuntimeError("no guest frame is running")
        return frame

    def caller_namespaces(self) -> tuple[dict[str, Value], Value]:
        """The globals and locals of the innermost guest frame."""
        frame = self.caller()
        names = frame.f_locals
        if frame.f_code.co_flags & 1:  # a function's: a snapshot
            names = {name: value for name, value in names.items() if name[:1] != "."}
        return frame.f_globals, names


def _host_depth() -> int:
    depth = 0
    frame: FrameType | None = sys._getframe()  # counted once a run
    while frame is not None:
        depth += 1
        frame = frame.f_back
    return depth
