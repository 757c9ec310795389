"""`EventEmitter`: its listeners stand in the properties in which node has them (`_events`, `_eventsCount`), so that inspection shows the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockstep.reference.javascript.host.definition import (
    HostCall,
    add_functions,
    coded_error,
    old_class,
    wrong_type,
)
from lockstep.reference.javascript.host.hosting import Part, hosting_of, part_of
from lockstep.reference.javascript.host.inspect.values import inspect
from lockstep.reference.javascript.runtime.completions import ThrowCompletion, type_error
from lockstep.reference.javascript.runtime.host import shown
from lockstep.reference.javascript.runtime.objects.array import JSArray
from lockstep.reference.javascript.runtime.objects.error import JSError
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, object_create, stored
from lockstep.reference.javascript.runtime.objects.property import Property, plain
from lockstep.reference.javascript.runtime.operations.conversion import (
    is_callable,
    to_number,
    to_property_key,
    to_string,
)
from lockstep.reference.javascript.runtime.operations.objects import call, get, set_property
from lockstep.reference.javascript.runtime.values import PropertyKey, Symbol, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_DEFAULT_MOST = 10.0


def _target(this: Value) -> JSObject:
    if not isinstance(this, JSObject):
        raise type_error(f"Cannot read properties of {shown(this)} (reading '_events')")
    return this


class Emitters(Part):
    """EventEmitter of one realm.

    Attributes:
        constructor, prototype: the class.
        error_monitor, capture: its symbols.
    """

    def __init__(self, realm: Realm) -> None:
        super().__init__(realm)
        self.error_monitor = Symbol("events.errorMonitor")
        self.capture = Symbol("kCapture")
        self.shape = Symbol("shapeMode")
        self.constructor, self.prototype = old_class(realm, "EventEmitter", self.initialize, 1)
        rows: list[tuple[PropertyKey, HostCall, int]] = [
            ("setMaxListeners", self.set_most, 1),
            ("getMaxListeners", self.get_most, 0),
            ("emit", self.emit, 1),
            ("addListener", self.on, 2),
            ("on", self.on, 2),
            ("prependListener", self.prepend, 2),
            ("once", self.once, 2),
            ("prependOnceListener", self.prepend_once, 2),
            ("removeListener", self.off, 2),
            ("off", self.off, 2),
            ("removeAllListeners", self.remove_all, 1),
            ("listeners", self.listeners, 1),
            ("rawListeners", self.raw_listeners, 1),
            ("listenerCount", self.count, 2),
            ("eventNames", self.names, 0),
        ]
        add_functions(realm, self.prototype, rows)
        for key, value in (("_events", undefined), ("_eventsCount", 0.0), ("_maxListeners", undefined)):
            stored(self.prototype)[key] = plain(value)
        constructor = self.constructor
        constructor.define_own_property("defaultMaxListeners", plain(_DEFAULT_MOST))
        constructor.define_own_property("errorMonitor", plain(self.error_monitor))

    def initialize(self, this: Value, *_rest: Value) -> Value:
        """The constructor, on an object that may be of any class."""
        target = this
        if not isinstance(target, JSObject):
            return undefined
        inherited = target.get_prototype_of()
        if get(target, "_events") is undefined or (
            inherited is not null and get(target, "_events") is get(inherited, "_events")
        ):
            set_property(target, "_events", object_create(null), True)
            set_property(target, "_eventsCount", 0.0, True)
        set_property(target, "_maxListeners", get(target, "_maxListeners"), True)
        target.define_own_property(self.shape, plain(False))
        target.define_own_property(self.capture, plain(False))
        return undefined

    # The properties

    def _events(self, this: JSObject) -> JSObject:
        events = get(this, "_events")
        if not isinstance(events, JSObject):
            events = object_create(null)
            set_property(this, "_events", events, True)
            set_property(this, "_eventsCount", 0.0, True)
        return events

    def _add_count(self, this: JSObject, more: int) -> float:
        count = to_number(get(this, "_eventsCount")) + more
        set_property(this, "_eventsCount", count, True)
        return count

    def _raw(self, this: JSObject, name: Value) -> list[Value]:
        events = get(this, "_events")
        if not isinstance(events, JSObject):
            return []
        found = get(events, to_property_key(name))
        if isinstance(found, JSArray):
            return list(found.elements_ or ())
        return [] if found is undefined or found is null else [found]

    def _store(self, this: JSObject, key: PropertyKey, listeners: list[Value]) -> None:
        value: Value = listeners[0] if len(listeners) == 1 else self.realm.make_array(listeners)
        set_property(self._events(this), key, value, True)

    # Adding and removing

    def _checked(self, listener: Value) -> JSObject:
        if not is_callable(listener):
            raise wrong_type(self.realm, 'The "listener" argument', "of type function", listener)
        return listener

    def _add(self, this: Value, name: Value, listener: Value, *, first: bool) -> Value:
        function = self._checked(listener)
        key = to_property_key(name)
        own = _target(this)
        events = self._events(own)
        if get(events, "newListener") is not undefined:
            original = get(function, "listener")
            self.emit(this, "newListener", name, function if original is undefined else original)
        present = self._raw(own, key)
        if not present:
            self._add_count(own, 1)
        listeners = [function, *present] if first else [*present, function]
        self._store(own, key, listeners)
        self._warn(own, key, len(listeners))
        return this

    def _warn(self, this: JSObject, key: PropertyKey, count: int) -> None:
        most = self.get_most(this)
        if not (0 < to_number(most) < count):
            return
        warned = f"{id(this)} {key}"
        host = hosting_of(self.realm)
        if warned in host.warned:
            return
        host.warned.add(warned)
        shown = key if isinstance(key, str) else f"Symbol({key.description})"
        text = (
            f"Possible EventEmitter memory leak detected. {count} {shown} listeners added to "
            f"{inspect(self.realm, this, depth=-1.0)}. Use emitter.setMaxListeners() to increase limit"
        )
        host.loop.ticks.append(lambda: host.warn_guest(text, "MaxListenersExceededWarning", "", undefined))

    def on(self, this: Value, name: Value = undefined, listener: Value = undefined, *_rest: Value) -> Value:
        """`on`, `addListener`."""
        return self._add(this, name, listener, first=False)

    def prepend(
        self, this: Value, name: Value = undefined, listener: Value = undefined, *_rest: Value
    ) -> Value:
        """`prependListener`."""
        return self._add(this, name, listener, first=True)

    def _wrapped(self, this: Value, name: Value, listener: Value) -> Value:
        function = self._checked(listener)
        fired = [False]

        def bound(_this: Value, *arguments: Value) -> Value:
            if fired[0]:
                return undefined
            fired[0] = True
            self.off(this, name, wrapper)
            return function.call_n(this, *arguments)

        wrapper = native(self.realm, bound, 0, "bound onceWrapper")
        wrapper.define_own_property("listener", plain(function))
        return wrapper

    def once(self, this: Value, name: Value = undefined, listener: Value = undefined, *_rest: Value) -> Value:
        """`once`."""
        return self._add(this, name, self._wrapped(this, name, listener), first=False)

    def prepend_once(
        self, this: Value, name: Value = undefined, listener: Value = undefined, *_rest: Value
    ) -> Value:
        """`prependOnceListener`."""
        return self._add(this, name, self._wrapped(this, name, listener), first=True)

    def off(self, this: Value, name: Value = undefined, listener: Value = undefined, *_rest: Value) -> Value:
        """`off`, `removeListener`."""
        self._checked(listener)
        target = _target(this)
        key = to_property_key(name)
        present = self._raw(target, key)
        for place in range(len(present) - 1, -1, -1):
            if present[place] is listener or self._original(present[place]) is listener:
                break
        else:
            return this
        del present[place]
        self._left(target, key, present)
        if get(self._events(target), "removeListener") is not undefined:
            self.emit(this, "removeListener", name, listener)
        return this

    def _left(self, target: JSObject, key: PropertyKey, listeners: list[Value]) -> None:
        if listeners:
            self._store(target, key, listeners)
        elif self._add_count(target, -1) == 0:
            set_property(target, "_events", object_create(null), True)
        else:
            self._events(target).delete_property(key)

    def remove_all(self, this: Value, *names: Value) -> Value:
        """`removeAllListeners`."""
        target = _target(this)
        events = self._events(target)
        if not names or names[0] is undefined:
            if get(events, "removeListener") is not undefined:
                for key in list(events.own_property_keys()):
                    if key != "removeListener":
                        self.remove_all(this, key)
                self.remove_all(this, "removeListener")
            set_property(target, "_events", object_create(null), True)
            set_property(target, "_eventsCount", 0.0, True)
            return this
        key = to_property_key(names[0])
        if get(events, "removeListener") is undefined:
            if self._raw(target, key):
                self._left(target, key, [])
            return this
        for listener in reversed(self._raw(target, key)):
            self.off(this, names[0], listener)
        return this

    # Asking

    def _original(self, listener: Value) -> Value:
        found = get(listener, "listener") if isinstance(listener, JSObject) else undefined
        return listener if found is undefined else found

    def listeners(self, this: Value, name: Value = undefined, *_rest: Value) -> Value:
        """`listeners`."""
        return self.realm.make_array([self._original(one) for one in self._raw(_target(this), name)])

    def raw_listeners(self, this: Value, name: Value = undefined, *_rest: Value) -> Value:
        """`rawListeners`."""
        return self.realm.make_array(self._raw(_target(this), name))

    def count(
        self, this: Value, name: Value = undefined, listener: Value = undefined, *_rest: Value
    ) -> float:
        """`listenerCount`."""
        found = self._raw(_target(this), name)
        if listener is not undefined and listener is not null:
            found = [one for one in found if one is listener or self._original(one) is listener]
        return float(len(found))

    def names(self, this: Value, *_rest: Value) -> Value:
        """`eventNames`."""
        events = get(_target(this), "_events")
        return self.realm.make_array(list(events.own_property_keys()) if isinstance(events, JSObject) else [])

    def set_most(self, this: Value, most: Value = undefined, *_rest: Value) -> Value:
        """`setMaxListeners`."""
        if most.__class__ is not float or not to_number(most) >= 0:
            raise coded_error(
                self.realm,
                "RangeError",
                "ERR_OUT_OF_RANGE",
                f'The value of "setMaxListeners" is out of range. It must be a non-negative number. Received {inspect(self.realm, most)}',
            )
        set_property(_target(this), "_maxListeners", most, True)
        return this

    def get_most(self, this: Value, *_rest: Value) -> Value:
        """`getMaxListeners`."""
        most = get(_target(this), "_maxListeners")
        return get(self.constructor, "defaultMaxListeners") if most is undefined else most

    # Emitting

    def emit(self, this: Value, name: Value = undefined, *arguments: Value) -> bool:
        """`emit`."""
        own = _target(this)
        if name == "error":
            monitors = self._raw(own, self.error_monitor)
            if monitors:
                self.emit(this, self.error_monitor, *arguments)
            if not self._raw(own, "error"):
                self._throw(arguments)
        found = self._raw(own, name)
        for listener in self.realm.each(found):
            call(listener, this, *arguments)
        return bool(found)

    def _throw(self, arguments: tuple[Value, ...]) -> None:
        error = arguments[0] if arguments else undefined
        if isinstance(error, JSError):
            raise ThrowCompletion(error)
        try:
            shown = inspect(self.realm, error)
        except Exception:
            shown = to_string(error)
        raised = coded_error(self.realm, "Error", "ERR_UNHANDLED_ERROR", f"Unhandled error. ({shown})")
        value = raised.value
        assert isinstance(value, JSObject)
        value.define_own_property("context", Property(error, True, True, True))
        raise raised


def event_emitter_prototype(realm: Realm) -> JSObject:
    """`EventEmitter.prototype`."""
    return part_of(realm, Emitters).prototype
