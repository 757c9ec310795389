"""The CI workflows and the shell scripts beside them, from templates."""

from __future__ import annotations

from pathlib import Path

from lockstep.harness.project.init.findings import Findings

_TEMPLATES = Path(__file__).with_name("templates")
# Machines that share a run; a suite of a few hundred files needs no more than one.
_SHARDS = 4
_FEW_FILES = 500

SCRIPT = "ci/conformance.sh"
WORKFLOW = ".github/workflows/conformance.yml"
SITE_SCRIPT = "ci/site.sh"
SITE_WORKFLOW = ".github/workflows/site.yml"
# A project that names a public suite fetches it here: there is none in a first draft.
_FETCH = "      # - run: lockstep suites fetch test262\n"


def script() -> str:
    """The text of the script: it needs nothing but `lockstep`."""
    return (_TEMPLATES / "conformance.sh").read_text("utf-8")


def workflow(found: Findings) -> str:
    """The text of the workflow: builds what is here, runs the shards, joins them, judges the whole."""
    number = _SHARDS if sum(one.number for one in found.tests) > _FEW_FILES else 1
    build = f"      - name: Build the engine\n        run: {found.build}\n" if found.build else ""
    text = (_TEMPLATES / "conformance.yml").read_text("utf-8")
    for place, value in (
        ("@SHARDS@", ", ".join(map(str, range(1, number + 1)))),
        ("@NUMBER@", str(number)),
        ("@BUILD@", build),
        ("@FETCH@", _FETCH),
    ):
        text = text.replace(place, value)
    return text


def site_script() -> str:
    """The text of the script that builds the site."""
    return (_TEMPLATES / "site.sh").read_text("utf-8")


def site_workflow() -> str:
    """The text of the workflow that publishes it on GitHub Pages."""
    return (_TEMPLATES / "site.yml").read_text("utf-8").replace("@FETCH@", _FETCH)
