"""The pages of a suite in one language: its matrix by folder and by feature, and a page for each folder."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urlencode

from markupsafe import Markup

from lockstep.harness.reports.tables import percent
from lockstep.harness.site.addresses import folder_page, language_page, suite_folder, suite_page, to_root
from lockstep.harness.site.pages.tables import PartView, Row, Table, engine_row, plotted, verdicts_in
from lockstep.harness.site.parts import NOT_RUN, PASS, VERDICT_OF, Folder, Part
from lockstep.harness.site.rendering import render, safe
from lockstep.harness.suites.sources import SOURCES

# The folders of a suite's page are opened up to so many rows.
_ROOMY = 24
_MOST_CAUSES = 12
_LONGEST_REASON = 300
# From such a share on, passes by themselves say little.
_HIGH_FLOOR = 0.5


def suite_page_of(view: PartView, site: object) -> bytes:
    """The first page of a suite."""
    part = view.part
    root = to_root(suite_page(part.language, part.suite))
    causes, number = view.cause_rows(part.top, _MOST_CAUSES, root)
    drawing, lines, told = plotted(part.engines)
    source = SOURCES.get(part.suite)
    return render(
        "suite.html",
        site=site,
        root=root,
        view="suite",
        part=part,
        language_href=language_page(part.language),
        repository=f"{source.repository}/tree/{source.revision}"
        if source is not None and source.revision == part.revision
        else "",
        notes=list(_notes(view)),
        rows=[engine_row(view, place) for place in range(len(part.engines))],
        verdicts=verdicts_in(view.counts),
        idle=b"1" in part.idle,
        table=_table(view, root, list(_folder_rows(view, part.top, _ROOMY))),
        cause_rows=causes,
        cause_count=number,
        drawing=drawing,
        lines=lines,
        points_told=told,
    )


def _notes(view: PartView) -> Iterator[str]:
    part = view.part
    if part.files is None:
        yield (
            "Without sources, features and links: the suite's files in this revision were not at hand when the site was made. "
            "The tests are those that the runs held."
        )
    idle = part.idle.count(b"1")
    measured = idle + part.idle.count(b"0")
    if idle > measured * _HIGH_FLOOR:
        of = (
            "these executions"
            if measured == len(part.idle)
            else f"{measured:,} of these executions of which that is known"
        )
        yield (
            f"An engine that does nothing would pass {percent(idle, measured)} of {of}: "
            "read the shares from there upwards (the tick in each bar)."
        )
    if any(view.part_of(number) for number in range(len(part.engines))):
        yield (
            "Not every engine has run the whole suite. A share is of what an engine ran: a sample says about as much as its size allows, "
            "and is no sum of the suite."
        )


def features_page_of(view: PartView, site: object) -> bytes:
    """The matrix of features."""
    part = view.part
    page = f"{suite_folder(part.language, part.suite)}/features.html"
    root = to_root(page)
    rows = []
    for name, executions in part.features.items():
        cells = [counter.rows(executions) for counter in view.counters]
        address = f"search.html?{urlencode({'q': f'feature:{name}', 'suite': suite_folder(part.language, part.suite)})}"
        rows.append(Row(name, address, len(executions), cells))
    return render(
        "features.html",
        site=site,
        root=root,
        view="suite",
        part=part,
        language_href=language_page(part.language),
        verdicts=verdicts_in(view.counts),
        idle=b"1" in part.idle,
        table=Table("Features", "feature", "executions", root, view.columns(), rows),
    )


def _table(view: PartView, root: str, rows: list[Row]) -> Table:
    return Table("Folders", "folder", "executions", root, view.columns(), rows)


def _folder_rows(view: PartView, folder: Folder, room: int) -> Iterator[Row]:
    """The folders in one; where few are in it, what is in the small ones of them too."""
    children = [_single(child) for child in folder.children.values()]
    left = room - len(children)
    opened: set[str] = set()
    for child in sorted(children, key=lambda one: len(one.children)):
        if child.children and len(child.children) <= left:
            left -= len(child.children)
            opened.add(child.path)
    part = view.part
    skipped = len(folder.path) + 1 if folder.path else 0
    for child in children:
        yield view.row(child.path[skipped:], folder_page(part.language, part.suite, child.path), child)
        if child.path in opened:
            for inner in map(_single, child.children.values()):
                name = inner.path[len(child.path) + 1 :]
                yield view.row(name, folder_page(part.language, part.suite, inner.path), inner, 1)


def _single(folder: Folder) -> Folder:
    """A folder, or where there is one folder in it and nothing else, that."""
    while len(folder.children) == 1 and not folder.own:
        (folder,) = folder.children.values()
    return folder


def folder_page_of(view: PartView, folder: Folder, site: object) -> bytes:
    """The page of a folder: the folders in it, and its tests with what every engine did."""
    part = view.part
    page = folder_page(part.language, part.suite, folder.path) if folder.path else top_tests_page(part)
    root = to_root(page)
    rows = list(_folder_rows(view, folder, 0)) if folder.path else []
    if folder.own:
        rows.append(_own_row(view, folder, "tests directly in it" if folder.children else "its tests"))
    causes, _ = view.cause_rows(folder, _MOST_CAUSES, root) if folder.path else ([], 0)
    names = part.names[folder.first : folder.first + folder.own]
    return render(
        "folder.html",
        site=site,
        root=root,
        view="folder",
        part=part,
        folder=folder,
        language_href=language_page(part.language),
        suite_href=suite_page(part.language, part.suite),
        crumbs=_crumbs(part, folder.path),
        table=_table(view, root, rows),
        verdicts=verdicts_in(view.counts),
        idle=b"1" in part.idle,
        cause_rows=causes,
        engine_names=[engine.name for engine in part.engines],
        tests=names,
        tests_html=_test_rows(view, folder, root),
    )


def top_tests_page(part: Part) -> str:
    """The page of the tests that stand in no folder."""
    return f"{suite_folder(part.language, part.suite)}/in/index.html"


def _own_row(view: PartView, folder: Folder, name: str) -> Row:
    starts = view.part.starts
    last = folder.first + folder.own
    cells = [counter.cases(folder.first, last) for counter in view.counters]
    return Row(name, "", starts[last] - starts[folder.first], cells)


def _crumbs(part: Part, path: str) -> list[tuple[str, str]]:
    found = []
    inside = ""
    for name in path.split("/")[:-1]:
        inside = f"{inside}/{name}" if inside else name
        found.append((name, folder_page(part.language, part.suite, inside)))
    return found


# Not run, pass, skipped, unsupported, fail, error, timeout, crash: of a test's modes the worst is shown.
_BAD = {cell: place for place, cell in enumerate(b" 0651234")}


def worst(cells: bytes) -> int:
    """The worst verdict of a test's modes."""
    return max(cells, key=_BAD.__getitem__)


def _test_rows(view: PartView, folder: Folder, root: str) -> Markup:
    """The rows of the tests that stand directly in a folder: there are so many that no template makes them."""
    numbers = range(folder.first, folder.first + folder.own)
    return Markup("".join(_test_row(view, root, number) for number in numbers))  # noqa: S704  # escaped in it


def _test_row(view: PartView, root: str, number: int) -> str:
    part = view.part
    start, end = part.starts[number], part.starts[number + 1]
    name = part.names[number]
    marks, told = [], ""
    for engine in part.engines:
        snapshot = engine.current
        cells = snapshot.cells[start:end]
        verdict = worst(cells)
        marks.append(_mark(engine.name, verdict, mixed=cells.count(verdict) != len(cells)))
        if not told and verdict not in (PASS, NOT_RUN):
            row = start + cells.index(verdict)
            reason = snapshot.results[row].reason or VERDICT_OF[verdict]
            told = (
                f"{engine.name}: {reason[:_LONGEST_REASON]}"
                if len(part.engines) > 1
                else reason[:_LONGEST_REASON]
            )
    short = name.rpartition("/")[2]
    address = f"{root}{suite_folder(part.language, part.suite)}/test.html#{quote(name, safe='/')}"
    said = f'<span class="told">{safe(told)}</span>' if told else ""
    return f'<tr>{"".join(marks)}<td><a href="{safe(address)}">{safe(short)}</a>{said}</td></tr>\n'


def _mark(engine: str, verdict: int, *, mixed: bool) -> str:
    name = VERDICT_OF.get(verdict, "none")
    said = f"{safe(engine)}: {name if name != 'none' else 'not run'}{', its modes differ' if mixed else ''}"
    kind = "m half" if mixed else "m"
    return f'<td class="{kind}"><svg class="g v-{name}" role="img" aria-label="{said}"><use href="#g-{name}"/></svg></td>'
