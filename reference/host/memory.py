"""How much memory the process holds, as the host can tell."""

from __future__ import annotations

import os
import sys

_STATISTICS = "/proc/self/statm"
try:
    _PAGE = os.sysconf("SC_PAGE_SIZE")
except (AttributeError, ValueError, OSError):
    _PAGE = 4096


class ResidentMemory:
    """A look at the process's memory, quick to repeat."""

    __slots__ = ("_handle",)

    def __init__(self) -> None:
        try:
            self._handle = os.open(_STATISTICS, os.O_RDONLY)
        except OSError:
            self._handle = -1

    def bytes(self) -> int:
        """Bytes of memory that the process holds; where the system does not tell, the most that it ever held."""
        if self._handle < 0:
            return _most_bytes()
        return int(os.pread(self._handle, 128, 0).split()[1]) * _PAGE

    def __del__(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)


def address_space_bytes() -> int | None:
    """Bytes of address space that the process has mapped; None where the system does not tell."""
    try:
        with open(_STATISTICS, "rb") as statistics:  # noqa: PTH123  # no file of ours
            return int(statistics.read(128).split()[0]) * _PAGE
    except OSError:
        return None


def _most_bytes() -> int:
    try:
        import resource  # absent where the platform has no such limits
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most << 10
