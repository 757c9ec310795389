"""What `fs` does, at once: each operation takes guest values and gives one."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from typing import TYPE_CHECKING, Callable, TypeVar

from lockstep.reference.javascript.host.buffers.encodings import bytes_of_text, text_of_bytes
from lockstep.reference.javascript.host.definition import HostCall, add_functions, class_of, wrong_type
from lockstep.reference.javascript.host.files import system_error
from lockstep.reference.javascript.host.hosting import FileAccess, Part, hosting_of
from lockstep.reference.javascript.host.paths.url_module import path_of_url
from lockstep.reference.javascript.host.web.encoding import source_bytes
from lockstep.reference.javascript.host.web.url import JSURL
from lockstep.reference.javascript.runtime.intrinsics.numbers.date import JSDate
from lockstep.reference.javascript.runtime.objects.array_buffer import JSArrayBuffer
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, slow_object, stored
from lockstep.reference.javascript.runtime.objects.property import plain
from lockstep.reference.javascript.runtime.objects.typed_array import JSDataView, JSTypedArray
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean, to_string
from lockstep.reference.javascript.runtime.operations.objects import construct, get
from lockstep.reference.javascript.runtime.values import Value, null, undefined
from lockstep.reference.javascript.syntax.utf16 import to_code_points, to_utf16

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


Result = TypeVar("Result")


class Operations(Part):
    """The operations of one realm."""

    def __init__(self, realm: Realm) -> None:
        super().__init__(realm)
        files = hosting_of(realm).files
        assert files is not None
        self.files: FileAccess = files
        self._stats: JSObject | None = None
        self._entries: JSObject | None = None

    # Arguments

    def path(self, given: Value) -> str:
        """A path as it was given: a String, a buffer or a file URL."""
        if isinstance(given, str):
            return to_code_points(given)
        if isinstance(given, JSURL):
            return to_code_points(path_of_url(self.realm, given))
        if isinstance(given, JSTypedArray):
            return source_bytes(self.realm, given).decode("utf-8", "surrogateescape")
        raise wrong_type(
            self.realm, 'The "path" argument', "of type string or an instance of Buffer or URL", given
        )

    def option(self, options: Value, name: str, default: Value = undefined) -> Value:
        """One option of an object."""
        if not isinstance(options, JSObject):
            return default
        found = get(options, name)
        return default if found is undefined else found

    def encoding(self, options: Value) -> str | None:
        """The encoding that options ask for."""
        found = options if isinstance(options, str) else self.option(options, "encoding")
        return None if found is undefined or found is null or found == "buffer" else to_string(found)

    def data(self, given: Value, options: Value) -> bytes:
        """What is to be written."""
        if isinstance(given, (JSTypedArray, JSDataView, JSArrayBuffer)):
            return source_bytes(self.realm, given)
        if not isinstance(given, str):
            raise wrong_type(
                self.realm,
                'The "data" argument',
                "of type string or an instance of Buffer, TypedArray, or DataView",
                given,
            )
        return bytes_of_text(given, self.encoding(options) or "utf8")

    def run(
        self, call: str, path: str, operate: Callable[[], Result], *, write: bool = False, other: str = ""
    ) -> Result:
        """Do something with a file that may be had.

        Raises:
            ThrowCompletion: it may not, or the system refuses.
        """
        self.files.check(path, write=write)
        if other:
            self.files.check(other, write=write)
        try:
            return operate()
        except OSError as error:
            raise system_error(self.realm, error, call, path, other) from None

    # Reading

    def read_file(self, given: Value = undefined, options: Value = undefined) -> Value:
        """`readFile`."""
        encoding = self.encoding(options)
        if given == 0.0 and given.__class__ is float:
            raw = hosting_of(self.realm).hosting.read_input()
        else:
            path = self.path(given)

            def read() -> bytes:
                if os.path.isdir(path):
                    raise IsADirectoryError(21, "is a directory")
                with open(path, "rb") as file:
                    return file.read()

            raw = self.run("read" if os.path.isdir(path) else "open", path, read)
        self.realm.agent.budget.allocate(len(raw))
        if encoding is None:
            return hosting_of(self.realm).buffer_of(raw)
        return text_of_bytes(raw, encoding)

    def exists(self, given: Value = undefined) -> bool:
        """`exists`."""
        try:
            path = self.path(given)
        except Exception:
            return False
        return self.files.may_read(path) and os.path.exists(path)

    def access(self, given: Value = undefined, mode: Value = undefined) -> Value:
        """`access`."""
        path = self.path(given)
        wanted = int(mode) if isinstance(mode, float) else os.F_OK

        def check() -> None:
            os.stat(path)
            if not os.access(path, wanted):
                raise PermissionError(13, "permission denied")

        self.run("access", path, check)
        return undefined

    def read_folder(self, given: Value = undefined, options: Value = undefined) -> Value:
        """`readdir`."""
        path = self.path(given)
        deep = to_boolean(self.option(options, "recursive"))

        def read() -> list[tuple[str, str]]:
            if not deep:
                return [(path, name) for name in sorted(os.listdir(path))]
            found: list[tuple[str, str]] = []
            for folder, folders, files in os.walk(path):
                inner = os.path.relpath(folder, path)
                found.extend(
                    (folder, name if inner == "." else f"{inner}/{name}") for name in [*folders, *files]
                )
            return sorted(found, key=lambda pair: pair[1])

        rows = self.run("scandir", path, read)
        if to_boolean(self.option(options, "withFileTypes")):
            return self.realm.make_array(
                [self._entry(folder, name.rpartition("/")[2]) for folder, name in rows]
            )
        return self.realm.make_array([to_utf16(name) for _, name in rows])

    def _entry(self, folder: str, name: str) -> JSObject:
        if self._entries is None:
            self._entries = _kinds_prototype(self.realm, "Dirent")
        made = slow_object(JSStats, self._entries)
        made.mode_ = os.lstat(os.path.join(folder, name)).st_mode
        for key, value in (("name", name), ("parentPath", folder), ("path", folder)):
            stored(made)[key] = plain(to_utf16(value))
        return made

    def stat(self, given: Value = undefined, options: Value = undefined, *, follow: bool = True) -> Value:
        """`stat` and `lstat`."""
        path = self.path(given)
        call = "stat" if follow else "lstat"
        try:
            found = self.run(call, path, lambda: os.stat(path) if follow else os.lstat(path))
        except Exception:
            if self.option(options, "throwIfNoEntry") is False and not os.path.lexists(path):
                return undefined
            raise
        return self._stat_object(found)

    def _stat_object(self, found: os.stat_result) -> JSObject:
        realm = self.realm
        if self._stats is None:
            self._stats = _kinds_prototype(realm, "Stats")
        made = slow_object(JSStats, self._stats)
        made.mode_ = found.st_mode
        numbers: list[tuple[str, float]] = [
            ("dev", found.st_dev), ("mode", found.st_mode), ("nlink", found.st_nlink), ("uid", found.st_uid), ("gid", found.st_gid),
            ("rdev", getattr(found, "st_rdev", 0)), ("blksize", getattr(found, "st_blksize", 4096)), ("ino", found.st_ino),
            ("size", found.st_size), ("blocks", getattr(found, "st_blocks", 0)),
        ]  # fmt: skip
        times = (
            ("atime", found.st_atime_ns),
            ("mtime", found.st_mtime_ns),
            ("ctime", found.st_ctime_ns),
            ("birthtime", found.st_ctime_ns),
        )
        numbers += [(f"{name}Ms", nanoseconds / 1e6) for name, nanoseconds in times]
        for key, number in numbers:
            stored(made)[key] = plain(float(number))
        for name, nanoseconds in times:
            date = construct(realm.date, [0.0])
            assert isinstance(date, JSDate)
            date.value_ = float(nanoseconds // 1_000_000)
            stored(made)[name] = plain(date)
        return made

    def real_path(self, given: Value = undefined, _options: Value = undefined) -> str:
        """`realpath`."""
        path = self.path(given)
        return to_utf16(str(self.run("realpath", path, lambda: os.path.realpath(path, strict=True))))

    def read_link(self, given: Value = undefined, _options: Value = undefined) -> str:
        """`readlink`."""
        path = self.path(given)
        return to_utf16(self.run("readlink", path, lambda: os.readlink(path)))

    # Writing

    def write_file(
        self, given: Value = undefined, data: Value = undefined, options: Value = undefined
    ) -> Value:
        """`writeFile`."""
        flag = self.option(options, "flag", "w")
        return self._write(
            given, data, options, "ab" if flag in ("a", "as") else "xb" if flag == "wx" else "wb"
        )

    def append_file(
        self, given: Value = undefined, data: Value = undefined, options: Value = undefined
    ) -> Value:
        """`appendFile`."""
        return self._write(given, data, options, "ab")

    def _write(self, given: Value, data: Value, options: Value, mode: str) -> Value:
        path = self.path(given)
        raw = self.data(data, options)

        def write() -> None:
            with open(path, mode) as file:
                file.write(raw)

        self.run("open", path, write, write=True)
        return undefined

    def make_folder(self, given: Value = undefined, options: Value = undefined) -> Value:
        """`mkdir`."""
        path = self.path(given)
        if to_boolean(self.option(options, "recursive")):
            missing = path
            while not os.path.exists(os.path.dirname(missing) or "."):
                missing = os.path.dirname(missing)
            existed = os.path.isdir(path)
            self.run("mkdir", path, lambda: os.makedirs(path, exist_ok=True), write=True)
            return undefined if existed else to_utf16(os.path.abspath(missing))
        self.run("mkdir", path, lambda: os.mkdir(path), write=True)
        return undefined

    def make_temporary(self, given: Value = undefined, _options: Value = undefined) -> str:
        """`mkdtemp`."""
        prefix = self.path(given)
        folder, name = os.path.split(prefix)
        return to_utf16(
            self.run("mkdtemp", prefix, lambda: tempfile.mkdtemp("", name, folder or "."), write=True)
        )

    def remove(self, given: Value = undefined, options: Value = undefined) -> Value:
        """`rm`."""
        path = self.path(given)
        force = to_boolean(self.option(options, "force"))
        if force and not os.path.lexists(path):
            self.files.check(path, write=True)
            return undefined
        if os.path.isdir(path) and not os.path.islink(path):
            if not to_boolean(self.option(options, "recursive")):
                error = OSError(21, "is a directory")
                raise system_error(self.realm, error, "rm", path)
            self.run("rm", path, lambda: shutil.rmtree(path), write=True)
        else:
            self.run("rm", path, lambda: os.unlink(path), write=True)
        return undefined

    def remove_folder(self, given: Value = undefined, options: Value = undefined) -> Value:
        """`rmdir`."""
        path = self.path(given)
        deep = to_boolean(self.option(options, "recursive"))
        self.run("rmdir", path, lambda: shutil.rmtree(path) if deep else os.rmdir(path), write=True)
        return undefined

    def unlink(self, given: Value = undefined) -> Value:
        """`unlink`."""
        path = self.path(given)
        self.run("unlink", path, lambda: os.unlink(path), write=True)
        return undefined

    def rename(self, before: Value = undefined, after: Value = undefined) -> Value:
        """`rename`."""
        source, target = self.path(before), self.path(after)
        self.run("rename", source, lambda: os.rename(source, target), write=True, other=target)
        return undefined

    def copy_file(
        self, before: Value = undefined, after: Value = undefined, _mode: Value = undefined
    ) -> Value:
        """`copyFile`."""
        source, target = self.path(before), self.path(after)
        self.files.check(target, write=True)
        self.run("copyfile", source, lambda: shutil.copyfile(source, target))
        return undefined

    def copy(self, before: Value = undefined, after: Value = undefined, options: Value = undefined) -> Value:
        """`cp`."""
        source, target = self.path(before), self.path(after)
        self.files.check(target, write=True)

        def copy() -> None:
            if os.path.isdir(source):
                shutil.copytree(source, target, dirs_exist_ok=True)
            else:
                shutil.copyfile(source, target)

        self.run("cp", source, copy)
        return undefined

    def truncate(self, given: Value = undefined, length: Value = 0.0) -> Value:
        """`truncate`."""
        path = self.path(given)
        size = int(length) if isinstance(length, float) else 0
        self.run("truncate", path, lambda: os.truncate(path, size), write=True)
        return undefined


class JSStats(JSObject):
    """Stats or a Dirent; `mode_` says what it is of."""

    __slots__ = ("mode_",)
    class_name_ = "Object"
    mode_: int


_KINDS: tuple[tuple[str, Callable[[int], bool]], ...] = (
    ("isDirectory", stat.S_ISDIR),
    ("isFile", stat.S_ISREG),
    ("isBlockDevice", stat.S_ISBLK),
    ("isCharacterDevice", stat.S_ISCHR),
    ("isSymbolicLink", stat.S_ISLNK),
    ("isFIFO", stat.S_ISFIFO),
    ("isSocket", stat.S_ISSOCK),
)


def _kinds_prototype(realm: Realm, name: str) -> JSObject:
    _, prototype = class_of(realm, name, lambda *_rest: undefined, 0, tag=False)

    def asking(check: Callable[[int], bool]) -> HostCall:
        return lambda this, *_rest: isinstance(this, JSStats) and check(this.mode_)

    add_functions(realm, prototype, [(key, asking(check), 0) for key, check in _KINDS], enumerable=False)
    return prototype
