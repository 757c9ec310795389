"""A statement's variable is written after the last look at its operands, in all that the generators make."""

from __future__ import annotations

import ast
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.host.generation.building import Builder
from lockstep.reference.host.generation.results import Result
from lockstep.reference.javascript.program_cache import ProgramCache
from lockstep.reference.javascript.syntax.parse import parse_script
from lockstep.reference.javascript.vm.evaluator import Evaluator
from lockstep.reference.lua.profile import PROFILES
from lockstep.reference.lua.syntax.chunk_source import ChunkSource
from lockstep.reference.lua.vm.compiler import generate
from lockstep.reference.lua.vm.form import Form
from tests.host.order import guards_that_read_their_result, looks_too_late, marked_results
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
    evaluator = Evaluator(ProgramCache(), metered=metered)
    script = parse_script(text, "order.js", strict=False)
    tree = evaluator.compile_script(script, completion=True, keep_tree=True).tree
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


def test_a_guard_that_reads_its_result_is_found() -> None:
    wrong = ast.parse("try:\n x = x + y\nexcept TypeError:\n x = add(x, y)")
    right = ast.parse("try:\n z = x + y\nexcept TypeError:\n z = add(x, y)")
    assert len(guards_that_read_their_result(wrong)) == 1
    assert guards_that_read_their_result(right) == []


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
