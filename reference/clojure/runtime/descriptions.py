"""What Clojure 1.11.1 says of its own vars: since when they are there, and how they are called.

The table is data that was asked of the JVM's Clojure. It has no docstrings: their text is not ours to give.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lockstep.reference.clojure.runtime.forms import Forms
from lockstep.reference.clojure.runtime.state.vars import Var
from lockstep.reference.clojure.runtime.values.interfaces import IPersistentMap
from lockstep.reference.clojure.syntax.reader import Reader

if TYPE_CHECKING:
    from lockstep.reference.clojure.runtime.environment import Environment


TABLE = Path(__file__).parent / "library" / "clojure-1.11.1-vars.tsv"


@cache
def _rows() -> dict[str, dict[str, str]]:
    """The rows, by namespace/name."""
    with TABLE.open(encoding="utf-8") as stream:
        table = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {f"{row['ns']}/{row['name']}": row for row in table}


def described(environment: Environment, var: Var, metadata: IPersistentMap) -> IPersistentMap:
    """`metadata` of a var of Clojure's own, with what is known of it; the same if it was there, or is not told."""
    row = _rows().get(var.key)
    keyword = environment.keyword
    if row is None or not row["added"] or metadata.contains(keyword("added")):
        return metadata
    for name in ("added", "deprecated"):
        if row[name]:
            metadata = metadata.assoc_key(keyword(name), row[name])
    # Ours may be written with other parameters.
    if row["arglists"]:
        reader = Reader(row["arglists"], "NO_SOURCE_FILE", Forms(environment), environment.features)
        metadata = metadata.assoc_key(keyword("arglists"), reader.read())
    return metadata
