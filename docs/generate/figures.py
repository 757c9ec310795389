"""Tables of figures: what runs and benchmarks wrote, in the pages between `<!-- table: NAME -->` and `<!-- end -->`.

A single figure stands between `<!-- figure: NAME -->` and `<!-- / -->`; bench/host/operations.py measures those.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from docs.generate.command_page import cell
from docs.generate.sources import ROOT
from lockstep.harness.languages.profile import shipped_profiles
from lockstep.harness.reports.tables import percent
from lockstep.harness.status.yaml_file import load_yaml

_MARKED = re.compile(
    r"(?P<head><!-- table: (?P<name>[^\n]*?) -->\n)(?P<table>.*?)(?P<end><!-- end -->)", re.DOTALL
)
_FIGURE = re.compile(r"(?P<head><!-- figure: (?P<name>\S+) -->)[^<]*(?P<end><!-- / -->)")
_OPERATIONS = "bench/host/operations.yaml"
# How engines are called in the heads of columns.
_CALLED = (
    (re.compile(r".*:treewalk$"), "tree-walker"),
    (re.compile(r".*:vm@pypy3$"), "VM on PyPy"),
    (re.compile(r".*:vm$"), "VM"),
)
_BENCH = "status/bench.yaml"
# Keys of `harness` in status/bench.yaml -> what they say to a reader.
_HARNESS: Mapping[str, str] = {
    "protocol ms an execution": "an engine over the protocol that does nothing: ms an execution",
    "plain command ms an execution": "`/bin/true` as a plain command: ms an execution",
    "xargs ms an execution": "the same with `xargs -P 2`: ms an execution",
    "index cold seconds": "finding and reading Test262's headers, the first time: s",
    "index warm seconds": "the same from the index: s",
    "index MiB": "memory of the index: MiB",
    "two lanes to one": "two lanes to one: times as fast",
    "executions": "executions of the part of Test262 below",
    "ours, node kept running": "on Node.js, kept running: s",
    "ours, a process for each program": "on Node.js, a process for each program: s",
    "test262-harness": "the same with test262-harness: s",
    "compare, one program": "`lockstep compare` of one program: s",
    "eshost, one program": "the same with eshost: s",
}


def write() -> None:
    """Write every marked table anew, in every page."""
    for page in marked_pages():
        text = page.read_text("utf-8")
        made = renewed(text)
        if made != text:
            page.write_text(made, "utf-8")


def marked_pages() -> list[Path]:
    """The pages that hold such a table."""
    found = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [
        page
        for page in found
        if "<!-- table: " in (text := page.read_text("utf-8")) or "<!-- figure: " in text
    ]


def renewed(text: str) -> str:
    """The text of a page with its tables as they are now; one of which nothing has been measured stays."""

    def table(found: re.Match[str]) -> str:
        made = _made(found["name"])
        return f"{found['head']}{made}{found['end']}" if made else found[0]

    def figure(found: re.Match[str]) -> str:
        return f"{found['head']}{duration(_yaml(_OPERATIONS)['nanoseconds'][found['name']])}{found['end']}"

    return _FIGURE.sub(figure, _MARKED.sub(table, text))


def names(text: str) -> list[str]:
    """The names of the tables of a page."""
    return [found["name"] for found in _MARKED.finditer(text)]


def _made(name: str) -> str:
    """A table by its name, in Markdown; "" where nothing has been measured.

    Raises:
        KeyError: there is no such table.
    """
    kind, _, rest = name.partition(" ")
    return _TABLES[kind](rest)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1) -> str:
    """A table whose first columns hold `words`, the others numbers."""
    lines = [head, ["---"] * words + ["---:"] * (len(head) - words), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


@cache
def _yaml(name: str) -> Mapping[str, Any]:
    content: Mapping[str, Any] = load_yaml(ROOT / name)
    return content


def number(value: float | None) -> str:
    """Three digits, thousands set apart; "" for none."""
    if value is None:
        return ""
    digits = f"{value:.3g}"
    return f"{float(digits):,.0f}" if abs(value) >= 100 else f"{float(digits):g}"


def duration(nanoseconds: float) -> str:
    """A time in the unit in which it is short."""
    for unit, size in (("ms", 1e6), ("\N{MICRO SIGN}s", 1e3)):
        if nanoseconds >= size:
            return f"{_short(nanoseconds / size)} {unit}"
    return f"{_short(nanoseconds)} ns"


def _short(value: float) -> str:
    """Two digits: machines differ by more."""
    return number(float(f"{value:.2g}"))


def _called(engine: str) -> str:
    return next((name for pattern, name in _CALLED if pattern.match(engine)), engine)


def _bench(language: str) -> str:
    """Milliseconds of each program on each engine, and the geometric means."""
    measured = _yaml(_BENCH).get(language)
    if measured is None:
        return ""
    programs: Mapping[str, Any] = measured["programs"]
    engines = _in_order(engine for program in programs.values() for engine in program["ms"])
    sizes = load_yaml(ROOT / "bench" / language.rstrip("0123456789.") / "meta.yaml")["programs"]
    rows = [
        [f"`{name}`: {cell(str(sizes.get(name, {}).get('size', '')))}".removesuffix(": ")]
        + [number(program["ms"].get(engine)) for engine in engines]
        for name, program in programs.items()
    ]
    head = ["milliseconds", *map(_called, engines)]
    machine = measured["machine"]
    source = (
        f"\n{machine['host']}, {machine['cores']} cores ({machine['processor']}), {measured['measured']}, "
        f"best of {measured['rounds']} rounds in one run: `lockstep bench {language} --update-status`.\n"
    )
    means = "".join(f"{pair}: {number(mean)}. " for pair, mean in measured.get("means", {}).items())
    return _table(head, rows) + source + (f"\nGeometric means: {means.rstrip()}\n" if means else "")


def _in_order(engines: Iterable[str]) -> list[str]:
    """Each once: tree-walker, VM, VM on another host, then the others."""
    found = list(dict.fromkeys(engines))
    order = {"tree-walker": 0, "VM": 1, "VM on PyPy": 2}
    return sorted(found, key=lambda engine: order.get(_called(engine), 3))


def _harness(_: str) -> str:
    """What the harness itself costs."""
    measured = _yaml(_BENCH).get("harness")
    if measured is None:
        return ""
    rows = [[words, number(measured[key])] for key, words in _HARNESS.items() if key in measured]
    return _table(["what", "measured"], rows) + (
        f"\n{measured['cores']} cores, {measured['measured']}: `python bench/harness/compare.py --update-status`.\n"
    )


def _cluster(_: str) -> str:
    """What a cluster costs: every figure that bench/cluster/measure.py has written."""
    measured = _yaml(_BENCH).get("cluster")
    if measured is None:
        return ""
    rows = [
        [cell(f"{part}: {what}"), number(value) if isinstance(value, int | float) else cell(str(value))]
        for part, figures in measured.items()
        if isinstance(figures, Mapping)
        for what, value in figures.items()
    ]
    return _table(["what", "measured"], rows) + (
        f"\n{measured['measured']}: `python bench/cluster/measure.py --update-status`.\n"
    )


def _status(_: str) -> str:
    """What each suite counts on each engine, as status files have it."""
    rows = []
    for path in sorted((ROOT / "status").glob("*.yaml")):
        content = load_yaml(path)
        floors: Mapping[str, Any] = content.get("floor", {}) if "suite" in content else {}
        for engine, counts in content.get("counts", {}).items() if "suite" in content else ():
            floor = floors.get(engine)
            idle = "" if floor is None else percent(floor["passes"], floor["executions"])
            passes, total = counts.get("pass", 0), counts.get("total", 0)
            rows.append(
                [content["suite"], f"`{engine}`", f"{passes:,}", f"{total:,}", percent(passes, total), idle]
            )
    return _table(["suite", "engine", "passes", "executions", "share", "idle"], rows, words=2)


def _overview(_: str) -> str:
    """What `lockstep status` says of the suites, as the README shows it; our own fixtures and what follows the suites are left out."""
    command = [sys.executable, "-m", "lockstep.harness.cli", "status"]
    variables = {**os.environ, "LOCKSTEP_STATUS": str(ROOT / "status"), "COLUMNS": "200"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=variables)  # noqa: S603  # our own
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    head, rows = lines[:2], lines[2 : lines.index("")]
    shown = [*head, "...", *(row for row in rows if not row.startswith("fixtures ")), "..."]
    return "\n".join(("```text", "$ lockstep status", *shown, "```")) + "\n"


def _vars(_: str) -> str:
    """How many of Clojure's public vars are there, by namespace."""
    states = ("done", "partial", "wip", "todo")
    counted = {
        namespace: Counter(entry["status"] for entry in found.values())
        for namespace, found in _yaml("status/vars.yaml")["namespaces"].items()
    }
    rows = [
        [f"`{namespace}`", *(f"{states_of[state]:,}" for state in states), f"{states_of.total():,}"]
        for namespace, states_of in counted.items()
    ]
    total = sum(counted.values(), Counter())
    rows.append(["all", *(f"{total[state]:,}" for state in states), f"{total.total():,}"])
    return _table(["namespace", *states, "vars"], rows)


def _profiles(_: str) -> str:
    """The host profiles that ship."""
    found: dict[str, list[str]] = {}
    for name, profile in sorted(shipped_profiles().items()):
        found.setdefault(profile.language or "any", []).append(f"`{name}`")
    return _table(
        ["language", "profiles"],
        ([language, ", ".join(named)] for language, named in sorted(found.items())),
        words=2,
    )


_TABLES: Mapping[str, Callable[[str], str]] = {
    "bench": _bench,
    "harness": _harness,
    "cluster": _cluster,
    "overview": _overview,
    "status": _status,
    "vars": _vars,
    "profiles": _profiles,
}
