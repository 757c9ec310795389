"""A suite that is a choice of the cases of another, so that its numbers are those of what somebody means to pass."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from lockstep.harness.model import Case, MissingError, Suite, Task
from lockstep.harness.project.tables import SuiteTable
from lockstep.harness.selection import Selection
from lockstep.harness.suites.own.limits import limited
from lockstep.harness.suites.own.rules import Rules, words


class Choice:
    """`[suites.NAME]` with `of`.

    Attributes:
        name: as the project file has it.
        table: what that says.
    """

    def __init__(self, name: str, table: SuiteTable, base: Suite) -> None:
        self.name = name
        self.table = table
        self._base = base

    @property
    def languages(self) -> tuple[str, ...]:
        """Those of the suite that it chooses from."""
        return self._base.languages

    @property
    def revision(self) -> str:
        """The table's own, or that of the suite that it chooses from."""
        return self.table.revision or self._base.revision

    @property
    def volatile(self) -> re.Pattern[str] | None:
        """As that suite has it."""
        return getattr(self._base, "volatile", None)

    @property
    def sources(self) -> Sequence[str]:
        """As that suite has them."""
        return getattr(self._base, "sources", ())

    @property
    def places(self) -> Sequence[Path]:
        """As that suite has them."""
        return getattr(self._base, "places", ())

    @property
    def oracles(self) -> Sequence[str]:
        """As that suite has them."""
        return getattr(self._base, "oracles", ())

    @property
    def notes(self) -> Sequence[str]:
        """As that suite has them."""
        return getattr(self._base, "notes", ())

    def cases(self) -> list[Case]:
        """The chosen cases, with what the rules say of them.

        Raises:
            MissingError: the other suite is not there, or none of its cases is chosen.
        """
        table = self.table
        chosen = Selection(table.filter, table.features, excluded=words(table.exclude))
        rules = Rules(table.rules)
        cases = [self._ruled(case, rules) for case in self._base.cases() if chosen.admits(case)]
        if not cases:
            raise MissingError(f"suite {self.name}: no case of {table.of} is chosen ({chosen})")
        return cases

    def task(self, case: Case, mode: str) -> Task:
        """As that suite has it, with limits of its own."""
        task = self._base.task(case, mode)
        return replace(task, limits=limited(task.limits, self.table.limits))

    def source_path(self, case: Case) -> Path | None:
        """As that suite has it."""
        return self._base.source_path(case)

    def _ruled(self, case: Case, rules: Rules) -> Case:
        ruled = rules.of(case.id)
        modes = tuple(mode for mode in case.modes if not ruled.modes or mode in ruled.modes)
        return msgspec.structs.replace(
            case,
            suite=self.name,
            # A mode that the test does not have cannot be given to it.
            modes=modes or case.modes,
            features=tuple(dict.fromkeys((*case.features, *ruled.features))),
            skip=case.skip or ruled.skip,
        )
