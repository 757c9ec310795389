"""Pages of the manual that lie elsewhere in the project, with links that hold where they are shown."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Page of the manual -> the file at the top of the project that it shows.
AT_THE_TOP: Mapping[str, str] = {
    "index.md": "README.md",
    "changelog.md": "CHANGELOG.md",
    "contributing.md": "CONTRIBUTING.md",
}
_SCHEMAS = ROOT / "harness" / "schemas"
_PLACES: Mapping[str, str] = {source: page for page, source in AT_THE_TOP.items()}
_LINK = re.compile(r"(?<=\]\()(?P<to>[^)#\s]+)")
_CODE = re.compile(r"(^```.*?^```$|`[^`\n]*`)", re.MULTILINE | re.DOTALL)


def shown_at_the_top(page: str) -> str:
    """The text of a page that lies at the top of the project."""
    return relinked((ROOT / AT_THE_TOP[page]).read_text("utf-8"), _from_the_top)


def from_docs(page: str, text: str) -> str:
    """The text of a page of `docs/`: what it links to outside of `docs/` is a page or a file of the manual, too."""

    def place(target: str) -> str:
        if "://" in target:
            return target
        there = posixpath.normpath(posixpath.join("docs", posixpath.dirname(page), target))
        if there.startswith("docs/"):
            return target
        shown = _PLACES.get(there, there.replace("harness/schemas/", "schemas/"))
        return posixpath.relpath(shown, posixpath.dirname(page) or ".")

    return relinked(text, place)


def relinked(text: str, place: Callable[[str], str]) -> str:
    """`text` with each target of a link replaced by `place(target)`, except in code."""
    parts = _CODE.split(text)
    parts[::2] = [_LINK.sub(lambda found: place(found["to"]), part) for part in parts[::2]]
    return "".join(parts)


def _from_the_top(target: str) -> str:
    return _PLACES.get(target, target.removeprefix("docs/").replace("harness/schemas/", "schemas/"))


def schema_files() -> Mapping[str, Path]:
    """File of the manual -> the JSON Schema that it is."""
    return {f"schemas/{path.name}": path for path in sorted(_SCHEMAS.glob("*.json"))}
