"""status/divergences.yaml: differences between engines that are accepted, each with example and reason."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass

from lockstep.harness.status.status import status_folder
from lockstep.harness.status.yaml_file import YamlError, load_yaml


@dataclass(frozen=True)
class Divergence:
    """One accepted difference.

    Attributes:
        engines: the two engines, in any order.
        suite: the suite whose cases it explains, with `cases`, a glob over their ids; "" for none.
        example: a program on which they differ.
        shows: engine -> what it prints for the example.
        reason: why it is right that they differ.
        source: where that is written.
    """

    engines: tuple[str, str]
    suite: str
    cases: str
    example: str
    shows: dict[str, str]
    reason: str
    source: str

    def covers(self, left: str, right: str, suite: str, case: str) -> bool:
        """Whether it explains that `left` and `right` differ on a case."""
        return (
            {left, right} == set(self.engines)
            and suite == self.suite
            and fnmatch.fnmatchcase(case, self.cases)
        )


def read_divergences() -> list[Divergence]:
    """The accepted divergences.

    Raises:
        YamlError: the file has another form.
    """
    path = status_folder() / "divergences.yaml"
    if not path.exists():
        return []
    rows = load_yaml(path) or []
    try:
        return [
            Divergence(
                engines=(row["engines"][0], row["engines"][1]),
                suite=row.get("suite", ""),
                cases=row.get("cases", ""),
                example=row["example"],
                shows=dict(row["shows"]),
                reason=row["reason"],
                source=row["source"],
            )
            for row in rows
        ]
    except (KeyError, TypeError, IndexError) as error:
        raise YamlError(f"{path}: a divergence lacks {error} (docs/status.md has the form)") from error
