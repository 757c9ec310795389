"""status/vars.yaml: every public var of Clojure, how it is implemented, and whether its test passes."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from lockstep.harness.engines.process import EngineDiedError
from lockstep.harness.engines.registry import resolve
from lockstep.harness.model import Suite
from lockstep.harness.status.status import Status, status_folder
from lockstep.harness.status.yaml_file import dump_yaml, load_yaml
from lockstep.harness.suites.clojure import vars_tested
from lockstep.launch import PACKAGE

VARS = PACKAGE / "reference" / "clojure" / "runtime" / "library" / "clojure-1.11.1-vars.tsv"
_HEAD = (
    "# Every public var of Clojure 1.11.1. Written by `lockstep run clojure-test-suite --update-status`;\n"
    "# only notes may be added by hand, and they survive. docs/status.md has the form.\n"
)
_ENGINE = "clojure:vm"
_REFERENCE = ("clojure:treewalk", "clojure:vm")


def known_vars() -> dict[str, dict[str, str]]:
    """Namespace -> var -> type, for the 1,231 vars of Clojure 1.11.1."""
    namespaces: dict[str, dict[str, str]] = {}
    with VARS.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            namespaces.setdefault(row["ns"], {})[row["name"]] = row["type"]
    return namespaces


def inventory() -> dict[str, dict[str, str]]:
    """Namespace -> var -> impl, as our engine lists them; empty if it cannot start."""
    process = resolve(_ENGINE).spawn()
    try:
        process.start()
        return process.inventory()
    except EngineDiedError:
        return {}
    finally:
        process.stop()


def update_vars(status: Status, suite: Suite) -> Path:
    """Write vars.yaml from the engine's inventory and the verdicts in `status`.

    A var is `done` when it exists and every file of the portable suite that names it passes on both backends;
    `partial` when one of them fails, `wip` when none speaks of it, `todo` when it does not exist.
    """
    path = status_folder() / "vars.yaml"
    before: dict[str, Any] = (load_yaml(path) or {}) if path.exists() else {}
    notes = {
        (namespace, name): entry["note"]
        for namespace, names in (before.get("namespaces") or {}).items()
        for name, entry in names.items()
        if entry.get("note")
    }
    verdicts: dict[tuple[str, str], bool] = {}
    for case in suite.cases():
        source = suite.source_path(case)
        assert source is not None
        passes = not any(status.knows(engine, case.id, "") for engine in _REFERENCE)
        for var in vars_tested(source):
            verdicts[var] = verdicts.get(var, True) and passes
    listed = inventory()
    namespaces: dict[str, dict[str, dict[str, str]]] = {}
    counts = dict.fromkeys(("done", "partial", "wip", "todo"), 0)
    for namespace, names in known_vars().items():
        entries = namespaces.setdefault(namespace, {})
        for name, kind in names.items():
            impl = (listed.get(namespace) or {}).get(name, "none")
            state = _state(impl, verdicts.get((namespace, name)))
            counts[state] += 1
            entries[name] = {"type": kind, "status": state, "impl": impl}
            if (namespace, name) in notes:
                entries[name]["note"] = notes[namespace, name]
    total = sum(counts.values())
    dump_yaml(path, {"counts": {**counts, "total": total}, "namespaces": namespaces}, _HEAD)
    return path


def _state(impl: str, passes: bool | None) -> str:
    if impl == "none":
        return "todo"
    if passes is None:
        return "wip"
    return "done" if passes else "partial"
