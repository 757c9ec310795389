"""Two engines of a language in one process share nothing, and neither do two sessions of one engine."""

from __future__ import annotations

import pytest

from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.engine import Completion, Program
from lockstep.reference.host.limits import Budget, Output
from lockstep.reference.languages import create_engine

# Language -> (a program that changes whatever a guest can reach, a program that prints what is left of it, its print).
PROGRAMS = {
    "javascript": (
        (
            "globalThis.leaked = 1; Object.prototype.leaked = 1; Array.prototype.push = null;"
            " Math.max = 3; Symbol.iterator.constructor.prototype.leaked = 1; Object.freeze(Function.prototype);"
        ),
        (
            "print(typeof leaked, typeof {}.leaked, typeof [].push, typeof Math.max, typeof Symbol.iterator.leaked,"
            " Object.isFrozen(Function.prototype))"
        ),
        "undefined undefined function function undefined false\n",
    ),
    "python": (
        (
            "import sys, builtins, math\nsys.leaked = 1\nbuiltins.leaked = 1\nbuiltins.len = None\nmath.pi = 3\n"
            "sys.modules['leaked'] = sys"
        ),
        (
            "import sys, builtins, math\nprint(hasattr(sys, 'leaked'), hasattr(builtins, 'leaked'), len([1]), "
            "math.pi > 3.1, 'leaked' in sys.modules)"
        ),
        "False False 1 True False\n",
    ),
    "clojure": (
        (
            "(def leaked 1) (in-ns 'clojure.core) (def inc dec) (create-ns 'leaked.ns)"
            " (alter-var-root #'clojure.core/str (constantly (fn [& _] 0)))"
        ),
        "(println (resolve 'leaked) (inc 1) (find-ns 'leaked.ns) (str 1 2))",
        "nil 2 nil 12\n",
    ),
    "lua5.1": (
        "leaked = 1; string.leaked = 1; getmetatable('').__index = nil; math.pi = 3; package.loaded.leaked = 1; print = nil",
        "print(leaked, string.leaked, ('x'):rep(2), math.pi > 3.1, package.loaded.leaked)",
        "nil\tnil\txx\ttrue\tnil\n",
    ),
    "lua5.4": (
        "leaked = 1; string.leaked = 1; getmetatable('').__index = nil; math.pi = 3; package.loaded.leaked = 1; print = nil",
        "print(leaked, string.leaked, ('x'):rep(2), math.pi > 3.1, package.loaded.leaked)",
        "nil\tnil\txx\ttrue\tnil\n",
    ),
}


def check(completion: Completion) -> None:
    assert completion.error is None, completion.error
    assert completion.unsupported is None


@pytest.mark.parametrize("backend", ["treewalk", "vm"])
@pytest.mark.parametrize("language", PROGRAMS)
def test_engines_share_nothing(language: str, backend: str) -> None:
    changes, looks, expected = PROGRAMS[language]

    def body() -> str:
        first, second = create_engine(f"{language}:{backend}"), create_engine(f"{language}:{backend}")
        output = Output()
        check(first.run(Program(changes), Budget(), Output()))
        check(second.run(Program(looks), Budget(), output))
        check(first.run(Program(looks), Budget(), output))
        return output.text()

    assert run_deep(body) == expected * 2


@pytest.mark.parametrize("backend", ["treewalk", "vm"])
@pytest.mark.parametrize("language", PROGRAMS)
def test_sessions_share_nothing(language: str, backend: str) -> None:
    changes, looks, expected = PROGRAMS[language]

    def body() -> str:
        engine = create_engine(f"{language}:{backend}")
        output = Output()
        first, second = engine.session(Budget(), Output()), engine.session(Budget(), output)
        check(first.evaluate(Program(changes), Budget()))
        check(second.evaluate(Program(looks), Budget()))
        first.close()
        second.close()
        return output.text()

    assert run_deep(body) == expected


EVALUATIONS = {
    "javascript": ("var x = 20; x + 1", "x * 2 + 2"),
    "python": ("x = 20", "x * 2 + 2"),
    "clojure": ("(def x 20)", "(+ (* x 2) 2)"),
    "lua5.1": ("x = 20", "return x * 2 + 2"),
    "lua5.4": ("x = 20", "return x * 2 + 2"),
}


@pytest.mark.parametrize("backend", ["treewalk", "vm"])
@pytest.mark.parametrize("language", EVALUATIONS)
def test_a_session_keeps_its_state_and_prints_values(language: str, backend: str) -> None:
    def body() -> str | None:
        session = create_engine(f"{language}:{backend}").session(Budget(), Output())
        first, second = (session.evaluate(Program(text), Budget()) for text in EVALUATIONS[language])
        check(first)
        check(second)
        return second.value

    assert run_deep(body) == "42"
