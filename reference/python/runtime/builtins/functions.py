"""The namespace of `builtins`: the host's own functions where they are safe and right, ours elsewhere."""

from __future__ import annotations

import builtins as host
from types import MappingProxyType
from typing import TYPE_CHECKING, Callable

from lockstep.reference.python.runtime.builtins.arguments import by_position, refuse
from lockstep.reference.python.runtime.builtins.consumers import consumers
from lockstep.reference.python.runtime.builtins.execution import execution_functions, filename_text
from lockstep.reference.python.runtime.builtins.registration import Description, functions
from lockstep.reference.python.runtime.dispatch.attributes import (
    delete_attribute,
    get_attribute,
    set_attribute,
)
from lockstep.reference.python.runtime.kinds import Value, is_a, is_type
from lockstep.reference.python.runtime.slot_functions import call_special
from lockstep.reference.python.runtime.type_info import MISSING, Type, lookup, name_of
from lockstep.reference.python.runtime.types.exceptions import GuestMemoryError

if TYPE_CHECKING:
    from lockstep.reference.python.runtime.interfaces import Interpreter


_PAGE = "library/functions"
# The host's functions that work on the special methods of their arguments and on nothing else.
HOST_FUNCTIONS = MappingProxyType(
    {
        "abs": Description(1, _PAGE, "3.0"),
        "aiter": Description(1, _PAGE, "3.10"),
        "all": Description(1, _PAGE, "3.0"),
        "anext": Description(2, _PAGE, "3.10"),
        "any": Description(1, _PAGE, "3.0"),
        "ascii": Description(1, _PAGE, "3.0"),
        "bin": Description(1, _PAGE, "3.0"),
        "callable": Description(1, _PAGE, "3.2"),
        "chr": Description(1, _PAGE, "3.0"),
        "divmod": Description(2, _PAGE, "3.0"),
        "format": Description(2, _PAGE, "3.0"),
        "hash": Description(1, _PAGE, "3.0"),
        "hex": Description(1, _PAGE, "3.0"),
        "id": Description(1, _PAGE, "3.0"),
        "isinstance": Description(2, _PAGE, "3.0"),
        "issubclass": Description(2, _PAGE, "3.0"),
        "iter": Description(2, _PAGE, "3.0"),
        "len": Description(1, _PAGE, "3.0"),
        "max": Description(3, _PAGE, "3.0"),
        "min": Description(3, _PAGE, "3.0"),
        "next": Description(2, _PAGE, "3.0"),
        "oct": Description(1, _PAGE, "3.0"),
        "ord": Description(1, _PAGE, "3.0"),
        "pow": Description(3, _PAGE, "3.0"),
        "repr": Description(1, _PAGE, "3.0"),
        "round": Description(2, _PAGE, "3.0"),
        "sorted": Description(3, _PAGE, "3.0"),
        "sum": Description(2, _PAGE, "3.0"),
    }
)
_HOST_TYPES = [
    "bool",
    "bytearray",
    "bytes",
    "classmethod",
    "complex",
    "dict",
    "enumerate",
    "filter",
    "float",
    "frozenset",
    "int",
    "list",
    "map",
    "memoryview",
    "object",
    "property",
    "range",
    "reversed",
    "set",
    "slice",
    "staticmethod",
    "str",
    "super",
    "tuple",
    "zip",
]
_HOST_CONSTANTS = ("Ellipsis", "False", "None", "NotImplemented", "True", "__debug__")


def host_names() -> dict[str, Value]:
    """What the guest's builtins share with the host's."""
    names = {
        name: getattr(host, name)
        for name in (*HOST_FUNCTIONS, *_HOST_TYPES, *_HOST_CONSTANTS)
        if hasattr(host, name)
    }
    names.update(
        {
            name: value
            for name, value in vars(host).items()
            if is_type(value) and issubclass(value, BaseException)
        }
    )
    names["MemoryError"] = GuestMemoryError
    return names


def _attribute_name(name: Value, function: str) -> str:
    if not is_a(name, str):
        raise TypeError(f"{function}(): attribute name must be string")
    return name


def builtin_getattr(
    value: Value = MISSING,
    name: Value = MISSING,
    default: Value = MISSING,
    /,
    *more: Value,
    **keywords: Value,
) -> Value:
    """`getattr`."""
    if name is MISSING or more or keywords:
        refuse("getattr", 2, 3, (value, name, default, *more), keywords)
    if type(name) is not str and not is_a(name, str):
        raise TypeError(f"attribute name must be string, not '{name_of(name)}'")
    if default is MISSING:
        return get_attribute(value, name)
    try:
        return get_attribute(value, name)
    except AttributeError:
        return default


def builtin_hasattr(
    value: Value = MISSING,
    name: Value = MISSING,
    /,
    *more: Value,
    **keywords: Value,
) -> bool:
    """`hasattr`."""
    if name is MISSING or more or keywords:
        refuse("hasattr", 2, 2, (value, name, *more), keywords)
    if type(name) is not str and not is_a(name, str):
        raise TypeError(f"attribute name must be string, not '{name_of(name)}'")
    try:
        get_attribute(value, name)
    except AttributeError:
        return False
    return True


def builtin_setattr(
    value: Value = MISSING,
    name: Value = MISSING,
    attribute: Value = MISSING,
    /,
    *more: Value,
    **keywords: Value,
) -> None:
    """`setattr`."""
    if attribute is MISSING or more or keywords:
        refuse("setattr", 3, 3, (value, name, attribute, *more), keywords)
    if type(name) is not str and not is_a(name, str):
        raise TypeError(f"attribute name must be string, not '{name_of(name)}'")
    set_attribute(value, name, attribute)


def builtin_delattr(
    value: Value = MISSING,
    name: Value = MISSING,
    /,
    *more: Value,
    **keywords: Value,
) -> None:
    """`delattr`."""
    if name is MISSING or more or keywords:
        refuse("delattr", 2, 2, (value, name, *more), keywords)
    if type(name) is not str and not is_a(name, str):
        raise TypeError(f"attribute name must be string, not '{name_of(name)}'")
    delete_attribute(value, name)


def builtin_functions(interpreter: Interpreter) -> dict[str, Value]:
    """The namespace of the guest's `builtins`, without its modules."""

    def builtin_print(
        *values: Value,
        sep: object = None,
        end: object = None,
        file: Value = None,
        flush: Value = False,
        **unknown: Value,
    ) -> None:
        if unknown:
            raise TypeError(f"'{next(iter(unknown))}' is an invalid keyword argument for print()")
        if sep is not None and not is_a(sep, str):
            raise TypeError(f"sep must be None or a string, not {name_of(sep)}")
        if end is not None and not is_a(end, str):
            raise TypeError(f"end must be None or a string, not {name_of(end)}")
        stream = interpreter.system("stdout") if file is None else file
        if stream is None:
            return
        if stream is interpreter.standard_output:
            text = (" " if sep is None else sep).join([str(value) for value in values])
            text += "\n" if end is None else end
            if text.isascii():
                interpreter.output.write(text)
                return
        write: Callable[[str], Value] = get_attribute(stream, "write")
        for index, value in enumerate(values):
            if index:
                write(" " if sep is None else sep)
            write(str(value))
        write("\n" if end is None else end)
        if flush:
            get_attribute(stream, "flush")()

    def builtin_dir(*values: Value) -> list[Value]:
        if not values:
            names = interpreter.evaluator.caller_namespaces()[1]
            return sorted(name for name in names if not (is_a(name, str) and name[:1] == "."))
        if lookup(type(values[0]), "__dir__") is MISSING:
            raise TypeError("object does not provide __dir__")
        return sorted(call_special(values[0], "__dir__"))

    def builtin_vars(*values: Value) -> Value:
        if not values:
            return interpreter.evaluator.caller_namespaces()[1]
        try:
            return get_attribute(values[0], "__dict__")
        except AttributeError:
            missing = True
        if missing:
            raise TypeError("vars() argument must have __dict__ attribute")
        return None

    def builtin_globals() -> dict[str, Value]:
        found: dict[str, Value] = interpreter.evaluator.caller_namespaces()[0]
        return found

    def builtin_locals() -> Value:
        return interpreter.evaluator.caller_namespaces()[1]

    def builtin_input(prompt: Value = "", /) -> str:
        if prompt != "":
            interpreter.output.write(str(prompt))
        raise EOFError("EOF when reading a line")

    def builtin_open(file: Value, *_: Value, **__: Value) -> None:
        if not is_a(file, int):
            filename_text(file)
        raise PermissionError(13, "Permission denied", file)

    def builtin_exit(code: Value = None) -> None:
        raise SystemExit(code)

    names = host_names()
    names["type"] = Type
    names.update(
        functions(
            ("print", builtin_print, 4, _PAGE, "3.0"),
            ("dir", by_position(builtin_dir, "dir", 0, 1), 1, _PAGE, "3.0"),
            ("vars", by_position(builtin_vars, "vars", 0, 1), 1, _PAGE, "3.0"),
            ("globals", by_position(builtin_globals, "globals", 0, 0), 0, _PAGE, "3.0"),
            ("locals", by_position(builtin_locals, "locals", 0, 0), 0, _PAGE, "3.0"),
            ("input", builtin_input, 1, _PAGE, "3.0"),
            ("exit", builtin_exit, 1, "library/constants", "3.0"),
            ("open", builtin_open, 8, _PAGE, "3.0"),
        )
    )
    names["quit"] = names["exit"]
    names.update(_SHARED)
    if interpreter.budget.limits.metered:
        names.update(consumers(interpreter))
    names.update(execution_functions(interpreter))
    names["__name__"] = "builtins"
    names["__doc__"] = "Built-in functions, types, exceptions, and other objects."
    return names


_SHARED = functions(
    ("getattr", builtin_getattr, 3, _PAGE, "3.0"),
    ("hasattr", builtin_hasattr, 2, _PAGE, "3.0"),
    ("setattr", builtin_setattr, 3, _PAGE, "3.0"),
    ("delattr", builtin_delattr, 2, _PAGE, "3.0"),
)
