"""`lockstep site build` and `lockstep serve site`: engines beside each other, over time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from lockstep.harness.commands.judging import say
from lockstep.harness.commands.updating import shown_path
from lockstep.harness.gate import DONE, MISSING, USAGE
from lockstep.harness.records.record import RecordError
from lockstep.harness.site.making import Sources, make_site
from lockstep.harness.site.server import Fresh, serve
from lockstep.harness.site.writing import FolderError, write_site
from lockstep.harness.status.status import own_status_folder
from lockstep.harness.status.yaml_file import YamlError
from lockstep.harness.store.place import StoreError, history_path, is_there, store_place

T = TypeVar("T")

_NOTHING = "nothing to show: name records (--record), status files (--status) or a store (--store)"


def build(sources: Sources, folder: Path) -> int:
    """Write the site into a folder; 2 where what it is made from cannot be read, or the folder not be written."""
    sources = with_own_status(replace(sources, store=store_place()))
    if sources.empty:
        say(_NOTHING)
        return USAGE
    site = _tried(lambda: make_site(sources, say))
    if isinstance(site, int):
        return site
    try:
        number, size = write_site(site, folder)
    except FolderError as error:
        say(str(error))
        return USAGE
    except OSError as error:
        say(f"{folder}: cannot be written: {error.strerror or error}")
        return USAGE
    print(f"wrote {shown_path(folder)}: {number:,} files, {size / 1e6:,.1f} MB")
    return DONE


def serve_site(sources: Sources, host: str, port: int) -> int:
    """Serve the site until interrupted: of the store that is named, else of what this machine has run."""
    local = str(history_path()) if is_there() else ""
    sources = with_own_status(replace(sources, store=store_place() or local))
    if sources.empty:
        say(_NOTHING)
        return USAGE
    fresh = _tried(lambda: Fresh(sources, say))
    if isinstance(fresh, int):
        return fresh
    try:
        server = serve(fresh, host, port)
    except OSError as error:
        say(f"{host}:{port}: {error.strerror or error}")
        return USAGE
    with server:
        address, number = server.server_address[:2]
        print(f"site on http://{address!s}:{number}/", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
    return DONE


def with_own_status(sources: Sources) -> Sources:
    """With the project's status files, where nobody named others."""
    if sources.statuses:
        return sources
    try:
        folder = own_status_folder()
    except YamlError:
        return sources  # what an installed package brings is not the user's
    return replace(sources, statuses=(folder,)) if folder.is_dir() else sources


def _tried(make: Callable[[], T]) -> T | int:
    """What is made, or an exit code with the reason said."""
    try:
        return make()
    except RecordError as error:
        say(str(error))
        return USAGE
    except (YamlError, StoreError) as error:
        say(str(error))
        return MISSING
