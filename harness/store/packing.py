"""Results of one suite on one engine, packed: a column a field, as JSON, compressed.

Like stands beside like, so that it takes two thirds of the room of compressed lines.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import msgspec

from lockstep.harness.model import Location, Result, Verdict

# What `form` of a packed body says; others are of a newer Lockstep.
FORM = "columns+zlib"
_LEVEL = 6
_FIELDS = tuple(field for field in msgspec.structs.fields(Result) if field.name not in ("suite", "engine"))


def packed(results: Sequence[Result]) -> bytes:
    """The results, in their order; a column in which all have the default is left out."""
    columns: dict[str, list[Any]] = {}
    for field in _FIELDS:
        column = [getattr(result, field.name) for result in results]
        default = field.default if field.default is not msgspec.NODEFAULT else None
        if field.required or any(value != default for value in column):
            columns[field.name] = column
    return zlib.compress(msgspec.json.encode(columns), _LEVEL)


def unpacked(body: bytes, suite: str, engine: str) -> list[Result]:
    """The results that were packed; columns that are not known are left out.

    Raises:
        ValueError: it is no such body.
    """
    try:
        columns = msgspec.json.decode(zlib.decompress(body), type=dict[str, list[Any]])
    except (zlib.error, msgspec.DecodeError) as error:
        raise ValueError(str(error)) from error
    known = {field.name for field in _FIELDS}
    columns = {name: column for name, column in columns.items() if name in known}
    columns["verdict"] = [_VERDICTS[verdict] for verdict in columns["verdict"]]
    if "location" in columns:
        columns["location"] = [place and Location(**place) for place in columns["location"]]
    names = tuple(columns)
    return [
        Result(suite=suite, engine=engine, **dict(zip(names, row, strict=True)))
        for row in zip(*columns.values(), strict=True)
    ]


_VERDICTS = {str(verdict): verdict for verdict in Verdict}
