"""`[[suites.NAME.rules]]`: skips, features and modes by globs over cases."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lockstep.harness.project.tables import RuleTable
from lockstep.harness.suites.own.globs import glob_expression


def words(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """One word, or several, as a table has them."""
    return (value,) if isinstance(value, str) else value


@dataclass(frozen=True)
class Ruled:
    """What the rules say of a case; empty where they say nothing."""

    features: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    skip: str = ""


class Rules:
    """The rules of a suite; features of all that match count, of modes and skips the first."""

    def __init__(self, tables: Sequence[RuleTable]) -> None:
        self._rules: list[tuple[list[re.Pattern[str]], RuleTable]] = [
            ([glob_expression(pattern) for pattern in words(table.files)], table) for table in tables
        ]

    def of(self, path: str) -> Ruled:
        """What they say of the case of this path."""
        found = Ruled()
        for expressions, table in self._rules:
            if any(one.match(path) for one in expressions):
                found = Ruled(
                    (*found.features, *table.features), found.modes or table.modes, found.skip or table.skip
                )
        return found
