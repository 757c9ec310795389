"""The JavaScript lexer, parser and scope analysis: structure, early errors, and properties over random programs."""

from __future__ import annotations

import json
import math
from ast import literal_eval
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockstep.reference.host.deep_stack import run_deep
from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.host.trees import dump, equal
from lockstep.reference.javascript.syntax import ast
from lockstep.reference.javascript.syntax.numeric import number_to_string
from lockstep.reference.javascript.syntax.parse import (
    EvalContext,
    parse_function_parts,
    parse_module,
    parse_script,
)
from lockstep.reference.javascript.syntax.regexp.parser import parse_pattern
from lockstep.reference.javascript.syntax.utf16 import to_code_points, to_utf16

Form = tuple[Any, ...]


def known_trees() -> dict[str | tuple[str, str], str]:
    """What trees.txt holds."""
    _, *entries = (Path(__file__).parent / "trees.txt").read_text("utf-8").split("\n## ")
    rows = (entry.split("\n", 1) for entry in entries)
    return {literal_eval(source): tree.rstrip("\n") + "\n" for source, tree in rows}


TREES = known_trees()
BINARY = (
    "+",
    "-",
    "*",
    "/",
    "%",
    "**",
    "<<",
    ">>>",
    "<",
    ">=",
    "==",
    "!==",
    "&",
    "|",
    "^",
    "in",
    "instanceof",
)
# A form of an expression that can be compared: ("binary", operator, left, right), ("name", text) and so on.
NAMES = st.sampled_from(["a", "b", "async", "of", "get", "let", "yield", "$", "_x", "λ"]).map(
    lambda name: ("name", name)
)
NUMBERS = st.integers(0, 1000).map(lambda value: ("number", float(value)))
STRINGS = st.text(max_size=5).map(lambda text: ("string", to_utf16(text)))


def compound(inner: st.SearchStrategy[Form]) -> st.SearchStrategy[Form]:
    return st.one_of(
        st.tuples(st.just("binary"), st.sampled_from(BINARY), inner, inner),
        st.tuples(st.just("unary"), st.sampled_from(["!", "-", "typeof", "void"]), inner),
        st.tuples(st.just("call"), inner, st.lists(inner, max_size=3).map(tuple)),
        st.tuples(st.just("dot"), inner, st.sampled_from(["x", "if", "class"])),
        st.tuples(st.just("array"), st.lists(inner, max_size=3).map(tuple)),
        st.tuples(st.just("conditional"), inner, inner, inner),
        st.tuples(st.just("arrow"), inner),
    )


EXPRESSIONS = st.recursive(st.one_of(NAMES, NUMBERS, STRINGS), compound, max_leaves=12)


def text_of(form: Form) -> str:
    """Source text with every operand in parentheses."""
    kind: str = form[0]
    if kind == "name":
        return str(form[1])
    if kind == "number":
        return number_to_string(form[1])
    if kind == "string":
        return json.dumps(form[1])
    if kind == "binary":
        return f"({text_of(form[2])}) {form[1]} ({text_of(form[3])})"
    if kind == "unary":
        return f"{form[1]} ({text_of(form[2])})"
    if kind == "call":
        return f"({text_of(form[1])})({', '.join(map(text_of, form[2]))})"
    if kind == "dot":
        return f"({text_of(form[1])}).{form[2]}"
    if kind == "array":
        return f"[{', '.join(map(text_of, form[1]))}]"
    if kind == "arrow":
        return f"() => ({text_of(form[1])})"
    return f"({text_of(form[1])}) ? ({text_of(form[2])}) : ({text_of(form[3])})"


def form_of(node: ast.Node | None) -> Form:
    """The same form, read off the tree."""
    if isinstance(node, ast.IdentifierReference):
        return ("name", node.name)
    if isinstance(node, ast.NumericLiteral):
        return ("number", node.value)
    if isinstance(node, ast.StringLiteral):
        return ("string", node.value)
    if isinstance(node, ast.Binary):
        return ("binary", node.operator, form_of(node.left), form_of(node.right))
    if isinstance(node, ast.Unary):
        return ("unary", node.operator, form_of(node.argument))
    if isinstance(node, ast.Call):
        return ("call", form_of(node.callee), tuple(map(form_of, node.arguments)))
    if isinstance(node, ast.DotMember):
        return ("dot", form_of(node.base), node.name)
    if isinstance(node, ast.ArrayLiteral):
        return ("array", tuple(map(form_of, node.elements)))
    if isinstance(node, ast.FunctionExpression):
        statement = node.function.body[0]
        assert isinstance(statement, ast.Return)
        return ("arrow", form_of(statement.argument))
    assert isinstance(node, ast.Conditional)
    return ("conditional", form_of(node.test), form_of(node.consequent), form_of(node.alternate))


def expression(source: str) -> ast.Expression:
    statement = parse_script(source).body[-1]
    assert isinstance(statement, ast.ExpressionStatement)
    return statement.expression


def assigned(node: ast.Expression) -> ast.Expression:
    assert isinstance(node, ast.Assignment)
    return node.value


@settings(deadline=None)
@given(EXPRESSIONS)
def test_structure_survives_printing(form: Form) -> None:
    assert form_of(assigned(expression(f"x = {text_of(form)}"))) == form


@settings(deadline=None)
@given(st.lists(EXPRESSIONS, min_size=1, max_size=4))
def test_line_ends_stand_for_semicolons(forms: list[Form]) -> None:
    texts = [f"v{index} = {text_of(form)}" for index, form in enumerate(forms)]
    body = parse_script("\n".join(texts)).body
    statements = [statement for statement in body if isinstance(statement, ast.ExpressionStatement)]
    assert len(statements) == len(body)
    assert [form_of(assigned(statement.expression)) for statement in statements] == forms


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    for parse in (parse_script, parse_module):
        found = None
        try:
            parse(text)
        except GuestSyntaxError as error:
            found = error.location
        assert found is None or (found.line >= 1 and found.column >= 1)


TOKENS = st.sampled_from(
    [
        "a",
        "b",
        "async",
        "await",
        "yield",
        "let",
        "static",
        "of",
        "get",
        "function",
        "class",
        "extends",
        "super",
        "new",
        "this",
        "=>",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        ",",
        ";",
        ":",
        "?",
        ".",
        "...",
        "=",
        "+",
        "-",
        "++",
        "**",
        "??",
        "&&",
        "?.",
        "/",
        "/=",
        "`x`",
        "`${",
        "}`",
        "'use",
        "strict'",
        "1",
        "0x1",
        "1n",
        "#p",
        "for",
        "in",
        "if",
        "else",
        "return",
        "var",
        "const",
        "do",
        "while",
        "try",
        "catch",
        "\n",
        "//",
        "/*",
        "*/",
        "import",
        "export",
        "default",
        "from",
        "*",
        "switch",
        "case",
        "break",
        "continue",
    ]
)


@settings(deadline=None, max_examples=300)
@given(st.lists(TOKENS, max_size=14))
def test_any_tokens_are_parsed_or_refused(tokens: list[str]) -> None:
    source = " ".join(tokens)
    for parse in (parse_script, parse_module):
        try:
            tree = parse(source)
        except GuestSyntaxError:
            continue
        # What a text means does not depend on where it stands, nor a statement on what stands around it.
        assert equal(tree, parse(f"\n {source} "))
        for statement in tree.body:
            if not isinstance(statement, ast.ExportDeclaration):
                alone = source[statement.start : statement.end]
                again = (
                    parse_script(alone, strict=tree.strict)
                    if isinstance(tree, ast.Script)
                    else parse_module(alone)
                )
                assert dump(again.body[0]) == dump(statement)
                assert len(again.body) == 1


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_print_as_they_read(value: float) -> None:
    assert float(number_to_string(value)) == value
    literal = expression(f"({number_to_string(abs(value))})")
    assert isinstance(literal, ast.NumericLiteral)
    assert literal.value == abs(value)


@given(st.text())
def test_strings_are_code_units(text: str) -> None:
    literal = expression("(" + json.dumps(text, ensure_ascii=False) + ")")
    assert isinstance(literal, ast.StringLiteral)
    assert literal.value == to_utf16(text)
    assert all(unit <= "\uffff" for unit in literal.value)
    assert to_code_points(to_utf16(text)) == to_code_points(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1e21, "1e+21"),
        (1e20, "100000000000000000000"),
        (123456789012345680.0, "123456789012345680"),
        (1e-7, "1e-7"),
        (0.000001, "0.000001"),
        (5e-324, "5e-324"),
        (math.inf, "Infinity"),
        (-1.5, "-1.5"),
    ],
)
def test_number_to_string(value: float, text: str) -> None:
    assert number_to_string(value) == text


@pytest.mark.parametrize("source", [source for source in TREES if isinstance(source, str)])
def test_accepted(source: str) -> None:
    assert dump(parse_script(source)) == TREES[source]


@pytest.mark.parametrize(
    "source",
    [
        "let a; let a",
        "let a; { var a }",
        "{ function f() {} let f }",
        "'use strict'; { function f() {} function f() {} }",
        "'use strict'; with (a) b",
        "'use strict'; 017",
        "'\\08'; 'use strict'; function f(eval) { 'use strict' }",
        "function f(a = 1) { 'use strict' }",
        "(a, a) => 1",
        "({a = 1})",
        "({__proto__: 1, __proto__: 2})",
        "f() = 1; 'use strict'; 1 = 2",
        "a?.b = 1",
        "a => {} ()",
        "() => {} || 1",
        "-1 ** 2",
        "a ?? b || c",
        "for (let x of a, b);",
        "for (let of a);",
        "for (async of a);",
        "continue",
        "l: { continue l }",
        "break l",
        "return",
        "super.x",
        "class A { constructor() {} constructor() {} }",
        "class A { #a; #a }",
        "class A { m() { this.#b } }",
        "class A { x = arguments }",
        "class A { static { await } }",
        "class A { constructor() { super() } }",
        "function* g() { function yield() {} }".replace("function yield() {}", "yield = 1"),
        "async function f() { (x = await 1) => x }",
        "if (a) class B {}",
        "while (a) function f() {}",
        "`${",
        "/(/",
        "/a/gg",
        "1_000_; ",
        "v\\u0061r x",
        "import 'a'",
        "new.target",
        "label: label: ;",
        "let [a]; ",
        "const a",
        "throw\na",
        "3in []",
        '"a\nb"',
        "a\\u{110000}",
        "[f()] = a",
        "[...(f())] = a",
        "[f() = 1] = a",
        "[{ a: f() }] = b",
        "({ a: f() } = b)",
        "({ a: [f()] } = b)",
        "({ ...f() } = b)",
        "for ([f()] of a);",
        "for ({ a: f() } in b);",
        "for (const x of [[f()] = a]);",
        "({ a: async() } = b)",
        "([f()]) => 1",
    ],
)
def test_refused(source: str) -> None:
    with pytest.raises(GuestSyntaxError):
        parse_script(source)


@pytest.mark.parametrize(
    "source",
    [
        "export {a}",
        "export default 1; export default 2",
        "var a; export {a}; export {a}",
        "import a, {a} from 'x'",
        "import {if} from 'x'",
        "import x from 'y' with {a: '1', a: '2'}",
        "export {'a' as b}",
        "<!-- a",
        "var await",
        "with (a) b",
        "{ import 'x' }",
        "function f() {} function f() {}",
    ],
)
def test_refused_in_modules(source: str) -> None:
    with pytest.raises(GuestSyntaxError):
        parse_module(source)


def test_module_entries() -> None:
    module = parse_module(
        "import d, * as ns from 'a'; import {x as y} from 'b'; export {y, d as e}; export * from 'c';"
        "export default function () {} export let z = await 1, [w] = [2]"
    )
    assert [request.specifier for request in module.requests] == ["a", "b", "c"]
    assert [(entry.import_name, entry.local_name) for entry in module.imports] == [
        ("default", "d"),
        (None, "ns"),
        ("x", "y"),
    ]
    assert [(entry.export_name, entry.import_name) for entry in module.indirect_exports] == [
        ("y", "x"),
        ("e", "default"),
    ]
    assert [entry.export_name for entry in module.local_exports] == ["default", "z", "w"]
    assert len(module.star_exports) == 1
    assert module.has_top_level_await


def function_named(script: ast.Script, name: str) -> ast.Function:
    for declaration in script.scope.functions:
        assert declaration.function.name is not None
        if declaration.function.name.name == name:
            return declaration.function
    raise AssertionError(name)


def test_scopes() -> None:
    script = parse_script(
        """
        function f(a, b = () => a) {
            var v; let l = 1; const c = 2
            { let l; (() => [v, l])() ; v++ }
            return function g() { return [g, this, new.target] }
        }
        function h() { { function k() {} } { let m; { function m() {} } } return () => [arguments, this, eval('')] }
        """
    )
    outer = function_named(script, "f")
    scope = outer.scope
    assert scope.parameter_scope is not None
    assert scope.parameter_names == ["a", "b"]
    assert scope.parameter_scope.bindings["a"].captured
    assert not scope.parameter_scope.bindings["b"].captured
    assert scope.bindings["v"].captured
    assert scope.bindings["v"].assigned
    assert not scope.bindings["l"].captured
    assert scope.bindings["c"].is_const
    block = outer.body[3]
    assert isinstance(block, ast.Block)
    assert block.scope is not None
    assert block.scope.bindings["l"].captured
    assert not scope.uses_this
    returned = outer.body[4]
    assert isinstance(returned, ast.Return)
    assert isinstance(returned.argument, ast.FunctionExpression)
    inner = returned.argument.function
    assert inner.scope.uses_this
    assert inner.scope.uses_new_target
    assert inner.name_scope is not None
    assert inner.name_scope.bindings["g"].captured
    hoisting = function_named(script, "h").scope
    assert hoisting.annex_b_names == ["k"]
    assert hoisting.uses_arguments
    assert hoisting.uses_this
    assert hoisting.contains_direct_eval
    assert not hoisting.calls_direct_eval


def test_positions_and_source_text() -> None:
    script = parse_script("x;\n  class A { static async  m ( a ) { } /* \U0001d4b3 */ }", "f.js")
    declaration = script.body[1]
    assert isinstance(declaration, ast.ClassDeclaration)
    assert (declaration.line, declaration.column) == (2, 2)
    assert declaration.definition.source_text.endswith("/* \ud835\udcb3 */ }")
    method = declaration.definition.elements[0]
    assert isinstance(method, ast.MethodDefinition)
    assert method.function.source_text == "async  m ( a ) { }"
    with pytest.raises(GuestSyntaxError) as caught:
        parse_script("a;\nb c", "f.js")
    assert str(caught.value.location) == "f.js:2:3"


def test_eval_contexts() -> None:
    parse_script(
        "new.target; super.x; this.#p",
        context=EvalContext(in_function=True, in_method=True, private_names=frozenset({"#p"})),
    )
    for source in ("super()", "this.#q", "new.target"):
        with pytest.raises(GuestSyntaxError):
            parse_script(source, context=EvalContext(private_names=frozenset({"#p"})))


def test_function_parts() -> None:
    function = parse_function_parts("a,b", "return a //", kind="async")
    assert function.source_text == "async function anonymous(a,b\n) {\nreturn a //\n}"
    assert function.is_async
    for parameters, body in (
        ("/*", "*/){"),
        ("a) { }, function (b", ""),
        ("", "}); (function () {"),
        ("a", "super()"),
    ):
        with pytest.raises(GuestSyntaxError):
            parse_function_parts(parameters, body)


@pytest.mark.parametrize(
    ("opening", "closing"), [("(", ")"), ("[", "]"), ("{", "}"), ("x => ", ""), ("- ", ""), ("`${", "}`")]
)
def test_deep_nesting_gives_no_host_error(opening: str, closing: str) -> None:
    depth = 100_000
    source = opening * depth + "1" + closing * depth

    def attempt() -> str:
        try:
            parse_script(source)
        except GuestSyntaxError as error:
            return error.name
        return ""

    assert run_deep(attempt) in ("", "RangeError")


@pytest.mark.parametrize("pattern", [source for source in TREES if isinstance(source, tuple)])
def test_patterns_accepted(pattern: tuple[str, str]) -> None:
    assert dump(parse_pattern(*pattern)) == TREES[pattern]


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [
        ("(?<a>x)(?<a>y)", ""),
        (r"(?<a>.)\k<b>", ""),
        (r"\k<a>", "u"),
        ("a{2,1}", ""),
        ("a{1", "u"),
        ("(?=a)*", "u"),
        ("(?<=a)*", ""),
        ("[b-a]", ""),
        (r"[\w-a]", "u"),
        (r"\p{Nope}", "u"),
        (r"[^\p{RGI_Emoji}]", "v"),
        ("[a--b&&c]", "v"),
        ("[(]", "v"),
        ("a", "uv"),
        ("a", "gg"),
        ("(?ii:a)", ""),
        ("(?-:a)", ""),
        ("*", ""),
        ("(", ""),
        (")", ""),
        ("\\", ""),
        (r"\1", "u"),
    ],
)
def test_patterns_refused(pattern: str, flags: str) -> None:
    with pytest.raises(GuestSyntaxError):
        parse_pattern(pattern, flags)
