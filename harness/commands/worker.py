"""`lockstep serve worker`: workers for a cluster, which come back when its scheduler does."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
import sys
import threading
from dataclasses import dataclass
from multiprocessing import resource_tracker
from typing import Any

from lockstep.harness.cluster.addresses import need_dask, silence
from lockstep.harness.cluster.transport import ClusterError
from lockstep.harness.cluster.version import running_version
from lockstep.harness.gate import DONE, MISSING, USAGE

_RETRY_SECONDS = 1.0
_CLOSE_SECONDS = 5.0


@dataclass(frozen=True)
class WorkerOptions:
    """What was asked for on the command line.

    Attributes:
        scheduler: its address.
        jobs: how many workers, each of which runs one case at a time.
        name: what they are called; a number follows it where there are several.
        host: the address under which others reach them; "" to find out.
    """

    scheduler: str
    jobs: int = 1
    name: str = ""
    host: str = ""


def serve_workers(options: WorkerOptions) -> int:
    """Serve until interrupted or told to end; the exit code."""
    try:
        need_dask()
    except ClusterError as error:
        sys.stderr.write(f"{error}\n")
        return MISSING
    print(f"{options.jobs} worker(s) of Lockstep {running_version()} for {options.scheduler}", flush=True)
    _keep_interrupts()
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_serve(options))
    except ClusterError as error:
        sys.stderr.write(f"{error}\n")
        return USAGE
    return DONE


def _keep_interrupts() -> None:
    """Let an interrupt at a terminal, which all processes get, reach this one alone: it ends the others in their order.

    What this thread starts has interrupts blocked, as it has itself; another thread takes them for this process.
    """
    resource_tracker.ensure_running()  # started later, it would let interrupts through again
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


async def _serve(options: WorkerOptions) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(sign, stopping.set)
    base = options.name or socket.gethostname()
    names = [base] if options.jobs == 1 else [f"{base}-{number}" for number in range(1, options.jobs + 1)]
    await asyncio.gather(*(_serve_one(options, name, stopping) for name in names))


async def _serve_one(options: WorkerOptions, name: str, stopping: asyncio.Event) -> None:
    """One worker, begun again whenever it has lost its scheduler."""
    from distributed import Nanny  # noqa: PLC0415  # needs the extra `cluster`

    silence()
    make: Any = Nanny
    waiting = False
    while not stopping.is_set():
        try:
            nanny = make(
                options.scheduler,
                nthreads=1,
                name=name,
                host=options.host or None,
                dashboard_address=None,
                dashboard=False,
                memory_limit=None,
                silence_logs=logging.ERROR,
                preload=["lockstep.harness.cluster.interrupts"],
            )
        except ValueError as error:
            raise ClusterError(
                f"'{options.scheduler}' is no address of a scheduler (tcp://HOST:PORT): {error}"
            ) from error
        try:
            await nanny
            print(f"{name}: at {options.scheduler}", flush=True)
            waiting = False
            ended = asyncio.create_task(nanny.finished())
            asked = asyncio.create_task(stopping.wait())
            await asyncio.wait({ended, asked}, return_when=asyncio.FIRST_COMPLETED)
            for task in (ended, asked):
                task.cancel()
        except (OSError, RuntimeError, TimeoutError) as error:
            if not waiting:
                print(
                    f"{name}: no scheduler at {options.scheduler} yet ({error})", file=sys.stderr, flush=True
                )
            waiting = True
        with contextlib.suppress(Exception):
            await asyncio.wait_for(nanny.close(timeout=_CLOSE_SECONDS), _CLOSE_SECONDS + 1)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), _RETRY_SECONDS)
