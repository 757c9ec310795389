"""Compiled host code kept in memory and on disk, keyed by source, compiler version and host version."""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from itertools import chain
from pathlib import Path
from types import CodeType
from typing import Callable

from lockstep.reference.host.generation.disk_cache import DiskCache
from lockstep.reference.host.generation.memory_cache import MemoryCache

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
    """A version of the source files below `package` and of what all generators share, cheap to take.

    It tells names, sizes and modification times.
    """
    digest = hashlib.sha256()
    shared = Path(__file__).parent
    walks = [sorted(os.walk(one)) for one in (package, shared, shared.parent / "types")]
    for folder, _, names in chain.from_iterable(walks):
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
        self._disk = None if folder is None else DiskCache(folder)
        self._memory: MemoryCache[CodeType] = MemoryCache(_MEMORY_BYTES)

    def key(self, source: str, *options: object) -> str:
        """The key of `source` compiled with `options`."""
        text = "\0".join((self._compiler, _HOST, *map(repr, options), source))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def get(self, key: str, compile_source: Callable[[], CodeType], *, persist: bool = False) -> CodeType:
        """The code under `key`; compiled by `compile_source` where it is neither in memory nor on disk.

        With `persist` it is also read from and written to disk, for what is loaded in every process.
        """
        disk = self._disk if persist else None

        def found_or_made() -> CodeType:
            code = None if disk is None else disk.read(key)
            if not isinstance(code, CodeType):
                code = compile_source()
                if disk is not None:
                    disk.write(key, code)
            return code

        return self._memory.get(key, found_or_made, _size)
