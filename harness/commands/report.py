"""`lockstep report`: recorded runs as a page, a summary or JUnit XML."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lockstep.harness.commands.joining import recorded
from lockstep.harness.commands.judging import say
from lockstep.harness.project.file import Project
from lockstep.harness.records.record import RecordError
from lockstep.harness.reports.files import Reports, shared, unwritable
from lockstep.harness.reports.places import Places
from lockstep.harness.reports.tables import count_by_suite, counts_table, floors_by_suite, run_notes
from lockstep.harness.status.yaml_file import YamlError

DONE, USAGE, MISSING = 0, 2, 3


def report(records: Sequence[Path], reports: Reports, project: Project) -> int:
    """Write what was asked for of recorded runs, and print their table; 2 if one cannot be read or written."""
    bad = unwritable(reports.paths) or shared([*records, *reports.paths])
    if bad:
        say(bad)
        return USAGE
    try:
        found = recorded(records, project)
        changes = found.changes(history=False)
    except RecordError as error:
        say(str(error))
        return USAGE
    except YamlError as error:
        say(str(error))
        return MISSING
    run = found.run
    results = list(run.results.values())
    problems = list(reports.write(results, run.header, changes, run.scope, Places(found.suites)))
    for problem in problems:
        say(problem)
    print(counts_table(count_by_suite(results), floors_by_suite(results)))
    for note in run_notes(results, run.scope):
        print(note)
    return USAGE if problems else DONE
