"""Loops and `try`s nest to any depth, on both backends; a `try` in a loop needs no function of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lockstep.reference.clojure.engine import create_engine
from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Budget, Output


def nested(depth: int, opening: str, core: str, closing: str) -> str:
    """`core` in `depth` forms; `#` in the texts around it is the number of a form, 0 the outermost."""
    before = "".join(opening.replace("#", str(number)) for number in range(depth))
    return before + core + "".join(closing.replace("#", str(number)) for number in reversed(range(depth)))


LOOP = ("(loop [i# 0 s# 0] (if (< i# 1) (recur (inc i#) (+ 1 ", ")) s#))")
ROUNDS = "(loop [k 0 fs []] (if (< k 3) (recur (inc k) (conj fs (try (fn [] (+ k i0)) (finally nil)))) fs))"
SHAPES: dict[str, tuple[Callable[[int], str], Callable[[int], object]]] = {
    "loops": (lambda n: f"(println {nested(n, LOOP[0], '0', LOOP[1])})", lambda n: n),
    "finally": (
        lambda n: (
            f"(def log (atom [])) (println {nested(n, '(try ', '7', ' (finally (swap! log conj #)))')}) (println (count @log) (peek @log))"
        ),
        lambda n: f"7\n{n} 0",
    ),
    "catch": (
        lambda n: (
            "(println (try "
            + nested(
                n,
                "(try ",
                '(throw (ex-info "" {:n 0}))',
                ' (catch Exception e (throw (ex-info "" {:n (inc (:n (ex-data e)))}))))',
            )
            + " (catch Exception e (:n (ex-data e)))))"
        ),
        lambda n: n,
    ),
    "closures over rounds": (
        lambda n: (
            f"(println (map #(%) {nested(n, '(loop [i# 0 r# nil] (if (< i# 1) (recur (inc i#) ', ROUNDS, ') r#))')}))"
        ),
        lambda _: "(0 1 2)",
    ),
    "try in a loop": (
        lambda n: (
            "(def ends (atom 0)) (println (loop [i 0 acc []] (if (< i 5) (recur (inc i) (conj acc "
            f"{nested(n, '(try ', '(if (odd? i) (throw (ex-info (str i) {})) i)', ' (finally (swap! ends inc)))')[:-1]} (catch Exception e :odd)))) acc)) @ends)"
        ),
        lambda n: f"[0 :odd 2 :odd 4] {5 * n}",
    ),
}


@pytest.mark.parametrize("backend", ["vm", "treewalk"])
@pytest.mark.parametrize("depth", [2, 11, 22, 60])
@pytest.mark.parametrize("shape", SHAPES)
def test_nesting(shape: str, depth: int, backend: str) -> None:
    program, expected = SHAPES[shape]
    output = Output()
    source = Program(program(depth), "nested.clj")
    completion = run_deep(lambda: create_engine(backend, "").run(source, Budget(), output))
    assert completion.error is None
    assert output.text().strip() == str(expected(depth))
