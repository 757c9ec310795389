"""`lockstep report`: a recorded run as a page, a summary or JUnit XML."""

from __future__ import annotations

import sys
from pathlib import Path

from lockstep.harness.model import Result
from lockstep.harness.reports.junit import write_junit
from lockstep.harness.reports.page import write_page
from lockstep.harness.reports.summary import write_summary
from lockstep.harness.reports.tables import count_by_suite, counts_table, floors_by_suite, run_notes
from lockstep.harness.store.changes import Changes, compare_with_status
from lockstep.harness.store.record import RecordError, read_run
from lockstep.harness.store.status import read_status
from lockstep.harness.store.yaml_file import YamlError

DONE, USAGE, MISSING = 0, 2, 3


def report(record: Path, html: Path | None, junit: Path | None, summary: Path | None) -> int:
    """Write what was asked for of a recorded run, and print its table; 2 if it cannot be read."""
    try:
        run = read_run(record)
        results = list(run.results.values())
        revisions: dict[str, str] = run.header["revision"]
        if html is not None:
            write_page(html, results, run.header, run.scope)
        if junit is not None:
            write_junit(junit, results, run.scope)
        if summary is not None:
            write_summary(summary, results, _changes(results, revisions), run.scope)
    except RecordError as error:
        sys.stderr.write(f"{error}\n")
        return USAGE
    except YamlError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    except OSError as error:
        sys.stderr.write(f"{error.filename}: cannot be written: {error.strerror}\n")
        return USAGE
    print(counts_table(count_by_suite(results), floors_by_suite(results)))
    for note in run_notes(results, run.scope):
        print(note)
    return DONE


def _changes(results: list[Result], revisions: dict[str, str]) -> Changes:
    return compare_with_status(results, {name: read_status(name) for name in revisions}, revisions)
