"""`lockstep compare`: one program on every engine of its language, side by side."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field, replace

from lockstep.harness.comparison import compare_program, differing_part
from lockstep.harness.engines.registry import engines_of, expand_groups, resolve
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.languages.descriptor import language_name
from lockstep.harness.model import MissingError, Outcome
from lockstep.harness.project.file import Project
from lockstep.harness.reports.columns import columns
from lockstep.harness.wording import describe
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits
from lockstep.reference.host.printable import printable
from lockstep.reference.languages import usual_mode

SAME, DIFFERENT, USAGE, MISSING = 0, 1, 2, 3
_WIDEST_LINE = 2000
_WIDEST_CELL = 100
_LINES = 200


@dataclass(frozen=True)
class CompareOptions:
    """What was asked for on the command line.

    Attributes:
        engines: their names; empty for all of the language that are installed.
        project: whose engines are asked too.
        profile: of plain commands.
        coalesce: engines with the same answer share a row.
        unanimous: nothing is printed if all agree.
        source: the program is printed first.
        as_json: the answers are printed as JSON.
    """

    engines: tuple[str, ...] = ()
    project: Project = field(default_factory=Project)
    profile: str = ""
    coalesce: bool = False
    unanimous: bool = False
    source: bool = False
    as_json: bool = False


@dataclass(frozen=True)
class Answer:
    """What one engine made of the program; `differs` names the first thing in which it is not as the first engine's."""

    engine: EngineSpec
    outcome: Outcome
    differs: str = ""


def compare(language: str, program: Program, limits: Limits, options: CompareOptions) -> int:
    """Run one program on engines of a language and show what each does; 1 if two of them differ."""
    try:
        language = language_name(language, options.project.languages)
        engines, left_out = _engines(language, options)
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    strangers = [engine for engine in engines if engine.language != language]
    if strangers:
        sys.stderr.write(f"{strangers[0].name} speaks {strangers[0].language}, not {language}\n")
        return USAGE
    if not engines:
        if not left_out:
            sys.stderr.write(f"no engine of {language} is known here; name one with --engine\n")
        return MISSING
    # As a script: what shells offer, such as `print`, is there on all of them.
    program = replace(program, mode=program.mode or usual_mode(language, program.name))
    answers = _answers(compare_program(engines, program, limits), engines)
    same = not any(answer.differs for answer in answers)
    if not (options.unanimous and same):
        _print(answers, program, options)
    if not same:
        return DIFFERENT
    return MISSING if left_out else SAME


def _engines(language: str, options: CompareOptions) -> tuple[list[EngineSpec], bool]:
    """The engines to ask, and whether one that was named is left out."""
    project = options.project
    names = expand_groups(options.engines, project, lambda: engines_of(language, project))
    found: list[EngineSpec] = []
    left_out = False
    for name in names:
        try:
            found.append(resolve(name, project=project, language=language, profile=options.profile))
        except MissingError as error:
            sys.stderr.write(f"left out: {error}\n")
            left_out = left_out or name in options.engines
    return found, left_out


def _answers(found: list[tuple[str, Outcome]], engines: list[EngineSpec]) -> list[Answer]:
    first = found[0][1]
    answers = []
    for engine, (_, outcome) in zip(engines, found, strict=True):
        part = differing_part(first, outcome, messages=engine.ours and engines[0].ours)
        answers.append(Answer(engine, outcome, "" if part is None else part[0]))
    return answers


def _print(answers: list[Answer], program: Program, options: CompareOptions) -> None:
    if options.as_json:
        print(json.dumps([_row_as_json(answer) for answer in answers], indent=2))
        return
    if options.source:
        print("\n".join(printable(line, _WIDEST_LINE) for line in program.source.split("\n")), end="\n\n")
    rows: dict[object, list[str]] = {}
    for number, answer in enumerate(answers):
        shown = _shown(answer.outcome)
        key = (shown, answer.differs) if options.coalesce else number
        if key in rows:
            rows[key][0] += f"\n{answer.engine.name}"
            rows[key][2] += f"\n{answer.outcome.ms:.1f}"
        else:
            mark = f"differs: {answer.differs}" if answer.differs else ""
            rows[key] = [answer.engine.name, shown, f"{answer.outcome.ms:.1f}", mark]
    print(columns(["engine", "output", "ms", ""], list(rows.values()), _WIDEST_CELL))


def _shown(outcome: Outcome) -> str:
    """What an engine printed, and how the program ended."""
    ending = "" if outcome.completion == "completed" else describe(outcome)
    if outcome.unhandled is not None:
        ending = f"unhandled rejection: {describe(outcome.unhandled)}"
    text = outcome.output.rstrip("\n")
    return "\n".join(piece for piece in (_screenful(text), ending) if piece)


def _screenful(text: str) -> str:
    """The head of what a program wrote, as a terminal can show it."""
    lines = text.split("\n")
    shown = [printable(line, _WIDEST_LINE) for line in lines[:_LINES]]
    if len(lines) > _LINES:
        shown.append(f"… ({len(lines):,} lines)")
    return "\n".join(shown)


def _row_as_json(answer: Answer) -> dict[str, object]:
    outcome = answer.outcome
    return {
        "engine": answer.engine.name,
        "language": answer.engine.language,
        "completion": outcome.completion,
        "phase": outcome.phase,
        "error": printable(outcome.error),
        "message": printable(outcome.message),
        "output": printable(outcome.output),
        "ms": round(outcome.ms, 3),
        "differs": answer.differs,
    }
