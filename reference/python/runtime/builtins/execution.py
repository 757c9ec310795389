"""`compile`, `eval`, `exec`, `__import__` and `__build_class__`: what runs guest code."""

from __future__ import annotations

import builtins as host
from types import FunctionType
from typing import TYPE_CHECKING, Any

from lockstep.reference.python.runtime.classes import compiled_class
from lockstep.reference.python.runtime.frames import Code
from lockstep.reference.python.runtime.kinds import is_a
from lockstep.reference.python.runtime.sealed import BuiltinFunction
from lockstep.reference.python.runtime.type_info import name_of
from lockstep.reference.python.syntax.parse import compiler_warnings

if TYPE_CHECKING:
    from lockstep.reference.python.runtime.interpreter import Interpreter

Value = Any

# Compiler flags (`__future__`): the features that change 3.11's meaning, and top-level await.
_FUTURE_ANNOTATIONS = 0x1000000
_ONLY_AST = 0x400


def source_text(source: Value, function: str, what: str) -> str:
    """The text of `source` given to `compile`, `eval` or `exec`."""
    if is_a(source, str):
        text = source
    elif isinstance(source, (bytes, bytearray, memoryview)):
        text = decode_source(bytes(source))
    else:
        raise TypeError(f"{function}() arg 1 must be a {what}")
    if "\0" in text:
        raise ValueError("source code string cannot contain null bytes")
    return text  # type: ignore[no-any-return]  # it was just tested


def decode_source(data: bytes) -> str:
    """Source bytes as text: a byte order mark or an encoding comment decides, else UTF-8 (2.1.4)."""
    import io  # noqa: PLC0415  # only source read from bytes needs them
    import tokenize  # noqa: PLC0415

    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return io.TextIOWrapper(io.BytesIO(data), encoding, newline=None).read()


def _warn(interpreter: Interpreter, source: str, filename: str, mode: str) -> None:
    """Hand the compiler's warnings to the guest's `warnings`, if it has loaded that."""
    module = interpreter.modules.get("warnings")
    if module is None:
        return
    for message, category, line in compiler_warnings(source, filename, mode):
        failed = False
        try:
            module.warn_explicit(message, category, filename, line)
        except category:
            failed = True
        if failed:
            lines = source.splitlines()
            text = lines[line - 1] if 0 < line <= len(lines) else None
            raise SyntaxError(message, (filename, line, 1, text))


def execution_functions(interpreter: Interpreter) -> dict[str, Value]:
    """The functions of `builtins` that need the evaluator."""

    def builtin_compile(
        source: Value,
        filename: Value,
        mode: Value,
        flags: int = 0,
        dont_inherit: bool = False,
        optimize: int = -1,
        *,
        _feature_version: int = -1,
    ) -> Code:
        del dont_inherit, optimize, _feature_version
        if mode not in ("exec", "eval", "single"):
            raise ValueError("compile() mode must be 'exec', 'eval' or 'single'")
        if flags & _ONLY_AST:
            raise ValueError("compile(): syntax trees are not supported")
        if isinstance(filename, (bytes, bytearray)):
            filename = filename.decode()
        features = frozenset(("annotations",)) if flags & _FUTURE_ANNOTATIONS else frozenset()
        text = source_text(source, "compile", "string, bytes or AST object")
        _warn(interpreter, text, str(filename), mode)
        compiled: Code = interpreter.evaluator.compile(text, str(filename), mode, features=features)
        return compiled

    def namespaces(global_names: Value, local_names: Value, function: str) -> tuple[dict[str, Value], Value]:
        if local_names is not None and not hasattr(type(local_names), "__getitem__"):
            raise TypeError("locals must be a mapping")
        if global_names is None:
            found, inner = interpreter.evaluator.caller_namespaces()
            return found, inner if local_names is None else local_names
        if not is_a(global_names, dict):
            raise TypeError(f"{function}() arg 2 must be a dict, not {name_of(global_names)}")
        return global_names, global_names if local_names is None else local_names

    def builtin_exec(
        source: Value, globals_: Value = None, locals_: Value = None, /, *, closure: Value = None
    ) -> None:
        del closure
        global_names, local_names = namespaces(globals_, locals_, "exec")
        code = source
        if not isinstance(code, Code):
            text = source_text(source, "exec", "string, bytes or code object")
            _warn(interpreter, text, "<string>", "exec")
            code = interpreter.evaluator.compile(text, "<string>", "exec")
        interpreter.evaluator.run(code, global_names, local_names)

    def builtin_eval(source: Value, globals_: Value = None, locals_: Value = None, /) -> Value:
        global_names, local_names = namespaces(globals_, locals_, "eval")
        code = source
        if not isinstance(code, Code):
            text = source_text(source, "eval", "string, bytes or code object").lstrip(" \t")
            _warn(interpreter, text, "<string>", "eval")
            code = interpreter.evaluator.compile(text, "<string>", "eval")
        return interpreter.evaluator.run(code, global_names, local_names)

    def builtin___import__(
        name: Value,
        globals: Value = None,  # noqa: A002  # the guest may pass it by this name
        locals: Value = None,  # noqa: A002
        fromlist: Value = (),
        level: int = 0,
    ) -> Value:
        from lockstep.reference.python.runtime.modules.importing import import_name  # noqa: PLC0415  # mutual

        del locals
        if not is_a(name, str):
            raise TypeError("module name must be a string")
        return import_name(interpreter, name, globals or {}, fromlist or (), level)

    def builtin___build_class__(*arguments: Value, **keywords: Value) -> Value:
        if len(arguments) < 2:
            raise TypeError("__build_class__: not enough arguments")
        function, name, *bases = arguments
        if not is_a(function, FunctionType):
            raise TypeError("__build_class__: func must be a function")
        if not is_a(name, str):
            raise TypeError("__build_class__: name is not a string")
        return compiled_class(host.__build_class__, function, name, tuple(bases), keywords)

    names: dict[str, Value] = {}
    for function in (
        builtin_compile,
        builtin_exec,
        builtin_eval,
        builtin___import__,
        builtin___build_class__,
    ):
        function.__name__ = function.__name__.replace("builtin_", "", 1)
        function.__qualname__, function.__module__ = function.__name__, "builtins"
        names[function.__name__] = BuiltinFunction(function)
    return names
