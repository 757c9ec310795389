"""Lua's collector as programs see it: weak tables, finalisers, `collectgarbage`, in both backends."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from lockstep.reference.lua import GuestError, LimitError, Limits, Lua

BACKENDS = ("vm", "treewalk")


@pytest.fixture(params=[(backend, metered) for backend in BACKENDS for metered in (True, False)])
def lua(request: pytest.FixtureRequest) -> Iterator[Lua]:
    backend, metered = request.param
    with Lua("5.4", backend, output=io.StringIO(), metered=metered) as state:
        yield state


@pytest.fixture(params=BACKENDS)
def old(request: pytest.FixtureRequest) -> Iterator[Lua]:
    with Lua("5.1", request.param, output=io.StringIO()) as state:
        yield state


def test_a_loop_that_waits_for_a_finaliser_ends(lua: Lua) -> None:
    lua.run("""
        local finished = false
        local u = setmetatable({}, {__gc = function() finished = true end})
        repeat u = {} until finished
        finished = false
        u = {setmetatable({}, {__gc = function() finished = true end})}
        repeat u = {{}} until finished
    """)


def test_a_loop_that_waits_for_a_weak_entry_ends(lua: Lua) -> None:
    lua.run("""
        local x = setmetatable({[1] = {}}, {__mode = 'kv'})
        local n = 0
        while x[1] do n = n + 1 local a = n .. n end
    """)


def test_weak_values_and_keys(lua: Lua) -> None:
    found = lua.run("""
        local kept = {}
        local values = setmetatable({}, {__mode = 'v'})
        values[1], values[2], values.x, values.y = kept, {}, {}, 'a string'
        values[3] = 12
        local keys = setmetatable({}, {__mode = 'k'})
        keys[kept], keys[{}], keys.x = 1, 2, {}
        collectgarbage()
        local n = 0
        for _ in pairs(keys) do n = n + 1 end
        return values[1] == kept, values[2], values.x, values.y, values[3], n, keys[kept], #values
    """)
    assert found[:7] == (True, None, None, "a string", 12, 2, 1)
    assert found[7] in (1, 3)


def test_a_table_becomes_weak_and_strong_again(lua: Lua) -> None:
    assert lua.run("""
        local t = {10, 20, x = {}, [{}] = 5}
        setmetatable(t, {__mode = 'kv'})
        collectgarbage()
        local n = 0
        for _ in pairs(t) do n = n + 1 end
        setmetatable(t, nil)
        t.z, t[3] = {}, {}
        collectgarbage()
        return n, t[1], t[2], type(t.z), #t
    """) == (2, 10, 20, "table", 3)


def test_ephemerons(lua: Lua) -> None:
    assert lua.run("""
        local t = setmetatable({}, {__mode = 'k'})
        local last
        for i = 1, 100 do local n = {} t[n] = {last, i} last = n end
        collectgarbage()
        local n, count = last, 0
        while n do n, count = t[n][1], count + 1 end
        n, last = nil
        collectgarbage()
        return count, next(t)
    """) == (100, None)


def test_traversal_of_a_weak_table(lua: Lua) -> None:
    assert (
        lua.run("""
        local t = setmetatable({}, {__mode = 'k'})
        for i = 1, 20 do t[{}] = i t[i] = i end
        local n = 0
        local k = next(t)
        while k do
            if type(k) == 'table' then t[k] = nil end
            collectgarbage()
            n = n + 1
            k = next(t, k)
        end
        return n
    """)
        == 20
    )


def test_the_order_of_finalisers_and_their_errors(lua: Lua) -> None:
    lua.run("""
        order = {}
        local mt = {__gc = function(o)
            order[#order + 1] = o.n
            if o.n == 2 then error('lost') end
        end}
        collectgarbage('stop')
        local t = {}
        for i = 1, 4 do t[i] = setmetatable({n = i}, mt) end
        t = nil
        collectgarbage()
    """)
    assert lua.run("return table.concat(order, ' ')") == "4 3 2 1"


def test_resurrection_and_a_second_mark(lua: Lua) -> None:
    assert lua.run("""
        local count = 0
        local mt = {}
        mt.__gc = function(o) count = count + 1 saved = o if count < 3 then setmetatable(o, mt) end end
        local o = setmetatable({}, mt)
        o = nil
        collectgarbage()
        local kept = type(saved)
        saved = nil
        local again = 0
        mt.__gc = function(o) again = again + 1 if again < 3 then setmetatable(o, mt) end end
        o = setmetatable({}, mt)
        o = nil
        collectgarbage() collectgarbage() collectgarbage() collectgarbage()
        return count, kept, again
    """) == (1, "table", 3)


def test_what_is_finalised_is_out_of_weak_values_but_not_of_weak_keys(lua: Lua) -> None:
    assert lua.run("""
        local values, keys = setmetatable({}, {__mode = 'v'}), setmetatable({}, {__mode = 'k'})
        local seen
        do
            local inner = {}
            local o = setmetatable({inner = inner}, {__gc = function(o)
                seen = {values[1], values[2], keys[o], keys[o.inner]}
            end})
            o.cycle = o
            values[1], values[2], keys[o], keys[inner] = o, inner, 3, 4
        end
        collectgarbage()
        return seen[1], seen[2], seen[3], seen[4], next(values)
    """) == (None, None, 3, 4, None)


def test_finalisers_when_a_state_closes() -> None:
    for backend in BACKENDS:
        output = io.StringIO()
        with Lua("5.4", backend, output=output) as lua:
            lua.run("""
                for i = 1, 3 do
                    _G['o' .. i] = setmetatable({}, {__gc = function() print(i) setmetatable({}, {__gc = print}) end})
                end
            """)
        assert output.getvalue() == "3\n2\n1\n"


def test_cycles_and_lost_coroutines(lua: Lua) -> None:
    assert lua.run("""
        local gone = 0
        local mt = {__gc = function() gone = gone + 1 end}
        do local a = setmetatable({}, mt) a.b = {a} end
        do
            local function body(self)
                local x = setmetatable({self}, mt)
                coroutine.yield(function() return x end)
            end
            local co = coroutine.create(body)
            coroutine.resume(co, co)
        end
        local held = coroutine.wrap(function()
            local y = setmetatable({}, mt)
            coroutine.yield()
            return y ~= nil
        end)
        held()
        collectgarbage()
        local before = gone
        return before, held()
    """) == (2, True)


def test_a_coroutine_held_by_a_loop_lives(lua: Lua) -> None:
    assert (
        lua.run("""
        local sum = 0
        for _, co in ipairs{coroutine.wrap(function() coroutine.yield(1) coroutine.yield(10) end),
                            coroutine.wrap(function() coroutine.yield(2) coroutine.yield(20) end)} do
            sum = sum + co()
            collectgarbage()
            sum = sum + co()
        end
        return sum
    """)
        == 33
    )


def test_the_count_follows_what_is_held(lua: Lua) -> None:
    small, large, after = lua.run("""
        collectgarbage()
        local small = collectgarbage('count')
        local t = {string.rep('x', 1 << 20)}
        for i = 2, 1000 do t[i] = {} end
        local large = collectgarbage('count')
        t = nil
        collectgarbage()
        return small, large, collectgarbage('count')
    """)
    assert large - small > 1024 + 1000 * 56 / 1024
    assert abs(after - small) < 2


def test_a_stopped_collector_keeps_tables(lua: Lua) -> None:
    assert lua.run("""
        collectgarbage('stop')
        local before = collectgarbage('count')
        for i = 1, 1000 do local a = {} end
        local grown = collectgarbage('count') - before > 50
        local running = collectgarbage('isrunning')
        local steps = 0
        repeat steps = steps + 1 until collectgarbage('step', 5)
        local fallen = collectgarbage('count') - before < 5
        collectgarbage('restart')
        return grown, running, steps > 1, fallen, collectgarbage('isrunning')
    """) == (True, False, True, True, True)


def test_modes_and_parameters(lua: Lua) -> None:
    assert lua.run("""
        local first = collectgarbage('generational')
        local second = collectgarbage('incremental', 100, 200)
        local pause = collectgarbage('setpause', 150)
        local multiplier = collectgarbage('setstepmul', 400)
        return first, second, pause, multiplier, collectgarbage('setpause', 200), collectgarbage('step', 1 << 20)
    """) == ("incremental", "generational", 100, 200, 148, True)
    with pytest.raises(GuestError, match="invalid option 'nothing'"):
        lua.run("collectgarbage('nothing')")


def test_the_collector_is_not_entered_from_a_finaliser(lua: Lua) -> None:
    assert (
        lua.run("""
        local result = true
        setmetatable({}, {__gc = function() result = collectgarbage() end})
        collectgarbage()
        return result
    """)
        is None
    )


def test_finalisers_of_5_1(old: Lua) -> None:
    assert (
        old.run("""
        local order = {}
        local u = newproxy(true)
        getmetatable(u).__gc = function(o) order[#order + 1] = type(o) end
        local v = newproxy(u)
        setmetatable({}, {__gc = function() order[#order + 1] = 'never' end})
        u, v = nil
        collectgarbage()
        return table.concat(order, ' ')
    """)
        == "userdata userdata"
    )
    assert old.run("""
        local u = newproxy(true)
        getmetatable(u).__gc = function() error('!!!', 0) end
        u = nil
        return pcall(collectgarbage)
    """) == (False, "!!!")


def test_weak_keys_of_5_1_are_no_ephemerons(old: Lua) -> None:
    assert (
        old.run("""
        local t = setmetatable({}, {__mode = 'k'})
        do local k = {} t[k] = k end
        t[{}] = 1
        collectgarbage()
        local n = 0
        for _ in pairs(t) do n = n + 1 end
        return n
    """)
        == 1
    )


_PACKING = """
    local s, t = ('x'):rep(1e6), {}
    for i = 1, 100 do t[i] = s end
    pcall(string.pack, ('z'):rep(100), table.unpack(t))
"""


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("source", "limits", "reason"),
    [
        ("local function f() return 1 + f() end pcall(f)", Limits(depth=100), "depth"),
        ("local s = ('x'):rep(1e6) pcall(string.gsub, s, 'x', ('y'):rep(1000))", Limits(memory=30), "memory"),
        ("local s = ('x'):rep(1e6) pcall(string.gsub, s, '(x)', function() return s end)", Limits(memory=30), "memory"),
        ("local t = {} while true do t[#t + 1] = ('x'):rep(1e6):upper() end", Limits(memory=30), "memory"),
        ("local t = {} for i = 1, 500 do t[i] = ('x'):rep(1e5) end pcall(table.concat, t)", Limits(memory=40), "memory"),
        ("pcall(load, 'return {' .. ('1,'):rep(1e6) .. '}')", Limits(memory=30), "memory"),
        ("pcall(string.format, '%q', ('\\0'):rep(1e6))", Limits(memory=30), "memory"),
        (_PACKING, Limits(memory=30), "memory"),
        ("local t = setmetatable({}, {__gc = function() while true do end end}) t = nil while true do end",
         Limits(steps=100_000), "steps"),
        ("do local x <close> = setmetatable({}, {__close = function() while true do end end}) error('x') end",
         Limits(steps=100_000), "steps"),
        ("local x <close> = setmetatable({}, {__close = function() escaped = true end}) while true do end",
         Limits(steps=100_000), "steps"),
        ("xpcall(function() while true do end end, function() escaped = true end)", Limits(steps=100_000), "steps"),
        ("table.move({1}, 1, 1e9, 1, {})", Limits(steps=100_000), "steps"),
    ],
)  # fmt: skip
def test_no_limit_is_swallowed(backend: str, source: str, limits: Limits, reason: str) -> None:
    with Lua("5.4", backend) as lua:
        with pytest.raises(LimitError) as caught:
            lua.run(source, limits=limits)
        assert caught.value.reason == reason
        assert lua.run("return escaped, pcall(error, 1)") == (None, False, 1)
