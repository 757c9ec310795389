"""Clojure's reader and printer under random data: what is printed reads back equal, on both backends."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lockstep.reference.clojure.engine import ClojureEngine
from lockstep.reference.clojure.runtime.collections.interface import list_of
from lockstep.reference.clojure.runtime.collections.maps import Map, map_of_pairs, set_of
from lockstep.reference.clojure.runtime.collections.vector import Vector
from lockstep.reference.clojure.runtime.environment import Environment
from lockstep.reference.clojure.runtime.forms import Forms
from lockstep.reference.clojure.runtime.values.equality import clojure_hash, equiv, key_of
from lockstep.reference.clojure.runtime.values.faults import Fault
from lockstep.reference.clojure.runtime.values.names import FALSE, TRUE, Char, Symbol
from lockstep.reference.clojure.runtime.values.numbers import (
    LONG_MAX,
    LONG_MIN,
    BigDecimal,
    BigInt,
    add,
    divide,
    is_nan,
    promoted,
)
from lockstep.reference.clojure.syntax.reader import END, Reader, UnexpectedEndError
from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.engine import Program
from lockstep.reference.host.errors import GuestSyntaxError, Location
from lockstep.reference.host.limits import Budget, Limits, Output

_ENGINE = ClojureEngine("vm")
_ENVIRONMENT: Environment = run_deep(lambda: _ENGINE.environment(Budget(), Output()))
_KEYWORD = _ENVIRONMENT.interner.keyword

names = st.from_regex(r"[a-z][a-z0-9*+!?<>=-]{0,8}", fullmatch=True).filter(
    lambda name: name not in {"nil", "true", "false"}
)
texts = st.text(st.characters(codec="utf-8"), max_size=20)
numbers = st.one_of(
    st.integers(LONG_MIN, LONG_MAX),
    st.integers().map(BigInt),
    st.floats(allow_nan=False),
    st.builds(BigDecimal, st.integers(-(10**12), 10**12), st.integers(0, 8)),
    st.tuples(st.integers(-99, 99), st.integers(2, 99)).map(lambda pair: divide(*pair)),
)
scalars = st.one_of(
    st.none(),
    st.sampled_from([TRUE, FALSE]),
    numbers,
    texts,
    st.characters(codec="ascii").filter(lambda unit: unit.isprintable() and not unit.isspace()).map(Char),
    st.builds(Symbol, st.none() | names, names),
    st.builds(_KEYWORD, st.none() | names, names),
)
forms = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(Vector),
        st.lists(inner, max_size=4).map(list_of),
        st.lists(inner, max_size=4).map(set_of),
        st.lists(st.tuples(inner, inner), max_size=4).map(map_of_pairs),
    ),
    max_leaves=20,
)


def read_all(text: str) -> list[Any]:
    """The forms of a text."""
    reader = Reader(text, "test.clj", Forms(_ENVIRONMENT), ("clj",))
    found: list[Any] = []
    while True:
        form = reader.read()
        if form is END:
            return found
        found.append(form)


@settings(max_examples=300, deadline=None)
@given(forms)
def test_what_is_printed_reads_back_equal(form: object) -> None:
    again = read_all(_ENVIRONMENT.print_text(form))
    assert len(again) == 1
    assert equiv(form, again[0])
    assert clojure_hash(form) == clojure_hash(again[0])


@settings(max_examples=200, deadline=None)
@given(st.lists(forms, max_size=3))
def test_forms_are_read_one_after_the_other(many: list[object]) -> None:
    text = " ;c\n".join(_ENVIRONMENT.print_text(form) for form in many)
    assert len(read_all(text)) == len(many)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="()[]{}#'`~@^\"\\;:/%&ab1. \n?_", max_size=25))
def test_any_text_is_read_or_rejected_with_a_place(text: str) -> None:
    place = _rejected_at(text)
    assert place is None or 1 <= place.line <= text.count("\n") + 1


def _rejected_at(text: str) -> Location | None:
    try:
        read_all(text)
    except GuestSyntaxError as error:
        return error.location if error.message else Location("no message", 0)
    return None


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("(a (b)", "list"),
        ("[1", "vector"),
        ("{:a 1", "map"),
        ("#{1", "set"),
        ('"x', "string"),
        ("'", "quote"),
    ],
)
def test_text_that_ends_too_early(text: str, what: str) -> None:
    with pytest.raises(UnexpectedEndError, match=f"unexpected end of input in {what}"):
        read_all(text)


def test_reader_conditionals_discard_and_positions() -> None:
    forms_read = read_all("#?(:cljs 1 :clj 2) #_ignored [#?@(:clj [3 4])] #?(:cljs 5)\n(here)")
    assert [_ENVIRONMENT.print_text(form) for form in forms_read] == ["2", "[3 4]", "(here)"]
    assert _ENVIRONMENT.print_text(forms_read[2].metadata) == "{:line 2, :column 1}"


def test_deep_nesting_is_an_error_of_the_guest() -> None:
    with pytest.raises(GuestSyntaxError, match="nested too deeply"):
        run_deep(lambda: read_all("[" * 100_000))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("adk"), st.integers(0, 60), st.integers(0, 9)), min_size=1, max_size=150
    ),
    st.data(),
)
def test_maps_keep_every_version(edits: list[tuple[str, int, int]], data: st.DataObject) -> None:
    current: Any = map_of_pairs((index, 0) for index in range(40))
    model = dict.fromkeys(range(40), 0)
    versions = [(current, dict(model))]
    for kind, key, value in edits:
        if kind == "k":  # go on from an older version
            current, model = data.draw(st.sampled_from(versions))
            model = dict(model)
        elif kind == "a":
            current = current.assoc_key(key, value)
            model[key] = value
        else:
            current = current.dissoc(key)
            model.pop(key, None)
        versions.append((current, dict(model)))
    for version, expected in versions:
        assert isinstance(version, Map)
        assert {entry.key(): entry.value() for entry in version.entries()} == expected


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("acpk"), st.integers(0, 50), st.integers(0, 9)), min_size=1, max_size=150
    ),
    st.data(),
)
def test_vectors_keep_every_version(edits: list[tuple[str, int, int]], data: st.DataObject) -> None:
    current = Vector(list(range(40)))
    model = list(range(40))
    versions = [(current, list(model))]
    for kind, index, value in edits:
        if kind == "k":
            current, model = data.draw(st.sampled_from(versions))
            model = list(model)
        elif kind == "c":
            current = current.conj(value)
            model.append(value)
        elif kind == "p" and model:
            current = current.pop()
            model.pop()
        elif kind == "a" and index < len(model):
            current = current.assoc(index, value)
            model[index] = value
        versions.append((current, list(model)))
    for version, expected in versions:
        assert list(version) == expected
        assert version.count() == len(expected)


@settings(max_examples=300, deadline=None)
@given(numbers, numbers)
def test_equal_numbers_hash_alike_and_add_the_same_in_both_orders(left: Any, right: Any) -> None:
    assert equiv(left, right) == equiv(right, left)
    if equiv(left, right):
        assert hash(key_of(left)) == hash(key_of(right))
        assert clojure_hash(left) == clojure_hash(right) or isinstance(left, float)
    try:
        total = promoted(left + right)
    except Fault:  # a ratio that no decimal can express
        return
    assert equiv(total, promoted(right + left)) or is_nan(total)


def test_a_long_does_not_leave_its_range() -> None:
    with pytest.raises(Exception, match="long overflow"):
        add(LONG_MAX, 1)


_LEAVES = ["x", "nil", "true", ":k", '"s"', "[1 2]", "{:k 1}", "-1", "0", "2.5", "7"]
_TEMPLATES = [
    "(if {} {} {})",
    "(let [x {}] {})",
    "(+ {} {})",
    "(= {} {})",
    "(< {} {})",
    "(or {} {})",
    "(and {} {})",
    "[{} {}]",
    "((fn [x] {}) {})",
    "(:k {})",
    "(first {})",
    "(conj {} {})",
    "(loop [i 0 x {}] (if (< i 2) (recur (inc i) {}) x))",
    "(try {} (catch Exception e {}) (finally nil))",
    "(do (swap! log conj {}) {})",
]


def _filled(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(_TEMPLATES).flatmap(
        lambda template: st.tuples(*[inner] * template.count("{}")).map(lambda parts: template.format(*parts))
    )


_PROGRAMS = st.recursive(st.sampled_from(_LEAVES), _filled, max_leaves=12)
_ENGINES = [ClojureEngine("treewalk"), ClojureEngine("vm")]


@settings(max_examples=120, deadline=None)
@given(_PROGRAMS)
@example('(< "s" (first x))')  # both operands are evaluated before either is looked at
@example('(< x "s")')
def test_both_backends_agree(body: str) -> None:
    source = f"(def log (atom []))\n(let [x 1] (prn {body}))\n(prn @log)"

    def outcome(engine: ClojureEngine) -> tuple[str, Any]:
        output = Output()
        completion = engine.run(Program(source), Budget(Limits(steps=100_000)), output)
        error = completion.error
        return output.text(), None if error is None else (error.kind, error.name, error.message)

    treewalk, vm = _ENGINES
    assert run_deep(lambda: outcome(treewalk)) == run_deep(lambda: outcome(vm))
