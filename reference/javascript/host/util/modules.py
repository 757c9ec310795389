"""Small modules of node's: `node:console`, `node:process`, `node:timers`, `node:timers/promises`, `node:perf_hooks`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.host.definition import add_functions, dictionary
from lockstep.reference.javascript.host.hosting import global_of, hosting_of, part_of
from lockstep.reference.javascript.host.modules.builtins import built_in
from lockstep.reference.javascript.host.promises import abortable
from lockstep.reference.javascript.host.timers.functions import Timers
from lockstep.reference.javascript.host.timers.loop import Timer
from lockstep.reference.javascript.runtime.intrinsics.control.promise_operations import (
    create_resolving_functions,
    new_promise,
)
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, slow_object
from lockstep.reference.javascript.runtime.objects.property import plain
from lockstep.reference.javascript.runtime.operations.iteration import create_iter_result
from lockstep.reference.javascript.runtime.symbols import ASYNC_ITERATOR
from lockstep.reference.javascript.runtime.values import Value, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


def console_module(realm: Realm) -> JSObject:
    """`node:console`."""
    return global_of(realm, "console")


def process_module(realm: Realm) -> JSObject:
    """`node:process`."""
    return global_of(realm, "process")


def timers_module(realm: Realm) -> JSObject:
    """`node:timers`."""
    names = ("setTimeout", "clearTimeout", "setImmediate", "clearImmediate", "setInterval", "clearInterval")
    functions = part_of(realm, Timers).functions
    rows: list[tuple[str, Value]] = [(name, functions[name]) for name in names]
    return dictionary(realm, [*rows, ("promises", built_in(realm, "timers/promises"))])


def timers_promises_module(realm: Realm) -> JSObject:
    """`node:timers/promises`."""
    timers = part_of(realm, Timers)

    def interval(_this: Value, wait: Value = undefined, value: Value = undefined, *_rest: Value) -> Value:
        return _ticking(realm, timers.milliseconds(wait), value)

    def delay(_this: Value, wait: Value = undefined, options: Value = undefined, *_rest: Value) -> Value:
        return timers.wait(undefined, wait, undefined, options)

    def give_way(_this: Value, *_rest: Value) -> Value:
        return timers.wait_immediate(undefined)

    made = dictionary(
        realm,
        [
            ("setTimeout", native(realm, timers.wait, 3, "setTimeout")),
            ("setImmediate", native(realm, timers.wait_immediate, 2, "setImmediate")),
            ("setInterval", native(realm, interval, 3, "setInterval")),
        ],
    )
    scheduler = slow_object(JSObject, realm.object_prototype)
    add_functions(realm, scheduler, [("wait", delay, 2), ("yield", give_way, 0)])
    made.define_own_property("scheduler", plain(scheduler))
    return made


def _ticking(realm: Realm, wait: int, value: Value) -> JSObject:
    """An async iterator that gives `value` at each interval."""
    loop = hosting_of(realm).loop
    made = slow_object(JSObject, realm.async_iterator_prototype)
    passed = [0]
    waiting: list[Callable[[Value], None]] = []

    def tick() -> None:
        passed[0] += 1
        if waiting:
            passed[0] -= 1
            waiting.pop(0)(create_iter_result(realm, value, False))

    timer = Timer(tick, wait, wait)
    loop.set(timer)

    def following(_this: Value, *_rest: Value) -> Value:
        promise = new_promise(realm)
        resolve, _ = create_resolving_functions(realm, promise)
        if passed[0]:
            passed[0] -= 1
            resolve(create_iter_result(realm, value, False))
        elif not timer.repeat:
            resolve(create_iter_result(realm, undefined, True))
        else:
            waiting.append(resolve)
        return promise

    def leave(_this: Value, *_rest: Value) -> Value:
        timer.repeat = 0
        loop.clear(timer)
        return abortable(
            realm, undefined, lambda done: _settle(done, create_iter_result(realm, undefined, True))
        )

    add_functions(
        realm,
        made,
        [("next", following, 0), ("return", leave, 0), (ASYNC_ITERATOR, lambda this, *_rest: this, 0)],
    )
    return made


def _settle(done: Callable[[Value], None], value: Value) -> Callable[[], object]:
    done(value)
    return lambda: None


def perf_hooks_module(realm: Realm) -> JSObject:
    """`node:perf_hooks`."""
    return dictionary(realm, [("performance", global_of(realm, "performance"))])
