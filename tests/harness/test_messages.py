"""Messages and rows: their types, their schemas, and whether what we write ourselves has their form."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from lockstep.harness.engines.registry import resolve
from lockstep.harness.messages import Answer, RecordFooter, RecordHeader, Request, StatusFile
from lockstep.harness.model import Outcome, Result
from lockstep.harness.schema import FOLDER, schemas
from lockstep.harness.status.status import status_folder
from lockstep.harness.status.yaml_file import parse_yaml
from tests.harness.black_box import fake, run

# A program of each language that ends in each way: it completes, throws with a location, does not parse, never ends.
PROGRAMS: Mapping[str, tuple[str, str, str, str]] = {
    "javascript": ("print('ü')", "\nnull.x", "1 +", "for (;;) ;"),
    "python": ("print('ü')", "\n1 // 0", "1 +", "while True: pass"),
    "clojure": ('(println "ü")', "\n(/ 1 0)", "(1", "(loop [] (recur))"),
    "lua5.1": ("print('ü')", "\nlocal x = nil + 1", "x =", "while true do end"),
    "lua5.4": ("print('ü')", "\nlocal x = nil + 1", "x =", "while true do end"),
}
ENGINES = [f"{language}:{backend}" for language in PROGRAMS for backend in ("treewalk", "vm")]


def test_the_schemas_are_those_of_the_types() -> None:
    """Otherwise: `python -m lockstep.harness.schema`."""
    assert {path.name: path.read_bytes() for path in FOLDER.iterdir()} == schemas()


def test_every_field_that_people_write_for_is_described() -> None:
    for name in ("protocol-request", "record", "status"):
        for component in json.loads(schemas()[f"{name}.json"])["$defs"].values():
            assert "Attributes" not in component.get("description", "")


def conversation(engine: str, *requests: dict[str, object]) -> list[dict[str, Any]]:
    """What an engine answers, line by line."""
    spec = resolve(engine)
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    done = subprocess.run(
        spec.command,
        input=lines,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **spec.environment},
        timeout=120,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("engine", ENGINES)
def test_engines_that_are_ours_answer_in_the_protocols_form(engine: str) -> None:
    sources = PROGRAMS[engine.partition(":")[0]]
    mode = "script" if engine.startswith("javascript") else ""
    requests: list[dict[str, Any]] = [
        {"type": "start", "version": 1},
        *(
            {
                "type": "run",
                "id": number,
                "source": source,
                "name": "p",
                "mode": mode,
                "limits": {"steps": 20000, "seconds": 30.0},
            }
            for number, source in enumerate(sources)
        ),
        {"type": "inventory", "id": 9},
        {"type": "stop"},
    ]
    for request in requests:
        msgspec.convert(request, Request)
    messages = conversation(engine, *requests)
    assert [message["type"] for message in messages] == ["ready", *["outcome"] * 4, "inventory"]
    for message in messages:
        typed = msgspec.convert(message, Answer)
        # Nothing that the types do not know either.
        assert message.keys() <= {"type", *typed.__struct_fields__}
    endings = [(message["completion"], message.get("phase")) for message in messages[1:5]]
    assert [ending for ending, _ in endings] == ["completed", "threw", "threw", "timeout"]
    assert messages[2]["location"]["line"] == 2


@pytest.mark.parametrize(
    "message",
    [
        {"completion": "excellent"},
        {},
        {"completion": "completed", "output": 5},
        {"completion": "threw", "location": {"file": "x"}},
        {"completion": "threw", "traceback": "line"},
        {"completion": "completed", "steps": "many"},
        {"completion": "completed", "unhandled": "TypeError"},
    ],
)
def test_outcomes_of_another_form_are_refused(message: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        Outcome.from_message(message)


def test_what_a_message_may_leave_out() -> None:
    empty = dict.fromkeys(("phase", "kind", "error", "message", "location", "traceback", "output", "ms"))
    assert Outcome.from_message({"completion": "completed", **empty, "more": 1}) == Outcome("completed")
    unhandled = Outcome.from_message({"completion": "completed", "unhandled": {"error": "E"}}).unhandled
    assert unhandled == Outcome("threw", error="E")


def test_records_have_their_form(environment: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    run(environment, "--engine", fake("extra-output"), "--output", str(path), "--filter", "language/*")
    header, *rows, footer = path.read_text().splitlines()
    for line, kind in ((header, RecordHeader), (footer, RecordFooter), *((row, Result) for row in rows)):
        typed = msgspec.json.decode(line, type=kind)
        assert msgspec.json.decode(line).keys() <= set(kind.__struct_fields__)
        assert msgspec.json.encode(typed).decode() == line
    # What the program did stands beside what the judge says of it.
    row = json.loads(rows[0])
    assert (row["completion"], row["output"], len(row["digest"])) == ("completed", "one\ntwo\nthree\n", 16)


@pytest.mark.parametrize(
    "path",
    sorted(path for path in status_folder().glob("*.yaml") if "suite: " in path.read_text()[:400]),
    ids=lambda path: path.stem,
)
def test_status_files_have_their_form(path: Path) -> None:
    content = parse_yaml(path.read_text())
    if content.get("lockstep") == 2:
        msgspec.convert(content, StatusFile)
