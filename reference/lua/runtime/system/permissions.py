"""What a state may touch of the machine that it runs on."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Permissions:
    """What guest code may use; what is off fails as a call that the system refuses.

    Attributes:
        files: reading, writing, renaming and removing files, and modules found on a path.
        processes: `io.popen` and `os.execute`.
        environment: the process's environment variables, `LUA_PATH` included.
    """

    files: bool = True
    processes: bool = True
    environment: bool = True

    def check_files(self) -> None:
        """Raises OSError (EPERM) where files are off."""
        if not self.files:
            raise _refusal()

    def check_processes(self) -> None:
        """Raises OSError (EPERM) where processes are off."""
        if not self.processes:
            raise _refusal()

    def variable(self, name: str) -> str | None:
        """An environment variable, one character a byte."""
        if not self.environment:
            return None
        value = os.environb.get(name.encode("latin-1"))
        return None if value is None else value.decode("latin-1")


def _refusal() -> OSError:
    return OSError(1, os.strerror(1))
