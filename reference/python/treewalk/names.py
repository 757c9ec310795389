# every form has one signature, and tracebacks read `frame` and `node`
"""Naming and binding (Language Reference 4.2)."""

from __future__ import annotations

import ast
from typing import Any, NoReturn

from lockstep.reference.python.runtime.kinds import Value
from lockstep.reference.python.runtime.type_info import MISSING
from lockstep.reference.python.syntax.scopes import CELL, FREE, GLOBAL
from lockstep.reference.python.treewalk.program import Frame


def name_error(message: str, name: str, cls: type[NameError] = NameError) -> NameError:
    """A NameError that carries `name`."""
    error = cls(message)
    error.name = name
    return error


def _global(frame: Frame, name: str, *, asks: bool = True) -> Value:
    """`LOAD_GLOBAL`; `LOAD_NAME` does not ask globals that are more than a dictionary for their own `__getitem__`."""
    value = _in_mapping(frame.globals, name) if asks else dict.get(frame.globals, name, MISSING)
    if value is MISSING:
        try:
            return frame.builtins[name]
        except KeyError:
            value = MISSING
    if value is MISSING:
        raise name_error(f"name '{name}' is not defined", name)
    return value


def load_name(frame: Frame, node: ast.AST, name: str) -> Value:
    """4.2.2 Resolution of names."""
    scope = frame.scope
    kind = scope.of(name)
    if name == "__debug__":
        return not frame.program.optimization  # a constant, whatever namespaces hold
    if scope.is_function:
        if kind in (CELL, FREE):
            return _cell(frame, name, kind)
        if kind == GLOBAL:
            return _global(frame, name)
        value = frame.names.get(name, MISSING)
        if value is MISSING:
            raise name_error(
                f"cannot access local variable '{name}' where it is not associated with a value",
                name,
                UnboundLocalError,
            )
        return value
    if name in scope.global_names:
        return _global(frame, name)
    # A class body or a program asks its own namespace first, whatever the compiler knew of the name.
    value = _own(frame, name)
    if value is not MISSING:
        return value
    if kind == FREE:
        return _cell(frame, name, kind)
    return _global(frame, name, asks=False)


def _own(frame: Frame, name: str) -> Value:
    return _in_mapping(frame.names, name)


def _in_mapping(names: Any, name: str) -> Value:
    if type(names) is dict:
        return names.get(name, MISSING)
    try:
        return names[name]
    except KeyError:
        return MISSING


def _cell(frame: Frame, name: str, kind: str) -> Value:
    try:
        return frame.cells[name].cell_contents
    except ValueError:
        empty = True
    assert empty
    return _unbound_cell(name, kind)


def _unbound_cell(name: str, kind: str) -> NoReturn:
    if kind == CELL:
        raise name_error(
            f"cannot access local variable '{name}' where it is not associated with a value",
            name,
            UnboundLocalError,
        )
    raise name_error(
        f"cannot access free variable '{name}' where it is not associated with a value in enclosing scope",
        name,
    )


def store_name(frame: Frame, node: ast.AST, name: str, value: Value) -> None:
    """4.2.1 Binding of names."""
    scope = frame.scope
    kind = scope.of(name)
    if kind in (CELL, FREE):
        frame.cells[name].cell_contents = value
    elif scope.is_function:
        if kind == GLOBAL:
            frame.globals[name] = value
        else:
            frame.names[name] = value
    elif name in scope.global_names:
        frame.globals[name] = value
    else:
        frame.names[name] = value


def delete_name(frame: Frame, node: ast.AST, name: str) -> None:
    """7.5 The del statement, for a name."""
    scope = frame.scope
    kind = scope.of(name)
    if kind in (CELL, FREE):
        try:
            empty = frame.cells[name].cell_contents is MISSING
        except ValueError:
            empty = True
        if empty:
            _unbound_cell(name, kind)
        del frame.cells[name].cell_contents
        return
    if scope.is_function and kind != GLOBAL:
        if name not in frame.names:
            raise name_error(
                f"cannot access local variable '{name}' where it is not associated with a value",
                name,
                UnboundLocalError,
            )
        del frame.names[name]
        return
    names = frame.globals if scope.is_function or name in scope.global_names else frame.names
    try:
        del names[name]
    except KeyError:
        absent = True
    else:
        absent = False
    if absent:
        raise name_error(f"name '{name}' is not defined", name)
