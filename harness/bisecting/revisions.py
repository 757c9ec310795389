"""Bisecting the revisions of a git repository, by git's own search, in a checkout of its own."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lockstep.harness.bisecting.versions import Change, check_ends
from lockstep.harness.model import MissingError

_FOUND = re.compile(r"^([0-9a-f]{40}) is the first changed commit", re.MULTILINE)
_ONLY_SKIPPED = "There are only 'skip'ped commits left to test"
# Of the commits that could not be tried so many are named.
_NAMED = 20


class Repository:
    """A git repository of an engine.

    Raises:
        MissingError: of every method: git says no; the message is git's own.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._git(folder, "rev-parse", "--git-dir")

    def revision(self, name: str) -> str:
        """The hash of a commit."""
        done = self._run(self.folder, "rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}")
        if done.returncode:
            raise MissingError(f"{self.folder} has no revision '{name}'")
        return done.stdout.strip()

    def title(self, commit: str) -> str:
        """A commit in one line: short hash, day, who, what."""
        return self._git(self.folder, "log", "-1", "--format=%h %cs %an: %s", commit).strip()

    @contextmanager
    def checkout(self) -> Iterator[Path]:
        """A folder for a checkout of its own, which goes away at the end; what stands in the repository is left alone."""
        folder = Path(tempfile.mkdtemp(prefix="lockstep-bisect-"))
        place = folder / self.folder.absolute().name
        try:
            self._git(self.folder, "worktree", "add", "--detach", "--quiet", str(place), "HEAD")
            yield place
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            self._git(self.folder, "worktree", "prune")

    def bisected(self, place: Path, good: str, bad: str, look: Callable[[str], str | None]) -> Change:
        """The first commit between two at which the verdict is not that of `good`.

        Args:
            place: a checkout of `checkout`.
            good: a commit, an ancestor of `bad`.
            bad: a commit with another verdict.
            look: the verdict of the commit that is checked out in `place`; None where it cannot be tried.

        Raises:
            NothingToFindError: both do the same, or cannot be tried.
            MissingError: git cannot search between them.
        """
        if self._run(place, "merge-base", "--is-ancestor", good, bad).returncode:
            raise MissingError(f"{self.title(good)} does not come before {self.title(bad)}")
        seen: dict[str, str | None] = {}
        for commit in (good, bad):
            self._git(place, "checkout", "--quiet", "--force", commit)
            seen[commit] = look(commit)
        before = seen[good]
        check_ends(self.title(good), before, self.title(bad), seen[bad])
        assert before is not None
        said = self._git(place, "bisect", "start", "--term-old=same", "--term-new=changed", bad, good)
        try:
            while (found := _FOUND.search(said)) is None and _ONLY_SKIPPED not in said:
                commit = self._git(place, "rev-parse", "HEAD").strip()
                seen[commit] = look(commit)
                verdict = seen[commit]
                word = "skip" if verdict is None else "same" if verdict == before else "changed"
                done = self._run(place, "bisect", word)
                said = done.stdout + done.stderr
                if done.returncode and _ONLY_SKIPPED not in said:
                    raise MissingError(f"git bisect {word}: {said.strip()}")
        finally:
            self._run(place, "bisect", "reset", "--quiet")
        skipped = tuple(commit for commit, verdict in seen.items() if verdict is None)[:_NAMED]
        first = found[1] if found is not None else self._first_of(bad, seen, before)
        after = seen.get(first) or seen[bad]
        assert after is not None
        parent = self._git(self.folder, "rev-parse", f"{first}^").strip()
        last = parent if found is not None else good
        return Change(self.title(first), self.title(last), before, after, tuple(map(self.title, skipped)))

    def _first_of(self, bad: str, seen: dict[str, str | None], before: str) -> str:
        """Of the commits with the new verdict the one before which all others come."""
        changed = [commit for commit, verdict in seen.items() if verdict not in (None, before)] or [bad]
        order = self._git(self.folder, "rev-list", "--topo-order", *changed).split()
        return max(changed, key=order.index)

    def _git(self, folder: Path, *words: str) -> str:
        done = self._run(folder, *words)
        if done.returncode:
            raise MissingError(f"{self.folder}: git {words[0]}: {(done.stderr or done.stdout).strip()}")
        return done.stdout

    def _run(self, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(  # noqa: S603  # git itself
                ["git", "-C", str(folder), *words],  # noqa: S607  # wherever it is installed
                capture_output=True,
                text=True,
                errors="surrogateescape",
                check=False,
            )
        except OSError as error:
            raise MissingError(f"git cannot be run: {error.strerror}") from None
