"""Numbers between text and value, and string.format, against the reference implementation where it is installed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockstep.reference.host.limits import Budget, Output
from lockstep.reference.lua.engine import make_evaluator
from lockstep.reference.lua.profile import PROFILES
from lockstep.reference.lua.runtime.libraries import new_state
from lockstep.reference.lua.runtime.operations.calls import call_value, values
from lockstep.reference.lua.runtime.operations.conversion import number_text
from lockstep.reference.lua.runtime.state import State
from lockstep.reference.lua.syntax.numerals import to_number, wrap
from tests.lua.oracle import Oracle

INTEGERS = st.integers(-(1 << 63), (1 << 63) - 1)
FLOATS = st.floats(allow_nan=False)
NUMERALS = st.from_regex(
    r"\A *[+-]?(0[xX])?[0-9a-fA-F]{0,18}(\.[0-9a-fA-F]{0,6})?([eEpP][+-]?[0-9]{1,3})? *\Z"
)


def state_of(version: str, backend: str = "vm") -> State:
    return new_state(PROFILES[version], make_evaluator(backend, metered=False), Budget(), Output())


def run(state: State, code: str, *arguments: object) -> list[Any]:
    return list(values(call_value(state, state.evaluator.load(state, code, "=s", state.globals), *arguments)))


@pytest.fixture(scope="module", params=["5.1", "5.4"])
def pair(request: pytest.FixtureRequest) -> Iterator[tuple[State, Oracle]]:
    oracle = Oracle(request.param)
    yield state_of(request.param), oracle
    oracle.close()


@pytest.fixture(scope="module")
def modern() -> Iterator[Oracle]:
    oracle = Oracle("5.4")
    yield oracle
    oracle.close()


@given(INTEGERS)
def test_integers_survive_their_text(number: int) -> None:
    assert to_number(number_text(number, integers=True), integers=True) == number


@given(st.floats(-1e14, 1e14).map(lambda value: float(f"{value:.13g}")))
def test_short_floats_survive_their_text(number: float) -> None:
    back = to_number(number_text(number, integers=True), integers=True)
    assert type(back) is float
    assert back == number


@given(st.integers())
def test_wrapping_keeps_64_bits(number: int) -> None:
    assert (wrap(number) - number) % (1 << 64) == 0
    assert -(1 << 63) <= wrap(number) < 1 << 63


@settings(max_examples=300, deadline=None)
@given(text=NUMERALS)
def test_numerals_as_the_reference_reads_them(pair: tuple[State, Oracle], text: str) -> None:
    state, oracle = pair
    code = "local n = tonumber(...) return n and string.format('%.17g', n) or 'none', tostring(n)"
    expected = oracle.execute(f"return (function(...) {code} end)(...)", text)
    assert tuple(run(state, code, text)) == tuple(expected)


@settings(max_examples=200, deadline=None)
@given(
    flags=st.sampled_from(["", "-", "+", " ", "#", "0", "-+", "+0"]),
    width=st.sampled_from(["", "1", "9", "20"]),
    precision=st.sampled_from(["", ".0", ".3", ".12"]),
    letter=st.sampled_from("eEfgG"),
    number=FLOATS,
)
def test_floats_formatted_as_by_the_reference(
    pair: tuple[State, Oracle], flags: str, width: str, precision: str, letter: str, number: float
) -> None:
    state, oracle = pair
    if letter == "f" and abs(number) > 1e90:
        return
    form = f"%{flags}{width}{precision}{letter}"
    expected = oracle.execute("return string.format(...)", form, number)
    assert run(state, "return string.format(...)", form, number) == [expected]


@settings(max_examples=200, deadline=None)
@given(
    left=INTEGERS,
    right=INTEGERS,
    operator=st.sampled_from(["+", "-", "*", "//", "%", "&", "|", "~", "<<", ">>"]),
)
@pytest.mark.parametrize("backend", ["treewalk", "vm"])
def test_integer_operators_as_in_the_reference(
    modern: Oracle, backend: str, left: int, right: int, operator: str
) -> None:
    if right == 0 and operator in ("//", "%"):
        return
    code = f"local a, b = ... return a {operator} b"
    expected = modern.execute(code, left, right)
    assert run(state_of("5.4", backend), code, left, right) == [expected]


@settings(max_examples=200, deadline=None)
@given(left=st.floats(), right=st.floats(), operator=st.sampled_from(["+", "-", "*", "/", "//", "%"]))
@pytest.mark.parametrize("backend", ["treewalk", "vm"])
def test_float_operators_as_in_the_reference(
    modern: Oracle, backend: str, left: float, right: float, operator: str
) -> None:
    code = f"local a, b = ... return a {operator} b"
    expected = modern.execute(code, left, right)
    (found,) = run(state_of("5.4", backend), code, left, right)
    if math.isnan(expected):
        assert math.isnan(found)
    else:
        assert found == expected
        assert math.copysign(1, found) == math.copysign(1, expected)
