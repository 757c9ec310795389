"""Which locals are numbers for certain: constants, results of arithmetic, and loops over them."""

from __future__ import annotations

from lockstep.reference.clojure.analysis import nodes

ARITHMETIC = frozenset(
    [
        "+",
        "-",
        "*",
        "/",
        "inc",
        "dec",
        "quot",
        "rem",
        "count",
        "unchecked-inc",
        "unchecked-dec",
        "unchecked-add",
        "max",
        "min",
        "divide-doubles",
        "subtract-primitives",
        "quotient-longs",
        "remainder-longs",
    ]
)


class Held(nodes.Node):
    """A value that stands in a host local already; `origin` is what it was made from."""

    __slots__ = ("name", "origin")

    def __init__(self, name: str, origin: nodes.Node) -> None:
        self.name = name
        self.origin = origin
        self.line = origin.line
        self.column = origin.column


def is_numeric(node: nodes.Node) -> bool:
    """Whether the value of `node` is a number whenever there is one."""
    if isinstance(node, nodes.Const):
        return node.is_number
    if isinstance(node, nodes.LocalRef):
        return node.binding.numeric
    if isinstance(node, nodes.Invoke):
        return isinstance(node.function, nodes.Linked) and node.function.name in ARITHMETIC
    if isinstance(node, Held):
        return is_numeric(node.origin)
    if isinstance(node, nodes.If):
        return is_numeric(node.consequent) and is_numeric(node.alternative)
    if isinstance(node, nodes.Do):
        return is_numeric(node.result)
    return isinstance(node, nodes.Let) and is_numeric(node.body)


def infer_let(node: nodes.Let) -> None:
    """Mark the bindings of a `let*` that are numbers."""
    for binding, init in node.bindings:
        binding.numeric = is_numeric(init)


def infer_loop(node: nodes.Loop) -> None:
    """Mark the bindings of a loop that start as numbers and stay numbers in every `recur`."""
    for binding, init in node.bindings:
        binding.numeric = is_numeric(init)
    changed = True
    while changed:
        changed = False
        for recur in node.target.recurs:
            for binding, argument in zip(node.target.bindings, recur.arguments):
                if binding.numeric and not is_numeric(argument):
                    binding.numeric = False
                    changed = True
