"""How the files of public suites are got: a revision of a repository by git, the packages of a lock file by npm."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from lockstep.harness.model import MissingError

_MANIFEST = ("package.json", "package-lock.json")


def clone(repository: str, revision: str, patterns: Sequence[str], target: Path) -> None:
    """Clone one revision of a repository to `target`; of its files those that git's sparse checkout chooses by `patterns`, if any.

    Raises:
        MissingError: git is missing or cannot reach the repository.
    """
    git = _found("git", "git")
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        place = Path(scratch) / "clone"
        inside = ("-C", str(place))
        chosen = ((*inside, "sparse-checkout", "set", "--no-cone", *patterns),) if patterns else ()
        for command in (
            ("clone", "--quiet", "--filter=blob:none", "--no-checkout", repository, str(place)),
            *chosen,
            (*inside, "checkout", "--quiet", revision),
        ):
            _perform((git, *command), target.parent, f"cannot fetch {repository}")
        place.rename(target)


def install(manifest: Path, target: Path) -> None:
    """Install the packages of a folder's lock file below `target`, without running any script of theirs.

    Raises:
        MissingError: npm is missing, or cannot get them.
    """
    npm = _found("npm", "npm (it comes with Node.js)")
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        place = Path(scratch) / "packages"
        place.mkdir()
        for name in _MANIFEST:
            shutil.copy(manifest / name, place / name)
        command = (npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        _perform(command, place, f"npm cannot install the packages of {manifest}")
        place.rename(target)


def _found(program: str, what: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise MissingError(f"{what} is not installed")
    return path


def _perform(command: Sequence[str], folder: Path, failure: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603  # a found program, no shell
    if done.returncode:
        raise MissingError(f"{failure}: {done.stderr.strip()}")
