"""Writes a site into a folder: every file of it, and takes away what an earlier one left there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lockstep.harness.site.site import Site

# Names the files of a site, so that the next one can take them away.
MANIFEST = ".lockstep-site"


class FolderError(Exception):
    """A folder cannot hold a site; the message says why."""


def write_site(site: Site, folder: Path) -> tuple[int, int]:
    """Write a site; how many files, and how many bytes.

    Args:
        site: what to write.
        folder: a new one, an empty one, or one that holds a site.

    Raises:
        FolderError: it holds something else.
        OSError: it cannot be written.
    """
    before = _earlier(folder)
    paths = site.paths
    folder.mkdir(parents=True, exist_ok=True)
    # Before the first file, so that what is interrupted here can be gone on with.
    _note(folder, sorted({*before, *paths}))
    size = 0
    for path in paths:
        content = site.content(path)
        assert content is not None
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        size += len(content)
    # Pages that begin with an underscore are left out by GitHub Pages, unless it is told not to look.
    (folder / ".nojekyll").write_bytes(b"")
    for path in before - set(paths):
        _take_away(folder, path)
    _note(folder, paths)
    return len(paths), size


def _note(folder: Path, paths: Iterable[str]) -> None:
    (folder / MANIFEST).write_text("".join(f"{path}\n" for path in paths), "utf-8")


def _earlier(folder: Path) -> set[str]:
    """The files of the site that a folder holds."""
    if not folder.exists():
        return set()
    if not folder.is_dir():
        raise FolderError(f"{folder}: it is no folder")
    manifest = folder / MANIFEST
    if manifest.is_file():
        return set(manifest.read_text("utf-8").splitlines())
    if any(folder.iterdir()):
        raise FolderError(
            f"{folder}: it holds something that is no site of Lockstep: name a new folder, or an empty one"
        )
    return set()


def _take_away(folder: Path, path: str) -> None:
    target = folder / path
    if ".." in Path(path).parts or Path(path).is_absolute() or not target.is_file():
        return
    target.unlink()
    parent = target.parent
    while parent != folder and not any(parent.iterdir()):
        parent.rmdir()
        parent = parent.parent
