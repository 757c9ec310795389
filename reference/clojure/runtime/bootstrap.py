"""A fresh environment: kernel, dynamic vars, then core.clj by the backend's evaluator."""

from __future__ import annotations

from lockstep.reference.clojure.runtime.bridge import sci
from lockstep.reference.clojure.runtime.collections.maps import EMPTY_MAP
from lockstep.reference.clojure.runtime.environment import CORE as CORE_NAME
from lockstep.reference.clojure.runtime.environment import Environment
from lockstep.reference.clojure.runtime.kernel import (
    arithmetic,
    collections,
    macros,
    namespaces,
    proxies,
    reductions,
    sequences,
    states,
    strings,
    texts,
)
from lockstep.reference.clojure.runtime.kernel.registry import CORE, KERNEL
from lockstep.reference.clojure.runtime.loading import LIBRARY, is_bundled, load_library
from lockstep.reference.clojure.runtime.printing.printer import Printer
from lockstep.reference.clojure.runtime.state import futures
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.names import FALSE, TRUE

# Imported for what they register.
KERNEL_MODULES = (
    arithmetic,
    collections,
    futures,
    macros,
    namespaces,
    proxies,
    reductions,
    sequences,
    states,
    strings,
    texts,
)

DYNAMIC: dict[str, Value] = {
    "*1": None,
    "*2": None,
    "*3": None,
    "*e": None,
    "*agent*": None,
    "*allow-unresolved-vars*": FALSE,
    "*assert*": TRUE,
    "*command-line-args*": None,
    "*compile-files*": FALSE,
    "*compile-path*": "classes",
    "*compiler-options*": None,
    "*data-readers*": EMPTY_MAP,
    "*default-data-reader-fn*": None,
    "*err*": None,
    "*file*": "NO_SOURCE_PATH",
    "*flush-on-newline*": TRUE,
    "*in*": None,
    "*math-context*": None,
    "*out*": None,
    "*print-dup*": FALSE,
    "*print-length*": None,
    "*print-level*": None,
    "*print-meta*": FALSE,
    "*print-namespace-maps*": FALSE,
    "*print-readably*": TRUE,
    "*read-eval*": TRUE,
    "*reader-resolver*": None,
    "*source-path*": "NO_SOURCE_FILE",
    "*suppress-read*": None,
    "*unchecked-math*": FALSE,
    "*use-context-classloader*": TRUE,
    "*verbose-defrecords*": FALSE,
    "*warn-on-reflection*": FALSE,
    "*fn-loader*": None,
}


def prepare(environment: Environment) -> None:
    """Everything of clojure.core that the host gives."""
    environment.printer = Printer(environment)
    environment.is_bundled = is_bundled
    environment.load_library = load_library
    for name, value in DYNAMIC.items():
        var = environment.core.intern(name)
        var.dynamic = True
        var.implementation = "host"
        environment.cells[var.key] = value
    CORE.install(environment)
    KERNEL.install(environment)
    strings.LIBRARY.install(environment)
    sci.LIBRARY.install(environment)
    environment.core.aliases["k"] = environment.namespaces["lockstep.kernel"]


def boot(environment: Environment) -> None:
    """Load core.clj and enter `user`."""
    cells = environment.cells
    cells["clojure.core/*ns*"] = environment.core
    environment.evaluator.load(
        (LIBRARY / "clojure.core.clj").read_text(encoding="utf-8"), f"<{CORE_NAME}>", library=True
    )
    environment.loaded[CORE_NAME] = None
    user = environment.namespace("user")
    user.core = environment.core
    cells["clojure.core/*ns*"] = user
