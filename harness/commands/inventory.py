"""`lockstep inventory`: the built-ins of a language of ours, with what is known of each."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict
from fnmatch import fnmatchcase
from typing import Any

from tabulate import tabulate

from lockstep.harness.status.status import status_folder
from lockstep.harness.status.yaml_file import load_yaml
from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.inventory import BuiltIn
from lockstep.reference.languages import ALIASES, UnknownEngineError, built_ins

DONE, USAGE, MISSING = 0, 2, 3
_ABSENT = "none"
_ENGINE = "javascript:vm"


def inventory(language: str, filters: tuple[str, ...], *, missing: bool, as_json: bool) -> int:
    """Print every built-in whose name matches one of `filters`; with `missing` only what is not there."""
    language = ALIASES.get(language, language)
    try:
        rows = run_deep(lambda: built_ins(language))
    except UnknownEngineError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    status = _STATUS.get(language, _unknown)()
    shown = [
        (row, "missing" if row.implementation == _ABSENT else status(row))
        for row in rows
        if (not filters or any(fnmatchcase(row.name, pattern) for pattern in filters))
        and (not missing or row.implementation == _ABSENT)
    ]
    if as_json:
        print(json.dumps([{**asdict(row), "status": state} for row, state in shown], indent=2))
        return DONE
    table = [
        [
            row.name,
            row.kind,
            "" if row.arity is None else row.arity,
            row.section,
            row.since,
            row.implementation,
            state,
        ]
        for row, state in shown
    ]
    print(
        tabulate(
            table,
            headers=["name", "kind", "arity", "section", "since", "written in", "status"],
            disable_numparse=True,
        )
    )
    counts = Counter(state or "there" for _, state in shown)
    print(
        f"{len(shown)} built-ins: " + ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
    )
    return DONE


def _unknown() -> Callable[[BuiltIn], str]:
    return lambda _: ""


def _status_file(name: str) -> Mapping[str, Any]:
    path = status_folder() / name
    return (load_yaml(path) or {}) if path.is_file() else {}


def _vars() -> Callable[[BuiltIn], str]:
    """Of a var, as status/vars.yaml has it."""
    namespaces = _status_file("vars.yaml").get("namespaces") or {}

    def status(row: BuiltIn) -> str:
        namespace, _, name = row.name.partition("/")
        return str((namespaces.get(namespace) or {}).get(name, {}).get("status", ""))

    return status


def _test262() -> Callable[[BuiltIn], str]:
    """Of an intrinsic, how many cases in its folder of Test262 do not pass, as status/test262.yaml has it."""
    known = _status_file("test262.yaml").get("known") or {}
    folders: Counter[str] = Counter()
    for case in known.get(_ENGINE) or {}:
        parts = str(case).split("/")
        folders.update("/".join(parts[:end]) for end in range(2, len(parts)))

    def status(row: BuiltIn) -> str:
        if row.kind == "constant":
            return ""
        path = row.name.replace("[Symbol.", ".Symbol.").rstrip("]").replace(".", "/").replace("%", "")
        failing = folders.get(f"built-ins/{path}", 0)
        return f"{failing} cases fail" if failing else "done"

    return status


_STATUS: Mapping[str, Callable[[], Callable[[BuiltIn], str]]] = {
    "clojure": _vars,
    "javascript": _test262,
}
