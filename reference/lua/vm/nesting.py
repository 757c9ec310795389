"""Functions whose blocks nest deeper than the host allows (20 loops and `try`s): inner ones become host functions.

A block that moves is called where it stood, shares the variables with its function (`nonlocal`), and returns a mark that
tells how control left it, or what the guest's function is to return.
"""

from __future__ import annotations

import ast
from typing import Any

from lockstep.reference.lua.runtime.stack.frames import BLOCK_PREFIX

# How deep the host's own blocks may nest before the next one moves, and what is left for those around operations.
_DEPTH = 12
_RESERVE = 4
_COSTS: dict[type[ast.stmt], int] = {ast.For: 1, ast.While: 1, ast.Try: 3}
_LOOPS = (ast.For, ast.While)
_Function = ast.FunctionDef


def needs_moving(depth: int) -> bool:
    """Whether blocks that nest so deep are too many for one host function."""
    return depth > _DEPTH


def move_inner_blocks(function: _Function) -> None:
    """Move the blocks of `function` that the host would refuse."""
    moved: list[_Function] = []
    function.body = _moved(function.body, 0, function, moved)
    for number, block in enumerate(moved):
        block.name = f"{BLOCK_PREFIX}{number}{block.name}"
        move_inner_blocks(block)


def _height(node: ast.stmt) -> int:
    """How deep the blocks of a statement nest, itself included; other functions do not count."""
    if isinstance(node, _Function):
        return 0
    inner = max((_height(one) for one in _statements(node)), default=0)
    return inner + _COSTS.get(type(node), 0)


def _statements(node: ast.AST) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            found.append(child)
        elif isinstance(child, ast.ExceptHandler):
            found.extend(child.body)
    return found


def _moved(body: list[ast.stmt], depth: int, owner: _Function, moved: list[_Function]) -> list[ast.stmt]:
    """A list of statements `depth` blocks deep, with what is too deep moved away."""
    result: list[ast.stmt] = []
    for node in body:
        cost = _COSTS.get(type(node), 0)
        if cost and depth + cost > _DEPTH and depth + _height(node) > _DEPTH + _RESERVE:
            result.extend(_as_call(node, owner, moved))
            continue
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(node, name, None)
            if isinstance(inner, list) and not isinstance(node, _Function):
                setattr(node, name, _moved(inner, depth + cost, owner, moved))
        for handler in getattr(node, "handlers", ()):
            handler.body = _moved(handler.body, depth + cost, owner, moved)
        result.append(node)
    return result


def _as_call(node: ast.stmt, owner: _Function, moved: list[_Function]) -> list[ast.stmt]:
    """The definition of a host function for a block, its call, and what follows from the mark it returns."""
    at: dict[str, Any] = {"lineno": node.lineno, "col_offset": node.col_offset}

    def name(identifier: str) -> ast.Name:
        return ast.Name(identifier, ast.Load(), **at)

    leaves: set[str] = set()
    _mark_jumps([node], leaves)
    inside = _stored(node)
    shared = sorted(inside & _outside(owner, node))
    body: list[ast.stmt] = [ast.Nonlocal(shared, **at)] if shared else []
    body += [node, ast.Return(name("$through"), **at)]
    arguments = ast.arguments([], [], None, [], [], None, [])
    block = _Function(owner.name, arguments, body, [], None, **at)
    moved.append(block)
    host_name = f"{BLOCK_PREFIX}{len(moved) - 1}{owner.name}"
    held = f"$left{len(moved)}"
    result: list[ast.stmt] = [
        block,
        ast.Assign([ast.Name(held, ast.Store(), **at)], ast.Call(name(host_name), [], [], **at), **at),
    ]
    for mark, jump in (("$break", ast.Break), ("$continue", ast.Continue)):
        if mark in leaves:
            test = ast.Compare(name(held), [ast.Is()], [name(mark)], **at)
            result.append(ast.If(test, [jump(**at)], [], **at))
    test = ast.Compare(name(held), [ast.IsNot()], [name("$through")], **at)
    result.append(ast.If(test, [ast.Return(name(held), **at)], [], **at))
    _bind(owner, shared, at)
    return result


def _mark_jumps(body: list[ast.stmt], leaves: set[str]) -> None:
    """Turn jumps that lead out of the block into marks that it returns."""
    for position, node in enumerate(body):
        if isinstance(node, (ast.Break, ast.Continue)):
            mark = "$break" if isinstance(node, ast.Break) else "$continue"
            leaves.add(mark)
            at: dict[str, Any] = {"lineno": node.lineno, "col_offset": node.col_offset}
            body[position] = ast.Return(ast.Name(mark, ast.Load(), **at), **at)
            continue
        if isinstance(node, (*_LOOPS, _Function)):
            continue
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(node, name, None)
            if isinstance(inner, list):
                _mark_jumps(inner, leaves)
        for handler in getattr(node, "handlers", ()):
            _mark_jumps(handler.body, leaves)


def _stored(node: ast.AST) -> set[str]:
    """The names that a statement binds, or rebinds for a function around it."""
    found: set[str] = set()
    pending: list[ast.AST] = [node]
    while pending:
        one = pending.pop()
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            found.add(one.id)
        elif isinstance(one, ast.ExceptHandler) and one.name:
            found.add(one.name)
        elif isinstance(one, _Function):
            found.add(one.name)
            continue
        pending.extend(ast.iter_child_nodes(one))
    return found


def _outside(owner: _Function, node: ast.stmt) -> set[str]:
    """The names that occur in `owner` outside `node`, in inner functions too."""
    found = {argument.arg for argument in owner.args.args}
    if owner.args.vararg is not None:
        found.add(owner.args.vararg.arg)
    pending: list[ast.AST] = list(owner.body)
    while pending:
        one = pending.pop()
        if one is node:
            continue
        if isinstance(one, ast.Name):
            found.add(one.id)
        elif isinstance(one, ast.Nonlocal):
            found.update(one.names)
        elif isinstance(one, _Function):
            found.add(one.name)
        pending.extend(ast.iter_child_nodes(one))
    return found


def _bind(owner: _Function, shared: list[str], at: dict[str, Any]) -> None:
    """Give `owner` the shared variables that it binds nowhere itself."""
    bound = {argument.arg for argument in owner.args.args}
    for one in owner.body:
        bound |= set(one.names) if isinstance(one, ast.Nonlocal) else _stored(one)
    missing = [name for name in shared if name not in bound]
    first = 1 if owner.body and isinstance(owner.body[0], ast.Nonlocal) else 0
    owner.body[first:first] = [
        ast.Assign([ast.Name(name, ast.Store(), **at)], ast.Constant(None, **at), **at) for name in missing
    ]
