"""Pages on what Lockstep reads and writes, from the JSON Schemas, which are made of the types that read and write it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from docs.generate.command_page import cell
from lockstep.harness.schema import schemas

Schema = Mapping[str, Any]

# Schema -> the title of its page, what stands in front, and how the things in it are called where they have no name of their own.
_PAGES: Mapping[str, tuple[str, str]] = {
    "project": (
        "lockstep.toml",
        (
            "Every key of the project file. [The project file](../project.md) says what it is for, [engines](../engines.md), "
            "[suites](../suites.md) and [languages](../languages.md) what the tables mean."
        ),
    ),
    "record": (
        "Records",
        "A record is JSON lines: one header, a result for each execution, a footer. [Records](../record.md) says how they are used.",
    ),
    "status": (
        "Status files",
        "One YAML file for each suite. [Status and gate](../status.md) shows one, and says who writes it and what reads it.",
    ),
    "protocol-request": (
        "Protocol: requests",
        "What Lockstep writes to an engine, one JSON object a line. [The protocol](../protocol.md) says what comes when.",
    ),
    "protocol-answer": (
        "Protocol: answers",
        "What an engine writes to Lockstep, one JSON object a line. [The protocol](../protocol.md) says what comes when.",
    ),
    **{
        f"site{part}": (f"Site: {name}", f"{words} [The site](../site.md) says where it lies.")
        for part, name, words in (
            ("", "the whole", "Suites, engines, counts, what earlier runs counted."),
            ("-suite", "a suite", "Folders, features and causes with the numbers of each engine."),
            ("-changes", "changes of an engine", "Every change of its verdicts."),
            (
                "-names",
                "names of tests",
                "Every test: folder, modes, features, its worst verdict on each engine.",
            ),
            ("-columns", "columns", "Every verdict and reason of every state."),
            ("-tests", "tests", "Sixty-four tests with sources, expectations, outcomes and changes."),
            (
                "-parity",
                "a matrix of names",
                "Every name with its tests, and what each engine does with them.",
            ),
        )
    },
}
# What a reader calls the types: tables of lockstep.toml, messages by their tags, parts of records.
_HEADINGS: Mapping[str, str] = {
    "ProjectTable": "The whole file",
    "LockstepTable": "[lockstep]",
    "EngineTable": "[engines.NAME]",
    "Language": "[languages.NAME]",
    "SuiteTable": "[suites.NAME]",
    "RuleTable": "[[suites.NAME.rules]]",
    "GateTable": "[gate]",
    "ClusterTable": "[clusters.NAME]",
    "LimitsTable": "limits",
    "StatusFile": "The whole file",
    "RecordHeader": "The header",
    "Result": "A result",
    "RecordFooter": "The footer",
    "EngineRow": "An engine",
    "SelectionRow": "What was chosen",
    "GroupRow": "A feature, or a folder",
    "Location": "A place",
    "StartMessage": "start",
    "RunMessage": "run",
    "InventoryRequest": "inventory",
    "StopMessage": "stop",
    "ReadyMessage": "ready",
    "OutcomeMessage": "outcome",
    "InventoryMessage": "inventory",
    "LimitsRow": "Limits",
    "LocationRow": "A place",
    "ErrorRow": "An error",
}


def pages() -> Mapping[str, str]:
    """File of the manual -> its text."""
    found = {name.removesuffix(".json"): json.loads(content) for name, content in schemas().items()}
    return {f"reference/{name}.md": _page(name, schema) for name, schema in found.items()}


def title(page: str) -> str:
    """What a page of the reference is called."""
    name = page.removeprefix("reference/").removesuffix(".md")
    return _PAGES.get(name, (name, ""))[0].removeprefix("Site: ")


def _page(name: str, schema: Schema) -> str:
    called, words = _PAGES.get(name, (name, str(schema.get("title", ""))))
    head = f"# {called}\n\n{words} As a JSON Schema, for editors and programs: [{name}.json](../schemas/{name}.json).\n\n"
    return head + "".join(_section(of, one) for of, one in _in_order(schema))


def _in_order(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """The definitions: those of which a line or the file is one first, then what they mention, each once."""
    definitions: Mapping[str, Schema] = schema["$defs"]
    waiting = list(_mentioned({key: schema.get(key) for key in ("oneOf", "$ref")}))
    seen: set[str] = set()
    while waiting:
        name = waiting.pop(0)
        if name not in seen:
            seen.add(name)
            yield name, definitions[name]
            waiting += _mentioned(definitions[name])


def _mentioned(part: object) -> Iterator[str]:
    if isinstance(part, Mapping):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].rpartition("/")[2]
        for value in part.values():
            yield from _mentioned(value)
    elif isinstance(part, list):
        for value in part:
            yield from _mentioned(value)


def heading(name: str) -> str:
    """What the section of a type is called."""
    return _HEADINGS.get(name, name)


def _section(name: str, schema: Schema) -> str:
    title = heading(name)
    shown = title if title[0].isupper() else f"`{title}`"
    head = f"## {shown} {{ #{_anchor(name)} }}\n\n{_words(schema)}\n\n"
    fields: Mapping[str, Schema] = schema.get("properties", {})
    if not fields:
        return f"{head}{_form(schema)}\n\n"
    needed = set(schema.get("required", ()))
    rows = (_row(field, one, needed=field in needed) for field, one in fields.items())
    return f"{head}| name | holds | default | meaning |\n| --- | --- | --- | --- |\n{''.join(rows)}\n"


def _anchor(name: str) -> str:
    return name.lower()


def _row(name: str, schema: Schema, *, needed: bool) -> str:
    default = "needed" if needed else "" if "$ref" in schema else _default(schema.get("default"))
    return f"| `{name}` | {_form(schema)} | {default} | {cell(_words(schema))} |\n"


def _default(value: object) -> str:
    if value in (None, "", [], {}):
        return ""
    return f"`{cell(json.dumps(value))}`"


def _words(schema: Schema) -> str:
    words = _PAGE_NAMED.sub(r"[\1](../\1.md)", str(schema.get("description", "")))
    return words[:1].upper() + words[1:] if words else ""


_PAGE_NAMED = re.compile(r"\bdocs/(\w+)\.md\b")
_NAMES: Mapping[str, str] = {
    "string": "text",
    "integer": "integer",
    "number": "number",
    "boolean": "`true` or `false`",
    "null": "null",
    "object": "table",
    "array": "list",
}


def _form(schema: Schema) -> str:
    """What a value is, in words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        title = heading(name)
        return f"[{title if title[0].isupper() else f'`{title}`'}](#{_anchor(name)})"
    if "enum" in schema:
        return ", ".join(f"`{cell(json.dumps(one))}`" for one in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(_form(one) for one in schema["anyOf"])
    kind = str(schema.get("type", ""))
    if kind == "array" and schema.get("prefixItems"):
        return "list of " + ", ".join(_form(one) for one in schema["prefixItems"])
    if kind == "array" and isinstance(schema.get("items"), Mapping) and schema["items"]:
        return f"list of {_form(schema['items'])}"
    if (
        kind == "object"
        and isinstance(schema.get("additionalProperties"), Mapping)
        and schema["additionalProperties"]
    ):
        return f"name -> {_form(schema['additionalProperties'])}"
    return _NAMES.get(kind, "any value")
