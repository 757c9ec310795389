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
from lockstep.reference.javascript.vm.generation.private_functions import private_functions
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


class FunctionWriter:
    """Writes functions that call each other, most of them with Numbers."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.counts = [random.randint(0, 3) for _ in range(3)]

    def _call(self, names: tuple[str, ...], depth: int) -> str:
        number = self.random.randrange(3)
        count = self.counts[number]
        if self.random.random() < 0.04:
            count = self.random.randint(0, 3)
        arguments = [self._expression(names, depth - 1) for _ in range(count)]
        if arguments and self.random.random() < 0.02:
            arguments[0] = f"...[{arguments[0]}]"
        return f"f{number}({', '.join(arguments)})"

    def _expression(self, names: tuple[str, ...], depth: int) -> str:
        chance = self.random.random()
        if depth <= 0 or chance < 0.3:
            odd = ("'s'", "undefined", "true", "x", "2n", "(() => f0)()()", "f1.length", "typeof f2")
            plain = (*names, *names, "1", "2", "0", "0.5", "7", "1e300")
            return self.random.choice(odd if self.random.random() < 0.015 else plain)
        if chance < 0.55:
            return self._call(names, depth)
        left, right = self._expression(names, depth - 1), self._expression(names, depth - 1)
        if chance < 0.7:
            return f"({left} < {right} ? {self._expression(names, depth - 1)} : {right})"
        return f"({left} {self.random.choice(('+', '+', '-', '-', '*', '%', '&', '|', '/', '>>>'))} {right})"

    def _body(self, names: tuple[str, ...]) -> str:
        lines = []
        for _ in range(self.random.randint(0, 3)):
            value = self._expression(names, 2)
            form = self.random.random()
            if form < 0.3 and names:
                lines.append(f"{self.random.choice(names)} {self.random.choice(('=', '+=', '-='))} {value};")
            elif form < 0.55:
                lines.append(f"if ({self._expression(names, 1)} < 1) return {value};")
            elif form < 0.75:
                names = (*names, "w")
                lines.append(f"var w = {value};")
            elif form < 0.85:
                lines.append(
                    f"for (let i = 0; i < 2; i++) {{ s.push(t[i]); s.push({self._expression((*names, 'i'), 2)}); }}"
                )
            elif form < 0.87:
                lines.append(f"try {{ return {value}; }} finally {{ s.push({self._expression(names, 1)}); }}")
            elif form < 0.89:
                lines.append(f"{{ let f1 = (p) => 'inner'; s.push(f1({value})); }}")
            else:
                lines.append(f"s.push({value});")
        return " ".join(lines)

    def program(self) -> str:
        """One program."""
        functions = []
        for number, count in enumerate(self.counts):
            names = ("a", "b", "c")[:count]
            functions.append(
                f"function f{number}({', '.join(names)}) {{ if (--fuel < 0) return {self._expression(names, 0)}; {self._body(names)}"
                f" return {self._expression(names, 3)}; }}"
            )
        return (
            f"function main(x) {{ const s = [], t = [3, 4]; let fuel = 60; {' '.join(functions)} let r = 1; {self._body(('r', 'x')[:1])}"
            f" try {{ s.push({self._call(('r',), 2)}); }} catch (error) {{ s.push(error.name); }} s.push(r); return s; }}"
            "try { print(main(3).slice(-60).map((v) => typeof v + String(v)).join()); } catch (error) { print(error.name); }"
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


@settings(max_examples=400, deadline=None)
@given(random=st.randoms(use_true_random=False))
def test_random_functions(engines: list[Engine], random: Random) -> None:
    program = FunctionWriter(random).program()
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


# A body, and of its private functions: which return Numbers, and which of their names hold some.
PRIVATE: dict[str, tuple[set[str], dict[str, set[str]]] | None] = {
    "function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2) } f(9);": ({"f"}, {"f": {"n"}}),
    "function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2) } f(x);": (set(), {"f": set()}),
    "function f(n) { return n * 2 } f(x);": ({"f"}, {"f": set()}),
    "function f(n) { return n + 0 } f(1); f('');": (set(), {"f": set()}),
    "function f(n) { return n + 0 } f(1); f();": (set(), {"f": set()}),
    "function f(n, m) { return n - 1 } f(1);": ({"f"}, {"f": {"n"}}),
    "function f(n) { n = '1'; return 1 } f(1);": ({"f"}, {"f": set()}),
    "function f(n) { const h = () => { n = '1' }; return n + 0 } f(1);": (set(), {"f": set()}),
    "function f(n) { return g(n) + 0 } function g(n) { if (n) return f(n - 1); return 0 } f(1);": (
        {"f", "g"},
        {"f": {"n"}, "g": {"n"}},
    ),
    "function f(n) { return g(n) + 0 } function g(n) { if (n) return f(n - 1); return 1 + '' } f(1);": (
        set(),
        {"f": {"n"}, "g": {"n"}},
    ),
    "function f(n) { if (n) return; return 1 } f(1);": (set(), {"f": {"n"}}),
    "function f(n) { if (n) return 1 } f(1);": None,
    "function f(n) { return 1 } h(f);": None,
    "function f(n) { return 1 } f = 1;": None,
    "function f(n) { return 1 } var f; f?.(1);": None,
    "function f(n) { return 1 } f(...x);": None,
    "function f(n) { return 1 } { let f = h; f(1) }": None,
    "function f(n) { return 1 } const h = () => f('');": None,
    "function f(n) { return n + 0 } class C { static x = f('') }": None,
    "function f(n) { return arguments[0] } f(1);": None,
    "function f(n = 1) { return n + 0 } f(1);": None,
    "function* f(n) { return n + 0 } f(1);": None,
    "function f(n) { return n + 0 } function g(n) { return f(n) + 0 } h(g);": None,
    "function f(n) { return n + 0 } new f(1);": None,
    "function f(n) { return n + 0 } f`1`;": None,
    "function f(n) { with ({}) return n + 0 } f(1);": None,
}


@pytest.mark.parametrize("text", PRIVATE)
def test_private_functions(text: str) -> None:
    script = parse_script(f"function main(x) {{ {text} }}", "kinds.js", strict=False)
    node = script.scope.functions[0].function
    found = private_functions(node.body, node.scope)
    if found is None:
        assert PRIVATE[text] is None
        return
    inside = {
        one.bound_name: set(found.inside[one.function.start][0])
        for one in node.scope.functions
        if one.function.start in found.inside
    }
    assert (set(found.returning), inside) == PRIVATE[text]
