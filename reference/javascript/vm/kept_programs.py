"""Compiled scripts on disk: a second start of a large program parses nothing and compiles what was not called before."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lockstep.reference.host.collector import collector_paused
from lockstep.reference.host.generation.code_cache import CodeCache, cache_folder, fingerprint
from lockstep.reference.host.generation.disk_cache import DiskCache
from lockstep.reference.javascript.syntax.parse import parse_script, script_source
from lockstep.reference.javascript.vm.program import CompiledProgram

if TYPE_CHECKING:
    from lockstep.reference.javascript.syntax.ast import Script
    from lockstep.reference.javascript.vm.evaluator import Evaluator

# Scripts of so many characters are kept: those that take a tenth of a second to compile. Few of Test262's are.
WORTH_KEEPING = 64_000


class KeptPrograms:
    """The scripts of one engine, from memory's side: they are kept at the end of a run that compiled functions of them."""

    def __init__(self) -> None:
        self._keys: CodeCache | None = None
        self._disk = DiskCache(cache_folder() / "javascript")
        self._grown: dict[str, CompiledProgram] = {}

    def compiled(self, evaluator: Evaluator, source: str, name: str, strict: bool) -> CompiledProgram:
        """A compiled script, from the disk where it is there.

        Raises:
            GuestSyntaxError: the source is no script.
        """

        def parsed() -> Script:
            with collector_paused():
                return parse_script(source, name, strict=strict)

        if len(source) < WORTH_KEEPING:
            return evaluator.compile_script(parsed(), completion=True)
        key = self._key(source, name, strict, evaluator.metered)
        kept = self._disk.read(key)
        if kept is not None:
            text = script_source(source, name)
            program = CompiledProgram.from_kept(kept, text, evaluator.compiler(text).successor)
        else:
            program = evaluator.compile_script(parsed(), completion=True)
            self._grown[key] = program
        program.on_growth = partial(self._grown.__setitem__, key)
        return program

    def _key(self, source: str, *options: object) -> str:
        if self._keys is None:
            language = Path(__file__).parent.parent
            compiler = fingerprint(language) + fingerprint(language.parent / "host")
            self._keys = CodeCache(compiler)
        return self._keys.key(source, *options)

    def save(self) -> None:
        """Keep what was compiled since the last time."""
        grown, self._grown = self._grown, {}
        for key, program in grown.items():
            self._disk.write(key, program.to_keep())
