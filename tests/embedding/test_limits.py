"""docs/limits.md: what a guest tries, and what becomes of it, sentence by sentence."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest

import lockstep

from .languages import BACKENDS

# Programs that would run for hours in built-ins if those did not look at the limits: language -> programs.
ENDLESS = {
    "javascript": (
        "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)",
        "const holes = []; holes[4e9] = 1; for (;;) holes.forEach(() => 1)",
        "for (;;) { try { new Array(4e9).fill(1) } catch {} }",
        "for (;;) { try { new Array(6e8).join('-+') } catch {} }",
        "for (;;) { try { [].concat(new Array(4e9)) } catch {} }",
        "for (;;) { try { new Array(4e9).flat() } catch {} }",
        "for (;;) { try { new Array(4e9).toSorted() } catch {} }",
        "for (;;) { try { Array.from({ length: 4e9 }) } catch {} }",
        "for (;;) { try { Math.max.apply(null, { length: 4e9 }) } catch {} }",
        "for (;;) { try { String.raw({ raw: { length: 1e9 } }) } catch {} }",
        "for (;;) { try { JSON.stringify(new Array(2e8)) } catch {} }",
        "for (;;) { try { new Array(4e9).find(Math.abs) } catch {} }",
        "for (;;) { try { Iterator.from({ next: Math.abs }).drop(1e12).next() } catch {} }",
        "for (;;) { try { 'x'.repeat(1e6).replace(/x/g, 'yy') } catch {} }",
        "for (;;) { try { Object.keys('x'.repeat(1e6)) } catch {} }",
        "for (;;) { try { parseInt('9'.repeat(1e6)) } catch {} }",
        "for (;;) { try { new Uint8Array(1e6).sort() } catch {} }",
        "for (;;) { try { eval('1;'.repeat(1e4)) } catch {} }",
        "/(a+)+b/.test('a'.repeat(40))",
        "/^(a|aa)+$/.test('a'.repeat(60) + 'b')",
    ),
    "python": (
        "sum(range(10 ** 12))",
        "import itertools\nany(itertools.repeat(0))",
        "max(map(abs, range(10 ** 12)))",
        "def endless():\n    while True: yield 1\nlist(endless())",
        "while True:\n    try: sum(range(10 ** 9))\n    except BaseException: pass",
        "import itertools\nlist(itertools.count())",
        "import itertools\nset(itertools.repeat(1))",
        "import itertools\ndict.fromkeys(itertools.count())",
        "import itertools\nsorted(itertools.count())",
        "import itertools\n''.join(itertools.repeat(''))",
        "import itertools\nnames = []\nnames.extend(itertools.repeat(1))",
        "import itertools, collections\ncollections.deque(itertools.count(), maxlen=0)",
        "import itertools, collections\ncollections.Counter(itertools.repeat(1))",
        "import itertools, functools\nfunctools.reduce(max, itertools.count())",
        "import itertools\n-1 in itertools.count()",
        "import itertools\n[*itertools.count()]",
        "import itertools\nprint(*itertools.count())",
        "import itertools\nfirst, *rest = itertools.count()",
        "tuple(map(abs, range(10 ** 12)))",
        "any(map((-1).__eq__, range(10 ** 12)))",
    ),
    "clojure": (
        "(reduce + (range))",
        "(count (iterate inc 0))",
        "(apply max (range 1000000000))",
        "(vec (range 1000000000))",
        "(into #{} (repeat 1))",
        "(pr-str (range))",
        "(loop [] (sort (range 10000)) (recur))",
        "(first (filter neg? (range 1000000000000)))",
        '(re-find #"(a+)+$" (str (apply str (repeat 40 "a")) "b"))',
    ),
    "lua": (
        "table.move({}, 1, 10^12 // 1 | 0, 2)",
        "local s = ('x'):rep(1e5) while true do s:find('.-.-.-.-b') end",
        "local t = setmetatable({}, {__len = function() return 1 << 40 end}) while true do table.insert(t, 1, 2) end",
        "while true do pcall(string.rep, 'x', 1e5) end",
    ),
}
CASES = [
    (language, backend, program)
    for language, programs in ENDLESS.items()
    for backend in BACKENDS
    for program in programs
]


@pytest.mark.parametrize(("language", "backend", "program"), CASES)
def test_built_ins_look_at_the_limits(language: str, backend: str, program: str) -> None:
    # One kind of limit a backend: the built-ins are the same.
    limits: dict[str, Any] = {"steps": 100_000} if backend == "treewalk" else {"seconds": 0.2}
    with lockstep.Interpreter(language, backend, memory=1000, **limits) as guest:
        began = time.monotonic()
        with pytest.raises(lockstep.LimitExceeded):
            guest.evaluate(program)
        assert time.monotonic() - began < 20


# Of results that are large at once a guest gets none, and waits for none.
LARGE = (
    "bytes(10 ** 10)",
    "'x' * 10 ** 10",
    "[0] * 10 ** 10",
    "1 << 10 ** 10",
    "2 ** 10 ** 9",
    "x = 3\nwhile True: x *= x",
)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("program", LARGE)
def test_python_s_large_results_are_refused(program: str, backend: str) -> None:
    with lockstep.Interpreter("python", backend, memory=200, steps=100_000) as guest:
        began = time.process_time()
        with pytest.raises((lockstep.LimitExceeded, lockstep.GuestError)):
            guest.evaluate(program)
        assert time.process_time() - began < 10


# What would hold a limit back: language -> programs that leave a trace in `held`.
HOLDS = {
    "javascript": (
        "var held = 0; try { for (;;); } catch { held = 1 } finally { held = 2 }",
        "var held = 0; Promise.resolve().then(() => { held = 1 }); for (;;);",
        (
            "var held = 0; var o = { [Symbol.iterator]() { return { next: () => ({ value: 1 }), return() { held = 1 } } } };"
            " for (const x of o) for (;;);"
        ),
    ),
    "python": (
        "held = 0\ntry:\n    while True: pass\nexcept BaseException:\n    held = 1\nfinally:\n    held = 2",
        (
            "held = 0\nclass C:\n    def __enter__(self): pass\n    def __exit__(self, *_):\n        global held\n        held = 1\n"
            "with C():\n    while True: pass"
        ),
    ),
    "clojure": (
        "(def held 0) (try (loop [] (recur)) (catch Throwable _ (def held 1)) (finally (def held 2)))",
        "(def held 0) (with-redefs [inc dec] (try (loop [] (recur)) (finally (def held 1))))",
    ),
    "lua": (
        "held = 0 pcall(function() while true do end end) held = 1",
        "held = 0 xpcall(function() while true do end end, function() held = 1 end)",
        "held = 0 coroutine.wrap(function() while true do end end)() held = 1",
    ),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("language", "program"), [(one, program) for one in HOLDS for program in HOLDS[one]])
def test_nothing_of_a_guest_runs_after_a_limit(language: str, program: str, backend: str) -> None:
    with lockstep.Interpreter(language, backend, steps=50_000) as guest:
        for _ in range(2):
            with pytest.raises(lockstep.LimitExceeded):
                guest.evaluate(program)
            assert guest["held"] == 0


# Deep recursion of other kinds than calls.
DEEP = {
    "javascript": (
        "let nested = []; for (let i = 0; i < 1e5; i++) nested = [nested]; JSON.stringify(nested)",
        "let nested = []; for (let i = 0; i < 1e5; i++) nested = [nested]; String(nested)",
        "const o = { toString() { return `${o}` } }; `${o}`",
        "const o = { get x() { return o.x } }; o.x",
        "eval('['.repeat(2e5))",
    ),
    "python": (
        "nested = []\nfor _ in range(10 ** 5): nested = [nested]\nrepr(nested)",
        "class C:\n    def __getattr__(self, name): return getattr(self, name + 'x')\nC().x",
        "eval('(' * 10 ** 5)",
    ),
    "clojure": ('(read-string (apply str (repeat 300000 "(")))', "(defn f [x] (str (f x))) (f 1)"),
    "lua": (
        "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end return t.x",
        "return load(('('):rep(1e5))()",
        "local function f(x) return (tostring(setmetatable({}, {__tostring = f}))) end return f()",
    ),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("language", "program"), [(one, program) for one in DEEP for program in DEEP[one]])
def test_deep_recursion_of_any_kind_is_the_guest_s_error(language: str, program: str, backend: str) -> None:
    with lockstep.Interpreter(language, backend) as guest:
        began = time.monotonic()
        with pytest.raises(lockstep.GuestError):
            guest.evaluate(program)
        assert time.monotonic() - began < 20
        assert guest.evaluate({"clojure": "(+ 1 1)"}.get(language, "1 + 1")) == 2


# What no guest has unless it was given: each gives an error or nothing at all.
REACHES = {
    "javascript": (
        "$262",
        "import x from '/etc/hostname'",
        "process.exit()",
        "require('fs')",
        "act.constructor('return 1').__globals__.x",
    ),
    "python": (
        "open('/etc/passwd')",
        "__import__('os').system('true')",
        "__import__('subprocess')",
        "act.__globals__",
        "act.__code__",
        "().__class__.__base__.__subclasses__()[0].__init__.__globals__",
        "import sys\nsys._getframe().f_back.f_back.f_globals['__builtins__'].open",
    ),
    "clojure": ('(slurp "/etc/passwd")', "(.__globals__ act)", '(.exec (Runtime/getRuntime) "true")'),
    "lua": (
        "assert(io.open('/etc/passwd'))",
        "assert(io.popen('true'))",
        "assert(os.execute('true') == true)",
        "assert(os.remove('/nonexistent/file'))",
        "assert(os.getenv('PATH'))",
        "require('nothing')",
        "point.__class__.x()",
    ),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("language", "program"), [(one, program) for one in REACHES for program in REACHES[one]]
)
def test_what_a_guest_does_not_reach(language: str, program: str, backend: str) -> None:
    class Point:
        def __init__(self) -> None:
            self.x = 1

    with lockstep.Interpreter(language, backend) as guest:
        guest["act"] = lambda: 1
        guest["point"] = Point()
        with pytest.raises(lockstep.GuestError):
            guest.evaluate(program)


CHANGES = {
    "javascript": (
        "Object.prototype.leak = 1; Math.max = null; Array.prototype.push = null",
        "[typeof leak, [].push === null]",
    ),
    "python": (
        "import builtins, math\nbuiltins.leak = 1\nmath.pi = 3\nbuiltins.len = None",
        "['leak' in dir(__builtins__), len is None]",
    ),
    "clojure": (
        "(alter-var-root #'clojure.core/inc (constantly dec)) (def leak 1)",
        "[(resolve 'leak) (= 0 (inc 1))]",
    ),
    "lua": (
        "leak = 1; string.rep = nil; getmetatable('').__index = nil",
        "return {leak or false, string.rep == nil}",
    ),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("language", CHANGES)
def test_no_guest_changes_what_another_one_sees(language: str, backend: str) -> None:
    changes, looks = CHANGES[language]
    with lockstep.Interpreter(language, backend) as one, lockstep.Interpreter(language, backend) as other:
        before = other.evaluate(looks)
        one.evaluate(changes)
        assert other.evaluate(looks) == before
        with lockstep.Interpreter(language, backend) as later:
            assert later.evaluate(looks) == before


@pytest.mark.parametrize("backend", BACKENDS)
def test_memory(backend: str) -> None:
    programs: dict[str, Any] = {
        "javascript": "const all = []; for (;;) all.push('x'.repeat(1e5) + all.length)",
        "python": "all_ = []\nwhile True: all_.append('x' * 100000 + str(len(all_)))",
        "lua": "local all = {} while true do all[#all + 1] = ('x'):rep(100000) .. #all end",
        "clojure": "(loop [all []] (recur (conj all (long-array 100000 (count all)))))",
    }
    for language, program in programs.items():
        with lockstep.Interpreter(language, backend, memory=64, seconds=60, output=io.StringIO()) as guest:
            with pytest.raises(lockstep.LimitExceeded) as caught:
                guest.evaluate(program)
            assert caught.value.which == "memory", language
            guest.evaluate({"clojure": "1"}.get(language, "x = 1"))


@pytest.mark.parametrize("backend", BACKENDS)
def test_depth_is_lua_s(backend: str) -> None:
    with lockstep.Interpreter("lua", backend, depth=100) as guest:
        assert (
            guest.evaluate("local function f(n) return n == 0 and 0 or 1 + f(n - 1) end return f(50)") == 50
        )
        with pytest.raises((lockstep.LimitExceeded, lockstep.GuestError)):
            guest.evaluate("local function f(n) return n == 0 and 0 or 1 + f(n - 1) end return f(5000)")


# What takes a step: language -> (program, steps). The same on both backends, which may count the program itself too.
COUNTED = {
    "javascript": (
        ("for (let i = 0; i < 1000; i++) { for (let j = 0; j < 2; j++); }", 3000),
        ("for (let i = 0; i < 1000; i++) { for (let j = 0; j < 0; j++); }", 1000),
        ("let n = 1000; while (n > 0) n--; do n++; while (n < 1000)", 2000),
        ("function f() { for (const x of [1, 2]); } for (let i = 0; i < 1000; i++) f()", 4000),
        ("[].indexOf.call({ length: 80000 }, 1)", 10000),
        ("new Array(80000).fill(1).length", 10000),
        ("for (let i = 0; i < 1000; i++) [1, 2, 3].slice(1)", 1000),
    ),
    "python": (
        ("for _ in range(1000):\n    for _ in range(2): pass", 3000),
        ("n = 1000\nwhile n: n -= 1", 1000),
        ("def f(): return 1\nfor _ in range(1000): f()", 2000),
    ),
    "clojure": (("(loop [i 0] (when (< i 1000) (recur (inc i))))", 1000),),
    "lua": (
        ("for i = 1, 1000 do for j = 1, 2 do end end", 3000),
        ("local n = 1000 while n > 0 do n = n - 1 end", 1000),
        ("local function f() end for i = 1, 1000 do f() end", 2000),
    ),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("language", "program", "steps"), [(one, *counted) for one in COUNTED for counted in COUNTED[one]]
)
def test_steps_are_what_a_program_does(language: str, program: str, steps: int, backend: str) -> None:
    slack = 8
    for granted, suffices in ((steps + slack, True), (steps - slack, False)):
        with lockstep.Interpreter(language, backend, steps=granted) as guest:
            if suffices:
                guest.evaluate(program)
            else:
                with pytest.raises(lockstep.LimitExceeded):
                    guest.evaluate(program)


# Errors whose text the guest's own code gives, without end.
ENDLESS_TEXTS = {
    "lua": "error(setmetatable({}, {__tostring = function() while true do end end}))",
    "javascript": "throw { toString() { while (true); }, get message() { while (true); } }",
    "python": "class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E()",
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("language", ENDLESS_TEXTS)
def test_the_text_of_an_error_ends_by_the_limit(language: str, backend: str) -> None:
    with lockstep.Interpreter(language, backend, steps=20_000) as guest:
        with pytest.raises(lockstep.LimitExceeded) as caught:
            guest.evaluate(ENDLESS_TEXTS[language])
        assert caught.value.which == "steps"
