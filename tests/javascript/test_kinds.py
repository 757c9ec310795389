"""What the VM infers of Numbers and indices must hold: random arithmetic in loops, on both backends."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockstep.reference.host.engine import Engine
from lockstep.reference.javascript.engine import create_engine
from lockstep.reference.javascript.syntax.parse import parse_script
from lockstep.reference.javascript.vm.generation.inference import infer
from tests.javascript.test_differential import printed

_NAMES = ("i", "j", "k", "n")
_OPERATORS = ("+", "-", "*", "%", "/", "&", "|", "^", "<<", ">>", ">>>", "**")
_EDGES = ("0", "1", "2", "7", "0.5", "1e9", "4294967295", "9007199254740992", "1e300")


class IndexWriter:
    """Writes functions that compute indices from each other."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def _expression(self, depth: int) -> str:
        chance = self.random.random()
        if depth == 0 or chance < 0.25:
            return self.random.choice((*_NAMES, *_NAMES, *_EDGES))
        if chance < 0.75:
            left, right = self._expression(depth - 1), self._expression(depth - 1)
            if self.random.random() < 0.5:
                right = self.random.choice(("1", "3", "8", "255", "0"))
            return f"(({left}) {self.random.choice(_OPERATORS)} ({right}))"
        inner = self._expression(depth - 1)
        return self.random.choice(
            (
                f"(- {inner})",
                f"(~{inner})",
                f"(+{inner})",
                f"(i < j ? {inner} : k)",
                "(i++)",
                "(--n)",
                f"(k = {inner})",
                "t[i]",
            )
        )

    def _statement(self, depth: int) -> str:
        chance = self.random.random()
        name = self.random.choice(_NAMES)
        if depth and chance < 0.2:
            return f"for (let r = 0; r < 5; r++) {{ {self._block(depth - 1)} }}"
        if chance < 0.3:
            return f"if ({self._expression(2)} > 3) {{ {name} = {self._expression(2)}; }}"
        if chance < 0.5:
            return self.random.choice((f"t[{name}] = k;", f"s.push(t[{name}], {name});", f"t[{name}] += 1;"))
        if chance < 0.6:
            return self.random.choice(
                (f"{name}++;", f"{name}--;", f"{name} += 3;", f"{name} *= 2;", f"{name} = 0;")
            )
        return f"{name} {self.random.choice(('=', '=', '+=', '&=', '>>>='))} {self._expression(3)};"

    def _block(self, depth: int) -> str:
        return " ".join(self._statement(depth) for _ in range(self.random.randint(1, 4)))

    def program(self) -> str:
        """One program."""
        starts = ", ".join(f"{name} = {self.random.choice(_EDGES)}" for name in _NAMES)
        return (
            f"function f(s) {{ let {starts}; const t = [4, 5, 6, 7, 8, 9, 10, 11]; for (let r = 0; r < 12; r++) {{ {self._block(2)} }}"
            "s.push(i, j, k, n, 1 / i, t.length, Object.keys(t).join()); return s; }"
            "print(f([]).slice(-40).map(String).join());"
        )


@pytest.fixture(scope="module")
def engines() -> list[Engine]:
    return [create_engine(backend, "") for backend in ("treewalk", "vm")]


@settings(max_examples=250, deadline=None)
@given(random=st.randoms(use_true_random=False))
def test_random_arithmetic(engines: list[Engine], random: Random) -> None:
    program = IndexWriter(random).program()
    treewalk, vm = (printed(engine, program) for engine in engines)
    assert vm == treewalk, program


INFERRED = {
    "let i = 0; for (;;) { i++; a[i]; }": ({"i"}, {"i"}),
    "let i = 9; for (;;) { i--; a[i]; }": ({"i"}, set()),
    "let i = 0; for (;;) { i = (i * 7 + 1) % 16; a[i]; }": ({"i"}, {"i"}),
    "let i = 0; for (;;) { i = h(i) & 255; a[i]; }": ({"i"}, {"i"}),
    "let i = 0, j = 1; for (;;) { j = i + 2; i = j >> 1; a[i]; a[j]; }": ({"i", "j"}, set()),
    "let i = 1; for (;;) { i = i * 2; a[i]; }": ({"i"}, set()),
    "let i = 1; for (;;) { i = i / 2; a[i]; }": ({"i"}, set()),
    "let i = 0; for (;;) { i += 0.5; a[i]; }": ({"i"}, set()),
    "let i = 0; for (;;) { i = f(i); a[i]; }": (set(), set()),
    "let i = x, j = 0; for (;;) { j = i >>> 1; a[j]; }": ({"j"}, {"j"}),
    "let i = 0; for (;;) { i = i - 1n; a[i]; }": ({"i"}, set()),
}


@pytest.mark.parametrize("text", INFERRED)
def test_what_is_inferred(text: str) -> None:
    script = parse_script(text, "kinds.js", strict=False)
    numeric, indices = infer(script.body, script.scope)
    assert (set(numeric), set(indices)) == INFERRED[text]
