"""Built-in functions in stack traces: `at Array.map (<anonymous>)`."""

from __future__ import annotations

import sys
from types import CodeType
from typing import Final

from lockstep.reference.javascript.runtime.call_frame import CallFrame
from lockstep.reference.javascript.runtime.intrinsics import PACKAGE
from lockstep.reference.javascript.runtime.objects.function import BuiltInTemplate

_FOLDER: Final = "/runtime/intrinsics/"
# Whose functions stand under which name; those of other modules are not shown.
_OWNERS: Final = {
    "array": "Array",
    "array_search": "Array",
    "array_transform": "Array",
    "atomics": "Atomics",
    "bigint": "BigInt",
    "date": "Date",
    "global_functions": "",
    "json": "JSON",
    "map": "Map",
    "math": "Math",
    "number": "Number",
    "object": "Object",
    "promise": "Promise",
    "reflect": "Reflect",
    "regexp": "RegExp",
    "regexp_symbols": "RegExp",
    "set": "Set",
    "string": "String",
    "symbol": "Symbol",
}
# Constructors that call what they are given.
_SHOWN_CONSTRUCTORS: Final = frozenset({"Promise"})


class BuiltInFrame(CallFrame):
    """A call of a built-in function."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name
        self.is_async = False
        self.is_constructor = name[:4] == "new "

    @property
    def function(self) -> str:
        """See CallFrame."""
        return self._name[4:] if self.is_constructor else self._name

    @property
    def is_top(self) -> bool:
        """See CallFrame."""
        return False

    @property
    def file(self) -> str:
        """See CallFrame: it has none."""
        return ""

    @property
    def place(self) -> tuple[int, int]:
        """See CallFrame: it has none."""
        return 0, 0


def built_in_name(code: CodeType) -> str:
    """What V8 calls the built-in whose host function has this code; "" where it is none that is shown."""
    path = code.co_filename.replace("\\", "/")
    _, found, inner = path.partition(_FOLDER)
    owner = _OWNERS.get(inner.rpartition("/")[2].removesuffix(".py"))
    if not found or owner is None:
        return ""
    module = sys.modules.get(f"{PACKAGE}.{inner.removesuffix('.py').replace('/', '.')}")
    for name, value in vars(module).items() if module is not None else ():
        if isinstance(value, BuiltInTemplate):
            if _has_code(value, code):
                return f"new {value.name}" if value.name in _SHOWN_CONSTRUCTORS else ""
        elif isinstance(value, tuple):
            for row in value:
                if (
                    isinstance(row, tuple)
                    and len(row) == 2
                    and isinstance(row[1], BuiltInTemplate)
                    and _has_code(row[1], code)
                ):
                    if row[0].__class__ is not str or (owner == "Reflect" and row[0] == "apply"):
                        # What others call, and what leaves no frame.
                        return ""
                    holder = "Function" if "STATIC" in name else owner
                    return f"{holder}.{row[1].name}" if holder else row[1].name
    return ""


def _has_code(template: BuiltInTemplate, code: CodeType) -> bool:
    return getattr(template.function, "__code__", None) is code
