"""lockstep.toml: what is wrong in it is told with its line and what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from lockstep.harness.project.file import ProjectError, checked, read_project

WRONG = [
    (
        "[engines.ok]\ncommand = 'a'\n[engines.mine]\ncomand = 'x'\n",
        4,
        "unknown key `comand` in [engines.mine]; did you mean `command`?",
    ),
    ("[engines.mine]\ncommand = 'x'\nlimits = { seconds = 'a' }\n", 3, "expected `float | null`, got `str`"),
    ("[suites.ours]\nlanguage = 'lua5.4'\nfiles = 3\n", 3, "expected `str | array`, got `int`"),
    ("[lockstep]\njobs = -3\n", 2, "a number of processes"),
    (
        "[lockstep]\n\nstore = 'mysql://me:secret@host/team'\n",
        3,
        "in [lockstep.store]: mysql://... is no store",
    ),
    ("[gate]\n\nfail-on = ['regresion']\n", 3, "unknown reason `regresion`; did you mean `regression`?"),
    (
        "[engines.a]\ncommand = 'x'\n[engines.a.profile]\nerorrs = []\n",
        4,
        "unknown key `erorrs` in [engines.a.profile]; did you mean `errors`?",
    ),
    (
        "[engines.a]\ncommand = 'x'\n[engines.a.profile]\nerrors = [{ pattern = '(' }]\n",
        4,
        "profile a: errors: '(' is no regular expression: missing )",
    ),
    (
        "[engines.a]\ncommand = 'x'\n[engines.a.profile]\nerrors = [\n  { pattern = 'ok' },\n  { pattern = '[' },\n]\n",
        6,
        "'[' is no regular expression",
    ),
    (
        "[engines.a]\ncommand = 'x'\n[[engines.a.profile.errors]]\npattern = 'a'\n[[engines.a.profile.errors]]\n\npattern = \"\\\\d(\"\n",
        7,
        "is no regular expression",
    ),
    (
        "[engines.a]\ncommand = 'x'\n[engines.a.profile]\nstrict = 'a'\nversion-pattern = '*'\n",
        5,
        "profile a: version-pattern: '*' is no regular expression",
    ),
    (
        "[engines.a]\ncommand = 'x'\n[engines.a.profile]\nstream = 'stdout'\nfailed = 'x'\n",
        5,
        "Expected `array`, got `str`",
    ),
    (
        "[engines.a]\ncommand = 'x'\n[engines.a.profile]\nstrict = ''\nextends = 'javascrip'\n",
        5,
        "did you mean 'javascript'?",
    ),
    (
        "[engines.a]\ncommand = 'x'\n[engines.a.profile]\nerrors = [\n  { patern = 'ok' },\n]\n",
        5,
        "unknown key `patern` in [engines.a.profile.errors]; did you mean `pattern`?",
    ),
    (
        "[suites.s]\nlanguage = 'js'\nfiles = 'a'\nmodes = ['script', 'modul']\n",
        4,
        "javascript has no mode 'modul'; did you mean module?",
    ),
    (
        "[suites.s]\nlanguage = 'lua5.4'\nfiles = 'a'\n[[suites.s.rules]]\nfiles = 'a'\nmodes = ['strict']\n",
        6,
        "lua5.4 has no mode 'strict'; it has none",
    ),
    ("[lockstep]\nx = = 3\n", 2, "Invalid value"),
    ("[lockstp]\n", 1, "unknown key `lockstp`; did you mean `lockstep`?"),
]


@pytest.mark.parametrize(("text", "line", "said"), WRONG, ids=[row[2][-30:] for row in WRONG])
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = tmp_path / "lockstep.toml"
    path.write_text(text)
    with pytest.raises(ProjectError) as caught:
        checked(read_project(path))
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert said in str(caught.value)
