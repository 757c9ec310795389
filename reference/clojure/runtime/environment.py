"""The environment: everything that guest code can reach, and nothing that another environment can.

`cells` are the host globals of compiled code: the roots of all vars under `namespace/name`, and the constants of the
code that was loaded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Callable, Protocol, cast

from lockstep.reference.clojure.runtime.java.classes import CLASSES, DEFAULT_IMPORTS, JavaClass
from lockstep.reference.clojure.runtime.state.references import Transaction
from lockstep.reference.clojure.runtime.state.vars import Namespace, Unbound, Var
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.faults import Fault, class_cast_fault, state_fault
from lockstep.reference.clojure.runtime.values.names import Interner, Keyword, Symbol
from lockstep.reference.host.engine import Writer
from lockstep.reference.host.limits import Budget

CORE = "clojure.core"
# Compiler.resolveIn: these two mean the same in every namespace.
_ALWAYS_RESOLVED = frozenset({"ns", "in-ns"})


class Evaluator(Protocol):
    """What a backend gives the runtime."""

    def evaluate(self, form: Value) -> Value:
        """The value of a form."""
        ...

    def load(self, source: str, name: str, *, library: bool = False, required: bool = False) -> Value:
        """Read and evaluate all forms of a source; the value of the last one."""
        ...

    def expand(self, form: Value) -> Value:
        """`macroexpand-1`."""
        ...

    def disassemble(self, source: str, name: str) -> Iterator[str]:
        """What the backend makes of each form of a source; they are run on the way."""
        ...


class Printer(Protocol):
    """What prints values."""

    def string(self, value: Value) -> str:
        """`str` of one value."""
        ...

    def text(self, value: Value) -> str:
        """`pr-str` of one value."""
        ...

    def print(self, value: Value, write: Callable[[str], object], *, readably: bool, depth: int = 0) -> None:
        """Write a value; `readably` as `pr` does, else as `print` does."""
        ...

    def standard(self, value: Value, write: Callable[[str], object], *, readably: bool) -> None:
        """Write a value as clojure.core's own methods do."""
        ...

    def duplicable(self, value: Value, write: Callable[[str], object], depth: int = 0) -> None:
        """Write a value as `print-dup` does."""
        ...


class Scheduler(Protocol):
    """What runs futures and threads."""

    def start(self, thunk: Callable[[], Value], thread: object = None) -> object:
        """Run something beside the caller."""
        ...

    def wait(self, done: Callable[[], bool], deadline: float | None = None) -> bool:
        """Let others run until something is done; False if the deadline came first."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let others run for some time."""
        ...

    def running_thread(self) -> object:
        """The thread whose code runs now, None for the main one."""
        ...


class Policy(Protocol):
    """What a nested environment allows."""

    active: bool

    def __call__(self, symbol: Symbol) -> None:
        """Refuse a symbol that is not allowed."""
        ...


# What clojure.main has loaded before a program: loaded here when it is first asked for.
AT_START = frozenset(
    {
        "clojure.core.protocols",
        "clojure.core.server",
        "clojure.edn",
        "clojure.instant",
        "clojure.java.io",
        "clojure.main",
        "clojure.spec.alpha",
        "clojure.spec.gen.alpha",
        "clojure.uuid",
        "clojure.walk",
    }
)


class Namespaces(dict[str, Namespace]):
    """The namespaces by name; those that are there at the start are made when they are looked for."""

    def __init__(self, make: Callable[[str], None]) -> None:
        super().__init__()
        self.make = make
        self.waiting = set(AT_START)

    def _wake(self, name: object) -> None:
        if name in self.waiting:
            self.waiting.discard(str(name))
            if name not in self.keys():
                self.make(str(name))

    def get(self, name: str, default: Any = None) -> Any:
        """The namespace of this name."""
        self._wake(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self._wake(name)
        return super().__contains__(name)

    def __missing__(self, name: str) -> Namespace:
        self._wake(name)
        found = super().get(name)
        if found is None:
            raise KeyError(name)
        return found


class Environment:
    """One guest state.

    What loads libraries into it, `is_bundled` and `load_library`, is given to it by the bootstrap.

    Args:
        interner: the keywords of the engine.
        budget: what the guest may use.
        output: where it writes.
        roots: folders in which `require` looks.
        features: what reader conditionals answer.
    """

    is_bundled: Callable[[str], bool]
    load_library: Callable[[Environment, str], object]

    def __init__(
        self,
        interner: Interner,
        budget: Budget,
        output: Writer,
        roots: tuple[str, ...] = (),
        features: tuple[str, ...] = (),
    ) -> None:
        self.interner = interner
        self.budget = budget
        self.output = output
        self.roots = roots
        self.features = features
        self.cells: dict[str, Value] = {}
        self.namespaces = Namespaces(self._load_at_start)
        self.evaluator: Evaluator
        self.loaded: dict[str, None] = {}
        self.loading: list[str] = []
        self.frames: list[list[Var]] = []
        self.types: dict[str, JavaClass] = {}
        self.printer: Printer
        self.hierarchy: Value = None
        # The methods of print-method and print-dup that clojure.core brings.
        self.standard_methods: dict[str, Value] = {}
        self.arguments: tuple[str, ...] = ()
        self.scheduler: Scheduler
        self.main_thread: object = None
        self.transaction: Transaction | None = None
        # A digest of all that was evaluated so far: a file that is loaded at the same point of the same history
        # expands to the same code.
        self.history = hashlib.sha256()
        self.agent_actions: list[Callable[[], None]] = []
        self._identities: dict[int, int] = {}
        self._last_id = 0
        self.core = Namespace(CORE, self.cells, None)
        self.namespaces[CORE] = self.core
        self.cells["clojure.core/*ns*"] = self.core
        self.intern(CORE, "*ns*").dynamic = True
        # Whether a library is being loaded, whose calls of libraries are linked directly.
        self.linking = False
        # The policy of a nested environment (sci.core); None allows everything.
        self.policy: Policy | None = None
        # Whether the guest may read files beside those below its roots.
        self.files = True
        self.engine: Any = None

    def _load_at_start(self, name: str) -> None:
        """Load a namespace that is there at the start; one that we have no source of is empty."""
        if not self.is_bundled(name):
            self.namespace(name)
            return
        frames, self.frames = self.frames, []
        saved = self.cells["clojure.core/*ns*"]
        try:
            self.load_library(self, name)
        finally:
            self.frames = frames
            self.cells["clojure.core/*ns*"] = saved

    @property
    def current(self) -> Namespace:
        """The value of *ns*."""
        return cast("Namespace", self.cells["clojure.core/*ns*"])

    def keyword(self, name: str) -> Keyword:
        """The keyword without namespace of this name."""
        return self.interner.keyword(None, name)

    def value(self, name: str) -> Value:
        """The value of a var of clojure.core, nil if it is unbound."""
        found = self.cells.get(f"clojure.core/{name}")
        return None if found.__class__ is Unbound else found

    def next_id(self) -> int:
        """A number that was not given before."""
        self._last_id += 1
        return self._last_id

    def step(self) -> None:
        """One step of the budget, for host loops that may not end."""
        budget = self.budget
        budget.steps -= 1
        if budget.steps < 0:
            budget.exhausted()

    @property
    def meter(self) -> Callable[[], None] | None:
        """`step` if steps are counted."""
        return self.step if self.budget.limits.metered else None

    def evaluate(self, form: Value) -> Value:
        """The value of a form."""
        return self.evaluator.evaluate(form)

    def namespace(self, name: str) -> Namespace:
        """The namespace of this name, made (without clojure.core) if need be."""
        try:
            return self.namespaces[name]
        except KeyError:
            found = self.namespaces[name] = Namespace(name, self.cells, None)
            return found

    def find_namespace(self, value: Value) -> Namespace:
        """The namespace that a namespace or symbol means.

        Raises:
            Exception: there is none.
        """
        if isinstance(value, Namespace):
            return value
        if not isinstance(value, Symbol):
            raise class_cast_fault(value, "clojure.lang.Symbol")
        found: Namespace | None = self.namespaces.get(value.text)
        if found is None:
            raise Fault("Exception", f"No namespace: {value.text} found")
        return found

    def intern(self, namespace: str, name: str) -> Var:
        """The var of this name, made if need be."""
        return self.namespace(namespace).intern(name)

    def find_class(self, namespace: Namespace, name: str) -> JavaClass | None:
        """The class that a symbol means in a namespace."""
        found = namespace.mappings.get(name)
        if isinstance(found, JavaClass):
            return found
        if "." in name:
            return self.types.get(name) or CLASSES.get(name)
        return None if name in namespace.excluded else DEFAULT_IMPORTS.get(name)

    def resolve(self, symbol: Symbol) -> Value:
        """The var or class that a symbol means in *ns*, or None."""
        current = self.current
        if symbol.namespace is not None:
            target = current.aliases.get(symbol.namespace) or self.namespaces.get(symbol.namespace)
            return target.mappings.get(symbol.name) if target is not None else None
        if symbol.name in _ALWAYS_RESOLVED:
            return self.core.mappings[symbol.name]
        found = current.find(symbol.name)
        return found if found is not None else self.find_class(current, symbol.name)

    def push_bindings(self, pairs: list[tuple[Var, Value]]) -> None:
        """Bind dynamic vars until `pop_bindings`.

        Raises:
            IllegalStateException: one is not dynamic.
        """
        for var, _ in pairs:
            if not var.dynamic:
                raise state_fault(f"Can't dynamically bind non-dynamic var: {var.key}")
        for var, value in pairs:
            var.push(value)
        self.frames.append([var for var, _ in pairs])

    def pop_bindings(self) -> None:
        """End the innermost bindings."""
        if not self.frames:
            raise state_fault("Pop without matching push")
        for var in reversed(self.frames.pop()):
            var.pop()

    def bindings(self) -> list[tuple[Var, Value]]:
        """The dynamic vars that are bound, with their values."""
        found: dict[Var, Value] = {}
        for frame in self.frames:
            for var in frame:
                found[var] = var.deref()
        return list(found.items())

    def identity(self, value: Value) -> int:
        """A small number for an object, the same as long as it lives in the table."""
        return self._identities.setdefault(id(value), len(self._identities) + 1)

    def print_text(self, value: Value) -> str:
        """`pr-str` of a value."""
        return str(self.printer.text(value))
