"""The matcher that looks at the limits finds what the host's `re` finds with the translated text."""

from __future__ import annotations

import random
from typing import Any

import pytest

import lockstep
from lockstep.reference.clojure.runtime.regular_expressions.effort import effort_of
from lockstep.reference.clojure.runtime.regular_expressions.interruptible import Interruptible
from lockstep.reference.clojure.runtime.regular_expressions.parser import Parser
from lockstep.reference.clojure.runtime.regular_expressions.pattern import Pattern
from lockstep.reference.clojure.runtime.values.faults import Fault
from lockstep.reference.host.limits import Budget, Limits

ATOMS = (
    "a", "b", "ab", ".", "[ab]", "[^a]", r"\w", "(?i)B", "(?iu:A)", r"\b", "^", "$", r"\Z",
    "(?=a)", "(?!b)", "(?<=a)", "(?<!b|ab)", r"\1", r"(?i:\1)",
)  # fmt: skip
QUANTIFIERS = ("*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{0,2}?", "*+", "?+", "{1,}+")


def pattern_text(chance: random.Random, depth: int) -> str:
    kind = chance.randrange(7) if depth else 0
    if kind < 2:
        return chance.choice(ATOMS)
    inner = [pattern_text(chance, depth - 1) for _ in range(chance.randint(1, 3))]
    if kind == 2:
        return f"({'|'.join(inner)})"
    if kind == 3:
        return f"(?:{'|'.join(inner)}){chance.choice(QUANTIFIERS)}"
    if kind == 4:
        return f"({''.join(inner)}){chance.choice(QUANTIFIERS)}"
    if kind == 5:
        return f"{chance.choice(('(?>', '(?=', '(?!'))}{''.join(inner)})"
    return "".join(inner)


@pytest.mark.parametrize("seed", range(20))
def test_random_patterns(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    compared = 0
    for _ in range(150):
        source = pattern_text(chance, 3)
        text = "".join(chance.choice("aabbAB\n") for _ in range(chance.randint(0, 9)))
        try:
            pattern = Pattern(source)
        except Fault:  # not every text is a pattern
            continue
        program = pattern.program
        if program.interruptible is None:
            continue
        start = chance.randint(0, len(text))
        for found, host in (
            (matched(program.interruptible, text, start, search=True), program.compiled.search(text, start)),
            (matched(program.interruptible, text, 0, whole=True), program.compiled.fullmatch(text)),
            (matched(program.interruptible, text, 0), program.compiled.match(text)),
        ):
            assert (found and found.regs) == (host and host.regs), (source, text, start)
            if found is not None and host is not None:
                assert [found.group(), *found.groups()] == [host.group(), *host.groups()]
                assert (found.start(), found.end(), found[0]) == (host.start(), host.end(), host[0])
            compared += 1
    assert compared > 100


def matched(pattern: Interruptible, text: str, start: int, **how: Any) -> Any:
    return pattern.match(text, start, Budget(Limits(steps=100_000)), **how)


@pytest.mark.parametrize(
    ("source", "text", "fits"),
    [
        (r"\w+", "a" * 100_000, True),
        (r"\d+,", "12,345," * 10_000, True),
        (r"\d+,", "1" * 10_000, False),
        (r"\s+$", "a b " * 10_000, True),
        (r"\s+$", " " * 10_000, False),
        (".*.*x", "a" * 1000, False),
        ("(a+)+b", "a" * 20, False),
        ("(a|ab)*c", "ab" * 20, False),
        ("(a|b)*c", "ab" * 200, True),
        ("a?" * 30 + "a" * 30, "a" * 30, False),
        ("(?:a(?:b(?:c)?)?)?d", "abc" * 1000, True),
        ("(?:foo|bar)+", "foo" * 10_000, True),
    ],
)
def test_where_the_host_matches(source: str, text: str, fits: bool) -> None:
    assert effort_of(Parser(source, 0).parse(), whole=False).fits(text) is fits


@pytest.mark.parametrize("backend", ["vm", "treewalk"])
@pytest.mark.parametrize("limit", [{"steps": 20_000}, {"seconds": 0.2}])
@pytest.mark.parametrize(
    "program",
    [
        '(re-find #"(a+)+$" (str (apply str (repeat 40 "a")) "b"))',
        '(re-matches #"(a|aa)+" (str (apply str (repeat 60 "a")) "b"))',
        '(re-seq #"(a*)*b" (apply str (repeat 40 "a")))',
        '(clojure.string/split (apply str (repeat 40 "a")) #"(a*)*b")',
        '(clojure.string/replace (apply str (repeat 40 "a")) #"(a|a)*b" "")',
        '(re-find (re-matcher #"^(a|a?)+$" (str (apply str (repeat 40 "a")) "b")))',
        '(.matches (apply str (repeat 40 "a")) "(a+)+b")',
        '(re-find #".*.*.*.*x" (apply str (repeat 3000 "a")))',
    ],
)
def test_matching_ends_by_its_limit(program: str, limit: dict[str, Any], backend: str) -> None:
    with lockstep.Interpreter("clojure", backend, **limit) as guest:
        with pytest.raises(lockstep.LimitExceeded):
            guest.evaluate(f"(try {program} (catch Throwable e 1) (finally 2))")
        assert (
            guest.evaluate('(re-find #"(a+)+b" (apply str (concat (repeat 20 "a") "b")))')[0]
            == "a" * 20 + "b"
        )
