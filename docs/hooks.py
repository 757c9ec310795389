"""Hooks of MkDocs: they add the pages that are made of the project's sources, and let links hold in both places."""

from __future__ import annotations

import sys
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from docs.generate import command_page, schema_pages, sources


def on_config(config: MkDocsConfig) -> None:
    """Put the page of every schema into the menu of the reference: those that it does not name below what they are of."""
    menu = next(entry["Reference"] for entry in config.nav or () if "Reference" in entry)
    named = str(menu)
    rest = [page for page in schema_pages.pages() if page not in named]
    if rest:
        menu.insert(-2, {"Data of the site": [{schema_pages.title(page): page} for page in rest]})


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages that are made, and the schemas as files."""
    made = {page: sources.shown_at_the_top(page) for page in sources.AT_THE_TOP}
    made |= {"reference/commands.md": command_page.page(), **schema_pages.pages()}
    for name, text in made.items():
        files.append(File.generated(config, name, content=text))
    for name, path in sources.schema_files().items():
        files.append(File.generated(config, name, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, *, page: Page, **_: object) -> str:
    """Links to what lies outside of `docs/`."""
    return sources.from_docs(page.file.src_uri, markdown)
