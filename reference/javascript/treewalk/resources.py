"""Explicit resource management: disposing what `using` declared when its scope is left."""

from __future__ import annotations

from typing import Callable

from lockstep.reference.javascript.runtime.completions import ReturnSignal
from lockstep.reference.javascript.runtime.operations.resources import (
    ASYNC,
    SYNC,
    DisposeCapability,
    add_disposable_resource,
    dispose_resources,
)
from lockstep.reference.javascript.runtime.values import Value
from lockstep.reference.javascript.syntax.ast.functions import Scope
from lockstep.reference.javascript.treewalk.context import Completion, ExecutionContext
from lockstep.reference.javascript.treewalk.generators import await_value

HINTS = {"using": SYNC, "await using": ASYNC}


def add_resource(kind: str, value: Value, context: ExecutionContext) -> None:
    """AddDisposableResource for a declaration of `kind`."""
    assert context.resources is not None
    add_disposable_resource(context.realm, context.resources, value, HINTS[kind])


def with_disposal(
    scope: Scope | None, context: ExecutionContext, run: Callable[[], Completion]
) -> Completion:
    """The completion of `run`, after DisposeResources for what `scope` declares with `using`."""
    if scope is None or not scope.has_using:
        return run()
    outer = context.resources
    capability = context.resources = DisposeCapability()
    error: BaseException | None = None
    completion: Completion = None
    try:
        completion = run()
    except (Exception, ReturnSignal) as failure:  # any throw completion, or a generator's return
        error = failure
    context.resources = outer
    error = dispose_resources(context.realm, capability, error, lambda value: await_value(value, context))
    if error is not None:
        raise error
    return completion
