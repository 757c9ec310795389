"""When operands are looked at, and when targets are written: random statements, as PUC Lua has them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lua.test_differential import Trio


@pytest.fixture(scope="module", params=["5.1", "5.4"])
def trio(request: pytest.FixtureRequest) -> Iterator[Trio]:
    made = Trio(request.param)
    yield made
    made.oracle.close()


# `x` and `t` are assigned by `f` and `swap`; `u` is such a variable of the function around; `y`, `s` and `k` are nobody else's.
PROGRAM = """
local u, log = 1, {{}}
local function upvalue() u = u + 1 return u end
local function of(name)
  return setmetatable({{name = name, a = name .. ".a", 10, 20, 30, 40}}, {{__index = function(_, key)
    log[#log + 1] = name .. "[" .. tostring(key) .. "]"
    if key == "none" then error("no " .. name, 0) end
    return nil
  end, __concat = function(a, b) return "joined" end, __add = function(a, b) return 7 end}})
end
local x, y, t, s, k = 2, 3, of("t"), of("s"), "a"
local first = t
local function f() x = x + 1 return x end
local function swap() t = of("swapped") return 1 end
local done, problem = pcall(function()
  local upper = u
  {inner}
  log[#log + 1] = tostring(upper)
end)
local ended, failure = pcall(function() {statement} end)
local kept = {{pcall(function() return x, y, k end)}}
return done, ended, tostring(problem), tostring(failure), u, kept[2], kept[3], tostring(kept[4]), rawget(first, 2), rawget(first, 3),
  type(t) == "table" and rawget(t, "name") or tostring(t), type(s) == "table" and rawget(s, 3) or tostring(s),
  table.concat(log, " ")
"""

KEYS = st.sampled_from(["x", "y", "k", "1", "2", "9", "f()", "(x)", "'a'", "'missing'", "'none'", "x + 1"])
ATOMS = st.one_of(
    st.sampled_from(["x", "y", "u", "(x)", "2", "f()", "upvalue()", "swap()", "-x", "#t", "t.a", "s.a"]),
    st.tuples(st.sampled_from(["t", "s", "(t)"]), KEYS).map(lambda pair: f"{pair[0]}[{pair[1]}]"),
)
OPERATORS = st.sampled_from(["+", "-", "*", "<", "<=", "==", "~=", "..", "and", "or", "%", ">"])
VALUES = st.recursive(
    ATOMS,
    lambda inner: st.tuples(inner, OPERATORS, inner).map(lambda three: f"({three[0]} {three[1]} {three[2]})"),
    max_leaves=4,
)
TARGETS = st.one_of(
    st.sampled_from(["x", "y", "t", "s", "k", "u"]),
    st.tuples(st.sampled_from(["t", "s", "first"]), KEYS).map(lambda pair: f"{pair[0]}[{pair[1]}]"),
)
SINGLE = st.tuples(TARGETS, VALUES).map(lambda pair: f"{pair[0]} = {pair[1]}")
DOUBLE = st.tuples(TARGETS, TARGETS, VALUES, VALUES).map(
    lambda four: f"{four[0]}, {four[1]} = {four[2]}, {four[3]}"
)
LOCALS = st.tuples(VALUES, VALUES).map(lambda pair: f"local a, b = {pair[0]}, {pair[1]} y, k = a, b")
OTHERS = VALUES.map(lambda value: f"local r = {{x, {value}, x, [x] = f()}} y, k = r[1], r[3]")
STATEMENTS = st.one_of(SINGLE, DOUBLE, LOCALS, OTHERS)


@given(inner=STATEMENTS, outer=STATEMENTS)
@settings(max_examples=300, deadline=None)
def test_statements_whose_operands_change(trio: Trio, inner: str, outer: str) -> None:
    trio.check(PROGRAM.format(inner=inner, statement=outer))


@given(statements=st.lists(STATEMENTS, min_size=1, max_size=3))
@settings(max_examples=300, deadline=None)
def test_statements_on_variables_of_their_own_function(trio: Trio, statements: list[str]) -> None:
    """The variables are registers of the function that computes: calls in the other operand may assign them."""
    body = "\n".join(f"do {one} end" for one in statements)
    code = PROGRAM.format(inner="", statement="").replace(
        "local done, problem", body + "\nlocal done, problem"
    )
    trio.check(
        f"local r = {{pcall(function() {code} end)}} local unpack = unpack or table.unpack return unpack(r, 1, 14)"
    )
