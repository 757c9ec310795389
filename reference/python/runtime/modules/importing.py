# ruff: noqa: PTH113, PTH118, PTH120, PTH123  # `os.path` is what Python's own import system is written in
"""The import system: built-in modules by table, guest source by path (Language Reference 5)."""

from __future__ import annotations

import os
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.python.runtime.builtins.execution import decode_source
from lockstep.reference.python.runtime.dispatch.attributes import get_attribute
from lockstep.reference.python.runtime.dispatch.calling import call
from lockstep.reference.python.runtime.modules.native import native_module
from lockstep.reference.python.runtime.type_info import MISSING, name_of

if TYPE_CHECKING:
    from lockstep.reference.python.runtime.interpreter import Interpreter

Value = Any


def import_name(
    interpreter: Interpreter, name: str, global_names: dict[str, Value], names: Any, level: int
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
                found.extend(item for item in listed if isinstance(item, str))
        elif isinstance(wanted, str):
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


def _attribute(module: Value, name: str) -> Value:
    try:
        return get_attribute(module, name)
    except AttributeError:
        return MISSING


def _absolute(name: str, global_names: dict[str, Value], level: int) -> str:
    package = global_names.get("__package__")
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
        parent.__dict__[own_name] = (
            module if not isinstance(module, ModuleType) else modules.get(name, module)
        )
    return modules.get(name, module)


def _load_source(interpreter: Interpreter, name: str, own_name: str, path: Value) -> Value:
    found = _find(interpreter.system("path") if path is None else path, own_name)
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
    finally:
        names.pop("__builtins__", None)
    return module


def _find(folders: Value, own_name: str) -> tuple[str, bool] | None:
    for folder in folders or ():
        if not isinstance(folder, str):
            continue
        base = os.path.join(folder, own_name)
        initial = os.path.join(base, "__init__.py")
        if os.path.isfile(initial):
            return initial, True
        if os.path.isfile(base + ".py"):
            return base + ".py", False
    return None


def import_functions(interpreter: Interpreter) -> dict[str, Callable[..., Value]]:
    """What import statements call: each runs the `__import__` that the guest's builtins hold (7.11)."""

    def find(name: str, global_names: Value, names: Any, level: int) -> Value:
        function = interpreter.builtins.get("__import__", MISSING)
        if function is MISSING:
            raise ImportError("__import__ not found")
        return call(function, (name, global_names, None, names, level), {})

    def import_from(name: str, level: int, names: Any, wanted: str, global_names: Value = None) -> Value:
        """One name of `from name import names`."""
        if global_names is None:
            global_names = interpreter.evaluator.caller_namespaces()[0]
        module = find(name, global_names, names, level)
        value = _attribute(module, wanted)
        if value is not MISSING:
            return value
        module_name = _attribute(module, "__name__")
        if isinstance(module_name, str):
            value = interpreter.modules.get(f"{module_name}.{wanted}", MISSING)
            if value is not MISSING:
                return value
        shown = module_name if isinstance(module_name, str) else "<unknown module name>"
        place = _attribute(module, "__file__")
        where = place if isinstance(place, str) else "unknown location"
        raise ImportError(f"cannot import name {wanted!r} from {shown!r} ({where})", name=shown)

    def import_as(name: str, global_names: Value = None) -> Value:
        """`import a.b.c as x`: the last module."""
        if global_names is None:
            global_names = interpreter.evaluator.caller_namespaces()[0]
        module = find(name, global_names, None, 0)
        for part in name.split(".")[1:]:
            module = get_attribute(module, part)
        return module

    def import_star(name: str, level: int, global_names: Value = None) -> None:
        """`from name import *` at module level."""
        if global_names is None:
            global_names = interpreter.evaluator.caller_namespaces()[0]
        module = find(name, global_names, ("*",), level)
        listed = _attribute(module, "__all__")
        if listed is MISSING:
            names = get_attribute(module, "__dict__")
            listed = [key for key in names if isinstance(key, str) and not key.startswith("_")]
        for key in listed:
            if not isinstance(key, str):
                raise TypeError(f"{module.__name__}.__all__ must contain only strings")
            global_names[key] = get_attribute(module, key)

    def import_top(name: str, global_names: Value = None) -> Value:
        """`import a.b.c`: the first module."""
        if global_names is None:
            global_names = interpreter.evaluator.caller_namespaces()[0]
        return find(name, global_names, None, 0)

    return {
        "from": import_from,
        "as": import_as,
        "star": import_star,
        "top": import_top,
    }
