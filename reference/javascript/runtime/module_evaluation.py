"""ECMA-262 16.2.1.6.1.3: evaluation of modules, synchronous, asynchronous and deferred."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.runtime.completions import ThrowCompletion, thrown_value, type_error
from lockstep.reference.javascript.runtime.intrinsics.control.async_function import async_block_start
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import (
    JSPromise,
    new_promise_capability,
    perform_promise_then,
)
from lockstep.reference.javascript.runtime.modules import ModuleRecord, SourceTextModule, SyntheticModule
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.objects.ordinary import JSObject


def evaluate(module: ModuleRecord) -> JSObject:
    """16.2.1.6.1.3 Evaluate: the promise of the module's completion."""
    realm = module.realm
    if isinstance(module, SyntheticModule):
        capability = new_promise_capability(realm, realm.promise)
        try:
            module.execute()
        except Exception as error:
            capability.reject(thrown_value(error, realm))
        else:
            capability.resolve(undefined)
        return capability.promise
    if module.status in ("evaluating-async", "evaluated"):
        module = module.cycle_root
    if module.top_level is not None:
        return module.top_level.promise
    capability = module.top_level = new_promise_capability(realm, realm.promise)
    stack: list[SourceTextModule] = []
    try:
        _inner_evaluate(module, stack, 0)
    except Exception as error:
        reason = thrown_value(error, realm)
        for member in stack:
            member.status = "evaluated"
            member.error = ThrowCompletion(reason)
        module.status = "evaluated"
        module.error = ThrowCompletion(reason)
        capability.reject(reason)
    else:
        if module.async_order is None:
            capability.resolve(undefined)
    return capability.promise


def _inner_evaluate(module: ModuleRecord, stack: list[SourceTextModule], index: int) -> int:
    """16.2.1.6.1.3.1 InnerModuleEvaluation."""
    if isinstance(module, SyntheticModule):
        module.execute()
        return index
    if module.status in ("evaluating-async", "evaluated"):
        if module.error is not None:
            raise module.error
        return index
    if module.status == "evaluating":
        return index
    module.status = "evaluating"
    module.dfs_index = module.dfs_ancestor = index
    module.pending = 0
    index += 1
    stack.append(module)
    for dependency in _evaluation_list(module):
        required = dependency
        index = _inner_evaluate(required, stack, index)
        if isinstance(required, SyntheticModule):
            continue
        if required.status == "evaluating":
            module.dfs_ancestor = min(module.dfs_ancestor, required.dfs_ancestor)
        else:
            required = required.cycle_root
            if required.error is not None:
                raise required.error
        if required.async_order is not None and required.status == "evaluating-async":
            module.pending += 1
            required.async_parents.append(module)
    if module.pending > 0 or module.has_tla:
        agent = module.realm.agent
        module.async_order = agent.async_evaluation_order
        agent.async_evaluation_order += 1
        if module.pending == 0:
            _execute_async(module)
    else:
        _execute(module)
    if module.dfs_ancestor == module.dfs_index:
        while True:
            member = stack.pop()
            member.status = "evaluated" if member.async_order is None else "evaluating-async"
            member.cycle_root = module
            if member is module:
                break
    return index


def _evaluation_list(module: SourceTextModule) -> list[ModuleRecord]:
    """16.2.1.6.1.3.1, step 11: what is evaluated before the module; of a deferred one, what is asynchronous."""
    found: list[ModuleRecord] = []
    for request in module.node.requests:
        required = module.loaded[request.specifier]
        needed = asynchronous_dependencies(required) if request.phase == "defer" else [required]
        found.extend(member for member in needed if member not in found)
    return found


def _is_evaluated(module: SourceTextModule) -> bool:
    """IsModuleSCCEvaluated (deferred imports)."""
    return module.cycle_root.status == "evaluated"


def asynchronous_dependencies(
    module: ModuleRecord, seen: list[ModuleRecord] | None = None
) -> list[ModuleRecord]:
    """GatherAsynchronousTransitiveDependencies (deferred imports)."""
    seen = [] if seen is None else seen
    if module in seen:
        return []
    seen.append(module)
    if isinstance(module, SyntheticModule) or module.status == "evaluating" or _is_evaluated(module):
        return []
    if module.has_tla:
        return [module]
    found: list[ModuleRecord] = []
    for request in module.node.requests:
        needed = asynchronous_dependencies(module.loaded[request.specifier], seen)
        found.extend(member for member in needed if member not in found)
    return found


def _is_ready(module: ModuleRecord, seen: list[ModuleRecord]) -> bool:
    """ReadyForSyncExecution (deferred imports)."""
    if module in seen:
        return True
    seen.append(module)
    if isinstance(module, SyntheticModule) or _is_evaluated(module):
        return True
    if module.status != "linked" or module.has_tla:
        return False
    return all(_is_ready(module.loaded[request.specifier], seen) for request in module.node.requests)


def ensure_evaluated(module: ModuleRecord) -> None:
    """GetModuleExportsList of a deferred namespace: EvaluateModuleSync, if that can be.

    Raises:
        ThrowCompletion: TypeError, the module is being evaluated or waits for something; or what it threw.
    """
    if not _is_ready(module, []):
        raise type_error("The deferred module cannot be evaluated now")
    promise = evaluate(module)
    assert isinstance(promise, JSPromise)
    if promise.state_ == "rejected":
        # 27.2.1.9 HostPromiseRejectionTracker: its rejection is handled here.
        perform_promise_then(module.realm, promise, undefined, lambda _reason: undefined)
        raise ThrowCompletion(promise.result_)


def _execute(module: SourceTextModule) -> None:
    """16.2.1.7.3.2 ExecuteModule, synchronously."""
    try:
        module.execution.send(None)
    except StopIteration:
        return


def _execute_async(module: SourceTextModule) -> None:
    """16.2.1.6.1.3.2 ExecuteAsyncModule."""
    async_block_start(
        module.realm,
        module.execution,
        lambda _value: _fulfilled(module),
        lambda reason: _rejected(module, reason),
    )


def _gather(module: SourceTextModule, found: list[SourceTextModule]) -> None:
    """16.2.1.6.1.3.3 GatherAvailableAncestors."""
    for parent in module.async_parents:
        if parent not in found and parent.cycle_root.error is None:
            parent.pending -= 1
            if parent.pending == 0:
                found.append(parent)
                if not parent.has_tla:
                    _gather(parent, found)


def _fulfilled(module: SourceTextModule) -> None:
    """16.2.1.6.1.3.4 AsyncModuleExecutionFulfilled."""
    if module.status == "evaluated":
        return
    module.status = "evaluated"
    if module.top_level is not None:
        module.top_level.resolve(undefined)
    ready: list[SourceTextModule] = []
    _gather(module, ready)
    for parent in sorted(ready, key=lambda m: m.async_order or 0):
        if parent.status == "evaluated":
            continue
        if parent.has_tla:
            _execute_async(parent)
            continue
        try:
            _execute(parent)
        except Exception as error:
            _rejected(parent, thrown_value(error, parent.realm))
        else:
            parent.status = "evaluated"
            if parent.top_level is not None:
                parent.top_level.resolve(undefined)


def _rejected(module: SourceTextModule, reason: Value) -> None:
    """16.2.1.6.1.3.5 AsyncModuleExecutionRejected."""
    if module.status == "evaluated":
        return
    module.error = ThrowCompletion(reason)
    module.status = "evaluated"
    if module.top_level is not None:
        module.top_level.reject(reason)
    for parent in module.async_parents:
        _rejected(parent, reason)
