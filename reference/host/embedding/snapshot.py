"""What a guest can change, remembered, so that it can be as it was: how a transaction is undone, in every language.

A guest's state is host objects: dictionaries, lists, instances, closures' cells, classes that stand for prototypes. All that
can be reached from its roots is looked at once; restoring writes the remembered content back into the same objects, so
whoever holds one of them still holds the right one.
"""

from __future__ import annotations

import gc
import sys
import weakref
from collections import OrderedDict, deque
from collections.abc import Iterable
from types import (
    BuiltinFunctionType,
    CellType,
    CodeType,
    FrameType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    ModuleType,
)
from typing import Any, Callable

_ATOMS = (
    str,
    bytes,
    int,
    float,
    complex,
    bool,
    type(None),
    type(...),
    CodeType,
    FrameType,
    BuiltinFunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    weakref.ref,
    range,
    slice,
)
_ATOM_TYPES = frozenset(_ATOMS)
_EMPTY_CELL = object()

Undo = Callable[[], object]


class Snapshot:
    """The content of everything that can be reached.

    Args:
        roots: where to begin.
        exempt: objects that are not looked at, nor changed.
    """

    def __init__(self, roots: Iterable[object], exempt: Iterable[object]) -> None:
        self._undo: list[tuple[Callable[..., object], tuple[object, ...]]] = []
        self._seen: set[int] = {id(one) for one in exempt}
        self._kept: list[object] = []
        self._slots: dict[type, tuple[MemberDescriptorType, ...]] = {}
        self._host_classes: dict[type, bool] = {}
        for module in list(sys.modules.values()):
            self._seen.update((id(module), id(getattr(module, "__dict__", None))))
        self._look(list(roots))
        # What is only known by its identity stays alive as long as that counts.
        self._seen.clear()

    def restore(self) -> None:
        """Make everything as it was."""
        for action, arguments in self._undo:
            action(*arguments)

    def _look(self, pending: list[object]) -> None:
        seen, kept = self._seen, self._kept
        while pending:
            one = pending.pop()
            kind = type(one)
            if kind in _ATOM_TYPES or id(one) in seen:
                continue
            seen.add(id(one))
            kept.append(one)
            self._remember(one, kind, pending)

    def _remember(self, one: Any, kind: type, pending: list[Any]) -> None:
        if isinstance(one, type):
            self._class(one, pending)
        elif kind is tuple or kind is frozenset:
            pending.extend(one)
        elif kind is FunctionType:
            self._function(one, pending)
        elif kind is CellType:
            self._cell(one, pending)
        elif isinstance(one, ModuleType):
            pending.append(one.__dict__)
        else:
            self._content(one, kind, pending)
            self._instance(one, kind, pending)

    def _content(self, one: object, kind: type, pending: list[object]) -> None:
        """What a container of the host's holds."""
        if isinstance(one, OrderedDict):
            ordered = list(one.items())
            pending.extend(part for pair in ordered for part in pair)
            self._undo.append((_fill_ordered, (one, ordered)))
        elif isinstance(one, dict):
            content = dict.copy(one)
            pending.extend(content.keys())
            pending.extend(content.values())
            self._undo.append((_fill_dict, (one, content)))
        elif isinstance(one, list):
            items = list.copy(one)
            pending.extend(items)
            self._undo.append((list.__setitem__, (one, slice(None), items)))
        elif isinstance(one, (set, deque)):
            held = tuple(one)
            pending.extend(held)
            self._undo.append((_fill, (one, held)))
        elif isinstance(one, bytearray):
            self._undo.append((bytearray.__setitem__, (one, slice(None), bytes(one))))
        elif not _is_heap_type(kind) or kind.__module__ in ("builtins", "functools", "itertools"):
            # An object of the host's own: what it refers to may change, it does not.
            pending.extend(gc.get_referents(one))

    def _instance(self, one: object, kind: type, pending: list[object]) -> None:
        """The attributes and the class of an instance of a class written in Python."""
        names = getattr(one, "__dict__", None)
        if type(names) is dict:
            content = dict.copy(names)
            pending.extend(content.values())
            self._seen.add(id(names))
            self._undo.append((_fill_names, (one, content)))
        for member in self._members(kind):
            try:
                value = member.__get__(one, kind)
            except AttributeError:
                self._undo.append((_unset, (member, one)))
                continue
            pending.append(value)
            self._undo.append((member.__set__, (one, value)))
        if names is not None:
            pending.append(kind)
            self._undo.append((_reclass, (one, kind)))

    def _members(self, kind: type) -> tuple[MemberDescriptorType, ...]:
        found = self._slots.get(kind)
        if found is None:
            found = tuple(
                member
                for base in kind.__mro__
                if "__slots__" in base.__dict__
                for member in base.__dict__.values()
                if type(member) is MemberDescriptorType
            )
            self._slots[kind] = found
        return found

    def _function(self, one: FunctionType, pending: list[object]) -> None:
        pending.extend(one.__closure__ or ())
        pending.extend(one.__defaults__ or ())
        pending.append(one.__globals__)
        if one.__kwdefaults__:
            pending.append(one.__kwdefaults__)
        if one.__dict__:
            pending.append(one.__dict__)
        self._undo.append((_refunction, (one, one.__code__, one.__defaults__, one.__kwdefaults__)))

    def _cell(self, one: CellType, pending: list[object]) -> None:
        try:
            value = one.cell_contents
        except ValueError:
            value = _EMPTY_CELL
        else:
            pending.append(value)
        self._undo.append((_refill_cell, (one, value)))

    def _class(self, one: type, pending: list[object]) -> None:
        if self._is_host_class(one):
            return
        content = dict(one.__dict__)
        pending.extend(content.values())
        pending.extend(one.__bases__)
        self._undo.append((_restore_class, (one, content)))

    def _is_host_class(self, one: type) -> bool:
        """Whether a class is written in the host's own modules, and so the same for every guest."""
        found = self._host_classes.get(one)
        if found is None:
            place: object = sys.modules.get(one.__module__)
            for name in one.__qualname__.split("."):
                place = getattr(place, name, None)
            found = place is one or not _is_heap_type(one)
            self._host_classes[one] = found
        return found


# `Py_TPFLAGS_HEAPTYPE`; PyPy has no such flags.
_HEAP_TYPE = 1 << 9


def _is_heap_type(kind: type) -> bool:
    """Whether a class was made at run time, as those that are written in Python are."""
    return bool(getattr(kind, "__flags__", _HEAP_TYPE) & _HEAP_TYPE)


def _fill_dict(target: dict[Any, Any], content: dict[Any, Any]) -> None:
    dict.clear(target)
    dict.update(target, content)


def _fill_names(one: Any, content: dict[str, Any]) -> None:
    # Its dictionary may be another one by now.
    _fill_dict(one.__dict__, content)


def _fill_ordered(target: OrderedDict[object, object], content: list[tuple[object, object]]) -> None:
    target.clear()
    target.update(content)


def _fill(target: Any, content: tuple[Any, ...]) -> None:
    target.clear()
    (target.update if isinstance(target, set) else target.extend)(content)


def _unset(member: MemberDescriptorType, one: object) -> None:
    try:
        member.__delete__(one)
    except AttributeError:
        return


def _reclass(one: object, kind: type) -> None:
    if type(one) is not kind:
        object.__setattr__(one, "__class__", kind)


def _refunction(one: FunctionType, code: CodeType, defaults: Any, keywords: Any) -> None:
    if one.__code__ is not code:
        one.__code__ = code
    if one.__defaults__ is not defaults:
        one.__defaults__ = defaults
    if one.__kwdefaults__ is not keywords:
        one.__kwdefaults__ = keywords


def _refill_cell(cell: CellType, value: object) -> None:
    if value is not _EMPTY_CELL:
        cell.cell_contents = value
        return
    try:
        del cell.cell_contents
    except ValueError:
        return


def _restore_class(one: type, content: dict[str, object]) -> None:
    now = one.__dict__
    for name in [name for name in now if name not in content]:
        type.__delattr__(one, name)
    for name, value in content.items():
        if now.get(name, _EMPTY_CELL) is not value:
            type.__setattr__(one, name, value)
