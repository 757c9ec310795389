"""Pages that a script fills: a test, two states beside each other, the search."""

from __future__ import annotations

from collections.abc import Sequence

from lockstep.harness.site.addresses import language_page, suite_folder, suite_page, to_root
from lockstep.harness.site.pages.tables import PartView
from lockstep.harness.site.parts import Part
from lockstep.harness.site.rendering import render


def test_page(part: Part, site: object) -> bytes:
    """The page of any test of a part: the address says which."""
    return _page(
        part, site, "test", f"A test of {part.suite}",
        "A test's source and what every engine did with it are unpacked by a script. The pages of folders say without one what failed, and why.",
    )  # fmt: skip


def diff_page(part: Part, site: object) -> bytes:
    """Any two engines, or two states of one, beside each other."""
    return _page(
        part, site, "diff", f"Any two on {part.suite}",
        "Two engines are laid beside each other by a script. The page of an engine says without one what it lost and gained.",
    )  # fmt: skip


def _page(part: Part, site: object, view: str, title: str, noscript: str) -> bytes:
    folder = suite_folder(part.language, part.suite)
    return render(
        "script.html",
        site=site,
        root=to_root(f"{folder}/x"),
        view=view,
        title=title,
        crumbs=[
            (part.language, language_page(part.language)),
            (part.suite, suite_page(part.language, part.suite)),
        ],
        data={"folder": folder, "suite": part.suite, "language": part.language},
        noscript=noscript,
    )


def search_page(views: Sequence[PartView], site: object) -> bytes:
    """The search over all tests."""
    folders = [suite_folder(view.part.language, view.part.suite) for view in views]
    return render(
        "script.html",
        site=site,
        root="",
        view="search",
        title="Search",
        crumbs=[],
        data={"folders": " ".join(folders)},
        noscript="The search needs a script. The pages of suites lead to every folder, and each folder's page to its tests.",
    )
