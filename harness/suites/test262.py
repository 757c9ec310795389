"""Test262: finds the tests, reads their frontmatter, hands out programs and what they must do.

The host contract is Test262's INTERPRETING.md.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from lockstep.harness.expectation import Expectation
from lockstep.harness.model import Case, Task
from lockstep.harness.status.yaml_file import parse_yaml
from lockstep.harness.suites.file_index import indexed
from lockstep.harness.suites.sources import SOURCES, locate
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits

_FRONTMATTER = re.compile(r"/\*---(.*?)---\*/", re.DOTALL)
_LINE_ENDS = re.compile(r"\r\n|[\r\n\u2028\u2029]")
# `key: [a, b]`, `key:` followed by a block list, and the two lines below `negative:`.
_KEY = re.compile(r"^(flags|features|includes|negative):[ \t]*(.*?)[ \t]*$")
_ITEM = re.compile(r"^[ \t]*-[ \t]+(.*?)[ \t]*$")
_FIELD = re.compile(r"^[ \t]+(phase|type):[ \t]*(\w+)[ \t]*$")

# Test262's phases in the words of our protocol.
PHASES = {"parse": "parse", "resolution": "analysis", "runtime": "eval"}
_ASYNC_DONE = "Test262:AsyncTestComplete"
_ASYNC_FAILED = "Test262:AsyncTestFailure:"
_STEPS = 1_500_000
_SECONDS = 30.0


@dataclass(frozen=True)
class Frontmatter:
    """What the frontmatter of a test says; `negative` is (phase, constructor name)."""

    flags: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    negative: tuple[str, str] | None = None

    @property
    def modes(self) -> tuple[str, ...]:
        """The modes in which the test runs."""
        flags = self.flags
        if "module" in flags:
            return ("module",)
        if "raw" in flags:
            return ("raw",)
        if "onlyStrict" in flags:
            return ("strict",)
        if "noStrict" in flags:
            return ("script",)
        return ("script", "strict")


class Test262:
    """The ECMAScript conformance suite."""

    name = "test262"
    sources = ("test262",)
    languages = ("javascript",)
    revision = SOURCES["test262"].revision

    @cached_property
    def _root(self) -> Path:
        return locate("test262")

    @cached_property
    def _index(self) -> dict[str, Frontmatter]:
        root = self._root / "test"
        return indexed("test262", root, _files(str(root)), Frontmatter, read_frontmatter)

    def cases(self) -> list[Case]:
        """Every test file, in the order of its path."""
        return self._cases

    @cached_property
    def _cases(self) -> list[Case]:
        prefix = len(str(self._root / "test")) + 1
        return [
            Case("test262", path[prefix:], "javascript", found.modes, found.features, flags=found.flags)
            for path, found in self._index.items()
        ]

    def source_path(self, case: Case) -> Path:
        """The test's file."""
        return self._root / "test" / case.id

    def task(self, case: Case, mode: str) -> Task:
        """The test with its harness files, and the completion that its frontmatter asks for."""
        path = self.source_path(case)
        found = self._index.get(str(path)) or read_frontmatter(path.read_bytes())
        raw = "raw" in found.flags
        includes = (
            () if raw else tuple((f"harness/{name}", self._harness_file(name)) for name in _includes(found))
        )
        program = Program(
            source=path.read_bytes().decode("utf-8", "surrogateescape"),
            name=case.id,
            mode=mode,
            includes=includes,
            path=str(path),
        )
        return Task(program, expectation(found), Limits(steps=_STEPS, seconds=_SECONDS))

    @lru_cache(maxsize=256)  # noqa: B019  # the suite lives as long as the process
    def _harness_file(self, name: str) -> str:
        return (self._root / "harness" / name).read_bytes().decode("utf-8")


def expectation(found: Frontmatter) -> Expectation:
    """What a test with this frontmatter must do to pass."""
    if found.negative is not None:
        phase, error = found.negative
        return Expectation(ends="threw", phase=PHASES[phase], error=error)
    if "async" in found.flags:
        return Expectation(marker=_ASYNC_DONE, once=True, forbidden=_ASYNC_FAILED)
    return Expectation()


def _includes(found: Frontmatter) -> tuple[str, ...]:
    first: tuple[str, ...] = ("assert.js", "sta.js")
    if "async" in found.flags:
        first += ("doneprintHandle.js",)
    return first + tuple(name for name in found.includes if name not in first)


def _files(folder: str) -> list[str]:
    found: list[str] = []
    for base, _, names in os.walk(folder):
        found.extend(f"{base}/{name}" for name in names if name.endswith(".js") and "_FIXTURE" not in name)
    found.sort()
    return found


def read_frontmatter(content: bytes) -> Frontmatter:
    """The frontmatter in the bytes of a test; an empty one where there is none."""
    start = content.find(b"/*---")
    end = content.find(b"---*/", start)
    if start < 0 or end < 0:
        return Frontmatter()
    return parse_frontmatter(content[start + 5 : end].decode("utf-8", "replace"))


def parse_frontmatter(text: str) -> Frontmatter:
    """Read the four keys that matter, without a YAML parser: it would take ten times as long.

    Anything written in another way than Test262's own is left to the YAML parser.
    """
    lists: dict[str, tuple[str, ...]] = {}
    negative: dict[str, str] = {}
    block: str | None = None
    for line in _LINE_ENDS.split(text) if "\r" in text else text.split("\n"):
        key = _KEY.match(line)
        if key:
            name, value = key.groups()
            block = name
            if value.startswith("[") and value.endswith("]"):
                items = (item.strip() for item in value[1:-1].split(","))
                lists[name] = tuple(item for item in items if item)
                block = None
            elif value and not value.startswith("#"):
                return _by_yaml(text)
        elif block == "negative":
            field = _FIELD.match(line)
            if field:
                negative[field[1]] = field[2]
            elif line.strip() and not line[0].isspace():
                block = None
        elif block is not None:
            item = _ITEM.match(line)
            if item:
                lists[block] = (*lists.get(block, ()), item[1])
            elif line.strip() and not line.lstrip().startswith("#"):
                block = None
    return Frontmatter(
        flags=lists.get("flags", ()),
        features=lists.get("features", ()),
        includes=lists.get("includes", ()),
        negative=(negative["phase"], negative["type"]) if len(negative) == 2 else None,
    )


def _by_yaml(text: str) -> Frontmatter:
    loaded = parse_yaml("\n".join(_LINE_ENDS.split(text)))
    negative = loaded.get("negative")
    return Frontmatter(
        flags=tuple(loaded.get("flags") or ()),
        features=tuple(loaded.get("features") or ()),
        includes=tuple(loaded.get("includes") or ()),
        negative=(negative["phase"], negative["type"]) if negative else None,
    )
