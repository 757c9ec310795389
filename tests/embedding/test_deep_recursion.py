"""docs/limits.md: deep recursion of any kind becomes the language's own error, soon, and the guest goes on."""

from __future__ import annotations

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
SECONDS = 3

JAVASCRIPT = {
    "direct": "function f(){return f()+1} f()",
    "mutual": "function f(){return g()+1} function g(){return f()+1} f()",
    "method": "const o={m(){return this.m()+1}};o.m()",
    "arrow": "const f=()=>f()+1;f()",
    "spread args": "function f(...a){ return f(...a, 1) } f()",
    "spread2": "function f(...a){ return 1+f(1,...a) } f()",
    "spread new": "class C{constructor(...a){new C(...a,1)}} new C()",
    "apply grow2": "function f(...a){ a.push(1);return f.apply(null,a) } f()",
    "reflect grow": "function f(...a){ return Reflect.apply(f,null,[1,...a]) } f()",
    "spread grow callback": "function f(...a){ return [1].map(()=>f(...a,1)) } f()",
    "spread double": "function f(...a){ return f(...a,...a,1) } f()",
    "sort": "function f(){ [1,2].sort(f); return 0 } f()",
    "map": "function f(){ return [1].map(f) } f()",
    "forEach": "function f(){ [1].forEach(f) } f()",
    "reduce": "function f(){ return [1,2].reduce(f) } f()",
    "replace": "function f(){ return 'x'.replace('x', f) } f()",
    "getter": "const o={get x(){return o.x}};o.x",
    "setter": "const o={set x(v){o.x=v}};o.x=1",
    "proxy get": "const p=new Proxy({}, {get(t,k,r){return r[k]}});p.x",
    "proxy has": "const p=new Proxy({}, {has(t,k){return k in p}});'x' in p",
    "prototype chain proxy": "const p=new Proxy({}, {});Object.setPrototypeOf(p,p);p.x",
    "toString": "const o={toString(){return `${o}`}};`${o}`",
    "valueOf": "const o={valueOf(){return +o}};+o",
    "toPrimitive": "const o={[Symbol.toPrimitive](){return o+1}};o+1",
    "toJSON": "const o={toJSON(){return JSON.stringify(o)}};JSON.stringify(o)",
    "toJSON nested": "const o={toJSON(){return [o]}};JSON.stringify(o)",
    "stringify deep": "let n=[];for(let i=0;i<1e5;i++)n=[n];JSON.stringify(n)",
    "stringify deep objects": "let n={};for(let i=0;i<1e5;i++)n={n};JSON.stringify(n)",
    "parse deep": "JSON.parse('['.repeat(1e5)+']'.repeat(1e5))",
    "String deep": "let n=[];for(let i=0;i<1e5;i++)n=[n];String(n)",
    "iterator": "const o={[Symbol.iterator](){return [...o]}};[...o]",
    "for of iterator": "const o={[Symbol.iterator](){for(const x of o);}};for(const x of o);",
    "destructuring": "const o={[Symbol.iterator](){const [x]=o}};const [x]=o",
    "yield*": "function* f(){yield* f()} f().next()",
    "yield* deep": "function* f(n){if(n)yield* f(n-1);else yield 1} f(1e5).next()",
    "generator next": "function* f(){yield f().next()} f().next()",
    "constructor": "class C{constructor(){this.x=new C()}} new C()",
    "field": "class C{x=new C()} new C()",
    "super": "class A{m(){return new B().m()}} class B extends A{m(){return super.m()}} new B().m()",
    "tag": "function f(){return f`x`} f()",
    "call": "function f(){return f.call(1)} f()",
    "Reflect": "function f(){return Reflect.apply(f,1,[])} f()",
    "Reflect.construct": "function f(){return Reflect.construct(f,[])} f()",
    "instanceof": "const o={[Symbol.hasInstance](v){return v instanceof o}};1 instanceof o",
    "nested source": "eval('['.repeat(2e5))",
    "nested blocks": "eval('{'.repeat(5e4)+'}'.repeat(5e4))",
    "nested unary": "eval('-'.repeat(1).concat('+-'.repeat(1e5))+'1')",
    "nested not": "eval('!'.repeat(2e5)+'1')",
    "finally rec": "let n=0;function f(){try{return f()}finally{n++}} f()",
    "accessor chain": "Object.defineProperty(globalThis,'gg',{get(){return gg}});gg",
    "private": "class C{#m(){return this.#m()+1} n(){return this.#m()}} new C().n()",
}
PYTHON = {
    "direct": "def f(): return f()+1\nf()",
    "mutual": "def f(): return g()+1\ndef g(): return f()+1\nf()",
    "lambda": "f=lambda: f()\nf()",
    "sort key": "def f(x=0): return sorted([1,2],key=f)\nf()",
    "map": "def f(x=0): return list(map(f,[1]))\nf()",
    "getattr": "class C:\n    def __getattr__(self, name): return getattr(self, name + 'x')\nC().x",
    "getattr2": "class C:\n    def __getattr__(self, name): return self.y\nC().x",
    "getattribute": "class C:\n    def __getattribute__(self, name): return self.y\nC().x",
    "eq": "class C:\n    def __eq__(self, o): return self==o\nC()==C()",
    "lt": "class C:\n    def __lt__(self, o): return self<o\nsorted([C(),C()])",
    "repr": "class C:\n    def __repr__(self): return repr(self)\nrepr(C())",
    "str format": "class C:\n    def __format__(self,s): return f'{self}'\nf'{C()}'",
    "hash": "class C:\n    def __hash__(self): return hash(self)\n{C():1}",
    "bool": "class C:\n    def __bool__(self): return bool(self)\nif C(): pass",
    "len": "class C:\n    def __len__(self): return len(self)\nlen(C())",
    "iter": "class C:\n    def __iter__(self): return iter(self)\nlist(C())",
    "contains": "class C:\n    def __contains__(self,x): return x in self\n1 in C()",
    "call": "class C:\n    def __call__(self): return self()\nC()()",
    "add": "class C:\n    def __add__(self,o): return self+o\nC()+C()",
    "radd": "class C:\n    def __radd__(self,o): return 1+self\n1+C()",
    "getitem": "class C:\n    def __getitem__(self,i): return self[i]\nC()[0]",
    "property": "class C:\n    @property\n    def x(self): return self.x\nC().x",
    "new": "class C:\n    def __new__(cls): return cls()\nC()",
    "init": "class C:\n    def __init__(self): C()\nC()",
    "metaclass": "class M(type):\n    def __call__(cls): return cls()\nclass C(metaclass=M): pass\nC()",
    "yield from": "def f(): yield from f()\nnext(f())",
    "generator next": "def f(): yield next(f())\nnext(f())",
    "async": "async def f(): await f()\nf().send(None)",
    "repr nested": "n=[]\nfor _ in range(10**5): n=[n]\nrepr(n)",
    "eq nested": "n=[];m=[]\nfor _ in range(10**5): n=[n];m=[m]\nn==m",
    "dict nested": "n={}\nfor _ in range(10**5): n={1:n}\nrepr(n)",
    "deepcopy": "import copy\nn=[]\nfor _ in range(10**5): n=[n]\ncopy.deepcopy(n)",
    "json": "import json\nn=[]\nfor _ in range(10**5): n=[n]\njson.dumps(n)",
    "with": "class C:\n    def __enter__(self):\n        with self: pass\n    def __exit__(self,*a): pass\nwith C(): pass",
    "exec": "def f(): exec('f()')\nf()",
    "isinstance": "class M(type):\n    def __instancecheck__(c,x): return isinstance(x,c)\nclass C(metaclass=M): pass\nisinstance(1,C)",
    "args": "def f(*a): return f(*a, 1)\nf()",
    "setlimit": "import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()+1\nf()",
    "setlimit repr": "import sys\nsys.setrecursionlimit(10**9)\nclass C:\n    def __repr__(self): return repr(self)\nrepr(C())",
    "setlimit nested": "import sys\nsys.setrecursionlimit(10**9)\nn=[]\nfor _ in range(10**6): n=[n]\nrepr(n)",
    "setlimit map": "import sys\nsys.setrecursionlimit(10**9)\ndef f(x=0): return list(map(f,[1]))\nf()",
    "setlimit sort": "import sys\nsys.setrecursionlimit(10**9)\ndef f(x=0): return sorted([1,2],key=f)\nf()",
    "setlimit yield from": "import sys\nsys.setrecursionlimit(10**9)\ndef f(): yield from f()\nnext(f())",
    "setlimit getattr": "import sys\nsys.setrecursionlimit(10**9)\nclass C:\n    def __getattr__(self, name): return self.y\nC().x",
    "setlimit eq": "import sys\nsys.setrecursionlimit(10**9)\nn=[];m=[]\nfor _ in range(10**6): n=[n];m=[m]\nn==m",
    "comprehension": "def f(): return [f() for _ in range(1)]\nf()",
    "functools": "import functools\n@functools.lru_cache(None)\ndef f(n): return f(n+1)\nf(0)",
    "reduce": "import functools\ndef f(a=0,b=0): return functools.reduce(f,[1,2])\nf()",
}
CLOJURE = {
    "direct": "(defn f [x] (inc (f x))) (f 1)",
    "mutual": "(declare g) (defn f [x] (inc (g x))) (defn g [x] (inc (f x))) (f 1)",
    "fn": "((fn f [] (inc (f))))",
    "letfn": "(letfn [(f [] (inc (g))) (g [] (inc (f)))] (f))",
    "map": "(defn f [x] (first (map f [x]))) (f 1)",
    "sort": "(defn f [a b] (count (sort f [1 2]))) (f 1 2)",
    "reduce": "(defn f [a b] (reduce f [1 2])) (f 1 2)",
    "apply": "(defn f [& r] (inc (apply f 1 r))) (f 1)",
    "str": "(defn f [x] (str (f x))) (f 1)",
    "lazy filter": "(first (reduce (fn [s i] (filter odd? s)) (range) (range 100000)))(throw (Exception.))",
    "lazy concat": "(first (reduce concat (repeat 100000 [1])))(throw (Exception.))",
    "multi": "(defmulti m identity) (defmethod m :default [x] (inc (m x))) (m 1)",
    "dispatch": "(defmulti m (fn [x] (m x))) (m 1)",
    "protocol": "(defprotocol P (p [x])) (extend-type Long P (p [x] (inc (p x)))) (p 1)",
    "record": "(defprotocol P (p [x])) (defrecord R [] P (p [x] (inc (p x)))) (p (->R))",
    "reify": "(def r (reify Object (toString [t] (str t)))) (str r)",
    "deftype equals": "(deftype T [] Object (equals [a b] (= a b)) (hashCode [a] (hash a))) (= (T.) (T.))",
    "print nested": "(pr-str (reduce (fn [a _] [a]) [] (range 100000)))",
    "str nested": "(str (reduce (fn [a _] [a]) [] (range 100000)))",
    "eq nested": "(= (reduce (fn [a _] [a]) [] (range 100000)) (reduce (fn [a _] [a]) [] (range 100000)))",
    "hash nested": "(hash (reduce (fn [a _] [a]) [] (range 100000)))",
    "compare nested": "(compare (reduce (fn [a _] [a]) [] (range 100000)) (reduce (fn [a _] [a]) [] (range 100000)))",
    "read nested": '(read-string (apply str (repeat 300000 "(")))',
    "eval nested": "(eval (reduce (fn [a _] (list 'inc a)) 1 (range 100000)))",
    "swap": "(def a (atom 0)) (defn f [x] (swap! a f)) (f 1)",
    "watch": "(def a (atom 0)) (add-watch a :k (fn [_ _ _ _] (swap! a inc))) (swap! a inc)",
    "memoize": "(def f (memoize (fn [x] (inc (f (inc x)))))) (f 1)",
    "some": "(defn f [x] (some f [1 2])) (f 1)",
    "update": "(defn f [m] (update m :a (fn [_] (f m)))) (f {})",
    "transduce": "(defn f [x] (transduce (map f) + [1 2])) (f 1)",
}
LUA = {
    "direct": "local function f() return 1+f() end f()",
    "mutual": "local g local function f() return 1+g() end function g() return 1+f() end f()",
    "method": "local t={} function t:m() return 1+self:m() end t:m()",
    "sort": "local function f(a,b) table.sort({1,2},f) return false end f()",
    "gsub": "local function f() return (('x'):gsub('x',f)) end f()",
    "index": "local t=setmetatable({},{}) getmetatable(t).__index=function(t,k) return t[k] end return t.x",
    "index chain": "local t={} for i=1,100000 do t=setmetatable({},{__index=t}) end return t.x",
    "newindex": "local t=setmetatable({},{__newindex=function(t,k,v) t[k]=v end}) t.x=1",
    "add": "local t=setmetatable({},{__add=function(a,b) return a+b end}) return t+1",
    "eq": "local m={} m.__eq=function(a,b) return a==b end return setmetatable({},m)==setmetatable({},m)",
    "lt": "local m={} m.__lt=function(a,b) return a<b end return setmetatable({},m)<setmetatable({},m)",
    "concat": "local m={} m.__concat=function(a,b) return a..b end return setmetatable({},m)..'x'",
    "len": "local m={} m.__len=function(a) return #a end return #setmetatable({},m)",
    "call": "local m={} m.__call=function(a) return (a()) end return (setmetatable({},m)())",
    "unm": "local m={} m.__unm=function(a) return -a end return -setmetatable({},m)",
    "tostring": "local function f(x) return (tostring(setmetatable({}, {__tostring = f}))) end return f()",
    "nested parens": "assert(load('return '..('('):rep(1e5)..'1'..(')'):rep(1e5)))",
    "nested tables": "assert(load('return '..('{'):rep(1e5)..('}'):rep(1e5)))",
    "nested functions": "assert(load(('return function() '):rep(1e4)..('end '):rep(1e4)))",
    "nested do": "assert(load(('do '):rep(1e5)..('end '):rep(1e5)))",
    "nested not": "assert(load('return '..('not '):rep(1e5)..'1'))",
    "varargs": "local function f(...) return 1+f(1,...) end f()",
    "unpack": "local u=table.unpack or unpack local function f(...) return 1+f(u({...})) end f(1,2)",
    "iterator": "local function f() for _ in f do end return 1 end f()",
    "select": "local function f(...) return 1+f(select(1,...)) end f(1)",
    "string.format": "local m={} m.__tostring=function(x) return ('%s'):format(x) end return ('%s'):format(setmetatable({},m))",
    "pairs": "local m={} m.__pairs=function(x) return pairs(x) end return pairs(setmetatable({},m))",
}
PROGRAMS = {"javascript": JAVASCRIPT, "python": PYTHON, "clojure": CLOJURE, "lua": LUA}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("language", "kind"), [(one, kind) for one in PROGRAMS for kind in PROGRAMS[one]])
def test_deep_recursion_is_the_language_s_own_error(language: str, kind: str, backend: str) -> None:
    with lockstep.Interpreter(language, backend, memory=2000) as guest:
        began = time.process_time()
        with pytest.raises(lockstep.GuestError) as caught:
            guest.evaluate(PROGRAMS[language][kind])
        took = time.process_time() - began
        assert any(word in str(caught.value) for word in ERRORS[language]), caught.value
        assert took < SECONDS
        assert guest.evaluate({"clojure": "(+ 1 1)", "lua": "return 1 + 1"}.get(language, "1 + 1")) == 2
