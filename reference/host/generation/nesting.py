"""Blocks that nest deeper than the host allows (20 loops and `try`s): inner ones become host functions, to any depth.

A block that moves is called where it stood, and shares the variables of its function (`nonlocal`). It returns None where
control passes its end, False for a `break` and True for a `continue` of a loop around it, and what its function is to return
as a tuple of one. A block that yields is a generator, to which its function delegates.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from lockstep.reference.host.generation.block_names import block_name
from lockstep.reference.host.generation.nodes import Nodes, at_place_of

# How deep the host's own blocks may nest before the next one moves, and what is left for those around operations.
_DEPTH = 12
_RESERVE = 4
_COSTS: dict[type[ast.stmt], int] = {ast.For: 1, ast.While: 1, ast.Try: 3}
_LOOPS = (ast.For, ast.While)
_LISTS = ("body", "orelse", "finalbody")


def needs_moving(depth: int) -> bool:
    """Whether loops and guest `try`s that nest so deep may be too many for one host function."""
    return depth > _DEPTH


def move_deep_blocks(tree: ast.Module, *, depth: int = _DEPTH, reserve: int = _RESERVE) -> bool:
    """Move the blocks that the host would refuse, in every function of `tree`; whether there were any."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    moved = [move_inner_blocks(function, depth=depth, reserve=reserve) for function in functions]
    return any(moved)


def move_inner_blocks(function: ast.FunctionDef, *, depth: int = _DEPTH, reserve: int = _RESERVE) -> bool:
    """Move the blocks of one function, not of those inside it; whether there were any.

    Args:
        function: rewritten in place.
        depth: how many blocks stay around another one, 3 at least.
        reserve: how many more may stand in the last that stays.
    """
    heights: dict[int, int] = {}
    if _measure(function.body, heights) <= depth + reserve:
        return False
    mover = _Mover(function, heights, depth, depth + reserve)
    mover.visit(function.body, 0, mover.whole, in_loop=False)
    mover.bind(
        function,
        mover.whole,
        mover.declared | {one.arg for one in ast.walk(function.args) if isinstance(one, ast.arg)},
    )
    return mover.number > 0


class _Part:
    """What stays together: the function, or a block that moves.

    Attributes:
        occurrences: of names as variables, inside of blocks that move from here too.
        stored: the names that it binds or unbinds itself.
        stored_inside: the same of the blocks that move from here.
        shared: those that such a block shares with this part.
        ways: how control leaves a block but through its end.
        yields: whether it suspends the function.
    """

    __slots__ = ("moves", "occurrences", "shared", "stored", "stored_inside", "ways", "yields")

    def __init__(self, *, moves: bool) -> None:
        self.moves = moves
        self.occurrences: Counter[str] = Counter()
        self.stored: set[str] = set()
        self.stored_inside: set[str] = set()
        self.shared: set[str] = set()
        self.ways: set[str] = set()
        self.yields = False

    def note(self, node: ast.AST) -> None:
        """Take in an expression, or what a statement is besides the statements in it."""
        pending = [node]
        while pending:
            one = pending.pop()
            if isinstance(one, ast.Name):
                self.occurrences[one.id] += 1
                if not isinstance(one.ctx, ast.Load):
                    self.stored.add(one.id)
            elif isinstance(one, (ast.Yield, ast.YieldFrom)):
                self.yields = True
            elif isinstance(one, ast.Lambda):
                self.occurrences.update(_occurrences(one))
                continue
            pending.extend(
                child
                for child in ast.iter_child_nodes(one)
                if not isinstance(child, (ast.stmt, ast.excepthandler))
            )

    def note_names(self, node: ast.stmt) -> None:
        """Take in the names that a statement has itself."""
        if isinstance(node, ast.Try):
            for handler in node.handlers:
                if handler.type is not None:
                    self.note(handler.type)
                if handler.name:
                    self.occurrences[handler.name] += 1
                    self.stored.add(handler.name)
        elif isinstance(node, (ast.Nonlocal, ast.Global)):
            self.occurrences.update(node.names)


class _Mover:
    """Moves the blocks of one function, from the inside out, in one passage."""

    def __init__(self, function: ast.FunctionDef, heights: dict[int, int], depth: int, deepest: int) -> None:
        self.function = function
        self.heights = heights
        self.depth = depth
        self.deepest = deepest
        self.whole = _Part(moves=False)
        # A variable that occurs more often than in a block is one of the function's.
        self.occurrences = Counter(_occurrences(function))
        self.globals = {name for node in function.body if isinstance(node, ast.Global) for name in node.names}
        nonlocals = {name for node in function.body if isinstance(node, ast.Nonlocal) for name in node.names}
        self.declared = self.globals | nonlocals
        self.number = 0
        self.seen: set[int] = set()
        self.blocks: set[int] = set()

    def visit(self, body: list[ast.stmt], depth: int, part: _Part, *, in_loop: bool) -> None:
        """A list of statements of a part, `depth` blocks deep in it, with calls in place of what is too deep."""
        again = id(body) in self.seen  # a list may stand in several places
        self.seen.add(id(body))
        position = 0
        while position < len(body):
            node = body[position]
            cost = _COSTS.get(type(node), 0)
            deepest = depth + self.heights.get(id(node), 0)
            if cost and not again and depth + cost > self.depth and deepest > self.deepest:
                # What takes its place is looked at next: it belongs to this part.
                body[position : position + 1] = self.moved(node, part)
                continue
            if part.moves and not again:
                node = body[position] = _handed_out(node, part.ways, in_loop=in_loop)
            position += 1
            if isinstance(node, ast.FunctionDef):
                part.stored.add(node.name)
                if id(node) not in self.blocks:
                    part.occurrences.update(_occurrences(node))
                continue
            part.note(node)
            part.note_names(node)
            is_loop = isinstance(node, _LOOPS)
            for name, inner in _lists(node):
                self.visit(inner, depth + cost, part, in_loop=in_loop or (is_loop and name == "body"))

    def moved(self, node: ast.stmt, owner: _Part) -> list[ast.stmt]:
        """The definition of a host function for a block, its call, and what follows from the way in which it was left."""
        part = _Part(moves=True)
        body = [node]
        self.visit(body, 0, part, in_loop=False)
        stored = part.stored | part.stored_inside
        owner.stored_inside |= stored
        owner.occurrences.update(part.occurrences)
        owner.yields = owner.yields or part.yields
        shared = {name for name in stored - self.globals if self.occurrences[name] > part.occurrences[name]}
        owner.shared |= shared
        nodes = at_place_of(node)
        head: list[ast.stmt] = []
        if stored & self.globals:
            head.append(nodes.placed(ast.Global(sorted(stored & self.globals))))
        if shared:
            head.append(nodes.placed(ast.Nonlocal(sorted(shared))))
        name = block_name(self.function.name, self.number)
        left = f"{self.function.name} left {self.number}"
        self.number += 1
        block = nodes.defining(name, (), [*head, *body])
        self.bind(block, part, shared)
        self.blocks.add(id(block))
        call: ast.expr = nodes.call(nodes.name(name))
        if part.yields:
            call = nodes.placed(ast.YieldFrom(call))
        if not part.ways:
            return [block, nodes.evaluating(call)]
        return [block, nodes.assigning(left, call), *_exits(nodes, left, part.ways)]

    def bind(self, function: ast.FunctionDef, part: _Part, bound: set[str]) -> None:
        """Give a function the variables that only blocks moved from it bind: `if False: a = b = None`."""
        missing = sorted(part.shared - part.stored - bound)
        if missing:
            nodes = at_place_of(function)
            bind = nodes.assigning_all(missing, nodes.constant(None))
            position = _heading(function)
            function.body[position:position] = [nodes.branching(nodes.constant(False), [bind])]


def _handed_out(node: ast.stmt, ways: set[str], *, in_loop: bool) -> ast.stmt:
    """A statement of a block that moves: what leaves the block returns how, instead of jumping or returning."""
    if isinstance(node, ast.Return):
        ways.add("return")
        nodes = at_place_of(node)
        return nodes.returning(nodes.tuple_of([node.value or nodes.constant(None)]))
    if isinstance(node, (ast.Break, ast.Continue)) and not in_loop:
        ways.add("break" if isinstance(node, ast.Break) else "continue")
        nodes = at_place_of(node)
        return nodes.returning(nodes.constant(isinstance(node, ast.Continue)))
    return node


def _exits(nodes: Nodes, left: str, ways: set[str]) -> list[ast.stmt]:
    """What follows the call of a block that is left in some `ways`; `left` holds what it returned."""
    result: list[ast.stmt] = []
    if "break" in ways:
        test = nodes.compare(nodes.name(left), ast.Is(), nodes.constant(False))
        result.append(nodes.branching(test, [nodes.placed(ast.Break())]))
    if "continue" in ways:
        test = nodes.compare(nodes.name(left), ast.Is(), nodes.constant(True))
        result.append(nodes.branching(test, [nodes.placed(ast.Continue())]))
    if "return" in ways:
        first = nodes.subscript(nodes.name(left), nodes.constant(0))
        result.append(nodes.branching(nodes.is_some(nodes.name(left)), [nodes.returning(first)]))
    return result


def _lists(node: ast.stmt) -> Iterator[tuple[str, list[ast.stmt]]]:
    """The lists of statements in a statement, by name; other functions do not count."""
    if isinstance(node, ast.FunctionDef):
        return
    for name in _LISTS:
        inner = getattr(node, name, None)
        if isinstance(inner, list):
            yield name, inner
    for handler in getattr(node, "handlers", ()):
        yield "handler", handler.body


def _measure(body: list[ast.stmt], heights: dict[int, int]) -> int:
    """How deep the blocks of some statements nest; notes the height of each block."""
    highest = 0
    for node in body:
        height = max((_measure(inner, heights) for _, inner in _lists(node)), default=0)
        cost = _COSTS.get(type(node), 0)
        if cost:
            height += cost
            heights[id(node)] = height
        highest = max(highest, height)
    return highest


def _occurrences(node: ast.AST) -> Iterator[str]:
    """Every occurrence of a name as a variable, in inner functions too."""
    for one in ast.walk(node):
        if isinstance(one, ast.Name):
            yield one.id
        elif isinstance(one, ast.arg):
            yield one.arg
        elif isinstance(one, ast.FunctionDef):
            yield one.name
        elif isinstance(one, ast.ExceptHandler):
            if one.name:
                yield one.name
        elif isinstance(one, (ast.Nonlocal, ast.Global)):
            yield from one.names


def _heading(function: ast.FunctionDef) -> int:
    """The position behind the declarations with which a function begins."""
    position = 0
    while position < len(function.body) and isinstance(function.body[position], (ast.Nonlocal, ast.Global)):
        position += 1
    return position
