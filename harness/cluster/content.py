"""Content by its digest: archives of suites, folders of a project and programs of engines, made here and kept on workers.

A store of content is a folder in the cache: `DIGEST/NAME` is a file, `DIGEST/unpacked/` what an archive holds. A file
appears under its name when it is whole and has been verified; what is there is never changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from lockstep.harness.cluster.travelling import Kind, Parcel
from lockstep.harness.model import MissingError
from lockstep.harness.suites.own.globs import NO_TESTS, is_file, is_folder
from lockstep.reference.host.generation.code_cache import cache_folder

_UNPACKED = "unpacked"


def content_folder() -> Path:
    """The store of content on this machine."""
    return cache_folder() / "content"


class DamagedContentError(Exception):
    """What arrived is not what was sent."""


class ContentStore:
    """The content that this machine has."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def holds(self, parcel: Parcel) -> bool:
        """Whether it is here, whole."""
        return self.path(parcel).is_file()

    def path(self, parcel: Parcel) -> Path:
        """Where its file is, or would be."""
        return self._folder / parcel.digest / parcel.name

    def receive(self, parcel: Parcel, content: bytes) -> None:
        """Keep what has arrived.

        Raises:
            DamagedContentError: its digest is another one.
            OSError: there is no room for it.
        """
        if hashlib.sha256(content).hexdigest() != parcel.digest:
            raise DamagedContentError(
                f"{parcel.name} arrived damaged: {len(content)} of {parcel.size} bytes, or other ones"
            )
        path = self.path(parcel)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=".arriving-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            Path(scratch).chmod(0o755 if parcel.kind == "engine" else 0o644)
            Path(scratch).rename(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(scratch).unlink()
            raise

    def together(self, parcels: Sequence[Parcel]) -> Path:
        """A folder with these files in it, under their names.

        Raises:
            OSError: there is no room for it.
        """
        digest = hashlib.sha256("".join(parcel.digest for parcel in parcels).encode()).hexdigest()
        folder = self._folder / digest / "together"
        folder.mkdir(parents=True, exist_ok=True)
        for parcel in parcels:
            with contextlib.suppress(FileExistsError):
                (folder / parcel.name).symlink_to(self.path(parcel).resolve())
        return folder

    def unpacked(self, parcel: Parcel) -> Path:
        """The folder with what an archive holds.

        Raises:
            OSError: there is no room for it.
        """
        target = self._folder / parcel.digest / _UNPACKED
        if target.is_dir():
            return target
        scratch = Path(tempfile.mkdtemp(dir=target.parent, prefix=".unpacking-"))
        try:
            with tarfile.open(self.path(parcel)) as archive:
                if hasattr(tarfile, "data_filter"):  # Python 3.11.4 and newer
                    archive.extraction_filter = tarfile.data_filter
                archive.extractall(scratch)  # noqa: S202  # packed by the run, and verified
            scratch.rename(target)
        except BaseException as error:
            shutil.rmtree(scratch, ignore_errors=True)
            if target.is_dir() and isinstance(error, OSError):
                return target  # another process was faster, and has the same
            raise
        return target


def parcel_of_file(kind: Kind, path: Path) -> Parcel:
    """The parcel of a file as it is.

    Raises:
        MissingError: it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return Parcel(kind, path.name, digest, path.stat().st_size)
    except OSError as error:
        raise MissingError(f"cannot read {path}: {error.strerror}") from error


def packed(files: Iterable[tuple[str, Path]], *, compression: str = "gz") -> bytes:
    """An archive of files under other names; the same files give the same bytes on every machine.

    Raises:
        MissingError: one cannot be read.
    """
    buffer = io.BytesIO()
    preset = {"preset": 0} if compression == "xz" else {"compresslevel": 3}
    with tarfile.open(fileobj=buffer, mode=f"w:{compression}", **preset) as archive:  # type: ignore[call-overload]  # a mode that is put together
        for name, path in sorted(files):
            entry = tarfile.TarInfo(name)
            try:
                content = path.read_bytes()
                entry.mode = 0o755 if os.access(path, os.X_OK) else 0o644
            except OSError as error:
                raise MissingError(f"cannot read {path}: {error.strerror}") from error
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    packed_bytes = buffer.getvalue()
    # The head of a gzip file holds the time at which it was made.
    return packed_bytes[:4] + bytes(4) + packed_bytes[8:] if compression == "gz" else packed_bytes


def files_below(
    folder: Path, name: str = "", passed_by: Collection[str] = NO_TESTS
) -> list[tuple[str, Path]]:
    """The files of a folder, to be packed under `name`, or without their folder.

    Links are followed, except to a folder that they lie in; folders that are called as `passed_by` says are left out.

    Raises:
        MissingError: a folder cannot be read.
    """
    found: list[tuple[str, Path]] = []
    waiting: list[tuple[Path, str, frozenset[tuple[int, int]]]] = [
        (folder, f"{name}/" if name else "", frozenset())
    ]
    while waiting:
        here, prefix, above = waiting.pop()
        try:
            state = here.stat()
            inside = list(os.scandir(here))
        except OSError as error:
            raise MissingError(f"cannot read {here}: {error.strerror}") from error
        place = (state.st_dev, state.st_ino)
        if place in above:
            continue
        for entry in inside:
            if is_folder(entry):
                if entry.name not in passed_by:
                    waiting.append((Path(entry.path), f"{prefix}{entry.name}/", above | {place}))
            elif is_file(entry):
                found.append((prefix + entry.name, Path(entry.path)))
    return found
