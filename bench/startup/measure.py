"""How fast big programs start: thread CPU time of whole runs in processes of their own, with an empty cache and a warm one.

    python bench/startup/measure.py FOLDER [--only terser|babel|typescript] [--engine javascript:treewalk] [--update-status]

FOLDER holds npm packages as `npm pack terser@5.51.4` and `tar xf` leave them, each in NAME-VERSION; nothing is fetched.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lockstep.harness.status.status import status_folder
from lockstep.harness.status.yaml_file import dump_yaml, load_yaml

MINIFIED = """function area(width, height) { var unused = 1; for (var i = 0; i < 10; i++) { height += i * 2; } return width * height; }
class Shape { constructor(w, h) { this.w = w; this.h = h; } get size() { return area(this.w, this.h); } }
console.log([[1, 2], [3, 4]].map(([w, h]) => new Shape(w, h)).map(function (s) { return s.size; }));
"""
TYPED = """interface P { x: number; y: number }
enum Color { Red, Green = 5 }
class Point<T extends P> { constructor(public readonly p: T) {} get len(): number { return this.p.x ** 2 + this.p.y ** 2; } }
const a: P[] = [{ x: 1, y: 2 }]; export const b = a.map((p: P): number => new Point(p).len ?? 0);
"""
COMMON = """var exports = {}, module = { exports: exports }, process = undefined;
var require = function (name) { return { SourceMapGenerator: function () {}, SourceMapConsumer: function () {} }; };
"""
# Name: the package's folder, the file in it, and the work.
PROGRAMS = {
    "terser": (
        "terser-5.51.4",
        "dist/bundle.min.js",
        f"exports.minify({json.dumps(MINIFIED)}).then((result) => print(result.code));",
    ),
    "babel": (
        "babel-standalone-7.29.13",
        "babel.js",
        f"print(exports.transform({json.dumps(MINIFIED)}, {{ presets: [['env', {{ targets: {{ ie: '11' }} }}]] }}).code);",
    ),
    "typescript": (
        "typescript-5.4.5",
        "lib/typescript.js",
        f"print(module.exports.transpileModule({json.dumps(TYPED)}, {{ compilerOptions: {{ target: 'ES2017' }} }}).outputText);",
    ),
}
RUN = """
import sys, time
from lockstep.reference.host.collector import prepare_collector
from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Budget, Output
from lockstep.reference.languages import create_engine

def run():
    prepare_collector()
    source, output = sys.stdin.read(), Output()
    engine = create_engine(sys.argv[1])
    began = time.thread_time()
    completion = engine.run(Program(source, "big.js"), Budget(), output)
    taken = time.thread_time() - began
    assert completion.error is None and len(output.text()) > 100, completion.error
    print(taken)

run_deep(run)
"""


def seconds(engine: str, source: str, cache: str) -> float:
    """Thread CPU time of one run in a process of its own."""
    command = [sys.executable, "-c", RUN, engine]
    environment = {**os.environ, "LOCKSTEP_CACHE": cache}
    done = subprocess.run(command, input=source, capture_output=True, text=True, env=environment, check=True)
    return round(float(done.stdout), 2)


def measured(folder: Path, name: str, engine: str) -> dict[str, object]:
    """One program, cold and warm."""
    package, file, work = PROGRAMS[name]
    source = COMMON + (folder / package / file).read_text(encoding="utf-8") + "\n;" + work
    with tempfile.TemporaryDirectory() as cache:
        cold = seconds(engine, source, cache)
        warm = min(seconds(engine, source, cache) for _ in range(2))
    return {"package": package, "characters": len(source), "cold": cold, "warm": warm}


def main() -> None:
    """Measure, print, and record what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", choices=PROGRAMS)
    parser.add_argument("--engine", default="javascript:vm")
    parser.add_argument("--update-status", action="store_true")
    given = parser.parse_args()
    found = {}
    for name in [given.only] if given.only else PROGRAMS:
        found[name] = measured(given.folder, name, given.engine)
        print(f"{name:12} cold {found[name]['cold']:6.2f} s   warm {found[name]['warm']:6.2f} s", flush=True)
    if given.update_status:
        path = status_folder() / "bench.yaml"
        content = load_yaml(path)
        known = content.get("startup", {})
        known[given.engine] = {**known.get(given.engine, {}), **found, "measured": time.strftime("%Y-%m-%d")}
        content["startup"] = known
        head = "".join(line for line in path.read_text().splitlines(keepends=True) if line.startswith("#"))
        dump_yaml(path, content, head)


if __name__ == "__main__":
    main()
