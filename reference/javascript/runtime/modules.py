"""ECMA-262 16.2.1: module records, loading, linking and evaluation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

from reference.host.errors import ErrorReport, GuestSyntaxError
from reference.javascript.runtime.completions import (
    NativeErrorCompletion,
    ThrowCompletion,
    syntax_error,
    thrown_value,
    type_error,
)
from reference.javascript.runtime.environments import ModuleEnvironment
from reference.javascript.runtime.intrinsics.control.async_function import async_block_start
from reference.javascript.runtime.intrinsics.control.promise import (
    PromiseCapability,
    await_then,
    new_promise_capability,
)
from reference.javascript.runtime.intrinsics.structured.json_parse import JSONParser
from reference.javascript.runtime.objects.namespace import namespace_create
from reference.javascript.runtime.objects.ordinary import JSObject, object_create
from reference.javascript.runtime.operations.conversion import to_string
from reference.javascript.runtime.operations.objects import enumerable_own_keys, get
from reference.javascript.runtime.reports import error_report
from reference.javascript.runtime.values import Value, null, undefined
from reference.javascript.syntax.parse import parse_module
from reference.javascript.syntax.utf16 import to_utf16

if TYPE_CHECKING:
    from reference.host.engine import Program
    from reference.javascript.runtime.agent import Agent
    from reference.javascript.runtime.realm import Realm


class ResolvedBinding:
    """16.2.1.7 ResolvedBinding Record; `name` None stands for the namespace."""

    __slots__ = ("module", "name")

    def __init__(self, module: Any, name: str | None) -> None:
        self.module = module
        self.name = name

    def reader(self) -> Callable[[], Value]:
        """A host function that reads the binding."""
        if self.name is None:
            return self.module.namespace  # type: ignore[no-any-return]
        module, name = self.module, self.name
        return lambda: module.environment.get_binding_value(name, True)


AMBIGUOUS = ResolvedBinding(None, None)


class SourceTextModule:
    """16.2.1.7 Source Text Module Record, with the cyclic module fields of 16.2.1.6.

    Attributes:
        status: `unlinked`, `linking`, `linked`, `evaluating`, `evaluating-async` or `evaluated`.
        execution: after linking, the started body: its next `send` runs the code, awaits come out of it.
        loaded: requested modules by specifier.
    """

    def __init__(self, realm: Realm, node: Any, path: str) -> None:
        self.realm = realm
        self.node = node
        self.path = path
        self.loaded: dict[str, Any] = {}
        self.environment: Any = None
        self.execution: Any = None
        self.status = "unlinked"
        self.error: BaseException | None = None
        self.dfs_index = self.dfs_ancestor = 0
        self.cycle_root: SourceTextModule = self
        self.has_tla = bool(node.has_top_level_await)
        self.async_order: int | None = None
        self.top_level: PromiseCapability | None = None
        self.async_parents: list[SourceTextModule] = []
        self.pending = 0
        self.meta: Any = None
        self._namespace: Any = None

    # 16.2.1.7.2.1
    def exported_names(self, seen: list[Any] | None = None) -> list[str]:
        """GetExportedNames."""
        seen = [] if seen is None else seen
        if self in seen:
            return []
        seen.append(self)
        names = [entry.export_name for entry in (*self.node.local_exports, *self.node.indirect_exports)]
        for entry in self.node.star_exports:
            for name in self.loaded[entry.request.specifier].exported_names(seen):
                if name != "default" and name not in names:
                    names.append(name)
        return names

    # 16.2.1.7.2.2
    def resolve_export(self, name: str, seen: list[Any] | None = None) -> ResolvedBinding | None:
        """ResolveExport: a binding, None, or AMBIGUOUS."""
        seen = [] if seen is None else seen
        if (self, name) in seen:
            return None
        seen.append((self, name))
        for entry in self.node.local_exports:
            if entry.export_name == name:
                return ResolvedBinding(self, entry.local_name)
        for entry in self.node.indirect_exports:
            if entry.export_name == name:
                module = self.loaded[entry.request.specifier]
                if entry.import_name == "*":
                    return ResolvedBinding(module, None)
                return module.resolve_export(entry.import_name, seen)  # type: ignore[no-any-return]
        if name == "default":
            return None
        found: ResolvedBinding | None = None
        for entry in self.node.star_exports:
            resolution: ResolvedBinding | None = self.loaded[entry.request.specifier].resolve_export(
                name, seen
            )
            if resolution is AMBIGUOUS:
                return AMBIGUOUS
            if resolution is None:
                continue
            if found is None:
                found = resolution
            elif resolution.module is not found.module or resolution.name != found.name:
                return AMBIGUOUS
        return found

    def namespace(self) -> Any:
        """16.2.1.10 GetModuleNamespace."""
        if self._namespace is None:
            exports = {}
            for name in self.exported_names():
                resolution = self.resolve_export(name)
                if resolution is not None and resolution is not AMBIGUOUS:
                    exports[name] = resolution.reader()
            self._namespace = namespace_create(self, exports)
        return self._namespace

    # 16.2.1.7.3.1
    def initialize_environment(self) -> None:
        """InitializeEnvironment."""
        for entry in self.node.indirect_exports:
            resolution = self.resolve_export(entry.export_name)
            if resolution is None or resolution is AMBIGUOUS:
                raise syntax_error(f"The requested module has no export named '{entry.import_name}'")
        environment = self.environment = ModuleEnvironment(self.realm.global_environment)
        for entry in self.node.imports:
            module = self.loaded[entry.request.specifier]
            if entry.import_name is None:
                environment.create_import_binding(entry.local_name, module.namespace)
                continue
            resolution = module.resolve_export(entry.import_name)
            if resolution is None or resolution is AMBIGUOUS:
                raise syntax_error(
                    f"The requested module '{entry.request.specifier}' does not provide an export named "
                    f"'{entry.import_name}'"
                )
            environment.create_import_binding(entry.local_name, _reader(resolution))
        scope = self.node.scope
        for name in scope.var_names:
            environment.create_mutable_binding(name)
            environment.initialize_binding(name, undefined)
        for name, binding in scope.bindings.items():
            if binding.kind == "import" or environment.has_binding(name):
                continue
            if binding.is_const:
                environment.create_immutable_binding(name, True)
            else:
                environment.create_mutable_binding(name)
        if any(entry.local_name == "*default*" for entry in self.node.local_exports) and not (
            environment.has_binding("*default*")
        ):
            environment.create_mutable_binding("*default*")
        self.execution = self.realm.agent.evaluator.instantiate_module(self.realm, self)


def _reader(resolution: ResolvedBinding) -> Callable[[], Value]:
    return resolution.reader()


class ModuleLoader:
    """Finds modules beside the file that asks, parses each once, links and evaluates them."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.main: SourceTextModule | None = None
        self.main_promise: Any = None
        self.base: str | None = None

    def run_main(self, realm: Realm, program: Program) -> ErrorReport | None:
        """Load, link and begin to evaluate the program as a module."""
        try:
            node = parse_module(program.source, program.name)
        except GuestSyntaxError as error:
            return error.report()
        path = str(Path(program.path).resolve()) if program.path else program.name
        module = self.main = SourceTextModule(realm, node, path)
        realm.modules[path] = module
        self.base = path
        try:
            self.load_requests(module)
        except GuestSyntaxError as error:
            # The main module's own text was fine: the error belongs to loading what it requests.
            return replace(error.report(), phase="analysis")
        except Exception as error:  # error_report raises what is no guest error
            return error_report(realm, error, "analysis")
        try:
            link(module)
        except Exception as error:  # likewise
            return error_report(realm, error, "analysis")
        self.main_promise = evaluate(module)
        return None

    def main_failure(self, realm: Realm) -> ErrorReport | None:
        """The main module's error once all jobs have run."""
        promise = self.main_promise
        if promise is not None and promise.state_ == "rejected":
            return error_report(realm, ThrowCompletion(promise.result_))
        return None

    def load_requests(self, module: SourceTextModule) -> None:
        """16.2.1.6.1.1 LoadRequestedModules, depth first."""
        for request in module.node.requests:
            if request.specifier not in module.loaded:
                module.loaded[request.specifier] = self.load(
                    module.realm, module.path, request.specifier, dict(request.attributes)
                )

    def load(self, realm: Realm, referrer: str, specifier: str, attributes: dict[str, str]) -> Any:
        """16.2.1.8 HostLoadImportedModule: the module record, its requests loaded."""
        folder = Path(referrer).parent
        path = str((folder / specifier).resolve())
        kind = attributes.get("type")
        key = (path, kind) if kind else path
        found = realm.modules.get(key)
        if found is not None:
            return found
        try:
            source = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError, ValueError):
            raise NativeErrorCompletion("TypeError", f"Cannot find module '{specifier}'") from None
        if kind == "json":
            found = SyntheticModule(realm, JSONParser(realm, to_utf16(source)).parse())
            realm.modules[key] = found
            return found
        if kind == "text":
            found = SyntheticModule(realm, to_utf16(source))
            realm.modules[key] = found
            return found
        found = SourceTextModule(realm, parse_module(source, path), path)
        realm.modules[key] = found
        self.load_requests(found)
        return found


class SyntheticModule:
    """16.2.1.8 a module whose only export is `default`."""

    def __init__(self, realm: Realm, value: Value) -> None:
        self.realm = realm
        self.environment = ModuleEnvironment(null)
        self.environment.create_immutable_binding("default", True)
        self.environment.initialize_binding("default", value)
        self.status = "evaluated"
        self._namespace: Any = None

    def exported_names(self, seen: Any = None) -> list[str]:
        """GetExportedNames."""
        return ["default"]

    def resolve_export(self, name: str, seen: Any = None) -> ResolvedBinding | None:
        """ResolveExport."""
        return ResolvedBinding(self, "default") if name == "default" else None

    def namespace(self) -> Any:
        """GetModuleNamespace."""
        if self._namespace is None:
            self._namespace = namespace_create(self, {"default": ResolvedBinding(self, "default").reader()})
        return self._namespace


def link(module: SourceTextModule) -> None:
    """16.2.1.6.1.2 Link."""
    stack: list[SourceTextModule] = []
    try:
        _inner_link(module, stack, 0)
    except BaseException:
        for member in stack:
            member.status = "unlinked"
        raise


def _inner_link(module: Any, stack: list[SourceTextModule], index: int) -> int:
    """16.2.1.6.1.2.1 InnerModuleLinking."""
    if module.status != "unlinked":
        return index
    module.status = "linking"
    module.dfs_index = module.dfs_ancestor = index
    index += 1
    stack.append(module)
    for request in module.node.requests:
        required = module.loaded[request.specifier]
        index = _inner_link(required, stack, index)
        if required.status == "linking":
            module.dfs_ancestor = min(module.dfs_ancestor, required.dfs_ancestor)
    module.initialize_environment()
    if module.dfs_ancestor == module.dfs_index:
        while True:
            member = stack.pop()
            member.status = "linked"
            if member is module:
                break
    return index


def evaluate(module: Any) -> Any:
    """16.2.1.6.1.3 Evaluate: the promise of the module's completion."""
    realm = module.realm
    if isinstance(module, SyntheticModule):
        capability = new_promise_capability(realm, realm.promise)
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


def _inner_evaluate(module: Any, stack: list[SourceTextModule], index: int) -> int:
    """16.2.1.6.1.3.1 InnerModuleEvaluation."""
    if isinstance(module, SyntheticModule):
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
    for request in module.node.requests:
        required = module.loaded[request.specifier]
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
    for parent in module.async_parents:
        _rejected(parent, reason)
    if module.top_level is not None:
        module.top_level.reject(reason)


def import_dynamically(realm: Realm, referrer: str, specifier: Value, options: Value, phase: str) -> Any:
    """13.3.10.2 EvaluateImportCall and 13.3.10.3 ContinueDynamicImport."""
    capability = new_promise_capability(realm, realm.promise)
    try:
        name = to_string(specifier)
        attributes = _import_attributes(options)
        loader = realm.agent.module_loader
        assert loader is not None
        if phase == "source":
            raise syntax_error("source phase import is not available for this module")
        origin = referrer if Path(referrer).is_absolute() else loader.base or referrer
    except Exception as error:
        capability.reject(thrown_value(error, realm))
        return capability.promise

    def job() -> None:
        try:
            module = loader.load(realm, origin, name, attributes)
            if isinstance(module, SourceTextModule):
                link(module)
            promise = evaluate(module)
        except Exception as error:
            capability.reject(thrown_value(error, realm))
            return
        await_then(
            realm,
            promise,
            lambda _value: capability.resolve(module.namespace()),
            capability.reject,
        )

    realm.agent.enqueue_job(job)
    return capability.promise


def _import_attributes(options: Value) -> dict[str, str]:
    if options is undefined:
        return {}
    if not isinstance(options, JSObject):
        raise type_error("The second argument of import() must be an object")
    attributes = get(options, "with")
    if attributes is undefined:
        return {}
    if not isinstance(attributes, JSObject):
        raise type_error("The 'with' option of import() must be an object")
    found = {}
    for key in enumerable_own_keys(attributes):
        value = get(attributes, key)
        if value.__class__ is not str:
            raise type_error("Import attribute values must be strings")
        found[key] = value
    for key in found:
        if key != "type":
            raise type_error(f"Import attribute '{key}' is not supported")
    return found


def import_meta_of(realm: Realm, module: SourceTextModule) -> Any:
    """13.3.12.1 import.meta."""
    if module.meta is None:
        module.meta = object_create(null)
    return module.meta
