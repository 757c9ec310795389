"""What `--cluster` takes: an address, `local:N`, `ssh:HOST,HOST`, or the name of a cluster of lockstep.toml."""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import re
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from multiprocessing import resource_tracker
from typing import Any

from lockstep.harness.cluster.transport import ClusterError
from lockstep.harness.extras import how_to_install
from lockstep.harness.project.tables import ClusterTable

_SCHEDULER = re.compile(r"^(tcp|tls|ws|wss|ucx|inproc)://\S+$")
_HOST_AND_PORT = re.compile(r"^[\w.-]+:\d+$")

# How Dask starts a cluster: module, class, the package that it is part of.
_CLASSES = {
    "local": ("distributed", "LocalCluster", "distributed"),
    "ssh": ("distributed", "SSHCluster", "asyncssh"),
    "kubernetes": ("dask_kubernetes.operator", "KubeCluster", "dask-kubernetes"),
    "slurm": ("dask_jobqueue", "SLURMCluster", "dask-jobqueue"),
    "pbs": ("dask_jobqueue", "PBSCluster", "dask-jobqueue"),
    "lsf": ("dask_jobqueue", "LSFCluster", "dask-jobqueue"),
    "sge": ("dask_jobqueue", "SGECluster", "dask-jobqueue"),
    "htcondor": ("dask_jobqueue", "HTCondorCluster", "dask-jobqueue"),
    "oar": ("dask_jobqueue", "OARCluster", "dask-jobqueue"),
}
# One thread a worker: an engine's process is its work, and the process that judges beside it is one of Python.
_LOCAL = {
    "threads_per_worker": 1,
    "processes": True,
    "dashboard_address": "127.0.0.1:0",
    "scheduler_kwargs": {"dashboard": False},
    "memory_limit": None,
    "silence_logs": 50,
    "preload": ["lockstep.harness.cluster.interrupts"],
}
_END_SECONDS = 10.0


@dataclass(frozen=True)
class Address:
    """A cluster that runs, or one that is started for a run.

    Attributes:
        text: as the user wrote it.
        kind: `address`, or how it is started.
        scheduler: the address of one that runs.
        workers: how many are started; None for what the class makes of its options.
        options: of the class that starts it.
        patience: seconds to wait for workers, and for a scheduler that has gone.
    """

    text: str
    kind: str = "address"
    scheduler: str = ""
    workers: int | None = None
    options: Mapping[str, object] = field(default_factory=dict)
    patience: float = 60.0

    def __str__(self) -> str:
        return self.scheduler or self.text

    @property
    def local(self) -> bool:
        """Whether it is started in processes of this machine."""
        return self.kind == "local"

    def started(self) -> object:
        """The cluster, started; None for one that runs.

        Raises:
            ClusterError: what starts it is not installed, or does not work.
        """
        if self.kind == "address":
            return None
        module, name, package = _CLASSES[self.kind]
        try:
            make = getattr(importlib.import_module(module), name)
        except ImportError as error:
            raise ClusterError(
                f"--cluster {self.text}: {package} is not installed; pip install {package}"
            ) from error
        silence()
        options = dict(self.options)
        if self.local:
            options = {**_LOCAL, "n_workers": self.workers or os.cpu_count() or 1, **options}
        try:
            cluster = _made(make, options)
            if self.workers is not None and self.kind not in ("local", "ssh"):
                cluster.scale(self.workers)
        except Exception as error:
            raise ClusterError(f"--cluster {self.text}: {name} cannot start it: {error}") from error
        return cluster


def address_of(text: str, clusters: Mapping[str, ClusterTable]) -> Address:
    """The cluster that `--cluster` names.

    Raises:
        ClusterError: it names none.
    """
    kind, colon, rest = text.partition(":")
    if text in clusters:
        table = clusters[text]
        if table.kind == "address" and not table.address:
            raise ClusterError(f"[clusters.{text}] has neither an `address` nor a `kind` that starts one")
        return Address(text, table.kind, table.address, table.workers, table.options, table.patience)
    if kind == "local" and (not colon or rest.isdigit()) and rest != "0":
        return Address(text, "local", workers=int(rest) if rest else None)
    if kind == "ssh" and rest:
        hosts = [host.strip() for host in rest.split(",") if host.strip()]
        # The first host has the scheduler, as SSHCluster wants it.
        return Address(text, "ssh", options={"hosts": [hosts[0], *hosts], "worker_options": {"nthreads": 1}})
    if kind != "local" and is_scheduler(text):
        return Address(text, scheduler=text)
    near = get_close_matches(text, [*clusters, "local"], 1, 0.5)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise ClusterError(
        f"--cluster takes the address of a scheduler (tcp://HOST:PORT), local:N, ssh:HOST,... or the name of [clusters.NAME] in "
        f"lockstep.toml, not '{text}'{hint}"
    )


def is_scheduler(text: str) -> bool:
    """Whether it may be the address of a scheduler: `tcp://HOST:PORT`, or without `tcp://`."""
    return bool(_SCHEDULER.match(text) or _HOST_AND_PORT.match(text))


def _made(make: Callable[..., object], options: Mapping[str, object]) -> Any:
    """The cluster, made in a thread of its own: an interrupt waits until it is there, and ends it.

    Its processes are started by that thread and by those that it starts, in which interrupts are blocked: what a terminal
    sends to all processes is the run's to act on (`interrupts` lets the engines have them again).
    """
    made: list[object] = []
    failed: list[Exception] = []

    def work() -> None:
        resource_tracker.ensure_running()  # started later, it would let interrupts through again
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            made.append(make(**options))
        except Exception as error:  # noqa: BLE001  # it is raised below
            failed.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        thread.join()
    except KeyboardInterrupt:
        thread.join(_END_SECONDS)
        for cluster in made:
            ended(cluster)
        raise
    if failed:
        raise failed[0]
    return made[0]


def ended(cluster: Any) -> None:
    """End a cluster that was started for a run, however it stands."""
    with contextlib.suppress(Exception):
        cluster.close(timeout=_END_SECONDS)


def silence() -> None:
    """Let Dask's own log say nothing: what a user should know of a cluster, a run says itself."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


def need_dask() -> None:
    """See that Dask is installed.

    Raises:
        ClusterError: it is not; the message has the command that installs it.
    """
    try:
        importlib.import_module("distributed")
    except ImportError as error:
        raise ClusterError(f"Dask is not installed; {how_to_install('cluster')}") from error
