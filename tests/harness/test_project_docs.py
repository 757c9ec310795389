"""The pages on the project file name every key and variable that there is."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from lockstep.harness.languages.descriptor import Language
from lockstep.harness.project.tables import EngineTable, GateTable, LockstepTable, RuleTable, SuiteTable

_ROOT = Path(__file__).parents[2]
_PAGES: dict[str, tuple[type, ...]] = {
    "project": (LockstepTable, EngineTable, GateTable),
    "suites": (SuiteTable, RuleTable),
    "languages": (Language,),
}


@pytest.mark.parametrize("page", _PAGES)
def test_every_key_is_described(page: str) -> None:
    text = (_ROOT / "docs" / f"{page}.md").read_text("utf-8")
    keys = {field.encode_name for table in _PAGES[page] for field in msgspec.structs.fields(table)}
    assert not {key for key in keys if not re.search(rf"`{key}`|^{key} = ", text, re.MULTILINE)}


def test_every_variable_is_described() -> None:
    text = (_ROOT / "docs" / "project.md").read_text("utf-8")
    sources = [*(_ROOT / "harness").rglob("*.py"), *(_ROOT / "reference").rglob("*.py")]
    named = {name for path in sources for name in re.findall(r"\bLOCKSTEP_[A-Z]+\b", path.read_text("utf-8"))}
    assert named
    assert {name for name in named if f"`{name}`" not in text} == set()
