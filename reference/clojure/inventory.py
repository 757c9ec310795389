"""What the dialect has: every var of every namespace, and how it is implemented."""

from __future__ import annotations

import csv

from lockstep.reference.clojure.analysis.special_forms import SPECIAL_FORMS
from lockstep.reference.clojure.engine import ClojureEngine
from lockstep.reference.clojure.runtime.loading import LIBRARY
from lockstep.reference.clojure.runtime.state.vars import Unbound
from lockstep.reference.clojure.vm.intrinsics import CALLS, TESTS  # noqa: TID253
from lockstep.reference.host.inventory import BuiltIn
from lockstep.reference.host.limits import Budget, Output

# Clojure lists these as special forms; here they are macros or belong to another form.
_LISTED_SPECIAL = ("catch", "finally", "&", "fn", "let", "loop", "letfn")


def built_ins(profile: str = "") -> list[BuiltIn]:
    """Every var; of those of Clojure 1.11.1 that are not there, a row that says so."""
    del profile
    types = _known_types()
    rows = []
    for namespace, entries in vars().items():
        for name, impl in entries.items():
            kind = types.pop((namespace, name), "special-form" if impl == "special_form" else "var")
            rows.append(BuiltIn(f"{namespace}/{name}", kind, implementation=impl))
    rows += [
        BuiltIn(f"{namespace}/{name}", kind, implementation="none")
        for (namespace, name), kind in types.items()
    ]
    return sorted(rows, key=lambda row: row.name)


def _known_types() -> dict[tuple[str, str], str]:
    with (LIBRARY / "clojure-1.11.1-vars.tsv").open(encoding="utf-8") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(row["ns"], row["name"]): row["type"] for row in rows}


def vars() -> dict[str, dict[str, str]]:  # noqa: A001  # the harness asks for it by this name
    """Namespace -> var -> impl: special_form, intrinsic, host, bridge or clj."""
    engine = ClojureEngine("vm")
    environment = engine.environment(Budget(), Output())
    names = sorted(path.stem.replace("_", "-") for path in LIBRARY.glob("*.clj"))
    for name in names:
        if name != "clojure.core":
            environment.evaluator.load(f"(require '{name})", "inventory")
    found: dict[str, dict[str, str]] = {}
    for name in names:
        entries: dict[str, str] = {}
        for var_name, var in environment.namespaces[name].publics().items():
            if var.root().__class__ is Unbound and not var.metadata:
                continue
            impl = var.implementation
            if name == "clojure.core" and (var_name in CALLS or var_name in TESTS):
                impl = "intrinsic"
            entries[var_name] = impl
        if name == "clojure.core":
            for special in sorted({*SPECIAL_FORMS, *_LISTED_SPECIAL}):
                entries.setdefault(special, "special_form")
        found[name] = dict(sorted(entries.items()))
    return found
