"""`lockstep bench`: measure, print a table a language, write status/bench.yaml."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from tabulate import tabulate

from lockstep.harness.benchmark import (
    FOLDERS,
    Measurement,
    base_engine,
    geometric_mean,
    machine,
    measure,
    pair_means,
    read_benchmarks,
    table,
)
from lockstep.harness.engines.registry import engines_of, resolve
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.model import MissingError
from lockstep.harness.records.record import now
from lockstep.harness.status.status import status_folder
from lockstep.harness.status.yaml_file import YamlError, dump_yaml, load_yaml
from lockstep.reference.languages import ALIASES

DONE, FAILED, MISSING, INTERRUPTED = 0, 1, 3, 130
_DEFAULT = ("javascript", "python", "clojure", "lua5.4", "redis")
# Engines that are measured beside those of `engines_of`. Basilisp takes minutes: `--engine clojure:vm,basilisp`.
_EXTRA = {"javascript": ("node:jitless", "quickjs")}
_HEAD = (
    "# Written by `lockstep bench --update-status`: milliseconds, the best of several rounds in one run;\n"
    "# ratio: milliseconds of the engine for one millisecond of our VM (above 1: slower than our VM);\n"
    "# means: the geometric mean over programs of the first engine's time for a millisecond of the second.\n"
)


def bench(
    languages: tuple[str, ...],
    engine_names: tuple[str, ...],
    programs: tuple[str, ...],
    rounds: int,
    hosts: tuple[str, ...],
    seconds: float,
    *,
    update_status: bool,
) -> int:
    """Measure the programs of `languages` on every engine that is installed, or on those named."""
    chosen = tuple(ALIASES.get(language, language) for language in languages) or _DEFAULT
    unknown = [language for language in chosen if language not in FOLDERS]
    if unknown:
        sys.stderr.write(f"no benchmarks for {', '.join(unknown)}; there are: {', '.join(FOLDERS)}\n")
        return MISSING
    found: dict[str, list[Measurement]] = {}
    try:
        for language in chosen:
            benchmarks = read_benchmarks(language, programs)
            if not benchmarks:
                continue
            engines = _engines(language, engine_names, hosts)
            found[language] = measure(benchmarks, engines, rounds, _progress, seconds)
            _print(language, found[language])
    except (YamlError, MissingError) as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    except KeyboardInterrupt:
        return INTERRUPTED
    if update_status:
        _write(found, rounds, seconds)
    return FAILED if any(one.problem for many in found.values() for one in many) else DONE


def _engines(language: str, names: Sequence[str], hosts: Sequence[str]) -> list[EngineSpec]:
    if names:
        found = [resolve(name) for name in names]
        return [engine for engine in found if engine.language == language]
    others = () if language == "redis" else hosts  # its server runs under this host only
    wanted = [*engines_of(language), *_EXTRA.get(language, ()), *(f"{language}:vm@{host}" for host in others)]
    engines = []
    for name in dict.fromkeys(wanted):
        try:
            engines.append(resolve(name))
        except MissingError as error:
            sys.stderr.write(f"left out: {error}\n")
    return engines


def _progress(one: Measurement) -> None:
    figure = one.problem if one.ms is None else f"{one.ms:.1f} ms"
    sys.stderr.write(f"{one.benchmark.language} {one.benchmark.name} {one.engine}: {figure}\n")


def _print(language: str, measurements: Sequence[Measurement]) -> None:
    rows = table(measurements)
    engines = list(dict.fromkeys(one.engine for one in measurements))
    lines: list[list[object]] = []
    for name, row in rows.items():
        cells = []
        for engine in engines:
            ms, ratio = row["ms"].get(engine), row["ratio"].get(engine)
            cells.append("-" if ms is None else f"{ms:.4g}" + (f" ({ratio:.3g}x)" if ratio else ""))
        lines.append([name, *cells])
    means = []
    for engine in engines:
        ratios = [row["ratio"][engine] for row in rows.values() if engine in row["ratio"]]
        means.append(f"{geometric_mean(ratios):.3g}x" if ratios else "-")
    lines.append(["geometric mean", *means])
    print(f"\n{language}: milliseconds, and the ratio to {base_engine(language)}")
    print(tabulate(lines, headers=["program", *engines], disable_numparse=True))
    for name, mean in pair_means(language, {name: row["ms"] for name, row in rows.items()}).items():
        print(f"{name}: {mean:.3g} in the geometric mean")


def _write(found: dict[str, list[Measurement]], rounds: int, seconds: float) -> None:
    path = status_folder() / "bench.yaml"
    content: dict[str, Any] = (load_yaml(path) or {}) if path.exists() else {}
    for language, measurements in found.items():
        rows = table(measurements)
        entry = content.setdefault(language, {})
        entry.update(
            {"measured": now()[:10], "machine": dict(machine()), "rounds": rounds, "seconds": seconds}
        )
        programs = entry.setdefault("programs", {})
        for name, row in rows.items():
            known = programs.setdefault(name, {"category": row["category"], "ms": {}, "ratio": {}})
            known["category"] = row["category"]
            known["ms"].update(row["ms"])
            known["ratio"].update(row["ratio"])
        entry["means"] = pair_means(language, {name: row["ms"] for name, row in programs.items()})
    dump_yaml(path, content, _HEAD)
