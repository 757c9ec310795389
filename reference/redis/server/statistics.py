"""What the server counts, and INFO."""

from __future__ import annotations

import os
import platform
import time
from typing import TYPE_CHECKING

from lockstep.reference.redis.scripting.library import VERSION
from lockstep.reference.redis.wire.replies import Failure

if TYPE_CHECKING:
    from lockstep.reference.redis.server.server import Server


class CommandCount:
    """Calls of one command, the time they took, and how many of them failed or were refused."""

    __slots__ = ("calls", "failed", "rejected", "seconds")

    def __init__(self) -> None:
        self.calls = 0
        self.seconds = 0.0
        self.failed = 0
        self.rejected = 0


class Statistics:
    """Counters since the start, or since CONFIG RESETSTAT."""

    def __init__(self) -> None:
        self.started = time.time()
        self.reset()

    def reset(self) -> None:
        """Everything from zero."""
        self.connections = 0
        self.commands = 0
        self.errors: dict[str, int] = {}
        self.by_command: dict[str, CommandCount] = {}

    def count_error(self, failure: Failure) -> None:
        """One error reply."""
        code = failure.code.decode("latin-1")
        self.errors[code] = self.errors.get(code, 0) + 1

    def command(self, name: str) -> CommandCount:
        """The counters of a command."""
        found = self.by_command.get(name)
        if found is None:
            found = self.by_command[name] = CommandCount()
        return found


def info(server: Server, sections: list[str]) -> str:
    """The text of INFO; no section means the usual ones, `all` and `everything` every one."""
    wanted = {section.lower() for section in sections}
    everything = bool(wanted & {"all", "everything"})
    usual = not wanted or "default" in wanted
    texts = []
    for name, is_usual, make in _SECTIONS:
        if everything or (usual and is_usual) or name.lower() in wanted:
            lines = "".join(f"{key}:{value}\r\n" for key, value in make(server).items())
            texts.append(f"# {name}\r\n{lines}")
    return "\r\n".join(texts)


def _server(server: Server) -> dict[str, object]:
    uptime = int(time.time() - server.statistics.started)
    return {
        "redis_version": VERSION,
        "redis_git_sha1": "00000000",
        "redis_mode": "standalone",
        "os": f"{platform.system()} {platform.release()} {platform.machine()}",
        "arch_bits": 64,
        "process_id": os.getpid(),
        "tcp_port": server.port,
        "server_time_usec": int(time.time() * 1e6),
        "uptime_in_seconds": uptime,
        "uptime_in_days": uptime // 86400,
        "lockstep_engine": server.options.engine,
    }


def _clients(server: Server) -> dict[str, object]:
    return {
        "connected_clients": len(server.connections),
        "cluster_connections": 0,
        "maxclients": 10000,
        "blocked_clients": len(server.blocked),
    }


def _memory(server: Server) -> dict[str, object]:
    used = server.store.used_memory()
    return {
        "used_memory": used,
        "used_memory_human": f"{used / 1024:.2f}K",
        "number_of_cached_scripts": len(server.scripting.scripts),
        "number_of_functions": len(server.scripting.functions.functions),
        "number_of_libraries": len(server.scripting.functions.libraries),
        "maxmemory": server.configuration.max_memory,
        "maxmemory_policy": "noeviction",
    }


def _persistence(_: Server) -> dict[str, object]:
    return {"loading": 0, "async_loading": 0, "rdb_bgsave_in_progress": 0, "aof_enabled": 0}


def _stats(server: Server) -> dict[str, object]:
    statistics = server.statistics
    return {
        "total_connections_received": statistics.connections,
        "total_commands_processed": statistics.commands,
        "total_error_replies": sum(statistics.errors.values()),
        "evicted_scripts": 0,
    }


def _replication(_: Server) -> dict[str, object]:
    return {"role": "master", "connected_slaves": 0, "master_repl_offset": 0}


def _cpu(_: Server) -> dict[str, object]:
    times = os.times()
    return {"used_cpu_sys": f"{times.system:.6f}", "used_cpu_user": f"{times.user:.6f}"}


def _commandstats(server: Server) -> dict[str, object]:
    return {
        f"cmdstat_{name}": (
            f"calls={count.calls},usec={int(count.seconds * 1e6)},"
            f"usec_per_call={count.seconds * 1e6 / max(1, count.calls):.2f},"
            f"rejected_calls={count.rejected},failed_calls={count.failed}"
        )
        for name, count in server.statistics.by_command.items()
    }


def _errorstats(server: Server) -> dict[str, object]:
    return {f"errorstat_{code}": f"count={count}" for code, count in sorted(server.statistics.errors.items())}


def _cluster(_: Server) -> dict[str, object]:
    return {"cluster_enabled": 0}


def _keyspace(server: Server) -> dict[str, object]:
    counts: dict[int, tuple[int, int]] = getattr(server.store, "key_counts", dict)()
    return {
        f"db{number}": f"keys={keys},expires={expiring},avg_ttl=0"
        for number, (keys, expiring) in counts.items()
    }


_SECTIONS = (
    ("Server", True, _server),
    ("Clients", True, _clients),
    ("Memory", True, _memory),
    ("Persistence", True, _persistence),
    ("Stats", True, _stats),
    ("Replication", True, _replication),
    ("CPU", True, _cpu),
    ("Commandstats", False, _commandstats),
    ("Errorstats", True, _errorstats),
    ("Cluster", True, _cluster),
    ("Keyspace", True, _keyspace),
)
