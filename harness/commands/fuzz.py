"""`lockstep fuzz`: programs that nobody wrote, on engines; what differs, by cause, made small."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tabulate import tabulate

from lockstep.harness.causes import Group, grouped
from lockstep.harness.engines.registry import engines_of, expand_groups, resolve
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.fuzzing.grammar import Grammar, read_grammar, shipped_grammar
from lockstep.harness.fuzzing.reducing import Reduced, keep, reduced
from lockstep.harness.fuzzing.search import Cause, Finding, Hunt, Tally, search
from lockstep.harness.languages.descriptor import language_name
from lockstep.harness.model import MissingError, Outcome, UnknownNameError
from lockstep.harness.project.file import Project
from lockstep.harness.wording import describe
from lockstep.reference.host.limits import Limits
from lockstep.reference.host.printable import printable

SAME, DIFFERENT, USAGE, MISSING, INTERRUPTED = 0, 1, 2, 3, 130
_PROGRESS_SECONDS = 5.0
_SHOWN_CAUSES = 20
_LINES_BEFORE, _LINES_BEHIND = 2, 4
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class FuzzOptions:
    """What was asked for on the command line.

    Attributes:
        engines: that are searched; empty for ours.
        against: that they are held against; empty for the first of the language that is installed.
        grammar: a file, in place of the one that is shipped.
        weights: of features.
        programs: how many at most.
        reduce_seconds: for the smallest program of each cause; 0 to leave them as they are.
        kept: the folder for cases; None to write none.
    """

    project: Project
    engines: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    profile: str = ""
    grammar: Path | None = None
    weights: Mapping[str, int] = field(default_factory=dict)
    seed: int = 0
    seconds: float = 60.0
    programs: int | None = None
    reduce_seconds: float = 20.0
    kept: Path | None = None
    as_json: bool = False
    workers: int = 2


def fuzz(language: str, limits: Limits, options: FuzzOptions) -> int:
    """Search, group by cause, reduce, print; 1 if anything differs."""
    try:
        language = language_name(language, options.project.languages)
        grammar = _grammar(language, options)
        against, engines = _engines(language, options)
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return USAGE if isinstance(error, UnknownNameError) else MISSING
    mode = "script" if language == "javascript" else ""
    hunt = Hunt(
        grammar, against, engines, options.seed, limits, options.weights, mode, options.workers, _told
    )
    names = ", ".join(engine.name for engine in engines)
    _told(f"seed {options.seed}: {names} against {', '.join(one.name for one in against)}")
    tally = Tally()
    code = _searched(hunt, tally, options)
    groups = grouped(
        tally.findings, lambda one: one.cause, lambda one: (len(one.program.source), str(one.number))
    )
    small: dict[Cause, Reduced] = {}
    if options.reduce_seconds and code != INTERRUPTED:
        code = _reduce(groups, hunt, options, small) or code
    if not options.as_json:
        _print(groups, small, tally)
    else:
        print(json.dumps(_as_json(hunt, tally, groups, small), indent=2))
    if options.kept is not None and small:
        try:
            _keep(language, small, hunt, options, options.kept)
        except OSError as error:
            _told(f"{error.filename}: cannot be written: {error.strerror}")
            return USAGE
    if tally.programs == 0 and code == SAME:
        return MISSING
    return code or (DIFFERENT if tally.findings else SAME)


def show_program(language: str, number: int, options: FuzzOptions) -> int:
    """Print the program of a number."""
    try:
        grammar = _grammar(language_name(language, options.project.languages), options)
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    print(Hunt(grammar, (), (), options.seed, Limits(), options.weights).program(number).source, end="")
    return SAME


def list_features(language: str, options: FuzzOptions) -> int:
    """Print the features of the language's grammar."""
    try:
        grammar = _grammar(language_name(language, options.project.languages), options)
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    print(tabulate(sorted(grammar.features().items()), headers=["feature", "productions"]))
    return SAME


def _grammar(language: str, options: FuzzOptions) -> Grammar:
    if options.grammar is not None:
        grammar: Grammar | None = read_grammar(options.grammar)
    else:
        grammar = shipped_grammar(language)
    if grammar is None:
        raise MissingError(
            f"no grammar of {language} is shipped: name a file with --grammar (docs/fuzzing.md)"
        )
    unknown = sorted(set(options.weights) - set(grammar.features()))
    if unknown:
        raise UnknownNameError(
            f"no feature {', '.join(unknown)}; there are: {', '.join(sorted(grammar.features()))}"
        )
    return grammar


def _engines(language: str, options: FuzzOptions) -> tuple[list[EngineSpec], list[EngineSpec]]:
    """The engines to hold against, and those to search."""
    project = options.project

    def resolved(names: Sequence[str]) -> list[EngineSpec]:
        found = [
            resolve(name, project=project, language=language, profile=options.profile)
            for name in expand_groups(names, project)
        ]
        for engine in found:
            if engine.language != language:
                raise UnknownNameError(f"{engine.name} speaks {engine.language}, not {language}")
        return found

    known = engines_of(language, project)
    ours = [name for name in known if name.startswith(f"{language}:")]
    engines = resolved(options.engines or ours)
    if options.against:
        against = resolved(options.against)
    else:
        against = _first_installed([name for name in known if name not in ours], resolved, engines)
    searched = [engine for engine in engines if engine.name not in {one.name for one in against}]
    if not searched:
        raise MissingError(f"two engines of {language} are needed: name others with --engine and --against")
    return against, searched


def _first_installed(names: Sequence[str], resolved: Any, engines: list[EngineSpec]) -> list[EngineSpec]:
    """The first of `names` that is here; else the first engine, which the others are held against then."""
    for name in names:
        if name in {engine.name for engine in engines}:
            continue
        try:
            return list(resolved([name]))
        except MissingError as error:
            _told(f"left out: {error}")
    return engines[:1]


def _searched(hunt: Hunt, tally: Tally, options: FuzzOptions) -> int:
    next_line = time.monotonic() + _PROGRESS_SECONDS
    begun = time.monotonic()
    try:
        with closing(search(hunt, tally, options.programs, options.seconds)) as findings:
            for _ in findings:
                if time.monotonic() > next_line:
                    next_line = time.monotonic() + _PROGRESS_SECONDS
                    _told(_progress(tally, time.monotonic() - begun))
    except KeyboardInterrupt:
        _told("interrupted; what was found so far:")
        return INTERRUPTED
    return SAME


def _progress(tally: Tally, seconds: float) -> str:
    causes = len({one.cause for one in tally.findings})
    return f"{tally.programs} programs in {seconds:.0f} s, {len(tally.findings)} differ, {causes} causes"


def _reduce(
    groups: Sequence[Group[Cause, Finding]], hunt: Hunt, options: FuzzOptions, small: dict[Cause, Reduced]
) -> int:
    for group in groups[:_SHOWN_CAUSES]:
        size = len(group.example.program.source)
        try:
            one = reduced(group.example, hunt, options.reduce_seconds)
        except KeyboardInterrupt:
            _told("interrupted; what is left stays as it is")
            return INTERRUPTED
        small[group.cause] = one
        _told(f"{group.cause.engine}, {group.cause}: {size} -> {len(one.program.source)} characters")
    return SAME


def _print(groups: Sequence[Group[Cause, Finding]], small: Mapping[Cause, Reduced], tally: Tally) -> None:
    for group in groups[:_SHOWN_CAUSES]:
        one = small.get(group.cause)
        print(
            f"--- {group.cause.engine}, {group.cause} ({len(group.members)} programs, the smallest is number {group.example.number})"
        )
        if one is None:
            print(f"wanted {group.example.wanted}\nseen   {group.example.seen}\n")
            continue
        print("\n".join(printable(line, 2000) for line in one.program.source.rstrip("\n").split("\n")))
        first = _first_difference(one.right.output, one.wrong.output)
        rows = [["right", _shown(one.right, first)], [group.cause.engine, _shown(one.wrong, first)]]
        print(tabulate(rows, tablefmt="plain", disable_numparse=True), end="\n\n")
    if len(groups) > _SHOWN_CAUSES:
        print(f"... and {len(groups) - _SHOWN_CAUSES} causes more")
    engines = sorted({one.cause.engine for one in tally.findings})
    counts = [
        [
            name,
            sum(one.cause.engine == name for one in tally.findings),
            sum(group.cause.engine == name for group in groups),
        ]
        for name in engines
    ]
    if counts:
        print(tabulate(counts, headers=["engine", "programs that differ", "causes"]))
    print(
        f"{tally.programs} programs, {tally.undecided} undecided, {tally.refused} do not parse, {len(tally.findings)} differences, {len(groups)} causes"
    )


def _first_difference(left: str, right: str) -> int:
    """The first line in which two outputs differ, from 0 on."""
    pairs = zip(left.splitlines(), right.splitlines(), strict=False)
    return next((number for number, (one, other) in enumerate(pairs) if one != other), 0)


def _shown(outcome: Outcome, first: int) -> str:
    """The end of an outcome and the lines of its output from a little before line `first` on."""
    lines = outcome.output.splitlines()
    start = max(0, first - _LINES_BEFORE)
    shown = [f"... {start} lines"] if start else []
    shown += [printable(line, 500) for line in lines[start : first + _LINES_BEHIND]]
    if len(lines) > first + _LINES_BEHIND:
        shown.append(f"... {len(lines) - first - _LINES_BEHIND} lines more")
    return "\n".join([*shown, *([] if outcome.completion == "completed" else [describe(outcome)])])


def _as_json(
    hunt: Hunt, tally: Tally, groups: Sequence[Group[Cause, Finding]], small: Mapping[Cause, Reduced]
) -> dict[str, object]:
    return {
        "seed": hunt.seed,
        "against": [engine.name for engine in hunt.against],
        "engines": [engine.name for engine in hunt.engines],
        "programs": tally.programs,
        "undecided": tally.undecided,
        "refused": tally.refused,
        "causes": [
            {
                "engine": group.cause.engine,
                "part": group.cause.part,
                "detail": group.cause.detail,
                "programs": sorted(one.number for one in group.members),
                "wanted": group.example.wanted,
                "seen": group.example.seen,
                "source": small[group.cause].program.source
                if group.cause in small
                else group.example.program.source,
            }
            for group in groups
        ],
    }


def _keep(
    language: str, small: Mapping[Cause, Reduced], hunt: Hunt, options: FuzzOptions, folder: Path
) -> None:
    descriptor = options.project.languages[language]
    for one in small.values():
        name = _UNSAFE.sub("-", f"{one.finding.engine.name}-{hunt.seed}-{one.finding.number}")
        about = f"{one.finding.engine.name}, {one.finding.cause}; right as {hunt.against[0].name} does it (seed {hunt.seed}, program {one.finding.number})"
        _told(f"wrote {keep(one, descriptor, folder, name, about)}")


def _told(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
