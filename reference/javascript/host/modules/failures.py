"""Errors of module resolution, with node's codes and texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.host.definition import coded_error
from lockstep.reference.javascript.host.files import refusal
from lockstep.reference.javascript.host.stacks.lines import file_url
from lockstep.reference.javascript.runtime.completions import ThrowCompletion
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject
from lockstep.reference.javascript.runtime.objects.property import plain
from lockstep.reference.javascript.syntax.utf16 import to_utf16

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


class ResolutionError(Exception):
    """A module that cannot be found or may not be had; becomes an error of the guest's by `raised`.

    Attributes:
        name: the class of the error.
        code: node's code.
        text: the message.
        path: of the file that is missing, if there would be one.
    """

    def __init__(self, code: str, text: str, *, name: str = "Error", path: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.name = name
        self.path = path

    def raised(self, realm: Realm) -> ThrowCompletion:
        """The error to raise."""
        completion = coded_error(realm, self.name, self.code, to_utf16(self.text))
        value = completion.value
        if self.path and isinstance(value, JSObject):
            value.define_own_property("url", plain(to_utf16(file_url(self.path))))
        return completion


def from_where(base: str) -> str:
    """The words that name the importing file."""
    return f" imported from {base}" if base else ""


def missing_package(name: str, base: str) -> ResolutionError:
    """ERR_MODULE_NOT_FOUND of a package."""
    return ResolutionError("ERR_MODULE_NOT_FOUND", f"Cannot find package '{name}'{from_where(base)}")


def missing_file(path: str, base: str) -> ResolutionError:
    """ERR_MODULE_NOT_FOUND of a file."""
    return ResolutionError(
        "ERR_MODULE_NOT_FOUND", f"Cannot find module '{path}'{from_where(base)}", path=path
    )


def not_granted(path: str) -> ResolutionError:
    """ERR_ACCESS_DENIED of a file outside the folders that may be read."""
    return ResolutionError("ERR_ACCESS_DENIED", refusal(path, "--allow-read"))


def not_exported(subpath: str, package: str, base: str) -> ResolutionError:
    """ERR_PACKAGE_PATH_NOT_EXPORTED."""
    file = f"{package}/package.json"
    if subpath == ".":
        text = f'No "exports" main defined in {file}{from_where(base)}'
    else:
        text = f"Package subpath '{subpath}' is not defined by \"exports\" in {file}{from_where(base)}"
    return ResolutionError("ERR_PACKAGE_PATH_NOT_EXPORTED", text)


def import_not_defined(specifier: str, package: str | None, base: str) -> ResolutionError:
    """ERR_PACKAGE_IMPORT_NOT_DEFINED."""
    where = f" in package {package}/package.json" if package else ""
    return ResolutionError(
        "ERR_PACKAGE_IMPORT_NOT_DEFINED",
        f'Package import specifier "{specifier}" is not defined{where}{from_where(base)}',
        name="TypeError",
    )


def bad_target(package: str, key: str, target: str, *, is_import: bool, base: str) -> ResolutionError:
    """ERR_INVALID_PACKAGE_TARGET."""
    field = "imports" if is_import else "exports"
    relative = not is_import and not target.strip('"').startswith("./")
    kind = f'"{field}" main target' if key == "." else f'"{field}" target'
    for_key = "" if key == "." else f" defined for '{key}'"
    return ResolutionError(
        "ERR_INVALID_PACKAGE_TARGET",
        f"Invalid {kind} {target}{for_key} in the package config {package}/package.json{from_where(base)}"
        + ('; targets must start with "./"' if relative else ""),
    )


def bad_specifier(specifier: str, why: str, base: str) -> ResolutionError:
    """ERR_INVALID_MODULE_SPECIFIER."""
    return ResolutionError(
        "ERR_INVALID_MODULE_SPECIFIER",
        f'Invalid module "{specifier}" {why}{from_where(base)}',
        name="TypeError",
    )
