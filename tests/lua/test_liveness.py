"""Values of Lua live as long as something needs them, and no longer, under a collection at every safe point."""

from __future__ import annotations

import gc
import io
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from lockstep.reference.lua import GuestError, Limits, Lua

# What a program that needs nothing but the basic library asks: is the watched value still there?
_WATCH = """
    watched = setmetatable({}, {__mode = 'v'})
    function watch(value) watched[1] = value return value end
    function alive() collectgarbage() return watched[1] ~= nil end
"""


@pytest.fixture(params=[(version, backend) for version in ("5.4", "5.1") for backend in ("vm", "treewalk")])
def lua(request: pytest.FixtureRequest) -> Iterator[Lua]:
    with Lua(*request.param, output=io.StringIO(), limits=Limits(stress=1)) as state:
        state.run(_WATCH)
        yield state


def is_5_4(lua: Lua) -> bool:
    return bool(lua.run("return _VERSION") == "Lua 5.4")


def test_a_thrown_value(lua: Lua) -> None:
    lua.run("""
        local ok, e = pcall(function()
            local function deep(n)
                if n == 0 then error(watch({mark = 'thrown'})) end
                return (deep(n - 1))
            end
            deep(20)
        end)
        assert(not ok and alive() and e.mark == 'thrown')
        e = nil
        assert(not alive())
    """)


def test_a_thrown_value_that_goes_through_a_handler(lua: Lua) -> None:
    lua.run("""
        local ok, e = xpcall(function() error(watch({mark = 1})) end, function(e) alive() return e end)
        assert(not ok and alive() and e.mark == 1)
        e = nil
        assert(not alive())
    """)


def test_a_pending_error_while_variables_are_closed(lua: Lua) -> None:
    if not is_5_4(lua):
        return
    lua.run("""
        local function closable(f) return setmetatable({}, {__close = f}) end
        local ok, e = pcall(function()
            local a <close> = closable(function(_, e) assert(alive() and e.mark == 'pending') end)
            local b <close> = closable(function() alive() end)
            error(watch({mark = 'pending'}))
        end)
        assert(not ok and alive() and e.mark == 'pending')
        e = nil
        assert(not alive())
    """)


def test_a_returned_value_while_variables_are_closed(lua: Lua) -> None:
    if not is_5_4(lua):
        return
    lua.run("""
        local function f()
            local a <close> = setmetatable({}, {__close = function() assert(alive()) end})
            return watch({mark = 'returned'})
        end
        local value = f()
        assert(alive() and value.mark == 'returned')
        value = nil
        assert(not alive())
    """)


def test_a_yielded_value(lua: Lua) -> None:
    lua.run("""
        local co = coroutine.create(function()
            local got = coroutine.yield(watch({mark = 'yielded'}))
            coroutine.yield(got)
        end)
        local _, value = coroutine.resume(co)
        assert(alive() and value.mark == 'yielded')
        value = nil
        local _, back = coroutine.resume(co, 'next')
        assert(back == 'next' and not alive())
    """)


def test_a_variable_of_a_suspended_coroutine(lua: Lua) -> None:
    lua.run("""
        local co = coroutine.wrap(function()
            local kept = watch({mark = 'suspended'})
            coroutine.yield()
            return kept.mark
        end)
        co()
        assert(alive())
        assert(co() == 'suspended')
        assert(not alive())
        co = coroutine.wrap(function() local kept = watch({}) coroutine.yield() return kept end)
        co()
        assert(alive())
        co = nil
        assert(not alive())
    """)


def test_an_argument_deep_in_a_call_chain(lua: Lua) -> None:
    lua.run("""
        local function chain(n, value, ...)
            if n == 0 then assert(alive()) return value.mark end
            return (chain(n - 1, value, n, ...))
        end
        assert(chain(30, watch({mark = 'argument'})) == 'argument')
        assert(not alive())
    """)


def test_arguments_and_operands_in_flight(lua: Lua) -> None:
    lua.run("""
        local function third(a, b, c) return a.mark .. b .. c end
        assert(third(watch({mark = 'x'}), alive() and 'y', alive() and 'z') == 'xyz')
        assert(not alive())
        local mt = {__concat = function(a, b) assert(alive()) return 'joined' end}
        assert(setmetatable(watch({}), mt) .. (alive() and 'v') == 'joined')
        assert(not alive())
        local t = {watch({mark = 'item'}), alive(), alive()}
        assert(t[1].mark == 'item' and t[2] and t[3])
        t = nil
        assert(not alive())
    """)


def test_an_iteration_holds_its_table(lua: Lua) -> None:
    lua.run("""
        local n = 0
        for k, v in pairs(watch({1, 2, x = 3})) do n = n + v assert(alive()) end
        assert(n == 6 and not alive())
        for _, v in ipairs({watch({mark = 5}), 2}) do n = n + 1 assert(n > 7 or alive()) end
        assert(not alive())
    """)


def test_a_sort_holds_its_items(lua: Lua) -> None:
    lua.run("""
        local t = {watch({n = 3}), {n = 1}, {n = 2}}
        table.sort(t, function(a, b) assert(alive()) return a.n < b.n end)
        assert(t[3].n == 3 and alive())
        t = nil
        assert(not alive())
    """)


def test_an_upvalue(lua: Lua) -> None:
    lua.run("""
        local f, g
        do
            local value = watch({mark = 'up'})
            f = function() return value.mark end
            g = function() value = nil end
        end
        assert(alive() and f() == 'up')
        g()
        assert(not alive())
    """)


def test_a_block_lets_its_variables_go(lua: Lua) -> None:
    lua.run("""
        do local value = watch({}) assert(alive()) end
        assert(not alive())
        for i = 1, 1 do local value = watch({}) end
        assert(not alive())
        if watch({}) then assert(alive() or true) end
        assert(not alive())
    """)


def test_a_handle_of_the_host(lua: Lua) -> None:
    handle = lua.run("return watch({mark = 'held'})")
    assert lua.run("return alive()")
    assert handle["mark"] == "held"
    handle.release()
    assert not lua.run("return alive()")
    function = lua.run("local value = watch({}) return function() return value end")
    assert lua.run("return alive()")
    del function
    assert not lua.run("return alive()")


def test_values_that_a_host_function_holds(lua: Lua) -> None:
    def use(value: Any, function: Any) -> object:
        assert lua.run("return alive()")
        return function(value)

    lua.register("use", use)
    assert lua.run("return use(watch({mark = 4}), function(v) assert(alive()) return v.mark end)") == 4
    assert not lua.run("return alive()")


def test_a_caught_host_error_holds_nothing(lua: Lua) -> None:
    with pytest.raises(GuestError) as caught:
        lua.run("local value = watch({}) local function f() error('gone') end f(value)")
    assert not lua.run("return alive()")
    assert "gone" in caught.value.message


def test_a_closed_state_is_gone() -> None:
    for backend in ("vm", "treewalk"):
        lua = Lua("5.4", backend)
        lua.run("x = {} co = coroutine.wrap(function() coroutine.yield(x) end) co() x.x = co")
        watch = weakref.ref(lua.state)
        lua.close()
        gc.collect()
        assert watch() is None
        del lua


def test_two_states_do_not_collect_each_other() -> None:
    with Lua("5.4", "vm") as one, Lua("5.4", "treewalk") as other:
        one.run("t = setmetatable({}, {__mode = 'v'}) kept = {} t[1] = kept count = collectgarbage('count')")
        other.run("for i = 1, 10000 do _G['g' .. i] = {i} end collectgarbage() collectgarbage('stop')")
        assert one.run("return t[1] == kept, collectgarbage('isrunning')") == (True, True)
        assert one.run("return math.abs(collectgarbage('count') - count) < 5")
