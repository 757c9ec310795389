"""What a realm has from the host: its parts, and the globals that lead to them, each made when it is first used."""

from __future__ import annotations

import importlib
import os
import re
from types import TracebackType
from typing import TYPE_CHECKING, Callable, Final, NoReturn, TypeVar

from lockstep.reference.host.program import Hosting
from lockstep.reference.javascript.host.exit import ExitRequest
from lockstep.reference.javascript.host.hosting import Host, Stacks
from lockstep.reference.javascript.host.process.ending import handle_rejections, handle_uncaught
from lockstep.reference.javascript.host.stacks.traces import HostStacks
from lockstep.reference.javascript.host.timers.loop import EventLoop
from lockstep.reference.javascript.runtime.intrinsics import GLOBALS
from lockstep.reference.javascript.runtime.objects.error import JSError
from lockstep.reference.javascript.runtime.objects.global_object import Lazy
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, stored
from lockstep.reference.javascript.runtime.objects.property import Property, hidden, plain
from lockstep.reference.javascript.runtime.operations.objects import call, get
from lockstep.reference.javascript.runtime.values import Value
from lockstep.reference.javascript.syntax.utf16 import to_code_points

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

Made = TypeVar("Made")

PACKAGE: Final = "lockstep.reference.javascript.host"

HOST_GLOBALS: Final[dict[str, tuple[str, str, bool]]] = {
    "console": ("console.console", "make_console", False),
    "process": ("process.process", "make_process", False),
    "print": ("surroundings", "make_print", False),
    "global": ("surroundings", "the_global", True),
    "clearImmediate": ("surroundings", "clear_immediate", True),
    "setImmediate": ("surroundings", "set_immediate", True),
    "clearInterval": ("surroundings", "clear_interval", True),
    "clearTimeout": ("surroundings", "clear_timeout", True),
    "setInterval": ("surroundings", "set_interval", True),
    "setTimeout": ("surroundings", "set_timeout", True),
    "queueMicrotask": ("timers.functions", "queue_microtask", True),
    "structuredClone": ("web.clone", "make_structured_clone", True),
    "atob": ("web.base64", "make_atob", True),
    "btoa": ("web.base64", "make_btoa", True),
    "performance": ("web.performance", "make_performance", True),
    "crypto": ("util.crypto", "make_crypto", True),
    "Buffer": ("buffers.buffer", "make_buffer", False),
    "DOMException": ("web.exceptions", "make_dom_exception", False),
    "TextEncoder": ("web.encoding", "make_text_encoder", False),
    "TextDecoder": ("web.encoding", "make_text_decoder", False),
    "Event": ("events.web", "make_event", False),
    "CustomEvent": ("events.web", "make_custom_event", False),
    "EventTarget": ("events.web", "make_event_target", False),
    "AbortSignal": ("events.abort", "make_abort_signal", False),
    "AbortController": ("events.abort", "make_abort_controller", False),
    "URL": ("web.url", "make_url", False),
    "URLSearchParams": ("web.search_params", "make_search_params", False),
}
"""Where each global of the host is made: module, function, and whether it is enumerable."""

OTHER_OBJECTS: Final[dict[str, tuple[str, str, bool]]] = {
    "inspect": ("util.inspection", "make_inspect", False)
}
"""The same of what the host itself asks for."""


class JavaScriptHost(Host):
    """The host of one realm, see `hosting.Host`."""

    __slots__ = ("_built_in_names",)

    def __init__(self, realm: Realm, hosting: Hosting, stacks: Stacks) -> None:
        super().__init__(realm, hosting, stacks)
        self.loop = EventLoop(self)
        self._built_in_names: frozenset[str] | None = None

    @property
    def built_in_names(self) -> frozenset[str]:
        """The names of globals that are classes."""
        if self._built_in_names is None:
            classes = re.compile(r"[A-Z][a-zA-Z0-9]+\Z")
            self._built_in_names = frozenset(
                name for name in (*GLOBALS, *HOST_GLOBALS) if classes.match(name)
            )
        return self._built_in_names

    def make_object(self, name: str) -> JSObject:
        """See Host."""
        module, function, _ = HOST_GLOBALS.get(name) or OTHER_OBJECTS[name]
        maker: Callable[[Realm], JSObject] = _found(module, function)
        return maker(self.realm)

    def inspect(self, value: Value, **options: Value) -> str:
        """See Host."""
        text: Callable[..., str] = _found("inspect.values", "inspect")
        return text(self.realm, value, **options)

    def buffer_of(self, data: bytes) -> JSObject:
        """A Buffer with a copy of these bytes."""
        make: Callable[[Realm, bytes], JSObject] = _found("buffers.buffer", "buffer_of")
        return make(self.realm, data)

    # Output

    def write_out(self, text: str) -> None:
        """Write to standard output, through what the program put in place of it."""
        replaced = self.replaced_write.get("stdout")
        if replaced is not None:
            replaced(text)
        else:
            self.realm.agent.output.write(to_code_points(text))

    def write_error(self, text: str) -> None:
        """Write to standard error, likewise."""
        replaced = self.replaced_write.get("stderr")
        if replaced is not None:
            replaced(text)
        else:
            self.print_error(text)

    def print_error(self, text: str) -> None:
        """Write to standard error itself; what stands on standard output comes first."""
        self.realm.agent.output.flush()
        self.hosting.errors.write(to_code_points(text))
        self.hosting.errors.flush()

    def warn(self, text: str, kind: str = "Warning", code: str = "") -> None:
        """A warning of node's, on standard error."""
        shown = f"[{code}] " if code else ""
        self.print_error(f"(node:{os.getpid()}) {shown}{kind}: {text}\n")

    def warn_later(self, text: str, kind: str = "Warning") -> None:
        """A warning of the host's, with its event, once the code that runs is done."""
        self.loop.ticks.append(lambda: self.warn_guest(text, kind, "", None))

    def warn_guest(self, message: str, name: str, code: str, warning: Value) -> None:
        """A warning of the program's own: its event, and the line on standard error."""
        error = warning
        if not isinstance(error, JSError):
            error = self.realm.make_error("Error", message)
            error.define_own_property("name", hidden(name))
            if code:
                error.define_own_property("code", plain(code))
            self.stacks.capture(error)
        self.emit("warning", error)
        self.warn(message, name, code)

    def emit(self, name: str, *arguments: Value) -> bool:
        """An event of `process`; whether somebody listened."""
        if self.process is None:
            return False
        return bool(call(get(self.process, "emit"), self.process, name, *arguments))

    def source_of(self, file: str) -> str:
        """The text of a file of the program's, for reports."""
        return self.sources.get(file, "")

    # The end

    def exit(self, status: int) -> NoReturn:
        """End the program.

        Raises:
            ExitRequest: always.
        """
        raise ExitRequest(status)

    def uncaught(
        self, value: Value, traceback: TracebackType | None = None, *, of_promise: JSObject | None = None
    ) -> None:
        """An error that nobody caught, with the host's traceback: those that listen get it, else the program ends.

        Raises:
            ExitRequest: nobody listens.
        """
        handle_uncaught(self, value, traceback, of_promise)

    def report_rejections(self) -> bool:
        """Rejections that have found no handler by now; whether there were some.

        Raises:
            ExitRequest: nobody listens.
        """
        rejected = self.realm.agent.rejected
        if not rejected:
            return False
        waiting = list(rejected)
        rejected.clear()
        handle_rejections(self, waiting)
        return True


def install(realm: Realm, hosting: Hosting) -> JavaScriptHost:
    """Give a realm its host."""
    stacks = HostStacks(realm)
    host = JavaScriptHost(realm, hosting, stacks)
    realm.host = host
    realm.agent.stacks = stacks
    realm.agent.clock_was_read = host.loop.look_at_clock
    properties = stored(realm.global_object)
    for name, (_, _, enumerable) in HOST_GLOBALS.items():
        properties[name] = Property(Lazy(_object_of(host, name)), True, enumerable, True)
    return host


def _object_of(host: Host, name: str) -> Callable[[object], Value]:
    return lambda _realm: host.made(name)


def _found(module: str, function: str) -> Callable[..., Made]:
    found: Callable[..., Made] = getattr(importlib.import_module(f"{PACKAGE}.{module}"), function)
    return found
