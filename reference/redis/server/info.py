"""INFO: what the server says of itself."""

from __future__ import annotations

import os
import platform
import time

from lockstep.reference.redis.scripting.library import VERSION
from lockstep.reference.redis.server.interfaces import ServerServices


def info(server: ServerServices, sections: list[str]) -> str:
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


def _server(server: ServerServices) -> dict[str, object]:
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
        "lockstep_engine": server.engine,
    }


def _clients(server: ServerServices) -> dict[str, object]:
    return {
        "connected_clients": len(server.connections),
        "cluster_connections": 0,
        "maxclients": 10000,
        "blocked_clients": len(server.blocked),
    }


def _memory(server: ServerServices) -> dict[str, object]:
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


def _persistence(_: ServerServices) -> dict[str, object]:
    return {"loading": 0, "async_loading": 0, "rdb_bgsave_in_progress": 0, "aof_enabled": 0}


def _stats(server: ServerServices) -> dict[str, object]:
    statistics = server.statistics
    return {
        "total_connections_received": statistics.connections,
        "total_commands_processed": statistics.commands,
        "total_error_replies": sum(statistics.errors.values()),
        "evicted_scripts": 0,
    }


def _replication(_: ServerServices) -> dict[str, object]:
    return {"role": "master", "connected_slaves": 0, "master_repl_offset": 0}


def _cpu(_: ServerServices) -> dict[str, object]:
    times = os.times()
    return {"used_cpu_sys": f"{times.system:.6f}", "used_cpu_user": f"{times.user:.6f}"}


def _commandstats(server: ServerServices) -> dict[str, object]:
    return {
        f"cmdstat_{name}": (
            f"calls={count.calls},usec={int(count.seconds * 1e6)},"
            f"usec_per_call={count.seconds * 1e6 / max(1, count.calls):.2f},"
            f"rejected_calls={count.rejected},failed_calls={count.failed}"
        )
        for name, count in server.statistics.by_command.items()
    }


def _errorstats(server: ServerServices) -> dict[str, object]:
    return {f"errorstat_{code}": f"count={count}" for code, count in sorted(server.statistics.errors.items())}


def _cluster(_: ServerServices) -> dict[str, object]:
    return {"cluster_enabled": 0}


def _keyspace(server: ServerServices) -> dict[str, object]:
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
