"""The rules of the house: imports run in no circle, semantics stand once, nothing mutable at module level.

Who may import whom stands in pyproject.toml (`lint-imports`).
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.second_texts import SECOND_TEXTS, SecondText

ROOT = Path(__file__).parent.parent
LONGEST_FILE = 700


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """The names of the modules that a file imports, anywhere in it; those of ours from `lockstep.` on."""
    tree = ast.parse(path.read_text("utf-8"))
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.removeprefix("lockstep.") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            prefix = ".".join((*base, *((node.module,) if node.module else ())))
            yield from (f"{prefix}.{alias.name}".removeprefix("lockstep.") for alias in node.names)


def circles(modules: dict[str, set[str]]) -> list[set[str]]:
    """Modules that import each other, however far around (the strongly connected parts, by Tarjan)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []
    found: list[set[str]] = []

    def visit(name: str) -> None:
        order[name] = lowest[name] = len(order)
        path.append(name)
        for other in modules[name]:
            if other not in order:
                visit(other)
            if other in path:
                lowest[name] = min(lowest[name], lowest[other])
        if lowest[name] == order[name]:
            part = set(path[path.index(name) :])
            del path[path.index(name) :]
            if len(part) > 1:
                found.append(part)

    for name in modules:
        if name not in order:
            visit(name)
    return found


def test_imports_run_in_no_circle() -> None:
    """Type-only and late ones counted."""
    paths = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for folder in ("reference", "harness")
        for path in sources(folder)
    }
    modules: dict[str, set[str]] = {}
    for name, path in paths.items():
        targets = {target if target in paths else target.rpartition(".")[0] for target in imported(path)}
        modules[name] = (targets & paths.keys()) - {name}
    assert [sorted(part) for part in circles(modules)] == []


def module_state(tree: ast.Module) -> Iterator[int]:
    """Lines that assign to a module variable from inside a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            yield node.lineno


def _functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", SECOND_TEXTS, ids=lambda row: row.second)
def test_a_second_text_has_a_first_and_a_test(row: SecondText) -> None:
    module, _, name = row.first.partition(":")
    assert callable(getattr(importlib.import_module(module), name))
    for place in (row.second, row.test):
        file, _, name = place.partition(":")
        assert name in _functions(ROOT / file), place


@pytest.mark.parametrize("folder", ["reference", "harness"])
def test_no_function_assigns_module_variables(folder: str) -> None:
    for path in sources(folder):
        lines = list(module_state(ast.parse(path.read_text("utf-8"))))
        assert not lines, f"{path}: `global` in lines {lines}"


@pytest.mark.parametrize("folder", ["reference", "harness", "tests"])
def test_a_file_holds_one_idea(folder: str) -> None:
    long = {path: len(path.read_text("utf-8").splitlines()) for path in sources(folder)}
    assert not {str(path): lines for path, lines in long.items() if lines > LONGEST_FILE}


def test_nothing_names_a_machine() -> None:
    places = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "tox.ini")]
    for path in [*places, *sources("harness"), *sources("reference"), *ROOT.glob("docs/*.md")]:
        if path.exists():
            text = path.read_text("utf-8")
            assert not any(word in text for word in ("/" + "work/", "/" + "root/", "py" + "pi.org/simple")), (
                path
            )
