"""docs/limits.md: deep recursion of any kind becomes the language's own error, soon, and the guest goes on."""

from __future__ import annotations

import contextlib
import time

import pytest

import lockstep

from .languages import BACKENDS

# What a guest's error says: language -> words, one of which is in it.
ERRORS = {
    "javascript": ("RangeError",),
    "python": ("RecursionError", "MemoryError", "too many nested"),
    "clojure": ("StackOverflowError", "nested too deeply"),
    "lua": ("overflow", "too long", "too many", "levels"),
}
# It takes less than a second of processor time on a machine that has nothing else to do.
SECONDS = 10
# The same on every machine: of a recursion that went on and on these would be over first.
STEPS = 2_000_000

JAVASCRIPT = {
    "direct": "function f(){return f()+1} f()",
    "spread args": "function f(...a){ return f(...a, 1) } f()",
    "spread new": "class C{constructor(...a){new C(...a,1)}} new C()",
    "spread grow callback": "function f(...a){ return [1].map(()=>f(...a,1)) } f()",
    "sort": "function f(){ [1,2].sort(f); return 0 } f()",
    "map": "function f(){ return [1].map(f) } f()",
    "replace": "function f(){ return 'x'.replace('x', f) } f()",
    "getter": "const o={get x(){return o.x}};o.x",
    "proxy get": "const p=new Proxy({}, {get(t,k,r){return r[k]}});p.x",
    "prototype chain proxy": "const p=new Proxy({}, {});Object.setPrototypeOf(p,p);p.x",
    "toString": "const o={toString(){return `${o}`}};`${o}`",
    "toJSON nested": "const o={toJSON(){return [o]}};JSON.stringify(o)",
    "stringify deep": "let n=[];for(let i=0;i<1e5;i++)n=[n];JSON.stringify(n)",
    "parse deep": "JSON.parse('['.repeat(1e5)+']'.repeat(1e5))",
    "String deep": "let n=[];for(let i=0;i<1e5;i++)n=[n];String(n)",
    "yield*": "function* f(){yield* f()} f().next()",
    "generator next": "function* f(){yield f().next()} f().next()",
    "generator of generators": "function* f(){for(const x of f()) yield x} f().next()",
    "super": "class A{m(){return new B().m()}} class B extends A{m(){return super.m()}} new B().m()",
    "Reflect.construct": "function f(){return Reflect.construct(f,[])} f()",
    "nested source": "eval('['.repeat(2e5))",
    "nested regexp": "new RegExp('('.repeat(1e5)+')'.repeat(1e5))",
    "nested blocks": "eval('{'.repeat(5e4)+'}'.repeat(5e4))",
    "nested unary": "eval('-'.repeat(1).concat('+-'.repeat(1e5))+'1')",
    "finally rec": "let n=0;function f(){try{return f()}finally{n++}} f()",
}
PYTHON = {
    "direct": "def f(): return f()+1\nf()",
    "sort key": "def f(x=0): return sorted([1,2],key=f)\nf()",
    "map": "def f(x=0): return list(map(f,[1]))\nf()",
    "getattr": "class C:\n    def __getattr__(self, name): return getattr(self, name + 'x')\nC().x",
    "getattribute": "class C:\n    def __getattribute__(self, name): return self.y\nC().x",
    "eq": "class C:\n    def __eq__(self, o): return self==o\nC()==C()",
    "repr": "class C:\n    def __repr__(self): return repr(self)\nrepr(C())",
    "str format": "class C:\n    def __format__(self,s): return f'{self}'\nf'{C()}'",
    "hash": "class C:\n    def __hash__(self): return hash(self)\n{C():1}",
    "iter": "class C:\n    def __iter__(self): return iter(self)\nlist(C())",
    "add": "class C:\n    def __add__(self,o): return self+o\nC()+C()",
    "getitem": "class C:\n    def __getitem__(self,i): return self[i]\nC()[0]",
    "init": "class C:\n    def __init__(self): C()\nC()",
    "yield from": "def f(): yield from f()\nnext(f())",
    "generator next": "def f(): yield next(f())\nnext(f())",
    "async": "async def f(): await f()\nf().send(None)",
    "repr nested": "n=[]\nfor _ in range(10**5): n=[n]\nrepr(n)",
    "eq nested": "n=[];m=[]\nfor _ in range(10**5): n=[n];m=[m]\nn==m",
    "dict nested": "n={}\nfor _ in range(10**5): n={1:n}\nrepr(n)",
    "deepcopy": "import copy\nn=[]\nfor _ in range(10**5): n=[n]\ncopy.deepcopy(n)",
    "json": "import json\nn=[]\nfor _ in range(10**5): n=[n]\njson.dumps(n)",
    "exec": "def f(): exec('f()')\nf()",
    "isinstance": "class M(type):\n    def __instancecheck__(c,x): return isinstance(x,c)\nclass C(metaclass=M): pass\nisinstance(1,C)",
    "args": "def f(*a): return f(*a, 1)\nf()",
    "setlimit": "import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()+1\nf()",
    "setlimit repr": "import sys\nsys.setrecursionlimit(10**9)\nclass C:\n    def __repr__(self): return repr(self)\nrepr(C())",
    "setlimit nested": "import sys\nsys.setrecursionlimit(10**9)\nn=[]\nfor _ in range(10**6): n=[n]\nrepr(n)",
    "setlimit sort": "import sys\nsys.setrecursionlimit(10**9)\ndef f(x=0): return sorted([1,2],key=f)\nf()",
    "async for": "async def f():\n    async for x in f(): yield x\nf().__anext__().send(None)",
    "setlimit yield from": "import sys\nsys.setrecursionlimit(10**6)\ndef f(): yield from f()\nnext(f())",
    "setlimit generator next": "import sys\nsys.setrecursionlimit(10**6)\ndef f(): yield next(f())\nnext(f())",
    "setlimit await": "import sys\nsys.setrecursionlimit(10**6)\nasync def f(): await f()\nf().send(None)",
    "functools": "import functools\n@functools.lru_cache(None)\ndef f(n): return f(n+1)\nf(0)",
}
CLOJURE = {
    "direct": "(defn f [x] (inc (f x))) (f 1)",
    "letfn": "(letfn [(f [] (inc (g))) (g [] (inc (f)))] (f))",
    "map": "(defn f [x] (first (map f [x]))) (f 1)",
    "sort": "(defn f [a b] (count (sort f [1 2]))) (f 1 2)",
    "apply": "(defn f [& r] (inc (apply f 1 r))) (f 1)",
    "lazy concat": "(first (reduce concat (repeat 100000 [1])))(throw (Exception.))",
    "protocol": "(defprotocol P (p [x])) (extend-type Long P (p [x] (inc (p x)))) (p 1)",
    "reify": "(def r (reify Object (toString [t] (str t)))) (str r)",
    "deftype equals": "(deftype T [] Object (equals [a b] (= a b)) (hashCode [a] (hash a))) (= (T.) (T.))",
    "print nested": "(pr-str (reduce (fn [a _] [a]) [] (range 100000)))",
    "eq nested": "(= (reduce (fn [a _] [a]) [] (range 100000)) (reduce (fn [a _] [a]) [] (range 100000)))",
    "hash nested": "(hash (reduce (fn [a _] [a]) [] (range 100000)))",
    "read nested": '(read-string (apply str (repeat 300000 "(")))',
    "eval nested": "(eval (reduce (fn [a _] (list 'inc a)) 1 (range 100000)))",
    "swap": "(def a (atom 0)) (defn f [x] (swap! a f)) (f 1)",
    "macro": "(defmacro m [] '(do (m) (m))) (m)",
    "growing macro": "(defmacro m [x] (list 'm (list 'inc x))) (m 1)",
    "print nested set": "(pr-str (reduce (fn [a _] #{a}) #{} (range 100000)))",
    "print nested map": "(pr-str (reduce (fn [a _] {a 1}) {} (range 100000)))",
    "eq nested set": "(= (reduce (fn [a _] #{a}) #{} (range 100000)) (reduce (fn [a _] #{a}) #{} (range 100000)))",
    "print nested atom": "(pr-str (reduce (fn [a _] (atom a)) 1 (range 100000)))",
    "hash nested set": "(hash (reduce (fn [a _] #{a}) #{} (range 100000)))",
    "transduce": "(defn f [x] (transduce (map f) + [1 2])) (f 1)",
}
LUA = {
    "direct": "local function f() return 1+f() end f()",
    "method": "local t={} function t:m() return 1+self:m() end t:m()",
    "sort": "local function f(a,b) table.sort({1,2},f) return false end f()",
    "gsub": "local function f() return (('x'):gsub('x',f)) end f()",
    "index": "local t=setmetatable({},{}) getmetatable(t).__index=function(t,k) return t[k] end return t.x",
    "index chain": "local t={} for i=1,100000 do t=setmetatable({},{__index=t}) end return t.x",
    "add": "local t=setmetatable({},{__add=function(a,b) return a+b end}) return t+1",
    "concat": "local m={} m.__concat=function(a,b) return a..b end return setmetatable({},m)..'x'",
    "call": "local m={} m.__call=function(a) return (a()) end return (setmetatable({},m)())",
    "call of itself": "local m={} local t=setmetatable({},m) m.__call=t return (t(1))",
    "tostring": "local function f(x) return (tostring(setmetatable({}, {__tostring = f}))) end return f()",
    "nested parens": "assert(load('return '..('('):rep(1e3)..'1'..(')'):rep(1e3)))",
    "nested functions": "assert(load(('return function() '):rep(1e3)..('end '):rep(1e3)))",
    "nested do": "assert(load(('do '):rep(1e3)..('end '):rep(1e3)))",
    "varargs": "local function f(...) return 1+f(1,...) end f()",
    "unpack": "local u=table.unpack or unpack local function f(...) return 1+f(u({...})) end f(1,2)",
    "iterator": "local function f() for _ in f do end return 1 end f()",
    "error object": "local m={} m.__tostring=function(x) return (tostring(x)) end error(setmetatable({},m))",
    "string.format": "local m={} m.__tostring=function(x) return ('%s'):format(x) end return ('%s'):format(setmetatable({},m))",
}
# What nests deeply may run, or be the language's own error, but takes no time or memory with the square of its depth: seconds
# that are more than enough, since it would take several times as long.
NESTED = {
    "functions": "eval('function f(){'.repeat(3e3)+'}'.repeat(3e3))",
    "functions that are called": "eval('(function(){return '.repeat(600)+'1'+'})()'.repeat(600))",
    "arrows": "eval('(a=>'.repeat(3e3)+'a'+')'.repeat(3e3))",
    "classes": "eval('(class{m(){return '.repeat(2e3)+'1'+'}})'.repeat(2e3))",
    "fields": "eval('(class{x='.repeat(2e3)+'1'+'})'.repeat(2e3))",
    "static blocks": "eval('(class{static{'.repeat(2e3)+'}})'.repeat(2e3))",
    "direct eval": "eval('function f(){eval(1);'.repeat(3e3)+'}'.repeat(3e3))",
    "parameters": "eval('(a='.repeat(3e3)+'1'+')=>1'.repeat(3e3))",
}
# A thrown value that nests too deeply to be copied for the host, or whose own code fails meanwhile: language -> program, what is said.
THROWN = [
    ("javascript", "let n=[];for(let i=0;i<1e5;i++)n=[n]; throw n", "Array"),
    ("javascript", "let n={};for(let i=0;i<1e5;i++)n={n}; throw n", "Object"),
    ("clojure", '(throw (ex-info "deep" {:a (reduce (fn [a _] [a]) [] (range 100000))}))', "deep"),
    ("clojure", '(throw (ex-info "fails" {:a (map (fn [x] (/ 1 x)) [0])}))', "fails"),
    ("lua", "local t={} for i=1,100000 do t={t} end error(t)", "table"),
    ("python", "n=[]\nfor _ in range(10**5): n=[n]\nraise ValueError(n)", "ValueError"),
]
PROGRAMS = {"javascript": JAVASCRIPT, "python": PYTHON, "clojure": CLOJURE, "lua": LUA}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("language", "kind"), [(one, kind) for one in PROGRAMS for kind in PROGRAMS[one]])
def test_deep_recursion_is_the_language_s_own_error(language: str, kind: str, backend: str) -> None:
    with lockstep.Interpreter(language, backend, steps=STEPS, memory=2000) as guest:
        began = time.process_time()
        with pytest.raises(lockstep.GuestError) as caught:
            guest.evaluate(PROGRAMS[language][kind])
        took = time.process_time() - began
        assert any(word in str(caught.value) for word in ERRORS[language]), caught.value
        assert took < SECONDS
        assert guest.evaluate({"clojure": "(+ 1 1)", "lua": "return 1 + 1"}.get(language, "1 + 1")) == 2


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("kind", NESTED)
def test_nested_source_takes_time_in_proportion(kind: str, backend: str) -> None:
    with lockstep.Interpreter("javascript", backend) as guest:
        began = time.process_time()
        with contextlib.suppress(lockstep.GuestError):
            guest.evaluate(NESTED[kind])
        assert time.process_time() - began < 2


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("language", "program", "said"), THROWN)
def test_what_cannot_be_copied_of_an_error_is_a_handle(
    language: str, program: str, said: str, backend: str
) -> None:
    with lockstep.Interpreter(language, backend, steps=STEPS, memory=2000) as guest:
        with pytest.raises(lockstep.GuestError) as caught:
            guest.evaluate(program)
        assert said in str(caught.value)
        assert caught.value.value is None or isinstance(caught.value.value, lockstep.Handle)


def test_an_error_whose_data_do_not_end_ends_by_its_limit() -> None:
    with lockstep.Interpreter("clojure", steps=50_000) as guest, pytest.raises(lockstep.LimitExceeded):
        guest.evaluate('(throw (ex-info "endless" {:a (range)}))')


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_chain_of_call_metamethods_takes_time_and_memory_in_proportion(backend: str) -> None:
    program = "local t=function(...) return select('#', ...), (...) end for i=1,5e4 do t=setmetatable({i},{__call=t}) end return t(7)"
    with lockstep.Interpreter("lua", backend, steps=STEPS, memory=1000) as guest:
        assert guest.evaluate(f"local n, first = (function() {program} end)() return {{n, first[1]}}") == [
            50_001,
            1,
        ]
