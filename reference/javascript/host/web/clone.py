"""`structuredClone` (HTML 2.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from lockstep.reference.javascript.host.definition import class_name, coded_error
from lockstep.reference.javascript.host.hosting import global_of
from lockstep.reference.javascript.host.inspect.values import inspect
from lockstep.reference.javascript.host.web.exceptions import JSDOMException, thrown_dom
from lockstep.reference.javascript.runtime.completions import ThrowCompletion, type_error
from lockstep.reference.javascript.runtime.intrinsics import ERROR_PROTOTYPES, TYPED_ARRAYS
from lockstep.reference.javascript.runtime.intrinsics.fundamental.function import to_string as source_text
from lockstep.reference.javascript.runtime.intrinsics.keyed.map import JSMap
from lockstep.reference.javascript.runtime.intrinsics.keyed.set import JSSet
from lockstep.reference.javascript.runtime.intrinsics.numbers.date import JSDate
from lockstep.reference.javascript.runtime.objects.array import JSArray
from lockstep.reference.javascript.runtime.objects.array_buffer import JSArrayBuffer
from lockstep.reference.javascript.runtime.objects.error import JSError
from lockstep.reference.javascript.runtime.objects.function import native
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, slow_object, stored
from lockstep.reference.javascript.runtime.objects.primitive_object import JSPrimitiveObject, JSSymbolObject
from lockstep.reference.javascript.runtime.objects.property import hidden
from lockstep.reference.javascript.runtime.objects.regexp import JSRegExp
from lockstep.reference.javascript.runtime.objects.typed_array import JSDataView, JSTypedArray
from lockstep.reference.javascript.runtime.operations.conversion import to_object, to_string
from lockstep.reference.javascript.runtime.operations.iteration import iterator_to_list
from lockstep.reference.javascript.runtime.operations.objects import (
    construct,
    create_data_property,
    enumerable_own_keys,
    get,
    set_property,
)
from lockstep.reference.javascript.runtime.values import ABSENT, Symbol, Value, null, undefined

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

Made = TypeVar("Made", bound=JSObject)

_REFUSED = frozenset(
    {"WeakMap", "WeakSet", "WeakRef", "Promise", "Generator", "AsyncGenerator", "FinalizationRegistry"}
)


class _Cloning:
    """One call: what was cloned already, by its original."""

    def __init__(self, realm: Realm) -> None:
        self.realm = realm
        self.memory: dict[JSObject, JSObject] = {}

    def fail(self, value: Value) -> ThrowCompletion:
        if value.__class__ is Symbol:
            shown = inspect(self.realm, value)
        elif isinstance(value, JSObject) and value.is_callable_:
            shown = source_text(self.realm, value)
        else:
            shown = (
                f"#<{class_name(value) or 'Object'}>"
                if isinstance(value, JSObject)
                else inspect(self.realm, value)
            )
        return thrown_dom(self.realm, "DataCloneError", f"{shown} could not be cloned.")

    def clone(self, value: Value) -> Value:
        """StructuredSerializeInternal and StructuredDeserialize in one."""
        if not isinstance(value, JSObject):
            if value.__class__ is Symbol:
                raise self.fail(value)
            return value
        found = self.memory.get(value)
        if found is not None:
            return found
        self.realm.agent.budget.step()
        made = self._made(value)
        if made is None:
            return self._properties(value)
        return made

    def _remember(self, value: JSObject, made: Made) -> Made:
        self.memory[value] = made
        return made

    def _made(self, value: JSObject) -> JSObject | None:
        """The clone of an object of a kind of its own; None for arrays and plain objects."""
        realm = self.realm
        if value.is_callable_ or value.class_name_ in _REFUSED or isinstance(value, JSSymbolObject):
            raise self.fail(value)
        if isinstance(value, JSPrimitiveObject):
            return self._remember(value, to_object(realm, value.data_))
        if isinstance(value, JSDate):
            date = construct(realm.date, [0.0])
            assert isinstance(date, JSDate)
            date.value_ = value.value_
            return self._remember(value, date)
        if isinstance(value, JSRegExp):
            return self._remember(value, construct(realm.regexp, [value.source_, value.flags_]))
        if isinstance(value, JSArrayBuffer):
            return self._buffer(value)
        if isinstance(value, (JSTypedArray, JSDataView)):
            return self._view(value)
        if isinstance(value, JSMap):
            copied = self._remember(value, construct(realm.map, []))
            assert isinstance(copied, JSMap)
            for key, held in list(value.data_.pairs()):
                copied.data_.set(self.clone(key), self.clone(held))
            return copied
        if isinstance(value, JSSet):
            made = self._remember(value, construct(realm.set, []))
            assert isinstance(made, JSSet)
            for key, _ in list(value.data_.pairs()):
                cloned = self.clone(key)
                made.data_.set(cloned, cloned)
            return made
        if isinstance(value, JSDOMException):
            return self._remember(
                value, construct(global_of(realm, "DOMException"), [value.message_, value.name_])
            )
        if isinstance(value, JSError):
            return self._error(value)
        if isinstance(value, JSArray) or not value.is_exotic_:
            return None
        if value.class_name_ == "Arguments":
            return None
        raise self.fail(value)

    def _properties(self, value: JSObject) -> JSObject:
        realm = self.realm
        made = realm.make_array([]) if isinstance(value, JSArray) else realm.make_object()
        self._remember(value, made)
        if isinstance(value, JSArray):
            set_property(made, "length", get(value, "length"), True)
        for key in realm.each(enumerable_own_keys(realm, value)):
            create_data_property(made, key, self.clone(get(value, key)))
        return made

    def _buffer(self, value: JSArrayBuffer) -> JSObject:
        if value.shared_ is not None:
            return value
        if value.data_ is None:
            raise thrown_dom(
                self.realm, "DataCloneError", "An ArrayBuffer is detached and could not be cloned."
            )
        self.realm.agent.budget.bulk(len(value.data_))
        made = construct(self.realm.array_buffer, [float(len(value.data_))])
        assert isinstance(made, JSArrayBuffer)
        made.data_[:] = value.data_
        return self._remember(value, made)

    def _view(self, value: JSTypedArray | JSDataView) -> JSObject:
        buffer = self.clone(value.buffer_)
        if isinstance(value, JSTypedArray):
            name = f"{value.kind_.name}Array"
            attribute = next(attribute for one, attribute in TYPED_ARRAYS if one == name)
            return self._remember(
                value,
                construct(
                    getattr(self.realm, attribute), [buffer, float(value.offset_), float(value.length_())]
                ),
            )
        arguments = [buffer, get(value, "byteOffset"), get(value, "byteLength")]
        return self._remember(value, construct(self.realm.data_view, arguments))

    def _error(self, value: JSObject) -> JSObject:
        realm = self.realm
        name = get(value, "name")
        known = (
            str(name)
            if name.__class__ is str and name in ERROR_PROTOTYPES and name != "AggregateError"
            else "Error"
        )
        made = slow_object(JSError, getattr(realm, ERROR_PROTOTYPES[known]))
        made.stack_ = None
        self._remember(value, made)
        stack = get(value, "stack")
        if stack.__class__ is str:
            stored(made)["stack"] = hidden(stack)
        message = value.get_own_property("message")
        if message is not None and message.get is ABSENT:
            stored(made)["message"] = hidden(to_string(message.value))
        if value.get_own_property("cause") is not None:
            stored(made)["cause"] = hidden(self.clone(get(value, "cause")))
        return made


def make_structured_clone(realm: Realm) -> JSObject:
    """`structuredClone`."""

    def structured_clone(
        _this: Value, value: Value = ABSENT, options: Value = undefined, *_rest: Value
    ) -> Value:
        if value is ABSENT:
            raise coded_error(realm, "TypeError", "ERR_MISSING_ARGS", "The value argument must be specified")
        cloning = _Cloning(realm)
        transferred = _transferred(realm, options)
        for buffer in transferred:
            made = construct(realm.array_buffer, [0.0])
            assert isinstance(made, JSArrayBuffer)
            made.data_, made.max_length_ = buffer.data_, buffer.max_length_
            cloning.memory[buffer] = made
        result = cloning.clone(value)
        for buffer in transferred:
            buffer.detach_()
        return result

    return native(realm, structured_clone, 1, "structuredClone")


def _transferred(realm: Realm, options: Value) -> list[JSArrayBuffer]:
    if options is undefined or options is null:
        return []
    if not isinstance(options, JSObject):
        raise type_error("The options argument must be an object")
    given = get(options, "transfer")
    if given is undefined:
        return []
    found: list[JSArrayBuffer] = []
    for buffer in iterator_to_list(realm, given):
        if not isinstance(buffer, JSArrayBuffer) or buffer.shared_ is not None:
            raise coded_error(
                realm, "TypeError", "ERR_INVALID_TRANSFER_OBJECT", "Found invalid object in transferList"
            )
        if buffer in found:
            raise thrown_dom(realm, "DataCloneError", "Transfer list contains duplicate ArrayBuffer")
        if buffer.data_ is None:
            raise thrown_dom(realm, "DataCloneError", "An ArrayBuffer is detached and could not be cloned.")
        found.append(buffer)
    return found
