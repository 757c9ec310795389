"""What is done at once with fast arrays gives what the steps of the specification give, which arrays in their slow form take."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Budget, Limits, Output
from lockstep.reference.javascript.engine import create_engine

ELEMENTS = (
    "0",
    "-0",
    "1",
    "2.5",
    "NaN",
    "true",
    "false",
    "null",
    "undefined",
    '"1"',
    '"b"',
    "object",
    "3n",
    "",
)
METHODS = (
    "slice", "concat", "indexOf", "includes", "lastIndexOf", "fill", "splice", "sort", "reverse", "join", "map", "filter", "forEach", "some", "every", "find",
    "findIndex", "reduce", "flat", "push", "unshift", "shift", "pop", "toSorted", "toSpliced", "at", "with", "copyWithin", "from", "spread", "destructure",
)  # fmt: skip
CALLBACKS = (
    "(x) => seen.push(x) && x !== null",
    "(x, i) => i % 2",
    "function () { seen.push(arguments.length); return arguments[0]; }",
    "(x) => { if (seen.push(0) === 2) a.length = 1; return x; }",
    "(x) => { if (seen.push(0) === 1) a.push(7); return x; }",
    "(x) => { if (seen.push(0) === 1) delete a[1]; return true; }",
    "(x) => { if (seen.push(0) === 2) Object.defineProperty(a, 0, { get() { return 9; } }); return x; }",
)
ARGUMENTS = (
    "",
    "1",
    "-2",
    "0, 2",
    "1, 1, 5, 6",
    "NaN",
    '"1"',
    "true",
    "object",
    "undefined",
    "[4, , 5]",
    "[6], 7",
)
SETTINGS = (
    "",
    "class A extends Array {} a = A.from(a); ",
    "a.constructor = { [Symbol.species]: function (n) { seen.push(n); return { length: 0 }; } };",
    "Object.prototype[1] = 'inherited';",
    "a[Symbol.isConcatSpreadable] = false;",
    "Object.setPrototypeOf(a, new Proxy(Array.prototype, { has(t, k) { seen.push(String(k)); return k in t; } }));",
    "Array.prototype[Symbol.iterator] = function* () { yield 'own'; };",
)
PROGRAM = """
const run = (slow) => {{
  const seen = []; const object = {{ toString() {{ seen.push("text"); return "o"; }} }};
  let a = [{elements}];
  {setting}
  if (slow) Object.defineProperty(a, "slow", {{ value: 1, writable: true, enumerable: false, configurable: false }});
  const show = (x) => Object.is(x, -0) ? "-0" : typeof x === "bigint" ? x + "n" : x === object ? "object" : Array.isArray(x)
    ? "[" + Array.prototype.map.call(Reflect.ownKeys(x).filter((k) => k !== "slow"), (k) => String(k) + ":" + (typeof x[k] === "function" ? "f" : show(x[k]))).join() + "]" : String(x);
  let result;
  try {{ result = {call}; }} catch (e) {{ result = e.name + e.message; }}
  return show(result) + " " + show(a) + " " + show(seen);
}};
"""
CLEANUP = "delete Object.prototype[1]; Array.prototype[Symbol.iterator] = Array.prototype.values;"


def call_of(method: str, callback: str, arguments: str) -> str:
    if method == "from":
        return f"Array.from(a, {callback})"
    if method == "spread":
        return "[...a]"
    if method == "destructure":
        return "(() => { let [x, , y = 5, z] = a; return [x, y, z]; })()"
    if method in ("map", "filter", "forEach", "some", "every", "find", "findIndex"):
        return f"a.{method}({callback}, object)"
    if method == "reduce":
        return f"a.reduce((p, c) => (seen.push(c), {'p' if len(callback) % 2 else 'c'}))"
    if method in ("sort", "toSorted"):
        return f"a.{method}({'' if len(callback) % 2 else '(x, y) => String(x) < String(y) ? -1 : 1'})"
    return f"a.{method}({arguments})"


def output_of(backend: str, source: str) -> str:
    output = Output()
    engine = create_engine(backend, "")
    completion = run_deep(lambda: engine.run(Program(source, "p.js"), Budget(Limits()), output))
    assert completion.error is None, completion.error
    return output.text()


@pytest.mark.parametrize("backend", ["vm", "treewalk"])
# A failure prints the program that differs, which is small already.
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
@given(data=st.data())
def test_arrays(backend: str, data: st.DataObject) -> None:
    """Each method on an array and on the same one in its slow form, where somebody watches and where nobody does."""
    rows = []
    for method in METHODS:
        elements = data.draw(st.lists(st.sampled_from(ELEMENTS), max_size=6))
        setting = data.draw(st.sampled_from(SETTINGS))
        call = call_of(method, data.draw(st.sampled_from(CALLBACKS)), data.draw(st.sampled_from(ARGUMENTS)))
        text = PROGRAM.format(elements=", ".join(elements) + ",", setting=setting, call=call)
        rows.append(
            f"{{ {text} let one = run(false); {CLEANUP} let other = run(true); {CLEANUP} "
            f"if (one !== other) print({json.dumps(text)} + one + '\\n' + other); }}"
        )
    assert output_of(backend, "\n".join(rows)) == ""


ITERABLES = (
    "[1, 2, 3]", "[1, , 3]", "new Set([1, 'b', 1])", "new Map([[1, 2], ['k', null]])", "'a\\u{1F600}b'", "[4, 5].entries()", "new Uint8Array([7, 8]).keys()",
    "(function* () { yield 1; yield* [2, 3]; return 4; })()",
    "(function* () { yield* { [Symbol.iterator]() { return { n: 0, next() { return { get done() { log.push('done'); return this.v > 2; }, get value() { log.push('value'); return this.v; }, v: this.n++ }; } }; } }; })()",
)  # fmt: skip
CONSUMERS = (
    "for (const x of it) out.push(String(x));",
    "for (const x of it) { out.push(String(x)); if (out.length === 2) break; }",
    "out.push(...it);",
    "let [x, y] = it; out.push(x, y);",
    "let [x, ...y] = it; out.push(x, String(y));",
    "let [, x = 'none'] = it; out.push(x);",
    "out = Array.from(it, (x) => x + '!');",
    "for (const x of new Map([[it, 1]]).keys()) out.push(String([...x]));",
)


@pytest.mark.parametrize("backend", ["vm", "treewalk"])
def test_iteration(backend: str) -> None:
    """Stepping without result objects is stepping with them, which `next` of one's own asks for."""
    rows = [
        f"{{ const run = (wrap) => {{ const log = []; let out = []; const whole = {iterable}; const it = wrap ? whole[Symbol.iterator]() : whole; "
        f"if (wrap) {{ const next = it.next; it.next = function () {{ return next.call(this); }}; }} "
        f"{consumer} return out.join() + ' ' + log.join(); }}; "
        f"const one = run(false), other = run(true); if (one !== other) print({json.dumps(iterable + ' ' + consumer)} + ': ' + one + ' / ' + other); }}"
        for iterable in ITERABLES
        for consumer in CONSUMERS
    ]
    assert output_of(backend, "\n".join(rows)) == ""


APPENDING = (
    "text += x;", "text = text + x;", "text += x + (text = 'z');", "text += (() => text = 'q')() + x;", "text += f(arguments);", "text += text += x;",
    "x += x;", "for (const c of [x, x]) text += c;", "try { text += g(); } catch (e) {} ", "text += [x, text].join();",
)  # fmt: skip


@pytest.mark.parametrize(
    "value", ["'a'", "1", "true", "null", "undefined", "2n", "({ valueOf() { return 'v'; } })", "[1]"]
)
def test_appending(value: str) -> None:
    """What is added in place is what the tree-walker adds."""
    rows = ["function f(a) { a[0] = 'mapped'; return 'f'; } function g() { throw 1; }"]
    for start in ("''", "'s'", "1", "true", "null", "undefined"):
        for step in APPENDING:
            rows += [
                f"print((function (text, x) {{ {mode} try {{ {step} }} catch (e) {{ return e.name; }} return typeof text + String(text) + String(x); }})({start}, {value}));"
                for mode in ("", "'use strict';", f"text = {start};")
            ]
            rows.append(
                f"print((function (given, x) {{ let text = given; try {{ {step} }} catch (e) {{ return e.name; }} return typeof text + String(text) + String(x); }})({start}, {value}));"
            )
    source = "\n".join(rows)
    assert output_of("vm", source) == output_of("treewalk", source)


STORES = ("0", "1", "2", "3", "5", "-1", "0.5", "NaN", "-0", "4294967295", "i", "j")
BASES = (
    "[1, 2, 3]", "[1, , 3]", "Object.freeze([1, 2])", "{}", "'abc'", "new Uint8Array(2)", "new Float64Array(2)", "new Proxy([1], {})", "null", "(function () { return arguments; })(1, 2)",
    "Object.defineProperty([1, 2], 0, { get() { return 'got'; }, set(v) { seen.push(v); } })",
)  # fmt: skip


@pytest.mark.parametrize("base", BASES)
def test_elements(base: str) -> None:
    """Reading and writing `base[key]` by a Number of any kind of knowledge."""
    rows = []
    for key in STORES:
        for form in ("o[k] = v; o[k]", "o[k] += 1; o[k]", "o[k]++", "o[k]"):
            rows += [
                f"print((function () {{ const seen = []; const o = {base}; let r; try {{ for (let i = 0; i < 2; i++) {{ let j = i * 2, v = i; {loop} }} }} catch (e) {{ r = e.name; }} "
                "return String(r) + seen + (o === null ? '' : Reflect.ownKeys(Object(o)).map((n) => String(n) + ':' + String(o[n]).slice(0, 9)).join()); })());"
                for loop in (
                    form.replace("k", key).replace("; o[", "; r = o[")
                    if ";" in form
                    else "r = " + form.replace("k", key),
                    f"let k = {key}; k = k * 1; "
                    + (form.replace("; o[", "; r = o[") if ";" in form else "r = " + form),
                    f"var k = {key}; (() => k)(); "
                    + (form.replace("; o[", "; r = o[") if ";" in form else "r = " + form),
                )
            ]
    source = "\n".join(rows)
    assert output_of("vm", source) == output_of("treewalk", source)


MAKERS = (
    "function F(x, y) { this.x = x; this.y = y; this.n = arguments.length; }", "class F { z = 1; #p = 2; constructor(x) { this.x = x; } get p() { return this.#p; } }",
    "class G { constructor(...all) { this.all = all.join(); this.t = new.target.name; } } class F extends G { own = 1; }", "function F(x) { return x; }",
    "function F() { if (!new.target) return 'called'; this.made = true; }", "const F = function () {}.bind(null);", "const F = new Proxy(class { a = 1; }, {});", "const F = () => 1;",
    "class A { #a = 1; constructor(x, y) { this.x = x; this.y = y; } get p() { return this.#a; } } class F extends A { f = 2; constructor(x) { super(x, 4); this.z = x; if (x === 1) return; } }",
    "function A(x) { this.x = x; if (x === 0) return { other: 1 }; } class B extends A { b = this.x; } class F extends B { constructor(...all) { super(all.length); this.all = all.join(); } }",
    "class F extends Array { constructor(x) { const n = 2; super(n); this.x = x; } }", "class A { constructor() { this.t = new.target === F; } } class F extends A { constructor(x) { super(); try { return x; } finally { this.late = 1; } } }",
)  # fmt: skip
CHANGES = (
    "", "F.prototype = { changed: true };", "F.prototype = 5;", "Object.defineProperty(F, 'prototype', { value: { fixed: 1 } });", "F.prototype.later = 'seen';",
    "Object.setPrototypeOf(F.prototype, { above: 1 });", "Object.freeze(F);", "F.extra = 1;",
    "Object.setPrototypeOf(F, Array);", "Object.setPrototypeOf(F, null);", "Object.setPrototypeOf(F, class { constructor() { this.changed = new.target.name; } });",
)  # fmt: skip


@pytest.mark.parametrize("maker", MAKERS)
def test_new_again(maker: str) -> None:
    """The second `new` of a function, before and after its prototype changes, with any count of arguments."""
    rows = [
        f"(function () {{ {maker} const seen = []; const note = (f) => {{ try {{ const o = f(); seen.push(typeof o === 'object' ? Reflect.ownKeys(o).join() "
        "+ JSON.stringify(o) + (o instanceof Object) + [o.changed, o.fixed, o.later, o.above, o.p] : String(o)); } catch (e) { seen.push(e.name); } };\n"
        f"for (let i = 0; i < 2; i++) {{ note(() => new F()); note(() => new F(i)); note(() => new F(1, 2, 3)); note(() => new F([i])); note(() => Reflect.construct(F, [1], Array)); }}"
        f"try {{ {change} }} catch (e) {{ seen.push(e.name); }}"
        f"for (let i = 0; i < 2; i++) {{ note(() => new F(i)); note(() => F(1)); }} print(seen.join(' ')); }})();"
        for change in CHANGES
    ]
    source = "\n".join(rows)
    assert output_of("vm", source) == output_of("treewalk", source)


JSON_TEXTS = (
    "{}", "[]", "[1, -0, 1e400, 0.1, 12345678901234567890]", '{"a": null, "b": [null, true, [false]], "a": 2, "__proto__": 1, "3": 0, "x_y": "\\n"}', '"\\ud83d\\ude00"',
    '["[{", "]"]', "[" * 300 + "]" * 300, "NaN", "[Infinity]", "-Infinity", "01", "1.", ".5", "+1", "[1,]", "{,}", '{"a" 1}', "{a: 1}", "'a'", '"\t"', '"\\x"', "\ufeff1", "\u00a01", " \t\r\n1 ",
    "1 2", "", "nul", "tru", "[1", '{"a":', '"', '{"constructor": {"prototype": []}}',
)  # fmt: skip


@pytest.mark.parametrize("backend", ["vm", "treewalk"])
def test_json(backend: str) -> None:
    """What the host's scanner reads is what ours reads, which a reviver asks for."""
    rows = [
        (
            "const shown = (f) => { try { const v = f(); return (Object.is(v, -0) ? '-0' : JSON.stringify(v)) + (typeof v === 'object' && v !== null ? Reflect.ownKeys(v) : ''); } "
            "catch (e) { return e.name + e.message; } };"
        )
    ]
    rows += [
        f"{{ const text = {json.dumps(text)}; const one = shown(() => JSON.parse(text)), other = shown(() => JSON.parse(text, (k, v) => v)); if (one !== other) print(text + ': ' + one + ' / ' + other); }}"
        for text in JSON_TEXTS
    ]
    assert output_of(backend, "\n".join(rows)) == ""


FIELDS = """
class P { constructor(o) { return o; } }
class F extends P { q = 1; r = 2; 5 = 3; ["s"] = 4; static t = 5; static name = "n"; static length = 9; }
const log = [];
for (const o of [{}, [], function f() {}, new Proxy({}, { defineProperty(t, k, d) { log.push(k + JSON.stringify(d)); return Reflect.defineProperty(t, k, d); }, set() { log.push("set"); return true; } }), Object.create({ set q(v) { log.push("setter"); } }), Object.create(Object.freeze({ q: 0 })), new Uint8Array(2), new String("ab"), Object.freeze({}), Object.defineProperty({}, "q", { value: 0, writable: true })]) {
  try { const m = new F(o); log.push(Reflect.ownKeys(m).map((k) => String(k) + ":" + JSON.stringify(Object.getOwnPropertyDescriptor(m, k))).join()); } catch (e) { log.push(e.name); }
}
print(log.join("\\n"), F.t, F.name, F.length, JSON.stringify(Object.getOwnPropertyDescriptor(F, "name")));
class L extends Array { length = 0; } try { print(new L(3).length) } catch (e) { print(e.name) }
"""


def test_fields() -> None:
    """Class fields are defined, whatever the constructor above gives, and never assigned."""
    assert output_of("vm", FIELDS) == output_of("treewalk", FIELDS)


PRIVATE = """
class P { constructor(o) { return o; } }
class F extends P { #a = 1; #b; #m() { return [this.#a, this.#b].join(); } get #g() { return "got"; } set #g(v) { this.#a = v; } get #r() { return 1; } set #w(v) {} static #s = 5;
  static read(o) { return [o.#a, o.#b, o.#m(), o.#g, o.#r]; } static write(o) { o.#a = [1]; o.#b ??= 3; o.#a += 1; o.#b++; o.#g = "set"; return F.read(o); }
  static method(o) { o.#m = 1; } static setter(o) { o.#r = 1; } static getter(o) { return o.#w; } static has(o) { return #a in o; } static undone(o) { delete o?.#b?.x; return o?.#a; } static s(c) { return c.#s++; } }
const log = [], note = (f) => { try { log.push(String(f())); } catch (e) { log.push(e.name + ": " + e.message); } };
class Q extends F {}
for (const o of [{}, [], function f() {}, new Proxy({}, {}), Object.freeze({}), Object.preventExtensions([]), Object.create(null), new Uint8Array(1), new Map(), Object(1)]) {
  for (const f of [F.read, F.has, () => { new F(o); return "made"; }, F.read, F.has, F.write, F.method, F.setter, F.getter, F.undone, () => new F(o), () => new Q(o)]) note(() => f(o));
}
for (const o of [undefined, null, 1, "s", Symbol.iterator, 1n]) for (const f of [F.read, F.write, F.method, F.has, F.undone, F.s]) note(() => f(o));
note(() => F.s(F)); note(() => F.s(F)); note(() => F.s(Q));
print(log.join("\\n"));
"""


def test_private_elements() -> None:
    """Private elements of objects in all forms, before and after they have any."""
    assert output_of("vm", PRIVATE) == output_of("treewalk", PRIVATE)


SUPER = """
const base = { m() { return "m" + this.n; }, get g() { return "g" + this.n; }, n: "base", mro: "named", toString() { return "text"; } };
Object.defineProperty(base, "fixed", { value: 1 });
const shapes = [base, Object.freeze({ ...base }), new Proxy(base, { get(t, k, r) { return "trap " + String(k); } }), null, Object.create(base), Object.create(new Proxy(base, {})), [], function f() {}, new String("abc"), new Uint8Array(3)];
const home = { n: "home", m() { return super.m; }, read() { return [super.m?.call(this), super.g, super.n, super.mro, super.fixed, super.nothing, super.length, super.name, super.toString?.call(this), super.constructor === Object]; } };
for (const shape of shapes) {
  Object.setPrototypeOf(home, shape);
  for (let i = 0; i < 3; i++) {
    for (const o of [home, Object.create(home)]) try { print(String(home.read.call(o))); } catch (e) { print(e.name + ": " + e.message); }
    if (i === 1 && shape !== null && !Object.isFrozen(shape)) { shape.n = "changed"; delete shape.m; shape.later = 1; }
  }
}
class A { static s = 1; static get t() { return this.name; } static f() { return "f"; } } class B extends A { static read() { return [super.s, super.t, super.f(), super.name, super.length, super.prototype === A.prototype].join(); } }
print(B.read()); A.s = 2; A.f = () => "other"; print(B.read(), B.read.call({ name: "else" }));
"""


def test_super_members() -> None:
    """`super.name` with homes whose prototypes are objects of all forms, and change."""
    assert output_of("vm", SUPER) == output_of("treewalk", SUPER)


JSON_VALUES = (
    "{}", "[]", "[[], {}, [{}]]", "{ a: 1, b: undefined, c: null, d: [undefined, , 3], 'two words': 'x', 5: 1, 2: 0, x_y: 1, $: 2, __proto__: { inherited: 1 } }", "[-0, NaN, Infinity, 1e21, 0.1, 123456789012]",
    r"""['q"\\', '\u2028\u00e9', '\ud83d\ude00', '\ud83d', '\udc00x', '\x00\x1f\x7f\n', '']""", "{ [Symbol('s')]: 1, f() {}, g: class {} }", "[function () {}, Symbol.iterator]",
    "{ toJSON() { return 7; } }", "{ a: { toJSON(k) { return k; } } }", "Object.create({ toJSON() { return 'up'; } })", "new Date(0)", "[new Map([[1, 2]]), new Set([1]), /x/, new Error('e')]", "[Object(1), Object('s'), Object(true)]",
    "new (class { q = [1]; #p = 2; get r() { return 3; } })()", "Object.freeze({ a: [Object.freeze([1])] })", "Object.defineProperty({ a: 1 }, 'b', { enumerable: false, value: 2 })", "{ get a() { return 'got'; } }", "new Proxy([1, 2], {})",
    "[1n]", "(() => { const o = { deep: [] }; o.deep.push(o); return o; })()", "(() => { let o = []; for (let i = 0; i < 400; i++) o = [o]; return o; })()", "(() => { const a = [1]; a.extra = 2; return a; })()", "Object.create(null)", "new Uint8Array(2)",
    "(function () { return arguments; })(1, 2)", "Object.assign([3, 4], { toJSON() { return this.length; } })", "Object.setPrototypeOf({ a: 1 }, [])", "Object.setPrototypeOf([1], null)", "JSON.rawJSON('1')", "{ r: JSON.rawJSON('[1]'.length + '') }",
)  # fmt: skip


@pytest.mark.parametrize(
    "around",
    [
        "",
        "Array.prototype.toJSON = function () { return 'all'; };",
        "Object.prototype.toJSON = function (k) { return k; };",
    ],
)
def test_json_texts(around: str) -> None:
    """What is written at once is what the steps write, which a replacer asks for."""
    rows = [
        f"{around} const shown = (f) => {{ try {{ return String(f()); }} catch (e) {{ return e.name + e.message; }} }};"
    ]
    rows += [
        f"for (const gap of [undefined, 2, '--']) {{ const v = ({value}); const one = shown(() => JSON.stringify(v, null, gap)), other = shown(() => JSON.stringify(v, (k, x) => x, gap)); print(one === other ? '' : one + ' / ' + other); }}"
        for value in JSON_VALUES
    ]
    outputs = {backend: output_of(backend, "\n".join(rows)) for backend in ("vm", "treewalk")}
    assert outputs["vm"] == outputs["treewalk"]
    assert str(outputs["vm"]).strip() == ""


MEASURED = ("'abc'", "''", "[]", "[1, , 3]", "{ length: 2.5 }", "{ length: '3' }", "{}", "{ get length() { return ++reads; } }", "new Uint8Array(2)", "Object.freeze([1])", "new Proxy([1, 2], {})", "5", "new String('xy')", "() => 1", "null", "{ length: 2n }", "class extends Array { static length = 2; }")  # fmt: skip


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">="])
def test_lengths(operator: str) -> None:
    """A length, and a loop counter beside one, for what has a length and what has none."""
    rows = [
        f"{{ let reads = 0; const seen = [], value = ({value}); try {{ for (let i = 0; i {operator} value.length || i < 2; i++) {{ seen.push(i, value.length); if (i > 4) break; }} }} "
        "catch (error) { seen.push(error.name, error.message); } print(seen.join(), reads); }"
        for value in MEASURED
    ]
    assert output_of("vm", "\n".join(rows)) == output_of("treewalk", "\n".join(rows))
