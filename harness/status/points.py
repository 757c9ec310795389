"""Points: parts of cases that have a verdict of their own, and ids of the form `CASE#POINT`; no suite lists them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from lockstep.harness.model import Case, Result


def case_of_point(name: str, cases: Container[str]) -> str:
    """The case whose point `name` is; "" if it is none's."""
    return next((case for case in cases_before(name) if case in cases), "")


def cases_before(name: str) -> Iterator[str]:
    """What could be the case whose point `name` is: a file's name may have the sign too."""
    place = name.find("#")
    while place >= 0:
        yield name[:place]
        place = name.find("#", place + 1)


def points_of(results: Iterable[Result], cases: Mapping[str, Case]) -> dict[str, dict[str, list[str]]]:
    """Engine -> case -> its points, of results whose cases the suite does not list."""
    found: dict[str, dict[str, list[str]]] = {}
    for result in results:
        case = "" if result.case in cases else case_of_point(result.case, cases)
        if case:
            names = found.setdefault(result.engine, {}).setdefault(case, [])
            name = result.case[len(case) + 1 :]
            if name not in names:
                names.append(name)
    return found


def laid_over(
    known: Mapping[str, Mapping[str, object]],
    now: Mapping[str, Mapping[str, list[str]]],
    ran: Mapping[str, Container[str]],
    cases: Container[str],
) -> dict[str, dict[str, list[str]]]:
    """What is known of points, with what a run saw laid over it: a case that ran has the points that it had now.

    Args:
        known: engine -> case -> its points, before.
        now: the same, of the run.
        ran: engine -> cases that it ran.
        cases: those of the suite.
    """
    merged: dict[str, dict[str, list[str]]] = {}
    for engine in sorted({*known, *now}):
        before = {
            case: [str(name) for name in names]
            for case, names in known.get(engine, {}).items()
            if case in cases and case not in ran.get(engine, ()) and isinstance(names, list)
        }
        found = {**before, **now.get(engine, {})}
        if found:
            merged[engine] = dict(sorted(found.items()))
    return merged
