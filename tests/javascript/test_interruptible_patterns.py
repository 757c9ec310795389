"""Regular expressions end by a limit where the host's `re` would not end soon; where it does, it matches."""

from __future__ import annotations

from typing import Any

import pytest

import lockstep
from lockstep.reference.host.limits import Budget, Limits
from lockstep.reference.javascript.runtime.regular_expressions.compiled import CompiledPattern
from lockstep.reference.javascript.runtime.regular_expressions.effort import effort_of
from lockstep.reference.javascript.runtime.regular_expressions.lowering import Lowering
from lockstep.reference.javascript.syntax.regexp.parser import parse_pattern


@pytest.mark.parametrize(
    ("source", "flags", "text", "fits"),
    [
        (r"\w+", "g", "a" * 200_000, True),
        (r"\s+", "", " " * 200_000, True),
        (r"\s+$", "", "a b " * 50_000, True),
        (r"\s+$", "", " " * 200_000, False),
        (r"^\s+|\s+$", "g", "a b " * 50_000, True),
        (r"^\s+|\s+$", "g", " " * 200_000, False),
        ("(?:a|b)*c", "", "ab" * 100, True),
        ("(?:a|b)*c", "", "ab" * 100_000, False),
        ("(?:a|b)*c", "i", "aB" * 100_000, False),
        ("^.*x", "", "a" * 200_000, True),
        ("^.*x", "m", "a" * 200_000, False),
        ("(?:^|a).*x", "", "a" * 200_000, False),
        (".*x", "", "a line\n" * 20_000, True),
        (".*x", "s", "a line\n" * 20_000, False),
        ("<[^>]*>", "g", ("<p>" + "text " * 40) * 1000, True),
        ("<[^>]*>", "g", "<" * 20_000, False),
        (r"(\w)\1", "", "ab " * 50_000, True),
        (r"(a*)\1b", "", "a" * 2000, False),
        (r"(?:\d{1,3}\.){3}\d{1,3}", "", "12.34.56.7x" * 10_000, True),
        (r"(?:\w+\.)+com", "", "one two. three " * 10_000, True),
        (r"(?:\w+\.)+com", "", "w" * 100, False),
        ("(?:aa?)*c", "", "a" * 60, False),
        ("(?=.*a).*b", "", "c" * 2000, False),
        (r"\d+px|\d+em|\d+%|\d+rem|\d+vh", "g", "10 20 30 " * 10_000, True),
    ],
)
def test_where_the_host_matches(source: str, flags: str, text: str, fits: bool) -> None:
    assert effort_of(Lowering(parse_pattern(source, flags)).lower()).fits(text) is fits


@pytest.mark.parametrize("source", [r"\w+", r"\s+", "[^,]*", "abc", "a|b", "colou?r", r"\d{4}-\d\d-\d\d"])
def test_what_passes_a_text_once_is_not_judged(source: str) -> None:
    assert effort_of(Lowering(parse_pattern(source, "")).lower()).is_always_small()


@pytest.mark.parametrize(
    ("source", "flags", "text"),
    [
        (r"\s+$", "", " " * 6000),
        ("(?:a|b)*c", "", "ab" * 3000 + "c"),
        (r"(\s+)$", "u", "\U0001f600" + " " * 6000),
        ("b*?c", "y", "b" * 6000 + "c"),
    ],
)
def test_both_matchers_find_the_same(source: str, flags: str, text: str) -> None:
    budget = Budget(Limits(steps=100_000_000))
    ours, host = CompiledPattern(source, flags, interruptible=True), CompiledPattern(source, flags)
    for start in (0, 5000):
        sticky = "y" in flags
        assert ours.match(text, start, sticky, budget) == host.match(text, start, sticky, budget)


@pytest.mark.parametrize("backend", ["vm", "treewalk"])
@pytest.mark.parametrize("limit", [{"steps": 20_000}, {"seconds": 0.2}])
@pytest.mark.parametrize(
    "program",
    [
        r"/\s+$/.test(' '.repeat(2e5) + 'x')",
        r"(' '.repeat(2e5) + 'x').replace(/\s+$/, '')",
        "/(a|b)*c/.test('ab'.repeat(1e5))",
        "/(?:a|b)*c/.test('ab'.repeat(1e5))",
        "('ab'.repeat(1e5)).split(/(?:a|b)*c/)",
        "('ab'.repeat(1e5)).match(/(?:a|b)*c/gu)",
        "/.*.*.*x/.test('a'.repeat(3000))",
        "/(?:aa?)*c/.test('a'.repeat(60))",
        "/(?:a+)+b/.test('a'.repeat(60))",
    ],
)
def test_matching_ends_by_its_limit(program: str, limit: dict[str, Any], backend: str) -> None:
    with lockstep.Interpreter("javascript", backend, **limit) as guest:
        with pytest.raises(lockstep.LimitExceeded):
            guest.evaluate(f"try {{ {program} }} catch {{}} finally {{}}")
        assert guest.evaluate(r"'a  '.replace(/\s+$/, '')") == "a"
