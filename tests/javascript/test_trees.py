"""Declared trees: what follows from the declarations of the nodes is true of every tree that the parser makes."""

from __future__ import annotations

import inspect
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.host.trees import TreeNode, child, children, declared, dump, equal, walk
from lockstep.reference.javascript.syntax import ast
from lockstep.reference.javascript.syntax.parse import parse_module, parse_script

FIXTURES = sorted((Path(__file__).parents[2] / "fixtures" / "javascript").rglob("*.js"))
SUITE = Path(os.environ.get("LOCKSTEP_SUITES", "")) / "test262" / "test"
# Nodes that stand elsewhere in the tree, too: the entries of modules that linking asks for.
LINKS = {"Module", "ImportEntry"}


def sources() -> list[Path]:
    """All fixtures, and of Test262 every eightieth file."""
    return [*FIXTURES, *sorted(SUITE.glob("language/**/*.js"))[::80]]


def parsed(path: Path) -> ast.Script | ast.Module:
    """The tree of a program; of one that is refused, that of its own refusal."""
    text = path.read_text("utf-8")
    try:
        return parse_module(text) if "module" in text or "import " in text else parse_script(text)
    except GuestSyntaxError:
        return parse_script("")


def nodes_in(value: object) -> Iterator[TreeNode]:
    """All nodes that a value holds, whatever is declared; not those inside scopes."""
    if isinstance(value, TreeNode):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from nodes_in(item)


def attributes(node: TreeNode) -> Iterator[str]:
    for kind in type(node).__mro__:
        yield from getattr(kind, "__slots__", ())


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.name)
def test_declared_children_are_the_nodes_that_a_node_holds(path: Path) -> None:
    tree = parsed(path)
    known = {id(node) for node in walk(tree)}
    for node in walk(tree):
        below = Counter(map(id, children(node)))
        held = Counter(id(part) for name in attributes(node) for part in nodes_in(getattr(node, name)))
        if type(node).__name__ in LINKS:
            assert below <= held
            assert held.keys() <= known
        else:
            assert below == held, type(node)
        for part in children(node):
            assert node.start <= part.start <= part.end <= node.end, (node, part)


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.name)
def test_a_text_always_has_the_same_tree(path: Path) -> None:
    tree, again = parsed(path), parsed(path)
    assert equal(tree, again)
    assert dump(tree) == dump(again)
    assert dump(tree).count("\n") >= len({id(node) for node in walk(tree)})


def test_a_tree_differs_where_a_field_does() -> None:
    text = """let [a = 1, , ...b] = c; label: for (const x of y) { if (-x) continue label; else f`1${x}2` }
        class A extends B { static #p = 0n; get [k]() { return super.m(...b) } async *m(q, {r: s}) { yield* this?.t } }
        switch (a ||= 'u') { case /v/g: try { new.target } catch { debugger } finally { x = async () => { await 1 } } }"""
    text = f"function g() {{ {text} }}"
    original = parse_script(text)
    for index in range(len(list(walk(original)))):
        tree = parse_script(text)
        node = list(walk(tree))[index]
        for name in (*node.plain_fields, *node.child_fields):
            value = getattr(node, name)
            setattr(node, name, not value if isinstance(value, bool) else ["other"])
            assert not equal(tree, original), (node, name)
            assert dump(tree) != dump(original), (node, name)
            setattr(node, name, value)
        assert equal(tree, original)


def test_walking_goes_in_order_and_not_where_it_is_not_let() -> None:
    tree = parse_script("a(b, function () { c }, d)")
    names = [node.name for node in walk(tree) if isinstance(node, ast.IdentifierReference)]
    assert names == ["a", "b", "c", "d"]
    outside = walk(tree, lambda node: not isinstance(node, ast.Function))
    assert [node.name for node in outside if isinstance(node, ast.IdentifierReference)] == ["a", "b", "d"]


def test_a_declared_class_has_slots_and_a_constructor() -> None:
    @declared
    class Base(TreeNode):
        name: str

    @declared
    class Pair(Base):
        """Two."""

        left: Base | None = child()
        right: list[Base] = child()

        def size(self) -> int:
            return len(self.right)

    pair: Any = Pair("pair", None, [Base("x")])
    assert (pair.name, pair.left, pair.size(), Pair.__doc__) == ("pair", None, 1, "Two.")
    assert list(inspect.signature(Pair).parameters) == ["name", "left", "right"]
    assert not hasattr(pair, "__dict__")
    assert repr(pair) == "Pair(name='pair', left=None, right=[Base(name='x')])"
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'right'"):
        Pair("pair", None)  # type: ignore[call-arg]
