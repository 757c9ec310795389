"""Functions that the VM writes out in place do what they do when they are passed on as values, in values and in conditions."""

from __future__ import annotations

from functools import partial

import pytest

from lockstep.reference.clojure.engine import create_engine
from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Budget, Limits, Output

NUMBERS = (
    "0", "1", "-7", "3", "9223372036854775807", "-9223372036854775808", "0.0", "-1.5", "2N", "2/3", "1.5M", "##NaN", "##Inf", "nil", '"a"', ":k", "[1]",
)  # fmt: skip
VALUES = (*NUMBERS, "true", "false", "\\a", "{:a 1}", "#{1 2}", "'(1 2)", "'()", "(map inc [1 2])")
# Whether an operand is a constant, a local that the compiler knows nothing of, or one that it knows to be a number of one kind.
UNARY = (
    "inc", "dec", "-", "not", "nil?", "some?", "true?", "false?", "zero?", "pos?", "neg?", "first", "rest", "next", "seq", "count", "double", "long",
)  # fmt: skip
BINARY = ("+", "-", "*", "/", "mod", "rem", "quot", "<", ">", "<=", ">=", "=")
PROGRAM = """
(defmacro text [form] `(try (pr-str ~form) (catch Throwable e# (.getSimpleName (class e#)))))
(def seen (atom []))
{rows}
(println (apply str (interpose "\\n" @seen)))
"""


def lines(source: str) -> list[list[str]]:
    found = []
    for backend in ("treewalk", "vm"):
        output = Output()
        engine = create_engine(backend)
        completion = run_deep(partial(engine.run, Program(source, "p.clj"), Budget(Limits()), output))
        assert completion.error is None, completion.error
        found.append(output.text().splitlines())
    return found


def check(rows: list[str], *, alike: bool = True) -> None:
    walked, compiled = lines(PROGRAM.format(rows="\n".join(rows)))
    assert compiled == walked
    for line in walked if alike else ():
        assert len(set(line.split("\t"))) == 1, line


def row(bindings: str, call: str, known: str, passed: str) -> str:
    """A value in place, with constants, in a condition, and of the function as a value."""
    forms = (call, known, passed)
    tests = (f"(if {call} 1 2)", f"(if {passed} 1 2)")
    both = [" ".join(f"(text {form})" for form in group) for group in (forms, tests)]
    return "\n".join(
        f'(let [{bindings}] (swap! seen conj (apply str (interpose "\\t" [{group}]))))' for group in both
    )


@pytest.mark.parametrize("function", UNARY)
def test_of_one(function: str) -> None:
    check(
        [
            row(f"a {value} f {function}", f"({function} a)", f"({function} {value})", "(f a)")
            for value in VALUES
        ]
    )


@pytest.mark.parametrize("function", BINARY)
def test_of_two(function: str) -> None:
    check(
        [
            row(f"a {left} b {right} f {function}", f"({function} a b)", f"({function} a {right})", "(f a b)")
            for left in NUMBERS
            for right in NUMBERS
        ],
        # Of primitive numbers zero divides as IEEE has it, of boxed ones it throws.
        alike=function != "/",
    )
