"""What vanishes and what stays: the table of `blanks.txt`, and JavaScript, of which nothing vanishes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lockstep.harness.suites.fixtures import ROOT
from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.javascript.syntax.parse import parse_module, parse_script
from lockstep.reference.javascript.syntax.typescript.strip import read, strip

TABLE = Path(__file__).with_name("blanks.txt")
# The output is no program by itself, or has what no engine has yet.
NOT_ALONE = ("@", "accessor ", "export { type A, b }", "super.m", "declare⏎namespace")


def rows() -> list[tuple[str, str]]:
    """The pairs of the table."""
    lines = [
        line
        for line in TABLE.read_text(encoding="utf-8").splitlines()
        if line.strip() and not re.match("//( |#)", line)
    ]
    return list(zip(lines[::2], lines[1::2], strict=True))


@pytest.mark.parametrize(("source", "blanked"), rows(), ids=[source for source, _ in rows()])
def test_types_become_blanks(source: str, blanked: str) -> None:
    stripped = strip(source.replace("⏎", "\n"))
    assert stripped == blanked.replace("⏎", "\n").replace("·", " ")
    if not any(part in source for part in NOT_ALONE):
        assert is_javascript(stripped)


def is_javascript(text: str) -> bool:
    """Whether a text is a module or a script."""
    try:
        parse_module(text)
    except GuestSyntaxError:
        try:
            parse_script(text)
        except GuestSyntaxError:
            return False
    return True


def test_the_table_is_read_as_it_is_written() -> None:
    assert len(rows()) > 250
    for source, blanked in rows():
        assert len(source) == len(blanked), source
        assert [at for at, one in enumerate(source) if one == "⏎"] == [
            at for at, one in enumerate(blanked) if one == "⏎"
        ]


def test_a_blank_is_as_wide_as_what_it_replaces() -> None:
    assert strip("let a: 'é€😀' = '😀';") == "let a   \xa0\u2002\u2002  = '😀';"
    assert strip("\ttype A = {\r\n\t\ta: 1\u2028};") == "\t          \r\n\t\t    \u2028  "


def programs() -> list[Path]:
    """Our own programs that are JavaScript."""
    return sorted(
        path
        for path in (ROOT / "javascript").rglob("*.js")
        if is_javascript(path.read_text(encoding="utf-8"))
    )


@pytest.mark.parametrize("path", programs(), ids=lambda path: path.name)
def test_javascript_stays_as_it_is(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    found = read(source, path.name)
    assert found.text == source
    assert found.refusal is None
