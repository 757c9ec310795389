"""Soak: many EVALs from many connections, with script errors, disconnects and kills; no wrong reply, no leak.

    python bench/redis/soak.py --evals 100000

Starts a server of its own (`--engine vm` or `treewalk`), or uses the one on `--port` (which it flushes). Ends with 1 if
a reply was wrong, a connection was lost that should not be, or the server's memory grew by more than 5 %.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import random
import subprocess
import sys
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from lockstep import launch
from lockstep.reference.redis.wire.encoder import encode_command
from lockstep.reference.redis.wire.parser import ReplyParser
from lockstep.reference.redis.wire.replies import Failure, Reply, Status

CONNECTIONS = 20
BUSY_MS = 30
COUNT = "return redis.call('incr', KEYS[1])"
FAIL = "local n = tonumber(ARGV[1])\nif n % 2 == 0 then error('even ' .. n) end\nreturn redis.call('lpush', KEYS[1], n)"
SUM = "local s = 0 for i = 1, tonumber(ARGV[1]) do s = s + i end return s"
JSON = "local t = cjson.decode(ARGV[1]) t.n = t.n + 1 return cjson.encode({t.n, t.s, #cmsgpack.pack(t)})"
CATCH = "local ok, e = pcall(redis.call, 'lpush', KEYS[1], 1) return {tostring(ok), e}"
LOOP = "local t = {} while true do t[#t % 10 + 1] = {} pcall(error, 'again') end"
WRONG_TYPE = b"WRONGTYPE Operation against a key holding the wrong kind of value"


class Wrong(Exception):
    """A reply that is not what it should be."""


class Connection:
    """One client."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None
        self.parser = ReplyParser()
        self.replies: list[Reply] = []

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.parser = ReplyParser()
        self.replies = []

    async def ask(self, *commands: list[bytes]) -> list[Reply]:
        """Send commands in one piece; their replies."""
        assert self.reader is not None and self.writer is not None
        self.writer.write(b"".join(map(encode_command, commands)))
        while len(self.replies) < len(commands):
            data = await self.reader.read(1 << 16)
            if not data:
                raise Wrong("the connection was lost")
            self.replies.extend(self.parser.feed(data))
        taken, self.replies = self.replies[: len(commands)], self.replies[len(commands) :]
        return taken

    async def leave(self, data: bytes = b"") -> None:
        """Disconnect in the middle, and come back."""
        assert self.writer is not None
        if data:
            self.writer.write(data)
        self.writer.close()
        await self.open()


def evaluation(script: str, keys: list[str], arguments: list[str]) -> list[bytes]:
    return [word.encode() for word in ["EVAL", script, str(len(keys)), *keys, *arguments]]


class Worker:
    """A connection that asks and checks."""

    def __init__(self, number: int, port: int, tally: dict[str, int]) -> None:
        self.number = number
        self.connection = Connection(port)
        self.random = random.Random(number)
        self.counter = 0
        self.length = 0
        self.tally = tally

    def case(self) -> tuple[list[bytes], Reply]:
        """A command and the reply that it must have; counters count when the reply has come."""
        key = f"w{self.number}"
        kind = self.random.randrange(7)
        if kind == 0:
            return evaluation(COUNT, [key], []), self.counter + 1
        if kind == 1:
            n = self.random.randrange(1000)
            if n % 2:
                return evaluation(FAIL, [key + "l"], [str(n)]), self.length + 1
            sha = hashlib.sha1(FAIL.encode(), usedforsecurity=False).hexdigest()
            text = f"ERR user_script:2: even {n} script: {sha}, on @user_script:2."
            return evaluation(FAIL, [key + "l"], [str(n)]), text.encode()
        if kind == 2:
            n = self.random.randrange(300)
            return evaluation(SUM, [], [str(n)]), n * (n + 1) // 2
        if kind == 3:
            n = self.random.randrange(100)
            text = '{"n":%d,"s":"a/b"}' % n
            return evaluation(JSON, [], [text]), b'[%d,"a\\/b",%d]' % (n + 1, 10)
        if kind == 4:
            return evaluation(CATCH, [key + "s"], []), [b"false", WRONG_TYPE]
        if kind == 5:
            n = self.random.randrange(2000)
            return evaluation(f"return {n}", [], []), n
        n = self.random.randrange(2000)
        return evaluation("return {#ARGV[1], ARGV[1]}", [], ["x" * n]), [n, b"x" * n]

    def check(self, command: list[bytes], expected: Reply, got: Reply) -> None:
        if isinstance(got, Failure):
            if got.text.startswith(b"BUSY "):
                self.tally["busy"] += 1
                return
            self.tally["errors"] += 1
            got = got.text
        if got != expected:
            raise Wrong(f"{command!r}: expected {expected!r}, got {got!r}")
        if command[1] == COUNT.encode():
            self.counter += 1
        elif command[1] == FAIL.encode() and isinstance(expected, int):
            self.length += 1

    async def run(self) -> None:
        await self.connection.open()
        await self.connection.ask([b"SET", f"w{self.number}s".encode(), b"text"])
        while self.tally["left"] > 0:
            roll = self.random.random()
            if roll < 0.01:
                # Half a command, or a whole one whose reply nobody waits for; neither counts.
                data = encode_command(evaluation(SUM, [], ["100"]))
                await self.connection.leave(data[: len(data) // 2] if roll < 0.005 else data)
                self.tally["disconnects"] += 1
                continue
            size = 10 if roll > 0.95 else 1
            cases = []
            while len(cases) < size:
                one = self.case()
                # One change of a counter at a time, so that each reply is known before.
                if size == 1 or not isinstance(one[1], int) or b"redis.call" not in one[0][1]:
                    cases.append(one)
            self.tally["left"] -= size
            replies = await self.connection.ask(*(command for command, _ in cases))
            for (command, expected), got in zip(cases, replies):
                self.check(command, expected, got)


async def killer(port: int, tally: dict[str, int], every: int) -> None:
    """Now and then a script that never ends, and SCRIPT KILL from another connection."""
    runner, other = Connection(port), Connection(port)
    await runner.open()
    await other.open()
    next_at = tally["left"] - every
    while tally["left"] > 0:
        await asyncio.sleep(0.02)
        if tally["left"] > next_at:
            continue
        next_at -= every
        waiting = asyncio.create_task(runner.ask(evaluation(LOOP, [], [])))
        killed = False
        while not waiting.done():
            await asyncio.sleep(0.005)
            (reply,) = await other.ask([b"SCRIPT", b"KILL"])
            killed = killed or isinstance(reply, Status)
        (reply,) = await waiting
        if not killed or not isinstance(reply, Failure) or b"Script killed by user" not in reply.text:
            raise Wrong(f"a killed script answered {reply!r}")
        tally["kills"] += 1
        await other.ask([b"SCRIPT", b"FLUSH"])


async def soak(port: int, evals: int, process: psutil.Process | None) -> tuple[dict[str, int], int]:
    """Run `evals` EVALs; the tally, and the resident bytes afterwards, with everything flushed."""
    tally = {"left": evals, "errors": 0, "busy": 0, "disconnects": 0, "kills": 0}
    control = Connection(port)
    await control.open()
    await control.ask([b"FLUSHALL"], [b"CONFIG", b"SET", b"busy-reply-threshold", b"%d" % BUSY_MS])
    workers = [Worker(number, port, tally) for number in range(CONNECTIONS)]
    await asyncio.gather(*(worker.run() for worker in workers), killer(port, tally, max(1, evals // 20)))
    for worker in workers:
        key = f"w{worker.number}".encode()
        found = await control.ask([b"GET", key], [b"LLEN", key + b"l"])
        if found != [b"%d" % worker.counter if worker.counter else None, worker.length]:
            raise Wrong(f"worker {worker.number}: {found} in the end, not {worker.counter}, {worker.length}")
        worker.connection.writer.close()
    await control.ask([b"FLUSHALL"], [b"SCRIPT", b"FLUSH"], [b"EVAL", b"collectgarbage() return 1", b"0"])
    clients = (await control.ask([b"INFO", b"clients"]))[0]
    tally["clients"] = int(clients.split(b"connected_clients:")[1].split()[0])
    control.writer.close()
    await asyncio.sleep(0.2)
    return tally, process.memory_info().rss if process is not None else 0


def main() -> int:
    """Warm up, soak, compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--evals", type=int, default=100_000)
    parser.add_argument("--engine", default="vm")
    parser.add_argument("--port", type=int)
    given = parser.parse_args()
    process = None
    port = given.port
    if port is None:
        command = [*launch.command("reference.redis"), "--port", "0", "--engine", given.engine]
        server = subprocess.Popen(command, stdout=subprocess.PIPE)
        port = int(server.stdout.readline().split()[1])
        process = psutil.Process(server.pid)
    try:
        _, before = asyncio.run(soak(port, max(10_000, given.evals * 3 // 10), process))
        started = time.perf_counter()
        tally, after = asyncio.run(soak(port, given.evals, process))
        seconds = time.perf_counter() - started
    except Wrong as wrong:
        print(f"WRONG: {wrong}")
        return 1
    finally:
        if process is not None:
            process.terminate()
    tally.pop("left")
    print(f"{given.evals} EVALs in {seconds:.1f} s ({given.evals / seconds:.0f}/s), no wrong reply: {tally}")
    if process is None:
        return 0
    growth = after / before - 1
    print(f"memory {before >> 10} KiB before, {after >> 10} KiB after: {growth:+.1%}")
    return int(growth > 0.05)


if __name__ == "__main__":
    raise SystemExit(main())
