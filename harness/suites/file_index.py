"""What was read from the files of a suite, kept in the cache: a file is read again only when its size or time has changed."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from lockstep.reference.host.generation.code_cache import cache_folder

T = TypeVar("T")
# Changes with the form of what is kept, or with what is read from a file.
_FORM = 1


class _Entry(msgspec.Struct, Generic[T], frozen=True, array_like=True, gc=False):
    """What was read from a file, None where there was nothing in it, and the file's size and time (nanoseconds) then."""

    size: int
    time: int
    value: T | None


def indexed(
    name: str,
    root: Path,
    paths: Iterable[str],
    kind: type[T],
    read: Callable[[bytes], T | None],
    unreadable: Callable[[OSError], T] | None = None,
) -> dict[str, T]:
    """What `read` makes of each file of which it makes something; taken from the cache where the file is as it was.

    Args:
        name: of the suite.
        root: its folder.
        paths: the files, below `root`: whole, or relative to it.
        kind: what `read` returns, in a form that msgspec can keep.
        read: makes it from a file's bytes.
        unreadable: makes it from what the system says of a file that cannot be read.

    Raises:
        OSError: a file cannot be read, and there is no `unreadable`.
    """
    place = cache_folder() / "index" / f"{name}-{hashlib.sha256(str(root).encode()).hexdigest()[:12]}"
    before = _kept(place, kind)
    number = len(before)
    base = f"{root}{os.sep}"
    entries: dict[str, _Entry[T]] = {}
    changed = False
    for path in paths:
        try:
            whole = path if path.startswith(os.sep) else base + path
            state = os.stat(whole)  # noqa: PTH116  # 47,000 files: half the time of pathlib
            # Taken out, so that of a million files nothing is there twice.
            known = before.pop(path, None)
            if known is not None and known.size == state.st_size and known.time == state.st_mtime_ns:
                entries[path] = known
                continue
            with open(whole, "rb") as stream:  # noqa: PTH123  # likewise
                entries[path] = _Entry(state.st_size, state.st_mtime_ns, read(stream.read()))
        except OSError as error:
            if unreadable is None:
                raise
            entries[path] = _Entry(-1, -1, unreadable(error))
        changed = True
    if changed or len(entries) != number:
        _keep(place, entries)
    return {path: entry.value for path, entry in entries.items() if entry.value is not None}


def _kept(place: Path, kind: type[T]) -> dict[str, _Entry[T]]:
    """What is in the cache; nothing where that is of another form, or broken."""
    try:
        form, entries = msgspec.msgpack.decode(
            place.read_bytes(),
            type=tuple[int, dict[str, _Entry[kind]]],  # type: ignore[valid-type]  # known when it runs
        )
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}
    return entries if form == _FORM else {}


def _keep(place: Path, entries: dict[str, _Entry[T]]) -> None:
    """A cache that cannot be written costs time only."""
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        scratch = place.with_name(f"{place.name}.{os.getpid()}")
        scratch.write_bytes(_packed(entries))
        scratch.replace(place)


def _packed(entries: dict[str, _Entry[T]]) -> bytes:
    """The entries as bytes; files whose names are no UTF-8 are read each time."""
    try:
        return msgspec.msgpack.encode((_FORM, entries))
    except UnicodeEncodeError:
        return msgspec.msgpack.encode((_FORM, {path: one for path, one in entries.items() if _is_text(path)}))


def _is_text(name: str) -> bool:
    return not any("\udc80" <= letter <= "\udcff" for letter in name)
