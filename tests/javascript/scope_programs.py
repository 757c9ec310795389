"""Random programs of names: declarations of every kind that `eval`, `with`, parameters and functions in blocks can see."""

from __future__ import annotations

from random import Random

_NAMES = ("a", "b", "c", "d")
_PRELUDE = """
var seen = [], late = [];
function out(...all) {
  if (seen.length < 200) seen.push(all.map((v) => typeof v === "function" ? "function" : typeof v === "object" ? "object" : String(v)).join(" "));
}
function tell(f) { try { out(f()); } catch (e) { out(e.name); } }
"""
_FRAMES = (
    "%s",
    "{ %s }",
    "(function () { %s })();",
    "(() => { %s })();",
    "(function f(c) { %s })(7);",
    "(function (a, b = eval('1')) { %s })();",
    "(function (a, b = () => a) { %s late.push(b); })();",
    "(function* () { %s })().next();",
    "new (class { constructor(d) { this.d = d; } m() { return this.d; } })(1).m(); %s",
)


class ScopeWriter:
    """Writes one program, from what `random` chooses."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.numbers = 0

    def program(self) -> str:
        """The whole text; it calls `print` once."""
        body = self.random.choice(_FRAMES) % f"{self.statements(3)} {self.statements(3)}"
        return (
            f"{_PRELUDE}try {{ {body} }} catch (e) {{ out('top', e.name); }}"
            " late.forEach(tell); print(seen.join('; '));"
        )

    def number(self) -> str:
        """One that no other place has."""
        self.numbers += 1
        return str(self.numbers)

    def names(self) -> tuple[str, str]:
        """Two different names."""
        one, other = self.random.sample(_NAMES, 2)
        return one, other

    def statements(self, depth: int) -> str:
        """Some statements."""
        return " ".join(self.statement(depth) for _ in range(self.random.randint(1, 4)))

    def expression(self, depth: int) -> str:
        """Something that reads, writes or deletes a name."""
        name, other = self.names()
        forms = [
            name,
            name,
            self.number(),
            f"typeof {name}",
            f"eval('{name}')",
            f"eval('typeof {name}')",
            f"({name} = {self.number()})",
            f"({name} += 1)",
            f"eval('{name} = {self.number()}')",
            f"(delete {name})",
        ]
        if depth > 0:
            inner = [self.expression(depth - 1) for _ in range(3)]
            own = self.random.choice(["", name])
            forms += [
                f"(() => {inner[0]})()",
                f"(function {own}() {{ {self.statements(depth - 1)} return {inner[1]} }})()",
                f"(({name} = {inner[0]}, {other} = {inner[1]}) => {inner[2]})()",
                f"(({{ {name} = {inner[0]} }}, [{other}] = [{inner[1]}]) => {inner[2]})({{}})",
            ]
        return self.random.choice(forms)

    def statement(self, depth: int) -> str:
        """A declaration, or code in a scope of its own."""
        name, other = self.names()
        told = f"tell(() => {self.expression(depth)});"
        if depth <= 0 or self.random.random() < 0.3:
            return told
        value, body = self.expression(depth - 1), self.statements(depth - 1)
        kind = self.random.choice(["var", "let", "const"])
        number = self.number()
        upper = name.upper()
        return self.random.choice(
            [
                f"var {name} = {value};",
                f"{{ {kind} {name} = {value}; {body} }}",
                f"{{ {told} let {name} = {value}; {body} }}",
                f"{{ function {name}() {{ return {value} }} {body} }}",
                f"function {name}() {{ return {number} }}",
                f"try {{ eval(`{kind} {name} = {number}; out(typeof {name})`) }} catch (e) {{ out(e.name) }}",
                f"try {{ eval(`function {name}() {{ return {number} }}`) }} catch (e) {{ out(e.name) }}",
                f"with ({{ {name}: {number} }}) {{ {body} }}",
                f"try {{ throw {number} }} catch ({name}) {{ {body} }}",
                f"for ({kind} {name} of [1, 2]) {{ {body} late.push(() => {name}); }}",
                f"class {upper} {{ static {name} = {value}; m() {{ return {name} }} }} tell(() => new {upper}().m());",
                f"(function ({name}, {other} = {value}) {{ {body} tell(() => arguments.length); }})({number});",
                f"(function ({name}) {{ {body} arguments[0] = 'x'; tell(() => {name}); }})({number});",
                f"switch (1) {{ case 0: let {name} = 1; case 1: {body} }}",
                f"if ({self.random.randint(0, 1)}) {{ function {name}() {{ return {number} }} }}",
            ]
        )
