"""The Redis server: its wire, its clients, busy scripts, limits, isolation, an upstream, and a part of its suite."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from lockstep import launch
from lockstep.harness.engines.outside.redis import Client, Target, notation
from lockstep.harness.engines.registry import resolve
from lockstep.harness.execution import Execute, execute
from lockstep.harness.model import Verdict
from lockstep.harness.selection import Selection, plan
from lockstep.harness.suites.redis import RedisSuite, command_line
from lockstep.reference.redis.wire.encoder import encode, encode_command
from lockstep.reference.redis.wire.parser import ReplyParser, RequestParser
from lockstep.reference.redis.wire.replies import (
    NIL_ARRAY,
    BigNumber,
    Double,
    Failure,
    MapReply,
    SetReply,
    Status,
    Verbatim,
)

pytest.importorskip("fakeredis")
redis = pytest.importorskip("redis")
LOOP = "while true do end"


class Serving:
    """A server process of ours."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [*launch.command("reference.redis"), "--port", "0", *arguments],
            stdout=subprocess.PIPE,
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline().split()[1])
        self.address = ("127.0.0.1", self.port)

    def client(self) -> Client:
        """A new connection."""
        return Client(self.address)

    def stop(self) -> None:
        """End the process."""
        self.process.terminate()
        self.process.wait(timeout=20)


@pytest.fixture(scope="module", params=["vm", "treewalk"])
def server(request: pytest.FixtureRequest) -> Iterator[Serving]:
    """A server on either backend, empty for each test."""
    serving = Serving("--engine", request.param)
    yield serving
    serving.stop()


@pytest.fixture
def client(server: Serving) -> Iterator[Client]:
    made = server.client()
    for words in ("FLUSHALL", "SCRIPT FLUSH", "FUNCTION FLUSH", "CONFIG SET busy-reply-threshold 5000"):
        made.ask([word.encode() for word in words.split()])
    yield made
    made.close()


def ask(client: Client, *words: str | int) -> Any:
    """The reply to a command in the notation of the fixtures."""
    return notation(client.ask([str(word).encode("latin-1") for word in words]))


# The wire

REPLIES = [
    1,
    -5,
    b"a\r\nb",
    b"",
    None,
    Status(b"OK"),
    Failure(b"ERR no"),
    [1, [b"x", None], Status(b"s")],
    [],
    NIL_ARRAY,
    True,
    False,
    Double(b"1.5"),
    BigNumber(b"123456789012345678901234567890"),
    Verbatim(b"txt", b"hi"),
    MapReply([(b"k", [1])]),
    SetReply([b"m"]),
]


@pytest.mark.parametrize("reply", REPLIES, ids=repr)
def test_replies_survive_the_wire(reply: object) -> None:
    data = encode(reply, 3)
    parser = ReplyParser()
    found: list[Any] = []
    for byte in range(len(data)):
        found.extend(parser.feed(data[byte : byte + 1]))
    assert len(found) == 1
    # RESP3 has one null only.
    assert notation(found[0]) == (None if reply is NIL_ARRAY else notation(reply))


def test_resp2_has_no_other_kinds() -> None:
    assert encode([True, Double(b"1.5"), MapReply([(b"k", 1)]), SetReply([1]), NIL_ARRAY, None], 2) == (
        b"*6\r\n:1\r\n$3\r\n1.5\r\n*2\r\n$1\r\nk\r\n:1\r\n*1\r\n:1\r\n*-1\r\n$-1\r\n"
    )


def test_requests_in_pieces_and_in_one() -> None:
    data = encode_command([b"SET", b"k", b"v\r\n" * 1000]) + b"PING\r\n" + encode_command([b"GET", b"k"])
    expected = [[b"SET", b"k", b"v\r\n" * 1000], [b"PING"], [b"GET", b"k"]]
    assert RequestParser().feed(data) == (expected, None)
    parser = RequestParser()
    found = [command for at in range(len(data)) for command in parser.feed(data[at : at + 1])[0]]
    assert found == expected


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"set \"a\\x41\\n\" 'it\\'s'\r\n", [b"set", b"aA\n", b"it's"]),
        (b"  ping  \n", [b"ping"]),
    ],
)
def test_inline_commands(line: bytes, words: list[bytes]) -> None:
    assert RequestParser().feed(line) == ([words], None)


@pytest.mark.parametrize("data", [b"*1\r\n:1\r\n", b"*x\r\n", b"*1\r\n$-5\r\n", b'get "a\r\n'])
def test_a_protocol_error_is_told_and_ends_the_connection(server: Serving, data: bytes) -> None:
    with socket.create_connection(server.address, timeout=20) as raw:
        raw.sendall(encode_command([b"PING"]) + data)
        answer = b""
        while chunk := raw.recv(1000):
            answer += chunk
    assert answer.startswith(b"+PONG\r\n-ERR Protocol error: ")


def test_a_line_of_words_reads_back() -> None:
    words = ["EVAL", 'return "a\\b"\n', "0", "", "\xff"]
    commands, _ = RequestParser().feed(command_line(words).encode("latin-1") + b"\r\n")
    assert commands == [[word.encode("latin-1") for word in words]]


# The suite


def test_a_part_of_the_suite() -> None:
    engines = [resolve("redis:vm"), resolve("redis:treewalk")]
    planned = plan([RedisSuite()], engines, Selection(sample=10))
    found = [one.result for one in execute(planned.executions, Execute(workers=2)) if one.final]
    assert len(found) > 100
    assert [one for one in found if one.verdict is not Verdict.PASS] == []


# Clients


@pytest.fixture(params=[2, 3], ids=["resp2", "resp3"])
def py(server: Serving, client: Client, request: pytest.FixtureRequest) -> Iterator[object]:
    """A redis-py client."""
    del client  # it has emptied the server
    made = redis.Redis(port=server.port, protocol=request.param, decode_responses=True)
    yield made
    made.close()


def test_redis_py_scripts(py: Any) -> None:
    script = py.register_script("return {KEYS[1], ARGV[1], redis.call('incr', KEYS[1])}")
    assert script(keys=["k"], args=["a"]) == ["k", "a", 1]
    py.script_flush()
    assert script(keys=["k"], args=["b"]) == ["k", "b", 2]
    assert py.script_exists(script.sha, "0" * 40) == [True, False]
    assert py.evalsha(script.sha, 1, "k", "c") == ["k", "c", 3]
    with pytest.raises(redis.exceptions.NoScriptError):
        py.evalsha("f" * 40, 0)
    with pytest.raises(
        redis.exceptions.ResponseError, match=r"user_script:1: oops script: .*, on @user_script:1"
    ):
        py.eval("error('oops')", 0)


def test_redis_py_pipelines(py: Any) -> None:
    script = py.register_script("return redis.call('incrby', KEYS[1], ARGV[1])")
    py.script_flush()
    with py.pipeline() as pipe:
        pipe.set("n", 1)
        script(keys=["n"], args=[2], client=pipe)
        pipe.get("n")
        assert pipe.execute() == [True, 3, "3"]
    with py.pipeline(transaction=False) as pipe:
        for number in range(100):
            pipe.eval("return tonumber(ARGV[1]) * 2", 0, number)
        assert pipe.execute() == [number * 2 for number in range(100)]


def test_redis_py_transactions(server: Serving, py: Any) -> None:
    other = redis.Redis(port=server.port)
    with py.pipeline() as pipe:
        pipe.watch("w")
        other.set("w", 1)
        pipe.multi()
        pipe.eval("return 1", 0)
        with pytest.raises(redis.exceptions.WatchError):
            pipe.execute()
    with py.pipeline() as pipe:
        pipe.watch("w")
        pipe.multi()
        pipe.eval("return redis.call('incr', 'w')", 0)
        pipe.eval("redis.call('incr', 'w') return redis.call('incrby', 'w', 'x')", 0)
        pipe.get("w")
        results = pipe.execute(raise_on_error=False)
    assert results[0] == 2
    assert isinstance(results[1], redis.exceptions.ResponseError)
    assert results[2] == "3"
    other.close()


def test_redis_py_functions(py: Any) -> None:
    code = "#!lua name=lib\nredis.register_function('twice', function(keys, args) return args[1] * 2 end)"
    assert py.function_load(code) == "lib"
    assert py.fcall("twice", 0, 21) == 42
    dumped = redis.Redis(port=py.connection_pool.connection_kwargs["port"]).function_dump()
    py.function_flush()
    with pytest.raises(redis.exceptions.ResponseError, match="Function not found"):
        py.fcall("twice", 0, 1)
    py.function_restore(dumped)
    assert py.fcall("twice", 0, 4) == 8
    py.function_delete("lib")


def test_redis_py_channels_and_waiting(server: Serving, py: Any) -> None:
    channel = py.pubsub()
    channel.subscribe("news")
    assert channel.get_message(timeout=10)["type"] == "subscribe"
    py.eval("return redis.call('publish', 'news', 'hello')", 0)
    assert channel.get_message(timeout=10)["data"] == "hello"
    channel.close()
    other = redis.Redis(port=server.port, decode_responses=True)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(other.blpop, ["list"], 20)
        time.sleep(0.1)
        py.eval("return redis.call('rpush', 'list', 'x')", 0)
        assert tuple(waiting.result(20)) == ("list", "x")
        assert other.blpop(["list"], 0.05) is None
    other.close()


@pytest.mark.skipif(shutil.which("redis-cli") is None, reason="redis-cli is not installed")
def test_redis_cli(server: Serving, client: Client) -> None:
    del client
    base = ["redis-cli", "-p", str(server.port)]

    def cli(*arguments: str, text: str | None = None) -> str:
        done = subprocess.run(
            [*base, *arguments], input=text, capture_output=True, text=True, timeout=30, check=True
        )
        return done.stdout

    assert cli("EVAL", "return {1,'a',{ok='fine'},false}", "0") == "1\na\nfine\n\n"
    assert cli("-3", "EVAL", "redis.setresp(3) return {double=1.5}", "0").strip() == "1.5"
    assert "user_script:1" in cli("EVAL", "error('x')", "0")
    assert cli(text="SET a 1\nEVAL \"return redis.call('get','a')\" 0\nPING\n") == "OK\n1\nPONG\n"
    assert "redis_version:7.0.15" in cli("INFO", "server")


def test_fifty_clients_at_once(server: Serving, client: Client) -> None:
    script = "local n = redis.call('incr', KEYS[1]) if n % 7 == 0 then error('seven') end return n"

    def work(number: int) -> int:
        own = server.client()
        good = 0
        for step in range(1, 41):
            reply = ask(own, "EVAL", script, 1, f"key{number}")
            if step % 7 == 0:
                assert "user_script:1: seven" in reply["error"]
            else:
                assert reply == step
                good += 1
        own.close()
        return good

    with ThreadPoolExecutor(50) as pool:
        assert sum(pool.map(work, range(50))) == 50 * 35
    assert ask(client, "DBSIZE") == 50


# Busy scripts


class Running:
    """A command that another connection runs meanwhile."""

    def __init__(self, server: Serving, *words: str | int) -> None:
        self.client = server.client()
        self.replies: list[Any] = []
        self.thread = threading.Thread(target=lambda: self.replies.append(ask(self.client, *words)))
        self.thread.start()

    def reply(self) -> Any:
        """What the command answered, once it has ended."""
        self.thread.join(30)
        assert not self.thread.is_alive()
        self.client.close()
        return self.replies[0]


def until_busy(client: Client) -> dict[str, str]:
    """The BUSY error, once it comes."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        reply = ask(client, "PING")
        if reply != {"status": "PONG"}:
            assert isinstance(reply, dict)
            return reply
        time.sleep(0.01)
    raise AssertionError("the script never counted as busy")


@pytest.mark.parametrize(
    "script",
    [
        LOOP,
        "while true do pcall(function() while true do end end) end",
        "local co = coroutine.wrap(function() while true do end end) co()",
        "local function f() return pcall(f) end while true do f() end",
    ],
)
def test_a_busy_script_is_killed(server: Serving, client: Client, script: str) -> None:
    ask(client, "CONFIG", "SET", "busy-reply-threshold", 50)
    running = Running(server, "EVAL", script, 0)
    assert until_busy(client)["error"] == (
        "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE."
    )
    assert ask(client, "FUNCTION", "KILL")["error"].startswith("BUSY ")
    assert ask(client, "MULTI") == {"status": "OK"}
    assert ask(client, "GET", "a")["error"].startswith("BUSY ")
    assert ask(client, "EXEC")["error"].startswith("EXECABORT Transaction discarded because of: BUSY ")
    assert ask(client, "SCRIPT", "KILL") == {"status": "OK"}
    assert "Script killed by user with SCRIPT KILL" in running.reply()["error"]
    assert ask(client, "EVAL", "return 1", 0) == 1
    assert ask(client, "SCRIPT", "KILL")["error"].startswith("NOTBUSY ")


def test_a_busy_script_that_wrote_is_not_killed(server: Serving, client: Client) -> None:
    ask(client, "CONFIG", "SET", "busy-reply-threshold", 50)
    script = "redis.call('set', 'a', 1) for i = 1, tonumber(ARGV[1]) do end return redis.call('get', 'a')"
    words: Any = server.process.args
    rounds = 8_000_000 if words[-1] == "vm" else 800_000
    running = Running(server, "EVAL", script, 0, rounds)
    until_busy(client)
    assert ask(client, "SCRIPT", "KILL")["error"].startswith("UNKILLABLE ")
    assert running.reply() == "1"


def test_a_busy_function_is_killed(server: Serving, client: Client) -> None:
    ask(client, "CONFIG", "SET", "busy-reply-threshold", 50)
    ask(client, "FUNCTION", "LOAD", f"#!lua name=l\nredis.register_function('lo', function() {LOOP} end)")
    running = Running(server, "FCALL", "lo", 0)
    assert "FUNCTION KILL" in until_busy(client)["error"]
    assert ask(client, "SCRIPT", "KILL")["error"].startswith("BUSY ")
    stats = ask(client, "FUNCTION", "STATS")
    assert stats[1][:4] == ["name", "lo", "command", ["FCALL", "lo", "0"]]
    assert ask(client, "FUNCTION", "KILL") == {"status": "OK"}
    assert "script: lo, on @user_function:2." in running.reply()["error"]


def test_a_library_has_half_a_second_to_load(client: Client) -> None:
    started = time.monotonic()
    reply = ask(client, "FUNCTION", "LOAD", f"#!lua name=l\n{LOOP}")
    assert reply["error"] == "ERR Error registering functions: ERR FUNCTION LOAD timeout"
    assert time.monotonic() - started < 10
    assert ask(client, "FUNCTION", "LIST") == []


def test_a_busy_script_in_a_transaction(server: Serving, client: Client) -> None:
    ask(client, "CONFIG", "SET", "busy-reply-threshold", 20)
    other = server.client()
    for words in (("MULTI",), ("SET", "a", 1), ("EVAL", LOOP, 0), ("INCR", "a"), ("EVAL", "return 7", 0)):
        ask(other, *words)
    replies: list[Any] = []
    thread = threading.Thread(target=lambda: replies.append(ask(other, "EXEC")))
    thread.start()
    until_busy(client)
    ask(client, "SCRIPT", "KILL")
    thread.join(20)
    assert replies[0][0] == {"status": "OK"}
    assert "killed" in replies[0][1]["error"]
    assert replies[0][2:] == [2, 7]
    other.close()


def test_a_client_that_leaves_its_busy_script(server: Serving, client: Client) -> None:
    ask(client, "CONFIG", "SET", "busy-reply-threshold", 20)
    leaving = socket.create_connection(server.address)
    leaving.sendall(encode_command([b"EVAL", LOOP.encode(), b"0"]))
    until_busy(client)
    leaving.close()
    assert ask(client, "SCRIPT", "KILL") == {"status": "OK"}
    deadline = time.monotonic() + 10
    while ask(client, "PING") != {"status": "PONG"}:
        assert time.monotonic() < deadline


# Limits and isolation


def test_limits() -> None:
    serving = Serving("--steps", "10000", "--memory", "64")
    client = serving.client()
    try:
        assert ask(client, "EVAL", "for i = 1, 9000 do end return 1", 0) == 1
        for script in (LOOP, "pcall(function() while true do end end) return 1"):
            reply = ask(client, "EVAL", script, 0)
            assert reply["error"].startswith("STEPLIMIT Script used up its 10000 steps. script: ")
            assert reply["error"].endswith(", on @user_script:1.")
        for script in (
            "return #string.rep('x', 2^30)",
            "local t = {} for i = 1, 5000 do t[i] = string.rep(tostring(i), 20000) end return #t",
        ):
            assert ask(client, "EVAL", script, 0)["error"].startswith("MEMORYLIMIT Script needs more")
        assert ask(client, "EVAL", "return 2", 0) == 2
    finally:
        client.close()
        serving.stop()


def test_a_failed_script_leaves_the_interpreter_as_it_was(client: Client) -> None:
    before = ask(
        client, "EVAL", "local t = {} for k in pairs(_G) do t[#t + 1] = k end table.sort(t) return t", 0
    )
    for script in (
        "cjson.encode_max_depth(3) error('x')",
        "KEYS.leak = 1 ARGV.leak = 1 error('x')",
        "rawset(_G, 'leak', 1)",
        "getmetatable('').__index = nil",
        "local c = coroutine.wrap(function() redis.call('nosuch') end) c()",
        "local function f() return 1 + f() end return f()",
        "redis.setresp(3) error('x')",
    ):
        assert "error" in ask(client, "EVAL", script, 0)
    assert ask(client, "EVAL", "return cjson.encode_max_depth()", 0) == 1000
    assert ask(client, "EVAL", "return {KEYS.leak, ARGV.leak}", 0) == []
    assert ask(client, "EVAL", "return ('x'):rep(2)", 0) == "xx"
    assert ask(client, "EVAL", "return true", 0) == 1
    after = ask(
        client, "EVAL", "local t = {} for k in pairs(_G) do t[#t + 1] = k end table.sort(t) return t", 0
    )
    assert after == before


def test_an_error_object_without_text_has_a_text_of_our_own(client: Client) -> None:
    for script in ("error({})", "error({1, 2})", "error(setmetatable({}, {}))"):
        assert ask(client, "EVAL", script, 0)["error"].startswith(
            "ERR the error object is a table without a string 'err' script: "
        )


def test_nesting_ends_where_redis_ends_it(server: Serving) -> None:
    tail = b"-ERR reached lua stack limit\r\n"
    with socket.create_connection(server.address, timeout=20) as raw:
        raw.sendall(encode_command([b"EVAL", b"local t = {} t[1] = t return t", b"0"]))
        answer = b""
        while not answer.endswith(tail):
            answer += raw.recv(1 << 16)
    assert answer == b"*1\r\n" * 7995 + tail


def test_a_password(server: Serving, client: Client) -> None:
    ask(client, "CONFIG", "SET", "requirepass", "secret")
    try:
        other = server.client()
        assert ask(other, "EVAL", "return 1", 0)["error"] == "NOAUTH Authentication required."
        assert ask(other, "AUTH", "wrong")["error"].startswith("WRONGPASS ")
        assert ask(other, "HELLO", 3, "AUTH", "default", "secret")["map"][2] == ["proto", 3]
        assert ask(other, "EVAL", "return 1", 0) == 1
        other.close()
    finally:
        ask(client, "CONFIG", "SET", "requirepass", "")


def test_statistics(client: Client) -> None:
    ask(client, "CONFIG", "RESETSTAT")
    ask(client, "EVAL", "return 1", 0)
    ask(client, "EVAL", "error({err='MINE x'})", 0)
    assert "cmdstat_eval:calls=2" in ask(client, "INFO", "commandstats")
    assert "errorstat_MINE:count=1" in ask(client, "INFO", "errorstats")
    ask(client, "EVAL", "return redis.call('incrby', 'a', 'x')", 0)
    ask(client, "EVAL", "return redis.pcall('incrby', 'a', 'x')", 0)
    ask(client, "EVAL", "pcall(redis.call, 'incrby', 'a', 'x') return {err='ERR own'}", 0)
    assert "errorstat_ERR:count=4" in ask(client, "INFO", "errorstats")
    assert "cmdstat_incrby:calls=3" in ask(client, "INFO", "commandstats")
    assert "number_of_cached_scripts:5" in ask(client, "INFO", "memory")


# A real Redis behind


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not installed")
def test_an_upstream() -> None:
    real = Target("redis-server")
    host, port = real.address()
    serving = Serving("--upstream", f"redis://{host}:{port}/3", "--steps", "100000")
    own, direct = serving.client(), Client((host, port))
    try:
        ask(direct, "SELECT", 3)
        ask(direct, "SET", "n", 41)
        assert ask(own, "EVAL", "return redis.call('incr', KEYS[1])", 1, "n") == 42
        assert ask(direct, "GET", "n") == "42"
        assert ask(own, "EVAL", "return redis.call('incrby', 'n', 'x')", 0)["error"].startswith(
            "ERR value is not"
        )
        assert ask(own, "EVAL", "redis.setresp(3) return redis.call('hgetall', 'none').map and 1", 0) == 1
        assert ask(own, "EVAL", LOOP, 0)["error"].startswith("STEPLIMIT ")
        ask(own, "WATCH", "n")
        ask(direct, "INCR", "n")
        ask(own, "MULTI")
        ask(own, "EVAL", "return 1", 0)
        assert ask(own, "EXEC") == {"nil_array": True}
        assert ask(own, "BLPOP", "list", "0.05") == {"nil_array": True}
        waiting = Running(serving, "BLPOP", "list", 20)
        ask(direct, "RPUSH", "list", "x")
        assert waiting.reply() == ["list", "x"]
        assert "error" in ask(own, "SUBSCRIBE", "c")
        assert ask(own, "SELECT", 0) == {"status": "OK"}
        assert ask(own, "EVAL", "return redis.call('get', 'n')", 0) is None
    finally:
        own.close()
        direct.close()
        serving.stop()
        real.stop()
