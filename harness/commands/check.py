"""`lockstep engines check`: what an engine answers to tiny programs, and what Lockstep understands."""

from __future__ import annotations

import sys

from tabulate import tabulate

from lockstep.harness.engine_check import Finding, check_engine, checks_for
from lockstep.harness.engines.registry import resolve
from lockstep.harness.gate import DONE, FAILED, MISSING
from lockstep.harness.languages.descriptor import language_name
from lockstep.harness.model import MissingError
from lockstep.harness.project.file import Project


def check(name: str, project: Project, language: str, profile: str) -> int:
    """Print the truth table of the engine `name`; 1 if something is not understood as it should be."""
    try:
        language = language_name(language, project.languages) if language else ""
        engine = resolve(name, project=project, language=language, profile=profile)
        checks = checks_for(engine.language, project.languages)
        if not checks:
            raise MissingError(
                f"no checks are there for {engine.language}; give it a `print` in lockstep.toml, "
                f"[languages.{engine.language}], to try that it prints"
            )
        if engine.plain is not None:
            print(f"{engine.name}: {engine.language}, profile {engine.plain.profile_name}\n")
        findings = list(check_engine(engine, checks))
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    print(tabulate([_row(one) for one in findings], headers=_HEADERS, maxcolwidths=[24, 48, 48, 6]))
    wrong = [one for one in findings if one.differs]
    for one in wrong:
        print(f"\n{one.check.name}: {one.differs}")
        if one.advice:
            print(f"    in its profile: {one.advice}")
    print(f"\n{len(findings) - len(wrong)} of {len(findings)} are understood as they should be")
    return FAILED if wrong else DONE


_HEADERS = ("program", "the engine answered", "Lockstep understood", "")


def _row(one: Finding) -> list[str]:
    return [one.check.name, one.answered, one.understood, "WRONG" if one.differs else "ok"]
