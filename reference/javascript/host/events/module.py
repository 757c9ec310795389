"""`node:events`: EventEmitter and the functions around it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.host.definition import add_functions
from lockstep.reference.javascript.host.events.emitter import Emitters
from lockstep.reference.javascript.host.hosting import part_of
from lockstep.reference.javascript.host.promises import abort_error
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import (
    create_resolving_functions,
    new_promise,
)
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, slow_object
from lockstep.reference.javascript.runtime.objects.property import plain
from lockstep.reference.javascript.runtime.operations.conversion import is_callable, to_boolean
from lockstep.reference.javascript.runtime.operations.iteration import create_iter_result
from lockstep.reference.javascript.runtime.operations.objects import call, get
from lockstep.reference.javascript.runtime.symbols import ASYNC_ITERATOR
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def _listen(target: JSObject, name: Value, listener: Value) -> None:
    on = get(target, "on")
    if is_callable(on):
        call(on, target, name, listener)
    else:
        call(get(target, "addEventListener"), target, name, listener)


def _forget(target: JSObject, name: Value, listener: Value) -> None:
    off = get(target, "removeListener")
    if is_callable(off):
        call(off, target, name, listener)
    else:
        call(get(target, "removeEventListener"), target, name, listener)


def _signal(options: Value) -> JSObject | None:
    found = get(options, "signal") if isinstance(options, JSObject) else undefined
    return found if isinstance(found, JSObject) else None


def _reason(signal: JSObject | None) -> Value:
    return undefined if signal is None else get(signal, "reason")


def _on_abort(realm: Realm, signal: Value, step: Callable[[], None]) -> None:
    if isinstance(signal, JSObject):
        function = native(realm, lambda _this, *_rest: step(), 0)
        call(get(signal, "addEventListener"), signal, "abort", function)


def _once(realm: Realm, emitter: JSObject, name: Value, options: Value) -> JSObject:
    """`events.once`: a promise of the arguments of the next event."""
    promise = new_promise(realm)
    resolve, reject = create_resolving_functions(realm, promise)
    signal = _signal(options)
    if isinstance(signal, JSObject) and to_boolean(get(signal, "aborted")):
        reject(abort_error(realm, _reason(signal)))
        return promise

    def happened(_this: Value, *arguments: Value) -> None:
        stop()
        resolve(realm.make_array(list(arguments)))

    def failed(_this: Value, error: Value = undefined, *_rest: Value) -> None:
        stop()
        reject(error)

    listener, on_error = native(realm, happened), native(realm, failed)
    is_emitter = is_callable(get(emitter, "on"))

    def stop() -> None:
        _forget(emitter, name, listener)
        if is_emitter and name != "error":
            _forget(emitter, "error", on_error)

    _listen(emitter, name, listener)
    if is_emitter and name != "error":
        _listen(emitter, "error", on_error)

    def aborted() -> None:
        stop()
        reject(abort_error(realm, _reason(signal)))

    _on_abort(realm, signal, aborted)
    # node's is an async function, whose promise follows this one.
    following = new_promise(realm)
    create_resolving_functions(realm, following)[0](promise)
    return following


def _on(realm: Realm, emitter: JSObject, name: Value, options: Value) -> JSObject:
    """`events.on`: an async iterator over the arguments of events."""
    seen: deque[Value] = deque()
    waiting: deque[tuple[Callable[[Value], None], Callable[[Value], None]]] = deque()
    is_over = False
    # What the iterator will throw next.
    failures: deque[Value] = deque()
    signal = _signal(options)

    def happened(_this: Value, *arguments: Value) -> None:
        values = realm.make_array(list(arguments))
        if waiting:
            waiting.popleft()[0](create_iter_result(realm, values, False))
        else:
            seen.append(values)

    def fail(error: Value) -> None:
        if waiting:
            waiting.popleft()[1](error)
        else:
            failures.append(error)
        end()

    listener = native(realm, happened)
    on_error = native(realm, lambda _this, error=undefined, *_rest: fail(error))

    def end() -> None:
        nonlocal is_over
        if is_over:
            return
        is_over = True
        _forget(emitter, name, listener)
        if is_callable(get(emitter, "on")):
            _forget(emitter, "error", on_error)
        while waiting:
            waiting.popleft()[0](create_iter_result(realm, undefined, True))

    def following(_this: Value, *_rest: Value) -> Value:
        promise = new_promise(realm)
        resolve, reject = create_resolving_functions(realm, promise)
        if seen:
            resolve(create_iter_result(realm, seen.popleft(), False))
        elif failures:
            reject(failures.popleft())
        elif is_over:
            resolve(create_iter_result(realm, undefined, True))
        else:
            waiting.append((resolve, reject))
        return promise

    def leave(_this: Value, *_rest: Value) -> Value:
        end()
        promise = new_promise(realm)
        create_resolving_functions(realm, promise)[0](create_iter_result(realm, undefined, True))
        return promise

    made = slow_object(JSObject, realm.async_iterator_prototype)
    add_functions(
        realm,
        made,
        [("next", following, 0), ("return", leave, 0), (ASYNC_ITERATOR, lambda this, *_rest: this, 0)],
    )
    _listen(emitter, name, listener)
    if name != "error" and is_callable(get(emitter, "on")):
        _listen(emitter, "error", on_error)
    _on_abort(realm, signal, lambda: fail(abort_error(realm, _reason(signal))))
    return made


def events_module(realm: Realm) -> JSObject:
    """The exports: EventEmitter with the functions as properties."""
    emitters = part_of(realm, Emitters)
    constructor = emitters.constructor

    def listeners_of(
        _this: Value, emitter: Value = undefined, name: Value = undefined, *_rest: Value
    ) -> Value:
        held = getattr(emitter, "listeners_", None)
        if held is not None:
            return realm.make_array([one.callback for one in held.get(name, ())])
        return emitters.listeners(emitter, name)

    def count_of(_this: Value, emitter: Value = undefined, name: Value = undefined, *_rest: Value) -> float:
        return float(emitters.count(emitter, name))

    def set_most(_this: Value, most: Value = 10.0, *targets: Value) -> None:
        if not targets:
            constructor.set_value("defaultMaxListeners", most, constructor)
        for target in targets:
            if isinstance(target, JSObject) and is_callable(get(target, "setMaxListeners")):
                emitters.set_most(target, most)

    add_functions(
        realm,
        constructor,
        [
            (
                "once",
                lambda _this, emitter=undefined, name=undefined, options=undefined, *_rest: _once(
                    realm, emitter, name, options
                ),
                2,
            ),
            (
                "on",
                lambda _this, emitter=undefined, name=undefined, options=undefined, *_rest: _on(
                    realm, emitter, name, options
                ),
                2,
            ),
            ("getEventListeners", listeners_of, 2),
            ("listenerCount", count_of, 2),
            ("setMaxListeners", set_most, 0),
        ],
    )
    constructor.define_own_property("EventEmitter", plain(constructor))
    return constructor
