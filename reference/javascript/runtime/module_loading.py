"""ECMA-262 16.2.1.8 HostLoadImportedModule, 13.3.10 import calls and 13.3.12 import.meta: modules are files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Callable

from lockstep.reference.host.errors import ErrorReport, GuestSyntaxError
from lockstep.reference.javascript.runtime.completions import (
    NativeErrorCompletion,
    ThrowCompletion,
    syntax_error,
    thrown_value,
    type_error,
)
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import (
    JSPromise,
    await_then,
    new_promise_capability,
)
from lockstep.reference.javascript.runtime.intrinsics.structured.json_parse import JSONParser
from lockstep.reference.javascript.runtime.module_evaluation import (
    asynchronous_dependencies,
    ensure_evaluated,
    evaluate,
)
from lockstep.reference.javascript.runtime.modules import (
    ModuleRecord,
    SourceTextModule,
    SyntheticModule,
    link,
)
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.operations.conversion import to_string
from lockstep.reference.javascript.runtime.operations.objects import construct, enumerable_own_keys, get
from lockstep.reference.javascript.runtime.reports import error_report
from lockstep.reference.javascript.runtime.values import Value, null, undefined
from lockstep.reference.javascript.syntax.typescript.files import javascript_text
from lockstep.reference.javascript.syntax.utf16 import to_utf16

if TYPE_CHECKING:
    from lockstep.reference.host.engine import Program
    from lockstep.reference.javascript.runtime.interfaces import Agent, Realm


class ModuleLoader:
    """Finds modules beside the file that asks, parses each once, links and evaluates them."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        # Below these modules are found; None for anywhere.
        self.folders: tuple[str, ...] | None = None
        self.main: SourceTextModule | None = None
        self.main_promise: JSObject | None = None
        self.base: str | None = None

    def run_main(self, realm: Realm, program: Program) -> ErrorReport | None:
        """Load, link and begin to evaluate the program as a module."""
        try:
            node = self.agent.evaluator.parse_module(program.source, program.name)
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
        if isinstance(promise, JSPromise) and promise.state_ == "rejected":
            return error_report(realm, ThrowCompletion(promise.result_))
        return None

    def enqueue_import(self, job: Callable[[], object]) -> None:
        """13.3.10.3: load and evaluate what import() asks for, later."""
        self.agent.enqueue_job(job)

    def ensure_evaluated(self, module: ModuleRecord) -> None:
        """See `module_evaluation`."""
        ensure_evaluated(module)

    def load_requests(self, module: SourceTextModule) -> None:
        """16.2.1.6.1.1 LoadRequestedModules, depth first."""
        for request in module.node.requests:
            if request.specifier not in module.loaded:
                module.loaded[request.specifier] = self.load(
                    module.realm, module.path, request.specifier, dict(request.attributes)
                )

    def load(self, realm: Realm, referrer: str, specifier: str, attributes: dict[str, str]) -> ModuleRecord:
        """16.2.1.8 HostLoadImportedModule: the module record, its requests loaded."""
        folder = Path(referrer).parent
        path = str((folder / specifier).resolve())
        if self.folders is not None and not any(Path(path).is_relative_to(one) for one in self.folders):
            raise NativeErrorCompletion("TypeError", f"Cannot find module '{specifier}'")
        kind = attributes.get("type")
        key = (path, kind) if kind else path
        found = realm.modules.get(key)
        if found is not None:
            return found
        try:
            if kind == "bytes":
                found = realm.modules[key] = SyntheticModule(realm, _bytes_of(realm, Path(path).read_bytes()))
                return found
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
        source = javascript_text(source, path)
        found = SourceTextModule(realm, self.agent.evaluator.parse_module(source, path), path)
        realm.modules[key] = found
        self.load_requests(found)
        return found


def _bytes_of(realm: Realm, data: bytes) -> JSObject:
    """CreateBytesModule (proposal import bytes): a Uint8Array over an immutable buffer."""
    from lockstep.reference.javascript.runtime.intrinsics.structured.array_buffer import (  # noqa: PLC0415  # if used
        allocate_immutable_array_buffer,
    )

    return construct(realm.uint8_array, [allocate_immutable_array_buffer(realm, data)])


def import_dynamically(realm: Realm, referrer: str, specifier: Value, options: Value, phase: str) -> JSObject:
    """13.3.10.2 EvaluateImportCall and 13.3.10.3 ContinueDynamicImport."""
    capability = new_promise_capability(realm, realm.promise)
    try:
        name = to_string(specifier)
        attributes = _import_attributes(realm, options)
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
            # 13.3.10.3, step 6: of a deferred module only what is asynchronous.
            needed = asynchronous_dependencies(module) if phase == "defer" else [module]
            promises = [evaluate(member) for member in needed]
        except Exception as error:
            capability.reject(thrown_value(error, realm))
            return
        left = len(promises)

        def fulfilled(_value: Value = undefined) -> None:
            nonlocal left
            left -= 1
            if left <= 0:
                capability.resolve(module.namespace(phase))

        if not promises:
            fulfilled()
        for promise in promises:
            await_then(realm, promise, fulfilled, capability.reject)

    loader.enqueue_import(job)
    return capability.promise


def _import_attributes(realm: Realm, options: Value) -> dict[str, str]:
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
    for key in enumerable_own_keys(realm, attributes):
        value = get(attributes, key)
        if value.__class__ is not str:
            raise type_error("Import attribute values must be strings")
        found[key] = value
    for key in found:
        if key != "type":
            raise type_error(f"Import attribute '{key}' is not supported")
    return found


def import_meta_of(realm: Realm, module: SourceTextModule) -> JSObject:
    """13.3.12.1 import.meta."""
    if module.meta is None:
        module.meta = object_create(null)
    return module.meta
