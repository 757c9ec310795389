# ruff: noqa: PTH113, PTH118, PTH120, PTH123  # `os.path` is what Python's own import system is written in
"""The import system: built-in modules by table, guest source by path (Language Reference 5)."""

from __future__ import annotations

import os
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from lockstep.reference.python.runtime.builtins.execution import decode_source
from lockstep.reference.python.runtime.dispatch.attributes import get_attribute, instance_dict
from lockstep.reference.python.runtime.dispatch.calling import call
from lockstep.reference.python.runtime.kinds import Value, is_a
from lockstep.reference.python.runtime.modules.native import native_module
from lockstep.reference.python.runtime.type_info import MISSING, name_of

if TYPE_CHECKING:
    from lockstep.reference.python.runtime.interfaces import Interpreter


def import_name(
    interpreter: Interpreter, name: str, global_names: dict[str, Value], names: Value, level: int
) -> Value:
    """`__import__`: the top package, or the module itself where `names` are wanted from it (7.11).

    Raises:
        ImportError: there is no such module.
    """
    if level < 0:
        raise ValueError("level must be >= 0")
    if level:
        name = _absolute(name, global_names, level)
    elif not name:
        raise ValueError("Empty module name")
    module = load(interpreter, name)
    if not names:
        if level or "." not in name:
            if level:
                return module
            return module
        return interpreter.modules[name.partition(".")[0]]
    if _attribute(module, "__path__") is not MISSING:
        for wanted in _star_names(module, names):
            if _attribute(module, wanted) is MISSING:
                _load_optional(interpreter, f"{name}.{wanted}")
    return module


def _star_names(module: Value, names: Any) -> list[str]:
    found: list[str] = []
    for wanted in names:
        if wanted == "*":
            listed = _attribute(module, "__all__")
            if listed is not MISSING:
                found.extend(item for item in listed if is_a(item, str))
        elif is_a(wanted, str):
            found.append(wanted)
        else:
            raise TypeError(f"Item in ``from list'' must be str, not {name_of(wanted)}")
    return found


def _load_optional(interpreter: Interpreter, name: str) -> None:
    try:
        load(interpreter, name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise


def _attribute(module: Value, name: str) -> Any:
    try:
        return get_attribute(module, name)
    except AttributeError:
        return MISSING


def _absolute(name: str, global_names: dict[str, Value], level: int) -> str:
    package: Any = global_names.get("__package__")
    if package is None:
        package = global_names.get("__name__", "")
        if "__path__" not in global_names:
            package = package.rpartition(".")[0]
    if not package:
        raise ImportError("attempted relative import with no known parent package")
    parts = package.rsplit(".", level - 1)
    if len(parts) < level:
        raise ImportError("attempted relative import beyond top-level package")
    return f"{parts[0]}.{name}" if name else str(parts[0])


def load(interpreter: Interpreter, name: str) -> Value:
    """The module called `name`, loaded with its parents where that has not happened yet.

    Raises:
        ModuleNotFoundError: nothing has that name.
    """
    modules = interpreter.modules
    if name in modules:
        module = modules[name]
        if module is None:
            raise ModuleNotFoundError(f"import of {name} halted; None in sys.modules", name=name)
        return module
    parent_name, _, own_name = name.rpartition(".")
    path: Value = None
    parent: Value = None
    if parent_name:
        parent = load(interpreter, parent_name)
        if name in modules:
            return modules[name]
        path = _attribute(parent, "__path__")
        if path is MISSING:
            if native_module(interpreter, name) is None:
                raise ModuleNotFoundError(
                    f"No module named {name!r}; {parent_name!r} is not a package", name=name
                )
            path = ()
    module = native_module(interpreter, name)
    if module is not None:
        modules[name] = module
    else:
        module = _load_source(interpreter, name, own_name, path)
    if parent is not None:
        parent.__dict__[own_name] = module if not is_a(module, ModuleType) else modules.get(name, module)
    return modules.get(name, module)


def _load_source(interpreter: Interpreter, name: str, own_name: str, path: Value) -> Value:
    found = _find(interpreter.system("path") if path is None else path, own_name, interpreter.roots)
    if found is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    filename, is_package = found
    module = ModuleType(name)
    names = module.__dict__
    names["__file__"] = filename
    names["__cached__"] = None
    names["__builtins__"] = interpreter.builtins
    if is_package:
        names["__path__"] = [os.path.dirname(filename)]
        names["__package__"] = name
    else:
        names["__package__"] = name.rpartition(".")[0]
    names["__spec__"] = SimpleNamespace(
        name=name,
        origin=filename,
        loader=None,
        parent=names["__package__"],
        submodule_search_locations=names.get("__path__"),
        has_location=True,
        cached=None,
        _initializing=False,
    )
    interpreter.modules[name] = module
    try:
        if filename:
            with open(filename, "rb") as stream:
                source = decode_source(stream.read())
            code = interpreter.evaluator.compile(source, filename, "exec", library=True)
            interpreter.evaluator.run(code, names, names)
    except BaseException:
        interpreter.modules.pop(name, None)
        raise
    return module


def _find(folders: Any, own_name: str, roots: tuple[str, ...]) -> tuple[str, bool] | None:
    for folder in folders or ():
        # A guest may put any folder in `sys.path` or in a package's `__path__`; only its own and the library's are read.
        if not is_a(folder, str) or not _lies_in(folder, roots):
            continue
        base = os.path.join(folder, own_name)
        initial = os.path.join(base, "__init__.py")
        if os.path.isfile(initial):
            return initial, True
        if os.path.isfile(base + ".py"):
            return base + ".py", False
    return None


def _lies_in(folder: str, roots: tuple[str, ...]) -> bool:
    real = os.path.realpath(folder)
    return any(real == root or real.startswith(root.rstrip(os.sep) + os.sep) for root in roots)


class Imports:
    """What import statements do in one guest: each asks the `__import__` of the builtins that its code sees (7.11)."""

    def __init__(self, interpreter: Interpreter) -> None:
        self.interpreter = interpreter

    def find(
        self, builtins: Any, name: str, global_names: Value, local_names: Value, names: Value, level: int
    ) -> Value:
        """What `__import__` gives.

        Raises:
            ImportError: there is no `__import__`, or no such module.
        """
        try:
            function = builtins["__import__"]
        except KeyError:
            function = MISSING
        if function is MISSING:
            raise ImportError("__import__ not found")
        return call(function, (name, global_names, local_names, names, level), {})

    def member(self, module: Value, wanted: str) -> Value:
        """One name of `from module import wanted`: an attribute, or else a module of that name (`import_from`).

        Raises:
            ImportError: it is neither.
        """
        value = _attribute(module, wanted)
        if value is not MISSING:
            return value
        name = _attribute(module, "__name__")
        named = name if is_a(name, str) else None
        if named is not None:
            value = self.interpreter.modules.get(f"{name}.{wanted}", MISSING)
            if value is not MISSING:
                return value
        shown = named if named is not None else "<unknown module name>"
        place = (instance_dict(module) or {}).get("__file__") if is_a(module, ModuleType) else None
        if not is_a(place, str):
            raise ImportError(  # what the import lacks, not what its type is
                f"cannot import name {wanted!r} from {shown!r} (unknown location)",
                name=named,
            )
        source = f"{shown!r} ({place})"
        spec = _attribute(module, "__spec__")
        if spec is not MISSING and _attribute(spec, "_initializing") is True:
            source = (
                f"partially initialized module {shown!r} (most likely due to a circular import) ({place})"
            )
        raise ImportError(f"cannot import name {wanted!r} from {source}", name=named, path=place)

    def last(self, module: Value, name: str) -> Value:
        """`import a.b.c as x`: from the first module to the last."""
        for part in name.split(".")[1:]:
            module = self.member(module, part)
        return module

    def star(self, module: Any, names: Any) -> None:
        """`from module import *` into the namespace `names` (`import_all_from`).

        Raises:
            ImportError: it has neither `__all__` nor `__dict__`.
            TypeError: a listed name is no string.
        """
        listed = _attribute(module, "__all__")
        skips = listed is MISSING
        if skips:
            attributes = _attribute(module, "__dict__")
            if attributes is MISSING:
                raise ImportError("from-import-* object has no __dict__ and no __all__")
            listed = call(get_attribute(attributes, "keys"), (), {})
        for name in list(listed):
            if not is_a(name, str):
                shown = _attribute(module, "__name__")
                where = f"{shown}.__dict__ must be str" if skips else f"{shown}.__all__ must be str"
                raise TypeError(f"{'Key' if skips else 'Item'} in {where}, not {name_of(name)}")
            if not (skips and name.startswith("_")):
                names[name] = get_attribute(module, name)
