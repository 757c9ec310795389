"""Calls that do not look at their var: `:inline` of clojure.core, and which operands are primitive.

The compiler of the JVM expands a call of an inlined function to a static method of clojure.lang.Numbers or RT, so
`with-redefs` is not seen there, three operands nest, and the overload for primitive operands is taken where both are.
"""

from __future__ import annotations

from typing import Callable

from lockstep.reference.clojure.analysis import nodes
from lockstep.reference.clojure.runtime.environment import CORE

Node = nodes.Node

# The namespaces whose code is linked directly, as that of clojure.jar is.
LINKED = ("clojure.", "lockstep.")
_ANY_COUNT = 1 << 20
_ONE = (1, 1)
_TWO = (2, 2)
_MANY = (2, _ANY_COUNT)

# Name and arities (from, to) of what has :inline in clojure.core 1.11.
INLINED: dict[str, tuple[int, int]] = {
    **dict.fromkeys(
        ["+", "*", "/", "+'", "*'", "bit-and", "bit-or", "bit-xor", "bit-and-not", "max", "min"], _MANY
    ),
    **dict.fromkeys(("-", "-'"), (1, _ANY_COUNT)),
    **dict.fromkeys(
        [
            "<",
            "<=",
            ">",
            ">=",
            "=",
            "==",
            "identical?",
            "compare",
            "quot",
            "rem",
            "bit-shift-left",
            "bit-shift-right",
            "unsigned-bit-shift-right",
            "aget",
            "unchecked-add",
            "unchecked-subtract",
            "unchecked-multiply",
            "unchecked-add-int",
            "unchecked-subtract-int",
            "unchecked-multiply-int",
            "unchecked-divide-int",
            "unchecked-remainder-int",
        ],
        _TWO,
    ),
    **dict.fromkeys(
        [
            "inc",
            "dec",
            "inc'",
            "dec'",
            "abs",
            "NaN?",
            "infinite?",
            "nil?",
            "zero?",
            "pos?",
            "neg?",
            "count",
            "alength",
            "aclone",
            "bit-not",
            "reduced?",
            "num",
            "boolean",
            "byte",
            "char",
            "short",
            "int",
            "long",
            "float",
            "double",
            "booleans",
            "bytes",
            "chars",
            "shorts",
            "ints",
            "longs",
            "floats",
            "doubles",
            "object-array",
            "unchecked-byte",
            "unchecked-char",
            "unchecked-short",
            "unchecked-int",
            "unchecked-long",
            "unchecked-float",
            "unchecked-double",
            "unchecked-inc",
            "unchecked-dec",
            "unchecked-negate",
            "unchecked-inc-int",
            "unchecked-dec-int",
            "unchecked-negate-int",
        ],
        _ONE,
    ),
    **dict.fromkeys(("get", "nth"), (2, 3)),
    "aset": (3, 3),
    **dict.fromkeys([f"{kind}-array" for kind in nodes.PRIMITIVES], (1, 2)),
}
_NESTED = frozenset(
    {"+", "*", "/", "-", "+'", "*'", "-'", "bit-and", "bit-or", "bit-xor", "bit-and-not", "max", "min"}
)


def is_inlined(namespace: str, name: str, count: int) -> bool:
    """Whether a call with so many arguments goes around the var."""
    low, high = INLINED.get(name, (1, 0))
    return namespace == CORE and low <= count <= high


class Inlining:
    """What is inlined in one top-level form; which operands are primitive is known at its end."""

    def __init__(self, mark: Callable[[Node], Node]) -> None:
        self._mark = mark
        self._undecided: list[nodes.Invoke] = []

    def call(self, name: str, arguments: list[Node]) -> Node:
        """A call of an inlined function; of more than two operands the first two are combined first."""
        if name in _NESTED and len(arguments) > 2:
            return self.call(name, [self.call(name, arguments[:-1]), arguments[-1]])
        node = nodes.Invoke(self._mark(nodes.Linked(CORE, name)), arguments)
        if name in _OVERLOADS and len(arguments) == 2:
            self._undecided.append(node)
        return self._mark(node)

    def decide(self) -> None:
        """Take the overloads for primitive operands, now that all bindings of the form are known."""
        if not self._undecided:
            return
        types = PrimitiveTypes()
        for node in self._undecided:
            kinds = [types.of(argument) for argument in node.arguments]
            assert isinstance(node.function, nodes.Linked)
            doubles, longs = _OVERLOADS[node.function.name]
            if node.function.name == "=" and kinds != ["double", "double"]:
                continue
            chosen = doubles if "double" in kinds else longs if kinds == ["long", "long"] else None
            if chosen is not None:
                node.function.namespace, node.function.name = "lockstep.kernel", chosen
        self._undecided.clear()


# Name, and the functions of the kernel for a double among the operands and for two longs.
_OVERLOADS: dict[str, tuple[str | None, str | None]] = {
    "/": ("divide-doubles", None),
    "=": ("equal-doubles", None),
    "-": ("subtract-primitives", "subtract-primitives"),
    "quot": (None, "quotient-longs"),
    "rem": (None, "remainder-longs"),
}
_SAME = frozenset({"+", "-", "*", "inc", "dec", "max", "min", "quot", "rem", "unchecked-add", "unchecked-subtract",
                   "unchecked-multiply", "unchecked-inc", "unchecked-dec", "unchecked-negate", "abs",
                   "subtract-primitives", "quotient-longs", "remainder-longs"})  # fmt: skip
_RESULTS = {
    **dict.fromkeys(("double", "float", "unchecked-double", "unchecked-float", "divide-doubles"), "double"),
    **dict.fromkeys(
        [
            "long",
            "int",
            "short",
            "byte",
            "count",
            "alength",
            "unchecked-long",
            "unchecked-int",
            "unchecked-short",
            "unchecked-byte",
            "bit-and",
            "bit-or",
            "bit-xor",
            "bit-and-not",
            "bit-not",
            "bit-shift-left",
            "bit-shift-right",
            "unsigned-bit-shift-right",
            "compare",
        ],
        "long",
    ),
}
_DOUBLE_CLASSES = frozenset({"java.lang.Math", "java.lang.StrictMath", "java.lang.Double", "java.lang.Float"})
_NO_DOUBLES = frozenset({"round", "abs", "max", "min", "floorMod", "floorDiv", "addExact", "multiplyExact", "subtractExact",
                         "toIntExact", "negateExact", "isNaN", "isInfinite", "valueOf", "toString", "compare"})  # fmt: skip


class PrimitiveTypes:
    """Which expressions have a primitive type: "long", "double" or None (Compiler.maybePrimitiveType)."""

    def __init__(self) -> None:
        self._known: dict[nodes.Binding, str | None] = {}

    def of(self, node: Node) -> str | None:
        """The primitive type of an expression."""
        if isinstance(node, nodes.Const):
            return {int: "long", float: "double"}.get(node.value.__class__)
        if isinstance(node, nodes.FreshNaN):
            return "double"
        if isinstance(node, nodes.LocalRef):
            return self._binding(node.binding)
        if isinstance(node, nodes.Invoke):
            return self._call(node)
        if isinstance(node, nodes.If):
            one, other = self.of(node.consequent), self.of(node.alternative)
            return one if one == other else None
        if isinstance(node, nodes.Do):
            return self.of(node.result)
        if isinstance(node, (nodes.Let, nodes.Loop)):
            return self.of(node.body)
        if isinstance(node, nodes.StaticField):
            return _field_type(node)
        if isinstance(node, nodes.StaticCall) and node.class_name in _DOUBLE_CLASSES:
            return None if node.method in _NO_DOUBLES else "double"
        return None

    def _binding(self, binding: nodes.Binding) -> str | None:
        if binding in self._known:
            return self._known[binding]
        found = binding.hint if binding.init is None else self.of(binding.init)
        self._known[binding] = found
        if found is not None and any(self.of(step) != found for step in binding.steps):
            # A recur with another type makes the loop's local an object.
            self._known[binding] = None
            return None
        return found

    def _call(self, node: nodes.Invoke) -> str | None:
        function = node.function
        if not isinstance(function, nodes.Linked):
            return None
        if function.name in _RESULTS:
            return _RESULTS[function.name]
        kinds = [self.of(argument) for argument in node.arguments]
        if function.name == "/":
            return "double" if "double" in kinds else None
        if function.name not in _SAME:
            return None
        if "double" in kinds and function.name not in {"max", "min"}:
            return "double"
        return kinds[0] if len(set(kinds)) == 1 else None


def _field_type(node: nodes.StaticField) -> str | None:
    if node.field in {"MAX_VALUE", "MIN_VALUE"}:
        known = {"Long": "long", "Integer": "long", "Short": "long", "Byte": "long", "Double": "double"}
        return known.get(node.class_name.rpartition(".")[2])
    return "double" if node.class_name in _DOUBLE_CLASSES and node.field != "TYPE" else None
