"""Details of the libraries and of the core on which programs rely, each compared with PUC Lua itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lockstep.reference.host.deep_stack import run_deep
from tests.lua.test_differential import Trio


@pytest.fixture(scope="module", params=["5.1", "5.4"])
def trio(request: pytest.FixtureRequest) -> Iterator[Trio]:
    made = Trio(request.param)
    yield made
    made.oracle.close()


BOTH = {
    "results of iterators at their end": """
        local n = function(...) return select('#', ...) end
        local f, s, c = ipairs({})
        return n(string.gmatch('abc', '%d')()), n(string.gmatch('', '.')()), n(f(s, c)), n(next({})), n(f({7}, 1))
    """,
    "sets whose ranges end in an escape": """
        local found = {}
        for _, set in ipairs{'[%a-%%]', '[+-%%]', '[%%-z]', '[a-%w]', '[%]-a]', '[^%%-]', '[]-a]', '[%-a]'} do
          for _, text in ipairs{'a', '%', '-', 'w', ']', '5', 'z', ','} do
            found[#found + 1] = tostring((string.find(text, set)))
          end
        end
        return table.concat(found, ' ')
    """,
    "sets without an end": """
        return pcall(string.find, 'x', '[a-%'), pcall(string.match, 'x', '[^'), pcall(string.gsub, '%', '[!-%]', ''),
          pcall(string.find, 'x', '[]'), pcall(string.find, 'x', '[%]')
    """,
    "minus zero": """
        local zero = tonumber('-' .. '0.0')
        return math.ceil(-0.25), math.floor(zero), math.modf(-0.75), math.modf(zero), math.modf(-7.0), math.fmod(-4.0, 2), zero * 1,
          math.abs(zero), math.max(zero, 0), math.sqrt(zero), 1 / math.ceil(-0.5)
    """,
    "weak entries of this statement": """
        local v, k = setmetatable({}, {__mode = 'v'}), setmetatable({}, {__mode = 'k'})
        v.a, v[1], k[{}] = {}, function() end, 'here'
        local function cached(name) if not v[name] then v[name] = {name} end return v[name] end
        return v.a ~= nil, type(v[1]), next(k) ~= nil, cached('one')[1], #(function() local t = {} for _, x in pairs(v) do t[#t + 1] = x end return t end)()
    """,
    "weak entries after a collection": """
        local v = setmetatable({}, {__mode = 'v'})
        local held = {}
        v[1], v[2], v.x = held, {}, 'text'
        collectgarbage() collectgarbage()
        return v[1] == held, v[2], v.x
    """,
    "metamethods that call themselves": """
        local m = {}
        for _, event in ipairs{'add', 'concat', 'lt', 'unm', 'index'} do
          m['__' .. event] = function(a, b)
            if event == 'add' then return a + b elseif event == 'concat' then return a .. b elseif event == 'lt' then return a < b
            elseif event == 'unm' then return -a else return a.other end
          end
        end
        local a, b = setmetatable({}, m), setmetatable({}, m)
        local function message(f) local ok, text = pcall(f) return ok, (text:gsub('.*: ', '')) end
        local r = {}
        for _, f in ipairs{function() return a + b end, function() return a .. b end, function() return a < b end,
                           function() return -a end, function() return a.x end} do
          r[#r + 1] = select(2, message(f))
        end
        return table.concat(r, ';'), (pcall(string.gsub, 'x', 'x', function() return 'fine' end))
    """,
    "deep calls that are no calls in C": """
        local function deep(n) if n == 0 then return 'bottom' end return (deep(n - 1)) end
        local function sum(n) if n == 0 then return 0 end return 1 + sum(n - 1) end
        return deep(3000), sum(5000)
    """,
    "pcall and sort that nest": """
        local function nest(n) if n == 0 then return 'inside' end return select(2, pcall(nest, n - 1)) end
        local function sorts(n) if n == 0 then return 0 end table.sort({2, 1}, function() sorts(n - 1) return false end) return n end
        return nest(150), sorts(100)
    """,
}
OLD = {
    "%g is no class": "return ('g x'):gsub('%g', '.'), ('G'):find('%G'), ('a-g'):gsub('[%g-]', '.'), ('(g)'):match('%b()%g?')",
    "patterns end at a zero byte": """
        return pcall(string.find, 'a\\0b', '[\\0]'), string.find('a\\0b', 'a\\0b'), string.find('ab', 'a[b]\\0c'),
          pcall(string.gsub, 'x', '(x\\0)', ''), pcall(string.match, 'x', '%\\0'), string.find('\\0', '%z')
    """,
    "chains of __index": """
        local function chain(n) local t = {deep = 'found'} for i = 1, n do t = setmetatable({}, {__index = t}) end return t end
        return chain(99).deep, pcall(function() return chain(101).deep end)
    """,
    "counts are C's int": """
        return string.rep('ab', 2^32 + 2), #string.rep('abc', 2^31), select(2^32 + 1, 'a', 'b'), string.char(2^32 + 66),
          table.concat({'a', 'b'}, '', 2^32 + 2), tonumber('11', 2^32 + 2), unpack({7, 8}, 2^32 + 2), string.gsub('aa', 'a', 'b', 2^32 + 1)
    """,
    "results share the stack": """
        return select('#', unpack({}, 1, 7000)), pcall(unpack, {}, 1, 8001), pcall(string.byte, ('x'):rep(8100), 1, -1)
    """,
}
NEW = {
    "large floats are keys of their own": """
        local t = {[2^63] = 'a', [-2^64] = 'b', [2^53] = 'c', [-2^63] = 'd'}
        local kinds = {}
        for k, v in pairs(t) do kinds[#kinds + 1] = v .. math.type(k) end
        table.sort(kinds)
        return table.concat(kinds, ' '), t[2^63], t[math.mininteger], t[1 << 53]
    """,
    "strings in arithmetic": """
        return pcall(function() return '7' // 0 end), pcall(function() return 7 % '0' end), pcall(function() return '7' % 0.0 end),
          pcall(function() return 7 // 0 end), '8' // '3', '0x10' * 1
    """,
    "numbers in strings": """
        return math.abs('-4'), math.floor('4'), math.ceil('4.5'), math.fmod('7', '4'), math.fmod(7, 4), math.modf('4'), math.tointeger('4')
    """,
    "lengths of objects": """
        local function of(n) return setmetatable({1, 2, 3}, {__len = function() return n end}) end
        return pcall(table.unpack, of(1.5)), pcall(table.unpack, of('2')), pcall(table.concat, of({})), pcall(table.insert, of('x'), 1)
    """,
    "arguments": """
        return load(8), pcall(rawlen, true), pcall(rawlen), string.unpack('b', 'abc', -9), string.unpack('b', 'abc', 0),
          pcall(string.unpack, 'b', 'abc', 5), pcall(string.format, '%4.4.4d', 1), pcall(string.format, '%-+0.100f', 1)
    """,
    "handlers cannot yield": """
        local co = coroutine.wrap(function() return xpcall(error, function(e) coroutine.yield(1) return e end, 'x') end)
        return co()
    """,
    "chains of __index": """
        local m = {} m.__index = setmetatable({}, m)
        local w = {} w.__newindex = setmetatable({}, w)
        return pcall(function() return m.__index.x end), pcall(function() w.__newindex.x = 1 end)
    """,
    "a message of tostring": """
        local bad = setmetatable({}, {__tostring = function() return {} end})
        return pcall(tostring, bad), pcall(function() return (tostring(bad)) end), pcall(function() return (string.format('%s', bad)) end)
    """,
    "a basic step of the collector": "collectgarbage() return collectgarbage('step'), collectgarbage('step', 100000)",
    "arguments before the error": """
        local log = {}
        local function tail(...) return table.insert(log, ...) end
        local t = {n = 1}
        pcall(function() t:n(tail('a')) end) pcall(function() t.missing(1, tail('b')) end) pcall(function() return t.n(tail('c')) end)
        return table.concat(log)
    """,
}


@pytest.mark.parametrize("name", BOTH)
def test_both_versions(trio: Trio, name: str) -> None:
    run_deep(lambda: trio.check(BOTH[name]))


@pytest.mark.parametrize(
    ("trio", "code"),
    [pytest.param("5.1", code, id=f"5.1-{name}") for name, code in OLD.items()]
    + [pytest.param("5.4", code, id=f"5.4-{name}") for name, code in NEW.items()],
    indirect=["trio"],
)
def test_one_version(trio: Trio, code: str) -> None:
    run_deep(lambda: trio.check(code))
