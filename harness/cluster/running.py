"""A run on a cluster, from outside: it takes executions and gives what became of them, as `execution.execute` does."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from lockstep.harness.cluster.addresses import Address
from lockstep.harness.cluster.backlog import Task
from lockstep.harness.cluster.dispatch import Dispatcher
from lockstep.harness.cluster.packing import shipment
from lockstep.harness.cluster.transport import Transport
from lockstep.harness.engines.spec import EngineSpec
from lockstep.harness.execution import Execute, Observation, reused, skipped
from lockstep.harness.model import Identity, MissingError, Result, Suite
from lockstep.harness.project.file import Project
from lockstep.harness.selection import Execution

Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Told:
    """An observation of a worker: what `execution.Observation` says of itself, without the rest."""

    result: Result
    final: bool
    part: bool


class Cluster:
    """Executes on the workers of a cluster.

    Args:
        dispatcher: who has what run.
        engines: the places of engines in the order, by name.
        times: milliseconds that executions took when they last ran, where they are known.
    """

    def __init__(
        self, dispatcher: Dispatcher, engines: Mapping[str, int], times: Mapping[Key, float]
    ) -> None:
        self._dispatcher = dispatcher
        self._engines = engines
        self._times = times

    @property
    def slots(self) -> int:
        """How many cases its workers run at a time."""
        return self._dispatcher.slots

    def identity(self, engine: EngineSpec) -> Identity:
        """Who an engine is that only workers have.

        Raises:
            MissingError: they have not got it either.
        """
        said = self._dispatcher.introduced(self._engines[engine.name])
        if said.problem:
            raise MissingError(said.problem)
        return Identity(said.language, said.implementation, said.host, said.fingerprint)

    def execute(self, executions: Sequence[Execution], how: Execute) -> Generator[Observation | Told]:
        """Run every execution and yield what became of it, in the order in which they finish.

        Raises:
            ClusterError: there are no workers, or the scheduler has gone for good.
        """
        tasks: list[Task] = []
        keys: dict[int, str] = {}
        for position, one in enumerate(executions):
            if not one.runs:
                yield skipped(one)
                continue
            if how.outcomes is not None:
                known = reused(one, how)
                if not isinstance(known, str):
                    yield from known
                    continue
                keys[position] = known
            tasks.append(self._task(position, one, how))
        rows = self._dispatcher.run(
            tasks, fresh=how.fresh, keep=how.outcomes is not None, on_problem=how.on_problem
        )
        for row in rows:
            if row.outcome is not None and row.final and not row.part and how.outcomes is not None:
                key = keys.get(row.position)
                if key:
                    how.outcomes.keep(key, row.outcome)
            yield Told(row.result, row.final, row.part)

    def _task(self, position: int, one: Execution, how: Execute) -> Task:
        key = (one.suite.name, one.case.id, one.mode, one.engine.name)
        return Task(
            position,
            one.suite.name,
            self._engines[one.engine.name],
            one.case.id,
            one.mode,
            how.retry(one),
            self._times.get(key, 0.0) / 1000,
        )


@contextmanager
def opened(
    address: Address,
    suites: Sequence[Suite],
    engines: Sequence[EngineSpec],
    project: Project,
    how: Execute,
    *,
    host: str | None,
    times: Mapping[Key, float],
    say: Callable[[str], None],
) -> Iterator[Cluster]:
    """A cluster for one run; its engines, and itself if it was started for the run, end with the block.

    Raises:
        ClusterError: nobody answers there.
        MissingError: a file that has to be sent cannot be read.
    """
    from lockstep.harness.cluster.dask_transport import DaskTransport  # needs the extra `cluster`

    load = shipment(suites, engines, project, how, host)
    transport: Transport = DaskTransport(address, load.contents, say)
    dispatcher = Dispatcher(transport, load, say, address.patience, alone=address.local)
    try:
        yield Cluster(dispatcher, {engine.name: number for number, engine in enumerate(engines)}, times)
    finally:
        dispatcher.close()
