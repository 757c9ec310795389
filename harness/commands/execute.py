"""`lockstep exec --engine`: one program on engines that are not ours, what it prints as it is."""

from __future__ import annotations

import sys
from dataclasses import replace

from lockstep.harness.comparison import compare_program
from lockstep.harness.engines.registry import engines_of, expand_groups, resolve
from lockstep.harness.languages.descriptor import language_name
from lockstep.harness.model import MissingError, Outcome
from lockstep.harness.project.file import Project
from lockstep.harness.wording import describe
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits
from lockstep.reference.host.printable import printable
from lockstep.reference.languages import usual_mode

DONE, GUEST_ERROR, MISSING = 0, 1, 3


def execute_on(
    language: str, names: tuple[str, ...], program: Program, limits: Limits, project: Project, profile: str
) -> int:
    """Run `program` on each engine; its output to standard output, its error to standard error; 1 if one ends in an error."""
    try:
        language = language_name(language, project.languages)
        engines = [
            resolve(name, project=project, language=language, profile=profile)
            for name in expand_groups(names, project, lambda: engines_of(language, project))
        ]
        if not engines:
            raise MissingError(f"no engine of {language} is left; name one with --engine")
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    program = replace(program, mode=program.mode or usual_mode(language, program.name))
    status = DONE
    for name, outcome in compare_program(engines, program, limits):
        if len(engines) > 1:
            print(f"#### {name}", flush=True)
        sys.stdout.buffer.write(outcome.output.encode("utf-8", "surrogateescape"))
        sys.stdout.flush()
        if outcome.completion != "completed":
            sys.stderr.write(f"{_ending(outcome)}\n")
            status = GUEST_ERROR
    return status


def _ending(outcome: Outcome) -> str:
    detail = describe(outcome)
    return printable(
        f"{detail}: {outcome.message}" if outcome.completion != "threw" and outcome.message else detail
    )
