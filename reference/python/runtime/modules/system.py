# ruff: noqa: PTH120  # functions that stand for missing ones take what those take
"""`sys` as the guest sees it (Library Reference, System-specific parameters and functions)."""

from __future__ import annotations

import os
import sys
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from lockstep.reference.python.runtime.host_reports import unraisable_text
from lockstep.reference.python.runtime.kinds import Value, is_a
from lockstep.reference.python.runtime.sealed import BuiltinFunction, SealedType, shown_as
from lockstep.reference.python.runtime.type_info import define_builtin
from lockstep.reference.python.runtime.types.tracebacks import (
    format_traceback,
    frame_view,
    guest_traceback,
)

if TYPE_CHECKING:
    from lockstep.reference.python.runtime.interfaces import Interpreter


_COPIED = [
    "byteorder",
    "copyright",
    "float_info",
    "float_repr_style",
    "hash_info",
    "hexversion",
    "int_info",
    "maxsize",
    "maxunicode",
    "platform",
    "version",
    "version_info",
    "api_version",
    "thread_info",
]
_HIGHEST_LIMIT = 100_000


class StandardStream(metaclass=SealedType):
    """A text stream of the guest; the host's writer stands where no guest can name it."""

    encoding = "utf-8"
    errors: str
    closed = False
    newlines = None
    line_buffering = True

    def __init__(self, name: str, write: Value, errors: str = "strict") -> None:
        self.name = name
        self.errors = errors
        self.__dict__[".write"] = write

    def write(self, text: Value) -> int:
        """Write text; the number of characters."""
        if not is_a(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self.errors == "strict" and not str.isascii(text):
            # What bytes cannot say is refused; escaped bytes are let through, as by CPython in the C locale.
            str.encode(text, "utf-8", "surrogateescape")
        self.__dict__[".write"](text)
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write each of `lines`."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Nothing is buffered."""

    def read(self, _size: int = -1) -> str:
        """The end of the file."""
        return ""

    def readline(self, _size: int = -1) -> str:
        """The end of the file."""
        return ""

    def isatty(self) -> bool:
        """Never."""
        return False

    def fileno(self) -> int:
        """There is none."""
        raise OSError("the stream has no file descriptor")

    def writable(self) -> bool:
        """Always."""
        return True


shown_as(StandardStream, "TextIOWrapper", "_io")
define_builtin(StandardStream, replace={}, hide=("__dict__", "__init__"))


def write_error(text: str) -> None:
    """Write to the host's standard error, which nobody judges."""
    if sys.stderr is not None:
        sys.stderr.write(text.encode("utf-8", "backslashreplace").decode())


def library_folders() -> list[str]:
    """Where the host keeps the standard library that is written in Python: guest source for us."""
    return [os.path.dirname(os.__file__)]


def system_module(interpreter: Interpreter, roots: tuple[str, ...], arguments: tuple[str, ...]) -> ModuleType:
    """A fresh `sys`."""

    def exc_info() -> Value:
        error = sys.exc_info()[1] or interpreter.evaluator.inherited
        if error is None:
            return None, None, None
        return type(error), error, guest_traceback(error)

    def exception() -> Value:
        return sys.exc_info()[1] or interpreter.evaluator.inherited

    def exit(status: Value = None, /) -> None:  # noqa: A001  # the guest's name
        raise SystemExit(status)

    def getrecursionlimit() -> int:
        return interpreter.recursion_limit

    def setrecursionlimit(limit: int, /) -> None:
        if not is_a(limit, int):
            raise TypeError(f"'{type(limit).__name__}' object cannot be interpreted as an integer")
        if limit < 1:
            raise ValueError("recursion limit must be greater or equal than 1")
        interpreter.recursion_limit = limit
        interpreter.evaluator.set_recursion_limit(min(limit, _HIGHEST_LIMIT))

    def _getframe(depth: int = 0, /) -> Value:
        view = frame_view(interpreter.evaluator.caller())
        for _ in range(depth):
            if view is None or view.f_back is None:
                raise ValueError("call stack is not deep enough")
            view = view.f_back
        return view

    def intern(text: Any, /) -> str:
        return sys.intern(text)

    def getsizeof(value: Value, *_: Value) -> int:
        return sys.getsizeof(value)

    def getrefcount(value: Value, /) -> int:
        return sys.getrefcount(value)

    def excepthook(_type: Value, error: Any, _traceback: Value, /) -> None:
        interpreter.modules["sys"].stderr.write("\n".join(format_traceback(error)) + "\n")

    def unraisablehook(unraisable: Any, /) -> None:
        interpreter.modules["sys"].stderr.write(unraisable_text(unraisable))

    def displayhook(value: Any, /) -> None:
        if value is not None:
            interpreter.builtins["_"] = None
            interpreter.modules["sys"].stdout.write(repr(value) + "\n")
            interpreter.builtins["_"] = value

    module = ModuleType("sys")
    names = module.__dict__
    for name in _COPIED:
        if hasattr(sys, name):
            names[name] = getattr(sys, name)
    interpreter.standard_output = StandardStream("<stdout>", interpreter.output.write)
    error_stream = StandardStream("<stderr>", write_error, errors="backslashreplace")
    input_stream = StandardStream("<stdin>", lambda text: None)
    names.update(
        {
            "__doc__": "This module provides access to some objects used or maintained by the interpreter.",
            "modules": interpreter.modules,
            "path": [*roots, *library_folders()],
            "argv": list(arguments) or [""],
            "orig_argv": list(arguments),
            "stdout": interpreter.standard_output,
            "stderr": error_stream,
            "stdin": input_stream,
            "__stdout__": interpreter.standard_output,
            "__stderr__": error_stream,
            "__stdin__": input_stream,
            "executable": "",
            "prefix": "",
            "exec_prefix": "",
            "base_prefix": "",
            "base_exec_prefix": "",
            "platlibdir": "lib",
            "abiflags": "",
            "warnoptions": [],
            "_xoptions": {},
            "dont_write_bytecode": True,
            "pycache_prefix": None,
            "meta_path": [],
            "path_hooks": [],
            "path_importer_cache": {},
            "builtin_module_names": ("builtins", "posix", "sys"),
            "stdlib_module_names": frozenset(),
            "flags": sys.flags,
            "implementation": SimpleNamespace(
                name="lockstep", version=sys.version_info, cache_tag=None, hexversion=sys.hexversion
            ),
        }
    )
    for function in (
        exc_info,
        exception,
        exit,
        getrecursionlimit,
        setrecursionlimit,
        _getframe,
        intern,
        getsizeof,
        getrefcount,
        excepthook,
        unraisablehook,
        displayhook,
    ):
        function.__qualname__, function.__module__ = function.__name__, "sys"
        names[function.__name__] = BuiltinFunction(function)
    for name, value in (
        ("getdefaultencoding", "utf-8"),
        ("getfilesystemencoding", "utf-8"),
        ("getfilesystemencodeerrors", "surrogateescape"),
        ("is_finalizing", False),
        ("gettrace", None),
        ("getprofile", None),
        ("getswitchinterval", 0.005),
        ("_clear_type_cache", None),
        ("getallocatedblocks", 0),
        ("gettotalrefcount", 0),
    ):
        names[name] = _constant_function(name, value)
    for name in ("settrace", "setprofile", "setswitchinterval", "audit", "addaudithook"):
        names[name] = _constant_function(name, None)
    names["__excepthook__"], names["__displayhook__"] = names["excepthook"], names["displayhook"]
    names["__unraisablehook__"] = names["unraisablehook"]
    return module


def _constant_function(name: str, value: Value) -> BuiltinFunction:
    def function(*_: Value, **__: Value) -> Value:
        return value

    function.__name__ = function.__qualname__ = name
    return BuiltinFunction(function)
