"""Which version of Lockstep's code runs in this process: what an engine says of itself when it starts."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from lockstep.launch import PACKAGE
from lockstep.start import HOST_MODULES

_NAME = "lockstep"
# Rooms of which a part never speaks for the whole: below them each folder is a room of its own.
_HALLS = frozenset({"", "reference", "harness", "harness/engines"})
_PASSED_OVER = ("__pycache__",)


def loaded_version() -> str:
    """A version of what this process has loaded: it changes when a later process might behave differently.

    Of our own package it holds the content of each room (a folder such as `reference/lua`) of which a module is loaded, with
    everything in it, since parts are loaded when they are wanted; of other packages the content of the modules that are
    loaded after it; and the host. It is the same on every machine.
    """
    digest = hashlib.sha256(f"{sys.implementation.name} {platform.python_version()}".encode())
    for path in _own_files(_rooms(_module_names())):
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    for name, place in sorted(_foreign_modules()):
        try:
            content = place.read_bytes()
        except OSError:
            continue
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()[:16]


def _module_names() -> Iterator[str]:
    """The names of the loaded modules; of the one that runs as `__main__` its own."""
    for name, module in list(sys.modules.items()):
        spec = getattr(module, "__spec__", None) if name == "__main__" else None
        yield name if spec is None else spec.name


def _rooms(modules: Iterable[str]) -> set[str]:
    """The paths below the package, `/` between parts, of the rooms and single files that `modules` belong to."""
    rooms = set()
    for name in modules:
        parts = name.split(".")
        if parts[0] != _NAME:
            continue
        path = ""
        for part in parts[1:]:
            path = f"{path}/{part}" if path else part
            if path not in _HALLS:
                rooms.add(path)
                break
    return rooms


def _own_files(rooms: Iterable[str]) -> Iterator[Path]:
    for room in sorted(rooms):
        folder = PACKAGE / room
        if not folder.is_dir():
            file = PACKAGE / f"{room}.py"
            if file.is_file():
                yield file
            continue
        for base, folders, names in os.walk(folder):
            folders[:] = sorted(name for name in folders if name not in _PASSED_OVER)
            yield from (Path(base, name) for name in sorted(names))


def _foreign_modules() -> Iterator[tuple[str, Path]]:
    """Modules that are neither ours nor the host's own library."""
    library = str(Path(os.__file__).parent)
    for name, module in list(sys.modules.items()):
        place = getattr(module, "__file__", None)
        if not isinstance(place, str) or name in HOST_MODULES or name.split(".")[0] == _NAME:
            continue
        if not place.startswith(library) or "site-packages" in place or "dist-packages" in place:
            yield name, Path(place)
