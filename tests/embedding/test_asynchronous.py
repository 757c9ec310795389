"""`evaluate_async`: host coroutines for guests, guest promises and coroutines for hosts."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

import lockstep

from .languages import BACKENDS, PROGRAMS

WAITS = {
    "javascript": "(async () => (await fetch(1)) + (await fetch(2)))()",
    "python": "async def both(): return await fetch(1) + await fetch(2)\nboth()",
    "clojure": "(+ (fetch 1) (fetch 2))",
    "lua": "return fetch(1) + fetch(2)",
    "lua5.1": "return fetch(1) + fetch(2)",
}
CATCHES = {
    "javascript": "(async () => { try { await fetch(-1) } catch (error) { return error.message } })()",
    "python": (
        "async def caught():\n    try:\n        await fetch(-1)\n    except ValueError as error:\n        return str(error)\ncaught()"
    ),
    "clojure": "(try (fetch -1) (catch Exception error (.getMessage error)))",
    "lua": "return select(2, pcall(fetch, -1))",
    "lua5.1": "return select(2, pcall(fetch, -1))",
}
CASES = [(language, backend) for language in WAITS for backend in BACKENDS]


async def fetch(number: int) -> int:
    await asyncio.sleep(0.01)
    if number < 0:
        raise ValueError("negative")
    return number * 10


@pytest.fixture(params=CASES, ids=[":".join(case) for case in CASES])
def case(request: pytest.FixtureRequest) -> tuple[str, str]:
    language, backend = request.param
    return language, backend


def test_host_coroutines(case: tuple[str, str]) -> None:
    language, backend = case

    async def main() -> list[Any]:
        with lockstep.Interpreter(language, backend) as guest:
            guest["fetch"] = fetch
            ticks = 0

            async def tick() -> None:
                nonlocal ticks
                while True:
                    await asyncio.sleep(0.001)
                    ticks += 1

            ticking = asyncio.ensure_future(tick())
            results = [
                await guest.evaluate_async(WAITS[language]),
                await guest.evaluate_async(CATCHES[language]),
            ]
            ticking.cancel()
            assert ticks, "the loop went on meanwhile"
            uncaught = WAITS[language].replace("1", "-1", 1)
            with pytest.raises(ValueError, match="negative"):
                await guest.evaluate_async(uncaught)
            with pytest.raises(TypeError, match="evaluate_async"):
                guest.call("fetch", 1)
            return results

    total, message = asyncio.run(main())
    assert total == 30
    assert "negative" in message


def test_cancelling_a_task_ends_the_guest(case: tuple[str, str]) -> None:
    language, backend = case

    async def main() -> Any:
        with lockstep.Interpreter(language, backend) as guest:
            guest.evaluate(PROGRAMS[language].total)
            task = asyncio.ensure_future(guest.evaluate_async(PROGRAMS[language].forever))
            await asyncio.sleep(0.05)
            with pytest.raises(lockstep.BusyError):
                guest.evaluate(PROGRAMS[language].total)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return guest["total"]

    assert asyncio.run(main()) == 5


def test_limits_hold_while_waiting(case: tuple[str, str]) -> None:
    language, backend = case

    async def main() -> str:
        async def slow(_: int) -> int:
            await asyncio.sleep(60)
            return 1

        with lockstep.Interpreter(language, backend, seconds=0.2) as guest:
            guest["fetch"] = slow
            with pytest.raises(lockstep.LimitExceeded) as caught:
                await guest.evaluate_async(WAITS[language])
            guest.evaluate(PROGRAMS[language].total)
            return caught.value.which

    began = time.monotonic()
    assert asyncio.run(main()) == "seconds"
    assert time.monotonic() - began < 30


def test_what_is_never_settled_is_told() -> None:
    async def main() -> None:
        with lockstep.Interpreter("javascript") as guest:
            with pytest.raises(RuntimeError, match="never settled"):
                await guest.evaluate_async("new Promise(() => {})")
            with pytest.raises(lockstep.GuestError, match="RangeError: no"):
                await guest.evaluate_async("Promise.reject(new RangeError('no'))")

    asyncio.run(main())
