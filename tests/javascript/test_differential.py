"""Random programs on the tree-walker, the VM and Node.js: all must print the same."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from lockstep.reference.host.engine import Engine, Program
from lockstep.reference.host.errors import LimitExceeded
from lockstep.reference.host.limits import Budget, Limits, Output
from lockstep.reference.javascript.engine import create_engine
from tests.javascript.control_programs import Writer
from tests.javascript.scope_programs import ScopeWriter

# Runs each line's program in a context of its own, and answers when its jobs are done.
_SERVER = """
const vm = require("vm");
process.on("unhandledRejection", () => {});
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const printed = [];
  const context = vm.createContext({ print: (text) => printed.push(String(text)) });
  try { vm.runInContext(JSON.parse(line), context); } catch (e) { printed.push("host " + e); }
  setTimeout(() => console.log(JSON.stringify(printed.join("\\n"))), 0);
});
"""


class Node:
    """Node.js, where it is installed: what it prints for a program."""

    def __init__(self) -> None:
        command = shutil.which("node")
        self._process = (
            subprocess.Popen(
                [command, "-e", _SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            if command
            else None
        )

    def printed(self, program: str) -> str | None:
        """Its output, or None where there is no Node.js."""
        if self._process is None:
            return None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(program) + "\n")
        self._process.stdin.flush()
        return str(json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    made = Node()
    yield made
    made.close()


@pytest.fixture(scope="module")
def engines() -> list[Engine]:
    return [create_engine(backend, "") for backend in ("treewalk", "vm")]


def printed(engine: Engine, program: str) -> str:
    """What a program prints; its error, if it has one, in the last line."""
    output = Output()
    try:
        completion = engine.run(Program(program, "random.js"), Budget(Limits(steps=50_000)), output)
    except LimitExceeded:
        reject()
    error = "" if completion.error is None else f"{completion.error.name}: {completion.error.message}"
    return output.text().rstrip("\n") + error


def check(engines: list[Engine], node: Node, program: str) -> None:
    """Require that all say the same."""
    treewalk, vm = (printed(engine, program) for engine in engines)
    assert vm == treewalk, program
    expected = node.printed(program)
    if expected is not None:
        assert treewalk == expected, program


@settings(max_examples=120, deadline=None)
@given(
    random=st.randoms(use_true_random=False),
    kind=st.sampled_from(["plain", "generator", "async", "async generator", "constructor", "eval"]),
    dynamic=st.booleans(),
)
def test_control_flow(engines: list[Engine], node: Node, random: Random, kind: str, dynamic: bool) -> None:
    check(engines, node, Writer(random, kind, dynamic=dynamic).program())


@settings(max_examples=60, deadline=None)
@given(
    random=st.randoms(use_true_random=False),
    kind=st.sampled_from(["plain", "generator", "async", "async generator", "constructor"]),
    dynamic=st.booleans(),
)
def test_disposal(engines: list[Engine], random: Random, kind: str, dynamic: bool) -> None:
    """Node.js 20 has no `using`: the two backends are compared."""
    program = Writer(random, kind, dynamic=dynamic, disposing=True).program()
    treewalk, vm = (printed(engine, program) for engine in engines)
    assert vm == treewalk, program


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_names(engines: list[Engine], seed: int) -> None:
    """Node.js differs where its contexts for programs do: the two backends are compared."""
    program = ScopeWriter(Random(seed)).program()  # noqa: S311  # programs, not secrets
    treewalk, vm = (printed(engine, program) for engine in engines)
    assert vm == treewalk, program
