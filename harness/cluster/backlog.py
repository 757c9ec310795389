"""What is still to be run, and batches of it that take about as long as is wanted."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass

# What an execution takes where nobody knows: of an engine's first ones.
_GUESS_SECONDS = 0.02
_MOST_CASES = 500
# New figures count so much against old ones.
_WEIGHT = 0.3


@dataclass(frozen=True)
class Task:
    """An execution that is to be run.

    Attributes:
        position: its place in the run.
        suite, engine: what it belongs to: the suite's name, the place of the engine in the order.
        case, mode: as everywhere.
        retry: whether it may be run again alone.
        seconds: that it took when it last ran; 0.0 where nobody knows.
    """

    position: int
    suite: str
    engine: int
    case: str
    mode: str
    retry: bool = True
    seconds: float = 0.0


class Backlog:
    """Tasks that nobody runs yet, engine by engine and suite by suite, in their order.

    What a lost worker had comes first, in halves, so that no case is lost again and again for the sake of its neighbours.
    """

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._groups: dict[tuple[int, str], deque[Task]] = {}
        for task in tasks:
            self._groups.setdefault((task.engine, task.suite), deque()).append(task)
        self._again: deque[tuple[Task, ...]] = deque()
        self._pace: dict[int, float] = {}

    def __len__(self) -> int:
        return sum(map(len, self._groups.values())) + sum(map(len, self._again))

    def engines(self) -> set[int]:
        """The engines that have something to run."""
        return {engine for (engine, _), tasks in self._groups.items() if tasks} | {
            tasks[0].engine for tasks in self._again
        }

    def learn(self, engine: int, cases: int, seconds: float) -> None:
        """So many cases of an engine took so long."""
        if cases:
            pace = seconds / cases
            known = self._pace.get(engine)
            self._pace[engine] = pace if known is None else known + _WEIGHT * (pace - known)

    def expected(self, task: Task) -> float:
        """Seconds that a task will take."""
        return task.seconds or self._pace.get(task.engine, _GUESS_SECONDS)

    @property
    def seconds(self) -> float:
        """What all of it will take on one worker, about."""
        total = sum(self.expected(task) for tasks in self._again for task in tasks)
        for (engine, _), tasks in self._groups.items():
            total += len(tasks) * self._pace.get(engine, _GUESS_SECONDS)
        return total

    def take(
        self, seconds: float, refused: Collection[int] = (), most: int = _MOST_CASES
    ) -> tuple[Task, ...]:
        """A batch that takes about so long, of one suite and engine, none that is refused; empty if there is none."""
        for number, tasks in enumerate(self._again):
            if tasks[0].engine not in refused:
                del self._again[number]
                return tasks
        for (engine, _), group in self._groups.items():
            if engine in refused or not group:
                continue
            batch = [group.popleft()]
            planned = self.expected(batch[0])
            while group and len(batch) < most and planned + self.expected(group[0]) <= seconds:
                planned += self.expected(group[0])
                batch.append(group.popleft())
            return tuple(batch)
        return ()

    def put_back(self, tasks: Sequence[Task], *, halved: bool) -> None:
        """Tasks whose worker has gone (then in halves), or whose worker has not got their engine."""
        middle = (len(tasks) + 1) // 2 if halved else len(tasks)
        for part in (tuple(tasks[:middle]), tuple(tasks[middle:])):
            if part:
                self._again.append(part)

    def drop(self, engine: int) -> list[Task]:
        """Take out everything of an engine that nobody can run."""
        dropped = [task for (number, _), group in self._groups.items() if number == engine for task in group]
        for (number, _), group in self._groups.items():
            if number == engine:
                group.clear()
        dropped += [task for tasks in self._again if tasks[0].engine == engine for task in tasks]
        self._again = deque(tasks for tasks in self._again if tasks[0].engine != engine)
        return dropped
