"""What a run sends along: the order, and the content that it names."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lockstep.harness.cluster.content import ContentStore, content_folder, files_below, packed, parcel_of_file
from lockstep.harness.cluster.travelling import EngineOrder, Kind, Order, Parcel
from lockstep.harness.engines.adapters import OUTSIDE
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.execution import Execute
from lockstep.harness.model import MissingError, Suite
from lockstep.harness.project.file import Project
from lockstep.harness.suites.sources import SOURCES, archive_of, locate


@dataclass(frozen=True)
class Shipment:
    """An order with the content of its parcels, which is read when a worker wants it."""

    order: Order
    contents: dict[str, Callable[[], bytes]]


def shipment(
    suites: Sequence[Suite],
    engines: Sequence[EngineSpec],
    project: Project,
    how: Execute,
    host: str | None,
) -> Shipment:
    """What workers need for a run of these suites on these engines.

    Raises:
        MissingError: a file that has to be sent cannot be read.
    """
    contents: dict[str, Callable[[], bytes]] = {}
    parcels = [_source(name, contents) for name in _sources(suites)]
    own = _project_files(suites, project)
    if own:
        parcels.append(_kept("project", "project.tar.gz", packed(own), contents))
    orders = [_engine_order(engine, host, contents) for engine in engines]
    parcels += [parcel for order in orders for _, parcel in order.uploads]
    order = Order(
        run=uuid.uuid4().hex,
        suites=tuple(suite.name for suite in suites),
        engines=tuple(orders),
        project=project.table if project.path is not None else None,
        parcels=tuple(dict.fromkeys(parcels)),
        override=how.override,
        memory=how.memory,
        start_seconds=how.start_seconds,
    )
    return Shipment(order, contents)


def _sources(suites: Iterable[Suite]) -> list[str]:
    """The public sources that the suites read."""
    return list(dict.fromkeys(name for suite in suites for name in getattr(suite, "sources", ())))


def _source(name: str, contents: dict[str, Callable[[], bytes]]) -> Parcel:
    """The archive of a public suite: the user's own, or one of the folder that the suite is read from."""
    archive = archive_of(name)
    if archive is not None:
        parcel = parcel_of_file("suite", archive)
        contents[parcel.digest] = archive.read_bytes
        return parcel
    full = f"{name}-{SOURCES[name].revision}"
    files = files_below(locate(name), passed_by=(".git", "__pycache__"))
    return _kept("suite", f"{full}.tar.xz", packed(files, compression="xz"), contents)


def _project_files(suites: Iterable[Suite], project: Project) -> list[tuple[str, Path]]:
    """The folders that suites of the project read, and what stands beside the project file."""
    if project.path is None:
        return []
    found: dict[str, Path] = {}
    for suite in suites:
        for path in getattr(suite, "places", ()):
            # Under the names by which the suite finds them, whatever links lead there.
            name = os.path.relpath(path, project.folder)
            if name == ".." or name.startswith("../"):
                raise MissingError(
                    f"suite {suite.name}: {path} is outside of {project.folder}, and is not sent to workers"
                )
            found.update(files_below(path, name) if path.is_dir() else [(name, path)])
    named = ((os.path.normpath(name), path) for name, path in found.items())
    return [(name, path) for name, path in named if not _is_kept_by_runs(name, project)]


def _is_kept_by_runs(name: str, project: Project) -> bool:
    """Whether a file is one that runs write, which says nothing of a suite and changes each time."""
    own = project.table.lockstep
    folders = (os.path.normpath(place) for place in (own.status, own.cache, own.suites) if place)
    return any(name.startswith(f"{folder}/") for folder in folders) or (
        bool(own.history) and name.startswith(os.path.normpath(own.history))
    )


def _engine_order(
    engine: EngineSpec, host: str | None, contents: dict[str, Callable[[], bytes]]
) -> EngineOrder:
    # Ours, the adapters and Redis are found by their names, wherever Lockstep is installed there.
    named = engine.ours or (
        engine.plain is None and (engine.name in OUTSIDE or engine.name.startswith("redis://"))
    )
    if named or engine.place != "upload":
        return EngineOrder(engine, named, host if engine.ours else None)
    uploads = []
    for number, word in enumerate(engine.command):
        path = Path(_program(engine) if number == 0 else word)
        if (number == 0 or "/" in word) and path.is_file():
            parcel = parcel_of_file("engine", path)
            contents[parcel.digest] = path.read_bytes
            uploads.append((word, parcel))
    return EngineOrder(engine, named=False, uploads=tuple(uploads))


def _program(engine: EngineSpec) -> str:
    if engine.plain is None:
        return engine.command[0]
    return engine.plain.template.located({**os.environ, **engine.environment}.get("PATH"))


def placed(order: EngineOrder, store: ContentStore) -> EngineSpec:
    """The engine of an order on this machine, with uploaded files in the words of its command."""
    here = {word: str(store.path(parcel)) for word, parcel in order.uploads}
    words = tuple(here.get(word, word) for word in order.spec.command)
    plain = order.spec.plain
    if plain is not None:
        version = tuple(here.get(word, word) for word in plain.version)
        plain = replace(plain, template=replace(plain.template, words=words), version=version)
    return replace(order.spec, command=words, plain=plain, identity=None)


def _kept(kind: Kind, name: str, content: bytes, contents: dict[str, Callable[[], bytes]]) -> Parcel:
    """Content that was made for this run; it stays in the store of this machine, where local workers find it."""
    parcel = Parcel(kind, name, hashlib.sha256(content).hexdigest(), len(content))
    store = ContentStore(content_folder())
    if not store.holds(parcel):
        try:
            store.receive(parcel, content)
        except OSError:  # no room here; workers may have some
            contents[parcel.digest] = lambda: content
            return parcel
    contents[parcel.digest] = store.path(parcel).read_bytes
    return parcel
