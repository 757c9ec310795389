"""The smallest program that still shows a difference between two engines: delta debugging, by Lithium."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from lithium.strategies import Minimize, MinimizeBalancedPairs, Strategy
from lithium.testcases import Testcase, TestcaseChar, TestcaseLine, TestcaseSymbol

from lockstep.reference.host.engine import Program

Passes = tuple[tuple[type[Testcase], type[Strategy]], ...]

# Coarse pieces first: whole lines and blocks, then parts of lines, then characters.
_PASSES: Passes = (
    (TestcaseLine, Minimize),
    (TestcaseLine, MinimizeBalancedPairs),
    (TestcaseSymbol, Minimize),
    (TestcaseSymbol, MinimizeBalancedPairs),
    (TestcaseChar, Minimize),
)
#: Lines alone, for programs that are read.
LINES: Passes = ((TestcaseLine, Minimize),)


class Reduction:
    """The reduction of one program.

    Args:
        program: a program on which two engines differ.
        keeps: whether a program still shows that difference.
        report: told the size in characters each time the program got smaller.
        passes: what is taken away, coarse pieces first.

    Attributes:
        best: the smallest program so far; it is there too when the work is interrupted.
    """

    def __init__(
        self,
        program: Program,
        keeps: Callable[[Program], bool],
        report: Callable[[int], object] = lambda _: None,
        passes: Passes = _PASSES,
    ) -> None:
        self._passes = passes
        self.best = program
        self._keeps = keeps
        self._report = report
        self._known: dict[str, bool] = {}

    def run(self) -> Program:
        """Reduce until no pass makes the program smaller; the smallest program."""
        while True:
            before = self.best.source
            for split, strategy in self._passes:
                self._pass(split(), strategy())
            if self.best.source == before:
                return self.best

    def _pass(self, testcase: Testcase, strategy: Strategy) -> None:
        if isinstance(testcase, TestcaseChar):
            # Characters, where Lithium would take bytes.
            testcase.parts = [_encoded(character) for character in self.best.source]
            testcase.reducible = [True] * len(testcase.parts)
        else:
            testcase.split_parts(_encoded(self.best.source))
        if not testcase:
            return
        attempts = strategy.reduce(testcase)
        for attempt in attempts:
            source = _decoded(b"".join(attempt.parts))
            kept = self._kept(source)
            attempts.feedback(kept)
            if kept and len(source) < len(self.best.source):
                self.best = replace(self.best, source=source)
                self._report(len(source))

    def _kept(self, source: str) -> bool:
        known = self._known.get(source)
        if known is None:
            known = self._known[source] = self._keeps(replace(self.best, source=source))
        return known


def _encoded(source: str) -> bytes:
    return source.encode("utf-8", "surrogateescape")


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
