"""java.util.regex by translation: right values from OpenJDK 17, with and without the host's atomic groups."""

from __future__ import annotations

import pytest

from lockstep.reference.clojure.runtime.regular_expressions import translation
from lockstep.reference.clojure.runtime.regular_expressions.code_points import (
    complement,
    host_class,
    intersection,
    parsed,
    union,
)
from lockstep.reference.clojure.runtime.regular_expressions.pattern import Matcher, Pattern, Program
from lockstep.reference.clojure.runtime.values.faults import Fault

# Pattern, text, the matches in order.
MATCHES = [
    (r"\d+", "a1٣2", ["1", "2"]),
    (r"(?U)\d+", "a1٣2", ["1٣2"]),
    (r"[a-z&&[^m-p]]+", "kmnz", ["k", "z"]),
    (r"[^a-c&&b-z]", "abc", ["a"]),
    (r"a++b", "aab", ["aab"]),
    (r"a(?>cd|c)d", "acd acdd", ["acdd"]),
    (r"(?i)[k-l]", "K", ["K"]),
    (r"(?iu)ÀB", "àb", ["àb"]),
    (r"(?i)À", "à", []),
    (r"(?m)^.", "a\r\nb\u2028c", ["a", "b", "c"]),
    (r"(?dm)$", "a\rb\n", ["", ""]),
    (r".$", "a\r\n", ["a"]),
    (r"\Z", "a\n", ["", ""]),
    (r"a*?", "aa", ["", "", ""]),
    (r"x|\Ga", "aaxa", ["a", "a", "x", "a"]),
    (r"(?<=a{1,3}|z)b", "aab zb b", ["b", "b"]),
    (r"(?<!\d{1,2})c", "1c c", ["c"]),
    (r"\Q*\E+x?", "**x", ["**x"]),
    (r"(?x) a [b c] # note", "ac", ["ac"]),
    (r"\p{IsHan}|\p{InThai}|\p{gc=Nd}", "漢ก5a", ["漢", "ก", "5"]),
    (r"\R\h?\v*", "\r\n \n", ["\r\n \n"]),
]
ERRORS = {
    "(": "Unclosed group near index 1\n(",
    "x)": "Unmatched closing ')' near index 0\nx)\n^",
    "[b": "Unclosed character class near index 1\n[b\n ^",
    "+": "Dangling meta character '+' near index 0\n+\n^",
    r"\j": "Illegal/unsupported escape sequence near index 1\n\\j\n ^",
    r"\k<n>": "named capturing group <n> does not exist near index 4\n\\k<n>\n    ^",
}


@pytest.mark.parametrize(("pattern", "text", "wanted"), MATCHES)
@pytest.mark.parametrize("native", [True, False])
def test_matches(
    pattern: str, text: str, wanted: list[str], native: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translation, "HAS_ATOMIC", native and translation.HAS_ATOMIC)
    made = Pattern(pattern)
    made.program = Program(pattern, 0)
    assert [match.group() for match in made.matches(text)] == wanted


@pytest.mark.parametrize("pattern", ERRORS)
def test_errors(pattern: str) -> None:
    with pytest.raises(Fault) as caught:
        Pattern(pattern)
    assert (caught.value.class_name, caught.value.message) == ("PatternSyntaxException", ERRORS[pattern])


def test_groups_keep_their_numbers_behind_an_emulated_atomic_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translation, "HAS_ATOMIC", False)
    made = Pattern("(?>a+)(b)(?<n>c)?")
    made.program = Program(made.text, 0)
    matcher = Matcher(made, "aabc")
    assert matcher.find()
    assert made.groups(matcher.found()) == ["aabc", "b", "c"]
    assert matcher.found().group(matcher.index("n")) == "c"


def test_sets_of_code_points() -> None:
    low, high = parsed("61-66 78"), parsed("64-70")
    assert intersection(low, high) == parsed("64-66")
    assert union(low, high) == parsed("61-70 78")
    assert complement(complement(low)) == low
    assert host_class(()) == "(?!)"
    assert host_class(complement(parsed("a"))) == r"[^\x0a]"
