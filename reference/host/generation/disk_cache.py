"""Values of the host on disk by key: robust against other processes, corrupt files and full disks, and bounded."""

from __future__ import annotations

import hashlib
import marshal
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

_DIGEST_BYTES = 16
CAPACITY = 512 << 20
# So many bytes are written by one process before it looks again whether the folder holds too much.
_LOOK_EVERY = 32 << 20


class DiskCache:
    """What `marshal` takes, each under its key in a file of its own; those read least recently go first.

    A file begins with a digest of the rest, so one that is damaged counts as absent.

    Args:
        folder: where the files are.
        capacity: bytes that they may hold together, about.
    """

    def __init__(self, folder: Path, capacity: int = CAPACITY) -> None:
        self._folder = folder
        self._capacity = capacity
        self._unseen = _LOOK_EVERY

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key[2:]

    def read(self, key: str) -> Any:
        """The value under `key`, or None."""
        path = self._path(key)
        try:
            data = path.read_bytes()
            if hashlib.sha256(data[_DIGEST_BYTES:]).digest()[:_DIGEST_BYTES] != data[:_DIGEST_BYTES]:
                return None
            value = marshal.loads(data[_DIGEST_BYTES:])  # noqa: S302  # ours, by its digest
        except (OSError, EOFError, ValueError, TypeError):
            return None
        with suppress(OSError):
            os.utime(path)
        return value

    def write(self, key: str, value: Any) -> None:
        """Keep `value` under `key`, whole or not at all; a disk that takes nothing costs time, nothing else."""
        data = marshal.dumps(value)
        data = hashlib.sha256(data).digest()[:_DIGEST_BYTES] + data
        path = self._path(key)
        import tempfile  # noqa: PLC0415  # rarely needed

        temporary = ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            Path(temporary).replace(path)
        except OSError:
            with suppress(OSError):
                Path(temporary).unlink()
            return
        self._unseen += len(data)
        if self._unseen >= _LOOK_EVERY:
            self._unseen = 0
            self._bound()

    def _bound(self) -> None:
        """Remove what was not read for longest, down to three quarters of the capacity."""
        found = []
        for folder, _, names in os.walk(self._folder):
            for name in names:
                path = Path(folder, name)
                with suppress(OSError):
                    state = path.stat()
                    found.append((state.st_mtime_ns, state.st_size, path))
        held = sum(size for _, size, _ in found)
        if held <= self._capacity:
            return
        for _, size, path in sorted(found):
            if held <= self._capacity * 3 // 4:
                return
            with suppress(OSError):
                path.unlink()
                held -= size
