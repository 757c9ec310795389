"""Lockstep from outside: its command line, engines that misbehave, and the files that it writes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

FAKE = Path(__file__).parent / "fake_engines" / "fake.py"


def fake(behaviour: str, language: str = "javascript") -> str:
    return f"cmd:{sys.executable} {FAKE} {behaviour} {language}"


def lockstep(
    environment: dict[str, str], *arguments: str, code: int | None = 0
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "lockstep.harness.cli", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )
    if code is not None:
        assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def run(environment: dict[str, str], *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """`lockstep run test262`, where what is expected of the engine is not the matter."""
    return lockstep(environment, "run", "test262", "--fail-on", "never", *arguments, code=code)
