"""What cannot be erased, and what is no TypeScript: the message names it, and the place is right."""

from __future__ import annotations

import time

import pytest

from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.javascript.syntax.typescript.strip import strip

ENUM = "TypeScript enum is not supported in strip-only mode"
NAMESPACE = "TypeScript namespace declaration is not supported in strip-only mode"
PROPERTY = "TypeScript parameter property is not supported in strip-only mode"
IMPORT = "TypeScript import equals declaration is not supported in strip-only mode"
EXPORT = "TypeScript export assignment is not supported in strip-only mode"
ANGLE = "TypeScript: the angle-bracket syntax for type assertions"
GROUPING = "TypeScript type assertions that would change binary expression grouping"
IMPLEMENTATION = "An implementation cannot be declared in ambient contexts."
ABSTRACT = "Abstract methods can only appear within an abstract class."

# The source, what is said, and the line and column.
REFUSED = [
    # Values that TypeScript makes.
    ("enum A {}", ENUM, (1, 1)),
    ("let a = 1;\n  enum A { B = a, 'c' = f(), D }", ENUM, (2, 3)),
    ("const enum A { B }", ENUM, (1, 1)),
    ("{ enum A {} }", ENUM, (1, 3)),
    ("\nexport enum A {}", ENUM, (2, 8)),
    ("export const enum A {}", ENUM, (1, 8)),
    ("namespace A { let b = 1 }", NAMESPACE, (1, 1)),
    ("namespace A { export interface B {} export const c = 1 }", NAMESPACE, (1, 1)),
    ("namespace A.B.C { f() }", NAMESPACE, (1, 1)),
    ("namespace A { namespace B { class C {} } }", NAMESPACE, (1, 1)),
    ("namespace A { declare const b: number }", NAMESPACE, (1, 1)),
    ("namespace A { export { b } }", NAMESPACE, (1, 1)),
    ("module A { enum B {} }", NAMESPACE, (1, 1)),
    ("export namespace A { function b() {} }", NAMESPACE, (1, 8)),
    ("class A { constructor(private a) {} }", PROPERTY, (1, 23)),
    ("class A { constructor(a, public readonly b: number = 1) {} }", PROPERTY, (1, 26)),
    ("class A {\n  constructor(\n    readonly a: number,\n  ) {}\n}", PROPERTY, (3, 5)),
    ("class A extends B { constructor(override a) {} }", PROPERTY, (1, 33)),
    ("import a = require('a');", IMPORT, (1, 1)),
    ("import a = b.c.d;", IMPORT, (1, 1)),
    ("export import a = b;", IMPORT, (1, 1)),
    ("export = a;", EXPORT, (1, 1)),
    # What a blank would change.
    ("let a = <T>b;", ANGLE, (1, 9)),
    ("<const>['a'];", ANGLE, (1, 1)),
    ("f(x, <any>y)", ANGLE, (1, 6)),
    ("return_ = <T>(x)", ANGLE, (1, 11)),
    ("a + b as number * c", GROUPING, (1, 17)),
    ("a ** b as number ** c", GROUPING, (1, 18)),
    ("a == b && c << d as number - e", GROUPING, (1, 28)),
    ("a < b satisfies boolean + c", GROUPING, (1, 25)),
    # The first one counts.
    ("enum A {} class B { constructor(public a) {} }", ENUM, (1, 1)),
    ("class B { constructor(public a) {} } enum A {}", PROPERTY, (1, 23)),
]
WRONG = [
    ("let a: = 1", "Unexpected token '='", (1, 8)),
    ("let a: number number", "Unexpected identifier 'number'", (1, 15)),
    ("type A", "Unexpected end of input", (1, 7)),
    ("type A = ;", "Unexpected token ';'", (1, 10)),
    ("type A = { a: 1", "Unexpected end of input", (1, 16)),
    ("interface {}", "Unexpected token '{'", (1, 11)),
    ("interface A extends {}", "Unexpected token '{'", (1, 21)),
    ("let a = b as ;", "Unexpected token ';'", (1, 14)),
    ("a\nas T", "Unexpected identifier 'T'", (2, 4)),
    ("let a: A<B = 1", "Unexpected token '='", (1, 12)),
    ("(a: number)", "Unexpected token ':'", (1, 3)),
    ("(a?)", "Unexpected token '?'", (1, 3)),
    ("(a as T) => 1", "Unexpected identifier 'as'", (1, 4)),
    ("(a!) => 1", "Unexpected token '!'", (1, 3)),
    ("(this: T) => 1", "Unexpected token 'this'", (1, 2)),
    ("(a): T\n=> 1", "Unexpected token ':'", (1, 4)),
    ("(a)\n=> 1", "Unexpected token '=>'", (2, 1)),
    ("(...a?: T) => 1", "A rest parameter cannot be optional.", (1, 6)),
    ("function f(...a, b) {}", "A rest parameter must be last", (1, 18)),
    ("function f(a?: T = 1) {}", "Parameter cannot have question mark and initializer.", (1, 18)),
    ("function f(a = 1): void;", "A parameter initializer is only allowed", (1, 14)),
    ("let f = function (a: T);", "Unexpected token ';'", (1, 24)),
    ("for (const a: T of b);", "The left-hand side of a 'for...in' or 'for...of' statement", (1, 13)),
    ("for (let a: T in b);", "The left-hand side of a 'for...in' or 'for...of' statement", (1, 11)),
    ("let {}!: T = a", "Unexpected token '!'", (1, 7)),
    ("class A { abstract a() }", ABSTRACT, (1, 11)),
    ("abstract class A { abstract a() {} }", "Abstract method cannot have an implementation.", (1, 20)),
    ("abstract class A { abstract a = 1 }", "Abstract property cannot have an initializer.", (1, 20)),
    ("class A { override a() {} }", "This member cannot have an 'override' modifier", (1, 11)),
    ("class A { readonly a() {} }", "A method cannot be readonly.", (1, 11)),
    ("class A { private #a }", "'private' modifier cannot be used with a private identifier.", (1, 11)),
    ("class A { readonly private a }", "'private' modifier must precede 'readonly' modifier.", (1, 20)),
    ("class A { public public a }", "'public' modifier already seen.", (1, 18)),
    (
        "class A { public [a: string]: any }",
        "'public' modifier cannot appear on an index signature.",
        (1, 11),
    ),
    ("class A { constructor<T>() {} }", "Type parameters cannot appear on a constructor", (1, 22)),
    (
        "class A { constructor(private a); constructor(a) {} }",
        "A parameter property is only allowed",
        (1, 23),
    ),
    ("class A implements B implements C {}", "Unexpected identifier 'implements'", (1, 22)),
    ("declare function f() {}", IMPLEMENTATION, (1, 22)),
    ("declare namespace A { class B { c() {} } }", IMPLEMENTATION, (1, 37)),
    ("declare module A { declare const b }", "A 'declare' modifier cannot be used", (1, 20)),
    ("type A<const T> = T", "Unexpected token 'const'", (1, 8)),
    ("function f<in T>() {}", "Unexpected token 'in'", (1, 12)),
    ("type A = [a?, b]", "A required element cannot follow an optional element.", (1, 15)),
    ("import type { type A } from 'm'", "The 'type' modifier cannot be used twice.", (1, 15)),
    ("import { type A as if } from 'm'", "Unexpected token 'if'", (1, 20)),
    ("import type A from", "Unexpected end of input", (1, 19)),
    ("let a = 01", "Octal literals are not allowed", (1, 9)),
    ("let a = <b>c</b>;", "Invalid regular expression: missing /", (1, 14)),
    ("let a = {", "Unexpected end of input", (1, 10)),
]


@pytest.mark.parametrize(("source", "message", "place"), REFUSED + WRONG)
def test_the_place_and_the_reason_are_named(source: str, message: str, place: tuple[int, int]) -> None:
    with pytest.raises(GuestSyntaxError) as caught:
        strip(source, "a.ts")
    assert message in caught.value.message
    location = caught.value.location
    assert (location.file, location.line, location.column) == ("a.ts", *place)


def test_what_vanishes_as_a_whole_may_hold_what_cannot_be_erased() -> None:
    for source in (
        "declare enum A {}",
        "declare namespace A { enum B {} const c: number; namespace D { let e } }",
        "declare module 'm' { import a = b.c; export = a; enum B {} }",
        "declare global { enum A {} }",
    ):
        assert not strip(source).strip()


# Each of them doubles the time with each level where nothing is remembered of what was tried.
NESTED = (
    "a ? (b) : c => {} ",
    "(a = {}) => c",
    "<T>(a = {}) => c",
    "async (a = {}): T => c",
    "a ? (b = {}) : c => d",
    "f < (a = {})",
)


@pytest.mark.parametrize("form", NESTED)
def test_what_is_tried_is_not_tried_again_at_each_level(form: str) -> None:
    source = "x"
    for _ in range(40):
        source = form.replace("{}", source)
    began = time.process_time()
    strip(f"let y = {source}")
    assert time.process_time() - began < 5
