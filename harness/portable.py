"""Outcomes without the folders of one machine, so that they are the same on every other: in judgements, records and golden files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from lockstep.harness.model import Outcome
from lockstep.reference.host.engine import Program


def portable(outcome: Outcome, program: Program) -> Outcome:
    """The outcome of a program that lies in a file, with the program's name wherever it tells its path.

    What it printed is its own, so other files in its folder keep their paths there.
    """
    if program.path is None:
        return outcome
    location = outcome.location
    return replace(
        outcome,
        output=outcome.output.replace(program.path, program.name),
        standard_error=outcome.standard_error.replace(program.path, program.name),
        message=portable_text(outcome.message, program),
        location=location and replace(location, file=portable_text(location.file, program)),
    )


def portable_text(text: str, program: Program) -> str:
    """Text with the folders in which a program lies here taken out."""
    if program.path is None or not text:
        return text
    path, name = PurePath(program.path), PurePath(program.name)
    return text.replace(str(path), str(name)).replace(f"{path.parent}/", f"{name.parent}/")
