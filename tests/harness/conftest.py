"""A small suite in Test262's form, and folders of one's own for what Lockstep writes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.postgres import Server, server


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A small suite in Test262's form, and status and cache folders of its own."""
    root = tmp_path / "suites" / "test262"
    files = {
        "harness/assert.js": "// assert\n",
        "harness/sta.js": "// sta\n",
        "test/language/a.js": "/*---\nfeatures: [let]\n---*/\n1;\n",
        "test/language/b.js": "/*---\nflags: [onlyStrict]\nfeatures:\n  - const\n---*/\n2; die\n",
        "test/language/c.js": "/*---\nnegative:\n  phase: parse\n  type: SyntaxError\n---*/\n$DONOTEVALUATE();\n",
        "test/language/c_FIXTURE.js": "never a test",
        "test/built-ins/d.js": "/*---\nflags: [raw]\n---*/\n3; hang\n",
        "test/built-ins/deep/e.js": "/*---\r\nflags: [noStrict]\r\n---*/\r\n4;\r\n",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("LOCKSTEP_")},
        "LOCKSTEP_SUITES": str(tmp_path / "suites"),
        "LOCKSTEP_STATUS": str(tmp_path / "status"),
        "LOCKSTEP_CACHE": str(tmp_path / "cache"),
        "LOCKSTEP_HISTORY": str(tmp_path / "history.sqlite"),
        "COLUMNS": "200",
    }


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL that all tests of this process share."""
    with server() as one:
        yield one


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty store can be: a file, and a database of a server."""
    if request.param == "sqlite":
        return str(tmp_path / "store.sqlite")
    one: Server = request.getfixturevalue("postgresql")
    return one.new()
