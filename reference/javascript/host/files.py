"""Which files a program may read and write, and reading them: its own folder, and what was granted."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from lockstep.reference.javascript.host.definition import coded_error
from lockstep.reference.javascript.host.hosting import hosting_of
from lockstep.reference.javascript.runtime.completions import ThrowCompletion
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.objects.property import plain
from lockstep.reference.javascript.syntax.utf16 import to_utf16

if TYPE_CHECKING:
    from lockstep.reference.javascript.host.hosting import Host
    from lockstep.reference.javascript.runtime.interfaces import Realm


class Files:
    """The files of one program."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.realm: Realm = host.realm
        self._readable = [os.path.realpath(one) for one in (*host.hosting.reads, *host.hosting.writes)]
        self._writable = [os.path.realpath(one) for one in host.hosting.writes]
        host.files = self

    def add_folder(self, folder: str) -> None:
        """Let the program read below a folder, and packages beside it and above."""
        real = os.path.realpath(folder)
        self._readable.append(real)

    def may_read(self, path: str) -> bool:
        """Whether the program may look at a path: below its folders, or in a package above them."""
        real = os.path.realpath(path)
        if any(_is_below(real, folder) for folder in self._readable):
            return True
        if os.path.basename(real) == "package.json" and any(
            _is_below(folder, os.path.dirname(real)) for folder in self._readable
        ):
            return True
        head, found, _ = real.partition("/node_modules")
        return bool(found) and any(_is_below(folder, head or "/") for folder in self._readable)

    def may_write(self, path: str) -> bool:
        """Whether the program may change a path."""
        real = os.path.realpath(path)
        return any(_is_below(real, folder) for folder in self._writable)

    def check(self, path: str, *, write: bool = False) -> None:
        """Refuse what was not granted.

        Raises:
            ThrowCompletion: an Error with the code ERR_ACCESS_DENIED.
        """
        if self.may_write(path) if write else self.may_read(path):
            return
        what, option = ("FileSystemWrite", "--allow-write") if write else ("FileSystemRead", "--allow-read")
        raised = coded_error(
            self.realm,
            "Error",
            "ERR_ACCESS_DENIED",
            to_utf16(refusal(path, option)),
        )
        error = raised.value
        assert isinstance(error, JSObject)
        error.define_own_property("permission", plain(what))
        error.define_own_property("resource", plain(to_utf16(os.path.abspath(path))))
        raise raised

    def text(self, path: str) -> str:
        """The text of a file that is a module.

        Raises:
            ThrowCompletion: it cannot be read.
        """
        self.check(path)
        try:
            with open(path, "rb") as file:
                return file.read().decode("utf-8", "replace")
        except OSError as error:
            raise system_error(self.realm, error, "open", path) from None


def refusal(path: str, option: str) -> str:
    """What is said of a file outside the folders that the option grants."""
    return f"Access to this file has not been granted: '{path}'; use {option} to grant its folder"


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


_TEXTS = {
    "ENOENT": "no such file or directory",
    "EISDIR": "illegal operation on a directory",
    "ENOTDIR": "not a directory",
    "EACCES": "permission denied",
    "EEXIST": "file already exists",
    "ENOTEMPTY": "directory not empty",
    "EPERM": "operation not permitted",
    "EBADF": "bad file descriptor",
}


def system_error(realm: Realm, error: OSError, call: str, path: str = "", other: str = "") -> ThrowCompletion:
    """An error of the system in node's words."""
    number = error.errno or 0
    code = errno.errorcode.get(number, "UNKNOWN")
    text = _TEXTS.get(code, (error.strerror or "unknown error").lower())
    where = f" '{path}'" if path else ""
    if other:
        where += f" -> '{other}'"
    made = realm.make_error("Error", to_utf16(f"{code}: {text}, {call}{where}"))
    made.define_own_property("errno", plain(float(-number)))
    made.define_own_property("code", plain(code))
    made.define_own_property("syscall", plain(call))
    if path:
        made.define_own_property("path", plain(to_utf16(path)))
    if other:
        made.define_own_property("dest", plain(to_utf16(other)))
    hosting_of(realm).stacks.capture(made)
    return ThrowCompletion(made)
