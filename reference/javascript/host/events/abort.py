"""`AbortController` and `AbortSignal` (DOM 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.host.definition import (
    add_accessors,
    add_functions,
    class_of,
    coded_error,
    dictionary,
    prototype_from,
    prototype_of,
    wrong_type,
)
from lockstep.reference.javascript.host.events.web import (
    JSEventTarget,
    add_handler,
    dispatch,
    new_event,
    prepare_target,
)
from lockstep.reference.javascript.host.hosting import global_of, hosting_of
from lockstep.reference.javascript.host.inspect.options import CUSTOM, registered
from lockstep.reference.javascript.host.inspect.values import inspect
from lockstep.reference.javascript.host.timers.loop import Timer
from lockstep.reference.javascript.host.web.exceptions import dom_exception
from lockstep.reference.javascript.runtime.completions import ThrowCompletion, type_error
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create
from lockstep.reference.javascript.runtime.operations.conversion import to_number
from lockstep.reference.javascript.runtime.operations.iteration import iterator_to_list
from lockstep.reference.javascript.runtime.values import ABSENT, Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


class JSAbortSignal(JSEventTarget):
    """An AbortSignal; `dependents_` are signals that abort with it, `sources_` those that it aborts with."""

    __slots__ = ("aborted_", "dependents_", "reason_", "sources_")
    class_name_ = "AbortSignal"
    aborted_: bool
    reason_: Value
    dependents_: list[JSAbortSignal]
    sources_: list[JSAbortSignal]


class JSAbortController(JSObject):
    """An AbortController."""

    __slots__ = ("signal_",)
    class_name_ = "AbortController"
    signal_: JSAbortSignal


def _signal(realm: Realm, this: Value) -> JSAbortSignal:
    if not isinstance(this, JSAbortSignal):
        raise coded_error(
            realm, "TypeError", "ERR_INVALID_THIS", 'Value of "this" must be of type AbortSignal'
        )
    return this


def new_signal(realm: Realm, aborted: bool = False, reason: Value = undefined) -> JSAbortSignal:
    """A signal."""
    made = object_create(prototype_of(global_of(realm, "AbortSignal")), JSAbortSignal)
    prepare_target(made)
    made.aborted_ = aborted
    made.reason_ = reason
    made.dependents_ = []
    made.sources_ = []
    return made


def abort(realm: Realm, signal: JSAbortSignal, reason: Value) -> None:
    """DOM 3.2 signal abort."""
    if signal.aborted_:
        return
    if reason is undefined:
        reason = dom_exception(realm, "AbortError", "This operation was aborted")
    aborted = [signal]
    signal.aborted_, signal.reason_ = True, reason
    for dependent in signal.dependents_:
        if not dependent.aborted_:
            dependent.aborted_, dependent.reason_ = True, reason
            aborted.append(dependent)
    for one in aborted:
        steps, one.abort_steps_ = one.abort_steps_, []
        for step in steps:
            step()
        event = new_event(realm, "abort", prototype_of(global_of(realm, "Event")))
        event.trusted_ = True
        dispatch(realm, one, event)


def make_abort_signal(realm: Realm) -> JSObject:
    """The class AbortSignal."""

    def refuse(_new_target: Value, *_rest: Value) -> Value:
        raise coded_error(realm, "TypeError", "ERR_ILLEGAL_CONSTRUCTOR", "Illegal constructor")

    def throw_if_aborted(this: Value, *_rest: Value) -> None:
        own = _signal(realm, this)
        if own.aborted_:
            raise ThrowCompletion(own.reason_)

    def abort_now(_this: Value, reason: Value = undefined, *_rest: Value) -> Value:
        if reason is undefined:
            reason = dom_exception(realm, "AbortError", "This operation was aborted")
        return new_signal(realm, True, reason)

    def timeout(_this: Value, wait: Value = ABSENT, *_rest: Value) -> Value:
        if wait.__class__ is not float:
            raise wrong_type(
                realm, 'The "delay" argument', "of type number", None if wait is ABSENT else wait
            )
        made = new_signal(realm)
        milliseconds = int(to_number(wait))

        def over() -> None:
            abort(
                realm, made, dom_exception(realm, "TimeoutError", "The operation was aborted due to timeout")
            )

        timer = Timer(over, max(1, milliseconds), 0)
        timer.referenced = False
        hosting_of(realm).loop.set(timer)
        return made

    def any_of(_this: Value, signals: Value = undefined, *_rest: Value) -> Value:
        sources: list[JSAbortSignal] = []
        for place, source in enumerate(iterator_to_list(realm, signals)):
            if not isinstance(source, JSAbortSignal):
                raise wrong_type(
                    realm, f'The "signals[{place}]" argument', "an instance of AbortSignal", source
                )
            sources.append(source)
        made = new_signal(realm)
        for source in sources:
            if source.aborted_:
                made.aborted_, made.reason_ = True, source.reason_
                return made
        for source in sources:
            source.dependents_.append(made)
            for one in _sources_of(source):
                one.dependents_.append(made)
        made.sources_ = sources
        return made

    def inspected(this: Value, *_rest: Value) -> str:
        own = _signal(realm, this)
        return f"AbortSignal {inspect(realm, dictionary(realm, [('aborted', own.aborted_)]))}"

    constructor, prototype = class_of(realm, "AbortSignal", refuse, 0, parent=global_of(realm, "EventTarget"))
    add_accessors(
        realm,
        prototype,
        [
            ("aborted", lambda this, *_rest: _signal(realm, this).aborted_, None),
            ("reason", lambda this, *_rest: _signal(realm, this).reason_, None),
        ],
    )
    add_functions(realm, prototype, [("throwIfAborted", throw_if_aborted, 0)])
    add_handler(realm, prototype, "onabort")
    add_functions(realm, prototype, [(registered(realm, CUSTOM), inspected, 2)], enumerable=False)
    add_functions(realm, constructor, [("abort", abort_now, 0), ("timeout", timeout, 1), ("any", any_of, 1)])
    return constructor


def _sources_of(signal: JSAbortSignal) -> list[JSAbortSignal]:
    found: list[JSAbortSignal] = []
    for source in signal.sources_:
        found.append(source)
        found.extend(_sources_of(source))
    return found


def make_abort_controller(realm: Realm) -> JSObject:
    """The class AbortController."""

    def construct(new_target: Value, *_rest: Value) -> Value:
        if new_target is undefined:
            raise type_error("Class constructor AbortController cannot be invoked without 'new'")
        made = object_create(prototype_from(new_target, prototype), JSAbortController)
        made.signal_ = new_signal(realm)
        return made

    def own(this: Value) -> JSAbortController:
        if not isinstance(this, JSAbortController):
            raise coded_error(
                realm, "TypeError", "ERR_INVALID_THIS", 'Value of "this" must be of type AbortController'
            )
        return this

    def abort_it(this: Value, reason: Value = undefined, *_rest: Value) -> None:
        abort(realm, own(this).signal_, reason)

    def inspected(this: Value, *_rest: Value) -> str:
        return f"AbortController {inspect(realm, dictionary(realm, [('signal', own(this).signal_)]))}"

    constructor, prototype = class_of(realm, "AbortController", construct, 0)
    add_accessors(realm, prototype, [("signal", lambda this, *_rest: own(this).signal_, None)])
    add_functions(realm, prototype, [("abort", abort_it, 0)])
    add_functions(realm, prototype, [(registered(realm, CUSTOM), inspected, 2)], enumerable=False)
    return constructor
