"""Limits end what a program does in one operation, on both backends."""

from __future__ import annotations

import time

import pytest

from lockstep.reference.lua import LimitError, Limits, Lua

# One operation each that would take from minutes to ages.
_LONG = {
    "repeated search": "(('<'):rep(3000000) .. ' '):gsub('<.->', '')",
    "captures that come again": "(('a'):rep(3000)):find('(a*)(a*)(a*)%1%2b')",
    "spaces at the end": "((' '):rep(300000) .. 'x'):gsub('%s+$', '')",
    "concat": "table.concat(setmetatable({}, {__index = rawlen or tostring}), '', 1, 1e9)",
    "insert": "table.insert(setmetatable({}, {__len = function() return 1e15 end}), 1, 1)",
    "remove": "table.remove(setmetatable({}, {__len = function() return 1e15 end}), 1)",
    "move": "table.move({}, 1, 1e12, 2)",
    "sort": "table.sort(setmetatable({}, {__len = function() return 1e9 end}))",
    "format": "string.format(('%%'):rep(1e8))",
    "a source without end": "load(function() return ' ' end)",
    "a large source": "load(('x = 1 '):rep(1e6))",
    "characters": "utf8.len(('x'):rep(1e8))",
}
_VERSION_5_1 = {"repeated search", "captures that come again", "spaces at the end", "format"}


@pytest.mark.parametrize("backend", ["treewalk", "vm"])
@pytest.mark.parametrize(
    ("version", "code"),
    [
        pytest.param(version, code, id=f"{version} {name}")
        for version in ("5.1", "5.4")
        for name, code in _LONG.items()
        if version == "5.4" or name in _VERSION_5_1
    ],
)
def test_steps_end_one_operation(backend: str, version: str, code: str) -> None:
    started = time.process_time()
    with Lua(version, backend, limits=Limits(steps=200_000)) as lua:
        with pytest.raises(LimitError) as caught:
            lua.run(f"pcall(function() return {code} end)")
        assert caught.value.reason == "steps"
        assert lua.run("return 1") == 1
    assert time.process_time() - started < 5


@pytest.mark.parametrize("backend", ["treewalk", "vm"])
@pytest.mark.parametrize("version", ["5.1", "5.4"])
def test_no_search_takes_exponential_time(version: str, backend: str) -> None:
    started = time.process_time()
    with Lua(version, backend, limits=Limits(steps=500_000)) as lua:
        lua.run("assert(('a'):rep(29):find(('a?'):rep(30) .. ('a'):rep(30)) == nil)")
        lua.run("assert(('a'):rep(30):find(('a?'):rep(30) .. ('a'):rep(30)) == 1)")
        lua.run("assert(('a'):rep(1000):find(('a*'):rep(15) .. 'b') == nil)")
        lua.run("assert(('a'):rep(1000):match(('a-'):rep(15) .. '(a)$') == 'a')")
    assert time.process_time() - started < 5


@pytest.mark.parametrize("backend", ["treewalk", "vm"])
def test_wall_time_ends_a_search(backend: str) -> None:
    with Lua("5.4", backend, limits=Limits(seconds=0.3)) as lua, pytest.raises(LimitError) as caught:
        lua.run("local s = ('a'):rep(20000) for i = 1, 1e9 do s:find('(a*)(a*)%1b') end")
    assert caught.value.reason == "time"


_COMMON = {
    "words": ("('hello world '):rep(20000):gsub('%w+', '<%0>')", 40000),
    "pairs": ("('key = value, other=2\\n'):rep(5000):gsub('(%w+)%s*=%s*(%w+)', '%2=%1')", 10000),
    "comments": ("('x --[[ c ]] y\\n'):rep(5000):gsub('%-%-%[%[.-%]%]', '')", 5000),
    "tags": ("('<b>bold</b> text '):rep(10000):gsub('<(.-)>', '')", 20000),
    "lines": ("('some line\\n'):rep(50000):gsub('([^\\n]*)\\n', '%1;')", 50000),
}


@pytest.mark.parametrize("name", list(_COMMON))
def test_common_patterns_stay_with_the_host(name: str) -> None:
    code, count = _COMMON[name]
    with Lua("5.4", "vm", limits=Limits(steps=20_000)) as lua:
        assert lua.run(f"return select(2, {code})") == count
