"""CommonJS: `require`, `module`, and how a file becomes one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Callable, Final, Protocol

from lockstep.reference.host.errors import GuestSyntaxError
from lockstep.reference.javascript.host.definition import (
    HostCall,
    LazyProperty,
    add_functions,
    coded_error,
    old_class,
    wrong_type,
)
from lockstep.reference.javascript.host.hosting import Host, hosting_of
from lockstep.reference.javascript.host.modules.builtins import (
    BUILT_INS,
    ONLY_WITH_SCHEME,
    built_in,
    is_built_in,
)
from lockstep.reference.javascript.host.modules.failures import ResolutionError
from lockstep.reference.javascript.host.modules.packages import package_folders
from lockstep.reference.javascript.host.modules.refused import REFUSED
from lockstep.reference.javascript.runtime.completions import NativeErrorCompletion, ThrowCompletion
from lockstep.reference.javascript.runtime.intrinsics.structured.json_parse import JSONParser
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, make_slow, object_create, stored
from lockstep.reference.javascript.runtime.objects.property import plain
from lockstep.reference.javascript.runtime.operations.conversion import to_string
from lockstep.reference.javascript.runtime.operations.objects import call, get, set_property
from lockstep.reference.javascript.runtime.values import Value, null, undefined
from lockstep.reference.javascript.syntax.parse import check_function_body
from lockstep.reference.javascript.syntax.utf16 import to_code_points, to_utf16

if TYPE_CHECKING:
    from lockstep.reference.javascript.host.modules.resolution import Resolver
    from lockstep.reference.javascript.runtime.interfaces import Realm

WRAPPER: Final = '({"<anonymous>"(exports, require, module, __filename, __dirname) {'
"""What stands before the source of a CommonJS module, on its first line."""
_END: Final = "\n}})"
# Words of the complaint about source that would be a module.
_MODULE_SYNTAX: Final = ("import statement", "import.meta", "export", "await", "import declarations")


class Loader(Protocol):
    """What finds and reads the files of a program, see `loader.HostModuleLoader`."""

    host: Host
    realm: Realm
    resolver: Resolver
    parents: dict[str, str]
    run_script: Callable[[str, str, bool], Value]

    def base_path(self) -> str:
        """The file that relative specifiers start from where no other is known."""
        ...

    def path_of(self, text: str) -> str:
        """The path that a path or file URL means."""
        ...

    def read(self, path: str) -> str:
        """The text of a file.

        Raises:
            ThrowCompletion: it cannot be read.
        """
        ...

    def kind_of(self, path: str) -> str:
        """What a file is: `module`, `commonjs`, `json`, `native`."""
        ...

    def text_to_run(self, path: str, source: str) -> str:
        """The JavaScript of a file."""
        ...

    def may_be_module(self, path: str) -> bool:
        """Whether the text of a file decides what it is."""
        ...

    def require_module(self, path: str) -> Value:
        """`require` of a module."""
        ...


class CommonJS:
    """The CommonJS modules of one realm.

    Attributes:
        loader: finds and reads files.
        cache: `require.cache`.
        main: `require.main`.
        constructor, prototype: the class Module.
    """

    def __init__(self, loader: Loader) -> None:
        self.loader = loader
        self.realm: Realm = loader.realm
        self.cache = object_create(null)
        self.main: Value = undefined
        realm = self.realm
        self.constructor, self.prototype = old_class(realm, "Module", self._initialize, 2)
        add_functions(realm, self.prototype, [("require", self._module_require, 1)])
        extensions = object_create(null)
        add: list[tuple[str, HostCall]] = [
            (".js", self._run_js),
            (".json", self._run_json),
            (".node", self._run_native),
        ]
        for end, function in add:
            extensions.define_own_property(end, plain(native(realm, function, 2, "")))
        self.extensions = extensions
        for key, value in (("_cache", self.cache), ("_extensions", extensions)):
            self.constructor.define_own_property(key, plain(value))
        self.constructor.define_own_property("Module", plain(self.constructor))
        make_slow(self.constructor)
        stored(self.constructor)["builtinModules"] = LazyProperty(
            lambda: realm.make_array([*sorted({*(BUILT_INS.keys() | REFUSED) - ONLY_WITH_SCHEME})])
        )
        make_rows: list[tuple[str, HostCall, int]] = [
            ("createRequire", self._create_require, 1),
            (
                "isBuiltin",
                lambda _this, name=undefined, *_rest: name.__class__ is str and is_built_in(str(name)),
                1,
            ),
            ("_load", self._load, 3),
            ("_resolveFilename", self._resolve_filename, 2),
        ]
        for name, function, length in make_rows:
            self.constructor.define_own_property(name, plain(native(realm, function, length, name)))
        loader.host.commonjs_offset = len(WRAPPER)

    # Module objects

    def _initialize(self, this: Value, name: Value = "", parent: Value = undefined, *_rest: Value) -> Value:
        target = this
        assert isinstance(target, JSObject)
        path = to_string(name)
        for key, value in (
            ("id", path),
            ("path", os.path.dirname(path) or "."),
            ("exports", self.realm.make_object()),
            ("filename", null),
            ("loaded", False),
        ):
            set_property(target, key, value, True)
        make_slow(target)
        stored(target)["children"] = LazyProperty(lambda: self.realm.make_array([]))
        if isinstance(parent, JSObject):
            children = get(parent, "children")
            if isinstance(children, JSObject):
                call(get(children, "push"), children, target)
        return undefined

    def module(self, path: str, parent: Value = undefined) -> JSObject:
        """A new module object for a file."""
        made: JSObject = self.constructor.construct_n([to_utf16(path), parent], self.constructor)
        set_property(made, "filename", to_utf16(path), True)
        stored(made)["paths"] = LazyProperty(
            lambda: self.realm.make_array([to_utf16(folder) for folder in package_folders(path)])
        )
        return made

    def require_function(self, module: Value, path: str) -> JSObject:
        """`require` of one module."""
        realm = self.realm

        def require(_this: Value, name: Value = undefined, *_rest: Value) -> Value:
            return self.require(name, path, module)

        def resolve(_this: Value, name: Value = undefined, *_rest: Value) -> Value:
            return to_utf16(
                self.resolve(self._name(name), path).removeprefix("node:")
                if not str(name).startswith("node:")
                else str(name)
            )

        def paths(_this: Value, name: Value = undefined, *_rest: Value) -> Value:
            if name.__class__ is str and is_built_in(str(name)):
                return null
            return realm.make_array([to_utf16(folder) for folder in package_folders(path)])

        function = native(realm, require, 1, "require")
        resolver = native(realm, resolve, 2, "resolve")
        resolver.define_own_property("paths", plain(native(realm, paths, 1, "paths")))
        for key, value in (
            ("resolve", resolver),
            ("main", self.main),
            ("extensions", self.extensions),
            ("cache", self.cache),
        ):
            function.define_own_property(key, plain(value))
        return function

    def _module_require(self, this: Value, name: Value = undefined, *_rest: Value) -> Value:
        file = get(this, "filename") if isinstance(this, JSObject) else undefined
        return self.require(name, to_code_points(to_string(file)), this)

    def _create_require(self, _this: Value, name: Value = undefined, *_rest: Value) -> Value:
        text = to_string(get(name, "href")) if isinstance(name, JSObject) else name
        if text.__class__ is not str or not str(text).startswith(("/", "file:")):
            raise coded_error(
                self.realm,
                "TypeError",
                "ERR_INVALID_ARG_VALUE",
                "The argument 'filename' must be a file URL object, file URL string, or absolute path string. "
                f"Received {self.loader.host.inspect(name)}",
            )
        path = self.loader.path_of(to_code_points(str(text)))
        return self.require_function(self.module(path), path)

    def _load(self, _this: Value, name: Value = undefined, parent: Value = undefined, *_rest: Value) -> Value:
        file = get(parent, "filename") if isinstance(parent, JSObject) else undefined
        path = to_code_points(str(file)) if file.__class__ is str else self.loader.base_path()
        return self.require(name, path, parent)

    def _resolve_filename(
        self, _this: Value, name: Value = undefined, parent: Value = undefined, *_rest: Value
    ) -> Value:
        file = get(parent, "filename") if isinstance(parent, JSObject) else undefined
        path = to_code_points(str(file)) if file.__class__ is str else self.loader.base_path()
        return to_utf16(self.resolve(self._name(name), path))

    # Finding and running

    def _name(self, name: Value) -> str:
        if name.__class__ is not str:
            raise wrong_type(self.realm, 'The "id" argument', "of type string", name)
        if name == "":
            raise coded_error(
                self.realm,
                "TypeError",
                "ERR_INVALID_ARG_VALUE",
                "The argument 'id' must be a non-empty string. Received ''",
            )
        return to_code_points(str(name))

    def resolve(self, name: str, path: str) -> str:
        """The file or `node:` name that `require(name)` means.

        Raises:
            ThrowCompletion: there is none.
        """
        try:
            found = self.loader.resolver.required(name, path)
        except ResolutionError as error:
            raise error.raised(self.realm) from None
        if found is None:
            raise self._missing(name, path)
        return str(found)

    def _missing(self, name: str, path: str) -> ThrowCompletion:
        stack = self._require_stack(path)
        shown = "".join(f"\n- {one}" for one in stack)
        text = f"Cannot find module '{name}'" + (f"\nRequire stack:{shown}" if stack else "")
        error = self.realm.make_error("Error", to_utf16(text))
        error.define_own_property("code", plain("MODULE_NOT_FOUND"))
        error.define_own_property(
            "requireStack", plain(self.realm.make_array([to_utf16(one) for one in stack]))
        )
        self.loader.host.stacks.capture(error)
        return ThrowCompletion(error)

    def _require_stack(self, path: str) -> list[str]:
        stack = [path]
        parents = self.loader.parents
        while stack[-1] in parents and parents[stack[-1]] not in stack:
            stack.append(parents[stack[-1]])
        return stack

    def require(self, name: Value, path: str, parent: Value) -> Value:
        """`require(name)` in the file `path`."""
        found = self.resolve(self._name(name), path)
        if found.startswith("node:"):
            return built_in(self.realm, found)
        key = to_utf16(found)
        cached = get(self.cache, key)
        if isinstance(cached, JSObject):
            return get(cached, "exports")
        self.loader.parents.setdefault(found, path)
        if self.loader.kind_of(found) == "module":
            return self.loader.require_module(found)
        return get(self.load(found, parent), "exports")

    def load(self, path: str, parent: Value = undefined, *, is_main: bool = False) -> JSObject:
        """Run a file as a CommonJS module, unless it has been; its module object."""
        key = to_utf16(path)
        cached = get(self.cache, key)
        if isinstance(cached, JSObject):
            return cached
        module = self.module(path, parent)
        if is_main:
            self.main = module
            set_property(module, "id", ".", True)
        set_property(self.cache, key, module, True)
        end = os.path.splitext(path)[1]
        handler: Value = get(self.extensions, end if end in (".json", ".node") else ".js")
        custom = get(self.extensions, to_utf16(end)) if end else undefined
        if isinstance(custom, JSObject):
            handler = custom
        try:
            call(handler, self.extensions, module, key)
        except BaseException:
            self.cache.delete_property(key)
            raise
        set_property(module, "loaded", True, True)
        return module

    def _run_js(
        self, _this: Value, module: Value = undefined, name: Value = undefined, *_rest: Value
    ) -> Value:
        path = to_code_points(to_string(name))
        source = self.loader.read(path)
        assert isinstance(module, JSObject)
        self.run(module, path, source)
        return undefined

    def run(self, module: JSObject, path: str, source: str) -> None:
        """Run the text of a CommonJS module."""
        function = self.compiled(path, source)
        if function is None:
            namespace = self.loader.require_module(path)
            set_property(module, "exports", namespace, True)
            return
        exports = get(module, "exports")
        file, folder = to_utf16(path), to_utf16(os.path.dirname(path))
        call(function, exports, exports, self.require_function(module, path), module, file, folder)

    def compiled(self, path: str, source: str) -> Value:
        """The function of a CommonJS module; None where the text is a module's, and nothing says which it is.

        Raises:
            GuestSyntaxError: the text is neither.
        """
        host = self.loader.host
        host.commonjs_files.add(path)
        host.sources[path] = source
        source = self.loader.text_to_run(path, source)
        text = f"//{source[2:]}" if source.startswith("#!") else source
        try:
            holder = self.loader.run_script(f"{WRAPPER}{text}{_END}", path, False)
        except (GuestSyntaxError, NativeErrorCompletion) as error:
            try:
                check_function_body(text, path)
            except GuestSyntaxError as exact:
                if self.loader.may_be_module(path) and any(word in exact.message for word in _MODULE_SYNTAX):
                    host.commonjs_files.discard(path)
                    return None
                raise exact from None
            raise error from None
        assert isinstance(holder, JSObject)
        return get(holder, "<anonymous>")

    def _run_json(
        self, _this: Value, module: Value = undefined, name: Value = undefined, *_rest: Value
    ) -> Value:
        path = to_code_points(to_string(name))
        source = self.loader.read(path).removeprefix("\ufeff")
        try:
            value = JSONParser(self.realm, to_utf16(source)).parse()
        except NativeErrorCompletion as error:
            error.message = to_utf16(f"{path}: {error.message}")
            raise
        assert isinstance(module, JSObject)
        set_property(module, "exports", value, True)
        return undefined

    def _run_native(self, _this: Value, *_rest: Value) -> Value:
        raise coded_error(
            self.realm, "Error", "ERR_DLOPEN_FAILED", "native addons are not available in this host"
        )


def module_module(realm: Realm) -> JSObject:
    """`node:module`."""
    modules = hosting_of(realm).modules
    assert modules is not None
    return modules.module_class
