"""The `console` object: messages to standard output and error, groups, counters, timers, tables."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from lockstep.reference.javascript.host.console.table import table_text
from lockstep.reference.javascript.host.definition import HostCall, add_functions
from lockstep.reference.javascript.host.hosting import hosting_of
from lockstep.reference.javascript.host.inspect.format import format_message
from lockstep.reference.javascript.host.inspect.values import inspect
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, slow_object, stored
from lockstep.reference.javascript.runtime.objects.property import Property
from lockstep.reference.javascript.runtime.operations.conversion import to_boolean, to_string
from lockstep.reference.javascript.runtime.operations.objects import enumerable_own_keys, get
from lockstep.reference.javascript.runtime.symbols import TO_STRING_TAG
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_GROUP_INDENTATION = "  "
_NAMES = {"debug": "log", "info": "log", "dirxml": "log", "error": "warn", "groupCollapsed": "group"}


class Console:
    """What one `console` knows: its groups, counters and timers."""

    def __init__(self, realm: Realm) -> None:
        self.realm = realm
        self.host = hosting_of(realm)
        self.indentation = ""
        self.counts: dict[str, int] = {}
        self.timers: dict[str, float] = {}

    def out(self, text: str) -> None:
        """Write a message to standard output."""
        self.host.write_out(self._line(text))

    def err(self, text: str) -> None:
        """Write a message to standard error."""
        self.host.write_error(self._line(text))

    def _line(self, text: str) -> str:
        self.realm.agent.budget.bulk(len(text))
        if self.indentation:
            text = self.indentation + text.replace("\n", "\n" + self.indentation)
        return text + "\n"

    def log(self, _this: Value, *arguments: Value) -> None:
        """`console.log`, `info`, `debug`, `dirxml`."""
        self.out(format_message(self.realm, arguments))

    def warn(self, _this: Value, *arguments: Value) -> None:
        """`console.warn`, `error`."""
        self.err(format_message(self.realm, arguments))

    def trace(self, _this: Value, *arguments: Value) -> None:
        """`console.trace`: the message with the place."""
        text = format_message(self.realm, arguments)
        self.err(self.host.stacks.text_here("Trace" + (f": {text}" if text else "")))

    def assert_(self, _this: Value, condition: Value = undefined, *arguments: Value) -> None:
        """`console.assert`."""
        if to_boolean(condition):
            return
        if arguments:
            arguments = (f"Assertion failed: {to_string(arguments[0])}", *arguments[1:])
        else:
            arguments = ("Assertion failed",)
        self.err(format_message(self.realm, arguments))

    def dir(self, _this: Value, value: Value = undefined, options: Value = undefined, *_rest: Value) -> None:
        """`console.dir`."""
        given: dict[str, Value] = {"customInspect": False}
        if isinstance(options, JSObject):
            given.update((key, get(options, key)) for key in enumerable_own_keys(self.realm, options))
        self.out(inspect(self.realm, value, **given))

    def table(
        self, _this: Value, data: Value = undefined, properties: Value = undefined, *_rest: Value
    ) -> None:
        """`console.table`."""
        if not isinstance(data, JSObject) or data.is_callable_:
            self.log(undefined, data)
        else:
            self.out(table_text(self.realm, data, properties, {}))

    def group(self, _this: Value, *arguments: Value) -> None:
        """`console.group`, `groupCollapsed`."""
        if arguments:
            self.log(undefined, *arguments)
        self.indentation += _GROUP_INDENTATION

    def group_end(self, _this: Value, *_rest: Value) -> None:
        """`console.groupEnd`."""
        self.indentation = self.indentation[: -len(_GROUP_INDENTATION)]

    def count(self, _this: Value, label: Value = "default", *_rest: Value) -> None:
        """`console.count`."""
        name = _label(label)
        self.counts[name] = self.counts.get(name, 0) + 1
        self.out(f"{name}: {self.counts[name]}")

    def count_reset(self, _this: Value, label: Value = "default", *_rest: Value) -> None:
        """`console.countReset`."""
        name = _label(label)
        if self.counts.pop(name, None) is None:
            self.host.warn_later(f"Count for '{name}' does not exist")

    def time(self, _this: Value, label: Value = "default", *_rest: Value) -> None:
        """`console.time`."""
        name = _label(label)
        if name in self.timers:
            self.host.warn_later(f"Label '{name}' already exists for console.time()")
        else:
            self.timers[name] = time.perf_counter()

    def time_end(self, _this: Value, label: Value = "default", *_rest: Value) -> None:
        """`console.timeEnd`."""
        if self._time("timeEnd", _label(label), ()):
            del self.timers[_label(label)]

    def time_log(self, _this: Value, label: Value = "default", *rest: Value) -> None:
        """`console.timeLog`."""
        self._time("timeLog", _label(label), rest)

    def _time(self, method: str, name: str, rest: tuple[Value, ...]) -> bool:
        started = self.timers.get(name)
        if started is None:
            self.host.warn_later(f"No such label '{name}' for console.{method}()")
            return False
        text = duration_text((time.perf_counter() - started) * 1000)
        self.out(format_message(self.realm, ("%s: %s", name, text, *rest)))
        return True

    def clear(self, _this: Value, *_rest: Value) -> None:
        """`console.clear`: nothing, where there is no terminal."""


def _label(label: Value) -> str:
    return "default" if label is undefined else to_string(label)


def duration_text(milliseconds: float) -> str:
    """A duration as `console.timeEnd` writes it."""
    if milliseconds < 1000:
        return f"{float(f'{milliseconds:.3f}'):.12g}ms"
    seconds = milliseconds / 1000
    if seconds < 60:
        return f"{seconds:.3f}s"
    hours, seconds = divmod(seconds, 3600)
    minutes = math.floor(seconds / 60)
    seconds -= 60 * minutes
    if hours:
        return f"{int(hours)}:{minutes:02}:{seconds:06.3f} (h:mm:ss.mmm)"
    return f"{minutes}:{seconds:06.3f} (m:ss.mmm)"


def make_console(realm: Realm) -> JSObject:
    """The `console` of a realm."""
    own = Console(realm)
    made = slow_object(JSObject, slow_object(JSObject, realm.object_prototype))
    methods: tuple[tuple[str, HostCall, int], ...] = (
        ("log", own.log, 0),
        ("warn", own.warn, 0),
        ("dir", own.dir, 0),
        ("time", own.time, 0),
        ("timeEnd", own.time_end, 0),
        ("timeLog", own.time_log, 0),
        ("trace", own.trace, 0),
        ("assert", own.assert_, 0),
        ("clear", own.clear, 0),
        ("count", own.count, 0),
        ("countReset", own.count_reset, 0),
        ("group", own.group, 0),
        ("groupEnd", own.group_end, 0),
        ("table", own.table, 1),
    )
    by_name = {name: (name, function, length) for name, function, length in methods}
    rows = [*methods, *((name, by_name[same][1], by_name[same][2]) for name, same in _NAMES.items())]
    add_functions(realm, made, rows)
    stored(made)[TO_STRING_TAG] = Property("console", False, False, True)
    return made
