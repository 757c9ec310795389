"""`Event`, `CustomEvent` and `EventTarget` (DOM 2)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Callable, TypeVar

from lockstep.reference.javascript.host.definition import (
    add_accessors,
    add_functions,
    class_name,
    class_of,
    coded_error,
    dictionary,
    prototype_from,
    wrong_type,
)
from lockstep.reference.javascript.host.hosting import global_of, hosting_of
from lockstep.reference.javascript.host.inspect.options import CUSTOM, registered
from lockstep.reference.javascript.host.inspect.values import inspect
from lockstep.reference.javascript.runtime.completions import ThrowCompletion, thrown_value, type_error
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create, stored
from lockstep.reference.javascript.runtime.objects.property import Property
from lockstep.reference.javascript.runtime.operations.conversion import is_callable, to_boolean, to_string
from lockstep.reference.javascript.runtime.operations.objects import call, get
from lockstep.reference.javascript.runtime.values import ABSENT, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_PHASES = (("NONE", 0.0), ("CAPTURING_PHASE", 1.0), ("AT_TARGET", 2.0), ("BUBBLING_PHASE", 3.0))


class JSEvent(JSObject):
    """An Event."""

    __slots__ = (
        "bubbles_",
        "cancelable_",
        "composed_",
        "current_",
        "detail_",
        "dispatching_",
        "prevented_",
        "stamp_",
        "stopped_",
        "stopped_now_",
        "target_",
        "trusted_",
        "type_",
    )
    class_name_ = "Event"
    type_: str
    bubbles_: bool
    cancelable_: bool
    composed_: bool
    prevented_: bool
    stopped_: bool
    stopped_now_: bool
    dispatching_: bool
    trusted_: bool
    stamp_: float
    target_: Value
    current_: Value
    detail_: Value


class _Listener:
    """A listener as it was added."""

    __slots__ = ("callback", "capture", "once", "passive", "removed")

    def __init__(self, callback: Value, capture: bool, once: bool, passive: bool) -> None:
        self.callback = callback
        self.capture = capture
        self.once = once
        self.passive = passive
        self.removed = False


class JSEventTarget(JSObject):
    """An EventTarget; `listeners_` and `handlers_` by type, `abort_steps_` are what a signal does before its event."""

    __slots__ = ("abort_steps_", "handlers_", "listeners_")
    class_name_ = "EventTarget"
    listeners_: dict[str, list[_Listener]]
    handlers_: dict[str, _Listener]
    abort_steps_: list[Callable[[], object]]


def event(this: Value) -> JSEvent:
    """An Event that a method was called on.

    Raises:
        ThrowCompletion: TypeError, it is none.
    """
    if not isinstance(this, JSEvent):
        raise type_error("Illegal invocation")
    return this


def _target(realm: Realm, this: Value) -> JSEventTarget:
    if this is undefined or this is null:
        this = realm.global_object
    if not isinstance(this, JSEventTarget):
        raise coded_error(
            realm, "TypeError", "ERR_INVALID_THIS", 'Value of "this" must be of type EventTarget'
        )
    return this


def _flag(options: Value, name: str) -> bool:
    return isinstance(options, JSObject) and to_boolean(get(options, name))


def new_event(realm: Realm, kind: str, prototype: JSObject, options: Value = undefined) -> JSEvent:
    """An event of a type."""
    made = object_create(prototype, JSEvent)
    made.type_ = kind
    made.bubbles_ = _flag(options, "bubbles")
    made.cancelable_ = _flag(options, "cancelable")
    made.composed_ = _flag(options, "composed")
    made.prevented_ = made.stopped_ = made.stopped_now_ = made.dispatching_ = False
    made.target_ = made.current_ = null
    made.trusted_ = False
    made.detail_ = null
    made.stamp_ = time.perf_counter() * 1000 - hosting_of(realm).loop.origin
    return made


def make_event(realm: Realm) -> JSObject:
    """The class Event."""

    def construct(
        new_target: Value, kind: Value = ABSENT, options: Value = undefined, *_rest: Value
    ) -> Value:
        if new_target is undefined:
            raise type_error("Class constructor Event cannot be invoked without 'new'")
        if kind is ABSENT:
            raise coded_error(realm, "TypeError", "ERR_MISSING_ARGS", 'The "type" argument must be specified')
        if options is not undefined and options is not null and not isinstance(options, JSObject):
            raise wrong_type(realm, 'The "options" argument', "of type object", options)
        return new_event(realm, to_string(kind), prototype_from(new_target, prototype), options)

    def prevent(this: Value, *_rest: Value) -> None:
        own = event(this)
        if own.cancelable_:
            own.prevented_ = True

    def stop(this: Value, *_rest: Value) -> None:
        event(this).stopped_ = True

    def stop_now(this: Value, *_rest: Value) -> None:
        own = event(this)
        own.stopped_ = own.stopped_now_ = True

    def path(this: Value, *_rest: Value) -> Value:
        own = event(this)
        return realm.make_array([own.current_] if own.dispatching_ else [])

    def initialize(
        this: Value, kind: Value = undefined, bubbles: Value = False, cancelable: Value = False, *_rest: Value
    ) -> None:
        own = event(this)
        if not own.dispatching_:
            own.type_ = to_string(kind)
            own.bubbles_, own.cancelable_ = to_boolean(bubbles), to_boolean(cancelable)

    def inspected(this: Value, depth: Value = undefined, options: Value = undefined, *_rest: Value) -> str:
        own = event(this)
        rows = [
            ("type", own.type_),
            ("defaultPrevented", own.prevented_),
            ("cancelable", own.cancelable_),
            ("timeStamp", own.stamp_),
        ]
        name = class_name(this)
        return f"{name} {inspect(realm, dictionary(realm, rows))}"

    constructor, prototype = class_of(realm, "Event", construct, 1)
    add_accessors(
        realm,
        prototype,
        [
            ("type", lambda this, *_rest: event(this).type_, None),
            ("target", lambda this, *_rest: event(this).target_, None),
            ("srcElement", lambda this, *_rest: event(this).target_, None),
            ("currentTarget", lambda this, *_rest: event(this).current_, None),
            ("eventPhase", lambda this, *_rest: 2.0 if event(this).dispatching_ else 0.0, None),
            ("bubbles", lambda this, *_rest: event(this).bubbles_, None),
            ("cancelable", lambda this, *_rest: event(this).cancelable_, None),
            ("composed", lambda this, *_rest: event(this).composed_, None),
            ("defaultPrevented", lambda this, *_rest: event(this).prevented_, None),
            ("returnValue", lambda this, *_rest: not event(this).prevented_, None),
            (
                "cancelBubble",
                lambda this, *_rest: event(this).stopped_,
                lambda this, value=undefined, *_rest: stop(this) if to_boolean(value) else undefined,
            ),
            ("timeStamp", lambda this, *_rest: event(this).stamp_, None),
            ("isTrusted", lambda this, *_rest: event(this).trusted_, None),
        ],
    )
    add_functions(
        realm,
        prototype,
        [
            ("composedPath", path, 0),
            ("stopPropagation", stop, 0),
            ("stopImmediatePropagation", stop_now, 0),
            ("preventDefault", prevent, 0),
            ("initEvent", initialize, 1),
        ],
    )
    add_functions(realm, prototype, [(registered(realm, CUSTOM), inspected, 2)], enumerable=False)
    for name, value in _PHASES:
        stored(constructor)[name] = Property(value, False, True, False)
    return constructor


def make_custom_event(realm: Realm) -> JSObject:
    """The class CustomEvent."""
    parent = global_of(realm, "Event")

    def construct(
        new_target: Value, kind: Value = ABSENT, options: Value = undefined, *_rest: Value
    ) -> Value:
        if new_target is undefined:
            raise type_error("Class constructor CustomEvent cannot be invoked without 'new'")
        if kind is ABSENT:
            raise coded_error(realm, "TypeError", "ERR_MISSING_ARGS", 'The "type" argument must be specified')
        if options is not undefined and options is not null and not isinstance(options, JSObject):
            raise wrong_type(realm, 'The "options" argument', "of type object", options)
        made = new_event(realm, to_string(kind), prototype_from(new_target, prototype), options)
        if isinstance(options, JSObject):
            detail = get(options, "detail")
            made.detail_ = null if detail is undefined else detail
        return made

    constructor, prototype = class_of(realm, "CustomEvent", construct, 1, parent=parent)
    add_accessors(realm, prototype, [("detail", lambda this, *_rest: event(this).detail_, None)])
    return constructor


Target = TypeVar("Target", bound=JSEventTarget)


def prepare_target(made: Target) -> Target:
    """Let a new object listen."""
    made.listeners_ = {}
    made.handlers_ = {}
    made.abort_steps_ = []
    return made


def dispatch(realm: Realm, target: JSEventTarget, given: JSEvent) -> bool:
    """DOM 2.9 dispatch, of a target without parents; whether nobody prevented the default."""
    given.target_ = given.current_ = target
    given.dispatching_ = True
    done: set[_Listener] = set()
    while True:
        # As in node, listeners that are added meanwhile are called, too.
        listener = next((one for one in target.listeners_.get(given.type_, ()) if one not in done), None)
        if listener is None:
            break
        done.add(listener)
        if listener.once:
            _remove(target, given.type_, listener)
        callback = listener.callback
        try:
            if is_callable(callback):
                callback.call_n(target, given)
            else:
                call(
                    get(callback, "handleEvent") if isinstance(callback, JSObject) else undefined,
                    callback,
                    given,
                )
        except Exception as error:
            _report(realm, thrown_value(error, realm))
        if given.stopped_now_:
            break
    given.current_ = null
    given.dispatching_ = given.stopped_ = given.stopped_now_ = False
    return not given.prevented_


def _report(realm: Realm, value: Value) -> None:
    """An error in a listener ends the program, once the listeners have run."""

    def throw() -> None:
        raise ThrowCompletion(value)

    hosting_of(realm).loop.ticks.append(throw)


def _remove(target: JSEventTarget, kind: str, listener: _Listener) -> None:
    listener.removed = True
    left = [one for one in target.listeners_.get(kind, ()) if one is not listener]
    if left:
        target.listeners_[kind] = left
    else:
        target.listeners_.pop(kind, None)


def make_event_target(realm: Realm) -> JSObject:
    """The class EventTarget."""

    def construct(new_target: Value, *_rest: Value) -> Value:
        if new_target is undefined:
            raise type_error("Class constructor EventTarget cannot be invoked without 'new'")
        return prepare_target(object_create(prototype_from(new_target, prototype), JSEventTarget))

    def add(
        this: Value, kind: Value = ABSENT, callback: Value = ABSENT, options: Value = undefined, *_rest: Value
    ) -> None:
        own = _target(realm, this)
        if callback is ABSENT:
            raise coded_error(
                realm,
                "TypeError",
                "ERR_MISSING_ARGS",
                'The "type" and "listener" arguments must be specified',
            )
        name = to_string(kind)
        capture = to_boolean(options) if not isinstance(options, JSObject) else _flag(options, "capture")
        signal = get(options, "signal") if isinstance(options, JSObject) else undefined
        if not isinstance(callback, JSObject):
            if callback is null or callback is undefined:
                return
            raise wrong_type(realm, 'The "listener" argument', "an instance of EventListener", callback)
        if isinstance(signal, JSObject) and to_boolean(get(signal, "aborted")):
            return
        present = own.listeners_.get(name, [])
        if any(one.callback is callback and one.capture == capture for one in present):
            return
        listener = _Listener(callback, capture, _flag(options, "once"), _flag(options, "passive"))
        own.listeners_[name] = [*present, listener]
        if isinstance(signal, JSEventTarget):
            signal.abort_steps_.append(lambda: _remove(own, name, listener))

    def remove(
        this: Value, kind: Value = ABSENT, callback: Value = ABSENT, options: Value = undefined, *_rest: Value
    ) -> None:
        own = _target(realm, this)
        if callback is ABSENT:
            raise coded_error(
                realm,
                "TypeError",
                "ERR_MISSING_ARGS",
                'The "type" and "listener" arguments must be specified',
            )
        name = to_string(kind)
        capture = to_boolean(options) if not isinstance(options, JSObject) else _flag(options, "capture")
        for one in own.listeners_.get(name, []):
            if one.callback is callback and one.capture == capture:
                _remove(own, name, one)
                return

    def send(this: Value, given: Value = ABSENT, *_rest: Value) -> bool:
        own = _target(realm, this)
        if given is ABSENT:
            raise coded_error(
                realm, "TypeError", "ERR_MISSING_ARGS", 'The "event" argument must be specified'
            )
        if not isinstance(given, JSEvent):
            raise wrong_type(realm, 'The "event" argument', "an instance of Event", given)
        if given.dispatching_:
            raise coded_error(
                realm,
                "Error",
                "ERR_EVENT_RECURSION",
                f'The event "{given.type_}" is already being dispatched',
            )
        return dispatch(realm, own, given)

    def inspected(this: Value, *_rest: Value) -> str:
        _target(realm, this)
        return f"{class_name(this)} {{}}"

    constructor, prototype = class_of(realm, "EventTarget", construct, 0)
    add_functions(
        realm,
        prototype,
        [("addEventListener", add, 2), ("removeEventListener", remove, 2), ("dispatchEvent", send, 1)],
    )
    add_functions(realm, prototype, [(registered(realm, CUSTOM), inspected, 2)], enumerable=False)
    return constructor


def add_handler(realm: Realm, prototype: JSObject, name: str) -> None:
    """An event handler attribute such as `onabort`."""
    kind = name[2:]

    def read(this: Value, *_rest: Value) -> Value:
        held = _target(realm, this).handlers_.get(kind)
        return null if held is None else held.callback

    def write(this: Value, value: Value = undefined, *_rest: Value) -> None:
        own = _target(realm, this)
        held = own.handlers_.pop(kind, None)
        if not is_callable(value):
            if held is not None:
                _remove(own, kind, held)
            return
        if held is not None and not held.removed:
            held.callback = value
            own.handlers_[kind] = held
            return
        listener = _Listener(value, False, False, False)
        own.handlers_[kind] = listener
        own.listeners_[kind] = [*own.listeners_.get(kind, []), listener]

    add_accessors(realm, prototype, [(name, read, write)])
