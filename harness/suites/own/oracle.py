"""An engine whose answers count: it runs a program once, its outcome is kept, and others must do the same."""

from __future__ import annotations

import atexit
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lockstep.harness.engines.registry import resolve
from lockstep.harness.engines.running import RunningEngine
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.expectation import first_difference
from lockstep.harness.model import CaseError, Judgement, MissingError, Outcome, Verdict
from lockstep.harness.portable import portable
from lockstep.harness.project.file import Project
from lockstep.harness.store.outcome_key import outcome_key
from lockstep.harness.store.place import StoreError
from lockstep.harness.store.store import Store, open_store
from lockstep.harness.wording import describe
from lockstep.reference.host.engine import Program
from lockstep.reference.host.limits import Limits

if TYPE_CHECKING:
    from lockstep.harness.store.outcomes import Outcomes

_ANSWERS = ("completed", "threw")


@dataclass(frozen=True)
class Agreement:
    """The program ends as it did on the oracle, with an error of the same name, and prints the same.

    Attributes:
        oracle: its name.
        answer: what it did.
    """

    oracle: str
    answer: Outcome

    @property
    def ends(self) -> str:
        """As the oracle ended."""
        return self.answer.completion

    def check(self, outcome: Outcome) -> Judgement:
        """Pass, or fail with the first thing that differs."""
        answer = self.answer
        reason = ""
        if outcome.completion != answer.completion or (
            answer.error and outcome.error and outcome.error != answer.error
        ):
            reason = f"on {self.oracle} it {describe(answer)}, here it {describe(outcome)}"
        else:
            reason = first_difference(answer.output.split("\n"), outcome.output)
        return Judgement(Verdict.FAIL, reason) if reason else Judgement(Verdict.PASS)


class Oracle:
    """The engine, started when it is first asked; lanes take turns.

    Raises:
        MissingError: there is no such engine, or it is not installed.
    """

    def __init__(self, name: str, project: Project, language: str) -> None:
        self._spec = resolve(name, project=project, language=language)
        if self._spec.language != language:
            raise MissingError(f"the oracle {name} speaks {self._spec.language}, not {language}")
        self._lock = threading.Lock()
        self._process: RunningEngine | None = None
        self._store: Store | None = None
        self._kept: Outcomes | None = None
        atexit.register(self.close)

    @property
    def name(self) -> str:
        """What tables call it."""
        return self._spec.name

    def answer(self, program: Program, limits: Limits) -> Outcome:
        """What it does with `program`; taken from earlier runs where it is the same engine.

        Raises:
            CaseError: it gives no answer that others could be held to.
        """
        with self._lock:
            spec, process = self._started(limits)
            key = outcome_key(spec, program, limits)
            known = self._kept.find(key) if self._kept is not None and _is_versioned(spec) else None
            outcome = known or process.observe(program, limits)
            if known is None and self._kept is not None:
                self._kept.keep(key, outcome)
        if outcome.completion not in _ANSWERS:
            raise CaseError(
                f"the oracle {self.name} gives no answer: {outcome.message or outcome.completion}"
            )
        return portable(outcome, program)

    def close(self) -> None:
        """End its process, and write what it answered."""
        with self._lock:
            if self._process is not None:
                self._process.kill()
                self._process = None
            if self._store is not None:
                self._store.close()
                self._store = self._kept = None

    def _started(self, limits: Limits) -> tuple[EngineSpec, RunningEngine]:
        if self._process is None or self._process.closed:
            process = self._spec.spawn(limits.memory)
            try:
                self._spec = self._spec.identified(process)
            except MissingError as error:
                raise CaseError(str(error)) from error
            self._process = process
            if self._kept is None:
                try:
                    self._store = open_store()
                    self._kept = self._store.outcomes
                except StoreError:
                    self._kept = None  # it is asked anew each time
        return self._spec, self._process


def _is_versioned(spec: EngineSpec) -> bool:
    return spec.identity is not None and spec.identity.versioned
