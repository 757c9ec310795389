"""Compiled scripts on disk: a second start of a large program parses nothing and compiles what was not called before."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Protocol

from lockstep.reference.host.collector import collector_paused_for
from lockstep.reference.host.generation.code_cache import CodeCache, cache_folder, fingerprint
from lockstep.reference.host.generation.disk_cache import DiskCache
from lockstep.reference.javascript.syntax.ast import ExportEntry, ImportEntry, Module, ModuleRequest
from lockstep.reference.javascript.syntax.ast.node import Node
from lockstep.reference.javascript.syntax.parse import parse_module, parse_script, script_source
from lockstep.reference.javascript.vm.program import CompiledProgram, FunctionCompiler

if TYPE_CHECKING:
    from lockstep.reference.javascript.syntax.ast import Script, Source

# Scripts of so many characters are kept: those that take a tenth of a second to compile. Few of Test262's are.
WORTH_KEEPING = 64_000


class KeptModule(Module):
    """What linking needs of a module, without its tree, and its program."""

    __slots__ = ("program",)

    def __init__(
        self,
        program: CompiledProgram,
        requests: list[ModuleRequest],
        imports: list[ImportEntry],
        local_exports: list[ExportEntry],
        indirect_exports: list[ExportEntry],
        star_exports: list[ExportEntry],
        has_top_level_await: bool,
    ) -> None:
        self.start = self.end = self.column = 0
        self.line = 1
        self.program = program
        self.body = []
        self.scope = program.names.as_scope()
        self.source = program.source
        self.requests = requests
        self.imports = imports
        self.local_exports = local_exports
        self.indirect_exports = indirect_exports
        self.star_exports = star_exports
        self.has_top_level_await = has_top_level_await


def _data_of(module: KeptModule) -> tuple[object, ...]:
    """The entries of a module as plain host values."""

    def request_row(request: ModuleRequest | None) -> tuple[object, ...] | None:
        return None if request is None else (request.specifier, request.attributes, request.phase)

    def exports(entries: list[ExportEntry]) -> list[tuple[Any, ...]]:
        return [
            (entry.export_name, request_row(entry.request), entry.import_name, entry.local_name)
            for entry in entries
        ]

    return (
        [request_row(request) for request in module.requests],
        [(request_row(entry.request), entry.import_name, entry.local_name) for entry in module.imports],
        exports(module.local_exports),
        exports(module.indirect_exports),
        exports(module.star_exports),
        module.has_top_level_await,
    )


def _entries_of(data: tuple[Any, ...]) -> tuple[Any, ...]:
    """What `_data_of` was given."""
    at = Node.__new__(Node)
    at.start = at.end = at.column = 0
    at.line = 1

    def request(row: tuple[Any, ...] | None) -> Any:
        return None if row is None else ModuleRequest(at, 0, *row)

    requests, imports, *exports, awaits = data
    return (
        list(map(request, requests)),
        [ImportEntry(at, 0, request(row), *names) for row, *names in imports],
        *([ExportEntry(at, 0, name, request(row), *names) for name, row, *names in rows] for rows in exports),
        awaits,
    )


class ProgramCompiler(Protocol):
    """What compiles programs: the VM's evaluator."""

    metered: bool

    def compile_script(self, script: Script, *, completion: bool) -> CompiledProgram:
        """Compile a parsed script."""
        ...

    def compile_module(self, module: Module) -> CompiledProgram:
        """Compile a parsed module."""
        ...

    def compiler(self, source: Source) -> FunctionCompiler:
        """A compiler for a script or module."""


class KeptPrograms:
    """The scripts of one engine, from memory's side: they are kept at the end of a run that compiled functions of them."""

    def __init__(self) -> None:
        self._keys: CodeCache | None = None
        self._disk = DiskCache(cache_folder() / "javascript")
        # What is to be written, by key: a function that gives it, made of what grew.
        self._grown: dict[str, Callable[[], tuple[Any, ...]]] = {}
        # How often each has grown, and how often it had when it was written: a session calls new functions in each evaluation.
        self._growths: Counter[str] = Counter()
        self._written: dict[str, int] = {}

    def compiled(self, evaluator: ProgramCompiler, source: str, name: str, strict: bool) -> CompiledProgram:
        """A compiled script, from the disk where it is there.

        Raises:
            GuestSyntaxError: the source is no script.
        """

        def parsed() -> Script:
            with collector_paused_for(len(source)):
                return parse_script(source, name, strict=strict)

        if len(source) < WORTH_KEEPING:
            return evaluator.compile_script(parsed(), completion=True)
        key = self._key(source, name, strict, evaluator.metered)
        kept = self._disk.read(key)
        if kept is not None:
            return self._watched(key, self._kept_program(evaluator, kept, source, name))
        program = evaluator.compile_script(parsed(), completion=True)
        self._grown[key] = program.to_keep
        return self._watched(key, program)

    def module(self, evaluator: ProgramCompiler, source: str, name: str) -> Module:
        """A module; a large one with its program, from the disk where it is there.

        Raises:
            GuestSyntaxError: the source is no module.
        """
        if len(source) < WORTH_KEEPING:
            return parse_module(source, name)
        key = self._key(source, name, "module", evaluator.metered)
        kept = self._disk.read(key)
        if kept is not None:
            program = self._kept_program(evaluator, kept[1], source, name)
            node = KeptModule(program, *_entries_of(kept[0]))
        else:
            parsed = parse_module(source, name)
            program = evaluator.compile_module(parsed)
            entries = parsed.requests, parsed.imports, parsed.local_exports, parsed.indirect_exports
            node = KeptModule(program, *entries, parsed.star_exports, parsed.has_top_level_await)
        data = _data_of(node)

        def to_keep() -> tuple[object, ...]:
            return data, program.to_keep()

        if kept is None:
            self._grown[key] = to_keep
        program.on_growth = lambda _: self._grow(key, to_keep)
        return node

    def _watched(self, key: str, program: CompiledProgram) -> CompiledProgram:
        program.on_growth = lambda grown: self._grow(key, grown.to_keep)
        return program

    def _grow(self, key: str, to_keep: Callable[[], tuple[object, ...]]) -> None:
        self._grown[key] = to_keep
        self._growths[key] += 1

    @staticmethod
    def _kept_program(
        evaluator: ProgramCompiler, kept: tuple[object, ...], source: str, name: str
    ) -> CompiledProgram:
        text = script_source(source, name)
        return CompiledProgram.from_kept(kept, text, evaluator.compiler(text))

    def _key(self, source: str, *options: object) -> str:
        if self._keys is None:
            language = Path(__file__).parent.parent
            compiler = fingerprint(language) + fingerprint(language.parent / "host")
            self._keys = CodeCache(compiler)
        return self._keys.key(source, *options)

    def save(self, *, all_grown: bool) -> None:
        """Keep what was compiled since the last time; unless all is wanted, only what is new or has doubled since it was written."""
        for key, to_keep in list(self._grown.items()):
            growth = self._growths[key]
            if all_grown or growth >= 2 * self._written.get(key, 0):
                del self._grown[key]
                self._written[key] = max(growth, 1)
                self._disk.write(key, to_keep())
        if all_grown:
            self._written.clear()
            self._growths.clear()
