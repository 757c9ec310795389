"""`python -m docs.generate`: writes the man page, the completions of shells and the tables of figures anew."""

from __future__ import annotations

from docs.generate import figures, man_page
from docs.generate.sources import ROOT
from lockstep.harness.cli.completing import PLACES, completion

MAN_PAGE = ROOT / "docs" / "shell" / "lockstep.1"


def completions() -> dict[str, str]:
    """File below `docs/shell/` -> its text."""
    return {place.rpartition("/")[2]: completion(shell) for shell, place in PLACES.items()}


if __name__ == "__main__":
    man_page.write(MAN_PAGE)
    for name, text in completions().items():
        (MAN_PAGE.parent / name).write_text(text, "utf-8")
    figures.write()
