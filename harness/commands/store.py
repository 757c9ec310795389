"""`lockstep store`: what a store holds, bringing it to this version, taking out what is old, copying it."""

from __future__ import annotations

from dataclasses import asdict

import msgspec
from tabulate import tabulate

from lockstep.harness.commands.judging import say
from lockstep.harness.gate import DONE, MISSING
from lockstep.harness.store.copying import copy
from lockstep.harness.store.database import Database
from lockstep.harness.store.measure import Measured, measure
from lockstep.harness.store.place import StoreError, history_path, outcomes_path, store_place
from lockstep.harness.store.retention import Pruned, prune


def _places() -> tuple[str, ...]:
    """The databases of the store: one, or the two files of this machine."""
    one = store_place()
    return (one,) if one else (str(history_path()), str(outcomes_path()))


def show_info(*, as_json: bool) -> int:
    """Print what is in the store: rows, bytes and versions."""
    found = []
    try:
        for place in _places():
            database = Database(place, say)
            try:
                found.append(measure(database))
            finally:
                database.close()
    except StoreError as error:
        say(str(error))
        return MISSING
    if as_json:
        print(msgspec.json.format(msgspec.json.encode([asdict(one) for one in found])).decode())
    else:
        print("\n\n".join(map(_shown, found)))
    return DONE


def _shown(found: Measured) -> str:
    rows: list[list[object]] = [
        [name, one.rows, *(None if size is None else f"{size:,}" for size in (one.table, one.indices))]
        for name, one in found.tables.items()
    ]
    table = tabulate(
        rows,
        headers=["table", "rows", "bytes", "bytes of indices"],
        intfmt=",",
        colalign=("left", *["right"] * 3),
    )
    return f"{found.name}: {found.kind}, version {found.version}, {found.size:,} bytes\n\n{table}"


def migrate_store() -> int:
    """Bring the store to the version of this Lockstep, and say which it was."""
    try:
        for place in _places():
            # What is a file is brought there by whoever opens it.
            database = Database(place, say, migrating=True)
            try:
                print(f"{database.name}: version {measure(database).version}")
            finally:
                database.close()
    except StoreError as error:
        say(str(error))
        return MISSING
    return DONE


def prune_store(keep: int | None, days: int | None, *, dry_run: bool) -> int:
    """Take out what is old, or say what would be."""
    total = Pruned()
    try:
        for place in _places():
            database = Database(place, say)
            try:
                one = prune(database, keep, days, dry_run=dry_run)
            finally:
                database.close()
            total = Pruned(total.records + one.records, total.size + one.size, total.outcomes + one.outcomes)
    except StoreError as error:
        say(str(error))
        return MISSING
    done = "would take out" if dry_run else "took out"
    print(f"{done} {total.records:,} records ({total.size:,} bytes) and {total.outcomes:,} outcomes")
    return DONE


def copy_store(source: str, target: str) -> int:
    """Copy all of one store into an empty one."""
    try:
        opened = [Database(source, say)]
        try:
            opened.append(Database(target, say))
            copied = copy(*opened)
        finally:
            for database in opened:
                database.close()
    except StoreError as error:
        say(str(error))
        return MISSING
    print(
        tabulate(sorted(copied.items()), headers=["table", "rows"], intfmt=",") if copied else "it is empty"
    )
    return DONE
