"""What is made of the sources is as the sources are: tables of figures, reference, man page, completions."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import Any

import pytest

from docs.generate import command_page, figures, man_page, schema_pages
from docs.generate.__main__ import MAN_PAGE, completions
from docs.generate.commands import commands
from docs.generate.sources import from_docs, relinked
from lockstep.harness.schema import schemas
from tests.docs.running import pages
from tests.docs.setups import ROOT

_STALE = "`python -m docs.generate` writes it anew"
_INLINE = re.compile(r"`lockstep ([a-z][^`]*)`")


@pytest.mark.parametrize("page", [path.relative_to(ROOT).as_posix() for path in figures.marked_pages()])
def test_tables_of_figures_are_those_of_status(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    assert figures.renewed(text) == text, _STALE


def test_a_number_is_changed_back() -> None:
    text = (ROOT / "docs" / "reference" / "figures.md").read_text("utf-8")
    wrong = re.sub(r"\| \d[\d,]* \|", "| 77,777 |", text, count=1)
    assert wrong != text
    assert figures.renewed(wrong) == text


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.2612, "0.261"), (15100.0, "15,100"), (88.61, "88.6"), (59.0, "59"), (100.4, "100"), (None, "")],
)
def test_figures_have_three_digits(value: float | None, shown: str) -> None:
    assert figures.number(value) == shown


def test_every_command_and_option_is_in_the_reference_and_the_man_page() -> None:
    page, manual = command_page.page(), man_page.page()
    found = list(commands())
    assert len(found) > 25
    for one in found:
        assert f"## `{one.name}`\n" in page
        assert one.name.replace("-", "\\-") in manual
        for option in one.options:
            assert f"| `{command_page.cell(option.form)}` |" in page
    assert "--fail-on" in page


def test_every_field_of_a_schema_is_explained() -> None:
    silent = []
    for name, content in schemas().items():
        for type_name, schema in json.loads(content)["$defs"].items():
            fields: dict[str, Any] = schema.get("properties", {})
            silent += [
                f"{name}: {type_name}.{field}"
                for field, one in fields.items()
                if not one.get("description") and field != "type"  # the tag of a message says its name
            ]
    assert not silent


def test_schema_pages_have_every_type() -> None:
    for name, content in schemas().items():
        page = schema_pages.pages()[f"reference/{name.removesuffix('.json')}.md"]
        for type_name in json.loads(content)["$defs"]:
            assert f"{{ #{type_name.lower()} }}" in page


def test_the_man_page_is_fresh_and_groff_takes_it() -> None:
    assert MAN_PAGE.read_text("utf-8") == man_page.page(), _STALE
    if shutil.which("groff") is None:
        pytest.skip("no groff: the page was not set")
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", str(MAN_PAGE)], capture_output=True, text=True, check=True
    )
    assert not done.stderr
    assert "lockstep run [OPTIONS] [SUITES]..." in re.sub(r"\x1b\[[\d;]*m|.\x08", "", done.stdout)


def test_completions_are_fresh() -> None:
    for name, text in completions().items():
        assert (MAN_PAGE.parent / name).read_text("utf-8") == text, _STALE


def test_links_lead_to_the_same_place_from_the_manual() -> None:
    assert (
        from_docs("ci.md", "[a](../README.md#x) `[b](../README.md)`") == "[a](index.md#x) `[b](../README.md)`"
    )
    assert from_docs("design/host.md", "[a](../../CONTRIBUTING.md)") == "[a](../contributing.md)"
    assert from_docs("record.md", "[a](../harness/schemas/record.json)") == "[a](schemas/record.json)"
    assert from_docs("design/host.md", "[a](../ci.md)") == "[a](../ci.md)"
    assert relinked("[a](b)", str.upper) == "[a](B)"


@pytest.mark.parametrize("page", pages())
def test_commands_in_prose_are_there(page: str) -> None:
    """What stands in a sentence is not run; its words must be a command's, and its options those of that command."""
    known = {one.name.removeprefix("lockstep "): one for one in commands()}
    for text in _INLINE.findall((ROOT / page).read_text("utf-8")):
        words = text.split()
        name = next((" ".join(words[:size]) for size in (2, 1) if " ".join(words[:size]) in known), "")
        assert name, f"{page}: no command lockstep {text}"
        options = re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)
        forms = " ".join(option.form for option in known[name].options)
        assert not [option for option in options if option not in forms], f"{page}: lockstep {text}"


_PATH = re.compile(r"`((?:harness|reference|docs|\.ci)/[\w./-]+)`")


@pytest.mark.parametrize("page", pages())
def test_files_of_the_project_that_a_page_names_are_there(page: str) -> None:
    named = {path.rstrip("/") for path in _PATH.findall((ROOT / page).read_text("utf-8"))}
    # What is written in capitals stands for a name.
    gone = [path for path in named if path == path.lower() and not (ROOT / path).exists()]
    assert not gone, page
