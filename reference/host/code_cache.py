"""Compiled host code kept in memory and on disk, keyed by source, compiler version and host version."""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from collections import OrderedDict
from pathlib import Path
from types import CodeType
from typing import Callable

_HOST = f"{sys.implementation.name}-{sys.version}"
# What the entries in memory may take, in bytes of their marshalled form; in memory they take some three times that.
_MEMORY_BYTES = 8 << 20


def cache_folder() -> Path:
    """The folder of everything that Lockstep caches: `LOCKSTEP_CACHE`, or `lockstep` in the user's cache."""
    named = os.environ.get("LOCKSTEP_CACHE")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    return Path(base) / "lockstep"


def fingerprint(package: Path) -> str:
    """A version of the source files below `package` (names, sizes, modification times), cheap to take."""
    digest = hashlib.sha256()
    for folder, _, names in sorted(os.walk(package)):
        for name in sorted(names):
            if name.endswith((".py", ".clj", ".lua", ".js")):
                state = os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118  # half the time of pathlib
                digest.update(f"{folder}/{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _size(code: CodeType) -> int:
    """Bytes that a code object stands for."""
    try:
        return len(marshal.dumps(code))
    except ValueError:  # a constant that only lives in memory
        return len(code.co_code) * 4


class CodeCache:
    """Code objects of one compiler.

    An engine owns one. A code object holds no guest state, so every state of the engine shares it.

    Args:
        compiler: the version of the compiler, for instance `fingerprint` of its package.
        folder: where persistent entries live; None keeps everything in memory.
    """

    def __init__(self, compiler: str, folder: Path | None = None) -> None:
        self._compiler = compiler
        self._folder = folder
        self._memory: OrderedDict[str, tuple[CodeType, int]] = OrderedDict()
        self._bytes = 0

    def key(self, source: str, *options: object) -> str:
        """The key of `source` compiled with `options`."""
        text = "\0".join((self._compiler, _HOST, *map(repr, options), source))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def get(self, key: str, compile_source: Callable[[], CodeType], *, persist: bool = False) -> CodeType:
        """The code under `key`; compiled by `compile_source` where it is neither in memory nor on disk.

        With `persist` it is also read from and written to disk, for what is loaded in every process.
        """
        found = self._memory.get(key)
        if found is not None:
            self._memory.move_to_end(key)
            return found[0]
        code: CodeType | None = None
        if persist:
            code = self._read(key)
        if code is None:
            code = compile_source()
            if persist:
                self._write(key, code)
        size = _size(code)
        self._memory[key] = code, size
        self._bytes += size
        while self._bytes > _MEMORY_BYTES:
            _, (_, left) = self._memory.popitem(last=False)
            self._bytes -= left
        return code

    def _path(self, key: str) -> Path | None:
        return self._folder / key[:2] / key[2:] if self._folder is not None else None

    def _read(self, key: str) -> CodeType | None:
        path = self._path(key)
        if path is None:
            return None
        try:
            loaded = marshal.loads(path.read_bytes())  # noqa: S302  # our own cache, named by a digest
        except (OSError, EOFError, ValueError, TypeError):
            return None
        return loaded if isinstance(loaded, CodeType) else None

    def _write(self, key: str, code: CodeType) -> None:
        path = self._path(key)
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            import tempfile  # noqa: PLC0415  # rarely needed

            handle, temporary = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "wb") as stream:
                stream.write(marshal.dumps(code))
            os.replace(temporary, path)  # noqa: PTH105  # one call, and no object
        except OSError:
            return  # a cache that cannot be written costs time, nothing else
