# every form has one signature, and tracebacks read `frame` and `node`
"""Simple and compound statements (Language Reference 7 and 8): one function per form."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from typing import Any, Callable, NamedTuple

from lockstep.reference.host.errors import LimitExceeded
from lockstep.reference.python.runtime.builtins.consumers import passing
from lockstep.reference.python.runtime.dispatch.attributes import (
    delete_attribute,
    get_attribute,
    set_attribute,
)
from lockstep.reference.python.runtime.dispatch.calling import call
from lockstep.reference.python.runtime.dispatch.comparison import truth
from lockstep.reference.python.runtime.dispatch.containers import (
    delete_item,
    get_item,
    get_iterator,
    next_of,
    set_item,
)
from lockstep.reference.python.runtime.dispatch.operators import inplace
from lockstep.reference.python.runtime.exceptions import catches
from lockstep.reference.python.runtime.kinds import Value, is_a, is_supertype, is_type
from lockstep.reference.python.runtime.sizes import SIZES, ask
from lockstep.reference.python.runtime.slot_functions import find_special
from lockstep.reference.python.runtime.type_info import MISSING, name_of, slot_of, type_of
from lockstep.reference.python.runtime.types.tracebacks import compacted, guest_traceback
from lockstep.reference.python.treewalk.annotations import annotation
from lockstep.reference.python.treewalk.exception_groups import runner
from lockstep.reference.python.treewalk.expressions import BINARY, evaluate, test
from lockstep.reference.python.treewalk.names import delete_name, load_name, store_name
from lockstep.reference.python.treewalk.patterns import matches
from lockstep.reference.python.treewalk.program import Frame
from lockstep.reference.python.treewalk.suspension import (
    delegate,
    get_async_iterator,
    get_awaitable,
    next_awaitable,
)
from lockstep.reference.python.treewalk.unwinding import handled, reraised, unwound

# What no guest can catch (see `reference.host.limits`).
UNCATCHABLE = (LimitExceeded, MemoryError)


class Return(NamedTuple):
    """A block ended by `return`."""

    value: Value


class Jump(NamedTuple):
    """A block ended by `break` or `continue`."""

    word: str


BREAK, CONTINUE = Jump("break"), Jump("continue")
Completion = Any  # None, a Return, BREAK or CONTINUE


def execute(frame: Frame, node: ast.stmt) -> Completion:
    """Run a statement; how it ended."""
    frame.line = node.lineno
    return STATEMENTS[type(node)](frame, node)


def execute_block(frame: Frame, body: Sequence[ast.stmt]) -> Completion:
    """Run statements until one jumps or returns."""
    for statement in body:
        completion = execute(frame, statement)
        if completion is not None:
            return completion
    return None


# 7.1 Expression statements


def expression(frame: Frame, node: ast.Expr) -> Completion:
    """7.1 Expression statements."""
    value = evaluate(frame, node.value)
    if frame.program.mode == "single" and frame.scope.kind == "module":
        call(frame.walker.interpreter.system("displayhook"), (value,), {})
    return None


# 7.2 Assignment statements


def assign(frame: Frame, node: ast.expr, value: Value) -> None:
    """7.2: assign `value` to one target."""
    if isinstance(node, ast.Name):
        store_name(frame, node, node.id, value)
    elif isinstance(node, ast.Attribute):
        set_attribute(evaluate(frame, node.value), node.attr, value)
    elif isinstance(node, ast.Subscript):
        container = evaluate(frame, node.value)
        set_item(container, evaluate(frame, node.slice), value)
    else:
        unpack(frame, node, value)


def unpack(frame: Frame, node: Any, value: Value) -> None:
    """7.2: assign the items of `value` to a target list, at most one of them starred."""
    targets = node.elts
    starred = [index for index, target in enumerate(targets) if isinstance(target, ast.Starred)]
    if slot_of(value, "tp_iter") is None and slot_of(value, "sq_item") is None:
        raise TypeError(f"cannot unpack non-iterable {name_of(value)} object")
    iterator = get_iterator(value)
    step = next_of(iterator)
    before = starred[0] if starred else len(targets)
    after = len(targets) - before - 1 if starred else 0
    wanted = f"at least {before + after}" if starred else str(before)
    values: list[Value] = []
    while len(values) < before:
        item = _next(step, iterator)
        if item is MISSING:
            raise ValueError(f"not enough values to unpack (expected {wanted}, got {len(values)})")
        values.append(item)
    if starred:
        rest = list(passing(frame.walker.interpreter, iterator))
        if len(rest) < after:
            raise ValueError(f"not enough values to unpack (expected {wanted}, got {before + len(rest)})")
        end = len(rest) - after
        values.append(rest[:end])
        values.extend(rest[end:])
    elif _next(step, iterator) is not MISSING:
        raise ValueError(f"too many values to unpack (expected {before})")
    for target, item in zip(targets, values):
        assign(frame, target.value if isinstance(target, ast.Starred) else target, item)


def _next(step: Callable[[Value], Value], iterator: Value) -> Value:
    try:
        return step(iterator)
    except StopIteration:
        return MISSING


def assignment(frame: Frame, node: ast.Assign) -> Completion:
    """7.2 Assignment statements: the value first, then the targets from left to right."""
    value = evaluate(frame, node.value)
    for target in node.targets:
        assign(frame, target, value)
    return None


def augmented(frame: Frame, node: ast.AugAssign) -> Completion:
    """7.2.1 Augmented assignment statements: the target is evaluated once."""
    symbol = BINARY[type(node.op)]
    target = node.target
    if isinstance(target, ast.Name):
        current = load_name(frame, target, target.id)
        store_name(frame, target, target.id, _operate(frame, node, symbol, current))
    elif isinstance(target, ast.Attribute):
        value = evaluate(frame, target.value)
        current = get_attribute(value, target.attr)
        set_attribute(value, target.attr, _operate(frame, node, symbol, current))
    else:
        container = evaluate(frame, target.value)
        key = evaluate(frame, target.slice)
        current = get_item(container, key)
        set_item(container, key, _operate(frame, node, symbol, current))
    return None


def _operate(frame: Frame, node: ast.AugAssign, symbol: str, current: Value) -> Value:
    operand = evaluate(frame, node.value)
    if symbol in SIZES:
        ask(frame.walker.budget, SIZES[symbol](current, operand), current, operand)
    return inplace(symbol, current, operand)


def annotated(frame: Frame, node: ast.AnnAssign) -> Completion:
    """7.2.2 Annotated assignment statements."""
    if node.value is not None:
        assign(frame, node.target, evaluate(frame, node.value))
    elif not isinstance(node.target, ast.Name):
        evaluate(frame, node.target.value)
        if isinstance(node.target, ast.Subscript):
            evaluate(frame, node.target.slice)
    if frame.scope.is_function:
        return None
    if node.simple:
        value = annotation(frame, node.annotation)
        assert isinstance(node.target, ast.Name)
        annotations = load_name(frame, node, "__annotations__")
        set_item(annotations, node.target.id, value)
    elif "annotations" not in frame.program.features:
        evaluate(frame, node.annotation)
    return None


# 7.3 to 7.5


def assertion(frame: Frame, node: ast.Assert) -> Completion:
    """7.3 The assert statement."""
    if not frame.program.optimization and not test(frame, node.test):
        _failed(frame, node.test, () if node.msg is None else (evaluate(frame, node.msg),))
    return None


def _failed(frame: Frame, node: ast.expr, message: tuple[Value, ...]) -> None:
    raise AssertionError(*message)


def nothing(frame: Frame, node: ast.AST) -> Completion:
    """7.4 The pass statement; 7.12, 7.13 declarations, which the scopes have read."""
    return None


def deletion(frame: Frame, node: ast.Delete) -> Completion:
    """7.5 The del statement."""
    for target in node.targets:
        _delete(frame, target)
    return None


def _delete(frame: Frame, node: Any) -> None:
    if isinstance(node, ast.Name):
        delete_name(frame, node, node.id)
    elif isinstance(node, ast.Attribute):
        delete_attribute(evaluate(frame, node.value), node.attr)
    elif isinstance(node, ast.Subscript):
        container = evaluate(frame, node.value)
        delete_item(container, evaluate(frame, node.slice))
    else:
        for element in node.elts:
            _delete(frame, element)


# 7.6 to 7.10


def return_statement(frame: Frame, node: ast.Return) -> Completion:
    """7.6 The return statement."""
    return Return(None if node.value is None else evaluate(frame, node.value))


def raise_statement(frame: Frame, node: ast.Raise) -> Completion:
    """7.8 The raise statement."""
    if node.exc is None:
        current = sys.exc_info()[1]
        if current is not None:
            if frame.walker.clauses:
                frame.walker.reraised = current
            reraised(frame, current)
            del current
            raise  # noqa: PLE0704  # the handler that is running is the evaluator's own
        if frame.walker.inherited is None:
            raise RuntimeError("No active exception to reraise")
        raise frame.walker.inherited
    error = evaluate(frame, node.exc)
    current = None
    try:
        error = _raised(error)
        current = sys.exc_info()[1]
        if current is None:
            frame.walker.chain(error)
        elif error is current:
            reraised(frame, error)  # `_PyErr_SetObject`: nothing is its own context
        if node.cause is None:
            raise error
        raise error from _cause(evaluate(frame, node.cause))
    finally:
        del error, current  # the traceback holds this frame


def _raised(error: Value) -> BaseException:
    """What `raise error` raises (`do_raise`)."""
    if is_type(error) and is_supertype(BaseException, error):
        made = call(error, (), {})
        if not is_a(made, BaseException):
            raise TypeError(
                f"calling {error!r} should have returned an instance of BaseException, not {type_of(made)!r}"
            )
        return made
    if not is_a(error, BaseException):
        raise TypeError("exceptions must derive from BaseException")
    return error


def _cause(cause: Value) -> BaseException | None:
    """What `raise ... from cause` sets (`do_raise`)."""
    if is_type(cause) and is_supertype(BaseException, cause):
        made = call(cause, (), {})
        if not is_a(made, BaseException):
            raise TypeError(
                f"calling {cause!r} should have returned an instance of BaseException, not {type_of(made)!r}"
            )
        return made
    if cause is not None and not is_a(cause, BaseException):
        raise TypeError("exception causes must derive from BaseException")
    return cause


def break_statement(frame: Frame, node: ast.Break) -> Completion:
    """7.9 The break statement."""
    return BREAK


def continue_statement(frame: Frame, node: ast.Continue) -> Completion:
    """7.10 The continue statement."""
    return CONTINUE


# 7.11 The import statement


def import_statement(frame: Frame, node: ast.Import) -> Completion:
    """7.11 The basic import statement."""
    for alias in node.names:
        module = _module(frame, alias.name, None, 0)
        if alias.asname is None:
            store_name(frame, node, alias.name.partition(".")[0], module)
        else:
            store_name(frame, node, alias.asname, frame.walker.imports.last(module, alias.name))
    return None


def _module(frame: Frame, name: str, names: Value, level: int) -> Value:
    local_names = None if frame.scope.is_function else frame.names
    return frame.walker.imports.find(frame.builtins, name, frame.globals, local_names, names, level)


def import_from(frame: Frame, node: ast.ImportFrom) -> Completion:
    """7.11 The from form, and its wild card."""
    imports = frame.walker.imports
    names = tuple(alias.name for alias in node.names)
    module = _module(frame, node.module or "", names, node.level)
    if names == ("*",):
        imports.star(module, frame.names)
        return None
    for alias in node.names:
        store_name(frame, node, alias.asname or alias.name, imports.member(module, alias.name))
    return None


# 8.1 to 8.3


def if_statement(frame: Frame, node: ast.If) -> Completion:
    """8.1 The if statement."""
    if test(frame, node.test):
        return execute_block(frame, node.body)
    return execute_block(frame, node.orelse)


def while_statement(frame: Frame, node: ast.While) -> Completion:
    """8.2 The while statement."""
    while test(frame, node.test):
        frame.walker.step()
        completion = execute_block(frame, node.body)
        if completion is BREAK:
            return None
        if completion is not None and completion is not CONTINUE:
            return completion
    return execute_block(frame, node.orelse)


def for_statement(frame: Frame, node: ast.For) -> Completion:
    """8.3 The for statement."""
    iterator = get_iterator(evaluate(frame, node.iter))
    step = next_of(iterator)
    while True:
        item = _next(step, iterator)
        if item is MISSING:
            return execute_block(frame, node.orelse)
        frame.walker.step()
        assign(frame, node.target, item)
        completion = execute_block(frame, node.body)
        if completion is BREAK:
            return None
        if completion is not None and completion is not CONTINUE:
            return completion


def async_for(frame: Frame, node: ast.AsyncFor) -> Completion:
    """8.9.2 The async for statement."""
    iterator = get_async_iterator(evaluate(frame, node.iter))
    while True:
        ended = False
        try:
            item = delegate(frame, node, next_awaitable(iterator))
        except StopAsyncIteration:
            ended = True
        if ended:
            return execute_block(frame, node.orelse)
        frame.walker.step()
        assign(frame, node.target, item)
        completion = execute_block(frame, node.body)
        if completion is BREAK:
            return None
        if completion is not None and completion is not CONTINUE:
            return completion


# 8.4 The try statement


def try_statement(frame: Frame, node: ast.Try) -> Completion:
    """8.4 The try statement; 8.4.4: a jump out of `finally` discards what was pending."""
    if not node.finalbody:
        return _try_handlers(frame, node)
    try:
        completion = _try_handlers(frame, node)
    except UNCATCHABLE:
        raise
    except BaseException as error:
        frame.walker.give_context(error)
        frame.walker.go_on()
        unwound(error)
        error.__traceback__ = compacted(error.__traceback__)
        final = execute_block(frame, node.finalbody)
        if final is not None:
            handled(frame, error)
            return final
        unwound(error)
        reraised(frame, error)
        raise
    frame.walker.go_on()
    final = execute_block(frame, node.finalbody)
    return completion if final is None else final


def _try_handlers(frame: Frame, node: ast.Try) -> Completion:
    if type(node).__name__ == "TryStar":
        return _try_star(frame, node)
    try:
        completion = execute_block(frame, node.body)
    except UNCATCHABLE:
        raise
    except BaseException as error:
        frame.walker.give_context(error)
        if not node.handlers:
            raise
        unwound(error)
        handler = _find_handler(frame, node.handlers, error)
        if handler is None:
            unwound(error)
            reraised(frame, error)
            raise
        error.__traceback__ = compacted(error.__traceback__)
        completion = _handle(frame, handler, error)
        handled(frame, error)
        return completion
    if completion is not None:
        return completion
    return execute_block(frame, node.orelse)


def _find_handler(
    frame: Frame, handlers: list[ast.ExceptHandler], error: BaseException
) -> ast.ExceptHandler | None:
    """8.4.1 except clause: the first that matches."""
    for node in handlers:
        if node.type is None or _catches(frame, node, error):
            return node
    return None


def _catches(frame: Frame, node: ast.ExceptHandler, error: BaseException) -> bool:
    assert node.type is not None
    return catches(evaluate(frame, node.type), error)


def _handle(frame: Frame, node: ast.ExceptHandler, error: BaseException) -> Completion:
    """8.4.1: the name is bound for the handler, and unbound after it."""
    frame.walker.go_on()
    if node.name is not None:
        store_name(frame, node, node.name, error)
    del error
    try:
        return execute_block(frame, node.body)
    except UNCATCHABLE:
        raise
    except BaseException as raised:
        unwound(raised)
        if node.name is not None:
            unwound(raised)
        raise
    finally:
        if node.name is not None:
            store_name(frame, node, node.name, None)
            delete_name(frame, node, node.name)


def _try_star(frame: Frame, node: ast.Try | ast.TryStar) -> Completion:
    """8.4.2 except* clause: each handler takes its part; what is left or newly raised goes on."""
    completion: Completion = None
    failed = False
    uncatchable: BaseException | None = None

    def body() -> None:
        nonlocal completion, failed, uncatchable
        failed = True
        try:
            completion = execute_block(frame, node.body)
        except UNCATCHABLE as error:
            uncatchable = error
        except BaseException as error:
            frame.walker.give_context(error)
            raise
        failed = False

    def classes(index: int) -> Value:
        caught = node.handlers[index].type
        assert caught is not None
        return evaluate(frame, caught)

    def handle(index: int, part: BaseException) -> bool:
        walker = frame.walker
        before = part.__traceback__
        walker.reraised = None
        walker.clauses += 1
        try:
            _handle(frame, node.handlers[index], part)
        except BaseException as error:
            if error is not part or walker.reraised is not part:
                raise
            # `raise` on its own: the part goes on as it came, without the evaluator's own frames.
            part.__traceback__ = before
            return True
        finally:
            walker.clauses -= 1
            walker.reraised = None
        return False

    runner(len(node.handlers))(body, classes, handle)
    if uncatchable is not None:
        raise uncatchable
    if completion is not None or failed:
        return completion
    return execute_block(frame, node.orelse)


# 8.5 The with statement


def with_statement(frame: Frame, node: ast.With) -> Completion:
    """8.5 The with statement."""
    return _with(frame, node, 0)


def async_with(frame: Frame, node: ast.AsyncWith) -> Completion:
    """8.9.3 The async with statement."""
    return _with(frame, node, 0)


def _with(frame: Frame, node: ast.With | ast.AsyncWith, depth: int) -> Completion:
    if depth == len(node.items):
        return execute_block(frame, node.body)
    asynchronous = isinstance(node, ast.AsyncWith)
    item = node.items[depth]
    manager = evaluate(frame, item.context_expr)
    enter, leave = _manager_methods(manager, asynchronous)
    value = _awaited(frame, node, call(enter, (), {}), asynchronous)
    try:
        if item.optional_vars is not None:
            assign(frame, item.optional_vars, value)
        completion = _with(frame, node, depth + 1)
    except UNCATCHABLE:
        raise
    except BaseException as error:
        frame.walker.give_context(error)
        unwound(error)
        error.__traceback__ = compacted(error.__traceback__)
        left = call(leave, (type(error), error, guest_traceback(error)), {})
        if truth(_awaited(frame, node, left, asynchronous)):
            handled(frame, error)
            return None
        unwound(error)
        reraised(frame, error)
        raise
    _awaited(frame, node, call(leave, (None, None, None), {}), asynchronous)
    return completion


def _awaited(frame: Frame, node: ast.AST, value: Value, asynchronous: bool) -> Value:
    if not asynchronous:
        return value
    box = [get_awaitable(value)]
    del value
    return frame.suspension.delegate(box)


def _manager_methods(manager: Value, asynchronous: bool) -> tuple[Value, Value]:
    names = ("__aenter__", "__aexit__") if asynchronous else ("__enter__", "__exit__")
    kind = "asynchronous context manager" if asynchronous else "context manager"
    enter = find_special(manager, names[0])
    if enter is MISSING:
        raise TypeError(f"'{name_of(manager)}' object does not support the {kind} protocol")
    leave = find_special(manager, names[1])
    if leave is MISSING:
        raise TypeError(
            f"'{name_of(manager)}' object does not support the {kind} protocol (missed {names[1]} method)"
        )
    return enter, leave


# 8.6 The match statement


def match_statement(frame: Frame, node: ast.Match) -> Completion:
    """8.6 The match statement."""
    subject = evaluate(frame, node.subject)
    for case in node.cases:
        captures: dict[str, Value] = {}
        if not matches(frame, case.pattern, subject, captures):
            continue
        for name, value in captures.items():
            store_name(frame, case.pattern, name, value)
        if case.guard is None or test(frame, case.guard):
            return execute_block(frame, case.body)
    return None


STATEMENTS: dict[type, Callable[[Frame, Any], Completion]] = {
    ast.AnnAssign: annotated,
    ast.Assert: assertion,
    ast.Assign: assignment,
    ast.AsyncFor: async_for,
    ast.AsyncWith: async_with,
    ast.AugAssign: augmented,
    ast.Break: break_statement,
    ast.Continue: continue_statement,
    ast.Delete: deletion,
    ast.Expr: expression,
    ast.For: for_statement,
    ast.Global: nothing,
    ast.If: if_statement,
    ast.Import: import_statement,
    ast.ImportFrom: import_from,
    ast.Nonlocal: nothing,
    ast.Pass: nothing,
    ast.Raise: raise_statement,
    ast.Return: return_statement,
    ast.Try: try_statement,
    ast.While: while_statement,
    ast.With: with_statement,
}
if sys.version_info >= (3, 10):
    STATEMENTS[ast.Match] = match_statement
if sys.version_info >= (3, 11):
    STATEMENTS[ast.TryStar] = try_statement
