"""What runs in the processes of a Dask cluster for a run: the calls of `dask_transport`, answered by its workplace there."""

from __future__ import annotations

import pickle
import threading
import time

import msgspec
from distributed import get_worker

from lockstep.harness.cluster.content import ContentStore, content_folder
from lockstep.harness.cluster.transport import in_words
from lockstep.harness.cluster.travelling import Answer, Batch, Parcel, Readiness
from lockstep.harness.cluster.version import running_version
from lockstep.harness.cluster.workplace import Workplace

# A run that has asked for nothing so long has gone without a word.
_IDLE_SECONDS = 600.0
_ATTRIBUTE = "lockstep_workplaces"


class _Workplaces:
    """The workplaces of one process, by run; `opening` is held while one of them opens a suite."""

    def __init__(self) -> None:
        self.by_run: dict[str, Workplace] = {}
        self.opening = threading.Lock()

    def opened(self, run: str, order: bytes) -> Workplace:
        """That of a run, made if it is new; those that nobody uses any more are closed."""
        with self.opening:
            for name, place in list(self.by_run.items()):
                if time.monotonic() - place.used > _IDLE_SECONDS:
                    self.by_run.pop(name).close()
            if run not in self.by_run:
                store = ContentStore(content_folder())
                self.by_run[run] = Workplace(pickle.loads(order), store, self.opening)  # noqa: S301  # from the run, over the cluster's own channel
            return self.by_run[run]


def prepare(run: str, version: str, order: bytes) -> bytes:
    """Take an order; `Readiness` says what is missing here."""
    own = running_version()
    if own != version:
        return msgspec.msgpack.encode(Readiness(refusal=f"it runs Lockstep {own}, this is {version}"))
    return msgspec.msgpack.encode(_workplaces().opened(run, order).readiness())


def receive(parcel: bytes, content: bytes) -> bytes:
    """Keep the content of a parcel.

    Raises:
        DamagedContentError: it is not what was sent.
        OSError: there is no room for it.
    """
    ContentStore(content_folder()).receive(msgspec.msgpack.decode(parcel, type=Parcel), content)
    return b""


def introduce(run: str, engine: int) -> bytes:
    """Who an engine of the order is here."""
    return msgspec.msgpack.encode(_workplaces().by_run[run].introduced(engine))


def run_batch(run: str, batch: bytes) -> bytes:
    """Run a batch; what goes wrong is part of the answer."""
    place = _workplaces().by_run.get(run)
    if place is None:
        return msgspec.msgpack.encode(Answer(unknown=True))
    try:
        answer = place.run(msgspec.msgpack.decode(batch, type=Batch))
    except Exception as error:  # noqa: BLE001  # whatever it is, this worker cannot go on; others may
        answer = Answer(trouble=in_words(error))
    return msgspec.msgpack.encode(answer)


def close(run: str) -> bytes:
    """The run is over."""
    place = _workplaces().by_run.pop(run, None)
    if place is not None:
        place.close()
    return b""


def _workplaces() -> _Workplaces:
    """Those of this process; they hang off Dask's own worker."""
    worker: object = get_worker()
    found: _Workplaces = worker.__dict__.setdefault(_ATTRIBUTE, _Workplaces())
    return found
