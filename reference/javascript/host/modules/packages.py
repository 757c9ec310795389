"""Packages: `package.json`, and the maps of `exports` and `imports` in it (node's PACKAGE_EXPORTS_RESOLVE and its kin)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Callable, Final, Literal, Union

from lockstep.reference.javascript.host.modules.failures import (
    ResolutionError,
    bad_specifier,
    bad_target,
    import_not_defined,
    not_exported,
)

JSONValue = Union[None, bool, int, float, str, list["JSONValue"], dict[str, "JSONValue"]]
"""What stands in a `package.json`."""
Target = Union[str, tuple[Literal["bare"], str]]
"""The path that a map of a package leads to, or the specifier of another package."""

_INVALID_SEGMENTS: Final = frozenset({"", ".", "..", "node_modules"})


class Package:
    """A folder with a `package.json`.

    Attributes:
        folder: the folder.
        data: what the file says.
    """

    def __init__(self, folder: str, data: dict[str, JSONValue]) -> None:
        self.folder = folder
        self.data = data

    @property
    def type(self) -> str:
        """`module`, `commonjs`, or "" where it does not say."""
        found = self.data.get("type")
        return found if found in ("module", "commonjs") else ""

    @property
    def name(self) -> str:
        """Its name."""
        found = self.data.get("name")
        return found if isinstance(found, str) else ""

    @property
    def exports(self) -> JSONValue:
        """Its map of exports, or None."""
        return self.data.get("exports")


class Packages:
    """Packages by folder, each read once."""

    def __init__(self, is_readable: Callable[[str], bool]) -> None:
        self._is_readable = is_readable
        self._read: dict[str, Package | None] = {}

    def at(self, folder: str) -> Package | None:
        """The package whose folder this is.

        Raises:
            ResolutionError: its file is no JSON.
        """
        if folder not in self._read:
            self._read[folder] = self._parsed(folder)
        return self._read[folder]

    def _parsed(self, folder: str) -> Package | None:
        file = Path(folder) / "package.json"
        if not self._is_readable(str(file)):
            return None
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        try:
            data = json.loads(text)
        except ValueError as error:
            raise ResolutionError(
                "ERR_INVALID_PACKAGE_CONFIG", f"Invalid package config {file}. {error}"
            ) from None
        return Package(folder, data if isinstance(data, dict) else {})

    def around(self, path: str) -> Package | None:
        """The package that a file belongs to."""
        for folder in Path(path).parents:
            if folder.name == "node_modules":
                return None
            found = self.at(str(folder))
            if found is not None:
                return found
        return None

    def type_of(self, path: str) -> str:
        """What a `.js` file is by its package: `module`, `commonjs` or ""."""
        found = self.around(path)
        return "" if found is None else found.type


def split_name(specifier: str, base: str) -> tuple[str, str]:
    """The package's name and the subpath (`.` or `./...`) of a bare specifier.

    Raises:
        ResolutionError: it is no package's name.
    """
    parts = specifier.split("/")
    count = 2 if specifier.startswith("@") else 1
    name = "/".join(parts[:count])
    if not name or len(parts) < count or name[0] == "." or "\\" in name or "%" in name:
        raise bad_specifier(specifier, "is not a valid package name", base)
    rest = "/".join(parts[count:])
    return name, f"./{rest}" if len(parts) > count else "."


def resolve_exports(package: Package, subpath: str, conditions: frozenset[str], base: str) -> Target:
    """PACKAGE_EXPORTS_RESOLVE: the target's path.

    Raises:
        ResolutionError: it is not exported.
    """
    exports = package.exports
    if not (isinstance(exports, dict) and any(key.startswith(".") for key in exports)):
        exports = {".": exports}
    elif not all(key.startswith(".") for key in exports):
        raise ResolutionError(
            "ERR_INVALID_PACKAGE_CONFIG",
            f'Invalid package config {package.folder}/package.json while importing {base}. "exports" cannot contain some keys '
            "starting with '.' and some not. The exports object must either be an object of package subpath keys or an object "
            "of main entry condition name keys only.",
        )
    found = _match(package, subpath, exports, conditions, is_import=False, base=base)
    if found is None:
        raise not_exported(subpath, package.folder, base)
    return found


def resolve_imports(
    packages: Packages, specifier: str, path: str, conditions: frozenset[str], base: str
) -> Target:
    """PACKAGE_IMPORTS_RESOLVE: the target's path, or `("bare", specifier)` for another package.

    Raises:
        ResolutionError: the package does not define it.
    """
    if specifier == "#" or specifier.startswith("#/"):
        raise bad_specifier(specifier, "is not a valid internal imports specifier name", base)
    package = packages.around(path)
    if package is not None:
        imports = package.data.get("imports")
        if isinstance(imports, dict):
            found = _match(package, specifier, imports, conditions, is_import=True, base=base)
            if found is not None:
                return found
    raise import_not_defined(specifier, None if package is None else package.folder, base)


def _match(
    package: Package,
    key: str,
    table: dict[str, JSONValue],
    conditions: frozenset[str],
    *,
    is_import: bool,
    base: str,
) -> Target | None:
    """PACKAGE_IMPORTS_EXPORTS_RESOLVE."""
    if key in table and "*" not in key and not key.endswith("/"):
        return _target(package, table[key], "", key, conditions, is_import=is_import, base=base)
    for pattern in sorted((one for one in table if one.count("*") == 1), key=_specificity):
        before, _, after = pattern.partition("*")
        if key.startswith(before) and key != before and key.endswith(after) and len(key) >= len(pattern):
            rest = key[len(before) : len(key) - len(after)]
            return _target(package, table[pattern], rest, pattern, conditions, is_import=is_import, base=base)
    return None


def _specificity(pattern: str) -> tuple[int, int]:
    """PATTERN_KEY_COMPARE: the longest part before the star first."""
    return -(pattern.index("*") + 1), -len(pattern)


def _target(
    package: Package,
    target: JSONValue,
    rest: str,
    key: str,
    conditions: frozenset[str],
    *,
    is_import: bool,
    base: str,
) -> Target | None:
    """PACKAGE_TARGET_RESOLVE."""
    if isinstance(target, str):
        return _text_target(package, target, rest, key, is_import=is_import, base=base)
    if isinstance(target, dict):
        for condition, inner in target.items():
            if condition == "default" or condition in conditions:
                found = _target(package, inner, rest, key, conditions, is_import=is_import, base=base)
                if found is not None:
                    return found
        return None
    if isinstance(target, list):
        failure: ResolutionError | None = None
        for inner in target:
            try:
                found = _target(package, inner, rest, key, conditions, is_import=is_import, base=base)
            except ResolutionError as error:
                if error.code != "ERR_INVALID_PACKAGE_TARGET":
                    raise
                failure = error
                continue
            if found is not None:
                return found
        if failure is not None:
            raise failure
        return None
    if target is None:
        return None
    raise bad_target(package.folder, key, json.dumps(target), is_import=is_import, base=base)


def _text_target(package: Package, target: str, rest: str, key: str, *, is_import: bool, base: str) -> Target:
    if not target.startswith("./"):
        if is_import and not target.startswith(("../", "/")):
            return ("bare", target.replace("*", rest))
        raise bad_target(package.folder, key, json.dumps(target), is_import=is_import, base=base)
    segments = target[2:].split("/")
    if any(segment in _INVALID_SEGMENTS for segment in segments[:-1]) or segments[-1] in (
        "..",
        "node_modules",
    ):
        raise bad_target(package.folder, key, json.dumps(target), is_import=is_import, base=base)
    if any(segment in _INVALID_SEGMENTS for segment in rest.split("/") if rest) and rest:
        raise bad_specifier(
            key.replace("*", rest),
            f'request is not a valid match in pattern "{key}" for the "{"imports" if is_import else "exports"}" resolution of '
            f"{package.folder}/package.json",
            base,
        )
    return str(Path(package.folder) / target.replace("*", rest))


def package_folders(path: str) -> list[str]:
    """The folders `node_modules` that a file finds packages in, nearest first."""
    return [str(folder / "node_modules") for folder in Path(path).parents if folder.name != "node_modules"]
