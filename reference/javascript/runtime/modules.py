"""ECMA-262 16.2.1: module records and linking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Callable, Final, Union

from lockstep.reference.javascript.runtime.completions import syntax_error
from lockstep.reference.javascript.runtime.environments import ModuleEnvironment
from lockstep.reference.javascript.runtime.objects.namespace import JSNamespace, namespace_create
from lockstep.reference.javascript.runtime.values import Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.foundations import Realm
    from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import PromiseCapability
    from lockstep.reference.javascript.runtime.objects.ordinary import JSObject


class ResolvedBinding:
    """16.2.1.7 ResolvedBinding Record; `name` None stands for the namespace of a phase."""

    __slots__ = ("module", "name", "phase")

    def __init__(self, module: ModuleRecord | None, name: str | None, phase: str = "evaluation") -> None:
        self.module = module
        self.name = name
        self.phase = phase

    def reader(self) -> Callable[[], Value]:
        """A host function that reads the binding."""
        module, name = self.module, self.name
        assert module is not None
        if name is None:
            return _namespace_reader(module, self.phase)

        def read() -> Value:
            environment = module.environment
            assert environment is not None
            return environment.get_binding_value(name, True)

        return read


AMBIGUOUS: Final = ResolvedBinding(None, None)


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
        self.loaded: dict[str, ModuleRecord] = {}
        self.environment: ModuleEnvironment | None = None
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
        self.meta: JSObject | None = None
        self._namespaces: dict[str, JSNamespace] = {}

    # 16.2.1.7.2.1
    def exported_names(self, seen: list[SourceTextModule] | None = None) -> list[str]:
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
    def resolve_export(
        self, name: str, seen: list[tuple[SourceTextModule, str]] | None = None
    ) -> ResolvedBinding | None:
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
                    return ResolvedBinding(module, None, entry.request.phase)
                return module.resolve_export(entry.import_name, seen)
        if name == "default":
            return None
        found: ResolvedBinding | None = None
        for entry in self.node.star_exports:
            resolution = self.loaded[entry.request.specifier].resolve_export(name, seen)
            if resolution is AMBIGUOUS:
                return AMBIGUOUS
            if resolution is None:
                continue
            if found is None:
                found = resolution
            elif (
                resolution.module is not found.module
                or resolution.name != found.name
                or resolution.phase != found.phase
            ):
                return AMBIGUOUS
        return found

    def namespace(self, phase: str = "evaluation") -> JSNamespace:
        """16.2.1.10 GetModuleNamespace."""
        found = self._namespaces.get(phase)
        if found is None:
            exports = {}
            for name in self.exported_names():
                resolution = self.resolve_export(name)
                if resolution is not None and resolution is not AMBIGUOUS:
                    exports[name] = resolution.reader()
            found = self._namespaces[phase] = _create_namespace(self, exports, phase)
        return found

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
                environment.create_import_binding(
                    entry.local_name, _namespace_reader(module, entry.request.phase)
                )
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


def _namespace_reader(module: ModuleRecord, phase: str) -> Callable[[], Value]:
    return lambda: module.namespace(phase)


def _create_namespace(
    module: ModuleRecord, exports: dict[str, Callable[[], Value]], phase: str
) -> JSNamespace:
    if phase == "defer":
        modules = module.realm.agent.module_loader
        assert modules is not None
        return namespace_create(module, exports, lambda: modules.ensure_evaluated(module))
    return namespace_create(module, exports)


def _reader(resolution: ResolvedBinding) -> Callable[[], Value]:
    return resolution.reader()


class SyntheticModule:
    """16.2.1.8 a module whose exports the host sets: `default`, or the values that `steps` gives when it is evaluated."""

    def __init__(
        self,
        realm: Realm,
        value: Value = undefined,
        names: tuple[str, ...] = (),
        steps: Callable[[], Mapping[str, Value]] | None = None,
    ) -> None:
        self.realm = realm
        self.environment = ModuleEnvironment(null)
        self.status = "evaluated"
        self._names = ("default", *names)
        self._steps = steps
        self._namespaces: dict[str, JSNamespace] = {}
        for name in self._names:
            self.environment.create_immutable_binding(name, True)
            if steps is None:
                self.environment.initialize_binding(name, value)

    def execute(self) -> None:
        """Evaluate: run the steps, once."""
        steps, self._steps = self._steps, None
        if steps is not None:
            values = steps()
            for name in self._names:
                self.environment.initialize_binding(name, values.get(name, undefined))

    def exported_names(self, seen: list[SourceTextModule] | None = None) -> list[str]:
        """GetExportedNames."""
        return list(self._names)

    def resolve_export(
        self, name: str, seen: list[tuple[SourceTextModule, str]] | None = None
    ) -> ResolvedBinding | None:
        """ResolveExport."""
        return ResolvedBinding(self, name) if name in self._names else None

    def namespace(self, phase: str = "evaluation") -> JSNamespace:
        """GetModuleNamespace."""
        found = self._namespaces.get(phase)
        if found is None:
            exports = {name: ResolvedBinding(self, name).reader() for name in self._names}
            found = self._namespaces[phase] = _create_namespace(self, exports, phase)
        return found


ModuleRecord = Union[SourceTextModule, SyntheticModule]
"""16.2.1.4 what is loaded, linked and evaluated."""


def link(module: SourceTextModule) -> None:
    """16.2.1.6.1.2 Link."""
    stack: list[SourceTextModule] = []
    try:
        _inner_link(module, stack, 0)
    except BaseException:
        for member in stack:
            member.status = "unlinked"
        raise


def _inner_link(module: ModuleRecord, stack: list[SourceTextModule], index: int) -> int:
    """16.2.1.6.1.2.1 InnerModuleLinking."""
    if isinstance(module, SyntheticModule) or module.status != "unlinked":
        return index
    module.status = "linking"
    module.dfs_index = module.dfs_ancestor = index
    index += 1
    stack.append(module)
    for request in module.node.requests:
        required = module.loaded[request.specifier]
        index = _inner_link(required, stack, index)
        if isinstance(required, SourceTextModule) and required.status == "linking":
            module.dfs_ancestor = min(module.dfs_ancestor, required.dfs_ancestor)
    module.initialize_environment()
    if module.dfs_ancestor == module.dfs_index:
        while True:
            member = stack.pop()
            member.status = "linked"
            if member is module:
                break
    return index
