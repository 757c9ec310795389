"""The same small programs in every language, by what they do."""

from __future__ import annotations

from dataclasses import dataclass

BACKENDS = ("vm", "treewalk")


@dataclass(frozen=True)
class Programs:
    """Programs of one language.

    Attributes:
        area: defines a function `area` of two numbers.
        total: makes `total` 5.
        cell: makes containers and closures of every kind; `look` shows what is in them.
        changes: changes all of them, and then throws.
        look: see `cell`.
        throws: throws an error of the program's own, on line 2.
        kind: of that error; `name`: of it.
        calls: calls the host function `act` with 2.
        catches: calls it and gives the caught error's message.
        forever: never ends, and catches all that it can.
        deep: recurses without end.
        prints: prints "one" and "two".
        object: gives a value that has no host form.
        wrong: is no program.
    """

    area: str
    total: str
    cell: str
    changes: str
    look: str
    throws: str
    calls: str
    catches: str
    forever: str
    deep: str
    prints: str
    object: str
    wrong: str
    kind: str = "value_error"
    name: str = ""


_LUA = Programs(
    area="function area(w, h) return w * h end",
    total="total = 5",
    cell=(
        "list = {1, 2}; map = {a = 1}; map.self = map; local n = 0; function count() n = n + 1 return n end count()"
        " object = setmetatable({v = 1}, {__index = {inherited = 1}})"
    ),
    changes=(
        "total = nil; list[3] = 3; map.a = 2; map.b = 3; count(); object.v = 2; setmetatable(object, nil); fresh = 1;"
        " string.rep = nil; error('no')"
    ),
    look=(
        "return {total, #list, map.a, tostring(map.b), map.self == map, count(), object.v, object.inherited, tostring(fresh),"
        " type(string.rep)}"
    ),
    throws="\nerror('boo', 0)",
    calls="return act(2)",
    catches="local ok, message = pcall(act, 2) return tostring(message)",
    forever="while true do pcall(function() while true do end end) end",
    deep="local function deep() return 1 + deep() end return deep()",
    prints="print('one') io.write('two')",
    object="return setmetatable({7}, {__call = function(_, x) return x end})",
    wrong="x = = 1",
)

PROGRAMS = {
    "javascript": Programs(
        area="function area(w, h) { return w * h }",
        total="var total = 5",
        cell=(
            "var list = [1, 2]; let map = {a: 1}; map.self = map; const count = (() => { let n = 0; return () => ++n })();"
            " count(); class A { m() { return 1 } } const object = new A; const keyed = new Map([[1, 1]]); 0"
        ),
        changes=(
            "total = null; list.push(3); map.a = 2; map.b = 3; count(); keyed.set(2, 2); A.prototype.m = null; fresh = 1;"
            " Object.setPrototypeOf(object, null); Array.prototype.extra = 1; Object.freeze(map); throw new Error('no')"
        ),
        look=(
            "[total, list.length, map.a, String(map.b), map.self === map, count(), keyed.size, object.m(), typeof fresh,"
            " String([].extra), Object.isFrozen(map)]"
        ),
        throws="\nthrow new RangeError('boo')",
        calls="act(2)",
        catches="try { act(2) } catch (error) { error.message }",
        forever="for (;;) { try { for (;;); } catch {} finally { continue } }",
        deep="(function deep() { return 1 + deep() })()",
        prints="console.log('one'); console.log('two')",
        object="(class { static m(x) { return x } })",
        wrong="let let = 1",
        name="RangeError",
    ),
    "python": Programs(
        area="def area(w, h): return w * h",
        total="total = 5",
        cell=(
            "import math\nlist_ = [1, 2]; map_ = {'a': 1}; map_['self'] = map_\n"
            "def counter():\n    n = 0\n    def count():\n        nonlocal n\n        n += 1\n        return n\n    return count\n"
            "count = counter(); count()\nclass A:\n    x = 1\nobject_ = A(); object_.v = 1; set_ = {1}\n"
        ),
        changes=(
            "total = None; list_.append(3); map_['a'] = 2; map_['b'] = 3; count(); A.x = 2; A.y = 2; object_.v = 2; set_.add(2)\n"
            "math.pi = 3; fresh = 1; import json; raise ValueError('no')"
        ),
        look=(
            "[total, len(list_), map_['a'], 'b' in map_, map_['self'] is map_, count(), A.x, hasattr(A, 'y'), object_.v,"
            " len(set_), math.pi > 3.1, 'fresh' in globals(), 'json' in globals()]"
        ),
        throws="\nraise ValueError('boo')",
        calls="act(2)",
        catches="try:\n    act(2)\nexcept Exception as error:\n    caught = str(error)\ncaught",
        forever=(
            "while True:\n    try:\n        while True: pass\n    except BaseException: pass\n    finally:\n        continue"
        ),
        deep="def deep(): return 1 + deep()\ndeep()",
        prints="print('one'); print('two')",
        object="class B:\n    def m(self, x): return x\n    def __call__(self, x): return x\nB()",
        wrong="x = = 1",
        name="ValueError",
    ),
    "clojure": Programs(
        area="(defn area [w h] (* w h))",
        total="(def total 5)",
        cell=(
            "(def a (atom {:x 1})) (def v (volatile! 1)) (def r (ref 1)) (defmulti m :k) (def ^:dynamic d 1) (def arr (int-array 2))"
        ),
        changes=(
            "(def total nil) (swap! a assoc :x 2) (vreset! v 2) (dosync (alter r inc)) (defmethod m 1 [_] 1) (aset arr 0 9)"
            ' (def fresh 1) (alter-var-root #\'clojure.core/inc (constantly dec)) (ns other) (throw (ex-info "no" {}))'
        ),
        look="[total @a @v @r (count (methods m)) (aget arr 0) (resolve 'fresh) (inc 1) (str *ns*) (find-ns 'other)]",
        throws='\n(throw (ex-info "boo" {}))',
        calls="(act 2)",
        catches="(try (act 2) (catch Exception error (.getMessage error)))",
        forever="(loop [] (try (loop [] (recur)) (catch Throwable _ nil) (finally nil)) (recur))",
        deep="((fn deep [] (+ 1 (deep))))",
        prints='(println "one") (print "two")',
        object="(fn [x] x)",
        wrong="(defn ",
        name="ExceptionInfo",
    ),
    "lua": _LUA,
    "lua5.1": _LUA,
}
