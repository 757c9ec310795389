"""`compile`, `eval`, `exec`, `__import__` and `__build_class__`: what runs guest code."""

from __future__ import annotations
import __future__ as future

import ast
import builtins as host
import io
from types import FunctionType
from typing import TYPE_CHECKING, Any

from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.python.runtime.builtins.arguments import by_keyword, by_position
from lockstep.reference.python.runtime.builtins.registration import functions
from lockstep.reference.python.runtime.classes import compiled_class
from lockstep.reference.python.runtime.frames import Code, GuestFrame
from lockstep.reference.python.runtime.kinds import Value, is_a
from lockstep.reference.python.runtime.modules.syntax_trees import guest_tree, host_tree, is_guest_tree
from lockstep.reference.python.runtime.slot_functions import call_special
from lockstep.reference.python.runtime.stack import innermost_frame
from lockstep.reference.python.runtime.syntax_errors import guest_syntax_error
from lockstep.reference.python.runtime.type_info import MISSING, lookup, name_of, slot_of
from lockstep.reference.python.syntax.parse import compiler_warnings, parse, rejection

if TYPE_CHECKING:
    from lockstep.reference.python.runtime.interfaces import Interpreter


# Compiler flags (`cpython/compile.h`, `__future__`).
_ONLY_AST = 0x400
_TOP_LEVEL_AWAIT = 0x2000
_FUTURE_ANNOTATIONS = future.annotations.compiler_flag
_KNOWN_FLAGS = 0x10 | 0x200 | _ONLY_AST | 0x1000 | _TOP_LEVEL_AWAIT | 0x4000
for _name in future.all_feature_names:
    _KNOWN_FLAGS |= getattr(future, _name).compiler_flag

_PAGE = "library/functions"
_OF_COMPILE = ("source", "filename", "mode", "flags", "dont_inherit", "optimize", "_feature_version")
_OF_EXEC = ("source", "globals", "locals", "closure")
_OF_IMPORT = ("name", "globals", "locals", "fromlist", "level")


def source_text(source: Value, function: str, what: str, filename: str, mode: str) -> str:
    """The text of `source` given to `compile`, `eval` or `exec`.

    Raises:
        SyntaxError: it holds null bytes, or is not in the encoding that it says.
        TypeError: it is no source.
    """
    if is_a(source, str):
        text = str.__str__(source)
    elif is_a(source, bytes) or is_a(source, bytearray) or is_a(source, memoryview):
        data = bytes(source)
        if b"\0" not in data:
            failure = rejection(data, filename, mode)
            if isinstance(failure, GuestSyntaxError):
                raise guest_syntax_error(failure)
        text = decode_source(data) if b"\0" not in data else "\0"
    else:
        raise TypeError(f"{function}() arg 1 must be a {what}")
    if "\0" in text:
        raise SyntaxError("source code string cannot contain null bytes")
    return text


def inherited_features() -> frozenset[str]:
    """The `__future__` features of the code that calls (`PyEval_MergeCompilerFlags`)."""
    frame = innermost_frame()
    if frame is None:
        return frozenset()
    flags = frame.code.co_flags if isinstance(frame, GuestFrame) else frame.f_code.co_flags
    return frozenset(("annotations",)) if flags & _FUTURE_ANNOTATIONS else frozenset()


def decode_source(data: bytes) -> str:
    """Source bytes as text: a byte order mark or an encoding comment decides, else UTF-8 (2.1.4)."""
    import tokenize  # noqa: PLC0415  # only source read from bytes needs it

    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return io.TextIOWrapper(io.BytesIO(data), encoding, newline=None).read()


def filename_text(filename: Value) -> str:
    """A file name as text (`PyUnicode_FSDecoder`).

    Raises:
        TypeError: it is none.
    """
    if is_a(filename, str):
        return str.__str__(filename)
    if is_a(filename, bytes):
        return bytes(filename).decode("utf-8", "surrogateescape")
    if lookup(type(filename), "__fspath__") is MISSING:
        raise TypeError(f"expected str, bytes or os.PathLike object, not {name_of(filename)}")
    return filename_text(call_special(filename, "__fspath__"))


def parsed(text: str, filename: str, mode: str) -> ast.AST:
    """The host's tree of a program.

    Raises:
        SyntaxError: it is rejected.
    """
    try:
        return parse(text, filename, mode)
    except GuestSyntaxError as error:
        failure = guest_syntax_error(error)
    raise failure


def _warn(interpreter: Interpreter, source: str, filename: str, mode: str) -> None:
    """Hand the compiler's warnings to the guest's `warnings`, if it has loaded that."""
    module: Any = interpreter.modules.get("warnings")
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


def _is_mapping(value: Value) -> bool:
    return slot_of(value, "mp_subscript") is not None


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
    ) -> Value:
        del _feature_version
        name = filename_text(filename)
        if not is_a(mode, str):
            raise TypeError(f"compile() argument 'mode' must be str, not {name_of(mode)}")
        if flags & ~_KNOWN_FLAGS:
            raise ValueError("compile(): unrecognised flags")
        if not -1 <= optimize <= 2:
            raise ValueError("compile(): invalid optimize value")
        modes = "'exec', 'eval' or 'single'"
        if flags & _ONLY_AST:
            modes = "'exec', 'eval', 'single' or 'func_type'"
        if mode not in ("exec", "eval", "single") and not (mode == "func_type" and flags & _ONLY_AST):
            raise ValueError(f"compile() mode must be {modes}")
        features = frozenset() if dont_inherit else inherited_features()
        if flags & _FUTURE_ANNOTATIONS:
            features |= {"annotations"}
        if optimize > 0:
            features |= {f"optimize={optimize}"}
        if isinstance(source, ast.AST) or is_guest_tree(interpreter, source):  # PyAST_Check asks
            tree = host_tree(interpreter, source)
            if flags & _ONLY_AST:
                return source
            return interpreter.evaluator.compile(tree, name, mode, features=features)
        text = source_text(source, "compile", "string, bytes or AST object", name, mode)
        if flags & _ONLY_AST:
            return guest_tree(interpreter, parsed(text, name, mode))
        _warn(interpreter, text, name, mode)
        return interpreter.evaluator.compile(text, name, mode, features=features)

    def namespaces(global_names: Any, local_names: Value) -> tuple[dict[str, Value], Value]:
        if global_names is None:
            found, inner = interpreter.evaluator.caller_namespaces()
            return found, inner if local_names is None else local_names
        return global_names, global_names if local_names is None else local_names

    def builtin_exec(
        source: Value, globals_: Value = None, locals_: Value = None, /, *, closure: Value = None
    ) -> None:
        del closure
        if globals_ is not None and not is_a(globals_, dict):
            raise TypeError(f"exec() globals must be a dict, not {name_of(globals_)}")
        if locals_ is not None and not _is_mapping(locals_):
            raise TypeError(f"locals must be a mapping or None, not {name_of(locals_)}")
        global_names, local_names = namespaces(globals_, locals_)
        code = source
        if not is_a(code, Code):
            text = source_text(source, "exec", "string, bytes or code object", "<string>", "exec")
            _warn(interpreter, text, "<string>", "exec")
            code = interpreter.evaluator.compile(text, "<string>", "exec", features=inherited_features())
        interpreter.evaluator.run(code, global_names, local_names)

    def builtin_eval(source: Value, globals_: Value = None, locals_: Value = None, /) -> Value:
        if locals_ is not None and not _is_mapping(locals_):
            raise TypeError("locals must be a mapping")
        if globals_ is not None and not is_a(globals_, dict):
            real = "globals must be a real dict; try eval(expr, {}, mapping)"
            raise TypeError(real if _is_mapping(globals_) else "globals must be a dict")
        global_names, local_names = namespaces(globals_, locals_)
        code = source
        if not is_a(code, Code):
            text = source_text(source, "eval", "string, bytes or code object", "<string>", "eval").lstrip(
                " \t"
            )
            _warn(interpreter, text, "<string>", "eval")
            code = interpreter.evaluator.compile(text, "<string>", "eval", features=inherited_features())
        return interpreter.evaluator.run(code, global_names, local_names)

    def builtin___import__(
        name: Value,
        globals: Any = None,  # noqa: A002  # the guest may pass it by this name
        locals: Value = None,  # noqa: A002
        fromlist: Value = (),
        level: int = 0,
    ) -> Value:
        del locals
        if not is_a(name, str):
            raise TypeError("module name must be a string")
        return interpreter.import_name(name, globals or {}, fromlist or (), level)

    def builtin___build_class__(*arguments: Value, **keywords: Value) -> Value:
        if len(arguments) < 2:
            raise TypeError("__build_class__: not enough arguments")
        function, name, *bases = arguments
        if not is_a(function, FunctionType):
            raise TypeError("__build_class__: func must be a function")
        if not is_a(name, str):
            raise TypeError("__build_class__: name is not a string")
        return compiled_class(host.__build_class__, function, name, tuple(bases), keywords)

    return functions(
        ("compile", by_keyword(builtin_compile, "compile", _OF_COMPILE, required=3, most=6), 6, _PAGE, "3.0"),
        ("exec", by_keyword(builtin_exec, "exec", _OF_EXEC, required=1, only=3, most=3), 4, _PAGE, "3.0"),
        ("eval", by_position(builtin_eval, "eval", 1, 3), 3, _PAGE, "3.0"),
        (
            "__import__",
            by_keyword(builtin___import__, "__import__", _OF_IMPORT, required=1, most=5),
            5,
            _PAGE,
            "3.0",
        ),
        # No text of Python describes what the class statement calls.
        ("__build_class__", builtin___build_class__, 2, "-", "3.0"),
    )
