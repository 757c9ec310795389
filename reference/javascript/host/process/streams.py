"""`process.stdout`, `process.stderr` and `process.stdin`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.host.definition import add_functions, wrong_type
from lockstep.reference.javascript.host.events.emitter import event_emitter_prototype
from lockstep.reference.javascript.host.hosting import Host, hosting_of
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, slow_object, stored
from lockstep.reference.javascript.runtime.objects.property import Property, plain
from lockstep.reference.javascript.runtime.objects.typed_array import JSTypedArray
from lockstep.reference.javascript.runtime.operations.conversion import is_callable
from lockstep.reference.javascript.runtime.operations.iteration import get_iterator
from lockstep.reference.javascript.runtime.operations.objects import call, get
from lockstep.reference.javascript.runtime.symbols import ASYNC_ITERATOR
from lockstep.reference.javascript.runtime.values import Value, null, undefined
from lockstep.reference.javascript.syntax.utf16 import to_code_points, to_utf16

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


class JSOutput(JSObject):
    """A stream that writes at once; what replaces its `write` gets what `console` writes, too."""

    __slots__ = ("host_", "name_")
    class_name_ = "Object"
    host_: Host
    name_: str


class _WriteProperty(Property):
    """`write`: whoever assigns to it is told of all that is written."""

    __slots__ = ("_current", "host", "name", "own", "stream")

    def __init__(self, host: Host, name: str, stream: JSObject, own: Value) -> None:
        self.host = host
        self.name = name
        self.stream = stream
        self.own = own
        self._current: Value = own
        Property.__init__(self, own, True, True, True)

    @property
    def value(self) -> Value:
        """The function."""
        return self._current

    @value.setter
    def value(self, new: Value) -> None:
        self._current = new
        replaced = new is not self.own and is_callable(new)
        self.host.replaced_write[self.name] = (
            (lambda text: call(new, self.stream, text)) if replaced else None
        )

    def copy(self) -> Property:
        """See Property: a change goes through this one."""
        return self


def bytes_of(view: JSTypedArray) -> bytes:
    """The bytes of a typed array."""
    size = view.length_() * view.kind_.size
    return bytes(view.buffer_.data_[view.offset_ : view.offset_ + size])


def make_output(realm: Realm, name: str) -> JSObject:
    """A stream to standard output or error."""
    host = hosting_of(realm)
    prototype = slow_object(JSObject, event_emitter_prototype(realm))
    constructor = native(realm, lambda _this, *_rest: undefined, 0, "WriteStream")
    stored(prototype)["constructor"] = Property(constructor, True, False, True)
    constructor.define_own_property("prototype", Property(prototype, True, False, True))
    stream = slow_object(JSOutput, prototype)
    stream.host_ = host
    stream.name_ = name

    def write(_this: Value, chunk: Value = undefined, *rest: Value) -> bool:
        if isinstance(chunk, JSTypedArray):
            text = to_utf16(bytes_of(chunk).decode("utf-8", "surrogateescape"))
        elif chunk.__class__ is str:
            text = str(chunk)
        else:
            raise wrong_type(
                realm,
                'The "chunk" argument',
                "of type string or an instance of Buffer, TypedArray, or DataView",
                chunk,
            )
        realm.agent.budget.bulk(len(text))
        if name == "stdout":
            realm.agent.output.write(to_code_points(text))
        else:
            host.print_error(text)
        called = next((function for function in rest if is_callable(function)), None)
        if called is not None:
            host.loop.ticks.append(lambda: called.call_n(undefined))
        return True

    def end(this: Value, *rest: Value) -> Value:
        if rest and rest[0] is not undefined and not is_callable(rest[0]):
            write(this, *rest)
        return this

    def same(this: Value, *_rest: Value) -> Value:
        return this

    own = native(realm, write, 3, "write")
    stored(stream)["write"] = _WriteProperty(host, name, stream, own)
    add_functions(realm, stream, [("end", end, 0), ("cork", same, 0), ("uncork", same, 0)])
    for key, value in (
        ("fd", 1.0 if name == "stdout" else 2.0),
        ("writable", True),
        ("writableLength", 0.0),
        ("writableHighWaterMark", 16384.0),
    ):
        stored(stream)[key] = plain(value)
    add_functions(
        realm,
        stream,
        [("getColorDepth", lambda _this, *_rest: 1.0, 0), ("hasColors", lambda _this, *_rest: False, 0)],
    )
    return stream


def make_input(realm: Realm) -> JSObject:
    """Standard input: read to its end at the first turn of the loop after somebody listens."""
    host = hosting_of(realm)
    stream = slow_object(JSObject, slow_object(JSObject, event_emitter_prototype(realm)))
    encoding: str | None = None
    held: bytes | None = None
    is_paused, is_over = True, False

    def data() -> bytes:
        nonlocal held
        if held is None:
            held = host.hosting.read_input()
        return held

    def chunk(raw: bytes) -> Value:
        if encoding is not None:
            return to_utf16(raw.decode(encoding, "replace"))
        return host.buffer_of(raw)

    def flow() -> bool:
        nonlocal is_over
        if is_paused or is_over:
            return False
        is_over = True
        raw = data()
        emit = get(stream, "emit")
        if raw:
            host.loop.run_task(lambda: call(emit, stream, "data", chunk(raw)))
            host.loop.drain()
        host.loop.run_task(lambda: call(emit, stream, "end"))
        host.loop.drain()
        host.loop.run_task(lambda: call(emit, stream, "close"))
        host.loop.drain()
        return True

    def start() -> None:
        nonlocal is_paused
        is_paused = False
        if flow not in host.loop.sources:
            host.loop.sources.append(flow)

    inherited = get(stream, "on")

    def on(this: Value, name: Value = undefined, listener: Value = undefined, *_rest: Value) -> Value:
        result = call(inherited, this, name, listener)
        if name in ("data", "readable") or name == "end":
            start()
        return result

    def set_encoding(this: Value, given: Value = "utf8", *_rest: Value) -> Value:
        nonlocal encoding
        encoding = "latin-1" if given in ("latin1", "binary") else "utf-8"
        return this

    def resume(this: Value, *_rest: Value) -> Value:
        start()
        return this

    def pause(this: Value, *_rest: Value) -> Value:
        nonlocal is_paused
        is_paused = True
        return this

    def read(_this: Value, *_rest: Value) -> Value:
        nonlocal held
        raw, held = data(), b""
        return chunk(raw) if raw else null

    def iterate(_this: Value, *_rest: Value) -> Value:
        nonlocal is_over
        raw = data()
        is_over = True
        pieces = [chunk(raw)] if raw else []
        return realm.create_async_from_sync_iterator(get_iterator(realm, realm.make_array(pieces))).iterator

    add_functions(
        realm,
        stream,
        [
            ("on", on, 2),
            ("addListener", on, 2),
            ("setEncoding", set_encoding, 1),
            ("resume", resume, 0),
            ("pause", pause, 0),
            ("read", read, 0),
            ("ref", lambda this, *_rest: this, 0),
            ("unref", lambda this, *_rest: this, 0),
            (ASYNC_ITERATOR, iterate, 0),
        ],
    )
    for key, value in (("fd", 0.0), ("readable", True)):
        stored(stream)[key] = plain(value)
    return stream
