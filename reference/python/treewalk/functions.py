# every form has one signature, and tracebacks read `frame` and `node`
"""Functions, lambdas, classes and comprehensions: the blocks that make frames (Language Reference 8.7, 8.8, 6.2.4)."""

from __future__ import annotations

import ast
from types import CellType, FunctionType
from typing import Any, Callable

from lockstep.reference.python.runtime.classes import class_statement
from lockstep.reference.python.runtime.dispatch.calling import call
from lockstep.reference.python.runtime.dispatch.containers import get_iterator, next_of
from lockstep.reference.python.runtime.frames import ASYNC_GENERATOR, COROUTINE, GENERATOR, Code, kept
from lockstep.reference.python.runtime.functions import bind_arguments, make_function
from lockstep.reference.python.runtime.kinds import Value
from lockstep.reference.python.syntax.scopes import mangle
from lockstep.reference.python.treewalk.annotations import annotation
from lockstep.reference.python.treewalk.expressions import (
    EXPRESSIONS,
    all_true,
    evaluate,
    items,
    keyword_arguments,
)
from lockstep.reference.python.treewalk.names import load_name, name_error, store_name
from lockstep.reference.python.treewalk.program import Frame, docstring
from lockstep.reference.python.treewalk.statements import STATEMENTS, Return, assign, execute_block
from lockstep.reference.python.treewalk.suspension import (
    YIELD,
    delegate,
    get_async_iterator,
    make_async_generator,
    make_coroutine,
    make_generator,
    next_awaitable,
)


def captured(frame: Frame, code: Code) -> dict[str, CellType]:
    """The cells of `frame` that a block of `code` closes over."""
    return {name: frame.cells[name] for name in code.co_freevars}


def _defaults(frame: Frame, arguments: ast.arguments) -> tuple[tuple[Value, ...], dict[str, Value]]:
    positional = tuple([evaluate(frame, default) for default in arguments.defaults])
    keyword_only = {
        parameter.arg: evaluate(frame, default)
        for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults)
        if default is not None
    }
    return positional, keyword_only


def _annotations(frame: Frame, node: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, Value]:
    arguments = node.args
    pairs = [
        *((parameter.arg, parameter.annotation) for parameter in (*arguments.posonlyargs, *arguments.args)),
        *(((arguments.vararg.arg, arguments.vararg.annotation),) if arguments.vararg else ()),
        *((parameter.arg, parameter.annotation) for parameter in arguments.kwonlyargs),
        *(((arguments.kwarg.arg, arguments.kwarg.annotation),) if arguments.kwarg else ()),
        ("return", getattr(node, "returns", None)),
    ]
    return {name: annotation(frame, value) for name, value in pairs if value is not None}


def make(frame: Frame, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> FunctionType:
    """The function object of a definition or lambda."""
    code = frame.program.codes[node]
    positional, keyword_only = _defaults(frame, node.args)
    annotations = {} if isinstance(node, ast.Lambda) else _annotations(frame, node)
    function = make_function(
        code,
        frame.globals,
        frame.walker.builtins_of(frame.globals, frame),
        captured(frame, code),
        frame.walker.invoke,
    )
    function.__name__ = code.co_name
    function.__qualname__ = code.co_qualname
    module: Any = frame.globals.get("__name__")  # whatever it is
    function.__module__ = module
    function.__doc__ = None if isinstance(node, ast.Lambda) else docstring(node.body)
    function.__defaults__ = positional or None
    function.__kwdefaults__ = keyword_only or None
    function.__annotations__ = annotations
    return function


def decorated(
    frame: Frame, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, make_it: Callable[[], Value]
) -> Value:
    """8.7: decorators are evaluated first, and applied from the innermost outwards."""
    decorators = [evaluate(frame, decorator) for decorator in node.decorator_list]
    value = make_it()
    for decorator in reversed(decorators):
        value = call(decorator, (value,), {})
    return value


def function_definition(frame: Frame, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """8.7 Function definitions, 8.9.1 Coroutine function definition."""
    value = decorated(frame, node, lambda: make(frame, node))
    store_name(frame, node, mangle(frame.scope.class_name, node.name), value)


def lambda_expression(frame: Frame, node: ast.Lambda) -> Value:
    """6.14 Lambdas."""
    return make(frame, node)


def enter_function(
    walker: Any,
    function: FunctionType,
    code: Code,
    global_names: dict[str, Value],
    builtins: Any,
    cells: dict[str, CellType],
    arguments: tuple[Value, ...],
    keywords: dict[str, Value],
) -> Value:
    """A call of a guest function: bind the arguments, make the frame, run or suspend the body."""
    names = bind_arguments(function, code, arguments, keywords)
    own = dict(cells)
    for name in code.co_cellvars:
        own[name] = CellType(names.pop(name)) if name in names else CellType()
    frame = Frame(walker, code, global_names, builtins, names, own)
    node = kept(code, ".node")
    flags = code.co_flags

    def body() -> Value:
        return run_body(frame, node)

    if flags & GENERATOR:
        return make_generator(frame, body)
    if flags & COROUTINE:
        return make_coroutine(frame, body)
    if flags & ASYNC_GENERATOR:
        return make_async_generator(frame, body)
    return walker.within(frame, body)


def run_body(frame: Frame, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Value:
    """The value that a function's body returns."""
    if isinstance(node, ast.Lambda):
        return evaluate(frame, node.body)
    completion = execute_block(frame, node.body)
    return completion.value if isinstance(completion, Return) else None


# 8.8 Class definitions


def class_definition(frame: Frame, node: ast.ClassDef) -> None:
    """8.8 Class definitions."""

    def make_class() -> Value:
        if "__build_class__" not in frame.builtins:
            raise name_error("__build_class__ not found", "__build_class__")
        bases = tuple(items(frame, node, node.bases))
        keywords = keyword_arguments(frame, node, frame.builtins.get("__build_class__"), node.keywords)
        return class_statement(node.name, bases, keywords, lambda names: class_body(frame, node, names))

    value = decorated(frame, node, make_class)
    store_name(frame, node, mangle(frame.scope.class_name, node.name), value)


def class_body(frame: Frame, node: ast.ClassDef, names: Any) -> Value:
    """3.3.3.5 Executing the class body; the `__class__` cell, if its functions use it."""
    code = frame.program.codes[node]
    cells = captured(frame, code)
    inner = Frame(frame.walker, code, frame.globals, frame.builtins, names, cells)
    cell = None
    if inner.scope.needs_class_cell:
        cell = cells["__class__"] = CellType()
    names["__module__"] = load_name(inner, node, "__name__")
    names["__qualname__"] = code.co_qualname
    text = docstring(node.body)
    if text is not None:
        names["__doc__"] = text
    if inner.scope.has_annotations:
        set_up_annotations(names)
    frame.walker.within(inner, lambda: execute_block(inner, node.body))
    if cell is not None:
        names["__classcell__"] = cell
    return cell


def set_up_annotations(names: Any) -> None:
    """7.2.2: a namespace with annotations has a dictionary for them."""
    try:
        names["__annotations__"]
    except KeyError:
        names["__annotations__"] = {}


# 6.2.4 Displays for lists, sets and dictionaries; 6.2.8 Generator expressions


def comprehension(
    frame: Frame,
    node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp,
    collect: Callable[[Frame], Value],
) -> Value:
    """6.2.4: a block of its own, whose leftmost iterable the enclosing block evaluates."""
    code = frame.program.codes[node]
    first = node.generators[0]
    outer = evaluate(frame, first.iter)
    iterator = get_async_iterator(outer) if first.is_async else get_iterator(outer)
    cells = captured(frame, code)
    for name in code.co_cellvars:
        cells[name] = CellType()
    inner = Frame(
        frame.walker, code, frame.globals, frame.builtins, {".0": iterator}, cells, frame.suspension
    )
    if isinstance(node, ast.GeneratorExp):

        def body() -> None:
            clauses(inner, node, 0, lambda: inner.suspension.suspend(YIELD, evaluate(inner, node.elt)))

        if inner.scope.is_async:
            return make_async_generator(inner, body)
        return make_generator(inner, body)
    return frame.walker.within(inner, lambda: collect(inner))


def clauses(
    frame: Frame,
    node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp,
    depth: int,
    emit: Callable[[], Value],
) -> None:
    """Run the `for` and `if` clauses from `depth` on, and `emit` for each element that they let through."""
    clause = node.generators[depth]
    if depth == 0:
        iterator = frame.names[".0"]
    else:
        value = evaluate(frame, clause.iter)
        iterator = get_async_iterator(value) if clause.is_async else get_iterator(value)
    step = None if clause.is_async else next_of(iterator)
    end = StopAsyncIteration if clause.is_async else StopIteration
    while True:
        ended = False
        try:
            item = step(iterator) if step else delegate(frame, clause.iter, next_awaitable(iterator))
        except end:
            ended = True
        if ended:
            return
        frame.walker.step()
        assign(frame, clause.target, item)
        if all_true(frame, clause.ifs):
            if depth + 1 < len(node.generators):
                clauses(frame, node, depth + 1, emit)
            else:
                emit()


def list_comprehension(frame: Frame, node: ast.ListComp) -> Value:
    """6.2.5 List displays."""

    def collect(inner: Frame) -> list[Value]:
        found: list[Value] = []
        clauses(inner, node, 0, lambda: found.append(evaluate(inner, node.elt)))
        return found

    return comprehension(frame, node, collect)


def set_comprehension(frame: Frame, node: ast.SetComp) -> Value:
    """6.2.6 Set displays."""

    def collect(inner: Frame) -> set[Value]:
        found: set[Value] = set()
        clauses(inner, node, 0, lambda: found.add(evaluate(inner, node.elt)))
        return found

    return comprehension(frame, node, collect)


def dict_comprehension(frame: Frame, node: ast.DictComp) -> Value:
    """6.2.7 Dictionary displays: key before value."""

    def collect(inner: Frame) -> dict[Value, Value]:
        found: dict[Value, Value] = {}

        def emit() -> None:
            key = evaluate(inner, node.key)
            found[key] = evaluate(inner, node.value)

        clauses(inner, node, 0, emit)
        return found

    return comprehension(frame, node, collect)


def generator_expression(frame: Frame, node: ast.GeneratorExp) -> Value:
    """6.2.8 Generator expressions."""
    return comprehension(frame, node, lambda inner: None)


EXPRESSIONS.update(
    {
        ast.DictComp: dict_comprehension,
        ast.GeneratorExp: generator_expression,
        ast.Lambda: lambda_expression,
        ast.ListComp: list_comprehension,
        ast.SetComp: set_comprehension,
    }
)
STATEMENTS.update(
    {
        ast.AsyncFunctionDef: function_definition,
        ast.ClassDef: class_definition,
        ast.FunctionDef: function_definition,
    }
)
