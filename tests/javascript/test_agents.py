"""Agents of JavaScript: the limits of a run hold for all of them, and they end with it."""

from __future__ import annotations

import pytest

from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.engine import Completion, Program
from lockstep.reference.host.errors import LimitExceeded
from lockstep.reference.host.limits import Budget, Limits, Output
from lockstep.reference.languages import create_engine

BACKENDS = ("vm", "treewalk")


def run(backend: str, source: str, limits: Limits) -> tuple[Completion, str]:
    """Run a script on one backend; how it ended, and what it wrote."""
    engine = create_engine(f"javascript:{backend}")
    output = Output()
    completion = run_deep(lambda: engine.run(Program(source), Budget(limits), output))
    return completion, output.text()


@pytest.mark.parametrize("backend", BACKENDS)
def test_steps_of_agents_count(backend: str) -> None:
    source = "$262.agent.start('while (true);'); $262.agent.sleep(1e6);"
    with pytest.raises(LimitExceeded, match="steps"):
        run(backend, source, Limits(steps=20_000))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("limits", [Limits(), Limits(steps=100_000)])
def test_agents_end_with_the_run(backend: str, limits: Limits) -> None:
    source = "$262.agent.start('try { while (true); } finally { print(1) }'); print(2);"
    completion, output = run(backend, source, limits)
    assert completion.error is None
    assert output == "2\n"


@pytest.mark.parametrize("backend", BACKENDS)
def test_where_agents_are_interrupted_is_repeatable(backend: str) -> None:
    source = """
        const shared = new Int32Array(new SharedArrayBuffer(8));
        for (const name of "abc")
            $262.agent.start(`$262.agent.receiveBroadcast(buffer => {
                const shared = new Int32Array(buffer);
                for (let n = 0; n < 5000; n++) if (n % 100 === 0) print("${name}");
                Atomics.add(shared, 0, 1);
            })`);
        $262.agent.broadcast(shared.buffer);
        while (shared[0] < 3);
    """
    outputs = {run(backend, source, Limits(steps=200_000))[1] for _ in range(2)}
    assert len(outputs) == 1
    assert "ab" in outputs.pop().replace("\n", "")


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_error_of_an_agent_is_shown(backend: str) -> None:
    completion, output = run(backend, "$262.agent.start('null.x')", Limits())
    assert completion.error is None
    assert output.startswith("Uncaught in an agent: TypeError")
