"""`setTimeout` and its kin as guests call them, and the objects that they return."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Callable

from lockstep.reference.javascript.host.definition import HostCall, add_functions, prototype_of, wrong_type
from lockstep.reference.javascript.host.hosting import Part, hosting_of
from lockstep.reference.javascript.host.promises import abortable, promisified
from lockstep.reference.javascript.host.timers.loop import LONGEST_WAIT, Immediate, Timer
from lockstep.reference.javascript.runtime.completions import type_error
from lockstep.reference.javascript.runtime.objects.function import FunctionTemplate, create_function, native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, make_slow, object_create
from lockstep.reference.javascript.runtime.operations.conversion import is_callable, to_number, to_string
from lockstep.reference.javascript.runtime.operations.objects import call
from lockstep.reference.javascript.runtime.symbols import DISPOSE, TO_PRIMITIVE
from lockstep.reference.javascript.runtime.values import PropertyKey, Symbol, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm


class JSTimer(JSObject):
    """A Timeout or Immediate; `timer_` is the loop's own."""

    __slots__ = ("number_", "timer_")
    class_name_ = "Object"
    timer_: Timer | Immediate
    number_: float


class Timers(Part):
    """The functions of one realm.

    Attributes:
        timeout, immediate: the prototypes of what they return.
    """

    def __init__(self, realm: Realm) -> None:
        super().__init__(realm)
        self.loop = hosting_of(realm).loop
        self.count = 1.0
        self.by_number: dict[str, JSTimer] = {}
        self.timeout = self._prototype("Timeout")
        self.immediate = self._prototype("Immediate")
        rows: list[tuple[PropertyKey, HostCall, int]] = [
            ("ref", self._ref, 0),
            ("unref", self._unref, 0),
            ("hasRef", self._has_ref, 0),
        ]
        add_functions(realm, self.immediate, [*rows, (DISPOSE, self.clear, 0)], enumerable=False)
        rows += [
            ("refresh", self._refresh, 0),
            ("close", self._close, 0),
            (TO_PRIMITIVE, self._to_primitive, 0),
            (DISPOSE, self._close, 0),
        ]
        add_functions(realm, self.timeout, rows, enumerable=False)
        self.functions = {
            "setTimeout": native(realm, self.set_timeout, 5, "setTimeout"),
            "setInterval": native(realm, self.set_interval, 5, "setInterval"),
            "setImmediate": native(realm, self.set_immediate, 4, "setImmediate"),
            "clearTimeout": native(realm, self.clear, 1, "clearTimeout"),
            "clearInterval": native(realm, self.clear, 1, "clearInterval"),
            "clearImmediate": native(realm, self.clear, 1, "clearImmediate"),
        }
        for name, waiting in (("setTimeout", self.wait), ("setImmediate", self.wait_immediate)):
            promisified(realm, self.functions[name], native(realm, waiting, 2, name))

    def _prototype(self, name: str) -> JSObject:
        def refuse(_this: Value, *_rest: Value) -> Value:
            return undefined

        constructor = create_function(self.realm, FunctionTemplate(name, 0, "normal"), refuse)
        prototype = prototype_of(constructor)
        make_slow(prototype)
        return prototype

    def _made(self, timer: Timer | Immediate, prototype: JSObject) -> JSTimer:
        made = object_create(prototype, JSTimer)
        made.timer_ = timer
        self.count += 1
        made.number_ = self.count
        return made

    def _callback(self, callback: Value) -> None:
        if not is_callable(callback):
            raise wrong_type(self.realm, 'The "callback" argument', "of type function", callback)

    def milliseconds(self, given: Value) -> int:
        """A wait as it was given."""
        wait = 1.0 if given is undefined else to_number(given)
        if wait > LONGEST_WAIT:
            hosting_of(self.realm).warn_later(
                f"{to_string(wait)} does not fit into a 32-bit signed integer.\nTimeout duration was set to 1.",
                "TimeoutOverflowWarning",
            )
        return math.trunc(wait) if 1 <= wait <= LONGEST_WAIT else 1

    def _set(self, callback: Value, given: Value, arguments: tuple[Value, ...], *, repeats: bool) -> JSObject:
        self._callback(callback)
        wait = self.milliseconds(given)
        made: JSTimer | None = None
        timer = Timer(lambda: call(callback, made, *arguments), wait, wait if repeats else 0)
        made = self._made(timer, self.timeout)
        self.loop.set(timer)
        return made

    def set_timeout(
        self, _this: Value, callback: Value = undefined, wait: Value = undefined, *arguments: Value
    ) -> Value:
        """`setTimeout`."""
        return self._set(callback, wait, arguments, repeats=False)

    def set_interval(
        self, _this: Value, callback: Value = undefined, wait: Value = undefined, *arguments: Value
    ) -> Value:
        """`setInterval`."""
        return self._set(callback, wait, arguments, repeats=True)

    def set_immediate(self, _this: Value, callback: Value = undefined, *arguments: Value) -> Value:
        """`setImmediate`."""
        self._callback(callback)
        made: JSTimer | None = None
        immediate = Immediate(lambda: call(callback, made, *arguments))
        made = self._made(immediate, self.immediate)
        self.loop.add_immediate(immediate)
        return made

    def clear(self, this: Value, timer: Value = undefined, *_rest: Value) -> None:
        """`clearTimeout`, `clearInterval`, `clearImmediate`: of an object, or of the number that it was converted to."""
        found = this if timer is undefined and isinstance(this, JSTimer) else timer
        if not isinstance(found, JSObject) and found is not undefined and found is not null:
            found = None if found.__class__ is Symbol else self.by_number.get(to_string(found))
        if not isinstance(found, JSTimer):
            return
        own = found.timer_
        if isinstance(own, Timer):
            own.repeat = 0
            self.loop.clear(own)
        else:
            own.is_active = False
            own.referenced = False

    def _own(self, this: Value) -> JSTimer:
        if not isinstance(this, JSTimer):
            raise type_error("Illegal invocation")
        return this

    def _ref(self, this: Value, *_rest: Value) -> Value:
        self._own(this).timer_.referenced = True
        return this

    def _unref(self, this: Value, *_rest: Value) -> Value:
        self._own(this).timer_.referenced = False
        return this

    def _has_ref(self, this: Value, *_rest: Value) -> Value:
        return self._own(this).timer_.referenced

    def _refresh(self, this: Value, *_rest: Value) -> Value:
        own = self._own(this).timer_
        if isinstance(own, Timer):
            self.loop.clear(own)
            self.loop.set(own)
        return this

    def _close(self, this: Value, *_rest: Value) -> Value:
        self.clear(undefined, this)
        return this

    def _to_primitive(self, this: Value, *_rest: Value) -> Value:
        made = self._own(this)
        self.by_number[to_string(made.number_)] = made
        return made.number_

    def wait(self, _this: Value, wait: Value = undefined, value: Value = undefined, *rest: Value) -> Value:
        """`setTimeout` of `node:timers/promises`."""
        options = rest[0] if rest else undefined

        def begin(done: Callable[[Value], None]) -> Callable[[], object]:
            timer = Timer(lambda: done(value), self.milliseconds(wait), 0)
            self.loop.set(timer)
            return lambda: self.loop.clear(timer)

        return abortable(self.realm, options, begin)

    def wait_immediate(
        self, _this: Value, value: Value = undefined, options: Value = undefined, *_rest: Value
    ) -> Value:
        """`setImmediate` of `node:timers/promises`."""

        def begin(done: Callable[[Value], None]) -> Callable[[], object]:
            immediate = Immediate(lambda: done(value))
            self.loop.add_immediate(immediate)
            return lambda: setattr(immediate, "is_active", False)

        return abortable(self.realm, options, begin)


def queue_microtask(realm: Realm) -> JSObject:
    """`queueMicrotask`."""

    def queue(_this: Value, callback: Value = undefined, *_rest: Value) -> None:
        if not is_callable(callback):
            raise wrong_type(realm, 'The "callback" argument', "of type function", callback)
        realm.agent.enqueue_job(lambda: hosting_of(realm).loop.run_task(lambda: call(callback, undefined)))

    return native(realm, queue, 1, "queueMicrotask")
