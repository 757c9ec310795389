"""The VM's evaluator: compiles guest source to host code and runs it on the host."""

from __future__ import annotations
import __future__ as future

import re
import sys
import warnings
from collections.abc import Mapping
from types import CodeType, FrameType, MappingProxyType
from typing import Any, Callable, TypeVar

from lockstep.reference.host.collector import collector_paused_for
from lockstep.reference.host.deep_stack import RECURSION_LIMIT
from lockstep.reference.host.errors import GuestSyntaxError, LimitExceeded
from lockstep.reference.host.generation.code_cache import CodeCache
from lockstep.reference.host.generation.constants import link
from lockstep.reference.host.limits import Budget
from lockstep.reference.host.process import PROCESS
from lockstep.reference.python.runtime.builtins.consumers import passing_helpers
from lockstep.reference.python.runtime.classes import class_driver
from lockstep.reference.python.runtime.dispatch.attributes import (
    delete_attribute,
    get_attribute,
    set_attribute,
)
from lockstep.reference.python.runtime.dispatch.containers import delete_item, get_item
from lockstep.reference.python.runtime.frames import OPTIMIZED, Code, code_of_host, keep, kept, own_names
from lockstep.reference.python.runtime.interpreter import Interpreter
from lockstep.reference.python.runtime.kinds import Value
from lockstep.reference.python.runtime.modules.importing import Imports
from lockstep.reference.python.runtime.patterns import (
    class_pattern,
    mapping_pattern,
    mapping_rest,
    sequence_pattern,
)
from lockstep.reference.python.runtime.sizes import sized_operators
from lockstep.reference.python.runtime.syntax_errors import guest_syntax_error
from lockstep.reference.python.runtime.type_info import Type, slot_of, type_of
from lockstep.reference.python.runtime.types.tracebacks import is_compiled_frame
from lockstep.reference.python.syntax.parse import (
    PythonSyntaxError,
    from_host,
    optimization,
    parse,
    rejection,
)
from lockstep.reference.python.vm.lowering import Lowering
from lockstep.reference.python.vm.names import HONOURS_BUILTINS
from lockstep.reference.python.vm.scratch import Scratch, import_functions

_HIGHEST_LIMIT = 200_000
# However deep a guest wants to nest: a call through C code takes up to 20 KiB of the thread's stack.
_HIGHEST_GUEST_LIMIT = 50_000
# What `_host_depth` adds to the depth that the host tells of, less what running a program will.
_OWN_LEVELS = 1

Result = TypeVar("Result")


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


def _call_type(function: Any, value: Any) -> Value:
    """`type(value)`, where `type` may be any name's value."""
    return type_of(value) if function is Type else function(value)


def _delete_subscript(container: Any, key: Any) -> None:
    """`del container[key]`; the words of a refusal are the runtime's."""
    try:
        del container[key]
        return
    except TypeError:
        if slot_of(container, "mp_ass_subscript") is not None:
            raise
    delete_item(container, key)


# What compiled code calls, under the names that the lowering knows; of no guest in particular.
_HELPERS: Mapping[str, Value] = MappingProxyType(
    {
        "getattribute": get_attribute,
        "attributes": _Attributes,
        "subscript": get_item,
        "call_type": _call_type,
        "delete_subscript": _delete_subscript,
        "slice": slice,
        "uncatchable": (LimitExceeded, MemoryError),
        "class_driver": class_driver,
        "class_pattern": class_pattern,
        "mapping_pattern": mapping_pattern,
        "mapping_rest": mapping_rest,
        "sequence_pattern": sequence_pattern,
    }
)


class _DeepHost:
    """Lets the compiler recurse as deep as the machine's stack allows, whatever the guest's limit."""

    def __enter__(self) -> None:
        self.limit = PROCESS.bound(max(_HIGHEST_LIMIT, sys.getrecursionlimit()))

    def __exit__(self, *_: object) -> None:
        PROCESS.bound(self.limit)


def lowered_tree(source: str, filename: str, mode: str, metered: bool, sized: bool) -> Any:
    """The host's AST of a guest program.

    Raises:
        PythonSyntaxError: the program is rejected.
    """
    return Lowering(filename, metered, sized).program(parse(source, filename, mode))


def host_code_of(tree: Any, filename: str, mode: str, features: frozenset[str] = frozenset()) -> CodeType:
    """The host's code of a lowered tree.

    Raises:
        SyntaxError: the host's compiler rejects it.
    """
    flags = future.annotations.compiler_flag if "annotations" in features else 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code: CodeType = compile(
            tree,
            filename,
            "eval" if mode == "eval" else "exec",
            flags,
            dont_inherit=True,
            optimize=optimization(features),
        )
    return code


class Machine:
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
        self.inherited = None
        interpreter.evaluator = self
        self.metered = self.sized = False
        self.use_budget(interpreter.budget)

        def display(value: Any) -> None:
            interpreter.system("displayhook")(value)

        self.helpers: dict[str, Value] = {
            **_HELPERS,
            **sized_operators(interpreter),
            **passing_helpers(interpreter),
            **import_functions(Imports(interpreter)),
            **Scratch().functions(),
            "display": display,
            "guest": interpreter,
        }

    def use_budget(self, budget: Budget) -> None:
        """See `Evaluator`."""
        self.interpreter.budget = budget
        self.metered = budget.limits.metered
        self.sized = budget.limits.memory is not None or budget.limits.steps is not None

    def compile(
        self,
        source: Any,
        filename: str,
        mode: str,
        *,
        features: frozenset[str] = frozenset(),
        library: bool = False,
    ) -> Code:
        """See `Evaluator`."""
        if not isinstance(source, str):
            tree = Lowering(filename, self.metered, self.sized).program(source)
            code = link(host_code_of(tree, filename, mode, features), self.helpers, self.interpreter)
            view: Code = self._view(code, mode)
            return view
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
        view: Code = self._view(host, mode)
        return view

    @staticmethod
    def _view(host: CodeType, mode: str) -> Code:
        view = code_of_host(host)
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
            with collector_paused_for(len(source)), _DeepHost():
                return self._build(source, filename, mode, features, library=persist)

        code = self.cache.get(key, build, persist=persist and not self.metered)
        return link(code, self.helpers, self.interpreter)

    def _build(
        self, source: str, filename: str, mode: str, features: frozenset[str], *, library: bool
    ) -> CodeType:
        failure: Exception | None = None
        if "__debug__" in source:  # attributes of that name do not stay attributes
            failure = rejection(source, filename, mode, features=features, shows_text=library)
        try:
            if failure is None:
                tree = lowered_tree(source, filename, mode, self.metered, self.sized)
                return host_code_of(tree, filename, mode, features)
        except PythonSyntaxError as error:
            failure = rejection(source, filename, mode, features=features, shows_text=library) or error
        except SyntaxError as error:
            failure = rejection(source, filename, mode, features=features, shows_text=library)
            failure = failure or from_host(error, filename, source)
        except (RecursionError, MemoryError):
            failure = from_host(SyntaxError("too many nested expressions or statements"), filename)
        raise failure

    def run(self, code: Code, global_names: dict[str, Value], local_names: Value) -> Value:
        """See `Evaluator`."""
        host = kept(code, ".code")
        if host is None:
            raise TypeError("this code object cannot be run on its own")
        interpreter = self.interpreter
        if HONOURS_BUILTINS:
            global_names.setdefault("__builtins__", interpreter.builtins)
        else:
            for name, value in interpreter.builtins.items():
                if name not in ("__name__", "__doc__"):
                    global_names.setdefault(name, value)
        run = eval if kept(code, ".mode") == "eval" else exec
        return self.limited(run, host, global_names, local_names)

    def limited(self, run: Callable[..., Result], *arguments: Value) -> Result:
        """`run(*arguments)`, in which guest calls nest as deep as the guest's own limit allows."""
        if self.depth:
            return run(*arguments)
        self.depth += 1
        self.base = _host_depth()
        previous = PROCESS.bound(self.base + min(self.interpreter.recursion_limit, _HIGHEST_GUEST_LIMIT))
        try:
            return run(*arguments)  # a call that the host never specialises: it always takes a level
        finally:
            self.depth -= 1
            PROCESS.bound(max(previous, RECURSION_LIMIT))

    def set_recursion_limit(self, limit: int) -> None:
        """See `Evaluator`."""
        if self.depth:
            PROCESS.bound(self.base + min(limit, _HIGHEST_GUEST_LIMIT))

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
        if frame.f_code.co_flags & OPTIMIZED:
            names = own_names(names)
        return frame.f_globals, names


def _host_depth() -> int:
    """How deep the host has gone where this is called, counted as it counts for its recursion limit."""
    try:
        sys.setrecursionlimit(1)
    except RecursionError as error:
        told = re.search(r"depth (\d+)", str(error))
        if told is not None:
            return int(told[1]) - _OWN_LEVELS
    depth = 0
    frame: FrameType | None = sys._getframe(1)  # who asks
    while frame is not None:
        depth += 1
        frame = frame.f_back
    return depth
