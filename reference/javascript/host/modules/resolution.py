"""Which file a specifier means: of `import` (ESM_RESOLVE) and of `require` (LOAD_AS_FILE, LOAD_AS_DIRECTORY, ...)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Callable, Final
from urllib.parse import unquote

from lockstep.reference.javascript.host.modules.failures import (
    ResolutionError,
    from_where,
    missing_file,
    missing_package,
    not_granted,
)
from lockstep.reference.javascript.host.modules.packages import (
    Package,
    Packages,
    package_folders,
    resolve_exports,
    resolve_imports,
    split_name,
)

IMPORT_CONDITIONS: Final = frozenset({"node", "import", "module-sync", "node-addons"})
REQUIRE_CONDITIONS: Final = frozenset({"node", "require", "module-sync", "node-addons"})
_EXTENSIONS: Final = (".js", ".json", ".node")
_RELATIVE: Final = ("./", "../", "/")


class Resolver:
    """Finds files.

    Args:
        is_readable: whether the program may read a path.
        is_built_in: whether a name is one of node's own modules.
        libraries: folders in which `require` looks last, as `NODE_PATH` has them.
    """

    def __init__(
        self,
        is_readable: Callable[[str], bool],
        is_built_in: Callable[[str], bool],
        libraries: Sequence[str] = (),
    ) -> None:
        self.is_readable = is_readable
        self.is_built_in = is_built_in
        self.libraries = libraries
        self.packages = Packages(is_readable)

    def is_file(self, path: str) -> bool:
        """Whether there is a file that may be read."""
        return self.is_readable(path) and os.path.isfile(path)

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder that may be read."""
        return self.is_readable(path) and os.path.isdir(path)

    def _check(self, path: str) -> None:
        if not self.is_readable(path):
            raise not_granted(path)

    # import

    def imported(self, specifier: str, path: str, conditions: frozenset[str] = IMPORT_CONDITIONS) -> str:
        """ESM_RESOLVE: a path with its query, or `node:name`.

        Raises:
            ResolutionError: there is no such module.
        """
        base = path
        if specifier.startswith("node:"):
            if not self.is_built_in(specifier):
                raise ResolutionError("ERR_UNKNOWN_BUILTIN_MODULE", f"No such built-in module: {specifier}")
            return specifier
        if specifier.startswith("data:"):
            return specifier
        query = ""
        if specifier.startswith("file:"):
            target = unquote(specifier[5:].partition("?")[0].partition("#")[0])
            query = specifier[len(specifier.partition("?")[0].partition("#")[0]) :]
            found = "/" + target.lstrip("/")
        elif specifier.startswith(_RELATIVE) or specifier in (".", ".."):
            head = specifier
            for mark in "?#":
                head = head.partition(mark)[0]
            query = specifier[len(head) :]
            found = os.path.normpath(os.path.join(os.path.dirname(path), unquote(head)))
            if head.endswith("/"):
                found += "/"
            self._check(found)
        elif specifier.startswith("#"):
            mapped = resolve_imports(self.packages, specifier, path, conditions, base)
            if isinstance(mapped, tuple):
                return self.imported(mapped[1], path, conditions)
            found = mapped
        elif ":" in specifier.partition("/")[0] and not specifier.startswith("@"):
            scheme = specifier.partition(":")[0]
            raise ResolutionError(
                "ERR_UNSUPPORTED_ESM_URL_SCHEME",
                "Only URLs with a scheme in: file, data, and node are supported by the default ESM loader. "
                f"Received protocol '{scheme}:'",
            )
        elif self.is_built_in(specifier):
            return f"node:{specifier}"
        else:
            found = self._package_import(specifier, path, conditions)
        return self._finished(found, base) + query

    def _finished(self, path: str, base: str) -> str:
        if path.endswith("/") or self.is_folder(path):
            raise ResolutionError(
                "ERR_UNSUPPORTED_DIR_IMPORT",
                f"Directory import '{path}' is not supported resolving ES modules{from_where(base)}",
                path=path,
            )
        if not self.is_file(path):
            raise missing_file(path, base)
        return os.path.realpath(path)

    def _package_import(self, specifier: str, path: str, conditions: frozenset[str]) -> str:
        """PACKAGE_RESOLVE."""
        name, subpath = split_name(specifier, path)
        own = self._self_reference(name, subpath, path, conditions)
        if own is not None:
            return own
        for folder in package_folders(path):
            place = f"{folder}/{name}"
            if not self.is_folder(place):
                continue
            package = self.packages.at(place)
            if package is not None and package.exports is not None:
                return str(resolve_exports(package, subpath, conditions, path))
            if subpath != ".":
                return str(Path(place) / subpath)
            return self._legacy_main(place, package, path)
        raise missing_package(name, path)

    def _self_reference(self, name: str, subpath: str, path: str, conditions: frozenset[str]) -> str | None:
        package = self.packages.around(path)
        if package is not None and package.exports is not None and package.name == name:
            return str(resolve_exports(package, subpath, conditions, path))
        return None

    def _legacy_main(self, place: str, package: Package | None, base: str) -> str:
        main = package.data.get("main") if package is not None else None
        if isinstance(main, str):
            for end in ("", ".js", ".json", ".node", "/index.js", "/index.json", "/index.node"):
                candidate = os.path.normpath(f"{place}/{main}{end}")
                if self.is_file(candidate):
                    return candidate
        for name in ("index.js", "index.json", "index.node"):
            if self.is_file(f"{place}/{name}"):
                return f"{place}/{name}"
        raise missing_package(place, base)

    # require

    def required(self, specifier: str, path: str) -> str | None:
        """`require.resolve`: a path, `node:name`, or None where there is nothing.

        Raises:
            ResolutionError: a package does not export it.
        """
        if specifier.startswith("node:"):
            if not self.is_built_in(specifier):
                raise ResolutionError("ERR_UNKNOWN_BUILTIN_MODULE", f"No such built-in module: {specifier}")
            return specifier
        if self.is_built_in(specifier):
            return f"node:{specifier}"
        if specifier.startswith(_RELATIVE) or specifier in (".", ".."):
            target = os.path.normpath(os.path.join(os.path.dirname(path), specifier))
            self._check(target)
            return self._as_file_or_folder(
                target, only_folder=specifier.endswith(("/", "/.", "/..")) or specifier in (".", "..")
            )
        if specifier.startswith("#"):
            mapped = resolve_imports(self.packages, specifier, path, REQUIRE_CONDITIONS, path)
            if isinstance(mapped, tuple):
                return self.required(mapped[1], path)
            return self._exact(mapped)
        try:
            name, subpath = split_name(specifier, "")
        except ResolutionError:
            return None
        own = self._self_reference(name, subpath, path, REQUIRE_CONDITIONS)
        if own is not None:
            return self._exact(own)
        for folder in (*package_folders(path), *self.libraries):
            place = f"{folder}/{name}"
            package = self.packages.at(place) if self.is_folder(place) else None
            if package is not None and package.exports is not None:
                return self._exact(str(resolve_exports(package, subpath, REQUIRE_CONDITIONS, "")))
            found_file = self._as_file_or_folder(f"{folder}/{specifier}", only_folder=specifier.endswith("/"))
            if found_file is not None:
                return found_file
        return None

    def _exact(self, path: str) -> str:
        if not self.is_file(path):
            error = ResolutionError("MODULE_NOT_FOUND", f"Cannot find module '{path}'")
            raise error
        return os.path.realpath(path)

    def _as_file_or_folder(self, path: str, *, only_folder: bool) -> str | None:
        if not only_folder:
            for end in ("", *_EXTENSIONS):
                if self.is_file(path + end):
                    return os.path.realpath(path + end)
        if not self.is_folder(path):
            return None
        package = self.packages.at(path)
        main = package.data.get("main") if package is not None else None
        if isinstance(main, str) and main:
            target = os.path.normpath(f"{path}/{main}")
            for candidate in (
                target,
                *(target + end for end in _EXTENSIONS),
                *(f"{target}/index{end}" for end in _EXTENSIONS),
            ):
                if self.is_file(candidate):
                    return os.path.realpath(candidate)
        for end in _EXTENSIONS:
            if self.is_file(f"{path}/index{end}"):
                return os.path.realpath(f"{path}/index{end}")
        if isinstance(main, str) and main:
            raise ResolutionError(
                "MODULE_NOT_FOUND",
                f"Cannot find module '{os.path.normpath(f'{path}/{main}')}'. Please verify that the package.json has a valid "
                '"main" entry',
            )
        return None
