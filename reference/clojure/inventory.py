"""What the dialect has: every var of every namespace, and how it is implemented."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from lockstep.reference.clojure.analysis.special_forms import SPECIAL_FORMS
from lockstep.reference.clojure.engine import ClojureEngine
from lockstep.reference.clojure.runtime.descriptions import TABLE
from lockstep.reference.clojure.runtime.loading import LIBRARY
from lockstep.reference.clojure.runtime.state.vars import Unbound
from lockstep.reference.clojure.vm.intrinsics import CALLS, TESTS  # noqa: TID253
from lockstep.reference.host.inventory import BuiltIn
from lockstep.reference.host.limits import Budget, Output

DESCRIBED = Path(__file__).parent / "built_ins.tsv"
# Clojure lists these as special forms; here they are macros or belong to another form.
_LISTED_SPECIAL = ("catch", "finally", "&", "fn", "let", "loop", "letfn")


def built_ins(profile: str = "") -> list[BuiltIn]:
    """Every var; of those of Clojure 1.11.1 that are not there, a row that says so."""
    del profile
    known, pages = _known_vars(), _described()
    rows = []
    for namespace, entries in _vars().items():
        for name, (impl, arglists) in entries.items():
            facts = known.pop((namespace, name), {})
            kind = facts.get("type") or (
                "special-form" if impl == "special_form" else "function" if arglists else "var"
            )
            arity = _arity(facts.get("arglists") or arglists)
            rows.append(
                BuiltIn(f"{namespace}/{name}", kind, arity, *_source(namespace, name, facts, pages), impl)
            )
    rows += [
        BuiltIn(
            f"{namespace}/{name}",
            facts["type"],
            _arity(facts["arglists"]),
            *_source(namespace, name, facts, pages),
            "none",
        )
        for (namespace, name), facts in known.items()
    ]
    return sorted(rows, key=lambda row: row.name)


def _known_vars() -> dict[tuple[str, str], dict[str, str]]:
    """What Clojure 1.11.1 says of its own vars."""
    with TABLE.open(encoding="utf-8") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(row["ns"], row["name"]): row for row in rows}


def _described() -> dict[str, tuple[str, str]]:
    """Section and version of each namespace, and of the vars that differ from their namespace."""
    with DESCRIBED.open(encoding="utf-8") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["name"]: (row["section"], row["since"]) for row in rows}


def _source(
    namespace: str, name: str, facts: dict[str, str], pages: dict[str, tuple[str, str]]
) -> tuple[str, str]:
    """Where a var is described, and since when: its own row, its `:added`, or its namespace's."""
    section, since = pages.get(f"{namespace}/{name}") or pages.get(namespace, ("", ""))
    return section, facts.get("added") or since


def _arity(arglists: str) -> int | None:
    """How many arguments the longest argument list names, as `([x] [x & more])` prints; None without one.

    The lists of special forms show the form itself, `((if test then else?))`, and `exprs*` for any number.
    """
    most = None
    depth = count = 0
    rest = False
    for word in re.findall(r"[(\[{]|[)\]}]|[^\s,()\[\]{}]+", arglists):
        if depth == 2 and word not in ")]}":
            rest = rest or word == "&"
            count += not (rest or word.startswith("^") or word.endswith("*"))
        depth += word in ("(", "[", "{")
        if word == "(" and depth == 2:
            count -= 1
        depth -= word in (")", "]", "}")
        if depth == 1 and word in (")", "]"):
            most, count, rest = max(most or 0, count), 0, False
    return most


def vars() -> dict[str, dict[str, str]]:  # noqa: A001  # the harness asks for it by this name
    """Namespace -> var -> impl: special_form, intrinsic, host, bridge or clj."""
    return {
        namespace: {name: impl for name, (impl, _) in entries.items()}
        for namespace, entries in _vars().items()
    }


def _vars() -> dict[str, dict[str, tuple[str, str]]]:
    """Namespace -> var -> impl, and how it prints its argument lists."""
    engine = ClojureEngine("vm")
    environment = engine.environment(Budget(), Output())
    names = sorted(path.stem.replace("_", "-") for path in LIBRARY.glob("*.clj"))
    for name in names:
        if name != "clojure.core":
            environment.evaluator.load(f"(require '{name})", "inventory")
    arglists = environment.keyword("arglists")
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for name in names:
        entries: dict[str, tuple[str, str]] = {}
        for var_name, var in environment.namespaces[name].publics().items():
            if var.root().__class__ is Unbound and not var.metadata:
                continue
            impl = var.implementation
            if name == "clojure.core" and (var_name in CALLS or var_name in TESTS):
                impl = "intrinsic"
            lists = None if var.metadata is None else var.metadata.lookup(arglists)
            entries[var_name] = impl, "" if lists is None else environment.print_text(lists)
        if name == "clojure.core":
            for special in sorted({*SPECIAL_FORMS, *_LISTED_SPECIAL}):
                entries.setdefault(special, ("special_form", ""))
        found[name] = dict(sorted(entries.items()))
    return found
