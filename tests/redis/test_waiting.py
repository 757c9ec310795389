"""Clients that wait for data: any number of them, each served or timed out on its own; beside a real Redis where there is one."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from lockstep import launch
from lockstep.harness.engines.outside.redis import Client, notation

pytest.importorskip("fakeredis")
SERVERS = ["vm", "treewalk", "redis-server"]


class Serving:
    """A server process of ours on one backend, or a real one."""

    def __init__(self, kind: str) -> None:
        if kind != "redis-server":
            command = [*launch.command("reference.redis"), "--port", "0", "--engine", kind]
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE)
            assert self.process.stdout is not None
            self.port = int(self.process.stdout.readline().split()[1])
            return
        if shutil.which(kind) is None:
            pytest.skip("redis-server is not installed (Debian: apt-get install redis-server)")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        command = [kind, "--port", str(self.port), "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while True:
            try:
                Client(("127.0.0.1", self.port)).close()
                return
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    def stop(self) -> None:
        """End the server."""
        self.process.terminate()
        self.process.wait(timeout=20)


class Waiter:
    """A client that asks one thing, on a thread of its own."""

    def __init__(self, port: int, *words: str, seconds: float = 10.0) -> None:
        self.client = Client(("127.0.0.1", port))
        self.id = self.client.ask([b"CLIENT", b"ID"])
        self.reply: Any = "no answer"
        self.took = 0.0
        self._words = [word.encode() for word in words]
        self._seconds = seconds
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()
        time.sleep(0.05)

    def _ask(self) -> None:
        started = time.monotonic()
        try:
            self.reply = notation(self.client.ask(self._words))
        except OSError:
            self.reply = "gone"
        self.took = time.monotonic() - started

    def end(self) -> Any:
        """Wait for the answer; "no answer" when none came in time."""
        self._thread.join(self._seconds)
        return self.reply


@pytest.fixture(scope="module", params=SERVERS)
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    serving = Serving(request.param)
    yield serving.port
    serving.stop()


@pytest.fixture
def client(port: int) -> Iterator[Client]:
    made = Client(("127.0.0.1", port))
    made.ask([b"FLUSHALL"])
    yield made
    made.close()


def ask(client: Client, *words: str) -> object:
    return notation(client.ask([word.encode() for word in words]))


@pytest.mark.parametrize("keys", [["k"] * 3, ["a", "b", "c"]], ids=["one key", "a key each"])
@pytest.mark.parametrize("end", ["push", "script", "timeout", "disconnect", "unblock", "error"])
def test_every_waiter_ends_on_its_own(port: int, client: Client, keys: list[str], end: str) -> None:
    limit = "0.4" if end == "timeout" else "8"
    waiters = [Waiter(port, "BLPOP", key, limit) for key in keys]
    if end == "push":
        for number, key in enumerate(keys):
            ask(client, "RPUSH", key, str(number))
        expected: list[object] = [[key, str(number)] for number, key in enumerate(keys)]
    elif end == "script":
        text = "for i, key in ipairs(KEYS) do redis.call('rpush', key, i) end"
        ask(client, "EVAL", text, "3", *keys)
        expected = [[key, str(number)] for number, key in enumerate(keys, 1)]
    elif end == "timeout":
        expected = [{"nil_array": True}] * 3
    elif end == "disconnect":
        waiters[0].client.close()
        time.sleep(0.1)
        for number, key in enumerate(keys[1:]):
            ask(client, "RPUSH", key, str(number))
        expected = ["gone", [keys[1], "0"], [keys[2], "1"]]
    else:
        for waiter in waiters:
            assert (
                ask(client, "CLIENT", "UNBLOCK", str(waiter.id), "ERROR" if end == "error" else "TIMEOUT")
                == 1
            )
        problem = {"error": "UNBLOCKED client unblocked via CLIENT UNBLOCK"}
        expected = [problem if end == "error" else {"nil_array": True}] * 3
    assert [waiter.end() for waiter in waiters] == expected
    # Nobody is left behind in the database.
    last = Waiter(port, "BLPOP", "later", "5")
    ask(client, "RPUSH", "later", "x")
    assert last.end() == ["later", "x"]


def test_waits_end_at_their_own_time(port: int, client: Client) -> None:
    del client
    waiters = [
        Waiter(port, "BRPOP", f"k{number}", str(limit)) for number, limit in enumerate((1.2, 0.3, 0.7))
    ]
    assert [waiter.end() for waiter in waiters] == [{"nil_array": True}] * 3
    assert waiters[1].took < waiters[2].took < waiters[0].took
    assert all(waiter.took >= limit - 0.01 for waiter, limit in zip(waiters, (1.2, 0.3, 0.7), strict=True))


def test_kinds_of_waits_beside_each_other(port: int, client: Client) -> None:
    ask(client, "XADD", "stream", "1-1", "f", "old")
    waiters = [
        Waiter(port, "XREAD", "BLOCK", "8000", "STREAMS", "stream", "$"),
        Waiter(port, "BZPOPMIN", "set", "8"),
        Waiter(port, "BLMOVE", "from", "to", "LEFT", "RIGHT", "8"),
        Waiter(port, "BLPOP", "to", "8"),
        Waiter(port, "BLMPOP", "8", "2", "x", "y", "RIGHT", "COUNT", "2"),
        Waiter(port, "BRPOPLPUSH", "first", "second", "8"),
    ]
    for words in (
        ("XADD", "stream", "1-2", "f", "new"),
        ("ZADD", "set", "1.5", "m"),
        ("RPUSH", "from", "a", "b"),
        ("RPUSH", "y", "1", "2", "3"),
        ("RPUSH", "first", "z"),
    ):
        ask(client, *words)
    assert [waiter.end() for waiter in waiters] == [
        [["stream", [["1-2", ["f", "new"]]]]],
        ["set", "m", "1.5"],
        "a",
        ["to", "a"],
        ["y", ["3", "2"]],
        "z",
    ]
    assert ask(client, "LRANGE", "from", "0", "-1") == ["b"]


def test_a_wait_outlives_values_of_another_type(port: int, client: Client) -> None:
    waiter = Waiter(port, "BLMOVE", "source", "target", "RIGHT", "LEFT", "8")
    ask(client, "SET", "source", "text")
    ask(client, "DEL", "source")
    ask(client, "SET", "target", "text")
    ask(client, "RPUSH", "source", "kept")
    assert waiter.end() == {"error": "WRONGTYPE Operation against a key holding the wrong kind of value"}
    assert ask(client, "LRANGE", "source", "0", "-1") == ["kept"]


FLOAT, NEGATIVE = "ERR timeout is not a float or out of range", "ERR timeout is negative"
INTEGER, COUNT = "ERR timeout is not an integer or out of range", "ERR numkeys should be greater than 0"
BALANCE = "ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified."


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("BLPOP k 1x", FLOAT),
        ("BRPOP k .", FLOAT),
        ("BZPOPMIN k 0x", FLOAT),
        ("BLMPOP 1,5 1 k LEFT", FLOAT),
        ("BLMOVE a b LEFT RIGHT nan", FLOAT),
        ("BRPOPLPUSH a b -0.5", NEGATIVE),
        ("BZMPOP -1 1 k MIN", NEGATIVE),
        ("BLPOP k inf", NEGATIVE),
        ("BLPOP k 1e18", NEGATIVE),
        ("BLMPOP x 0 k LEFT", COUNT),
        ("BZMPOP 1 x k MIN", COUNT),
        ("ZMPOP -1 k MIN", COUNT),
        ("LMPOP 1 k LEFT COUNT 0", "ERR count should be greater than 0"),
        ("BLMOVE a b UP LEFT 0", "ERR syntax error"),
        ("XREAD BLOCK 1.5 STREAMS s 0", INTEGER),
        ("XREADGROUP GROUP g c BLOCK +1 STREAMS s >", INTEGER),
        ("XREAD BLOCK -1 STREAMS s 0", NEGATIVE),
        ("XREAD BLOCK 1 STREAMS s t 0", BALANCE),
        ("WAIT 0 1.5", INTEGER),
        ("CLIENT PAUSE x", INTEGER),
        ("CLIENT PAUSE 1 NONE", "ERR CLIENT PAUSE mode must be WRITE or ALL"),
        ("CLIENT NO-EVICT perhaps", "ERR syntax error"),
    ],
)
def test_what_is_refused(client: Client, words: str, text: str) -> None:
    assert ask(client, *words.split()) == {"error": text}


def test_scripts_do_not_wait(client: Client) -> None:
    for words, text in (
        ("'blpop', 'k', 0", "ERR This Redis command is not allowed from script"),
        (
            "'XREAD', 'BLOCK', 5, 'STREAMS', 's', '$'",
            "ERR XREAD command is not allowed with BLOCK option from scripts",
        ),
    ):
        assert ask(client, "EVAL", f"return redis.pcall({words}).err", "0") == text


def test_read_only_scripts_tell_other_servers_nothing(client: Client) -> None:
    text = {"error": "ERR Write commands are not allowed from read-only scripts."}
    for words in ("'publish', 'c', 'm'", "'set', 'k', 1", "'pfcount', 'h'"):
        assert ask(client, "EVAL_RO", f"return redis.pcall({words})", "0") == text
    assert ask(client, "EVAL_RO", "return redis.call('get', 'none') == false", "0") == 1


def test_functions_are_found_in_any_case(client: Client) -> None:
    ask(client, "FUNCTION", "FLUSH")
    code = "#!lua name=one\nredis.register_function('AddOne', function(k, a) return a[1] + 1 end)"
    assert ask(client, "FUNCTION", "LOAD", code) == "one"
    assert [ask(client, "FCALL", name, "0", "6") for name in ("AddOne", "addone", "ADDONE")] == [7, 7, 7]
    again = "#!lua name=two\nredis.register_function('ADDONE', function() end)"
    assert ask(client, "FUNCTION", "LOAD", again) == {"error": "ERR Function ADDONE already exists"}
    ask(client, "FUNCTION", "DELETE", "one")
    assert ask(client, "FCALL", "addone", "0") == {"error": "ERR Function not found"}


def test_time_goes_on_in_a_script(client: Client) -> None:
    text = "local a = redis.call('time') for i = 1, 20000 do end local b = redis.call('time') return a[1] == b[1] and a[2] == b[2]"
    assert ask(client, "EVAL", text, "0") is None


TYPES: list[tuple[list[str], list[list[str]], object]] = [
    # What a client that waits is told, after these commands of another one.
    (["BLMPOP", "8", "2", "a", "b", "LEFT"], [["SET", "a", "x"], ["RPUSH", "b", "v"]], ["b", ["v"]]),
    (["BZPOPMIN", "a", "b", "8"], [["RPUSH", "a", "x"], ["ZADD", "b", "1", "m"]], ["b", "m", "1"]),
    (
        ["BZMPOP", "8", "2", "a", "b", "MAX"],
        [["SET", "a", "x"], ["ZADD", "b", "1", "m"]],
        ["b", [["m", "1"]]],
    ),
    (
        ["XREADGROUP", "GROUP", "g", "c", "BLOCK", "8000", "STREAMS", "s", ">"],
        [["DEL", "s"]],
        {"error": "UNBLOCKED the stream key no longer exists"},
    ),
    (
        ["XREADGROUP", "GROUP", "g", "c", "BLOCK", "8000", "STREAMS", "s", ">"],
        [["XGROUP", "DESTROY", "s", "g"]],
        {"error": "NOGROUP the consumer group this client was blocked on no longer exists"},
    ),
    (
        ["XREADGROUP", "GROUP", "g", "c", "BLOCK", "8000", "STREAMS", "none", ">"],
        [],
        {"error": "NOGROUP No such key 'none' or consumer group 'g' in XREADGROUP with GROUP option"},
    ),
]


@pytest.mark.parametrize(("words", "meanwhile", "reply"), TYPES)
def test_what_changes_while_a_client_waits(
    port: int, client: Client, words: list[str], meanwhile: list[list[str]], reply: object
) -> None:
    ask(client, "XGROUP", "CREATE", "s", "g", "$", "MKSTREAM")
    waiter = Waiter(port, *words)
    for command in meanwhile:
        ask(client, *command)
    assert waiter.end() == reply
    # What was emptied is gone.
    assert ask(client, "EXISTS", "b") == 0


def test_a_chain_of_moves_is_done_before_the_next_command(port: int, client: Client) -> None:
    last = Waiter(port, "BLMPOP", "8", "1", "c", "LEFT")
    middle = Waiter(port, "BLMOVE", "b", "c", "LEFT", "RIGHT", "8")
    first = Waiter(port, "BLMOVE", "a", "b", "LEFT", "RIGHT", "8")
    ask(client, "RPUSH", "a", "ball")
    ask(client, "SET", "c", "other")
    assert [first.end(), middle.end(), last.end()] == ["ball", "ball", ["c", ["ball"]]]
