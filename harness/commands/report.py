"""`lockstep report`: a recorded run as a page, a summary or JUnit XML."""

from __future__ import annotations

import sys
from pathlib import Path

from lockstep.harness.model import Result
from lockstep.harness.reports.junit import write_junit
from lockstep.harness.reports.page import write_page
from lockstep.harness.reports.summary import write_summary
from lockstep.harness.reports.tables import count_by_suite, counts_table
from lockstep.harness.store.record import RecordError, read_run
from lockstep.harness.store.status import Changes, compare_with_status, read_status
from lockstep.harness.store.yaml_file import YamlError

DONE, USAGE = 0, 2


def report(record: Path, html: Path | None, junit: Path | None, summary: Path | None) -> int:
    """Write what was asked for of a recorded run, and print its table; 2 if it cannot be read."""
    try:
        run = read_run(record)
        results = list(run.results.values())
        revisions: dict[str, str] = run.header["revision"]
        if not run.complete:
            sys.stderr.write(f"{record} is partial: it has no footer\n")
        if html is not None:
            write_page(html, results, run.header)
        if junit is not None:
            write_junit(junit, results)
        if summary is not None:
            write_summary(summary, results, _changes(results, revisions))
    except (RecordError, YamlError) as error:
        sys.stderr.write(f"{error}\n")
        return USAGE
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
        return USAGE
    print(counts_table(count_by_suite(results)))
    return DONE


def _changes(results: list[Result], revisions: dict[str, str]) -> Changes:
    return compare_with_status(results, {name: read_status(name) for name in revisions}, revisions)
