"""A worker stays small: of the programs that it ran, it keeps what it chose to keep, and no garbage."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import psutil
import pytest

from lockstep import launch

ENGINES = [
    f"{language}:{backend}"
    for language in ("javascript", "python", "clojure", "lua5.1", "lua5.4")
    for backend in ("vm", "treewalk")
]
FUNCTION = {
    "javascript": "function f{n}(x) {{\n  const t = {{x: x + {i}, y: '{i}/{n}'}};\n  return t.x > 5 ? t : t.y;\n}}\nvar g{n} = f{n}({n});",
    "python": "def f{n}(x):\n    t = {{'x': x + {i}, 'y': '{i}/{n}'}}\n    return t if t['x'] > 5 else t['y']\n\ng{n} = f{n}({n})",
    "clojure": '(defn f{n} [x]\n  (let [t {{:x (+ x {i}) :y "{i}/{n}"}}]\n    (if (> (:x t) 5)\n      t (:y t))))\n(def g{n} (f{n} {n}))',
    "lua": "local function f{n}(x)\n  local t = {{x = x + {i}, y = '{i}/{n}'}}\n  return t.x > 5 and t or t.y\nend\ng{n} = f{n}({n})",
}
# Each leaves a text of 40 MiB in a cycle.
CYCLE = {
    "javascript": "var a = ['x'.repeat(4e7)]; a.push(a);",
    "python": "a = ['x' * 40_000_000]\na.append(a)",
    "clojure": '(def a (object-array 2)) (aset a 0 a) (aset a 1 (apply str (repeat 400 (apply str (repeat 100000 "x")))))',
    "lua": "local a = {string.rep('x', 40000000)} a[2] = a",
}
# What a worker may hold after any number of programs.
MOST_MIB = 150


class Worker:
    """A worker process, asked as the harness asks it."""

    def __init__(self, engine: str) -> None:
        command = launch.command("reference.worker", engine)
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._ask({"type": "start", "version": 1})

    def _ask(self, message: dict[str, object]) -> dict[str, object]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(message) + "\n")
        stdin.flush()
        answer: dict[str, object] = json.loads(stdout.readline())
        return answer

    def run(self, source: str) -> None:
        """Run a program that must complete."""
        answer = self._ask({"type": "run", "id": 1, "source": source, "mode": "", "limits": {"steps": 10**8}})
        assert answer["completion"] == "completed", answer

    def mebibytes(self) -> int:
        """What it holds now."""
        return int(psutil.Process(self._process.pid).memory_info().rss >> 20)

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def worker(engine: str) -> Iterator[Worker]:
    made = Worker(engine)
    yield made
    made.stop()


def language(engine: str) -> str:
    name = engine.partition(":")[0]
    return "lua" if name.startswith("lua") else name


def test_different_programs(engine: str, worker: Worker) -> None:
    text = FUNCTION[language(engine)]
    for i in range(150):
        worker.run("\n".join(text.format(i=i, n=n) for n in range(20)) + "\n")
    assert worker.mebibytes() < MOST_MIB


def test_garbage_in_cycles(engine: str, worker: Worker) -> None:
    text = CYCLE[language(engine)]
    held = []
    for _ in range(6):
        worker.run(text)
        worker.run("")  # what the first left is free before the next answer
        held.append(worker.mebibytes())
    assert max(held) < MOST_MIB, held
