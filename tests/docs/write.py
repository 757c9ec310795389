"""`python -m tests.docs.write PAGE...` puts what the commands of a page print into the page, where it shows something else."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.docs.matching import matches
from tests.docs.running import ran, setup_of
from tests.docs.setups import ROOT


def write(page: str) -> None:
    """Run the page, and write what was printed below each command that shows output."""
    path = ROOT / page
    lines = path.read_text("utf-8").splitlines()
    changes = []
    with tempfile.TemporaryDirectory() as folder:
        for one in ran(page, Path(folder)):
            text = "\n".join(one.printed)
            if one.expects not in (None, one.status):
                sys.stdout.write(
                    f"{page}:{one.command.line + 1}: {one.command.text}: ends with {one.status}\n{text}\n"
                )
            shown = one.command.output
            if (
                shown is not None
                and one.command.text not in setup_of(page).unlike
                and not matches(shown, one.printed)
            ):
                changes.append((one.command.first, len(shown), text.strip("\n").splitlines()))
                sys.stdout.write(f"{page}:{one.command.line + 1}: {one.command.text}\n{text}\n")
    for first, number, printed in reversed(changes):
        lines[first : first + number] = [line.rstrip() for line in printed]
    path.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write(name)
