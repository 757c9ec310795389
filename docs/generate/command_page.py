"""The reference of the command line, as a page of the manual."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from docs.generate.commands import Command, commands

_HEAD = """\
# The command line

Every command and every option, from the program itself: `lockstep COMMAND --help` says the same. As a man page it is `lockstep.1`,
which an installed Lockstep brings; for completion in a shell see [below](#completion).

| command | what it does |
| --- | --- |
"""
_FOOT = """\
## Completion

`lockstep completion SHELL` prints a completion of commands and options for `bash`, `zsh` and `fish`. An installed Lockstep brings them as
`share/bash-completion/completions/lockstep`, `share/zsh/site-functions/_lockstep` and `share/fish/vendor_completions.d/lockstep.fish` of its
environment, where the shells find them if that environment is the system's. From another one:

```sh
source <(lockstep completion bash)
```

## Exit codes

| code | meaning |
| --- | --- |
| 0 | as asked |
| 1 | regressions or failures, as `--fail-on` says ([status and gate](../status.md)) |
| 2 | usage; also a report that could not be written |
| 3 | what a run needs is missing or broken: a suite, an engine or its expectations, a status file, room on the disk |
| 70 | a fault of Lockstep's own |
| 130 | interrupted; what was finished is recorded |
| 141 | nobody reads the output any more |
"""


def page() -> str:
    """The page, in Markdown."""
    found = list(commands())
    rows = (f"| [`{one.name}`](#{anchor(one.name)}) | {cell(one.summary)} |\n" for one in found[1:])
    return "".join((_HEAD, *rows, "\n", *_sections(found), _FOOT))


def anchor(name: str) -> str:
    """The anchor of a command's section, as the manual's table of contents makes it."""
    return name.replace(" ", "-")


def _sections(found: Iterable[Command]) -> Iterator[str]:
    for one in found:
        yield f"## `{one.name}`\n\n```text\n{one.usage}\n```\n\n{text(one.help)}\n\n"
        if one.options:
            yield "| option | |\n| --- | --- |\n"
            yield from (f"| `{cell(option.form)}` | {cell(text(option.help))} |\n" for option in one.options)
            yield "\n"


def cell(words: str) -> str:
    """Words as they stand in a table's cell."""
    return " ".join(words.split()).replace("|", "\\|")


def text(words: str) -> str:
    """Words of a help text: what would be markup in Markdown stands as it is, but for code between backquotes."""
    parts = words.split("`")
    for index in range(0, len(parts), 2):
        for sign in ("*", "_", "<", "["):
            parts[index] = parts[index].replace(sign, f"\\{sign}" if sign != "<" else "&lt;")
    return "`".join(parts)
