"""Random programs of control flow: loops, jumps, `try`, iterators that close, bindings per round, completion values."""

# ruff: noqa: D102  # one method per statement of the language, named like it

from __future__ import annotations

from collections.abc import Callable
from random import Random

PRELUDE = """
const log = [], reads = [];
let state = SEED;
const told = (e) => e instanceof Error ? e.name : e;
let over = false;
const out = (...all) => {
  if (log.length < 300) log.push(all.map(told).join(" "));
  else if (!over) { over = true; throw "enough"; }
};
const coin = (n) => { state = (state * 1103515245 + 12345) % 2147483648; return state % n; };
const source = (name, n, what) => { let i = 0; return {
  [Symbol.iterator]() { return this; },
  next() { if (i >= n) { out("end", name); return { done: true }; } return { value: i++, done: false }; },
  return() { out("close", name); if (what === 1) throw "closing " + name; return what === 2 ? 5 : {}; } }; };
const resource = (name, what) => ({
  [Symbol.dispose]() { out("dispose", name); if (what === 1) throw "disposing " + name; },
  async [Symbol.asyncDispose]() { out("dispose later", name); await null; if (what === 1) throw "disposing " + name; } });
const later = (name, n, what) => { let i = 0; return {
  [Symbol.asyncIterator]() { return this; },
  next() { return Promise.resolve(i >= n ? { done: true } : { value: i++, done: false }); },
  return() { out("close", name); if (what === 1) throw "closing " + name; if (what === 3) return Promise.reject("late " + name); return what === 2 ? 5 : {}; } }; };
"""
FINALE = """
const rest = () => { for (const read of reads.slice(0, 20)) { try { out("read", read()); } catch (e) { out("read throws", told(e)); } } };
const ended = () => { rest(); print(log.join("; ")); };
"""
PLAIN = "try { out('result', body()); } catch (e) { out('throws', told(e)); } ended();"
GENERATOR = """
const g = body(); const told2 = (r) => r.value + (r.done ? " done" : "");
for (let turn = 0; turn < 12; turn++) {
  try { out("step", told2(turn === STOP ? g[HOW](turn) : g.next(turn))); } catch (e) { out("throws", told(e)); }
}
ended();
"""
ASYNCHRONOUS_GENERATOR = """
(async () => {
  const g = body(); const told2 = (r) => r.value + (r.done ? " done" : "");
  const steps = [0, 1, 2, 3, 4, 5, 6].map((turn) => turn === STOP ? g[HOW](turn) : g.next(turn));
  for (const step of steps) { try { out("step", told2(await step)); } catch (e) { out("throws", told(e)); } }
  for (let turn = 0; turn < 8; turn++) { try { out("step", told2(await g.next(turn))); } catch (e) { out("throws", told(e)); } }
})().then(ended);
"""
CONSTRUCTOR = """
class Base { constructor(x) { this.x = x; out("base", x); } get kind() { return "kind " + this.x; } }
class Derived extends Base { field = out("field"); constructor() {
BODY} }
try { const made = new Derived(); out("result", typeof made, made.x, made instanceof Derived); } catch (e) { out("throws", told(e)); }
ended();
"""
ASYNCHRONOUS = "body().then((v) => out('result', v), (e) => out('throws', told(e))).then(ended);"
EVALUATED = "try { out('value', (0, eval)(text)); } catch (e) { out('throws', told(e)); } ended();"


class Writer:
    """Writes one program.

    Args:
        random: where its choices come from.
        kind: `plain`, `generator`, `async`, `async generator`, `constructor` or `eval` code.
        dynamic: whether names may be looked up by `eval` and `with`.
        disposing: whether there are `using` declarations.
    """

    def __init__(self, random: Random, kind: str, *, dynamic: bool, disposing: bool = False) -> None:
        self.random = random
        self.kind = kind
        self.dynamic = dynamic
        self.disposing = disposing
        self.numbers = 0
        self.names: list[str] = []
        self.labels: list[tuple[str, bool]] = []
        self.loops = 0
        self.breakables = 0

    def program(self) -> str:
        """The whole text; it calls `print` once."""
        body = self.statements(4)
        head = PRELUDE.replace("SEED", str(self.random.randrange(1000)))
        if self.kind == "constructor":
            return f"{head}{FINALE}{CONSTRUCTOR.replace('BODY', body)}"
        if self.kind == "eval":
            return f"{head}{FINALE}const text = {quoted(body)};\n{EVALUATED}"
        keyword, tail = {
            "plain": ("function", PLAIN),
            "generator": ("function*", GENERATOR),
            "async": ("async function", ASYNCHRONOUS),
            "async generator": ("async function*", ASYNCHRONOUS_GENERATOR),
        }[self.kind]
        tail = tail.replace("STOP", str(self.random.randrange(6))).replace(
            "HOW", self.random.choice(["'return'", "'throw'"])
        )
        return f"{head}{FINALE}{keyword} body() {{\n{body}}}\n{tail}"

    def fresh(self, prefix: str) -> str:
        self.numbers += 1
        return f"{prefix}{self.numbers}"

    def statements(self, depth: int) -> str:
        mark = len(self.names)
        text = "".join(f"{self.statement(depth)}\n" for _ in range(self.random.randint(1, 3)))
        del self.names[mark:]
        return text

    def block(self, depth: int) -> str:
        return "{ " + self.statements(depth) + "}"

    def statement(self, depth: int) -> str:
        simple: list[Callable[[], str]] = [
            self.noted,
            self.noted,
            self.declared,
            self.destructured,
            self.assigned,
            self.function,
            self.jump,
            self.jump,
            self.read,
        ]
        if self.kind == "constructor":
            simple += [self.constructed] * 2
        if self.kind in ("generator", "async generator"):
            simple.append(self.delegated)
        if self.dynamic:
            simple.append(self.evaluated)
        nested: list[Callable[[int], str]] = [
            self.conditional,
            self.loop,
            self.loop,
            self.iterated,
            self.iterated,
            self.tried,
            self.tried,
            self.tried,
            self.labelled,
            self.switched,
        ]
        if self.disposing:
            nested += [self.used] * 3
        if self.dynamic and self.kind != "constructor":
            nested.append(self.with_object)
        if depth <= 0 or self.random.random() < 0.3:
            return self.random.choice(simple)()
        return self.random.choice(nested)(depth - 1)

    # Simple statements

    def noted(self) -> str:
        number = self.fresh("")
        return self.random.choice([f"out({number});", f"{number};", f"out({number}, {self.value()});"])

    def value(self) -> str:
        if self.names and self.random.random() < 0.6:
            name = self.random.choice(self.names)
            return f"eval('{name}')" if self.dynamic and self.random.random() < 0.4 else name
        if self.kind == "constructor" and self.random.random() < 0.3:
            return self.random.choice(["this.x", "super.kind", "(() => this.x)()", "typeof new.target"])
        if "generator" in self.kind and self.random.random() < 0.4:
            return f"(yield {self.fresh('')})"
        if "async" in self.kind and self.random.random() < 0.4:
            return f"(await {self.fresh('')})"
        return self.fresh("")

    def declared(self) -> str:
        value = self.value()
        name = self.fresh("v")
        self.names.append(name)
        return f"let {name} = {value};"

    def destructured(self) -> str:
        name, other = self.fresh("p"), self.fresh("q")
        what = self.random.choice([0, 0, 1, 2])
        text = self.random.choice(
            [
                f"const [{name}] = source('{name}', 2, {what});",
                f"let [{name}, ...{other}] = source('{name}', 2, {what});",
                f"let [{name}, {other} = {self.value()}] = [{self.value()}];",
                f"const {{ {name}, 0: {other} = {name} }} = {{ {name}: {self.value()} }};",
                f"let {{ length: {name}, [0]: {other} }} = 'ab';",
            ]
        )
        self.names += [name, other] if other in text else [name]
        return text

    def assigned(self) -> str:
        if not self.names:
            return self.noted()
        name = self.random.choice(self.names)
        value = self.value()
        return self.random.choice(
            [
                f"{name} = {value};",
                f"{name} += {value};",
                f"[{name} = {value}] = source('{name}', {self.random.randint(0, 1)}, 0);",
                f"reads.push(() => {name} = {self.fresh('')});",
                f"{name} ??= {value};",
            ]
        )

    def function(self) -> str:
        name = self.fresh("f")
        text = f"function {name}() {{ return {self.random.choice(self.names) if self.names else 1}; }}"
        return f"{text} reads.push({name});"

    def constructed(self) -> str:
        call = f"super({self.fresh('')})"
        forms = [f"{call};", f"(() => {call})();", f"if (coin(2)) {call};"]
        if self.dynamic:
            forms.append(f"eval('{call}');")
        return self.random.choice(forms)

    def delegated(self) -> str:
        name = self.fresh("d")
        what = self.random.choice([0, 0, 1, 2])
        # Node.js 20 does not close the sync iterator of an async delegation as ECMA-262 2025 does.
        maker = "later" if self.kind == "async generator" else "source"
        origin = self.random.choice([f"{maker}('{name}', 2, {what})"] * 2 + ["[1, 2]"] * (maker == "source"))
        return f"out('delegated', yield* {origin});"

    def evaluated(self) -> str:
        name = self.fresh("n")
        text = self.random.choice(
            [
                f"eval('var {name} = {self.fresh('')}');",
                f"eval('let {name} = {self.fresh('')}; reads.push(() => {name})');",
                f"eval('{{ function {name}() {{ return {self.fresh('')} }} }}');",
                f"out(eval('{self.fresh('')}; {{ }}'));",
            ]
        )
        return f"{text} out(typeof {name});"

    def read(self) -> str:
        if not self.names:
            return self.noted()
        name = self.random.choice(self.names)
        if self.dynamic and self.random.random() < 0.5:
            return self.random.choice(
                [f"reads.push(() => eval('{name}'));", f"reads.push(eval('() => {name}'));"]
            )
        return f"reads.push(() => {name});"

    def jump(self) -> str:
        choices = ["throw " + self.value() + ";"]
        if self.kind == "constructor":
            # Not `return;`, at which Node.js 20 looks for `this` too early: inside of a `try` around it.
            choices.append("return {};")
        elif self.kind != "eval":
            choices.append(f"return {self.value()};")
        if self.loops:
            choices += ["continue;"] * 2
        if self.breakables:
            choices += ["break;"] * 2
        choices += [f"break {label};" for label, _ in self.labels]
        choices += [f"continue {label};" for label, is_loop in self.labels if is_loop]
        jump = self.random.choice(choices)
        return jump if self.random.random() < 0.5 else f"if (coin({self.random.randint(2, 3)})) {jump}"

    # Nested ones

    def conditional(self, depth: int) -> str:
        other = f" else {self.block(depth)}" if self.random.random() < 0.4 else ""
        return f"if (coin(2)) {self.block(depth)}{other}"

    def in_loop(self, depth: int, label: str) -> str:
        self.loops += 1
        self.breakables += 1
        if label:
            self.labels.append((label, True))
        text = self.block(depth)
        if label:
            self.labels.pop()
        self.loops -= 1
        self.breakables -= 1
        return text

    def label(self) -> tuple[str, str]:
        if self.random.random() < 0.5:
            return "", ""
        label = self.fresh("l")
        return label, f"{label}: "

    def loop(self, depth: int) -> str:
        label, prefix = self.label()
        name = self.fresh("i")
        turns = self.random.randint(1, 3)
        kind = self.random.choice(["let", "let", "var", "while", "do"])
        update = self.random.choice([f"{name}++", f"out('update', {name}), {name}++"])
        if kind in ("let", "var"):
            self.names.append(name)
            body = self.in_loop(depth, label)
            self.names.remove(name)
            return f"{prefix}for ({kind} {name} = 0; {name} < {turns}; {update}) {body}"
        body = self.in_loop(depth, label)
        if kind == "while":
            return f"var {name} = 0; {prefix}while (out('test', {name}), {name}++ < {turns}) {body}"
        return f"var {name} = 0; {prefix}do {body} while (out('test', {name}), {name}++ < {turns});"

    def iterated(self, depth: int) -> str:
        label, prefix = self.label()
        name = self.fresh("x")
        kind = self.random.choice(["of", "of", "of", "array", "in"])
        if "async" in self.kind and kind == "of" and self.random.random() < 0.6:
            kind = "await"
        how = self.random.choice(["const", "let", "var"])
        what = self.random.choice([0, 0, 0, 1, 2] if kind == "of" else [0, 0, 1, 2, 3])
        origin = {
            "of": f"of source('{name}', {self.random.randint(1, 3)}, {what})",
            "await": f"of later('{name}', {self.random.randint(1, 3)}, {what})",
            "array": f"of [1, 2, 3].slice({self.random.randint(0, 2)})",
            "in": "in { a: 1, b: 2 }",
        }[kind]
        self.names.append(name)
        body = self.in_loop(depth, label)
        self.names.remove(name)
        return f"{prefix}for {'await ' if kind == 'await' else ''}({how} {name} {origin}) {body}"

    def tried(self, depth: int) -> str:
        text = f"try {self.block(depth)}"
        kind = self.random.choice(["catch", "finally", "both"])
        if kind != "finally":
            name = self.fresh("e")
            self.names.append(name)
            # Engines word their errors differently.
            text += f" catch ({name}) {{ {name} = told({name}); {self.statements(depth)}}}"
            self.names.remove(name)
        if kind != "catch":
            text += f" finally {self.block(depth)}"
        return text

    def labelled(self, depth: int) -> str:
        label = self.fresh("l")
        self.labels.append((label, False))
        text = self.block(depth) if self.random.random() < 0.7 else self.tried(depth)
        self.labels.pop()
        return f"{label}: {text}"

    def switched(self, depth: int) -> str:
        self.breakables += 1
        mark = len(self.names)
        cases = []
        for number in range(self.random.randint(1, 3)):
            # The declarations of a case are names of those behind it, where they may not have run.
            text = "".join(f"{self.statement(depth)} " for _ in range(self.random.randint(0, 2)))
            stored = ""
            if len(self.names) > mark and self.random.random() < 0.3:
                stored = f"{self.names[-1]} = {number}; "
            cases.append(f"case {number}: {stored}{text}")
        if self.random.random() < 0.5:
            cases.insert(self.random.randint(0, len(cases)), f"default: out({self.fresh('')}); ")
        del self.names[mark:]
        self.breakables -= 1
        return f"switch (coin(4)) {{ {''.join(cases)}}}"

    def used(self, depth: int) -> str:
        name = self.fresh("u")
        keyword = "await using" if "async" in self.kind and self.random.random() < 0.5 else "using"
        made = f"resource('{name}', {self.random.choice([0, 0, 1])})"
        form = self.random.choice(["block", "block", "for", "of", "switch"])
        if form == "block":
            return f"{{ {keyword} {name} = {made}; {self.statements(depth)}}}"
        if form == "switch":
            return f"switch (0) {{ case 0: {{ {keyword} {name} = {made}; {self.statements(depth)}}} }}"
        label, prefix = self.label()
        body = self.in_loop(depth, label)
        if form == "of":
            return f"{prefix}for ({keyword} {name} of [{made}, null, {made}]) {body}"
        turn = self.fresh("i")
        return f"var {turn} = 0; {prefix}for ({keyword} {name} = {made}; {turn}++ < 2; out('update', {turn})) {body}"

    def with_object(self, depth: int) -> str:
        name = (
            self.random.choice(self.names) if self.names and self.random.random() < 0.5 else self.fresh("w")
        )
        known = name in self.names
        if not known:
            self.names.append(name)
        text = f"with ({{ {name}: {self.fresh('')} }}) {self.block(depth)}"
        if not known:
            self.names.remove(name)
        return text


def quoted(text: str) -> str:
    """A template literal of the text."""
    return "`" + text.replace("\\", "\\\\").replace("`", "\\`").replace("$", "\\$") + "`"
