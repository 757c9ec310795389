"""Many workers of Dask in one process, for measuring a scheduler: `python null_workers.py ADDRESS COUNT`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from distributed import Worker

sys.path.insert(0, str(Path(__file__).parent))


async def serve(address: str, count: int) -> None:
    """Be so many workers until the process is ended."""
    make: Any = Worker
    workers = [make(address, nthreads=1, dashboard=False, memory_limit=0, silence_logs=50) for _ in range(count)]
    await asyncio.gather(*workers)
    await asyncio.gather(*(worker.finished() for worker in workers))


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2])))
