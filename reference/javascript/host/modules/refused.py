"""Modules of node's that this host does not have: they can be loaded, and refuse when they are used.

So a program runs that asks for one and does not need it; what can be told without a network, processes or native code is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Final

from lockstep.reference.javascript.host.definition import class_of, coded_error, dictionary
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.values import Value, null

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm
    from lockstep.reference.javascript.runtime.objects.ordinary import JSObject

_NAMES: Final = {
    "async_hooks": "AsyncLocalStorage AsyncResource createHook executionAsyncId executionAsyncResource triggerAsyncId",
    "child_process": "ChildProcess exec execFile execFileSync execSync fork spawn spawnSync",
    "cluster": "Worker disconnect fork setupMaster setupPrimary",
    "dgram": "Socket createSocket",
    "diagnostics_channel": "Channel channel hasSubscribers subscribe tracingChannel unsubscribe",
    "dns": "Resolver getServers lookup lookupService resolve resolve4 resolve6 resolveAny resolveMx resolveTxt reverse setServers",
    "dns/promises": "Resolver getServers lookup lookupService resolve resolve4 resolve6 resolveAny resolveMx resolveTxt reverse setServers",
    "domain": "Domain create createDomain",
    "http": "Agent ClientRequest IncomingMessage OutgoingMessage Server ServerResponse createServer get request",
    "http2": "Http2ServerRequest Http2ServerResponse connect createSecureServer createServer getDefaultSettings",
    "https": "Agent Server createServer get request",
    "inspector": "Session close open url waitForDebugger",
    "inspector/promises": "Session close open url waitForDebugger",
    "net": "BlockList Server Socket SocketAddress Stream connect createConnection createServer isIP isIPv4 isIPv6",
    "punycode": "decode encode toASCII toUnicode",
    "readline": "Interface clearLine clearScreenDown createInterface cursorTo emitKeypressEvents moveCursor",
    "readline/promises": "Interface Readline createInterface",
    "repl": "REPLServer Recoverable start writer",
    "stream": "Duplex PassThrough Readable Stream Transform Writable addAbortSignal compose finished pipeline",
    "stream/consumers": "arrayBuffer blob buffer json text",
    "stream/promises": "finished pipeline",
    "stream/web": "ReadableStream TransformStream WritableStream",
    "tls": "SecureContext Server TLSSocket checkServerIdentity connect createSecureContext createServer getCiphers",
    "trace_events": "createTracing getEnabledCategories",
    "v8": "Deserializer Serializer deserialize getHeapSnapshot getHeapStatistics serialize setFlagsFromString writeHeapSnapshot",
    "vm": "Script compileFunction createContext isContext runInContext runInNewContext runInThisContext",
    "wasi": "WASI",
    "worker_threads": "BroadcastChannel MessageChannel MessagePort Worker receiveMessageOnPort getEnvironmentData setEnvironmentData",
    "zlib": "Deflate Gunzip Gzip Inflate createDeflate createGunzip createGzip createInflate deflate deflateSync gunzip gunzipSync gzip "
    "gzipSync inflate inflateSync unzip unzipSync",
}
_VALUES: Final[dict[str, dict[str, Value]]] = {
    "cluster": {"isMaster": True, "isPrimary": True, "isWorker": False},
    "worker_threads": {"isMainThread": True, "parentPort": null, "threadId": 0.0, "workerData": null},
}

REFUSED: Final = frozenset(_NAMES)
"""Those that are not there."""


def refused_module(realm: Realm, name: str) -> JSObject:
    """The exports of a module that refuses: its classes when they are called or constructed, its functions when they are called."""
    entries: list[tuple[str, Value]] = []
    for part in _NAMES[name].split():
        refuse = refusing(realm, f"node:{name}: {part}")
        if part[0].isupper():
            entries.append((part, class_of(realm, part, refuse)[0]))
        else:
            entries.append((part, native(realm, refuse, 0, part)))
    return dictionary(realm, [*entries, *_VALUES.get(name, {}).items()])


def refusing(realm: Realm, what: str) -> Callable[..., Value]:
    """What a function or class does that this host does not have: it throws an error that says so."""

    def refuse(*_rest: Value) -> Value:
        raise coded_error(
            realm,
            "Error",
            "ERR_ACCESS_DENIED",
            f"{what} is not available: this host has no network, processes, native code or other modules of that kind",
        )

    return refuse
