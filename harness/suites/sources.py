"""Where suites come from: folders or archives under `LOCKSTEP_SUITES`, or clones of the pinned revisions."""

from __future__ import annotations

import atexit
import hashlib
import lzma
import os
import shutil
import sys
import tarfile
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from lockstep.harness.model import MissingError
from lockstep.harness.suites.fetching import clone, install
from lockstep.launch import PACKAGE
from lockstep.reference.host.generation.code_cache import cache_folder

_DIGEST_LENGTH = 12
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Source:
    """The pinned upstream of a suite.

    Attributes:
        name: the folder or archive is called `NAME-REVISION`, or `NAME`.
        revision: the commit that the status files speak of.
        repository: what `git clone` takes.
        patterns: the parts that are wanted, as git's sparse checkout writes them; all of it where there are none.
        manifest: a folder whose `package-lock.json` npm installs; then no repository is cloned.
    """

    name: str
    revision: str
    repository: str
    patterns: tuple[str, ...] = ()
    manifest: Path | None = None


PACKAGES = PACKAGE / "fixtures" / "javascript-packages"
"""What pins the packages that run as a suite, and the programs that try them."""


SOURCES = {
    source.name: source
    for source in (
        Source("test262", "be13516f", "https://github.com/tc39/test262"),
        Source("lua5.4", "6e22fed", "https://github.com/lua/lua"),
        Source("lua5.1", "e284308", "https://github.com/lua/tests"),
        Source("clojure-test-suite", "95d4a911", "https://github.com/jank-lang/clojure-test-suite"),
        Source("sci", "4aa9603e", "https://github.com/babashka/sci"),
        Source(
            "typescript",
            "68cead18",
            "https://github.com/microsoft/TypeScript",
            ("/LICENSE.txt", "/tests/cases/conformance/", "/tests/baselines/reference/*.errors.txt"),
        ),
        # The revision is the beginning of the lock file's SHA-256.
        Source("javascript-packages", "2d86a5ca", "https://www.npmjs.com", manifest=PACKAGES),
    )
}


def suites_folder() -> Path | None:
    """The folder that `LOCKSTEP_SUITES` names."""
    named = os.environ.get("LOCKSTEP_SUITES")
    return Path(named).resolve() if named else None


def locate(name: str) -> Path:
    """The folder of the suite `name`; its archive is unpacked once into the cache.

    Raises:
        MissingError: it is neither in `LOCKSTEP_SUITES` nor fetched.
    """
    source = SOURCES[name]
    full = f"{source.name}-{source.revision}"
    fetched = cache_folder() / "suites" / full
    folder = suites_folder()
    if folder is not None:
        for candidate in (folder / full, folder / name):
            if candidate.is_dir():
                return candidate
        archive = archive_of(name)
        if archive is not None:
            return _unpacked(archive, full)
    if fetched.is_dir():
        return fetched
    where = f"not in {folder}" if folder is not None else "LOCKSTEP_SUITES is not set"
    raise MissingError(
        f"suite {name} ({source.revision}) is missing: {where}; "
        f"set LOCKSTEP_SUITES to a folder that holds {full}/ or {full}.tar.xz, "
        f"or run `lockstep suites fetch {name}`"
    )


def archive_of(name: str) -> Path | None:
    """The archive that the suite `name` is read from; None where it is read from a folder, or is missing."""
    folder = suites_folder()
    full = f"{name}-{SOURCES[name].revision}"
    if folder is None or (folder / full).is_dir() or (folder / name).is_dir():
        return None
    archive = folder / f"{full}.tar.xz"
    return archive if archive.is_file() else None


def fetch(name: str) -> Path:
    """Clone the pinned revision of the suite `name` into the cache, or install its packages there.

    Raises:
        MissingError: git or npm is missing or cannot reach what it needs.
    """
    source = SOURCES[name]
    target = cache_folder() / "suites" / f"{source.name}-{source.revision}"
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.manifest is not None:
        install(source.manifest, target)
    else:
        clone(source.repository, source.revision, source.patterns, target)
    return target


def _unpacked(archive: Path, name: str) -> Path:
    """The content of an archive, unpacked once into the cache under a name that holds a digest of it.

    What is there is never changed or removed: other runs may be reading it.

    Raises:
        MissingError: it cannot be read, or there is no room for it.
    """
    try:
        with archive.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()[:_DIGEST_LENGTH]
    except OSError as error:
        raise MissingError(f"cannot read {archive}: {error.strerror}") from error
    target = cache_folder() / "suites" / f"{name}-{digest}"
    if target.is_dir():
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=target.parent, prefix=".unpacking-"))
    except OSError as error:
        scratch = target = Path(tempfile.mkdtemp(prefix="lockstep-suite-"))
        atexit.register(shutil.rmtree, scratch, ignore_errors=True)
        sys.stderr.write(
            f"{archive.name} is unpacked for this run only: {error.filename}: {error.strerror} (LOCKSTEP_CACHE names another)\n"
        )
    try:
        with lzma.open(archive) as stream, tarfile.open(fileobj=stream) as content:
            if hasattr(tarfile, "data_filter"):  # Python 3.11.4 and newer
                content.extraction_filter = tarfile.data_filter
            content.extractall(scratch)  # noqa: S202  # the suite that the user chose
            while stream.read(_CHUNK):  # to the end, where a file that was cut shows
                pass
        if scratch != target:
            _moved(scratch, target)
    except _BROKEN as error:
        shutil.rmtree(scratch, ignore_errors=True)
        raise MissingError(f"cannot unpack {archive}: {error or type(error).__name__}") from error
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    return target


# What the libraries raise on an archive that is cut, broken or too large for the disk.
_BROKEN = (OSError, EOFError, tarfile.TarError, lzma.LZMAError, zlib.error, ValueError)


def _moved(scratch: Path, target: Path) -> None:
    try:
        scratch.rename(target)
    except OSError:
        if not target.is_dir():
            raise
        shutil.rmtree(scratch, ignore_errors=True)  # another process was faster, and has the same
