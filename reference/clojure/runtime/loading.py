"""`require`: where the source of a namespace is, and loading it once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lockstep.reference.clojure.runtime.state.vars import Var
from lockstep.reference.clojure.runtime.values import Value
from lockstep.reference.clojure.runtime.values.faults import Fault

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment


LIBRARY = Path(__file__).parent / "library"
_SUFFIXES = (".clj", ".cljc")


def is_bundled(name: str) -> bool:
    """Whether a namespace is one of ours."""
    return bundled(name) is not None


def bundled(name: str) -> Path | None:
    """The file of a namespace that belongs to the package."""
    path = LIBRARY / (name.replace("-", "_") + ".clj")
    return path if path.is_file() else None


def is_library(file: str) -> bool:
    """Whether a file name, as locations show it, is that of a bundled namespace."""
    return file.startswith("<") and bundled(file[1:-1]) is not None


def find_source(environment: Environment, name: str) -> tuple[str, str, bool] | None:
    """Source, name and whether it is ours, of a namespace; None if there is none."""
    own = bundled(name)
    if own is not None:
        return own.read_text(encoding="utf-8"), f"<{name}>", True
    relative = name.replace("-", "_").replace(".", "/")
    for root in environment.roots:
        for suffix in _SUFFIXES:
            path = Path(root) / (relative + suffix)
            if path.is_file():
                return path.read_text(encoding="utf-8"), relative + suffix, False
    return None


def file_bindings(environment: Environment) -> list[tuple[Var, Value]]:
    """The dynamic vars that a file may `set!` for itself (Compiler.load)."""
    names = (
        "*ns*",
        "*warn-on-reflection*",
        "*unchecked-math*",
        "*data-readers*",
        "*print-length*",
        "*e",
        "*1",
        "*assert*",
        "*file*",
    )
    return [(environment.core.intern(name), environment.cells[f"clojure.core/{name}"]) for name in names]


def load_all(environment: Environment, name: str) -> None:
    """Load a namespace and everything that it requires anew (`:reload-all`)."""
    known, environment.loaded = environment.loaded, {}
    try:
        load_library(environment, name, reload=True)
    finally:
        environment.loaded = {**known, **environment.loaded}


def load_path(environment: Environment, path: str) -> None:
    """`load`: a file by its path below the roots, or beside the namespace at hand.

    Raises:
        FileNotFoundException: there is none.
    """
    if not path.startswith("/"):
        folder = environment.current.name.replace("-", "_").replace(".", "/").rpartition("/")[0]
        path = f"{folder}/{path}"
    name = path.lstrip("/").replace("/", ".").replace("_", "-")
    found = find_source(environment, name)
    if found is None:
        relative = path.lstrip("/")
        raise Fault(
            "FileNotFoundException", f"Could not locate {relative}.clj or {relative}.cljc on the source path."
        )
    environment.push_bindings(file_bindings(environment))
    try:
        environment.evaluator.load(found[0], found[1], library=found[2], required=True)
    finally:
        environment.pop_bindings()


def load_library(environment: Environment, name: str, *, reload: bool = False) -> Value:
    """Load the source of a namespace unless that was done.

    Raises:
        FileNotFoundException: there is no such file.
        Exception: the file does not make the namespace, or it requires itself.
    """
    if name in environment.loaded and not reload:
        return None
    if environment.loading and environment.loading[-1] == name:
        return None
    if name in environment.loading:
        chain = "->".join(environment.loading[environment.loading.index(name) + 1 :])
        raise Fault("Exception", f"Cyclic load dependency: [ {name} ]->{chain}->[ {name} ]")
    loader = getattr(environment.policy, "load", None)
    if loader is not None:
        environment.loading.append(name)
        try:
            known = loader(name)
        finally:
            environment.loading.pop()
        if known:
            environment.loaded[name] = None
            return None
    found = find_source(environment, name)
    if found is None:
        relative = name.replace("-", "_").replace(".", "/")
        if name in environment.namespaces:
            environment.loaded[name] = None
            return None
        raise Fault(
            "FileNotFoundException", f"Could not locate {relative}.clj or {relative}.cljc on the source path."
        )
    source, file, ours = found
    environment.loading.append(name)
    environment.push_bindings(file_bindings(environment))
    try:
        environment.evaluator.load(source, file, library=ours, required=True)
    finally:
        environment.loading.pop()
        environment.pop_bindings()
    if name not in environment.namespaces:
        raise Fault("Exception", f"namespace '{name}' not found after loading '/{name.replace('.', '/')}'")
    environment.loaded[name] = None
    return None
