"""Which executions a run holds: suites, engines, filters, features, shards."""

from __future__ import annotations

import fnmatch
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.model import Case, MissingError, Suite


@dataclass(frozen=True)
class Selection:
    """Conditions on cases; all must hold.

    Attributes:
        filters: globs over case ids (`*` also matches `/`); without a wildcard a case or folder. Any may match.
        features: names, any of which the case must carry.
        shard: (K, N): the K-th of N parts, by a hash of the case's id that never changes.
        sample: run about one case in so many, chosen by the same hash.
        excluded: globs as in `filters`; none may match.
        flags: names, any of which the case must have as a flag.
        rerun: what of an earlier run was to be run again; that condition is on executions, so it is not seen to here.
    """

    filters: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    shard: tuple[int, int] | None = None
    sample: int = 1
    excluded: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    rerun: str = ""

    def __str__(self) -> str:
        """The options of the command line that say it; "" for all cases."""
        words = [f"--filter {pattern}" for pattern in self.filters]
        words += [f"--exclude {pattern}" for pattern in self.excluded]
        words += [f"--feature {name}" for name in self.features]
        words += [f"--flags {name}" for name in self.flags]
        if self.shard is not None:
            words.append(f"--shard {self.shard[0]}/{self.shard[1]}")
        if self.sample > 1:
            words.append(f"--sample {self.sample}")
        if self.rerun:
            words.append(f"--rerun {self.rerun}")
        return " ".join(words)

    @property
    def partial(self) -> bool:
        """Whether some cases may be left out."""
        return bool(str(self))

    @cached_property
    def _filters(self) -> list[Callable[[str], object]]:
        return [_matcher(pattern) for pattern in self.filters]

    @cached_property
    def _exclusions(self) -> list[Callable[[str], object]]:
        return [_matcher(pattern) for pattern in self.excluded]

    def admits(self, case: Case) -> bool:
        """Whether `case` is in the selection."""
        if self.filters and not any(matches(case.id) for matches in self._filters):
            return False
        if any(matches(case.id) for matches in self._exclusions):
            return False
        if self.flags and not set(self.flags) & set(case.flags):
            return False
        if self.features and not set(self.features) & set(case.features):
            return False
        if self.shard is not None and stable_hash(case.id) % self.shard[1] != self.shard[0] - 1:
            return False
        return self.sample <= 1 or stable_hash(f"sample {case.id}") % self.sample == 0


def _matcher(pattern: str) -> Callable[[str], object]:
    """Tells whether an id matches a glob, or is that case or in that folder."""
    if any(character in pattern for character in "*?["):
        return re.compile(fnmatch.translate(pattern)).match
    folder = pattern.rstrip("/") + "/"
    return lambda identifier: identifier == pattern or identifier.startswith(folder)


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
    """The executions of a run, engine by engine.

    Attributes:
        executions: what is to be run.
        missing: what cannot be: a sentence for each suite or engine that is not there.
        revisions: suite -> its revision, for the suites that are there.
        names: what filters and features could have named: ids of cases, their folders, features.
        matched: whether they named any case, be it one that a shard or sample left out.
        asked: the names of all engines, also of those that have nothing to run.
        strangers: a sentence for each engine that speaks no language of the cases.
    """

    executions: tuple[Execution, ...]
    missing: tuple[str, ...]
    revisions: dict[str, str]
    names: frozenset[str] = frozenset()
    matched: bool = True
    asked: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()

    @property
    def engines(self) -> list[EngineSpec]:
        """The engines that have something to run."""
        return list({one.engine.name: one.engine for one in self.executions}.values())


def slowest_first(
    executions: Sequence[Execution], times: Mapping[tuple[str, str, str, str], float]
) -> tuple[Execution, ...]:
    """The executions with those that are known to take long in front, engine by engine.

    So that no long one is begun last, while the other processes have nothing left to do.
    """
    groups: dict[str, list[Execution]] = {}
    for one in executions:
        groups.setdefault(one.engine.name, []).append(one)

    def time_of(one: Execution) -> float:
        return times.get((one.suite.name, one.case.id, one.mode, one.engine.name), 0.0)

    return tuple(one for group in groups.values() for one in sorted(group, key=time_of, reverse=True))


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
    names: set[str] = set()
    spoken: set[str] = set()
    matched = False
    named = replace(selection, shard=None, sample=1)
    for suite in suites:
        try:
            every = suite.cases()
        except MissingError as error:
            missing.append(str(error))
            continue
        cases = [case for case in every if selection.admits(case)]
        matched = matched or bool(cases) or any(named.admits(case) for case in every)
        if not cases:
            for case in every:
                names.update((case.id, case.folder, *case.features, *case.flags))
        revisions[suite.name] = suite.revision
        for engine in (*engines, *extra(suite.name)):
            lane = by_engine.setdefault(engine.name, [])
            lane.extend(
                Execution(suite, case, mode, engine)
                for case in cases
                if case.language == engine.language
                for mode in case.modes
            )
        spoken.update(case.language for case in cases)
    executions = tuple(one for lane in by_engine.values() for one in lane)
    strangers = tuple(
        f"{engine.name} speaks {engine.language}, the cases are {', '.join(sorted(spoken))}"
        for engine in engines
        if spoken and engine.language not in spoken
    )
    return Plan(executions, tuple(missing), revisions, frozenset(names), matched, tuple(by_engine), strangers)
