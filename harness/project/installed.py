"""Suites, engines and languages that installed packages bring, by their entry points."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

import msgspec

from lockstep.harness.languages.descriptor import Language
from lockstep.harness.model import MissingError
from lockstep.harness.project.tables import EngineTable

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

T = TypeVar("T")
Kind = Literal["suites", "engines", "languages"]


@lru_cache(maxsize=8)
def installed(kind: Kind) -> Mapping[str, EntryPoint]:
    """The entry points of `lockstep.suites`, `lockstep.engines` or `lockstep.languages`, by name; the first of a name counts."""
    found: dict[str, EntryPoint] = {}
    if not _any_brings_something():
        return found
    from importlib.metadata import entry_points  # noqa: PLC0415  # it takes as long as all the rest

    for point in entry_points(group=f"lockstep.{kind}"):
        found.setdefault(point.name, point)
    return found


@lru_cache(maxsize=1)
def _any_brings_something() -> bool:
    """Whether some installed package has an entry point for us; where that cannot be seen in folders, whether it may."""
    for place in map(Path, sys.path):
        if place.is_file():
            return True  # an archive
        for path in (*place.glob("*.dist-info/entry_points.txt"), *place.glob("*.egg-info/entry_points.txt")):
            try:
                if b"[lockstep." in path.read_bytes():
                    return True
            except OSError:
                continue
    return False


def load_installed(kind: Kind, name: str) -> tuple[object, Path]:
    """What an entry point stands for (the object, or what it returns when it is called), and the folder of its module.

    Raises:
        MissingError: it cannot be loaded.
    """
    point = installed(kind)[name]
    try:
        value = point.load()
        value = value() if callable(value) else value
    except Exception as error:
        raise MissingError(
            f"{kind.removesuffix('s')} {name} of the package {_package(point)} cannot be loaded: {type(error).__name__}: {error}"
        ) from error
    file = getattr(sys.modules.get(point.module), "__file__", None)
    return value, Path(file).parent if file else Path.cwd()


def installed_table(kind: Kind, name: str, form: type[T]) -> tuple[T, Path]:
    """The table that an entry point stands for, in the form that lockstep.toml has for it, and the folder of its module.

    Raises:
        MissingError: it cannot be loaded, or has another form.
    """
    value, folder = load_installed(kind, name)
    try:
        return msgspec.convert(value, form), folder
    except msgspec.ValidationError as error:
        package = _package(installed(kind)[name])
        raise MissingError(f"{kind.removesuffix('s')} {name} of the package {package}: {error}") from error


@lru_cache(maxsize=1)
def installed_languages() -> Mapping[str, Language]:
    """The languages of installed packages.

    Raises:
        MissingError: one cannot be loaded.
    """
    return {name: installed_table("languages", name, Language)[0] for name in installed("languages")}


@lru_cache(maxsize=1)
def installed_engines() -> Mapping[str, tuple[EngineTable, Path]]:
    """The engines of installed packages, and the folders that paths in their commands are relative to.

    Raises:
        MissingError: one cannot be loaded.
    """
    return {name: installed_table("engines", name, EngineTable) for name in installed("engines")}


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else point.module
