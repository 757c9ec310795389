"""`lockstep reduce`: the smallest program on which two engines still differ in the same way."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from tabulate import tabulate

from lockstep.harness.engines.registry import resolve
from lockstep.harness.extras import how_to_install
from lockstep.harness.model import MissingError, Outcome
from lockstep.harness.pair import Pair
from lockstep.harness.project.file import Project
from lockstep.harness.suites import open_suite
from lockstep.harness.wording import describe
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits

DONE, SAME, USAGE, MISSING, INTERRUPTED = 0, 1, 2, 3, 130


def program_of_case(name: str, project: Project) -> Program:
    """The program of a suite's case, named `SUITE:CASE` or `SUITE:CASE@MODE`.

    Raises:
        MissingError: there is no such suite, case or mode.
    """
    suite_name, _, rest = name.partition(":")
    suite = open_suite(suite_name, project)
    for case in suite.cases():
        if case.id == rest:
            return suite.task(case, case.modes[0]).program
        for mode in case.modes:
            if f"{case.id}@{mode}" == rest:
                return suite.task(case, mode).program
    raise MissingError(f"suite {suite_name} has no case '{rest}'")


def reduce(
    left_name: str, right_name: str, program: Program, limits: Limits, output: Path | None, project: Project
) -> int:
    """Reduce `program` and print it, or write it to `output`; 1 if the engines agree on it."""
    try:
        from lockstep.harness.reduction import Reduction  # needs the extra `reduce`
    except ImportError as error:
        sys.stderr.write(f"{error.name} is not installed; {how_to_install('reduce')}\n")
        return MISSING
    logging.getLogger("lithium").setLevel(logging.WARNING)
    try:
        left, right = (resolve(name, project=project) for name in (left_name, right_name))
    except MissingError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    if left.language != right.language:
        sys.stderr.write(f"{left.name} speaks {left.language}, {right.name} speaks {right.language}\n")
        return USAGE
    size = len(program.source)
    with Pair(left, right, limits) as pair:
        first = pair.compare(program)
        if first.signature is None:
            sys.stderr.write("the engines agree on this program: nothing to reduce\n")
            return SAME
        work = Reduction(
            program,
            lambda one: pair.compare(one).signature == first.signature,
            lambda now: _progress(size, now, pair.runs),
        )
        code = DONE
        try:
            work.run()
        except KeyboardInterrupt:
            sys.stderr.write("\ninterrupted; this is the smallest program so far")
            code = INTERRUPTED
        _progress(size, len(work.best.source), pair.runs)
        sys.stderr.write("\n")
        if code == DONE:
            last = pair.compare(work.best)
            sys.stderr.write(_outcomes(left.name, last.left, right.name, last.right) + "\n")
    source = work.best.source
    if output is None:
        print(source, end="" if source.endswith("\n") else "\n")
    else:
        output.write_text(source, "utf-8", errors="surrogateescape")
        sys.stderr.write(f"wrote {output}\n")
    return code


def _progress(before: int, now: int, runs: int) -> None:
    end = "" if sys.stderr.isatty() else "\n"
    start = "\r" if sys.stderr.isatty() else ""
    sys.stderr.write(f"{start}{before} -> {now} characters, {runs} programs tried{end}")
    sys.stderr.flush()


def _outcomes(left_name: str, left: Outcome, right_name: str, right: Outcome) -> str:
    rows = []
    for name, outcome in ((left_name, left), (right_name, right)):
        ending = "" if outcome.completion == "completed" else describe(outcome)
        rows.append([name, "\n".join(part for part in (outcome.output.rstrip("\n"), ending) if part)])
    return tabulate(rows, headers=["engine", "output"], disable_numparse=True, maxcolwidths=[None, 100])
