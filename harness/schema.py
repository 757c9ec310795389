"""JSON Schemas of what Lockstep reads and writes, made from the types; `python -m lockstep.harness.schema` writes them anew."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from lockstep.harness.messages import (
    InventoryMessage,
    InventoryRequest,
    OutcomeMessage,
    ReadyMessage,
    RecordFooter,
    RecordHeader,
    RunMessage,
    StartMessage,
    StatusFile,
    StopMessage,
)
from lockstep.harness.model import Result
from lockstep.harness.project.tables import ProjectTable
from lockstep.harness.site.data import (
    ChangesData,
    ColumnsData,
    NamesData,
    ParityData,
    ShardData,
    SiteData,
    SuiteData,
)

FOLDER = Path(__file__).with_name("schemas")
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
# File -> title, and the types of which one is a line, or the whole file.
_FILES: Mapping[str, tuple[str, tuple[type, ...]]] = {
    "protocol-request": (
        "A line that Lockstep writes to an engine (docs/protocol.md)",
        (StartMessage, RunMessage, InventoryRequest, StopMessage),
    ),
    "protocol-answer": (
        "A line that an engine writes to Lockstep (docs/protocol.md)",
        (ReadyMessage, OutcomeMessage, InventoryMessage),
    ),
    "record": (
        "A line of a record: the header, a result, the footer (docs/record.md)",
        (RecordHeader, Result, RecordFooter),
    ),
    "status": ("A status file (docs/status.md)", (StatusFile,)),
    "project": ("lockstep.toml (docs/project.md)", (ProjectTable,)),
    "site": ("data/site.json of a site (docs/site.md)", (SiteData,)),
    "site-suite": ("suite.json of a suite of a site (docs/site.md)", (SuiteData,)),
    "site-changes": ("changes.json of an engine of a site (docs/site.md)", (ChangesData,)),
    "site-names": ("names.json of a suite of a site (docs/site.md)", (NamesData,)),
    "site-columns": ("columns.json of a suite of a site (docs/site.md)", (ColumnsData,)),
    "site-tests": ("What is packed in tests/N.js of a suite of a site (docs/site.md)", (ShardData,)),
    "site-parity": ("A matrix of names of a site (docs/site.md)", (ParityData,)),
}


def schemas() -> dict[str, bytes]:
    """The content of each file of `harness/schemas/`, by its name."""
    return {f"{name}.json": _schema(title, types) for name, (title, types) in _FILES.items()}


def _schema(title: str, types: tuple[type, ...]) -> bytes:
    found, components = msgspec.json.schema_components(types, ref_template="#/$defs/{name}")
    for component in components.values():
        _describe(component)
    top: dict[str, object] = {"$schema": _DIALECT, "title": title}
    top |= {"oneOf": list(found)} if len(found) > 1 else found[0]
    content = msgspec.json.encode(top | {"$defs": components})
    return msgspec.json.format(content, indent=2) + b"\n"


# `name: text` and `name, other: text` below "Attributes:", with lines that go on indented.
_ATTRIBUTE = re.compile(r"^(\w+(?:, \w+)*): (.*(?:\n +.*)*)", re.MULTILINE)


def _describe(schema: dict[str, Any]) -> None:
    """Give the fields of a schema the words that the type's documentation, which is its description, has for them."""
    text, _, attributes = schema.get("description", "").partition("\n\nAttributes:\n")
    if text:
        schema["description"] = text
    properties = {name.replace("-", "_"): entry for name, entry in schema.get("properties", {}).items()}
    for names, words in _ATTRIBUTE.findall(inspect.cleandoc(attributes)):
        for name in names.split(", "):
            if name in properties:
                properties[name]["description"] = " ".join(words.split())


def write() -> None:
    """Write `harness/schemas/` anew."""
    FOLDER.mkdir(exist_ok=True)
    for name, content in schemas().items():
        (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    write()
