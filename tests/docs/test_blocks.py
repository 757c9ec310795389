"""What pages show beside commands is of its form: project files are read, messages decoded, programs compiled."""

from __future__ import annotations

import ast
import json
import tomllib
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from lockstep.harness.messages import Answer, RecordFooter, RecordHeader, Request
from lockstep.harness.model import Result
from lockstep.harness.project.tables import ProjectTable
from lockstep.harness.status.yaml_file import parse_yaml
from tests.docs.blocks import Block, blocks
from tests.docs.running import pages
from tests.docs.setups import ROOT


def shown(*languages: str) -> list[Any]:
    return [
        pytest.param(block, id=f"{page}:{block.line}")
        for page in pages()
        for block in blocks(ROOT / page)
        if block.language in languages
    ]


# What a message, or a line of a record, is known by -> its type.
_KINDS: tuple[tuple[Callable[[dict[str, object]], bool], object], ...] = (
    (lambda content: content.get("type") in ("ready", "outcome"), Answer),
    (lambda content: "type" in content, Request),
    (lambda content: "lockstep" in content, RecordHeader),
    (lambda content: "finished" in content, RecordFooter),
    (lambda content: "verdict" in content, Result),
)


@pytest.mark.parametrize("block", shown("toml"))
def test_project_files_are_read(block: Block) -> None:
    content = tomllib.loads("\n".join(block.lines))
    if "project" not in content:  # that is a pyproject.toml
        msgspec.convert(content, ProjectTable)


@pytest.mark.parametrize("block", shown("json"))
def test_messages_are_decoded(block: Block) -> None:
    content = json.loads("\n".join(block.lines))
    msgspec.convert(content, next(kind for key, kind in _KINDS if key(content)))


@pytest.mark.parametrize("block", shown("python"))
def test_programs_are_python(block: Block) -> None:
    text = "\n".join(block.lines)
    if not text.startswith("# ---"):  # a header, which is no program
        ast.parse(text)


@pytest.mark.parametrize("block", shown("yaml"))
def test_yaml_is_read(block: Block) -> None:
    assert parse_yaml("\n".join(block.lines)) is not None
