"""Where the files of a plain command stand: a folder of its own, with the neighbours of the program where it needs them."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from pathlib import Path

from lockstep.harness.engines.plain.composition import PATH_PLACE, Composition
from lockstep.reference.host.engine import Program

_IMPORTS = ("import", "require", "load")
_MEMORY = "/dev/shm"  # noqa: S108  # folders in it have names that nobody can guess
_TEMPORARY = "/tmp"  # noqa: S108  # likewise
# Folders of neighbours are kept as long as the engine, up to so many.
_MIRRORS = 64
# Tells hosts of the Node.js kind that files are modules, whatever they are called.
_PACKAGE = "package.json"


class Scratch:
    """Temporary folders; `close` removes them."""

    def __init__(self) -> None:
        self.folder = _new_folder(_temporary())
        # Single programs stand in memory where the system has a place for that: a file on a disk costs a millisecond.
        self._single = _in_memory() or self.folder
        self._mirrors: dict[str, Path] = {}

    def close(self) -> None:
        """Remove the folders and everything in them."""
        for folder in {self.folder, self._single}:
            shutil.rmtree(folder, ignore_errors=True)

    def file_for(self, program: Program, composed: Composition) -> str:
        """The path of the file to run, written if it has to be.

        Raises:
            OSError: it cannot be written.
        """
        if composed.untouched and program.path is not None and _is_as_written(program):
            path = Path(program.path)
            # In its own working folder a program is called as it is there: messages show its name.
            return path.name if program.folder == str(path.parent) else program.path
        folder = self._single
        if program.path is not None and (
            program.mode == "module" or any(word in program.source for word in _IMPORTS)
        ):
            folder = self._mirror(Path(program.path).parent)
        stem = Path(program.path).name if program.path is not None else "program"
        if composed.module is not None:
            own = folder / (stem if program.path is not None else f"{stem}.mjs")
            if program.mode == "module" and not (folder / _PACKAGE).exists():
                _write(folder / _PACKAGE, '{"type": "module"}')
            _write(own, composed.module)
            text = composed.text.replace(json.dumps(PATH_PLACE), json.dumps(str(own)), 1)
            path = folder / f"lockstep-loader{composed.suffix}"
            _write(path, text)
            return str(path)
        path = folder / (stem if program.path is not None else f"{stem}{composed.suffix}")
        if folder is self._single:
            path = folder / f"program{path.suffix or composed.suffix}"
        _write(path, composed.text)
        return str(path)

    def includes(self, program: Program, suffix: str) -> list[str]:
        """The paths of the files that run before `program`, written.

        Raises:
            OSError: one cannot be written.
        """
        paths = []
        for number, (_, source) in enumerate(program.includes):
            path = self._single / f"include-{number}{suffix}"
            _write(path, source)
            paths.append(str(path))
        return paths

    def _mirror(self, source: Path) -> Path:
        """A folder with the files of `source`, and beside it what stands beside `source`."""
        key = str(source)
        if key in self._mirrors:
            return self._mirrors[key]
        if len(self._mirrors) >= _MIRRORS:
            shutil.rmtree(self._mirrors.pop(next(iter(self._mirrors))).parent, ignore_errors=True)
        above = self.folder / hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        mirror = above / source.name
        mirror.mkdir(parents=True)
        with contextlib.suppress(OSError):
            for entry in os.scandir(source):
                _stand_in(Path(entry.path), mirror / entry.name, copied=entry.is_file())
        with contextlib.suppress(OSError):
            for entry in os.scandir(source.parent):
                if entry.name != source.name:
                    _stand_in(Path(entry.path), above / entry.name, copied=False)
        self._mirrors[key] = mirror
        return mirror


def _new_folder(parent: str) -> Path:
    """A folder in `parent` that only we may enter, under a name that nobody has.

    Raises:
        OSError: it cannot be made.
    """
    folder = Path(parent) / f"lockstep-run-{os.urandom(8).hex()}"
    folder.mkdir(mode=0o700)
    return folder


def _temporary() -> str:
    """Where the system wants temporary files."""
    named = (os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    return next((folder for folder in named if folder and os.access(folder, os.W_OK)), _TEMPORARY)


def _in_memory() -> Path | None:
    """A new folder in memory; None where there is no place for one."""
    if not os.access(_MEMORY, os.W_OK):
        return None
    try:
        return _new_folder(_MEMORY)
    except OSError:
        return None


def _stand_in(original: Path, place: Path, *, copied: bool) -> None:
    """`original` at `place`: a copy where an engine must not find its way back from it, else a link."""
    with contextlib.suppress(OSError):
        if copied:
            shutil.copyfile(original, place)
        else:
            place.symlink_to(original)


def _is_as_written(program: Program) -> bool:
    assert program.path is not None
    try:
        return Path(program.path).read_bytes() == program.source.encode("utf-8", "surrogateescape")
    except (OSError, UnicodeEncodeError):
        return False


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        content = memoryview(text.encode("utf-8", "surrogateescape"))
        while content:
            content = content[os.write(descriptor, content) :]
    finally:
        os.close(descriptor)
