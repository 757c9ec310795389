"""Benchmarks: the same program on several engines in one run, the best of several rounds, as ratios."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lockstep.harness.engines.process import EngineDiedError
from lockstep.harness.engines.running import RunningEngine
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.model import Outcome
from lockstep.harness.status.yaml_file import YamlError, load_yaml
from lockstep.launch import PACKAGE
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits

ROOT = PACKAGE / "bench"
# The folder of a language's programs; both Lua versions share one.
FOLDERS = {
    "javascript": "javascript",
    "python": "python",
    "clojure": "clojure",
    "lua5.4": "lua",
    "lua5.1": "lua",
    "redis": "redis",
}
_BASES = {"redis": "redis:lua5.1:vm"}
_SECONDS = 120.0
# A program that takes an engine longer is run so many times, and no more.
_SLOW_MS, _SLOW_ROUNDS = 2000.0, 1


@dataclass(frozen=True)
class Benchmark:
    """One program: what it must print shows that every engine did the same work."""

    language: str
    name: str
    category: str
    program: Program
    expect: str


@dataclass(frozen=True)
class Measurement:
    """Milliseconds of one program on one engine, the best of `rounds`; or why there is no figure."""

    benchmark: Benchmark
    engine: str
    ms: float | None
    rounds: int
    problem: str = ""


def read_benchmarks(language: str, names: Sequence[str] = (), root: Path = ROOT) -> list[Benchmark]:
    """The programs of a language, all or those in `names`.

    Raises:
        YamlError: meta.yaml has another form.
    """
    folder = root / FOLDERS[language]
    path = folder / "meta.yaml"
    content = load_yaml(path)
    found = []
    try:
        for name, entry in content["programs"].items():
            if names and name not in names:
                continue
            file = folder / entry["file"]
            program = Program(file.read_text("utf-8"), file.name, path=str(file))
            found.append(Benchmark(language, name, entry["category"], program, str(entry["expect"])))
    except (KeyError, TypeError, AttributeError, OSError) as error:
        raise YamlError(f"{path}: not a list of benchmark programs: {error!r}") from error
    return found


def measure(
    benchmarks: Sequence[Benchmark],
    engines: Sequence[EngineSpec],
    rounds: int,
    report: Callable[[Measurement], object] = lambda _: None,
    seconds: float = 0.0,
) -> list[Measurement]:
    """Measure every program on every engine, one process at a time, the rounds of the engines interleaved.

    The first rounds also fill the engine's caches of compiled code and warm up a tracing host; the best round counts.

    Args:
        benchmarks: the programs.
        engines: what runs them.
        rounds: so many times at least.
        report: told each figure as soon as it is there.
        seconds: an engine whose rounds took less than this is given more of them.
    """
    measurements = []
    for benchmark in benchmarks:
        outcomes: dict[str, list[Outcome]] = {engine.name: [] for engine in engines}
        processes: dict[str, RunningEngine] = {}
        try:
            number = 0
            while going := [one for one in engines if _goes_on(outcomes[one.name], number < rounds, seconds)]:
                for engine in going:
                    _round(benchmark, engine, outcomes[engine.name], processes)
                number += 1
        finally:
            for process in processes.values():
                process.stop()
        for engine in engines:
            measurement = _best(benchmark, engine.name, outcomes[engine.name])
            measurements.append(measurement)
            report(measurement)
    return measurements


def _goes_on(outcomes: Sequence[Outcome], wanted: bool, seconds: float) -> bool:
    """Whether an engine runs the program once more."""
    if not outcomes:
        return True
    if outcomes[-1].completion != "completed":
        return False
    if min(outcome.ms for outcome in outcomes) > _SLOW_MS:
        return len(outcomes) < _SLOW_ROUNDS
    return wanted or sum(outcome.ms for outcome in outcomes) < seconds * 1000


def _round(
    benchmark: Benchmark,
    engine: EngineSpec,
    outcomes: list[Outcome],
    processes: dict[str, RunningEngine],
) -> None:
    try:
        process = processes.get(engine.name)
        if process is None:
            process = processes[engine.name] = engine.spawn()
            process.start()
        # No limits: metered code is slower.
        outcomes.append(process.observe(benchmark.program, Limits()))
    except EngineDiedError as error:
        outcomes.append(error.outcome)


def _best(benchmark: Benchmark, engine: str, outcomes: Sequence[Outcome]) -> Measurement:
    for outcome in outcomes:
        if outcome.completion != "completed":
            return Measurement(benchmark, engine, None, 0, f"{outcome.completion}: {outcome.message[:200]}")
        if outcome.output.strip() != benchmark.expect.strip():
            return Measurement(benchmark, engine, None, 0, f"printed {outcome.output.strip()[:60]!r}")
    return Measurement(benchmark, engine, min(outcome.ms for outcome in outcomes), len(outcomes))


def base_engine(language: str) -> str:
    """Our VM, which the others are compared with."""
    return _BASES.get(language, f"{language}:vm")


def geometric_mean(values: Sequence[float]) -> float:
    """The geometric mean of positive numbers."""
    return statistics.geometric_mean(values)


def table(measurements: Sequence[Measurement]) -> dict[str, dict[str, Any]]:
    """Program -> engine -> milliseconds, and the ratios of every engine to our VM."""
    rows: dict[str, dict[str, Any]] = {}
    for one in measurements:
        row = rows.setdefault(one.benchmark.name, {"category": one.benchmark.category, "ms": {}, "ratio": {}})
        row["ms"][one.engine] = None if one.ms is None else float(f"{one.ms:.3g}")
        if one.problem:
            row.setdefault("problem", {})[one.engine] = one.problem
    bases = {
        one.benchmark.name: one.ms
        for one in measurements
        if one.engine == base_engine(one.benchmark.language)
    }
    for one in measurements:
        base = bases.get(one.benchmark.name)
        if base and one.ms is not None:
            rows[one.benchmark.name]["ratio"][one.engine] = float(f"{one.ms / base:.3g}")
    return rows


# Pairs of engines whose ratio says how a VM does, where both were measured: (name, engine, base).
PAIRS = (
    ("VM / tree-walker", "{language}:vm", "{language}:treewalk"),
    ("VM / PUC Lua 5.4", "{language}:vm", "lupa:lua54"),
    ("VM on PyPy / PUC Lua 5.4", "{language}:vm@pypy3", "lupa:lua54"),
)


def pair_means(language: str, milliseconds: Mapping[str, Mapping[str, float | None]]) -> dict[str, float]:
    """The geometric mean, over programs, of the time of one engine for one millisecond of another.

    Args:
        language: the language.
        milliseconds: program -> engine -> milliseconds, None where there is no figure.
    """
    means = {}
    for name, engine, base in PAIRS:
        first, second = engine.format(language=language), base.format(language=language)
        ratios = [
            one / other
            for row in milliseconds.values()
            if (one := row.get(first)) is not None and (other := row.get(second))
        ]
        if ratios:
            means[name] = float(f"{geometric_mean(ratios):.3g}")
    return means


def machine() -> Mapping[str, object]:
    """What the figures were measured on."""
    return {
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "host": f"{platform.python_implementation()} {platform.python_version()}",
    }
