"""Lua embedded in a host program: `reference.lua`."""

from __future__ import annotations

import gc
import io
import threading
import weakref
from collections.abc import Iterator

import pytest

from lockstep.reference.lua import (
    ExitRequested,
    GuestError,
    HandleError,
    LimitError,
    Limits,
    Lua,
    Permissions,
    Throw,
)
from lockstep.reference.lua.runtime.values import Table


@pytest.fixture(params=[(version, backend) for version in ("5.4", "5.1") for backend in ("vm", "treewalk")])
def lua(request: pytest.FixtureRequest) -> Iterator[Lua]:
    with Lua(*request.param, output=io.StringIO()) as state:
        yield state


def test_values_cross_the_boundary(lua: Lua) -> None:
    assert lua.run("return 1, 'x', true, nil, 2.5") == (1, "x", True, None, 2.5)
    assert lua.run("return") is None
    assert lua.run("return ...", "caf\u00e9") == "caf\u00e9"
    assert lua.run("return #...", "\u00e9") == 2
    assert lua.run("return #...", b"\xff\x00") == 2
    assert lua.run("return ...", b"\xff") == "\udcff"
    table = lua.run("return ...", [1, [2, 3], {"a": False, 7: "seven"}])
    assert table.copy() == [1, [2, 3], {"a": False, 7: "seven"}]
    assert (len(table), table[1], list(table)) == (3, 1, [1, 2, 3])
    table["k"] = "v"
    assert table["k"] == "v"
    with pytest.raises(TypeError, match="no value for object"):
        lua.run("return ...", object())


def test_shared_and_cyclic_structures(lua: Lua) -> None:
    shared: list[object] = [1]
    assert lua.run("local t = ... return t[1] == t[2]", [shared, shared])
    shared.append(shared)
    assert lua.run("local t = ... return t == t[2]", shared)
    copied = lua.run("local t = {} t[1] = t return t").copy()
    assert copied[0] is copied


def test_binary_strings() -> None:
    with Lua(binary=True) as lua:
        assert lua.run("return 'a', '\\xff'") == (b"a", b"\xff")


def test_functions_and_metamethods(lua: Lua) -> None:
    add = lua.run("return function(a, b) return a + b end")
    assert add(1, 2) == 3
    assert lua.call(add, 1.5, 2) == 3.5
    callable_table = lua.run(
        "return setmetatable({}, {__call = function(self, x) return x, x end, __index = string})"
    )
    assert lua.call(callable_table, 4) == (4, 4)
    assert callable_table["rep"]("ab", 2) == "abab"
    assert lua.globals["add"] is None
    lua.globals["add"] = add
    assert lua.run("return add(20, 22)") == 42


def test_host_functions(lua: Lua) -> None:
    lua.register("several", lambda *arguments: (len(arguments), arguments[0]))
    assert lua.run("return several('q', 2)") == (2, "q")
    lua.register("nothing", lambda: None)
    assert lua.run("return select('#', nothing())") == 0

    def fail() -> None:
        raise ValueError("no")

    lua.register("fail", fail)
    assert lua.run("return pcall(function() fail() end)") == (False, "chunk:1: ValueError: no")

    def throw() -> None:
        raise Throw({"code": 5})

    lua.register("throw", throw)
    assert lua.run("local _, e = pcall(throw) return e.code") == 5
    with pytest.raises(GuestError) as caught:
        lua.run("fail()")
    assert caught.value.message == "chunk:1: ValueError: no"


def test_host_function_that_calls_back(lua: Lua) -> None:
    def twice(function: object, value: object) -> object:
        return lua.call(function, lua.call(function, value))

    lua.register("twice", twice)
    assert lua.run("return twice(function(x) return x * 3 end, 2)") == 18
    assert lua.run("return pcall(twice, function() error('deep', 0) end, 1)") == (False, "deep")


def test_errors_come_out_plain(lua: Lua) -> None:
    with pytest.raises(GuestError) as caught:
        lua.run("local function f(x)\n  return x.y.z\nend\nf({})", name="file.lua")
    error = caught.value
    assert (error.phase, error.kind) == ("eval", "type_error")
    assert error.message.startswith("file.lua:2: attempt to index")
    assert str(error.location) == "file.lua:2"
    with pytest.raises(GuestError) as caught:
        lua.run("x = = 1")
    assert (caught.value.phase, caught.value.kind) == ("parse", "syntax_error")


def test_an_error_holds_no_guest_value(lua: Lua) -> None:
    lua.run("function fail(t) local u = {} error(t) end")
    make = lua.run("return function() return {} end")
    table = make()
    inner: Table = lua.held(table._number)  # noqa: SLF001  # what the handle stands for
    watch = weakref.ref(inner)
    del inner
    with pytest.raises(GuestError) as caught:
        lua.call(lua.globals["fail"], table)
    table.release()
    gc.collect()
    assert watch() is None
    assert "table" in caught.value.message


@pytest.mark.parametrize(
    ("source", "limits", "reason"),
    [
        ("while true do pcall(error) end", Limits(steps=100_000), "steps"),
        ("while true do pcall(function() while true do end end) end", Limits(seconds=0.05), "time"),
        ("local t = {} while true do t[#t + 1] = {} end", Limits(memory=30), "memory"),
        ("local s = 'x' while true do s = s .. s end", Limits(memory=30), "memory"),
        ("pcall(string.rep, 'x', 1e9)", Limits(memory=30), "memory"),
        ("while true do pcall(print, 'x') end", Limits(output=100), "output"),
    ],
)
def test_limits_end_the_run_and_leave_the_state_usable(
    lua: Lua, source: str, limits: Limits, reason: str
) -> None:
    for program in (source, f"coroutine.wrap(function() {source} end)()"):
        with pytest.raises(LimitError) as caught:
            lua.run(program, limits=limits)
        assert caught.value.reason == reason
        assert lua.run("return coroutine.wrap(function() return 7 end)()") == 7


def test_cancelling_from_another_thread(lua: Lua) -> None:
    timer = threading.Timer(0.05, lua.cancel)
    timer.start()
    with pytest.raises(LimitError, match="cancelled"):
        lua.run("while true do pcall(error) end")
    timer.join()
    assert lua.run("return 1") == 1


def test_coroutines(lua: Lua) -> None:
    body = lua.run("return function(a) local b = coroutine.yield(a + 1) return b * 2 end")
    coroutine = lua.coroutine(body)
    assert (coroutine.resume(1), coroutine.status) == (2, "suspended")
    assert (coroutine.resume(21), coroutine.status) == (42, "dead")
    with pytest.raises(GuestError, match="dead"):
        coroutine.resume()


def test_handles_die_with_their_state(lua: Lua) -> None:
    other = Lua()
    table = other.table({"a": 1})
    assert table == other.run("return ...", table)
    with pytest.raises(HandleError, match="another"):
        lua.run("return ...", table)
    gone = other.table()
    gone.release()
    with pytest.raises(HandleError, match="released"):
        len(gone)
    other.close()
    other.close()
    for use in (lambda: table["a"], lambda: list(table), lambda: other.run("return 1"), table.copy):
        with pytest.raises(HandleError, match="closed"):
            use()


def test_two_states_share_nothing(lua: Lua) -> None:
    with Lua() as other:
        other.run("x = 1; string.rep = nil; getmetatable('').__index = nil")
        assert lua.run("return x, ('a'):rep(2)") == (None, "aa")


def test_exit(lua: Lua) -> None:
    with pytest.raises(ExitRequested) as caught:
        lua.run("pcall(os.exit, 3)")
    assert caught.value.status == 3


@pytest.mark.parametrize("version", ["5.4", "5.1"])
def test_permissions(version: str) -> None:
    closed = Permissions(files=False, processes=False, environment=False)
    with Lua(version, output=io.StringIO(), permissions=closed) as lua:
        assert lua.run("return io.open('/dev/null')") == (None, "/dev/null: Operation not permitted", 1)
        assert lua.run("return io.popen('true')") == (None, "true: Operation not permitted", 1)
        assert lua.run("return os.remove('/nonexistent')") == (
            None,
            "/nonexistent: Operation not permitted",
            1,
        )
        assert lua.run("return os.getenv('PATH')") is None
        assert lua.run("return (pcall(os.tmpname))") is False
        assert lua.run("return os.execute()") in (False, 0)
        for code in (
            "io.lines('/dev/null')",
            "dofile('/dev/null')",
            "require('x')",
            "io.output('/dev/null')",
        ):
            with pytest.raises(GuestError):
                lua.run(code)
        assert lua.run("io.write('x') return loadfile('/dev/null')") == (
            None,
            "cannot open /dev/null: Operation not permitted",
        )
