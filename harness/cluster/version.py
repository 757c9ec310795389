"""Which Lockstep runs here: workers of a cluster must run the very same."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from lockstep.harness.extras import DISTRIBUTION
from lockstep.launch import PACKAGE

# What decides on a verdict; the rest of the package is for people.
_ROOMS = ("harness", "reference", "fixtures", "test262", "sci-tests")


@lru_cache(maxsize=1)
def running_version() -> str:
    """The version of this Lockstep, with a digest of its files: the same on every machine that has the same."""
    digest = hashlib.sha256()
    for path in _files():
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    try:
        version = metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:  # run from a folder, without having been installed
        version = "of a folder"
    return f"{version} ({digest.hexdigest()[:12]})"


def _files() -> Iterator[Path]:
    yield from sorted(PACKAGE.glob("*.py"))
    for room in _ROOMS:
        for base, folders, names in os.walk(PACKAGE / room):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            yield from (Path(base, name) for name in sorted(names) if not name.endswith(".pyc"))
