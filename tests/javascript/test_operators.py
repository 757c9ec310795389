"""Operators that the VM writes out in place do what the runtime's own functions do, whatever their operands are and however they stand there."""

from __future__ import annotations

import pytest

from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Budget, Limits, Output
from lockstep.reference.javascript.engine import create_engine

VALUES = (
    "0", "-0", "1", "-1.5", "2147483648", "4294967297", "9007199254740993", "NaN", "Infinity", "1e-7", '""', '"0"', '" 12 "', '"b"', "true", "false",
    "null", "undefined", "0n", "3n", "(-2n)", "[]", "[2]", "{}", "({ valueOf() { return 5; } })", "({ toString() { return '7'; } })", "Symbol.iterator", "print",
)  # fmt: skip
# Of two operands; of one, all of the above.
OPERANDS = (
    "0", "-1.5", "4294967297", "NaN", '"0"', '" 12 "', "true", "null", "undefined", "3n", "(-2n)", "[2]", "({ valueOf() { return 5; } })", "Symbol.iterator", "print",
)  # fmt: skip
BINARY = (
    "+", "-", "*", "/", "%", "**", "&", "|", "^", "<<", ">>", ">>>", "<", ">", "<=", ">=", "==", "!=", "===", "!==", "&&", "||", "??", "in", "instanceof",
)  # fmt: skip
COMPARISONS = ("<", ">", "<=", ">=", "==", "!=", "===", "!==", "in", "instanceof")
UNARY = ("-", "+", "~", "!", "typeof ", "void ")
# The value that an operand has is known to the compiler, or it is not; a number is counted on, or not.
PROGRAM = """
const text = (f) => {{ try {{ const v = f(); return typeof v === "bigint" ? v + "n" : Object.is(v, -0) ? "-0" : typeof v === "object" && v !== null ? "object" : String(v); }} catch (e) {{ return e.name; }} }};
const seen = [];
{rows}
print(seen.join("\\n"));
"""


def outputs(source: str) -> list[list[str]]:
    found = []
    for backend in ("treewalk", "vm"):
        output = Output()
        engine = create_engine(backend, "")
        completion = run_deep(
            lambda engine=engine, output=output: engine.run(Program(source, "p.js"), Budget(Limits()), output)  # type: ignore[misc]
        )
        assert completion.error is None, completion.error
        found.append(output.text().splitlines())
    return found


@pytest.mark.parametrize("operator", BINARY)
def test_binary(operator: str) -> None:
    """Both operands known, one of them, or none, in a value and in a condition: nine texts, one answer."""
    rows = []
    for left in OPERANDS:
        for right in OPERANDS:
            known = f"({left}) {operator} ({right})"
            forms = (
                known,
                f"a {operator} ({right})",
                f"({left}) {operator} b",
                f"a {operator} b",
                known if operator in COMPARISONS else f"(c = a, c {operator}= b, c)",
            )
            tests = (f"({known}) ? 1 : 0", f"(a {operator} b) ? 1 : 0", f"!(a {operator} ({right})) ? 0 : 1")
            rows.append(
                f"{{ let a = {left}, b = {right}, c; seen.push([{', '.join(f'text(() => {form})' for form in forms)}].join('\\t'), "
                f"[{', '.join(f'text(() => {test})' for test in tests)}].join('\\t')); }}"
            )
    walked, compiled = outputs(PROGRAM.format(rows="\n".join(rows)))
    assert compiled == walked
    for line in walked:
        assert len(set(line.split("\t"))) == 1, line


@pytest.mark.parametrize("operator", UNARY)
def test_unary(operator: str) -> None:
    rows = [
        f"{{ let a = {value}; seen.push([text(() => {operator}({value})), text(() => {operator}a)].join('\\t')); }}"
        for value in VALUES
    ]
    walked, compiled = outputs(PROGRAM.format(rows="\n".join(rows)))
    assert compiled == walked
    for line in walked:
        assert len(set(line.split("\t"))) == 1, line


@pytest.mark.parametrize("operator", ["++", "--"])
def test_update(operator: str) -> None:
    rows = [
        f"{{ let a = {value}; seen.push(text(() => a{operator}), text(() => a)); a = {value}; seen.push(text(() => {operator}a), text(() => a)); "
        f"a = {value}; seen.push(text(() => {{ a{operator}; return a; }})); }}"
        for value in VALUES
    ]
    walked, compiled = outputs(PROGRAM.format(rows="\n".join(rows)))
    assert compiled == walked
