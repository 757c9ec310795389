"""`lockstep.1`: the command line as a page of the Unix manual."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from docs.generate.commands import Option, commands
from lockstep import __version__

_EXIT_CODES = (
    ("0", "as asked"),
    ("1", "regressions or failures, as \\-\\-fail\\-on says"),
    ("2", "usage; also a report that could not be written"),
    ("3", "what a run needs is missing or broken"),
    ("70", "a fault of Lockstep's own"),
    ("130", "interrupted; what was finished is recorded"),
    ("141", "nobody reads the output any more"),
)
_FILES = (
    ("lockstep.toml", "the project file: the next one from the working folder upwards"),
    ("conformance/status/", "what is known of engines, one file a suite"),
)
_VARIABLES = (
    ("LOCKSTEP_SUITES", "the folder of public suites"),
    ("LOCKSTEP_STATUS", "the folder of status files"),
    ("LOCKSTEP_HISTORY", "the file of earlier runs"),
    ("LOCKSTEP_STORE", "the store of a team"),
    ("LOCKSTEP_CACHE", "the folder of what can be made again"),
)


def page() -> str:
    """The page, in the man macros."""
    found = list(commands())
    top, rest = found[0], found[1:]
    lines = [
        f'.TH LOCKSTEP 1 "" "lockstep {__version__}" "User Commands"',
        ".SH NAME",
        f"lockstep \\- {_text(top.summary[:1].lower() + top.summary[1:])}",
        ".SH SYNOPSIS",
        f".B lockstep\n{_text(top.usage.removeprefix('lockstep '))}",
        ".SH DESCRIPTION",
        *_paragraphs(top.help),
        ".SH OPTIONS",
        *_options(top.options),
        ".SH COMMANDS",
    ]
    for one in rest:
        lines += [f".SS {_text(one.usage)}", *_paragraphs(one.help), *_options(one.options)]
    lines += [".SH EXIT STATUS", *_terms(_EXIT_CODES)]
    lines += [".SH ENVIRONMENT", *_terms((name, _text(words)) for name, words in _VARIABLES)]
    lines += [".SH FILES", *_terms((name, _text(words)) for name, words in _FILES)]
    return "\n".join(lines) + "\n"


def write(path: Path) -> None:
    """Write the page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(), "utf-8")


def _paragraphs(text: str) -> Iterator[str]:
    for part in filter(None, text.split("\n\n")):
        yield ".PP"
        yield _text(part)


def _options(options: Iterable[Option]) -> Iterator[str]:
    for option in options:
        yield ".TP"
        yield f"\\fB{_text(option.form)}\\fR"
        yield _text(option.help)


def _terms(terms: Iterable[tuple[str, str]]) -> Iterator[str]:
    for term, words in terms:
        yield ".TP"
        yield f"\\fB{_text(term)}\\fR"
        yield words


_SPECIAL = re.compile(r"[\\-]")


def _text(words: str) -> str:
    """Words in which nothing is a request, an escape or a soft hyphen."""
    safe = _SPECIAL.sub(lambda found: "\\e" if found[0] == "\\" else "\\-", words)
    safe = re.sub(r"`([^`]*)`", r"\\fB\1\\fR", safe)
    return f"\\&{safe}" if safe[:1] in (".", "'") else safe
