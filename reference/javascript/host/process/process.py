"""The `process` object."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from lockstep.reference.host.memory import ResidentMemory
from lockstep.reference.javascript.host.definition import (
    HostCall,
    LazyProperty,
    add_accessors,
    add_functions,
    coded_error,
    dictionary,
    wrong_type,
)
from lockstep.reference.javascript.host.events.emitter import event_emitter_prototype
from lockstep.reference.javascript.host.hosting import hosting_of
from lockstep.reference.javascript.host.process.ending import exit_status, leave
from lockstep.reference.javascript.host.process.streams import make_input, make_output
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, slow_object, stored
from lockstep.reference.javascript.runtime.objects.property import Property, hidden, plain
from lockstep.reference.javascript.runtime.operations.conversion import is_callable, to_number, to_string
from lockstep.reference.javascript.runtime.operations.objects import create_list_from_array_like, get
from lockstep.reference.javascript.runtime.symbols import TO_STRING_TAG
from lockstep.reference.javascript.runtime.values import BigInt, PropertyKey, Symbol, Value, null, undefined
from lockstep.reference.javascript.syntax.utf16 import to_utf16

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

NODE_VERSION = "20.20.2"
"""The node whose manner is followed."""

_PLATFORMS = {"linux": "linux", "darwin": "darwin", "win32": "win32"}
_ARCHITECTURES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}


class JSEnvironment(JSObject):
    """`process.env`: its values are Strings."""

    __slots__ = ()
    class_name_ = "Object"

    def define_own_property(self, key: PropertyKey, descriptor: Property) -> bool:
        """See JSObject: what is stored is converted."""
        if key.__class__ is Symbol:
            return super().define_own_property(key, descriptor)
        if descriptor.is_accessor:
            return False
        made = descriptor.copy()
        if made.is_data:
            made.value = to_string(made.value)
        return super().define_own_property(key, made)

    def set_value(self, key: PropertyKey, value: Value, receiver: Value) -> bool:
        """See JSObject."""
        if key.__class__ is str and receiver is self:
            value = to_string(value)
        return super().set_value(key, value, receiver)


class Process:
    """What `process` does."""

    def __init__(self, realm: Realm) -> None:
        self.realm = realm
        self.host = hosting_of(realm)
        self.begin = time.perf_counter_ns()

    def exit(self, _this: Value, status: Value = undefined, *_rest: Value) -> None:
        """`process.exit`."""
        if status is not undefined:
            self.host.status = status
        self.host.exit(leave(self.host, exit_status(self.host.status)))

    def abort(self, _this: Value, *_rest: Value) -> None:
        """`process.abort`."""
        self.host.exit(134)

    def next_tick(self, _this: Value, callback: Value = undefined, *arguments: Value) -> None:
        """`process.nextTick`."""
        if not is_callable(callback):
            raise wrong_type(self.realm, 'The "callback" argument', "of type function", callback)
        function = callback
        self.host.loop.ticks.append(lambda: function.call_n(undefined, *arguments))

    def cwd(self, _this: Value, *_rest: Value) -> str:
        """`process.cwd`."""
        return to_utf16(os.getcwd())

    def hrtime(self, _this: Value, before: Value = undefined, *_rest: Value) -> Value:
        """`process.hrtime`."""
        self.host.loop.look_at_clock()
        now = time.perf_counter_ns()
        seconds, nanoseconds = divmod(now, 1_000_000_000)
        if before is not undefined:
            if not isinstance(before, JSObject):
                raise wrong_type(self.realm, 'The "time" argument', "an instance of Array", before)
            then = [int(to_number(one)) for one in create_list_from_array_like(self.realm, before)]
            if len(then) != 2:
                raise coded_error(
                    self.realm,
                    "RangeError",
                    "ERR_OUT_OF_RANGE",
                    f'The value of "time" is out of range. It must be 2. Received {len(then)}',
                )
            seconds, nanoseconds = divmod(now - then[0] * 1_000_000_000 - then[1], 1_000_000_000)
        return self.realm.make_array([float(seconds), float(nanoseconds)])

    def bigint(self, _this: Value, *_rest: Value) -> BigInt:
        """`process.hrtime.bigint`."""
        self.host.loop.look_at_clock()
        return BigInt(time.perf_counter_ns())

    def uptime(self, _this: Value, *_rest: Value) -> float:
        """`process.uptime`."""
        return (time.perf_counter_ns() - self.begin) / 1e9

    def memory_usage(self, _this: Value, *_rest: Value) -> Value:
        """`process.memoryUsage`."""
        held = float(ResidentMemory().bytes())
        names = ("rss", "heapTotal", "heapUsed", "external", "arrayBuffers")
        return dictionary(self.realm, [(name, held if name in names[:3] else 0.0) for name in names])

    def cpu_usage(self, _this: Value, *_rest: Value) -> Value:
        """`process.cpuUsage`."""
        times = os.times()
        return dictionary(
            self.realm, [("user", float(int(times.user * 1e6))), ("system", float(int(times.system * 1e6)))]
        )

    def emit_warning(
        self,
        _this: Value,
        warning: Value = undefined,
        kind: Value = undefined,
        code: Value = undefined,
        *_rest: Value,
    ) -> None:
        """`process.emitWarning`."""
        if isinstance(warning, JSObject):
            name, message = to_string(get(warning, "name")), to_string(get(warning, "message"))
        else:
            name, message = "Warning", to_string(warning)
            if isinstance(kind, JSObject):
                given = kind
                kind, code = get(given, "type"), get(given, "code")
            if kind is not undefined:
                name = to_string(kind)
        shown = "" if code is undefined else to_string(code)
        if name == "DeprecationWarning":
            if shown in self.host.warned:
                return
            self.host.warned.add(shown)
        self.host.loop.ticks.append(lambda: self.host.warn_guest(message, name, shown, warning))


def make_process(realm: Realm) -> JSObject:
    """The `process` of a realm."""
    own = Process(realm)
    host = hosting_of(realm)
    prototype = slow_object(JSObject, event_emitter_prototype(realm))
    _describe_class(realm, prototype)
    made = slow_object(JSObject, prototype)
    stored(made)[TO_STRING_TAG] = Property("process", False, False, True)
    rows: list[tuple[PropertyKey, HostCall, int]] = [
        ("exit", own.exit, 1),
        ("reallyExit", own.exit, 1),
        ("abort", own.abort, 0),
        ("nextTick", own.next_tick, 1),
        ("cwd", own.cwd, 0),
        ("hrtime", own.hrtime, 1),
        ("uptime", own.uptime, 0),
        ("memoryUsage", own.memory_usage, 0),
        ("cpuUsage", own.cpu_usage, 0),
        ("emitWarning", own.emit_warning, 3),
        ("umask", lambda _this, *_rest: 18.0, 0),
        ("getuid", lambda _this, *_rest: float(getattr(os, "getuid", lambda: 0)()), 0),
    ]
    refused = ("chdir", "kill", "dlopen", "binding", "setuid")
    rows.extend((name, _refusing(realm, f"process.{name}"), 1) for name in refused)
    add_functions(realm, made, rows)
    hrtime_object = get(made, "hrtime")
    assert isinstance(hrtime_object, JSObject)
    hrtime_object.define_own_property("bigint", plain(native(realm, own.bigint, 0, "bigint")))
    properties = stored(made)
    for name, value in _facts(realm):
        properties[name] = plain(value)
    properties["env"] = plain(_environment(realm))
    for name, make in (
        ("stdout", lambda: make_output(realm, "stdout")),
        ("stderr", lambda: make_output(realm, "stderr")),
        ("stdin", lambda: make_input(realm)),
    ):
        properties[name] = LazyProperty(make)
    add_accessors(
        realm,
        made,
        [
            (
                "exitCode",
                lambda _this, *_rest: host.status,
                lambda _this, value=undefined, *_rest: _set_status(realm, value),
            ),
            ("title", lambda _this, *_rest: "node", lambda _this, *_rest: undefined),
        ],
    )
    host.process = made
    return made


def _describe_class(realm: Realm, prototype: JSObject) -> None:
    constructor = native(realm, lambda _this, *_rest: undefined, 0, "process")
    constructor.define_own_property("prototype", hidden(prototype))
    stored(prototype)["constructor"] = hidden(constructor)


def _set_status(realm: Realm, value: Value) -> None:
    if value is not undefined and value is not null:
        number = to_number(value) if value.__class__ in (float, int, str) else float("nan")
        if (value.__class__ is str and not str(value).strip()) or not number.is_integer():
            if value.__class__ is float:
                raise coded_error(
                    realm,
                    "RangeError",
                    "ERR_OUT_OF_RANGE",
                    f'The value of "code" is out of range. It must be an integer. Received {to_string(value)}',
                )
            raise wrong_type(realm, 'The "code" argument', "of type number", value)
    hosting_of(realm).status = None if value is null else value


def _refusing(realm: Realm, name: str) -> HostCall:
    def refuse(_this: Value, *_rest: Value) -> Value:
        raise coded_error(
            realm, "Error", "ERR_ACCESS_DENIED", f"{name} is not available: this host gives no access to it"
        )

    return refuse


def _environment(realm: Realm) -> JSObject:
    made = slow_object(JSEnvironment, realm.object_prototype)
    for name, value in hosting_of(realm).hosting.environment.items():
        stored(made)[to_utf16(name)] = plain(to_utf16(value))
    return made


def _facts(realm: Realm) -> list[tuple[str, Value]]:
    host = hosting_of(realm)
    executable = to_utf16(sys.executable)
    words = [executable, *([to_utf16(host.main_file)] if host.main_file.startswith("/") else [])]
    words += [to_utf16(word) for word in host.arguments]
    machine = os.uname().machine.lower() if hasattr(os, "uname") else "x64"
    versions = dictionary(realm, [("node", NODE_VERSION), ("v8", "11.3.244.8-node.30"), ("modules", "115")])
    return [
        ("version", f"v{NODE_VERSION}"),
        ("versions", versions),
        ("arch", _ARCHITECTURES.get(machine, machine)),
        ("platform", _PLATFORMS.get(sys.platform, sys.platform)),
        ("release", dictionary(realm, [("name", "node"), ("lts", "Iron")])),
        ("argv", realm.make_array(list(words))),
        ("argv0", "node"),
        ("execArgv", realm.make_array([])),
        ("execPath", executable),
        ("pid", float(os.getpid())),
        ("ppid", float(os.getppid())),
        ("features", dictionary(realm, [("inspector", False)])),
        ("config", realm.make_object()),
    ]
