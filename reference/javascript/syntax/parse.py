"""Source text to syntax tree: scripts, eval code, modules, and the parts of a Function constructor.

All functions raise `GuestSyntaxError`, with the guest's error name (`SyntaxError`; `RangeError` where the source
is nested more deeply than the host's stack allows) and location.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, TypeVar

from lockstep.reference.host.collector import collector_paused_for
from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.javascript.syntax.ast import (
    Function,
    FunctionExpression,
    Module,
    Script,
    Source,
    Statement,
)
from lockstep.reference.javascript.syntax.ast.functions import FunctionScope
from lockstep.reference.javascript.syntax.lexer import END
from lockstep.reference.javascript.syntax.parser.modules import ModuleParser
from lockstep.reference.javascript.syntax.parser.scopes import (
    EVAL_CODE,
    FUNCTION,
    SCRIPT,
    FunctionState,
    OpenScope,
)
from lockstep.reference.javascript.syntax.utf16 import to_code_points

T = TypeVar("T")


@dataclass(frozen=True)
class EvalContext:
    """What the code around a direct eval lends to it (19.2.1.1 PerformEval, steps 4 to 11).

    Attributes:
        strict: the caller is strict code.
        in_function: `new.target` is allowed.
        in_method: `super.name` is allowed.
        in_derived_constructor: `super()` is allowed.
        in_class_field_initializer: `arguments` is an early error.
        private_names: the private names in scope, with their `#`.
    """

    strict: bool = False
    in_function: bool = False
    in_method: bool = False
    in_derived_constructor: bool = False
    in_class_field_initializer: bool = False
    private_names: frozenset[str] = frozenset()


def _guarded(source: Source, parse: Callable[[], T]) -> T:
    """Call `parse`; source nested too deeply for the host becomes the guest's error."""
    try:
        return parse()
    except RecursionError:
        pass
    raise GuestSyntaxError("Maximum call stack size exceeded", source.location(0), name="RangeError")


def parse_script(
    source: str, name: str = "<script>", *, strict: bool = False, context: EvalContext | None = None
) -> Script:
    """16.1.5 ParseScript, or the parsing part of PerformEval where `context` is given.

    Args:
        source: the text, code points or UTF-16 code units.
        name: the file name for locations.
        strict: treat the code as strict although it has no directive.
        context: for eval code, direct or (with no rights) indirect.
    """
    text = script_source(source, name)
    return _guarded(text, lambda: _parse_script(text, strict, context))


def script_source(source: str, name: str) -> Source:
    """The source text that a script parsed from `source` has."""
    return Source(to_code_points(source), name)


def _parse_script(source: Source, strict: bool, context: EvalContext | None) -> Script:
    parser = ModuleParser(source, is_module=False)
    state = parser.function
    state.is_function = False
    state.allow_return = False
    state.allow_new_target = False
    if context is not None:
        strict = strict or context.strict
        state.allow_new_target = context.in_function
        state.allow_super_property = context.in_method
        state.allow_super_call = context.in_derived_constructor
        state.forbid_arguments = context.in_class_field_initializer
        parser.outer_private_names = context.private_names
    parser.strict = strict
    scope = FunctionScope()
    opened = OpenScope(scope, None, SCRIPT if context is None else EVAL_CODE, 0, 0, 0)
    parser.current = opened
    first = parser.token
    body: list[Statement] = []
    parser.parse_directives(body)
    while parser.token.kind != END:
        body.append(parser.parse_statement_list_item())
    parser.close_function_scope(opened)
    return Script(first, parser.end, body, parser.strict, scope, source)


def parse_module(source: str, name: str = "<module>") -> Module:
    """16.2.1.7.1 ParseModule."""
    text = Source(to_code_points(source), name)
    with collector_paused_for(len(source)):
        return _guarded(text, lambda: ModuleParser(text, is_module=True).parse_module())


def parse_function_parts(
    parameters: str, body: str, *, kind: str = "normal", name: str = "<anonymous>"
) -> Function:
    """20.2.1.1.1 CreateDynamicFunction, steps 7 to 21: a function from the text of its parameters and body.

    Args:
        parameters: the parameters, joined with commas.
        body: the text of the body.
        kind: `normal`, `generator`, `async` or `asyncGenerator`.
        name: the file name for locations.

    Returns:
        The function; it does not bind the name `anonymous` that stands in its text.
    """
    is_async = kind in ("async", "asyncGenerator")
    is_generator = kind in ("generator", "asyncGenerator")
    head = ("async " if is_async else "") + "function" + ("*" if is_generator else "")
    body_text = f"\n{body}\n"
    whole = f"{head} anonymous({parameters}\n) {{{body_text}}}"
    source = Source(to_code_points(whole), name)

    def parse() -> Function:
        # 16. and 18.: the parts must be well-formed alone.
        _check_part(f"{parameters}\n)", name, is_async, is_generator, parameters=True)
        _check_part(body_text, name, is_async, is_generator, parameters=False)
        parser = _function_parser(source, is_async=False, is_generator=False)
        expression = parser.parse_function_expression(bind_name=False)
        if parser.token.kind != END:
            parser.unexpected(parser.token)
        assert isinstance(expression, FunctionExpression)
        return expression.function

    return _guarded(source, parse)


def check_function_body(text: str, name: str) -> None:
    """Whether `text` is the body of a function (15.2 FunctionBody), for texts that are put into one."""
    source = Source(to_code_points(text), name)
    _guarded(source, lambda: _check_part(text, name, False, False, parameters=False))


def _function_parser(source: Source, *, is_async: bool, is_generator: bool) -> ModuleParser:
    parser = ModuleParser(source, is_module=False)
    parser.function = FunctionState()
    parser.function.is_async = is_async
    parser.function.is_generator = is_generator
    parser.current = OpenScope(FunctionScope(), None, FUNCTION, 0, 0, 0)
    return parser


def _check_part(text: str, name: str, is_async: bool, is_generator: bool, *, parameters: bool) -> None:
    """Parse the parameters (behind them stands their closing parenthesis) or the body alone."""
    parser = _function_parser(
        Source(to_code_points(text), name), is_async=is_async, is_generator=is_generator
    )
    if parameters:
        parser.parse_parameters(open_parenthesis=False)
    else:
        statements: list[Statement] = []
        parser.parse_directives(statements)
        while parser.token.kind != END:
            statements.append(parser.parse_statement_list_item())
        parser.close_function_scope(parser.current)
    if parser.token.kind != END:
        parser.unexpected(parser.token)
