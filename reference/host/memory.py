"""How much memory the process holds, as the host can tell."""

from __future__ import annotations

import os

_STATISTICS = "/proc/self/statm"
try:
    _PAGE = os.sysconf("SC_PAGE_SIZE")
except (AttributeError, ValueError, OSError):
    _PAGE = 4096


def resident_bytes() -> int:
    """Bytes of memory that the process holds; where the system does not tell, the most that it ever held."""
    try:
        handle = os.open(_STATISTICS, os.O_RDONLY)
    except OSError:
        return _most_bytes()
    try:
        return int(os.read(handle, 128).split()[1]) * _PAGE
    finally:
        os.close(handle)


def _most_bytes() -> int:
    try:
        import resource  # noqa: PLC0415  # absent where the platform has no such limits
        import sys  # noqa: PLC0415  # rarely needed
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most << 10
