"""Which executions a run holds: suites, engines, filters, features, shards."""

from __future__ import annotations

import fnmatch
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lockstep.harness.engines.registry import EngineSpec
from lockstep.harness.model import Case, MissingError, Suite


@dataclass(frozen=True)
class Selection:
    """Conditions on cases; all must hold.

    Attributes:
        filters: globs over case ids (`*` also matches `/`); without a wildcard a case or folder. Any may match.
        features: names, any of which the case must carry.
        shard: (K, N): the K-th of N parts, by a hash of the case's id that never changes.
        sample: run about one case in so many, chosen by the same hash.
    """

    filters: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    shard: tuple[int, int] | None = None
    sample: int = 1

    @property
    def partial(self) -> bool:
        """Whether some cases may be left out."""
        return bool(self.filters or self.features or self.shard or self.sample > 1)

    def admits(self, case: Case) -> bool:
        """Whether `case` is in the selection."""
        if self.filters and not any(_matches(case.id, pattern) for pattern in self.filters):
            return False
        if self.features and not set(self.features) & set(case.features):
            return False
        if self.shard is not None and stable_hash(case.id) % self.shard[1] != self.shard[0] - 1:
            return False
        return self.sample <= 1 or stable_hash(f"sample {case.id}") % self.sample == 0


def _matches(identifier: str, pattern: str) -> bool:
    if any(character in pattern for character in "*?["):
        return fnmatch.fnmatchcase(identifier, pattern)
    return identifier == pattern or identifier.startswith(pattern.rstrip("/") + "/")


def stable_hash(text: str) -> int:
    """A number that depends on `text` alone, on every machine and in every year."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")


def parse_shard(text: str) -> tuple[int, int]:
    """Read `K/N`.

    Raises:
        ValueError: it is not two numbers with 1 <= K <= N.
    """
    first, slash, second = text.partition("/")
    if not slash or not first.isdigit() or not second.isdigit() or not 1 <= int(first) <= int(second):
        raise ValueError(f"a shard is written K/N with 1 <= K <= N, for instance 1/4, not '{text}'")
    return int(first), int(second)


@dataclass(frozen=True)
class Execution:
    """One case in one mode on one engine."""

    suite: Suite
    case: Case
    mode: str
    engine: EngineSpec

    @property
    def runs(self) -> bool:
        """Whether an engine is asked at all."""
        return not self.case.skip


@dataclass(frozen=True)
class Plan:
    """The executions of a run, engine by engine, and what could not be planned."""

    executions: tuple[Execution, ...]
    missing: tuple[str, ...]
    revisions: dict[str, str]


def plan(
    suites: Iterable[Suite],
    engines: Sequence[EngineSpec],
    selection: Selection,
    extra: Callable[[str], Sequence[EngineSpec]] = lambda _: (),
) -> Plan:
    """Pair the selected cases of each suite with every engine that speaks their language.

    Suites that are missing are named in the plan, with how to get them.
    """
    missing: list[str] = []
    revisions: dict[str, str] = {}
    by_engine: dict[str, list[Execution]] = {}
    for suite in suites:
        try:
            cases = [case for case in suite.cases() if selection.admits(case)]
        except MissingError as error:
            missing.append(str(error))
            continue
        revisions[suite.name] = suite.revision
        for engine in (*engines, *extra(suite.name)):
            lane = by_engine.setdefault(engine.name, [])
            lane.extend(
                Execution(suite, case, mode, engine)
                for case in cases
                if case.language == engine.language
                for mode in case.modes
            )
    return Plan(tuple(one for lane in by_engine.values() for one in lane), tuple(missing), revisions)
