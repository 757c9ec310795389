"""Limits of cases, with what tables and headers say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lockstep.harness.project.tables import LimitsTable
from lockstep.reference.host.limits import Limits

_KINDS = {"steps": int, "seconds": float, "memory": int, "output": int}


def limited(limits: Limits, said: LimitsTable | Mapping[str, float]) -> Limits:
    """`limits`, with what a table or a header says in their place."""
    given = {name: getattr(said, name) for name in _KINDS} if isinstance(said, LimitsTable) else dict(said)
    return replace(
        limits, **{name: _KINDS[name](value) for name, value in given.items() if value is not None}
    )
