"""What operations of the host, and of our VMs, cost: the figures beside the representations in docs/.

    python bench/host/operations.py [--only PREFIX]

Writes bench/host/operations.yaml; `python -m docs.generate` puts the figures into the pages, between `<!-- figure: NAME -->` and
`<!-- / -->`. Nanoseconds of processor time for one operation, without the loop around it; the least of some rounds.
"""

from __future__ import annotations

import argparse
import gc
import io
import platform
import time
from pathlib import Path
from typing import Any

from lockstep.harness.status.yaml_file import dump_yaml, load_yaml
from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Budget, Limits
from lockstep.reference.languages import create_engine

HERE = Path(__file__).parent
FILE = HERE / "operations.yaml"
ROUNDS = 9
TURNS = 200_000

# Name -> what stands before the loop, and what is done in each turn, in the host's own words.
HOST: dict[str, tuple[str, str]] = {
    "js.add": ("x = 1.5; y = 2.5", "x + y"),
    "js.class-check": ("r = 1.5", "if r.__class__ is not float: raise TypeError"),
    "js.read": ("class O: pass\no = O(); o.x = 1.0", "o.x"),
    "js.write": ("class O: pass\no = O(); o.x = 1.0", "o.x = 2.0"),
    "js.create": ("class O:\n def __init__(self, a, b): self.a = a; self.b = b", "O(1.0, 2.0)"),
    "js.class": ("", "type('C', (), {})"),
    "js.class-update": ("class C: pass", "C.m = 1"),
    "js.item-int": ("a = [1.0] * 10; i = 3", "a[i]"),
    "js.item-float": ("a = [1.0] * 10; i = 3.0", "a[int(i)]"),
    "js.method": ("class F:\n def call(self, this): return this\nf = F().call", "f(None)"),
    "js.partial": (
        "import functools\ndef call(realm, this): return this\nf = functools.partial(call, None)",
        "f(None)",
    ),
    "lua.attribute": ("class T: pass\nt = T(); t.x = 1; t.y = 0", "t.x = t.x + t.y"),
    "lua.dict": (
        "class T:\n __slots__ = ('d',)\nt = T(); t.d = {'x': 1, 'y': 0}",
        "t.d['x'] = t.d['x'] + t.d['y']",
    ),
    "lua.subclass": ("class T(dict): pass\nt = T(); t['x'] = 1; t['y'] = 0", "t['x'] = t['x'] + t['y']"),
    "lua.sum": ("a = 3; b = 4", "r = a + b"),
    "lua.sum-small": ("a = 3; b = 4", "if not -(1 << 30) < (r := a + b) < (1 << 30): raise OverflowError"),
    "lua.sum-wide": ("a = 3; b = 4", "if not -(1 << 63) <= (r := a + b) < (1 << 63): raise OverflowError"),
    "lua.list": ("a = [1] * 10; i = 3", "a[i]"),
    "lua.hash": ("a = dict.fromkeys(range(10), 1); i = 3", "a[i]"),
    "lua.generator": ("def g():\n while True: yield\nstep = g().__next__", "step()"),
    "lua.greenlet": (
        "import greenlet\nparent = greenlet.getcurrent()\ndef g():\n while True: parent.switch()\nstep = greenlet.greenlet(g).switch",
        "step()",
    ),
    "lua.exception": (
        "d = {}\ndef miss():\n try: d['x']\n except KeyError: pass\ndef hit():\n try: d.get('x')\n except KeyError: pass",
        "miss()",
    ),
    "python.builtin": ("class B:\n def __call__(self, a): return a\nf = B()", "f(1)"),
    "python.partial": ("import functools\ndef b(e, a): return a\nf = functools.partial(b, None)", "f(1)"),
}
# Name -> engine, a program that does it so often, and how often. What the same program does without it stands in WITHOUT.
GUEST: dict[str, tuple[str, str, int]] = {
    "clojure.sum-loop": ("clojure:vm", "(loop [i 0 s 0] (if (< i 1000000) (recur (inc i) (+ s i)) s))", 1),
    "clojure.conj": (
        "clojure:vm",
        "(loop [i 0 v []] (if (< i 100000) (recur (inc i) (conj v i)) v))",
        100_000,
    ),
    "clojure.assoc": (
        "clojure:vm",
        "(let [v (vec (range 1000))] (loop [i 0 v v] (if (< i 100000) (recur (inc i) (assoc v 7 i)) v)))",
        100_000,
    ),
    "clojure.nth": (
        "clojure:vm",
        "(let [v (vec (range 1000))] (loop [i 0 s 0] (if (< i 100000) (recur (inc i) (nth v 7)) s)))",
        100_000,
    ),
    "clojure.map-assoc-small": (
        "clojure:vm",
        "(loop [i 0 m {:a 1 :b 2 :c 3}] (if (< i 100000) (recur (inc i) (assoc m :b i)) m))",
        100_000,
    ),
    "clojure.map-assoc": (
        "clojure:vm",
        "(let [m (zipmap (range 1024) (range))] (loop [i 0 m m] (if (< i 100000) (recur (inc i) (assoc m 7 i)) m)))",
        100_000,
    ),
    "clojure.lookup": (
        "clojure:vm",
        "(let [m (zipmap (range 1024) (range))] (loop [i 0 s 0] (if (< i 100000) (recur (inc i) (get m 7)) s)))",
        100_000,
    ),
    "clojure.keyword": (
        "clojure:vm",
        "(let [m {:k 1 :l 2}] (loop [i 0 s 0] (if (< i 100000) (recur (inc i) (:k m)) s)))",
        100_000,
    ),
    "clojure.sequences": ("clojure:vm", "(reduce + (filter even? (map inc (range 100000))))", 1),
    "clojure.fib": (
        "clojure:vm",
        "(defn fib [n] (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))) (fib 25)",
        1,
    ),
    "clojure.record": (
        "clojure:vm",
        "(defrecord P [x y]) (let [p (->P 1 2)] (loop [i 0 s 0] (if (< i 1000000) (recur (inc i) (:x p)) s)))",
        1,
    ),
    "lua.fib": (
        "lua5.4:vm",
        "local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end fib(27)",
        1,
    ),
}
WITHOUT = {
    name: "(loop [i 0 s 0] (if (< i 100000) (recur (inc i) s) s))"
    for name, (_, _, times) in GUEST.items()
    if times == 100_000
}


def host(before: str, turn: str) -> float:
    """Nanoseconds of a turn, without the loop."""
    names: dict[str, Any] = {}
    exec(before, names)
    # A function, since what is done in a VM's code is done with locals.
    locals_of = [name for name in names if not name.startswith("__")]
    head = f"def timed(turns, {', '.join(locals_of)}):\n for _ in range(turns):\n  "
    return _least(names, locals_of, f"{head}{turn}") - _least(names, locals_of, f"{head}pass")


def _least(names: dict[str, Any], taken: list[str], source: str) -> float:
    exec(source, names)
    arguments = [names[name] for name in taken]
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.thread_time_ns()
        names["timed"](TURNS, *arguments)
        best = min(best, (time.thread_time_ns() - started) / TURNS)
    return best


def guest(engine_name: str, source: str) -> float:
    """Nanoseconds of a program in a fresh state, without compiling it."""
    engine = create_engine(engine_name)
    best = float("inf")
    for _ in range(ROUNDS + 2):  # the first compiles
        gc.collect()
        started = time.process_time_ns()
        completion = run_deep(lambda: engine.run(Program(source), Budget(Limits()), io.StringIO()))
        best = min(best, time.process_time_ns() - started)
        if completion.error is not None:
            raise SystemExit(f"{source}: {completion.error}")
    return best


def measured(prefix: str) -> dict[str, float]:
    """Name -> nanoseconds, of the figures whose names begin so."""
    found = {name: host(*HOST[name]) for name in HOST if name.startswith(prefix)}
    for name, (engine, source, times) in GUEST.items():
        if name.startswith(prefix):
            base = guest(engine, WITHOUT.get(name, "nil" if engine.startswith("clojure") else ""))
            found[name] = (guest(engine, source) - base) / times
    return found


def main() -> None:
    """Measure, print, and write."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--only", default="")
    found = measured(options.parse_args().only)
    before = load_yaml(FILE)["nanoseconds"] if FILE.exists() else {}
    for name, value in found.items():
        print(f"{name:26} {value:,.1f} ns")
    content = {
        "measured": time.strftime("%Y-%m-%d"),
        "host": f"{platform.python_implementation()} {platform.python_version()}",
        "nanoseconds": {**before, **{name: float(f"{value:.3g}") for name, value in found.items()}},
    }
    dump_yaml(FILE, content, "# Written by bench/host/operations.py.\n")


if __name__ == "__main__":
    main()
