"""What the VM knows of longs in loops is so: sums without a look at the result are those that the tree-walker has, at any size."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from lockstep.reference.clojure.analysis import nodes
from lockstep.reference.clojure.runtime.values.names import Keyword
from lockstep.reference.clojure.vm.inference import DOUBLE, LONG, NUMBER, UNKNOWN, Types
from tests.clojure.test_inlined import lines

STARTS = (
    "0",
    "1",
    "-3",
    "7",
    "2147483647",
    "9223372036854775800",
    "-9223372036854775805",
    "1.5",
    "0.0",
    "(count [1 2])",
    "x",
    "(long x)",
)
LIMITS = ("5", "n", "(count v)", "9223372036854775807", "-9223372036854775808", "x", "2.5")
UNARY = ("inc", "dec", "-", "long", "double")
BINARY = ("+", "-", "*", "quot", "rem", "mod", "max", "min", "bit-and")
TESTS = ("<", ">", "<=", ">=", "=")
PROGRAM = """
(defmacro text [form] `(try (pr-str ~form) (catch Throwable e# (.getSimpleName (class e#)))))
(def seen (atom []))
(defn run [n x v] {loops})
(doseq [[n x] [[3 2] [9223372036854775807 -1] [0 1.5] [5N 2N]]] (run n x [1 2 3]))
(println (apply str (interpose "\\n" @seen)))
"""


class LoopWriter:
    """Writes loops over a few locals, with tests on them that the VM draws conclusions from."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def value(self, depth: int) -> str:
        """An expression over the locals `i`, `j` and `k`."""
        choice = self.random.random()
        if depth == 0 or choice < 0.25:
            return self.random.choice(("i", "j", "k", "i", "j", "1", "2", "3", "(count v)", "x"))
        if choice < 0.45:
            return f"({self.random.choice(UNARY)} {self.value(depth - 1)})"
        if choice < 0.8:
            return f"({self.random.choice(BINARY)} {self.value(depth - 1)} {self.value(depth - 1)})"
        if choice < 0.9:
            return f"(if {self.test(depth - 1)} {self.value(depth - 1)} {self.value(depth - 1)})"
        return f"(let [k {self.value(depth - 1)}] {self.value(depth - 1)})"

    def test(self, depth: int) -> str:
        """A condition, mostly of a local and something that does not change."""
        if self.random.random() < 0.2:
            return f"({self.random.choice(('zero?', 'pos?', 'neg?'))} {self.random.choice('ijk')})"
        sides = [
            self.random.choice("ijk"),
            self.random.choice(LIMITS) if depth < 2 else self.value(depth - 1),
        ]
        self.random.shuffle(sides)
        return f"({self.random.choice(TESTS)} {' '.join(sides)})"

    def loop(self) -> str:
        """A loop of few rounds, that notes what its locals hold."""
        i, j, k = (self.random.choice(STARTS) for _ in "ijk")
        again = f"(recur (inc r) {self.value(2)} {self.value(2)} {self.value(1)})"
        inner = again if self.random.random() < 0.5 else f"(let [k {self.value(1)}] {again})"
        return (
            f"(swap! seen conj (text (loop [r 0 i {i} j {j} k {k}] (swap! seen conj (pr-str [i j k])) "
            f"(if (and (< r 4) {self.test(1)}) {inner} [i j {self.value(2)}]))))"
        )


@settings(max_examples=40, deadline=None)
@given(random=st.randoms(use_true_random=False))
def test_random_loops(random: Random) -> None:
    writer = LoopWriter(random)
    program = PROGRAM.format(loops="\n".join(writer.loop() for _ in range(6)))
    walked, compiled = lines(program)
    assert compiled == walked, program


def linked(name: str, *arguments: nodes.Node) -> nodes.Invoke:
    return nodes.Invoke(nodes.Linked("clojure.core", name), list(arguments))


def counting(limit: nodes.Node, start: int = 0) -> tuple[Types, nodes.Invoke]:
    """`(loop [i start] (if (< i limit) (recur (inc i)) i))`, learnt, and its `(inc i)`."""
    local = nodes.Binding("i", 0, 1)
    step = linked("inc", nodes.LocalRef(local, 0))
    target = nodes.Target([local])
    recur = nodes.Recur(target, [step])
    target.recurs.append(recur)
    test = linked("<", nodes.LocalRef(local, 0), limit)
    body = nodes.If(test, recur, nodes.LocalRef(local, 0))
    types = Types()
    types.learn_loop(nodes.Loop([(local, nodes.Const(start))], body, target))
    return types, step


def test_a_counter_below_a_limit_needs_no_check() -> None:
    types, step = counting(nodes.Const(10))
    assert types.kind(step) == LONG
    assert types.interval(step) == (1, 10)
    assert types.needs_no_check("inc", step.arguments)
    assert types.is_natural(step)


def test_a_counter_below_what_is_not_known_needs_one() -> None:
    unknown = nodes.LocalRef(nodes.Binding("n", 1, 2), 1)
    types, step = counting(unknown)
    assert types.kind(unknown) == UNKNOWN
    assert types.kind(step) == LONG
    assert not types.needs_no_check("inc", step.arguments)


def test_a_count_may_be_negative() -> None:
    # A type's own `count` gives any int.
    count = linked("count", nodes.LocalRef(nodes.Binding("x", 0, 1), 0))
    assert Types().kind(count) == LONG
    assert not Types().is_natural(count)


def test_kinds() -> None:
    types = Types()
    one, half, key = nodes.Const(1), nodes.Const(0.5), nodes.Const(Keyword(None, "k"))
    assert types.kind(linked("+", one, half)) == DOUBLE
    assert types.kind(linked("+", one, key)) == NUMBER
    assert types.kind(nodes.If(key, one, half)) == LONG | DOUBLE
    assert types.kind(nodes.If(key, one, nodes.Throw(key))) == LONG
    assert types.kind(nodes.Invoke(nodes.VarRef("clojure.core", "+"), [one, one])) == UNKNOWN
    assert not types.needs_no_check("+", [nodes.Const((1 << 63) - 1), one])


def test_what_a_local_function_gives() -> None:
    # (let [f (fn [] 7)] (f)), in a loop, where all is learnt at once.
    local = nodes.Binding("f", 0, 1)
    body = nodes.Const(7)
    function = nodes.Fn("f", None, [nodes.Arity([], None, body, nodes.Target([]))])
    call = nodes.Invoke(nodes.LocalRef(local, 0), [])
    types = Types()
    types.learn_loop(nodes.Loop([], nodes.Let([(local, function)], call), nodes.Target([])))
    assert types.interval(call) == (7, 7)
