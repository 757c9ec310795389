"""A small site of two runs with everything that a site can have, and names that try to break out of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec

from lockstep.harness.messages import EngineRow
from lockstep.harness.model import MissingError, Result, Suite, Verdict
from lockstep.harness.records.record import Run
from lockstep.harness.site.gathering import Inputs, gather
from lockstep.harness.site.site import Site
from tests.harness.small_suite import BEFORE, ENGINES, HEADER, Small, results

EARLIER = "2026-11-20T10:00:00+00:00"
PAYLOAD = "<img src=x onerror=window.hit=1>"
HOSTILE_ENGINE = f"bad</title><script>window.hit=1</script>{PAYLOAD}\"'"
HOSTILE_CASE = f"deep/{PAYLOAD.replace('/', '')} & ..%2f#?'\".js"


def whole_run(
    found: list[Result], engines: tuple[EngineRow, ...] = ENGINES, started: str = HEADER.started
) -> Run:
    """A run of the small suite that came to its end."""
    header = msgspec.structs.replace(HEADER, engines=engines, started=started)
    return Run(header, {one.key: one for one in found}, complete=True)


def earlier_run(suite: Small) -> Run:
    """The same ten days before, on another version of both engines."""
    found = [
        Result(*one.key, Verdict.FAIL if one.key[1:] in BEFORE else Verdict.PASS, ms=1.0)
        for one in results(suite)
    ]
    engines = tuple(msgspec.structs.replace(engine, hash="old") for engine in ENGINES)
    return whole_run(found, engines, EARLIER)


def opener_of(suite: Suite) -> Inputs:
    """Inputs that know one suite."""

    def opened(name: str) -> Suite:
        if name != suite.name:
            raise MissingError(name)
        return suite

    return Inputs(opener=opened)


def small_site(root: Path, *, base: str = "", stamp: str = "") -> Site:
    """The site of both runs."""
    suite = Small(root)
    inputs = replace(opener_of(suite), runs=(whole_run(results(suite)), earlier_run(suite)))
    return Site(gather(inputs), "Small & <site>", base, stamp=stamp)


def hostile_site() -> Site:
    """The site of a run whose names, reasons and outputs are markup, of a suite that is not here."""
    row = Result(
        "small", HOSTILE_CASE, "", HOSTILE_ENGINE, Verdict.FAIL, f"</script>{PAYLOAD}\x00\ud800", error=PAYLOAD,
        message=f"`${{window.hit=1}}`{PAYLOAD}", completion="threw", output=f"</pre>{PAYLOAD}\u202e",
    )  # fmt: skip
    before = Result("small", HOSTILE_CASE, "", HOSTILE_ENGINE, Verdict.PASS)
    engine = EngineRow(HOSTILE_ENGINE, "javascript", PAYLOAD, PAYLOAD, "new")
    older = msgspec.structs.replace(engine, hash="old")

    def missing(name: str) -> Suite:
        raise MissingError(name)

    runs = (whole_run([row], (engine,)), whole_run([before], (older,), EARLIER))
    return Site(gather(Inputs(runs, opener=missing)), PAYLOAD, "https://example.org/site")


def written(site: Site, folder: Path) -> Path:
    """The site's files in a folder."""
    for path in site.paths:
        content = site.content(path)
        assert content is not None
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder
