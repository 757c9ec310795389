"""The ground floor: limits, output, errors as they are printed, the code cache, the deep stack."""

from __future__ import annotations

from pathlib import Path
from types import CodeType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.errors import ErrorReport, LimitExceeded, Location, render
from lockstep.reference.host.generation.code_cache import CodeCache
from lockstep.reference.host.limits import Budget, Limits, Output


@given(st.lists(st.binary(max_size=5), max_size=20))
def test_output_puts_split_bytes_together(parts: list[bytes]) -> None:
    output = Output()
    for part in parts:
        output.write(part.decode("utf-8", "surrogateescape"))
    assert output.text() == b"".join(parts).decode("utf-8", "surrogateescape")


@given(st.text(alphabet=st.characters(codec=None), max_size=30))
def test_output_keeps_any_text_without_lone_surrogates(text: str) -> None:
    clean = text.encode("utf-8", "ignore").decode()
    output = Output()
    output.write(clean)
    assert output.text() == clean


def test_output_limit_keeps_what_fits() -> None:
    output = Output(5)
    output.write("abc")
    with pytest.raises(LimitExceeded) as caught:
        output.write("defg")
    assert caught.value.reason == "output"
    assert output.text() == "abcde"


def test_steps_run_out_exactly_and_stay_out() -> None:
    budget = Budget(Limits(steps=3))
    for _ in range(3):
        budget.step()
    for _ in range(2):
        with pytest.raises(LimitExceeded, match="steps"):
            budget.step()
    assert budget.used == 3


def test_cancelling_ends_the_next_step() -> None:
    budget = Budget()
    budget.step()
    budget.cancel("cancelled")
    with pytest.raises(LimitExceeded, match="cancelled"):
        budget.step()


def test_memory_is_checked_before_it_is_taken() -> None:
    budget = Budget(Limits(memory=1))
    budget.allocate(1 << 20)
    with pytest.raises(LimitExceeded, match="memory"):
        budget.allocate((1 << 20) + 1)


def test_an_error_is_printed_as_the_design_shows() -> None:
    source = "(ns foo)\n(defn add [a b]\n  (+ a b)\n"
    report = ErrorReport(
        "parse", "syntax_error", "", "unexpected end of input in list", Location("foo.clj", 3, 10)
    )
    assert render(report, source).splitlines() == [
        "----- Error -------------------------------------------",
        "Phase:    parse",
        "Kind:     syntax_error",
        "Message:  unexpected end of input in list",
        "Location: foo.clj:3:10",
        "   1 | (ns foo)",
        "   2 | (defn add [a b]",
        "   3 |   (+ a b)",
        "     |          ^",
    ]


def test_code_is_compiled_once_and_kept_on_disk(tmp_path: Path) -> None:
    calls = []

    def compiled() -> CodeType:
        calls.append(1)
        return compile("1 + 1", "x", "eval")

    for _ in range(2):
        cache = CodeCache("1", tmp_path)
        key = cache.key("1 + 1", "option")
        for _ in range(2):
            assert eval(cache.get(key, compiled, persist=True)) == 2  # noqa: S307
    assert len(calls) == 1
    assert CodeCache("2", tmp_path).key("1 + 1", "option") != key
    next(path for path in tmp_path.rglob("*") if path.is_file()).write_bytes(b"damaged")
    CodeCache("1", tmp_path).get(key, compiled, persist=True)  # counts its calls
    assert len(calls) == 2


def test_deep_recursion_meets_the_counter_before_the_stack_ends() -> None:
    def down(depth: int) -> int:
        return max((down(depth + 1) for _ in (0,)), default=depth)

    with pytest.raises(RecursionError):
        run_deep(lambda: down(0))
    with pytest.raises(ZeroDivisionError):
        run_deep(lambda: 1 // 0)


def test_lone_surrogates_stand_for_themselves_beside_bytes() -> None:
    output = Output()
    output.write("\udcc3\udca9 \ud800 \udcff \udfff\udc80")
    assert output.text() == "é \ud800 \udcff \udfff\udc80"
