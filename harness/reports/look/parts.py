"""The parts of pages that stand in files: read, and scripts joined to one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files

_IMPORT = re.compile(r"^import .*?;\n", re.MULTILINE | re.DOTALL)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
_HERE = "lockstep.harness.reports.look"

# In the order in which the browser reads them: each uses only what stands before it.
SCRIPTS = ("elements", "run", "glyphs", "onetest", "theme")


def part(name: str, package: str = _HERE) -> str:
    """The text of a file beside the code of a package."""
    return files(package).joinpath(name).read_text("utf-8")


def joined(scripts: Iterable[str]) -> str:
    """Modules as one script, without what joins them when they are apart."""
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", text)) for text in scripts)


def shared_scripts() -> list[str]:
    """The texts of the scripts that every page has."""
    return [part(f"scripts/{name}.js") for name in SCRIPTS]
