"""From what a command names to a site: records, status files and a store, read, joined and laid out."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lockstep.harness.engines.registry import all_names
from lockstep.harness.project.file import Project
from lockstep.harness.records.reading import read_record
from lockstep.harness.site.gathering import Inputs, gather
from lockstep.harness.site.parity import parities
from lockstep.harness.site.site import Site
from lockstep.harness.site.stored import Stored, newest_run, read_stored
from lockstep.harness.suites import open_suite

TITLE = "Conformance"


@dataclass(frozen=True)
class Sources:
    """What a site is made from, by name.

    Attributes:
        records: files of recorded runs, or names of the store's.
        statuses: folders of status files, the oldest first.
        store: a path or an address; "" for none.
        title: of the site.
        base: its address; "" where it is not known.
        project: where suites and engines of one's own are named.
    """

    records: tuple[Path, ...] = ()
    statuses: tuple[Path, ...] = ()
    store: str = ""
    title: str = TITLE
    base: str = ""
    project: Project = field(default_factory=Project)

    @property
    def empty(self) -> bool:
        """Whether nothing is named."""
        return not (self.records or self.statuses or self.store)

    def stamp(self) -> str:
        """A text that is another as soon as one of them is.

        Raises:
            StoreError: the store cannot be read.
        """
        parts = [f"{path} {_touched(path)}" for path in self._files()]
        if self.store:
            parts.append(str(newest_run(self.store)))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def _files(self) -> Iterator[Path]:
        yield from self.records
        for folder in self.statuses:
            yield from sorted(folder.glob("*.yaml"))


def _touched(path: Path) -> str:
    try:
        found = path.stat()
    except OSError:
        return "-"
    return f"{found.st_mtime_ns} {found.st_size}"


def make_site(sources: Sources, said: Callable[[str], None], stamp: str = "") -> Site:
    """Read everything, and lay it out.

    Args:
        sources: what is named.
        said: takes a sentence on what had to be left out.
        stamp: of what a server shows.

    Raises:
        RecordError: a record cannot be read.
        YamlError: a status file has another form.
        StoreError: the store cannot be read.
    """
    stored = read_stored(sources.store) if sources.store else Stored()
    runs = [*map(read_record, sources.records), *stored.runs]
    parts = gather(
        Inputs(runs, sources.statuses, stored.past, lambda name: open_suite(name, sources.project), said)
    )
    matrices = parities(parts, sources.statuses)
    own = sources.project.engines
    named = {*all_names(), *own}
    return Site(
        parts,
        sources.title,
        sources.base,
        matrices,
        lambda name: name in named or shutil.which(name) is not None,
        stamp,
    )
