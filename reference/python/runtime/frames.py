"""Code and frames of guest programs, as evaluators make them and as the guest sees them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, MutableMapping
from types import CellType, CodeType
from typing import Any

from lockstep.reference.python.runtime.kinds import Value
from lockstep.reference.python.runtime.sealed import SealedType, shown_as
from lockstep.reference.python.runtime.type_info import MISSING, define_builtin

# Flags of a code object (Language Reference 3.2.13.1).
OPTIMIZED, NEW_LOCALS, VARARGS, VARKEYWORDS = 0x01, 0x02, 0x04, 0x08
FUTURE_ANNOTATIONS = 0x1000000
NESTED, GENERATOR, COROUTINE, ITERABLE_COROUTINE, ASYNC_GENERATOR = 0x10, 0x20, 0x80, 0x100, 0x200


_SEALED, _CONSTANTS = ".sealed", ".constants"


class Code(metaclass=SealedType):
    """What a function or program is made of; also the guest's `code` object.

    Only data of the guest stands in its attributes. What an evaluator needs beside them (host code, a tree)
    stands in the instance's dictionary under names that no guest can spell.
    """

    co_name: str
    co_qualname: str
    co_filename: str
    co_firstlineno: int
    co_argcount: int
    co_posonlyargcount: int
    co_kwonlyargcount: int
    co_varnames: tuple[str, ...]
    co_cellvars: tuple[str, ...]
    co_freevars: tuple[str, ...]
    co_flags: int

    def __init__(self, name: str, qualname: str, filename: str, line: int) -> None:
        self.co_name = name
        self.co_qualname = qualname
        self.co_filename = filename
        self.co_firstlineno = line
        self.co_argcount = self.co_posonlyargcount = self.co_kwonlyargcount = 0
        self.co_varnames = self.co_cellvars = self.co_freevars = ()
        self.co_flags = 0
        self.co_names: tuple[str, ...] = ()
        self.__dict__[_CONSTANTS] = ()
        self.co_nlocals = 0
        self.co_stacksize = 0
        self.co_code = b""

    @property
    def co_consts(self) -> tuple[Value, ...]:
        """The constants; those of compiled code are looked at when they are asked for."""
        found: CodeType | tuple[Value, ...] = self.__dict__[_CONSTANTS]
        if isinstance(found, CodeType):
            found = self.__dict__[_CONSTANTS] = _constants_of_host(found)
        return found

    def __setattr__(self, name: str, value: Value) -> None:
        if _SEALED in self.__dict__:
            if name in self.__dict__:
                raise AttributeError("readonly attribute")
            raise AttributeError(f"'code' object has no attribute '{name}'")
        self.__dict__[name] = value

    def __delattr__(self, name: str) -> None:
        self.__setattr__(name, None)

    def __repr__(self) -> str:
        return (
            f'<code object {self.co_name} at {id(self):#x}, file "{self.co_filename}", '
            f"line {self.co_firstlineno}>"
        )

    def co_positions(self) -> Iterator[tuple[None, None, None, None]]:
        """Where each instruction stands: unknown, since there are none to see."""
        return itertools.repeat((None, None, None, None))

    def co_lines(self) -> Iterator[tuple[int, int, int]]:
        """Lines of instructions: none."""
        return iter(())


def seal(code: Code) -> Code:
    """Let nobody change `code` any more: it may be shared by all guests of an engine."""
    code.__dict__[_SEALED] = True
    return code


def show_constants(code: Code, constants: tuple[Value, ...]) -> None:
    """Say what `co_consts` is."""
    code.__dict__[_CONSTANTS] = constants


def keep(code: Code, key: str, value: Value) -> None:
    """Keep `value` with `code` for the evaluator, under a key that starts with a dot."""
    code.__dict__[key] = value


def kept(code: Code, key: str) -> Any:
    """What was kept with `code` under `key`, or None."""
    return code.__dict__.get(key)


shown_as(Code, "code")


def _set_of_code(code: Code, name: str, value: Value) -> None:
    code.__setattr__(name, value)


define_builtin(
    Code,
    hide=("__delattr__", "__dict__", "__init__", "__setattr__"),
    slots={"tp_setattro": _set_of_code},
)

_COPIED = (
    "co_name",
    "co_filename",
    "co_firstlineno",
    "co_argcount",
    "co_posonlyargcount",
    "co_kwonlyargcount",
    "co_cellvars",
    "co_freevars",
    "co_flags",
    "co_nlocals",
    "co_stacksize",
)


class Guest:
    """One running guest; the last constant of its compiled code, by which that is told from the host's."""

    __slots__ = ()


def guest_of(code: CodeType) -> object:
    """The guest that compiled `code` belongs to; None for the host's own code."""
    constants = code.co_consts
    if constants:
        last = constants[-1]
        if isinstance(last, Guest):
            return last
    return None


# What a code object of the host's may show to guests as a constant.
_PLAIN = (type(None), bool, int, float, complex, str, bytes, tuple, frozenset, type(Ellipsis))


def _is_plain(value: Any) -> bool:
    kind = type(value)
    if kind is tuple or kind is frozenset:
        return all(_is_plain(item) for item in value)
    return kind in _PLAIN


def own_names(names: dict[str, Value]) -> dict[str, Value]:
    """The locals of a function, a dictionary that its frame keeps, without what the VM stores among them."""
    for name in [name for name in names if name[:1] == "." and name != ".0"]:
        del names[name]
    return names


def code_of_host(code: CodeType) -> Code:
    """The guest's view of compiled host code."""
    view = Code.__new__(Code)
    fields = view.__dict__
    for name in _COPIED:
        fields[name] = getattr(code, name)
    fields["co_qualname"] = getattr(code, "co_qualname", code.co_name)
    fields["co_varnames"] = tuple(name for name in code.co_varnames if name[:1] != "." or name == ".0")
    fields["co_names"] = tuple(name for name in code.co_names if name[:1] != ".")
    fields["co_code"] = b""
    fields[_CONSTANTS] = code
    fields[_SEALED] = True
    return view


def _constants_of_host(code: CodeType) -> tuple[Value, ...]:
    return tuple(
        code_of_host(value) if type(value) is CodeType else value
        for value in code.co_consts
        if type(value) is CodeType or _is_plain(value)
    )


class GuestFrame:
    """One activation in the tree-walker: its names, and the node that runs."""

    __slots__ = ("back", "builtins", "cells", "code", "globals", "line", "names", "snapshot")

    guest: Any  # the guest that runs; each evaluator knows its own

    def __init__(
        self,
        code: Code,
        global_names: dict[str, Value],
        builtins: dict[str, Value],
        names: MutableMapping[str, Value],
        cells: dict[str, CellType],
        back: GuestFrame | None,
    ) -> None:
        self.code = code
        self.globals = global_names
        self.builtins = builtins
        self.names = names
        self.cells = cells
        self.back = back
        self.line = code.co_firstlineno
        self.snapshot: dict[str, Value] | None = None

    def local_names(self) -> MutableMapping[str, Value]:
        """What `locals()` gives: the namespace of a module or class, one dictionary brought up to date for a function."""
        if not self.code.co_flags & OPTIMIZED:
            return self.names
        found = self.snapshot
        if found is None:
            found = self.snapshot = {}
        for name in self.code.co_varnames:
            if name not in self.names:
                found.pop(name, None)
        found.update(self.names)
        for name, cell in self.cells.items():
            value = contents(cell)
            if value is MISSING:
                found.pop(name, None)
            else:
                found[name] = value
        return found


def contents(cell: Any) -> Value:
    """What a cell holds, or MISSING."""
    try:
        return cell.cell_contents
    except ValueError:
        return MISSING


class Frame(metaclass=SealedType):
    """The guest's `frame` object: a snapshot, free of host objects."""

    def __init__(
        self,
        code: Code,
        line: int,
        global_names: dict[str, Value],
        local_names: MutableMapping[str, Value],
        back: Frame | None,
        builtins: Value = None,
    ) -> None:
        self.f_code = code
        self.f_lineno = line
        self.f_globals = global_names
        self.f_locals = local_names
        self.f_back = back
        self.f_lasti = 0
        self.f_trace = None
        self.f_builtins: Value = {} if builtins is None else builtins

    def clear(self) -> None:
        """Nothing to clear: a snapshot keeps only what it shows."""

    def __repr__(self) -> str:
        code = self.f_code
        return (
            f"<frame at {id(self):#x}, file '{code.co_filename}', line {self.f_lineno}, code {code.co_name}>"
        )


shown_as(Frame, "frame")
define_builtin(Frame, replace={}, hide=("__dict__", "__init__"))
