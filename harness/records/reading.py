"""A record by its name: a file, or `store:NUMBER` and `store:SUITE@ENGINE` (the newest) of the store."""

from __future__ import annotations

from pathlib import Path

from lockstep.harness.records.record import RecordError, Run, read_run
from lockstep.harness.store.place import StoreError
from lockstep.harness.store.store import open_store

PREFIX = "store:"


def is_record(name: Path) -> bool:
    """Whether it is a file, or has the form of a name in the store."""
    return name.is_file() or str(name).startswith(PREFIX)


def read_record(name: Path) -> Run:
    """The run that is recorded under `name`.

    Raises:
        RecordError: there is no such record, or the store cannot be read.
    """
    text = str(name)
    if not text.startswith(PREFIX) or name.is_file():
        return read_run(name)
    wanted = text.removeprefix(PREFIX)
    try:
        with open_store() as store:
            if wanted.isdecimal():
                return store.records.read(int(wanted))
            suite, _, engine = wanted.partition("@")
            if not engine:
                raise RecordError(f"{text}: store:NUMBER or store:SUITE@ENGINE names a record of the store")
            found = store.records.latest(suite, engine) or store.records.latest(suite, engine, whole=False)
            if found is None:
                raise RecordError(f"{store.name}: it holds no record of {suite} on {engine}")
            return store.records.read(found.number, suite, engine)
    except StoreError as error:
        raise RecordError(str(error)) from error
