"""Random programs of coroutines: yields at any depth, protected calls, errors, metamethods, iterators, closing."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

_PRELUDE = """
local log, left = {}, 150
local yield, create, wrap = coroutine.yield, coroutine.create, coroutine.wrap
local resume, status = coroutine.resume, coroutine.status
local function shown(v)
  local text = tostring(v)
  return (string.gsub(text, "0x%x+", "ADDRESS"))
end
local function out(...)
  left = left - 1
  if left < 0 then error("enough", 0) end
  for i = 1, select("#", ...) do log[#log + 1] = shown((select(i, ...))) end
  log[#log + 1] = ";"
end
local m = setmetatable({}, {
  __index = function(_, k) return yield("index", k) end,
  __newindex = function(_, k, v) yield("newindex", k, v) end,
  __add = function(a, b) return yield("add") end,
  __unm = function() return (yield("unm")) end,
  __concat = function() return yield("concat") end,
  __lt = function() return yield("lt") end,
  __le = function() return yield("le") end,
  __eq = function() return yield("eq") end,
  __len = function() return yield("len") end,
  __call = function(_, a) return yield("call", a) end,
})
local m2 = setmetatable({}, getmetatable(m))
local function steps(n, i)
  i = i or 0
  yield("step", i)
  if i < n then return i + 1 end
end
local function plain(n) return n * 2, n end
local function deep(n) if n > 0 then deep(n - 1) out("back", n) else return yield("deep") end end
local function left_over(n) if n == 0 then return yield("end") end return left_over(n - 1) end
local object = { n = 1 }
function object:run(a) self.n = self.n + 1 local b = yield(self.n, a) return b, self.n end
function global_one(a) local b, c = yield(a, "g") out(b, c) return c end
"""
_CLOSER = """
local function closer(name, what)
  return setmetatable({}, { __close = function(_, e)
    out("close", name, e)
    if what == 1 then out(yield("closing", name)) elseif what == 2 then error("in close " .. name, 0) end
  end })
end
"""
_FINALE = """
local co = create(body)
for i = 1, 14 do
  out("main", resume(co, i, "r" .. i))
  out(status(co))
  if status(co) == "dead" then break end
end
"""
_CLOSE = "out('closed', coroutine.close(co)) out(status(co)) "


class Writer:
    """Writes one program.

    Args:
        random: where its choices come from.
        modern: it may use what 5.4 has.
        traces: it shows tracebacks of its coroutine.
    """

    def __init__(self, random: Random, *, modern: bool, traces: bool) -> None:
        self._random = random
        self._modern = modern
        self._names = 0
        self._traces = traces
        self._kinds: list[Callable[[int], str]] = [
            *[self._yield] * 6,
            *[self._call] * 4,
            *[self._protected] * 3,
            *[self._metamethod] * 2,
            self._loop,
            self._condition,
            self._wrapped,
            self._inner,
            self._iterator,
            self._error,
            self._boundary,
            self._state,
            self._tail,
        ]
        if modern:
            self._kinds += [self._closed, self._closed, self._abandoned]

    def program(self) -> str:
        """The text; it returns all that it has seen."""
        trace = "out(debug.traceback(co)) " if self._traces else ""
        finale = _FINALE.replace("out(status(co))", trace + "out(status(co))")
        last = _CLOSE if self._modern else ""
        prelude = _PRELUDE + (_CLOSER if self._modern else "")
        functions = "".join(f"local function f{n}(a, b) {self._body(2)} end " for n in range(2))
        return (
            f"{prelude}{functions}local function body(a, b) {self._body(3)} end {finale}{last}"
            "return table.concat(log, ' ')"
        )

    def _body(self, depth: int) -> str:
        count = self._random.randint(1, 4 if depth > 1 else 2)
        text = " ".join(self._statement(depth - 1) for _ in range(count))
        ends = [
            "",
            "",
            "return a",
            "return yield('last')",
            "return plain(3)",
            "return yield()",
            "return a, b, 1",
        ]
        return f"{text} {self._random.choice(ends)}"

    def _statement(self, depth: int) -> str:
        return f"do {self._random.choice(self._kinds)(depth)} end"

    def _name(self) -> str:
        self._names += 1
        return f"x{self._names}"

    def _pick(self, *texts: str) -> str:
        return self._random.choice(texts)

    def _yield(self, _: int) -> str:
        number = self._random.randint(1, 9)
        return self._pick(
            f"yield({number})", "yield()", f"out(yield({number}, a))", "local c, d = yield(b) out(c, d)",
            f"a = yield(a or {number})", "out((yield(nil, 2)))",
            "coroutine.yield(a)", "out('t', coroutine.yield(coroutine.yield(1)))", "local t = { yield('t') } out(#t)",
        )  # fmt: skip

    def _call(self, _: int) -> str:
        return self._pick(
            "out(f0 and f0(1))" if self._names % 2 else "out(plain(2))",
            f"deep({self._random.choice([0, 2, 5, 30])})",
            "out(object:run(a))", "out(global_one(b))", "left_over(3)", "a = object:run(1)", "out(select('#', steps(1)))",
            "local p, q = plain(4) out(p, q)", "out(math.max(1, 2), #tostring(a))", "out(deep(26))", "f1 = f1 or plain f1(2)",
        )  # fmt: skip

    def _protected(self, depth: int) -> str:
        inner = self._body(depth) if depth > 0 else "yield('p') error('p')"
        return self._pick(
            f"out(pcall(function(a, b) {inner} end, 1))",
            f"out(xpcall(function() local a, b = 5 {inner} end, function(e) return 'h ' .. shown(e) end))",
            "out(pcall(yield, 1))", "out(pcall(deep, 2))", "out(pcall(error))",
        )  # fmt: skip

    def _metamethod(self, _: int) -> str:
        return self._pick(
            "out(m.field)", "m.field = 1", "out(m + 1)", "out(-m)", "out(m .. 'x')", "out(m < m2)", "out(m <= m2)",
            "out(m == m2)", "out(m(3))", "if m < m2 then out('y') else out('n') end", "out(1 + m)",
            "out(#m)" if self._modern else "out(m.x)", "out(m.x.y)", "local z = m.q out(z)", "out(m[1])",
        )  # fmt: skip

    def _loop(self, depth: int) -> str:
        inner = self._body(depth) if depth > 0 else "yield('loop') "
        return self._pick(
            f"for i = 1, 3 do out(i) if i == 2 then break end do {inner} end end",
            f"local n = 0 while n < 2 do n = n + 1 do {inner} end end",
            f"local n = 0 repeat n = n + 1 do {inner} end until n > 1",
            f"for _, v in ipairs({{ 4, 5 }}) do out(v) do {inner} end end",
            f"for k in pairs({{ k = 1 }}) do out(k) do {inner} end end",
        )

    def _condition(self, depth: int) -> str:
        inner = self._body(depth) if depth > 0 else "yield('if')"
        return self._pick(
            f"if yield('?') then {inner} else out('else') end",
            f"if a == 1 or yield() then {inner} end",
            f"out(a and yield('and') or 'or') do {inner} end",
        )

    def _wrapped(self, depth: int) -> str:
        inner = self._body(depth) if depth > 0 else "yield('w') yield('w2')"
        return self._pick(
            f"for v, w in wrap(function(a, b) {inner} end) do out('for', v, w) end",
            f"for v in wrap(function(a, b) {inner} end) do out('for', v) if left < 50 then break end yield(v) end",
            f"local w = wrap(function(a, b) {inner} end) out(w(1)) out(pcall(w, 2))",
        )

    def _inner(self, depth: int) -> str:
        inner = self._body(depth) if depth > 0 else "yield('i') error({})"
        name = self._name()
        return (
            f"local {name} = create(function(a, b) {inner} end) out(resume({name}, 1)) yield('between') "
            f"out(resume({name}, 2, 3)) out(status({name}))"
        )

    def _iterator(self, depth: int) -> str:
        inner = self._body(depth) if depth > 0 else "out('i')"
        return self._pick(
            f"for i in steps, 2 do out(i) do {inner} end end",
            f"for i, j in function(s, i) i = (i or 0) + 1 if i < 3 then return i, s end end, 7 do out(i, j) do {inner} end end",
            "for a, b in yield, 'inv' do out(a, b) if a ~= 2 then break end end",
            "for i in m, 1 do out(i) break end",
        )

    def _error(self, _: int) -> str:
        return self._pick(
            "if a == 2 then error('two') end", "error('plain')", "error({ code = 1 })", "error('level two', 2)",
            "local z = nil + a", "out(undefined.field)", "a.b.c = 1", "undefined()", "out(#nil)",
        )  # fmt: skip

    def _boundary(self, _: int) -> str:
        return self._pick(
            "out(pcall(table.sort, { 3, 1, 2 }, function(x, y) yield('sort') return x < y end))",
            "out(pcall(string.gsub, 'ab', '.', function(c) return yield(c) end))",
            "table.sort({ 2, 1 }, function(x, y) return x < y end)",
            "out((string.gsub('ab', '.', yield)))",
            "out(tostring(setmetatable({}, { __tostring = function() yield('ts') return 'x' end })))",
            "out((string.gsub('ab', '.', function(c) out(c) end)))",
        )

    def _state(self, _: int) -> str:
        texts = ["out(status(coroutine.running()))", "out(type(coroutine.running()))"]
        if self._modern:
            texts += [
                "out(coroutine.isyieldable())", "out(select(2, coroutine.running()))",
                "string.gsub('a', '.', function() out(coroutine.isyieldable()) end)",
                "out(pcall(coroutine.close, coroutine.running()))",
                "out(pcall(function() out(coroutine.isyieldable()) end))",
            ]  # fmt: skip
        texts.append("out(resume(coroutine.running()))")
        if self._traces:
            texts.append("out(debug.traceback('here'))")
        return self._pick(*texts)

    def _tail(self, _: int) -> str:
        return self._pick(
            "local function r(n) if n == 0 then return yield('r') end return r(n - 1) end out(r(40))",
            "local function r(n) yield(n) if n > 0 then return r(n - 1) end end r(2)",
            "local function r() return pcall(yield, 'pt') end out(r())",
            "local function r() return m.tail end out(r())",
        )

    def _closed(self, depth: int) -> str:
        inner = self._body(depth) if depth > 0 else "yield('c')"
        what = self._random.randint(0, 2)
        name = self._name()
        return self._pick(
            f"local {name} <close> = closer('{name}', {what}) {inner}",
            f"for i in steps, 2, nil, closer('{name}', {what}) do out(i) do {inner} end end",
            f"local {name} <close> = closer('{name}', {what}) error('with {name}')",
            f"for i = 1, 2 do local {name} <close> = closer('{name}', {what}) if i == 2 then break end {inner} end",
        )

    def _abandoned(self, depth: int) -> str:
        inner = self._body(depth) if depth > 0 else "yield('x')"
        name = self._name()
        what = self._random.randint(0, 2)
        return (
            f"local {name} = create(function(a, b) local c <close> = closer('{name}', {what}) {inner} end) "
            f"out(resume({name}, 4)) out(coroutine.close({name})) out(status({name}))"
        )
