"""A Redis as an engine: `python -m ...redis TARGET`; programs are commands, one a line, their output is the replies.

TARGET is `redis:lua5.1:vm` or `redis:lua5.1:treewalk` (our server, started on a free port), `redis-server` (a real
one, likewise), `fakeredis` (its own server, for benchmarks), or `redis://host:port` (one that runs already and is
empty; cases flush it).

A line is written as for redis-cli. `@` in front: run it, do not show the reply. `2>` in front: on a connection called
2. `100x` in front: so many times, show the last reply. The mode `resp3` opens connections that speak RESP3.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import io
import json
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from lockstep import __version__, launch
from lockstep.harness.engines.outside.serving import Message, serve
from lockstep.reference.host.identity import loaded_version
from lockstep.reference.redis.wire.encoder import encode_command
from lockstep.reference.redis.wire.parser import ProtocolError, ReplyParser, RequestParser
from lockstep.reference.redis.wire.replies import (
    NIL_ARRAY,
    BigNumber,
    Double,
    Failure,
    MapReply,
    Push,
    Reply,
    SetReply,
    Status,
    Verbatim,
)

_START_SECONDS = 20.0
_REPLY_SECONDS = 60.0
_CONNECTION = re.compile(r"^(\w+)> ")
_TIMES = re.compile(r"^(\d+)x ")
_FAKEREDIS = """
from importlib.metadata import version
from fakeredis import TcpFakeServer
server = TcpFakeServer(("127.0.0.1", 0), server_type="redis", server_version=(7, 0))
print("ready", server.server_address[1], version("fakeredis"), flush=True)
server.serve_forever()
"""
_BEFORE_EACH = (
    ("FLUSHALL",),
    ("SCRIPT", "FLUSH"),
    ("FUNCTION", "FLUSH"),
    ("CONFIG", "SET", "maxmemory", "0", "busy-reply-threshold", "5000"),
)


class Client:
    """One connection."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._socket = socket.create_connection(address, timeout=_REPLY_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._parser = ReplyParser()
        self._replies: list[Reply] = []

    def ask(self, words: list[bytes]) -> Reply:
        """Send a command and wait for its reply.

        Raises:
            OSError: the connection is lost, or nothing comes.
        """
        self._socket.sendall(encode_command(words))
        while not self._replies:
            data = self._socket.recv(1 << 18)
            if not data:
                raise ConnectionError("the server closed the connection")
            self._replies.extend(self._parser.feed(data))
        return self._replies.pop(0)

    def close(self) -> None:
        """End the connection, also under a thread that waits for a reply."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def notation(reply: Reply) -> object:
    """A reply as JSON has it: integers, strings (bytes as characters 0 to 255), lists, null; others by name."""
    if reply is None or isinstance(reply, (bool, int)):
        return {"bool": reply} if isinstance(reply, bool) else reply
    if isinstance(reply, bytes):
        return reply.decode("latin-1")
    if isinstance(reply, list):
        return [notation(item) for item in reply]
    if reply is NIL_ARRAY:
        return {"nil_array": True}
    if isinstance(reply, MapReply):
        return {"map": [[notation(key), notation(value)] for key, value in reply.pairs]}
    if isinstance(reply, (SetReply, Push)):
        kind = "set" if isinstance(reply, SetReply) else "push"
        return {kind: [notation(item) for item in reply.items]}
    if isinstance(reply, Verbatim):
        return {"verbatim": f"{reply.format.decode('latin-1')}:{reply.text.decode('latin-1')}"}
    return {_NAMES[type(reply)]: reply.text.decode("latin-1")}


_NAMES: dict[type, str] = {Status: "status", Failure: "error", Double: "double", BigNumber: "big_number"}


class Target:
    """The server that the cases run on."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._address: tuple[str, int] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._version = ""

    def fingerprint(self) -> str:
        """A version of this adapter and of the server, which ours tells and others have in `INFO server`."""
        with contextlib.suppress(OSError, ProtocolError):
            address = self.address()
            if not self._version:
                client = Client(address)
                info = client.ask([b"INFO", b"server"])
                client.close()
                text = info.decode("utf-8", "replace") if isinstance(info, bytes) else ""
                self._version = ",".join(
                    re.findall(r"^redis_(?:version|git_sha1|build_id):(\S+)", text, re.MULTILINE)
                )
        return f"{loaded_version()} {self._version}".strip()

    def implementation(self) -> str:
        """Its name and version, known after `fingerprint`."""
        if self.name.startswith("redis:lua"):
            return f"lockstep {__version__}"
        name = "redis-server" if self.name.startswith("redis://") else self.name
        return f"{name} {self._version.split(',')[0]}".strip()

    def address(self) -> tuple[str, int]:
        """Where it listens; it is started on first use, and again if it died.

        Raises:
            OSError: it does not come up, or holds data that a case would flush.
        """
        if self._address is not None and (self._process is None or self._process.poll() is None):
            return self._address
        if self.name.startswith("redis://"):
            parts = urlsplit(self.name)
            self._address = (parts.hostname or "127.0.0.1", parts.port or 6379)
            self._refuse_data(self._address)
        elif self.name == "redis-server":
            self._address = ("127.0.0.1", self._start_real())
        else:
            self._address = ("127.0.0.1", self._start_ours())
        return self._address

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes of the harness off a server that they share, and leave it empty for them."""
        if not self.name.startswith("redis://"):
            yield
            return
        with (Path(tempfile.gettempdir()) / f"lockstep-{re.sub(r'[^0-9a-zA-Z]', '-', self.name)}.lock").open(
            "w"
        ) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
            client = Client(self.address())
            for words in _BEFORE_EACH:
                client.ask([word.encode() for word in words])
            client.close()

    @staticmethod
    def _refuse_data(address: tuple[str, int]) -> None:
        client = Client(address)
        try:
            keyspace = client.ask([b"INFO", b"keyspace"])
            functions = client.ask([b"FUNCTION", b"LIST"])
        finally:
            client.close()
        text = keyspace if isinstance(keyspace, bytes) else b""
        if b"keys=" in text or functions != []:
            raise ConnectionError(
                "it holds data or functions, which the cases would flush; start an empty one"
            )

    def _start_real(self) -> int:
        program = shutil.which("redis-server")
        if program is None:
            raise FileNotFoundError("redis-server is not installed")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        folder = tempfile.mkdtemp(prefix="lockstep-redis-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        command = [program, "--port", str(port), "--save", "", "--appendonly", "no", "--dir", folder]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603  # that is what it is for
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                Client(("127.0.0.1", port)).close()
                return port
            except OSError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(0.02)

    def _start_ours(self) -> int:
        backend = self.name.rpartition(":")[2]
        command = [*launch.command("reference.redis"), "--port", "0", "--engine", backend]
        if self.name == "fakeredis":
            command = [sys.executable, "-c", _FAKEREDIS]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603  # that is what it is for
        assert self._process.stdout is not None
        word, *rest = self._process.stdout.readline().decode().split()
        if word != "ready":
            raise ConnectionError("the server does not start")
        self._version = rest[1] if len(rest) > 1 else ""
        return int(rest[0])

    def stop(self) -> None:
        """End what was started."""
        if self._process is not None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=5.0)
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()


def run_case(target: Target, source: str, mode: str, output: io.StringIO) -> None:
    """Run the lines of a program on fresh connections and write the replies.

    Raises:
        OSError: the server is not there, or died.
        ProtocolError: a line, or a reply, cannot be read.
    """
    address = target.address()
    clients: dict[str, Client] = {}
    try:
        cleaner = clients[""] = Client(address)
        for words in _BEFORE_EACH:
            cleaner.ask([word.encode() for word in words])
        if mode == "resp3":
            cleaner.ask([b"HELLO", b"3"])
        for line in source.splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            quiet = line.startswith("@")
            text = line[1:] if quiet else line
            match = _CONNECTION.match(text)
            name = match[1] if match else ""
            text = text[match.end() :] if match else text
            times = _TIMES.match(text)
            text = text[times.end() :] if times else text
            if name not in clients:
                clients[name] = Client(address)
                if mode == "resp3":
                    clients[name].ask([b"HELLO", b"3"])
            commands, error = RequestParser().feed(text.encode("latin-1") + b"\r\n")
            if error is not None or not commands:
                raise error or ProtocolError(f"no command: {line}")
            for _ in range(int(times[1]) if times else 1):
                reply = clients[name].ask(commands[0])
            if not quiet:
                output.write(json.dumps(notation(reply)) + "\n")
    finally:
        for client in clients.values():
            client.close()


def main(name: str) -> None:
    """Serve cases on one target."""
    target = Target(name)
    sys.setrecursionlimit(100_000)

    def run(message: Message, output: io.StringIO) -> Message:
        try:
            with target.alone():
                run_case(target, message["source"], message["mode"], output)
        except (OSError, ProtocolError) as error:
            return {"completion": "threw", "phase": "eval", "message": f"{type(error).__name__}: {error}"}
        return {"completion": "completed"}

    try:
        serve(name, "redis", target.implementation, run, target.fingerprint)
    finally:
        target.stop()


if __name__ == "__main__":
    main(sys.argv[1])
