# functions that stand for missing ones take what those take
"""Modules of CPython's that are not written in Python: the host's own functions, where they are safe.

What reads attributes by a name that the guest supplies (`operator.attrgetter`), reaches frames, files,
processes or the host's modules is left out. Modules written in Python are loaded as guest source.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import types
from collections.abc import Mapping
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, Callable

from lockstep.reference.python.runtime.frames import Code, Frame
from lockstep.reference.python.runtime.kinds import Value
from lockstep.reference.python.runtime.modules.codecs import codecs_module
from lockstep.reference.python.runtime.modules.compiled import import_late, json_functions
from lockstep.reference.python.runtime.modules.syntax_trees import ast_module
from lockstep.reference.python.runtime.sealed import BuiltinFunction
from lockstep.reference.python.runtime.type_info import Type

if TYPE_CHECKING:
    from lockstep.reference.python.runtime.interfaces import Interpreter


# Host module -> names that the guest does not get. The guest's module is a copy of what is left.
_SHARED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "_abc": (),
        "_bisect": (),
        "_collections": (),
        "_csv": (
            "field_size_limit",
            "get_dialect",
            "list_dialects",
            "reader",
            "register_dialect",
            "unregister_dialect",
            "writer",
        ),
        "_functools": (),
        "_heapq": (),
        "_operator": ("attrgetter", "methodcaller"),
        "_random": (),
        "_sre": (),
        "_blake2": (),
        "_md5": (),
        "_sha1": (),
        "_sha256": (),
        "_sha3": (),
        "_sha512": (),
        "_stat": (),
        "_statistics": (),
        "_string": (),
        "_struct": (),
        "_weakref": (),
        "array": (),
        "binascii": (),
        "cmath": (),
        "errno": (),
        "itertools": (),
        "math": (),
        "unicodedata": (),
        "zlib": (),
        "_contextvars": (),
        "_datetime": (),
    }
)
_WITHHELD = ("__loader__", "__spec__", "__file__", "__builtins__", "__cached__")
# Seconds for which nothing looks whether the run is over; the host refuses longer sleeps than the second.
_LONGEST_SLEEP = 0.05
_FOREVER = 1e9
_TIME = [
    "gmtime",
    "localtime",
    "mktime",
    "monotonic",
    "monotonic_ns",
    "perf_counter",
    "perf_counter_ns",
    "process_time",
    "process_time_ns",
    "sleep",
    "strftime",
    "strptime",
    "struct_time",
    "time",
    "time_ns",
    "timezone",
    "altzone",
    "daylight",
    "tzname",
    "asctime",
    "ctime",
]


@functools.cache
def _host_module(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _copy(name: str, hidden: tuple[str, ...]) -> ModuleType | None:
    host = _host_module(name)
    if host is None:
        return None
    import_late(name)
    module = ModuleType(name)
    for key, value in vars(host).items():
        if key not in hidden and key not in _WITHHELD and not isinstance(value, ModuleType):
            module.__dict__[key] = value
    module.__dict__["__name__"] = name
    return module


def _fill(name: str, names: Mapping[str, Value]) -> ModuleType:
    module = ModuleType(name)
    module.__dict__.update(names)
    for value in names.values():
        if type(value) is BuiltinFunction and value.__home__.startswith("lockstep."):
            value.__home__ = name
    return module


def _function(function: Callable[..., Value], name: str | None = None) -> BuiltinFunction:
    if name is not None:
        function.__name__ = function.__qualname__ = name
    return BuiltinFunction(function)


def _time(interpreter: Interpreter) -> ModuleType:
    host = importlib.import_module("time")
    import_late("time")
    names = {name: getattr(host, name) for name in _TIME if hasattr(host, name)}

    def sleep(seconds: Any, /) -> None:
        if type(seconds) not in (int, float) or not _LONGEST_SLEEP < seconds < _FOREVER:
            host.sleep(seconds)
            return
        until = host.monotonic() + seconds
        while (left := until - host.monotonic()) > 0:
            host.sleep(min(left, _LONGEST_SLEEP))
            budget = interpreter.budget
            if budget.steps < 0:
                budget.exhausted()

    names["sleep"] = _function(sleep)
    return _fill("time", names)


def _io(interpreter: Interpreter) -> ModuleType:
    host = importlib.import_module("_io")
    names = [
        "StringIO",
        "BytesIO",
        "UnsupportedOperation",
        "BlockingIOError",
        "DEFAULT_BUFFER_SIZE",
        "IncrementalNewlineDecoder",
        "_IOBase",
        "_RawIOBase",
        "_BufferedIOBase",
        "_TextIOBase",
        "TextIOWrapper",
        "BufferedReader",
        "BufferedWriter",
        "BufferedRandom",
        "BufferedRWPair",
        "text_encoding",
    ]
    found = {name: getattr(host, name) for name in names if hasattr(host, name)}

    def open_(*_: Value, **__: Value) -> None:
        raise PermissionError("files are not available")

    found["open"] = found["open_code"] = _function(open_, "open")
    found["FileIO"] = Type("FileIO", (host._RawIOBase,), {"__module__": "_io"})
    return _fill("_io", found)


def _gc(_: Interpreter) -> ModuleType:
    host = importlib.import_module("gc")

    def no_objects(*_: Value) -> list[Value]:
        return []

    return _fill(
        "gc",
        {
            "collect": host.collect,
            "enable": _function(lambda: None, "enable"),
            "disable": _function(lambda: None, "disable"),
            "isenabled": _function(lambda: True, "isenabled"),
            "get_objects": _function(no_objects, "get_objects"),
            "get_referrers": _function(no_objects, "get_referrers"),
            "garbage": [],
        },
    )


def _thread(_: Interpreter) -> ModuleType:
    host = importlib.import_module("_thread")

    def start_new_thread(*_: Value, **__: Value) -> None:
        raise RuntimeError("can't start new thread")

    names = {
        name: getattr(host, name)
        for name in ("allocate_lock", "LockType", "RLock", "error", "get_ident", "TIMEOUT_MAX", "_local")
        if hasattr(host, name)
    }
    names["start_new_thread"] = _function(start_new_thread)
    names["_set_sentinel"] = names["allocate_lock"]
    names["get_native_id"] = names["get_ident"]
    names["stack_size"] = _function(lambda size=0: 0, "stack_size")
    names["daemon_threads_allowed"] = _function(lambda: True, "daemon_threads_allowed")
    return _fill("_thread", names)


def _json(interpreter: Interpreter) -> ModuleType | None:
    module = _copy("_json", ())
    if module is not None:
        module.__dict__.update(json_functions(interpreter, importlib.import_module("_json")))
    return module


def _warnings(interpreter: Interpreter) -> ModuleType:
    # The pure-Python `warnings` takes over where `_warnings` cannot be imported.
    del interpreter
    raise ModuleNotFoundError("No module named '_warnings'", name="_warnings")


# The types that `types` names; CPython computes them from objects that the guest must not see.
_NAMED_TYPES: Mapping[str, type] = MappingProxyType(
    {
        **{
            key: value
            for key, value in vars(types).items()
            if isinstance(value, type) and key not in ("DynamicClassAttribute", "_GeneratorWrapper")
        },
        "CodeType": Code,
        "FrameType": Frame,
    }
)
# What is written in Python there, and runs as the guest's own code.
_TYPES_SOURCE = (
    "new_class",
    "resolve_bases",
    "prepare_class",
    "_calculate_meta",
    "get_original_bases",
    "DynamicClassAttribute",
)


@functools.cache
def _types_source() -> tuple[str, str]:
    """The name of the host's `types.py`, and its text without what the guest gets otherwise."""
    text = inspect.getsource(types)
    kept: set[int] = set()
    for node in ast.parse(text).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name in _TYPES_SOURCE:
            kept.update(range(node.lineno, (node.end_lineno or 0) + 1))
    lines = text.splitlines()
    source = "\n".join(line if number in kept else "" for number, line in enumerate(lines, 1))
    return types.__file__ or "types.py", f"{source}\n"


def _types_module(interpreter: Interpreter) -> ModuleType:
    """`types`."""
    module = _fill("types", _NAMED_TYPES)
    names = module.__dict__
    filename, source = _types_source()
    names["__file__"] = filename
    code = interpreter.evaluator.compile(source, filename, "exec", library=True)
    interpreter.evaluator.run(code, names, names)
    names["coroutine"] = _function(types.coroutine, "coroutine")
    names["__all__"] = [name for name in names if not name.startswith("_")]
    return module


def _importlib(interpreter: Interpreter) -> ModuleType:
    def import_module(name: str, package: str | None = None) -> Value:
        level = len(name) - len(name.lstrip("."))
        if level:
            return interpreter.import_name(name[level:], {"__package__": package}, ("*",), level)
        return interpreter.load(name)

    def reload(module: Any) -> Value:
        interpreter.modules.pop(module.__name__, None)
        return interpreter.load(module.__name__)

    def import_(name: str, *rest: Any, **keywords: Any) -> Value:
        return interpreter.builtins["__import__"](name, *rest, **keywords)

    return _fill(
        "importlib",
        {
            "import_module": _function(import_module),
            "reload": _function(reload),
            "invalidate_caches": _function(lambda: None, "invalidate_caches"),
            "__import__": _function(import_, "__import__"),
            "__path__": [],
        },
    )


def _importlib_part(interpreter: Interpreter, name: str) -> ModuleType:
    del interpreter
    names: dict[str, Value] = {}
    if name == "importlib.machinery":
        names = {
            key: Type(key, (object,), {})
            for key in (
                "ModuleSpec",
                "SourceFileLoader",
                "BuiltinImporter",
                "FrozenImporter",
                "PathFinder",
                "FileFinder",
                "ExtensionFileLoader",
                "SourcelessFileLoader",
            )
        }
        names["SOURCE_SUFFIXES"], names["BYTECODE_SUFFIXES"] = [".py"], []
        names["DEBUG_BYTECODE_SUFFIXES"], names["OPTIMIZED_BYTECODE_SUFFIXES"] = [], []
        names["EXTENSION_SUFFIXES"] = []
        names["all_suffixes"] = _function(lambda: [".py"], "all_suffixes")
    return _fill(name, names)


def _imp(_: Interpreter) -> ModuleType:
    names = ("is_builtin", "_override_frozen_modules_for_tests", "is_frozen", "acquire_lock", "release_lock")
    return _fill("_imp", {name: _function(lambda *_: 0, name) for name in names})


def _atexit(_: Interpreter) -> ModuleType:
    # Nothing outlives the guest, so there is no exit to run anything at.
    names = ("register", "unregister", "_clear", "_run_exitfuncs", "_ncallbacks")
    return _fill("atexit", {name: _function(lambda *a, **k: a[0] if a else None, name) for name in names})


def _opcode(_: Interpreter) -> ModuleType:
    return _fill("_opcode", {})


def _signal(_: Interpreter) -> ModuleType:
    def handler(*_: Value) -> Value:
        return None

    return _fill(
        "signal",
        {
            "SIGINT": 2,
            "SIGTERM": 15,
            "SIG_DFL": 0,
            "SIG_IGN": 1,
            "default_int_handler": _function(handler, "default_int_handler"),
            "getsignal": _function(handler, "getsignal"),
            "signal": _function(handler, "signal"),
        },
    )


def _posix(_: Interpreter) -> ModuleType:
    """The names that `os` is built on; there is no file system, no process and no environment behind them."""
    host = importlib.import_module("posix")

    def unavailable(path: Value = None, *_: Value, **__: Value) -> None:
        raise FileNotFoundError(2, "No such file or directory", path)

    names: dict[str, Value] = {
        key: value for key, value in vars(host).items() if isinstance(value, int) and key.isupper()
    }
    for key in ("fspath", "strerror", "urandom", "stat_result", "terminal_size", "error"):
        names[key] = getattr(host, key)
    for key in (
        "stat",
        "lstat",
        "listdir",
        "open",
        "mkdir",
        "rmdir",
        "unlink",
        "remove",
        "rename",
        "scandir",
    ):
        names[key] = _function(_copy_of(unavailable), key)
    names.update(
        {
            "environ": {},
            "_have_functions": [],
            "getcwd": _function(lambda: "/", "getcwd"),
            "getcwdb": _function(lambda: b"/", "getcwdb"),
            "getpid": _function(lambda: 1, "getpid"),
            "cpu_count": _function(lambda: 1, "cpu_count"),
            "_exit": _function(_copy_of(unavailable), "_exit"),
            "putenv": _function(lambda key, value: None, "putenv"),
            "unsetenv": _function(lambda key: None, "unsetenv"),
            "isatty": _function(lambda descriptor: False, "isatty"),
        }
    )
    return _fill("posix", names)


def _sysconfig(_: Interpreter) -> ModuleType:
    """No installation stands behind the guest, so every variable is unknown."""
    return _fill(
        "sysconfig",
        {
            "get_config_var": _function(lambda name: None, "get_config_var"),
            "get_config_vars": _function(
                lambda *names: [None] * len(names) if names else {}, "get_config_vars"
            ),
            "get_platform": _function(lambda: "", "get_platform"),
            "get_path": _function(lambda *names: None, "get_path"),
            "get_paths": _function(lambda *names: {}, "get_paths"),
            "is_python_build": _function(lambda *_: False, "is_python_build"),
        },
    )


def _copy_of(function: Callable[..., Value]) -> Callable[..., Value]:
    def copied(*arguments: Value, **keywords: Value) -> Value:
        return function(*arguments, **keywords)

    return copied


def _future_annotations(_: Interpreter) -> ModuleType | None:
    return _copy("__future__", ())


_MADE: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "__future__": _future_annotations,
        "_ast": ast_module,
        "_codecs": codecs_module,
        "_imp": _imp,
        "_io": _io,
        "_json": _json,
        "_opcode": _opcode,
        "_thread": _thread,
        "_warnings": _warnings,
        "atexit": _atexit,
        "gc": _gc,
        "importlib": _importlib,
        "posix": _posix,
        "signal": _signal,
        "sysconfig": _sysconfig,
        "time": _time,
        "types": _types_module,
    }
)

# Modules whose C form is the whole module.
_WHOLE = MappingProxyType({"datetime": "_datetime"})


def native_module(interpreter: Interpreter, name: str) -> ModuleType | None:
    """A fresh copy of the built-in module `name`; None where it is not one."""
    if name in _MADE:
        found = _MADE[name](interpreter)
        return found if found is None or isinstance(found, ModuleType) else None
    if name.startswith("importlib."):
        return _importlib_part(interpreter, name)
    if name in _WHOLE:
        module = _copy(_WHOLE[name], ())
        if module is not None:
            module.__dict__["__name__"] = name
        return module
    if name in _SHARED:
        return _copy(name, _SHARED[name])
    return None
