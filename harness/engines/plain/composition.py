"""From a program to the text that a plain command is given: directive, sentinel, prelude, includes, source in one file."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from lockstep.harness.languages import profile as profiles
from lockstep.harness.languages.profile import HostProfile, ProfileError
from lockstep.reference.host.engine import Program

SENTINEL_LINE = "lockstep:phase eval"
_PRELUDES = Path(profiles.__file__).parent / "preludes"


@dataclass(frozen=True)
class Composition:
    """What a plain command is given for a program.

    Attributes:
        text: of the file that it runs.
        suffix: how that file's name ends.
        prefix_lines: lines in front of the program's own text.
        sentinel: whether the text prints the sentinel as soon as it runs.
        untouched: the text is that of the program's own file, which can be run where it is.
        module: (text, suffix) of a file that the first one imports, where a loader runs a module.
        mark: what stands before a loader's own report; "" without one.
    """

    text: str
    suffix: str
    prefix_lines: int = 0
    sentinel: bool = False
    untouched: bool = False
    module: str | None = None
    mark: str = ""


@lru_cache(maxsize=64)
def read_prelude(name: str) -> str:
    """The text of a prelude: one of ours by its name, or a file of the user's.

    Raises:
        ProfileError: it cannot be read.
    """
    path = Path(name) if "/" in name else _PRELUDES / name
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"the prelude {name} cannot be read: {error}") from error


def compose(program: Program, profile: HostProfile, suffix: str) -> Composition:
    """What `profile` makes of `program`; `suffix` is that of its language's files.

    A program without a mode is a user's own: it is left as it is. The modes are those of a suite with a host contract.
    """
    suffix = profile.extension.get(program.mode, suffix)
    if not program.mode:
        if not program.includes or profile.include:
            return Composition(program.source, suffix, untouched=True)
        before = "".join(source + "\n" for _, source in program.includes)
        return Composition(before + program.source, suffix, before.count("\n"))
    if profile.loader:
        return _loaded(program, profile)
    if program.mode == "raw":
        return Composition(program.source, suffix)
    directive = profile.strict if program.mode == "strict" else ""
    parts = [source for _, source in program.includes]
    if profile.prelude:
        parts.insert(0, read_prelude(profile.prelude))
    before = "".join([directive, profile.sentinel, *(part + "\n" for part in parts)])
    return Composition(before + program.source, suffix, before.count("\n"), bool(profile.sentinel))


def with_sentinel(composed: Composition, profile: HostProfile) -> Composition:
    """A program as it is, with the sentinel in front of what is no hashbang, comment or directive; its lines stay where they are."""
    head = _HEAD.match(composed.text)
    position = head.end() if head is not None else 0
    text = f"{composed.text[:position]}{profile.sentinel}{composed.text[position:]}"
    return replace(composed, text=text, sentinel=True, untouched=False)


def is_module(program: Program) -> bool:
    """Whether a program without a mode looks like a module, whose parsing and linking look alike."""
    return (program.path or "").endswith(".mjs") or _MODULE.search(program.source) is not None


_MODULE = re.compile(r"^\s*(?:import\b(?!\s*\()|export\b)", re.MULTILINE)
SYNTAX_ERROR = "SyntaxError"
# ECMAScript: a hashbang, then comments, blanks and the directives of a prologue, each ended by a semicolon.
_HEAD = re.compile(
    r"""(?:\#![^\n]*\n)?(?:(?:\s|//[^\n]*\n|/\*.*?\*/)*(?:'[^'\\\n]*'|"[^"\\\n]*")[ \t]*;)*""", re.DOTALL
)
_LINKED = 'globalThis[Symbol.for("lockstep.linked")]();'


def _loaded(program: Program, profile: HostProfile) -> Composition:
    """The loader, with the program's parts as data in front of it; `{path}` in it is filled in when the file has a name."""
    mark = f"lockstep:report {os.urandom(8).hex()} "
    parts = {
        "mode": program.mode,
        "includes": program.includes,
        "name": program.name,
        "source": program.source,
        "path": PATH_PLACE,
        "mark": mark,
        "agents": str(_PRELUDES / "agents.js"),
    }
    text = f"const PARTS = {json.dumps(parts)};\n{read_prelude(profile.loader)}"
    module = _LINKED + program.source if program.mode == "module" else program.source
    return Composition(text, ".cjs", module=module, mark=mark)


# Stands in a loader's text for the path of the program's own file, as a JSON string.
PATH_PLACE = "lockstep:path"
