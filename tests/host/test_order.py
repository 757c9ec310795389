"""A statement's variable is written after the last look at its operands, in all that the generators make."""

from __future__ import annotations

import ast
from contextlib import suppress
from pathlib import Path
from random import Random
from types import CodeType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockstep.reference.clojure.engine import create_engine as create_clojure
from lockstep.reference.clojure.vm import machine as clojure_machine
from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.engine import Program
from lockstep.reference.host.errors import GuestSyntaxError, LimitExceeded
from lockstep.reference.host.generation.building import Builder
from lockstep.reference.host.generation.compiling import compile_tree
from lockstep.reference.host.generation.results import Result
from lockstep.reference.host.limits import Budget, Limits, Output
from lockstep.reference.javascript.program_cache import ProgramCache
from lockstep.reference.javascript.syntax.parse import parse_script
from lockstep.reference.javascript.vm.machine import Machine
from lockstep.reference.lua.profile import PROFILES
from lockstep.reference.lua.syntax.chunk_source import ChunkSource
from lockstep.reference.lua.vm.compiler import generate
from lockstep.reference.lua.vm.form import Form
from lockstep.reference.python.vm.machine import lowered_tree
from tests.host.order import (
    guards_that_read_their_result,
    looks_too_late,
    loop_variables_written_early,
    marked_results,
    written_variables,
)
from tests.javascript.control_programs import Writer
from tests.javascript.test_kinds import IndexWriter

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
FORMS = [Form(), Form(metered=True), Form(hooked=True), Form(releasing=True)]
_NAMES = ("a", "b", "c", "d")
_OPERATORS = ("+", "-", "*", "/", "%", "//", "^", "..", "==", "<", "and", "or", "&", "<<", ">>", "~")


class LuaWriter:
    """Writes functions that assign their variables from expressions with the same variables."""

    def __init__(self, random: Random, *, integers: bool) -> None:
        self.random = random
        self.operators = (
            _OPERATORS
            if integers
            else tuple(one for one in _OPERATORS if one not in ("//", "&", "<<", ">>", "~"))
        )

    def _expression(self, depth: int) -> str:
        choice = self.random.random()
        if depth == 0 or choice < 0.25:
            return self.random.choice((*_NAMES, *_NAMES, "1", "2.5", "'k'", "nil"))
        inner = self._expression(depth - 1)
        if choice < 0.55:
            return f"({inner} {self.random.choice(self.operators)} {self._expression(depth - 1)})"
        if choice < 0.75:
            return self.random.choice(
                (f"a[{inner}]", f"b.x[{inner}]", f"({inner})[d]", f"({inner}).x", f"c[{inner} + 1]")
            )
        if choice < 0.9:
            return self.random.choice(
                (
                    f"f({inner})",
                    f"g(a, {inner})",
                    f"c:m({inner})",
                    f"string.sub(a, {inner})",
                    f"math.floor({inner})",
                )
            )
        return self.random.choice(
            (f"- {inner}", f"not {inner}", f"#{inner}", f"#{self.random.choice(_NAMES)} + 1")
        )

    def _statement(self, depth: int) -> str:
        choice = self.random.random()
        if depth and choice < 0.12:
            return f"for i = 1, {self.random.choice(('10', 'b'))} do {self._block(depth - 1)} d = d + i end"
        if depth and choice < 0.2:
            return f"while {self._expression(2)} do {self._block(depth - 1)} end"
        if depth and choice < 0.3:
            return f"if {self._expression(2)} then {self._block(depth - 1)} else {self._block(depth - 1)} end"
        if choice < 0.4:
            return f"local {self.random.choice(_NAMES)} = {self._expression(2)}"
        if choice < 0.45:
            return "a, b = b, a[b]"
        return f"{self.random.choice(_NAMES)} = {self._expression(3)}"

    def _block(self, depth: int) -> str:
        return " ".join(f"{self._statement(depth)};" for _ in range(self.random.randint(1, 5)))

    def program(self) -> str:
        """One program."""
        start = self.random.choice(("", "a = 1.5; b = 2; ", "c = 0; d = 7; "))
        return f"local function h(a, b, c, d) {start}{self._block(2)} return a, b, c, d end return h"


def late_in_lua(text: str, version: str, form: Form) -> list[str]:
    with marked_results() as variables:
        tree = generate(ChunkSource(text, "=p"), PROFILES[version], form)
    return looks_too_late(tree, variables)


@settings(max_examples=300, deadline=None)
@given(
    random=st.randoms(use_true_random=False),
    version=st.sampled_from(["5.1", "5.4"]),
    form=st.sampled_from(FORMS),
)
def test_random_programs_of_lua(random: Random, version: str, form: Form) -> None:
    program = LuaWriter(random, integers=version == "5.4").program()
    assert late_in_lua(program, version, form) == [], program


@pytest.mark.parametrize("version", ["5.1", "5.4"])
def test_programs_of_lua(version: str) -> None:
    for path in [
        *sorted((FIXTURES / "lua").glob("*.lua")),
        *sorted((FIXTURES / "lua" / version).glob("*.lua")),
    ]:
        try:
            late = late_in_lua(path.read_text("utf-8"), version, Form())
        except GuestSyntaxError:
            continue  # some are no programs, or not of this version
        assert late == [], path.name


def javascript_tree(text: str, *, metered: bool) -> ast.Module:
    machine = Machine(ProgramCache(), metered=metered)
    script = parse_script(text, "order.js", strict=False)
    tree = machine.compile_script(script, completion=True, keep_tree=True).tree
    assert tree is not None
    return tree


@settings(max_examples=60, deadline=None)
@given(random=st.randoms(use_true_random=False), metered=st.booleans())
def test_random_programs_of_javascript(random: Random, metered: bool) -> None:
    for program in (Writer(random, "generator", dynamic=False).program(), IndexWriter(random).program()):
        assert guards_that_read_their_result(javascript_tree(program, metered=metered)) == [], program


def test_programs_of_javascript() -> None:
    guards = 0
    for path in sorted((FIXTURES / "javascript").glob("*.js")):
        try:
            tree = javascript_tree(path.read_text("utf-8"), metered=False)
        except GuestSyntaxError:
            continue
        guards += sum(isinstance(node, ast.Try) for node in ast.walk(tree))
        assert guards_that_read_their_result(tree) == [], path.name
    assert guards > 1000


def clojure_trees(text: str, name: str) -> list[ast.Module]:
    """What the VM compiles while it runs a program."""
    trees: list[ast.Module] = []

    def keeping(tree: ast.Module, file: str, *, optimize: int) -> CodeType:
        trees.append(tree)
        return compile_tree(tree, file, optimize=optimize)

    with pytest.MonkeyPatch.context() as patch, suppress(LimitExceeded):
        patch.setattr(clojure_machine, "compile_tree", keeping)
        run_deep(
            lambda: create_clojure("vm").run(Program(text, name), Budget(Limits(steps=200_000)), Output())
        )
    return trees


def clojure_loop(random: Random) -> str:
    """A loop whose rounds change its locals, each from all of them."""
    names = random.sample(["a", "b", "c", "d"], random.randint(1, 4))

    def value(depth: int) -> str:
        if depth == 0:
            return random.choice([*names, "1", "nil"])
        one, other = value(depth - 1), value(depth - 1)
        return random.choice(
            (
                f"(+ 1 {one})",
                f"(if {one} {other} [{one}])",
                f"(let [x {one}] (vector x {other}))",
                f"(try {one} (finally {other}))",
                f"(loop [x {one}] (if x (recur nil) {other}))",
            )
        )

    start = " ".join(f"{name} {number}" for number, name in enumerate(names))
    then = " ".join(value(random.randint(0, 2)) for _ in names)
    return f"(defn f [n] (loop [n n {start}] (if (pos? n) (recur (dec n) {then}) [{' '.join(names)}])))"


def test_programs_of_clojure() -> None:
    loops = 0
    for path in sorted((FIXTURES / "clojure").glob("*.clj")):
        for tree in clojure_trees(path.read_text("utf-8"), path.name):
            loops += sum(isinstance(node, ast.While) for node in ast.walk(tree))
            assert loop_variables_written_early(tree) == [], path.name
            assert guards_that_read_their_result(tree) == [], path.name
    assert loops > 3


@settings(max_examples=40, deadline=None)
@given(random=st.randoms(use_true_random=False))
def test_random_loops_of_clojure(random: Random) -> None:
    text = "\n".join(clojure_loop(random) for _ in range(3))
    trees = clojure_trees(text, "order.clj")
    assert [line for tree in trees for line in loop_variables_written_early(tree)] == [], text


def named(tree: ast.AST) -> set[str]:
    """What patterns and imports bind."""
    fields = [getattr(node, field, None) for node in ast.walk(tree) for field in ("name", "rest", "asname")]
    return {name.partition(".")[0] for name in fields if isinstance(name, str)}


def test_programs_of_python() -> None:
    # The VM adds calls, blocks and temporaries to a guest's statements, never a write of a variable that the guest can name.
    changed = 0
    for path in sorted((FIXTURES / "python").glob("*.py")):
        try:
            guest = ast.parse(path.read_text("utf-8"))
        except SyntaxError:
            continue
        tree = lowered_tree(path.read_text("utf-8"), path.name, "exec", metered=True, sized=True)
        assert guards_that_read_their_result(tree) == [], path.name
        added = written_variables(tree) - written_variables(guest) - named(guest)
        assert all(name.startswith(".") for name in added), path.name
        changed += ast.dump(tree) != ast.dump(guest)
    assert changed > 10


def test_a_guard_that_reads_its_result_is_found() -> None:
    wrong = ast.parse("try:\n x = x + y\nexcept TypeError:\n x = add(x, y)")
    right = ast.parse("try:\n z = x + y\nexcept TypeError:\n z = add(x, y)")
    assert len(guards_that_read_their_result(wrong)) == 1
    assert guards_that_read_their_result(right) == []


def test_a_loop_variable_that_is_written_early_is_found() -> None:
    right = ast.parse("while True:\n if a:\n  a, b = b, a\n  continue\n c = a\n break")
    early = ast.parse(
        "while True:\n if a:\n  a = b\n  b = a\n  continue\n a = 1\n if b:\n  a, b = b, a\n  continue"
    )
    assert len(loop_variables_written_early(early)) == 2
    assert loop_variables_written_early(right) == []


def test_a_wrong_order_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    # As if no production said what it looks at: `t = t[k]` asks `t` again where the fast path gave nil.
    monkeypatch.setattr(Result, "free_of", lambda self, _: self._identifier)
    for text in ("t = t[k]", "k = t[k]", "t = t % k", "k = k * t"):
        program = f"local function f(t, k) {text} return t, k end"
        assert late_in_lua(program, "5.1", Form()), text


def test_a_result_whose_operands_read_it_goes_elsewhere() -> None:
    builder: Any = Builder()
    wanted = Result("x")
    other = builder.operation(builder.name("y"), ast.Add(), builder.name("x"))
    assert builder.into(wanted, builder.name("y")) == "x"
    assert builder.into(wanted, other) == "$1"
    assert builder.into(None) == "$2"
