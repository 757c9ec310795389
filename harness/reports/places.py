"""Where the files of cases are, for those who are to open them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from lockstep.harness.model import Case, Suite
from lockstep.harness.status.points import case_of_point
from lockstep.reference.host.printable import printable_line


class Places:
    """The files of the cases of suites that lie here; it looks into a suite when it is first asked for one of its cases.

    Args:
        suites: by name.
        workspace: what paths are relative to: a checkout (`GITHUB_WORKSPACE`), else the working folder.
    """

    def __init__(self, suites: Mapping[str, Suite], workspace: Path | None = None) -> None:
        self._suites = suites
        self._workspace = workspace
        self._cases: dict[str, dict[str, Case]] = {}

    def path(self, suite: str, case: str) -> Path | None:
        """The file of a case, or of a point of it; None where that is not known."""
        found = self._suites.get(suite)
        if found is None:
            return None
        if suite not in self._cases:
            self._cases[suite] = {printable_line(one.id): one for one in found.cases()}
        cases = self._cases[suite]
        known = cases.get(case) or cases.get(case_of_point(case, cases))
        return None if known is None else found.source_path(known)

    def shown(self, suite: str, case: str) -> str:
        """The file of a case, relative to the workspace where it lies in it; "" where it is not known."""
        path = self.path(suite, case)
        if path is None:
            return ""
        resolved = path.resolve()
        return str(resolved.relative_to(self._root) if resolved.is_relative_to(self._root) else path)

    def size(self, suite: str, case: str) -> int:
        """The bytes of a case's file; 0 where they are not known."""
        path = self.path(suite, case)
        try:
            return 0 if path is None else path.stat().st_size
        except OSError:
            return 0

    @cached_property
    def _root(self) -> Path:
        return (self._workspace or Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())).resolve()
