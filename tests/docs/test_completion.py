"""Completion in real shells: bash, fish and zsh, with the files that a wheel brings."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from docs.generate.__main__ import MAN_PAGE
from lockstep.harness.cli.completing import PLACES

_SHARE = MAN_PAGE.parent
_ENVIRONMENT = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
_WORDS = pytest.mark.parametrize(
    ("words", "wanted"), [(["lockstep", "dis"], "disasm"), (["lockstep", "run", "--fail"], "--fail-on")]
)


def _completion(shell: str) -> Path:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    return _SHARE / Path(PLACES[shell]).name


@_WORDS
def test_bash(words: list[str], wanted: str, tmp_path: Path) -> None:
    script = tmp_path / "complete"
    script.write_text(
        f"source {_completion('bash')}\nCOMP_WORDS=({' '.join(words)})\nCOMP_CWORD={len(words) - 1}\n"
        "COMPREPLY=()\n_lockstep_completion lockstep\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n"
    )
    done = subprocess.run(["bash", str(script)], capture_output=True, text=True, check=True, env=_ENVIRONMENT)
    assert done.stdout.split() == [wanted], done.stderr


@_WORDS
def test_fish(words: list[str], wanted: str, tmp_path: Path) -> None:
    program = f"source {_completion('fish')}; complete -C '{' '.join(words)}'"
    done = subprocess.run(
        ["fish", "--no-config", "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**_ENVIRONMENT, "HOME": str(tmp_path)},
    )
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == [wanted], done.stderr


@_WORDS
def test_zsh(words: list[str], wanted: str, tmp_path: Path) -> None:
    """Zsh completes at a terminal only."""
    source = _completion("zsh")
    terminal, other = pty.openpty()
    shell = subprocess.Popen(
        ["zsh", "-f", "-i"],
        stdin=other,
        stdout=other,
        stderr=other,
        start_new_session=True,
        env={**_ENVIRONMENT, "HOME": str(tmp_path), "TERM": "dumb"},
    )
    os.close(other)
    try:
        start = f"PS1=; autoload -Uz compinit; compinit -u -D; source {source}; echo RE''ADY\n"
        os.write(terminal, start.encode())
        assert "READY\r\n" in _read_until(terminal, "READY\r\n")
        os.write(terminal, f"{' '.join(words)}\t".encode())
        assert wanted in _read_until(terminal, wanted)
    finally:
        shell.kill()
        shell.wait()
        os.close(terminal)


def _read_until(terminal: int, text: str) -> str:
    """What a terminal shows until `text` has come, or 20 seconds have gone."""
    shown = ""
    until = time.monotonic() + 20
    while text not in shown and time.monotonic() < until:
        if select.select([terminal], [], [], 0.1)[0]:
            shown += os.read(terminal, 65536).decode()
    return shown
