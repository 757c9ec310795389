"""The modules of a program that has a host: what each file is, and how it is loaded."""

from __future__ import annotations

import codecs
import importlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Union
from urllib.parse import unquote

from lockstep.reference.host.engine import Program
from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.javascript.host.definition import coded_error
from lockstep.reference.javascript.host.files import Files
from lockstep.reference.javascript.host.hosting import Host
from lockstep.reference.javascript.host.modules.builtins import (
    BUILT_INS,
    ONLY_WITH_SCHEME,
    built_in,
    is_built_in,
)
from lockstep.reference.javascript.host.modules.commonjs import CommonJS
from lockstep.reference.javascript.host.modules.failures import ResolutionError
from lockstep.reference.javascript.host.modules.resolution import Resolver
from lockstep.reference.javascript.host.stacks.lines import file_url
from lockstep.reference.javascript.runtime.completions import ThrowCompletion
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import REJECTED, JSPromise
from lockstep.reference.javascript.runtime.intrinsics.structured.json_parse import JSONParser
from lockstep.reference.javascript.runtime.module_evaluation import evaluate
from lockstep.reference.javascript.runtime.module_loading import ModuleLoader
from lockstep.reference.javascript.runtime.modules import (
    ModuleRecord,
    SourceTextModule,
    SyntheticModule,
    link,
)
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.global_object import Lazy
from lockstep.reference.javascript.runtime.objects.namespace import namespace_create
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create, stored
from lockstep.reference.javascript.runtime.objects.property import Property, plain
from lockstep.reference.javascript.runtime.operations.conversion import to_string
from lockstep.reference.javascript.runtime.operations.objects import call, enumerable_own_keys, get
from lockstep.reference.javascript.runtime.values import PropertyKey, Value, null, undefined
from lockstep.reference.javascript.syntax.typescript.files import is_typescript, javascript_text
from lockstep.reference.javascript.syntax.utf16 import to_code_points, to_utf16

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_KINDS = {
    ".mjs": "module",
    ".mts": "module",
    ".cjs": "commonjs",
    ".cts": "commonjs",
    ".json": "json",
    ".node": "native",
}
ModuleKey = Union[str, tuple[str, str]]
"""By what a realm knows a module: its path or URL, with the type that its import attributes ask for."""
_ATTRIBUTES = ("json",)


class HostModuleLoader(ModuleLoader):
    """Loads what a program imports and requires.

    Attributes:
        host: the host.
        commonjs: the CommonJS side.
        resolver: finds files.
        parents: by whom each file was first asked for.
    """

    def __init__(self, host: Host, run_script: Callable[[str, str, bool], Value]) -> None:
        super().__init__(host.realm.agent)
        self.host = host
        self.realm: Realm = host.realm
        self.run_script = run_script
        self.files = Files(host)
        libraries = [one for one in host.hosting.environment.get("NODE_PATH", "").split(os.pathsep) if one]
        self.resolver = Resolver(self.files.may_read, is_built_in, libraries)
        self.parents: dict[str, str] = {}
        self.commonjs = CommonJS(self)
        self._typed: dict[str, bool] = {}
        # The files whose types were taken away before.
        self._erased: set[str] = set()
        self._marked: dict[str, JSObject] = {}
        host.modules = self

    @property
    def module_class(self) -> JSObject:
        """`Module`, the exports of `node:module`."""
        return self.commonjs.constructor

    def base_path(self) -> str:
        """The file that relative specifiers start from where no other is known."""
        return self.base or os.path.join(os.getcwd(), "[eval]")

    def path_of(self, text: str) -> str:
        """The path that a path or file URL means."""
        if text.startswith("file:"):
            return "/" + unquote(text[5:].partition("?")[0].partition("#")[0]).lstrip("/")
        return text

    def read(self, path: str) -> str:
        """The text of a file.

        Raises:
            ThrowCompletion: it cannot be read.
        """
        return self.files.text(path)

    def kind_of(self, path: str) -> str:
        """What a file is: `module`, `commonjs`, `json`, `native`; by its extension, or by its package."""
        kind = _KINDS.get(os.path.splitext(path)[1])
        if kind is not None:
            return kind
        if path in self._typed:
            return "module" if self._typed[path] else "commonjs"
        return self.resolver.packages.type_of(path) or "commonjs"

    def text_to_run(self, path: str, source: str) -> str:
        """The JavaScript of a file, without types if it is TypeScript."""
        return source if path in self._erased else javascript_text(source, path)

    def may_be_module(self, path: str) -> bool:
        """Whether the text of a file decides what it is."""
        end = os.path.splitext(path)[1]
        if end in _KINDS or self.resolver.packages.type_of(path):
            return False
        self._typed[path] = True
        return True

    # The program

    def run_program(self, program: Program) -> None:
        """Run what comes before the program, and the program."""
        host = self.host
        for name, source in program.includes:
            self.run_script(source, name, False)
        path = str(Path(program.path).resolve()) if program.path else ""
        self.base = path or None
        if path:
            self.files.add_folder(os.path.dirname(path))
        else:
            self.files.add_folder(os.getcwd())
        mode = program.mode
        name = path or host.main_file
        host.sources[name] = program.source
        if not mode and path and not is_typescript(path):
            mode = self.kind_of(path)
            if mode not in ("module", "commonjs"):
                mode = "commonjs"
        source = program.source.removeprefix("\ufeff")
        self._erased.add(name)
        if mode == "module":
            self._run_module(source, name)
        elif mode == "commonjs":
            self._run_commonjs(source, name)
        else:
            self._offer_globals(name)
            self.run_script(source, name, mode == "strict")

    def _run_commonjs(self, source: str, path: str) -> None:
        module = self.commonjs.module(path)
        self.commonjs.main = module
        module.set_value("id", ".", module)
        self.commonjs.cache.set_value(to_utf16(path), module, self.commonjs.cache)
        function = self.commonjs.compiled(path, source)
        if function is None:
            self._run_module(source, path)
            return
        exports = get(module, "exports")
        folder = to_utf16(os.path.dirname(path))
        require = self.commonjs.require_function(module, path)
        call(function, exports, exports, require, module, to_utf16(path), folder)
        module.set_value("loaded", True, module)

    def _offer_globals(self, name: str) -> None:
        """`require` and its kin as globals, for a script."""
        path = self.base_path()
        module = self.commonjs.module(path)
        self.commonjs.main = undefined
        target = self.realm.global_object
        folder = os.path.dirname(path) if self.base else "."
        for key, value in (
            ("require", self.commonjs.require_function(module, path)),
            ("module", module),
            ("exports", get(module, "exports")),
            ("__filename", to_utf16(name)),
            ("__dirname", to_utf16(folder)),
        ):
            if target.get_own_property(key) is None:
                target.define_own_property(key, plain(value))
        for built_in_name in BUILT_INS.keys() - ONLY_WITH_SCHEME:
            if "/" not in built_in_name and target.get_own_property(built_in_name) is None:
                self._offer_module(built_in_name)

    def _offer_module(self, name: str) -> None:
        """One of node's own modules as a global, made when it is first used."""
        offered = Lazy(lambda _realm: built_in(self.realm, name))
        stored(self.realm.global_object)[name] = Property(offered, True, False, True)

    def _run_module(self, source: str, path: str) -> None:
        module = self.main = self._source_module(source, path, path)
        self.load_requests(module)
        link(module)
        self.main_promise = evaluate(module)

    def report_main_failure(self) -> None:
        """The main module's error, once it is known."""
        promise = self.main_promise
        if isinstance(promise, JSPromise) and promise.state_ == REJECTED:
            self.main_promise = None
            self.realm.agent.rejected.pop(promise, None)
            promise.is_handled_ = True
            self.host.uncaught(promise.result_)

    # Modules

    def _source_module(self, source: str, path: str, key: str) -> SourceTextModule:
        self.host.module_files.add(path)
        self.host.sources[path] = source
        source = self.text_to_run(path, source)
        if source.startswith("#!"):
            source = "//" + source[2:]
        node = self.agent.evaluator.parse_module(source, path)
        module = SourceTextModule(self.realm, node, path)
        module.meta = self._meta(path, key)
        self.realm.modules[key] = module
        return module

    def _meta(self, path: str, key: str) -> JSObject:
        """13.3.12.1.1 HostGetImportMetaProperties."""
        realm = self.realm
        meta = object_create(null)
        query = key[len(path) :] if key.startswith(path) else ""
        real = os.path.isabs(path)
        url = file_url(path) + query if real else f"file://{os.getcwd()}/{path}"
        if real:
            meta.define_own_property("dirname", plain(to_utf16(os.path.dirname(path))))
            meta.define_own_property("filename", plain(to_utf16(path)))

        def resolve(_this: Value, specifier: Value = undefined, *_rest: Value) -> Value:
            return self._resolved_url(
                to_code_points(to_string(specifier)), path if real else self.base_path()
            )

        meta.define_own_property("resolve", plain(native(realm, resolve, 1, "resolve")))
        meta.define_own_property("url", plain(to_utf16(url)))
        return meta

    def _resolved_url(self, specifier: str, path: str) -> str:
        try:
            found = self.resolver.imported(specifier, path)
        except ResolutionError as error:
            if error.code == "ERR_MODULE_NOT_FOUND" and error.path:
                return to_utf16(file_url(error.path))
            if error.code == "ERR_UNSUPPORTED_DIR_IMPORT":
                return to_utf16(file_url(error.path))
            raise error.raised(self.realm) from None
        if found.startswith(("node:", "data:")):
            return to_utf16(found)
        bare = found.partition("?")[0]
        return to_utf16(file_url(bare) + found[len(bare) :])

    def load(self, realm: Realm, referrer: str, specifier: str, attributes: dict[str, str]) -> ModuleRecord:
        """16.2.1.8 HostLoadImportedModule."""
        origin = referrer if os.path.isabs(referrer) else self.base_path()
        try:
            found = self.resolver.imported(to_code_points(specifier), origin.partition("?")[0])
        except ResolutionError as error:
            raise error.raised(realm) from None
        kind = attributes.get("type")
        if kind is not None and kind not in _ATTRIBUTES:
            raise coded_error(
                realm,
                "TypeError",
                "ERR_IMPORT_ATTRIBUTE_UNSUPPORTED",
                f'Import attribute "type" with value "{kind}" is not supported',
            )
        if found.startswith("node:"):
            return self._built_in_module(found)
        if found.startswith("data:"):
            return self._data_module(found)
        path = found.partition("?")[0]
        what = self.kind_of(path)
        key: ModuleKey = (found, kind) if kind else found
        cached = realm.modules.get(key)
        if cached is not None:
            return cached
        self.parents.setdefault(path, origin)
        if what == "json":
            return self._json_module(path, key, kind)
        if kind == "json":
            raise coded_error(
                realm,
                "TypeError",
                "ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE",
                f'Module "{file_url(path)}" is not of type "json"',
            )
        if what == "module" or (what == "commonjs" and self._is_module_text(path)):
            made = self._source_module(self.read(path), path, found)
            self.load_requests(made)
            return made
        end = os.path.splitext(path)[1]
        if end not in ("", ".js", ".cjs", ".node", ".ts", ".cts"):
            raise coded_error(
                realm, "TypeError", "ERR_UNKNOWN_FILE_EXTENSION", f'Unknown file extension "{end}" for {path}'
            )
        return self._commonjs_module(path, key)

    def enqueue_import(self, job: Callable[[], object]) -> None:
        """See `ModuleLoader`: reading a file takes until ticks and microtasks have run."""
        self.host.loop.ticks.append(job)

    def _is_module_text(self, path: str) -> bool:
        """Whether a file of which nothing says what it is has the syntax of a module."""
        if os.path.splitext(path)[1] in _KINDS or path in self.host.commonjs_files:
            return False
        if self.resolver.packages.type_of(path):
            return False
        text = self.read(path)
        if "import" not in text and "export" not in text and "await" not in text:
            return False
        try:
            return self.commonjs.compiled(path, text) is None
        except GuestSyntaxError:
            return False

    def _json_module(self, path: str, key: ModuleKey, kind: str | None) -> SyntheticModule:
        realm = self.realm
        if kind != "json":
            raise coded_error(
                realm,
                "TypeError",
                "ERR_IMPORT_ASSERTION_TYPE_MISSING",
                f'Module "{file_url(path)}" needs an import attribute of type "json"',
            )
        made = SyntheticModule(realm, JSONParser(realm, to_utf16(self.read(path))).parse())
        realm.modules[key] = made
        return made

    def _data_module(self, url: str) -> ModuleRecord:
        cached = self.realm.modules.get(url)
        if cached is not None:
            return cached
        head, _, body = url[5:].partition(",")
        if not head.startswith("text/javascript"):
            raise coded_error(
                self.realm,
                "TypeError",
                "ERR_UNKNOWN_MODULE_FORMAT",
                f"Unknown module format: {head} for URL {url}",
            )
        if head.endswith(";base64"):
            text = codecs.decode(body.encode(), "base64").decode("utf-8", "replace")
        else:
            text = unquote(body)
        made = self._source_module(text, url, url)
        self.load_requests(made)
        return made

    def _built_in_module(self, name: str) -> ModuleRecord:
        realm = self.realm
        cached = realm.modules.get(name)
        if cached is not None:
            return cached
        exports = built_in(realm, name)
        names = tuple(key for key in enumerable_own_keys(realm, exports) if key != "default")
        made = SyntheticModule(
            realm, names=names, steps=lambda: {"default": exports, **self._values(exports, names)}
        )
        realm.modules[name] = made
        return made

    def _values(self, exports: Value, names: tuple[str, ...]) -> dict[str, Value]:
        if not isinstance(exports, JSObject):
            return {}
        return {name: get(exports, name) for name in names}

    def _commonjs_module(self, path: str, key: ModuleKey) -> SyntheticModule:
        realm = self.realm
        names = tuple(to_utf16(name) for name in self._names_of(path, set()))

        def steps() -> dict[str, Value]:
            exports = get(self.commonjs.load(path), "exports")
            values = self._values(exports, names)
            return {**values, "default": exports}

        made = SyntheticModule(realm, names=names, steps=steps)
        realm.modules[key] = made
        return made

    def _names_of(self, path: str, seen: set[str]) -> list[str]:
        """What a CommonJS module exports by name, with what it exports of others."""
        if path in seen or os.path.splitext(path)[1] not in ("", ".js", ".cjs", ".ts", ".cts"):
            return []
        seen.add(path)

        # Few programs import CommonJS by name, and its patterns take long to compile.
        lexer = importlib.import_module("lockstep.reference.javascript.host.modules.exports_lexer")
        exported: Callable[[str], tuple[list[str], list[str]]] = lexer.exported_names
        names, others = exported(self.text_to_run(path, self.read(path)))
        for other in others:
            try:
                found = self.resolver.required(other, path)
            except ResolutionError:
                continue
            if found is None:
                continue
            if found.startswith("node:"):
                names.extend(enumerable_own_keys(self.realm, built_in(self.realm, found)))
            else:
                names.extend(self._names_of(found, seen))
        return list(dict.fromkeys(names))

    def require_module(self, path: str) -> Value:
        """`require` of a module: its namespace, once it has run."""
        realm = self.realm
        module = realm.modules.get(path)
        if module is None:
            module = self._source_module(self.read(path), path, path)
            self.load_requests(module)
        if isinstance(module, SourceTextModule):
            link(module)
            if _waits(module, set()):
                raise coded_error(
                    realm,
                    "Error",
                    "ERR_REQUIRE_ASYNC_MODULE",
                    "require() cannot be used on an ESM graph with top-level await. Use import() instead. To see where the "
                    "top-level await comes from, use --experimental-print-required-tla.",
                )
        promise = evaluate(module)
        if isinstance(promise, JSPromise) and promise.state_ == REJECTED:
            realm.agent.rejected.pop(promise, None)
            promise.is_handled_ = True
            raise ThrowCompletion(promise.result_)
        namespace = module.namespace()
        own = namespace.get_own_property("module.exports")
        if own is not None:
            return own.value
        if "default" not in namespace.exports_ or "__esModule" in namespace.exports_:
            return namespace
        # What compilers of modules to CommonJS look for.
        if path not in self._marked:
            self._marked[path] = namespace_create(
                module, {**_named(namespace.exports_), "__esModule": lambda: True}
            )
        return self._marked[path]


def _named(exports: Mapping[PropertyKey, Callable[[], Value]]) -> dict[str, Callable[[], Value]]:
    """The bindings of a namespace, all of which have Strings for names."""
    return {name: binding for name, binding in exports.items() if isinstance(name, str)}


def _waits(module: Value, seen: set[int]) -> bool:
    """Whether a module, or one that it imports, waits at its top level."""
    if not isinstance(module, SourceTextModule) or id(module) in seen:
        return False
    seen.add(id(module))
    return module.has_tla or any(_waits(one, seen) for one in module.loaded.values())
